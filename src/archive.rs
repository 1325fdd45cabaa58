//! Zip files, written as a stream: files go in one after the other, and the bytes that
//! are ready come out at once, so that nothing of it has to be kept.
//!
//! Files are stored as they are: pictures are compressed already. Sizes and offsets
//! beyond 4 GiB are written as Zip64 has them.

use crate::error::{Error, Result, shorten};
use std::cell::{Cell, RefCell};
use std::io::{self, Seek, SeekFrom, Write};
use zip::result::ZipError;
use zip::write::{PreparedZipFile, SimpleFileOptions};
use zip::{CompressionMethod, ZipWriter};

/// A zip file on its way.
///
/// ```
/// use digitlab::archive::Archive;
///
/// let mut archive = Archive::default();
/// let mut bytes = archive.add("hello.txt", b"Hello.")?;
/// bytes.extend(archive.finish()?);
/// assert!(bytes.starts_with(b"PK"));
/// # Ok::<(), digitlab::Error>(())
/// ```
pub struct Archive {
    writer: ZipWriter<Tail>,
}

impl Default for Archive {
    fn default() -> Self {
        Self::starting_at(0)
    }
}

impl Archive {
    /// An archive that begins that many bytes after the start of its file.
    fn starting_at(offset: u64) -> Self {
        Self {
            writer: ZipWriter::new(Tail {
                start: Cell::new(offset),
                bytes: RefCell::default(),
                at: offset,
            }),
        }
    }

    /// Adds a file, and gives the bytes that come next. The name may have folders in it,
    /// with `/` between them.
    ///
    /// # Errors
    /// [`Error::InvalidParameter`] for a name that is empty, absolute, leads out of the
    /// archive or was used before.
    pub fn add(&mut self, name: &str, content: &[u8]) -> Result<Vec<u8>> {
        let plain =
            |part: &str| !matches!(part, "" | "." | "..") && !part.contains(['\\', '\0', ':']);
        if name.len() > 1_000 || !name.split('/').all(plain) {
            let allowed = "a path inside the archive of at most 1000 bytes, such as pictures/0.png";
            return Err(Error::invalid(
                "name",
                shorten(&format!("{name:?}")),
                allowed,
            ));
        }
        let options = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
        // Sizes and checksum are known before the header is written, so it is never mended.
        PreparedZipFile::from_data(name, options, content)
            .and_then(|file| self.writer.add_prepared_file(file))
            .map_err(|error| match error {
                ZipError::InvalidArchive(reason) => {
                    let allowed = format!("names that are new to the archive ({reason})");
                    Error::invalid("name", shorten(name), allowed)
                }
                other => broken(other),
            })?;
        let tail = self.writer.get_ref();
        Ok(tail.map(Tail::take).unwrap_or_default())
    }

    /// The end of the zip file: its table of contents.
    ///
    /// # Errors
    /// [`Error::InvalidFile`] when the archive cannot be closed.
    pub fn finish(self) -> Result<Vec<u8>> {
        let tail = self.writer.finish().map_err(broken)?;
        Ok(tail.take())
    }
}

fn broken(error: impl std::fmt::Display) -> Error {
    Error::file("The zip file", format!("it cannot be written ({error})"))
}

/// The end of the file, of which everything before has been taken away.
struct Tail {
    /// Where in the file the bytes begin.
    start: Cell<u64>,
    bytes: RefCell<Vec<u8>>,
    /// Where in the file the next write goes.
    at: u64,
}

impl Tail {
    fn take(&self) -> Vec<u8> {
        let bytes = self.bytes.take();
        self.start.update(|start| start + bytes.len() as u64);
        bytes
    }
}

