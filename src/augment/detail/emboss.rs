//! Makes edges look raised.

use super::without_alpha;
use crate::augment::kernel::filter;
use crate::augment::{Definition, Drawn, Family, Transform};
use crate::error::{Error, Result};
use crate::parameter::{Field, Kind, Single};
use crate::random::Stream;
use crate::raster::{Raster, Shape};

const ALPHA: Field = Field {
    name: "alpha",
    label: "Visibility",
    help: "How much of the embossed picture is mixed in: 0 nothing, 1 only it.",
    kind: Kind::Range {
        min: 0.0,
        max: 1.0,
        step: 0.05,
        whole: false,
        default: Some([0.2, 0.5]),
        unit: "",
        single: Single::Refused,
    },
};

/// The highest relief.
const STRONGEST: f64 = 100.0;

const STRENGTH: Field = Field {
    name: "strength",
    label: "Strength",
    help: "How high the relief is.",
    kind: Kind::Range {
        min: 0.0,
        max: STRONGEST,
        step: 0.05,
        whole: false,
        default: Some([0.2, 0.7]),
        unit: "",
        single: Single::Refused,
    },
};

pub(super) const DEFINITION: Definition = Definition {
    name: "Emboss",
    family: Family::Detail,
    help: "Makes edges look raised, with light from the top left. Alpha is left alone.",
    p: 0.5,
    fields: &[ALPHA, STRENGTH],
    build: |options| {
        Ok(Box::new(Emboss {
            alphas: ALPHA.range(options)?.unwrap_or_default(),
            strengths: STRENGTH.range(options)?.unwrap_or_default(),
        }))
    },
};

#[derive(Debug)]
struct Emboss {
    alphas: [f64; 2],
    strengths: [f64; 2],
}

impl Transform for Emboss {
    fn draw(&self, _: Shape, stream: &mut Stream) -> Drawn {
        let alpha = stream.between(self.alphas);
        let strength = stream.between(self.strengths);
        Drawn::nothing()
            .number("alpha", alpha)
            .number("strength", strength)
    }

    fn apply(&self, mut picture: Raster, drawn: &Drawn) -> Result<Raster> {
        let alpha = drawn.number_of("alpha")?;
        if !(0.0..=1.0).contains(&alpha) {
            return Err(Error::invalid("alpha", alpha, ALPHA.allowed()));
        }
        let strength = drawn.number_of("strength")?;
        if !(0.0..=STRONGEST).contains(&strength) {
            return Err(Error::invalid("strength", strength, STRENGTH.allowed()));
        }
        let kernel = kernel(alpha, strength);
        let weights = [kernel[4], kernel[5], kernel[8]];
        // What is at the bottom and on the right counts as much as what is opposite, with
        // the other sign.
        without_alpha(&mut picture, |picture| {
            filter::convolve_3x3(picture, &kernel, weights, |[above, here, below]| {
                [
                    here[1],
                    (here[2] - here[0]) + (below[1] - above[1]),
                    below[2] - above[0],
                ]
            });
        });
        Ok(picture)
    }
}

/// (1 - alpha) times the picture as it is, and alpha times the relief.
fn kernel(alpha: f64, strength: f64) -> [f32; 9] {
    let edge = strength as f32;
    let corner = (1.0 + strength) as f32;
    let relief = [-corner, -edge, 0.0, -edge, 1.0, edge, 0.0, edge, corner];
    let mut kernel = relief.map(|weight| alpha as f32 * weight);
    kernel[4] += (1.0 - alpha) as f32;
    kernel
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kernels_are_mixed() {
        assert_eq!(
            kernel(0.5, 0.5),
            [-0.75, -0.25, 0.0, -0.25, 1.0, 0.25, 0.0, 0.25, 0.75]
        );
    }
}
