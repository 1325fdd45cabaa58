//! Files of many varieties against what Pillow 11.3 reads from them, and against the
//! pixels they were made of where Pillow would lose some (`cargo xtask references`).

use super::{file, folder, names};
use crate::support::{read_png, write_comparison};
use digitlab::raster::codec::{Limits, decode};
use serde::Deserialize;
use serde_json::{Map, Value};
use std::fs;

#[derive(Deserialize)]
struct Case {
    file: String,
    /// By how many levels a value may differ: JPEG and lossy WebP leave the last bits
    /// to the decoder.
    levels: u8,
    /// What shall be found in it.
    found: Map<String, Value>,
}

/// What is wrong with a case, if anything is.
fn fault(case: &Case) -> Option<String> {
    let decoded = match decode(&file(&case.file), &Limits::default()) {
        Ok(decoded) => decoded,
        Err(error) => return Some(error.to_string()),
    };
    let found = serde_json::to_value(&decoded.found).expect("plain data");
    for (name, expected) in &case.found {
        if found[name] != *expected {
            return Some(format!("{name} is {}, not {expected}", found[name]));
        }
    }
    let expected = read_png(&folder().join(format!("expected/{}.png", case.file)));
    let actual = decoded.picture;
    if actual.shape() != expected.shape() {
        return Some(format!("{:?}, not {:?}", actual.shape(), expected.shape()));
    }
    let differences = expected.data().iter().zip(actual.data());
    let most = differences
        .map(|(a, b)| a.abs_diff(*b))
        .max()
        .unwrap_or_default();
    if most <= case.levels {
        return None;
    }
    let path = write_comparison(&format!("picture-{}", case.file), &expected, &actual);
    Some(format!(
        "differs by up to {most} levels; see {}",
        path.display()
    ))
}

#[test]
fn files_are_read_as_pillow_reads_them() {
    let text = fs::read_to_string(folder().join("cases.json")).expect("cases");
    let cases: Vec<Case> = serde_json::from_str(&text).expect("a list of cases");
    assert_eq!(cases.len(), names().len(), "a case per file");
    let faults = cases.iter().filter_map(|case| {
        let fault = fault(case)?;
        Some(format!("{}: {fault}", case.file))
    });
    let faults: Vec<String> = faults.collect();
    assert!(
        faults.is_empty(),
        "{} wrong:\n{}",
        faults.len(),
        faults.join("\n")
    );
}

#[test]
fn what_was_done_is_told() {
    let notes = |name: &str| {
        decode(&file(name), &Limits::default())
            .expect(name)
            .found
            .notes
    };
    assert!(notes("rgb.png").is_empty());
    assert_eq!(notes("animated.gif"), ["The first of 4 frames was read."]);
    assert_eq!(notes("animated.png"), ["The first of 3 frames was read."]);
    assert_eq!(notes("animated.webp"), ["The first of 3 frames was read."]);
    assert_eq!(notes("pages.tiff"), ["The first of 2 pages was read."]);
    assert_eq!(
        notes("orientation-6.jpeg"),
        ["It was turned clockwise by 90°, as its orientation (6) says."]
    );
    assert_eq!(
        notes("rgb-16-bit.png"),
        ["Its 16 bits per channel were rounded to 8."]
    );
    assert_eq!(
        notes("cmyk.jpeg"),
        ["Its CMYK inks were made RGB without a colour profile."]
    );
}

#[test]
fn what_is_not_read_is_named() {
    for (name, words) in [
        ("palette.tiff", "TIFF file is one with palette colours"),
        ("lab.tiff", "TIFF file is one with Lab colours"),
        ("float.tiff", "TIFF file is one of floating point numbers"),
        ("signed.tiff", "TIFF file is one of signed numbers"),
        ("ycbcr.tiff", "TIFF file is one with YCbCr colours"),
        ("icon.ico", "picture is a Windows icon"),
        ("map.ppm", "picture is a Netpbm picture"),
        ("wavelet.jp2", "picture is a JPEG 2000 picture"),
        ("picture.avif", "picture is an AVIF picture"),
    ] {
        let error = decode(&file(&format!("refused/{name}")), &Limits::default()).expect_err(name);
        assert_eq!(error.code(), "unsupported", "{name}: {error}");
        assert!(error.to_string().starts_with(words), "{name}: {error}");
        assert!(error.to_string().contains("; allowed: "), "{name}: {error}");
    }
}
