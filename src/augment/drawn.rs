//! What was drawn for one picture: small enough to keep, enough to do it again.

use crate::error::{Error, Result, shorten};
use crate::parameter::describe;
use serde_json::Value as Json;
use std::borrow::Cow;

/// Drawn parameters by name.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Drawn(Vec<(Cow<'static, str>, Value)>);

/// One drawn parameter.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// A number.
    Number(f64),
    /// Several numbers.
    Numbers(Vec<f64>),
    /// Where a field of noise begins; text in JSON, which keeps all its digits.
    Seed(u64),
}

impl Drawn {
    /// Nothing is random.
    pub fn nothing() -> Self {
        Self::default()
    }

    /// The same with one more number.
    #[must_use]
    pub fn number(mut self, name: &'static str, number: f64) -> Self {
        self.0.push((name.into(), Value::Number(number)));
        self
    }

    /// The same with several more numbers.
    #[must_use]
    pub fn numbers(mut self, name: &'static str, numbers: Vec<f64>) -> Self {
        self.0.push((name.into(), Value::Numbers(numbers)));
        self
    }

    /// The same with one more seed.
    #[must_use]
    pub fn seed(mut self, name: &'static str, seed: u64) -> Self {
        self.0.push((name.into(), Value::Seed(seed)));
        self
    }

    /// The parameter of a name, if there is one.
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.0
            .iter()
            .find_map(|(known, value)| (known == name).then_some(value))
    }

    /// The number of a name.
    ///
    /// # Errors
    /// [`Error::MissingParameter`] or [`Error::InvalidParameter`] if there is none.
    pub fn number_of(&self, name: &str) -> Result<f64> {
        match self.get(name) {
            Some(Value::Number(number)) => Ok(*number),
            found => Err(refuse(name, found, "a number")),
        }
    }

    /// The whole number of a name, which lies within bounds.
    ///
    /// # Errors
    /// [`Error::MissingParameter`] or [`Error::InvalidParameter`] if there is none.
    pub fn index_of(&self, name: &str, below: usize) -> Result<usize> {
        match self.get(name) {
            Some(Value::Number(number))
                if number.fract() == 0.0 && (0.0..below as f64).contains(number) =>
            {
                Ok(*number as usize)
            }
            found => Err(refuse(
                name,
                found,
                &format!("a whole number from 0, below {below}"),
            )),
        }
    }

    /// The numbers of a name.
    ///
    /// # Errors
    /// [`Error::MissingParameter`] or [`Error::InvalidParameter`] if there are none.
    pub fn numbers_of(&self, name: &str) -> Result<&[f64]> {
        match self.get(name) {
            Some(Value::Numbers(numbers)) => Ok(numbers),
            found => Err(refuse(name, found, "a list of numbers")),
        }
    }

    /// Exactly `count` numbers of a name.
    ///
    /// # Errors
    /// [`Error::MissingParameter`] or [`Error::InvalidParameter`] if there are not.
    pub fn exactly(&self, name: &str, count: usize) -> Result<&[f64]> {
        match self.get(name) {
            Some(Value::Numbers(numbers)) if numbers.len() == count => Ok(numbers),
            found => Err(refuse(name, found, &format!("a list of {count} numbers"))),
        }
    }

    /// The seed of a name.
    ///
    /// # Errors
    /// [`Error::MissingParameter`] or [`Error::InvalidParameter`] if there is none.
    pub fn seed_of(&self, name: &str) -> Result<u64> {
        match self.get(name) {
            Some(Value::Seed(seed)) => Ok(*seed),
            found => Err(refuse(name, found, "a seed as text")),
        }
    }

    /// As JSON: numbers, lists of numbers, seeds as text.
    pub fn to_json(&self) -> Json {
        let pairs = self.0.iter().map(|(name, value)| {
            let json = match value {
                Value::Number(number) => Json::from(*number),
                Value::Numbers(numbers) => Json::from(numbers.clone()),
                Value::Seed(seed) => Json::from(seed.to_string()),
            };
            (name.to_string(), json)
        });
        Json::Object(pairs.collect())
    }

    /// Reads what [`to_json`](Self::to_json) wrote.
    ///
    /// # Errors
    /// [`Error::InvalidParameter`] for anything else.
    pub fn from_json(json: &Json) -> Result<Self> {
        const ALLOWED: &str = "an object of numbers, lists of numbers, and seeds as text";
        let object = json
            .as_object()
            .ok_or_else(|| Error::invalid("drawn", describe(json), ALLOWED))?;
        let value = |json: &Json| match json {
            Json::Number(number) => number.as_f64().map(Value::Number),
            Json::Array(list) => list
                .iter()
                .map(Json::as_f64)
                .collect::<Option<_>>()
                .map(Value::Numbers),
            Json::String(text) if text.bytes().all(|byte| byte.is_ascii_digit()) => {
                text.parse().ok().map(Value::Seed)
            }
            _ => None,
        };
        object
            .iter()
            .map(|(name, json)| {
                let value = value(json)
                    .ok_or_else(|| Error::invalid(&shorten(name), describe(json), ALLOWED))?;
                Ok((Cow::Owned(name.clone()), value))
            })
            .collect::<Result<_>>()
            .map(Self)
    }
}

fn refuse(name: &str, found: Option<&Value>, allowed: &str) -> Error {
    match found {
        None => Error::MissingParameter {
            field: name.into(),
            allowed: allowed.into(),
        },
        Some(Value::Number(number)) => Error::invalid(name, number, allowed),
        Some(Value::Numbers(list)) => {
            Error::invalid(name, format!("a list of {} numbers", list.len()), allowed)
        }
        Some(Value::Seed(seed)) => Error::invalid(name, format!("\"{seed}\""), allowed),
    }
}
