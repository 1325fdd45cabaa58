//! What the core is handed from outside: the time, and seeds that nobody gave.

use anyhow::{Context, Result};
use std::time::Instant;

/// Microseconds since midnight, here.
pub(crate) fn micros_of_day() -> u64 {
    let time = jiff::Zoned::now().time();
    let seconds = [(time.hour(), 3600), (time.minute(), 60), (time.second(), 1)];
    let seconds: u64 = seconds
        .map(|(count, unit)| count as u64 * unit)
        .iter()
        .sum();
    seconds * 1_000_000 + time.subsec_nanosecond() as u64 / 1000
}

/// A seed from the system.
pub(crate) fn fresh_seed() -> Result<u64> {
    getrandom::u64().context("the system gave no random seed; name one with --seed")
}

/// Milliseconds since a moment, to the microsecond.
pub(crate) fn milliseconds_since(start: Instant) -> f64 {
    start.elapsed().as_micros() as f64 / 1000.0
}
