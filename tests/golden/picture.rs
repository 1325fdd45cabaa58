//! The picture that the pinned cases of transforms begin with.

use digitlab::raster::{Raster, Shape};

/// A picture of waves, edges and noise, by whole numbers alone.
pub(crate) fn picture(width: usize, height: usize, channels: usize) -> Raster {
    let shape = Shape {
        width,
        height,
        channels,
    };
    let level = |x: usize, y: usize, channel: usize| match (x / 5 + y / 4) % 3 {
        0 => (x * 9 + y * 5 + channel * 40) % 256,
        1 => {
            let mixed = (x * 7919 + y * 104_729 + channel * 31) as u64;
            (mixed.wrapping_mul(2_654_435_761) >> 7) as usize % 256
        }
        _ => 255 * (x % 2),
    };
    let data = (0..shape.len())
        .map(|at| level(at / channels % width, at / channels / width, at % channels) as u8)
        .collect();
    Raster::new(shape, data).expect("a picture")
}
