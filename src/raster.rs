//! The picture type: width, height, channels, 8 bits each, row by row.

pub mod codec;

/// A picture of 8-bit values in row-major order, channels interleaved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Raster {
    width: usize,
    height: usize,
    channels: usize,
    data: Vec<u8>,
}

impl Raster {
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
