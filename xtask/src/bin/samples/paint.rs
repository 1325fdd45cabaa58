//! What all pictures are drawn with.

use anyhow::Result;
use digitlab::raster::{Raster, Shape};

/// Red, green and blue from 0 to 1.
pub(crate) type Colour = [f64; 3];

/// A colour between two.
pub(crate) fn mix(from: Colour, to: Colour, share: f64) -> Colour {
    let share = share.clamp(0.0, 1.0);
    [0, 1, 2].map(|k| from[k] + (to[k] - from[k]) * share)
}

/// A colour made brighter or darker.
pub(crate) fn scaled(colour: Colour, by: f64) -> Colour {
    colour.map(|value| value * by)
}

/// 0 below `low`, 1 above `high`, and a smooth step between.
pub(crate) fn step(low: f64, high: f64, value: f64) -> f64 {
    let t = ((value - low) / (high - low)).clamp(0.0, 1.0);
    t * t * (3.0 - 2.0 * t)
}

/// The level of a value from 0 to 1.
pub(crate) fn level(value: f64) -> u8 {
    (value.clamp(0.0, 1.0) * 255.0).round() as u8
}

/// A picture of what a function gives for each pixel.
pub(crate) fn picture<const N: usize>(
    width: usize,
    height: usize,
    pixel: impl Fn(usize, usize) -> [u8; N],
) -> Result<Raster> {
    let mut data = Vec::with_capacity(width * height * N);
    for y in 0..height {
        for x in 0..width {
            data.extend(pixel(x, y));
        }
    }
    let shape = Shape {
        width,
        height,
        channels: N,
    };
    Ok(Raster::new(shape, data)?)
}

/// The square in the middle, averaged to a side of `side` pixels. Colours count as much as
/// they are seen.
pub(crate) fn thumbnail(from: &Raster, side: usize) -> Result<Raster> {
    let (width, height, channels) = (from.width(), from.height(), from.channels());
    let square = width.min(height);
    let (left, top) = ((width - square) / 2, (height - square) / 2);
    let mut data = Vec::with_capacity(side * side * channels);
    for y in 0..side {
        for x in 0..side {
            let columns = left + x * square / side..left + (x + 1) * square / side;
            let mut sums = [0_u64; 4];
            let (mut seen, mut pixels) = (0, 0);
            for row in top + y * square / side..top + (y + 1) * square / side {
                for column in columns.clone() {
                    let pixel = &from.row(row)[column * channels..][..channels];
                    let weight = if channels == 4 {
                        u64::from(pixel[3])
                    } else {
                        255
                    };
                    for (sum, &value) in sums.iter_mut().zip(pixel) {
                        *sum += u64::from(value) * weight;
                    }
                    seen += weight;
                    pixels += 1;
                }
            }
            let average = |sum: u64, by: u64| ((sum + by / 2) / by.max(1)) as u8;
            for &sum in &sums[..channels.min(3)] {
                data.push(average(sum, seen));
            }
            if channels == 4 {
                data.push(average(seen, pixels));
            }
        }
    }
    let shape = Shape {
        width: side,
        height: side,
        channels,
    };
    Ok(Raster::new(shape, data)?)
}
