//! Any affine map: moves, scales, turns and shears.

use super::matrix::{Motion, fitted, warp_boxes, warped};
use super::options::{BORDER_MODE, FILL, INTERPOLATION, sampler};
use crate::augment::kernel::remap::Sampler;
use crate::augment::{Boxes, Definition, Drawn, Family, Transform};
use crate::error::{Error, Result};
use crate::parameter::{Field, Kind, Single};
use crate::random::Stream;
use crate::raster::{Raster, Shape};

const SCALE: Field = Field {
    name: "scale",
    label: "Scale",
    help: "The factor of the size; above 1 zooms in. Width and height are drawn apart unless the ratio is kept.",
    kind: Kind::Range {
        min: 0.0,
        max: 10.0,
        step: 0.05,
        whole: false,
        default: Some([1.0, 1.0]),
        unit: "",
        single: Single::Same,
    },
};

const TRANSLATE_PERCENT: Field = Field {
    name: "translate_percent",
    label: "Shift by a share",
    help: "How far it moves, as a share of its width and height, in whole pixels; positive is right and down. It cannot be given together with the shift in pixels.",
    kind: Kind::Range {
        min: -10.0,
        max: 10.0,
        step: 0.01,
        whole: false,
        default: None,
        unit: "of the size",
        single: Single::Same,
    },
};

const TRANSLATE_PX: Field = Field {
    name: "translate_px",
    label: "Shift by pixels",
    help: "How far it moves, in pixels; positive is right and down.",
    kind: Kind::Range {
        min: -32_768.0,
        max: 32_768.0,
        step: 1.0,
        whole: true,
        default: None,
        unit: "pixels",
        single: Single::Same,
    },
};

const ROTATE: Field = Field {
    name: "rotate",
    label: "Angle",
    help: "By how many degrees it turns, counterclockwise.",
    kind: Kind::Range {
        min: -360.0,
        max: 360.0,
        step: 1.0,
        whole: false,
        default: Some([0.0, 0.0]),
        unit: "degrees",
        single: Single::Same,
    },
};

const SHEAR: Field = Field {
    name: "shear",
    label: "Shear",
    help: "By how many degrees columns and rows lean; both are drawn apart.",
    kind: Kind::Range {
        min: -360.0,
        max: 360.0,
        step: 1.0,
        whole: false,
        default: Some([0.0, 0.0]),
        unit: "degrees",
        single: Single::Same,
    },
};

const FIT_OUTPUT: Field = Field {
    name: "fit_output",
    label: "Fit the size",
    help: "Whether the size changes so that all of the picture is visible; shifts have no effect then.",
    kind: Kind::Boolean { default: false },
};

const KEEP_RATIO: Field = Field {
    name: "keep_ratio",
    label: "Keep the ratio",
    help: "Whether width and height are scaled by the same factor.",
    kind: Kind::Boolean { default: false },
};

const BALANCED_SCALE: Field = Field {
    name: "balanced_scale",
    label: "Balance the scale",
    help: "Whether it shrinks as often as it grows, when the factors reach from below 1 to above.",
    kind: Kind::Boolean { default: false },
};

pub(super) const AFFINE: Definition = Definition {
    name: "Affine",
    family: Family::Geometry,
    help: "Scales, turns, shears and moves the picture about its middle, in this order. With factors above 1 it zooms in.",
    p: 0.5,
    fields: &[
        SCALE,
        TRANSLATE_PERCENT,
        TRANSLATE_PX,
        ROTATE,
        SHEAR,
        INTERPOLATION,
        FIT_OUTPUT,
        KEEP_RATIO,
        BALANCED_SCALE,
        BORDER_MODE,
        FILL,
    ],
    build: |options| {
        let translate = match (
            TRANSLATE_PERCENT.range(options)?,
            TRANSLATE_PX.range(options)?,
        ) {
            (Some(_), Some([low, high])) => {
                let found = format!("{low} to {high}");
                let allowed = "null when translate_percent is given";
                return Err(Error::invalid(TRANSLATE_PX.name, found, allowed));
            }
            (Some(share), None) => Translate::Share(share),
            (None, Some(pixels)) => Translate::Pixels(pixels),
            (None, None) => Translate::Nothing,
        };
        Ok(Box::new(Affine {
            translate,
            scale: SCALE.range(options)?.unwrap_or([1.0; 2]),
            rotate: ROTATE.range(options)?.unwrap_or_default(),
            shear: SHEAR.range(options)?.unwrap_or_default(),
            fit_output: FIT_OUTPUT.boolean(options)?,
            keep_ratio: KEEP_RATIO.boolean(options)?,
            balanced: BALANCED_SCALE.boolean(options)?,
            sampler: sampler(options, true)?,
        }))
    },
};

#[derive(Debug)]
enum Translate {
    Nothing,
    Share([f64; 2]),
    Pixels([f64; 2]),
}

#[derive(Debug)]
struct Affine {
    translate: Translate,
    scale: [f64; 2],
    rotate: [f64; 2],
    shear: [f64; 2],
    fit_output: bool,
    keep_ratio: bool,
    balanced: bool,
    sampler: Sampler,
}

