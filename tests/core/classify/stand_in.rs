//! A simple model that stands in for a trained one: the digits of the nearest training
//! pictures.

use crate::support::root;
use digitlab::classify::Digit;
use digitlab::mnist::{PIXELS, Pool, SIDE, Split};
use digitlab::raster::to_unit;
use std::fs;

/// How many neighbours have a say.
const NEAREST: usize = 5;

/// Loads the first shards of each digit of a split, with `count` samples at least.
pub(crate) fn load(pool: &mut Pool, split: Split, count: u32) {
    for digit in 0..10 {
        for rank in 0..count.min(pool.count(&[split], digit)) {
            let location = pool.locate(&[split], digit, rank).expect("a sample");
            if let Some(file) = pool.missing(location).map(str::to_owned) {
                let stored = fs::read(root().join("www/mnist").join(&file)).expect("a shard");
                pool.load(&file, &stored).expect("a good shard");
            }
        }
    }
}

/// A sample's levels, row by row.
pub(crate) fn sample(pool: &Pool, split: Split, digit: u8, rank: u32) -> Vec<u8> {
    let location = pool.locate(&[split], digit, rank).expect("a sample");
    let columns = pool.sample(location).expect("it is loaded").columns;
    (0..PIXELS)
        .map(|at| columns[at % SIDE][at / SIDE])
        .collect()
}

/// The training pictures, each softened, with its digit.
pub(crate) struct StandIn {
    samples: Vec<(Vec<f32>, usize)>,
}

impl StandIn {
    /// Knows `each` training pictures of every digit.
    pub(crate) fn new(pool: &mut Pool, each: u32) -> Self {
        load(pool, Split::Train, each);
        let samples = (0..10_u8).flat_map(|digit| (0..each).map(move |rank| (digit, rank)));
        let samples = samples.map(|(digit, rank)| {
            let levels = sample(pool, Split::Train, digit, rank);
            let numbers: Vec<f32> = levels.into_iter().map(to_unit).collect();
            (soft(&numbers), usize::from(digit))
        });
        Self {
            samples: samples.collect(),
        }
    }

    /// The probability of each digit.
    pub(crate) fn classify(&self, digit: &Digit) -> [f32; 10] {
        let seen = soft(digit);
        let mut nearest: Vec<(f32, usize)> = Vec::new();
        for (sample, digit) in &self.samples {
            let mut sums = [0.0_f32; 8];
            for (a, b) in sample.chunks_exact(8).zip(seen.chunks_exact(8)) {
                for ((sum, a), b) in sums.iter_mut().zip(a).zip(b) {
                    *sum += (a - b) * (a - b);
                }
            }
            let distance = sums.iter().sum::<f32>();
            if nearest.len() < NEAREST || distance < nearest[nearest.len() - 1].0 {
                let at = nearest.partition_point(|other| other.0 < distance);
                nearest.insert(at, (distance, *digit));
                nearest.truncate(NEAREST);
            }
        }
        let closest = nearest[0].0.max(0.1);
        let mut votes = [0.01_f32; 10];
        for (distance, digit) in nearest {
            // Far ones have less of a say.
            votes[digit] += (2.0 * (closest - distance) / closest).exp();
        }
        let sum: f32 = votes.iter().sum();
        votes.map(|vote| vote / sum)
    }
}

/// Means over 3 x 3 pixels, at every other pixel: a shift by one changes little.
fn soft(digit: &[f32]) -> Vec<f32> {
    let at = |x: usize, y: usize| digit[y.min(SIDE - 1) * SIDE + x.min(SIDE - 1)];
    let mut soft = Vec::with_capacity(PIXELS / 4);
    for y in (0..SIDE).step_by(2) {
        for x in (0..SIDE).step_by(2) {
            let places = (0..9).map(|k| at(x + k % 3, y + k / 3));
            soft.push(places.sum::<f32>() / 9.0);
        }
    }
    soft.resize(200, 0.0);
    soft
}
