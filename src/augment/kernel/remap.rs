//! Warps: where the pixels of a picture come from, by a matrix or a map, rounded as OpenCV does.

use super::sample::{Sampler, Sampling, check_side, sample};
use crate::error::Result;
use crate::raster::{Raster, Shape};

/// Places beyond 16 bits of whole pixels are moved to the last that fit.
const FARTHEST: i32 = 1 << 20;

/// The whole number nearest to a number, ties to even; what does not fit saturates.
fn nearest(number: f64) -> i32 {
    number.round_ties_even() as i32
}

/// OpenCV's `warpAffine`: the pixel at (x, y) goes to (a x + b y + c, d x + e y + f),
/// with `[a, b, c, d, e, f]` given.
///
/// # Errors
/// [`Error::LimitExceeded`](crate::Error::LimitExceeded) for pictures that are too long or too large.
pub(crate) fn warp_affine(
    picture: &Raster,
    matrix: [f64; 6],
    [width, height]: [usize; 2],
    sampler: &Sampler,
) -> Result<Raster> {
    let [a, b, c, d, e, f] = matrix;
    let determinant = a * e - b * d;
    let scale = match determinant {
        0.0 => 0.0,
        determinant => 1.0 / determinant,
    };
    let [a, b, d, e] = [e * scale, b * -scale, d * -scale, a * scale];
    let [c, f] = [-a * c - b * f, -d * c - e * f];
    // 10 bits below the point: the first 5 are lost at the end, rounded.
    check_side(width, height)?;
    let across = |factor: f64| -> Vec<i32> {
        (0..width)
            .map(|x| nearest(factor * x as f64 * 1024.0))
            .collect()
    };
    let [across_x, across_y] = [across(a), across(d)];
    let start = |across: f64, offset: f64, y: usize| nearest((across * y as f64 + offset) * 1024.0);
    let whole = sampler.sampling == Sampling::Nearest;
    let places = |start: i32, across: &[i32], places: &mut [i32]| {
        for (place, &across) in places.iter_mut().zip(across) {
            let fine = start.wrapping_add(across);
            let at = match whole {
                true => (fine.wrapping_add(512) >> 10) << 5,
                false => fine.wrapping_add(16) >> 5,
            };
            *place = at.clamp(-FARTHEST, FARTHEST - 1);
        }
    };
    sample(picture, [width, height], sampler, |y, xs, ys| {
        places(start(b, c, y), &across_x, xs);
        places(start(e, f, y), &across_y, ys);
    })
}

/// The inverse of a 3 x 3 matrix by its cofactors; zero if there is none.
fn inverted(m: [f64; 9]) -> [f64; 9] {
    let minor = |a: usize, b: usize, c: usize, d: usize| m[a] * m[d] - m[b] * m[c];
    let determinant =
        m[0] * minor(4, 5, 7, 8) - m[1] * minor(3, 5, 6, 8) + m[2] * minor(3, 4, 6, 7);
    if determinant == 0.0 {
        return [0.0; 9];
    }
    let scale = 1.0 / determinant;
    [
        minor(4, 5, 7, 8),
        -minor(1, 2, 7, 8),
        minor(1, 2, 4, 5),
        -minor(3, 5, 6, 8),
        minor(0, 2, 6, 8),
        -minor(0, 2, 3, 5),
        minor(3, 4, 6, 7),
        -minor(0, 1, 6, 7),
        minor(0, 1, 3, 4),
    ]
    .map(|cofactor| cofactor * scale)
}

/// OpenCV's `warpPerspective`: the pixel at (x, y) goes to (x'/w, y'/w), where (x', y', w)
/// is the matrix, given row by row, times (x, y, 1).
///
/// # Errors
/// [`Error::LimitExceeded`](crate::Error::LimitExceeded) for pictures that are too long or too large.
pub(crate) fn warp_perspective(
    picture: &Raster,
    matrix: [f64; 9],
    [width, height]: [usize; 2],
    sampler: &Sampler,
) -> Result<Raster> {
    let m = inverted(matrix);
    let whole = sampler.sampling == Sampling::Nearest;
    let unit = if whole { 1.0 } else { 32.0 };
    // OpenCV works in blocks, and adds what is the same in a row of a block first.
    let block = 1024 / height.clamp(1, 16);
    sample(picture, [width, height], sampler, |y, xs, ys| {
        let y = y as f64;
        let blocks = xs.chunks_mut(block).zip(ys.chunks_mut(block));
        for (first, (xs, ys)) in (0..).step_by(block).zip(blocks) {
            let left = f64::from(first);
            let start = [0, 3, 6].map(|row| m[row] * left + m[row + 1] * y + m[row + 2]);
            for (step, (x, y)) in (0..).zip(xs.iter_mut().zip(ys)) {
                let step = f64::from(step);
                let depth = start[2] + m[6] * step;
                let scale = if depth == 0.0 { 0.0 } else { unit / depth };
                *x = rounded((start[0] + m[0] * step) * scale);
                *y = rounded((start[1] + m[3] * step) * scale);
            }
        }
        if whole {
            for place in xs.iter_mut().chain(ys) {
                *place = (*place).clamp(-FARTHEST / 32, FARTHEST / 32 - 1) * 32;
            }
        }
    })
}

/// The nearest whole number, ties to even, without a call: adding 1.5 * 2^52 leaves no
/// bits for a fraction, and the whole number in the lowest bits. What is not a number
/// goes far outside, as what is too large.
#[inline(always)]
fn rounded(number: f64) -> i32 {
    const SHIFT: f64 = 6_755_399_441_055_744.0;
    let far = f64::from(FARTHEST);
    let number = if number > -far { number } else { -far };
    let number = if number < far { number } else { far - 1.0 };
    (number + SHIFT).to_bits() as i32
}

