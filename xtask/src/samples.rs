//! Having the sample pictures and the icons drawn.

use crate::{cargo, process, workspace::Workspace};
use anyhow::Result;

/// What `cargo xtask samples` was asked for.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Options {
    /// Only compare the pictures with what would be drawn.
    pub(crate) check: bool,
}

/// Draws or checks `www/samples/` and `www/icons/app/`.
pub(crate) fn samples(workspace: &Workspace, options: &Options) -> Result<()> {
    let mut command = cargo::command();
    command
        .current_dir(workspace.root())
        // Drawing is slow without optimisation, and the tests have been built so anyway.
        .args(["run", "--quiet", "--profile", "test", "--package", "xtask"])
        .args(["--features", "samples", "--bin", "xtask-samples", "--"])
        .arg(workspace.join("www/mnist"))
        .arg(workspace.join("www/samples"))
        .arg(workspace.join("www/icons/app"));
    if options.check {
        command.arg("--check");
    }
    process::run(&mut command)
}
