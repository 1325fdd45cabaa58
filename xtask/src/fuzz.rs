//! Searching for bytes that a parser does not take well.
//!
//! The targets are functions of the package `digitlab-fuzz`; libFuzzer, which its crate compiles, thinks out bytes for
//! them. What libFuzzer has to know of the code is put in by flags that the stable compiler has.

use crate::{cache::Cache, cargo, process, workspace::Workspace};
use anyhow::{Context, Result, bail, ensure};
use std::{
    env, fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

/// What `cargo xtask fuzz` was asked for.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Options {
    /// The targets; none for all.
    pub(crate) targets: Vec<String>,
    /// How long each is searched.
    pub(crate) seconds: u32,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            targets: Vec::new(),
            seconds: 60,
        }
    }
}

/// The package of the targets, its program, and the profile that it is built with.
const PACKAGE: &str = "digitlab-fuzz";
const PROFILE: &str = "fuzz";

/// What tells libFuzzer which code ran and what was compared: what `cargo fuzz` passes when no sanitizer is asked for.
const FLAGS: [&str; 7] = [
    "--cfg=fuzzing",
    "-Cpasses=sancov-module",
    "-Cllvm-args=-sanitizer-coverage-level=4",
    "-Cllvm-args=-sanitizer-coverage-inline-8bit-counters",
    "-Cllvm-args=-sanitizer-coverage-pc-table",
    "-Cllvm-args=-sanitizer-coverage-trace-compares",
    // So that a find tells where it happened.
    "-Cforce-frame-pointers=yes",
];

/// A case that takes longer, in seconds, is a find. Beside a search of its own, a machine may have much to do.
const LONGEST: u32 = 25;

/// Memory of the whole program that is a find, in MB. Each target has a closer limit of its own.
const MOST_MEMORY: u32 = 4_000;

/// The longest bytes that are thought out.
const MOST_BYTES: u32 = 100_000;

/// Searches, prints what came of it, and fails when there is a find.
pub(crate) fn fuzz(workspace: &Workspace, options: &Options) -> Result<()> {
    let outcomes = search_all(workspace, options)?;
    let found: Vec<_> = outcomes
        .iter()
        .filter_map(|outcome| outcome.find.as_deref())
        .collect();
    if !found.is_empty() {
        bail!(
            "found: {}; mend what is wrong and keep the files, since the tests give them to their targets from then on",
            found.join(", ")
        );
    }
    Ok(())
}

/// Searches with one target after the other, and prints what came of it.
pub(crate) fn search_all(workspace: &Workspace, options: &Options) -> Result<Vec<Outcome>> {
    let program = build(workspace)?;
    let listed = process::output(&mut Command::new(&program))?;
    let known: Vec<&str> = listed.lines().collect();
    for name in &options.targets {
        ensure!(
            known.contains(&name.as_str()),
            "there is no target {name:?}; there are {}",
            known.join(", ")
        );
    }
    let wanted = known.iter().filter(|name| {
        options.targets.is_empty() || options.targets.iter().any(|own| own == *name)
    });
    let cache = Cache::open()?;
    let mut outcomes = Vec::new();
    for name in wanted {
        println!("\n=== {name}, {} s", options.seconds);
        let outcome = search(
            workspace,
            &program,
            &cache.folder("fuzz"),
            name,
            options.seconds,
        )?;
        println!("{}", outcome.line());
        outcomes.push(outcome);
    }
    println!("\n{}", Outcome::HEAD);
    outcomes
        .iter()
        .for_each(|outcome| println!("{}", outcome.line()));
    Ok(outcomes)
}

/// Builds the program, with folders of its own because of its flags.
fn build(workspace: &Workspace) -> Result<PathBuf> {
    let host = process::output(cargo::rustc().arg("-vV"))?;
    let host = host
        .lines()
        .find_map(|line| line.strip_prefix("host: "))
        .context("rustc does not say which machine this is")?;
    let folder = workspace.target().join("fuzz");
    println!("Building the targets into {}", folder.display());
    process::run(
        cargo::command()
            .current_dir(workspace.root())
            .args([
                "build",
                "--package",
                PACKAGE,
                "--bin",
                PACKAGE,
                "--profile",
                PROFILE,
            ])
            // Or the flags would hold for build scripts, too, which cannot be linked then.
            .args(["--target", host])
            .env("CARGO_TARGET_DIR", &folder)
            .env("CARGO_ENCODED_RUSTFLAGS", FLAGS.join("\x1f")),
    )?;
    let name = format!("{PACKAGE}{}", env::consts::EXE_SUFFIX);
    Ok(folder.join(host).join(PROFILE).join(name))
}

