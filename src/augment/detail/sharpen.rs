//! Makes edges steeper.

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
    help: "How much of the sharpened picture is mixed in: 0 nothing, 1 only it.",
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

/// The lightest result.
const LIGHTEST: f64 = 100.0;

const LIGHTNESS: Field = Field {
    name: "lightness",
    label: "Lightness",
    help: "How bright the sharpened picture is: 1 as bright as before, less is darker. \
           Only the kernel method uses it.",
    kind: Kind::Range {
        min: 0.0,
        max: LIGHTEST,
        step: 0.05,
        whole: false,
        default: Some([0.5, 1.0]),
        unit: "",
        single: Single::Refused,
    },
};

const METHOD: Field = Field {
    name: "method",
    label: "Method",
    help: "Whether the eight neighbours are subtracted (kernel), or a blurred copy \
           (gaussian). In Albumentations 2.0.8 the latter wraps around where a pixel is \
           darker than its copy, which gets brighter by 256 levels times the visibility; \
           so it does here.",
    kind: Kind::Choice {
        values: &["kernel", "gaussian"],
        default: "kernel",
    },
};

const KERNEL_SIZE: Field = Field {
    name: "kernel_size",
    label: "Size",
    help: "The width of the Gaussian; an even number counts as the next larger one. Only \
           the gaussian method uses it.",
    kind: Kind::Integer {
        min: 3,
        max: 101,
        default: Some(5),
        unit: "px",
    },
};

const SIGMA: Field = Field {
    name: "sigma",
    label: "Standard deviation",
    help: "The standard deviation of the Gaussian. Only the gaussian method uses it.",
    kind: Kind::Number {
        min: 0.01,
        max: 50.0,
        step: 0.1,
        default: Some(1.0),
        unit: "px",
    },
};

pub(super) const DEFINITION: Definition = Definition {
    name: "Sharpen",
    family: Family::Detail,
    help: "Makes edges steeper. Alpha is left alone.",
    p: 0.5,
    fields: &[ALPHA, LIGHTNESS, METHOD, KERNEL_SIZE, SIGMA],
    build: |options| {
        Ok(Box::new(Sharpen {
            alphas: ALPHA.range(options)?.unwrap_or_default(),
            lights: LIGHTNESS.range(options)?.unwrap_or_default(),
            blurs: METHOD.choice(options)? == "gaussian",
            size: KERNEL_SIZE.integer(options)?.unwrap_or(5) as usize | 1,
            sigma: SIGMA.number(options)?.unwrap_or(1.0),
        }))
    },
};

#[derive(Debug)]
struct Sharpen {
    alphas: [f64; 2],
    lights: [f64; 2],
    blurs: bool,
    size: usize,
    sigma: f64,
}

impl Transform for Sharpen {
    fn draw(&self, _: Shape, stream: &mut Stream) -> Drawn {
        let drawn = Drawn::nothing().number("alpha", stream.between(self.alphas));
        if self.blurs {
            return drawn;
        }
        drawn.number("lightness", stream.between(self.lights))
    }

    fn apply(&self, mut picture: Raster, drawn: &Drawn) -> Result<Raster> {
        let alpha = drawn.number_of("alpha")?;
        if !(0.0..=1.0).contains(&alpha) {
            return Err(Error::invalid("alpha", alpha, ALPHA.allowed()));
        }
        if self.blurs {
            without_alpha(&mut picture, |picture| self.subtract_blur(picture, alpha));
            return Ok(picture);
        }
        let light = drawn.number_of("lightness")?;
        if !(0.0..=LIGHTEST).contains(&light) {
            return Err(Error::invalid("lightness", light, LIGHTNESS.allowed()));
        }
        let mut kernel = [-alpha as f32; 9];
        kernel[4] = (1.0 - alpha) as f32 + alpha as f32 * (8.0 + light) as f32;
        without_alpha(&mut picture, |picture| {
            filter::convolve_3x3(picture, &kernel, [kernel[4], kernel[0]], |rows| {
                let [[a, b, c], [d, here, f], [g, h, i]] = rows;
                [here, ((a + b) + (c + d)) + ((f + g) + (h + i))]
            });
        });
        Ok(picture)
    }
}

impl Sharpen {
    /// Adds what a pixel has more than its blurred copy; the difference wraps around.
    fn subtract_blur(&self, picture: &mut Raster, alpha: f64) {
        // What is added for each difference, before the sum is cut off.
        let sharp = picture.data().to_vec();
        filter::gaussian_blur(picture, self.size, self.sigma);
        let more: Vec<f64> = (0..256).map(|more| alpha * f64::from(more)).collect();
        for (level, sharp) in picture.data_mut().iter_mut().zip(sharp) {
            let sum = f64::from(sharp) + more[usize::from(sharp.wrapping_sub(*level))];
            *level = sum as u8;
        }
    }
}
