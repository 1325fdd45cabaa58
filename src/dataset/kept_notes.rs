//! The notes of blocks, kept in a file until the end of their part.

use super::formats::Notes;
use super::storage::Storage;
use crate::error::{Error, Result};
use std::cell::RefCell;

/// Bytes before each block's notes, which say how many follow.
const LENGTH: usize = 8;

/// Appends the notes of a block, behind `lacking` blocks that have none; gives how many bytes that took.
pub(super) fn append(
    name: &str,
    lacking: u64,
    notes: &[u8],
    storage: &mut dyn Storage,
) -> Result<u64> {
    let mut frame = vec![0; lacking as usize * LENGTH];
    frame.extend_from_slice(&(notes.len() as u64).to_le_bytes());
    storage.append(name, &frame)?;
    storage.append(name, notes)?;
    Ok((frame.len() + notes.len()) as u64)
}

/// The notes of a file, read from the storage block by block.
pub(super) struct KeptNotes<'a, 'b, 's> {
    pub(super) storage: &'a RefCell<&'b mut (dyn Storage + 's)>,
    pub(super) name: String,
    /// Its length.
    pub(super) length: u64,
    /// How many blocks have theirs in it.
    pub(super) noted: u64,
    /// How many blocks there are.
    pub(super) blocks: u64,
    pub(super) buffer: Vec<u8>,
}

impl KeptNotes<'_, '_, '_> {
    /// Reads so many bytes from `at` on into the buffer.
    fn read(&mut self, at: u64, length: u64) -> Result<()> {
        if length > self.length - at {
            return Err(self.damaged());
        }
        self.buffer.resize(length as usize, 0);
        let mut filled = 0;
        while filled < self.buffer.len() {
            let into = &mut self.buffer[filled..];
            let mut storage = self.storage.borrow_mut();
            match storage.read(&self.name, at + filled as u64, into)? {
                0 => {
                    drop(storage);
                    return Err(self.damaged());
                }
                length => filled += length,
            }
        }
        Ok(())
    }

    fn damaged(&self) -> Error {
        Error::Storage {
            reason: format!(
                "{} is damaged; delete the unfinished data set and make it again",
                self.name
            ),
        }
    }
}

impl Notes for KeptNotes<'_, '_, '_> {
    fn each(&mut self, each: &mut dyn FnMut(&[u8]) -> Result<()>) -> Result<()> {
        let mut at = 0;
        for _ in 0..self.noted {
            self.read(at, LENGTH as u64)?;
            let length = self.buffer.as_slice().try_into().map(u64::from_le_bytes);
            let length = length.map_err(|_| self.damaged())?;
            at += LENGTH as u64;
            self.read(at, length)?;
            at += length;
            each(&self.buffer)?;
        }
        (self.noted..self.blocks).try_for_each(|_| each(&[]))
    }
}
