//! Python environments with pinned packages.

use crate::{
    cache::{self, Cache},
    process,
    workspace::Workspace,
};
use anyhow::{Context, Result, bail};
use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

/// What makes the references, with exact versions.
pub(crate) const REFERENCES: &str = "tests/reference/requirements.txt";

/// What reads data sets back, with exact versions.
pub(crate) const READERS: &str = "tests/readers/requirements.txt";

/// What makes data sets on many machines, with exact versions.
pub(crate) const RAY: &str = "tests/cli/ray.txt";

/// What looks at the recipes for deployment, with exact versions.
pub(crate) const RECIPES: &str = "xtask/python/recipes.txt";

/// The oldest version that all packages support.
const OLDEST: (u32, u32) = (3, 10);

/// The Python of the environment with the packages that a file lists, installed if it is
/// not there yet.
pub(crate) fn ensure(cache: &Cache, workspace: &Workspace, packages: &str) -> Result<PathBuf> {
    let file = workspace.join(packages);
    let requirements =
        fs::read(&file).with_context(|| format!("cannot read {}", file.display()))?;
    let key = format!("python-{}", cache::key_of(&[&requirements]));
    let environment = cache.ensure(
        &key,
        |folder| process::is_program(&interpreter(folder)),
        |staging| {
            let system = find()?;
            println!(
                "Installing the Python packages of {packages} into {} (once)",
                cache.folder(&key).display()
            );
            process::run(Command::new(system).args(["-m", "venv"]).arg(staging)).context(
                "Python cannot make an environment (on Debian, python3-venv is a package of its own)",
            )?;
            process::run(
                Command::new(interpreter(staging))
                    .args(["-m", "pip", "install", "--quiet"])
                    .args(["--disable-pip-version-check", "--only-binary", ":all:"])
                    .arg("--requirement")
                    .arg(&file),
            )
        },
    )?;
    Ok(interpreter(&environment))
}

/// Where an environment keeps its Python.
fn interpreter(environment: &Path) -> PathBuf {
    environment.join(if cfg!(windows) {
        "Scripts/python.exe"
    } else {
        "bin/python"
    })
}

/// A Python of the system that is recent enough.
fn find() -> Result<PathBuf> {
    let script = "import sys; print(*sys.version_info[:2])";
    for name in ["python3", "python"] {
        let Some(python) = process::on_path(name) else {
            continue;
        };
        let said = process::output(Command::new(&python).args(["-c", script]));
        if said.is_ok_and(|said| version(&said).is_some_and(|version| version >= OLDEST)) {
            return Ok(python);
        }
    }
    let (major, minor) = OLDEST;
    bail!(
        "there is no Python {major}.{minor} or newer on PATH; install it from https://www.python.org"
    )
}

fn version(said: &str) -> Option<(u32, u32)> {
    let (major, minor) = said.trim().split_once(' ')?;
    Some((major.parse().ok()?, minor.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_compare_by_number() {
        assert!(version("3 9\n") < Some(OLDEST));
        assert!(version("3 10") >= Some(OLDEST));
        assert!(version("3 13") >= Some(OLDEST));
        assert_eq!(version("three"), None);
    }
}
