//! A second try for tests that drive a browser: on a busy machine one of hundreds may fail for want of time. What fails
//! twice has failed, and what passes only alone is named.

use crate::{libtest, process};
use anyhow::{Result, bail};
use std::process::Command;

/// More failures than these are no accident.
const MOST: usize = 8;

/// Runs tests by a command that ends with what libtest is told, and those that failed once more, one at a time.
pub(crate) fn run(tests: impl Fn() -> Command) -> Result<()> {
    let outcomes = libtest::run(&mut tests())?;
    if outcomes.succeeded {
        return Ok(());
    }
    let failed = outcomes.failed();
    if failed.is_empty() || failed.len() > MOST {
        bail!("{} tests failed", failed.len());
    }
    println!("\n=== once more, alone: {}", failed.join(", "));
    let mut again = tests();
    again.args(["--exact", "--test-threads=1"]);
    process::run(again.args(&failed))?;
    println!("Passed only when they ran alone: {}", failed.join(", "));
    Ok(())
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn only_what_failed_runs_again_and_a_second_failure_counts() {
        let shell = |script: &str| {
            let script = script.to_owned();
            move || {
                let mut command = Command::new("sh");
                command.args(["-c", &script, "sh"]);
                command
            }
        };
        // The arguments of the second run: --exact --test-threads=1 a::b.
        let once = r#"case "$*" in "") echo "test a::b ... FAILED"; echo "test c ... ok"; exit 1;; "--exact --test-threads=1 a::b") exit 0;; *) exit 2;; esac"#;
        run(shell(once)).unwrap();
        run(shell("exit 0")).unwrap();
        let twice = "[ -n \"$*\" ] || echo 'test a::b ... FAILED'; exit 1";
        run(shell(twice)).unwrap_err();
        let broken = "echo 'error: could not compile'; exit 101";
        run(shell(broken)).unwrap_err();
        let many =
            "for n in 1 2 3 4 5 6 7 8 9; do echo \"test t$n ... FAILED\"; done; [ -n \"$*\" ]";
        run(shell(many)).unwrap_err();
    }
}
