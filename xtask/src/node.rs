//! Node and the packages that are used through it.

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

/// The oldest major version that all packages run with.
const OLDEST: u32 = 20;

/// A set of packages: a folder of `xtask/node` with exact versions and a lock.
pub(crate) struct Packages {
    node: PathBuf,
    folder: PathBuf,
}

impl Packages {
    /// Installs the set if it is not there yet.
    pub(crate) fn ensure(cache: &Cache, workspace: &Workspace, set: &str) -> Result<Self> {
        let node = find()?;
        let source = workspace.join("xtask/node").join(set);
        let files = ["package.json", "package-lock.json"];
        let contents = files
            .iter()
            .map(|name| {
                let file = source.join(name);
                fs::read(&file).with_context(|| format!("cannot read {}", file.display()))
            })
            .collect::<Result<Vec<_>>>()?;
        let hash = cache::key_of(&[&contents[0], &contents[1]]);
        let key = format!("node-{set}-{hash}");
        let folder = cache.ensure(
            &key,
            |folder| folder.join("node_modules").is_dir(),
            |staging| {
                let npm = process::on_path("npm")
                    .context("npm is not on PATH; it comes with Node, see https://nodejs.org")?;
                println!(
                    "Installing the {set} packages into {} (once)",
                    cache.folder(&key).display()
                );
                for (name, content) in files.iter().zip(&contents) {
                    fs::write(staging.join(name), content)?;
                }
                process::run(
                    Command::new(npm)
                        .args(["ci", "--no-audit", "--no-fund", "--loglevel=error"])
                        .current_dir(staging),
                )
            },
        )?;
        Ok(Self { node, folder })
    }

    /// Where the packages are.
    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    /// A file of one of the packages.
    pub(crate) fn file(&self, path: impl AsRef<Path>) -> PathBuf {
        self.folder.join("node_modules").join(path)
    }

    /// Node, about to run a script of our own that uses the packages.
    pub(crate) fn run(&self, script: &Path) -> Command {
        let mut command = Command::new(&self.node);
        command.arg(script);
        command
    }

    /// Node, about to run a script of one of the packages.
    pub(crate) fn script(&self, path: &str, node_options: &[&str]) -> Command {
        let mut command = Command::new(&self.node);
        command.args(node_options).arg(self.file(path));
        command
    }
}

/// The path of Node, which must be recent enough.
pub(crate) fn find() -> Result<PathBuf> {
    let node = process::on_path("node").with_context(|| {
        format!("Node is not on PATH; install version {OLDEST} or newer from https://nodejs.org")
    })?;
    let said = process::output(Command::new(&node).arg("--version"))?;
    match major(&said) {
        Some(version) if version >= OLDEST => Ok(node),
        _ => bail!(
            "Node {} is too old; install version {OLDEST} or newer from https://nodejs.org",
            said.trim()
        ),
    }
}

fn major(version: &str) -> Option<u32> {
    let number = version.trim().strip_prefix('v')?;
    number.split('.').next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_major_version_of_node_is_read() {
        let cases = [
            ("v20.20.2\n", Some(20)),
            ("v6.1", Some(6)),
            ("20.1.0", None),
            ("", None),
            ("vx", None),
        ];
        for (said, expected) in cases {
            assert_eq!(major(said), expected, "{said:?}");
        }
    }
}
