//! Hue, saturation and value are moved.

use crate::augment::kernel::colour::change_hsv;
use crate::augment::kernel::table::{Table, change, table};
use crate::augment::{Definition, Drawn, Family, Transform};
use crate::error::Result;
use crate::parameter::{Field, Kind, Single};
use crate::random::Stream;
use crate::raster::{Raster, Shape};

const HUE_SHIFT_LIMIT: Field = Field {
    name: "hue_shift_limit",
    label: "Hue",
    help: "How far the hue is turned; 180 is once around.",
    kind: Kind::Range {
        min: -180.0,
        max: 180.0,
        step: 1.0,
        whole: false,
        default: Some([-20.0, 20.0]),
        unit: "2 degrees",
        single: Single::Symmetric,
    },
};

const SAT_SHIFT_LIMIT: Field = Field {
    name: "sat_shift_limit",
    label: "Saturation",
    help: "What is added to the saturation, which lies within 0 and 255.",
    kind: Kind::Range {
        min: -255.0,
        max: 255.0,
        step: 1.0,
        whole: false,
        default: Some([-30.0, 30.0]),
        unit: "",
        single: Single::Symmetric,
    },
};

const VAL_SHIFT_LIMIT: Field = Field {
    name: "val_shift_limit",
    label: "Value",
    help: "What is added to the value, which lies within 0 and 255.",
    kind: Kind::Range {
        min: -255.0,
        max: 255.0,
        step: 1.0,
        whole: false,
        default: Some([-20.0, 20.0]),
        unit: "",
        single: Single::Symmetric,
    },
};

pub(super) const DEFINITION: Definition = Definition {
    name: "HueSaturationValue",
    family: Family::Colour,
    help: "Turns the hue, and adds to saturation and value (fractions are cut off). Greys stay grey; of a grey picture only the value changes.",
    p: 0.5,
    fields: &[HUE_SHIFT_LIMIT, SAT_SHIFT_LIMIT, VAL_SHIFT_LIMIT],
    build: |options| {
        Ok(Box::new(Hue {
            hue: HUE_SHIFT_LIMIT.range(options)?.unwrap_or_default(),
            saturation: SAT_SHIFT_LIMIT.range(options)?.unwrap_or_default(),
            value: VAL_SHIFT_LIMIT.range(options)?.unwrap_or_default(),
        }))
    },
};

#[derive(Debug)]
struct Hue {
    hue: [f64; 2],
    saturation: [f64; 2],
    value: [f64; 2],
}

/// The hue that each hue becomes, turned by `shift` of 180.
pub(super) fn turned(shift: f64) -> Table {
    table(|hue| (hue as f64 + shift).rem_euclid(180.0) as u8)
}

/// A whole number added to a level.
fn added(level: u8, number: i16) -> u8 {
    (i16::from(level) + number).clamp(0, 255) as u8
}

impl Transform for Hue {
    fn draw(&self, _: Shape, stream: &mut Stream) -> Drawn {
        Drawn::nothing()
            .number("hue_shift", stream.between(self.hue))
            .number("sat_shift", stream.between(self.saturation))
            .number("val_shift", stream.between(self.value))
    }

    fn apply(&self, mut picture: Raster, drawn: &Drawn) -> Result<Raster> {
        let hue = drawn.number_of("hue_shift")?;
        let saturation = drawn.number_of("sat_shift")?;
        let value = drawn.number_of("val_shift")?;
        if hue == 0.0 && saturation == 0.0 && value == 0.0 {
            return Ok(picture);
        }
        let [saturation, value] =
            [saturation, value].map(|shift| shift.clamp(-255.0, 255.0) as i16);
        if picture.channels() == 1 {
            change(&mut picture, |level| added(level, value));
            return Ok(picture);
        }
        let hues = turned(hue);
        change_hsv(&mut picture, |[h, s, v]| {
            let s = if s == 0 { 0 } else { added(s, saturation) };
            [hues[usize::from(h)], s, added(v, value)]
        });
        Ok(picture)
    }
}
