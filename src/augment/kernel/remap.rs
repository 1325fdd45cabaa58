//! Sampling: each pixel from a place in another picture, in fixed point as OpenCV does.
//!
//! Places are whole numbers of 1/32 pixel. A place's whole part says which pixels are
//! blended, its fraction with which weights: that is how OpenCV 4 does it for 8-bit
//! pictures, and to the bit.

use super::border::Border;
use crate::error::{Error, Result};
use crate::raster::{Raster, Shape};
use crate::simd::narrow;
use bytemuck::cast;
use std::sync::OnceLock;
use wide::{i16x8, i32x4, u8x16, u32x4, u64x2};

/// How a value between pixels is found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sampling {
    /// The nearest pixel.
    Nearest,
    /// Straight lines between 2 x 2 pixels.
    Linear,
    /// Cubic polynomials through 4 x 4 pixels.
    Cubic,
    /// A windowed sinc over 8 x 8 pixels.
    Lanczos4,
}

impl Sampling {
    /// The names in options, in the order of OpenCV's codes 0 to 4.
    pub(crate) const NAMES: &[&str] = &["nearest", "linear", "cubic", "area", "lanczos4"];

    /// The sampling of a name of [`NAMES`](Self::NAMES). OpenCV warps by "linear" when
    /// it is told "area".
    pub(crate) fn named(name: &str) -> Self {
        match name {
            "nearest" => Self::Nearest,
            "cubic" => Self::Cubic,
            "lanczos4" => Self::Lanczos4,
            _ => Self::Linear,
        }
    }
}

/// How pixels are read.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sampler {
    /// Between pixels.
    pub(crate) sampling: Sampling,
    /// Outside of the picture.
    pub(crate) border: Border,
    /// The colour of [`Border::Constant`].
    pub(crate) fill: [u8; 4],
}

impl Sampler {
    /// The same for a mask: its values are never blended, and outside it is 0.
    pub(crate) fn for_masks(&self) -> Self {
        Self {
            sampling: Sampling::Nearest,
            fill: [0; 4],
            ..*self
        }
    }
}

/// The longest side, as in OpenCV: places are kept in 16 bits there.
const LONGEST_SIDE: usize = 32_766;

/// Places beyond 16 bits of whole pixels are moved to the last that fit.
const FARTHEST: i32 = 1 << 20;

/// The whole number nearest to a number, ties to even; what does not fit saturates.
fn nearest(number: f64) -> i32 {
    number.round_ties_even() as i32
}

/// Refuses sides that are too long.
fn check_side(width: usize, height: usize) -> Result<()> {
    let longest = width.max(height);
    if longest > LONGEST_SIDE {
        return Err(Error::LimitExceeded {
            field: "picture".into(),
            value: format!("{longest} pixels long"),
            allowed: format!("sides of up to {LONGEST_SIDE} pixels to warp"),
        });
    }
    Ok(())
}

/// OpenCV's `warpAffine`: the pixel at (x, y) goes to (a x + b y + c, d x + e y + f),
/// with `[a, b, c, d, e, f]` given.
///
/// # Errors
/// [`Error::LimitExceeded`] for pictures that are too long or too large.
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
/// [`Error::LimitExceeded`] for pictures that are too long or too large.
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
/// [`Error::LimitExceeded`] for pictures that are too long or too large.
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

