//! Cuts pixels off the sides, or adds some.

use super::crop::drawn_part;
use super::pad::{BORDER_MODE, MASK_FILL, drawn_sides};
use super::resize::INTERPOLATION;
use crate::augment::kernel::border::Border;
use crate::augment::kernel::frame::{self, LONGEST};
use crate::augment::kernel::resize::{Interpolation, resize};
use crate::augment::{Boxes, Definition, Drawn, Family, Transform};
use crate::error::{Error, Result};
use crate::parameter::{Field, Kind, Lists, Ranges, describe};
use crate::random::Stream;
use crate::raster::{Raster, Shape};

const PX: Field = Field {
    name: "px",
    label: "Pixels",
    help: "How many pixels are added at a side, or cut off when negative. The higher of two different numbers is never drawn. Top, right, bottom and left may have a number, a range or a list of their own.",
    kind: Kind::Ranges {
        min: -(LONGEST as f64),
        max: LONGEST as f64,
        step: 1.0,
        whole: true,
        default: None,
        unit: "pixels",
        lists: Lists::Sides,
    },
};

const PERCENT: Field = Field {
    name: "percent",
    label: "Share",
    help: "How much is added at a side, or cut off when negative, as a share of the picture's height or width: 0.1 is a tenth. Top, right, bottom and left may have a number, a range or a list of their own.",
    kind: Kind::Ranges {
        min: -1.0,
        max: 8.0,
        step: 0.05,
        whole: false,
        default: None,
        unit: "",
        lists: Lists::Sides,
    },
};

const KEEP_SIZE: Field = Field {
    name: "keep_size",
    label: "Keep the size",
    help: "Whether the result is brought back to the picture's size.",
    kind: Kind::Boolean { default: true },
};

const SAMPLE_INDEPENDENTLY: Field = Field {
    name: "sample_independently",
    label: "Each side on its own",
    help: "Whether something else is drawn for each side; sides with numbers, ranges or lists of their own always are.",
    kind: Kind::Boolean { default: true },
};

const FILL: Field = Field {
    name: "fill",
    label: "Fill",
    help: "The level of new pixels in all channels where the border is constant; one between two, or one of a longer list, is drawn.",
    kind: Kind::Ranges {
        min: 0.0,
        max: 255.0,
        step: 1.0,
        whole: false,
        default: Some([0.0, 0.0]),
        unit: "levels",
        lists: Lists::Items,
    },
};

pub(super) const CROP_AND_PAD: Definition = Definition {
    name: "CropAndPad",
    family: Family::Geometry,
    help: "Cuts pixels off each side or adds some, by number or by share; exactly one of these two is given. \
           Where nothing would be left less is cut off, often nothing at all.",
    p: 1.0,
    fields: &[
        PX,
        PERCENT,
        KEEP_SIZE,
        SAMPLE_INDEPENDENTLY,
        INTERPOLATION,
        BORDER_MODE,
        FILL,
    ],
    build: |options| {
        let (amounts, by_share) = match (PX.ranges(options)?, PERCENT.ranges(options)?) {
            (Some(pixels), None) => (pixels, false),
            (None, Some(shares)) => (shares, true),
            (None, None) => return Err(PX.missing()),
            (Some(_), Some(_)) => {
                let found = describe(&options[PERCENT.name]);
                return Err(Error::invalid(PERCENT.name, found, "null, as px is given"));
            }
        };
        Ok(Box::new(CropAndPad {
            amounts,
            by_share,
            keep_size: KEEP_SIZE.boolean(options)?,
            independently: SAMPLE_INDEPENDENTLY.boolean(options)?,
            how: Interpolation::named(INTERPOLATION.choice(options)?),
            border: Border::named(BORDER_MODE.choice(options)?),
            fill: FILL.ranges(options)?.unwrap_or(Ranges::One([0.0; 2])),
        }))
    },
};

#[derive(Debug)]
struct CropAndPad {
    amounts: Ranges,
    /// Whether amounts are shares of a side's length, and not numbers of pixels.
    by_share: bool,
    keep_size: bool,
    independently: bool,
    how: Interpolation,
    border: Border,
    fill: Ranges,
}

/// One of a list, each as likely.
fn one_of(items: &[f64], stream: &mut Stream) -> f64 {
    items[stream.below(items.len() as u32) as usize]
}

