//! Other sizes, as OpenCV's `resize` makes them: the same coordinates, and the same
//! fixed point or floating point arithmetic.

mod exact;

use super::rows::by_rows;
use crate::error::Result;
use crate::raster::{Raster, Shape};
use crate::simd;
use std::ops::{Add, Mul};
use wide::{i16x8, u8x16};

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

/// One direction of a resize.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Axis {
    from: usize,
    to: usize,
    /// Pixels of the result for each pixel of the picture.
    factor: f64,
    /// Pixels of the picture for each pixel of the result.
    step: f64,
}

impl Axis {
    /// From one length to another; `factor` is theirs where nothing else is given.
    pub(crate) fn new(from: usize, to: usize, factor: Option<f64>) -> Self {
        let factor = factor.unwrap_or(to as f64 / from as f64);
        Self {
            from,
            to,
            factor,
            step: 1.0 / factor,
        }
    }

    /// Where a pixel's centre lies: the pixel before it, and how far it is from that.
    pub(crate) fn place(self, at: usize) -> (isize, f32) {
        let place = ((at as f64 + 0.5) * self.step - 0.5) as f32;
        let before = place.floor();
        (before as isize, place - before)
    }

    /// The same for enlarging by area: blends only where a pixel covers two.
    fn covered(self, at: usize) -> (isize, f32) {
        let before = (at as f64 * self.step).floor();
        let share = ((at + 1) as f64 - (before + 1.0) * self.factor) as f32;
        let share = if share <= 0.0 {
            0.0
        } else {
            share - share.floor()
        };
        (before as isize, share)
    }

    /// The pixel that a pixel's upper left corner lies in.
    fn corner(self, at: usize) -> usize {
        let place = (at as f64 * self.step).floor();
        (place as usize).min(self.from - 1)
    }

    /// The pixel whose centre is nearest to a pixel's, in steps of 16 bits after the
    /// point; these do not hang on `factor`.
    fn centre(self, at: usize) -> usize {
        let (from, to) = (self.from as u64, self.to as u64);
        let step = ((from << 16) + to / 2) / to;
        // A step of an odd number of pixels starts one unit earlier.
        let place = (step * at as u64 + step / 2).saturating_sub(from % 2) >> 16;
        (place as usize).min(self.from - 1)
    }

    /// The step when it is a whole number.
    fn whole(self) -> Option<usize> {
        let whole = self.step.round_ties_even();
        ((self.step - whole).abs() < f64::EPSILON).then_some(whole as usize)
    }

    /// The two pixels that are blended there, and the share of the second: beyond the
    /// outermost centres there is nothing to blend.
    pub(crate) fn blended(self, before: isize, share: f32) -> ([usize; 2], f32) {
        if (0..self.from as isize - 1).contains(&before) {
            ([before as usize, before as usize + 1], share)
        } else {
            ([self.clamp(before); 2], 0.0)
        }
    }

