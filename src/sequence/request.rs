//! What is wanted: the request, its fields, and how it is read from JSON.

use crate::augment::{Pipeline, preset};
use crate::error::{Error, Result};
use crate::mnist::Split;
use crate::parameter::{Field, Kind, LARGEST_EXACT, describe, refuse_unknown};
use serde_json::{Map, Value, json};
use std::ops::RangeInclusive;

/// The most digits that a sequence may have.
pub const MOST_DIGITS: usize = 256;

/// The widest image that may be asked for, in pixels.
const WIDEST: u64 = 16_384;

/// The widest gap or margin, in pixels.
const WIDEST_GAP: u64 = 1_000;

const NUMBER: Field = Field {
    name: "number",
    label: "Number",
    help: "The digits to show, from left to right. As text, leading zeros are kept.",
    kind: Kind::Digits { max: MOST_DIGITS },
};
const DIGITS: Field = Field {
    name: "digits",
    label: "Digits",
    help: "The digits as a list of integers, instead of number.",
    kind: Kind::Digits { max: MOST_DIGITS },
};
pub(crate) const SPACING_MIN: Field = Field {
    name: "spacing_min",
    label: "Smallest gap",
    help: "Gaps between digits are drawn uniformly between the smallest and the largest, both included.",
    kind: Kind::Integer {
        min: 0,
        max: WIDEST_GAP,
        default: Some(5),
        unit: "pixels",
    },
};
pub(crate) const SPACING_MAX: Field = Field {
    name: "spacing_max",
    label: "Largest gap",
    help: "Gaps between digits are drawn uniformly between the smallest and the largest, both included.",
    kind: Kind::Integer {
        min: 0,
        max: WIDEST_GAP,
        default: Some(10),
        unit: "pixels",
    },
};
pub(crate) const IMAGE_WIDTH: Field = Field {
    name: "image_width",
    label: "Image width",
    help: "Width of the image. The fits stretch and pad need it; natural does not use it.",
    kind: Kind::Integer {
        min: 1,
        max: WIDEST,
        default: None,
        unit: "pixels",
    },
};
pub(crate) const FIT: Field = Field {
    name: "fit",
    label: "Fit",
    help: "How the width is reached: stretch resamples the columns, pad centres on a blank canvas, natural leaves the width as it is.",
    kind: Kind::Choice {
        values: &["stretch", "pad", "natural"],
        default: "stretch",
    },
};
pub(crate) const AUGMENT: Field = Field {
    name: "augment",
    label: "Augment",
    help: "Runs an augmentation pipeline on each digit. Digits and gaps stay those of the plain image.",
    kind: Kind::Boolean { default: false },
};
pub(crate) const PIPELINE: Field = Field {
    name: "pipeline",
    label: "Pipeline",
    help: "What is done to the digits when they are augmented: mild as in the original system, visible, strong, or steps of your own.",
    kind: Kind::Pipeline {
        values: &["seed", "visible", "strong"],
        default: "seed",
    },
};
const SPLIT: Field = Field {
    name: "split",
    label: "Split",
    help: "Which part of the data set the digits come from.",
    kind: Kind::Choice {
        values: &["all", "train", "test"],
        default: "all",
    },
};
pub(crate) const INK: Field = Field {
    name: "ink",
    label: "Ink",
    help: "White ink on black as in MNIST, or black ink on white as on paper.",
    kind: Kind::Choice {
        values: &["white-on-black", "black-on-white"],
        default: "white-on-black",
    },
};
pub(crate) const MARGIN: Field = Field {
    name: "margin",
    label: "Margin",
    help: "Blank columns on the left and on the right, before the width is fitted.",
    kind: Kind::Integer {
        min: 0,
        max: WIDEST_GAP,
        default: Some(4),
        unit: "pixels",
    },
};
pub(crate) const TIGHT: Field = Field {
    name: "tight",
    label: "Tight",
    help: "Crops each digit's blank columns, so that gaps are counted from ink to ink.",
    kind: Kind::Boolean { default: true },
};
pub(crate) const SEED: Field = Field {
    name: "seed",
    label: "Seed",
    help: "Same request and same seed give the same pixels. Drawn at random when left out.",
    kind: Kind::Seed,
};
const INDEX: Field = Field {
    name: "index",
    label: "Variant",
    help: "Position in the endless series of images that the seed stands for.",
    kind: Kind::Integer {
        min: 0,
        max: LARGEST_EXACT,
        default: Some(0),
        unit: "",
    },
};

