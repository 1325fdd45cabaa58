//! Measuring what can be trusted: the bars T1 to T8, by the tests that show them.

use crate::{
    browsers::Engine,
    cargo, fuzz,
    libtest::{self, Outcomes},
    lighthouse,
    parts::Parts,
    site, test,
    workspace::Workspace,
};
use anyhow::{Context, Result, bail, ensure};
use digitlab_report::{Bar, Report};
use jiff::Timestamp;
use std::{fmt, fs, process::Command};

/// What `cargo xtask trust` was asked for.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Options {
    /// The bars, such as `T1`; none for all.
    pub(crate) bars: Vec<String>,
    /// The browsers; all if none is named.
    pub(crate) engines: Vec<Engine>,
}

/// A bar that tests show.
struct Shown {
    id: &'static str,
    work: &'static str,
    bar: &'static str,
    /// How the names of the tests in the browser begin that show it; an empty text is all of them.
    browser: &'static [&'static str],
    /// The same of the tests of the core.
    native: &'static [&'static str],
}

const SHOWN: [Shown; 6] = [
    Shown {
        id: "T1",
        work: "same seed, same pixels: natively and in each browser, tests that compare with what is pinned",
        bar: "identical",
        browser: &["same_pixels::", "module::fixed_seeds", "routes_table::"],
        native: &["golden::"],
    },
    Shown {
        id: "T2",
        work: "core transforms against Albumentations' results, tests",
        bar: "within what the specification allows",
        browser: &[],
        native: &["augment::references::", "augment::companions::"],
    },
    Shown {
        id: "T4",
        work: "end-to-end tests of every page",
        bar: "all pass in each browser",
        browser: &[""],
        native: &[],
    },
    Shown {
        id: "T5",
        work: "axe-core on every page and state, tests",
        bar: "0 violations",
        browser: &["axe::"],
        native: &[],
    },
    Shown {
        id: "T7",
        work: "without a network after the first visit, tests",
        bar: "every page works",
        browser: &["offline::"],
        native: &[],
    },
    Shown {
        id: "T8",
        work: "faults, tests",
        bar: "a clear message, nothing lost, the rest goes on",
        browser: &["faults", "trouble::", "cache::"],
        native: &[],
    },
];

/// Fuzzing.
const FUZZED: &str = "T3";
/// Lighthouse.
const JUDGED: &str = "T6";
/// All of them.
const ALL: [&str; 8] = ["T1", "T2", FUZZED, "T4", "T5", JUDGED, "T7", "T8"];

/// A run of tests: where, and how it went.
struct Run {
    /// None where no browser is needed.
    engine: Option<Engine>,
    outcomes: Outcomes,
}

/// Runs what shows the bars, and writes how it went into the results.
pub(crate) fn trust(workspace: &Workspace, options: &Options) -> Result<()> {
    if let Some(other) = options.bars.iter().find(|bar| !ALL.contains(&bar.as_str())) {
        bail!("there is no bar {other:?}; there are {}", ALL.join(", "));
    }
    let is_wanted = |id: &str| options.bars.is_empty() || options.bars.iter().any(|bar| bar == id);
    let wanted: Vec<&Shown> = SHOWN.iter().filter(|shown| is_wanted(shown.id)).collect();
    let mut parts = Parts::default();
    let mut runs = Vec::new();
    let native = filters(wanted.iter().map(|shown| shown.native));
    if !native.is_empty() {
        parts.run("tests of the core", || {
            let outcomes = libtest::run(&mut core_tests(workspace, &native))?;
            end(&mut runs, None, outcomes)
        });
    }
    let browser = filters(wanted.iter().map(|shown| shown.browser));
    if !browser.is_empty() {
        let site = site::build_apart(workspace)?;
        for engine in engines(options) {
            let name = format!("tests in {}", engine.title());
            parts.run(&name, || {
                let tests = test::suite(workspace, &site, engine, &browser)?;
                end(&mut runs, Some(engine), libtest::run(&mut tests())?)
            });
        }
    }
    let mut report = Report::default();
    let file = workspace.join("benches/RESULTS.md");
    let known =
        fs::read_to_string(&file).with_context(|| format!("cannot read {}", file.display()))?;
    let known = Report::from_markdown(&known);
    for shown in &wanted {
        let before = known.bars(shown.id).next();
        let before = before.map_or("", |bar| bar.ours.as_str());
        report.bar(bar(shown, &runs, before));
    }
    if is_wanted(FUZZED) {
        parts.run("fuzzing", || fuzz(workspace, &mut report));
    }
    if is_wanted(JUDGED) {
        parts.run("Lighthouse", || judge(workspace, &mut report));
    }
    println!("\n{}", report.to_text());
    let names: Vec<_> = ALL.into_iter().filter(|id| is_wanted(id)).collect();
    let today = Timestamp::now().strftime("%F").to_string();
    report
        .renew_file(&file, &names.join(","), &today)
        .with_context(|| format!("cannot write {}", file.display()))?;
    println!("Written to {}", file.display());
    parts.finish()
}

