//! Normal noise.

use crate::augment::kernel::random_field::{GROUP, RandomField};
use crate::augment::{Definition, Drawn, Family, Transform};
use crate::error::Result;
use crate::parameter::{Field, Kind, Single};
use crate::random::Stream;
use crate::raster::{Raster, Shape};
use crate::simd;
use wide::{f32x4, u8x16};

const STD_RANGE: Field = Field {
    name: "std_range",
    label: "Deviation",
    help: "The standard deviation, as a part of 255; the default is very strong.",
    kind: Kind::Range {
        min: 0.0,
        max: 1.0,
        step: 0.01,
        whole: false,
        default: Some([0.2, 0.44]),
        unit: "",
        single: Single::Refused,
    },
};

const MEAN_RANGE: Field = Field {
    name: "mean_range",
    label: "Mean",
    help: "The mean, as a part of 255.",
    kind: Kind::Range {
        min: -1.0,
        max: 1.0,
        step: 0.01,
        whole: false,
        default: Some([0.0, 0.0]),
        unit: "",
        single: Single::Refused,
    },
};

const PER_CHANNEL: Field = Field {
    name: "per_channel",
    label: "Per channel",
    help: "Whether each colour has noise of its own.",
    kind: Kind::Boolean { default: true },
};

const NOISE_SCALE_FACTOR: Field = Field {
    name: "noise_scale_factor",
    label: "Noise size",
    help: "The size of the picture of noise, as a part of the picture's size; it is enlarged smoothly.",
    kind: Kind::Number {
        min: 0.01,
        max: 1.0,
        step: 0.05,
        default: Some(1.0),
        unit: "",
    },
};

pub(super) const DEFINITION: Definition = Definition {
    name: "GaussNoise",
    family: Family::Noise,
    help: "Adds normal noise, cut off to whole levels. The default is very strong: a deviation of 51 to 112 levels.",
    p: 0.5,
    fields: &[STD_RANGE, MEAN_RANGE, PER_CHANNEL, NOISE_SCALE_FACTOR],
    build: |options| {
        Ok(Box::new(Gauss {
            deviation: STD_RANGE.range(options)?.unwrap_or_default(),
            mean: MEAN_RANGE.range(options)?.unwrap_or_default(),
            per_channel: PER_CHANNEL.boolean(options)?,
            size: NOISE_SCALE_FACTOR.number(options)?.unwrap_or(1.0),
        }))
    },
};

#[derive(Debug)]
struct Gauss {
    deviation: [f64; 2],
    mean: [f64; 2],
    per_channel: bool,
    size: f64,
}

impl Transform for Gauss {
    fn draw(&self, _: Shape, stream: &mut Stream) -> Drawn {
        Drawn::nothing()
            .number("std", stream.between(self.deviation))
            .number("mean", stream.between(self.mean))
            .seed("seed", stream.seed())
    }

    /// A list `noise` in levels, row by row, may be given in place of the numbers drawn.
    fn apply(&self, mut picture: Raster, drawn: &Drawn) -> Result<Raster> {
        let shape = picture.shape();
        let planes = if self.per_channel { shape.colours() } else { 1 };
        let reduced = |length: usize| ((length as f64 * self.size) as usize).max(1);
        let [width, height] = if self.size == 1.0 {
            [shape.width, shape.height]
        } else {
            [reduced(shape.width), reduced(shape.height)]
        };
        let count = width * height * planes;
        if drawn.get("noise").is_some() {
            let list = drawn.exactly("noise", count)?;
            let list: Vec<f32> = list
                .iter()
                .map(|&noise| noise.clamp(-1e4, 1e4) as f32)
                .collect();
            self.add_map(&mut picture, [width, height, planes], &list);
            return Ok(picture);
        }
        // More would not change a pixel.
        let [deviation, mean] = [
            drawn.number_of("std")?.clamp(-10.0, 10.0),
            drawn.number_of("mean")?.clamp(-10.0, 10.0),
        ]
        .map(|part| (part * 255.0) as f32);
        let mut field = RandomField::new(drawn.seed_of("seed")?);
        let mut fill = |noise: &mut [f32]| {
            field.normal(noise);
            for number in noise {
                *number = *number * deviation + mean;
            }
        };
        if self.size == 1.0 {
            // A whole number of groups, so that chunks do not show in the field.
            const PIXELS: usize = 8 * GROUP;
            let mut noise = [0.0; 3 * PIXELS];
            for part in picture.data_mut().chunks_mut(PIXELS * shape.channels) {
                let noise = &mut noise[..part.len() / shape.channels * planes];
                fill(noise);
                add(part, shape.channels, noise, planes);
            }
        } else {
            let mut noise = vec![0.0; count];
            fill(&mut noise);
            self.add_map(&mut picture, [width, height, planes], &noise);
        }
        Ok(picture)
    }
}

