//! Numbers one after the other, of a list or a file.

use super::file::LARGEST_FILE;
use crate::error::{Error, Result, shorten};
use crate::parameter::describe;
use crate::sequence::MOST_DIGITS;
use serde_json::Value;

/// The most numbers of a list in a recipe.
const MOST_LISTED: usize = 100_000;

/// Numbers one after the other.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Lines {
    /// The digits of all, 0 to 9 each.
    digits: Vec<u8>,
    /// Where each number ends.
    ends: Vec<u32>,
}

impl Lines {
    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }

    pub(super) fn push(&mut self, digits: &[u8]) {
        let digits = digits.iter().map(|digit| digit - b'0');
        self.digits.extend(digits);
        self.ends.push(self.digits.len() as u32);
    }

    pub(super) fn number(&self, at: usize) -> &[u8] {
        let start = at.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.digits[start as usize..self.ends[at] as usize]
    }

    pub(super) fn numbers(&self) -> impl Iterator<Item = &[u8]> {
        (0..self.len()).map(|at| self.number(at))
    }

    pub(super) fn longest(&self) -> usize {
        self.numbers().map(<[u8]>::len).max().unwrap_or_default()
    }

    /// Reads a list of a recipe.
    pub(super) fn from_json(value: &Value) -> Result<Self> {
        let allowed = format!(
            "a list of 1 to {MOST_LISTED} numbers, each 1 to {MOST_DIGITS} digits as text or a non-negative whole number"
        );
        let refuse = |found: String| Error::invalid("numbers.list", found, allowed.clone());
        let items = value.as_array().ok_or_else(|| refuse(describe(value)))?;
        if !(1..=MOST_LISTED).contains(&items.len()) {
            return Err(refuse(describe(value)));
        }
        let mut lines = Self::default();
        for (at, item) in items.iter().enumerate() {
            let whole = item.as_u64().map(|number| number.to_string());
            match whole.as_deref().or(item.as_str()) {
                Some(text) if is_number(text) => lines.push(text.as_bytes()),
                _ => {
                    let found = format!("a list with {} at position {at}", describe(item));
                    return Err(refuse(found));
                }
            }
        }
        Ok(lines)
    }

    /// Reads a number per line.
    pub(super) fn read(name: &str, text: &str) -> Result<Self> {
        if text.len() > LARGEST_FILE {
            return Err(Error::LimitExceeded {
                field: format!("The file {}", shorten(name)),
                value: format!("{} bytes", text.len()),
                allowed: format!("{LARGEST_FILE} bytes"),
            });
        }
        let mut lines = Self::default();
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        for (at, line) in text.split('\n').enumerate() {
            let line = line.trim();
            if line.is_empty() {
                continue;
            }
            if !is_number(line) {
                let line = shorten(line);
                let reason = format!(
                    "its line {} is \"{line}\", not a number of 1 to {MOST_DIGITS} digits",
                    at + 1
                );
                return Err(Error::file(shorten(name), reason));
            }
            lines.push(line.as_bytes());
        }
        match lines.len() {
            0 => Err(Error::file(shorten(name), "there is no number in it")),
            _ => Ok(lines),
        }
    }

    /// Which digits occur, all numbers' one after the other.
    pub(super) fn digits(&self) -> &[u8] {
        &self.digits
    }
}

fn is_number(text: &str) -> bool {
    (1..=MOST_DIGITS).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
}
