//! What is known of an image.

use super::{CHUNK_ROWS, Method, Report};
use crate::error::{Error, Result};
use serde::{Deserialize, Serialize};

/// The longest name of an image, in characters.
pub const LONGEST_NAME: usize = 200;

/// How many rows of a level become one of the next.
pub const LEVEL_STEP: usize = 4;

/// How an image came to its width.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "routes", derive(schemars::JsonSchema))]
pub struct Resampling {
    /// The columns of the file.
    pub from: usize,
    /// How others were made of them.
    pub method: Method,
}

/// An image, without its rows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "routes", derive(schemars::JsonSchema))]
pub struct ImageInfo {
    /// Its number, from 1 up.
    pub id: u32,
    /// What people call it: the file's name at first.
    pub name: String,
    /// Pixels in a row.
    pub width: usize,
    /// Rows.
    pub height: usize,
    /// The smallest depth.
    pub depth_min: f32,
    /// The largest depth.
    pub depth_max: f32,
    /// The smallest pixel.
    pub value_min: f32,
    /// The largest pixel.
    pub value_max: f32,
    /// How it came to its width.
    pub resampling: Resampling,
    /// What its import did.
    pub report: Report,
    /// When it was imported: ISO 8601, handed in by who has a clock.
    pub created: String,
    /// How many levels there are, the rows among them: each has a fourth of the rows of the one before, and the last fits
    /// into one chunk.
    pub levels: u32,
    /// Bytes of all its depths and pixels, on all levels.
    pub bytes: u64,
}

impl ImageInfo {
    /// How many rows a level has.
    pub fn rows_of(&self, level: u32) -> usize {
        rows_of(self.height, level)
    }

    /// How many chunks a level has.
    pub fn chunks_of(&self, level: u32) -> u32 {
        self.rows_of(level).div_ceil(CHUNK_ROWS) as u32
    }
}

/// How many rows a level of an image of `height` rows has.
pub(super) fn rows_of(height: usize, level: u32) -> usize {
    (0..level).fold(height, |rows, _| rows.div_ceil(LEVEL_STEP))
}

/// How many levels an image of `height` rows has.
pub(super) fn levels_of(height: usize) -> u32 {
    let mut levels = 1;
    while rows_of(height, levels - 1) > CHUNK_ROWS {
        levels += 1;
    }
    levels
}

/// A name without spaces around it.
///
/// # Errors
/// [`Error::InvalidParameter`] when nothing is left or it is too long.
pub(super) fn checked_name(name: &str) -> Result<String> {
    let name = name.trim();
    let length = name.chars().count();
    if (1..=LONGEST_NAME).contains(&length) && !name.contains(char::is_control) {
        return Ok(name.into());
    }
    Err(Error::invalid(
        "name",
        format!("\"{}\"", crate::error::shorten(name).escape_debug()),
        format!("1 to {LONGEST_NAME} characters on one line"),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_level_fits_into_a_chunk() {
        for (height, levels) in [
            (1, 1),
            (256, 1),
            (257, 2),
            (1024, 2),
            (1025, 3),
            (5460, 4),
            (546_000, 7),
        ] {
            assert_eq!(levels_of(height), levels, "{height}");
            assert!(rows_of(height, levels - 1) <= CHUNK_ROWS);
        }
        assert_eq!(rows_of(5, 1), 2);
    }

    #[test]
    fn names_are_short_and_on_one_line() {
        assert_eq!(checked_name("  a log.csv ").unwrap(), "a log.csv");
        for bad in ["", "   ", "a\nb", &"x".repeat(201)] {
            assert_eq!(checked_name(bad).unwrap_err().code(), "invalid_parameter");
        }
    }
}