/// A picture whose pixels come from the places that `places` writes for each row: first
/// columns, then rows, in 1/32 pixel.
fn sample(
    picture: &Raster,
    [width, height]: [usize; 2],
    sampler: &Sampler,
    mut places: impl FnMut(usize, &mut [i32], &mut [i32]),
) -> Result<Raster> {
    let shape = picture.shape();
    check_side(width, height)?;
    check_side(shape.width, shape.height)?;
    let mut made = Raster::black(Shape {
        width,
        height,
        ..shape
    })?;
    let source = Source {
        data: picture.data(),
        shape,
        sampler,
    };
    let row = match (sampler.sampling, shape.channels) {
        (Sampling::Nearest, 1) => Source::nearest::<1>,
        (Sampling::Nearest, 3) => Source::nearest::<3>,
        (Sampling::Nearest, _) => Source::nearest::<4>,
        (Sampling::Linear, 1) => Source::linear_grey,
        (Sampling::Linear, 3) => Source::linear::<3>,
        (Sampling::Linear, _) => Source::linear::<4>,
        (Sampling::Cubic | Sampling::Lanczos4, _) => Source::curved,
    };
    let mut xs = vec![0; width];
    let mut ys = vec![0; width];
    for (y, out) in made
        .data_mut()
        .chunks_exact_mut(width * shape.channels)
        .enumerate()
    {
        places(y, &mut xs, &mut ys);
        row(&source, &xs, &ys, out);
    }
    Ok(made)
}

/// What is sampled.
struct Source<'a> {
    data: &'a [u8],
    shape: Shape,
    sampler: &'a Sampler,
}

