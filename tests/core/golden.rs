//! The pixels of fixed seeds, pinned: they must be the same in every later release.
//!
//! `tests/golden/sequences.json` is read by the browser's tests too. New cases may be
//! added; a case that is there must never change.

#[path = "../golden/augment.rs"]
mod augment;

use crate::support::{generate, mnist, request, root};
use digitlab::mnist::bucket::sha256;
use serde_json::{Value, json};
use std::fs;

#[test]
fn fixed_seeds_give_the_pinned_pixels() {
    let path = root().join("tests/golden/sequences.json");
    let text = fs::read_to_string(&path).expect("the pinned sequences");
    let cases: Vec<Value> = serde_json::from_str(&text).expect("a list of cases");
    assert!(cases.len() >= 8);
    let mut pool = mnist();
    let mut changed = Vec::new();
    for case in cases {
        let request = request(case["request"].clone()).expect("an allowed request");
        let sequence = generate(&request, &mut pool).expect("an image");
        let samples: Vec<String> = sequence
            .digits
            .iter()
            .map(|digit| format!("{} {} {}", digit.digit, digit.split, digit.index))
            .collect();
        let actual = json!({
            "request": case["request"],
            "width": sequence.image.width(),
            "naturalWidth": sequence.natural_width,
            "samples": samples,
            "sha256": sha256(sequence.image.data()),
        });
        if actual != case {
            changed.push(actual);
        }
    }
    assert!(
        changed.is_empty(),
        "these are not as pinned:\n{}",
        serde_json::to_string_pretty(&changed).expect("only text and numbers")
    );
}

#[test]
fn fixed_seeds_augment_as_pinned() {
    let changed = augment::changed();
    let lines: Vec<String> = changed.iter().map(Value::to_string).collect();
    assert!(
        changed.is_empty(),
        "these are not as pinned:\n{}",
        lines.join(",\n")
    );
}
