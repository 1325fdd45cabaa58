//! Cuts a data set into a bucket: shards of one digit each, and their manifest.

use super::idx::{Images, Labels};
use super::manifest::{FORMAT, Licence, Manifest, Part, ShardEntry};
use super::{Split, shard};
use crate::error::{Error, Result};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

/// Samples per shard. Gzipped, 256 MNIST digits take about 40 kB: little enough for
/// a first visit, enough that all of MNIST is a few hundred files.
const SHARD_SAMPLES: usize = 256;

/// A data set as it came.
#[derive(Clone, Debug)]
pub struct Source {
    /// Its name.
    pub name: String,
    /// Where it came from.
    pub source: String,
    /// Under which licence it may be used.
    pub licence: Licence,
    /// Pictures and labels of each split.
    pub splits: BTreeMap<Split, (Images, Labels)>,
}

/// A shard's file name and its content, not packed.
pub type File = (String, Vec<u8>);

/// Cuts `source` into shards. Their [`ShardEntry::stored_bytes`] is the unpacked
/// size; who packs them sets it anew.
///
/// # Errors
/// [`Error::InvalidFile`] when there are not as many labels as pictures.
pub fn build(source: &Source) -> Result<(Manifest, Vec<File>)> {
    let mut files = Vec::new();
    let mut splits = BTreeMap::new();
    for (&split, (images, labels)) in &source.splits {
        let labels = labels.as_slice();
        if images.len() != labels.len() {
            return Err(Error::file(
                format!("The {split} split of \"{}\"", source.name),
                format!(
                    "it has {} pictures but {} labels; each picture needs one",
                    images.len(),
                    labels.len()
                ),
            ));
        }
        let mut part = Part::default();
        for digit in 0..10_u8 {
            let positions: Vec<u32> = (0_u32..)
                .zip(labels)
                .filter(|&(_, &label)| label == digit)
                .map(|(position, _)| position)
                .collect();
            for (number, chunk) in positions.chunks(SHARD_SAMPLES).enumerate() {
                let samples = chunk
                    .iter()
                    .map(|&position| (position, images.picture(position as usize)));
                let bytes = shard::write(samples);
                let file = format!("{split}-{digit}-{number:02}.gz");
                part.digits[usize::from(digit)].push(ShardEntry {
                    file: file.clone(),
                    count: chunk.len() as u32,
                    stored_bytes: bytes.len() as u64,
                    sha256: sha256(&bytes),
                });
                files.push((file, bytes));
            }
        }
        splits.insert(split, part);
    }
    let manifest = Manifest {
        format: FORMAT,
        name: source.name.clone(),
        source: source.source.clone(),
        licence: source.licence.clone(),
        splits,
    };
    Ok((manifest, files))
}

/// SHA-256 in lower-case hex.
pub fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

/// Whether a text is a SHA-256 in lower-case hex.
pub fn is_sha256(text: &str) -> bool {
    let hex = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
    text.len() == 64 && text.bytes().all(hex)
}
