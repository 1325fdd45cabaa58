//! Brightness, contrast, saturation and hue, in any order.

use super::hue::turned;
use crate::augment::kernel::colour::{change_colours, change_hsv, luma};
use crate::augment::kernel::table::{change, scale};
use crate::augment::{Definition, Drawn, Family, Transform};
use crate::error::{Error, Result};
use crate::parameter::{Field, Kind, Single};
use crate::random::Stream;
use crate::raster::{Raster, Shape};

/// What each factor may be.
const FACTOR: Kind = Kind::Range {
    min: 0.0,
    max: 10.0,
    step: 0.05,
    whole: false,
    default: Some([0.8, 1.2]),
    unit: "",
    single: Single::About(1.0),
};

const BRIGHTNESS: Field = Field {
    name: "brightness",
    label: "Brightness",
    help: "The factor of all levels; one number is how far it may be from 1.",
    kind: FACTOR,
};

const CONTRAST: Field = Field {
    name: "contrast",
    label: "Contrast",
    help: "The factor of the distance to the mean grey level; one number is how far it may be from 1.",
    kind: FACTOR,
};

const SATURATION: Field = Field {
    name: "saturation",
    label: "Saturation",
    help: "The factor of the distance to the pixel's grey level; one number is how far it may be from 1.",
    kind: FACTOR,
};

const HUE: Field = Field {
    name: "hue",
    label: "Hue",
    help: "How far the hue is turned, in turns.",
    kind: Kind::Range {
        min: -0.5,
        max: 0.5,
        step: 0.05,
        whole: false,
        default: Some([-0.5, 0.5]),
        unit: "turns",
        single: Single::Symmetric,
    },
};

pub(super) const DEFINITION: Definition = Definition {
    name: "ColorJitter",
    family: Family::Colour,
    help: "Changes brightness, contrast, saturation and hue, as torchvision does, in a random order. A grey picture has only the first two. With the default, hues turn all the way round.",
    p: 0.5,
    fields: &[BRIGHTNESS, CONTRAST, SATURATION, HUE],
    build: |options| {
        let range = |field: &Field| Ok(field.range(options)?.unwrap_or_default());
        Ok(Box::new(Jitter {
            brightness: range(&BRIGHTNESS)?,
            contrast: range(&CONTRAST)?,
            saturation: range(&SATURATION)?,
            hue: range(&HUE)?,
        }))
    },
};

#[derive(Debug)]
struct Jitter {
    brightness: [f64; 2],
    contrast: [f64; 2],
    saturation: [f64; 2],
    hue: [f64; 2],
}

impl Transform for Jitter {
    fn draw(&self, _: Shape, stream: &mut Stream) -> Drawn {
        let drawn = Drawn::nothing()
            .number("brightness", stream.between(self.brightness))
            .number("contrast", stream.between(self.contrast))
            .number("saturation", stream.between(self.saturation))
            .number("hue", stream.between(self.hue));
        let mut order = [0.0, 1.0, 2.0, 3.0];
        stream.shuffle(&mut order);
        drawn.numbers("order", order.to_vec())
    }

    fn apply(&self, mut picture: Raster, drawn: &Drawn) -> Result<Raster> {
        let factors = [
            drawn.number_of("brightness")?,
            drawn.number_of("contrast")?,
            drawn.number_of("saturation")?,
            drawn.number_of("hue")?,
        ];
        for &step in drawn.exactly("order", 4)? {
            let steps: [fn(&mut Raster, f64); 4] = [brighten, contrast, saturate, turn];
            let index = [0.0, 1.0, 2.0, 3.0].iter().position(|&known| known == step);
            let index = index.ok_or_else(|| {
                Error::invalid("order", step, "the numbers 0, 1, 2, 3 in any order")
            })?;
            steps[index](&mut picture, factors[index]);
        }
        Ok(picture)
    }
}

fn brighten(picture: &mut Raster, factor: f64) {
    if factor != 1.0 {
        scale(picture, factor, 0.0);
    }
}

fn contrast(picture: &mut Raster, factor: f64) {
    if factor == 1.0 {
        return;
    }
    let sum: u64 = match picture.channels() {
        1 => picture.data().iter().map(|&level| u64::from(level)).sum(),
        channels => {
            let pixels = picture.data().chunks_exact(channels);
            pixels
                .map(|pixel| u64::from(luma([pixel[0], pixel[1], pixel[2]])))
                .sum()
        }
    };
    let mean = sum as f64 / (picture.width() * picture.height()) as f64;
    if factor == 0.0 {
        let mean = (mean + 0.5) as u8;
        change(picture, |_| mean);
    } else {
        scale(picture, factor, mean * (1.0 - factor));
    }
}

fn saturate(picture: &mut Raster, factor: f64) {
    if factor == 1.0 {
        return;
    }
    let [of_colour, of_grey] = [factor as f32, (1.0 - factor) as f32];
    change_colours(picture, |rgb| {
        let grey = luma(rgb);
        let grey_part = f32::from(grey) * of_grey;
        // Multiplied and added in one step, rounded once.
        rgb.map(|level| {
            let sum = f64::from(level) * f64::from(of_colour) + f64::from(grey_part);
            (sum as f32).round_ties_even() as u8
        })
    });
}

fn turn(picture: &mut Raster, turns: f64) {
    if turns == 0.0 || picture.channels() == 1 {
        return;
    }
    let hues = turned(180.0 * turns);
    change_hsv(picture, |[h, s, v]| [hues[usize::from(h)], s, v]);
}
