//! Resamples the columns of an image, as Pillow's `resize` does with `BICUBIC`.
//!
//! Pillow's own arithmetic is followed (its `Resample.c`, 8 bits per channel), so
//! that results are equal to the bit: the cubic of Keys with a = -0.5, widened when
//! shrinking, its weights in fixed point with 22 bits, sums rounded once.

use super::column::{Pair, Transposer, interleave, narrow};
use crate::mnist::{BLANK, Column, SIDE};
use std::collections::BTreeMap;
use wide::{i16x8, i32x4};

/// Pillow leaves two bits of a 32-bit sum for overshoot.
const FRACTION_BITS: u32 = 32 - 8 - 2;

/// Half the width of the kernel, in source columns when not shrinking.
const SUPPORT: f64 = 2.0;

/// The most weights that are remembered, 8 MB of them, unless a single pair of widths
/// takes more. Numbers of six digits need a tenth: their natural widths vary over about
/// a hundred values.
const REMEMBERED: usize = 1 << 18;

/// Resamples columns and remembers the weights of width pairs it has met.
#[derive(Clone, Debug, Default)]
pub struct Resampler {
    tables: BTreeMap<(usize, usize), Table>,
    /// The weights in all tables.
    remembered: usize,
    /// Each source column with its right neighbour.
    pairs: Vec<Pair>,
    /// For each source column, the first one with ink from there on.
    next_ink: Vec<usize>,
}

/// What the output columns are made of: each of `taps` pairs of source columns.
#[derive(Clone, Debug)]
struct Table {
    taps: usize,
    /// The first source column of each output column.
    firsts: Vec<usize>,
    /// `taps` weights of each output column.
    weights: Vec<Weights>,
}

/// The weights of a pair of columns in two parts: weight = upper * 256 + lower. So they
/// fit the 16 bits that can be multiplied fast, and stay exact.
#[derive(Clone, Copy, Debug)]
struct Weights {
    upper: [i16; 2],
    lower: [i16; 2],
}

impl Resampler {
    /// Resamples an image of 28 rows, given column by column, to `width` columns,
    /// which are appended to `output`.
    pub(super) fn resample(&mut self, columns: &[Column], width: usize, output: &mut Vec<Column>) {
        if columns.len() == width {
            output.extend_from_slice(columns);
            return;
        }
        let widths = (columns.len(), width);
        if !self.tables.contains_key(&widths) {
            let table = Table::new(columns.len(), width);
            if self.remembered + table.weights.len() > REMEMBERED {
                self.tables.clear();
                self.remembered = 0;
            }
            self.remembered += table.weights.len();
            self.tables.insert(widths, table);
        }
        self.prepare(columns);
        let table = &self.tables[&widths];
        let weights = table.weights.chunks_exact(table.taps);
        let each = table.firsts.iter().zip(weights).map(|(&first, weights)| {
            let blank = self.next_ink[first] >= first + 2 * table.taps;
            (!blank).then_some((&self.pairs[first..], weights))
        });
        // Enlarging, by far the most frequent case, takes two pairs; knowing that at
        // compile time lets the sums stay in registers.
        if table.taps == 2 {
            output.extend(each.map(|inked| {
                inked.map_or(BLANK, |(pairs, weights)| {
                    let pairs = pairs.first_chunk::<3>().expect("pairs lie inside");
                    weigh(pairs, weights.first_chunk::<2>().expect("two pairs"))
                })
            }));
        } else {
            output.extend(
                each.map(|inked| inked.map_or(BLANK, |(pairs, weights)| weigh(pairs, weights))),
            );
        }
    }

    /// Pairs up the columns, and looks where there is ink.
    fn prepare(&mut self, columns: &[Column]) {
        self.pairs.resize(columns.len(), [i16x8::ZERO; 8]);
        self.next_ink.resize(columns.len(), 0);
        let mut right = &BLANK;
        let mut next_ink = usize::MAX;
        let places = self.pairs.iter_mut().zip(&mut self.next_ink);
        for ((at, left), (pair, ink)) in columns.iter().enumerate().zip(places).rev() {
            if *left != BLANK {
                next_ink = at;
            }
            *ink = next_ink;
            interleave(left, right, pair);
            right = left;
        }
    }
}

/// Resamples an image of 28 rows, given column by column, to `width` columns, given
/// row by row.
///
/// # Panics
/// When there is no column.
pub fn resample_columns(columns: &[Column], width: usize) -> Vec<u8> {
    let mut output = Vec::with_capacity(width);
    Resampler::default().resample(columns, width, &mut output);
    rows(&output)
}

fn rows(columns: &[Column]) -> Vec<u8> {
    let mut rows = Vec::new();
    Transposer::default().append_rows(columns, 0, &mut rows);
    rows
}

/// One output column: the weighted sum of source columns, rounded.
#[inline(always)]
fn weigh(pairs: &[Pair], weights: &[Weights]) -> Column {
    let mut sums = [i32x4::ZERO; 8];
    let alternating =
        |pair: [i16; 2]| -> i16x8 { bytemuck::cast(i32x4::splat(bytemuck::cast(pair))) };
    // Rows outside, columns inside: then two sums at a time are enough, and stay in
    // registers. The last four rows only fill up the column.
    for (at, sum) in sums[..SIDE / 4].iter_mut().enumerate() {
        let mut upper = i32x4::ZERO;
        let mut lower = i32x4::splat(1 << (FRACTION_BITS - 1));
        for (k, weights) in weights.iter().enumerate() {
            let levels = pairs[2 * k][at];
            upper += levels.dot(alternating(weights.upper));
            lower += levels.dot(alternating(weights.lower));
        }
        *sum = ((upper << 8) + lower) >> FRACTION_BITS as i32;
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
        let longest = columns.iter().map(|(_, weights)| weights.len()).max();
        let taps = longest.unwrap_or(0).div_ceil(2);
        let mut table = Self {
            taps,
            firsts: Vec::with_capacity(to),
            weights: Vec::with_capacity(to * taps),
        };
        for (first, weights) in columns {
            // At the borders there are fewer; zeros fill up on the inner side.
            let moved = first.min((from + 1).saturating_sub(2 * taps));
            table.firsts.push(moved);
            let mut padded = vec![0; 2 * taps];
            padded[first - moved..][..weights.len()].copy_from_slice(&weights);
            let pairs = padded.as_chunks::<2>().0.iter();
            table.weights.extend(pairs.map(|&pair| Weights::new(pair)));
        }
        table
    }
}

impl Weights {
    fn new(pair: [i32; 2]) -> Self {
        // A normalised weight of this kernel is below 1.25 of 2^22 in size.
        let upper = |weight: i32| i16::try_from(weight >> 8).expect("a normalised weight");
        Self {
            upper: pair.map(upper),
            lower: pair.map(|weight| (weight & 0xff) as i16),
        }
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
    use super::*;

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
    fn what_is_remembered_is_bounded_and_right() {
        let columns: Vec<Column> = (0..300_u32).map(|x| [(x * 83) as u8; 32]).collect();
        let mut resampler = Resampler::default();
        for width in (1..3_000).step_by(7).chain([16_384, 1, 8]) {
            let mut output = Vec::new();
            resampler.resample(&columns, width, &mut output);
            assert_eq!(rows(&output), resample_columns(&columns, width));
            let held: usize = resampler.tables.values().map(|t| t.weights.len()).sum();
            assert_eq!(held, resampler.remembered);
            assert!(held <= REMEMBERED);
        }
    }
}
