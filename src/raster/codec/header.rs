//! What a file says about itself before any pixel is read.
//!
//! Everything here is for checks and for telling; the decoders judge the files. So
//! what cannot be found is left out, and nothing here is refused but what is known
//! not to be decoded.

use super::kind::Kind;
use crate::error::{Error, Result};
use serde::Serialize;

/// What the values of a file stand for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Colours {
    /// Grey levels.
    Grey,
    /// Grey levels with alpha.
    GreyAlpha,
    /// Red, green, blue, however they are stored.
    Rgb,
    /// Red, green, blue and alpha.
    Rgba,
    /// Places in a list of colours.
    Palette,
    /// Cyan, magenta, yellow and black.
    Cmyk,
}

/// What was found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Header {
    /// Width and height; the largest ones where pictures of several sizes are inside.
    pub(super) size: Option<(u32, u32)>,
    /// Bits per channel, or per place in a palette.
    pub(super) bits: Option<u8>,
    /// What the values stand for.
    pub(super) colours: Option<Colours>,
    /// How many pictures the file holds, as far as it can be read.
    pub(super) frames: u32,
    /// Whether the end is missing that the file announces, or that its kind has.
    pub(super) cut: bool,
}

/// Reads what the header of a file says.
///
/// # Errors
/// [`Error::Unsupported`] for a variety that no decoder here reads.
pub(super) fn read(kind: Kind, bytes: &[u8]) -> Result<Header> {
    let found = match kind {
        Kind::Png => png(bytes),
        Kind::Jpeg => jpeg(bytes)?,
        Kind::Gif => gif(bytes),
        Kind::WebP => Some(webp(bytes)),
        Kind::Bmp => bmp(bytes),
        Kind::Tiff => tiff(bytes)?,
    };
    Ok(found.unwrap_or(Header {
        frames: 1,
        ..Header::default()
    }))
}

/// The bytes from a place on.
fn at<const N: usize>(bytes: &[u8], place: usize) -> Option<[u8; N]> {
    bytes.get(place..)?.first_chunk().copied()
}

fn refused(kind: Kind, value: String, allowed: &str) -> Error {
    Error::Unsupported {
        field: format!("{} file", kind.name()),
        value,
        allowed: allowed.into(),
    }
}

fn png(bytes: &[u8]) -> Option<Header> {
    let width = u32::from_be_bytes(at(bytes, 16)?);
    let height = u32::from_be_bytes(at(bytes, 20)?);
    let [bits, colours] = at(bytes, 24)?;
    let colours = match colours {
        0 => Some(Colours::Grey),
        2 => Some(Colours::Rgb),
        3 => Some(Colours::Palette),
        4 => Some(Colours::GreyAlpha),
        6 => Some(Colours::Rgba),
        _ => None,
    };
    Some(Header {
        size: Some((width, height)),
        bits: Some(bits),
        colours,
        frames: png_frames(bytes).unwrap_or(1),
        cut: false,
    })
}

/// The number of frames that an animation announces before its first picture.
fn png_frames(bytes: &[u8]) -> Option<u32> {
    let mut place = 8_usize;
    loop {
        let length = u32::from_be_bytes(at(bytes, place)?) as usize;
        match &at::<4>(bytes, place + 4)? {
            b"acTL" => return Some(u32::from_be_bytes(at(bytes, place + 8)?)),
            b"IDAT" => return None,
            _ => place = place.checked_add(length)?.checked_add(12)?,
        }
    }
}