/// Every field of a request, in the order in which they are described.
pub static FIELDS: &[Field] = &[
    NUMBER,
    DIGITS,
    SPACING_MIN,
    SPACING_MAX,
    IMAGE_WIDTH,
    FIT,
    AUGMENT,
    PIPELINE,
    SPLIT,
    INK,
    MARGIN,
    TIGHT,
    SEED,
    INDEX,
];

/// How the image gets its width.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fit {
    /// The columns are resampled to this many pixels.
    Stretch(usize),
    /// The content is centred on a blank canvas of this many pixels.
    Pad(usize),
    /// The image is as wide as its content.
    Natural,
}

/// Which parts of the data set digits come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Splits {
    /// Both.
    All,
    /// One.
    One(Split),
}

impl Splits {
    /// The splits, in the order in which their samples are counted.
    pub fn as_slice(&self) -> &[Split] {
        match self {
            Self::All => &Split::ALL,
            Self::One(split) => std::slice::from_ref(split),
        }
    }

    /// Its name in requests.
    pub fn name(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::One(split) => split.name(),
        }
    }
}

/// Which of paper and ink is light.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ink {
    /// As in MNIST.
    WhiteOnBlack,
    /// As on paper.
    BlackOnWhite,
}

impl Ink {
    /// Its name in requests.
    pub fn name(self) -> &'static str {
        match self {
            Self::WhiteOnBlack => "white-on-black",
            Self::BlackOnWhite => "black-on-white",
        }
    }
}

/// The pipeline for digits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum DigitPipeline {
    /// A ready-made one, by name, and itself.
    Preset(&'static str, Pipeline),
    /// One's own.
    Own(Pipeline),
}

impl DigitPipeline {
    /// The pipeline.
    pub(super) fn pipeline(&self) -> &Pipeline {
        match self {
            Self::Preset(_, pipeline) | Self::Own(pipeline) => pipeline,
        }
    }

    fn from_json(value: Option<&Value>) -> Result<Self> {
        let Kind::Pipeline { default, .. } = PIPELINE.kind else {
            unreachable!("the pipeline's kind")
        };
        let name = match value {
            None => default,
            Some(Value::String(name)) => name,
            Some(json @ (Value::Array(_) | Value::Object(_))) => {
                return Pipeline::from_json(json)
                    .map(Self::Own)
                    .map_err(|error| error.within(PIPELINE.name));
            }
            Some(other) => return Err(PIPELINE.refuse(other)),
        };
        let preset = preset(name).ok_or_else(|| PIPELINE.refuse(&json!(name)))?;
        Ok(Self::Preset(preset.name, preset.pipeline()))
    }

    fn to_json(&self) -> Value {
        match self {
            Self::Preset(name, _) => json!(name),
            Self::Own(pipeline) => pipeline.to_json(),
        }
    }
}

/// A request that has been checked: every value is allowed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// The digits, 0 to 9 each, at least one.
    pub(super) digits: Vec<u8>,
    /// Gaps between neighbours, in pixels.
    pub(super) spacing: RangeInclusive<u32>,
    pub(super) fit: Fit,
    /// What is run on each digit, if anything is.
    pub(super) augment: Option<DigitPipeline>,
    pub(super) splits: Splits,
    pub(super) ink: Ink,
    /// Blank columns on each side.
    pub(super) margin: usize,
    pub(super) tight: bool,
    pub(super) seed: u64,
    pub(super) index: u64,
}