fn fuzz(workspace: &Workspace, report: &mut Report) -> Result<()> {
    let options = fuzz::Options::default();
    let outcomes = fuzz::search_all(workspace, &options)?;
    let found: Vec<_> = outcomes
        .iter()
        .filter_map(|outcome| outcome.find.as_deref())
        .collect();
    let executions: u64 = outcomes.iter().map(|outcome| outcome.executions).sum();
    report.bar(Bar {
        id: FUZZED.into(),
        work: format!(
            "every parser fuzzed ({} targets, {} s each)",
            outcomes.len(),
            options.seconds
        ),
        ours: format!("{executions} executions, {} finds", found.len()),
        peer: "-".into(),
        ratio: "-".into(),
        bar: "no panic, no hang, bounded memory".into(),
        met: !outcomes.is_empty() && found.is_empty(),
    });
    ensure!(found.is_empty(), "found: {}", found.join(", "));
    Ok(())
}

fn judge(workspace: &Workspace, report: &mut Report) -> Result<()> {
    let site = site::build_apart(workspace)?;
    let results = lighthouse::measure(workspace, &site, &lighthouse::DEVICES, &lighthouse::PLACES)?;
    let mut head = vec!["place", "device"];
    head.extend(lighthouse::BARS.map(|(_, title, _)| title));
    let rows = results.iter().map(|result| {
        let place = lighthouse::place_name(&result.place).to_owned();
        let scores = result.scores.iter().map(u64::to_string);
        [place, result.device.clone()]
            .into_iter()
            .chain(scores)
            .collect()
    });
    report.table(
        "Lighthouse",
        "The built site, served as a static host does, compressed.",
        &head,
        rows.collect(),
    );
    let least = |category: usize| results.iter().map(|result| result.scores[category]).min();
    let words: Vec<_> = lighthouse::BARS
        .iter()
        .enumerate()
        .map(|(at, (_, title, _))| format!("{title} {}", least(at).unwrap_or_default()))
        .collect();
    let misses: Vec<String> = results
        .iter()
        .flat_map(lighthouse::Scores::misses)
        .collect();
    report.bar(Bar {
        id: JUDGED.into(),
        work: format!(
            "Lighthouse, the least of {} places and devices",
            results.len()
        ),
        ours: words.join(", "),
        peer: "-".into(),
        ratio: "-".into(),
        bar: "at least 95 each, Accessibility 100".into(),
        met: !results.is_empty() && misses.is_empty(),
    });
    ensure!(misses.is_empty(), "below the bar: {}", misses.join(", "));
    Ok(())
}

fn engines(options: &Options) -> Vec<Engine> {
    match &*options.engines {
        [] => Engine::ALL.to_vec(),
        named => named.to_vec(),
    }
}

/// What tests are told that shall run only those with such names: nothing where all shall.
fn filters<'a>(names: impl Iterator<Item = &'a [&'a str]>) -> Vec<String> {
    let mut filters: Vec<String> = names.flatten().map(|&name| name.to_owned()).collect();
    if filters.iter().any(String::is_empty) {
        // The empty text is part of every name.
        filters = vec![String::new()];
    }
    filters
}

fn core_tests(workspace: &Workspace, filters: &[String]) -> Command {
    let mut command = cargo::command();
    command
        .current_dir(workspace.root())
        // The same packages as `cargo xtask test` builds: others would have all of them built again.
        .args(["test", "--workspace", "--all-features"])
        .args(["--exclude", test::BROWSER_PACKAGE, "--test", "core", "--"])
        .args(filters);
    command
}

fn end(runs: &mut Vec<Run>, engine: Option<Engine>, outcomes: Outcomes) -> Result<()> {
    let succeeded = outcomes.succeeded;
    let failed = outcomes.failed().join(", ");
    runs.push(Run { engine, outcomes });
    ensure!(succeeded, "the tests did not pass: {failed}");
    Ok(())
}

/// How a bar stands after these runs, when `before` is what was told of it, of which places that were not asked again
/// stay. It is met when in every place some tests show it and none fails.
fn bar(shown: &Shown, runs: &[Run], before: &str) -> Bar {
    let mut places: Vec<Place> = before.split(", ").filter_map(Place::read).collect();
    for run in runs {
        let (prefixes, name) = match run.engine {
            Some(engine) => (shown.browser, engine.title()),
            None => (shown.native, "natively"),
        };
        if prefixes.is_empty() {
            continue;
        }
        let mut place = Place {
            name: name.to_owned(),
            ..Place::default()
        };
        for (test, well) in &run.outcomes.tests {
            if !prefixes.iter().any(|prefix| test.starts_with(prefix)) {
                continue;
            }
            if run.outcomes.left_out.contains(test) {
                place.left_out += 1;
            } else {
                place.all += 1;
                place.passed += usize::from(*well);
            }
        }
        match places.iter_mut().find(|other| other.name == place.name) {
            Some(other) => *other = place,
            None => places.push(place),
        }
    }
    let words: Vec<String> = places.iter().map(Place::to_string).collect();
    Bar {
        id: shown.id.into(),
        work: shown.work.into(),
        ours: words.join(", "),
        peer: "-".into(),
        ratio: "-".into(),
        bar: shown.bar.into(),
        met: !places.is_empty() && places.iter().all(Place::is_well),
    }
}

