//! Cuts pixels off the sides, or adds some.

use super::crop::drawn_part;
use super::pad::{BORDER_MODE, MASK_FILL, drawn_sides};
use super::resize::INTERPOLATION;
use crate::augment::kernel::border::Border;
use crate::augment::kernel::frame::{self, LONGEST};
use crate::augment::kernel::resize::{Interpolation, resize};
use crate::augment::{Boxes, Definition, Drawn, Family, Transform};
use crate::error::{Error, Result};
use crate::parameter::{Field, Kind, Single};
use crate::random::Stream;
use crate::raster::{Raster, Shape};

const PX: Field = Field {
    name: "px",
    label: "Pixels",
    help: "How many pixels are added at a side, or cut off when negative. The higher of two different numbers is never drawn.",
    kind: Kind::Range {
        min: -(LONGEST as f64),
        max: LONGEST as f64,
        step: 1.0,
        whole: true,
        default: None,
        unit: "pixels",
        single: Single::Same,
    },
};

const PERCENT: Field = Field {
    name: "percent",
    label: "Share",
    help: "How much is added at a side, or cut off when negative, as a share of the picture's height or width: 0.1 is a tenth.",
    kind: Kind::Range {
        min: -1.0,
        max: 8.0,
        step: 0.05,
        whole: false,
        default: None,
        unit: "",
        single: Single::Same,
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
    help: "Whether something else is drawn for each side.",
    kind: Kind::Boolean { default: true },
};

const FILL: Field = Field {
    name: "fill",
    label: "Fill",
    help: "The level of new pixels in all channels where the border is constant; one between two is drawn.",
    kind: Kind::Range {
        min: 0.0,
        max: 255.0,
        step: 1.0,
        whole: false,
        default: Some([0.0, 0.0]),
        unit: "levels",
        single: Single::Same,
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
        let amount = match (PX.range(options)?, PERCENT.range(options)?) {
            (Some(px), None) => Amount::Pixels(px.map(|px| px as i64)),
            (None, Some(share)) => Amount::Share(share),
            (None, None) => return Err(PX.missing()),
            (Some(_), Some([low, high])) => {
                let found = format!("{low} to {high}");
                return Err(Error::invalid(PERCENT.name, found, "null, as px is given"));
            }
        };
        Ok(Box::new(CropAndPad {
            amount,
            keep_size: KEEP_SIZE.boolean(options)?,
            independently: SAMPLE_INDEPENDENTLY.boolean(options)?,
            how: Interpolation::named(INTERPOLATION.choice(options)?),
            border: Border::named(BORDER_MODE.choice(options)?),
            fill: FILL.range(options)?.unwrap_or_default(),
        }))
    },
};

#[derive(Clone, Copy, Debug)]
enum Amount {
    Pixels([i64; 2]),
    Share([f64; 2]),
}

#[derive(Debug)]
struct CropAndPad {
    amount: Amount,
    keep_size: bool,
    independently: bool,
    how: Interpolation,
    border: Border,
    fill: [f64; 2],
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
        let sides = [shape.height, shape.width, shape.height, shape.width];
        let mut draw = |side: usize| match self.amount {
            Amount::Pixels([low, high]) => {
                low + i64::from(stream.below((high - low).max(1) as u32))
            }
            // Limited, so that what is added to huge pictures stays a number of pixels.
            Amount::Share(shares) => {
                (stream.between(shares) * side as f64).clamp(-1e9, LONGEST as f64) as i64
            }
        };
        let amounts: [i64; 4] = if self.independently {
            sides.map(&mut draw)
        } else {
            match self.amount {
                Amount::Pixels(_) => [draw(0); 4],
                Amount::Share(shares) => {
                    let share = stream.between(shares);
                    sides.map(|side| (share * side as f64).clamp(-1e9, LONGEST as f64) as i64)
                }
            }
        };
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
            .number("fill", stream.between(self.fill))
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
