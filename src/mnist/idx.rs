//! The IDX format of the original MNIST files, plain or gzipped.
//!
//! Two zero bytes, a byte for the element type (8 = unsigned byte), a byte for the
//! number of dimensions, each dimension as a big-endian 32-bit number, then the
//! elements in row-major order.

use super::{PIXELS, SIDE};
use crate::error::{Error, Result};
use flate2::read::MultiGzDecoder;
use std::borrow::Cow;
use std::io::Read;

/// The most pictures that a data set may have: more than any published one, and
/// little enough (784 MB) for a browser's memory.
pub const MOST_PICTURES: usize = 1_000_000;

const GZIP_MAGIC: [u8; 2] = [0x1f, 0x8b];
const UNSIGNED_BYTE: u8 = 8;
const IMAGES_HEADER: usize = 16;
const LABELS_HEADER: usize = 8;

/// The pictures of a data set: 28 x 28 grey levels each, 0 = background.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Images(Vec<u8>);

impl Images {
    /// Reads an IDX file of pictures.
    ///
    /// # Errors
    /// [`Error::InvalidFile`] or [`Error::LimitExceeded`], naming `file`, for anything
    /// but unsigned bytes of shape count x 28 x 28 that are all there.
    pub fn parse(file: &str, bytes: &[u8]) -> Result<Self> {
        let (count, pixels) = read(file, bytes, "images", IMAGES_HEADER, |dimensions| {
            if dimensions[1..] == [SIDE as u32, SIDE as u32] {
                Ok(PIXELS)
            } else {
                Err(Error::file(
                    file,
                    format!(
                        "its pictures are {} x {} pixels, only {SIDE} x {SIDE} can be used",
                        dimensions[1], dimensions[2]
                    ),
                ))
            }
        })?;
        debug_assert_eq!(pixels.len(), count * PIXELS);
        Ok(Self(pixels))
    }

    /// How many pictures there are.
    pub fn len(&self) -> usize {
        self.0.len() / PIXELS
    }

    /// Whether there is no picture.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The pixels of picture `index`, row by row.
    ///
    /// # Panics
    /// When there is no such picture.
    pub fn picture(&self, index: usize) -> &[u8] {
        &self.0[index * PIXELS..][..PIXELS]
    }
}

/// The labels of a data set, 0 to 9 each.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Labels(Vec<u8>);

impl Labels {
    /// Reads an IDX file of labels.
    ///
    /// # Errors
    /// [`Error::InvalidFile`] or [`Error::LimitExceeded`], naming `file`, for anything
    /// but unsigned bytes of one dimension that are all there and at most 9.
    pub fn parse(file: &str, bytes: &[u8]) -> Result<Self> {
        let (_, labels) = read(file, bytes, "labels", LABELS_HEADER, |_| Ok(1))?;
        match labels.iter().position(|&label| label > 9) {
            None => Ok(Self(labels)),
            Some(at) => Err(Error::file(
                file,
                format!(
                    "label number {at} is {}, only the digits 0 to 9 can be used",
                    labels[at]
                ),
            )),
        }
    }

    /// The labels in order.
    pub fn as_slice(&self) -> &[u8] {
        &self.0
    }
}

/// Checks an IDX file of unsigned bytes and gives its count and elements.
/// `element` says how many bytes each entry has, from the dimensions.
fn read(
    file: &str,
    bytes: &[u8],
    content: &str,
    header: usize,
    element: impl Fn(&[u32]) -> Result<usize>,
) -> Result<(usize, Vec<u8>)> {
    let mut reader = open(bytes);
    let mut start = Vec::with_capacity(header);
    take(file, &mut reader, header, &mut start)?;
    let dimensions = dimensions(file, &start, content, header)?;
    let count = dimensions[0] as usize;
    if count == 0 {
        return Err(Error::file(file, format!("it holds no {content}")));
    }
    if count > MOST_PICTURES {
        return Err(Error::LimitExceeded {
            field: file.into(),
            value: format!("{count} {content}"),
            allowed: format!("{MOST_PICTURES} {content}"),
        });
    }
    let expected = count * element(&dimensions)?;
    // One byte more than expected tells a file that is too long, without reading
    // all of a bomb. What the header claims is only believed as bytes arrive.
    let mut elements = Vec::new();
    take(file, &mut reader, expected + 1, &mut elements)?;
    if elements.len() != expected {
        let found = if elements.len() > expected {
            "more".into()
        } else {
            elements.len().to_string()
        };
        return Err(Error::file(
            file,
            format!(
                "its header announces {count} {content}, which take {expected} bytes, \
                 but {found} follow"
            ),
        ));
    }
    Ok((count, elements))
}

fn open(bytes: &[u8]) -> Box<dyn Read + '_> {
    if bytes.starts_with(&GZIP_MAGIC) {
        Box::new(MultiGzDecoder::new(bytes))
    } else {
        Box::new(bytes)
    }
}

fn take(file: &str, reader: &mut dyn Read, limit: usize, into: &mut Vec<u8>) -> Result<()> {
    reader
        .take(limit as u64)
        .read_to_end(into)
        .map(|_| ())
        .map_err(|error| Error::file(file, format!("its gzip stream is damaged ({error})")))
}

fn dimensions(file: &str, start: &[u8], content: &str, header: usize) -> Result<Vec<u32>> {
    let rank = (header - 4) / 4;
    let magic = [0, 0, UNSIGNED_BYTE, rank as u8];
    if start.is_empty() {
        return Err(Error::file(file, "it is empty"));
    }
    let found = &start[..start.len().min(4)];
    if found != magic {
        let hint = match found {
            [0, 0, UNSIGNED_BYTE, 1] => ": it is a file of labels, not of images",
            [0, 0, UNSIGNED_BYTE, 3] => ": it is a file of images, not of labels",
            [0, 0, 9 | 11..=14, _] => ": its elements are not unsigned bytes",
            _ => "",
        };
        return Err(Error::file(
            file,
            format!(
                "an IDX file of {content} begins with the bytes {}, this one with {}{hint}",
                hex(&magic),
                hex(found)
            ),
        ));
    }
    if start.len() < header {
        return Err(Error::file(
            file,
            format!(
                "it ends after {} bytes, within its {header}-byte header",
                start.len()
            ),
        ));
    }
    Ok(start[4..]
        .chunks_exact(4)
        .map(|b| u32::from_be_bytes([b[0], b[1], b[2], b[3]]))
        .collect())
}

fn hex(bytes: &[u8]) -> String {
    bytes
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect::<Vec<_>>()
        .join(" ")
}

/// Unpacks `bytes` if they are gzipped, but never to more than `limit` bytes: a
/// result of `limit` bytes may have been cut.
pub(super) fn gunzip(bytes: &[u8], limit: usize) -> std::io::Result<Cow<'_, [u8]>> {
    if !bytes.starts_with(&GZIP_MAGIC) {
        return Ok(Cow::Borrowed(bytes));
    }
    let mut unpacked = Vec::new();
    MultiGzDecoder::new(bytes)
        .take(limit as u64)
        .read_to_end(&mut unpacked)?;
    Ok(Cow::Owned(unpacked))
}
