//! Crops of a given size, from the middle or anywhere.

use super::pad::{BORDER_MODE, FILL, PAD_POSITION, Padding};
use super::resize::needed;
use crate::augment::kernel::frame::{self, LONGEST};
use crate::augment::{Boxes, Definition, Drawn, Family, Transform};
use crate::error::{Error, Result};
use crate::parameter::{Field, Kind};
use crate::random::Stream;
use crate::raster::{Raster, Shape};
use serde_json::{Map, Value};

const fn side(name: &'static str, label: &'static str, help: &'static str) -> Field {
    Field {
        name,
        label,
        help,
        kind: Kind::Integer {
            min: 1,
            max: LONGEST,
            default: None,
            unit: "pixels",
        },
    }
}

const HEIGHT: Field = side("height", "Height", "The height of the crop in pixels.");
const WIDTH: Field = side("width", "Width", "The width of the crop in pixels.");

const PAD_IF_NEEDED: Field = Field {
    name: "pad_if_needed",
    label: "Pad if needed",
    help: "Whether pixels are added to a picture that is smaller than the crop; otherwise such pictures are refused.",
    kind: Kind::Boolean { default: false },
};

const FIELDS: &[Field] = &[
    HEIGHT,
    WIDTH,
    PAD_IF_NEEDED,
    PAD_POSITION,
    BORDER_MODE,
    FILL,
];

pub(super) const CENTER: Definition = Definition {
    name: "CenterCrop",
    family: Family::Geometry,
    help: "Keeps the middle of the picture.",
    p: 1.0,
    fields: FIELDS,
    build: |options| Ok(Box::new(Crop::of(options, false)?)),
};

pub(super) const RANDOM: Definition = Definition {
    name: "RandomCrop",
    family: Family::Geometry,
    help: "Keeps a part of a given size from anywhere in the picture.",
    p: 1.0,
    fields: FIELDS,
    build: |options| Ok(Box::new(Crop::of(options, true)?)),
};

#[derive(Debug)]
struct Crop {
    height: usize,
    width: usize,
    anywhere: bool,
    padding: Option<Padding>,
}

impl Crop {
    fn of(options: &Map<String, Value>, anywhere: bool) -> Result<Self> {
        let padding = Padding::of(options, &PAD_POSITION)?;
        Ok(Self {
            height: needed(&HEIGHT, options)?,
            width: needed(&WIDTH, options)?,
            anywhere,
            padding: PAD_IF_NEEDED.boolean(options)?.then_some(padding),
        })
    }
}

/// Where a part begins that leaves so many pixels out: anywhere, each place equally
/// likely.
pub(super) fn anywhere(left_out: usize, stream: &mut Stream) -> usize {
    stream.within(0..=left_out as u32) as usize
}

/// The left, top, right and bottom end of the part that was drawn.
pub(super) fn drawn_part(drawn: &Drawn) -> Result<[f64; 4]> {
    let part = drawn.exactly("crop_coords", 4)?;
    Ok([part[0], part[1], part[2], part[3]])
}

impl Transform for Crop {
    fn draw(&self, shape: Shape, stream: &mut Stream) -> Drawn {
        let mut drawn = Drawn::nothing();
        let [mut height, mut width] = [shape.height, shape.width];
        if let Some(padding) = &self.padding {
            let missing = [
                self.height.saturating_sub(height),
                self.width.saturating_sub(width),
            ];
            let sides = padding.sides(missing, stream);
            drawn = drawn.numbers("pad_params", sides.to_vec());
            [height, width] = [height + missing[0], width + missing[1]];
        }
        // A picture that is too small is refused when this is applied.
        let mut start = |left_out| match self.anywhere {
            true => anywhere(left_out, stream),
            false => left_out / 2,
        };
        let top = start(height.saturating_sub(self.height));
        let left = start(width.saturating_sub(self.width));
        let part = [left, top, left + self.width, top + self.height];
        drawn.numbers("crop_coords", part.map(|end| end as f64).to_vec())
    }

    fn apply(&self, mut picture: Raster, drawn: &Drawn) -> Result<Raster> {
        match &self.padding {
            Some(padding) => picture = padding.apply(picture, drawn)?,
            None => {
                for (name, side, has) in [
                    ("height", self.height, picture.height()),
                    ("width", self.width, picture.width()),
                ] {
                    if side > has {
                        let allowed = format!("at most the picture's {has}, or pad_if_needed");
                        return Err(Error::invalid(name, side, allowed));
                    }
                }
            }
        }
        frame::crop(picture, drawn_part(drawn)?)
    }

    fn apply_to_mask(&self, mut mask: Raster, drawn: &Drawn) -> Result<Raster> {
        if let Some(padding) = &self.padding {
            mask = padding.apply_to_mask(mask, drawn)?;
        }
        frame::crop(mask, drawn_part(drawn)?)
    }

    fn apply_to_boxes(
        &self,
        boxes: &mut Boxes,
        [shape, _]: [Shape; 2],
        drawn: &Drawn,
    ) -> Result<()> {
        if let Some(padding) = &self.padding {
            padding.apply_to_boxes(boxes, shape, drawn)?;
        }
        let [left, top, ..] = drawn_part(drawn)?;
        boxes.shift(-left, -top);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::Purpose;
    use serde_json::json;

    #[test]
    fn every_place_is_cropped() {
        let options = json!({ "height": 2, "width": 3 });
        let options = options.as_object().expect("an object");
        let crop = RANDOM.build(options).expect("a crop");
        let shape = Shape {
            width: 5,
            height: 3,
            channels: 1,
        };
        let mut stream = Stream::new(1, 0, Purpose::Augment);
        let mut seen = [[0; 3]; 2];
        for _ in 0..600 {
            let drawn = crop.draw(shape, &mut stream);
            let part = drawn.exactly("crop_coords", 4).expect("a part");
            seen[part[1] as usize][part[0] as usize] += 1;
        }
        assert!(
            seen.iter().flatten().all(|n| (60..140).contains(n)),
            "{seen:?}"
        );
    }
}
