//! Text out of the bytes of a file, which may be compressed.

use super::ImportLimits;
use crate::error::{Error, Result};
use flate2::write::MultiGzDecoder;
use std::collections::VecDeque;
use std::io::{self, Write};

/// What gzip files begin with.
const GZIP: [u8; 2] = [0x1f, 0x8b];
/// How much plain text is handed on at a time: it stays in the processor's cache.
const BLOCK: usize = 1 << 18;
/// How much is decompressed at a time: at worst it becomes a thousand times as much.
const PACKED_BLOCK: usize = 1 << 12;
/// From where on it matters how many times as large the text is as the file.
const EXPANSION_MATTERS: u64 = 1 << 26;

/// The bytes of a file, in the pieces in which they arrive.
#[derive(Debug)]
pub(super) struct Source {
    pieces: VecDeque<Vec<u8>>,
    /// How much of the first piece has been read.
    at: usize,
    ended: bool,
    form: Form,
    /// Bytes read.
    pub(super) bytes: u64,
    /// Bytes of text made of them.
    pub(super) text_bytes: u64,
}

#[derive(Debug)]
enum Form {
    /// The first bytes, too few to tell.
    Unknown(Vec<u8>),
    Plain,
    Gzip(Box<MultiGzDecoder<Vec<u8>>>),
    /// All of a compressed file has been read.
    Unpacked,
}

/// Whether more text may come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Supply {
    /// Some came, or may come at once.
    More,
    /// Not before more bytes arrive.
    Hungry,
    /// No.
    Over,
}

impl Source {
    pub(super) fn new() -> Self {
        Self {
            pieces: VecDeque::new(),
            at: 0,
            ended: false,
            form: Form::Unknown(Vec::new()),
            bytes: 0,
            text_bytes: 0,
        }
    }

    pub(super) fn push(&mut self, piece: Vec<u8>) {
        if !piece.is_empty() && !self.ended {
            self.pieces.push_back(piece);
        }
    }

    pub(super) fn end(&mut self) {
        self.ended = true;
    }

    pub(super) fn is_gzip(&self) -> bool {
        matches!(self.form, Form::Gzip(_) | Form::Unpacked)
    }

    /// Adds the next text to what is there.
    pub(super) fn fill(&mut self, text: &mut Vec<u8>, limits: &ImportLimits) -> Result<Supply> {
        let before = text.len();
        let supply = self.next(text).map_err(|error| Error::InvalidFile {
            file: String::new(),
            reason: gzip_reason(&error),
        })?;
        self.text_bytes += (text.len() - before) as u64;
        if self.text_bytes > limits.text_bytes {
            return Err(Error::LimitExceeded {
                field: "The text of the file".into(),
                value: format!("more than {}", bytes(limits.text_bytes)),
                allowed: bytes(limits.text_bytes),
            });
        }
        let most = self.bytes.saturating_mul(limits.expansion);
        if self.is_gzip() && self.text_bytes > most.max(EXPANSION_MATTERS) {
            return Err(Error::InvalidFile {
                file: String::new(),
                reason: format!(
                    "its text is more than {} times as large as the compressed file, which no log is: it looks like \
                     a file that was made to fill memory",
                    limits.expansion
                ),
            });
        }
        Ok(supply)
    }

    fn next(&mut self, text: &mut Vec<u8>) -> io::Result<Supply> {
        let Some(piece) = self.pieces.front() else {
            return self.rest(text);
        };
        let fresh = &piece[self.at..];
        let read = match &mut self.form {
            Form::Unknown(head) => {
                let read = fresh.len().min(GZIP.len() - head.len());
                head.extend_from_slice(&fresh[..read]);
                if head.len() == GZIP.len() {
                    let head = std::mem::take(head);
                    self.form = if head == GZIP {
                        let mut decoder = MultiGzDecoder::new(Vec::new());
                        decoder.write_all(&head)?;
                        Form::Gzip(Box::new(decoder))
                    } else {
                        text.extend_from_slice(&head);
                        Form::Plain
                    };
                }
                read
            }
            Form::Plain => {
                let read = fresh.len().min(BLOCK);
                text.extend_from_slice(&fresh[..read]);
                read
            }
            Form::Gzip(decoder) => {
                let read = decoder.write(&fresh[..fresh.len().min(PACKED_BLOCK)])?;
                if read == 0 {
                    return Err(io::ErrorKind::InvalidData.into());
                }
                text.append(decoder.get_mut());
                read
            }
            Form::Unpacked => fresh.len(),
        };
        self.bytes += read as u64;
        self.at += read;
        if self.at == piece.len() {
            self.pieces.pop_front();
            self.at = 0;
        }
        Ok(Supply::More)
    }

    /// What follows when all pieces have been read.
    fn rest(&mut self, text: &mut Vec<u8>) -> io::Result<Supply> {
        if !self.ended {
            return Ok(Supply::Hungry);
        }
        match &mut self.form {
            Form::Unknown(head) => {
                text.append(head);
                self.form = Form::Plain;
            }
            Form::Gzip(decoder) => {
                decoder.try_finish()?;
                text.append(decoder.get_mut());
                self.form = Form::Unpacked;
            }
            Form::Plain | Form::Unpacked => {}
        }
        Ok(Supply::Over)
    }
}

/// Why a gzip file cannot be read.
fn gzip_reason(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::UnexpectedEof => {
            "it is compressed with gzip and ends too early; it seems to have been cut off".into()
        }
        _ => "it begins as a gzip file does, but what follows is damaged or not gzip at all".into(),
    }
}

/// A number of bytes for people.
pub(super) fn bytes(count: u64) -> String {
    match count {
        _ if count >= 1 << 30 && count % (1 << 30) == 0 => format!("{} GiB", count >> 30),
        _ if count >= 1 << 20 && count % (1 << 20) == 0 => format!("{} MiB", count >> 20),
        _ => format!("{count} bytes"),
    }
}
