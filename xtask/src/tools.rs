//! What cargo and rustup bring: the wasm target, Trunk, wasm-bindgen and geckodriver.

use crate::{cache::Cache, cargo, process, workspace::Workspace};
use anyhow::{Context, Result};
use std::{
    env::consts::EXE_SUFFIX,
    fs,
    path::{Path, PathBuf},
    process::Command,
};

/// Newer ones do not build with the toolchain of this project.
const TRUNK: &str = "0.21.14";

/// The one that the tests were tried with.
const GECKODRIVER: &str = "0.37.1";

/// What looks at the crates of others.
const DENY: &str = "0.20.2";

/// The target of the browser build.
pub(crate) const WASM: &str = "wasm32-unknown-unknown";

/// The folder with `trunk`.
pub(crate) fn trunk(cache: &Cache) -> Result<PathBuf> {
    let crate_ = Crate {
        name: "trunk",
        version: TRUNK,
        locked: true,
        programs: &["trunk"],
        takes: "about 5 minutes",
    };
    crate_.ensure(cache)
}

/// The folder with `geckodriver`.
pub(crate) fn geckodriver(cache: &Cache) -> Result<PathBuf> {
    let crate_ = Crate {
        name: "geckodriver",
        version: GECKODRIVER,
        locked: true,
        programs: &["geckodriver"],
        takes: "about 2 minutes",
    };
    crate_.ensure(cache)
}

/// The folder with `wasm-bindgen` and `wasm-bindgen-test-runner`, in the very
/// version that the engine is linked with: they share a private format.
pub(crate) fn wasm_bindgen(cache: &Cache, workspace: &Workspace) -> Result<PathBuf> {
    let version = wasm_bindgen_version(workspace)?;
    let crate_ = Crate {
        name: "wasm-bindgen-cli",
        version: &version,
        // Its lock file asks for crates that not every registry still offers.
        locked: false,
        programs: &["wasm-bindgen", "wasm-bindgen-test-runner"],
        takes: "about 3 minutes",
    };
    crate_.ensure(cache)
}

/// The folder with `cargo-deny`.
pub(crate) fn deny(cache: &Cache) -> Result<PathBuf> {
    let crate_ = Crate {
        name: "cargo-deny",
        version: DENY,
        locked: true,
        programs: &["cargo-deny"],
        takes: "about 4 minutes",
    };
    crate_.ensure(cache)
}

/// Sees to it that the compiler can build for the browser.
pub(crate) fn wasm_target() -> Result<()> {
    let libraries =
        process::output(cargo::rustc().args(["--print", "target-libdir", "--target", WASM]))?;
    if Path::new(libraries.trim()).is_dir() {
        return Ok(());
    }
    rustup(&["target", "add", WASM]).with_context(|| {
        format!("the compiler lacks the target {WASM}; install it the way you installed Rust")
    })
}

/// Sees to it that cargo has a subcommand that comes as a toolchain component.
pub(crate) fn component(subcommand: &str, component: &str) -> Result<()> {
    if process::output(cargo::command().args([subcommand, "--version"])).is_ok() {
        return Ok(());
    }
    rustup(&["component", "add", component]).with_context(|| {
        format!("the toolchain lacks {component}; install it the way you installed Rust")
    })
}

/// Downloads the crates of `Cargo.lock`, since Trunk is told to work offline.
pub(crate) fn fetch(workspace: &Workspace) -> Result<()> {
    process::run(cargo::command().arg("fetch").current_dir(workspace.root()))
}

fn rustup(arguments: &[&str]) -> Result<()> {
    let rustup = process::on_path("rustup").context("rustup is not on PATH")?;
    println!("Running rustup {}", arguments.join(" "));
    process::run(Command::new(rustup).args(arguments))
}

/// A program that cargo builds from a registry crate.
struct Crate<'a> {
    name: &'a str,
    version: &'a str,
    locked: bool,
    programs: &'a [&'a str],
    takes: &'a str,
}

impl Crate<'_> {
    /// The folder with the programs.
    fn ensure(&self, cache: &Cache) -> Result<PathBuf> {
        let key = format!("{}-{}", self.programs[0], self.version);
        let folder = cache.ensure(
            &key,
            |folder| self.answers(&folder.join("bin")),
            |staging| {
                println!(
                    "Installing {} {} into {} ({}, once)",
                    self.name,
                    self.version,
                    cache.folder(&key).display(),
                    self.takes
                );
                self.install(staging)
            },
        )?;
        Ok(folder.join("bin"))
    }

    fn install(&self, folder: &Path) -> Result<()> {
        let mut install = cargo::command();
        install
            .args(["install", self.name, "--version", self.version, "--root"])
            .arg(folder)
            // Or cargo would advise to put the folder there.
            .env("PATH", process::path_with(&[folder.join("bin")])?)
            // Away from the checkout, whose cargo configuration is not meant for tools.
            .current_dir(folder);
        if self.locked {
            install.arg("--locked");
        }
        process::run(&mut install)
    }

    /// Whether every program is there and is of the wanted version.
    fn answers(&self, folder: &Path) -> bool {
        self.programs.iter().all(|program| {
            let file = folder.join(format!("{program}{EXE_SUFFIX}"));
            process::is_program(&file)
                && process::output(Command::new(file).arg("--version"))
                    .is_ok_and(|said| said.split_whitespace().any(|word| word == self.version))
        })
    }
}

fn wasm_bindgen_version(workspace: &Workspace) -> Result<String> {
    let file = workspace.join("Cargo.lock");
    let lock =
        fs::read_to_string(&file).with_context(|| format!("cannot read {}", file.display()))?;
    locked_version(&lock, "wasm-bindgen")
        .map(str::to_owned)
        .context("Cargo.lock does not name a version of wasm-bindgen")
}

/// The version of a package in a `Cargo.lock`.
fn locked_version<'a>(lock: &'a str, package: &str) -> Option<&'a str> {
    let mut lines = lock.lines().map(|line| line.split_once(" = "));
    lines.find(|field| *field == Some(("name", &format!("\"{package}\""))))?;
    match lines.next()?? {
        ("version", version) => Some(version.trim_matches('"')),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOCK: &str = "\
version = 4

[[package]]
name = \"wasm-bindgen-macro\"
version = \"0.2.1\"
dependencies = [
 \"wasm-bindgen\",
]

[[package]]
name = \"wasm-bindgen\"
version = \"0.2.130\"
source = \"registry\"

[[package]]
name = \"odd\"
";

    #[test]
    fn the_locked_version_is_that_of_the_very_package() {
        let cases = [
            ("wasm-bindgen", Some("0.2.130")),
            ("wasm-bindgen-macro", Some("0.2.1")),
            ("wasm", None),
            ("odd", None),
        ];
        for (package, expected) in cases {
            assert_eq!(locked_version(LOCK, package), expected, "{package}");
        }
    }

    #[test]
    fn the_lock_of_this_workspace_names_wasm_bindgen() {
        let version = wasm_bindgen_version(&Workspace::find()).unwrap();
        assert!(version.starts_with("0.2."), "{version}");
    }
}
