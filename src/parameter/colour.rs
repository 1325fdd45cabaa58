//! Fields of colours.

use super::{Field, Kind};
use crate::error::Result;
use serde_json::{Map, Value};

impl Field {
    /// Reads the colour that `object` gives this field, or its default: one number, or
    /// one for each of up to four channels; those that a list leaves out of
    /// [`Kind::Fill`] are 0.
    ///
    /// # Errors
    /// [`Error::InvalidParameter`](crate::error::Error::InvalidParameter) for anything but numbers from 0 to 255.
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
            .collect::<Option<Vec<_>>>()
            .map(|mut levels| {
                // A list names the first channel alone, where a number names all.
                if matches!(self.kind, Kind::Fill { .. }) && value.is_array() && levels.len() == 1 {
                    levels.push(0.0);
                }
                levels
            })
            .ok_or_else(|| self.refuse(value))
    }

    /// Reads the red, green and blue that `object` gives this field, or its default.
    ///
    /// # Errors
    /// [`Error::InvalidParameter`](crate::error::Error::InvalidParameter) for anything but three
    /// whole numbers from 0 to 255.
    pub fn rgb(&self, object: &Map<String, Value>) -> Result<[u8; 3]> {
        let Kind::Rgb { default } = self.kind else {
            unreachable!("{} is not a field of a colour", self.name)
        };
        let Some(value) = object.get(self.name) else {
            return Ok(default);
        };
        let level = |number: &Value| number.as_u64().and_then(|level| u8::try_from(level).ok());
        let levels = value.as_array().map(Vec::as_slice).unwrap_or_default();
        levels
            .iter()
            .map(level)
            .collect::<Option<Vec<u8>>>()
            .and_then(|levels| levels.try_into().ok())
            .ok_or_else(|| self.refuse(value))
    }
}
