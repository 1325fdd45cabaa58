//! Files of a data set in a folder: each is called `.partial` until it is whole.

use digitlab::dataset::Storage;
use digitlab::{Error, error::Result};
use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

/// What is put behind the name of a file that is not whole.
const PARTIAL: &str = ".partial";

/// A folder as a place for a data set.
#[derive(Debug)]
pub(crate) struct FolderStorage {
    folder: PathBuf,
    /// Files that are being written.
    open: BTreeMap<String, File>,
    /// The names of all that were written.
    touched: BTreeSet<String>,
    /// Files that were written whole since everything was known to be safe.
    fresh: Vec<PathBuf>,
}

impl FolderStorage {
    /// The folder, which is there.
    pub(crate) fn new(folder: &Path) -> Self {
        Self {
            folder: folder.to_owned(),
            open: BTreeMap::new(),
            touched: BTreeSet::new(),
            fresh: Vec::new(),
        }
    }

    fn whole(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    fn partial(&self, name: &str) -> PathBuf {
        self.folder.join(format!("{name}{PARTIAL}"))
    }

    /// The file, open for writing at its end.
    fn file(&mut self, name: &str) -> io::Result<&mut File> {
        if !self.open.contains_key(name) {
            let (whole, partial) = (self.whole(name), self.partial(name));
            // It was called whole just before a run was killed that did not note it.
            if !partial.exists() && whole.exists() {
                fs::rename(&whole, &partial)?;
            }
            make_parent(&partial)?;
            let mut options = OpenOptions::new();
            let file = options
                .create(true)
                .append(true)
                .read(true)
                .open(&partial)?;
            self.open.insert(name.to_owned(), file);
            self.touched.insert(name.to_owned());
        }
        Ok(self.open.get_mut(name).expect("it was put there"))
    }

    /// Removes whatever was written.
    pub(crate) fn undo(mut self) {
        for name in std::mem::take(&mut self.touched) {
            // What cannot be removed stays.
            let _ = self.remove(&name);
        }
    }

    /// Hands over the error in the core's words.
    fn tried<T>(&self, name: &str, result: io::Result<T>) -> Result<T> {
        result.map_err(|error| match error.kind() {
            ErrorKind::StorageFull | ErrorKind::QuotaExceeded => Error::StorageFull,
            _ => Error::Storage {
                reason: format!("{}: {error}", self.whole(name).display()),
            },
        })
    }
}

impl Storage for FolderStorage {
    fn length(&mut self, name: &str) -> Result<u64> {
        for path in [self.partial(name), self.whole(name)] {
            match fs::metadata(&path) {
                Ok(found) => return Ok(found.len()),
                Err(error) if error.kind() == ErrorKind::NotFound => {}
                Err(error) => return self.tried(name, Err(error)),
            }
        }
        Ok(0)
    }

    fn append(&mut self, name: &str, bytes: &[u8]) -> Result<()> {
        let written = self.file(name).and_then(|file| file.write_all(bytes));
        self.tried(name, written)
    }

    fn truncate(&mut self, name: &str, length: u64) -> Result<()> {
        let cut = self.file(name).and_then(|file| file.set_len(length));
        self.tried(name, cut)
    }

    fn read(&mut self, name: &str, at: u64, into: &mut [u8]) -> Result<usize> {
        let read = match self.open.get_mut(name) {
            Some(file) => read_at(file, at, into),
            None => {
                let partial = self.partial(name);
                let path = if partial.exists() {
                    partial
                } else {
                    self.whole(name)
                };
                File::open(path).and_then(|mut file| read_at(&mut file, at, into))
            }
        };
        self.tried(name, read)
    }

    fn entry(&mut self, name: &str, content: &[u8]) -> Result<()> {
        let (whole, partial) = (self.whole(name), self.partial(name));
        let written = (|| {
            make_parent(&partial)?;
            let mut file = File::create(&partial)?;
            file.write_all(content)?;
            // What was there stays until this is safe.
            if whole.exists() {
                file.sync_data()?;
            } else {
                self.fresh.push(whole.clone());
            }
            fs::rename(&partial, &whole)
        })();
        self.touched.insert(name.to_owned());
        self.tried(name, written)
    }