    fn clamp(self, at: isize) -> usize {
        at.clamp(0, self.from as isize - 1) as usize
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
        Interpolation::Linear if wholes == Some((2, 2)) => mean(&picture, &mut result, [2, 2]),
        Interpolation::Linear => linear(&picture, &mut result, x, y, false),
        Interpolation::Area if x.step < 1.0 || y.step < 1.0 => {
            linear(&picture, &mut result, x, y, true);
        }
        Interpolation::Area => by_area(&picture, &mut result, x, y),
        // OpenCV as it is distributed computes large pictures with Intel's primitives,
        // which use floating point, and small ones in its own fixed point.
        Interpolation::Cubic if old_width.min(old_height) < 4 => {
            fixed::<4>(&picture, &mut result, x, y, |share| {
                cubic(share).map(to_fixed)
            });
        }
        Interpolation::Cubic => float(&picture, &mut result, x, y),
        Interpolation::Lanczos4 => fixed::<8>(&picture, &mut result, x, y, |share| {
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
    by_area(picture, &mut result, x, y);
    Ok(result)
}

fn by_area(picture: &Raster, result: &mut Raster, x: Axis, y: Axis) {
    match x.whole().zip(y.whole()) {
        Some((across, down)) => mean(picture, result, [across, down]),
        None => area(picture, result, x, y),
    }
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

/// Eight neighbouring values of a row, each from two of 16 values that lie together.
struct Eight {
    start: usize,
    pick: u8x16,
    weights: [i16x8; 2],
}

/// One value of a row: the positions of both its sources, and their weights.
#[derive(Clone, Copy, Default)]
struct Blend {
    from: [usize; 2],
    weights: [i16; 2],
}

/// Weights of 11 bits.
fn to_fixed(weight: f32) -> i32 {
    (weight * 2048.0).round_ties_even() as i32
}

/// Linear in OpenCV's fixed point: weights of 11 bits; a row's values keep 15 bits, and
/// a column's products 2 bits beyond those of the result.
fn linear(picture: &Raster, result: &mut Raster, x: Axis, y: Axis, by_area: bool) {
    let place = |axis: Axis, at: usize| match by_area {
        true => axis.covered(at),
        false => axis.place(at),
    };
    let weights = |share: f32| [to_fixed(1.0 - share) as i16, to_fixed(share) as i16];
    let channels = picture.channels();
    let mut blends = Vec::with_capacity(x.to * channels);
    for at in 0..x.to {
        let (before, share) = place(x, at);
        let (from, share) = x.blended(before, share);
        for channel in 0..channels {
            blends.push(Blend {
                from: from.map(|pixel| pixel * channels + channel),
                weights: weights(share),
            });
        }
    }
    let (starts, shares): (Vec<isize>, Vec<f32>) = (0..y.to).map(|at| place(y, at)).unzip();
    let stride = picture.shape().stride();
    let eights = eights(&blends, stride);
    // The last sixteen values may be read from beyond a row's end.
    let mut padded = vec![0_u8; stride + 16];
    let wide = blends.len().next_multiple_of(16);
    let into = result.shape().stride();
    let data = result.data_mut();
    by_rows::<i16, 2>(
        y.from,
        wide,
        &starts,
        |row, values| {
            let row = picture.row(row);
            match &eights {
                Some(eights) => {
                    padded[..stride].copy_from_slice(row);
                    for (eight, values) in eights.iter().zip(values.as_chunks_mut::<8>().0) {
                        *values = eight.blend(&padded).to_array();
                    }
                }
                None => {
                    for (blend, value) in blends.iter().zip(values) {
                        let [left, right] = blend.from.map(|at| i32::from(row[at]));
                        let [first, second] = blend.weights.map(i32::from);
                        *value = ((left * first + right * second) >> 4) as i16;
                    }
                }
            }
        },
        |at, rows| {
            let weights = weights(shares[at]).map(i16x8::splat);
            let row = &mut data[at * into..][..into];
            let sources = rows.map(|row| row.as_chunks::<16>().0);
            let (chunks, rest) = row.as_chunks_mut::<16>();
            for ((upper, lower), chunk) in sources[0].iter().zip(sources[1]).zip(chunks) {
                *chunk = stack([upper, lower], weights).to_array();
            }
            if !rest.is_empty() {
                let ends = sources.map(|row| &row[row.len() - 1]);
                let values = stack(ends, weights).to_array();
                for (value, made) in rest.iter_mut().zip(values) {
                    *value = made;
                }
            }
        },
    );
}

/// Sixteen values from those above and below them.
#[inline(always)]
fn stack(rows: [&[i16; 16]; 2], [first, second]: [i16x8; 2]) -> u8x16 {
    let [upper, lower]: [[i16x8; 2]; 2] = rows.map(|row| bytemuck::cast(*row));
    let half = |upper: i16x8, lower: i16x8| -> i16x8 {
        let sum = upper.mul_keep_high(first) + lower.mul_keep_high(second);
        (sum + i16x8::splat(2)) >> 2_i32
    };
    u8x16::narrow_i16x8(half(upper[0], lower[0]), half(upper[1], lower[1]))
}

/// The blends in eights; `None` if the sources of any lie too far apart.
fn eights(blends: &[Blend], stride: usize) -> Option<Vec<Eight>> {
    let mut eights = Vec::with_capacity(blends.len().div_ceil(8));
    for blends in blends.chunks(8) {
        let start = blends.iter().flat_map(|blend| blend.from).min()?;
        debug_assert!(start < stride);
        let mut pick = [0_u8; 16];
        let mut weights = [0_i16; 16];
        for (index, blend) in blends.iter().enumerate() {
            for side in 0..2 {
                let offset = blend.from[side] - start;
                if offset > 15 {
                    return None;
                }
                pick[2 * index + side] = offset as u8;
                weights[2 * index + side] = blend.weights[side];
            }
        }
        eights.push(Eight {
            start,
            pick: u8x16::new(pick),
            weights: bytemuck::cast(weights),
        });
    }
    Some(eights)
}

impl Eight {
    #[inline(always)]
    fn blend(&self, row: &[u8]) -> i16x8 {
        let sources = match row[self.start..].first_chunk::<16>() {
            Some(sources) => u8x16::new(*sources),
            None => u8x16::ZERO,
        };
        let pairs = sources.shuffle(self.pick);
        let low: i16x8 = bytemuck::cast(u8x16::unpack_low(pairs, u8x16::ZERO));
        let high: i16x8 = bytemuck::cast(u8x16::unpack_high(pairs, u8x16::ZERO));
        simd::halve([
            low.dot(self.weights[0]) >> 4_i32,
            high.dot(self.weights[1]) >> 4_i32,
        ])
    }
}

/// The mean of whole rectangles; at the right and lower end perhaps of parts of some.
fn mean(picture: &Raster, result: &mut Raster, [across, down]: [usize; 2]) {
    let Shape {
        width,
        height,
        channels,
    } = picture.shape();
    let stride = result.shape().stride();
    let factor = 1.0 / (across * down) as f32;
    let mut sums = vec![0_u32; stride];
    for (at, into) in result.data_mut().chunks_exact_mut(stride).enumerate() {
        let rows = (at * down).min(height)..((at + 1) * down).min(height);
        let part = rows.len() < down;
        sums.fill(0);
        for row in rows.clone() {
            let pixels = picture.row(row).chunks(across * channels);
            for (sums, pixels) in sums.chunks_exact_mut(channels).zip(pixels) {
                for pixel in pixels.chunks_exact(channels) {
                    for (sum, value) in sums.iter_mut().zip(pixel) {
                        *sum += u32::from(*value);
                    }
                }
            }
        }
        for (x, (sums, into)) in sums
            .chunks_exact(channels)
            .zip(into.chunks_exact_mut(channels))
            .enumerate()
        {
            let columns = across.min(width.saturating_sub(x * across));
            for (sum, value) in sums.iter().zip(into) {
                *value = if columns == 0 || rows.is_empty() {
                    0
                } else if part || columns < across {
                    (*sum as f32 / (columns * rows.len()) as f32).round_ties_even() as u8
                } else if (across, down) == (2, 2) {
                    ((sum + 2) >> 2) as u8
                } else {
                    (*sum as f32 * factor).round_ties_even() as u8
                };
            }
        }
    }
}

/// How much of a source goes into a pixel.
struct Share {
    to: usize,
    from: usize,
    weight: f32,
}

/// Which sources each pixel covers, and by how much.
fn shares(axis: Axis) -> Vec<Share> {
    let mut shares = Vec::new();
    for to in 0..axis.to {
        let start = to as f64 * axis.step;
        let end = start + axis.step;
        let cell = axis.step.min(axis.from as f64 - start);
        let last = (end.floor() as usize).min(axis.from - 1);
        let first = (start.ceil() as usize).min(last);
        let mut add = |from, weight: f64| {
            shares.push(Share {
                to,
                from,
                weight: weight as f32,
            });
        };
        if first as f64 - start > 1e-3 && first > 0 {
            add(first - 1, (first as f64 - start) / cell);
        }
        for from in first..last {
            add(from, 1.0 / cell);
        }
        if end - last as f64 > 1e-3 {
            add(last, (end - last as f64).min(1.0).min(cell) / cell);
        }
    }
    shares
}

/// The mean of what each pixel covers.
fn area(picture: &Raster, result: &mut Raster, x: Axis, y: Axis) {
    let channels = picture.channels();
    let stride = result.shape().stride();
    let columns = shares(x);
    let mut row = vec![0.0_f32; stride];
    let mut sums = vec![0.0_f32; stride];
    let mut held = None;
    let data = result.data_mut();
    for rows in shares(y).chunk_by(|a, b| a.to == b.to) {
        for (index, share) in rows.iter().enumerate() {
            if held != Some(share.from) {
                held = Some(share.from);
                row.fill(0.0);
                let values = picture.row(share.from);
                for column in &columns {
                    let into = &mut row[column.to * channels..][..channels];
                    let from = &values[column.from * channels..][..channels];
                    for (sum, value) in into.iter_mut().zip(from) {
                        *sum += f32::from(*value) * column.weight;
                    }
                }
            }
            for (sum, value) in sums.iter_mut().zip(&row) {
                let part = value * share.weight;
                *sum = if index == 0 { part } else { *sum + part };
            }
        }
        let into = &mut data[rows[0].to * stride..][..stride];
        for (value, sum) in into.iter_mut().zip(&sums) {
            *value = sum.round_ties_even() as u8;
        }
    }
}

/// Keys' cubic kernel with a = -0.75, for the pixels from one before to two after.
fn cubic(share: f32) -> [f32; 4] {
    const A: f32 = -0.75;
    let inner = |x: f32| ((A + 2.0) * x - (A + 3.0)) * x * x + 1.0;
    let far = share + 1.0;
    let first = ((A * far - 5.0 * A) * far + 8.0 * A) * far - 4.0 * A;
    let [second, third] = [inner(share), inner(1.0 - share)];
    [first, second, third, 1.0 - first - second - third]
}

/// Lanczos' kernel of four lobes, for the pixels from three before to four after.
fn lanczos(share: f32) -> [f32; 8] {
    if share < f32::EPSILON {
        return [0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0];
    }
    // sin(y) for the angles of all eight, which are 45 degrees apart, from one.
    const HALF: f64 = std::f64::consts::FRAC_1_SQRT_2;
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
    let angle =
        |index: usize| -(f64::from(share) + 3.0 - index as f64) * std::f64::consts::FRAC_PI_4;
    let [sine, cosine] = [libm::sin(angle(0)), libm::cos(angle(0))];
    let weights: [f32; 8] = std::array::from_fn(|index| {
        let [a, b] = TURNS[index];
        ((a * sine + b * cosine) / (angle(index) * angle(index))) as f32
    });
    let factor = 1.0 / weights.iter().sum::<f32>();
    weights.map(|weight| weight * factor)
}

/// One pixel of a row from `N`: the positions of their first values, and their weights.
struct Taps<T, const N: usize> {
    from: [usize; N],
    weights: [T; N],
}

/// Sources and weights of each pixel along an axis, with the first source of each.
fn taps<T, const N: usize>(
    axis: Axis,
    channels: usize,
    weights: impl Fn(f32) -> [T; N],
) -> (Vec<Taps<T, N>>, Vec<isize>) {
    (0..axis.to)
        .map(|at| {
            let (before, share) = axis.place(at);
            let first = before - (N as isize / 2 - 1);
            let from = std::array::from_fn(|k| axis.clamp(first + k as isize) * channels);
            let weights = weights(share);
            (Taps { from, weights }, first)
        })
        .unzip()
}

/// The weighted sums along a row.
fn across<T: Copy + From<u8> + Add<Output = T> + Mul<Output = T>, const N: usize>(
    row: &[u8],
    taps: &[Taps<T, N>],
    channels: usize,
    into: &mut [T],
) {
    for (taps, into) in taps.iter().zip(into.chunks_exact_mut(channels)) {
        for (channel, value) in into.iter_mut().enumerate() {
            let part = |k: usize| T::from(row[taps.from[k] + channel]) * taps.weights[k];
            *value = (1..N).fold(part(0), |sum, k| sum + part(k));
        }
    }
}

/// A kernel in OpenCV's fixed point: weights of 11 bits, rounded once.
fn fixed<const N: usize>(
    picture: &Raster,
    result: &mut Raster,
    x: Axis,
    y: Axis,
    weights: impl Fn(f32) -> [i32; N],
) {
    let channels = picture.channels();
    let (columns, _) = taps(x, channels, &weights);
    let (rows, starts) = taps(y, 1, &weights);
    let stride = result.shape().stride();
    let data = result.data_mut();
    by_rows::<i32, N>(
        y.from,
        stride,
        &starts,
        |row, into| across(picture.row(row), &columns, channels, into),
        |at, sources| {
            let weights = &rows[at].weights;
            for (index, value) in data[at * stride..][..stride].iter_mut().enumerate() {
                // Sums of extreme values wrap around, there as here.
                let mut sum = 1_i32 << 21;
                for (source, weight) in sources.iter().zip(weights) {
                    sum = sum.wrapping_add(source[index].wrapping_mul(*weight));
                }
                *value = (sum >> 22).clamp(0, 255) as u8;
            }
        },
    );
}

/// The cubic kernel in floating point.
fn float(picture: &Raster, result: &mut Raster, x: Axis, y: Axis) {
    let channels = picture.channels();
    let (columns, _) = taps(x, channels, cubic);
    let (rows, starts) = taps(y, 1, cubic);
    let stride = result.shape().stride();
    let data = result.data_mut();
    by_rows::<f32, 4>(
        y.from,
        stride,
        &starts,
        |row, into| across(picture.row(row), &columns, channels, into),
        |at, [first, second, third, fourth]| {
            let [a, b, c, d] = rows[at].weights;
            let into = data[at * stride..][..stride].iter_mut();
            let values = first.iter().zip(second).zip(third).zip(fourth);
            for (value, (((first, second), third), fourth)) in into.zip(values) {
                let sum = first * a + second * b + third * c + fourth * d;
                *value = sum.round_ties_even() as u8;
            }
        },
    );
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
