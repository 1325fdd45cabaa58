//! The browsers that the tests drive, and their WebDrivers.

mod chromium;
mod firefox;
mod webkit;

pub(crate) use chromium::Chromium;

use crate::{cache::Cache, process};
use anyhow::{Result, bail};
use std::{env, ffi::OsString, fs, path::PathBuf, process::Command};

/// A browser engine that the built site is tested in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Engine {
    Chromium,
    Firefox,
    WebKit,
}

impl Engine {
    pub(crate) const ALL: [Self; 3] = [Self::Chromium, Self::Firefox, Self::WebKit];

    /// Reads a list with commas, such as `chromium,firefox`, or `all`.
    pub(crate) fn list(text: &str) -> Result<Vec<Self>> {
        if text == "all" {
            return Ok(Self::ALL.to_vec());
        }
        let mut engines = Vec::new();
        for name in text.split(',') {
            let Some(engine) = Self::ALL.into_iter().find(|engine| engine.name() == name) else {
                bail!(
                    "--engines has {name:?}; allowed: chromium, firefox and webkit with commas between them, or all"
                );
            };
            if !engines.contains(&engine) {
                engines.push(engine);
            }
        }
        Ok(engines)
    }

    /// Its name on the command line, and for the tests.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Chromium => "chromium",
            Self::Firefox => "firefox",
            Self::WebKit => "webkit",
        }
    }

    /// Its name for people.
    pub(crate) fn title(self) -> &'static str {
        match self {
            Self::Chromium => "Chromium",
            Self::Firefox => "Firefox",
            Self::WebKit => "WebKit",
        }
    }

    /// Finds its programs or installs them, and returns the variables that name them to the tests.
    pub(crate) fn ensure(self, cache: &Cache) -> Result<Vec<(&'static str, PathBuf)>> {
        let mut programs = match self {
            Self::Chromium => Chromium::ensure()?.variables(),
            Self::Firefox => firefox::ensure(cache)?,
            Self::WebKit => webkit::ensure()?,
        };
        programs.push(("DIGITLAB_ENGINE", self.name().into()));
        Ok(programs)
    }
}

/// Where a program may be.
struct Places {
    name: &'static str,
    variables: &'static [&'static str],
    programs: &'static [&'static str],
    files: &'static [&'static str],
}

/// Finds several programs that belong together. On Debian their packages are installed if one is missing and we may;
/// otherwise `advice` says what to do.
fn ensure<const N: usize>(
    places: [&Places; N],
    packages: &[&str],
    advice: &str,
) -> Result<[PathBuf; N]> {
    let mut missing = match find(places)? {
        Ok(found) => return Ok(found),
        Err(missing) => missing,
    };
    if may_install() {
        install(packages)?;
        missing = match find(places)? {
            Ok(found) => return Ok(found),
            Err(missing) => missing,
        };
    }
    bail!("{missing} is missing; {advice}")
}

/// Finds all programs, or says which one is missing.
fn find<const N: usize>(places: [&Places; N]) -> Result<Result<[PathBuf; N], &'static str>> {
    let mut found = std::array::from_fn(|_| PathBuf::new());
    for (slot, places) in found.iter_mut().zip(places) {
        match places.find(|name| env::var_os(name), |file| file.is_file())? {
            Some(file) => *slot = file,
            None => return Ok(Err(places.name)),
        }
    }
    Ok(Ok(found))
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

/// Whether packages can be had through apt: only Debian has them under these names, and only root may install them.
fn may_install() -> bool {
    let debian = fs::read_to_string("/etc/os-release")
        .is_ok_and(|release| release.lines().any(|line| line == "ID=debian"));
    debian && is_root() && process::on_path("apt-get").is_some()
}

fn install(packages: &[&str]) -> Result<()> {
    println!(
        "Installing {} through apt (about a minute, once)",
        packages.join(", ")
    );
    let apt = |arguments: &[&str]| {
        process::run(
            Command::new("apt-get")
                .args(arguments)
                .env("DEBIAN_FRONTEND", "noninteractive"),
        )
    };
    apt(&["update", "--quiet=2"])?;
    apt(&[&["install", "--quiet=2", "--yes"], packages].concat())
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

    #[test]
    fn engines_are_read_from_a_list() {
        assert_eq!(Engine::list("all").unwrap(), Engine::ALL);
        assert_eq!(
            Engine::list("webkit,chromium,webkit").unwrap(),
            [Engine::WebKit, Engine::Chromium]
        );
        for bad in ["", "opera", "chromium,", "Firefox"] {
            let error = Engine::list(bad).unwrap_err().to_string();
            assert!(error.contains("allowed: chromium, firefox"), "{error}");
        }
    }
}
