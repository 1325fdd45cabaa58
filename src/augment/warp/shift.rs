//! Moves, scales and turns at once.

use super::matrix::{Motion, warp_boxes, warped};
use super::options::{BORDER_MODE, FILL, INTERPOLATION, sampler};
use crate::augment::kernel::sample::Sampler;
use crate::augment::{Boxes, Definition, Drawn, Family, Transform};
use crate::error::Result;
use crate::parameter::{Field, Kind, Single};
use crate::random::Stream;
use crate::raster::{Raster, Shape};

const fn shift(
    name: &'static str,
    label: &'static str,
    help: &'static str,
    default: Option<[f64; 2]>,
) -> Field {
    Field {
        name,
        label,
        help,
        kind: Kind::Range {
            min: -1.0,
            max: 1.0,
            step: 0.01,
            whole: false,
            default,
            unit: "of the size",
            single: Single::Symmetric,
        },
    }
}

const SHIFT_LIMIT: Field = shift(
    "shift_limit",
    "Shift",
    "How far the picture moves at most, as a share of its width and height; positive is right and down.",
    Some([-0.0625, 0.0625]),
);

const SHIFT_LIMIT_X: Field = shift(
    "shift_limit_x",
    "Shift across",
    "How far it moves across, when that differs from the shift.",
    None,
);

const SHIFT_LIMIT_Y: Field = shift(
    "shift_limit_y",
    "Shift down",
    "How far it moves down, when that differs from the shift.",
    None,
);

const SCALE_LIMIT: Field = Field {
    name: "scale_limit",
    label: "Scale",
    help: "By how much it grows or shrinks: 0.1 means a factor of 1.1. Width and height are drawn apart, as in Albumentations 2.",
    kind: Kind::Range {
        min: -1.0,
        max: 10.0,
        step: 0.01,
        whole: false,
        default: Some([-0.1, 0.1]),
        unit: "",
        single: Single::Symmetric,
    },
};

const ROTATE_LIMIT: Field = Field {
    name: "rotate_limit",
    label: "Angle",
    help: "By how many degrees it turns, counterclockwise; a single number means from minus it to it.",
    kind: Kind::Range {
        min: -360.0,
        max: 360.0,
        step: 1.0,
        whole: false,
        default: Some([-45.0, 45.0]),
        unit: "degrees",
        single: Single::Symmetric,
    },
};

pub(super) const SHIFT_SCALE_ROTATE: Definition = Definition {
    name: "ShiftScaleRotate",
    family: Family::Geometry,
    help: "Moves, scales and turns the picture at once; its size stays. It moves by whole pixels.",
    p: 0.5,
    fields: &[
        SHIFT_LIMIT,
        SCALE_LIMIT,
        ROTATE_LIMIT,
        INTERPOLATION,
        BORDER_MODE,
        SHIFT_LIMIT_X,
        SHIFT_LIMIT_Y,
        FILL,
    ],
    build: |options| {
        let both = SHIFT_LIMIT.range(options)?.unwrap_or_default();
        Ok(Box::new(ShiftScaleRotate {
            shift: [
                SHIFT_LIMIT_X.range(options)?.unwrap_or(both),
                SHIFT_LIMIT_Y.range(options)?.unwrap_or(both),
            ],
            scale: SCALE_LIMIT.range(options)?.unwrap_or_default(),
            rotate: ROTATE_LIMIT.range(options)?.unwrap_or_default(),
            sampler: sampler(options, true)?,
        }))
    },
};

#[derive(Debug)]
struct ShiftScaleRotate {
    shift: [[f64; 2]; 2],
    scale: [f64; 2],
    rotate: [f64; 2],
    sampler: Sampler,
}

/// What was drawn.
fn motion(drawn: &Drawn) -> Result<Motion> {
    Ok(Motion {
        translate: [drawn.number_of("x")?, drawn.number_of("y")?],
        scale: [drawn.number_of("scale_x")?, drawn.number_of("scale_y")?],
        rotate: drawn.number_of("angle")?,
        ..Motion::NONE
    })
}

// Once in the module, for pictures, masks and boxes.
#[inline(never)]
fn warp(picture: Raster, drawn: &Drawn, sampler: &Sampler) -> Result<Raster> {
    let shape = picture.shape();
    let size = [shape.width, shape.height];
    warped(picture, motion(drawn)?.matrix(shape), size, sampler)
}

impl Transform for ShiftScaleRotate {
    fn draw(&self, shape: Shape, stream: &mut Stream) -> Drawn {
        let [across, down] = self.shift;
        // Cut off to whole pixels; without a negative zero.
        let x = (stream.between(across) * shape.width as f64).trunc() + 0.0;
        let y = (stream.between(down) * shape.height as f64).trunc() + 0.0;
        let scale = [(); 2].map(|()| 1.0 + stream.between(self.scale));
        Drawn::nothing()
            .number("x", x)
            .number("y", y)
            .number("scale_x", scale[0])
            .number("scale_y", scale[1])
            .number("angle", stream.between(self.rotate))
    }

    fn apply(&self, picture: Raster, drawn: &Drawn) -> Result<Raster> {
        warp(picture, drawn, &self.sampler)
    }

    fn apply_to_mask(&self, mask: Raster, drawn: &Drawn) -> Result<Raster> {
        warp(mask, drawn, &self.sampler.for_masks())
    }

    fn apply_to_boxes(
        &self,
        boxes: &mut Boxes,
        [shape, _]: [Shape; 2],
        drawn: &Drawn,
    ) -> Result<()> {
        let matrix = motion(drawn)?.matrix_of_boxes(shape);
        warp_boxes(boxes, matrix, shape, self.sampler.border)
    }
}
