//! Fields of several numbers.

use super::{Field, Kind, Lists, Single};
use crate::error::Result;
use serde_json::{Map, Value};

impl Field {
    /// Reads the range that `object` gives this field, or its default; `None` when
    /// there is neither.
    ///
    /// # Errors
    /// [`Error::InvalidParameter`](crate::error::Error::InvalidParameter) for anything but two numbers within the limits, the
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
    /// [`Error::InvalidParameter`](crate::error::Error::InvalidParameter) for anything but two whole numbers within the limits.
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
    /// [`Error::InvalidParameter`](crate::error::Error::InvalidParameter) for anything but left, top, right and bottom within
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

    /// Reads the ranges across and down that `object` gives this field, or its default;
    /// `None` when there is neither.
    ///
    /// # Errors
    /// [`Error::InvalidParameter`](crate::error::Error::InvalidParameter) for anything but a number or two within the limits,
    /// the lower first, or an object with these for `x`, `y` or both.
    pub fn axes(&self, object: &Map<String, Value>) -> Result<Option<[[f64; 2]; 2]>> {
        let Kind::Axes {
            min,
            max,
            whole,
            default,
            absent,
            ..
        } = self.kind
        else {
            unreachable!("{} is not a field of both axes", self.name)
        };
        let limits = Limits { min, max, whole };
        let axes = match object.get(self.name) {
            None => return Ok(default.map(|range| [range; 2])),
            Some(Value::Null) if default.is_none() => return Ok(None),
            Some(Value::Object(axes)) => {
                let known = axes.keys().all(|axis| matches!(axis.as_str(), "x" | "y"));
                let range = |axis| match axes.get(axis) {
                    None => Some([absent; 2]),
                    Some(value) => limits.range(value),
                };
                match known && !axes.is_empty() {
                    true => range("x").zip(range("y")),
                    false => None,
                }
            }
            Some(value) => limits.range(value).map(|range| (range, range)),
        };
        axes.map(|(x, y)| Some([x, y]))
            .ok_or_else(|| self.refuse(&object[self.name]))
    }

    /// Reads the range or the list that `object` gives this field, or its default;
    /// `None` when there is neither.
    ///
    /// # Errors
    /// [`Error::InvalidParameter`](crate::error::Error::InvalidParameter) for anything but a number or two within the limits,
    /// the lower first, or a list of the kind that is allowed.
    pub fn ranges(&self, object: &Map<String, Value>) -> Result<Option<Ranges>> {
        let Kind::Ranges {
            min,
            max,
            whole,
            default,
            lists,
            ..
        } = self.kind
        else {
            unreachable!("{} is not a field of ranges", self.name)
        };
        let limits = Limits { min, max, whole };
        let value = match object.get(self.name) {
            None => return Ok(default.map(Ranges::One)),
            Some(Value::Null) if default.is_none() => return Ok(None),
            Some(value) => value,
        };
        let several = |list: &[Value]| match (lists, list.len()) {
            (Lists::Channels, 3) => all(list, |item| limits.range(item)).map(Ranges::Each),
            (Lists::Sides, 4) => all(list, |item| limits.number(item))
                .map(|sides| Ranges::Each(sides.into_iter().map(|side| [side; 2]).collect()))
                .or_else(|| {
                    let pairs = list.iter().all(Value::is_array);
                    let ranges = pairs.then(|| all(list, |item| limits.range(item)))?;
                    ranges.map(Ranges::Each)
                })
                .or_else(|| all(list, |item| limits.items(item)).map(Ranges::Items)),
            (Lists::Items, _) => limits.items(value).map(|items| Ranges::Items(vec![items])),
            _ => None,
        };
        limits
            .range(value)
            .map(Ranges::One)
            .or_else(|| several(value.as_array()?))
            .map(Some)
            .ok_or_else(|| self.refuse(value))
    }
}

/// What a field of [`Kind::Ranges`] says.
#[derive(Clone, Debug, PartialEq)]
pub enum Ranges {
    /// One range for all.
    One([f64; 2]),
    /// A range for each channel or side; a number is one with both ends alike.
    Each(Vec<[f64; 2]>),
    /// Numbers to choose from: for all, or for each side.
    Items(Vec<Vec<f64>>),
}

/// The most numbers to choose from.
const MOST: usize = 100;

/// What numbers may be.
#[derive(Clone, Copy)]
struct Limits {
    min: f64,
    max: f64,
    whole: bool,
}

impl Limits {
    fn number(self, value: &Value) -> Option<f64> {
        let number = value.as_f64()?;
        let allowed = (self.min..=self.max).contains(&number);
        (allowed && (!self.whole || number.fract() == 0.0)).then_some(number)
    }

    /// Two numbers, the lower first, or one twice.
    fn range(self, value: &Value) -> Option<[f64; 2]> {
        let Some(ends) = value.as_array() else {
            return self.number(value).map(|number| [number; 2]);
        };
        let ends: [f64; 2] = all(ends, |end| self.number(end))?.try_into().ok()?;
        (ends[0] <= ends[1]).then_some(ends)
    }

    /// A list that is no range.
    fn items(self, value: &Value) -> Option<Vec<f64>> {
        let list = value.as_array()?;
        match list.len() {
            1 | 3..=MOST => all(list, |item| self.number(item)),
            _ => None,
        }
    }
}

fn all<T>(list: &[Value], read: impl FnMut(&Value) -> Option<T>) -> Option<Vec<T>> {
    list.iter().map(read).collect()
}
