//! Resamples the columns of an image, as Pillow's `resize` does with `BICUBIC`.
//!
//! Pillow's own arithmetic is followed (its `Resample.c`, 8 bits per channel), so
//! that results are equal to the bit: the cubic of Keys with a = -0.5, widened when
//! shrinking, its weights in fixed point with 22 bits, sums rounded once.

use super::column::{Levels, Numbers, narrow, to_rows, widen};
use crate::mnist::Column;
use std::collections::BTreeMap;
use wide::i32x8;

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
    tables: BTreeMap<(usize, usize), Table>,
}

/// What the output columns are made of: each of as many source columns, its `taps`.
#[derive(Clone, Debug)]
struct Table {
    taps: usize,
    /// The first source column of each output column.
    firsts: Vec<usize>,
    /// `taps` weights of each output column.
    weights: Vec<i32>,
}

impl Resampler {
    /// Resamples an image of 28 rows, given column by column, to `width` columns,
    /// which are appended to `output`.
    pub(super) fn resample(&mut self, columns: &[Numbers], width: usize, output: &mut Vec<Levels>) {
        if columns.len() == width {
            output.extend(columns.iter().map(narrow));
            return;
        }
        let pair = (columns.len(), width);
        if self.tables.len() >= REMEMBERED && !self.tables.contains_key(&pair) {
            self.tables.clear();
        }
        let table = self
            .tables
            .entry(pair)
            .or_insert_with(|| Table::new(columns.len(), width));
        let each = table
            .firsts
            .iter()
            .zip(table.weights.chunks_exact(table.taps));
        // Enlarging, by far the most frequent case, takes four taps; knowing that at
        // compile time lets the sums stay in registers.
        if table.taps == 4 {
            output.extend(each.map(|(&first, weights)| {
                let columns = columns[first..]
                    .first_chunk::<4>()
                    .expect("taps lie inside");
                weigh(columns, weights.first_chunk::<4>().expect("four weights"))
            }));
        } else {
            output.extend(each.map(|(&first, weights)| weigh(&columns[first..], weights)));
        }
    }
}

/// Resamples an image of 28 rows, given column by column, to `width` columns, given
/// row by row.
///
/// # Panics
/// When there is no column.
pub fn resample_columns(columns: &[Column], width: usize) -> Vec<u8> {
    let numbers: Vec<Numbers> = columns.iter().map(widen).collect();
    let mut output = Vec::with_capacity(width);
    Resampler::default().resample(&numbers, width, &mut output);
    to_rows(&output, 0)
}

/// One output column: the weighted sum of source columns.
#[inline(always)]
fn weigh(columns: &[Numbers], weights: &[i32]) -> Levels {
    let mut sums = [i32x8::splat(1 << (FRACTION_BITS - 1)); 4];
    for (column, &weight) in columns.iter().zip(weights) {
        let weight = i32x8::splat(weight);
        for (sum, &levels) in sums.iter_mut().zip(column) {
            *sum += levels * weight;
        }
    }
    // A loop, because `map` on arrays is left as a call.
    for sum in &mut sums {
        *sum = *sum >> FRACTION_BITS as i32;
    }
    narrow(&sums)
}

impl Table {
    fn new(from: usize, to: usize) -> Self {
        assert!(from > 0, "an image has columns");
        let scale = from as f64 / to as f64;
        let stretch = scale.max(1.0);
        let reach = SUPPORT * stretch;
        let columns: Vec<(usize, Vec<i32>)> = (0..to)
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
                let fixed = |weight: f64| (weight / total * one).round() as i32;
                (first, weights.into_iter().map(fixed).collect())
            })
            .collect();
        let taps = columns
            .iter()
            .map(|(_, weights)| weights.len())
            .max()
            .unwrap_or(0);
        let mut table = Self {
            taps,
            firsts: Vec::with_capacity(to),
            weights: Vec::with_capacity(to * taps),
        };
        for (first, weights) in columns {
            // At the borders there are fewer; zeros fill up on the inner side.
            let moved = first.min(from - taps);
            table.firsts.push(moved);
            let before = first - moved;
            table.weights.extend(std::iter::repeat_n(0, before));
            table.weights.extend(&weights);
            let after = taps - before - weights.len();
            table.weights.extend(std::iter::repeat_n(0, after));
        }
        table
    }
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
    use super::super::column::BLANK;
    use super::*;
    use crate::mnist::SIDE;

    #[test]
    fn a_constant_image_stays_constant() {
        for (from, to) in [(1, 1), (1, 90), (90, 1), (13, 7), (7, 13), (140, 168)] {
            for level in [0, 1, 127, 255] {
                let output = resample_columns(&vec![[level; 32]; from], to);
                assert_eq!(output, vec![level; SIDE * to], "{from} to {to}");
            }
        }
    }

    #[test]
    fn the_same_width_returns_the_same_columns() {
        let columns: Vec<Column> = (0..9).map(|x| [x * 20; 32]).collect();
        let row: Vec<u8> = (0..9).map(|x| x * 20).collect();
        assert_eq!(resample_columns(&columns, 9), row.repeat(SIDE));
    }

    #[test]
    fn a_mirrored_image_gives_a_mirrored_result() {
        let columns: Vec<Column> = (0..37_u32)
            .map(|x| std::array::from_fn(|y| (x * 97 + y as u32 * 31) as u8))
            .collect();
        let mirrored: Vec<_> = columns.iter().rev().copied().collect();
        for width in [5, 36, 80] {
            let mut there = resample_columns(&columns, width);
            for row in there.chunks_mut(width) {
                row.reverse();
            }
            assert_eq!(resample_columns(&mirrored, width), there, "{width}");
        }
    }

    #[test]
    fn forgetting_tables_changes_nothing() {
        let columns = vec![BLANK; 11];
        let mut resampler = Resampler::default();
        for width in 1..=2 * REMEMBERED {
            let mut output = Vec::new();
            resampler.resample(&columns, width, &mut output);
            assert_eq!(output.len(), width);
            assert!(resampler.tables.len() <= REMEMBERED);
        }
    }
}
