//! What a file is, told by its content and never by its name.

use crate::error::{Error, Result};
use serde::{Serialize, Serializer};

/// A kind of picture file that can be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Portable Network Graphics, animated or not.
    Png,
    /// JPEG, baseline or progressive.
    Jpeg,
    /// Graphics Interchange Format, animated or not.
    Gif,
    /// WebP, lossy or lossless, animated or not.
    WebP,
    /// Windows bitmap.
    Bmp,
    /// Tagged Image File Format.
    Tiff,
}

/// The kinds of file that can be read, for messages.
pub(super) const READABLE: &str = "PNG, JPEG, GIF, WebP, BMP and TIFF files";

impl Kind {
    /// Its name, as people write it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Png => "PNG",
            Self::Jpeg => "JPEG",
            Self::Gif => "GIF",
            Self::WebP => "WebP",
            Self::Bmp => "BMP",
            Self::Tiff => "TIFF",
        }
    }

    /// The kind of a file.
    ///
    /// # Errors
    /// [`Error::Unsupported`] for a file that is known and not read here, named, and
    /// [`Error::InvalidFile`] for an empty or unknown one.
    pub fn of(bytes: &[u8]) -> Result<Self> {
        if bytes.is_empty() {
            return Err(Error::file("The picture", "the file is empty"));
        }
        if let Some(kind) = Self::readable(bytes) {
            return Ok(kind);
        }
        match other(bytes).or_else(|| text(bytes)) {
            Some(name) => Err(Error::Unsupported {
                field: "picture".into(),
                value: name.into(),
                allowed: READABLE.into(),
            }),
            None => Err(Error::file(
                "The picture",
                format!("its content is none of those that can be read, which are {READABLE}"),
            )),
        }
    }

    fn readable(bytes: &[u8]) -> Option<Self> {
        Some(match bytes {
            [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1A, b'\n', ..] => Self::Png,
            [0xFF, 0xD8, 0xFF, ..] => Self::Jpeg,
            [b'G', b'I', b'F', b'8', b'7' | b'9', b'a', ..] => Self::Gif,
            [
                b'R',
                b'I',
                b'F',
                b'F',
                _,
                _,
                _,
                _,
                b'W',
                b'E',
                b'B',
                b'P',
                ..,
            ] => Self::WebP,
            // Text may begin with the same letters; the header's size follows.
            [b'B', b'M', ..] if matches!(bytes.get(15..18), Some([0, 0, 0])) => Self::Bmp,
            [b'I', b'I', b'*' | b'+', 0, ..] | [b'M', b'M', 0, b'*' | b'+', ..] => Self::Tiff,
            _ => return None,
        })
    }
}

impl Serialize for Kind {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

/// Files that begin with bytes of their own, and are not read here.
fn other(bytes: &[u8]) -> Option<&'static str> {
    const STARTS: [(&[u8], &str); 24] = [
        (b"%PDF", "a PDF document"),
        (b"%!PS", "a PostScript document"),
        (b"8BPS", "a Photoshop document"),
        (b"gimp xcf", "a GIMP document"),
        (b"\xFF\x0A", "a JPEG XL picture"),
        (b"\0\0\0\x0CJXL ", "a JPEG XL picture"),
        (b"\0\0\0\x0CjP  ", "a JPEG 2000 picture"),
        (b"\xFF\x4F\xFF\x51", "a JPEG 2000 picture"),
        (b"\0\0\x01\0", "a Windows icon"),
        (b"\0\0\x02\0", "a Windows cursor"),
        (b"qoif", "a QOI picture"),
        (b"\x76\x2F\x31\x01", "an OpenEXR picture"),
        (b"#?RADIANCE", "a Radiance HDR picture"),
        (b"DDS ", "a DirectDraw surface"),
        (b"PK\x03\x04", "a ZIP archive"),
        (b"\x1F\x8B", "a gzip file"),
        (b"7z\xBC\xAF\x27\x1C", "a 7z archive"),
        (b"Rar!", "a RAR archive"),
        (b"\x93NUMPY", "a NumPy array"),
        (b"\0\0\x08\x03", "an IDX file of images"),
        (b"\0\0\x08\x01", "an IDX file of labels"),
        (b"\x1A\x45\xDF\xA3", "a WebM or Matroska video"),
        (b"RIFF", "a sound or a video (RIFF)"),
        (b"\0asm", "a WebAssembly module"),
    ];
    if bytes.get(4..8) == Some(b"ftyp") {
        return Some(boxed(bytes));
    }
    if matches!(bytes, [b'P', b'1'..=b'7', b' ' | b'\n' | b'\r' | b'\t', ..]) {
        return Some("a Netpbm picture");
    }
    STARTS
        .into_iter()
        .find(|(start, _)| bytes.starts_with(start))
        .map(|(_, name)| name)
}

