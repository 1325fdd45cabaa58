//! One table per request says what its fields are; parsing, the page's controls
//! and the published descriptions are all made from it.

mod allowed;
mod colour;
mod kind;
mod number;
mod range;
mod understood;
mod word;

pub use kind::{Kind, Lists, Single};
pub use range::Ranges;

use crate::error::{Error, Result, shorten};
use serde::Serialize;
use serde_json::{Map, Value};

/// The largest integer that every JSON reader keeps exactly.
pub const LARGEST_EXACT: u64 = (1 << 53) - 1;

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

impl Field {
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
                | Kind::Axes { default: None, .. }
                | Kind::Ranges { default: None, .. }
                | Kind::Integer { default: None, .. }
                | Kind::Pair { default: None, .. }
                | Kind::Paint { nullable: true, .. }
        )
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
