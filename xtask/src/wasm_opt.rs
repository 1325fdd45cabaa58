//! Making the wasm modules of a release build smaller and faster.

use crate::{cache, node::Packages, process, workspace::Workspace};
use anyhow::{Context, Result};
use std::{fs, path::Path, time::Instant};

/// The folder of `xtask/node` that brings wasm-opt; that of the systems is too old.
pub(crate) const PACKAGES: &str = "wasm-opt";

const FEATURES: [&str; 7] = [
    "--enable-bulk-memory",
    "--enable-multivalue",
    "--enable-mutable-globals",
    "--enable-nontrapping-float-to-int",
    "--enable-reference-types",
    "--enable-sign-ext",
    "--enable-simd",
];

/// How a module is optimised: for speed, or, where it is mostly code that runs once, for
/// size.
fn level(name: &str) -> &'static str {
    match name {
        "reader_bg.wasm" => "-Os",
        _ => "-O3",
    }
}

/// Optimises one module in place. What was optimised before is taken from the
/// build folder, since a change of the page leaves the module as it is.
pub(crate) fn optimise(workspace: &Workspace, packages: &Packages, file: &Path) -> Result<()> {
    let started = Instant::now();
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    let module = fs::read(file).with_context(|| format!("cannot read {}", file.display()))?;
    let lock = fs::read(
        workspace
            .join("xtask/node")
            .join(PACKAGES)
            .join("package-lock.json"),
    )?;
    let level = level(&name);
    let arguments = [&[level], &FEATURES[..]].concat();
    let key = cache::key_of(&[&module, arguments.join(" ").as_bytes(), &lock]);
    let folder = workspace.target().join("wasm-opt");
    let done = folder.join(format!("{key}.wasm"));
    if !done.is_file() {
        println!("Optimising {name}");
        fs::create_dir_all(&folder)?;
        // Two modules may be the same, and then are optimised at the same time.
        let staging = folder.join(format!("{key}.{}.{name}", std::process::id()));
        process::run(
            packages
                // Large functions are deeper than the usual stack.
                .script("binaryen/bin/wasm-opt", &["--stack-size=4000"])
                .args(&arguments)
                .arg(file)
                .arg("-o")
                .arg(&staging),
        )?;
        fs::rename(&staging, &done)?;
        println!(
            "Optimised {name} in {:.1} s",
            started.elapsed().as_secs_f64()
        );
    }
    fs::copy(&done, file).with_context(|| format!("cannot write {}", file.display()))?;
    Ok(())
}
