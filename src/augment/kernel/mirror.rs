//! Mirror images and rows that become columns.

use crate::error::Result;
use crate::raster::{Raster, Shape};
use wide::u8x16;

/// Mirrors left and right.
#[inline(never)]
pub(crate) fn columns(picture: &mut Raster) {
    let Shape {
        width, channels, ..
    } = picture.shape();
    for row in picture.data_mut().chunks_exact_mut(width * channels) {
        match channels {
            1 => reverse::<1>(row),
            3 => reverse::<3>(row),
            _ => reverse::<4>(row),
        }
    }
}

/// Mirrors top and bottom.
#[inline(never)]
pub(crate) fn rows(picture: &mut Raster) {
    let stride = picture.shape().stride();
    let height = picture.height();
    let data = picture.data_mut();
    for y in 0..height / 2 {
        let (upper, lower) = data.split_at_mut((height - 1 - y) * stride);
        let (upper, lower) = (&mut upper[y * stride..][..stride], &mut lower[..stride]);
        // Vectors, not `swap_with_slice`: in wasm that is several times slower.
        let ((upper, upper_rest), (lower, lower_rest)) =
            (upper.as_chunks_mut::<16>(), lower.as_chunks_mut::<16>());
        for (a, b) in upper.iter_mut().zip(lower) {
            std::mem::swap(a, b);
        }
        for (a, b) in upper_rest.iter_mut().zip(lower_rest) {
            std::mem::swap(a, b);
        }
    }
}

/// Puts the pixels of a row, or of a picture, into the opposite order.
pub(crate) fn reverse<const C: usize>(values: &mut [u8]) {
    // As many whole pixels as fit into a vector, from both ends at once.
    let bytes = 16 / C * C;
    // The first `bytes` of a vector in the opposite order, as its last ones.
    let mut to_end = [0xff_u8; 16];
    // The last `bytes` of a vector in the opposite order, as its first ones.
    let mut to_start = [0xff_u8; 16];
    for at in 0..bytes {
        let opposite = (bytes / C - 1 - at / C) * C + at % C;
        to_end[16 - bytes + at] = opposite as u8;
        to_start[at] = (16 - bytes + opposite) as u8;
    }
    let left_over =
        |order: [u8; 16]| u8x16::new(order.map(|from| if from == 0xff { 0xff } else { 0 }));
    let (keep_end, keep_start) = (left_over(to_end), left_over(to_start));
    let (to_end, to_start) = (u8x16::new(to_end), u8x16::new(to_start));
    let (mut start, mut end) = (0, values.len());
    while end - start >= 32 {
        let (left, right) = values[start..end].split_at_mut(16);
        let (Some(left), Some(right)) =
            (left.first_chunk_mut::<16>(), right.last_chunk_mut::<16>())
        else {
            break;
        };
        let (first, last) = (u8x16::new(*left), u8x16::new(*right));
        *left = (last.shuffle_zeroing(to_start) | (first & keep_start)).to_array();
        *right = (first.shuffle_zeroing(to_end) | (last & keep_end)).to_array();
        start += bytes;
        end -= bytes;
    }
    values[start..end].as_chunks_mut::<C>().0.reverse();
}

/// Rows become columns.
///
/// # Errors
/// None for a picture; its size is that of another.
#[inline(never)]
pub(crate) fn transpose(picture: &Raster) -> Result<Raster> {
    let Shape {
        width,
        height,
        channels,
    } = picture.shape();
    let mut result = Raster::black(Shape {
        width: height,
        height: width,
        channels,
    })?;
    let (from, into) = (picture.data(), result.data_mut());
    match channels {
        1 => tiles::<1>(from, into, width, height),
        3 => tiles::<3>(from, into, width, height),
        _ => tiles::<4>(from, into, width, height),
    }
    Ok(result)
}

/// Square by square, so that few lines of the cache are in use at a time.
fn tiles<const C: usize>(from: &[u8], into: &mut [u8], width: usize, height: usize) {
    const SIDE: usize = 16;
    let (from, into) = (from.as_chunks::<C>().0, into.as_chunks_mut::<C>().0);
    for top in (0..height).step_by(SIDE) {
        let rows = top..(top + SIDE).min(height);
        for left in (0..width).step_by(SIDE) {
            for x in left..(left + SIDE).min(width) {
                let column = from[rows.start * width + x..].iter().step_by(width);
                let row = &mut into[x * height..][rows.clone()];
                for (pixel, source) in row.iter_mut().zip(column) {
                    *pixel = *source;
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_of_any_length_are_reversed() {
        fn check<const C: usize>() {
            for pixels in 0..60 {
                let values: Vec<u8> = (0..(pixels * C) as u8).collect();
                let mut reversed = values.clone();
                reverse::<C>(&mut reversed);
                let expected: Vec<u8> = values.chunks(C).rev().flatten().copied().collect();
                assert_eq!(reversed, expected, "{pixels} pixels of {C} channels");
            }
        }
        check::<1>();
        check::<3>();
        check::<4>();
    }

    #[test]
    fn columns_become_rows() {
        let picture = Raster::grey(3, 2, vec![1, 2, 3, 4, 5, 6]);
        let turned = transpose(&picture).expect("a picture");
        assert_eq!((turned.width(), turned.height()), (2, 3));
        assert_eq!(turned.data(), [1, 4, 2, 5, 3, 6]);
    }
}
