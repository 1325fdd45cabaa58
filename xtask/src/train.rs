//! Having the models trained.

use crate::{cargo, process, workspace::Workspace};
use anyhow::Result;

/// What `cargo xtask train` was asked for.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Options {
    /// Only see whether training works, in less than a minute.
    pub(crate) smoke: bool,
    /// The only model to train.
    pub(crate) model: Option<String>,
}

/// The models that can be trained, in their order: the second learns from the first.
pub(crate) const MODELS: [&str; 2] = ["default", "tiny"];

/// Trains the models and writes them into `models/`.
pub(crate) fn train(workspace: &Workspace, options: &Options) -> Result<()> {
    let mut command = cargo::command();
    command
        .current_dir(workspace.root())
        .args(["run", "--quiet", "--package", "xtask", "--profile", "train"])
        .args(["--features", "train", "--bin", "xtask-train", "--"])
        .arg(workspace.root())
        // Without the vector instructions of this machine it takes five times as long.
        .env("RUSTFLAGS", "-C target-cpu=native");
    if options.smoke {
        command.arg("--smoke");
    }
    if let Some(model) = &options.model {
        command.args(["--model", model]);
    }
    process::run(&mut command)
}
