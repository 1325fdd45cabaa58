//! Fields of several numbers.

use super::{Field, Kind, Single};
use crate::error::Result;
use serde_json::{Map, Value};

impl Field {
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
}
