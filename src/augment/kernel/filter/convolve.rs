//! Filters of any weights in two dimensions.
//!
//! OpenCV adds up in `f32` and in raster order, rounding once per tap. Where the exact
//! sum is half way between two levels, which is common with round weights, that rounding
//! decides. So sums are made in whatever order is fast, and only those near the middle
//! of two levels are made again as OpenCV makes them.

use super::rows::{Padding, VECTOR, Window, copy, each_row, load, widen, write, write_from};
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
    let decisive = size * size < SPECTRAL;
    levels(picture, size, |window, out| {
        let rows: Vec<&[u8]> = taps
            .iter()
            .map(|tap| &window.row(tap.row)[tap.offset..])
            .collect();
        write(out, |at| {
            let mut sums = [i16x8::ZERO; 2];
            for row in &rows {
                let [low, high] = widen(load(row, at));
                sums[0] += low;
                sums[1] += high;
            }
            let sums = clip(numbers(sums).map(|sum| sum * weight));
            if decisive && is_close(sums) {
                return in_order(taps, |tap| {
                    let levels = load(window.row(tap.row), at + tap.offset);
                    levels.to_array().map(f32::from)
                });
            }
            nearest_split(sums)
        });
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
    levels(picture, 3, |window, out| {
        let rows = [0, 1, 2].map(|row| window.row(row));
        let sources = rows.map(|row| [0, 1, 2].map(|tap| &row[tap * channels..]));
        write_from(out, sources, |around| {
            let around = around.map(|row| row.map(|levels| widen(u8x16::new(*levels))));
            let halves = [0, 1].map(|half| sums(around.map(|row| row.map(|two| two[half]))));
            let mut total = [f32x4::ZERO; 4];
            for (at, weight) in weights.into_iter().enumerate() {
                let sums = numbers(halves.map(|half| half[at]));
                for (total, sum) in total.iter_mut().zip(sums) {
                    *total += sum * weight;
                }
            }
            let total = clip(total);
            if is_close(total) {
                return in_order(&taps, |tap| {
                    let levels: [[i16; 8]; 2] = cast(around[tap.row][tap.offset / channels]);
                    std::array::from_fn(|at| f32::from(levels[at / 8][at % 8]))
                });
            }
            nearest_split(total)
        });
    });
}

/// Sixteen integers as numbers: of each eight, the even ones and the odd ones.
#[inline(always)]
fn numbers(halves: [i16x8; 2]) -> [f32x4; 4] {
    let [[a, b], [c, d]] = halves.map(|half| {
        let pairs: i32x4 = cast(half);
        [(pairs << 16) >> 16, pairs >> 16].map(f32x4::from_i32x4)
    });
    [a, b, c, d]
}

/// The nearest levels to what is in the order of [`numbers`], from 0 to 255; an even one
/// when two are as near.
#[inline(always)]
fn nearest_split(sums: [f32x4; 4]) -> u8x16 {
    // Adding this leaves the rounded number in the lowest bits.
    let magic = f32x4::splat(12_582_912.0);
    let [a, b, c, d] = sums.map(|sum| cast::<_, i32x4>(sum + magic));
    let pairs = |even: i32x4, odd: i32x4| cast((even & i32x4::splat(0xff)) | (odd << 16));
    u8x16::narrow_i16x8(pairs(a, b), pairs(c, d))
}

/// Gives every row of a picture to `row`, with the padded rows of levels around it.
#[inline(always)]
fn levels(picture: &mut Raster, size: usize, row: impl Fn(&Window<u8>, &mut [u8])) {
    let padding = Padding::new(picture.shape(), size / 2, Border::Reflect101);
    each_row(
        picture,
        [size / 2; 2],
        Border::Reflect101,
        padding.length(),
        |row, padded| {
            copy(row, &mut padded[padding.margin..]);
            padding.fill(padded);
        },
        row,
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
    let middle = f32x4::splat(0.5 - 1.0 / 8192.0);
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
