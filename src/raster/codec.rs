//! Picture files.

use super::Raster;
use crate::error::{Error, Result};
use image::codecs::png::{CompressionType, FilterType, PngEncoder};
use image::{ExtendedColorType, ImageEncoder};

/// Writes a picture as a PNG file of the same channels, 8 bits each.
///
/// # Errors
/// [`Error::LimitExceeded`] when the picture is larger than a PNG can be, and
/// [`Error::Unsupported`] for two channels.
pub fn to_png(picture: &Raster) -> Result<Vec<u8>> {
    let colour = match picture.channels() {
        1 => ExtendedColorType::L8,
        3 => ExtendedColorType::Rgb8,
        4 => ExtendedColorType::Rgba8,
        other => {
            return Err(Error::Unsupported {
                field: "channels".into(),
                value: other.to_string(),
                allowed: "1, 3 or 4".into(),
            });
        }
    };
    let too_large = || Error::LimitExceeded {
        field: "picture".into(),
        value: format!("{} x {} pixels", picture.width(), picture.height()),
        allowed: "what a PNG file can hold".into(),
    };
    let width = u32::try_from(picture.width()).map_err(|_| too_large())?;
    let height = u32::try_from(picture.height()).map_err(|_| too_large())?;
    let mut file = Vec::new();
    PngEncoder::new_with_quality(&mut file, CompressionType::Default, FilterType::Adaptive)
        .write_image(picture.data(), width, height, colour)
        .map_err(|_| too_large())?;
    Ok(file)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_png_reads_back_to_the_same_pixels() {
        let data: Vec<u8> = (0..35).map(|i| i * 7).collect();
        let picture = Raster::grey(7, 5, data.clone());
        let decoded = image::load_from_memory(&to_png(&picture).unwrap()).unwrap();
        assert_eq!(decoded.color(), image::ColorType::L8);
        assert_eq!((decoded.width(), decoded.height()), (7, 5));
        assert_eq!(decoded.into_luma8().into_raw(), data);
    }
}
