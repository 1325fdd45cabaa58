//! What values a field takes.

use serde::Serialize;

/// The values that a [`Field`](super::Field) takes.
#[derive(Clone, Copy, Debug, Serialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
#[non_exhaustive]
pub enum Kind {
    /// Text of decimal digits, or a non-negative integer.
    Digits {
        /// The largest number of digits; at least one is needed.
        max: usize,
    },
    /// A number.
    Number {
        /// The smallest allowed.
        min: f64,
        /// The largest allowed.
        max: f64,
        /// A good step for a control.
        step: f64,
        /// What holds when the field is left out; without one, `null` is allowed too.
        #[serde(skip_serializing_if = "Option::is_none")]
        default: Option<f64>,
        /// The unit, empty for a plain factor.
        unit: &'static str,
    },
    /// Two numbers, the lower first, between which one is drawn; or a single number.
    Range {
        /// The smallest allowed.
        min: f64,
        /// The largest allowed.
        max: f64,
        /// A good step for a control; 1 for whole numbers.
        step: f64,
        /// Whether only whole numbers are allowed.
        whole: bool,
        /// What holds when the field is left out; without one, `null` is allowed too.
        #[serde(skip_serializing_if = "Option::is_none")]
        default: Option<[f64; 2]>,
        /// The unit, empty for a plain factor.
        unit: &'static str,
        /// What a single number stands for.
        single: Single,
    },
    /// A [`Range`](Self::Range) that may differ across and down: an object with one for
    /// `x`, for `y`, or for both. A single number stands for itself.
    Axes {
        /// The smallest allowed.
        min: f64,
        /// The largest allowed.
        max: f64,
        /// A good step for a control; 1 for whole numbers.
        step: f64,
        /// Whether only whole numbers are allowed.
        whole: bool,
        /// What holds when the field is left out; without one, `null` is allowed too.
        #[serde(skip_serializing_if = "Option::is_none")]
        default: Option<[f64; 2]>,
        /// What holds for an axis that an object leaves out.
        absent: f64,
        /// The unit, empty for a plain factor.
        unit: &'static str,
    },
    /// A [`Range`](Self::Range), or a list of several. A single number stands for itself.
    Ranges {
        /// The smallest allowed.
        min: f64,
        /// The largest allowed.
        max: f64,
        /// A good step for a control; 1 for whole numbers.
        step: f64,
        /// Whether only whole numbers are allowed.
        whole: bool,
        /// What holds when the field is left out; without one, `null` is allowed too.
        #[serde(skip_serializing_if = "Option::is_none")]
        default: Option<[f64; 2]>,
        /// The unit, empty for a plain factor.
        unit: &'static str,
        /// What lists are allowed besides.
        lists: Lists,
    },
    /// A colour: one number for all channels, or a list with one for each; channels that
    /// the list leaves out are 0.
    Fill {
        /// What holds when the field is left out.
        default: f64,
    },
    /// A colour as [`Fill`](Self::Fill), or a word for how to choose one.
    Paint {
        /// The words, if any.
        values: &'static [&'static str],
        /// What holds when the field is left out.
        default: f64,
        /// Whether `null` is allowed too.
        nullable: bool,
    },
    /// Red, green and blue, each a whole number from 0 to 255.
    Rgb {
        /// What holds when the field is left out.
        default: [u8; 3],
    },
    /// Two whole numbers in any order, such as a height and a width.
    Pair {
        /// The smallest allowed.
        min: u64,
        /// The largest allowed.
        max: u64,
        /// What holds when the field is left out; without one, `null` is allowed too.
        #[serde(skip_serializing_if = "Option::is_none")]
        default: Option<[u64; 2]>,
        /// The unit, empty for plain counts.
        unit: &'static str,
    },
    /// One word of a few for each of several names, as an object.
    Choices {
        /// The names.
        names: &'static [&'static str],
        /// The words.
        values: &'static [&'static str],
        /// What holds for a name that is left out.
        default: &'static str,
    },
    /// A part of a picture: left, top, right and bottom, each from 0 to 1.
    Region {
        /// What holds when the field is left out.
        default: [f64; 4],
    },
    /// A whole number.
    Integer {
        /// The smallest allowed.
        min: u64,
        /// The largest allowed.
        max: u64,
        /// What holds when the field is left out.
        #[serde(skip_serializing_if = "Option::is_none")]
        default: Option<u64>,
        /// The unit, empty for a plain count.
        unit: &'static str,
    },
    /// One word of a few.
    Choice {
        /// The words.
        values: &'static [&'static str],
        /// What holds when the field is left out.
        default: &'static str,
    },
    /// On or off.
    Boolean {
        /// What holds when the field is left out.
        default: bool,
    },
    /// A pipeline of transforms: a preset's name, or the pipeline itself.
    Pipeline {
        /// The presets that suit.
        values: &'static [&'static str],
        /// What holds when the field is left out.
        default: &'static str,
    },
    /// An unsigned 64-bit number, as text when a JSON reader might round it.
    Seed,
}

/// What a single number stands for where two are expected.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Single {
    /// From minus the number to the number.
    Symmetric,
    /// From this bound to the number.
    From(f64),
    /// From this centre minus the number, or the lowest allowed, to the centre plus the
    /// number.
    About(f64),
    /// Just the number, twice.
    Same,
    /// A single number is not allowed.
    Refused,
}

/// What lists a field of [`Kind::Ranges`] takes besides a range.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Lists {
    /// Three ranges: one for red, green and blue each.
    Channels,
    /// For top, right, bottom and left each a number, or for each two between which one
    /// is drawn, or for each a list of one, or more than two, of which one is drawn.
    Sides,
    /// One number, or more than two, of which one is drawn.
    Items,
}
