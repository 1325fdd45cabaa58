//! Commands of several parts, all of which run even when one fails.

use anyhow::{Result, bail};
use std::time::Instant;

/// What has run so far.
#[derive(Default)]
pub(crate) struct Parts {
    passed: Vec<String>,
    failed: Vec<String>,
}

impl Parts {
    /// Runs one part and says how it went.
    pub(crate) fn run(&mut self, name: &str, part: impl FnOnce() -> Result<()>) {
        println!("\n=== {name}");
        let started = Instant::now();
        let result = part();
        let seconds = started.elapsed().as_secs_f64();
        match result {
            Ok(()) => {
                println!("=== {name}: passed in {seconds:.1} s");
                self.passed.push(name.to_owned());
            }
            Err(error) => {
                println!("=== {name}: FAILED in {seconds:.1} s: {error:#}");
                self.failed.push(name.to_owned());
            }
        }
    }

    /// Names the parts that failed, if any did.
    pub(crate) fn finish(self) -> Result<()> {
        if !self.failed.is_empty() {
            bail!("failed: {}", self.failed.join(", "));
        }
        println!("\nAll passed: {}", self.passed.join(", "));
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_part_runs_and_the_failed_ones_are_named() {
        let mut parts = Parts::default();
        let mut ran = Vec::new();
        for (name, passes) in [("one", false), ("two", true), ("three", false)] {
            parts.run(name, || {
                ran.push(name);
                if passes { Ok(()) } else { bail!("broken") }
            });
        }
        assert_eq!(ran, ["one", "two", "three"]);
        assert_eq!(
            parts.finish().unwrap_err().to_string(),
            "failed: one, three"
        );
    }

    #[test]
    fn nothing_failed_is_a_success() {
        let mut parts = Parts::default();
        parts.run("one", || Ok(()));
        assert!(parts.finish().is_ok());
    }
}
