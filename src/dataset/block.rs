//! What a worker hands back: the bytes of a block of items, for each file of the part.

use crate::error::{Error, Result};

/// A block of items, as it goes into files.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Block {
    /// One for each file of the part, in their order. Files that part 0 has beside the others' need none.
    pub pieces: Vec<Piece>,
    /// Files of their own, which are written once and never touched again.
    pub entries: Vec<Entry>,
    /// How many items it holds.
    pub items: u32,
}

/// What a block adds to a file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Piece {
    /// The bytes that follow those of the block before.
    pub body: Vec<u8>,
    /// What the end of the file must know of this block.
    pub notes: Vec<u8>,
}

/// A file of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its path in the data set, with `/` between folders.
    pub name: String,
    /// All of it.
    pub content: Vec<u8>,
}

/// How a block's bytes begin: a name and a version.
const MAGIC: &[u8; 8] = b"dlblock1";

impl Block {
    /// An empty block with a piece for each of `files` files.
    pub fn of_files(files: usize) -> Self {
        Self {
            pieces: vec![Piece::default(); files],
            ..Self::default()
        }
    }

    /// The block as one buffer, to be passed between workers.
    pub fn to_bytes(&self) -> Vec<u8> {
        let pieces = self.pieces.iter();
        let pieces: usize = pieces
            .map(|piece| 16 + piece.body.len() + piece.notes.len())
            .sum();
        let entries = self.entries.iter();
        let entries: usize = entries
            .map(|entry| 16 + entry.name.len() + entry.content.len())
            .sum();
        let mut bytes = Vec::with_capacity(MAGIC.len() + 12 + pieces + entries);
        bytes.extend_from_slice(MAGIC);
        for count in [
            self.items,
            self.pieces.len() as u32,
            self.entries.len() as u32,
        ] {
            bytes.extend_from_slice(&count.to_le_bytes());
        }
        let pieces = self.pieces.iter().map(|piece| [&piece.body, &piece.notes]);
        for parts in pieces {
            for part in parts {
                bytes.extend_from_slice(&(part.len() as u64).to_le_bytes());
                bytes.extend_from_slice(part);
            }
        }
        for entry in &self.entries {
            for part in [entry.name.as_bytes(), &entry.content] {
                bytes.extend_from_slice(&(part.len() as u64).to_le_bytes());
                bytes.extend_from_slice(part);
            }
        }
        bytes
    }

    /// Reads what [`to_bytes`](Self::to_bytes) wrote.
    ///
    /// # Errors
    /// [`Error::InvalidFile`] for anything else.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self> {
        let mut reader = Reader { left: bytes };
        if reader.take(MAGIC.len())? != MAGIC {
            return Err(broken("it does not begin as one"));
        }
        let [items, pieces, entries] = [reader.count()?, reader.count()?, reader.count()?];
        // Each needs two lengths: a count that lies asks for no memory.
        let parts = u64::from(pieces) + u64::from(entries);
        if parts * 16 > reader.left.len() as u64 {
            return Err(broken("it ends early"));
        }
        let pieces = (0..pieces).map(|_| {
            Ok(Piece {
                body: reader.part()?.to_vec(),
                notes: reader.part()?.to_vec(),
            })
        });
        let pieces = pieces.collect::<Result<_>>()?;
        let entries = (0..entries).map(|_| {
            let name = reader.part()?;
            let name = std::str::from_utf8(name).map_err(|_| broken("a name in it is not text"))?;
            Ok(Entry {
                name: name.to_owned(),
                content: reader.part()?.to_vec(),
            })
        });
        let entries = entries.collect::<Result<_>>()?;
        match reader.left.len() {
            0 => Ok(Self {
                pieces,
                entries,
                items,
            }),
            more => Err(broken(&format!("{more} bytes follow its end"))),
        }
    }
}

struct Reader<'a> {
    left: &'a [u8],
}

impl<'a> Reader<'a> {
    fn take(&mut self, length: usize) -> Result<&'a [u8]> {
        let (taken, left) = self
            .left
            .split_at_checked(length)
            .ok_or_else(|| broken("it ends early"))?;
        self.left = left;
        Ok(taken)
    }

    fn count(&mut self) -> Result<u32> {
        let bytes = self.take(4)?;
        Ok(u32::from_le_bytes(bytes.try_into().expect("four bytes")))
    }

    fn part(&mut self) -> Result<&'a [u8]> {
        let length = self.take(8)?;
        let length = u64::from_le_bytes(length.try_into().expect("eight bytes"));
        let length = usize::try_from(length).map_err(|_| broken("it ends early"))?;
        self.take(length)
    }
}

fn broken(reason: &str) -> Error {
    Error::file("The block of the data set", reason)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn block() -> Block {
        let piece = |body: &str, notes: &str| Piece {
            body: body.into(),
            notes: notes.into(),
        };
        Block {
            pieces: vec![piece("body", ""), piece("", "notes"), piece("", "")],
            entries: vec![Entry {
                name: "train/images/000000001.png".into(),
                content: vec![1, 2, 3],
            }],
            items: 7,
        }
    }

    #[test]
    fn a_block_is_read_as_it_was_written() {
        for block in [block(), Block::of_files(3), Block::default()] {
            assert_eq!(Block::from_bytes(&block.to_bytes()), Ok(block));
        }
    }

    #[test]
    fn what_is_cut_off_or_longer_is_refused() {
        let bytes = block().to_bytes();
        for length in 0..bytes.len() {
            let error = Block::from_bytes(&bytes[..length]).expect_err("cut off");
            assert_eq!(error.code(), "invalid_file");
        }
        let error = Block::from_bytes(&[&bytes[..], &[0]].concat()).expect_err("longer");
        let sentence = "The block of the data set cannot be read: 1 bytes follow its end.";
        assert_eq!(error.to_string(), sentence);
    }

    #[test]
    fn counts_and_lengths_that_lie_ask_for_no_memory() {
        let bytes = block().to_bytes();
        for at in 8..bytes.len() {
            for value in [0xff, 0x7f, bytes[at] ^ 1] {
                let mut broken = bytes.clone();
                broken[at] = value;
                // Whatever it is, it is not larger than the bytes.
                if let Ok(read) = Block::from_bytes(&broken) {
                    assert_eq!(read.to_bytes(), broken);
                }
            }
        }
        let mut broken = bytes.clone();
        broken[12..16].fill(0xff);
        assert!(Block::from_bytes(&broken).is_err());
        let text = bytes.windows(5).position(|window| window == b"train");
        let mut broken = bytes.clone();
        broken[text.expect("a name")] = 0xff;
        let error = Block::from_bytes(&broken)
            .expect_err("not UTF-8")
            .to_string();
        assert!(error.contains("not text"), "{error}");
    }
}