/// Searches with one target. What is worth to go on from is kept in the cache, a find in the checkout.
fn search(
    workspace: &Workspace,
    program: &Path,
    cache: &Path,
    name: &str,
    seconds: u32,
) -> Result<Outcome> {
    let corpus = cache.join(name).join("corpus");
    let seeds = cache.join(name).join("seeds");
    let found = workspace.join("tests/fuzz/found").join(name);
    // Seeds that are no longer there must not stay.
    drop(fs::remove_dir_all(&seeds));
    for folder in [&corpus, &seeds] {
        fs::create_dir_all(folder)
            .with_context(|| format!("cannot create {}", folder.display()))?;
    }
    let new = cache.join(name).join("found");
    drop(fs::remove_dir_all(&new));
    fs::create_dir_all(&new)?;
    let mut command = Command::new(program);
    command
        .env("DIGITLAB_FUZZ_TARGET", name)
        .env("DIGITLAB_FUZZ_SEEDS", &seeds)
        .arg(format!("-dict={}", seeds.with_extension("dict").display()))
        // With the slash that makes it a folder.
        .arg(format!("-artifact_prefix={}", new.join("").display()))
        .arg(format!("-max_total_time={seconds}"))
        .arg(format!("-timeout={LONGEST}"))
        .arg(format!("-report_slow_units={LONGEST}"))
        .arg(format!("-rss_limit_mb={MOST_MEMORY}"))
        .arg(format!("-max_len={MOST_BYTES}"))
        .arg("-print_final_stats=1")
        .args([&corpus, &seeds])
        .args(found.is_dir().then_some(&found))
        .stdin(Stdio::null())
        .stdout(Stdio::null());
    let output = command
        .stderr(Stdio::piped())
        .output()
        .with_context(|| format!("cannot start {}", program.display()))?;
    let said = String::from_utf8_lossy(&output.stderr);
    let mut outcome = Outcome::of(name, &said);
    if output.status.success() {
        return Ok(outcome);
    }
    let (at, lines) = (said.lines().count().saturating_sub(40), said.lines());
    lines.skip(at).for_each(|line| println!("{line:.300}"));
    let mut files: Vec<PathBuf> = fs::read_dir(&new)?
        .map(|entry| Ok(entry?.path()))
        .collect::<Result<_>>()?;
    let Some(file) = files.pop() else {
        bail!("{name} ended with {} and left no file", output.status);
    };
    fs::create_dir_all(&found)?;
    let kept = found.join(file.file_name().context("a file has a name")?);
    fs::copy(&file, &kept).with_context(|| format!("cannot write {}", kept.display()))?;
    outcome.find = Some(kept.display().to_string());
    Ok(outcome)
}

/// What came of a search.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Outcome {
    name: String,
    /// How many bytes were tried.
    pub(crate) executions: u64,
    per_second: u64,
    /// Places of the code that were reached.
    coverage: u64,
    /// The most memory of the whole program.
    megabytes: u64,
    /// The file of what was found.
    pub(crate) find: Option<String>,
}

impl Outcome {
    const HEAD: &str = "target            executions   per second   coverage   memory   found";

    /// Reads what libFuzzer says.
    fn of(name: &str, said: &str) -> Self {
        let stat = |key: &str| {
            let line = said.lines().rev().find_map(|line| line.strip_prefix(key))?;
            line.trim().parse().ok()
        };
        let coverage = said.lines().rev().find_map(|line| {
            let rest = line.split_once(" cov: ")?.1;
            rest.split_whitespace().next()?.parse().ok()
        });
        Self {
            name: name.to_owned(),
            executions: stat("stat::number_of_executed_units:").unwrap_or_default(),
            per_second: stat("stat::average_exec_per_sec:").unwrap_or_default(),
            coverage: coverage.unwrap_or_default(),
            megabytes: stat("stat::peak_rss_mb:").unwrap_or_default(),
            find: None,
        }
    }

    fn line(&self) -> String {
        format!(
            "{:<16} {:>11} {:>12} {:>10} {:>5} MB   {}",
            self.name,
            self.executions,
            self.per_second,
            self.coverage,
            self.megabytes,
            self.find.as_deref().unwrap_or("nothing")
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_libfuzzer_says_is_read() {
        let said = "\
#2\tINITED cov: 10 ft: 11 corp: 1/1b exec/s: 0 rss: 30Mb
#901\tNEW    cov: 345 ft: 811 corp: 9/60b lim: 8 exec/s: 0 rss: 40Mb L: 3/8 MS: 1 EraseBytes-
Done 1000 runs in 5 second(s)
stat::number_of_executed_units: 1000
stat::average_exec_per_sec:     200
stat::peak_rss_mb:              41
";
        let outcome = Outcome::of("idx", said);
        let expected = Outcome {
            name: "idx".into(),
            executions: 1000,
            per_second: 200,
            coverage: 345,
            megabytes: 41,
            find: None,
        };
        assert_eq!(outcome, expected);
        assert!(outcome.line().starts_with("idx  "));
        let [head, line] = [Outcome::HEAD, &outcome.line()]
            .map(|text| text.find("nothing").or(text.find("found")));
        assert_eq!(head, line, "the columns stand below their heads");
    }
}
