//! What the tests of several formats need.

use super::{Item, Notes};
use crate::dataset::plan::{Part, PartFile, Plan, Shard};
use crate::dataset::recipe::Recipe;
use crate::error::Result;
use crate::mnist::{SIDE, Split};
use crate::raster::Raster;
use crate::sequence::PlacedDigit;
use serde_json::Value;
use std::ops::Range;

/// A plan on the site's bucket.
pub(super) fn plan(recipe: &Value) -> Plan {
    let recipe = Recipe::from_json(recipe, 7).expect("a recipe");
    let manifest = include_str!("../../../www/mnist/manifest.json");
    Plan::new(recipe, manifest, Shard::WHOLE).expect("a plan")
}

/// Items with the numbers and subsets of the plan and made-up pictures, as wide as they can be.
pub(super) fn items(plan: &Plan, indices: Range<u64>) -> Vec<Item> {
    let recipe = plan.recipe();
    let width = recipe.widest();
    let item = |index: u64| {
        let levels = (0..SIDE * width).map(|at| (at as u64 * 7 + index * 31) as u8);
        let label = recipe.request(index).label();
        let digits = label.bytes().enumerate().map(|(at, digit)| PlacedDigit {
            digit: digit - b'0',
            split: Split::Train,
            index: index as u32,
            x: at as f64 * 20.5,
            width: 18.25,
        });
        Item {
            index,
            subset: recipe.subsets().of(recipe.seed(), index),
            image: Raster::grey(width, SIDE, levels.collect()),
            digits: digits.collect(),
            label,
        }
    };
    indices.map(item).collect()
}

/// Sees that a PNG file shows the picture of an item.
pub(super) fn shows(png: &[u8], item: &Item) {
    let picture = image::load_from_memory_with_format(png, image::ImageFormat::Png);
    let picture = picture.expect("a PNG file");
    assert_eq!(picture.color(), image::ColorType::L8);
    assert_eq!(picture.width() as usize, item.image.width());
    assert_eq!(picture.as_bytes(), item.image.data());
}

/// Notes in memory, a block's after the other.
#[derive(Clone, Debug, Default)]
pub(super) struct Kept(pub(super) Vec<Vec<u8>>);

impl Notes for Kept {
    fn each(&mut self, each: &mut dyn FnMut(&[u8]) -> Result<()>) -> Result<()> {
        self.0.iter().try_for_each(|notes| each(notes))
    }
}

/// A file on its way: what it is, its head and bodies, and what is noted for its end.
#[derive(Debug)]
pub(super) struct Begun {
    pub(super) file: PartFile,
    pub(super) bytes: Vec<u8>,
    pub(super) notes: Kept,
}

impl Begun {
    /// The bytes that its end adds.
    pub(super) fn end(&mut self, plan: &Plan, part: &Part) -> Result<Vec<u8>> {
        let (file, length) = (&self.file, self.bytes.len() as u64);
        let mut end = Vec::new();
        plan.format()
            .end(plan, part, file, length, &mut self.notes, &mut |bytes| {
                end.extend_from_slice(bytes);
                Ok(())
            })?;
        Ok(end)
    }
}

/// The files of a part from made-up items, without their ends.
pub(super) fn begun(plan: &Plan, part: &Part) -> Vec<Begun> {
    let files = plan.files(part).into_iter();
    let mut files: Vec<Begun> = files
        .map(|file| Begun {
            bytes: plan.format().head(plan, part, &file).expect("a head"),
            file,
            notes: Kept::default(),
        })
        .collect();
    for indices in plan.blocks(part) {
        let count = indices.end - indices.start;
        let items = items(plan, indices);
        let block = plan.format().block(plan, part, &items).expect("a block");
        assert_eq!(u64::from(block.items), count);
        assert_eq!(block.pieces.len(), files.len(), "a piece for each file");
        for (file, piece) in files.iter_mut().zip(block.pieces) {
            file.bytes.extend(piece.body);
            file.notes.0.push(piece.notes);
        }
    }
    files
}

/// The whole files of a part from made-up items, by name.
pub(super) fn files(plan: &Plan, part: &Part) -> Vec<(String, Vec<u8>)> {
    let files = begun(plan, part).into_iter();
    files
        .map(|mut begun| {
            let end = begun.end(plan, part).expect("an end");
            begun.bytes.extend(end);
            (begun.file.name, begun.bytes)
        })
        .collect()
}

/// Sees that an end refuses notes that are cut off anywhere, and that none that differ in a byte end the program.
pub(super) fn damage_is_told(plan: &Plan, part: &Part) {
    for mut begun in begun(plan, part) {
        let whole = begun.notes.clone();
        let first = whole
            .0
            .iter()
            .position(|notes| !notes.is_empty())
            .expect("notes");
        for length in 0..whole.0[first].len() {
            begun.notes.0[first].truncate(length);
            let error = begun.end(plan, part).expect_err("what was cut off");
            assert_eq!(error.code(), "storage", "{length}: {error}");
            begun.notes = whole.clone();
        }
        for at in 0..whole.0[first].len() {
            for flip in [1, 0x80, 0xff] {
                begun.notes.0[first][at] ^= flip;
                if let Err(error) = begun.end(plan, part) {
                    assert_eq!(error.code(), "storage", "{at}: {error}");
                }
                begun.notes.0[first][at] ^= flip;
            }
        }
    }
}
