//! The pictures that a network learns from and is measured with.

use crate::error::{Error, Result};
use crate::mnist::{PIXELS, Pool, SIDE, Split};
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
        let picture = |columns: &[crate::mnist::Column]| {
            std::array::from_fn(|at| columns[at % SIDE][at / SIDE])
        };
        Ok(Self {
            pictures: samples
                .iter()
                .map(|(sample, _)| picture(sample.columns))
                .collect(),
            labels: samples.iter().map(|(_, digit)| *digit).collect(),
        })
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

/// The labels are counted with this.
const CLASSES: u8 = crate::classify::CLASSES as u8;

/// Levels as ink, 0 to 1: what a network is given.
pub fn ink(levels: &[u8; PIXELS]) -> [f32; PIXELS] {
    levels.map(to_unit)
}
