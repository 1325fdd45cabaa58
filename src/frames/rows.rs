//! Rows of an image log, as they are stored.

use serde::{Deserialize, Serialize};

/// How many rows a full chunk has.
pub const CHUNK_ROWS: usize = 256;

/// Consecutive rows: their depths, and the pixels of row after row.
///
/// Depths are finite. Within a chunk they increase strictly.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RowChunk {
    /// The depth of each row.
    pub depths: Vec<f32>,
    /// As many pixels for each row as the image is wide.
    pub pixels: Vec<f32>,
}

impl RowChunk {
    /// No rows, with room for a full chunk of them.
    pub fn with_room(width: usize) -> Self {
        Self {
            depths: Vec::with_capacity(CHUNK_ROWS),
            pixels: Vec::with_capacity(CHUNK_ROWS * width),
        }
    }

    /// How many rows there are.
    pub fn len(&self) -> usize {
        self.depths.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.depths.is_empty()
    }

    /// How many pixels a row has; 0 without rows.
    pub fn width(&self) -> usize {
        self.pixels.len().checked_div(self.len()).unwrap_or(0)
    }

    /// The pixels of a row.
    ///
    /// # Panics
    /// When there is no such row.
    pub fn row(&self, at: usize) -> &[f32] {
        let width = self.width();
        &self.pixels[at * width..][..width]
    }

    /// Adds a row at the end.
    pub fn push(&mut self, depth: f32, pixels: &[f32]) {
        self.depths.push(depth);
        self.pixels.extend_from_slice(pixels);
    }

    /// Whether it has as many rows as a chunk may have.
    pub fn is_full(&self) -> bool {
        self.len() >= CHUNK_ROWS
    }
}

/// What is done to every stored pixel once all of the file is known: it is clipped to
/// `low..=high`, then becomes `(value - offset) * scale`.
///
/// Resampling with a spline swings beyond the values of the file, and scikit-image cuts
/// that off at the smallest and largest value of the whole picture; rescaling needs the
/// same two. So an import stores what it has, in one pass, and hands out the mapping at
/// its end. It is cheap enough to be applied whenever rows are read, and may as well be
/// applied once when they are published.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Mapping {
    /// Values below become this one.
    pub low: f32,
    /// Values above become this one.
    pub high: f32,
    /// What becomes 0.
    pub offset: f32,
    /// By how much the distance from `offset` is multiplied.
    pub scale: f32,
}

impl Mapping {
    /// Leaves values as they are.
    pub const IDENTITY: Self = Self {
        low: f32::MIN,
        high: f32::MAX,
        offset: 0.0,
        scale: 1.0,
    };

    /// Whether it changes nothing.
    pub fn is_identity(&self) -> bool {
        *self == Self::IDENTITY
    }

    /// What becomes of a value.
    pub fn value(&self, value: f32) -> f32 {
        (value.max(self.low).min(self.high) - self.offset) * self.scale
    }

    /// Maps values in place.
    pub fn apply(&self, values: &mut [f32]) {
        if !self.is_identity() {
            values
                .iter_mut()
                .for_each(|value| *value = self.value(*value));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chunk_knows_its_rows() {
        let mut chunk = RowChunk::with_room(2);
        assert_eq!((chunk.len(), chunk.width(), chunk.is_empty()), (0, 0, true));
        chunk.push(1.5, &[1.0, 2.0]);
        chunk.push(2.5, &[3.0, 4.0]);
        assert_eq!((chunk.len(), chunk.width()), (2, 2));
        assert_eq!(chunk.row(1), [3.0, 4.0]);
    }

    #[test]
    fn a_mapping_clips_and_then_stretches() {
        let mapping = Mapping {
            low: 10.0,
            high: 20.0,
            offset: 10.0,
            scale: 25.5,
        };
        let mut values = [5.0, 10.0, 15.0, 20.0, 21.0];
        mapping.apply(&mut values);
        assert_eq!(values, [0.0, 0.0, 127.5, 255.0, 255.0]);
        assert!(Mapping::IDENTITY.is_identity());
        assert_eq!(Mapping::IDENTITY.value(-3.5), -3.5);
    }
}
