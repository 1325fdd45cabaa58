//! A folder of files that a program makes: written, or compared with what is there.

use anyhow::{Context, Result, ensure};
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// Files by name.
pub(crate) type Files = BTreeMap<String, Vec<u8>>;

/// Writes the files, and removes those of an older list: they are no longer `what`.
pub(crate) fn write(folder: &Path, files: &Files, what: &str) -> Result<()> {
    fs::create_dir_all(folder).with_context(|| format!("cannot create {}", folder.display()))?;
    for name in names(folder)? {
        if !files.contains_key(&name) {
            fs::remove_file(folder.join(&name))?;
            println!("Removed {name}, which is no longer {what}");
        }
    }
    for (name, bytes) in files {
        let path = folder.join(name);
        // What is the same is left alone, so that a running `serve` does not rebuild.
        if fs::read(&path).ok().as_ref() != Some(bytes) {
            fs::write(&path, bytes).with_context(|| format!("cannot write {}", path.display()))?;
        }
    }
    Ok(())
}

/// Fails unless the folder holds exactly these files, which `command` makes.
pub(crate) fn compare(folder: &Path, files: &Files, command: &str) -> Result<()> {
    let mut wrong = Vec::new();
    for (name, bytes) in files {
        match fs::read(folder.join(name)) {
            Ok(found) if found == *bytes => {}
            Ok(_) => wrong.push(format!("{name} differs")),
            Err(error) => wrong.push(format!("{name}: {error}")),
        }
    }
    for name in names(folder)? {
        if !files.contains_key(&name) {
            wrong.push(format!("{name} does not belong there"));
        }
    }
    ensure!(
        wrong.is_empty(),
        "{} is not what `{command}` would make:\n  {}",
        folder.display(),
        wrong.join("\n  ")
    );
    Ok(())
}

/// The names of all files in a folder; what is in folders within is made by others.
fn names(folder: &Path) -> Result<Vec<String>> {
    let entries =
        fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))?;
    let mut names = Vec::new();
    for entry in entries {
        let entry = entry?;
        if !entry.file_type()?.is_dir() {
            names.push(entry.file_name().to_string_lossy().into_owned());
        }
    }
    Ok(names)
}
