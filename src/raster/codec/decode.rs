//! A picture file becomes pixels.

use super::header::{self, Colours, Header};
use super::kind::{Kind, READABLE};
use super::orientation;
use crate::error::{Error, Result, shorten};
use crate::raster::{MOST_PIXELS, Raster, Shape};
use image::codecs::bmp::BmpDecoder;
use image::codecs::gif::GifDecoder;
use image::codecs::jpeg::JpegDecoder;
use image::codecs::png::PngDecoder;
use image::codecs::tiff::TiffDecoder;
use image::codecs::webp::WebPDecoder;
use image::metadata::Orientation;
use image::{ColorType, ImageDecoder, ImageError};
use serde::Serialize;
use std::error::Error as Cause;
use std::io::{self, Cursor, ErrorKind};

/// How large a picture file may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// The most bytes of the file: 4 MiB unless changed, 1 GiB at most.
    pub bytes: usize,
    /// The most pixels of the picture: 40 million unless changed,
    /// [`MOST_PIXELS`] at most.
    pub pixels: usize,
}

impl Limits {
    /// The most that [`Limits::bytes`] may be.
    pub const MOST_BYTES: usize = 1 << 30;

    /// Memory that a decoder may take beside the pixels: for tables, and for profiles
    /// and texts that files carry.
    const BESIDES: u64 = 16 << 20;

    fn check(&self) -> Result<()> {
        let limits = [
            ("limits.bytes", self.bytes, Self::MOST_BYTES),
            ("limits.pixels", self.pixels, MOST_PIXELS),
        ];
        for (field, value, most) in limits {
            if !(1..=most).contains(&value) {
                return Err(Error::invalid(
                    field,
                    value,
                    format!("whole numbers from 1 to {most}"),
                ));
            }
        }
        Ok(())
    }

    fn check_bytes(&self, kind: Kind, bytes: usize) -> Result<()> {
        if bytes <= self.bytes {
            return Ok(());
        }
        Err(Error::LimitExceeded {
            field: format!("{} file", kind.name()),
            value: megabytes(bytes),
            allowed: format!("{}, and can be changed", megabytes(self.bytes)),
        })
    }

    fn check_pixels(&self, kind: Kind, (width, height): (u32, u32)) -> Result<()> {
        if width == 0 || height == 0 {
            let reason =
                format!("its header says {width} x {height} pixels; at least 1 x 1 is needed");
            return Err(Error::file(file_of(kind), reason));
        }
        let pixels = u64::from(width) * u64::from(height);
        if pixels <= self.pixels as u64 {
            return Ok(());
        }
        Err(Error::LimitExceeded {
            field: format!("{} picture", kind.name()),
            value: format!("{width} x {height} ({})", megapixels(pixels)),
            allowed: format!("{}, and can be changed", megapixels(self.pixels as u64)),
        })
    }

    /// The same for the decoders. The deepest pixels have 16 bytes, counting what some
    /// need while they decode.
    fn of_decoder(&self) -> image::Limits {
        let mut limits = image::Limits::no_limits();
        limits.max_alloc = Some(self.pixels as u64 * 16 + Self::BESIDES);
        limits
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            bytes: 4 << 20,
            pixels: 40_000_000,
        }
    }
}

/// A number of bytes for people: MB of 2^20 bytes, as file managers count them.
fn megabytes(bytes: usize) -> String {
    format!(
        "{} MB ({bytes} bytes)",
        rounded(bytes as f64 / f64::from(1 << 20))
    )
}

/// A number of pixels for people.
fn megapixels(pixels: u64) -> String {
    if pixels < 100_000 {
        return format!("{pixels} pixels");
    }
    format!("{} megapixels", rounded(pixels as f64 / 1e6))
}

/// Two decimals, and none where they are zero. Rounded up, so that what is just above a
/// limit does not read like the limit.
fn rounded(number: f64) -> f64 {
    (number * 100.0).ceil() / 100.0
}

/// What was found in a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Found {
    /// The kind of file.
    pub format: Kind,
    /// Columns as stored, before the picture was turned upright.
    pub width: u32,
    /// Rows as stored.
    pub height: u32,
    /// Bits per channel, or per place in a palette, as stored.
    pub bits: u8,
    /// What the stored values stand for.
    pub colours: Colours,
    /// The EXIF orientation, 1 to 8, that has been applied; 1 changes nothing.
    pub orientation: u8,
    /// How many pictures the file holds; the first one was read.
    pub frames: u32,
    /// What was done to the picture beyond decoding, as sentences for people.
    pub notes: Vec<String>,
}

/// A file's picture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decoded {
    /// The pixels.
    pub picture: Raster,
    /// What was found.
    pub found: Found,
}

