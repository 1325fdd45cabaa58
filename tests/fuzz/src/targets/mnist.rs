//! Data sets of single digits.

use super::{choice, sentence};
use digitlab::mnist::bucket::sha256;
use digitlab::mnist::idx::{Images, Labels};
use digitlab::mnist::{Manifest, Pool, SIDE, Split};
use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::json;
use std::io::Write;

/// The first byte says whether they are pictures or labels.
pub(crate) fn idx(bytes: &[u8]) {
    let (kind, file) = choice(bytes);
    if kind & 1 == 0 {
        match Images::parse("The file", file) {
            Ok(images) => {
                (0..images.len()).for_each(|at| assert_eq!(images.picture(at).len(), SIDE * SIDE))
            }
            Err(error) => sentence(&error),
        }
    } else {
        match Labels::parse("The file", file) {
            Ok(labels) => assert!(labels.as_slice().iter().all(|&label| label < 10)),
            Err(error) => sentence(&error),
        }
    }
}

/// What is read is written and read again; then samples are looked for.
pub(crate) fn manifest(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return;
    };
    match Manifest::parse(text) {
        Ok(manifest) => {
            let again = Manifest::parse(&manifest.to_text()).expect("what was written is read");
            assert_eq!(again.to_text(), manifest.to_text());
            let pool = Pool::new(manifest);
            for split in Split::ALL {
                for digit in 0..10 {
                    let count = pool.manifest().count(split, digit);
                    for rank in [0, count / 2, count.saturating_sub(1)] {
                        let location = pool.locate(&[split], digit, rank);
                        assert_eq!(location.is_some(), count > 0);
                        assert!(location.is_none_or(|at| pool.missing(at).is_some()));
                    }
                }
            }
        }
        Err(error) => sentence(&error),
    }
}

/// The first byte says how many samples a manifest promises, and whether the file is packed; its hash is right.
pub(crate) fn shard(bytes: &[u8]) {
    let (kind, content) = choice(bytes);
    let stored = if kind & 0x80 == 0 {
        content.to_vec()
    } else {
        let mut packed = GzEncoder::new(Vec::new(), Compression::fast());
        packed.write_all(content).expect("memory takes everything");
        packed.finish().expect("memory takes everything")
    };
    let count = u32::from(kind & 0x7f) + 1;
    let entry = json!({"file": "a", "count": count, "stored_bytes": stored.len(), "sha256": sha256(content)});
    let digits = json!([[entry], [], [], [], [], [], [], [], [], []]);
    let licence = json!({"name": "none", "url": "https://example.org/", "attribution": "nobody"});
    let manifest = json!({
        "format": 1, "name": "made", "source": "here", "licence": licence,
        "splits": {"train": {"originals": {}, "digits": digits}},
    });
    let mut pool = Pool::new(Manifest::parse(&manifest.to_string()).expect("a manifest"));
    match pool.load("a", &stored) {
        Ok(()) => {
            for rank in 0..count {
                let location = pool.locate(&[Split::Train], 0, rank).expect("a place");
                let sample = pool.sample(location).expect("it is loaded");
                assert_eq!(sample.columns.len(), SIDE);
                assert!(sample.ink.end <= SIDE);
            }
        }
        Err(error) => sentence(&error),
    }
}
