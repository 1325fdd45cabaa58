//! Makes edges steeper where there are edges.

use super::without_alpha;
use crate::augment::blur::{SIZE_LIMIT, Sizes};
use crate::augment::kernel::border::Border;
use crate::augment::kernel::filter;
use crate::augment::{Definition, Drawn, Family, Transform};
use crate::error::{Error, Result};
use crate::parameter::{Field, Kind, Single};
use crate::random::Stream;
use crate::raster::{Raster, Shape, to_unit};

/// The widest bell.
const WIDEST: f64 = 50.0;

const SIGMA_LIMIT: Field = Field {
    name: "sigma_limit",
    label: "Standard deviation",
    help: "The standard deviation of the Gaussian that finds edges; 0 makes it from the \
           size.",
    kind: Kind::Range {
        min: 0.0,
        max: WIDEST,
        step: 0.1,
        whole: false,
        default: Some([0.0, 0.0]),
        unit: "px",
        single: Single::From(0.0),
    },
};

const ALPHA: Field = Field {
    name: "alpha",
    label: "Strength",
    help: "How much of the difference to the blurred picture is added.",
    kind: Kind::Range {
        min: 0.0,
        max: 1.0,
        step: 0.05,
        whole: false,
        default: Some([0.2, 0.5]),
        unit: "",
        single: Single::From(0.0),
    },
};

const THRESHOLD: Field = Field {
    name: "threshold",
    label: "Threshold",
    help: "Where the difference is not above this, nothing is added.",
    kind: Kind::Integer {
        min: 0,
        max: 255,
        default: Some(10),
        unit: "levels",
    },
};

pub(super) const DEFINITION: Definition = Definition {
    name: "UnsharpMask",
    family: Family::Detail,
    help: "Makes edges steeper where they are clear, and leaves flat parts. Alpha is left \
           alone.",
    p: 0.5,
    fields: &[SIZE_LIMIT, SIGMA_LIMIT, ALPHA, THRESHOLD],
    build: |options| {
        Ok(Box::new(UnsharpMask {
            sizes: Sizes::new(options)?,
            sigmas: SIGMA_LIMIT.range(options)?.unwrap_or_default(),
            alphas: ALPHA.range(options)?.unwrap_or_default(),
            threshold: THRESHOLD.integer(options)?.unwrap_or_default() as f32,
        }))
    },
};

#[derive(Debug)]
struct UnsharpMask {
    sizes: Sizes,
    sigmas: [f64; 2],
    alphas: [f64; 2],
    threshold: f32,
}

impl Transform for UnsharpMask {
    fn draw(&self, _: Shape, stream: &mut Stream) -> Drawn {
        let size = self.sizes.draw(stream);
        let sigma = stream.between(self.sigmas);
        let alpha = stream.between(self.alphas);
        Drawn::nothing()
            .number("size", size)
            .number("sigma", sigma)
            .number("alpha", alpha)
    }

    fn apply(&self, mut picture: Raster, drawn: &Drawn) -> Result<Raster> {
        let size = Sizes::of(drawn)?;
        let sigma = drawn.number_of("sigma")?;
        if !(0.0..=WIDEST).contains(&sigma) {
            return Err(Error::invalid("sigma", sigma, SIGMA_LIMIT.allowed()));
        }
        let alpha = drawn.number_of("alpha")?;
        if !(0.0..=1.0).contains(&alpha) {
            return Err(Error::invalid("alpha", alpha, ALPHA.allowed()));
        }
        let taps = filter::gaussian_taps(size, sigma);
        let taps: Vec<f32> = taps.into_iter().map(|tap| tap as f32).collect();
        without_alpha(&mut picture, |picture| {
            self.sharpen(picture, &taps, alpha as f32);
        });
        Ok(picture)
    }
}

impl UnsharpMask {
    fn sharpen(&self, picture: &mut Raster, taps: &[f32], alpha: f32) {
        let shape = picture.shape();
        let mut blurred: Vec<f32> = picture.data().iter().copied().map(to_unit).collect();
        filter::separate_plane(&mut blurred, shape, taps, Border::Reflect101);
        let edge = |level: u8, blurred: f32| {
            let more = (to_unit(level) - blurred).abs() * 255.0 > self.threshold;
            f32::from(u8::from(more))
        };
        let both = picture.data().iter().zip(&blurred);
        let mut mask: Vec<f32> = both
            .map(|(level, blurred)| edge(*level, *blurred))
            .collect();
        filter::separate_plane(&mut mask, shape, taps, Border::Reflect101);
        let levels = picture.data_mut().iter_mut();
        for ((level, blurred), mask) in levels.zip(blurred).zip(mask) {
            let image = to_unit(*level);
            let sharp = (image + alpha * (image - blurred)).clamp(0.0, 1.0);
            let mixed = sharp * mask + image * (1.0 - mask);
            *level = (mixed.clamp(0.0, 1.0) * 255.0).round_ties_even() as u8;
        }
    }
}
