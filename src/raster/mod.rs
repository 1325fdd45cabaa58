//! The picture type: width, height, channels, 8 bits each, row by row.

pub mod codec;

use crate::error::{Error, Result};

/// A picture of 8-bit values in row-major order, channels interleaved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Raster {
    width: usize,
    height: usize,
    channels: usize,
    data: Vec<u8>,
}

/// The most pixels that a picture may have: 2^26, about 67 million.
pub const MOST_PIXELS: usize = 1 << 26;

/// The size of a picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shape {
    /// Columns.
    pub width: usize,
    /// Rows.
    pub height: usize,
    /// Values per pixel: 1 grey, 3 colours, or 4 with alpha last.
    pub channels: usize,
}

impl Shape {
    /// How many values a picture of this shape has.
    pub fn len(self) -> usize {
        self.width * self.height * self.channels
    }

    /// Whether it has none.
    pub fn is_empty(self) -> bool {
        self.len() == 0
    }

    /// How many values a row has.
    pub fn stride(self) -> usize {
        self.width * self.channels
    }

    /// How many channels carry light: all but alpha.
    pub fn colours(self) -> usize {
        self.channels.min(3)
    }

    /// Refuses shapes that no picture may have.
    ///
    /// # Errors
    /// [`Error::InvalidParameter`] without pixels or with other channels than 1, 3
    /// or 4, and [`Error::LimitExceeded`] above [`MOST_PIXELS`].
    pub fn check(self) -> Result<Self> {
        let Self {
            width,
            height,
            channels,
        } = self;
        let found = format!("{width} x {height} x {channels}");
        if width == 0 || height == 0 || !matches!(channels, 1 | 3 | 4) {
            let allowed = "at least 1 x 1 pixels with 1, 3 or 4 channels";
            return Err(Error::invalid("picture", found, allowed));
        }
        match width.checked_mul(height) {
            Some(pixels) if pixels <= MOST_PIXELS => Ok(self),
            _ => Err(Error::LimitExceeded {
                field: "picture".into(),
                value: found,
                allowed: format!("{MOST_PIXELS} pixels"),
            }),
        }
    }
}

impl Raster {
    /// A picture of `shape` with the given values.
    ///
    /// # Errors
    /// Those of [`Shape::check`], and [`Error::InvalidParameter`] when the number of
    /// values is another than the shape's.
    pub fn new(shape: Shape, data: Vec<u8>) -> Result<Self> {
        let Shape {
            width,
            height,
            channels,
        } = shape.check()?;
        if data.len() != shape.len() {
            let allowed = format!("{width} x {height} x {channels} = {}", shape.len());
            return Err(Error::invalid("number of values", data.len(), allowed));
        }
        Ok(Self {
            width,
            height,
            channels,
            data,
        })
    }

    /// A black picture; with alpha, a transparent one.
    ///
    /// # Errors
    /// Those of [`Shape::check`].
    pub fn black(shape: Shape) -> Result<Self> {
        Self::new(shape, vec![0; shape.check()?.len()])
    }

    /// Its size.
    pub fn shape(&self) -> Shape {
        Shape {
            width: self.width,
            height: self.height,
            channels: self.channels,
        }
    }

    /// The values, to change.
    pub fn data_mut(&mut self) -> &mut [u8] {
        &mut self.data
    }

    /// The values, given away.
    pub fn into_data(self) -> Vec<u8> {
        self.data
    }

    /// One row's values.
    pub fn row(&self, y: usize) -> &[u8] {
        let stride = self.shape().stride();
        &self.data[y * stride..][..stride]
    }

    /// A picture of one grey channel.
    ///
    /// # Panics
    /// When `data` does not hold `width * height` values, or there are none.
    pub fn grey(width: usize, height: usize, data: Vec<u8>) -> Self {
        assert!(!data.is_empty(), "a picture has pixels");
        assert_eq!(
            width.checked_mul(height),
            Some(data.len()),
            "a value per pixel"
        );
        Self {
            width,
            height,
            channels: 1,
            data,
        }
    }

    /// Columns.
    pub fn width(&self) -> usize {
        self.width
    }

    /// Rows.
    pub fn height(&self) -> usize {
        self.height
    }

    /// Values per pixel.
    pub fn channels(&self) -> usize {
        self.channels
    }

    /// The values.
    pub fn data(&self) -> &[u8] {
        &self.data
    }
}

/// 1/255 in two parts: the product of a grey level and the first is exact, and the
/// sum of both products is rounded like a division. A division takes vectors several
/// times as long.
const UNIT: [f32; 2] = [
    4112.0 / 1_048_576.0,
    (1.0_f64 / 255.0 - 4112.0 / 1_048_576.0) as f32,
];

/// A grey level 0..=255 as a number 0..=1: the nearest `f32` to `level / 255`.
#[inline]
pub fn to_unit(level: u8) -> f32 {
    let level = f32::from(level);
    level * UNIT[0] + level * UNIT[1]
}

/// A number 0..=1 as the nearest grey level; what lies outside is clipped, and
/// what is not a number is 0.
pub fn from_unit(value: f32) -> u8 {
    // A float that does not fit saturates in this conversion, and NaN gives 0.
    (value * 255.0).round() as u8
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn grey_levels_survive_the_unit_interval() {
        for level in 0..=255 {
            assert_eq!(to_unit(level), f32::from(level) / 255.0);
            assert_eq!(from_unit(to_unit(level)), level);
        }
        assert_eq!(from_unit(-3.0), 0);
        assert_eq!(from_unit(7.0), 255);
        assert_eq!(from_unit(f32::NAN), 0);
    }
}
