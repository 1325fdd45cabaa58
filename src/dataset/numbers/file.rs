//! Files of numbers, which are handed in beside the recipe.

use super::lines::Lines;
use crate::error::{Error, Result, shorten};
use crate::mnist::bucket::{is_sha256, sha256};
use crate::parameter::describe;
use serde_json::{Value, json};

/// The largest file of numbers, in bytes.
pub const LARGEST_FILE: usize = 64 << 20;

/// A file of numbers, which is handed in beside the recipe.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileOfNumbers {
    /// Its name.
    pub name: String,
    /// SHA-256 of its bytes, in lower-case hex.
    pub sha256: String,
    /// How many numbers are in it.
    pub lines: u64,
}

impl FileOfNumbers {
    /// Describes a file for a recipe's `numbers.file`.
    ///
    /// # Errors
    /// [`Error::InvalidFile`] and [`Error::LimitExceeded`] when it is no file of numbers.
    pub fn of(name: &str, text: &str) -> Result<Self> {
        let lines = Lines::read(name, text)?;
        Ok(Self {
            name: name.into(),
            sha256: sha256(text.as_bytes()),
            lines: lines.len() as u64,
        })
    }

    /// As a recipe has it.
    pub fn to_json(&self) -> Value {
        json!({ "name": self.name, "sha256": self.sha256, "lines": self.lines })
    }

    /// Reads a recipe's `numbers.file`.
    pub(super) fn from_json(value: &Value) -> Result<Self> {
        const FIELDS: [&str; 3] = ["name", "sha256", "lines"];
        let within = |error: Error| error.within("numbers.file");
        let object = value.as_object().ok_or_else(|| {
            let allowed = "an object with name, sha256 and lines";
            Error::invalid("numbers.file", describe(value), allowed)
        })?;
        if let Some(unknown) = object.keys().find(|name| !FIELDS.contains(&name.as_str())) {
            return Err(within(Error::UnknownParameter {
                field: shorten(unknown),
                allowed: FIELDS.join(", "),
            }));
        }
        let given = |field: &str, allowed: &str| match object.get(field) {
            Some(given) => Ok(given),
            None => Err(within(Error::MissingParameter {
                field: field.into(),
                allowed: allowed.into(),
            })),
        };
        let refuse = |field: &str, found: &Value, allowed: &str| {
            within(Error::invalid(field, describe(found), allowed))
        };
        let allowed = "text of 1 to 200 characters";
        let name = given("name", allowed)?;
        let name = match name.as_str() {
            Some(text) if (1..=200).contains(&text.chars().count()) => text.to_owned(),
            _ => return Err(refuse("name", name, allowed)),
        };
        let allowed = "the file's SHA-256 as 64 hex digits in lower case";
        let sha256 = given("sha256", allowed)?;
        let sha256 = match sha256.as_str() {
            Some(text) if is_sha256(text) => text.to_owned(),
            _ => return Err(refuse("sha256", sha256, allowed)),
        };
        let allowed = format!("whole numbers from 1 to {LARGEST_FILE}");
        let lines = given("lines", &allowed)?;
        let lines = match lines.as_u64() {
            Some(count) if (1..=LARGEST_FILE as u64).contains(&count) => count,
            _ => return Err(refuse("lines", lines, &allowed)),
        };
        Ok(Self {
            name,
            sha256,
            lines,
        })
    }

    /// Reads the text of the file, if it is this one.
    pub(super) fn lines(&self, text: &str) -> Result<Lines> {
        let found = sha256(text.as_bytes());
        if found != self.sha256 {
            let reason = format!(
                "it is not the file of the recipe: its SHA-256 is {found}, the recipe says {}",
                self.sha256
            );
            return Err(Error::file(shorten(&self.name), reason));
        }
        let read = Lines::read(&self.name, text)?;
        if read.len() as u64 != self.lines {
            let reason = format!(
                "it has {} numbers, the recipe says {}",
                read.len(),
                self.lines
            );
            return Err(Error::file(shorten(&self.name), reason));
        }
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sequence::MOST_DIGITS;

    #[test]
    fn files_without_numbers_are_refused_with_the_line() {
        let long = "1".repeat(MOST_DIGITS + 1);
        for (content, part) in [
            ("", "there is no number in it"),
            ("\r\n \n", "there is no number in it"),
            (
                "1\n2a\n",
                "line 2 is \"2a\", not a number of 1 to 256 digits",
            ),
            ("1\n\n-3", "line 3 is \"-3\""),
            (&long, "(257 characters)"),
            ("１", "line 1"),
        ] {
            let error = FileOfNumbers::of("n.txt", content).unwrap_err().to_string();
            assert!(error.contains(part), "{error}");
        }
        let huge = "1\n".repeat(LARGEST_FILE / 2 + 1);
        let error = FileOfNumbers::of("n.txt", &huge).unwrap_err();
        assert_eq!(error.code(), "limit_exceeded");
    }
}
