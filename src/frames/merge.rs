//! Putting rows in order that do not fit into memory.

use super::report::Report;
use super::rows::RowChunk;
use crate::error::Result;
use std::ops::Range;

/// Where the chunks of an import lie until all are there, by number.
///
/// What an importer hands out is written by the caller, numbered from 0 up. Only a
/// [`Merge`] reads it again.
#[allow(async_fn_in_trait)] // Nothing of this is sent to other threads.
pub trait Staging {
    /// The chunk that was written under this number.
    async fn read(&mut self, number: u32) -> Result<RowChunk>;
    /// Keeps a chunk under a number that is not in use.
    async fn write(&mut self, number: u32, chunk: RowChunk) -> Result<()>;
    /// Gives up a chunk.
    async fn remove(&mut self, number: u32) -> Result<()>;
}

/// What is left to do when the rows of a file were not in the order of their depths.
///
/// The chunks that the importer handed out form runs: ranges of chunks in order. Runs
/// are merged, a few at a time, so that only one chunk of each is in memory: an external
/// merge sort. Of equal depths the one that comes first in the file stays.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Merge {
    pub(crate) runs: Vec<Range<u32>>,
    pub(crate) width: usize,
}

impl Merge {
    /// Merges all chunks, and completes the report.
    ///
    /// Returns the numbers of the chunks that hold the image, in order; all others have
    /// been removed.
    ///
    /// # Errors
    /// Those of the staging. What lies there is of no use then.
    pub async fn run(self, staging: &mut impl Staging, report: &mut Report) -> Result<Range<u32>> {
        let _ = (staging, report);
        todo!()
    }
}