/// What is cut off both ends of a side of `length`: less where nothing would be left,
/// shared between both as far as they can give.
fn cuts(first: i64, second: i64, length: i64) -> [i64; 2] {
    if first + second < length {
        return [first, second];
    }
    // So much is given back by the reference: often more than is needed.
    let back = length + 1;
    let mut backs = [back - back / 2, back / 2];
    if backs[0] > first {
        backs[1] += backs[0] - first;
        backs[0] = first;
    } else if backs[1] > second {
        backs[0] += backs[1] - second;
        backs[1] = second;
    }
    // Sometimes it is not enough, and the reference fails.
    let first = (first - backs[0]).clamp(0, length - 1);
    [first, (second - backs[1]).clamp(0, length - 1 - first)]
}

impl CropAndPad {
    // Once in the module, for pictures, masks and boxes.
    #[inline(never)]
    fn framed(
        &self,
        picture: Raster,
        drawn: &Drawn,
        fill: &[f64],
        how: Interpolation,
    ) -> Result<Raster> {
        let [height, width] = [picture.height(), picture.width()];
        let part = frame::crop(picture, drawn_part(drawn)?)?;
        let result = frame::pad(part, drawn_sides(drawn)?, self.border, fill)?;
        match self.keep_size {
            true => resize(result, width, height, how),
            false => Ok(result),
        }
    }
}

impl Transform for CropAndPad {
    fn draw(&self, shape: Shape, stream: &mut Stream) -> Drawn {
        let between = |range: [f64; 2], stream: &mut Stream| match (self.by_share, range) {
            (true, shares) => stream.between(shares),
            (false, [low, high]) => low + f64::from(stream.below((high - low).max(1.0) as u32)),
        };
        let sides = [0, 1, 2, 3];
        let amounts: [f64; 4] = match &self.amounts {
            Ranges::One(range) if self.independently => sides.map(|_| between(*range, stream)),
            Ranges::One(range) => [between(*range, stream); 4],
            Ranges::Each(ranges) => sides.map(|side| between(ranges[side], stream)),
            Ranges::Items(lists) => sides.map(|side| one_of(&lists[side], stream)),
        };
        let lengths = [shape.height, shape.width, shape.height, shape.width];
        let amounts = sides.map(|side| match self.by_share {
            // Limited, so that what is added to huge pictures stays a number of pixels.
            true => (amounts[side] * lengths[side] as f64).clamp(-1e9, LONGEST as f64) as i64,
            false => amounts[side] as i64,
        });
        let [top, right, bottom, left] = amounts.map(|amount| amount.min(0).abs());
        let [height, width] = [shape.height as i64, shape.width as i64];
        let [top, bottom] = cuts(top, bottom, height);
        let [left, right] = cuts(left, right, width);
        let part = [left, top, width - right, height - bottom];
        let [top, right, bottom, left] = amounts.map(|amount| amount.max(0));
        let numbers = |numbers: [i64; 4]| numbers.map(|n| n as f64).to_vec();
        Drawn::nothing()
            .numbers("crop_coords", numbers(part))
            .numbers("pad_params", numbers([top, bottom, left, right]))
            .number(
                "fill",
                match &self.fill {
                    Ranges::One(range) => stream.between(*range),
                    Ranges::Items(lists) => one_of(&lists[0], stream),
                    Ranges::Each(_) => 0.0,
                },
            )
    }

    fn apply(&self, picture: Raster, drawn: &Drawn) -> Result<Raster> {
        let fill = drawn.number_of("fill")?;
        self.framed(picture, drawn, &[fill], self.how)
    }

    fn apply_to_mask(&self, mask: Raster, drawn: &Drawn) -> Result<Raster> {
        self.framed(mask, drawn, MASK_FILL, Interpolation::Nearest)
    }

    /// As in the reference, mirror images at the border have no boxes here.
    fn apply_to_boxes(
        &self,
        boxes: &mut Boxes,
        [_, after]: [Shape; 2],
        drawn: &Drawn,
    ) -> Result<()> {
        let part = drawn_part(drawn)?;
        let [top, bottom, left, right] = drawn_sides(drawn)?;
        boxes.shift(left - part[0], top - part[1]);
        let framed = [
            part[2] - part[0] + left + right,
            part[3] - part[1] + top + bottom,
        ];
        boxes.scale(framed, [after.width as f64, after.height as f64]);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn something_is_always_left() {
        for length in 1..12 {
            for first in 0..20 {
                for second in 0..20 {
                    let [a, b] = cuts(first, second, length);
                    assert!(
                        a >= 0 && b >= 0 && a + b < length,
                        "{first} {second} {length}"
                    );
                }
            }
        }
        assert_eq!(cuts(2, 3, 9), [2, 3]);
    }
}
