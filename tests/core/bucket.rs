//! Buckets: cutting, the manifest, and shards that are not what they should be.

use crate::support::{generate, mnist, request, root};
use digitlab::mnist::bucket::{File, build, sha256};
use digitlab::mnist::idx::{Images, Labels};
use digitlab::mnist::manifest::Licence;
use digitlab::mnist::{Manifest, Pool, Source, Split};
use proptest::prelude::*;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fs;

/// A data set of `labels.len()` pictures; picture k is filled with level k + 1.
fn source(labels: &[u8]) -> Source {
    let count = (labels.len() as u32).to_be_bytes();
    let mut images = [&[0, 0, 8, 3], &count[..], &[0, 0, 0, 28, 0, 0, 0, 28]].concat();
    images.extend((0..labels.len()).flat_map(|k| [k as u8 + 1; 784]));
    let labels = [&[0, 0, 8, 1], &count[..], labels].concat();
    let pair = (
        Images::parse("images", &images).unwrap(),
        Labels::parse("labels", &labels).unwrap(),
    );
    Source {
        name: "Small".into(),
        source: "made for a test".into(),
        licence: Licence::default(),
        splits: BTreeMap::from([(Split::Train, pair)]),
    }
}

fn small() -> (Manifest, Vec<File>) {
    build(&source(&[3, 1, 3, 3])).unwrap()
}

#[test]
fn the_committed_bucket_holds_all_of_mnist() {
    let pool = mnist();
    let counts = |split| {
        (0..10)
            .map(|digit| pool.count(&[split], digit))
            .collect::<Vec<_>>()
    };
    // The counts of each class are those of the original files, as its authors state.
    assert_eq!(
        counts(Split::Train),
        [5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949]
    );
    assert_eq!(
        counts(Split::Test),
        [980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009]
    );
}

#[test]
fn every_committed_shard_is_what_the_manifest_says() {
    let mut pool = mnist();
    let manifest = pool.manifest().clone();
    let mut stored_bytes = 0;
    for split in Split::ALL {
        for entry in (0..10).flat_map(|digit| manifest.entries(split, digit)) {
            let stored = fs::read(root().join("www/mnist").join(&entry.file)).unwrap();
            assert_eq!(stored.len() as u64, entry.stored_bytes, "{}", entry.file);
            pool.load(&entry.file, &stored)
                .unwrap_or_else(|error| panic!("{error}"));
            stored_bytes += stored.len();
        }
    }
    assert!(stored_bytes < 12_000_000, "{stored_bytes}");
    assert_eq!(
        fs::read_dir(root().join("www/mnist")).unwrap().count() - 1,
        {
            let entries = Split::ALL
                .into_iter()
                .flat_map(|split| (0..10).map(move |digit| (split, digit)));
            entries
                .map(|(split, digit)| manifest.entries(split, digit).len())
                .sum::<usize>()
        }
    );
}

#[test]
fn samples_keep_their_place_in_the_original_file() {
    let (manifest, files) = small();
    let mut pool = Pool::new(manifest);
    for (file, bytes) in &files {
        pool.load(file, bytes).unwrap();
    }
    let splits = [Split::Train, Split::Test];
    assert_eq!(pool.count(&splits, 3), 3);
    for (rank, position) in [(0, 0), (1, 2), (2, 3)] {
        let sample = pool.sample(pool.locate(&splits, 3, rank).unwrap()).unwrap();
        assert_eq!(sample.index, position);
        let level = position as u8 + 1;
        assert_eq!(sample.columns.len(), 28);
        assert!(
            sample
                .columns
                .iter()
                .all(|column| column[..28] == [level; 28])
        );
    }
    assert_eq!(pool.locate(&splits, 3, 3), None);
    assert_eq!(pool.locate(&splits, 0, 0), None);
}

#[test]
fn counts_must_match() {
    let mut source = source(&[3, 1]);
    let labels = Labels::parse("l", &[0, 0, 8, 1, 0, 0, 0, 1, 4]).unwrap();
    source.splits.get_mut(&Split::Train).unwrap().1 = labels;
    let message = build(&source).unwrap_err().to_string();
    assert!(message.contains("2 pictures but 1 labels"), "{message}");
}

#[test]
fn a_digit_without_samples_is_named() {
    let (manifest, _) = small();
    let mut pool = Pool::new(manifest);
    let asked = request(json!({ "number": "137", "fit": "natural" })).unwrap();
    let error = generate(&asked, &mut pool).unwrap_err();
    assert_eq!(error.code(), "no_samples");
    assert!(
        error
            .to_string()
            .contains("\"Small\" has no picture of the digit 7"),
        "{error}"
    );
    let asked = request(json!({ "number": "3", "fit": "natural", "split": "test" })).unwrap();
    assert!(
        generate(&asked, &mut pool)
            .unwrap_err()
            .to_string()
            .contains("\"test\"")
    );
}

