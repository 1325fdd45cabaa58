//! Filters that are made of one for rows and the same for columns, in floating point.

use super::rows::{Padding, VECTOR, Window, each_row, write, write_from};
use crate::augment::kernel::border::Border;
use crate::augment::kernel::fused;
use crate::raster::{Raster, Shape};
use crate::simd;
use bytemuck::cast;
use wide::{f32x4, i32x4, u8x16};

/// The taps of a Gaussian of `size` values, as OpenCV makes them: without a `sigma` above
/// 0 it is made from the size, and small sizes have taps of their own.
pub(crate) fn gaussian_taps(size: usize, sigma: f64) -> Vec<f64> {
    if sigma <= 0.0 {
        let small: &[f64] = match size {
            1 => &[1.0],
            3 => &[0.25, 0.5, 0.25],
            5 => &[0.0625, 0.25, 0.375, 0.25, 0.0625],
            7 => &[
                0.03125, 0.109375, 0.21875, 0.28125, 0.21875, 0.109375, 0.03125,
            ],
            9 => &[
                0.015625, 0.05078125, 0.1171875, 0.19921875, 0.234375, 0.19921875, 0.1171875,
                0.05078125, 0.015625,
            ],
            _ => &[],
        };
        if !small.is_empty() {
            return small.to_vec();
        }
    }
    let sigma = if sigma > 0.0 {
        sigma
    } else {
        size as f64 * 0.15 + 0.35
    };
    let half = (size / 2) as f64;
    let bell = (0..size).map(|at| {
        let x = at as f64 - half;
        let x = x / sigma;
        libm::exp(-0.5 * x * x)
    });
    let bell: Vec<f64> = bell.collect();
    let sum: f64 = bell.iter().sum();
    bell.iter().map(|value| value / sum).collect()
}

/// Filters rows and then columns with the same symmetrical `taps`, an odd number of them.
pub(crate) fn separate(picture: &mut Raster, taps: &[f32], border: Border) {
    let shape = picture.shape();
    let radius = taps.len() / 2;
    let padding = Padding::new(shape, radius, border);
    let half = &taps[radius..];
    let mut padded = vec![0.0_f32; padding.length()];
    let length = shape.stride() + 2 * VECTOR;
    each_row(
        picture,
        [radius; 2],
        border,
        length,
        |row, filtered| {
            convert(row, &mut padded[padding.margin..]);
            padding.fill(&mut padded);
            along(&padded, half, shape.channels, shape.stride(), filtered);
        },
        |window, out| match *half {
            [a, b] => down(window, [b, a, b], out),
            [a, b, c] => down(window, [c, b, a, b, c], out),
            [a, b, c, d] => down(window, [d, c, b, a, b, c, d], out),
            [a, b, c, d, e] => down(window, [e, d, c, b, a, b, c, d, e], out),
            _ => down_any(window, half, out),
        },
    );
}

/// The same for a plane of numbers, in place: in the order of OpenCV's vectors, with sums
/// and products that are rounded once.
pub(crate) fn separate_plane(values: &mut [f32], shape: Shape, taps: &[f32], border: Border) {
    let radius = taps.len() / 2;
    let padding = Padding::new(shape, radius, border);
    let stride = shape.stride();
    let half = &taps[radius..];
    let mut padded = vec![0.0_f32; padding.length()];
    let mut rows = vec![0.0_f32; values.len()];
    for (row, out) in values
        .chunks_exact(stride)
        .zip(rows.chunks_exact_mut(stride))
    {
        padded[padding.margin..][..stride].copy_from_slice(row);
        padding.fill(&mut padded);
        let from = |tap: usize| padded[tap * shape.channels..].iter();
        match *half {
            // Small ones from the middle on, all others from left to right.
            [middle, next, ..] if radius <= 2 => {
                let beside = from(radius - 1).zip(from(radius + 1));
                for ((value, centre), (left, right)) in out.iter_mut().zip(from(radius)).zip(beside)
                {
                    *value = fused(*centre, middle, (left + right) * next);
                }
                for weight in &half[2..] {
                    for ((value, left), right) in out.iter_mut().zip(from(0)).zip(from(4)) {
                        *value = fused(left + right, *weight, *value);
                    }
                }
            }
            _ => {
                for (value, first) in out.iter_mut().zip(from(0)) {
                    *value = first * taps[0];
                }
                for (tap, weight) in taps.iter().enumerate().skip(1) {
                    for (value, next) in out.iter_mut().zip(from(tap)) {
                        *value = fused(*next, *weight, *value);
                    }
                }
            }
        }
    }
    for (y, out) in values.chunks_exact_mut(stride).enumerate() {
        let row = |at: isize| {
            let y = border.index(y as isize + at, shape.height);
            &rows[y.unwrap_or_default() * stride..][..stride]
        };
        for (value, centre) in out.iter_mut().zip(row(0)) {
            *value = centre * half[0];
        }
        for (tap, weight) in half.iter().enumerate().skip(1) {
            let [above, below] = [row(-(tap as isize)), row(tap as isize)];
            for ((value, above), below) in out.iter_mut().zip(above).zip(below) {
                *value = fused(above + below, *weight, *value);
            }
        }
    }
}

/// Filters columns with a known number of taps.
#[inline(always)]
fn down<const N: usize>(window: &Window<f32>, taps: [f32; N], out: &mut [u8]) {
    let sources: [&[f32]; N] = std::array::from_fn(|at| window.row(at));
    write_from(out, [sources], |[rows]| nearest(weigh(rows, taps)));
}