impl Gauss {
    /// Adds noise of another size, sampled between its values.
    fn add_map(&self, picture: &mut Raster, [width, height, planes]: [usize; 3], noise: &[f32]) {
        let shape = picture.shape();
        if width == shape.width && height == shape.height {
            add(picture.data_mut(), shape.channels, noise, planes);
            return;
        }
        let [columns, rows] = [between(shape.width, width), between(shape.height, height)];
        let mut line = vec![0.0; width * planes];
        let mut sampled = vec![0.0; shape.width * planes];
        for (levels, (upper, lower, part)) in picture
            .data_mut()
            .chunks_exact_mut(shape.stride())
            .zip(rows)
        {
            let row = |at: usize| &noise[at * width * planes..][..width * planes];
            for (sum, (above, below)) in line.iter_mut().zip(row(upper).iter().zip(row(lower))) {
                *sum = above * (1.0 - part) + below * part;
            }
            for (pixel, &(left, right, part)) in sampled.chunks_exact_mut(planes).zip(&columns) {
                for (plane, value) in pixel.iter_mut().enumerate() {
                    *value = line[left * planes + plane] * (1.0 - part)
                        + line[right * planes + plane] * part;
                }
            }
            add(levels, shape.channels, &sampled, planes);
        }
    }
}

/// For each place the two samples about it, and how near the second is: OpenCV's
/// bilinear enlargement.
fn between(length: usize, samples: usize) -> Vec<(usize, usize, f32)> {
    let scale = samples as f64 / length as f64;
    let last = samples - 1;
    let place = |at: usize| {
        let place = ((at as f64 + 0.5) * scale - 0.5) as f32;
        if place < 0.0 {
            return (0, 0, 0.0);
        }
        let first = place as usize;
        if first >= last {
            (last, last, 0.0)
        } else {
            (first, first + 1, place - first as f32)
        }
    };
    (0..length).map(place).collect()
}

/// Adds noise, cut off to whole levels, to all levels but alpha.
fn add(levels: &mut [u8], channels: usize, noise: &[f32], planes: usize) {
    if channels == planes {
        let (blocks, rest) = levels.as_chunks_mut::<16>();
        let (numbers, rest_of_numbers) = noise.as_chunks::<16>();
        for (block, numbers) in blocks.iter_mut().zip(numbers) {
            let mut sums = simd::widen(u8x16::new(*block));
            for (sum, four) in sums.iter_mut().zip(numbers.as_chunks::<4>().0) {
                *sum += f32x4::new(*four).fast_trunc_int();
            }
            *block = simd::narrow(sums).to_array();
        }
        for (level, &number) in rest.iter_mut().zip(rest_of_numbers) {
            *level = plus(*level, number);
        }
        return;
    }
    for (pixel, numbers) in levels
        .chunks_exact_mut(channels)
        .zip(noise.chunks_exact(planes))
    {
        for (channel, level) in pixel.iter_mut().take(3).enumerate() {
            *level = plus(*level, numbers[channel.min(planes - 1)]);
        }
    }
}

fn plus(level: u8, number: f32) -> u8 {
    (i32::from(level) + number as i32).clamp(0, 255) as u8
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn noise_has_the_deviation_that_was_drawn() {
        let gauss = Gauss {
            deviation: [0.1; 2],
            mean: [0.02; 2],
            per_channel: true,
            size: 1.0,
        };
        let shape = Shape {
            width: 300,
            height: 200,
            channels: 3,
        };
        let picture = Raster::new(shape, vec![128; shape.len()]).expect("a picture");
        let drawn = gauss.draw(shape, &mut Stream::of_field(3));
        let made = gauss.apply(picture, &drawn).expect("a picture");
        let count = shape.len() as f64;
        let sum: f64 = made
            .data()
            .iter()
            .map(|&level| f64::from(level) - 128.0)
            .sum();
        let squares: f64 = made
            .data()
            .iter()
            .map(|&level| (f64::from(level) - 128.0).powi(2))
            .sum();
        let mean = sum / count;
        let deviation = (squares / count - mean * mean).sqrt();
        // Cutting off takes nearly half a level where noise is positive.
        assert!((mean - 5.1).abs() < 0.4, "{mean}");
        assert!((deviation - 25.5).abs() < 0.6, "{deviation}");
    }
}
