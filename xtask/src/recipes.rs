//! Looking at the recipes for deployment: Docker's and those of GitHub Actions.

use crate::{cache::Cache, process, python, workspace::Workspace};
use anyhow::Result;
use std::process::Command;

const WORKFLOWS: [&str; 2] = [
    ".github/workflows/test.yaml",
    ".github/workflows/pages.yaml",
];

/// Compares the recipes with the schemas of those who read them, and has them linted.
pub(crate) fn check(workspace: &Workspace) -> Result<()> {
    // Python is not asked of those who only want to change the lab.
    let python = match python::ensure(&Cache::open()?, workspace, python::RECIPES) {
        Ok(python) => python,
        Err(error) => {
            println!("The recipes for Docker and GitHub Actions are not looked at: {error:#}");
            return Ok(());
        }
    };
    let beside = |program: &str| {
        let mut command = Command::new(python.with_file_name(program));
        command.current_dir(workspace.root());
        command
    };
    // The schemas come with the package; its script names a place where it no longer is.
    for (schema, files) in [
        ("vendor.github-workflows", &WORKFLOWS[..]),
        ("custom.github-workflows-require-timeout", &WORKFLOWS),
        ("vendor.compose-spec", &["compose.yaml"]),
    ] {
        process::run(
            Command::new(&python)
                .current_dir(workspace.root())
                .args(["-m", "check_jsonschema", "--builtin-schema", schema])
                .args(files),
        )?;
    }
    process::run(
        beside("zizmor")
            .args(["--offline", "--no-progress", "--quiet"])
            .args(WORKFLOWS),
    )?;
    process::run(beside("hadolint").arg("Dockerfile"))
}
