//! How far the work is, told while it goes on.

use crate::output::say_json;
use anyhow::Result;
use serde_json::json;
use std::collections::VecDeque;
use std::io::{self, IsTerminal, Write};
use std::time::{Duration, Instant};

/// Over how long the rate is measured.
const WINDOW: Duration = Duration::from_secs(10);

/// Who listens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Manner {
    /// Nobody.
    Quiet,
    /// A program, by lines of JSON on stdout.
    Json,
    /// A person, by a line on stderr that is written over.
    Line,
    /// A log, by lines on stderr every now and then.
    Log,
}

impl Manner {
    /// What suits the options and where stderr goes.
    pub(crate) fn of(json: bool, quiet: bool) -> Self {
        match (quiet, json, io::stderr().is_terminal()) {
            (true, ..) => Self::Quiet,
            (_, true, _) => Self::Json,
            (.., true) => Self::Line,
            (.., false) => Self::Log,
        }
    }

    fn pause(self) -> Duration {
        match self {
            Self::Line => Duration::from_millis(200),
            Self::Json => Duration::from_secs(1),
            Self::Quiet | Self::Log => Duration::from_secs(5),
        }
    }
}

/// A clock for items.
#[derive(Debug)]
pub(crate) struct Progress {
    manner: Manner,
    total: u64,
    told: Instant,
    /// When how many were done, over the last seconds.
    seen: VecDeque<(Instant, u64)>,
    /// Whether a line stands there that is not ended.
    open: bool,
}

impl Progress {
    /// Begins with so many done.
    pub(crate) fn new(manner: Manner, done: u64, total: u64) -> Self {
        let now = Instant::now();
        Self {
            manner,
            total,
            told: now,
            seen: VecDeque::from([(now, done)]),
            open: false,
        }
    }

    /// Takes note, and tells if it is time.
    pub(crate) fn at(&mut self, done: u64, bytes: u64) -> Result<()> {
        let now = Instant::now();
        self.see(now, done);
        if self.manner == Manner::Quiet || now - self.told < self.manner.pause() {
            return Ok(());
        }
        self.told = now;
        let rate = self.rate();
        let left = (rate > 0.0).then(|| (self.total - done) as f64 / rate);
        if self.manner == Manner::Json {
            return say_json(&json!({
                "event": "progress",
                "done": done,
                "total": self.total,
                "unit": "items",
                "rate": rate.round(),
                "secondsLeft": left.map(f64::ceil),
                "bytes": bytes,
            }));
        }
        let percent = 100 * done / self.total.max(1);
        let left = left.map_or(String::new(), |left| format!(", {} left", duration(left)));
        let line = format!(
            "{percent:3} %  {} of {} items, {} /s{left}",
            thousands(done),
            thousands(self.total),
            thousands(rate as u64)
        );
        let mut stderr = io::stderr();
        // A stderr that is closed listens no more.
        let _ = match self.manner {
            Manner::Line => {
                self.open = true;
                write!(stderr, "\r\x1b[K{line}")
            }
            _ => writeln!(stderr, "{line}"),
        };
        Ok(())
    }

    /// Leaves the line for what is said next.
    pub(crate) fn end(&mut self) {
        if std::mem::take(&mut self.open) {
            eprint!("\r\x1b[K");
        }
    }

    fn see(&mut self, now: Instant, done: u64) {
        if self.seen.back().is_some_and(|&(_, last)| last == done) {
            return;
        }
        self.seen.push_back((now, done));
        // One older than the window stays, so that there is always a span.
        while self.seen.len() > 2 && now - self.seen[1].0 > WINDOW {
            self.seen.pop_front();
        }
    }

    /// Items per second over the last seconds.
    fn rate(&self) -> f64 {
        let (Some((start, before)), Some((end, done))) = (self.seen.front(), self.seen.back())
        else {
            return 0.0;
        };
        let seconds = (*end - *start).as_secs_f64();
        match seconds > 0.0 {
            true => (done - before) as f64 / seconds,
            false => 0.0,
        }
    }
}

/// A number with its thousands set apart.
pub(crate) fn thousands(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

fn duration(seconds: f64) -> String {
    let seconds = seconds.ceil() as u64;
    match (seconds / 3600, seconds / 60 % 60, seconds % 60) {
        (0, 0, seconds) => format!("{seconds} s"),
        (0, minutes, seconds) => format!("{minutes} min {seconds} s"),
        (hours, minutes, _) => format!("{hours} h {minutes} min"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rate_is_that_of_the_last_seconds() {
        let mut progress = Progress::new(Manner::Quiet, 500, 10_000);
        let start = progress.seen[0].0;
        for second in 1..=30 {
            let speed = if second <= 15 { 10 } else { 100 };
            let done = progress.seen.back().expect("a first").1 + speed;
            progress.see(start + Duration::from_secs(second), done);
        }
        assert_eq!(progress.rate(), 100.0);
    }

    #[test]
    fn numbers_and_durations_are_written_for_people() {
        assert_eq!(thousands(1_234_567), "1,234,567");
        assert_eq!(duration(0.2), "1 s");
        assert_eq!(duration(61.0), "1 min 1 s");
        assert_eq!(duration(7_300.0), "2 h 1 min");
    }
}
