//! Without colours.

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
    help: "How brightness is taken from a colour: weights of BT.601, lightness of Lab, the middle of brightest and darkest, the mean, or the brightest channel.",
    kind: Kind::Choice {
        values: &[
            "weighted_average",
            "from_lab",
            "desaturation",
            "average",
            "max",
        ],
        default: "weighted_average",
    },
};

pub(super) const DEFINITION: Definition = Definition {
    name: "ToGray",
    family: Family::Colour,
    help: "Takes colours away. A grey picture stays as it is, whatever the number of output channels. The method pca of the original is not offered.",
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
                "from_lab" => |rgb| Lab::tables().lab_of(rgb)[0],
                "desaturation" => |[r, g, b]| r.max(g).max(b).midpoint(r.min(g).min(b)),
                "average" => |rgb| (rgb.map(u16::from).iter().sum::<u16>() / 3) as u8,
                "max" => |[r, g, b]| r.max(g).max(b),
                _ => luma,
            },
            weighted: METHOD.choice(options)? == "weighted_average",
        }))
    },
};

#[derive(Debug)]
struct Grey {
    one: bool,
    method: fn(Triple) -> u8,
    weighted: bool,
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
        if self.one {
            let pixels = picture.data().chunks_exact(shape.channels);
            let grey = pixels.map(|pixel| (self.method)([pixel[0], pixel[1], pixel[2]]));
            return Raster::new(
                Shape {
                    channels: 1,
                    ..shape
                },
                grey.collect(),
            );
        }
        if self.weighted {
            without_colours(&mut picture);
        } else {
            change_colours(&mut picture, |rgb| [(self.method)(rgb); 3]);
        }
        Ok(picture)
    }
}
