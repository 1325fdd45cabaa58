//! The bytes of a CSV file become rows.

use super::merge::Merge;
use super::report::Report;
use super::resample::Method;
use super::rows::{Mapping, RowChunk};
use crate::error::Result;
use serde::{Deserialize, Serialize};

/// What becomes of rows that have something wrong.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Policy {
    /// They are left out and reported.
    #[default]
    Drop,
    /// The first one ends the import.
    Fail,
}

/// What becomes of pixels outside 0 to 255.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OutOfRange {
    /// The first one ends the import.
    #[default]
    Refuse,
    /// They become 0 or 255.
    Clip,
    /// The values of the whole file are stretched: its smallest becomes 0, its largest 255.
    Rescale,
}

/// What an import may use up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ImportLimits {
    /// Columns of pixels in the file.
    pub columns: usize,
    /// Bytes of a row.
    pub row_bytes: usize,
    /// Rows.
    pub rows: u64,
    /// Bytes of text, after decompression.
    pub text_bytes: u64,
    /// How many times as large as the compressed file its text may be, beyond the first
    /// 64 MiB of text.
    pub expansion: u64,
}

impl Default for ImportLimits {
    fn default() -> Self {
        Self {
            columns: 16_384,
            row_bytes: 1 << 20,
            rows: 100_000_000,
            text_bytes: 1 << 36,
            expansion: 300,
        }
    }
}

/// What an import is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportOptions {
    /// What errors call the file.
    pub name: String,
    /// How many columns the image shall have, 2 to 4096; `None`: as many as the file.
    pub width: Option<usize>,
    /// How they are made.
    pub method: Method,
    /// What becomes of rows that have something wrong.
    pub policy: Policy,
    /// What becomes of pixels outside 0 to 255.
    pub values: OutOfRange,
    /// What may be used up.
    pub limits: ImportLimits,
}

impl Default for ImportOptions {
    fn default() -> Self {
        Self {
            name: "The file".into(),
            width: Some(150),
            method: Method::default(),
            policy: Policy::default(),
            values: OutOfRange::default(),
            limits: ImportLimits::default(),
        }
    }
}

/// Reads a CSV file as its bytes arrive, in bounded memory.
///
/// ```no_run
/// # use digitlab::frames::*;
/// # async fn example(pieces: Vec<Vec<u8>>, staging: &mut impl Staging) -> digitlab::Result<()> {
/// let mut importer = Importer::new(ImportOptions::default())?;
/// let mut number = 0;
/// for piece in pieces {
///     importer.push(piece);
///     while let Some(chunk) = importer.next_chunk()? {
///         staging.write(number, chunk).await?;
///         number += 1;
///     }
/// }
/// importer.end();
/// while let Some(chunk) = importer.next_chunk()? {
///     staging.write(number, chunk).await?;
///     number += 1;
/// }
/// let Imported { merge, mapping, mut report, width } = importer.finish()?;
/// let chunks = match merge {
///     None => 0..number,
///     Some(merge) => merge.run(staging, &mut report).await?,
/// };
/// // The image is in these chunks, once `mapping` has been applied to their pixels.
/// # let _ = (chunks, mapping, width);
/// # Ok(())
/// # }
/// ```
///
/// The same bytes give the same chunks, however they are cut into pieces.
#[derive(Debug)]
pub struct Importer {
    options: ImportOptions,
}

/// What is left when all rows have been handed out.
#[derive(Clone, Debug)]
pub struct Imported {
    /// What puts the chunks in order; `None` when they are, as they usually are.
    pub merge: Option<Merge>,
    /// What is to be done to every pixel.
    pub mapping: Mapping,
    /// What was read, kept and dropped. A merge completes it.
    pub report: Report,
    /// How many pixels a row of the image has.
    pub width: usize,
}

impl Importer {
    /// Starts an import.
    ///
    /// # Errors
    /// [`Error::InvalidParameter`](crate::Error::InvalidParameter) for a width outside 2 to 4096.
    pub fn new(options: ImportOptions) -> Result<Self> {
        Ok(Self { options })
    }

    /// Hands in the next bytes of the file. Nothing is read from them before
    /// [`next_chunk`](Self::next_chunk) is called.
    pub fn push(&mut self, piece: Vec<u8>) {
        let _ = piece;
        todo!()
    }

    /// Says that there are no more bytes.
    pub fn end(&mut self) {
        todo!()
    }

    /// The next rows; `None` when more bytes are needed, or all have been read.
    ///
    /// # Errors
    /// [`Error::InvalidFile`](crate::Error::InvalidFile) for a file that cannot be read or that the options
    /// refuse, [`Error::LimitExceeded`](crate::Error::LimitExceeded) for one that is too large. The import is
    /// over then.
    pub fn next_chunk(&mut self) -> Result<Option<RowChunk>> {
        let _ = &self.options;
        todo!()
    }

    /// Bytes of the file that have been read, for progress.
    pub fn bytes_read(&self) -> u64 {
        0
    }

    /// Rows that have been read, for progress.
    pub fn rows_read(&self) -> u64 {
        0
    }

    /// Ends an import of which every chunk has been handed out.
    ///
    /// # Errors
    /// [`Error::InvalidFile`](crate::Error::InvalidFile) when no row could be kept, and what
    /// [`next_chunk`](Self::next_chunk) refuses, if not everything has been asked for yet.
    pub fn finish(self) -> Result<Imported> {
        todo!()
    }
}