impl Write for Tail {
    fn write(&mut self, content: &[u8]) -> io::Result<usize> {
        let bytes = self.bytes.get_mut();
        let from = (self.at - self.start.get()) as usize;
        let over = content.len().min(bytes.len() - from);
        bytes[from..from + over].copy_from_slice(&content[..over]);
        bytes.extend_from_slice(&content[over..]);
        self.at += content.len() as u64;
        Ok(content.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Seek for Tail {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let start = self.start.get();
        let end = start + self.bytes.get_mut().len() as u64;
        let at = match to {
            SeekFrom::Start(at) => Some(at),
            SeekFrom::End(by) => end.checked_add_signed(by),
            SeekFrom::Current(by) => self.at.checked_add_signed(by),
        };
        // What was taken away cannot be written again.
        match at.filter(|at| (start..=end).contains(at)) {
            Some(at) => {
                self.at = at;
                Ok(at)
            }
            None => Err(io::Error::from(io::ErrorKind::Unsupported)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Read;
    use std::process::Command;
    use zip::ZipArchive;

    /// A file that begins with nothing for `offset` bytes.
    struct Shifted {
        offset: u64,
        bytes: Vec<u8>,
        at: u64,
    }

    impl Read for Shifted {
        fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
            let mut count = 0;
            for value in into {
                let byte = match self.at.checked_sub(self.offset) {
                    None => Some(0),
                    Some(at) => self.bytes.get(at as usize).copied(),
                };
                let Some(byte) = byte else { break };
                *value = byte;
                self.at += 1;
                count += 1;
            }
            Ok(count)
        }
    }

    impl Seek for Shifted {
        fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
            let end = self.offset + self.bytes.len() as u64;
            self.at = match to {
                SeekFrom::Start(at) => at,
                SeekFrom::End(by) => end.saturating_add_signed(by),
                SeekFrom::Current(by) => self.at.saturating_add_signed(by),
            };
            Ok(self.at)
        }
    }

    fn content(index: usize) -> Vec<u8> {
        (0..index * 37).map(|at| (at * 7 + index) as u8).collect()
    }

    /// An archive of some files, its bytes in the pieces they came in.
    fn archive_of(count: usize, offset: u64) -> Vec<Vec<u8>> {
        let mut archive = Archive::starting_at(offset);
        let mut pieces = Vec::new();
        for index in 0..count {
            let name = format!("pictures/{index:05}.png");
            pieces.push(archive.add(&name, &content(index)).expect("a file"));
        }
        pieces.push(archive.finish().expect("an end"));
        pieces
    }

    fn reads_back(bytes: Vec<u8>, offset: u64, count: usize) {
        let file = Shifted {
            offset,
            bytes,
            at: 0,
        };
        let mut archive = ZipArchive::new(file).expect("an archive");
        assert_eq!(archive.len(), count);
        for index in 0..count {
            let mut file = archive.by_index(index).expect("a file");
            assert_eq!(
                file.name().expect("text"),
                format!("pictures/{index:05}.png")
            );
            let mut found = Vec::new();
            // Reading checks the checksum.
            file.read_to_end(&mut found).expect("its content");
            assert_eq!(found, content(index), "{index}");
        }
    }

    #[test]
    fn what_went_in_comes_out() {
        for count in [0, 1, 3, 40] {
            reads_back(archive_of(count, 0).concat(), 0, count);
        }
    }

    #[test]
    fn every_file_leaves_at_once() {
        let pieces = archive_of(12, 0);
        for (index, piece) in pieces.iter().enumerate().take(12) {
            assert!(piece.starts_with(b"PK\x03\x04"), "{index}");
            assert!(piece.ends_with(&content(index)), "{index}");
            assert!(piece.len() < content(index).len() + 100, "{index}");
        }
    }

    #[test]
    fn what_lies_beyond_four_gigabytes_is_found() {
        // The third file begins before the border, the fourth behind it.
        let offset = u64::from(u32::MAX) - 250;
        reads_back(archive_of(8, offset).concat(), offset, 8);
    }

    #[test]
    fn the_same_files_give_the_same_bytes() {
        assert_eq!(archive_of(9, 0), archive_of(9, 0));
    }

    #[test]
    fn names_that_lead_elsewhere_are_refused() {
        let mut archive = Archive::default();
        let long = "a".repeat(1_001);
        for name in [
            "", "/a", "a/", "a//b", "..", "../a", "a/../b", "./a", "a\\b", "C:a", "a\0b", &long,
        ] {
            let error = archive.add(name, b"").expect_err(name);
            assert_eq!(error.code(), "invalid_parameter", "{name}");
        }
        archive.add("a/b.txt", b"1").expect("a new name");
        let error = archive.add("a/b.txt", b"2").expect_err("an old name");
        assert!(error.to_string().starts_with("name is a/b.txt;"), "{error}");
        // What was refused left no trace.
        let end = archive.finish().expect("an end");
        assert_eq!(
            end.windows(4).filter(|four| four == b"PK\x01\x02").count(),
            1
        );
    }

    #[test]
    fn python_reads_it_too() {
        let script = "import sys, zipfile\n\
                      archive = zipfile.ZipFile(sys.argv[1])\n\
                      assert archive.testzip() is None\n\
                      print(len(archive.namelist()), archive.namelist()[5], len(archive.read('pictures/00005.png')))";
        for (name, offset) in [("small", 0), ("beyond-four-gigabytes", 5 << 30)] {
            let path = std::env::temp_dir().join(format!(
                "digitlab-archive-{}-{name}.zip",
                std::process::id()
            ));
            let mut file = std::fs::File::create(&path).expect("a file");
            // Mostly a hole, which takes no room.
            file.seek(SeekFrom::Start(offset)).expect("its end");
            file.write_all(&archive_of(8, offset).concat())
                .expect("room");
            drop(file);
            let output = Command::new("python3")
                .arg("-c")
                .arg(script)
                .arg(&path)
                .output();
            std::fs::remove_file(&path).expect("it was there");
            // Python is not asked of those who only test the crate.
            let Ok(output) = output else { return };
            let found = String::from_utf8_lossy(&output.stdout);
            assert_eq!(
                found.trim(),
                "8 pictures/00005.png 185",
                "{name}: {output:?}"
            );
        }
    }
}
