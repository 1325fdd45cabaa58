//! Chromium and its WebDriver.

use crate::process;
use anyhow::{Result, bail};
use std::{
    env,
    ffi::OsString,
    fs,
    path::{Path, PathBuf},
    process::Command,
};

/// A Chromium that can be driven.
pub(crate) struct Chromium {
    /// The browser.
    pub(crate) browser: PathBuf,
    /// Its WebDriver server.
    pub(crate) driver: PathBuf,
}

/// Where one of the two programs may be.
struct Places {
    name: &'static str,
    variables: &'static [&'static str],
    programs: &'static [&'static str],
    files: &'static [&'static str],
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
        let mut missing = match Self::find()? {
            Ok(found) => return Ok(found),
            Err(missing) => missing,
        };
        if may_install() {
            install()?;
            missing = match Self::find()? {
                Ok(found) => return Ok(found),
                Err(missing) => missing,
            };
        }
        bail!(
            "{missing} is missing; install Chromium (or Chrome) and ChromeDriver of the same \
             version, or set DIGITLAB_CHROMIUM and DIGITLAB_CHROMEDRIVER to their paths"
        )
    }

    /// Finds both programs, or says which one is missing.
    fn find() -> Result<Result<Self, &'static str>> {
        let find = |places: &Places| places.find(|name| env::var_os(name), |file| file.is_file());
        let (browser, driver) = (find(&BROWSER)?, find(&DRIVER)?);
        Ok(match (browser, driver) {
            (Some(browser), Some(driver)) => Ok(Self { browser, driver }),
            (None, _) => Err(BROWSER.name),
            (_, None) => Err(DRIVER.name),
        })
    }

    /// The WebDriver capabilities of a quiet headless browser with a fresh
    /// profile, as JSON.
    pub(crate) fn capabilities(&self, profile: &Path) -> String {
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
        arguments.push(format!("--user-data-dir={}", profile.display()));
        if is_root() {
            // Chromium refuses to start as root with its sandbox.
            arguments.push("--no-sandbox".to_owned());
        }
        serde_json::json!({
            "goog:chromeOptions": { "binary": self.browser, "args": arguments }
        })
        .to_string()
    }
}

impl Places {
    fn find(
        &self,
        variable: impl Fn(&str) -> Option<OsString>,
        is_file: impl Fn(&PathBuf) -> bool,
    ) -> Result<Option<PathBuf>> {
        for name in self.variables {
            if let Some(value) = variable(name).filter(|value| !value.is_empty()) {
                let file = PathBuf::from(value);
                if !is_file(&file) {
                    bail!("{name} is {}, but no such file is there", file.display());
                }
                return Ok(Some(file));
            }
        }
        let path = variable("PATH").unwrap_or_default();
        let on_path = self
            .programs
            .iter()
            .find_map(|program| process::find_in(&path, program));
        Ok(on_path.or_else(|| self.files.iter().map(PathBuf::from).find(is_file)))
    }
}

/// Whether the packages can be had through apt: only Debian has both under
/// these names, and only root may install them.
fn may_install() -> bool {
    let debian = fs::read_to_string("/etc/os-release")
        .is_ok_and(|release| release.lines().any(|line| line == "ID=debian"));
    debian && is_root() && process::on_path("apt-get").is_some()
}

fn install() -> Result<()> {
    println!("Installing chromium and chromium-driver through apt (about a minute, once)");
    let apt = |arguments: &[&str]| {
        process::run(
            Command::new("apt-get")
                .args(arguments)
                .env("DEBIAN_FRONTEND", "noninteractive"),
        )
    };
    apt(&["update", "--quiet=2"])?;
    apt(&[
        "install",
        "--quiet=2",
        "--yes",
        "chromium",
        "chromium-driver",
    ])
}

fn is_root() -> bool {
    cfg!(unix) && process::output(Command::new("id").arg("-u")).is_ok_and(|id| id.trim() == "0")
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLACES: Places = Places {
        name: "Tool",
        variables: &["OURS", "THEIRS"],
        programs: &[],
        files: &["/one", "/two"],
    };

    fn find(variables: &[(&str, &str)], files: &[&str]) -> Result<Option<PathBuf>> {
        PLACES.find(
            |name| {
                let found = variables.iter().find(|(key, _)| *key == name);
                found.map(|(_, value)| value.into())
            },
            |file| files.iter().any(|name| file == &PathBuf::from(name)),
        )
    }

    #[test]
    fn variables_come_before_the_usual_places() {
        let all = ["/one", "/two", "/a", "/b"];
        type Case<'a> = (&'a [(&'a str, &'a str)], &'a [&'a str], Option<&'a str>);
        let cases: &[Case] = &[
            (&[("OURS", "/a"), ("THEIRS", "/b")], &all, Some("/a")),
            (&[("THEIRS", "/b")], &all, Some("/b")),
            (&[("OURS", "")], &all, Some("/one")),
            (&[], &all, Some("/one")),
            (&[], &["/two"], Some("/two")),
            (&[], &[], None),
        ];
        for (variables, files, expected) in cases {
            let found = find(variables, files).unwrap();
            assert_eq!(
                found,
                expected.map(PathBuf::from),
                "{variables:?} {files:?}"
            );
        }
    }

    #[test]
    fn a_variable_that_points_nowhere_is_an_error_that_names_it() {
        let error = find(&[("OURS", "/gone")], &["/one"]).unwrap_err();
        assert_eq!(
            error.to_string(),
            "OURS is /gone, but no such file is there"
        );
    }
}