impl Request {
    /// Reads a request. `seed` is what holds when the request names none; the host
    /// draws it, because the core has no randomness of its own.
    ///
    /// # Errors
    /// [`Error::InvalidParameter`], [`Error::MissingParameter`],
    /// [`Error::UnknownParameter`] or, for a pipeline, [`Error::LimitExceeded`] for the
    /// first field, in the order of [`FIELDS`], that is not as it must be. Unknown fields
    /// come first.
    pub fn from_json(value: &Value, seed: u64) -> Result<Self> {
        let object = value.as_object().ok_or_else(|| {
            Error::invalid(
                "request",
                describe(value),
                "an object with the field number",
            )
        })?;
        refuse_unknown(object, FIELDS)?;
        let digits = digits(object)?;
        let spacing_min = integer(&SPACING_MIN, object)?;
        let spacing_max = integer(&SPACING_MAX, object)?;
        if spacing_min > spacing_max {
            let stated = |field: &Field| match object.contains_key(field.name) {
                true => "",
                false => ", its default",
            };
            return Err(Error::invalid(
                SPACING_MIN.name,
                format!("{spacing_min}{}", stated(&SPACING_MIN)),
                format!(
                    "whole numbers up to {}, which is {spacing_max}{}",
                    SPACING_MAX.name,
                    stated(&SPACING_MAX)
                ),
            ));
        }
        if let Some(null @ Value::Null) = object.get(IMAGE_WIDTH.name) {
            return Err(IMAGE_WIDTH.refuse(null));
        }
        let width = IMAGE_WIDTH.integer(object)?;
        let fit = match (FIT.choice(object)?, width) {
            ("natural", _) => Fit::Natural,
            (_, None) => return Err(IMAGE_WIDTH.missing()),
            ("pad", Some(width)) => Fit::Pad(width as usize),
            (_, Some(width)) => Fit::Stretch(width as usize),
        };
        let on = AUGMENT.boolean(object)?;
        // Checked even when it is not used.
        let given = object.get(PIPELINE.name);
        let pipeline = match on || given.is_some() {
            true => Some(DigitPipeline::from_json(given)?),
            false => None,
        };
        let augment = pipeline.filter(|_| on);
        let splits = match SPLIT.choice(object)? {
            "train" => Splits::One(Split::Train),
            "test" => Splits::One(Split::Test),
            _ => Splits::All,
        };
        let ink = match INK.choice(object)? {
            "black-on-white" => Ink::BlackOnWhite,
            _ => Ink::WhiteOnBlack,
        };
        Ok(Self {
            digits,
            spacing: spacing_min..=spacing_max,
            fit,
            augment,
            splits,
            ink,
            margin: integer(&MARGIN, object)? as usize,
            tight: TIGHT.boolean(object)?,
            seed: SEED.seed(object)?.unwrap_or(seed),
            index: INDEX.integer(object)?.unwrap_or_default(),
        })
    }

    /// Asks for another image of the seed's series.
    pub fn set_index(&mut self, index: u64) {
        self.index = index;
    }

    /// The seed.
    pub fn seed(&self) -> u64 {
        self.seed
    }

    /// The image's position in the seed's series.
    pub fn index(&self) -> u64 {
        self.index
    }

    /// Asks for another number, whose digits, 0 to 9 each and at least one, `append` appends.
    #[cfg(feature = "dataset")]
    pub(crate) fn set_digits(&mut self, append: impl FnOnce(&mut Vec<u8>)) {
        self.digits.clear();
        append(&mut self.digits);
        debug_assert!(!self.digits.is_empty() && self.digits.iter().all(|&digit| digit < 10));
    }

    /// Asks for digits of other parts of the data set.
    #[cfg(feature = "dataset")]
    pub(crate) fn set_splits(&mut self, splits: Splits) {
        self.splits = splits;
    }