/// Reads a picture file: PNG, JPEG, GIF, WebP, BMP or TIFF, told by its content.
///
/// - Grey pictures get 1 channel, coloured ones 3, and those with alpha 4: grey with
///   alpha becomes RGBA. Alpha stays even where it is opaque everywhere, so the shape
///   depends on the kind of file and not on its pixels. A GIF always has 4 channels.
/// - 16 bits become 8 by `(value + 128) / 257`, whole: the nearest level. 1, 2 and 4
///   bits are stretched to 0..=255, and places in a palette become its colours.
/// - CMYK becomes RGB without a colour profile. Profiles and gamma are not applied to
///   any picture: values are as stored.
/// - A JPEG that was cut off is read as far as it goes, as browsers do, and a note says so.
/// - The picture is turned upright as its EXIF orientation says.
/// - Of several pictures (animations, pages) the first one is read: of an animated PNG
///   the one that is shown where animations are not.
///
/// The size is checked against `limits` as the header says it, before memory for pixels
/// is taken.
///
/// # Errors
/// - [`Error::Unsupported`] for other kinds of file and varieties that are not read,
///   named
/// - [`Error::LimitExceeded`] for what is larger than `limits`
/// - [`Error::InvalidFile`] for what is empty, unknown or damaged
/// - [`Error::InvalidParameter`] for limits that are out of range
pub fn decode(bytes: &[u8], limits: &Limits) -> Result<Decoded> {
    limits.check()?;
    let kind = Kind::of(bytes)?;
    limits.check_bytes(kind, bytes.len())?;
    let header = header::read(kind, bytes)?;
    if let Some(size) = header.size {
        limits.check_pixels(kind, size)?;
    }
    if kind == Kind::Gif && header.frames == 0 {
        return Err(Error::file(file_of(kind), "it holds no picture"));
    }
    if header.cut && kind == Kind::WebP {
        return Err(ends_early(kind));
    }
    let refused = |error| refused(kind, error);
    let mut decoder = open(kind, bytes, limits).map_err(refused)?;
    let (width, height) = decoder.dimensions();
    limits.check_pixels(kind, (width, height))?;
    decoder.set_limits(limits.of_decoder()).map_err(refused)?;
    // Damaged metadata is no reason to refuse the picture.
    let turned = decoder
        .orientation()
        .unwrap_or(Orientation::NoTransforms)
        .to_exif();
    let colour = decoder.color_type();
    let depth = Depth::of(colour).ok_or_else(|| Error::Unsupported {
        field: format!("{} file", kind.name()),
        value: "one of floating point numbers".into(),
        allowed: "8 or 16 bits per channel".into(),
    })?;
    let mut data =
        vec![0; width as usize * height as usize * usize::from(colour.bytes_per_pixel())];
    decoder.read_image_boxed(&mut data).map_err(refused)?;
    if depth == Depth::Sixteen {
        halve(&mut data);
    }
    let (channels, data) = match colour.channel_count() {
        2 => (4, coloured(&data)),
        other => (usize::from(other), data),
    };
    let shape = Shape {
        width: width as usize,
        height: height as usize,
        channels,
    };
    let picture = orientation::upright(Raster::new(shape, data)?, turned)?;
    let found = found(kind, &header, (width, height), colour, turned);
    Ok(Decoded { picture, found })
}

/// The decoder of a file, its header read.
fn open<'a>(
    kind: Kind,
    bytes: &'a [u8],
    limits: &Limits,
) -> image::ImageResult<Box<dyn ImageDecoder + 'a>> {
    let bytes = Cursor::new(bytes);
    Ok(match kind {
        // It reads texts and profiles with the header.
        Kind::Png => Box::new(PngDecoder::with_limits(bytes, limits.of_decoder())?),
        Kind::Jpeg => Box::new(JpegDecoder::new(bytes)?),
        Kind::Gif => Box::new(GifDecoder::new(bytes)?),
        Kind::WebP => Box::new(WebPDecoder::new(bytes)?),
        Kind::Bmp => Box::new(BmpDecoder::new(bytes)?),
        Kind::Tiff => Box::new(TiffDecoder::new(bytes)?),
    })
}

/// How many bits a decoder gives per channel.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Depth {
    Eight,
    Sixteen,
}

impl Depth {
    fn of(colour: ColorType) -> Option<Self> {
        match colour.bytes_per_pixel() / colour.channel_count() {
            1 => Some(Self::Eight),
            2 => Some(Self::Sixteen),
            _ => None,
        }
    }
}

/// Makes 16-bit values, in the machine's byte order, 8-bit ones.
fn halve(data: &mut Vec<u8>) {
    let values = data.len() / 2;
    for k in 0..values {
        let value = u16::from_ne_bytes([data[2 * k], data[2 * k + 1]]);
        data[k] = nearest_level(value);
    }
    data.truncate(values);
}

/// The 8-bit level that is nearest to a 16-bit one.
fn nearest_level(value: u16) -> u8 {
    ((u32::from(value) + 128) / 257) as u8
}

