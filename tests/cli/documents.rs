//! The guide to the command line, line by line.

use crate::support::{folder, said, shipped};
use std::fs;

/// The files that the guide speaks of, and what of the repository they are.
const FILES: [(&str, &str); 4] = [
    ("cat.jpg", "www/samples/landscape-small.jpeg"),
    ("log.csv.gz", "www/samples/log/borehole.csv.gz"),
    ("meter.jpg", "tests/handwriting/number-00.jpg"),
    ("seven.jpg", "tests/handwriting/pen-07-0.jpg"),
];

/// The lines of a document's blocks of shell that run the program, without their remarks.
fn lines(document: &str) -> Vec<String> {
    let text = fs::read_to_string(shipped(document)).expect("a document");
    let blocks = text.split("\n```sh\n").skip(1);
    let lines = blocks.flat_map(|block| block.split("\n```").next().unwrap_or_default().lines());
    lines
        .filter(|line| line.starts_with("digitlab "))
        .map(|line| {
            line.split(" #")
                .next()
                .unwrap_or_default()
                .trim()
                .to_owned()
        })
        .collect()
}

#[test]
fn every_line_of_the_guide_runs() {
    let folder = folder("documents");
    for (name, path) in FILES {
        fs::copy(shipped(path), folder.join(name)).expect("a file");
    }
    let steps = r#"[{ "transform": "Rotate", "limit": [-20, 20], "p": 1 }]"#;
    fs::write(folder.join("steps.json"), steps).expect("a file");
    let lines = lines("docs/command_line.md");
    assert!(lines.len() >= 10, "{lines:?}");
    for line in &lines {
        said(
            &folder,
            &line.split_whitespace().skip(1).collect::<Vec<_>>(),
        );
    }
    // What the remarks promise.
    for made in [
        "042.npy",
        "cat.png",
        "cat-seed7-0.png",
        "window.csv",
        "frame.png",
    ] {
        assert!(folder.join(made).is_file(), "{made}");
    }
    assert_eq!(
        fs::read_dir(folder.join("images"))
            .expect("a folder")
            .count(),
        20
    );
    let bytes = |path: &str| fs::read(folder.join(path)).expect("a file");
    assert_eq!(bytes("digits/train.tar"), bytes("again/train.tar"));
}
