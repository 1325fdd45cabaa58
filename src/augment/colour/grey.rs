//! Without colours.

use super::principal::Line;
use crate::augment::kernel::colour::{Lab, Triple, change_colours, luma, without_colours};
use crate::augment::{Definition, Drawn, Family, Transform};
use crate::error::{Error, Result};
use crate::parameter::{Field, Kind};
use crate::random::Stream;
use crate::raster::{Raster, Shape};

const NUM_OUTPUT_CHANNELS: Field = Field {
    name: "num_output_channels",
    label: "Output channels",
    help: "3 keeps three equal channels (and alpha, if there is one), 1 makes a grey picture; the original has other numbers too.",
    kind: Kind::Integer {
        min: 1,
        max: 3,
        default: Some(3),
        unit: "",
    },
};

const METHOD: Field = Field {
    name: "method",
    label: "Method",
    help: "How brightness is taken from a colour: weights of BT.601, lightness of Lab, the middle of brightest and darkest, the mean, the brightest channel, or along the line on which the picture's colours differ most (which may make bright parts dark).",
    kind: Kind::Choice {
        values: &[
            "weighted_average",
            "from_lab",
            "desaturation",
            "average",
            "max",
            "pca",
        ],
        default: "weighted_average",
    },
};

pub(super) const DEFINITION: Definition = Definition {
    name: "ToGray",
    family: Family::Colour,
    help: "Takes colours away. A grey picture stays as it is, whatever the number of output channels.",
    p: 0.5,
    fields: &[NUM_OUTPUT_CHANNELS, METHOD],
    build: |options| {
        let channels = NUM_OUTPUT_CHANNELS.integer(options)?.unwrap_or(3);
        if channels == 2 {
            return Err(Error::invalid("num_output_channels", channels, "1 or 3"));
        }
        Ok(Box::new(Grey {
            one: channels == 1,
            method: match METHOD.choice(options)? {
                "from_lab" => Method::Each(|rgb| Lab::tables().lab_of(rgb)[0]),
                "desaturation" => {
                    Method::Each(|[r, g, b]| r.max(g).max(b).midpoint(r.min(g).min(b)))
                }
                "average" => Method::Each(|rgb| (rgb.map(u16::from).iter().sum::<u16>() / 3) as u8),
                "max" => Method::Each(|[r, g, b]| r.max(g).max(b)),
                "pca" => Method::Principal,
                _ => Method::Weighted,
            },
        }))
    },
};

#[derive(Clone, Copy, Debug)]
enum Method {
    /// By weights, which vectors can do.
    Weighted,
    /// Each pixel on its own.
    Each(fn(Triple) -> u8),
    /// Along the axis of the largest variance.
    Principal,
}

#[derive(Debug)]
struct Grey {
    one: bool,
    method: Method,
}

/// The picture with the grey level of each pixel, as one channel or in all that carry
/// light.
fn levels(mut picture: Raster, one: bool, level: impl Fn(Triple) -> u8) -> Result<Raster> {
    let shape = picture.shape();
    if one {
        let pixels = picture.data().chunks_exact(shape.channels);
        let grey = pixels.map(|pixel| level([pixel[0], pixel[1], pixel[2]]));
        let shape = Shape {
            channels: 1,
            ..shape
        };
        return Raster::new(shape, grey.collect());
    }
    change_colours(&mut picture, |rgb| [level(rgb); 3]);
    Ok(picture)
}

impl Transform for Grey {
    fn draw(&self, _: Shape, _: &mut Stream) -> Drawn {
        Drawn::nothing()
    }

    fn apply(&self, mut picture: Raster, _: &Drawn) -> Result<Raster> {
        let shape = picture.shape();
        if shape.channels == 1 {
            return Ok(picture);
        }
        match self.method {
            Method::Weighted if !self.one => {
                without_colours(&mut picture);
                Ok(picture)
            }
            Method::Weighted => levels(picture, self.one, luma),
            Method::Each(level) => levels(picture, self.one, level),
            Method::Principal => {
                let line = Line::of(&picture);
                levels(picture, self.one, |rgb| line.level(rgb))
            }
        }
    }
}
