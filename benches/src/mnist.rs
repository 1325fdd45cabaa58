//! The original MNIST files, put together again from the site's bucket.

use std::fs;
use std::io::Read;
use std::path::Path;

use flate2::read::GzDecoder;
use serde_json::Value;
use sha2::{Digest, Sha256};
use tempfile::TempDir;

const PIXELS: usize = 28 * 28;
const POSITIONS_HEADER: usize = 8;
const PICTURES_HEADER: usize = 16;

/// A folder with the four files, unpacked and under their original names. Each is checked against the hash that the
/// manifest keeps of it, so that the peer works on exactly what everybody else has.
pub(crate) fn original_files(bucket: &Path) -> TempDir {
    let folder = TempDir::with_prefix("digitlab-mnist-").expect("a temporary folder");
    let manifest =
        fs::read_to_string(bucket.join("manifest.json")).expect("the site has the MNIST bucket");
    let manifest: Value = serde_json::from_str(&manifest).expect("the manifest is JSON");
    for (split, name) in [("train", "train"), ("test", "t10k")] {
        let part = &manifest["splits"][split];
        let (images, labels) = split_files(bucket, part);
        for (role, file, rank, content) in [
            ("images", images, 3, "images"),
            ("labels", labels, 1, "labels"),
        ] {
            let hash: String = Sha256::digest(&file)
                .iter()
                .map(|byte| format!("{byte:02x}"))
                .collect();
            assert_eq!(
                part["originals"][role], hash,
                "the {role} of {split} are not the original ones"
            );
            let path = folder
                .path()
                .join(format!("{name}-{content}-idx{rank}-ubyte"));
            fs::write(path, file).expect("the temporary folder is writable");
        }
    }
    folder
}

/// The files of images and of labels of one split.
fn split_files(bucket: &Path, part: &Value) -> (Vec<u8>, Vec<u8>) {
    let digits = part["digits"]
        .as_array()
        .expect("the manifest lists shards by digit");
    let mut samples: Vec<(u32, u8, Vec<u8>)> = Vec::new();
    for (label, shards) in (0..).zip(digits) {
        for shard in shards.as_array().expect("shards are a list") {
            let file = bucket.join(shard["file"].as_str().expect("a shard has a file"));
            let mut bytes = Vec::new();
            let packed =
                fs::File::open(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
            GzDecoder::new(packed)
                .read_to_end(&mut bytes)
                .expect("a shard is gzipped");
            let count = shard["count"].as_u64().expect("a shard has a count") as usize;
            let (positions, pictures) = bytes.split_at(POSITIONS_HEADER + 4 * count);
            let (positions, _) = positions[POSITIONS_HEADER..].as_chunks::<4>();
            let pictures = pictures[PICTURES_HEADER..].chunks_exact(PIXELS);
            let positions = positions
                .iter()
                .map(|position| u32::from_be_bytes(*position));
            samples.extend(
                positions
                    .zip(pictures)
                    .map(|(position, picture)| (position, label, picture.to_vec())),
            );
        }
    }
    samples.sort_by_key(|(position, ..)| *position);
    let count = (samples.len() as u32).to_be_bytes();
    let side = 28_u32.to_be_bytes();
    let mut images = [[0, 0, 8, 3], count, side, side].concat();
    let mut labels = [[0, 0, 8, 1], count].concat();
    for (_, label, picture) in samples {
        images.extend(picture);
        labels.push(label);
    }
    (images, labels)
}
