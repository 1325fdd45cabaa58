//! Kernels of four and eight pixels, in OpenCV's fixed point and in floating point.

use super::Axis;
use crate::augment::kernel::interpolation::cubic;
use crate::augment::kernel::rows::by_rows;
use crate::raster::Raster;
use std::ops::{Add, Mul};

/// One pixel of a row from `N`: the positions of their first values, and their weights.
struct Taps<T, const N: usize> {
    from: [usize; N],
    weights: [T; N],
}

/// Sources and weights of each pixel along an axis, with the first source of each.
fn taps<T, const N: usize>(
    axis: Axis,
    channels: usize,
    weights: impl Fn(f32) -> [T; N],
) -> (Vec<Taps<T, N>>, Vec<isize>) {
    (0..axis.to)
        .map(|at| {
            let (before, share) = axis.place(at);
            let first = before - (N as isize / 2 - 1);
            let from = std::array::from_fn(|k| axis.clamp(first + k as isize) * channels);
            let weights = weights(share);
            (Taps { from, weights }, first)
        })
        .unzip()
}

/// The weighted sums along a row.
fn across<T: Copy + From<u8> + Add<Output = T> + Mul<Output = T>, const N: usize>(
    row: &[u8],
    taps: &[Taps<T, N>],
    channels: usize,
    into: &mut [T],
) {
    for (taps, into) in taps.iter().zip(into.chunks_exact_mut(channels)) {
        for (channel, value) in into.iter_mut().enumerate() {
            let part = |k: usize| T::from(row[taps.from[k] + channel]) * taps.weights[k];
            *value = (1..N).fold(part(0), |sum, k| sum + part(k));
        }
    }
}

/// A kernel in OpenCV's fixed point: weights of 11 bits, rounded once.
pub(super) fn fixed<const N: usize>(
    picture: &Raster,
    result: &mut Raster,
    x: Axis,
    y: Axis,
    weights: impl Fn(f32) -> [i32; N],
) {
    let channels = picture.channels();
    let (columns, _) = taps(x, channels, &weights);
    let (rows, starts) = taps(y, 1, &weights);
    let stride = result.shape().stride();
    let data = result.data_mut();
    by_rows::<i32, N>(
        y.from,
        stride,
        &starts,
        |row, into| across(picture.row(row), &columns, channels, into),
        |at, sources| {
            let weights = &rows[at].weights;
            for (index, value) in data[at * stride..][..stride].iter_mut().enumerate() {
                // Sums of extreme values wrap around, there as here.
                let mut sum = 1_i32 << 21;
                for (source, weight) in sources.iter().zip(weights) {
                    sum = sum.wrapping_add(source[index].wrapping_mul(*weight));
                }
                *value = (sum >> 22).clamp(0, 255) as u8;
            }
        },
    );
}

/// The cubic kernel in floating point.
pub(super) fn float(picture: &Raster, result: &mut Raster, x: Axis, y: Axis) {
    let channels = picture.channels();
    let (columns, _) = taps(x, channels, cubic);
    let (rows, starts) = taps(y, 1, cubic);
    let stride = result.shape().stride();
    let data = result.data_mut();
    by_rows::<f32, 4>(
        y.from,
        stride,
        &starts,
        |row, into| across(picture.row(row), &columns, channels, into),
        |at, [first, second, third, fourth]| {
            let [a, b, c, d] = rows[at].weights;
            let into = data[at * stride..][..stride].iter_mut();
            let values = first.iter().zip(second).zip(third).zip(fourth);
            for (value, (((first, second), third), fourth)) in into.zip(values) {
                let sum = first * a + second * b + third * c + fourth * d;
                *value = sum.round_ties_even() as u8;
            }
        },
    );
}
