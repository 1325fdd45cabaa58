//! Folders that are gone when they are no longer needed.

use anyhow::{Context, Result};
use std::{
    env, fs,
    path::{Path, PathBuf},
};

/// A folder for temporary files, removed when dropped.
pub(crate) struct Scratch {
    folder: PathBuf,
}

impl Scratch {
    /// A new, empty folder.
    pub(crate) fn new(name: &str) -> Result<Self> {
        let folder = env::temp_dir().join(format!("digitlab-{name}-{}", std::process::id()));
        fs::create_dir_all(&folder)
            .with_context(|| format!("cannot create {}", folder.display()))?;
        Ok(Self { folder })
    }

    /// Where it is.
    pub(crate) fn path(&self) -> &Path {
        &self.folder
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // A browser that is just ending may still hold a file; the system
        // clears its temporary folder anyway.
        let _ = fs::remove_dir_all(&self.folder);
    }
}
