//! Rubber: a smooth random field moves each pixel.

use super::bend::{Bend, Map};
use super::field::{blur, gaussian};
use crate::augment::kernel::random_field::RandomField;
use crate::augment::kernel::sample::Sampler;
use crate::augment::warp::options::{BORDER_MODE, FILL_FIRST, INTERPOLATION, sampler};
use crate::augment::{Definition, Drawn, Family};
use crate::error::Result;
use crate::parameter::{Field, Kind};
use crate::random::Stream;
use crate::raster::Shape;
use wide::f32x4;

const ALPHA: Field = Field {
    name: "alpha",
    label: "Strength",
    help: "The factor of the smoothed field. What it moves also hangs on sigma: large sigmas need large factors, and the default moves nothing that can be seen.",
    kind: Kind::Number {
        min: 0.0,
        max: 100_000.0,
        step: 1.0,
        default: Some(1.0),
        unit: "",
    },
};

const SIGMA: Field = Field {
    name: "sigma",
    label: "Smoothness",
    help: "The standard deviation of the blur that smooths the field.",
    kind: Kind::Number {
        min: 1.0,
        max: 500.0,
        step: 1.0,
        default: Some(50.0),
        unit: "pixels",
    },
};

const APPROXIMATE: Field = Field {
    name: "approximate",
    label: "Small kernel",
    help: "Whether the field is blurred with 17 x 17 pixels only, whatever the smoothness: faster and rougher.",
    kind: Kind::Boolean { default: false },
};

const SAME_DXDY: Field = Field {
    name: "same_dxdy",
    label: "Diagonal only",
    help: "Whether pixels move as far down as across.",
    kind: Kind::Boolean { default: false },
};

const NOISE_DISTRIBUTION: Field = Field {
    name: "noise_distribution",
    label: "Noise",
    help: "What the field is made of: normal numbers divided by the largest, or uniform ones from -1 to 1.",
    kind: Kind::Choice {
        values: &["gaussian", "uniform"],
        default: "gaussian",
    },
};

const SIMARD: Field = Field {
    name: "simard",
    label: "As published",
    help: "Whether the field is that of Simard, Steinkraus and Platt (2003): uniform noise, and both directions are blurred apart. Digitlab's own: Albumentations does not know it.",
    kind: Kind::Boolean { default: false },
};

pub(super) const ELASTIC_TRANSFORM: Definition = Definition {
    name: "ElasticTransform",
    family: Family::Distortion,
    help: "Bends the picture like rubber: each pixel moves by a smooth random field. As in Albumentations, the fields of both directions are blurred as one picture of twice the height, so that they touch at an edge.",
    p: 0.5,
    fields: &[
        ALPHA,
        SIGMA,
        INTERPOLATION,
        APPROXIMATE,
        SAME_DXDY,
        NOISE_DISTRIBUTION,
        SIMARD,
        BORDER_MODE,
        FILL_FIRST,
    ],
    build: |options| {
        let simard = SIMARD.boolean(options)?;
        Ok(Box::new(ElasticTransform {
            alpha: ALPHA.number(options)?.unwrap_or(1.0),
            sigma: SIGMA.number(options)?.unwrap_or(1.0),
            approximate: APPROXIMATE.boolean(options)?,
            same: SAME_DXDY.boolean(options)?,
            uniform: simard || NOISE_DISTRIBUTION.choice(options)? == "uniform",
            apart: simard,
            sampler: sampler(options, false)?,
        }))
    },
};

#[derive(Debug)]
struct ElasticTransform {
    alpha: f64,
    sigma: f64,
    approximate: bool,
    same: bool,
    uniform: bool,
    apart: bool,
    sampler: Sampler,
}

impl Bend for ElasticTransform {
    /// A seed. In its place [`map`](Self::map) also takes `field`: the noise before
    /// it is divided and blurred, first all that moves across, row by row, then all that
    /// moves down, unless both are the same.
    fn draw(&self, _: Shape, stream: &mut Stream) -> Drawn {
        Drawn::nothing().seed("seed", stream.seed())
    }