fn jpeg(bytes: &[u8]) -> Result<Option<Header>> {
    let Some((marker, frame)) = start_of_frame(bytes) else {
        return Ok(None);
    };
    let [bits, h1, h0, w1, w0, components] = frame;
    let coding = match marker {
        0xC0..=0xC2 => None,
        0xC3 => Some("lossless coding"),
        0xC5..=0xC7 => Some("hierarchical coding"),
        _ => Some("arithmetic coding"),
    };
    let allowed = "baseline and progressive files of 8 bits per channel";
    if let Some(coding) = coding {
        return Err(refused(Kind::Jpeg, format!("one with {coding}"), allowed));
    }
    if bits != 8 {
        let value = format!("one of {bits} bits per channel");
        return Err(refused(Kind::Jpeg, value, allowed));
    }
    Ok(Some(Header {
        size: Some((
            u16::from_be_bytes([w1, w0]).into(),
            u16::from_be_bytes([h1, h0]).into(),
        )),
        bits: Some(bits),
        colours: match components {
            1 => Some(Colours::Grey),
            3 => Some(Colours::Rgb),
            4 => Some(Colours::Cmyk),
            _ => None,
        },
        frames: 1,
        cut: !bytes.windows(2).rev().any(|pair| pair == [0xFF, 0xD9]),
    }))
}

/// The marker that starts the picture, and its first values: bits, height, width and
/// the number of components.
fn start_of_frame(bytes: &[u8]) -> Option<(u8, [u8; 6])> {
    let mut place = 2_usize;
    loop {
        let [start, marker] = at(bytes, place)?;
        match (start, marker) {
            // Fill bytes may stand before a marker.
            (0xFF, 0xFF) => place += 1,
            (0xFF, 0x01 | 0xD0..=0xD8) => place += 2,
            (0xFF, 0xD9 | 0xDA) => return None,
            (0xFF, 0xC0..=0xCF) if !matches!(marker, 0xC4 | 0xC8 | 0xCC) => {
                return Some((marker, at(bytes, place + 4)?));
            }
            (0xFF, _) => {
                let length = u16::from_be_bytes(at(bytes, place + 2)?);
                place += 2 + usize::from(length);
            }
            // What does not belong here is passed over, as decoders do.
            _ => place += 1,
        }
    }
}

fn gif(bytes: &[u8]) -> Option<Header> {
    let width = u16::from_le_bytes(at(bytes, 6)?);
    let height = u16::from_le_bytes(at(bytes, 8)?);
    let [flags] = at(bytes, 10)?;
    let own_colours = flags & 0x80 != 0;
    let mut frames = 0;
    let mut place = 13 + if own_colours { colours_size(flags) } else { 0 };
    // As far as the file goes.
    while let Some([block]) = at(bytes, place) {
        let blocks = match block {
            0x2C => {
                let Some([flags]) = at(bytes, place + 9) else {
                    break;
                };
                frames += 1;
                let colours = if flags & 0x80 != 0 {
                    colours_size(flags)
                } else {
                    0
                };
                place + 11 + colours
            }
            0x21 => place + 2,
            _ => break,
        };
        match after_blocks(bytes, blocks) {
            Some(next) => place = next,
            None => break,
        }
    }
    Some(Header {
        size: Some((width.into(), height.into())),
        bits: Some(if own_colours { (flags & 7) + 1 } else { 8 }),
        colours: Some(Colours::Palette),
        frames,
        cut: false,
    })
}

/// How many bytes a GIF's list of colours has.
fn colours_size(flags: u8) -> usize {
    3 << ((flags & 7) + 1)
}

/// Where a GIF's data blocks end that start at a place.
fn after_blocks(bytes: &[u8], mut place: usize) -> Option<usize> {
    loop {
        let [length] = at(bytes, place)?;
        place += 1 + usize::from(length);
        if length == 0 {
            return Some(place);
        }
    }
}

