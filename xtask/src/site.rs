//! Building the site into `dist/`.

use crate::{
    cache::Cache, compress, finish, node::Packages, process, tools, wasm_opt, workspace::Workspace,
};
use anyhow::{Context, Result};
use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
    time::Instant,
};

/// What `cargo xtask build` was asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Options {
    /// Build without optimisation.
    pub(crate) debug: bool,
    /// Where the page takes its digits from, if not from the site itself.
    pub(crate) bucket: Option<String>,
}

/// Builds the site into `dist/` and prints how large the engine became.
pub(crate) fn build(workspace: &Workspace, options: &Options) -> Result<()> {
    build_into(workspace, &workspace.dist(), options)
}

/// Builds the site once more beside `dist/`, where a running `serve` does not
/// exchange it under the feet of who tests or measures it.
pub(crate) fn build_apart(workspace: &Workspace) -> Result<PathBuf> {
    let folder = workspace.target().join("site");
    build_into(workspace, &folder, &Options::default())?;
    Ok(folder)
}

fn build_into(workspace: &Workspace, folder: &Path, options: &Options) -> Result<()> {
    let started = Instant::now();
    let mut trunk = trunk(workspace, options)?;
    println!("Building the site into {}", folder.display());
    fs::create_dir_all(folder)?;
    process::run(trunk.arg("build").arg("--dist").arg(folder))?;
    for file in modules(folder)? {
        println!("{}", size(&file)?);
    }
    println!(
        "The site is ready after {:.1} s",
        started.elapsed().as_secs_f64()
    );
    Ok(())
}

/// Trunk, with all it needs installed and at hand.
pub(crate) fn trunk(workspace: &Workspace, options: &Options) -> Result<Command> {
    let cache = Cache::open()?;
    tools::wasm_target()?;
    tools::fetch(workspace)?;
    let trunk = tools::trunk(&cache)?;
    let bindgen = tools::wasm_bindgen(&cache, workspace)?;
    if !options.debug {
        Packages::ensure(&cache, workspace, wasm_opt::PACKAGES)?;
    }
    let mut command = Command::new(trunk.join("trunk"));
    command
        .current_dir(workspace.root())
        .env("PATH", process::path_with(&[bindgen, trunk])?)
        // Trunk accepts only `true` and `false` here and exits on the usual `1`.
        .env_remove("NO_COLOR")
        .env_remove(finish::SERVED);
    if !options.debug {
        command.env("TRUNK_BUILD_RELEASE", "true");
    }
    match &options.bucket {
        Some(bucket) => command.env(finish::BUCKET, bucket),
        None => command.env_remove(finish::BUCKET),
    };
    Ok(command)
}

/// The wasm files of a built site.
pub(crate) fn modules(site: &Path) -> Result<Vec<PathBuf>> {
    let entries = fs::read_dir(site).with_context(|| format!("cannot read {}", site.display()))?;
    let mut files = Vec::new();
    for entry in entries {
        let path = entry?.path();
        if path
            .extension()
            .is_some_and(|extension| extension == "wasm")
        {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

/// One line about a file: its size as it is and, in a release build, as it travels.
fn size(file: &Path) -> Result<String> {
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    let kilobytes = |bytes: u64| bytes as f64 / 1e3;
    let raw = kilobytes(fs::metadata(file)?.len());
    Ok(match compress::size_with_brotli(file) {
        Some(brotli) => format!(
            "{name}: {raw:.1} kB, {:.1} kB with brotli",
            kilobytes(brotli)
        ),
        None => format!("{name}: {raw:.1} kB"),
    })
}
