//! One test's visit to a page: it starts a browser, watches for what the page reports, and keeps a picture of a failure.

use std::io::Write;
use std::panic::{AssertUnwindSafe, Location, resume_unwind};
use std::path::{Path, PathBuf};
use std::thread;

use futures_util::FutureExt;

use crate::browser::{Browser, LogEntry, Window};
use crate::engine::{Engine, firefox};
use crate::environment;
use crate::lab::{LAB_PAGE, Lab};
use crate::launch::PATIENCE;
use crate::site::Site;

/// Chromium counts the seconds from the preload to the use, which tells how busy the machine is. What is never used shows
/// in the bytes of a first visit.
const PRELOADED_EARLY: &str = "was preloaded using link preload but not used within a few seconds";

/// A visit in preparation.
#[derive(Debug)]
pub struct Visit {
    name: String,
    window: Window,
    expected: Vec<String>,
    left_out: bool,
}

impl Visit {
    /// A visit for the calling test, in a window of ordinary size.
    #[track_caller]
    #[expect(
        clippy::new_without_default,
        reason = "the caller's place names the visit"
    )]
    pub fn new() -> Self {
        let thread = thread::current();
        // The test's own name, which libtest gives to its thread, unless it runs all of them on the main one.
        let name = match thread.name() {
            Some(name) if name != "main" => name.replace("::", "-"),
            _ => {
                let place = Location::caller();
                let file = Path::new(place.file())
                    .file_stem()
                    .unwrap_or_default()
                    .to_string_lossy();
                format!("{file}-{}", place.line())
            }
        };
        Self {
            name,
            window: Window::default(),
            expected: Vec::new(),
            left_out: false,
        }
    }

    /// Gives the window another shape.
    pub fn window(mut self, window: Window) -> Self {
        self.window = window;
        self
    }

    /// Lets the site keep itself for use without the network and answer its routes.
    pub fn offline(mut self) -> Self {
        self.window.offline = true;
        self
    }

    /// Lets pass what the browser reports, when it contains this text, or what Firefox says instead: the test provokes
    /// it.
    pub fn expecting(mut self, text: &str) -> Self {
        self.expected.push(text.to_owned());
        self
    }

    /// Leaves the test out in other browsers, for this reason, which is printed.
    pub fn only(mut self, engines: &[Engine], reason: &str) -> Self {
        let engine = Engine::current();
        if !engines.contains(&engine) {
            // Straight to the stream: the test harness keeps back what a test prints that does not fail.
            let _ = writeln!(
                std::io::stderr(),
                "left out in {engine}: {}: {reason}",
                self.name
            );
            self.left_out = true;
        }
        self
    }

    /// Leaves the test out where the browser gives a site no files of its own. What is said there has a test of its own.
    pub fn with_own_files(self) -> Self {
        let mut engines = Engine::ALL.to_vec();
        engines.retain(|engine| engine.has_own_files());
        self.only(&engines, "it gives a site no files of its own here")
    }

    /// Runs the test, fails it for anything unexpected that the browser reported, and takes a picture when it fails.
    ///
    /// # Panics
    /// When the test does, or the browser reported an error or a warning.
    pub async fn run(self, test: impl AsyncFnOnce(&Browser)) {
        if self.left_out {
            return;
        }
        let browser = Browser::start(&self.window).await;
        let outcome = AssertUnwindSafe(async {
            test(&browser).await;
            let unexpected = self.unexpected(browser.console().await);
            assert!(
                unexpected.is_empty(),
                "the browser reported:\n{}",
                lines(&unexpected)
            );
        });
        let outcome = outcome.catch_unwind().await;
        if outcome.is_err() {
            // A browser that hangs cannot be asked either.
            let _ = tokio::time::timeout(PATIENCE, self.keep_evidence(&browser)).await;
        }
        browser.close().await;
        if let Err(panic) = outcome {
            resume_unwind(panic);
        }
    }

    /// The same on the page that does nothing of its own accord, with the ES module of the site.
    ///
    /// # Panics
    /// As [`run`](Self::run).
    pub async fn run_lab(self, site: &Site, test: impl AsyncFnOnce(&Lab<'_>)) {
        self.run(async |browser| {
            browser.open(&site.url(LAB_PAGE)).await;
            test(&browser.lab(&site.url("digitlab.js"))).await;
        })
        .await;
    }

    fn unexpected(&self, entries: Vec<LogEntry>) -> Vec<LogEntry> {
        let is_expected = |message: &str| {
            self.expected.iter().any(|text| {
                let others = match Engine::current() {
                    Engine::Firefox => firefox::in_its_words(text),
                    Engine::Chromium | Engine::WebKit => &[],
                };
                message.contains(text) || others.iter().any(|other| message.contains(other))
            })
        };
        let unexpected = |entry: &LogEntry| {
            matches!(entry.level.as_str(), "SEVERE" | "WARNING")
                && !entry.message.contains(PRELOADED_EARLY)
                && !is_expected(&entry.message)
        };
        entries.into_iter().filter(unexpected).collect()
    }

    async fn keep_evidence(&self, browser: &Browser) {
        if let Some(picture) = browser.screenshot().await {
            let path = failures().join(format!("{}.png", self.name));
            if std::fs::write(&path, picture).is_ok() {
                eprintln!("the page as it was: {}", path.display());
            }
        }
        // A browser that has gone cannot be asked, and the test's own failure matters more.
        if let Ok(entries) = AssertUnwindSafe(browser.console()).catch_unwind().await {
            eprintln!("the browser reported:\n{}", lines(&entries));
        }
    }
}

/// The folder for pictures of failures.
pub(crate) fn failures() -> PathBuf {
    let folder = environment::workspace()
        .join("target")
        .join("browser-failures");
    // When this fails, so does the write that follows, which says where.
    let _ = std::fs::create_dir_all(&folder);
    folder
}

fn lines(entries: &[LogEntry]) -> String {
    let line = |entry: &LogEntry| format!("  {} {}: {}", entry.level, entry.source, entry.message);
    entries.iter().map(line).collect::<Vec<_>>().join("\n")
}
