//! Firefox and its WebDriver.

use super::{Places, find};
use crate::{cache::Cache, tools};
use anyhow::{Context, Result};
use std::{env::consts::EXE_SUFFIX, path::PathBuf};

const BROWSER: Places = Places {
    name: "Firefox",
    variables: &["DIGITLAB_FIREFOX"],
    programs: &["firefox-esr", "firefox"],
    files: &[
        "/Applications/Firefox.app/Contents/MacOS/firefox",
        r"C:\Program Files\Mozilla Firefox\firefox.exe",
    ],
};

const DRIVER: Places = Places {
    name: "geckodriver",
    variables: &["DIGITLAB_GECKODRIVER"],
    programs: &["geckodriver"],
    files: &[],
};

/// Finds the browser and its driver. The driver comes through cargo where the system has none.
pub(super) fn ensure(cache: &Cache) -> Result<Vec<(&'static str, PathBuf)>> {
    let [browser] = super::ensure(
        [&BROWSER],
        &["firefox-esr"],
        "install Firefox 140 or newer, or set DIGITLAB_FIREFOX to its path",
    )?;
    let driver = match find([&DRIVER])? {
        Ok([driver]) => driver,
        Err(_) => tools::geckodriver(cache)
            .context(
                "geckodriver cannot be built; install it, or set DIGITLAB_GECKODRIVER to its path",
            )?
            .join(format!("geckodriver{EXE_SUFFIX}")),
    };
    Ok(vec![
        ("DIGITLAB_FIREFOX", browser),
        ("DIGITLAB_GECKODRIVER", driver),
    ])
}
