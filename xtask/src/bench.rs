//! Measuring against the peers.

use crate::{
    browsers::Engine, cache::Cache, cargo, node::Packages, process, python, site, test,
    workspace::Workspace,
};
use anyhow::Result;
use std::{env, path::PathBuf};

/// What `cargo xtask bench` was asked for.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Options {
    /// Measure only these parts, and keep what is known of the others.
    pub(crate) only: Option<String>,
}

/// Builds the site and runs the benchmark, which prints and writes its table.
pub(crate) fn bench(workspace: &Workspace, options: &Options) -> Result<()> {
    let cache = Cache::open()?;
    let python = python::ensure(&cache, workspace, python::REFERENCES)?;
    let opencv = Packages::ensure(&cache, workspace, "opencv")?;
    let onnxruntime = Packages::ensure(&cache, workspace, "onnxruntime")?;
    let papaparse = Packages::ensure(&cache, workspace, "papaparse")?;
    let tensorflow = Packages::ensure(&cache, workspace, "tensorflow")?;
    let programs = Engine::Chromium.ensure(&cache)?;
    let site = site::build_apart(workspace)?;
    let program = program(workspace)?;
    process::run(
        test::with_site(&mut cargo::command(), &site, &programs)
            .current_dir(workspace.root())
            .args(["run", "--release", "--package", "digitlab-bench", "--"])
            .args(&options.only)
            .env("DIGITLAB_PYTHON", python)
            .env(
                "DIGITLAB_OPENCV",
                opencv.file("@techstark/opencv-js/dist/opencv.js"),
            )
            .env("DIGITLAB_ONNXRUNTIME", onnxruntime.file(test::ONNXRUNTIME))
            .env(
                "DIGITLAB_PAPAPARSE",
                papaparse.file("papaparse/papaparse.min.js"),
            )
            .env("DIGITLAB_PROGRAM", program)
            .env("DIGITLAB_TENSORFLOW", tensorflow.file("@tensorflow")),
    )
}

/// The command line, built to be fast.
fn program(workspace: &Workspace) -> Result<PathBuf> {
    process::run(cargo::command().current_dir(workspace.root()).args([
        "build",
        "--release",
        "--features",
        "cli",
        "--bin",
        "digitlab",
    ]))?;
    let name = format!("digitlab{}", env::consts::EXE_SUFFIX);
    Ok(workspace.target().join("release").join(name))
}