/// Files in the boxes of ISO 14496-12: the brands in the first box tell them apart.
fn boxed(bytes: &[u8]) -> &'static str {
    let length = u32::from_be_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]) as usize;
    let brands = &bytes[8..length.clamp(8, bytes.len().min(256))];
    let has = |wanted: &[&[u8; 4]]| {
        let mut brands = brands.chunks_exact(4);
        brands.any(|brand| wanted.iter().any(|wanted| brand == *wanted))
    };
    if has(&[b"avif", b"avis"]) {
        "an AVIF picture"
    } else if has(&[
        b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1",
    ]) {
        "a HEIC picture"
    } else if has(&[b"crx "]) {
        "a raw photo (CR3)"
    } else {
        "a video (MP4 or QuickTime)"
    }
}

/// What a text is, as far as its beginning tells.
fn text(bytes: &[u8]) -> Option<&'static str> {
    let start = &bytes[..bytes.len().min(1024)];
    let start = match std::str::from_utf8(start) {
        Ok(text) => text,
        // A character may be cut off at the end.
        Err(error) if error.error_len().is_none() => {
            std::str::from_utf8(&start[..error.valid_up_to()]).ok()?
        }
        Err(_) => return None,
    };
    let control = |c: char| c.is_control() && !c.is_whitespace();
    if start.chars().any(control) {
        return None;
    }
    let start = start.trim_start_matches('\u{FEFF}').trim_start();
    let start = start.to_ascii_lowercase();
    let markup = start.starts_with('<');
    Some(
        if markup && start.contains("<svg") && !start.contains("<html") {
            "an SVG drawing"
        } else if markup && (start.contains("<html") || start.contains("<!doctype html")) {
            "an HTML page, not the picture itself"
        } else if markup {
            "an XML or HTML text"
        } else if start.starts_with("data:image/") {
            "a data: address as text, not the picture itself"
        } else {
            "a text"
        },
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_told_by_their_content() {
        let heic = b"\0\0\0\x18ftypmif1\0\0\0\0mif1heic";
        let avif = b"\0\0\0\x1Cftypmif1\0\0\0\0mif1avifmiaf";
        let cases: [(&[u8], &str); 12] = [
            (
                b"<?xml version=\"1.0\"?>\n<svg width=\"1\">",
                "an SVG drawing",
            ),
            (b"  <svg xmlns='...'>", "an SVG drawing"),
            (b"<!DOCTYPE html><html>", "an HTML page"),
            (b"\xEF\xBB\xBF<html lang=en><body><svg>", "an HTML page"),
            (b"%PDF-1.7", "a PDF document"),
            (heic, "a HEIC picture"),
            (avif, "an AVIF picture"),
            (b"\0\0\0\x18ftypisom\0\0\0\0", "a video"),
            (b"P6\n1 1\n255\n", "a Netpbm picture"),
            (b"{\"code\": 404}", "a text"),
            (b"BMW is not a bitmap", "a text"),
            (b"\0\0\x08\x03\0\0", "an IDX file of images"),
        ];
        for (bytes, name) in cases {
            let error = Kind::of(bytes).expect_err(name);
            assert_eq!(error.code(), "unsupported", "{error}");
            let sentence = error.to_string();
            assert!(
                sentence.starts_with(&format!("picture is {name}")),
                "{sentence}"
            );
            assert!(
                sentence.ends_with(&format!("allowed: {READABLE}.")),
                "{sentence}"
            );
        }
        for unknown in [&b""[..], b"\0", b"\x89PN", b"\x01\x02\x03\xFF"] {
            let error = Kind::of(unknown).expect_err("not a picture");
            assert_eq!(error.code(), "invalid_file", "{error}");
        }
    }
}
