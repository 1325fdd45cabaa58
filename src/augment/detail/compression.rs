//! What JPEG leaves of a picture.

use crate::augment::{Definition, Drawn, Family, Transform};
use crate::error::Result;
use crate::parameter::{Field, Kind, Single};
use crate::random::Stream;
use crate::raster::{Raster, Shape};
use wide::i32x8;

const COMPRESSION_TYPE: Field = Field {
    name: "compression_type",
    label: "Compression",
    help: "The kind of file; lossy WebP of the original is not offered.",
    kind: Kind::Choice {
        values: &["jpeg"],
        default: "jpeg",
    },
};

const QUALITY_RANGE: Field = Field {
    name: "quality_range",
    label: "Quality",
    help: "The quality of the file, 1 to 100; the default is hardly visible.",
    kind: Kind::Range {
        min: 1.0,
        max: 100.0,
        step: 1.0,
        whole: true,
        default: Some([99.0, 100.0]),
        unit: "",
        single: Single::Refused,
    },
};

pub(super) const DEFINITION: Definition = Definition {
    name: "ImageCompression",
    family: Family::Detail,
    help: "Writes the picture as JPEG and reads it again, with colours at half the resolution. Odd as the original is: red is taken for blue, so that reds keep less detail than blues. Alpha stays.",
    p: 0.5,
    fields: &[COMPRESSION_TYPE, QUALITY_RANGE],
    build: |options| {
        Ok(Box::new(Compression(
            QUALITY_RANGE.range(options)?.unwrap_or_default(),
        )))
    },
};

#[derive(Debug)]
struct Compression([f64; 2]);

impl Transform for Compression {
    fn draw(&self, _: Shape, stream: &mut Stream) -> Drawn {
        let [low, high] = self.0.map(|quality| quality as u32);
        Drawn::nothing().number("quality", stream.within(low..=high).into())
    }

    /// Between writing and reading a file nothing is lost, so neither is done: what
    /// changes pixels is colour conversion, halving, cosine transform and quantisation,
    /// here in the integers of libjpeg (its "islow" method and "fancy" enlargement).
    fn apply(&self, mut picture: Raster, drawn: &Drawn) -> Result<Raster> {
        let quality = drawn.index_of("quality", 101)?.max(1) as i32;
        let shape = picture.shape();
        if shape.channels == 1 {
            let mut plane = Plane::new(shape.width, shape.height, picture.into_data());
            plane.compress(&LIGHT, quality);
            return Raster::new(shape, plane.data);
        }
        let pixels = || picture.data().chunks_exact(shape.channels);
        // The first channel is taken for blue.
        let make = |weights: [i32; 3], offset: i32| {
            let convert = |pixel: &[u8]| {
                let [blue, green, red] = [pixel[0], pixel[1], pixel[2]].map(i32::from);
                ((weights[0] * red + weights[1] * green + weights[2] * blue + offset) >> 16) as u8
            };
            Plane::new(shape.width, shape.height, pixels().map(convert).collect())
        };
        const HALF: i32 = 1 << 15;
        let mut light = make([19_595, 38_470, 7471], HALF);
        let mut differences = [[-11_059, -21_709, 32_768], [32_768, -27_439, -5329]]
            .map(|weights| make(weights, (128 << 16) + HALF - 1).halved());
        light.compress(&LIGHT, quality);
        for difference in &mut differences {
            difference.compress(&COLOUR, quality);
        }
        let [cb, cr] = differences.map(|plane| plane.doubled(shape.width, shape.height));
        let planes = light.data.iter().zip(cb.iter().zip(&cr));
        for (pixel, (&y, (&cb, &cr))) in picture
            .data_mut()
            .chunks_exact_mut(shape.channels)
            .zip(planes)
        {
            let [y, cb, cr] = [i32::from(y), i32::from(cb) - 128, i32::from(cr) - 128];
            let red = y + ((91_881 * cr + HALF) >> 16);
            let green = y + ((-22_554 * cb - 46_802 * cr + HALF) >> 16);
            let blue = y + ((116_130 * cb + HALF) >> 16);
            for (value, level) in pixel.iter_mut().zip([blue, green, red]) {
                *value = level.clamp(0, 255) as u8;
            }
        }
        Ok(picture)
    }
}

/// The steps of brightness at quality 50, row by row: JPEG's annex K.
const LIGHT: [[i32; 8]; 8] = [
    [16, 11, 10, 16, 24, 40, 51, 61],
    [12, 12, 14, 19, 26, 58, 60, 55],
    [14, 13, 16, 24, 40, 57, 69, 56],
    [14, 17, 22, 29, 51, 87, 80, 62],
    [18, 22, 37, 56, 68, 109, 103, 77],
    [24, 35, 55, 64, 81, 104, 113, 92],
    [49, 64, 78, 87, 103, 121, 120, 101],
    [72, 92, 95, 98, 112, 100, 103, 99],
];

