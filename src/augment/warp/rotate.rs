//! Turns by any angle.

use super::matrix::{Matrix, Motion, middle, middle_of_area, product, scaled, warp_boxes, warped};
use super::options::{BORDER_MODE, FILL, INTERPOLATION, sampler};
use crate::augment::kernel::sample::Sampler;
use crate::augment::{Boxes, Definition, Drawn, Family, Transform};
use crate::error::Result;
use crate::parameter::{Field, Kind, Single};
use crate::random::Stream;
use crate::raster::{Raster, Shape};

const LIMIT: Field = Field {
    name: "limit",
    label: "Angle",
    help: "Between which angles one is drawn, in degrees, counterclockwise; a single number means from minus it to it.",
    kind: Kind::Range {
        min: -720.0,
        max: 720.0,
        step: 1.0,
        whole: false,
        default: Some([-90.0, 90.0]),
        unit: "degrees",
        single: Single::Symmetric,
    },
};

const CROP_BORDER: Field = Field {
    name: "crop_border",
    label: "Crop the border",
    help: "Whether only the largest upright rectangle within the turned picture is kept; the size changes then.",
    kind: Kind::Boolean { default: false },
};

pub(super) const ROTATE: Definition = Definition {
    name: "Rotate",
    family: Family::Geometry,
    help: "Turns the picture about its middle; its size stays, unless the border is cropped.",
    p: 0.5,
    fields: &[LIMIT, INTERPOLATION, BORDER_MODE, CROP_BORDER, FILL],
    build: |options| {
        Ok(Box::new(Rotate {
            limit: LIMIT.range(options)?.unwrap_or_default(),
            crop: CROP_BORDER.boolean(options)?,
            sampler: sampler(options, true)?,
        }))
    },
};

#[derive(Debug)]
struct Rotate {
    limit: [f64; 2],
    crop: bool,
    sampler: Sampler,
}

impl Transform for Rotate {
    fn draw(&self, _: Shape, stream: &mut Stream) -> Drawn {
        Drawn::nothing().number("angle", stream.between(self.limit))
    }

    fn apply(&self, picture: Raster, drawn: &Drawn) -> Result<Raster> {
        self.turn(picture, drawn, &self.sampler)
    }

    fn apply_to_mask(&self, mask: Raster, drawn: &Drawn) -> Result<Raster> {
        self.turn(mask, drawn, &self.sampler.for_masks())
    }

    fn apply_to_boxes(
        &self,
        boxes: &mut Boxes,
        [shape, _]: [Shape; 2],
        drawn: &Drawn,
    ) -> Result<()> {
        let rotate = drawn.number_of("angle")?;
        let motion = Motion {
            rotate,
            ..Motion::NONE
        };
        let matrix = motion.matrix_of_boxes(shape);
        warp_boxes(boxes, matrix, shape, self.sampler.border)?;
        if self.crop {
            let [[left, _], [top, _]] = largest_within(shape, rotate);
            boxes.shift(-(left as f64), -(top as f64));
        }
        Ok(())
    }
}

impl Rotate {
    // Once in the module, for pictures, masks and boxes.
    #[inline(never)]
    fn turn(&self, picture: Raster, drawn: &Drawn, sampler: &Sampler) -> Result<Raster> {
        let angle = drawn.number_of("angle")?;
        let shape = picture.shape();
        let motion = Motion {
            rotate: angle,
            ..Motion::NONE
        };
        let size = [shape.width, shape.height];
        let turned = warped(picture, motion.matrix(shape), size, sampler)?;
        if self.crop {
            cropped(&turned, largest_within(shape, angle))
        } else {
            Ok(turned)
        }
    }
}

/// The largest upright rectangle within a turned one: from and to which column, from and
/// to which row. Where the reference finds nothing, one pixel is kept.
fn largest_within(shape: Shape, angle: f64) -> [[usize; 2]; 2] {
    let [width, height] = [shape.width as f64, shape.height as f64];
    let angle = angle.to_radians();
    let [sine, cosine] = [libm::sin(angle).abs(), libm::cos(angle).abs()];
    let wide = width >= height;
    let [long, short] = [width.max(height), width.min(height)];
    let sides = if short <= 2.0 * sine * cosine * long || (sine - cosine).abs() < 1e-10 {
        // Two corners touch the long sides.
        let half = 0.5 * short;
        if wide {
            [half / sine, half / cosine]
        } else {
            [half / cosine, half / sine]
        }
    } else {
        let double = cosine * cosine - sine * sine;
        [
            (width * cosine - height * sine) / double,
            (height * cosine - width * sine) / double,
        ]
    };
    let ends = |length: usize, side: f64| {
        let half = length as f64 / 2.0;
        // Conversions cut off the fraction, and what is below 0.
        let start = ((half - side / 2.0) as usize).min(length - 1);
        let end = ((half + side / 2.0) as usize).clamp(start + 1, length);
        [start, end]
    };
    [ends(shape.width, sides[0]), ends(shape.height, sides[1])]
}

