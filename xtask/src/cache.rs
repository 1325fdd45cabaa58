//! The folder outside the checkout that keeps the tools, keyed by version.

use anyhow::{Context, Result, bail};
use sha2::{Digest, Sha256};
use std::{
    env,
    ffi::OsString,
    fs::{self, File},
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

    /// The folder of a tool, filled by `install` if it is not `complete` yet.
    ///
    /// `install` works in a folder beside it, so that an interrupted one leaves
    /// nothing that looks complete. Of two processes that want the same tool, the
    /// second waits for the first.
    pub(crate) fn ensure(
        &self,
        key: &str,
        complete: impl Fn(&Path) -> bool,
        install: impl FnOnce(&Path) -> Result<()>,
    ) -> Result<PathBuf> {
        let folder = self.folder(key);
        if complete(&folder) {
            return Ok(folder);
        }
        let lock = File::create(self.root.join(format!(".{key}.lock")))
            .with_context(|| format!("cannot write into {}", self.root.display()))?;
        if lock.try_lock().is_err() {
            println!("Waiting for another process that installs {key}");
            lock.lock()?;
        }
        if complete(&folder) {
            return Ok(folder);
        }
        let staging = self.root.join(format!(".{key}"));
        remove(&staging)?;
        fs::create_dir_all(&staging)?;
        install(&staging)?;
        if !complete(&staging) {
            bail!("{key} was installed but is not usable");
        }
        remove(&folder)?;
        fs::rename(&staging, &folder)
            .with_context(|| format!("cannot create {}", folder.display()))?;
        Ok(folder)
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
    use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

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

    fn scratch(name: &str) -> Cache {
        let root = env::temp_dir().join(format!("xtask-{name}-{}", std::process::id()));
        fs::create_dir_all(&root).unwrap();
        Cache { root }
    }

    fn holds_tool(folder: &Path) -> bool {
        folder.join("tool").is_file()
    }

    #[test]
    fn an_interrupted_install_is_made_again() {
        let cache = scratch("interrupted");
        let failed = cache.ensure("tool-1", holds_tool, |folder| {
            fs::write(folder.join("half"), "")?;
            bail!("no network")
        });
        let looks_complete = cache.folder("tool-1").exists();
        let folder = cache.ensure("tool-1", holds_tool, |folder| {
            Ok(fs::write(folder.join("tool"), "")?)
        });
        let folder = folder.unwrap();
        let left_over = folder.join("half").exists();
        fs::remove_dir_all(&cache.root).unwrap();
        assert_eq!(failed.unwrap_err().to_string(), "no network");
        assert!(!looks_complete && !left_over);
        assert_eq!(folder, cache.folder("tool-1"));
    }

    #[test]
    fn what_is_complete_is_not_installed_again() {
        let cache = scratch("complete");
        let installs = AtomicUsize::new(0);
        let ensure = || {
            cache.ensure("tool-1", holds_tool, |folder| {
                installs.fetch_add(1, Relaxed);
                // Long enough for the other thread to arrive in the meantime.
                std::thread::sleep(std::time::Duration::from_millis(50));
                Ok(fs::write(folder.join("tool"), "")?)
            })
        };
        std::thread::scope(|scope| {
            let other = scope.spawn(ensure);
            ensure().unwrap();
            other.join().unwrap().unwrap();
        });
        fs::remove_dir_all(&cache.root).unwrap();
        assert_eq!(installs.load(Relaxed), 1);
    }

    #[test]
    fn an_install_that_makes_nothing_usable_is_an_error() {
        let cache = scratch("useless");
        let result = cache.ensure("tool-1", holds_tool, |_| Ok(()));
        fs::remove_dir_all(&cache.root).unwrap();
        assert!(result.unwrap_err().to_string().contains("not usable"));
    }
}
