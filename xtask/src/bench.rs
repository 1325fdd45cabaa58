//! Measuring against the peers.

use crate::{
    cache::Cache, cargo, chromium::Chromium, node::Packages, process, python, site, test,
    workspace::Workspace,
};
use anyhow::Result;

/// What `cargo xtask bench` was asked for.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Options {
    /// Measure only this part, and write nothing.
    pub(crate) only: Option<String>,
}

/// Builds the site and runs the benchmark, which prints and writes its table.
pub(crate) fn bench(workspace: &Workspace, options: &Options) -> Result<()> {
    let cache = Cache::open()?;
    let python = python::ensure(&cache, workspace)?;
    let opencv = Packages::ensure(&cache, workspace, "opencv")?;
    let onnxruntime = Packages::ensure(&cache, workspace, "onnxruntime")?;
    let chromium = Chromium::ensure()?;
    let site = site::build_apart(workspace)?;
    process::run(
        test::with_site(&mut cargo::command(), &site, &chromium)
            .current_dir(workspace.root())
            .args(["run", "--release", "--package", "digitlab-bench", "--"])
            .args(&options.only)
            .env("DIGITLAB_PYTHON", python)
            .env(
                "DIGITLAB_OPENCV",
                opencv.file("@techstark/opencv-js/dist/opencv.js"),
            )
            .env(
                "DIGITLAB_ONNXRUNTIME",
                onnxruntime.file("onnxruntime-web/dist"),
            ),
    )
}
