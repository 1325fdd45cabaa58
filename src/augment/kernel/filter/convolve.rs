//! Filters of any weights in two dimensions.
//!
//! OpenCV adds up in `f32` and in raster order, rounding once per tap. Where the exact
//! sum is half way between two levels, which is common with round weights, that rounding
//! decides. So sums are made in whatever order is fast, and only those near the middle
//! of two levels are made again as OpenCV makes them.

use super::rows::{Padding, VECTOR, Window, copy, each_row, load, widen, write};
use super::separable::{self, clip, convert, nearest};
use crate::augment::kernel::border::Border;
use crate::raster::Raster;
use bytemuck::cast;
use wide::{f32x4, i16x8, i32x4, u8x16};

/// From how many taps on OpenCV multiplies spectra, whose rounding nobody can foresee.
const SPECTRAL: usize = 130;

/// How many levels fit the sum of 16 bits.
const SUMMED: usize = 128;

/// A weight that is not 0, and where.
#[derive(Clone, Copy, Debug)]
struct Tap {
    row: usize,
    /// How many values after the leftmost of the kernel.
    offset: usize,
    weight: f32,
}

fn taps(kernel: &[f32], size: usize, channels: usize) -> Vec<Tap> {
    let taps = kernel
        .iter()
        .enumerate()
        .filter(|(_, weight)| **weight != 0.0);
    taps.map(|(at, weight)| Tap {
        row: at / size,
        offset: at % size * channels,
        weight: *weight,
    })
    .collect()
}

/// Replaces each value by the weighted sum of those around it, with the mirror image
/// outside (the edge once). `kernel` is a square of `size`, which is odd, row by row; it
/// is not mirrored.
pub(crate) fn convolve(picture: &mut Raster, size: usize, kernel: &[f32]) {
    let taps = taps(kernel, size, picture.channels());
    match taps.as_slice() {
        [] => picture.data_mut().fill(0),
        [first, rest @ ..]
            if rest.len() < SUMMED && rest.iter().all(|tap| tap.weight == first.weight) =>
        {
            mean(picture, size, &taps, first.weight);
        }
        _ => weighted(picture, size, &taps),
    }
}

/// All weights are the same: levels are added up as integers.
fn mean(picture: &mut Raster, size: usize, taps: &[Tap], weight: f32) {
    let weight = f32x4::splat(weight);
    levels(picture, size, taps, |window, at| {
        let mut sums = [i16x8::ZERO; 2];
        for tap in taps {
            let [low, high] = widen(load(window.row(tap.row), at + tap.offset));
            sums[0] += low;
            sums[1] += high;
        }
        numbers(sums).map(|sum| sum * weight)
    });
}

/// A filter of 3 x 3 whose weighted sum is that of a few plain sums: `sums` makes them
/// from the levels around a value, and `weights` weighs them.
#[inline(always)]
pub(crate) fn convolve_3x3<const N: usize>(
    picture: &mut Raster,
    kernel: &[f32; 9],
    weights: [f32; N],
    sums: impl Fn([[i16x8; 3]; 3]) -> [i16x8; N],
) {
    let channels = picture.channels();
    let taps = taps(kernel, 3, channels);
    let weights = weights.map(f32x4::splat);
    levels(picture, 3, &taps, |window, at| {
        let around = [0, 1, 2].map(|row| {
            let row = window.row(row);
            [0, 1, 2].map(|tap| widen(load(row, at + tap * channels)))
        });
        let mut total = [f32x4::ZERO; 4];
        let halves = [0, 1].map(|half| sums(around.map(|row| row.map(|levels| levels[half]))));
        for (at, weight) in weights.into_iter().enumerate() {
            let sums = numbers(halves.map(|half| half[at]));
            for (total, sum) in total.iter_mut().zip(sums) {
                *total += sum * weight;
            }
        }
        total
    });
}

/// Sixteen integers as numbers.
#[inline(always)]
fn numbers(halves: [i16x8; 2]) -> [f32x4; 4] {
    // Into the upper half of 32 bits, and down again with their sign.
    let wide = |half: i16x8| {
        let bytes: i16x8 = half;
        let [a, b, c, d, e, f, g, h]: [u16; 8] = cast(bytes);
        let low: i32x4 = cast([0, a, 0, b, 0, c, 0, d]);
        let high: i32x4 = cast([0, e, 0, f, 0, g, 0, h]);
        [f32x4::from_i32x4(low >> 16), f32x4::from_i32x4(high >> 16)]
    };
    let [[a, b], [c, d]] = halves.map(wide);
    [a, b, c, d]
}

