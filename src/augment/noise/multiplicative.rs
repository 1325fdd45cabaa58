//! Levels are multiplied by random numbers.

use crate::augment::kernel::random_field::RandomField;
use crate::augment::kernel::table::{affine, look_up_each};
use crate::augment::{Definition, Drawn, Family, Transform};
use crate::error::Result;
use crate::parameter::{Field, Kind, Single};
use crate::random::Stream;
use crate::raster::{Raster, Shape};

const MULTIPLIER: Field = Field {
    name: "multiplier",
    label: "Multiplier",
    help: "The factors.",
    kind: Kind::Range {
        min: 0.0,
        max: 100.0,
        step: 0.05,
        whole: false,
        default: Some([0.9, 1.1]),
        unit: "",
        single: Single::Refused,
    },
};

const PER_CHANNEL: Field = Field {
    name: "per_channel",
    label: "Per channel",
    help: "Whether each colour has factors of its own.",
    kind: Kind::Boolean { default: false },
};

const ELEMENTWISE: Field = Field {
    name: "elementwise",
    label: "Per pixel",
    help: "Whether each pixel has factors of its own; otherwise the picture has one.",
    kind: Kind::Boolean { default: false },
};

pub(super) const DEFINITION: Definition = Definition {
    name: "MultiplicativeNoise",
    family: Family::Noise,
    help: "Multiplies levels by random numbers; fractions are cut off.",
    p: 0.5,
    fields: &[MULTIPLIER, PER_CHANNEL, ELEMENTWISE],
    build: |options| {
        Ok(Box::new(Multiplicative {
            multiplier: MULTIPLIER.range(options)?.unwrap_or_default(),
            per_channel: PER_CHANNEL.boolean(options)?,
            elementwise: ELEMENTWISE.boolean(options)?,
        }))
    },
};

#[derive(Debug)]
struct Multiplicative {
    multiplier: [f64; 2],
    per_channel: bool,
    elementwise: bool,
}

impl Transform for Multiplicative {
    fn draw(&self, shape: Shape, stream: &mut Stream) -> Drawn {
        if self.elementwise {
            return Drawn::nothing().seed("seed", stream.seed());
        }
        let count = if self.per_channel { shape.colours() } else { 1 };
        let factors = (0..count)
            .map(|_| stream.between(self.multiplier))
            .collect();
        Drawn::nothing().numbers("multiplier", factors)
    }

    /// A list `noise` of factors, row by row, may be given in place of the seed.
    fn apply(&self, mut picture: Raster, drawn: &Drawn) -> Result<Raster> {
        let shape = picture.shape();
        let planes = if self.per_channel { shape.colours() } else { 1 };
        if !self.elementwise {
            let factors = drawn.exactly("multiplier", planes)?;
            let tables =
                std::array::from_fn(|channel| affine(factors[channel.min(planes - 1)], 0.0));
            look_up_each(&mut picture, &tables);
            return Ok(picture);
        }
        if drawn.get("noise").is_some() {
            let list = drawn.exactly("noise", shape.width * shape.height * planes)?;
            let list: Vec<f32> = list.iter().map(|&factor| factor as f32).collect();
            multiply(picture.data_mut(), shape.channels, &list, planes);
            return Ok(picture);
        }
        let mut field = RandomField::new(drawn.seed_of("seed")?);
        let [low, high] = self.multiplier.map(|end| end as f32);
        // A whole number of groups, so that chunks do not show in the field.
        const PIXELS: usize = 512;
        let mut factors = [0.0; 3 * PIXELS];
        for part in picture.data_mut().chunks_mut(PIXELS * shape.channels) {
            let factors = &mut factors[..part.len() / shape.channels * planes];
            field.uniform(factors);
            for factor in factors.iter_mut() {
                *factor = low + (high - low) * *factor;
            }
            multiply(part, shape.channels, factors, planes);
        }
        Ok(picture)
    }
}

fn multiply(levels: &mut [u8], channels: usize, factors: &[f32], planes: usize) {
    let times = |level: &mut u8, factor: f32| *level = (f32::from(*level) * factor) as u8;
    if channels == planes {
        for (level, &factor) in levels.iter_mut().zip(factors) {
            times(level, factor);
        }
        return;
    }
    for (pixel, factors) in levels
        .chunks_exact_mut(channels)
        .zip(factors.chunks_exact(planes))
    {
        for (channel, level) in pixel.iter_mut().take(3).enumerate() {
            times(level, factors[channel.min(planes - 1)]);
        }
    }
}
