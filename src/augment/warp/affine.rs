//! Any affine map: moves, scales, turns and shears.

use super::matrix::{Motion, fitted, warp_boxes, warped};
use super::options::{BORDER_MODE, FILL, INTERPOLATION, sampler};
use crate::augment::kernel::sample::Sampler;
use crate::augment::{Boxes, Definition, Drawn, Family, Transform};
use crate::error::{Error, Result};
use crate::parameter::{Field, Kind, Single};
use crate::random::Stream;
use crate::raster::{Raster, Shape};

const SCALE: Field = Field {
    name: "scale",
    label: "Scale",
    help: "The factor of the size; above 1 zooms in. Width and height are drawn apart unless the ratio is kept, and may have ranges of their own, x and y.",
    kind: Kind::Axes {
        min: 0.0,
        max: 10.0,
        step: 0.05,
        whole: false,
        default: Some([1.0, 1.0]),
        unit: "",
        absent: 1.0,
    },
};

const TRANSLATE_PERCENT: Field = Field {
    name: "translate_percent",
    label: "Shift by a share",
    help: "How far it moves, as a share of its width and height, in whole pixels; positive is right and down. Both directions may have ranges of their own, x and y. It cannot be given together with the shift in pixels.",
    kind: Kind::Axes {
        min: -10.0,
        max: 10.0,
        step: 0.01,
        whole: false,
        default: None,
        unit: "of the size",
        absent: 0.0,
    },
};

const TRANSLATE_PX: Field = Field {
    name: "translate_px",
    label: "Shift by pixels",
    help: "How far it moves, in pixels; positive is right and down. Both directions may have ranges of their own, x and y.",
    kind: Kind::Axes {
        min: -32_768.0,
        max: 32_768.0,
        step: 1.0,
        whole: true,
        default: None,
        unit: "pixels",
        absent: 0.0,
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
    help: "By how many degrees columns and rows lean; both are drawn apart, and may have ranges of their own, x and y. As in Albumentations, where one of these is left out it is 1 degree.",
    kind: Kind::Axes {
        min: -360.0,
        max: 360.0,
        step: 1.0,
        whole: false,
        default: Some([0.0, 0.0]),
        unit: "degrees",
        absent: 1.0,
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
            TRANSLATE_PERCENT.axes(options)?,
            TRANSLATE_PX.axes(options)?,
        ) {
            (Some(_), Some([[low, high], _])) => {
                let found = format!("{low} to {high}");
                let allowed = "null when translate_percent is given";
                return Err(Error::invalid(TRANSLATE_PX.name, found, allowed));
            }
            (Some(share), None) => Translate::Share(share),
            (None, Some(pixels)) => Translate::Pixels(pixels),
            (None, None) => Translate::Nothing,
        };
        let scale = SCALE.axes(options)?.unwrap_or([[1.0; 2]; 2]);
        let keep_ratio = KEEP_RATIO.boolean(options)?;
        if keep_ratio && scale[0] != scale[1] {
            let allowed = "the same range for x and y when keep_ratio is true";
            return Err(Error::invalid(SCALE.name, "two ranges", allowed));
        }
        Ok(Box::new(Affine {
            translate,
            scale,
            rotate: ROTATE.range(options)?.unwrap_or_default(),
            shear: SHEAR.axes(options)?.unwrap_or_default(),
            fit_output: FIT_OUTPUT.boolean(options)?,
            keep_ratio,
            balanced: BALANCED_SCALE.boolean(options)?,
            sampler: sampler(options, true)?,
        }))
    },
};

/// The ranges across and down.
type Axes = [[f64; 2]; 2];

#[derive(Debug)]
enum Translate {
    Nothing,
    Share(Axes),
    Pixels(Axes),
}

#[derive(Debug)]
struct Affine {
    translate: Translate,
    scale: Axes,
    rotate: [f64; 2],
    shear: Axes,
    fit_output: bool,
    keep_ratio: bool,
    balanced: bool,
    sampler: Sampler,
}

impl Affine {
    fn draw_scale(&self, axis: usize, stream: &mut Stream) -> f64 {
        let [low, high] = self.scale[axis];
        if !self.balanced {
            return stream.between([low, high]);
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

    fn draw_shift(&self, axis: usize, side: usize, stream: &mut Stream) -> f64 {
        // Without a negative zero.
        0.0 + match self.translate {
            Translate::Nothing => 0.0,
            Translate::Share(share) => (stream.between(share[axis]) * side as f64).trunc(),
            Translate::Pixels(pixels) => {
                let [low, high] = pixels[axis];
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
        let sides = [(0, shape.width), (1, shape.height)];
        let translate = sides.map(|(axis, side)| self.draw_shift(axis, side, stream));
        let shear = self.shear.map(|range| -stream.between(range) + 0.0);
        let mut scale = [0, 1].map(|axis| self.draw_scale(axis, stream));
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
    fn both_axes_have_ranges_of_their_own() {
        let options = json!({
            "scale": { "x": [1.5, 2.0], "y": 0.5 },
            "shear": { "x": [-8, -7] },
            "translate_percent": { "y": [0.3, 0.4] },
        });
        let within = |name, [low, high]: [f64; 2]| {
            let found = drawn(&options, name);
            assert!(found.iter().all(|n| (low..=high).contains(n)), "{name}");
        };
        within("scale_x", [1.5, 2.0]);
        within("scale_y", [0.5, 0.5]);
        within("shear_x", [7.0, 8.0]);
        within("shear_y", [-1.0, -1.0]);
        within("x", [0.0, 0.0]);
        within("y", [3.0, 4.0]);
    }

    #[test]
    fn what_does_not_go_together_is_refused() {
        for options in [
            json!({ "translate_px": 1, "translate_percent": 0.5 }),
            json!({ "scale": { "x": 0.5, "y": 0.6 }, "keep_ratio": true }),
            json!({ "scale": {} }),
            json!({ "scale": { "x": 0.5, "z": 0.6 } }),
            json!({ "translate_px": { "x": 0.5 } }),
        ] {
            let built = AFFINE.build(options.as_object().expect("options"));
            assert!(built.is_err(), "{options}");
        }
    }
}
