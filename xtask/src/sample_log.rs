//! Having the sample of an image log made.

use crate::{cargo, process, workspace::Workspace};
use anyhow::Result;
use std::path::PathBuf;

/// What `cargo xtask sample-log` was asked for.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Options {
    /// Only compare the sample with what would be made.
    pub(crate) check: bool,
    /// A file of its own, and how many times as long as the sample it shall be.
    pub(crate) long: Option<(PathBuf, u64)>,
}

/// Makes or checks `www/samples/log/`, or writes a longer log.
pub(crate) fn sample_log(workspace: &Workspace, options: &Options) -> Result<()> {
    let mut command = cargo::command();
    command
        .current_dir(workspace.root())
        // Drawing is slow without optimisation, and the tests have been built so anyway.
        .args(["run", "--quiet", "--profile", "test", "--package", "xtask"])
        .args(["--features", "sample-log", "--bin", "xtask-sample-log"])
        .arg("--");
    if let Some((file, times)) = &options.long {
        // The command may have been called from another folder.
        command.args(["--times", &times.to_string()]);
        command.arg(std::path::absolute(file)?);
    } else {
        command.arg(workspace.join("www/samples/log"));
    }
    if options.check {
        command.arg("--check");
    }
    process::run(&mut command)
}