impl Source<'_> {
    /// One row of nearest pixels.
    fn nearest<const C: usize>(&self, xs: &[i32], ys: &[i32], out: &mut [u8]) {
        let Shape { width, height, .. } = self.shape;
        for ((&x, &y), out) in xs.iter().zip(ys).zip(out.as_chunks_mut::<C>().0) {
            let [x, y] = [(x >> 5) as isize, (y >> 5) as isize];
            let border = self.sampler.border;
            let pixel = border.index(x, width).zip(border.index(y, height));
            *out = std::array::from_fn(|channel| match pixel {
                Some((x, y)) => self.data[(y * width + x) * C + channel],
                None => self.sampler.fill[channel],
            });
        }
    }

    /// Whether all of four places have their 2 x 2 pixels inside, and where in the data
    /// the first of these are.
    #[inline(always)]
    fn inside(&self, x: i32x4, y: i32x4) -> Option<[usize; 4]> {
        let Shape { width, height, .. } = self.shape;
        let [x, y] = [x >> 5_i32, y >> 5_i32];
        let right = i32x4::splat(width as i32 - 2) - x;
        let bottom = i32x4::splat(height as i32 - 2) - y;
        if cast::<_, u32x4>(x | y | right | bottom).to_bitmask() != 0 {
            return None;
        }
        let stride = i32x4::splat(self.shape.stride() as i32);
        let at = y * stride + x * i32x4::splat(self.shape.channels as i32);
        Some(at.to_array().map(|at| at as usize))
    }

    /// One row of blends of 2 x 2 pixels with 3 or 4 channels.
    fn linear<const C: usize>(&self, xs: &[i32], ys: &[i32], out: &mut [u8]) {
        let (fours, _) = xs.as_chunks::<4>();
        let (other, _) = ys.as_chunks::<4>();
        let mut done = 0;
        for ((xs, ys), out) in fours.iter().zip(other).zip(out.chunks_exact_mut(4 * C)) {
            match self.four::<C>(i32x4::new(*xs), i32x4::new(*ys)) {
                Some(pixels) if C == 4 => out.copy_from_slice(&pixels.to_array()),
                Some(pixels) => {
                    let [a, b, c, d]: [u32; 4] = cast(pixels);
                    let [b, c, d] = [b & 0xff_ffff, c & 0xff_ffff, d & 0xff_ffff];
                    let words = [
                        (a & 0xff_ffff) | b << 24,
                        b >> 8 | c << 16,
                        c >> 16 | d << 8,
                    ];
                    for (out, word) in out.as_chunks_mut::<4>().0.iter_mut().zip(words) {
                        *out = word.to_le_bytes();
                    }
                }
                None => self.edge::<C>(xs, ys, out),
            }
            done += 4;
        }
        self.edge::<C>(&xs[done..], &ys[done..], &mut out[done * C..]);
    }

    /// Four blends, if all are inside: four bytes each.
    #[inline(always)]
    fn four<const C: usize>(&self, x: i32x4, y: i32x4) -> Option<u8x16> {
        let at = self.inside(x, y)?;
        let stride = self.shape.stride();
        let [a, b] = [x & i32x4::splat(31), y & i32x4::splat(31)];
        // The weights of an upper and a lower pixel, 16 bits each, multiplied at once.
        let column = (i32x4::splat(32) - b) | (b << 16_i32);
        let right = a * column;
        let left = ((column << 5_i32) - right).to_array();
        let right = right.to_array();
        let mut fours = [i32x4::ZERO; 4];
        for (index, four) in fours.iter_mut().enumerate() {
            let pair = |at: usize| -> Option<u8x16> {
                let both = u64::from_le_bytes(*self.data.get(at..)?.first_chunk()?);
                // The second pixel begins in the upper half.
                let both = match C {
                    3 => (both & 0xffff_ffff) | ((both << 8) & 0xffff_ffff_0000_0000),
                    _ => both,
                };
                Some(cast(u64x2::splat(both)))
            };
            let columns = u8x16::unpack_low(pair(at[index])?, pair(at[index] + stride)?);
            let levels: [i16x8; 2] = [
                cast(u8x16::unpack_low(columns, u8x16::ZERO)),
                cast(u8x16::unpack_high(columns, u8x16::ZERO)),
            ];
            let weights: [i16x8; 2] =
                [left[index], right[index]].map(|weight| cast(i32x4::splat(weight)));
            let sum = levels[0].dot(weights[0]) + levels[1].dot(weights[1]);
            *four = (sum + i32x4::splat(512)) >> 10_i32;
        }
        Some(narrow(fours))
    }

    /// One row of blends of 2 x 2 grey pixels.
    fn linear_grey(&self, xs: &[i32], ys: &[i32], out: &mut [u8]) {
        let (fours, _) = xs.as_chunks::<4>();
        let (other, _) = ys.as_chunks::<4>();
        let (outs, _) = out.as_chunks_mut::<4>();
        let mut done = 0;
        for ((xs, ys), out) in fours.iter().zip(other).zip(outs) {
            match self.four_grey(i32x4::new(*xs), i32x4::new(*ys)) {
                Some(pixels) => *out = pixels,
                None => self.edge::<1>(xs, ys, out),
            }
            done += 4;
        }
        self.edge::<1>(&xs[done..], &ys[done..], &mut out[done..]);
    }

    /// Four blends of grey, if all are inside.
    #[inline(always)]
    fn four_grey(&self, x: i32x4, y: i32x4) -> Option<[u8; 4]> {
        let at = self.inside(x, y)?;
        let stride = self.shape.stride();
        let mut squares = [0; 4];
        for (square, at) in squares.iter_mut().zip(at) {
            let upper: [u8; 2] = *self.data.get(at..)?.first_chunk()?;
            let lower: [u8; 2] = *self.data.get(at + stride..)?.first_chunk()?;
            *square = i32::from_le_bytes([upper[0], upper[1], lower[0], lower[1]]);
        }
        let squares = i32x4::new(squares);
        let mask = i32x4::splat(0x00ff_00ff);
        let [left, right]: [i16x8; 2] = [cast(squares & mask), cast((squares >> 8_i32) & mask)];
        let [a, b] = [x & i32x4::splat(31), y & i32x4::splat(31)];
        let a: i16x8 = cast(a | (a << 16_i32));
        let column: i16x8 = cast((i32x4::splat(32) - b) | (b << 16_i32));
        let rows = left * (i16x8::splat(32) - a) + right * a;
        let sum = (rows.dot(column) + i32x4::splat(512)) >> 10_i32;
        Some(sum.to_array().map(|level| level as u8))
    }

    /// Blends of 2 x 2 pixels of which some may be outside.
    fn edge<const C: usize>(&self, xs: &[i32], ys: &[i32], out: &mut [u8]) {
        let Shape { width, height, .. } = self.shape;
        let Sampler { border, fill, .. } = *self.sampler;
        for ((&x, &y), out) in xs.iter().zip(ys).zip(out.as_chunks_mut::<C>().0) {
            let [left, top] = [(x >> 5) as isize, (y >> 5) as isize];
            let outside = |at: isize, length: usize| at < -1 || at >= length as isize;
            if border == Border::Constant && (outside(left, width) || outside(top, height)) {
                *out = std::array::from_fn(|channel| fill[channel]);
                continue;
            }
            let [a, b] = [(x & 31) as u32, (y & 31) as u32];
            let columns = [(left, 32 - a), (left + 1, a)];
            let rows = [(top, 32 - b), (top + 1, b)];
            let mut sums = [512; C];
            for (row, down) in rows {
                let row = border.index(row, height);
                for (column, across) in columns {
                    let weight = across * down;
                    let pixel = row.zip(border.index(column, width));
                    let levels = match pixel {
                        Some((row, column)) => &self.data[(row * width + column) * C..],
                        None => &fill,
                    };
                    for (sum, &level) in sums.iter_mut().zip(levels) {
                        *sum += weight * u32::from(level);
                    }
                }
            }
            *out = sums.map(|sum| (sum >> 10) as u8);
        }
    }

    /// One row of blends of 4 x 4 or 8 x 8 pixels.
    fn curved(&self, xs: &[i32], ys: &[i32], out: &mut [u8]) {
        let Shape {
            width,
            height,
            channels,
        } = self.shape;
        let Sampler { border, fill, .. } = *self.sampler;
        let (size, table) = match self.sampler.sampling {
            Sampling::Lanczos4 => (8, lanczos_weights()),
            _ => (4, cubic_weights()),
        };
        let before = size as isize / 2 - 1;
        for ((&x, &y), out) in xs.iter().zip(ys).zip(out.chunks_exact_mut(channels)) {
            let [left, top] = [(x >> 5) as isize - before, (y >> 5) as isize - before];
            let square = ((y & 31) * 32 + (x & 31)) as usize * size * size;
            let weights = &table[square..][..size * size];
            let columns: [Option<usize>; 8] =
                std::array::from_fn(|column| border.index(left + column as isize, width));
            let mut sums = [1 << 14; 4];
            for (row, weights) in (top..).zip(weights.chunks_exact(size)) {
                let row = border.index(row, height);
                for (column, &weight) in columns.iter().zip(weights) {
                    let levels = match row.zip(*column) {
                        Some((row, column)) => &self.data[(row * width + column) * channels..],
                        None => &fill,
                    };
                    for (sum, &level) in sums[..channels].iter_mut().zip(levels) {
                        *sum += weight * i32::from(level);
                    }
                }
            }
            for (out, sum) in out.iter_mut().zip(sums) {
                *out = (sum >> 15).clamp(0, 255) as u8;
            }
        }
    }
}

