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

/// The executable of Chromium.
///
/// # Panics
/// When `DIGITLAB_CHROMIUM` is not set.
pub fn chromium() -> PathBuf {
    path("DIGITLAB_CHROMIUM", "the executable of Chromium")
}

/// The executable of chromedriver.
///
/// # Panics
/// When `DIGITLAB_CHROMEDRIVER` is not set.
pub fn chromedriver() -> PathBuf {
    path("DIGITLAB_CHROMEDRIVER", "the executable of chromedriver")
}

/// The executable of Firefox.
///
/// # Panics
/// When `DIGITLAB_FIREFOX` is not set.
pub fn firefox() -> PathBuf {
    path("DIGITLAB_FIREFOX", "the executable of Firefox")
}

/// The executable of geckodriver.
///
/// # Panics
/// When `DIGITLAB_GECKODRIVER` is not set.
pub fn geckodriver() -> PathBuf {
    path("DIGITLAB_GECKODRIVER", "the executable of geckodriver")
}

/// The MiniBrowser of WebKitGTK.
///
/// # Panics
/// When `DIGITLAB_WEBKIT` is not set.
pub fn webkit() -> PathBuf {
    path("DIGITLAB_WEBKIT", "the MiniBrowser of WebKitGTK")
}

/// The executable of WebKitWebDriver.
///
/// # Panics
/// When `DIGITLAB_WEBKITDRIVER` is not set.
pub fn webkit_driver() -> PathBuf {
    path("DIGITLAB_WEBKITDRIVER", "the executable of WebKitWebDriver")
}

/// The executable of Xvfb.
///
/// # Panics
/// When `DIGITLAB_XVFB` is not set.
pub fn xvfb() -> PathBuf {
    path("DIGITLAB_XVFB", "the executable of Xvfb")
}

/// A Python with numpy and Pillow, when the caller has one.
pub fn python() -> Option<PathBuf> {
    env::var_os("DIGITLAB_PYTHON").map(PathBuf::from)
}

/// The folder of onnxruntime-web's scripts and modules, when the caller has it.
pub fn onnxruntime() -> Option<PathBuf> {
    env::var_os("DIGITLAB_ONNXRUNTIME").map(PathBuf::from)
}

/// nginx and its module for brotli, when the caller has them.
pub fn nginx() -> Option<(PathBuf, PathBuf)> {
    let file = |name: &str| env::var_os(name).map(PathBuf::from);
    Some((file("DIGITLAB_NGINX")?, file("DIGITLAB_NGINX_BROTLI")?))
}

/// The script of axe-core, which looks for what keeps people out.
///
/// # Panics
/// When `DIGITLAB_AXE` is not set.
pub fn axe() -> PathBuf {
    path("DIGITLAB_AXE", "the script of axe-core")
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
