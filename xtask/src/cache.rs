//! The folder outside the checkout that keeps the tools, keyed by version.

use anyhow::{Context, Result};
use sha2::{Digest, Sha256};
use std::{
    env,
    ffi::OsString,
    fs,
    path::{Path, PathBuf},
};

/// The tools folder.
pub(crate) struct Cache {
    root: PathBuf,
}

impl Cache {
    /// `DIGITLAB_CACHE`, or `digitlab` in the caches folder of the system.
    pub(crate) fn open() -> Result<Self> {
        let root = locate(env::consts::OS, |name| env::var_os(name)).context(
            "there is no home folder to keep the tools in; set DIGITLAB_CACHE to a folder",
        )?;
        let root = std::path::absolute(root)?;
        fs::create_dir_all(&root)
            .with_context(|| format!("cannot create the tools folder {}", root.display()))?;
        Ok(Self { root })
    }

    /// The folder of one tool.
    pub(crate) fn folder(&self, key: &str) -> PathBuf {
        self.root.join(key)
    }

    /// Fills the folder of a tool through `install`, which works in a folder
    /// beside it: an interrupted install leaves nothing that looks complete.
    pub(crate) fn install(
        &self,
        key: &str,
        install: impl FnOnce(&Path) -> Result<()>,
    ) -> Result<PathBuf> {
        let folder = self.folder(key);
        let staging = self.root.join(format!(".{key}.{}", std::process::id()));
        remove(&staging)?;
        fs::create_dir_all(&staging)
            .with_context(|| format!("cannot create {}", staging.display()))?;
        let result = install(&staging).and_then(|()| {
            remove(&folder)?;
            fs::rename(&staging, &folder)
                .with_context(|| format!("cannot create {}", folder.display()))
        });
        if result.is_err() {
            // The first error is the one to tell.
            let _ = remove(&staging);
        }
        result.map(|()| folder)
    }
}

/// Sixteen hexadecimal digits that change when any of the parts does.
pub(crate) fn key_of(parts: &[&[u8]]) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update((part.len() as u64).to_le_bytes());
        hash.update(part);
    }
    hash.finalize()[..8]
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

fn locate(system: &str, variable: impl Fn(&str) -> Option<OsString>) -> Option<PathBuf> {
    let folder = |name: &str| {
        variable(name)
            .filter(|value| !value.is_empty())
            .map(PathBuf::from)
    };
    if let Some(own) = folder("DIGITLAB_CACHE") {
        return Some(own);
    }
    let caches = match system {
        "windows" => folder("LOCALAPPDATA"),
        "macos" => folder("HOME").map(|home| home.join("Library/Caches")),
        // The XDG rules say that a relative path is to be ignored.
        _ => folder("XDG_CACHE_HOME")
            .filter(|path| path.has_root())
            .or_else(|| folder("HOME").map(|home| home.join(".cache"))),
    };
    caches.map(|caches| caches.join("digitlab"))
}

fn remove(folder: &Path) -> Result<()> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(error).with_context(|| format!("cannot remove {}", folder.display()))
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tools_folder_follows_the_system() {
        type Case = (
            &'static str,
            &'static [(&'static str, &'static str)],
            Option<&'static str>,
        );
        let cases: &[Case] = &[
            ("linux", &[("HOME", "/h")], Some("/h/.cache/digitlab")),
            (
                "linux",
                &[("HOME", "/h"), ("XDG_CACHE_HOME", "/x")],
                Some("/x/digitlab"),
            ),
            (
                "linux",
                &[("HOME", "/h"), ("XDG_CACHE_HOME", "x")],
                Some("/h/.cache/digitlab"),
            ),
            (
                "linux",
                &[("HOME", "/h"), ("DIGITLAB_CACHE", "/d")],
                Some("/d"),
            ),
            (
                "linux",
                &[("HOME", "/h"), ("DIGITLAB_CACHE", "")],
                Some("/h/.cache/digitlab"),
            ),
            (
                "macos",
                &[("HOME", "/h")],
                Some("/h/Library/Caches/digitlab"),
            ),
            ("windows", &[("LOCALAPPDATA", "/l")], Some("/l/digitlab")),
            ("linux", &[], None),
        ];
        for (system, variables, expected) in cases {
            let found = locate(system, |name| {
                let value = variables.iter().find(|(key, _)| *key == name);
                value.map(|(_, value)| OsString::from(value))
            });
            assert_eq!(found, expected.map(PathBuf::from), "{system} {variables:?}");
        }
    }

    #[test]
    fn a_key_depends_on_every_part_and_on_where_parts_end() {
        let keys = [
            key_of(&[b"ab", b"c"]),
            key_of(&[b"a", b"bc"]),
            key_of(&[b"ab", b"d"]),
            key_of(&[b"abc"]),
        ];
        for (i, key) in keys.iter().enumerate() {
            assert_eq!(key.len(), 16);
            assert!(!keys[..i].contains(key), "{keys:?}");
        }
        assert_eq!(keys[0], key_of(&[b"ab", b"c"]));
    }

    #[test]
    fn a_failed_install_leaves_nothing_and_keeps_the_old() {
        let root = env::temp_dir().join(format!("xtask-cache-{}", std::process::id()));
        fs::create_dir_all(&root).unwrap();
        let cache = Cache { root: root.clone() };
        let write =
            |text: &'static str| move |folder: &Path| Ok(fs::write(folder.join("tool"), text)?);
        cache.install("tool-1", write("old")).unwrap();
        let failed = cache.install("tool-1", |folder| {
            fs::write(folder.join("half"), "")?;
            anyhow::bail!("no network")
        });
        let kept = fs::read_to_string(root.join("tool-1/tool")).unwrap();
        let entries = fs::read_dir(&root).unwrap().count();
        cache.install("tool-1", write("new")).unwrap();
        let replaced = fs::read_to_string(root.join("tool-1/tool")).unwrap();
        fs::remove_dir_all(&root).unwrap();
        assert_eq!(failed.unwrap_err().to_string(), "no network");
        assert_eq!(
            (kept.as_str(), replaced.as_str(), entries),
            ("old", "new", 1)
        );
    }
}
