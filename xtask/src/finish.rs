//! Finishing what Trunk has built, before it becomes the site.

use crate::{
    cache::Cache, compress, config, headers, node::Packages, precache, site, wasm_opt,
    workspace::Workspace,
};
use anyhow::{Context, Result};
use std::{env, fs, path::PathBuf, sync::Mutex, thread};

/// Carries the address of the bucket from the command line through Trunk to here.
pub(crate) const BUCKET: &str = "DIGITLAB_BUCKET";

/// Says that the site is served while it is worked on.
pub(crate) const SERVED: &str = "DIGITLAB_SERVED";

/// Trunk's hook: sets the bucket, writes the headers for hosts, optimises the modules of a release build, lists the files,
/// and compresses those of a release build.
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
    headers::write(&staging)?;
    let is_release = variable("TRUNK_PROFILE")? == "release";
    if is_release {
        let packages = Packages::ensure(&Cache::open()?, workspace, wasm_opt::PACKAGES)?;
        optimise(workspace, &packages, site::modules(&staging)?)?;
    }
    // After all that changes files: the hashes are those of what is served.
    if env::var_os(SERVED).is_some() {
        return precache::write_empty(&staging);
    }
    precache::write(&staging)?;
    if is_release {
        compress::compress(workspace, &staging)?;
    }
    Ok(())
}

/// Optimises modules, as many at a time as there are cores: each takes one.
fn optimise(workspace: &Workspace, packages: &Packages, modules: Vec<PathBuf>) -> Result<()> {
    let cores = thread::available_parallelism().map_or(1, usize::from);
    let waiting = Mutex::new(modules);
    let work = || -> Result<()> {
        loop {
            let next = waiting.lock().expect("nobody panics with it").pop();
            match next {
                Some(file) => wasm_opt::optimise(workspace, packages, &file)?,
                None => return Ok(()),
            }
        }
    };
    thread::scope(|scope| {
        let workers: Vec<_> = (0..cores).map(|_| scope.spawn(work)).collect();
        let done = workers
            .into_iter()
            .map(|worker| worker.join().expect("it does not panic"));
        done.collect()
    })
}
