//! The negative, fewer levels, and the half negative.

use crate::augment::kernel::table::{change, look_up_each};
use crate::augment::{Definition, Drawn, Family, Transform, Value};
use crate::error::{Error, Result};
use crate::parameter::{Field, Kind, Lists, Ranges, Single};
use crate::random::Stream;
use crate::raster::{Raster, Shape};
use std::array::from_fn;

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
    help: "How many of the highest bits of each level are kept; in colours red, green and blue may have ranges of their own.",
    kind: Kind::Ranges {
        min: 1.0,
        max: 7.0,
        step: 1.0,
        whole: true,
        default: Some([4.0, 4.0]),
        unit: "bits",
        lists: Lists::Channels,
    },
};

pub(super) const POSTERIZE: Definition = Definition {
    name: "Posterize",
    family: Family::Tone,
    help: "Leaves fewer levels: the lower bits become 0.",
    p: 0.5,
    fields: &[NUM_BITS],
    build: |options| {
        Ok(Box::new(match NUM_BITS.ranges(options)? {
            Some(Ranges::Each(each)) => Posterize::Each(each),
            Some(Ranges::One(range)) => Posterize::All(range),
            _ => return Err(NUM_BITS.missing()),
        }))
    },
};

#[derive(Debug)]
enum Posterize {
    All([f64; 2]),
    Each(Vec<[f64; 2]>),
}

/// The bits that are kept, as a mask.
fn kept(bits: f64) -> Result<u8> {
    if bits.fract() != 0.0 || !(1.0..=8.0).contains(&bits) {
        let allowed = "whole numbers from 1 to 8";
        return Err(Error::invalid("num_bits", bits, allowed));
    }
    Ok(0xFF << (8 - bits as u8))
}

impl Transform for Posterize {
    /// `num_bits` is one number, or one for each channel.
    fn draw(&self, _: Shape, stream: &mut Stream) -> Drawn {
        let mut draw = |range: [f64; 2]| {
            let [low, high] = range.map(|bits| bits as u32);
            f64::from(stream.within(low..=high))
        };
        match self {
            Self::All(range) => Drawn::nothing().number("num_bits", draw(*range)),
            Self::Each(each) => {
                Drawn::nothing().numbers("num_bits", each.iter().copied().map(draw).collect())
            }
        }
    }

    fn apply(&self, mut picture: Raster, drawn: &Drawn) -> Result<Raster> {
        let Some(Value::Numbers(_)) = drawn.get("num_bits") else {
            let kept = kept(drawn.number_of("num_bits")?)?;
            change(&mut picture, |level| level & kept);
            return Ok(picture);
        };
        let bits = drawn.exactly("num_bits", 3)?;
        let masks = [kept(bits[0])?, kept(bits[1])?, kept(bits[2])?];
        if picture.channels() == 1 {
            return Err(Error::Unsupported {
                field: NUM_BITS.name.into(),
                value: "a list".into(),
                allowed: "one range, as the picture is grey".into(),
            });
        }
        look_up_each(
            &mut picture,
            &masks.map(|kept| from_fn(|level| level as u8 & kept)),
        );
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
