//! Cargo as a child of a program that cargo itself runs.

use std::{env, process::Command};

/// A cargo of the toolchain in use, without what the outer cargo told about
/// xtask: build scripts that watch such variables would run again and again.
pub(crate) fn command() -> Command {
    let mut command = Command::new(program("CARGO", "cargo"));
    for (name, _) in env::vars_os() {
        let name = name.to_string_lossy();
        if name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_") {
            command.env_remove(&*name);
        }
    }
    command
}

/// The compiler of the toolchain in use.
pub(crate) fn rustc() -> Command {
    Command::new(program("RUSTC", "rustc"))
}

fn program(variable: &str, default: &str) -> std::ffi::OsString {
    env::var_os(variable).unwrap_or_else(|| default.into())
}