/// Replaces levels by the nearest to what `sums` makes; it reads padded rows of levels.
#[inline(always)]
fn levels(
    picture: &mut Raster,
    size: usize,
    taps: &[Tap],
    sums: impl Fn(&Window<u8>, usize) -> [f32x4; 4],
) {
    let padding = Padding::new(picture.shape(), size / 2, Border::Reflect101);
    let decisive = size * size < SPECTRAL;
    each_row(
        picture,
        [size / 2; 2],
        Border::Reflect101,
        padding.length(),
        |row, padded| {
            copy(row, &mut padded[padding.margin..]);
            padding.fill(padded);
        },
        |window, out| {
            write(out, |at| {
                let sums = clip(sums(window, at));
                if decisive && is_close(sums) {
                    let rounded = |tap: &Tap| load(window.row(tap.row), at + tap.offset);
                    return in_order(taps, |tap| rounded(tap).to_array().map(f32::from));
                }
                nearest(sums)
            });
        },
    );
}

/// Any weights.
fn weighted(picture: &mut Raster, size: usize, taps: &[Tap]) {
    let padding = Padding::new(picture.shape(), size / 2, Border::Reflect101);
    let decisive = size * size < SPECTRAL;
    each_row(
        picture,
        [size / 2; 2],
        Border::Reflect101,
        padding.length(),
        |row, padded: &mut [f32]| {
            convert(row, &mut padded[padding.margin..]);
            padding.fill(padded);
        },
        |window, out| {
            write(out, |at| {
                let mut sums = [f32x4::ZERO; 4];
                for tap in taps {
                    let weight = f32x4::splat(tap.weight);
                    let values = separable::load(window.row(tap.row), at + tap.offset);
                    for (sum, value) in sums.iter_mut().zip(values) {
                        *sum += value * weight;
                    }
                }
                let sums = clip(sums);
                if decisive && is_close(sums) {
                    let row = |tap: &Tap| &window.row(tap.row)[at + tap.offset..];
                    return in_order(taps, |tap| {
                        row(tap).first_chunk().copied().unwrap_or([0.0; VECTOR])
                    });
                }
                nearest(sums)
            });
        },
    );
}

/// Whether one of the sums is so near to the middle of two levels that rounding on the
/// way may decide.
#[inline(always)]
fn is_close(sums: [f32x4; 4]) -> bool {
    let magic = f32x4::splat(12_582_912.0);
    let middle = f32x4::splat(0.5 - 1.0 / 2048.0);
    let [a, b, c, d] = sums.map(|sum| (sum - (sum + magic - magic)).abs().simd_gt(middle));
    (a | b | c | d).any()
}

/// Adds up in the order of the taps, rounding to `f32` after each. The product of a level
/// and a weight, and its sum with an `f32`, are exact in `f64`.
#[cold]
#[inline(never)]
fn in_order(taps: &[Tap], values: impl Fn(&Tap) -> [f32; VECTOR]) -> u8x16 {
    let mut sums = [0.0_f32; VECTOR];
    for tap in taps {
        let weight = f64::from(tap.weight);
        for (sum, value) in sums.iter_mut().zip(values(tap)) {
            *sum = (f64::from(*sum) + f64::from(value) * weight) as f32;
        }
    }
    let fours = sums.as_chunks::<4>().0;
    nearest([0, 1, 2, 3].map(|four| f32x4::new(fours[four])))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kernels_are_not_mirrored() {
        let mut picture = Raster::grey(3, 1, vec![1, 20, 100]);
        convolve(
            &mut picture,
            3,
            &[0.0, 0.0, 0.0, 0.0, 0.0, 2.0, 0.0, 0.0, 0.0],
        );
        assert_eq!(picture.data(), [40, 200, 40]);
    }

    #[test]
    fn halves_become_even() {
        let half = [0.0, 0.0, 0.0, 0.0, 0.5, 0.0, 0.0, 0.0, 0.0];
        let mut picture = Raster::grey(4, 1, vec![1, 3, 5, 255]);
        convolve(&mut picture, 3, &half);
        assert_eq!(picture.data(), [0, 2, 2, 128]);
    }
}
