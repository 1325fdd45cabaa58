//! Another frame around the same pixels: crops and pads.

use super::border::Border;
use crate::error::{Error, Result};
use crate::raster::{Raster, Shape};

/// The largest side that options may ask for.
pub(crate) const LONGEST: u64 = 16_384;

/// A part of a picture: the columns from the first number to the third, the rows from the
/// second to the fourth, without those two themselves.
///
/// # Errors
/// [`Error::InvalidParameter`] named `crop_coords` for numbers that are not whole, or for
/// a part that is empty or not inside.
#[inline(never)]
pub(crate) fn crop(picture: Raster, part: [f64; 4]) -> Result<Raster> {
    let Shape {
        width,
        height,
        channels,
    } = picture.shape();
    let [left, top, right, bottom] = part;
    let good = |start: f64, end: f64, length: usize| {
        start.fract() == 0.0
            && end.fract() == 0.0
            && 0.0 <= start
            && start < end
            && end <= length as f64
    };
    if !good(left, right, width) || !good(top, bottom, height) {
        return Err(Error::invalid(
            "crop_coords",
            format!("{left}, {top}, {right}, {bottom}"),
            format!("left, top, right, bottom within {width} x {height} pixels"),
        ));
    }
    let [left, top, right, bottom] = part.map(|end| end as usize);
    if [left, top, right, bottom] == [0, 0, width, height] {
        return Ok(picture);
    }
    let mut data = Vec::with_capacity((right - left) * (bottom - top) * channels);
    for y in top..bottom {
        data.extend_from_slice(&picture.row(y)[left * channels..right * channels]);
    }
    let shape = Shape {
        width: right - left,
        height: bottom - top,
        channels,
    };
    Raster::new(shape, data)
}

/// A picture with more pixels at its top, bottom, left and right. `fill` is as for
/// [`colour`].
///
/// # Errors
/// [`Error::InvalidParameter`] named `pad_params` for sizes that are not whole or too
/// large, and those of [`Raster::black`].
#[inline(never)]
pub(crate) fn pad(
    picture: Raster,
    sides: [f64; 4],
    border: Border,
    fill: &[f64],
) -> Result<Raster> {
    if sides == [0.0; 4] {
        return Ok(picture);
    }
    if !sides
        .iter()
        .all(|side| side.fract() == 0.0 && (0.0..=LONGEST as f64).contains(side))
    {
        return Err(Error::invalid(
            "pad_params",
            sides.map(|side| side.to_string()).join(", "),
            format!("top, bottom, left, right as whole numbers from 0 to {LONGEST}"),
        ));
    }
    let [top, bottom, left, right] = sides.map(|side| side as usize);
    let Shape {
        width,
        height,
        channels,
    } = picture.shape();
    let mut result = Raster::black(Shape {
        width: left + width + right,
        height: top + height + bottom,
        channels,
    })?;
    let colour = &colour(fill)[..channels];
    let place = |at: usize, before: usize, length: usize| {
        border.index(at as isize - before as isize, length)
    };
    let beside = |at| place(at, left, width);
    let [before, after]: [Vec<Option<usize>>; 2] = [
        (0..left).map(beside).collect(),
        (left + width..left + width + right).map(beside).collect(),
    ];
    let stride = result.shape().stride();
    for (y, row) in result.data_mut().chunks_exact_mut(stride).enumerate() {
        let Some(from) = place(y, top, height) else {
            for pixel in row.chunks_exact_mut(channels) {
                pixel.copy_from_slice(colour);
            }
            continue;
        };
        let from = picture.row(from);
        let (start, rest) = row.split_at_mut(left * channels);
        let (middle, end) = rest.split_at_mut(width * channels);
        middle.copy_from_slice(from);
        for (part, columns) in [(start, &before), (end, &after)] {
            for (pixel, column) in part.chunks_exact_mut(channels).zip(columns) {
                pixel.copy_from_slice(match column {
                    Some(column) => &from[column * channels..][..channels],
                    None => colour,
                });
            }
        }
    }
    Ok(result)
}

/// A colour as OpenCV reads it: one number is for all channels; of a list, the channels
/// that it does not name are 0. Halves are rounded to even levels.
fn colour(fill: &[f64]) -> [u8; 4] {
    std::array::from_fn(|channel| {
        let level = match fill {
            [one] => *one,
            list => list.get(channel).copied().unwrap_or_default(),
        };
        level.round_ties_even() as u8
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pads_continue_the_picture_as_told() {
        let row = |border| {
            let picture = Raster::grey(3, 1, vec![1, 2, 3]);
            let padded = pad(picture, [0.0, 0.0, 2.0, 2.0], border, &[9.0]);
            padded.expect("a picture").into_data()
        };
        assert_eq!(row(Border::Constant), [9, 9, 1, 2, 3, 9, 9]);
        assert_eq!(row(Border::Replicate), [1, 1, 1, 2, 3, 3, 3]);
        assert_eq!(row(Border::Reflect), [2, 1, 1, 2, 3, 3, 2]);
        assert_eq!(row(Border::Wrap), [2, 3, 1, 2, 3, 1, 2]);
        assert_eq!(row(Border::Reflect101), [3, 2, 1, 2, 3, 2, 1]);
    }

    #[test]
    fn parts_lie_inside() {
        let picture = Raster::grey(2, 2, vec![1, 2, 3, 4]);
        let part = crop(picture.clone(), [1.0, 0.0, 2.0, 2.0]);
        assert_eq!(part.expect("a part").data(), [2, 4]);
        for wrong in [
            [0.0, 0.0, 3.0, 1.0],
            [-1.0, 0.0, 1.0, 1.0],
            [1.0, 0.0, 1.0, 1.0],
            [0.5, 0.0, 1.0, 1.0],
            [0.0, 0.0, f64::MAX, f64::MAX],
        ] {
            assert!(crop(picture.clone(), wrong).is_err(), "{wrong:?}");
        }
    }
}
