//! Fields of one number.

use super::{Field, Kind};
use crate::error::Result;
use serde_json::{Map, Value};

impl Field {
    /// Reads the number that `object` gives this field, or its default; `None` when
    /// there is neither.
    ///
    /// # Errors
    /// [`Error::InvalidParameter`](crate::error::Error::InvalidParameter) for anything but a number within the limits.
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

    /// Reads the whole number that `object` gives this field, or its default;
    /// `None` when there is neither.
    ///
    /// # Errors
    /// [`Error::InvalidParameter`](crate::error::Error::InvalidParameter) for anything but an integer within the limits.
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

    /// Reads the seed that `object` gives this field, if any, as a number or as text.
    ///
    /// # Errors
    /// [`Error::InvalidParameter`](crate::error::Error::InvalidParameter) for anything but an unsigned 64-bit integer.
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
