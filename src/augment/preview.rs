//! Small pictures of large ones, ready to be shown.

use super::kernel::resize::reduced;
use crate::error::Result;
use crate::raster::{Raster, Shape};

/// The picture as RGBA, its longest side at most `fit` pixels: each pixel is the mean of
/// the area that it covers. A `fit` of 0 keeps the size, and nothing is ever enlarged.
///
/// # Errors
/// [`Error::LimitExceeded`](crate::Error::LimitExceeded) for pictures that are too large.
pub fn preview(picture: &Raster, fit: usize) -> Result<Raster> {
    let (width, height) = (picture.width(), picture.height());
    let longest = width.max(height);
    if fit == 0 || fit >= longest {
        return coloured(picture);
    }
    let side = |side: usize| ((2 * side * fit + longest) / (2 * longest)).max(1);
    coloured(&reduced(picture, side(width), side(height))?)
}

fn coloured(picture: &Raster) -> Result<Raster> {
    let shape = Shape {
        channels: 4,
        ..picture.shape()
    };
    let mut result = Raster::black(shape)?;
    let into = result.data_mut().as_chunks_mut::<4>().0;
    match picture.channels() {
        1 => {
            for (into, &grey) in into.iter_mut().zip(picture.data()) {
                *into = [grey, grey, grey, 255];
            }
        }
        3 => {
            for (into, &[red, green, blue]) in into.iter_mut().zip(picture.data().as_chunks().0) {
                *into = [red, green, blue, 255];
            }
        }
        _ => result.data_mut().copy_from_slice(picture.data()),
    }
    Ok(result)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn raster(width: usize, height: usize, channels: usize, data: Vec<u8>) -> Raster {
        let shape = Shape {
            width,
            height,
            channels,
        };
        Raster::new(shape, data).expect("a picture")
    }

    #[test]
    fn small_pictures_keep_their_pixels() {
        let grey = raster(2, 1, 1, vec![3, 200]);
        for fit in [0, 2, 9] {
            let shown = preview(&grey, fit).expect("a preview");
            assert_eq!((shown.width(), shown.height()), (2, 1));
            assert_eq!(shown.data(), [3, 3, 3, 255, 200, 200, 200, 255]);
        }
        let colours = raster(1, 1, 3, vec![1, 2, 3]);
        assert_eq!(
            preview(&colours, 0).expect("a preview").data(),
            [1, 2, 3, 255]
        );
        let clear = raster(1, 1, 4, vec![1, 2, 3, 4]);
        assert_eq!(preview(&clear, 0).expect("a preview").data(), [1, 2, 3, 4]);
    }

    #[test]
    fn large_ones_become_means_of_areas() {
        let data = vec![0, 4, 100, 104, 8, 12, 108, 112];
        let shown = preview(&raster(4, 2, 1, data), 2).expect("a preview");
        assert_eq!((shown.width(), shown.height()), (2, 1));
        assert_eq!(shown.data(), [6, 6, 6, 255, 106, 106, 106, 255]);
    }

    #[test]
    fn proportions_stay_and_no_side_vanishes() {
        for ([width, height], fit, expected) in [
            ([400, 300], 100, (100, 75)),
            ([300, 400], 100, (75, 100)),
            ([1000, 1], 10, (10, 1)),
            ([7, 5], 3, (3, 2)),
        ] {
            let flat = raster(width, height, 3, vec![77; width * height * 3]);
            let shown = preview(&flat, fit).expect("a preview");
            assert_eq!((shown.width(), shown.height()), expected);
            let mut pixels = shown.data().chunks(4);
            assert!(pixels.all(|pixel| pixel == [77, 77, 77, 255]));
        }
    }
}
