//! The checkout that the commands work on.

use std::path::{Path, PathBuf};

/// The root of the checkout this xtask was built from.
pub(crate) struct Workspace {
    root: PathBuf,
}

impl Workspace {
    /// The checkout that holds xtask's own sources.
    pub(crate) fn find() -> Self {
        // Cargo says where the sources lie when it runs us, also after the
        // checkout has been moved; the path of build time serves a direct call.
        let manifest_dir = std::env::var_os("CARGO_MANIFEST_DIR")
            .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
        let root = manifest_dir
            .parent()
            .map_or_else(|| manifest_dir.clone(), Path::to_path_buf);
        Self { root }
    }

    /// The root folder.
    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// A path below the root.
    pub(crate) fn join(&self, path: impl AsRef<Path>) -> PathBuf {
        self.root.join(path)
    }

    /// The built site.
    pub(crate) fn dist(&self) -> PathBuf {
        self.join("dist")
    }

    /// Cargo's build folder, where intermediate files may go.
    pub(crate) fn target(&self) -> PathBuf {
        std::env::var_os("CARGO_TARGET_DIR")
            .map_or_else(|| self.join("target"), |dir| self.join(dir))
    }
}
