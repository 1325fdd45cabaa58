//! One table per request says what its fields are; parsing, the page's controls
//! and the published descriptions are all made from it.

use crate::error::{Error, Result, shorten};
use serde::Serialize;
use serde_json::{Map, Value, json};

/// A field of a request, as people and programs see it.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Field {
    /// The name in JSON.
    pub name: &'static str,
    /// The name that a person reads.
    pub label: &'static str,
    /// One sentence on what it does.
    pub help: &'static str,
    /// What values it takes.
    #[serde(flatten)]
    pub kind: Kind,
}

/// The values that a [`Field`] takes.
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
    /// A colour: one number for all channels, or a list with one for each.
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

impl Field {
    /// What is allowed, in words.
    pub fn allowed(&self) -> String {
        match self.kind {
            Kind::Digits { max } => {
                format!("1 to {max} digits 0-9 as text, or a non-negative whole number")
            }
            Kind::Number {
                min,
                max,
                unit,
                default,
                ..
            } => {
                let none = if default.is_none() { ", or null" } else { "" };
                format!("numbers from {min} to {max}{}{none}", in_unit(unit))
            }
            Kind::Range {
                min,
                max,
                unit,
                whole,
                default,
                single,
                ..
            } => {
                let numbers = if whole { "whole numbers" } else { "numbers" };
                let one = match single {
                    Single::Refused => "",
                    _ => ", or one number",
                };
                let none = if default.is_none() { ", or null" } else { "" };
                format!(
                    "two {numbers} from {min} to {max}{}, the lower first{one}{none}",
                    in_unit(unit)
                )
            }
            Kind::Fill { .. } => {
                "a number from 0 to 255, or a list with one for each channel".into()
            }
            Kind::Paint {
                values, nullable, ..
            } => {
                let words: String = values.iter().map(|word| format!(", or {word}")).collect();
                let none = if nullable { ", or null" } else { "" };
                format!("a number from 0 to 255, or a list with one for each channel{words}{none}")
            }
            Kind::Pair {
                min,
                max,
                unit,
                default,
            } => {
                let none = if default.is_none() { ", or null" } else { "" };
                format!(
                    "two whole numbers from {min} to {max}{}{none}",
                    in_unit(unit)
                )
            }
            Kind::Choices { names, values, .. } => format!(
                "an object with {}, each one of {}",
                names.join(" and "),
                values.join(", ")
            ),
            Kind::Region { .. } => "four numbers from 0 to 1: left, top, and not less than \
                                    those, right and bottom"
                .into(),
            Kind::Integer {
                min, max, unit: "", ..
            } => format!("whole numbers from {min} to {max}"),
            Kind::Integer { min, max, unit, .. } => {
                format!("whole numbers from {min} to {max} ({unit})")
            }
            Kind::Choice { values, .. } => values.join(", "),
            Kind::Boolean { .. } => "true, false, 1 or 0".into(),
            Kind::Pipeline { values, .. } => {
                format!("{}, or a list of transforms", values.join(", "))
            }
            Kind::Seed => {
                "whole numbers from 0 to 18446744073709551615 (as text when above 2^53)".into()
            }
        }
    }

    /// The error for a value that is not allowed here.
    pub fn refuse(&self, value: &Value) -> Error {
        Error::invalid(self.name, describe(value), self.allowed())
    }

    /// The error for a field that was left out but is needed.
    pub fn missing(&self) -> Error {
        Error::MissingParameter {
            field: self.name.into(),
            allowed: self.allowed(),
        }
    }

    /// Whether `null` may stand for its value.
    pub fn is_optional(&self) -> bool {
        matches!(
            self.kind,
            Kind::Number { default: None, .. }
                | Kind::Range { default: None, .. }
                | Kind::Integer { default: None, .. }
                | Kind::Pair { default: None, .. }
                | Kind::Paint { nullable: true, .. }
        )
    }

