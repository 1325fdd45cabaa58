//! Dilation and erosion by an ellipse.

use crate::augment::kernel::morphology;
use crate::augment::{Definition, Drawn, Family, Transform};
use crate::error::Result;
use crate::parameter::{Field, Kind, Single};
use crate::random::Stream;
use crate::raster::{Raster, Shape};

const SCALE: Field = Field {
    name: "scale",
    label: "Size",
    help: "The width and the height of the ellipse in pixels. Nothing is drawn between the two; a single number is the height of an ellipse one pixel wide.",
    kind: Kind::Range {
        min: 1.0,
        max: 100.0,
        step: 1.0,
        whole: true,
        default: Some([2.0, 3.0]),
        unit: "pixels",
        single: Single::From(1.0),
    },
};

const OPERATION: Field = Field {
    name: "operation",
    label: "Operation",
    help: "Dilation makes light strokes thicker, erosion makes them thinner.",
    kind: Kind::Choice {
        values: &["dilation", "erosion"],
        default: "dilation",
    },
};

pub(super) const MORPHOLOGICAL: Definition = Definition {
    name: "Morphological",
    family: Family::Geometry,
    help: "Makes each pixel the lightest (dilation) or darkest (erosion) of an ellipse around it, channel by channel. \
           Ellipses of even size are lopsided.",
    p: 0.5,
    fields: &[SCALE, OPERATION],
    build: |options| {
        Ok(Box::new(Morphological {
            size: SCALE
                .range(options)?
                .unwrap_or_default()
                .map(|side| side as usize),
            dilate: OPERATION.choice(options)? == "dilation",
        }))
    },
};

#[derive(Debug)]
struct Morphological {
    size: [usize; 2],
    dilate: bool,
}

impl Transform for Morphological {
    fn draw(&self, _: Shape, _: &mut Stream) -> Drawn {
        Drawn::nothing()
    }

    fn apply(&self, picture: Raster, _: &Drawn) -> Result<Raster> {
        let [width, height] = self.size;
        let element = morphology::ellipse(width, height);
        match self.dilate {
            true => morphology::apply::<true>(&picture, &element),
            false => morphology::apply::<false>(&picture, &element),
        }
    }
}
