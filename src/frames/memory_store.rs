//! Images in memory.

use super::store::{Draft, Store};
use super::{ImageInfo, RowChunk};
use crate::error::{Error, Result};
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::ops::Range;

/// A store that forgets everything when it is dropped.
#[derive(Debug, Default)]
pub struct MemoryStore {
    content: RefCell<Content>,
}

#[derive(Debug, Default)]
struct Content {
    images: BTreeMap<u32, ImageInfo>,
    drafts: BTreeMap<u32, String>,
    rows: BTreeMap<(u32, u32, u32), RowChunk>,
    /// How many numbers all chunks together may have.
    room: Option<usize>,
    read: usize,
}

impl Content {
    fn held(&self) -> usize {
        let numbers = |chunk: &RowChunk| chunk.depths.len() + chunk.pixels.len();
        self.rows.values().map(numbers).sum()
    }
}

impl MemoryStore {
    /// A store that is full when it holds so many numbers.
    pub fn with_room(numbers: usize) -> Self {
        let store = Self::default();
        store.content.borrow_mut().room = Some(numbers);
        store
    }

    /// How many chunks it holds, of images and drafts.
    pub fn chunks(&self) -> usize {
        self.content.borrow().rows.len()
    }

    /// How many chunks have been read.
    pub fn chunks_read(&self) -> usize {
        self.content.borrow().read
    }
}

impl Store for MemoryStore {
    async fn images(&self) -> Result<Vec<ImageInfo>> {
        Ok(self.content.borrow().images.values().cloned().collect())
    }

    async fn image(&self, id: u32) -> Result<Option<ImageInfo>> {
        Ok(self.content.borrow().images.get(&id).cloned())
    }

    async fn begin(&self, owner: &str) -> Result<u32> {
        let mut content = self.content.borrow_mut();
        let last = |ids: Option<&u32>| ids.copied().unwrap_or(0);
        let id = 1 + last(content.images.keys().next_back())
            .max(last(content.drafts.keys().next_back()));
        content.drafts.insert(id, owner.into());
        Ok(id)
    }

    async fn drafts(&self) -> Result<Vec<Draft>> {
        let draft = |(&id, owner): (&u32, &String)| Draft {
            id,
            owner: owner.clone(),
        };
        Ok(self.content.borrow().drafts.iter().map(draft).collect())
    }

    async fn write(&self, id: u32, level: u32, number: u32, chunk: &RowChunk) -> Result<()> {
        let mut content = self.content.borrow_mut();
        content.rows.insert((id, level, number), chunk.clone());
        match content.room {
            Some(room) if content.held() > room => Err(Error::StorageFull),
            _ => Ok(()),
        }
    }

    async fn read(&self, id: u32, level: u32, numbers: Range<u32>) -> Result<Vec<RowChunk>> {
        let mut content = self.content.borrow_mut();
        let range = (id, level, numbers.start)..(id, level, numbers.end);
        let chunks: Vec<_> = content
            .rows
            .range(range)
            .map(|(_, chunk)| chunk.clone())
            .collect();
        content.read += chunks.len();
        Ok(chunks)
    }

    async fn remove(&self, id: u32, level: u32, numbers: Range<u32>) -> Result<()> {
        self.content
            .borrow_mut()
            .rows
            .retain(|&(of, on, number), _| (of, on) != (id, level) || !numbers.contains(&number));
        Ok(())
    }

    async fn publish(&self, image: &ImageInfo) -> Result<()> {
        let mut content = self.content.borrow_mut();
        if content.drafts.remove(&image.id).is_none() {
            return Err(Error::Storage {
                reason: format!("image {} was not being imported any more", image.id),
            });
        }
        content.images.insert(image.id, image.clone());
        Ok(())
    }

    async fn describe(&self, image: &ImageInfo) -> Result<bool> {
        let mut content = self.content.borrow_mut();
        let known = content.images.contains_key(&image.id);
        if known {
            content.images.insert(image.id, image.clone());
        }
        Ok(known)
    }

    async fn delete(&self, id: u32) -> Result<()> {
        let mut content = self.content.borrow_mut();
        content.images.remove(&id);
        content.drafts.remove(&id);
        content.rows.retain(|&(of, ..), _| of != id);
        Ok(())
    }
}
