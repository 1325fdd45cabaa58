//! Draws the pictures that people may try things on, with their list and the note on
//! their licence.
//!
//! `cargo xtask samples` runs this with the folder of the bucket, the folder of the
//! samples, and `--check` if they are only to be compared.

mod card;
mod digit;
mod landscape;
mod noise;
mod paint;
mod spheres;
mod sticker;

use anyhow::{Context, Result, bail, ensure};
use digitlab::raster::Raster;
use digitlab::raster::codec::{self, Format};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::{env, fs};

/// What is drawn, and how the page calls it.
struct Sample {
    /// Its name in addresses, and that of its file.
    name: &'static str,
    title: &'static str,
    about: &'static str,
    licence: &'static str,
    attribution: &'static str,
    /// As [`Format::of`] takes it.
    format: (&'static str, Option<f64>),
    draw: fn(&Path) -> Result<Raster>,
}

/// Under which the project itself may be used.
const OWN: &str = "MIT OR Apache-2.0";
const OURS: &str = "Digitlab";
const PHOTO: (&str, Option<f64>) = ("jpeg", Some(88.0));
const EXACT: (&str, Option<f64>) = ("png", None);

const SAMPLES: [Sample; 5] = [
    Sample {
        name: "spheres",
        title: "Spheres",
        about: "A traced scene with soft shadows, a mirror and textures.",
        licence: OWN,
        attribution: OURS,
        format: PHOTO,
        draw: |_| spheres::draw(),
    },
    Sample {
        name: "landscape",
        title: "Landscape",
        about: "Mountains, a lake and the evening sun, grown from noise.",
        licence: OWN,
        attribution: OURS,
        format: PHOTO,
        draw: |_| landscape::draw(),
    },
    Sample {
        name: "card",
        title: "Test card",
        about: "Colours, gradients, fine lines, letters and a zone plate.",
        licence: OWN,
        attribution: OURS,
        format: EXACT,
        draw: |_| card::draw(),
    },
    Sample {
        name: "digit",
        title: "Handwritten digit",
        about: "A digit of MNIST, eighteen times as large.",
        licence: "CC BY-SA 3.0",
        attribution: "Yann LeCun and Corinna Cortes",
        format: EXACT,
        draw: digit::draw,
    },
    Sample {
        name: "sticker",
        title: "Sticker",
        about: "A flower with a transparent background and a soft shadow.",
        licence: OWN,
        attribution: OURS,
        format: EXACT,
        draw: |_| sticker::draw(),
    },
];

/// The width and height of a thumbnail.
const SMALL: usize = 128;
/// All files together.
const MOST_BYTES: usize = 600_000;
const LIST: &str = "samples.json";
const NOTE: &str = "LICENCE.txt";

/// The files by name.
type Files = BTreeMap<String, Vec<u8>>;

fn main() {
    if let Err(error) = run() {
        eprintln!("xtask: {error:#}");
        std::process::exit(1);
    }
}

fn run() -> Result<()> {
    let arguments: Vec<_> = env::args_os().skip(1).map(PathBuf::from).collect();
    let (bucket, folder, check) = match arguments.as_slice() {
        [bucket, folder] => (bucket, folder, false),
        [bucket, folder, check] if check == Path::new("--check") => (bucket, folder, true),
        _ => bail!("usage: xtask-samples <folder of the bucket> <folder of the samples> [--check]"),
    };
    let files = make(bucket)?;
    if check {
        compare(folder, &files)?;
    } else {
        write(folder, &files)?;
    }
    for (name, bytes) in &files {
        println!("{:>7} bytes  {name}", bytes.len());
    }
    println!("{:>7} bytes  in all", total(&files));
    Ok(())
}

/// All files of the folder.
fn make(bucket: &Path) -> Result<Files> {
    let mut files = Files::new();
    let mut list = Vec::new();
    for sample in &SAMPLES {
        let picture = (sample.draw)(bucket)?;
        let extension = sample.format.0;
        let file = format!("{}.{extension}", sample.name);
        let thumbnail = format!("{}-small.{extension}", sample.name);
        let format = Format::of(extension, sample.format.1)?;
        let bytes = codec::encode(&picture, format)?;
        list.push(json!({
            "name": sample.name,
            "title": sample.title,
            "about": sample.about,
            "file": file,
            "thumbnail": thumbnail,
            "width": picture.width(),
            "height": picture.height(),
            "bytes": bytes.len(),
            "licence": sample.licence,
            "attribution": sample.attribution,
        }));
        files.insert(file, bytes);
        let small = paint::thumbnail(&picture, SMALL)?;
        files.insert(thumbnail, codec::encode(&small, format)?);
    }
    let mut text = serde_json::to_string_pretty(&json!({ "samples": Value::Array(list) }))?;
    text.push('\n');
    files.insert(LIST.to_owned(), text.into_bytes());
    files.insert(NOTE.to_owned(), note().into_bytes());
    ensure!(
        total(&files) <= MOST_BYTES,
        "the samples have {} bytes; at most {MOST_BYTES} are allowed",
        total(&files)
    );
    Ok(files)
}

fn note() -> String {
    let mut text = String::from(
        "The pictures of this folder were drawn by `cargo xtask samples`. Those whose names\n\
         end in -small are made from the others.\n\n",
    );
    for sample in &SAMPLES {
        let Sample {
            name,
            title,
            licence,
            attribution,
            ..
        } = sample;
        text.push_str(&format!("{name} ({title}): {licence}, {attribution}\n"));
    }
    text.push_str(
        "\nCC BY-SA 3.0: https://creativecommons.org/licenses/by-sa/3.0/\n\
         The digit is from the MNIST database of handwritten digits, and was enlarged.\n",
    );
    text
}

fn total(files: &Files) -> usize {
    files.values().map(Vec::len).sum()
}

/// Writes the files, and removes those of an older list.
fn write(folder: &Path, files: &Files) -> Result<()> {
    fs::create_dir_all(folder).with_context(|| format!("cannot create {}", folder.display()))?;
    for name in names(folder)? {
        if !files.contains_key(&name) {
            fs::remove_file(folder.join(&name))?;
            println!("Removed {name}, which is no longer a sample");
        }
    }
    for (name, bytes) in files {
        let path = folder.join(name);
        // What is the same is left alone, so that a running `serve` does not rebuild.
        if fs::read(&path).ok().as_ref() != Some(bytes) {
            fs::write(&path, bytes).with_context(|| format!("cannot write {}", path.display()))?;
        }
    }
    Ok(())
}

/// Fails unless the folder holds exactly these files.
fn compare(folder: &Path, files: &Files) -> Result<()> {
    let mut wrong = Vec::new();
    for (name, bytes) in files {
        match fs::read(folder.join(name)) {
            Ok(found) if found == *bytes => {}
            Ok(_) => wrong.push(format!("{name} differs")),
            Err(error) => wrong.push(format!("{name}: {error}")),
        }
    }
    for name in names(folder)? {
        if !files.contains_key(&name) {
            wrong.push(format!("{name} does not belong there"));
        }
    }
    ensure!(
        wrong.is_empty(),
        "{} is not what `cargo xtask samples` would draw:\n  {}",
        folder.display(),
        wrong.join("\n  ")
    );
    Ok(())
}

/// The names of all files in a folder.
fn names(folder: &Path) -> Result<Vec<String>> {
    let entries =
        fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))?;
    entries
        .map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned()))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use digitlab::raster::codec::{Limits, decode};

    fn www(folder: &str) -> PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("../www")
            .join(folder)
    }

    #[test]
    fn the_committed_samples_are_what_is_drawn() {
        compare(&www("samples"), &make(&www("mnist")).unwrap()).unwrap();
    }

    #[test]
    fn the_list_says_what_the_files_are() {
        let list: Value =
            serde_json::from_slice(&fs::read(www("samples").join(LIST)).unwrap()).unwrap();
        let entries = list["samples"].as_array().unwrap();
        assert_eq!(entries.len(), SAMPLES.len());
        let mut channels = Vec::new();
        for entry in entries {
            let read =
                |key: &str| fs::read(www("samples").join(entry[key].as_str().unwrap())).unwrap();
            let file = read("file");
            assert_eq!(entry["bytes"], file.len(), "{entry}");
            let picture = decode(&file, &Limits::default()).unwrap().picture;
            let size = json!([picture.width(), picture.height()]);
            assert_eq!(json!([entry["width"], entry["height"]]), size);
            channels.push(picture.channels());
            let small = decode(&read("thumbnail"), &Limits::default()).unwrap();
            assert_eq!([small.picture.width(), small.picture.height()], [SMALL; 2]);
            for key in ["name", "title", "about", "licence", "attribution"] {
                assert!(!entry[key].as_str().unwrap().is_empty(), "{entry}");
            }
        }
        channels.sort_unstable();
        assert_eq!(channels, [1, 3, 3, 3, 4], "grey, colour and transparency");
    }

    #[test]
    fn the_sticker_is_transparent_at_its_corners_and_half_so_at_its_shadow() {
        let picture = sticker::draw().unwrap();
        let alpha: Vec<u8> = picture.data().iter().skip(3).step_by(4).copied().collect();
        assert_eq!(alpha[0], 0);
        assert_eq!(alpha[alpha.len() / 2 + picture.width() / 2], 255);
        assert!(alpha.iter().filter(|&&a| (40..120).contains(&a)).count() > 2_000);
    }
}
