//! The noise of single photons.

use super::poisson::Poisson;
use crate::augment::kernel::random_field::RandomField;
use crate::augment::{Definition, Drawn, Family, Transform};
use crate::error::Result;
use crate::parameter::{Field, Kind, Single};
use crate::random::Stream;
use crate::raster::{Raster, Shape};

const SCALE_RANGE: Field = Field {
    name: "scale_range",
    label: "Scale",
    help: "The light of one photon, as a part of white; more is noisier.",
    kind: Kind::Range {
        min: 0.001,
        max: 10.0,
        step: 0.01,
        whole: false,
        default: Some([0.1, 0.3]),
        unit: "",
        single: Single::Refused,
    },
};

pub(super) const DEFINITION: Definition = Definition {
    name: "ShotNoise",
    family: Family::Noise,
    help: "Counts photons: each value becomes light (power 2.2), a Poisson number of photons, and a level again. The default is strong: white is 3 to 10 photons.",
    p: 0.5,
    fields: &[SCALE_RANGE],
    build: |options| {
        Ok(Box::new(Shot(
            SCALE_RANGE.range(options)?.unwrap_or_default(),
        )))
    },
};

#[derive(Debug)]
struct Shot([f64; 2]);

/// The counts and the level of each.
struct Levels {
    scale: f32,
    known: Vec<u8>,
}

impl Levels {
    fn new(scale: f64) -> Self {
        let scale = scale as f32;
        // All further counts are white.
        let white = (1.0 / scale) as usize + 2;
        let known = (0..white)
            .map(|count| Self::level(count as f32 * scale))
            .collect();
        Self { scale, known }
    }

    fn level(light: f32) -> u8 {
        let value = libm::pow(f64::from(light.clamp(0.0, 1.0)), 1.0 / 2.2) as f32;
        (value * 255.0).round_ties_even() as u8
    }

    fn of(&self, count: usize) -> u8 {
        self.known
            .get(count)
            .copied()
            .unwrap_or_else(|| Self::level(count as f32 * self.scale))
    }
}

impl Transform for Shot {
    fn draw(&self, _: Shape, stream: &mut Stream) -> Drawn {
        Drawn::nothing()
            .number("scale", stream.between(self.0))
            .seed("seed", stream.seed())
    }

    /// A list `noise` with a count for each value but alpha may be given in place of the
    /// seed.
    fn apply(&self, mut picture: Raster, drawn: &Drawn) -> Result<Raster> {
        let scale = drawn.number_of("scale")?.clamp(0.001, 1e6);
        let levels = Levels::new(scale);
        let Shape { channels, .. } = picture.shape();
        let colours = picture.shape().colours();
        if drawn.get("noise").is_some() {
            let count = picture.width() * picture.height() * colours;
            let list = drawn.exactly("noise", count)?;
            for (pixel, counts) in picture
                .data_mut()
                .chunks_exact_mut(channels)
                .zip(list.chunks_exact(colours))
            {
                for (level, &count) in pixel.iter_mut().zip(counts) {
                    *level = levels.of(count as usize);
                }
            }
            return Ok(picture);
        }
        let mut field = RandomField::new(drawn.seed_of("seed")?);
        // Most pictures have most levels; each distribution is made when it is needed.
        let mut distributions: Vec<Option<Poisson>> = (0..256).map(|_| None).collect();
        for pixel in picture.data_mut().chunks_exact_mut(channels) {
            for level in &mut pixel[..colours] {
                let known = &mut distributions[usize::from(*level)];
                let distribution = known.get_or_insert_with(|| {
                    let light = libm::pow(f64::from(*level) / 255.0, 2.2);
                    Poisson::new((light + scale * 1e-6) / scale)
                });
                *level = levels.of(distribution.draw(&mut field));
            }
        }
        Ok(picture)
    }
}
