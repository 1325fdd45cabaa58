//! Means of the area that a pixel covers.

use super::Axis;
use crate::raster::{Raster, Shape};

/// The mean of what each pixel covers.
pub(super) fn covered(picture: &Raster, result: &mut Raster, x: Axis, y: Axis) {
    match x.whole().zip(y.whole()) {
        Some((across, down)) => mean(picture, result, [across, down]),
        None => parts(picture, result, x, y),
    }
}

/// The mean of whole rectangles; at the right and lower end perhaps of parts of some.
pub(super) fn mean(picture: &Raster, result: &mut Raster, [across, down]: [usize; 2]) {
    let Shape {
        width,
        height,
        channels,
    } = picture.shape();
    let stride = result.shape().stride();
    let factor = 1.0 / (across * down) as f32;
    let mut sums = vec![0_u32; stride];
    for (at, into) in result.data_mut().chunks_exact_mut(stride).enumerate() {
        let rows = (at * down).min(height)..((at + 1) * down).min(height);
        let part = rows.len() < down;
        sums.fill(0);
        for row in rows.clone() {
            let pixels = picture.row(row).chunks(across * channels);
            for (sums, pixels) in sums.chunks_exact_mut(channels).zip(pixels) {
                for pixel in pixels.chunks_exact(channels) {
                    for (sum, value) in sums.iter_mut().zip(pixel) {
                        *sum += u32::from(*value);
                    }
                }
            }
        }
        for (x, (sums, into)) in sums
            .chunks_exact(channels)
            .zip(into.chunks_exact_mut(channels))
            .enumerate()
        {
            let columns = across.min(width.saturating_sub(x * across));
            for (sum, value) in sums.iter().zip(into) {
                *value = if columns == 0 || rows.is_empty() {
                    0
                } else if part || columns < across {
                    (*sum as f32 / (columns * rows.len()) as f32).round_ties_even() as u8
                } else if (across, down) == (2, 2) {
                    ((sum + 2) >> 2) as u8
                } else {
                    (*sum as f32 * factor).round_ties_even() as u8
                };
            }
        }
    }
}

/// How much of a source goes into a pixel.
struct Share {
    to: usize,
    from: usize,
    weight: f32,
}

/// Which sources each pixel covers, and by how much.
fn shares(axis: Axis) -> Vec<Share> {
    let mut shares = Vec::new();
    for to in 0..axis.to {
        let start = to as f64 * axis.step;
        let end = start + axis.step;
        let cell = axis.step.min(axis.from as f64 - start);
        let last = (end.floor() as usize).min(axis.from - 1);
        let first = (start.ceil() as usize).min(last);
        let mut add = |from, weight: f64| {
            shares.push(Share {
                to,
                from,
                weight: weight as f32,
            });
        };
        if first as f64 - start > 1e-3 && first > 0 {
            add(first - 1, (first as f64 - start) / cell);
        }
        for from in first..last {
            add(from, 1.0 / cell);
        }
        if end - last as f64 > 1e-3 {
            add(last, (end - last as f64).min(1.0).min(cell) / cell);
        }
    }
    shares
}

/// The mean of what each pixel covers, of which the outermost may be parts.
fn parts(picture: &Raster, result: &mut Raster, x: Axis, y: Axis) {
    let channels = picture.channels();
    let stride = result.shape().stride();
    let columns = shares(x);
    let mut row = vec![0.0_f32; stride];
    let mut sums = vec![0.0_f32; stride];
    let mut held = None;
    let data = result.data_mut();
    for rows in shares(y).chunk_by(|a, b| a.to == b.to) {
        for (index, share) in rows.iter().enumerate() {
            if held != Some(share.from) {
                held = Some(share.from);
                row.fill(0.0);
                let values = picture.row(share.from);
                for column in &columns {
                    let into = &mut row[column.to * channels..][..channels];
                    let from = &values[column.from * channels..][..channels];
                    for (sum, value) in into.iter_mut().zip(from) {
                        *sum += f32::from(*value) * column.weight;
                    }
                }
            }
            for (sum, value) in sums.iter_mut().zip(&row) {
                let part = value * share.weight;
                *sum = if index == 0 { part } else { *sum + part };
            }
        }
        let into = &mut data[rows[0].to * stride..][..stride];
        for (value, sum) in into.iter_mut().zip(&sums) {
            *value = sum.round_ties_even() as u8;
        }
    }
}
