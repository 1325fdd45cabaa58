//! What comes from others: the licences and sources of crates, and the faults that are known of crates and npm packages.

use crate::{cache::Cache, process, tools, workspace::Workspace};
use anyhow::{Context, Result, bail};
use serde_json::Value;
use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
};

/// Licences, sources and banned crates, as `deny.toml` says.
pub(crate) fn licences(workspace: &Workspace) -> Result<()> {
    process::run(deny(workspace)?.args(["check", "licenses", "bans", "sources"]))
}

/// What the database of RustSec says of the crates. It lies on GitHub, which not every machine may reach.
pub(crate) fn advisories(workspace: &Workspace) -> Result<()> {
    let output = heard(deny(workspace)?.args(["check", "advisories"]))?;
    let said = String::from_utf8_lossy(&output.stderr);
    print!("{said}");
    if output.status.success() {
        return Ok(());
    }
    if said.contains(NO_DATABASE) {
        println!(
            "Advisories were not looked up: the database of RustSec could not be fetched from GitHub."
        );
        return Ok(());
    }
    bail!("cargo-deny has found something")
}

/// What cargo-deny says when it cannot bring the database.
const NO_DATABASE: &str = "failed to fetch advisory database";

fn deny(workspace: &Workspace) -> Result<Command> {
    let folder = tools::deny(&Cache::open()?)?;
    let mut command = Command::new(folder.join("cargo-deny"));
    command.current_dir(workspace.root());
    Ok(command)
}

/// What the registry of npm knows of each set of packages. Not every registry answers that.
pub(crate) fn npm_audit(workspace: &Workspace) -> Result<()> {
    let npm = process::on_path("npm")
        .context("npm is not on PATH; it comes with Node, see https://nodejs.org")?;
    let mut bad = Vec::new();
    for folder in sets(&workspace.join("xtask/node"))? {
        let name = folder
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        let output = heard(
            Command::new(&npm)
                .args(["audit", "--package-lock-only", "--json"])
                .current_dir(&folder),
        )?;
        match Audit::of(&String::from_utf8_lossy(&output.stdout)) {
            Audit::Clean(0) => println!("{name}: nothing is known"),
            Audit::Clean(minor) => println!("{name}: {minor} minor findings, none of them high"),
            Audit::Bad(found) => {
                println!("{name}: {}", found.join(", "));
                bad.push(name);
            }
            Audit::NotHeard(reason) => {
                println!(
                    "{name} was not looked up: the registry does not answer what npm audit asks ({reason})."
                );
            }
        }
    }
    if !bad.is_empty() {
        bail!(
            "packages of {} have faults of severity high or above; `npm audit` there tells more",
            bad.join(", ")
        );
    }
    Ok(())
}

/// The folders of package sets, in order.
fn sets(folder: &Path) -> Result<Vec<PathBuf>> {
    let entries =
        fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))?;
    let mut sets = Vec::new();
    for entry in entries {
        let path = entry?.path();
        if path.join("package-lock.json").is_file() {
            sets.push(path);
        }
    }
    sets.sort();
    Ok(sets)
}

fn heard(command: &mut Command) -> Result<Output> {
    let output = command.stdin(Stdio::null()).output();
    output.with_context(|| {
        format!(
            "cannot start {}",
            Path::new(command.get_program()).display()
        )
    })
}

/// What npm says of a set.
#[derive(Debug, PartialEq, Eq)]
enum Audit {
    /// Nothing of severity high or above, and how many of less.
    Clean(u64),
    /// The packages with faults of severity high or above.
    Bad(Vec<String>),
    /// Nobody has answered, and why.
    NotHeard(String),
}

impl Audit {
    fn of(said: &str) -> Self {
        let report: Value = serde_json::from_str(said).unwrap_or_default();
        let Some(counts) = report["metadata"]["vulnerabilities"].as_object() else {
            let reason = report["message"].as_str().unwrap_or("without a reason");
            return Self::NotHeard(reason.to_owned());
        };
        let is_bad = |severity: &str| ["high", "critical"].contains(&severity);
        let count = |bad: bool| -> u64 {
            let counts = counts
                .iter()
                .filter(|(name, _)| *name != "total" && is_bad(name) == bad);
            counts.filter_map(|(_, count)| count.as_u64()).sum()
        };
        if count(true) == 0 {
            return Self::Clean(count(false));
        }
        let packages = report["vulnerabilities"].as_object().into_iter().flatten();
        let bad = packages.filter_map(|(name, found)| {
            let severity = found["severity"]
                .as_str()
                .filter(|severity| is_bad(severity))?;
            Some(format!("{name} ({severity})"))
        });
        Self::Bad(bad.collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_npm_says_is_understood() {
        let clean = r#"{"vulnerabilities": {}, "metadata": {"vulnerabilities": {"info": 0, "low": 2, "moderate": 1, "high": 0, "critical": 0, "total": 3}}}"#;
        let bad = r#"{"vulnerabilities": {"a": {"severity": "high"}, "b": {"severity": "low"}, "c": {"severity": "critical"}},
            "metadata": {"vulnerabilities": {"low": 1, "high": 1, "critical": 1, "total": 3}}}"#;
        let unheard =
            r#"{"message": "405 Method Not Allowed", "statusCode": 405, "error": {"summary": ""}}"#;
        assert_eq!(Audit::of(clean), Audit::Clean(3));
        assert_eq!(
            Audit::of(bad),
            Audit::Bad(vec!["a (high)".into(), "c (critical)".into()])
        );
        assert_eq!(
            Audit::of(unheard),
            Audit::NotHeard("405 Method Not Allowed".into())
        );
        assert_eq!(
            Audit::of("no JSON"),
            Audit::NotHeard("without a reason".into())
        );
    }

    #[test]
    fn every_set_of_packages_is_looked_at() {
        let sets = sets(&Workspace::find().join("xtask/node")).unwrap();
        let names: Vec<_> = sets
            .iter()
            .map(|set| set.file_name().unwrap().to_string_lossy())
            .collect();
        assert!(
            names.contains(&"lint".into()) && names.contains(&"wasm-opt".into()),
            "{names:?}"
        );
    }
}