/// The same for 32 bits, with 1.5 * 2^23.
#[inline(always)]
fn rounded_single(number: f32) -> i32 {
    const SHIFT: f32 = 12_582_912.0;
    let far = FARTHEST as f32;
    let number = if number > -far { number } else { -far };
    let number = if number < far { number } else { far - 1.0 };
    (number + SHIFT).to_bits() as i32 - SHIFT.to_bits() as i32
}

/// OpenCV's `remap`: `map` writes, for a row, which columns and rows its pixels come
/// from.
///
/// # Errors
/// [`Error::LimitExceeded`](crate::Error::LimitExceeded) for pictures that are too long or too large.
pub(crate) fn remap(
    picture: &Raster,
    sampler: &Sampler,
    mut map: impl FnMut(usize, &mut [f32], &mut [f32]),
) -> Result<Raster> {
    let Shape { width, height, .. } = picture.shape();
    check_side(width, height)?;
    let mut columns = vec![0.0_f32; width];
    let mut rows = vec![0.0_f32; width];
    let whole = sampler.sampling == Sampling::Nearest;
    let round = |places: &mut [i32], numbers: &[f32]| {
        let pairs = places.iter_mut().zip(numbers);
        if whole {
            for (place, &number) in pairs {
                *place = nearest_pixel(number) * 32;
            }
        } else {
            for (place, &number) in pairs {
                *place = rounded_single(number * 32.0);
            }
        }
    };
    sample(picture, [width, height], sampler, |y, xs, ys| {
        map(y, &mut columns, &mut rows);
        round(xs, &columns);
        round(ys, &rows);
    })
}

/// The nearest pixel, or one far outside.
#[inline(always)]
fn nearest_pixel(number: f32) -> i32 {
    rounded_single(number).clamp(-FARTHEST / 32, FARTHEST / 32 - 1)
}

/// A rectangle of pixels: its first and last column, its first and last row.
pub(crate) type Part = [[i32; 2]; 2];

/// What [`remap`] with a map makes of rectangles of pixels: the smallest rectangles around
/// the nearest pixels that come from there, if there are any.
pub(crate) fn traced(
    shape: Shape,
    parts: &[Part],
    mut map: impl FnMut(usize, &mut [f32], &mut [f32]),
) -> Vec<Option<Part>> {
    let width = shape.width;
    let (mut columns, mut rows) = (vec![0.0_f32; width], vec![0.0_f32; width]);
    let (mut xs, mut ys) = (vec![0; width], vec![0; width]);
    let mut found: Vec<Option<Part>> = vec![None; parts.len()];
    for at in 0..shape.height {
        map(at, &mut columns, &mut rows);
        for (places, numbers) in [(&mut xs, &columns), (&mut ys, &rows)] {
            for (place, &number) in places.iter_mut().zip(numbers) {
                *place = nearest_pixel(number);
            }
        }
        // Most rows come from a few rows: most parts are passed over at once.
        let reach = [ys.iter().min(), ys.iter().max()].map(|y| y.copied().unwrap_or_default());
        for ([columns, rows], found) in parts.iter().zip(&mut found) {
            if reach[1] < rows[0] || rows[1] < reach[0] {
                continue;
            }
            let [columns, rows] = [columns, rows].map(|[first, last]| *first..=*last);
            let hit = |(x, y): (&i32, &i32)| columns.contains(x) && rows.contains(y);
            let Some(first) = xs.iter().zip(&ys).position(hit) else {
                continue;
            };
            let last = xs.iter().zip(&ys).rposition(hit).unwrap_or(first);
            let [first, last, at] = [first, last, at].map(|place| place as i32);
            let [columns, rows] = found.get_or_insert([[first, last], [at, at]]);
            *columns = [columns[0].min(first), columns[1].max(last)];
            rows[1] = at;
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::augment::kernel::border::Border;

    fn sampler(sampling: Sampling, border: Border) -> Sampler {
        Sampler {
            sampling,
            border,
            fill: [100; 4],
        }
    }

    #[test]
    fn half_a_pixel_is_the_mean_and_outside_is_the_fill() {
        let picture = Raster::grey(3, 1, vec![0, 100, 200]);
        let shift = [1.0, 0.0, 0.5, 0.0, 1.0, 0.0];
        let linear = sampler(Sampling::Linear, Border::Constant);
        let made = warp_affine(&picture, shift, [3, 1], &linear).expect("a picture");
        assert_eq!(made.data(), [50, 50, 150]);
        let nearest = sampler(Sampling::Nearest, Border::Constant);
        let whole = [1.0, 0.0, 2.0, 0.0, 1.0, 0.0];
        let made = warp_affine(&picture, whole, [4, 1], &nearest).expect("a picture");
        assert_eq!(made.data(), [100, 100, 0, 100]);
    }

    #[test]
    fn rounding_is_to_even_and_saturates() {
        for (number, whole) in [(0.5, 0), (1.5, 2), (-0.5, 0), (-1.5, -2), (7.4, 7)] {
            assert_eq!(rounded(number), whole);
            assert_eq!(rounded_single(number as f32), whole);
        }
        assert_eq!(rounded(1e300), FARTHEST - 1);
        assert_eq!(rounded(f64::NAN), -FARTHEST);
        assert_eq!(rounded_single(f32::INFINITY), FARTHEST - 1);
        assert_eq!(rounded_single(f32::NAN), -FARTHEST);
    }
}
