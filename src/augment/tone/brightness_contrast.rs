//! Brighter or darker, with more or less contrast.

use crate::augment::kernel::table::scale;
use crate::augment::{Definition, Drawn, Family, Transform};
use crate::error::Result;
use crate::parameter::{Field, Kind, Single};
use crate::random::Stream;
use crate::raster::{Raster, Shape};

const BRIGHTNESS_LIMIT: Field = Field {
    name: "brightness_limit",
    label: "Brightness",
    help: "What is added, as a part of the brightest level or of the picture's mean.",
    kind: Kind::Range {
        min: -3.0,
        max: 3.0,
        step: 0.05,
        whole: false,
        default: Some([-0.2, 0.2]),
        unit: "",
        single: Single::Symmetric,
    },
};

const CONTRAST_LIMIT: Field = Field {
    name: "contrast_limit",
    label: "Contrast",
    help: "What is added to the factor 1 by which levels are multiplied; black stays black.",
    kind: Kind::Range {
        min: -10.0,
        max: 10.0,
        step: 0.05,
        whole: false,
        default: Some([-0.2, 0.2]),
        unit: "",
        single: Single::Symmetric,
    },
};

const BRIGHTNESS_BY_MAX: Field = Field {
    name: "brightness_by_max",
    label: "Brightness by maximum",
    help: "Whether the brightness is a part of 255; otherwise of the mean of all the picture's levels.",
    kind: Kind::Boolean { default: true },
};

const ENSURE_SAFE_RANGE: Field = Field {
    name: "ensure_safe_range",
    label: "Keep within range",
    help: "Whether factor and sum are made smaller so that no level is clipped.",
    kind: Kind::Boolean { default: false },
};

pub(super) const DEFINITION: Definition = Definition {
    name: "RandomBrightnessContrast",
    family: Family::Tone,
    help: "Multiplies all levels by one factor, and adds one number; fractions are cut off.",
    p: 0.5,
    fields: &[
        BRIGHTNESS_LIMIT,
        CONTRAST_LIMIT,
        BRIGHTNESS_BY_MAX,
        ENSURE_SAFE_RANGE,
    ],
    build: |options| {
        Ok(Box::new(BrightnessContrast {
            brightness: BRIGHTNESS_LIMIT.range(options)?.unwrap_or_default(),
            contrast: CONTRAST_LIMIT.range(options)?.unwrap_or_default(),
            by_max: BRIGHTNESS_BY_MAX.boolean(options)?,
            safe: ENSURE_SAFE_RANGE.boolean(options)?,
        }))
    },
};

#[derive(Debug)]
struct BrightnessContrast {
    brightness: [f64; 2],
    contrast: [f64; 2],
    by_max: bool,
    safe: bool,
}

impl Transform for BrightnessContrast {
    fn draw(&self, _: Shape, stream: &mut Stream) -> Drawn {
        Drawn::nothing()
            .number("alpha", 1.0 + stream.between(self.contrast))
            .number("brightness", stream.between(self.brightness))
    }

    fn apply(&self, mut picture: Raster, drawn: &Drawn) -> Result<Raster> {
        let mut alpha = drawn.number_of("alpha")?;
        let whole = if self.by_max { 255.0 } else { mean(&picture) };
        let mut beta = drawn.number_of("brightness")? * whole;
        if self.safe && alpha > 0.0 {
            beta = beta.clamp(0.0, 255.0);
            alpha = alpha.min((255.0 - beta) / 255.0);
        } else if self.safe {
            beta = beta.min(255.0);
            alpha = alpha.max(-beta / 255.0);
        }
        scale(&mut picture, alpha, beta);
        Ok(picture)
    }
}

/// The mean of all levels but alpha.
fn mean(picture: &Raster) -> f64 {
    let sum = |levels: &[u8]| levels.iter().map(|&level| u64::from(level)).sum::<u64>();
    let shape = picture.shape();
    let sum: u64 = if shape.channels == 4 {
        let pixels = picture.data().as_chunks::<4>().0;
        pixels.iter().map(|pixel| sum(&pixel[..3])).sum()
    } else {
        sum(picture.data())
    };
    sum as f64 / (shape.width * shape.height * shape.colours()) as f64
}
