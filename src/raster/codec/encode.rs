//! Pixels become a picture file.

use crate::error::{Error, Result};
use crate::raster::Raster;
use image::codecs::jpeg::JpegEncoder;
use image::codecs::png::{CompressionType, FilterType, PngEncoder};
use image::codecs::webp::WebPEncoder;
use image::{ExtendedColorType, ImageEncoder};

/// A kind of file that pictures are written to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// PNG: the same pixels in the same channels.
    Png,
    /// JPEG, which keeps neither all detail nor alpha.
    Jpeg {
        /// From 1, smallest, to 100, best.
        quality: u8,
    },
    /// Lossless WebP: the same pixels. It has no grey, so a grey picture reads back as
    /// RGB of equal values.
    WebP,
}

/// The names of the formats, for requests.
const NAMES: [&str; 3] = ["png", "jpeg", "webp"];

/// The quality of JPEG files where none is asked for.
const QUALITY: u8 = 90;

impl Format {
    /// The format of a name: `png`, `jpeg` or `webp`. JPEG has a quality from 1 to 100,
    /// 90 if none is given.
    ///
    /// # Errors
    /// [`Error::InvalidParameter`] for other names, and for a quality that is out of
    /// range or given for a format without one.
    pub fn of(name: &str, quality: Option<f64>) -> Result<Self> {
        let lossless = match name {
            "png" => Self::Png,
            "webp" => Self::WebP,
            "jpeg" => {
                let quality = quality.unwrap_or(QUALITY.into());
                if quality.fract() != 0.0 || !(1.0..=100.0).contains(&quality) {
                    let allowed = "whole numbers from 1 to 100";
                    return Err(Error::invalid("quality", quality, allowed));
                }
                return Ok(Self::Jpeg {
                    quality: quality as u8,
                });
            }
            other => {
                let other = crate::error::shorten(other);
                return Err(Error::invalid("format", other, NAMES.join(", ")));
            }
        };
        match quality {
            None => Ok(lossless),
            Some(quality) => {
                let allowed = format!(
                    "nothing with {name}, which keeps every pixel; only jpeg has a quality"
                );
                Err(Error::invalid("quality", quality, allowed))
            }
        }
    }

    /// Its name, as people write it.
    fn name(self) -> &'static str {
        match self {
            Self::Png => "PNG",
            Self::Jpeg { .. } => "JPEG",
            Self::WebP => "WebP",
        }
    }

    /// The most columns and rows that a file can have.
    fn longest_side(self) -> usize {
        match self {
            Self::Png => (1 << 31) - 1,
            Self::Jpeg { .. } => 65_535,
            // The format could hold one more; common readers cannot read it.
            Self::WebP => 16_383,
        }
    }
}

/// Writes a picture as a file, without metadata.
///
/// JPEG has no alpha: a picture with alpha is laid on white first, by
/// `(value * alpha + 255 * (255 - alpha)) / 255`, rounded.
///
/// # Errors
/// [`Error::LimitExceeded`] when the picture is wider or higher than the format allows,
/// and [`Error::InvalidParameter`] for a quality that is none.
pub fn encode(picture: &Raster, format: Format) -> Result<Vec<u8>> {
    match format {
        Format::Png => to_png(picture),
        Format::Jpeg { quality } => {
            if !(1..=100).contains(&quality) {
                let allowed = "whole numbers from 1 to 100";
                return Err(Error::invalid("quality", quality, allowed));
            }
            let opaque = (picture.channels() == 4).then(|| on_white(picture.data()));
            let data = opaque.as_deref().unwrap_or(picture.data());
            let encoder = |file| JpegEncoder::new_with_quality(file, quality);
            let mut file = Vec::new();
            write(format, picture, data, encoder, &mut file)?;
            Ok(file)
        }
        Format::WebP => {
            let mut file = Vec::new();
            let encoder = WebPEncoder::new_lossless;
            write(format, picture, picture.data(), encoder, &mut file)?;
            Ok(file)
        }
    }
}

/// Writes `data`, the picture's or what stands for it, with the encoder of a format.
fn write<'a, E: ImageEncoder>(
    format: Format,
    picture: &Raster,
    data: &[u8],
    encoder: impl FnOnce(&'a mut Vec<u8>) -> E,
    file: &'a mut Vec<u8>,
) -> Result<()> {
    let longest = format.longest_side();
    let (width, height) = (picture.width(), picture.height());
    let too_large = || Error::LimitExceeded {
        field: "picture".into(),
        value: format!("{width} x {height} pixels"),
        allowed: format!("{longest} pixels per side in a {} file", format.name()),
    };
    if width.max(height) > longest {
        return Err(too_large());
    }
    let colour = match data.len() / (width * height) {
        1 => ExtendedColorType::L8,
        3 => ExtendedColorType::Rgb8,
        _ => ExtendedColorType::Rgba8,
    };
    encoder(file)
        .write_image(data, width as u32, height as u32, colour)
        // The encoders refuse sizes, and nothing else that a picture can have.
        .map_err(|_| too_large())
}

/// Writes a picture as a PNG file of the same channels, 8 bits each.
///
/// # Errors
/// [`Error::LimitExceeded`] when the picture is larger than a PNG can be.
pub fn to_png(picture: &Raster) -> Result<Vec<u8>> {
    let mut file = Vec::new();
    let encoder =
        |file| PngEncoder::new_with_quality(file, CompressionType::Default, FilterType::Adaptive);
    write(Format::Png, picture, picture.data(), encoder, &mut file)?;
    Ok(file)
}

/// Pixels with alpha on a white ground.
fn on_white(data: &[u8]) -> Vec<u8> {
    let (pixels, _) = data.as_chunks::<4>();
    let mut covered = Vec::with_capacity(pixels.len() * 3);
    for &[red, green, blue, alpha] in pixels {
        let alpha = u16::from(alpha);
        let over = |value: u8| ((u16::from(value) * alpha + 255 * (255 - alpha) + 127) / 255) as u8;
        covered.extend_from_slice(&[over(red), over(green), over(blue)]);
    }
    covered
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn transparent_is_white_and_opaque_is_itself() {
        let pixels = [7, 80, 255, 0, 7, 80, 255, 255, 0, 100, 255, 128];
        assert_eq!(
            on_white(&pixels),
            [255, 255, 255, 7, 80, 255, 127, 177, 255]
        );
    }

    #[test]
    fn formats_have_names_and_jpeg_a_quality() {
        assert_eq!(Format::of("png", None).unwrap(), Format::Png);
        assert_eq!(Format::of("webp", None).unwrap(), Format::WebP);
        assert_eq!(
            Format::of("jpeg", None).unwrap(),
            Format::Jpeg { quality: 90 }
        );
        assert_eq!(
            Format::of("jpeg", Some(1.0)).unwrap(),
            Format::Jpeg { quality: 1 }
        );
        for (name, quality, field) in [
            ("gif", None, "format"),
            ("PNG", None, "format"),
            ("", None, "format"),
            ("jpeg", Some(0.0), "quality"),
            ("jpeg", Some(101.0), "quality"),
            ("jpeg", Some(0.5), "quality"),
            ("jpeg", Some(f64::NAN), "quality"),
            ("png", Some(90.0), "quality"),
        ] {
            let error = Format::of(name, quality).expect_err(field);
            assert_eq!(error.detail().field.as_deref(), Some(field), "{error}");
        }
    }
}