/// The weights of all 32 x 32 fractions, rows first, in 1/32768, from those of one
/// direction. What rounding leaves over goes to the largest or is taken from the
/// smallest of the four after the middle, so that each square's sum is exact.
fn squares<const N: usize>(line: impl Fn(f32) -> [f32; N]) -> Vec<i32> {
    let lines: Vec<[f32; N]> = (0_u8..32).map(|at| line(f32::from(at) / 32.0)).collect();
    let mut squares = Vec::with_capacity(1024 * N * N);
    for down in &lines {
        for across in &lines {
            let begin = squares.len();
            for down in down {
                for across in across {
                    let weight = (down * across * 32768.0).round_ties_even() as i32;
                    squares.push(weight.clamp(-32_768, 32_767));
                }
            }
            let square = &mut squares[begin..];
            let excess = square.iter().sum::<i32>() - 32_768;
            let middle = N / 2;
            let [mut least, mut most] = [middle * N + middle; 2];
            for row in middle..middle + 2 {
                for column in middle..middle + 2 {
                    let at = row * N + column;
                    if square[at] < square[least] {
                        least = at;
                    } else if square[at] > square[most] {
                        most = at;
                    }
                }
            }
            square[if excess < 0 { most } else { least }] -= excess;
        }
    }
    squares
}