fn cropped(picture: &Raster, [[left, right], [top, bottom]]: [[usize; 2]; 2]) -> Result<Raster> {
    let channels = picture.channels();
    let shape = Shape {
        width: right - left,
        height: bottom - top,
        channels,
    };
    let rows = (top..bottom).map(|y| &picture.row(y)[left * channels..right * channels]);
    Raster::new(shape, rows.collect::<Vec<_>>().concat())
}

pub(super) const SAFE_ROTATE: Definition = Definition {
    name: "SafeRotate",
    family: Family::Geometry,
    help: "Turns the picture, and shrinks it so that all of it stays visible; as the size stays, its proportions change.",
    p: 0.5,
    fields: &[LIMIT, INTERPOLATION, BORDER_MODE, FILL],
    build: |options| {
        Ok(Box::new(SafeRotate {
            limit: LIMIT.range(options)?.unwrap_or_default(),
            sampler: sampler(options, true)?,
        }))
    },
};

#[derive(Debug)]
struct SafeRotate {
    limit: [f64; 2],
    sampler: Sampler,
}

impl Transform for SafeRotate {
    fn draw(&self, _: Shape, stream: &mut Stream) -> Drawn {
        Drawn::nothing().number("angle", stream.between(self.limit))
    }

    fn apply(&self, picture: Raster, drawn: &Drawn) -> Result<Raster> {
        turn_safely(picture, drawn, &self.sampler)
    }

    fn apply_to_mask(&self, mask: Raster, drawn: &Drawn) -> Result<Raster> {
        turn_safely(mask, drawn, &self.sampler.for_masks())
    }

    fn apply_to_boxes(
        &self,
        boxes: &mut Boxes,
        [shape, _]: [Shape; 2],
        drawn: &Drawn,
    ) -> Result<()> {
        let matrix = safe_matrix(shape, drawn, middle_of_area(shape))?;
        warp_boxes(boxes, matrix, shape, self.sampler.border)
    }
}

// Once in the module, for pictures, masks and boxes.
#[inline(never)]
fn turn_safely(picture: Raster, drawn: &Drawn, sampler: &Sampler) -> Result<Raster> {
    let shape = picture.shape();
    let matrix = safe_matrix(shape, drawn, middle(shape))?;
    warped(picture, matrix, [shape.width, shape.height], sampler)
}

/// Turns about a point, and shrinks what the turned picture needs to the picture's size.
#[inline(never)]
fn safe_matrix(shape: Shape, drawn: &Drawn, [x, y]: [f64; 2]) -> Result<Matrix> {
    let angle = drawn.number_of("angle")?.to_radians();
    let [sine, cosine] = [libm::sin(angle), libm::cos(angle)];
    let [width, height] = [shape.width as f64, shape.height as f64];
    // The size that the turned picture needs, in whole pixels.
    let needed = |across: f64, down: f64| (across + down).floor().max(1.0);
    let new_width = needed(height * sine.abs(), width * cosine.abs());
    let new_height = needed(height * cosine.abs(), width * sine.abs());
    let turn = [
        cosine,
        sine,
        (1.0 - cosine) * x - sine * y + (new_width / 2.0 - x),
        -sine,
        cosine,
        sine * x + (1.0 - cosine) * y + (new_height / 2.0 - y),
        0.0,
        0.0,
        1.0,
    ];
    let shrink = scaled(width / new_width, height / new_height);
    Ok(product(shrink, turn))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn angles_are_drawn_within_the_limit() {
        let rotate = ROTATE
            .build(
                serde_json::json!({ "limit": 30 })
                    .as_object()
                    .expect("options"),
            )
            .expect("a transform");
        let shape = Shape {
            width: 4,
            height: 4,
            channels: 1,
        };
        let mut stream = Stream::of_field(1);
        let angles: Vec<f64> = (0..1000)
            .map(|_| {
                rotate
                    .draw(shape, &mut stream)
                    .number_of("angle")
                    .expect("an angle")
            })
            .collect();
        assert!(angles.iter().all(|angle| angle.abs() <= 30.0));
        let mean = angles.iter().sum::<f64>() / 1000.0;
        assert!(mean.abs() < 2.2, "four standard errors: {mean}");
        assert!(angles.iter().any(|angle| *angle > 28.0) && angles.iter().any(|a| *a < -28.0));
    }

    #[test]
    fn a_crop_without_a_turn_is_the_picture() {
        let shape = Shape {
            width: 7,
            height: 5,
            channels: 3,
        };
        assert_eq!(largest_within(shape, 0.0), [[0, 7], [0, 5]]);
        let [[left, right], [top, bottom]] = largest_within(shape, 45.0);
        assert!(left < right && right <= 7 && top < bottom && bottom <= 5);
    }
}