impl Affine {
    fn draw_scale(&self, stream: &mut Stream) -> f64 {
        let [low, high] = self.scale;
        if !self.balanced {
            return stream.between(self.scale);
        }
        let shrinks = match (low < 1.0, high > 1.0) {
            (true, true) => stream.chance(0.5),
            (false, false) => return 1.0,
            (shrinks, _) => shrinks,
        };
        // As in the reference, the other end is 1 even when the range ends before.
        stream.between(if shrinks { [low, 1.0] } else { [1.0, high] })
    }

    // Once in the module, for pictures, masks and boxes.
    #[inline(never)]
    fn warp(&self, picture: Raster, drawn: &Drawn, sampler: &Sampler) -> Result<Raster> {
        let shape = picture.shape();
        let matrix = motion(drawn)?.matrix(shape);
        if !self.fit_output {
            let size = [shape.width, shape.height];
            return warped(picture, matrix, size, sampler);
        }
        let (matrix, size) = fitted(matrix, shape);
        // Too large a size is refused where the picture is made.
        warped(picture, matrix, size.map(|side| side as usize), sampler)
    }

    fn draw_shift(&self, side: usize, stream: &mut Stream) -> f64 {
        // Without a negative zero.
        0.0 + match self.translate {
            Translate::Nothing => 0.0,
            Translate::Share(share) => (stream.between(share) * side as f64).trunc(),
            Translate::Pixels([low, high]) => {
                low + f64::from(stream.below((high - low) as u32 + 1))
            }
        }
    }
}

/// What was drawn.
#[inline(never)]
fn motion(drawn: &Drawn) -> Result<Motion> {
    let pair =
        |x: &str, y: &str| -> Result<[f64; 2]> { Ok([drawn.number_of(x)?, drawn.number_of(y)?]) };
    Ok(Motion {
        translate: pair("x", "y")?,
        shear: pair("shear_x", "shear_y")?,
        scale: pair("scale_x", "scale_y")?,
        rotate: drawn.number_of("angle")?,
    })
}

impl Transform for Affine {
    fn draw(&self, shape: Shape, stream: &mut Stream) -> Drawn {
        let sides = [shape.width, shape.height];
        let translate = sides.map(|side| self.draw_shift(side, stream));
        let shear = [(); 2].map(|()| -stream.between(self.shear) + 0.0);
        let mut scale = [(); 2].map(|()| self.draw_scale(stream));
        if self.keep_ratio {
            scale[1] = scale[0];
        }
        Drawn::nothing()
            .number("x", translate[0])
            .number("y", translate[1])
            .number("shear_x", shear[0])
            .number("shear_y", shear[1])
            .number("scale_x", scale[0])
            .number("scale_y", scale[1])
            .number("angle", stream.between(self.rotate))
    }

    fn apply(&self, picture: Raster, drawn: &Drawn) -> Result<Raster> {
        self.warp(picture, drawn, &self.sampler)
    }

    fn apply_to_mask(&self, mask: Raster, drawn: &Drawn) -> Result<Raster> {
        self.warp(mask, drawn, &self.sampler.for_masks())
    }

    fn apply_to_boxes(
        &self,
        boxes: &mut Boxes,
        [shape, _]: [Shape; 2],
        drawn: &Drawn,
    ) -> Result<()> {
        let mut matrix = motion(drawn)?.matrix_of_boxes(shape);
        if self.fit_output {
            (matrix, _) = fitted(matrix, shape);
        }
        warp_boxes(boxes, matrix, shape, self.sampler.border)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    const SHAPE: Shape = Shape {
        width: 20,
        height: 10,
        channels: 1,
    };

    fn drawn(options: &serde_json::Value, name: &str) -> Vec<f64> {
        let affine = AFFINE
            .build(options.as_object().expect("options"))
            .expect("a transform");
        let mut stream = Stream::of_field(5);
        (0..1000)
            .map(|_| {
                affine
                    .draw(SHAPE, &mut stream)
                    .number_of(name)
                    .expect("a number")
            })
            .collect()
    }

    #[test]
    fn balanced_scales_shrink_as_often_as_they_grow() {
        let options = json!({ "scale": [0.9, 3.0], "balanced_scale": true });
        let shrunk = drawn(&options, "scale_x")
            .iter()
            .filter(|s| **s < 1.0)
            .count();
        assert!((440..560).contains(&shrunk), "{shrunk}");
    }

    #[test]
    fn pixels_are_whole_and_both_ends_occur() {
        let shifts = drawn(&json!({ "translate_px": [-2, 3] }), "y");
        for shift in -2..=3 {
            let count = shifts.iter().filter(|s| **s == f64::from(shift)).count();
            assert!((110..230).contains(&count), "{shift}: {count}");
        }
    }

    #[test]
    fn two_kinds_of_shifts_are_refused() {
        let options = json!({ "translate_px": 1, "translate_percent": 0.5 });
        assert!(AFFINE.build(options.as_object().expect("options")).is_err());
    }
}
