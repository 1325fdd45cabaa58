//! Linear interpolation in OpenCV's fixed point, eight values at a time.

use super::{Axis, to_fixed};
use crate::augment::kernel::rows::by_rows;
use crate::raster::Raster;
use crate::simd;
use wide::{i16x8, u8x16};

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

/// Linear in OpenCV's fixed point: weights of 11 bits; a row's values keep 15 bits, and
/// a column's products 2 bits beyond those of the result.
pub(super) fn linear(picture: &Raster, result: &mut Raster, x: Axis, y: Axis, by_area: bool) {
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