#[test]
fn the_choice_does_not_depend_on_what_is_loaded() {
    let asked = request(json!({ "number": "123", "image_width": 84, "seed": 9 })).unwrap();
    let mut cold = mnist();
    let first = generate(&asked, &mut cold).unwrap();
    let mut warm = mnist();
    for seed in 0..20 {
        let other = json!({ "number": "0123456789", "image_width": 84, "seed": seed });
        generate(&request(other).unwrap(), &mut warm).unwrap();
    }
    assert_eq!(first, generate(&asked, &mut warm).unwrap());
}

#[test]
fn damaged_shards_are_refused_with_the_reason() {
    let (file, stored) = (
        "test-5-00.gz",
        fs::read(root().join("www/mnist/test-5-00.gz")).unwrap(),
    );
    let (other, _) = ("test-4-00.gz", ());
    let other = fs::read(root().join("www/mnist").join(other)).unwrap();
    let mut flipped = stored.clone();
    flipped[stored.len() / 2] ^= 1;
    for (name, bytes, words) in [
        ("empty", vec![], "0 bytes"),
        (
            "half",
            stored[..stored.len() / 2].to_vec(),
            "gzip stream breaks",
        ),
        ("flipped", flipped, "damaged"),
        ("another shard", other, "SHA-256"),
        (
            "a web page",
            b"<!doctype html>not found".to_vec(),
            "24 bytes",
        ),
        ("too long", vec![7; 10_000_000], "more than"),
    ] {
        let error = mnist().load(file, &bytes).unwrap_err();
        assert_eq!(error.code(), "bucket_corrupt", "{name}");
        assert!(error.to_string().contains(words), "{name}: {error}");
    }
    assert_eq!(
        mnist().load("other.gz", &stored).unwrap_err().code(),
        "invalid_parameter"
    );
}

#[test]
fn a_shard_that_was_unpacked_on_the_way_is_accepted() {
    use std::io::Read;
    let stored = fs::read(root().join("www/mnist/test-5-00.gz")).unwrap();
    let mut unpacked = Vec::new();
    flate2::read::GzDecoder::new(&stored[..])
        .read_to_end(&mut unpacked)
        .unwrap();
    mnist().load("test-5-00.gz", &unpacked).unwrap();
}

#[test]
fn broken_manifests_are_explained() {
    let text = small().0.to_text();
    assert_eq!(Manifest::parse(&text).unwrap(), small().0);
    let change = |path: &str, value: Value| {
        let mut json: Value = serde_json::from_str(&text).unwrap();
        *json.pointer_mut(path).unwrap() = value;
        json.to_string()
    };
    let shard = "/splits/train/digits/3/0";
    let twice = serde_json::from_str::<Value>(&text).unwrap();
    let twice = twice.pointer(shard).unwrap().clone();
    for (broken, words) in [
        (String::new(), "not a bucket's manifest"),
        ("<!doctype html>".into(), "not a bucket's manifest"),
        ("[".repeat(100_000), "not a bucket's manifest"),
        (change("/format", json!(2)), "its format is 2, only 1"),
        (change("/splits", json!({})), "it lists no samples"),
        (
            change(&format!("{shard}/file"), json!("../../secret")),
            "is not a shard's name",
        ),
        (
            change(&format!("{shard}/file"), json!("https://elsewhere/x")),
            "is not a shard's name",
        ),
        (
            change(&format!("{shard}/file"), json!("")),
            "is not a shard's name",
        ),
        (
            change(&format!("{shard}/count"), json!(0)),
            "claims 0 samples",
        ),
        (
            change(&format!("{shard}/count"), json!(u32::MAX)),
            "claims 4294967295 samples",
        ),
        (
            change(&format!("{shard}/count"), json!(-1)),
            "not a bucket's manifest",
        ),
        (
            change(&format!("{shard}/sha256"), json!("abc")),
            "64 hex digits",
        ),
        (
            change("/splits/train/digits/1", json!([twice])),
            "listed twice",
        ),
        (
            change("/splits/train/digits", json!([])),
            "not a bucket's manifest",
        ),
    ] {
        let error = Manifest::parse(&broken).unwrap_err();
        assert_eq!(error.code(), "invalid_file");
        assert!(error.to_string().contains(words), "{error}");
    }
}

#[test]
fn sha256_is_that_of_the_standard() {
    // FIPS 180-2, appendix B.1.
    assert_eq!(
        sha256(b"abc"),
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    );
}

proptest! {
    #[test]
    fn arbitrary_manifests_and_shards_never_panic(text in "\\PC{0,200}", bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        prop_assert!(Manifest::parse(&text).is_err());
        let (manifest, files) = small();
        prop_assert!(Pool::new(manifest).load(&files[0].0, &bytes).is_err());
    }
}