    /// Which parts of the data set digits come from.
    #[cfg(feature = "dataset")]
    pub(crate) fn splits(&self) -> Splits {
        self.splits
    }

    /// How the image gets its width.
    #[cfg(feature = "dataset")]
    pub(crate) fn fit(&self) -> Fit {
        self.fit
    }

    /// How many columns the content of so many digits, each at most `side` wide, can have.
    #[cfg(feature = "dataset")]
    pub(crate) fn widest(&self, digits: usize, side: usize) -> usize {
        let gaps = digits.saturating_sub(1) * *self.spacing.end() as usize;
        2 * self.margin + digits * side + gaps
    }

    /// The digits as text.
    pub fn label(&self) -> String {
        self.digits
            .iter()
            .map(|digit| char::from(b'0' + digit))
            .collect()
    }

    /// The request with its defaults filled in; read again, it gives the same.
    /// The seed is text, because many JSON readers round large numbers.
    pub fn to_json(&self) -> Map<String, Value> {
        let (fit, width) = match self.fit {
            Fit::Stretch(width) => ("stretch", Some(width)),
            Fit::Pad(width) => ("pad", Some(width)),
            Fit::Natural => ("natural", None),
        };
        let fields = [
            (NUMBER, json!(self.label())),
            (SPACING_MIN, json!(self.spacing.start())),
            (SPACING_MAX, json!(self.spacing.end())),
            (IMAGE_WIDTH, json!(width)),
            (FIT, json!(fit)),
            (AUGMENT, json!(self.augment.is_some())),
            (
                PIPELINE,
                self.augment
                    .as_ref()
                    .map_or(Value::Null, DigitPipeline::to_json),
            ),
            (SPLIT, json!(self.splits.name())),
            (INK, json!(self.ink.name())),
            (MARGIN, json!(self.margin)),
            (TIGHT, json!(self.tight)),
            (SEED, json!(self.seed.to_string())),
            (INDEX, json!(self.index)),
        ];
        fields
            .into_iter()
            .filter(|(_, value)| !value.is_null())
            .map(|(field, value)| (field.name.to_owned(), value))
            .collect()
    }
}

/// An integer field that has a default and fits 32 bits.
fn integer(field: &Field, object: &Map<String, Value>) -> Result<u32> {
    Ok(field.integer(object)?.map_or(0, |value| value as u32))
}

fn digits(object: &Map<String, Value>) -> Result<Vec<u8>> {
    match (object.get(NUMBER.name), object.get(DIGITS.name)) {
        (None, None) => Err(NUMBER.missing()),
        (Some(_), Some(list)) => Err(Error::invalid(
            DIGITS.name,
            format!("{}, beside number", describe(list)),
            "number or digits, not both",
        )),
        (Some(number), None) => {
            let text = match number {
                Value::String(text) => text.clone(),
                Value::Number(number) if number.is_u64() => number.to_string(),
                other => return Err(NUMBER.refuse(other)),
            };
            if text.bytes().all(|byte| byte.is_ascii_digit())
                && (1..=MOST_DIGITS).contains(&text.len())
            {
                Ok(text.bytes().map(|byte| byte - b'0').collect())
            } else {
                Err(NUMBER.refuse(number))
            }
        }
        (None, Some(list)) => {
            let refuse = |what: String| {
                Error::invalid(
                    DIGITS.name,
                    what,
                    format!("a list of 1 to {MOST_DIGITS} whole numbers from 0 to 9"),
                )
            };
            let items = list.as_array().ok_or_else(|| refuse(describe(list)))?;
            if items.is_empty() || items.len() > MOST_DIGITS {
                return Err(refuse(describe(list)));
            }
            items
                .iter()
                .enumerate()
                .map(|(at, item)| match item.as_u64() {
                    Some(digit @ 0..=9) => Ok(digit as u8),
                    _ => Err(refuse(format!(
                        "a list with {} at position {at}",
                        describe(item)
                    ))),
                })
                .collect()
        }
    }
}
