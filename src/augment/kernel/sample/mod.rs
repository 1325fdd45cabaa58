//! Sampling: each pixel from a place in another picture, in fixed point as OpenCV does.
//!
//! Places are whole numbers of 1/32 pixel. A place's whole part says which pixels are
//! blended, its fraction with which weights: that is how OpenCV 4 does it for 8-bit
//! pictures, and to the bit.

mod squares;

use super::border::Border;
use crate::error::{Error, Result};
use crate::raster::{Raster, Shape};
use crate::simd::narrow;
use bytemuck::cast;
use squares::{cubic_weights, lanczos_weights};
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

/// Refuses sides that are too long.
pub(super) fn check_side(width: usize, height: usize) -> Result<()> {
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

/// A picture whose pixels come from the places that `places` writes for each row: first
/// columns, then rows, in 1/32 pixel.
pub(super) fn sample(
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

#[cfg(test)]
mod tests {
    use super::*;

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
            let sampler = Sampler {
                sampling: Sampling::Linear,
                border: Border::Reflect,
                fill: [100; 4],
            };
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
}