/// Filters columns. `half` are the taps from the middle on.
fn down_any(window: &Window<f32>, half: &[f32], out: &mut [u8]) {
    let radius = half.len() - 1;
    let rows: Vec<&[f32]> = (0..window.len()).map(|at| window.row(at)).collect();
    write(out, |at| {
        let mut sums = scale(load(rows[radius], at), half[0]);
        for (tap, weight) in half.iter().enumerate().skip(1) {
            let [above, below] = [rows[radius - tap], rows[radius + tap]];
            accumulate(&mut sums, load(above, at), load(below, at), *weight);
        }
        nearest(sums)
    });
}

/// The weighted sum of what symmetrical taps meet.
#[inline(always)]
fn weigh<const N: usize>(rows: [&[f32; VECTOR]; N], taps: [f32; N]) -> [f32x4; 4] {
    let four = |row: &[f32; VECTOR], four: usize| f32x4::new(row.as_chunks().0[four]);
    let mut sums = [f32x4::ZERO; 4];
    for (at, sum) in sums.iter_mut().enumerate() {
        *sum = four(rows[N / 2], at) * f32x4::splat(taps[N / 2]);
        for tap in 0..N / 2 {
            let both = four(rows[tap], at) + four(rows[N - 1 - tap], at);
            *sum += both * f32x4::splat(taps[tap]);
        }
    }
    sums
}

/// Filters a padded row. `half` are the taps from the middle on.
#[inline(always)]
fn along(padded: &[f32], half: &[f32], channels: usize, stride: usize, filtered: &mut [f32]) {
    match *half {
        [a, b] => along_known(padded, [b, a, b], channels, stride, filtered),
        [a, b, c] => along_known(padded, [c, b, a, b, c], channels, stride, filtered),
        [a, b, c, d] => along_known(padded, [d, c, b, a, b, c, d], channels, stride, filtered),
        [a, b, c, d, e] => {
            along_known(
                padded,
                [e, d, c, b, a, b, c, d, e],
                channels,
                stride,
                filtered,
            );
        }
        _ => along_any(padded, half, channels, stride, filtered),
    }
}

fn along_known<const N: usize>(
    padded: &[f32],
    taps: [f32; N],
    channels: usize,
    stride: usize,
    filtered: &mut [f32],
) {
    let count = stride.div_ceil(VECTOR);
    let sources: [&[[f32; VECTOR]]; N] =
        std::array::from_fn(|tap| &padded[tap * channels..].as_chunks().0[..count]);
    let places = &mut filtered.as_chunks_mut::<VECTOR>().0[..count];
    for (at, place) in places.iter_mut().enumerate() {
        let sums = weigh(sources.map(|source| &source[at]), taps);
        for (place, sum) in place.as_chunks_mut::<4>().0.iter_mut().zip(sums) {
            *place = sum.to_array();
        }
    }
}

fn along_any(padded: &[f32], half: &[f32], channels: usize, stride: usize, filtered: &mut [f32]) {
    let middle = (half.len() - 1) * channels;
    let blocks = filtered.as_chunks_mut::<VECTOR>().0;
    for (at, block) in blocks.iter_mut().enumerate().take(stride.div_ceil(VECTOR)) {
        let centre = middle + at * VECTOR;
        let mut sums = scale(load(padded, centre), half[0]);
        for (tap, weight) in half.iter().enumerate().skip(1) {
            let left = load(padded, centre - tap * channels);
            let right = load(padded, centre + tap * channels);
            accumulate(&mut sums, left, right, *weight);
        }
        for (place, sum) in block.as_chunks_mut::<4>().0.iter_mut().zip(sums) {
            *place = sum.to_array();
        }
    }
}

/// Levels as numbers.
#[inline(always)]
pub(super) fn convert(levels: &[u8], numbers: &mut [f32]) {
    for (number, level) in numbers.iter_mut().zip(levels) {
        *number = f32::from(*level);
    }
}

/// Sixteen numbers from a position on.
#[inline(always)]
pub(super) fn load(row: &[f32], at: usize) -> [f32x4; 4] {
    match row[at..].first_chunk::<VECTOR>() {
        Some(numbers) => {
            let fours = numbers.as_chunks::<4>().0;
            [0, 1, 2, 3].map(|four| f32x4::new(fours[four]))
        }
        None => [f32x4::ZERO; 4],
    }
}

#[inline(always)]
fn scale(values: [f32x4; 4], weight: f32) -> [f32x4; 4] {
    values.map(|value| value * f32x4::splat(weight))
}

#[inline(always)]
fn accumulate(sums: &mut [f32x4; 4], left: [f32x4; 4], right: [f32x4; 4], weight: f32) {
    let weight = f32x4::splat(weight);
    for ((sum, left), right) in sums.iter_mut().zip(left).zip(right) {
        *sum += (left + right) * weight;
    }
}

/// The nearest levels, an even one when two are as near.
#[inline(always)]
pub(super) fn nearest(sums: [f32x4; 4]) -> u8x16 {
    // Adding this leaves the rounded number in the lowest bits.
    let magic = f32x4::splat(12_582_912.0);
    let lowest = i32x4::splat(0xff);
    simd::narrow(clip(sums).map(|sum| cast::<_, i32x4>(sum + magic) & lowest))
}

/// Numbers from 0 to 255.
#[inline(always)]
pub(super) fn clip(sums: [f32x4; 4]) -> [f32x4; 4] {
    let [low, high] = [f32x4::ZERO, f32x4::splat(255.0)];
    sums.map(|sum| sum.fast_max(low).fast_min(high))
}
