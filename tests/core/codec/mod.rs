//! Picture files, read and written.
//!
//! - `references`: what Pillow reads from files of many varieties
//! - `round_trips`: what is written is read
//! - `broken`: damaged files, and headers that promise too much

mod broken;
mod references;
mod round_trips;

use crate::support::root;
use std::fs;
use std::path::PathBuf;

/// The folder of picture files (`cargo xtask references`).
fn folder() -> PathBuf {
    root().join("tests/reference/pictures")
}

/// One of them.
fn file(name: &str) -> Vec<u8> {
    fs::read(folder().join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// The names of all that can be read, in order.
fn names() -> Vec<String> {
    let entries = fs::read_dir(folder()).expect("the folder of pictures");
    let files = entries.map(|entry| entry.expect("an entry").path());
    let pictures = files.filter(|file| file.is_file() && file.extension().unwrap() != "json");
    let mut names: Vec<String> = pictures
        .map(|file| file.file_name().unwrap().to_str().unwrap().to_owned())
        .collect();
    names.sort();
    assert!(names.len() > 50, "{} pictures", names.len());
    names
}
