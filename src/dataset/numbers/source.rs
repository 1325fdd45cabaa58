//! Where numbers come from: the recipe's field `numbers`.

use super::file::FileOfNumbers;
use super::lengths::Lengths;
use super::lines::Lines;
use super::pattern::Pattern;
use super::phones::{PHONES, Phone};
use crate::error::{Error, Result, shorten};
use crate::parameter::{LARGEST_EXACT, describe};
use crate::sequence::MOST_DIGITS;
use serde_json::{Value, json};
use std::sync::Arc;

/// The kinds of numbers, as fields of the recipe's `numbers`.
const KINDS: [&str; 6] = ["list", "range", "random", "pattern", "phone", "file"];

/// Where numbers come from, as the recipe's field `numbers` says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Source {
    List(Arc<Lines>),
    Range {
        first: u64,
        last: u64,
        digits: usize,
    },
    Random(Lengths),
    Pattern(String, Pattern),
    Phone(&'static Phone, Vec<(u32, Pattern)>),
    File(FileOfNumbers, Option<Arc<Lines>>),
}

impl Source {
    pub(super) fn from_json(value: Option<&Value>) -> Result<Self> {
        let allowed = format!("an object with exactly one of {}", KINDS.join(", "));
        let Some(value) = value else {
            return Err(Error::MissingParameter {
                field: "numbers".into(),
                allowed,
            });
        };
        let refuse = |found: String| Error::invalid("numbers", found, allowed.clone());
        let object = value.as_object().ok_or_else(|| refuse(describe(value)))?;
        let ranged = object.contains_key("range");
        let known = |name: &str| KINDS.contains(&name) || (ranged && name == "digits");
        if let Some(unknown) = object.keys().find(|name| !known(name)) {
            let mut allowed = KINDS.join(", ");
            if ranged {
                allowed.push_str(", digits");
            }
            return Err(Error::UnknownParameter {
                field: shorten(unknown),
                allowed,
            }
            .within("numbers"));
        }
        let mut kinds = object.iter().filter(|(name, _)| *name != "digits");
        let (kind, given) = match (kinds.next(), kinds.next()) {
            (Some(one), None) => one,
            (None, _) => return Err(refuse("an empty object".into())),
            (Some((one, _)), Some((other, _))) => {
                return Err(refuse(format!("an object with {one} and {other}")));
            }
        };
        Ok(match kind.as_str() {
            "list" => Self::List(Arc::new(Lines::from_json(given)?)),
            "range" => ranged_numbers(given, object.get("digits"))?,
            "random" => Self::Random(Lengths::from_json(given)?),
            "pattern" => {
                let text = given.as_str().ok_or_else(|| {
                    let allowed = "text such as 0[789]0########";
                    Error::invalid("numbers.pattern", describe(given), allowed)
                })?;
                Self::Pattern(text.into(), Pattern::parse(text)?)
            }
            "phone" => {
                let phone = PHONES
                    .iter()
                    .find(|phone| given.as_str() == Some(phone.name));
                let phone = phone.ok_or_else(|| {
                    let names: Vec<&str> = PHONES.iter().map(|phone| phone.name).collect();
                    Error::invalid("numbers.phone", describe(given), names.join(", "))
                })?;
                let patterns = phone.patterns.iter();
                let patterns = patterns.map(|&(weight, text)| Ok((weight, Pattern::parse(text)?)));
                Self::Phone(phone, patterns.collect::<Result<_>>()?)
            }
            _ => Self::File(FileOfNumbers::from_json(given)?, None),
        })
    }

    pub(super) fn to_json(&self) -> Value {
        match self {
            Self::List(lines) => {
                let numbers = lines.numbers().map(|number| {
                    let digits = number.iter().map(|digit| char::from(b'0' + digit));
                    Value::from(digits.collect::<String>())
                });
                json!({ "list": numbers.collect::<Vec<_>>() })
            }
            Self::Range {
                first,
                last,
                digits: 0,
            } => json!({ "range": [first, last] }),
            Self::Range {
                first,
                last,
                digits,
            } => json!({ "range": [first, last], "digits": digits }),
            Self::Random(lengths) => json!({ "random": lengths.to_json() }),
            Self::Pattern(text, _) => json!({ "pattern": text }),
            Self::Phone(phone, _) => json!({ "phone": phone.name }),
            Self::File(file, _) => json!({ "file": file.to_json() }),
        }
    }

    /// Whether its numbers stand in an order, in which they can be taken.
    pub(super) fn is_ordered(&self) -> bool {
        matches!(self, Self::List(_) | Self::Range { .. } | Self::File(..))
    }
}

fn ranged_numbers(value: &Value, digits: Option<&Value>) -> Result<Source> {
    let ends = value.as_array().map(Vec::as_slice).unwrap_or_default();
    let ends: Option<Vec<u64>> = ends.iter().map(Value::as_u64).collect();
    let (first, last) = match ends.as_deref() {
        Some(&[first, last]) if first <= last && last <= LARGEST_EXACT => (first, last),
        _ => {
            let allowed = format!("two whole numbers from 0 to {LARGEST_EXACT}, the lower first");
            let found = shorten(&value.to_string());
            return Err(Error::invalid("numbers.range", found, allowed));
        }
    };
    let digits = match digits {
        None => 0,
        Some(given) => match given.as_u64() {
            Some(digits) if (1..=MOST_DIGITS as u64).contains(&digits) => digits as usize,
            _ => {
                let allowed = format!("whole numbers from 1 to {MOST_DIGITS}");
                return Err(Error::invalid("numbers.digits", describe(given), allowed));
            }
        },
    };
    Ok(Source::Range {
        first,
        last,
        digits,
    })
}
