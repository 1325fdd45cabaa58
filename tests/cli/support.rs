//! What tests of the command line share.

use digitlab::raster::Raster;
use digitlab::raster::codec::{Limits, decode};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// Runs the program in a folder.
pub(crate) fn digitlab(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_digitlab"))
        .args(arguments)
        .current_dir(folder)
        .env_remove("DIGITLAB_BUCKET")
        .stdin(Stdio::null())
        .output()
        .expect("the program runs")
}

/// What it says when all goes well.
pub(crate) fn said(folder: &Path, arguments: &[&str]) -> String {
    let output = digitlab(folder, arguments);
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{arguments:?}: {error}");
    String::from_utf8(output.stdout).expect("text")
}

/// What it says when something is refused.
pub(crate) fn refused(folder: &Path, arguments: &[&str]) -> String {
    let output = digitlab(folder, arguments);
    assert_eq!(output.status.code(), Some(2), "{arguments:?}");
    assert!(output.stdout.is_empty(), "{arguments:?}");
    String::from_utf8(output.stderr).expect("text")
}

/// A fresh folder of this test's own.
pub(crate) fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("cli-{name}"));
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).expect("a folder");
    folder
}

/// The picture in a file.
pub(crate) fn picture(file: &Path) -> Raster {
    let bytes = fs::read(file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    decode(&bytes, &Limits::default())
        .expect("a picture")
        .picture
}

/// A file of the repository.
pub(crate) fn shipped(path: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    path.display().to_string()
}