/// Grey levels with alpha as colours with alpha.
fn coloured(data: &[u8]) -> Vec<u8> {
    let (pixels, _) = data.as_chunks::<2>();
    let mut coloured = Vec::with_capacity(data.len() * 2);
    for &[grey, alpha] in pixels {
        coloured.extend_from_slice(&[grey, grey, grey, alpha]);
    }
    coloured
}

fn found(
    kind: Kind,
    header: &Header,
    (width, height): (u32, u32),
    colour: ColorType,
    turned: u8,
) -> Found {
    let bits = header.bits.unwrap_or(8);
    let colours = header.colours.unwrap_or(match colour.channel_count() {
        1 => Colours::Grey,
        2 => Colours::GreyAlpha,
        3 => Colours::Rgb,
        _ => Colours::Rgba,
    });
    let mut notes = Vec::new();
    if header.frames > 1 {
        let many = match kind {
            Kind::Tiff => "pages",
            _ => "frames",
        };
        notes.push(format!("The first of {} {many} was read.", header.frames));
    }
    if turned != 1 {
        notes.push(format!(
            "It was {}, as its orientation ({turned}) says.",
            orientation::meaning(turned)
        ));
    }
    if bits > 8 {
        notes.push(format!("Its {bits} bits per channel were rounded to 8."));
    }
    if header.cut {
        notes.push("The file has no end; if it was cut off, what is missing was filled in.".into());
    }
    if colours == Colours::Cmyk {
        notes.push("Its CMYK inks were made RGB without a colour profile.".into());
    }
    Found {
        format: kind,
        width,
        height,
        bits,
        colours,
        orientation: turned,
        frames: header.frames.max(1),
        notes,
    }
}

fn file_of(kind: Kind) -> String {
    format!("The {} file", kind.name())
}

/// A decoder's refusal in our words.
fn refused(kind: Kind, error: ImageError) -> Error {
    match error {
        ImageError::Limits(_) => Error::LimitExceeded {
            field: format!("memory for the {} file", kind.name()),
            value: "more than its pixels can need".into(),
            allowed: "16 bytes per pixel that is allowed, and 16 MB".into(),
        },
        ImageError::Unsupported(error) => Error::Unsupported {
            field: format!("{} file", kind.name()),
            value: format!("one of a rare variety ({})", sentence_part(&error)),
            allowed: format!("the common varieties of {READABLE}"),
        },
        other => {
            if is_end_of_file(&other) {
                return ends_early(kind);
            }
            // The decoder's own words, without those of the layers above it.
            let words = match other.source().and_then(|error| error.source()) {
                Some(cause) => sentence_part(cause),
                None => sentence_part(&other),
            };
            Error::file(file_of(kind), format!("it is damaged ({words})"))
        }
    }
}

fn ends_early(kind: Kind) -> Error {
    Error::file(file_of(kind), "it ends before the picture does")
}

/// Whether an error is, or comes from, the end of the data.
fn is_end_of_file(error: &(dyn Cause + 'static)) -> bool {
    let known = error.downcast_ref::<io::Error>();
    known.is_some_and(|error| error.kind() == ErrorKind::UnexpectedEof)
        || error.source().is_some_and(is_end_of_file)
}

/// Words that fit into a sentence: in one line, short, without a full stop.
fn sentence_part(error: &dyn std::fmt::Display) -> String {
    let words = error.to_string();
    let words: Vec<&str> = words.split_whitespace().collect();
    shorten(words.join(" ").trim_end_matches('.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sixteen_bits_become_the_nearest_eight() {
        for value in 0..=u16::MAX {
            let exact = f64::from(value) * 255.0 / 65535.0;
            assert_eq!(f64::from(nearest_level(value)), exact.round());
        }
        let mut data: Vec<u8> = [0_u16, 128, 129, 65535]
            .into_iter()
            .flat_map(u16::to_ne_bytes)
            .collect();
        halve(&mut data);
        assert_eq!(data, [0, 0, 1, 255]);
    }

    #[test]
    fn limits_have_limits() {
        for (bytes, pixels, field) in [
            (0, 1, "limits.bytes"),
            (Limits::MOST_BYTES + 1, 1, "limits.bytes"),
            (1, 0, "limits.pixels"),
            (1, MOST_PIXELS + 1, "limits.pixels"),
        ] {
            let error = decode(&[], &Limits { bytes, pixels }).expect_err(field);
            assert_eq!(error.detail().field.as_deref(), Some(field));
        }
    }

    #[test]
    fn a_limit_is_told_with_what_was_found() {
        let limits = Limits::default();
        let error = limits.check_bytes(Kind::Jpeg, (4 << 20) + 1).unwrap_err();
        assert_eq!(
            error.to_string(),
            "JPEG file is 4.01 MB (4194305 bytes); the limit is 4 MB (4194304 bytes), and can be changed."
        );
        let error = limits
            .check_pixels(Kind::Png, (60_000, 60_000))
            .unwrap_err();
        assert_eq!(
            error.to_string(),
            "PNG picture is 60000 x 60000 (3600 megapixels); the limit is 40 megapixels, and can be changed."
        );
    }
}
