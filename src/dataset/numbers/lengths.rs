//! How long random numbers are.

use crate::dataset::weights::{self, MOST_WEIGHT};
use crate::error::{Error, Result, shorten};
use crate::parameter::describe;
use crate::random::Stream;
use crate::sequence::MOST_DIGITS;
use serde_json::{Value, json};

/// How long random numbers are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Lengths {
    One(usize),
    Between(usize, usize),
    /// Lengths in ascending order, and their weights.
    Weighted(Vec<(usize, u32)>),
}

impl Lengths {
    pub(super) fn draw(&self, stream: &mut Stream) -> usize {
        match self {
            Self::One(length) => *length,
            Self::Between(shortest, longest) => {
                shortest + stream.below((longest - shortest + 1) as u32) as usize
            }
            Self::Weighted(lengths) => {
                let choices = lengths.iter().map(|&(length, weight)| (weight, length));
                weights::choose(choices, |sum| stream.below(sum))
            }
        }
    }

    pub(super) fn from_json(value: &Value) -> Result<Self> {
        let refuse = |found: String| {
            let allowed = format!(
                "a number of digits from 1 to {MOST_DIGITS}, two of them, the lower first, or an object with whole weights by number of digits, which add up to 1 to {MOST_WEIGHT}"
            );
            Error::invalid("numbers.random", found, allowed)
        };
        let length = |value: &Value| match value.as_u64() {
            Some(length) if (1..=MOST_DIGITS as u64).contains(&length) => Some(length as usize),
            _ => None,
        };
        match value {
            Value::Array(ends) => match ends.iter().map(length).collect::<Option<Vec<_>>>() {
                Some(ends) if ends.len() == 2 && ends[0] <= ends[1] => {
                    Ok(Self::Between(ends[0], ends[1]))
                }
                _ => Err(refuse(shorten(&value.to_string()))),
            },
            Value::Object(weights) => {
                let mut lengths = Vec::new();
                let mut sum = 0;
                for (name, weight) in weights {
                    // As canonical numbers are written: 04 would be 4 once more.
                    let length = name.parse::<usize>().ok().filter(|length| {
                        (1..=MOST_DIGITS).contains(length) && *name == length.to_string()
                    });
                    let weight = weight.as_u64().filter(|weight| *weight <= MOST_WEIGHT);
                    let Some((length, weight)) = length.zip(weight) else {
                        let found = format!("\"{}\": {}", shorten(name), describe(&weights[name]));
                        return Err(refuse(format!("an object with {found}")));
                    };
                    sum += weight;
                    lengths.push((length, weight as u32));
                }
                if !(1..=MOST_WEIGHT).contains(&sum) {
                    return Err(refuse(format!(
                        "an object with weights that add up to {sum}"
                    )));
                }
                lengths.sort_unstable();
                Ok(Self::Weighted(lengths))
            }
            other => match length(other) {
                Some(length) => Ok(Self::One(length)),
                None => Err(refuse(describe(other))),
            },
        }
    }

    pub(super) fn to_json(&self) -> Value {
        match self {
            Self::One(length) => json!(length),
            Self::Between(shortest, longest) => json!([shortest, longest]),
            Self::Weighted(lengths) => {
                let lengths = lengths.iter();
                let fields = lengths.map(|(length, weight)| (length.to_string(), json!(weight)));
                Value::Object(fields.collect())
            }
        }
    }

    /// The longest length that can be drawn.
    pub(super) fn longest(&self) -> usize {
        match self {
            Self::One(length) | Self::Between(_, length) => *length,
            Self::Weighted(lengths) => {
                let possible = lengths.iter().filter(|(_, weight)| *weight > 0);
                let lengths = possible.map(|&(length, _)| length);
                lengths.max().unwrap_or_default()
            }
        }
    }
}
