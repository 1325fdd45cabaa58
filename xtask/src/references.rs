//! Making the reference files of the tests with the real other systems.

use crate::{cache::Cache, cargo, process, python, workspace::Workspace};
use anyhow::{Context, Result, bail};
use std::{fs, process::Command};

/// Runs every script of `tests/reference`.
pub(crate) fn references(workspace: &Workspace) -> Result<()> {
    let folder = workspace.join("tests/reference");
    let entries =
        fs::read_dir(&folder).with_context(|| format!("cannot read {}", folder.display()))?;
    let mut scripts = Vec::new();
    for entry in entries {
        let file = entry?.path();
        if file.extension().is_some_and(|extension| extension == "py") {
            scripts.push(file);
        }
    }
    if scripts.is_empty() {
        bail!("{} has no scripts", folder.display());
    }
    scripts.sort();
    let python = python::ensure(&Cache::open()?, workspace, python::REFERENCES)?;
    for script in scripts {
        println!("Running {}", script.display());
        process::run(Command::new(&python).arg(script).arg(workspace.root()))?;
    }
    println!("Running what is exported with the real library");
    process::run(
        cargo::command()
            .current_dir(workspace.root())
            .args(["test", "--test", "core", "exports_run", "--", "--ignored"])
            .env("DIGITLAB_PYTHON", &python),
    )
}
