//! Finishing what Trunk has built, before it becomes the site.

use crate::{cache::Cache, config, node::Packages, site, wasm_opt, workspace::Workspace};
use anyhow::{Context, Result};
use std::{env, fs, path::PathBuf};

/// Carries the address of the bucket from the command line through Trunk to here.
pub(crate) const BUCKET: &str = "DIGITLAB_BUCKET";

/// Trunk's hook: sets the bucket, and optimises the modules of a release build.
pub(crate) fn finish(workspace: &Workspace) -> Result<()> {
    let variable = |name: &str| {
        env::var_os(name)
            .with_context(|| format!("{name} is not set: this is a hook for Trunk to run"))
    };
    let staging = PathBuf::from(variable("TRUNK_STAGING_DIR")?);
    if let Ok(bucket) = env::var(BUCKET) {
        let file = staging.join("config.js");
        let source =
            fs::read_to_string(&file).with_context(|| format!("cannot read {}", file.display()))?;
        fs::write(&file, config::with_bucket(&source, &bucket)?)?;
    }
    if variable("TRUNK_PROFILE")? == "release" {
        let packages = Packages::ensure(&Cache::open()?, workspace, wasm_opt::PACKAGES)?;
        for file in site::modules(&staging)? {
            wasm_opt::optimise(workspace, &packages, &file)?;
        }
    }
    Ok(())
}