    /// Reads the number that `object` gives this field, or its default; `None` when
    /// there is neither.
    ///
    /// # Errors
    /// [`Error::InvalidParameter`] for anything but a number within the limits.
    pub fn number(&self, object: &Map<String, Value>) -> Result<Option<f64>> {
        let Kind::Number {
            min, max, default, ..
        } = self.kind
        else {
            unreachable!("{} is not a number field", self.name)
        };
        match object.get(self.name) {
            None => Ok(default),
            Some(Value::Null) if default.is_none() => Ok(None),
            Some(value) => match value.as_f64() {
                Some(number) if (min..=max).contains(&number) => Ok(Some(number)),
                _ => Err(self.refuse(value)),
            },
        }
    }

    /// Reads the range that `object` gives this field, or its default; `None` when
    /// there is neither.
    ///
    /// # Errors
    /// [`Error::InvalidParameter`] for anything but two numbers within the limits, the
    /// lower first, or one where that is allowed.
    pub fn range(&self, object: &Map<String, Value>) -> Result<Option<[f64; 2]>> {
        let Kind::Range {
            min,
            max,
            whole,
            default,
            single,
            ..
        } = self.kind
        else {
            unreachable!("{} is not a range field", self.name)
        };
        let Some(value) = object.get(self.name) else {
            return Ok(default);
        };
        let range = match (value, single) {
            (Value::Null, _) if default.is_none() => return Ok(None),
            (Value::Array(ends), _) => match ends.as_slice() {
                [low, high] => low.as_f64().zip(high.as_f64()),
                _ => None,
            },
            (_, Single::Refused) => None,
            (_, Single::Symmetric) => value.as_f64().map(|end| (-end.abs(), end.abs())),
            (_, Single::About(centre)) => value
                .as_f64()
                .filter(|&reach| reach >= 0.0)
                .map(|reach| ((centre - reach).max(min), centre + reach)),
            (_, Single::Same) => value.as_f64().map(|end| (end, end)),
            (_, Single::From(start)) => value.as_f64().map(|end| (start.min(end), start.max(end))),
        };
        range
            .filter(|&(low, high)| min <= low && low <= high && high <= max)
            .filter(|&(low, high)| !whole || (low.fract() == 0.0 && high.fract() == 0.0))
            .map(|(low, high)| Some([low, high]))
            .ok_or_else(|| self.refuse(value))
    }

    /// Reads the colour that `object` gives this field, or its default: one number, or
    /// one for each of up to four channels.
    ///
    /// # Errors
    /// [`Error::InvalidParameter`] for anything but numbers from 0 to 255.
    pub fn fill(&self, object: &Map<String, Value>) -> Result<Vec<f64>> {
        let (Kind::Fill { default } | Kind::Paint { default, .. }) = self.kind else {
            unreachable!("{} is not a colour field", self.name)
        };
        let Some(value) = object.get(self.name) else {
            return Ok(vec![default]);
        };
        let numbers = match value {
            Value::Array(list) if (1..=4).contains(&list.len()) => list.as_slice(),
            Value::Array(_) => return Err(self.refuse(value)),
            one => std::slice::from_ref(one),
        };
        numbers
            .iter()
            .map(|number| {
                number
                    .as_f64()
                    .filter(|level| (0.0..=255.0).contains(level))
            })
            .collect::<Option<_>>()
            .ok_or_else(|| self.refuse(value))
    }

    /// Reads the pair that `object` gives this field, or its default; `None` when there
    /// is neither.
    ///
    /// # Errors
    /// [`Error::InvalidParameter`] for anything but two whole numbers within the limits.
    pub fn pair(&self, object: &Map<String, Value>) -> Result<Option<[u64; 2]>> {
        let Kind::Pair {
            min, max, default, ..
        } = self.kind
        else {
            unreachable!("{} is not a pair field", self.name)
        };
        let value = match object.get(self.name) {
            None => return Ok(default),
            Some(Value::Null) if default.is_none() => return Ok(None),
            Some(value) => value,
        };
        let pair = value.as_array().and_then(|list| match list.as_slice() {
            [first, second] => first.as_u64().zip(second.as_u64()),
            _ => None,
        });
        match pair {
            Some((first, second)) if [first, second].iter().all(|n| (min..=max).contains(n)) => {
                Ok(Some([first, second]))
            }
            _ => Err(self.refuse(value)),
        }
    }

