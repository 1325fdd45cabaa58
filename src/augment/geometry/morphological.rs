//! Dilation and erosion by an ellipse.

use crate::augment::kernel::morphology::{self, Element};
use crate::augment::{Boxes, Definition, Drawn, Family, Transform};
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

impl Morphological {
    fn element(&self) -> Element {
        let [width, height] = self.size;
        morphology::ellipse(width, height)
    }
}

impl Transform for Morphological {
    fn draw(&self, _: Shape, _: &mut Stream) -> Drawn {
        Drawn::nothing()
    }

    fn apply(&self, picture: Raster, _: &Drawn) -> Result<Raster> {
        let element = self.element();
        match self.dilate {
            true => morphology::apply::<true>(&picture, &element),
            false => morphology::apply::<false>(&picture, &element),
        }
    }

    /// Masks are treated as pictures: the larger (or smaller) class numbers spread.
    fn apply_to_mask(&self, mask: Raster, drawn: &Drawn) -> Result<Raster> {
        self.apply(mask, drawn)
    }

    /// Around what becomes of a box whose pixels are all that is light. The reference
    /// means the same, but mistakes its list of boxes for the rows of a picture.
    fn apply_to_boxes(&self, boxes: &mut Boxes, [shape, _]: [Shape; 2], _: &Drawn) -> Result<()> {
        let [left, above, right, below] = self.element().reach().map(|pixels| pixels as f64);
        let [width, height] = [shape.width as f64, shape.height as f64];
        boxes.map(|ends| {
            let [x, y, end_x, end_y] = ends.map(f64::trunc);
            if self.dilate && x < end_x && y < end_y {
                return [
                    (x - right).max(0.0),
                    (y - below).max(0.0),
                    (end_x + left).min(width),
                    (end_y + above).min(height),
                ];
            }
            if self.dilate {
                // Less than a pixel.
                return [x, y, x, y];
            }
            // What is outside of the picture does not count.
            let cut = |end: f64, edge: f64, by: f64| if end == edge { end } else { end + by };
            let [x, end_x] = [cut(x, 0.0, left), cut(end_x, width, -right)];
            let [y, end_y] = [cut(y, 0.0, above), cut(end_y, height, -below)];
            // An end before its start would count as an area in both directions.
            [x, y, end_x.max(x), end_y.max(y)]
        });
        Ok(())
    }
}
