//! Makes blocks of items.

use super::block::Block;
use super::formats::Item;
use super::plan::{Part, Plan};
use crate::error::{Error, Result};
use crate::mnist::{Pool, SIDE};
use crate::raster::Raster;
use crate::sequence::{Generator, Layout, Request};
use std::collections::BTreeSet;
use std::ops::Range;

/// Makes blocks, and keeps what can be used again between them.
#[derive(Debug, Default)]
pub struct Maker {
    generator: Generator,
    items: Vec<Item>,
    /// Memory of pictures that are no longer needed.
    spare: Vec<Vec<u8>>,
}

impl Maker {
    /// Makes the items of some indices of a part, one of its blocks, as they go into the part's files.
    ///
    /// # Errors
    /// [`Error::ShardsNotLoaded`] naming every shard of the bucket that the block lacks: load them and ask again. What else
    /// a single [`generate`](Generator::generate) refuses, with the item that it was refused for.
    pub fn make(
        &mut self,
        plan: &Plan,
        part: &Part,
        indices: Range<u64>,
        pool: &Pool,
    ) -> Result<Block> {
        let items = self.items(plan, indices, pool)?;
        plan.format().block(plan, part, items)
    }

    /// Makes items, without putting them into files.
    ///
    /// # Errors
    /// Those of [`make`](Self::make).
    pub fn items(&mut self, plan: &Plan, indices: Range<u64>, pool: &Pool) -> Result<&[Item]> {
        let spare = self.items.drain(..).map(|item| item.image.into_data());
        self.spare.extend(spare);
        let mut request = plan.recipe().request(indices.start);
        for index in indices.clone() {
            let subset = plan.recipe().ask(index, &mut request);
            let mut levels = self.spare.pop().unwrap_or_default();
            levels.clear();
            let made = self.generator.generate_into(&request, pool, &mut levels);
            let placement = made.map_err(|error| match error {
                Error::ShardsNotLoaded { files } => {
                    missing(plan, files, index..indices.end, &mut request, pool)
                }
                other => of_item(other, &request),
            })?;
            self.items.push(Item {
                index,
                subset,
                image: Raster::grey(placement.width, SIDE, levels),
                label: request.label(),
                digits: placement.digits,
            });
        }
        Ok(&self.items)
    }
}

/// The error that names every shard that some items lack, each once.
fn missing(
    plan: &Plan,
    files: Vec<String>,
    indices: Range<u64>,
    request: &mut Request,
    pool: &Pool,
) -> Error {
    let mut files: BTreeSet<String> = files.into_iter().collect();
    for index in indices {
        plan.recipe().ask(index, request);
        let layout = match Layout::draw(request, pool) {
            Ok(layout) => layout,
            Err(error) => return of_item(error, request),
        };
        for location in layout.samples {
            if let Some(file) = pool.missing(location)
                && !files.contains(file)
            {
                files.insert(file.to_owned());
            }
        }
    }
    Error::ShardsNotLoaded {
        files: files.into_iter().collect(),
    }
}

/// The same error, with the item that it was refused for.
fn of_item(mut error: Error, request: &Request) -> Error {
    if let Error::InvalidParameter { value, .. } | Error::LimitExceeded { value, .. } = &mut error {
        let label = crate::error::shorten(&request.label());
        *value = format!(
            "{value}, for item {} with the number {label}",
            request.index()
        );
    }
    error
}