    fn map(&self, shape: Shape, drawn: &Drawn) -> Result<Option<Map<'_>>> {
        let Shape { width, height, .. } = shape;
        let pixels = width * height;
        let count = if self.same { pixels } else { 2 * pixels };
        let mut field = if drawn.get("field").is_some() {
            let field = drawn.exactly("field", count)?;
            field.iter().map(|&number| number as f32).collect()
        } else {
            self.noise(drawn.seed_of("seed")?, count)
        };
        self.smooth(&mut field, width, pixels);
        let same = self.same;
        Ok(Some(Box::new(move |y, xs, ys| {
            let (across, down) = if same {
                (field.as_slice(), field.as_slice())
            } else {
                field.split_at(pixels)
            };
            let [across, down] = [across, down].map(|field| &field[y * width..][..width]);
            // Positions are whole numbers; `f32` holds them exactly.
            for ((x, place), by) in (0_i32..).zip(xs).zip(across) {
                *place = x as f32 + by;
            }
            for (place, by) in ys.iter_mut().zip(down) {
                *place = y as f32 + by;
            }
        })))
    }

    fn sampler(&self) -> &Sampler {
        &self.sampler
    }
}

impl ElasticTransform {
    /// Noise of a seed: normal numbers, or uniform ones from -1 to 1.
    fn noise(&self, seed: u64, count: usize) -> Vec<f32> {
        let mut source = RandomField::new(seed);
        let mut field = vec![0.0; count];
        if self.uniform {
            source.uniform(&mut field);
            for number in &mut field {
                *number = *number * 2.0 - 1.0;
            }
        } else {
            source.normal(&mut field);
        }
        field
    }

    /// Makes displacements of noise.
    fn smooth(&self, field: &mut [f32], width: usize, pixels: usize) {
        if !self.uniform {
            let largest = largest(field);
            if largest > 1e-6 {
                for number in field.iter_mut() {
                    *number /= largest;
                }
            }
        }
        let taps = if self.approximate {
            17
        } else {
            (self.sigma * 8.0 + 1.0).round_ties_even() as usize | 1
        };
        let kernel = gaussian(self.sigma, taps / 2);
        let part = if self.apart { pixels } else { field.len() };
        for plane in field.chunks_exact_mut(part) {
            blur(plane, width, &kernel);
        }
        let alpha = self.alpha as f32;
        for number in field {
            *number *= alpha;
        }
    }
}

/// The largest magnitude.
fn largest(numbers: &[f32]) -> f32 {
    let (fours, rest) = numbers.as_chunks::<4>();
    let most = fours.iter().fold(f32x4::ZERO, |most, four| {
        most.fast_max(f32x4::new(*four).abs())
    });
    let most = most.to_array().into_iter().chain(rest.iter().copied());
    most.fold(0.0, |most, number| most.max(number.abs()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::raster::Raster;

    /// Simard's figures for 28 x 28 pixels, 34 and 4: a uniform number has a variance of
    /// 1/3, the blur divides the deviation by 2 sigma sqrt(pi), and edges repeat.
    #[test]
    fn simards_figures_move_a_digit_visibly() {
        let elastic = ElasticTransform {
            alpha: 34.0,
            sigma: 4.0,
            approximate: false,
            same: false,
            uniform: true,
            apart: true,
            sampler: sampler(&serde_json::Map::new(), false).expect("a sampler"),
        };
        let mut sum = 0.0;
        for seed in 0..50 {
            let mut field = elastic.noise(seed, 2 * 784);
            elastic.smooth(&mut field, 28, 784);
            let (across, down) = field.split_at(784);
            let moves = across.iter().zip(down).map(|(x, y)| (x * x + y * y).sqrt());
            sum += moves.sum::<f32>() / 784.0;
        }
        assert!((2.3..3.1).contains(&(sum / 50.0)), "{}", sum / 50.0);
    }

    #[test]
    fn a_field_of_the_wrong_size_is_refused() {
        let elastic = ELASTIC_TRANSFORM
            .build(&serde_json::Map::new())
            .expect("a transform");
        let picture = Raster::grey(2, 2, vec![0; 4]);
        let drawn = Drawn::nothing().numbers("field", vec![0.0; 7]);
        assert!(elastic.apply(picture, &drawn).is_err());
    }
}
