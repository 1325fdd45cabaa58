//! What tests print, passed on and understood.

use anyhow::{Context, Result};
use std::{
    io::{BufRead, BufReader, Read},
    process::{Command, Stdio},
    thread,
};

/// How a run of tests went.
#[derive(Debug, Default)]
pub(crate) struct Outcomes {
    /// Whether the command came to a good end: also what is not compiled has failed.
    pub(crate) succeeded: bool,
    /// The names of the tests, and whether each passed.
    pub(crate) tests: Vec<(String, bool)>,
    /// The names of those that passed because they were left out, for a reason that was printed.
    pub(crate) left_out: Vec<String>,
}

impl Outcomes {
    /// The names of those that failed.
    pub(crate) fn failed(&self) -> Vec<&str> {
        let failed = self.tests.iter().filter(|(_, passed)| !passed);
        failed.map(|(name, _)| name.as_str()).collect()
    }
}

/// Runs tests to their end.
pub(crate) fn run(command: &mut Command) -> Result<Outcomes> {
    let mut child = command
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .context("cannot start the tests")?;
    let output = child.stdout.take().context("the output was asked for")?;
    let errors = child.stderr.take().context("the errors were asked for")?;
    let mut outcomes = Outcomes::default();
    thread::scope(|scope| -> Result<()> {
        let left_out = scope.spawn(|| {
            let mut names = Vec::new();
            lines(errors, |line| {
                eprintln!("{line}");
                names.extend(left_out(line));
            })
            .map(|()| names)
        });
        lines(output, |line| {
            println!("{line}");
            outcomes.tests.extend(outcome(line));
        })?;
        outcomes.left_out = left_out.join().expect("it does not panic")?;
        Ok(())
    })?;
    outcomes.succeeded = child.wait()?.success();
    Ok(outcomes)
}

/// Hands over each line as it comes, whatever its bytes are.
fn lines(stream: impl Read, mut take: impl FnMut(&str)) -> Result<()> {
    for line in BufReader::new(stream).split(b'\n') {
        let line = line.context("cannot read what the tests print")?;
        take(&String::from_utf8_lossy(&line));
    }
    Ok(())
}

/// The test that a line says is left out: `left out in WebKit: module-test: reason`.
fn left_out(line: &str) -> Option<String> {
    let (_, rest) = line.strip_prefix("left out in ")?.split_once(": ")?;
    let (name, _) = rest.split_once(": ")?;
    Some(name.replacen('-', "::", 1))
}

/// The test that a line tells about, and whether it passed; nothing where it did not run.
fn outcome(line: &str) -> Option<(String, bool)> {
    let (name, result) = line.strip_prefix("test ")?.split_once(" ... ")?;
    let passed = match result {
        "ok" => true,
        "FAILED" => false,
        _ => return None,
    };
    (!name.contains(' ')).then(|| (name.to_owned(), passed))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn outcomes_are_known_by_their_lines() {
        let outcome = |line| outcome(line).map(|(name, passed)| (name == "a::b", passed));
        assert_eq!(outcome("test a::b ... FAILED"), Some((true, false)));
        assert_eq!(outcome("test a::b ... ok"), Some((true, true)));
        for line in [
            "test a::b ... ignored",
            "test result: FAILED. 253 passed; 4 failed",
            "a::b ... FAILED",
            "    a::b",
            "",
        ] {
            assert_eq!(outcome(line), None, "{line}");
        }
    }

    #[test]
    fn what_is_left_out_is_known_by_its_line() {
        let name = left_out("left out in WebKit: frames_lab-a_b: it has no files: none");
        assert_eq!(name.as_deref(), Some("frames_lab::a_b"));
        for line in ["left out", "left out in WebKit", "test a ... ok", ""] {
            assert_eq!(left_out(line), None, "{line}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_run_is_passed_on_and_understood() {
        let run = |script: &str| run(Command::new("sh").args(["-c", script])).unwrap();
        let outcomes = run(
            "printf 'test a ... ok\\ntest b ... ig%s\\n' nored; echo 'left out in X: c-d: why' >&2; exit 3",
        );
        assert!(!outcomes.succeeded);
        assert_eq!(outcomes.tests, [("a".to_owned(), true)]);
        assert_eq!(outcomes.left_out, ["c::d"]);
        assert!(outcomes.failed().is_empty());
        assert!(run("true").succeeded);
    }
}
