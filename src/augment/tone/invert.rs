//! The negative, fewer levels, and the half negative.

use crate::augment::kernel::table::change;
use crate::augment::{Definition, Drawn, Family, Transform};
use crate::error::{Error, Result};
use crate::parameter::{Field, Kind, Single};
use crate::random::Stream;
use crate::raster::{Raster, Shape};

pub(super) const INVERT: Definition = Definition {
    name: "InvertImg",
    family: Family::Tone,
    help: "Makes the negative: 255 minus each level.",
    p: 0.5,
    fields: &[],
    build: |_| Ok(Box::new(Invert)),
};

#[derive(Debug)]
struct Invert;

impl Transform for Invert {
    fn draw(&self, _: Shape, _: &mut Stream) -> Drawn {
        Drawn::nothing()
    }

    fn apply(&self, mut picture: Raster, _: &Drawn) -> Result<Raster> {
        change(&mut picture, |level| !level);
        Ok(picture)
    }
}

const NUM_BITS: Field = Field {
    name: "num_bits",
    label: "Bits",
    help: "How many of the highest bits of each level are kept.",
    kind: Kind::Range {
        min: 1.0,
        max: 7.0,
        step: 1.0,
        whole: true,
        default: Some([4.0, 4.0]),
        unit: "bits",
        single: Single::Same,
    },
};

pub(super) const POSTERIZE: Definition = Definition {
    name: "Posterize",
    family: Family::Tone,
    help: "Leaves fewer levels: the lower bits become 0. Another number of bits for each channel is not offered.",
    p: 0.5,
    fields: &[NUM_BITS],
    build: |options| {
        Ok(Box::new(Posterize(
            NUM_BITS.range(options)?.unwrap_or_default(),
        )))
    },
};

#[derive(Debug)]
struct Posterize([f64; 2]);

impl Transform for Posterize {
    fn draw(&self, _: Shape, stream: &mut Stream) -> Drawn {
        let [low, high] = self.0.map(|bits| bits as u32);
        Drawn::nothing().number("num_bits", stream.within(low..=high).into())
    }

    fn apply(&self, mut picture: Raster, drawn: &Drawn) -> Result<Raster> {
        let bits = drawn.index_of("num_bits", 9)?;
        if bits == 0 {
            return Err(Error::invalid("num_bits", 0, "whole numbers from 1 to 8"));
        }
        let kept = 0xFF_u8 << (8 - bits);
        change(&mut picture, |level| level & kept);
        Ok(picture)
    }
}

const THRESHOLD_RANGE: Field = Field {
    name: "threshold_range",
    label: "Threshold",
    help: "The first level that is inverted, as a part of 255.",
    kind: Kind::Range {
        min: 0.0,
        max: 1.0,
        step: 0.05,
        whole: false,
        default: Some([0.5, 0.5]),
        unit: "",
        single: Single::Refused,
    },
};

pub(super) const SOLARIZE: Definition = Definition {
    name: "Solarize",
    family: Family::Tone,
    help: "Makes the negative of the bright levels alone.",
    p: 0.5,
    fields: &[THRESHOLD_RANGE],
    build: |options| {
        Ok(Box::new(Solarize(
            THRESHOLD_RANGE.range(options)?.unwrap_or_default(),
        )))
    },
};

#[derive(Debug)]
struct Solarize([f64; 2]);

impl Transform for Solarize {
    fn draw(&self, _: Shape, stream: &mut Stream) -> Drawn {
        Drawn::nothing().number("threshold", stream.between(self.0))
    }

    fn apply(&self, mut picture: Raster, drawn: &Drawn) -> Result<Raster> {
        let threshold = drawn.number_of("threshold")? * 255.0;
        if threshold > 255.0 {
            return Ok(picture);
        }
        let first = threshold.ceil() as u8;
        change(
            &mut picture,
            |level| if level >= first { !level } else { level },
        );
        Ok(picture)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_of_the_levels_is_inverted() {
        let picture = Raster::grey(4, 1, vec![0, 127, 128, 255]);
        let drawn = Drawn::nothing().number("threshold", 0.5);
        let made = Solarize([0.5; 2])
            .apply(picture, &drawn)
            .expect("a picture");
        assert_eq!(made.data(), [0, 127, 127, 0]);
    }
}
