//! Other sizes: given ones, or by a random factor.

use crate::augment::kernel::frame::LONGEST;
use crate::augment::kernel::resize::{Interpolation, resize};
use crate::augment::{Boxes, Definition, Drawn, Family, Transform};
use crate::error::{Error, Result};
use crate::parameter::{Field, Kind, Single};
use crate::random::Stream;
use crate::raster::{Raster, Shape};
use serde_json::{Map, Value};

/// How values between pixels are made.
pub(super) const INTERPOLATION: Field = Field {
    name: "interpolation",
    label: "Interpolation",
    help: "How values between pixels are made.",
    kind: Kind::Choice {
        values: Interpolation::NAMES,
        default: "linear",
    },
};

/// Whether reducing is by area, whatever the interpolation.
pub(super) const AREA_FOR_DOWNSCALE: Field = Field {
    name: "area_for_downscale",
    label: "Area when reducing",
    help: "Whether a picture that gets smaller is averaged by area, whatever the interpolation. \
           A mask is never averaged, so \"image\" and \"image_mask\" do the same.",
    kind: Kind::Choice {
        values: &["none", "image", "image_mask"],
        default: "none",
    },
};

const HEIGHT: Field = Field {
    name: "height",
    label: "Height",
    help: "The height of the result in pixels.",
    kind: Kind::Integer {
        min: 1,
        max: LONGEST,
        default: None,
        unit: "pixels",
    },
};

const WIDTH: Field = Field {
    name: "width",
    label: "Width",
    help: "The width of the result in pixels.",
    kind: Kind::Integer {
        min: 1,
        max: LONGEST,
        default: None,
        unit: "pixels",
    },
};

pub(super) const RESIZE: Definition = Definition {
    name: "Resize",
    family: Family::Geometry,
    help: "Makes the picture of the given size, whatever its proportions.",
    p: 1.0,
    fields: &[HEIGHT, WIDTH, INTERPOLATION, AREA_FOR_DOWNSCALE],
    build: |options| {
        let [height, width] = [&HEIGHT, &WIDTH].map(|field| needed(field, options));
        Ok(Box::new(Resize {
            height: height?,
            width: width?,
            how: How::of(options)?,
        }))
    },
};

const SCALE_LIMIT: Field = Field {
    name: "scale_limit",
    label: "Scale",
    help: "By how much larger or smaller the sides get: 0.1 is a tenth larger, -0.1 a tenth smaller. \
           A single number is meant both ways.",
    kind: Kind::Range {
        min: -0.99,
        max: 15.0,
        step: 0.05,
        whole: false,
        default: Some([-0.1, 0.1]),
        unit: "",
        single: Single::Symmetric,
    },
};

pub(super) const RANDOM_SCALE: Definition = Definition {
    name: "RandomScale",
    family: Family::Geometry,
    help: "Makes the picture larger or smaller by a random factor, the same for both sides. The size of the picture changes; \
           sides are rounded down, to at least one pixel.",
    p: 0.5,
    fields: &[SCALE_LIMIT, INTERPOLATION, AREA_FOR_DOWNSCALE],
    build: |options| {
        Ok(Box::new(RandomScale {
            limit: SCALE_LIMIT.range(options)?.unwrap_or_default(),
            how: How::of(options)?,
        }))
    },
};

/// The whole number of a field that has no default.
pub(super) fn needed(field: &Field, options: &Map<String, Value>) -> Result<usize> {
    let number = field.integer(options)?.ok_or_else(|| field.missing())?;
    Ok(number as usize)
}

/// The interpolation, and the one for reducing.
#[derive(Clone, Copy, Debug)]
pub(super) struct How {
    usual: Interpolation,
    reducing: Interpolation,
}

impl How {
    pub(super) fn of(options: &Map<String, Value>) -> Result<Self> {
        let usual = Interpolation::named(INTERPOLATION.choice(options)?);
        let reducing = match AREA_FOR_DOWNSCALE.choice(options)? {
            "none" => usual,
            _ => Interpolation::Area,
        };
        Ok(Self { usual, reducing })
    }

    pub(super) fn when(self, reducing: bool) -> Interpolation {
        if reducing { self.reducing } else { self.usual }
    }
}

/// Scales the boxes of a picture that was made larger or smaller as a whole.
fn scale_boxes(boxes: &mut Boxes, shapes: [Shape; 2]) {
    let [from, to] = shapes.map(|shape| [shape.width as f64, shape.height as f64]);
    boxes.scale(from, to);
}

#[derive(Debug)]
struct Resize {
    height: usize,
    width: usize,
    how: How,
}

impl Transform for Resize {
    fn draw(&self, _: Shape, _: &mut Stream) -> Drawn {
        Drawn::nothing()
    }

    fn apply(&self, picture: Raster, _: &Drawn) -> Result<Raster> {
        let reducing = self.height < picture.height() || self.width < picture.width();
        resize(picture, self.width, self.height, self.how.when(reducing))
    }

    fn apply_to_mask(&self, mask: Raster, _: &Drawn) -> Result<Raster> {
        resize(mask, self.width, self.height, Interpolation::Nearest)
    }

    fn apply_to_boxes(&self, boxes: &mut Boxes, shapes: [Shape; 2], _: &Drawn) -> Result<()> {
        scale_boxes(boxes, shapes);
        Ok(())
    }
}

#[derive(Debug)]
struct RandomScale {
    limit: [f64; 2],
    how: How,
}

impl RandomScale {
    /// The factor that was drawn, and the sides that it makes.
    fn sides(shape: Shape, drawn: &Drawn) -> Result<(f64, [usize; 2])> {
        let scale = drawn.number_of("scale")?;
        if !(0.0..=16.0).contains(&scale) {
            return Err(Error::invalid("scale", scale, "numbers from 0 to 16"));
        }
        let sides = [shape.width, shape.height].map(|side| ((side as f64 * scale) as usize).max(1));
        Ok((scale, sides))
    }
}

impl Transform for RandomScale {
    fn draw(&self, _: Shape, stream: &mut Stream) -> Drawn {
        Drawn::nothing().number("scale", stream.between(self.limit) + 1.0)
    }

    fn apply(&self, picture: Raster, drawn: &Drawn) -> Result<Raster> {
        let (scale, [width, height]) = Self::sides(picture.shape(), drawn)?;
        resize(picture, width, height, self.how.when(scale < 1.0))
    }

    fn apply_to_mask(&self, mask: Raster, drawn: &Drawn) -> Result<Raster> {
        let (_, [width, height]) = Self::sides(mask.shape(), drawn)?;
        resize(mask, width, height, Interpolation::Nearest)
    }

    fn apply_to_boxes(&self, boxes: &mut Boxes, shapes: [Shape; 2], _: &Drawn) -> Result<()> {
        scale_boxes(boxes, shapes);
        Ok(())
    }
}
