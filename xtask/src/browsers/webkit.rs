//! WebKitGTK, its WebDriver, and the display it draws on.

use super::Places;
use anyhow::Result;
use std::path::PathBuf;

const BROWSER: Places = Places {
    name: "the MiniBrowser of WebKitGTK",
    variables: &["DIGITLAB_WEBKIT"],
    programs: &[],
    files: &[
        "/usr/lib/x86_64-linux-gnu/webkit2gtk-4.1/MiniBrowser",
        "/usr/lib/aarch64-linux-gnu/webkit2gtk-4.1/MiniBrowser",
        "/usr/libexec/webkit2gtk-4.1/MiniBrowser",
        "/usr/lib/webkit2gtk-4.1/MiniBrowser",
    ],
};

const DRIVER: Places = Places {
    name: "WebKitWebDriver",
    variables: &["DIGITLAB_WEBKITDRIVER"],
    programs: &["WebKitWebDriver"],
    files: &[],
};

const DISPLAY: Places = Places {
    name: "Xvfb",
    variables: &["DIGITLAB_XVFB"],
    programs: &["Xvfb"],
    files: &[],
};

/// Finds the browser, its driver and the display.
pub(super) fn ensure() -> Result<Vec<(&'static str, PathBuf)>> {
    let [browser, driver, display] = super::ensure(
        [&BROWSER, &DRIVER, &DISPLAY],
        &["webkit2gtk-driver", "xvfb"],
        "it exists for Linux only: install the packages webkit2gtk-driver and xvfb (or what they are called there), or \
         set DIGITLAB_WEBKIT, DIGITLAB_WEBKITDRIVER and DIGITLAB_XVFB to the paths of the programs",
    )?;
    Ok(vec![
        ("DIGITLAB_WEBKIT", browser),
        ("DIGITLAB_WEBKITDRIVER", driver),
        ("DIGITLAB_XVFB", display),
    ])
}
