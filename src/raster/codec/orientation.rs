//! Turning a photo upright: the eight orientations of EXIF.

use crate::error::Result;
use crate::raster::{Raster, Shape};

/// What each orientation says about the stored picture, for messages.
pub(super) fn meaning(orientation: u8) -> &'static str {
    match orientation {
        2 => "mirrored left to right",
        3 => "turned by 180°",
        4 => "mirrored top to bottom",
        5 => "mirrored along its diagonal",
        6 => "turned clockwise by 90°",
        7 => "mirrored along its other diagonal",
        8 => "turned counterclockwise by 90°",
        _ => "left as it is",
    }
}

/// The picture as it is meant to be seen, of an EXIF orientation from 1 to 8.
pub(super) fn upright(picture: Raster, orientation: u8) -> Result<Raster> {
    if !(2..=8).contains(&orientation) {
        return Ok(picture);
    }
    let shape = picture.shape();
    let Shape {
        width,
        height,
        channels,
    } = shape;
    let transposed = orientation >= 5;
    let mut turned = Raster::black(if transposed {
        Shape {
            width: height,
            height: width,
            channels,
        }
    } else {
        shape
    })?;
    // Where the first pixel comes from, and by how many pixels the source moves along
    // its own rows and columns.
    let (mut start, mut along, mut down) = (0, 1, width as isize);
    if matches!(orientation, 2 | 3 | 7 | 8) {
        start += width as isize - 1;
        along = -along;
    }
    if matches!(orientation, 3 | 4 | 6 | 7) {
        start += (width * (height - 1)) as isize;
        down = -down;
    }
    let (along, down) = if transposed {
        (down, along)
    } else {
        (along, down)
    };
    let stride = turned.shape().stride();
    for (row, y) in turned.data_mut().chunks_exact_mut(stride).zip(0..) {
        let start = start + y * down;
        match channels {
            1 => copy::<1>(row, picture.data(), start, along),
            3 => copy::<3>(row, picture.data(), start, along),
            _ => copy::<4>(row, picture.data(), start, along),
        }
    }
    Ok(turned)
}

/// Fills a row with pixels of `N` channels from every `step`-th one of `source`.
fn copy<const N: usize>(row: &mut [u8], source: &[u8], start: isize, step: isize) {
    let (source, _) = source.as_chunks::<N>();
    for (pixel, x) in row.as_chunks_mut::<N>().0.iter_mut().zip(0..) {
        *pixel = source[(start + x * step) as usize];
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_orientation_becomes_upright() {
        // Each picture shows 1 2 3 over 4 5 6 when it is upright.
        let stored: [(u8, usize, [u8; 6]); 8] = [
            (1, 3, [1, 2, 3, 4, 5, 6]),
            (2, 3, [3, 2, 1, 6, 5, 4]),
            (3, 3, [6, 5, 4, 3, 2, 1]),
            (4, 3, [4, 5, 6, 1, 2, 3]),
            (5, 2, [1, 4, 2, 5, 3, 6]),
            (6, 2, [3, 6, 2, 5, 1, 4]),
            (7, 2, [6, 3, 5, 2, 4, 1]),
            (8, 2, [4, 1, 5, 2, 6, 3]),
        ];
        for (orientation, width, data) in stored {
            for channels in [1, 3, 4] {
                let deep = |data: &[u8]| -> Vec<u8> {
                    let values = data
                        .iter()
                        .flat_map(|&v| (0..channels).map(move |c| v * 10 + c as u8));
                    values.collect()
                };
                let shape = |width, height| Shape {
                    width,
                    height,
                    channels,
                };
                let picture = Raster::new(shape(width, 6 / width), deep(&data)).unwrap();
                let expected = Raster::new(shape(3, 2), deep(&[1, 2, 3, 4, 5, 6])).unwrap();
                assert_eq!(
                    upright(picture, orientation).unwrap(),
                    expected,
                    "{orientation}"
                );
            }
        }
    }
}