/// The steps of colour at quality 50.
const COLOUR: [[i32; 8]; 8] = [
    [17, 18, 24, 47, 99, 99, 99, 99],
    [18, 21, 26, 66, 99, 99, 99, 99],
    [24, 26, 56, 99, 99, 99, 99, 99],
    [47, 66, 99, 99, 99, 99, 99, 99],
    [99; 8],
    [99; 8],
    [99; 8],
    [99; 8],
];

/// One channel.
struct Plane {
    width: usize,
    height: usize,
    data: Vec<u8>,
}

impl Plane {
    fn new(width: usize, height: usize, data: Vec<u8>) -> Self {
        Self {
            width,
            height,
            data,
        }
    }

    /// The level at a place; beyond the edge, the level at the edge.
    fn at(&self, x: usize, y: usize) -> u8 {
        self.data[y.min(self.height - 1) * self.width + x.min(self.width - 1)]
    }

    /// Half as wide and high, and wider up to whole squares. The mean of four is rounded
    /// down and up in turns.
    fn halved(&self) -> Self {
        // Levels beyond the edge are repeated before they are halved, rows after it.
        let width = self.width.div_ceil(2).next_multiple_of(8);
        let height = self.height.div_ceil(2);
        let mut data = Vec::with_capacity(width * height);
        for y in 0..height {
            for x in 0..width {
                let sum = [(0, 0), (1, 0), (0, 1), (1, 1)]
                    .map(|(right, down)| u16::from(self.at(2 * x + right, 2 * y + down)))
                    .iter()
                    .sum::<u16>();
                data.push(((sum + 1 + (x % 2) as u16) / 4) as u8);
            }
        }
        Self::new(width, height, data)
    }

    /// Twice as wide and high, cut to a size: 9, 3, 3 and 1 sixteenths of the four
    /// levels about each place. Very narrow pictures repeat their levels.
    fn doubled(&self, width: usize, height: usize) -> Vec<u8> {
        let mut doubled = Vec::with_capacity(width * height);
        let columns = width.div_ceil(2);
        if columns <= 2 {
            for y in 0..height {
                doubled.extend((0..width).map(|x| self.at(x / 2, y / 2)));
            }
            return doubled;
        }
        let last = columns - 1;
        let row = |y: usize| &self.data[y * self.width..][..self.width];
        let mut sums = vec![0_u16; self.width];
        for y in 0..height {
            let near = y / 2;
            let far = if y % 2 == 0 {
                near.saturating_sub(1)
            } else {
                (near + 1).min(self.height - 1)
            };
            for (sum, (&near, &far)) in sums.iter_mut().zip(row(near).iter().zip(row(far))) {
                *sum = 3 * u16::from(near) + u16::from(far);
            }
            doubled.extend((0..width).map(|x| {
                let near = x / 2;
                let (far, round) = if x % 2 == 0 {
                    (near.saturating_sub(1), 8)
                } else {
                    ((near + 1).min(last), 7)
                };
                ((3 * sums[near] + sums[far] + round) / 16) as u8
            }));
        }
        doubled
    }

    /// Leaves of each square of 8 x 8 what quantisation leaves.
    fn compress(&mut self, steps: &[[i32; 8]; 8], quality: i32) {
        let scale = if quality < 50 {
            5000 / quality
        } else {
            200 - 2 * quality
        };
        let steps = steps.map(|row| row.map(|step| ((step * scale + 50) / 100).clamp(1, 255)));
        // The transform's results are 8 times as large, and fit floats exactly; so does
        // half a step, and a quotient is never nearer to a whole number than a float is.
        let inverse = steps.map(|row| row.map(|step| 1.0 / (8 * step) as f32));
        let mut block = [[0_i32; 8]; 8];
        for top in (0..self.height).step_by(8) {
            for left in (0..self.width).step_by(8) {
                for (y, row) in block.iter_mut().enumerate() {
                    for (x, value) in row.iter_mut().enumerate() {
                        *value = i32::from(self.at(left + x, top + y)) - 128;
                    }
                }
                forward(&mut block);
                for (row, (steps, inverse)) in block.iter_mut().zip(steps.iter().zip(&inverse)) {
                    for (value, (step, inverse)) in row.iter_mut().zip(steps.iter().zip(inverse)) {
                        let whole = (value.abs() + 4 * step) as f32 + 0.5;
                        let quotient = (whole * inverse) as i32;
                        *value = quotient * value.signum() * step;
                    }
                }
                inverse_transform(&mut block);
                let columns = (self.width - left).min(8);
                for (y, row) in block.iter().enumerate().take(self.height - top) {
                    let place = &mut self.data[(top + y) * self.width + left..][..columns];
                    for (level, &value) in place.iter_mut().zip(row) {
                        *level = (value + 128).clamp(0, 255) as u8;
                    }
                }
            }
        }
    }
}

type Block = [[i32; 8]; 8];

fn transposed(block: &Block) -> Block {
    std::array::from_fn(|y| std::array::from_fn(|x| block[x][y]))
}

/// A constant in units of 2^-13.
const fn fixed(number: f64) -> i32 {
    (number * 8192.0 + 0.5) as i32
}

