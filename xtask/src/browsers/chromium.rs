//! Chromium and its WebDriver.

use super::{Places, ensure, is_root};
use anyhow::Result;
use std::path::{Path, PathBuf};

/// A Chromium that can be driven.
pub(crate) struct Chromium {
    /// The browser.
    pub(crate) browser: PathBuf,
    /// Its WebDriver server.
    pub(crate) driver: PathBuf,
}

const BROWSER: Places = Places {
    name: "Chromium",
    variables: &["DIGITLAB_CHROMIUM"],
    programs: &[
        "chromium",
        "chromium-browser",
        "google-chrome",
        "google-chrome-stable",
        "chrome",
    ],
    files: &[
        "/Applications/Chromium.app/Contents/MacOS/Chromium",
        "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
        r"C:\Program Files\Google\Chrome\Application\chrome.exe",
        r"C:\Program Files (x86)\Google\Chrome\Application\chrome.exe",
    ],
};

const DRIVER: Places = Places {
    name: "ChromeDriver",
    variables: &["DIGITLAB_CHROMEDRIVER", "CHROMEDRIVER"],
    programs: &["chromedriver"],
    files: &[
        "/usr/lib/chromium/chromedriver",
        "/usr/lib/chromium-browser/chromedriver",
        "/snap/bin/chromium.chromedriver",
        "/opt/homebrew/bin/chromedriver",
    ],
};

impl Chromium {
    /// Finds both programs, and on Debian installs them if they are missing and
    /// we may.
    pub(crate) fn ensure() -> Result<Self> {
        let [browser, driver] = ensure(
            [&BROWSER, &DRIVER],
            &["chromium", "chromium-driver"],
            "install Chromium (or Chrome) and ChromeDriver of the same version, or set \
             DIGITLAB_CHROMIUM and DIGITLAB_CHROMEDRIVER to their paths",
        )?;
        Ok(Self { browser, driver })
    }

    /// The variables that name the programs to the tests.
    pub(super) fn variables(self) -> Vec<(&'static str, PathBuf)> {
        vec![
            ("DIGITLAB_CHROMIUM", self.browser),
            ("DIGITLAB_CHROMEDRIVER", self.driver),
        ]
    }

    /// What makes a browser quiet and headless, also for root.
    pub(crate) fn arguments(&self) -> Vec<String> {
        let mut arguments: Vec<String> = [
            "--headless",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
        ]
        .map(str::to_owned)
        .into();
        if is_root() {
            // Chromium refuses to start as root with its sandbox.
            arguments.push("--no-sandbox".to_owned());
        }
        arguments
    }

    /// The WebDriver capabilities of such a browser with a fresh profile, as JSON.
    pub(crate) fn capabilities(&self, profile: &Path) -> String {
        let mut arguments = self.arguments();
        arguments.push(format!("--user-data-dir={}", profile.display()));
        serde_json::json!({
            "goog:chromeOptions": { "binary": self.browser, "args": arguments }
        })
        .to_string()
    }
}