fn webp(bytes: &[u8]) -> Header {
    /// The bytes of an animation's frame before its chunks.
    const FRAME: usize = 16;
    let mut header = Header {
        bits: Some(8),
        ..Header::default()
    };
    let mut place = 12;
    while let (Some(name), Some(length)) = (at::<4>(bytes, place), at(bytes, place + 4)) {
        let length = u32::from_le_bytes(length) as usize;
        // The decoder takes memory for a chunk before it reads it.
        if length > bytes.len() - place - 8 {
            header.cut = true;
            break;
        }
        place += 8;
        // Lossy pictures have a size of their own, for which memory is taken before it is
        // compared with the canvas.
        let size = match &name {
            b"VP8X" => canvas(bytes, place),
            b"VP8 " => lossy(bytes, place),
            _ => None,
        };
        let pixels = |(width, height): (u32, u32)| u64::from(width) * u64::from(height);
        header.size = header
            .size
            .into_iter()
            .chain(size)
            .max_by_key(|&size| pixels(size));
        if name == *b"ANMF" {
            header.frames += 1;
            place += FRAME;
        } else {
            place += length.next_multiple_of(2);
        }
    }
    header
}

fn canvas(bytes: &[u8], place: usize) -> Option<(u32, u32)> {
    let [w0, w1, w2, h0, h1, h2] = at(bytes, place + 4)?;
    let side = |bytes: [u8; 3]| u32::from_le_bytes([bytes[0], bytes[1], bytes[2], 0]) + 1;
    Some((side([w0, w1, w2]), side([h0, h1, h2])))
}

fn lossy(bytes: &[u8], place: usize) -> Option<(u32, u32)> {
    let [w0, w1, h0, h1] = at(bytes, place + 6)?;
    let side = |bytes| u32::from(u16::from_le_bytes(bytes) & 0x3FFF);
    Some((side([w0, w1]), side([h0, h1])))
}

fn bmp(bytes: &[u8]) -> Option<Header> {
    let bits = match u32::from_le_bytes(at(bytes, 14)?) {
        12 => u16::from_le_bytes(at(bytes, 24)?),
        _ => u16::from_le_bytes(at(bytes, 28)?),
    };
    let (bits, colours) = match bits {
        1..=8 => (bits as u8, Some(Colours::Palette)),
        16 => (5, None),
        _ => (8, None),
    };
    Some(Header {
        size: None,
        bits: Some(bits),
        colours,
        frames: 1,
        cut: false,
    })
}

/// The whole numbers of a TIFF file in its byte order.
struct Tiff<'a> {
    bytes: &'a [u8],
    little: bool,
}

impl Tiff<'_> {
    fn short(&self, place: usize) -> Option<u16> {
        let bytes = at(self.bytes, place)?;
        Some(if self.little {
            u16::from_le_bytes(bytes)
        } else {
            u16::from_be_bytes(bytes)
        })
    }

    fn long(&self, place: usize) -> Option<usize> {
        let bytes = at(self.bytes, place)?;
        let number = if self.little {
            u32::from_le_bytes(bytes)
        } else {
            u32::from_be_bytes(bytes)
        };
        Some(number as usize)
    }

    /// The first value of an entry of a directory, when it is a 16-bit or 32-bit number,
    /// as the ones that are asked for here are. Few are stored in the entry itself.
    fn first(&self, directory: usize, wanted: u16) -> Option<usize> {
        let entries = usize::from(self.short(directory)?);
        let mut entries = (0..entries).map(|k| directory + 2 + 12 * k);
        let entry = entries.find(|&entry| self.short(entry) == Some(wanted))?;
        let count = self.long(entry + 4)?;
        match self.short(entry + 2)? {
            3 if count <= 2 => self.short(entry + 8).map(usize::from),
            3 => self.short(self.long(entry + 8)?).map(usize::from),
            4 if count == 1 => self.long(entry + 8),
            _ => None,
        }
    }

    /// Whether an entry of a directory has more values than the file has room for: the decoder would take memory for
    /// them before it looks for them. In files of 64-bit numbers, which are few, an entry is larger.
    fn promises_too_much(&self) -> bool {
        let wide = self.short(2) == Some(43);
        let number = |place: usize| match wide {
            false => self.long(place),
            // More than that is in no file.
            true => match [self.long(place)?, self.long(place + 4)?] {
                [low, 0] if self.little => Some(low),
                [0, low] if !self.little => Some(low),
                _ => Some(usize::MAX),
            },
        };
        let Some(start) =
            number(if wide { 8 } else { 4 }).filter(|&start| start < self.bytes.len())
        else {
            return false;
        };
        let (entries, head, size) = match wide {
            false => (self.short(start).map(usize::from), 2, 12),
            true => (number(start), 8, 20),
        };
        let first = start + head;
        // Entries beyond the end are not there.
        let room = self.bytes.len().saturating_sub(first) / size;
        (0..entries.unwrap_or_default().min(room)).any(|k| {
            let entry = first + k * size;
            let width = match self.short(entry + 2) {
                Some(3 | 8) => 2,
                Some(4 | 9 | 11 | 13) => 4,
                Some(5 | 10 | 12 | 16..=18) => 8,
                _ => 1,
            };
            let count = number(entry + 4).unwrap_or_default();
            count.saturating_mul(width) > self.bytes.len()
        })
    }

    /// How many directories there are, each of a picture.
    fn pages(&self, mut directory: usize) -> u32 {
        // A chain may bite its own tail.
        const MOST: u32 = 10_000;
        let mut pages = 0;
        while pages < MOST && directory != 0 {
            let Some(entries) = self.short(directory) else {
                break;
            };
            pages += 1;
            match self.long(directory + 2 + 12 * usize::from(entries)) {
                Some(next) => directory = next,
                None => break,
            }
        }
        pages
    }
}