    /// Reads the part of a picture that `object` gives this field, or its default.
    ///
    /// # Errors
    /// [`Error::InvalidParameter`] for anything but left, top, right and bottom within
    /// 0 and 1.
    pub fn region(&self, object: &Map<String, Value>) -> Result<[f64; 4]> {
        let Kind::Region { default } = self.kind else {
            unreachable!("{} is not a region field", self.name)
        };
        let Some(value) = object.get(self.name) else {
            return Ok(default);
        };
        let numbers = value.as_array().map(Vec::as_slice).unwrap_or_default();
        let numbers: Option<Vec<f64>> = numbers.iter().map(Value::as_f64).collect();
        match numbers.as_deref() {
            Some(&[left, top, right, bottom])
                if 0.0 <= left
                    && left <= right
                    && right <= 1.0
                    && 0.0 <= top
                    && top <= bottom
                    && bottom <= 1.0 =>
            {
                Ok([left, top, right, bottom])
            }
            _ => Err(self.refuse(value)),
        }
    }

    /// Reads the words that `object` gives this field, in the order of its names.
    ///
    /// # Errors
    /// [`Error::InvalidParameter`] for anything but an object of known names and words.
    pub fn choices(&self, object: &Map<String, Value>) -> Result<Vec<&'static str>> {
        let Kind::Choices {
            names,
            values,
            default,
        } = self.kind
        else {
            unreachable!("{} is not a field of words", self.name)
        };
        let Some(value) = object.get(self.name) else {
            return Ok(vec![default; names.len()]);
        };
        let given = value.as_object().ok_or_else(|| self.refuse(value))?;
        if given.keys().any(|name| !names.contains(&name.as_str())) {
            return Err(self.refuse(value));
        }
        let word = |name: &&str| match given.get(*name) {
            None => Ok(default),
            Some(word) => values
                .iter()
                .find(|known| word.as_str() == Some(known))
                .copied()
                .ok_or_else(|| self.refuse(word)),
        };
        names.iter().map(word).collect()
    }

    /// The value that `object` gives this field as it is understood, or its default;
    /// `None` when there is neither.
    ///
    /// # Errors
    /// [`Error::InvalidParameter`] for a value that is not allowed.
    pub fn understood(&self, object: &Map<String, Value>) -> Result<Option<Value>> {
        let tidy = |number: f64| {
            if number.fract() == 0.0 && number.abs() < 1e15 {
                json!(number as i64)
            } else {
                json!(number)
            }
        };
        Ok(match self.kind {
            Kind::Number { .. } => self.number(object)?.map(tidy),
            Kind::Range { .. } => self.range(object)?.map(|ends| json!(ends.map(tidy))),
            Kind::Paint {
                values, nullable, ..
            } if object.get(self.name).is_some_and(|value| match value {
                Value::String(word) => values.contains(&word.as_str()),
                other => nullable && other.is_null(),
            }) =>
            {
                object.get(self.name).cloned()
            }
            Kind::Pair { .. } => self.pair(object)?.map(|pair| json!(pair)),
            Kind::Choices { names, .. } => {
                let words = self.choices(object)?.into_iter().map(Value::from);
                let names = names.iter().map(|name| (*name).to_owned());
                Some(Value::Object(names.zip(words).collect()))
            }
            Kind::Fill { .. } | Kind::Paint { .. } => Some(match self.fill(object)?.as_slice() {
                [one] => tidy(*one),
                list => list.iter().copied().map(tidy).collect(),
            }),
            Kind::Region { .. } => Some(json!(self.region(object)?.map(tidy))),
            Kind::Integer { .. } => self.integer(object)?.map(Value::from),
            Kind::Choice { .. } => Some(self.choice(object)?.into()),
            Kind::Boolean { .. } => Some(self.boolean(object)?.into()),
            Kind::Digits { .. } | Kind::Pipeline { .. } | Kind::Seed => {
                object.get(self.name).cloned()
            }
        })
    }

    /// Reads the whole number that `object` gives this field, or its default;
    /// `None` when there is neither.
    ///
    /// # Errors
    /// [`Error::InvalidParameter`] for anything but an integer within the limits.
    pub fn integer(&self, object: &Map<String, Value>) -> Result<Option<u64>> {
        let Kind::Integer {
            min, max, default, ..
        } = self.kind
        else {
            unreachable!("{} is not an integer field", self.name)
        };
        let value = match object.get(self.name) {
            None => return Ok(default),
            Some(Value::Null) if default.is_none() => return Ok(None),
            Some(value) => value,
        };
        match value.as_u64() {
            Some(number) if (min..=max).contains(&number) => Ok(Some(number)),
            _ => Err(self.refuse(value)),
        }
    }

    /// Reads the position in the list of words that `object` gives this field, or
    /// that of the default.
    ///
    /// # Errors
    /// [`Error::InvalidParameter`] for anything but one of the words.
    pub fn choice(&self, object: &Map<String, Value>) -> Result<&'static str> {
        let Kind::Choice { values, default } = self.kind else {
            unreachable!("{} is not a choice field", self.name)
        };
        let Some(value) = object.get(self.name) else {
            return Ok(default);
        };
        value
            .as_str()
            .and_then(|word| values.iter().find(|known| **known == word))
            .copied()
            .ok_or_else(|| self.refuse(value))
    }

    /// Reads the switch that `object` gives this field, or its default.
    /// `true`, `false`, 1, 0 and the same as text are understood.
    ///
    /// # Errors
    /// [`Error::InvalidParameter`] for anything else.
    pub fn boolean(&self, object: &Map<String, Value>) -> Result<bool> {
        let Kind::Boolean { default } = self.kind else {
            unreachable!("{} is not a boolean field", self.name)
        };
        let Some(value) = object.get(self.name) else {
            return Ok(default);
        };
        match value {
            Value::Bool(on) => Ok(*on),
            Value::Number(number) if number.as_u64() == Some(1) => Ok(true),
            Value::Number(number) if number.as_u64() == Some(0) => Ok(false),
            Value::String(text) => match text.as_str() {
                "true" | "1" => Ok(true),
                "false" | "0" => Ok(false),
                _ => Err(self.refuse(value)),
            },
            _ => Err(self.refuse(value)),
        }
    }

    /// Reads the seed that `object` gives this field, if any, as a number or as text.
    ///
    /// # Errors
    /// [`Error::InvalidParameter`] for anything but an unsigned 64-bit integer.
    pub fn seed(&self, object: &Map<String, Value>) -> Result<Option<u64>> {
        let Some(value) = object.get(self.name) else {
            return Ok(None);
        };
        let seed = match value {
            Value::Number(number) => number.as_u64(),
            // `parse` alone would accept a leading plus sign.
            Value::String(text) if text.bytes().all(|byte| byte.is_ascii_digit()) => {
                text.parse().ok()
            }
            _ => None,
        };
        seed.map(Some).ok_or_else(|| self.refuse(value))
    }
}

/// Refuses fields of `object` that none of `fields` has.
///
/// # Errors
/// [`Error::UnknownParameter`] naming the first such field.
pub fn refuse_unknown(object: &Map<String, Value>, fields: &[Field]) -> Result<()> {
    match object
        .keys()
        .find(|key| fields.iter().all(|field| field.name != key.as_str()))
    {
        None => Ok(()),
        Some(unknown) => Err(Error::UnknownParameter {
            field: shorten(unknown),
            allowed: fields
                .iter()
                .map(|field| field.name)
                .collect::<Vec<_>>()
                .join(", "),
        }),
    }
}

fn in_unit(unit: &str) -> String {
    match unit {
        "" => String::new(),
        unit => format!(" ({unit})"),
    }
}

/// A value as a person would name it in a message.
pub fn describe(value: &Value) -> String {
    match value {
        Value::Array(items) => format!("a list of {} items", items.len()),
        Value::Object(_) => "an object".into(),
        Value::String(text) if text.is_empty() => "empty text".into(),
        Value::String(text) => format!("the text \"{}\"", shorten(text)),
        other => shorten(&other.to_string()),
    }
}
