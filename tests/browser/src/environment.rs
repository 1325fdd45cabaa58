//! What the command that runs the tests tells them: where the site is, and which browser to drive.

use std::env;
use std::path::PathBuf;

/// The folder of the built site.
///
/// # Panics
/// When `DIGITLAB_SITE` does not name a folder with an `index.html`.
pub fn site() -> PathBuf {
    let folder = path("DIGITLAB_SITE", "the folder of the built site");
    assert!(
        folder.join("index.html").is_file(),
        "DIGITLAB_SITE is {}, which holds no index.html: run `cargo xtask build`, or `cargo xtask test`, which does it",
        folder.display()
    );
    folder
}

/// The browser's executable.
///
/// # Panics
/// When `DIGITLAB_CHROMIUM` is not set.
pub fn chromium() -> PathBuf {
    path("DIGITLAB_CHROMIUM", "the executable of Chromium")
}

/// The browser driver's executable.
///
/// # Panics
/// When `DIGITLAB_CHROMEDRIVER` is not set.
pub fn chromedriver() -> PathBuf {
    path("DIGITLAB_CHROMEDRIVER", "the executable of chromedriver")
}

/// A Python with numpy and Pillow, when the caller has one.
pub fn python() -> Option<PathBuf> {
    env::var_os("DIGITLAB_PYTHON").map(PathBuf::from)
}

/// The workspace's root.
pub fn workspace() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .ancestors()
        .nth(2)
        .expect("this package lies two folders below the workspace")
        .to_path_buf()
}

fn path(name: &str, what: &str) -> PathBuf {
    match env::var_os(name) {
        Some(value) => PathBuf::from(value),
        None => panic!("{name} is not set: it names {what}; `cargo xtask test` sets it"),
    }
}
