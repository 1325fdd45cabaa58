//! Resamples the columns of an image, as Pillow's `resize` does with `BICUBIC`.
//!
//! Pillow's own arithmetic is followed (its `Resample.c`, 8 bits per channel), so
//! that results are equal to the bit: the cubic of Keys with a = -0.5, widened when
//! shrinking, its weights in fixed point with 22 bits, sums rounded once.

use crate::mnist::SIDE;
use std::collections::BTreeMap;

/// Pillow leaves two bits of a 32-bit sum for overshoot.
const FRACTION_BITS: u32 = 32 - 8 - 2;

/// Half the width of the kernel, in source columns when not shrinking.
const SUPPORT: f64 = 2.0;

/// As many pairs of widths as are remembered; natural widths vary over about a
/// hundred values when numbers of one length are generated.
const REMEMBERED: usize = 512;

/// Resamples columns and remembers the weights of width pairs it has met.
#[derive(Clone, Debug, Default)]
pub struct Resampler {
    tables: BTreeMap<(usize, usize), Vec<Taps>>,
}

/// What one output column is made of.
#[derive(Clone, Debug)]
struct Taps {
    first: usize,
    weights: Vec<i32>,
}

impl Resampler {
    /// Resamples an image of 28 rows, given column by column, to `width` columns,
    /// which are appended to `output`.
    pub fn resample(
        &mut self,
        columns: &[[i32; SIDE]],
        width: usize,
        output: &mut Vec<[u8; SIDE]>,
    ) {
        if columns.len() == width {
            output.extend(columns.iter().map(|column| column.map(|level| level as u8)));
            return;
        }
        let pair = (columns.len(), width);
        if self.tables.len() >= REMEMBERED && !self.tables.contains_key(&pair) {
            self.tables.clear();
        }
        let table = self
            .tables
            .entry(pair)
            .or_insert_with(|| taps(columns.len(), width));
        output.extend(
            table
                .iter()
                .map(|taps| weigh(&columns[taps.first..], &taps.weights)),
        );
    }
}

/// Resamples an image of 28 rows, given column by column, to `width` columns.
///
/// # Panics
/// When there is no column.
pub fn resample_columns(columns: &[[u8; SIDE]], width: usize) -> Vec<[u8; SIDE]> {
    let wide: Vec<_> = columns.iter().map(|column| column.map(i32::from)).collect();
    let mut output = Vec::with_capacity(width);
    Resampler::default().resample(&wide, width, &mut output);
    output
}

fn weigh(columns: &[[i32; SIDE]], weights: &[i32]) -> [u8; SIDE] {
    let mut sums = [1 << (FRACTION_BITS - 1); SIDE];
    for (column, &weight) in columns.iter().zip(weights) {
        for (sum, &level) in sums.iter_mut().zip(column) {
            *sum += level * weight;
        }
    }
    sums.map(|sum| (sum >> FRACTION_BITS).clamp(0, 255) as u8)
}

/// The weights of each output column.
fn taps(from: usize, to: usize) -> Vec<Taps> {
    assert!(from > 0, "an image has columns");
    let scale = from as f64 / to as f64;
    let stretch = scale.max(1.0);
    let reach = SUPPORT * stretch;
    (0..to)
        .map(|x| {
            let centre = (x as f64 + 0.5) * scale;
            // Both casts cut towards zero, as in the original.
            let first = (centre - reach + 0.5).max(0.0) as usize;
            let end = ((centre + reach + 0.5) as usize).min(from);
            let weights: Vec<f64> = (first..end)
                .map(|column| cubic((column as f64 - centre + 0.5) / stretch))
                .collect();
            let total: f64 = weights.iter().sum();
            let one = f64::from(1 << FRACTION_BITS);
            let weights = weights
                .into_iter()
                .map(|weight| (weight / total * one).round() as i32)
                .collect();
            Taps { first, weights }
        })
        .collect()
}

/// Keys, "Cubic convolution interpolation for digital image processing", 1981,
/// with a = -0.5.
fn cubic(x: f64) -> f64 {
    const A: f64 = -0.5;
    let x = x.abs();
    if x < 1.0 {
        ((A + 2.0) * x - (A + 3.0)) * x * x + 1.0
    } else if x < 2.0 {
        (((x - 5.0) * x + 8.0) * x - 4.0) * A
    } else {
        0.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_constant_image_stays_constant() {
        for (from, to) in [(1, 1), (1, 90), (90, 1), (13, 7), (7, 13), (140, 168)] {
            for level in [0, 1, 127, 255] {
                let output = resample_columns(&vec![[level; SIDE]; from], to);
                assert_eq!(output, vec![[level; SIDE]; to], "{from} to {to}");
            }
        }
    }

    #[test]
    fn the_same_width_returns_the_same_columns() {
        let columns: Vec<[u8; SIDE]> = (0..9).map(|x| [x * 20; SIDE]).collect();
        assert_eq!(resample_columns(&columns, 9), columns);
    }

    #[test]
    fn a_mirrored_image_gives_a_mirrored_result() {
        let columns: Vec<[u8; SIDE]> = (0..37_u32)
            .map(|x| std::array::from_fn(|y| (x * 97 + y as u32 * 31) as u8))
            .collect();
        let mirrored: Vec<_> = columns.iter().rev().copied().collect();
        for width in [5, 36, 80] {
            let mut there = resample_columns(&columns, width);
            there.reverse();
            assert_eq!(resample_columns(&mirrored, width), there, "{width}");
        }
    }

    #[test]
    fn forgetting_tables_changes_nothing() {
        let columns = vec![[9_i32; SIDE]; 11];
        let mut resampler = Resampler::default();
        for width in 1..=2 * REMEMBERED {
            let mut output = Vec::new();
            resampler.resample(&columns, width, &mut output);
            assert_eq!(output.len(), width);
            assert!(resampler.tables.len() <= REMEMBERED);
        }
    }
}
