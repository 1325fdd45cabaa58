//! What a bucket says about itself: `manifest.json`.

use super::{Split, shard};
use crate::error::{Error, Result, shorten};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// The version of the manifest's format that this code writes and reads.
pub const FORMAT: u32 = 1;

/// The name under which a bucket keeps its manifest.
pub const FILE: &str = "manifest.json";

/// No shard may be larger than this, unpacked: it is what one download and one
/// worker's buffer hold at a time.
const LARGEST_SHARD: usize = 64 << 20;

/// A bucket's table of contents.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// Always [`FORMAT`].
    pub format: u32,
    /// The data set's name.
    pub name: String,
    /// Where the data came from.
    pub source: String,
    /// Under which licence it may be used.
    pub licence: Licence,
    /// The splits that there are.
    pub splits: BTreeMap<Split, Part>,
}

/// A licence, as a person wants it named.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Licence {
    /// Its short name.
    pub name: String,
    /// Where its text is.
    pub url: String,
    /// Who is to be named.
    pub attribution: String,
}

/// One split of a bucket.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Part {
    /// SHA-256 of each original, unpacked IDX file, by role (`images`, `labels`).
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub originals: BTreeMap<String, String>,
    /// The shards of each digit, 0 to 9, in the order of the original file.
    pub digits: [Vec<ShardEntry>; 10],
}

/// One file of a bucket.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ShardEntry {
    /// Its name, beside the manifest.
    pub file: String,
    /// How many samples it holds.
    pub count: u32,
    /// Its size as stored, in bytes.
    pub stored_bytes: u64,
    /// SHA-256 of its *unpacked* content, in lower-case hex. Some servers unpack
    /// `.gz` files on the way, so the packed bytes may never be seen.
    pub sha256: String,
}

impl ShardEntry {
    /// Its size unpacked, in bytes.
    pub fn bytes(&self) -> usize {
        shard::size(self.count as usize)
    }
}

impl Manifest {
    /// Reads and checks a manifest; after this, its numbers can be relied on.
    ///
    /// # Errors
    /// [`Error::InvalidFile`] saying what is wrong.
    pub fn parse(text: &str) -> Result<Self> {
        let manifest: Self = serde_json::from_str(text).map_err(|error| {
            Error::file(FILE, format!("it is not a bucket's manifest ({error})"))
        })?;
        manifest
            .check()
            .map_err(|reason| Error::file(FILE, reason))?;
        Ok(manifest)
    }

    /// The manifest as text: one line per shard, so that changes can be reviewed.
    pub fn to_text(&self) -> String {
        let mut text = serde_json::to_string_pretty(self).expect("only text and numbers");
        text.push('\n');
        text
    }

    /// How many samples of `digit` the given split holds.
    pub fn count(&self, split: Split, digit: u8) -> u32 {
        self.entries(split, digit)
            .iter()
            .map(|entry| entry.count)
            .sum()
    }

    /// The shards of `digit` in the given split.
    pub fn entries(&self, split: Split, digit: u8) -> &[ShardEntry] {
        self.splits
            .get(&split)
            .map_or(&[], |part| &part.digits[usize::from(digit)])
    }

    fn check(&self) -> std::result::Result<(), String> {
        if self.format != FORMAT {
            return Err(format!(
                "its format is {}, only {FORMAT} is known",
                self.format
            ));
        }
        let mut files = BTreeSet::new();
        let mut samples = 0_u64;
        for entry in self
            .splits
            .values()
            .flat_map(|part| part.digits.iter().flatten())
        {
            let ShardEntry { file, count, .. } = entry;
            let plain = |c: u8| c.is_ascii_alphanumeric() || b"-_.".contains(&c);
            if file.is_empty()
                || file.len() > 100
                || file.starts_with('.')
                || !file.bytes().all(plain)
            {
                return Err(format!(
                    "\"{}\" is not a shard's name: letters, digits, '-', '_' and '.' make one",
                    shorten(file)
                ));
            }
            if !files.insert(file) {
                return Err(format!("the shard {file} is listed twice"));
            }
            if *count == 0 || *count as usize > LARGEST_SHARD / shard::size(1) {
                return Err(format!("the shard {file} claims {count} samples"));
            }
            let hex = |c: u8| c.is_ascii_digit() || (b'a'..=b'f').contains(&c);
            if entry.sha256.len() != 64 || !entry.sha256.bytes().all(hex) {
                return Err(format!(
                    "the SHA-256 of the shard {file} is not 64 hex digits"
                ));
            }
            samples += u64::from(*count);
        }
        if samples == 0 {
            return Err("it lists no samples".into());
        }
        if samples > u64::from(u32::MAX) {
            return Err(format!("it claims {samples} samples"));
        }
        Ok(())
    }
}