fn tiff(bytes: &[u8]) -> Result<Option<Header>> {
    const WIDTH: u16 = 256;
    const HEIGHT: u16 = 257;
    const BITS: u16 = 258;
    const MEANING: u16 = 262;
    const SAMPLES: u16 = 277;
    const NUMBERS: u16 = 339;
    let file = Tiff {
        bytes,
        little: bytes.starts_with(b"II"),
    };
    if file.promises_too_much() {
        let reason =
            "it is damaged (an entry of its directory has more values than the file has room for)";
        return Err(Error::file("The TIFF file", reason));
    }
    // The directories of files above 4 GB are left to the decoder.
    if file.short(2) != Some(42) {
        return Ok(None);
    }
    let Some(start) = file.long(4) else {
        return Ok(None);
    };
    let bits = file.first(start, BITS).unwrap_or(1);
    let samples = file.first(start, SAMPLES).unwrap_or(1);
    let meaning = file.first(start, MEANING);
    let side = |tag| file.first(start, tag)?.try_into().ok();
    let allowed = "grey of 1, 8 or 16 bits, and RGB and CMYK of 8 or 16 bits per channel";
    let refuse = |what: String| Err(refused(Kind::Tiff, what, allowed));
    let named = match meaning {
        Some(3) => Some("palette colours"),
        Some(4) => Some("a transparency mask"),
        Some(6) => Some("YCbCr colours"),
        Some(8..=10) => Some("Lab colours"),
        Some(32803) => Some("a raw photo"),
        _ => None,
    };
    if let Some(named) = named {
        return refuse(format!("one with {named}"));
    }
    match file.first(start, NUMBERS) {
        Some(2) => return refuse("one of signed numbers".into()),
        Some(3) => return refuse("one of floating point numbers".into()),
        _ => {}
    }
    let grey = matches!(meaning, Some(0 | 1));
    if meaning.is_some() && !(matches!(bits, 8 | 16) || (grey && bits == 1)) {
        return refuse(format!("one of {bits} bits per channel"));
    }
    Ok(Some(Header {
        size: side(WIDTH).zip(side(HEIGHT)),
        bits: Some(bits as u8),
        colours: match (meaning, samples) {
            (Some(0 | 1), 1) => Some(Colours::Grey),
            (Some(0 | 1), _) => Some(Colours::GreyAlpha),
            (Some(2), 4) => Some(Colours::Rgba),
            (Some(2), _) => Some(Colours::Rgb),
            (Some(5), _) => Some(Colours::Cmyk),
            _ => None,
        },
        frames: file.pages(start),
        cut: false,
    }))
}
