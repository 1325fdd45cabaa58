//! The mean of a square.

use super::rows::{Padding, VECTOR, copy, each_row, widen, write_from};
use crate::augment::kernel::border::Border;
use crate::raster::{Raster, Shape};
use wide::{i16x8, i32x4, u8x16};

/// The largest square whose sum, and the product that divides it, fit the fast way.
const FAST: usize = 11;

/// Replaces each value by the rounded mean of the `size` x `size` values around it, with
/// the mirror image outside (the edge once). An even square reaches further to the left
/// and up. `size` is at most 257.
pub(crate) fn box_blur(picture: &mut Raster, size: usize) {
    let radius = size / 2;
    let shape = picture.shape();
    let padding = Padding::new(shape, radius, Border::Reflect101);
    let stride = shape.stride();
    let margin = padding.margin;
    // The sums of columns are carried from row to row: one row enters, one leaves.
    let mut sums = vec![0_u16; padding.length()];
    let mut first = true;
    let divide = Divide::new(size);
    each_row(
        picture,
        [radius + 1, radius],
        Border::Reflect101,
        stride + VECTOR,
        copy,
        |window, out| {
            let columns = &mut sums[margin..];
            if first {
                for at in 1..=size {
                    add(columns, window.row(at));
                }
                first = false;
            } else {
                change(columns, window.row(size), window.row(0));
            }
            padding.fill(&mut sums);
            let channels = shape.channels;
            match size {
                3 => fast::<3>(&sums, channels, &divide, out),
                5 => fast::<5>(&sums, channels, &divide, out),
                7 => fast::<7>(&sums, channels, &divide, out),
                9 => fast::<9>(&sums, channels, &divide, out),
                FAST => fast::<FAST>(&sums, channels, &divide, out),
                _ => slow(&sums, size, shape, out),
            }
        },
    );
}

fn add(columns: &mut [u16], row: &[u8]) {
    for (sum, level) in columns.iter_mut().zip(row) {
        *sum = sum.wrapping_add(u16::from(*level));
    }
}

fn change(columns: &mut [u16], entering: &[u8], leaving: &[u8]) {
    let columns = columns.as_chunks_mut::<8>().0.chunks_exact_mut(2);
    let entering = entering.as_chunks::<VECTOR>().0;
    let leaving = leaving.as_chunks::<VECTOR>().0;
    for ((sums, new), old) in columns.zip(entering).zip(leaving) {
        let new = widen(u8x16::new(*new));
        let old = widen(u8x16::new(*old));
        for half in 0..2 {
            let sum: i16x8 = bytemuck::cast(sums[half]);
            sums[half] = bytemuck::cast(sum + (new[half] - old[half]));
        }
    }
}

/// Division by the number of values as a product: exact for every sum of up to
/// [`FAST`] x [`FAST`] levels, as a test shows.
struct Divide {
    /// What multiplies every second sum: the even ones, and the odd ones.
    factors: [i16x8; 2],
    shift: u32,
    half: i32x4,
}

impl Divide {
    fn new(size: usize) -> Self {
        let area = (size * size) as u64;
        let factor = |shift: u32| ((1_u64 << shift) + area / 2) / area;
        // The factor is to be as large as fits 15 bits.
        let mut shift = 16;
        while factor(shift + 1) < 1 << 15 && shift < 22 {
            shift += 1;
        }
        let factor = factor(shift).min(i16::MAX as u64) as i16;
        Self {
            factors: [
                i16x8::new([factor, 0, factor, 0, factor, 0, factor, 0]),
                i16x8::new([0, factor, 0, factor, 0, factor, 0, factor]),
            ],
            shift,
            half: i32x4::splat(1 << (shift - 1)),
        }
    }

    /// The rounded means of eight sums.
    #[inline(always)]
    fn means(&self, sums: i16x8) -> i16x8 {
        let [even, odd] = self.factors;
        let even = (sums.dot(even) + self.half) >> self.shift;
        // The odd ones end up in the upper halves, where they came from.
        let odd = (sums.dot(odd) + self.half) >> (self.shift - 16);
        bytemuck::cast(even | (odd & i32x4::splat(-65_536)))
    }
}

/// `N` sums of columns make one of a square.
fn fast<const N: usize>(sums: &[u16], channels: usize, divide: &Divide, out: &mut [u8]) {
    let sources: [&[u16]; N] = std::array::from_fn(|tap| &sums[tap * channels..]);
    write_from(out, [sources], |[columns]| {
        let mut sums = [i16x8::ZERO; 2];
        for column in columns {
            let [low, high]: [i16x8; 2] = bytemuck::cast(*column);
            sums[0] += low;
            sums[1] += high;
        }
        u8x16::narrow_i16x8(divide.means(sums[0]), divide.means(sums[1]))
    });
}

/// Running sums for large squares.
fn slow(sums: &[u16], size: usize, shape: Shape, out: &mut [u8]) {
    let area = (size * size) as u32;
    let channels = shape.channels;
    let scale = 1.0 / area as f32;
    // OpenCV's product for the quotient rounds one more up where it could be exact.
    let half = area / 2 + u32::from(area.is_power_of_two());
    let mean = |sum: u32| match size {
        // Larger ones it makes in floating point: halves occur, and are rounded to even.
        17.. if size.is_multiple_of(2) => (sum as f32 * scale).round_ties_even() as u8,
        _ => ((sum + half) / area) as u8,
    };
    for channel in 0..channels {
        let at = |pixel: usize| u32::from(sums[pixel * channels + channel]);
        let mut sum: u32 = (0..size - 1).map(at).sum();
        for x in 0..shape.width {
            sum += at(x + size - 1);
            out[x * channels + channel] = mean(sum);
            sum -= at(x);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn products_divide_every_sum_exactly() {
        for size in (3..=FAST).step_by(2) {
            let divide = Divide::new(size);
            let area = (size * size) as i32;
            for sum in 0..=255 * area {
                let means = divide.means(i16x8::splat(sum as i16)).to_array();
                let mean = ((sum + area / 2) / area) as i16;
                assert_eq!(means, [mean; 8], "{size} {sum}");
            }
        }
    }

    #[test]
    fn a_square_is_averaged_with_its_mirror_image() {
        let mut picture = Raster::grey(3, 1, vec![0, 90, 30]);
        box_blur(&mut picture, 3);
        assert_eq!(picture.data(), [60, 40, 70]);
    }
}
