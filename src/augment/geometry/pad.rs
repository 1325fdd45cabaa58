//! Pads to a smallest size or to a multiple of one.

use crate::augment::kernel::border::Border;
use crate::augment::kernel::frame::{self, LONGEST};
use crate::augment::{Boxes, Definition, Drawn, Family, Transform};
use crate::error::{Error, Result};
use crate::parameter::{Field, Kind};
use crate::random::Stream;
use crate::raster::{Raster, Shape};
use serde_json::{Map, Value};

/// What new pixels are.
pub(super) const BORDER_MODE: Field = Field {
    name: "border_mode",
    label: "Border",
    help: "What new pixels are: a colour, the outermost pixels again, a mirror image, or the picture again.",
    kind: Kind::Choice {
        values: Border::NAMES,
        default: "constant",
    },
};

/// The colour of new pixels.
pub(super) const FILL: Field = Field {
    name: "fill",
    label: "Fill",
    help: "The colour of new pixels where the border is constant; channels that a list leaves out are 0.",
    kind: Kind::Fill { default: 0.0 },
};

/// What new pixels of a mask are.
pub(super) const MASK_FILL: &[f64] = &[0.0];

/// Where the picture lies among new pixels.
const POSITIONS: Kind = Kind::Choice {
    values: &[
        "center",
        "top_left",
        "top_right",
        "bottom_left",
        "bottom_right",
        "random",
    ],
    default: "center",
};

const POSITION: Field = Field {
    name: "position",
    label: "Position",
    help: "Where the picture lies among the new pixels.",
    kind: POSITIONS,
};

/// The same, as crops name it.
pub(super) const PAD_POSITION: Field = Field {
    name: "pad_position",
    label: "Position",
    help: "Where a picture that is too small lies among the new pixels.",
    kind: POSITIONS,
};

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

const MIN_HEIGHT: Field = side(
    "min_height",
    "Smallest height",
    "The smallest height; 1024 if neither this nor a divisor is given.",
);
const MIN_WIDTH: Field = side(
    "min_width",
    "Smallest width",
    "The smallest width; 1024 if neither this nor a divisor is given.",
);
const HEIGHT_DIVISOR: Field = side(
    "pad_height_divisor",
    "Height divisor",
    "The height becomes a multiple of this; not together with a smallest height.",
);
const WIDTH_DIVISOR: Field = side(
    "pad_width_divisor",
    "Width divisor",
    "The width becomes a multiple of this; not together with a smallest width.",
);

pub(super) const PAD_IF_NEEDED: Definition = Definition {
    name: "PadIfNeeded",
    family: Family::Geometry,
    help: "Adds pixels around a picture that is smaller than a given size, or whose sides are no multiples of given numbers.",
    p: 1.0,
    fields: &[
        MIN_HEIGHT,
        MIN_WIDTH,
        HEIGHT_DIVISOR,
        WIDTH_DIVISOR,
        POSITION,
        BORDER_MODE,
        FILL,
    ],
    build: |options| {
        let rule = |least: &Field, divisor: &Field| -> Result<Rule> {
            match (least.integer(options)?, divisor.integer(options)?) {
                (None, None) => Ok(Rule::AtLeast(1024)),
                (Some(least), None) => Ok(Rule::AtLeast(least as usize)),
                (None, Some(divisor)) => Ok(Rule::MultipleOf(divisor as usize)),
                (Some(_), Some(given)) => Err(Error::invalid(
                    divisor.name,
                    given,
                    format!("null, as {} is given", least.name),
                )),
            }
        };
        Ok(Box::new(PadIfNeeded {
            height: rule(&MIN_HEIGHT, &HEIGHT_DIVISOR)?,
            width: rule(&MIN_WIDTH, &WIDTH_DIVISOR)?,
            padding: Padding::of(options, &POSITION)?,
        }))
    },
};

/// How new pixels are added.
#[derive(Debug)]
pub(super) struct Padding {
    position: &'static str,
    border: Border,
    fill: Vec<f64>,
}

impl Padding {
    pub(super) fn of(options: &Map<String, Value>, position: &Field) -> Result<Self> {
        Ok(Self {
            position: position.choice(options)?,
            border: Border::named(BORDER_MODE.choice(options)?),
            fill: FILL.fill(options)?,
        })
    }

    /// How many pixels are added at the top, bottom, left and right, when so many rows
    /// and columns are missing.
    pub(super) fn sides(&self, [rows, columns]: [usize; 2], stream: &mut Stream) -> [f64; 4] {
        let before = |missing: usize, start: bool, stream: &mut Stream| match self.position {
            "center" => missing / 2,
            "random" => stream.within(0..=missing as u32) as usize,
            _ if start => 0,
            _ => missing,
        };
        let top = before(rows, self.position.starts_with("top"), stream);
        let left = before(columns, self.position.ends_with("left"), stream);
        [top, rows - top, left, columns - left].map(|side| side as f64)
    }

    /// The picture with the pixels that `pad_params` of what was drawn says.
    pub(super) fn apply(&self, picture: Raster, drawn: &Drawn) -> Result<Raster> {
        frame::pad(picture, drawn_sides(drawn)?, self.border, &self.fill)
    }

    /// The same for a mask.
    pub(super) fn apply_to_mask(&self, mask: Raster, drawn: &Drawn) -> Result<Raster> {
        frame::pad(mask, drawn_sides(drawn)?, self.border, MASK_FILL)
    }

    /// Moves the boxes of a picture of `shape` with it. Where the border is a mirror image
    /// there are boxes in it, too.
    pub(super) fn apply_to_boxes(
        &self,
        boxes: &mut Boxes,
        shape: Shape,
        drawn: &Drawn,
    ) -> Result<()> {
        let sides = drawn_sides(drawn)?;
        if self.border.mirrors() {
            boxes.mirror(shape, sides)?;
        }
        boxes.shift(sides[2], sides[0]);
        Ok(())
    }
}

/// How many pixels are added at the top, bottom, left and right.
pub(super) fn drawn_sides(drawn: &Drawn) -> Result<[f64; 4]> {
    let sides = drawn.exactly("pad_params", 4)?;
    Ok([sides[0], sides[1], sides[2], sides[3]])
}

/// What a side must be.
#[derive(Clone, Copy, Debug)]
enum Rule {
    AtLeast(usize),
    MultipleOf(usize),
}

impl Rule {
    fn missing(self, side: usize) -> usize {
        match self {
            Self::AtLeast(least) => least.saturating_sub(side),
            Self::MultipleOf(divisor) => side.next_multiple_of(divisor) - side,
        }
    }
}

#[derive(Debug)]
struct PadIfNeeded {
    height: Rule,
    width: Rule,
    padding: Padding,
}

impl Transform for PadIfNeeded {
    fn draw(&self, shape: Shape, stream: &mut Stream) -> Drawn {
        let missing = [
            self.height.missing(shape.height),
            self.width.missing(shape.width),
        ];
        let sides = self.padding.sides(missing, stream);
        Drawn::nothing().numbers("pad_params", sides.to_vec())
    }

    fn apply(&self, picture: Raster, drawn: &Drawn) -> Result<Raster> {
        self.padding.apply(picture, drawn)
    }

    fn apply_to_mask(&self, mask: Raster, drawn: &Drawn) -> Result<Raster> {
        self.padding.apply_to_mask(mask, drawn)
    }

    fn apply_to_boxes(
        &self,
        boxes: &mut Boxes,
        [shape, _]: [Shape; 2],
        drawn: &Drawn,
    ) -> Result<()> {
        self.padding.apply_to_boxes(boxes, shape, drawn)
    }
}
