//! A part of random size and proportions, brought to a given size.

use super::crop::{anywhere, drawn_part};
use super::resize::{AREA_FOR_DOWNSCALE, How, INTERPOLATION};
use crate::augment::kernel::frame::{self, LONGEST};
use crate::augment::kernel::resize::{Interpolation, resize};
use crate::augment::{Boxes, Definition, Drawn, Family, Transform};
use crate::error::Result;
use crate::parameter::{Field, Kind, Single};
use crate::random::Stream;
use crate::raster::{Raster, Shape};

const SIZE: Field = Field {
    name: "size",
    label: "Size",
    help: "The height and the width of the result in pixels, in this order.",
    kind: Kind::Pair {
        min: 1,
        max: LONGEST,
        default: None,
        unit: "pixels",
    },
};

const SCALE: Field = Field {
    name: "scale",
    label: "Area",
    help: "How much of the picture's area is kept, from 0 to 1.",
    kind: Kind::Range {
        min: 0.0,
        max: 1.0,
        step: 0.01,
        whole: false,
        default: Some([0.08, 1.0]),
        unit: "",
        single: Single::Refused,
    },
};

const RATIO: Field = Field {
    name: "ratio",
    label: "Proportions",
    help: "Width divided by height of the part that is kept.",
    kind: Kind::Range {
        min: 0.01,
        max: 100.0,
        step: 0.05,
        whole: false,
        default: Some([0.75, 4.0 / 3.0]),
        unit: "",
        single: Single::Refused,
    },
};

pub(super) const RANDOM_RESIZED_CROP: Definition = Definition {
    name: "RandomResizedCrop",
    family: Family::Geometry,
    help: "Keeps a part of random size, proportions and place, and brings it to a given size.",
    p: 1.0,
    fields: &[SIZE, SCALE, RATIO, INTERPOLATION, AREA_FOR_DOWNSCALE],
    build: |options| {
        let size = SIZE.pair(options)?.ok_or_else(|| SIZE.missing())?;
        Ok(Box::new(RandomResizedCrop {
            size: size.map(|side| side as usize),
            scale: SCALE.range(options)?.unwrap_or_default(),
            ratio: RATIO.range(options)?.unwrap_or_default(),
            how: How::of(options)?,
        }))
    },
};

#[derive(Debug)]
struct RandomResizedCrop {
    size: [usize; 2],
    scale: [f64; 2],
    ratio: [f64; 2],
    how: How,
}

impl RandomResizedCrop {
    /// A height and a width: ten times something random is tried, then the middle is
    /// taken, as much as the proportions allow. The flag says which.
    fn part(&self, shape: Shape, stream: &mut Stream) -> (usize, usize, bool) {
        let Shape { width, height, .. } = shape;
        let [full_width, full_height] = [width as f64, height as f64];
        let logarithms = self.ratio.map(libm::log);
        for _ in 0..10 {
            let area = stream.between(self.scale.map(|share| share * full_width * full_height));
            let ratio = libm::exp(stream.between(logarithms));
            let across = (area * ratio).sqrt().round_ties_even();
            let down = (area / ratio).sqrt().round_ties_even();
            if (1.0..=full_width).contains(&across) && (1.0..=full_height).contains(&down) {
                return (down as usize, across as usize, true);
            }
        }
        let within = |side: f64, most: usize| (side.round_ties_even() as usize).clamp(1, most);
        let ratio = full_width / full_height;
        if ratio < self.ratio[0] {
            (within(full_width / self.ratio[0], height), width, false)
        } else if ratio > self.ratio[1] {
            (height, within(full_height * self.ratio[1], width), false)
        } else {
            (height, width, false)
        }
    }
}

impl Transform for RandomResizedCrop {
    fn draw(&self, shape: Shape, stream: &mut Stream) -> Drawn {
        let (height, width, random) = self.part(shape, stream);
        let mut start = |left_out| match random {
            true => anywhere(left_out, stream),
            false => left_out / 2,
        };
        let top = start(shape.height - height);
        let left = start(shape.width - width);
        let part = [left, top, left + width, top + height];
        Drawn::nothing().numbers("crop_coords", part.map(|end| end as f64).to_vec())
    }

    fn apply(&self, picture: Raster, drawn: &Drawn) -> Result<Raster> {
        let picture = frame::crop(picture, drawn_part(drawn)?)?;
        let [height, width] = self.size;
        let reducing = picture.height() > height || picture.width() > width;
        resize(picture, width, height, self.how.when(reducing))
    }

    fn apply_to_mask(&self, mask: Raster, drawn: &Drawn) -> Result<Raster> {
        let mask = frame::crop(mask, drawn_part(drawn)?)?;
        let [height, width] = self.size;
        resize(mask, width, height, Interpolation::Nearest)
    }

    fn apply_to_boxes(&self, boxes: &mut Boxes, _: [Shape; 2], drawn: &Drawn) -> Result<()> {
        let [left, top, right, bottom] = drawn_part(drawn)?;
        let [height, width] = self.size.map(|side| side as f64);
        boxes.shift(-left, -top);
        boxes.scale([right - left, bottom - top], [width, height]);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::Purpose;
    use serde_json::json;

    #[test]
    fn parts_have_the_area_and_proportions_asked_for() {
        let options = json!({ "size": [9, 9], "scale": [0.25, 0.25], "ratio": [0.5, 2.0] });
        let options = options.as_object().expect("an object");
        let transform = RANDOM_RESIZED_CROP.build(options).expect("a transform");
        let shape = Shape {
            width: 200,
            height: 200,
            channels: 1,
        };
        let mut stream = Stream::new(1, 0, Purpose::Augment);
        for _ in 0..200 {
            let drawn = transform.draw(shape, &mut stream);
            let part = drawn.exactly("crop_coords", 4).expect("a part");
            let [width, height] = [part[2] - part[0], part[3] - part[1]];
            assert!((9_800.0..10_200.0).contains(&(width * height)), "{part:?}");
            assert!((0.48..2.1).contains(&(width / height)), "{part:?}");
        }
    }
}
