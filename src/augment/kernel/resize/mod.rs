//! Other sizes, as OpenCV's `resize` makes them: the same coordinates, and the same
//! fixed point or floating point arithmetic.

mod area;
mod axis;
mod curved;
mod exact;
mod linear;

use super::interpolation::{cubic, lanczos};
use crate::error::Result;
use crate::raster::{Raster, Shape};

pub(crate) use axis::Axis;

/// How values between pixels are made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Interpolation {
    /// The pixel that the place lies in.
    Nearest,
    /// From 2 x 2 pixels.
    Linear,
    /// From 4 x 4 pixels: Keys' kernel with a = -0.75.
    Cubic,
    /// The mean of the area that is covered; for enlarging, a sharper kind of linear.
    Area,
    /// From 8 x 8 pixels: Lanczos' kernel.
    Lanczos4,
    /// The pixel whose centre is nearest.
    NearestExact,
    /// From 2 x 2 pixels, with less precise weights that are the same everywhere.
    LinearExact,
}

impl Interpolation {
    /// The names in options.
    pub(crate) const NAMES: &[&str] = &[
        "nearest",
        "linear",
        "cubic",
        "area",
        "lanczos4",
        "linear_exact",
        "nearest_exact",
    ];

    /// The interpolation of a name of [`NAMES`](Self::NAMES).
    pub(crate) fn named(name: &str) -> Self {
        match name {
            "nearest" => Self::Nearest,
            "cubic" => Self::Cubic,
            "area" => Self::Area,
            "lanczos4" => Self::Lanczos4,
            "linear_exact" => Self::LinearExact,
            "nearest_exact" => Self::NearestExact,
            _ => Self::Linear,
        }
    }
}

/// A picture of another size.
///
/// # Errors
/// Those of [`Raster::black`].
pub(crate) fn resize(
    picture: Raster,
    width: usize,
    height: usize,
    how: Interpolation,
) -> Result<Raster> {
    scale(picture, width, height, None, how)
}

/// A picture of another size, whose pixels are made as if it were `factor` times as
/// large as it was, even where the size was rounded.
///
/// # Errors
/// Those of [`Raster::black`].
#[inline(never)]
pub(crate) fn scale(
    picture: Raster,
    width: usize,
    height: usize,
    factor: Option<f64>,
    how: Interpolation,
) -> Result<Raster> {
    let Shape {
        width: old_width,
        height: old_height,
        channels,
    } = picture.shape();
    if (width, height) == (old_width, old_height) {
        return Ok(picture);
    }
    let mut result = Raster::black(Shape {
        width,
        height,
        channels,
    })?;
    let x = Axis::new(old_width, width, factor);
    let y = Axis::new(old_height, height, factor);
    let wholes = x.whole().zip(y.whole());
    match how {
        Interpolation::Nearest => nearest(&picture, &mut result, x, y, Axis::corner),
        Interpolation::NearestExact => nearest(&picture, &mut result, x, y, Axis::centre),
        Interpolation::LinearExact => exact::linear(&picture, &mut result, x, y),
        // What OpenCV does, too: the mean of four is the same, and faster.
        Interpolation::Linear if wholes == Some((2, 2)) => {
            area::mean(&picture, &mut result, [2, 2])
        }
        Interpolation::Linear => linear::linear(&picture, &mut result, x, y, false),
        Interpolation::Area if x.step < 1.0 || y.step < 1.0 => {
            linear::linear(&picture, &mut result, x, y, true);
        }
        Interpolation::Area => area::covered(&picture, &mut result, x, y),
        // OpenCV as it is distributed computes large pictures with Intel's primitives,
        // which use floating point, and small ones in its own fixed point.
        Interpolation::Cubic if old_width.min(old_height) < 4 => {
            curved::fixed::<4>(&picture, &mut result, x, y, |share| {
                cubic(share).map(to_fixed)
            });
        }
        Interpolation::Cubic => curved::float(&picture, &mut result, x, y),
        Interpolation::Lanczos4 => curved::fixed::<8>(&picture, &mut result, x, y, |share| {
            lanczos(share).map(to_fixed)
        }),
    }
    Ok(result)
}

/// A picture of at most the same size: each pixel is the mean of the area that it covers.
///
/// # Errors
/// Those of [`Raster::black`].
pub(crate) fn reduced(picture: &Raster, width: usize, height: usize) -> Result<Raster> {
    debug_assert!(width <= picture.width() && height <= picture.height());
    let mut result = Raster::black(Shape {
        width,
        height,
        channels: picture.channels(),
    })?;
    let x = Axis::new(picture.width(), width, None);
    let y = Axis::new(picture.height(), height, None);
    area::covered(picture, &mut result, x, y);
    Ok(result)
}

/// One pixel for each of the result: that of `place`.
fn nearest(
    picture: &Raster,
    result: &mut Raster,
    x: Axis,
    y: Axis,
    place: fn(Axis, usize) -> usize,
) {
    let columns: Vec<usize> = (0..x.to).map(|at| place(x, at)).collect();
    let stride = result.shape().stride();
    let channels = picture.channels();
    let data = result.data_mut();
    let mut last = None;
    for at in 0..y.to {
        let from = place(y, at);
        let (done, rest) = data.split_at_mut(at * stride);
        if last == Some(from) {
            rest[..stride].copy_from_slice(&done[(at - 1) * stride..]);
            continue;
        }
        last = Some(from);
        let (row, into) = (picture.row(from), &mut rest[..stride]);
        match channels {
            1 => pick::<1>(row, &columns, into),
            3 => pick::<3>(row, &columns, into),
            _ => pick::<4>(row, &columns, into),
        }
    }
}

fn pick<const C: usize>(row: &[u8], columns: &[usize], into: &mut [u8]) {
    let pixels = row.as_chunks::<C>().0;
    for (pixel, &column) in into.as_chunks_mut::<C>().0.iter_mut().zip(columns) {
        *pixel = pixels[column];
    }
}

/// Weights of 11 bits.
fn to_fixed(weight: f32) -> i32 {
    (weight * 2048.0).round_ties_even() as i32
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grey(width: usize, data: &[u8]) -> Raster {
        Raster::grey(width, data.len() / width, data.to_vec())
    }

    #[test]
    fn a_row_is_enlarged_linearly() {
        let made = resize(grey(2, &[0, 100]), 4, 1, Interpolation::Linear);
        assert_eq!(made.expect("a picture").data(), [0, 25, 75, 100]);
    }

    #[test]
    fn halving_is_the_mean() {
        for how in [Interpolation::Linear, Interpolation::Area] {
            let made = resize(grey(2, &[1, 2, 3, 4]), 1, 1, how);
            assert_eq!(made.expect("a picture").data(), [3]);
        }
    }

    #[test]
    fn every_kernel_keeps_a_flat_picture_flat() {
        for name in Interpolation::NAMES {
            for (width, height) in [(1, 1), (5, 4), (9, 13), (40, 3), (3, 40)] {
                let picture = grey(7, &[200; 35]);
                let made = resize(picture, width, height, Interpolation::named(name));
                let made = made.expect("a picture");
                assert!(made.data().iter().all(|&v| v == 200), "{name} {width}");
            }
        }
    }
}