const C0_298: i32 = fixed(0.298_631_336);
const C0_390: i32 = fixed(0.390_180_644);
const C0_541: i32 = fixed(0.541_196_100);
const C0_765: i32 = fixed(0.765_366_865);
const C0_899: i32 = fixed(0.899_976_223);
const C1_175: i32 = fixed(1.175_875_602);
const C1_501: i32 = fixed(1.501_321_110);
const C1_847: i32 = fixed(1.847_759_065);
const C1_961: i32 = fixed(1.961_570_560);
const C2_053: i32 = fixed(2.053_119_869);
const C2_562: i32 = fixed(2.562_915_447);
const C3_072: i32 = fixed(3.072_711_026);

fn times(vector: i32x8, constant: i32) -> i32x8 {
    vector * i32x8::splat(constant)
}

fn rounded(vector: i32x8, bits: i32) -> i32x8 {
    (vector + i32x8::splat(1 << (bits - 1))) >> bits
}

/// The odd half, which both directions share: Loeffler, Ligtenberg and Moschytz, 1989,
/// with 12 multiplications.
fn odd(a: i32x8, b: i32x8, c: i32x8, d: i32x8) -> [i32x8; 4] {
    let [ad, bc, ac, bd] = [a + d, b + c, a + c, b + d];
    let all = times(ac + bd, C1_175);
    let [ad, bc] = [times(ad, -C0_899), times(bc, -C2_562)];
    let [ac, bd] = [times(ac, -C1_961) + all, times(bd, -C0_390) + all];
    [
        times(a, C0_298) + ad + ac,
        times(b, C2_053) + bc + bd,
        times(c, C3_072) + bc + ac,
        times(d, C1_501) + ad + bd,
    ]
}

/// The cosine transform of rows and then columns, 8 times as large.
fn forward(block: &mut Block) {
    for (first, bits) in [(true, 11), (false, 15)] {
        // A vector holds one place of eight rows (then columns) at once.
        let v = transposed(block).map(i32x8::new);
        let v = if first { v } else { block.map(i32x8::new) };
        let [s0, s1, s2, s3] = [v[0] + v[7], v[1] + v[6], v[2] + v[5], v[3] + v[4]];
        let [d0, d1, d2, d3] = [v[0] - v[7], v[1] - v[6], v[2] - v[5], v[3] - v[4]];
        let [sum, difference, inner, outer] = [s0 + s3, s0 - s3, s1 + s2, s1 - s2];
        let both = times(outer + difference, C0_541);
        let [even0, even4] =
            [sum + inner, sum - inner].map(|even| if first { even << 2 } else { rounded(even, 2) });
        let [o7, o5, o3, o1] = odd(d3, d2, d1, d0).map(|odd| rounded(odd, bits));
        let made = [
            even0,
            o1,
            rounded(both + times(difference, C0_765), bits),
            o3,
            even4,
            o5,
            rounded(both - times(outer, C1_847), bits),
            o7,
        ]
        .map(|vector| vector.to_array());
        *block = if first { transposed(&made) } else { made };
    }
}

/// Columns and then rows back.
fn inverse_transform(block: &mut Block) {
    for (first, bits) in [(true, 11), (false, 18)] {
        let v = if first { *block } else { transposed(block) }.map(i32x8::new);
        let both = times(v[2] + v[6], C0_541);
        let [low, high] = [both - times(v[6], C1_847), both + times(v[2], C0_765)];
        let [sum, difference] = [(v[0] + v[4]) << 13, (v[0] - v[4]) << 13];
        let even = [sum + high, difference + low, difference - low, sum - high];
        let [o0, o1, o2, o3] = odd(v[7], v[5], v[3], v[1]);
        let odd = [o3, o2, o1, o0];
        let made: [i32x8; 8] = std::array::from_fn(|at| {
            let sum = if at < 4 {
                even[at] + odd[at]
            } else {
                even[7 - at] - odd[7 - at]
            };
            rounded(sum, bits)
        });
        let made = made.map(|vector| vector.to_array());
        *block = if first { made } else { transposed(&made) };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flat_and_smooth_squares_survive() {
        let mut block: Block =
            std::array::from_fn(|y| std::array::from_fn(|x| (x * 9 + y * 4) as i32 - 50));
        let before = block;
        forward(&mut block);
        for value in block.as_flattened_mut() {
            *value = (*value as f64 / 8.0).round() as i32;
        }
        inverse_transform(&mut block);
        for (a, b) in before.as_flattened().iter().zip(block.as_flattened()) {
            assert!((a - b).abs() <= 1, "{a} {b}");
        }
    }

    #[test]
    fn quotients_are_exact() {
        for step in 1..=255 {
            let inverse = 1.0 / (8 * step) as f32;
            for value in 0..=16_384 {
                let whole = (value + 4 * step) as f32 + 0.5;
                assert_eq!((whole * inverse) as i32, (value + 4 * step) / (8 * step));
            }
        }
    }
}
