//! Where the files of a data set are written.

use crate::error::{Error, Result};
use std::collections::{BTreeMap, BTreeSet};

/// A place for files that grow at their ends. Names may have folders in them, with `/` between them.
pub trait Storage {
    /// How many bytes a file has; 0 when there is none.
    ///
    /// # Errors
    /// [`Error::Storage`] when it cannot be told.
    fn length(&mut self, name: &str) -> Result<u64>;

    /// Appends to a file, which is made when there is none.
    ///
    /// # Errors
    /// [`Error::StorageFull`] and [`Error::Storage`]; the file may then have grown by a part of it.
    fn append(&mut self, name: &str, bytes: &[u8]) -> Result<()>;

    /// Cuts a file off after `length` bytes, which is never more than it has.
    ///
    /// # Errors
    /// [`Error::Storage`] when it cannot be done.
    fn truncate(&mut self, name: &str, length: u64) -> Result<()>;

    /// Reads from a file, from byte `at` on, and says how much it got: fewer bytes than fit only at the file's end.
    ///
    /// # Errors
    /// [`Error::Storage`] when it cannot be read.
    fn read(&mut self, name: &str, at: u64, into: &mut [u8]) -> Result<usize>;

    /// Writes a whole small file at its place, over the one that was there.
    ///
    /// # Errors
    /// [`Error::StorageFull`] and [`Error::Storage`].
    fn entry(&mut self, name: &str, content: &[u8]) -> Result<()>;

    /// Says that a file is whole: it may be moved to its place now, and is not written again. After an interruption it
    /// may be said once more of a file that is at its place already.
    ///
    /// # Errors
    /// [`Error::StorageFull`] and [`Error::Storage`].
    fn done(&mut self, name: &str) -> Result<()>;

    /// Removes a file, if there is one.
    ///
    /// # Errors
    /// [`Error::Storage`] when it cannot be done.
    fn remove(&mut self, name: &str) -> Result<()>;

    /// Returns when everything that was written so far would survive a crash.
    ///
    /// # Errors
    /// [`Error::StorageFull`] and [`Error::Storage`].
    fn sync(&mut self) -> Result<()>;
}

/// Files in memory.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MemoryStorage {
    /// The files by name.
    pub files: BTreeMap<String, Vec<u8>>,
    /// The names of those that are whole.
    pub whole: BTreeSet<String>,
}

impl Storage for MemoryStorage {
    fn length(&mut self, name: &str) -> Result<u64> {
        Ok(self.files.get(name).map_or(0, |file| file.len() as u64))
    }

    fn append(&mut self, name: &str, bytes: &[u8]) -> Result<()> {
        let file = self.files.entry(name.to_owned()).or_default();
        file.extend_from_slice(bytes);
        Ok(())
    }

    fn truncate(&mut self, name: &str, length: u64) -> Result<()> {
        if let Some(file) = self.files.get_mut(name) {
            file.truncate(length as usize);
        }
        Ok(())
    }

    fn read(&mut self, name: &str, at: u64, into: &mut [u8]) -> Result<usize> {
        let file = self.files.get(name).ok_or_else(|| Error::Storage {
            reason: format!("there is no file {name}"),
        })?;
        let rest = file.get(at as usize..).unwrap_or_default();
        let length = rest.len().min(into.len());
        into[..length].copy_from_slice(&rest[..length]);
        Ok(length)
    }

    fn entry(&mut self, name: &str, content: &[u8]) -> Result<()> {
        self.files.insert(name.to_owned(), content.to_owned());
        Ok(())
    }

    fn done(&mut self, name: &str) -> Result<()> {
        self.whole.insert(name.to_owned());
        Ok(())
    }

    fn remove(&mut self, name: &str) -> Result<()> {
        self.files.remove(name);
        Ok(())
    }

    fn sync(&mut self) -> Result<()> {
        Ok(())
    }
}
