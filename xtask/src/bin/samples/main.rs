//! Draws the pictures that people may try things on, with their list and the note on
//! their licence; and the icons of the installed site.
//!
//! `cargo xtask samples` runs this with the folder of the bucket, the folder of the
//! samples, that of the icons, and `--check` if they are only to be compared.

mod card;
mod digit;
mod handwriting;
mod icon;
mod landscape;
#[path = "../../made_folder.rs"]
mod made_folder;
mod noise;
mod paint;
mod spheres;
mod sticker;

use anyhow::{Result, bail, ensure};
use digitlab::raster::Raster;
use digitlab::raster::codec::{self, Format};
use made_folder::{Files, compare, write};
use serde_json::{Value, json};
use std::env;
use std::path::{Path, PathBuf};

/// What draws the samples.
const COMMAND: &str = "cargo xtask samples";

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
    /// The places of the page that offer it.
    places: &'static [&'static str],
    draw: fn(&Path) -> Result<Raster>,
}

/// Under which the project itself may be used.
const OWN: &str = "MIT OR Apache-2.0";
const OURS: &str = "Digitlab";
const PHOTO: (&str, Option<f64>) = ("jpeg", Some(88.0));
const EXACT: (&str, Option<f64>) = ("png", None);

const SAMPLES: [Sample; 8] = [
    Sample {
        name: "spheres",
        title: "Spheres",
        about: "A traced scene with soft shadows, a mirror and textures.",
        licence: OWN,
        attribution: OURS,
        format: PHOTO,
        places: &["augment"],
        draw: |_| spheres::draw(),
    },
    Sample {
        name: "landscape",
        title: "Landscape",
        about: "Mountains, a lake and the evening sun, grown from noise.",
        licence: OWN,
        attribution: OURS,
        format: PHOTO,
        places: &["augment"],
        draw: |_| landscape::draw(),
    },
    Sample {
        name: "card",
        title: "Test card",
        about: "Colours, gradients, fine lines, letters and a zone plate.",
        licence: OWN,
        attribution: OURS,
        format: EXACT,
        places: &["augment"],
        draw: |_| card::draw(),
    },
    Sample {
        name: "digit",
        title: "Handwritten digit",
        about: "A digit of MNIST, eighteen times as large.",
        licence: "CC BY-SA 3.0",
        attribution: "Yann LeCun and Corinna Cortes",
        format: EXACT,
        places: &["augment", "classify"],
        draw: digit::draw,
    },
    Sample {
        name: "sticker",
        title: "Sticker",
        about: "A flower with a transparent background and a soft shadow.",
        licence: OWN,
        attribution: OURS,
        format: EXACT,
        places: &["augment"],
        draw: |_| sticker::draw(),
    },
    Sample {
        name: "ruled",
        title: "Ruled paper",
        about: "A digit in blue ink on a ruled page of a notebook; drawn by a program.",
        licence: OWN,
        attribution: OURS,
        format: PHOTO,
        places: &["classify"],
        draw: |_| handwriting::ruled(),
    },
    Sample {
        name: "number",
        title: "Number",
        about: "A number of three digits in blue ink; drawn by a program.",
        licence: OWN,
        attribution: OURS,
        format: PHOTO,
        places: &["classify"],
        draw: |_| handwriting::number(),
    },
    Sample {
        name: "board",
        title: "Chalk",
        about: "A number of five digits in chalk on a board; drawn by a program.",
        licence: OWN,
        attribution: OURS,
        format: PHOTO,
        places: &["classify"],
        draw: |_| handwriting::board(),
    },
];

/// The width and height of a thumbnail.
const SMALL: usize = 128;
/// All files together.
const MOST_BYTES: usize = 600_000;
const LIST: &str = "samples.json";
const NOTE: &str = "LICENCE.txt";

fn main() {
    if let Err(error) = run() {
        eprintln!("xtask: {error:#}");
        std::process::exit(1);
    }
}

fn run() -> Result<()> {
    let arguments: Vec<_> = env::args_os().skip(1).map(PathBuf::from).collect();
    let (bucket, folder, icons, check) = match arguments.as_slice() {
        [bucket, folder, icons] => (bucket, folder, icons, false),
        [bucket, folder, icons, check] if check == Path::new("--check") => {
            (bucket, folder, icons, true)
        }
        _ => bail!(
            "usage: xtask-samples <folder of the bucket> <folder of the samples> <folder of the icons> [--check]"
        ),
    };
    let mut files = make(bucket)?;
    let mut drawn = draw_icons()?;
    if check {
        compare(folder, &files, COMMAND)?;
        compare(icons, &drawn, COMMAND)?;
    } else {
        write(folder, &files, "a sample")?;
        write(icons, &drawn, "an icon")?;
    }
    files.append(&mut drawn);
    for (name, bytes) in &files {
        println!("{:>7} bytes  {name}", bytes.len());
    }
    println!("{:>7} bytes  in all", total(&files));
    Ok(())
}

/// The icons that `manifest.webmanifest` and `index.html` name.
const ICONS: [(&str, usize, icon::Ground); 5] = [
    ("icon-192.png", 192, icon::Ground::Round),
    ("icon-512.png", 512, icon::Ground::Round),
    ("maskable-192.png", 192, icon::Ground::Full),
    ("maskable-512.png", 512, icon::Ground::Full),
    ("apple-touch-icon.png", 180, icon::Ground::Full),
];

fn draw_icons() -> Result<Files> {
    let format = Format::of("png", None)?;
    let icon = |&(name, side, ground): &(&str, usize, icon::Ground)| {
        let bytes = codec::encode(&icon::draw(side, ground)?, format)?;
        Ok((name.to_owned(), bytes))
    };
    ICONS.iter().map(icon).collect()
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
            "places": sample.places,
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

#[cfg(test)]
mod tests {
    use super::*;
    use digitlab::raster::codec::{Limits, decode};
    use std::fs;

    fn www(folder: &str) -> PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("../www")
            .join(folder)
    }

    #[test]
    fn the_committed_samples_are_what_is_drawn() {
        compare(&www("samples"), &make(&www("mnist")).unwrap(), COMMAND).unwrap();
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
            assert!(!entry["places"].as_array().unwrap().is_empty(), "{entry}");
        }
        channels.sort_unstable();
        assert_eq!(
            channels,
            [1, 3, 3, 3, 3, 3, 3, 4],
            "grey, colour and transparency"
        );
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