/// Keys' cubic convolution with -0.75.
fn cubic_weights() -> &'static [i32] {
    static WEIGHTS: OnceLock<Vec<i32>> = OnceLock::new();
    WEIGHTS.get_or_init(|| {
        squares(|x| {
            const A: f32 = -0.75;
            let outer =
                |x: f32| ((A * (x + 1.0) - 5.0 * A) * (x + 1.0) + 8.0 * A) * (x + 1.0) - 4.0 * A;
            let inner = |x: f32| ((A + 2.0) * x - (A + 3.0)) * x * x + 1.0;
            let [a, b, c] = [outer(x), inner(x), inner(1.0 - x)];
            [a, b, c, 1.0 - a - b - c]
        })
    })
}

/// Lanczos' window of 4 lobes, normalised.
fn lanczos_weights() -> &'static [i32] {
    static WEIGHTS: OnceLock<Vec<i32>> = OnceLock::new();
    WEIGHTS.get_or_init(|| {
        squares(|x| {
            if x == 0.0 {
                return [0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0];
            }
            const HALF: f64 = std::f64::consts::FRAC_1_SQRT_2;
            // Cosine and sine of multiples of 5/4 of a half turn.
            const TURNS: [[f64; 2]; 8] = [
                [1.0, 0.0],
                [-HALF, -HALF],
                [0.0, 1.0],
                [HALF, -HALF],
                [-1.0, 0.0],
                [HALF, HALF],
                [0.0, -1.0],
                [-HALF, HALF],
            ];
            const QUARTER: f64 = std::f64::consts::PI * 0.25;
            let angle = -f64::from(x + 3.0) * QUARTER;
            let [sine, cosine] = [libm::sin(angle), libm::cos(angle)];
            let line: [f32; 8] = std::array::from_fn(|tap| {
                let y = -f64::from(x + 3.0 - tap as f32) * QUARTER;
                ((TURNS[tap][0] * sine + TURNS[tap][1] * cosine) / (y * y)) as f32
            });
            let scale = 1.0 / line.iter().sum::<f32>();
            line.map(|weight| weight * scale)
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

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
    fn the_middle_and_the_edge_agree() {
        // The same through the vectors and pixel by pixel.
        for channels in [1, 3, 4] {
            let shape = Shape {
                width: 33,
                height: 21,
                channels,
            };
            let data = (0..shape.len()).map(|at| (at * at / 7) as u8).collect();
            let picture = Raster::new(shape, data).expect("a picture");
            let sampler = sampler(Sampling::Linear, Border::Reflect);
            let source = Source {
                data: picture.data(),
                shape,
                sampler: &sampler,
            };
            let xs: Vec<i32> = (0..64).map(|at| at * 37 % 1100 - 20).collect();
            let ys: Vec<i32> = (0..64).map(|at| at * 53 % 680 - 10).collect();
            let mut fast = vec![0; 64 * channels];
            let mut slow = fast.clone();
            match channels {
                1 => {
                    source.linear_grey(&xs, &ys, &mut fast);
                    source.edge::<1>(&xs, &ys, &mut slow);
                }
                3 => {
                    source.linear::<3>(&xs, &ys, &mut fast);
                    source.edge::<3>(&xs, &ys, &mut slow);
                }
                _ => {
                    source.linear::<4>(&xs, &ys, &mut fast);
                    source.edge::<4>(&xs, &ys, &mut slow);
                }
            }
            assert_eq!(fast, slow, "{channels} channels");
        }
    }

    #[test]
    fn weights_sum_to_one() {
        for (size, weights) in [(4, cubic_weights()), (8, lanczos_weights())] {
            assert_eq!(weights.len(), 1024 * size * size);
            for square in weights.chunks(size * size) {
                assert_eq!(square.iter().sum::<i32>(), 32_768);
            }
        }
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
