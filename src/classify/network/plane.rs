//! How the values of one picture lie in memory.

use std::ops::Range;

/// A picture's values between two layers: row by row, the channels of a pixel together,
/// with a border of zeros around.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Plane {
    /// Rows and columns, without the border.
    pub side: usize,
    /// Values per pixel.
    pub channels: usize,
}

impl Plane {
    /// How many values it has, border included.
    pub fn len(self) -> usize {
        self.stride() * (self.side + 2)
    }

    /// Whether it has none.
    pub fn is_empty(self) -> bool {
        self.len() == 0
    }

    /// How many values it has without the border.
    pub fn inner(self) -> usize {
        self.side * self.side * self.channels
    }

    /// How far one row is from the next, border included.
    pub fn stride(self) -> usize {
        (self.side + 2) * self.channels
    }

    /// Where the values of row `y` lie, without the border.
    pub fn row(self, y: usize) -> Range<usize> {
        let start = (y + 1) * self.stride() + self.channels;
        start..start + self.side * self.channels
    }

    /// Where the values of each row lie, without the border.
    pub fn rows(self) -> impl Iterator<Item = Range<usize>> {
        (0..self.side).map(move |y| self.row(y))
    }

    /// The same size with other channels.
    #[must_use]
    pub fn with_channels(self, channels: usize) -> Self {
        Self { channels, ..self }
    }

    /// Puts values into a plane whose border is zero.
    pub fn fill(self, plane: &mut [f32], values: impl IntoIterator<Item = f32>) {
        let mut values = values.into_iter();
        for row in self.rows() {
            plane[row]
                .iter_mut()
                .zip(&mut values)
                .for_each(|(to, from)| *to = from);
        }
    }
}
