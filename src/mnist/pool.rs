//! The samples that can be drawn: what the manifest promises, and what is loaded.

use super::bucket::sha256;
use super::idx::gunzip;
use super::manifest::{Manifest, ShardEntry};
use super::shard::Shard;
use super::{Column, Split};
use crate::error::{Error, Result, shorten};
use std::collections::BTreeMap;
use std::ops::Range;

/// A data set whose shards are loaded as they are needed.
///
/// Which sample has which rank follows from the manifest alone, so a choice never
/// depends on what happens to be loaded.
#[derive(Clone, Debug)]
pub struct Pool {
    manifest: Manifest,
    slots: Vec<Slot>,
    by_file: BTreeMap<String, usize>,
    /// The slots of each digit of each split, in order.
    shelves: [[Shelf; 10]; Split::ALL.len()],
}

/// The slots of one digit of one split.
#[derive(Clone, Debug, Default)]
struct Shelf {
    /// The first slot.
    first: usize,
    /// For each slot, how many samples there are up to its end.
    ends: Vec<u32>,
}

impl Shelf {
    fn count(&self) -> u32 {
        self.ends.last().copied().unwrap_or_default()
    }
}

/// A shard that the manifest lists.
#[derive(Clone, Debug)]
struct Slot {
    split: Split,
    entry: ShardEntry,
    loaded: Option<Shard>,
}

/// Where a sample is: found by [`Pool::locate`], whether loaded or not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Location {
    slot: usize,
    offset: usize,
}

/// A sample that is loaded.
#[derive(Clone, Debug)]
pub struct Sample<'a> {
    /// Its split.
    pub split: Split,
    /// Its position in the original file of its split, from 0.
    pub index: u32,
    /// Its 28 columns, 0 = background.
    pub columns: &'a [Column],
    /// Its columns from the first to the last with ink; all of them if it is blank.
    pub ink: Range<usize>,
}

impl Pool {
    /// A pool with nothing loaded yet.
    pub fn new(manifest: Manifest) -> Self {
        let mut slots = Vec::new();
        let mut shelves: [[Shelf; 10]; Split::ALL.len()] = Default::default();
        for split in Split::ALL {
            for (digit, shelf) in (0..).zip(&mut shelves[split as usize]) {
                shelf.first = slots.len();
                for entry in manifest.entries(split, digit) {
                    shelf.ends.push(shelf.count() + entry.count);
                    slots.push(Slot {
                        split,
                        entry: entry.clone(),
                        loaded: None,
                    });
                }
            }
        }
        let by_file = slots
            .iter()
            .enumerate()
            .map(|(at, slot)| (slot.entry.file.clone(), at))
            .collect();
        Self {
            manifest,
            slots,
            by_file,
            shelves,
        }
    }

    /// The table of contents.
    pub fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// How many samples of `digit` there are in `splits` together.
    pub fn count(&self, splits: &[Split], digit: u8) -> u32 {
        splits
            .iter()
            .map(|&split| self.shelf(split, digit).count())
            .sum()
    }

    /// Where the sample of `digit` with the given rank is, counting through `splits`
    /// in turn and through each in the order of its original file. `None` when
    /// there are not that many.
    pub fn locate(&self, splits: &[Split], digit: u8, rank: u32) -> Option<Location> {
        let mut left = rank;
        for &split in splits {
            let shelf = self.shelf(split, digit);
            if left < shelf.count() {
                let number = shelf.ends.partition_point(|&end| end <= left);
                let start = number.checked_sub(1).map_or(0, |before| shelf.ends[before]);
                return Some(Location {
                    slot: shelf.first + number,
                    offset: (left - start) as usize,
                });
            }
            left -= shelf.count();
        }
        None
    }

    fn shelf(&self, split: Split, digit: u8) -> &Shelf {
        &self.shelves[split as usize][usize::from(digit)]
    }

    /// The split that the sample at `location` belongs to.
    pub fn split(&self, location: Location) -> Split {
        self.slots[location.slot].split
    }

    /// The file that must be loaded before the sample at `location` can be had;
    /// `None` when it is loaded.
    pub fn missing(&self, location: Location) -> Option<&str> {
        let slot = &self.slots[location.slot];
        slot.loaded.is_none().then_some(slot.entry.file.as_str())
    }

    /// The sample at `location`, if its shard is loaded.
    pub fn sample(&self, location: Location) -> Option<Sample<'_>> {
        let slot = &self.slots[location.slot];
        let shard = slot.loaded.as_ref()?;
        Some(Sample {
            split: slot.split,
            index: shard.position(location.offset),
            columns: shard.columns(location.offset),
            ink: shard.ink(location.offset),
        })
    }

    /// Whether a shard has been taken in.
    pub fn is_loaded(&self, file: &str) -> bool {
        let slot = self.by_file.get(file).map(|&at| &self.slots[at]);
        slot.is_some_and(|slot| slot.loaded.is_some())
    }

    /// Takes in a shard as it was stored, packed or not, after checking it against
    /// the manifest.
    ///
    /// # Errors
    /// [`Error::BucketCorrupt`] when it is not what the manifest says, and
    /// [`Error::InvalidParameter`] when the manifest does not list it.
    pub fn load(&mut self, file: &str, stored: &[u8]) -> Result<()> {
        let at = *self.by_file.get(file).ok_or_else(|| {
            Error::invalid("file", shorten(file), "the shards that the manifest lists")
        })?;
        let slot = &mut self.slots[at];
        let shard = unpack(&slot.entry, stored).map_err(|reason| Error::BucketCorrupt {
            file: file.into(),
            reason,
        })?;
        slot.loaded = Some(shard);
        Ok(())
    }
}

/// Checks a stored shard against its entry in the manifest. The error says what differs.
fn unpack(entry: &ShardEntry, stored: &[u8]) -> std::result::Result<Shard, String> {
    // One byte more than expected tells a file that is too long, and no more than
    // that is ever unpacked.
    let bytes = gunzip(stored, entry.bytes() + 1).map_err(|error| {
        format!(
            "its gzip stream breaks, with {} bytes of {} there ({error})",
            stored.len(),
            entry.stored_bytes
        )
    })?;
    if bytes.len() != entry.bytes() {
        let more = if bytes.len() > entry.bytes() {
            "more than "
        } else {
            ""
        };
        return Err(format!(
            "it unpacks to {more}{} bytes, {} were expected",
            bytes.len().min(entry.bytes()),
            entry.bytes()
        ));
    }
    let found = sha256(&bytes);
    if found != entry.sha256 {
        return Err(format!(
            "its SHA-256 is {found}, the manifest says {}",
            entry.sha256
        ));
    }
    Shard::read(&bytes, entry.count as usize)
}
