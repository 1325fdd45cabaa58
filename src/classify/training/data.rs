//! The pictures that a network learns from and is measured with.

use crate::error::{Error, Result};
use crate::mnist::{Column, PIXELS, Pool, SIDE, Split};
use crate::random::Stream;
use crate::raster::to_unit;

/// Pictures with the digits that they show.
#[derive(Clone, Debug, Default)]
pub struct Digits {
    pictures: Vec<[u8; PIXELS]>,
    labels: Vec<u8>,
}

impl Digits {
    /// All samples of a split, in the order of its original file.
    ///
    /// # Errors
    /// [`Error::ShardsNotLoaded`] when one of its shards is not loaded.
    pub fn from_pool(pool: &Pool, split: Split) -> Result<Self> {
        let mut samples = Vec::new();
        let mut missing: Vec<String> = Vec::new();
        for digit in 0..CLASSES {
            let ranks = 0..pool.count(&[split], digit);
            for location in ranks.filter_map(|rank| pool.locate(&[split], digit, rank)) {
                match pool.sample(location) {
                    Some(sample) => samples.push((sample, digit)),
                    None => missing.extend(pool.missing(location).map(String::from)),
                }
            }
        }
        missing.dedup();
        if !missing.is_empty() {
            return Err(Error::ShardsNotLoaded { files: missing });
        }
        samples.sort_by_key(|(sample, _)| sample.index);
        Ok(Self {
            pictures: samples
                .iter()
                .map(|(sample, _)| picture(sample.columns))
                .collect(),
            labels: samples.iter().map(|(_, digit)| *digit).collect(),
        })
    }

    /// So many samples of each digit that has any, drawn from neighbouring ones, so that few
    /// shards are needed: from `span` that lie together somewhere in the split.
    ///
    /// # Errors
    /// [`Error::ShardsNotLoaded`] when a shard that is needed is not loaded, and
    /// [`Error::NoSamples`] when the split is empty.
    pub fn drawn(
        pool: &Pool,
        split: Split,
        [each, span]: [u32; 2],
        stream: &mut Stream,
    ) -> Result<Self> {
        let mut drawn = Self::default();
        let mut missing: Vec<String> = Vec::new();
        for digit in 0..CLASSES {
            let count = pool.count(&[split], digit);
            if count == 0 {
                continue;
            }
            let start = stream.below(count.div_ceil(span)) * span;
            // The last ones may be few: then those before them fill up.
            let start = start.min(count.saturating_sub(each));
            let mut ranks: Vec<u32> = (start..count.min(start + span)).collect();
            stream.shuffle(&mut ranks);
            for rank in ranks.into_iter().take(each as usize) {
                let Some(location) = pool.locate(&[split], digit, rank) else {
                    continue;
                };
                match pool.sample(location) {
                    Some(sample) => drawn.push(picture(sample.columns), digit),
                    None => missing.extend(pool.missing(location).map(String::from)),
                }
            }
        }
        missing.sort_unstable();
        missing.dedup();
        match (missing.is_empty(), drawn.is_empty()) {
            (false, _) => Err(Error::ShardsNotLoaded { files: missing }),
            (true, true) => Err(Error::NoSamples {
                digit: 0,
                split: split.to_string(),
                dataset: pool.manifest().name.clone(),
            }),
            (true, false) => Ok(drawn),
        }
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.labels.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.labels.is_empty()
    }

    /// The levels of a picture, row by row.
    pub fn picture(&self, at: usize) -> &[u8; PIXELS] {
        &self.pictures[at]
    }

    /// The digit that a picture shows.
    pub fn label(&self, at: usize) -> u8 {
        self.labels[at]
    }

    /// All pictures, in their order.
    pub fn pictures(&self) -> &[[u8; PIXELS]] {
        &self.pictures
    }

    /// The digits that they show.
    pub fn labels(&self) -> &[u8] {
        &self.labels
    }

    /// Adds a picture.
    pub fn push(&mut self, picture: [u8; PIXELS], label: u8) {
        self.pictures.push(picture);
        self.labels.push(label);
    }

    /// All but the last `count`, and those. The last ones of MNIST were for the most part
    /// written by other hands than the first, so that they tell what a network makes of
    /// hands that it does not know.
    #[must_use]
    pub fn split_last(mut self, count: usize) -> [Self; 2] {
        let at = self.len().saturating_sub(count);
        let last = Self {
            pictures: self.pictures.split_off(at),
            labels: self.labels.split_off(at),
        };
        [self, last]
    }

    /// The first `count`, or all if there are fewer.
    #[must_use]
    pub fn first(mut self, count: usize) -> Self {
        self.pictures.truncate(count);
        self.labels.truncate(count);
        self
    }
}

/// A sample row by row.
fn picture(columns: &[Column]) -> [u8; PIXELS] {
    std::array::from_fn(|at| columns[at % SIDE][at / SIDE])
}

/// The labels are counted with this.
const CLASSES: u8 = crate::classify::CLASSES as u8;

/// Levels as ink, 0 to 1: what a network is given.
pub fn ink(levels: &[u8; PIXELS]) -> [f32; PIXELS] {
    levels.map(to_unit)
}
