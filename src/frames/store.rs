//! Where images are kept.

use super::{ImageInfo, RowChunk};
use crate::error::Result;
use std::ops::Range;

/// The level that holds the rows themselves; level `k` above it holds the means of `4^k` rows each.
pub const ROWS: u32 = 0;

/// The level of a single chunk without pixels: the first depth of each chunk of [`ROWS`].
pub const INDEX: u32 = 1000;

/// An import that has begun and is not published.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    /// The image that it will become.
    pub id: u32,
    /// Who imports: whatever [`Store::begin`] was given.
    pub owner: String,
}

/// A place for images: their descriptions, and chunks of rows, each under image, level and number.
///
/// Rows are written to a draft, which nobody sees until it is published, in one step.
#[allow(async_fn_in_trait)] // Nothing of this is sent to other threads.
pub trait Store {
    /// The published images, by their ids in ascending order.
    async fn images(&self) -> Result<Vec<ImageInfo>>;
    /// A published image.
    async fn image(&self, id: u32) -> Result<Option<ImageInfo>>;
    /// Begins a draft under the lowest id above all that are in use.
    async fn begin(&self, owner: &str) -> Result<u32>;
    /// What has begun and is not published.
    async fn drafts(&self) -> Result<Vec<Draft>>;
    /// Keeps a chunk, in place of the one that was there. It may return before all is kept; what goes wrong then is
    /// told by a later call, at the latest by [`publish`](Self::publish).
    async fn write(&self, id: u32, level: u32, number: u32, chunk: &RowChunk) -> Result<()>;
    /// The chunks of a range of numbers, in order; those that are missing are left out.
    async fn read(&self, id: u32, level: u32, numbers: Range<u32>) -> Result<Vec<RowChunk>>;
    /// Gives up chunks.
    async fn remove(&self, id: u32, level: u32, numbers: Range<u32>) -> Result<()>;
    /// Makes a draft an image. Either all of it is there afterwards, or it still is a draft.
    async fn publish(&self, image: &ImageInfo) -> Result<()>;
    /// Puts another description in the place of a published image's; false when there is no such image.
    async fn describe(&self, image: &ImageInfo) -> Result<bool>;
    /// Deletes an image or a draft with all its rows, in one step.
    async fn delete(&self, id: u32) -> Result<()>;
}

/// The chunks of a draft, for a merge.
#[derive(Debug)]
pub(super) struct Staged<'a, S> {
    pub(super) store: &'a S,
    pub(super) id: u32,
}

impl<S: Store> super::Staging for Staged<'_, S> {
    async fn read(&mut self, number: u32) -> Result<RowChunk> {
        let mut chunks = self.store.read(self.id, ROWS, number..number + 1).await?;
        chunks.pop().ok_or_else(|| lost(self.id, ROWS, number))
    }

    async fn write(&mut self, number: u32, chunk: RowChunk) -> Result<()> {
        self.store.write(self.id, ROWS, number, &chunk).await
    }

    async fn remove(&mut self, number: u32) -> Result<()> {
        self.store.remove(self.id, ROWS, number..number + 1).await
    }
}

/// A chunk that should be there is not.
pub(super) fn lost(id: u32, level: u32, number: u32) -> crate::Error {
    crate::Error::Storage {
        reason: format!(
            "chunk {number} of level {level} of image {id} is missing; delete the image and import it again"
        ),
    }
}
