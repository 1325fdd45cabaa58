//! Our transforms against what Albumentations 2.0.8 with OpenCV 4.12 made of the same
//! pictures (`cargo xtask references`).

use crate::support::{read_png, root, write_comparison};
use digitlab::augment::{Drawn, definition, definitions};
use digitlab::random::{Purpose, Stream};
use digitlab::raster::Raster;
use serde::Deserialize;
use serde_json::{Map, Value};
use std::fs;
use std::path::Path;

#[derive(Deserialize)]
struct Case {
    name: String,
    picture: String,
    options: Map<String, Value>,
    /// What was drawn; our own draw must not matter where it is left out.
    drawn: Option<Value>,
    /// By how much a value may differ.
    #[serde(default)]
    levels: u8,
    /// Which share of the values may differ.
    #[serde(default)]
    share: f64,
}

/// What is wrong with a case, if anything is.
fn fault(folder: &Path, transform: &str, case: &Case) -> Option<String> {
    let picture = read_png(&folder.join(format!("../pictures/{}.png", case.picture)));
    let expected = read_png(&folder.join(format!("{}.png", case.name)));
    let made = || -> digitlab::Result<Raster> {
        let built = definition(transform)
            .unwrap_or_else(|| panic!("{transform} has cases and no definition"))
            .build(&case.options)?;
        let drawn = match &case.drawn {
            Some(drawn) => Drawn::from_json(drawn)?,
            None => built.draw(picture.shape(), &mut Stream::new(7, 0, Purpose::Augment)),
        };
        built.apply(picture.clone(), &drawn)
    };
    let actual = match made() {
        Ok(actual) => actual,
        Err(error) => return Some(error.to_string()),
    };
    if actual.shape() != expected.shape() {
        return Some(format!(
            "{:?} expected, {:?} made",
            expected.shape(),
            actual.shape()
        ));
    }
    let differences = expected.data().iter().zip(actual.data());
    let differences: Vec<u8> = differences.map(|(a, b)| a.abs_diff(*b)).collect();
    let most = differences.iter().copied().max().unwrap_or_default();
    let different = differences.iter().filter(|&&d| d > 0).count();
    let allowed = (case.share * differences.len() as f64).floor() as usize;
    if most <= case.levels && different <= allowed {
        return None;
    }
    let path = write_comparison(
        &format!("augment-{transform}-{}", case.name),
        &expected,
        &actual,
    );
    Some(format!(
        "{different} of {} values differ, by up to {most} ({allowed} by {} allowed); see {}",
        differences.len(),
        case.levels,
        path.display()
    ))
}

#[test]
fn transforms_agree_with_albumentations() {
    let root = root().join("tests/reference/augment");
    let mut faults = Vec::new();
    let mut checked = 0;
    for entry in fs::read_dir(&root).expect("references") {
        let folder = entry.expect("an entry").path();
        let Ok(text) = fs::read_to_string(folder.join("cases.json")) else {
            continue;
        };
        let transform = folder.file_name().expect("a name").to_string_lossy();
        let cases: Vec<Case> = serde_json::from_str(&text).expect("cases");
        assert!(!cases.is_empty(), "{transform} has no cases");
        for case in cases {
            checked += 1;
            if let Some(fault) = fault(&folder, &transform, &case) {
                faults.push(format!("{transform} {}: {fault}", case.name));
            }
        }
    }
    assert!(
        faults.is_empty(),
        "{} of {checked} cases fail:\n{}",
        faults.len(),
        faults.join("\n")
    );
}

#[test]
fn every_transform_has_references() {
    let root = root().join("tests/reference/augment");
    for definition in definitions().filter(|definition| definition.name != "NoOp") {
        assert!(
            root.join(definition.name).join("cases.json").is_file(),
            "{} is compared with nothing",
            definition.name
        );
    }
}
