//! Fields of words and switches.

use super::{Field, Kind};
use crate::error::Result;
use serde_json::{Map, Value};

impl Field {
    /// Reads the position in the list of words that `object` gives this field, or
    /// that of the default.
    ///
    /// # Errors
    /// [`Error::InvalidParameter`](crate::error::Error::InvalidParameter) for anything but one of the words.
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

    /// Reads the words that `object` gives this field, in the order of its names.
    ///
    /// # Errors
    /// [`Error::InvalidParameter`](crate::error::Error::InvalidParameter) for anything but an object of known names and words.
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

    /// Reads the switch that `object` gives this field, or its default.
    /// `true`, `false`, 1, 0 and the same as text are understood.
    ///
    /// # Errors
    /// [`Error::InvalidParameter`](crate::error::Error::InvalidParameter) for anything else.
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
}