    fn done(&mut self, name: &str) -> Result<()> {
        let (whole, partial) = (self.whole(name), self.partial(name));
        let moved = match self.open.remove(name) {
            Some(file) => file.sync_all(),
            None => Ok(()),
        }
        .and_then(|()| match partial.exists() {
            true => fs::rename(&partial, &whole),
            // Moved by a run that was killed before it noted it.
            false => fs::metadata(&whole).map(drop),
        });
        self.tried(name, moved)
    }

    fn remove(&mut self, name: &str) -> Result<()> {
        self.open.remove(name);
        for path in [self.partial(name), self.whole(name)] {
            match fs::remove_file(&path) {
                Err(error) if error.kind() != ErrorKind::NotFound => {
                    return self.tried(name, Err(error));
                }
                _ => {}
            }
        }
        Ok(())
    }

    fn sync(&mut self) -> Result<()> {
        let mut synced = self
            .open
            .iter()
            .map(|(name, file)| (name, file.sync_data()));
        if let Some((name, Err(error))) = synced.find(|(_, synced)| synced.is_err()) {
            return self.tried(name, Err(error));
        }
        let fresh = std::mem::take(&mut self.fresh);
        self.tried("", sync_all(&self.folder, &fresh))
    }
}

/// Returns when files are safe. There may be tens of thousands, and each alone would take milliseconds.
#[cfg(target_os = "linux")]
fn sync_all(folder: &Path, files: &[PathBuf]) -> io::Result<()> {
    match files.is_empty() {
        true => Ok(()),
        false => Ok(rustix::fs::syncfs(File::open(folder)?)?),
    }
}

/// Returns when files are safe.
#[cfg(not(target_os = "linux"))]
fn sync_all(_: &Path, files: &[PathBuf]) -> io::Result<()> {
    files
        .iter()
        .try_for_each(|file| File::open(file)?.sync_data())
}

fn make_parent(path: &Path) -> io::Result<()> {
    match path.parent() {
        Some(parent) => fs::create_dir_all(parent),
        None => Ok(()),
    }
}

fn read_at(file: &mut File, at: u64, into: &mut [u8]) -> io::Result<usize> {
    file.seek(SeekFrom::Start(at))?;
    let mut read = 0;
    while read < into.len() {
        match file.read(&mut into[read..]) {
            Ok(0) => break,
            Ok(more) => read += more,
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(read)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_grows_is_cut_and_gets_its_name_when_it_is_whole() {
        let folder = std::env::temp_dir().join(format!("digitlab-storage-{}", std::process::id()));
        fs::create_dir_all(&folder).expect("a folder");
        let mut storage = FolderStorage::new(&folder);
        assert_eq!(storage.length("a/b.tar").expect("a length"), 0);
        storage.append("a/b.tar", b"one two").expect("room");
        storage.truncate("a/b.tar", 4).expect("a shorter file");
        storage.append("a/b.tar", b"three").expect("room");
        let mut bytes = [0; 20];
        let read = storage.read("a/b.tar", 2, &mut bytes).expect("a file");
        assert_eq!(&bytes[..read], b"e three");
        assert!(!folder.join("a/b.tar").exists());
        storage.done("a/b.tar").expect("a name");
        let whole = fs::read(folder.join("a/b.tar")).expect("a whole file");
        assert_eq!(whole, b"one three");
        // A run that was killed here opens it again.
        let mut again = FolderStorage::new(&folder);
        assert_eq!(again.length("a/b.tar").expect("a length"), 9);
        again.truncate("a/b.tar", 3).expect("a shorter file");
        assert!(!folder.join("a/b.tar").exists());
        again.done("a/b.tar").expect("a name");
        again.done("a/b.tar").expect("still whole");
        assert_eq!(fs::read(folder.join("a/b.tar")).expect("a file"), b"one");
        again.entry("c.json", b"{}").expect("room");
        again.entry("c.json", b"[]").expect("room");
        assert_eq!(fs::read(folder.join("c.json")).expect("a file"), b"[]");
        again.sync().expect("a disk");
        again.remove("a/b.tar").expect("gone");
        again.remove("a/b.tar").expect("still gone");
        fs::remove_dir_all(&folder).expect("its own folder");
    }
}