/// How many tests passed where.
#[derive(Debug, Default, PartialEq, Eq)]
struct Place {
    name: String,
    passed: usize,
    all: usize,
    left_out: usize,
}

impl Place {
    /// Reads what [`Display`](fmt::Display) writes.
    fn read(text: &str) -> Option<Self> {
        let (text, left_out) = match text.split_once(" (") {
            Some((text, rest)) => (text, rest.strip_suffix(" left out)")?.parse().ok()?),
            None => (text, 0),
        };
        let (text, all) = text.split_once(" of ")?;
        let (name, passed) = text.split_once(' ')?;
        Some(Self {
            name: name.to_owned(),
            passed: passed.parse().ok()?,
            all: all.parse().ok()?,
            left_out,
        })
    }

    fn is_well(&self) -> bool {
        self.all > 0 && self.passed == self.all
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} of {}", self.name, self.passed, self.all)?;
        match self.left_out {
            0 => Ok(()),
            left_out => write!(f, " ({left_out} left out)"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(engine: Option<Engine>, tests: &[(&str, bool)], left_out: &[&str]) -> Run {
        let tests = tests
            .iter()
            .map(|(name, passed)| ((*name).to_owned(), *passed));
        let outcomes = Outcomes {
            succeeded: true,
            tests: tests.collect(),
            left_out: left_out.iter().map(|name| (*name).to_owned()).collect(),
        };
        Run { engine, outcomes }
    }

    const SAME: Shown = Shown {
        id: "T1",
        work: "work",
        bar: "bar",
        browser: &["same::"],
        native: &["golden::"],
    };

    #[test]
    fn a_bar_is_met_when_its_tests_ran_everywhere_and_passed() {
        let native = || run(None, &[("golden::a", true)], &[]);
        let chromium = |passed| {
            let tests = [("same::a", true), ("same::b", passed), ("other", false)];
            run(Some(Engine::Chromium), &tests, &[])
        };
        let found = bar(&SAME, &[native(), chromium(true)], "");
        assert_eq!(
            (found.ours.as_str(), found.met),
            ("natively 1 of 1, Chromium 2 of 2", true)
        );
        let found = bar(&SAME, &[native(), chromium(false)], "");
        assert_eq!(
            (found.ours.as_str(), found.met),
            ("natively 1 of 1, Chromium 1 of 2", false)
        );
        assert!(!bar(&SAME, &[], "").met);
        assert!(
            !bar(&SAME, &[run(None, &[], &[])], "").met,
            "no test showed it"
        );
    }

    #[test]
    fn what_a_browser_leaves_out_is_told() {
        let tests = [("same::a", true), ("same::b", true)];
        let found = bar(
            &SAME,
            &[run(Some(Engine::WebKit), &tests, &["same::b"])],
            "",
        );
        assert_eq!(
            (found.ours.as_str(), found.met),
            ("WebKit 1 of 1 (1 left out)", true)
        );
    }

    #[test]
    fn places_that_are_not_asked_again_keep_their_figures() {
        let tests = [("same::a", true)];
        let webkit = || run(Some(Engine::WebKit), &tests, &[]);
        let before = "natively 3 of 3, Chromium 4 of 4 (2 left out), WebKit 0 of 1";
        let found = bar(&SAME, &[webkit()], before);
        assert_eq!(
            found.ours,
            "natively 3 of 3, Chromium 4 of 4 (2 left out), WebKit 1 of 1"
        );
        assert!(found.met);
        let found = bar(&SAME, &[webkit()], "Firefox 1 of 2");
        assert_eq!(found.ours, "Firefox 1 of 2, WebKit 1 of 1");
        assert!(!found.met);
        assert_eq!(bar(&SAME, &[webkit()], "-").ours, "WebKit 1 of 1");
    }

    #[test]
    fn all_tests_run_when_a_bar_asks_for_all() {
        let names = |lists: &[&'static [&'static str]]| filters(lists.iter().copied());
        assert_eq!(names(&[&["a::"], &["b::", "c::"]]), ["a::", "b::", "c::"]);
        assert_eq!(names(&[&["a::"], &[""]]), [""]);
        assert!(names(&[&[], &[]]).is_empty());
    }
}
