//! The files of a folder.

use anyhow::{Context, Result};
use std::{
    fs,
    path::{Path, PathBuf},
};

/// The paths of all files below a folder in their order, with slashes between their parts.
pub(crate) fn below(folder: &Path) -> Result<Vec<String>> {
    let mut paths = Vec::new();
    walk(folder, folder, &mut paths)?;
    // The order of a folder is the file system's own.
    paths.sort();
    Ok(paths)
}

fn walk(root: &Path, folder: &Path, paths: &mut Vec<String>) -> Result<()> {
    let entries =
        fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))?;
    for entry in entries {
        let path: PathBuf = entry?.path();
        if path.is_dir() {
            walk(root, &path, paths)?;
        } else {
            let parts: Vec<_> = path.strip_prefix(root)?.iter().collect();
            let parts: Option<Vec<_>> = parts.iter().map(|part| part.to_str()).collect();
            paths.push(
                parts
                    .with_context(|| format!("{} has no ordinary name", path.display()))?
                    .join("/"),
            );
        }
    }
    Ok(())
}
