//! Every place of the page in every state, light and dark, wide and narrow: axe-core finds nothing against WCAG 2.2 A
//! and AA, nor against its own best practices, and nothing has to be scrolled sideways when the page is zoomed.
//!
//! The states are reached as a person reaches them; a file of this folder for each place.

mod api;
mod augment;
mod classify;
mod dataset;
mod frames;
mod generate;
mod robustness;
mod storage;
mod train;

use std::collections::BTreeSet;
use std::io::Write;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::{fs, io};

use digitlab_browser::{Browser, Engine, Scheme, Visit, Window, environment};
use serde_json::{Value, json};

/// The widths at which axe looks, in CSS pixels.
const WIDTHS: [u32; 2] = [1440, 360];

/// Widths at which nothing may stick out: a window of 1280 pixels at 200 % and at 400 %.
const ZOOMED: [u32; 2] = [640, 320];

const HEIGHT: u32 = 900;

/// All checks of all tests that have ended so far.
static CHECKS: AtomicUsize = AtomicUsize::new(0);
static STATES: AtomicUsize = AtomicUsize::new(0);

/// What axe is asked: all rules of WCAG 2.0 to 2.2, levels A and AA, and its best practices.
const ASK: &str = "
    const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22a', 'wcag22aa', 'best-practice'];
    return axe.run(document, { runOnly: { type: 'tag', values: tags }, elementRef: false })
      .then(({ violations, incomplete, passes, inapplicable }) => ({
        rules: [violations, incomplete, passes, inapplicable].flat().map(({ id }) => id),
        violations: violations.flatMap(({ id, nodes }) =>
          nodes.map(({ target, failureSummary }) => `${id}: ${target.flat().join(' ')}: ${failureSummary.replace(/\\s+/g, ' ')}`)),
        undecided: incomplete.flatMap(({ id, nodes }) => nodes.map(({ target }) => `${id}: ${target.flat().join(' ')}`)),
      }));";

/// Waits until what was changed is laid out, and what moves has come to rest.
const AT_REST: &str = "
    const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
    await frame();
    await frame();
    const ends = ({ effect }) => Number.isFinite(effect?.getComputedTiming().endTime ?? 0);
    await Promise.all(document.getAnimations().filter(ends).map(({ finished }) => finished.catch(() => {})));";

/// What is wider than the window, and has no place of its own to be scrolled in.
const OUTSIDE: &str = "
    const room = document.documentElement.clientWidth;
    const scrolls = (part) => {
      for (let around = part.parentElement; around; around = around.parentElement) {
        const { overflowX } = getComputedStyle(around);
        if (overflowX !== 'visible') return true;
      }
      return false;
    };
    const out = [...document.body.querySelectorAll('*')]
      .filter((part) => part.checkVisibility({ visibilityProperty: true }))
      .filter((part) => part.getBoundingClientRect().right > room + 0.5 && !scrolls(part))
      .map((part) => part.id || part.className || part.tagName);
    if (document.documentElement.scrollWidth > room) out.unshift(`the page, ${document.documentElement.scrollWidth} px`);
    return out;";

/// Notes go after some seconds; here they stay to be looked at.
const NOTES_STAY: &str = "
    const later = globalThis.setTimeout;
    globalThis.setTimeout = (work, time, ...more) => (time === 4000 || time === 8000 ? 0 : later(work, time, ...more));";

/// A visit to one place, and what was found in its states so far.
struct Audit<'a> {
    browser: &'a Browser,
    place: &'static str,
    script: String,
    states: usize,
    checks: usize,
    found: Vec<String>,
    undecided: BTreeSet<String>,
}

impl<'a> Audit<'a> {
    async fn of(browser: &'a Browser, place: &'static str) -> Self {
        let path = environment::axe();
        let script =
            fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        browser.before_pages(NOTES_STAY).await;
        Self {
            browser,
            place,
            script,
            states: 0,
            checks: 0,
            found: Vec::new(),
            undecided: BTreeSet::new(),
        }
    }

    /// Looks at the page as it is now, in both schemes and widths, and leaves it as it was.
    async fn check(&mut self, state: &str) {
        let loaded = "typeof axe === 'object' && axe.version !== undefined";
        if self.browser.value(loaded).await != true {
            self.browser.run(&self.script, vec![]).await;
        }
        self.states += 1;
        for &scheme in schemes(self.browser) {
            for width in WIDTHS {
                self.look(scheme, width).await;
                let answer = self.browser.run(ASK, vec![]).await;
                self.checks += 1;
                let rules = answer["rules"].as_array().expect("rules");
                for rule in ["color-contrast", "target-size", "region", "label"] {
                    assert!(
                        rules.contains(&json!(rule)),
                        "{rule} was not looked at: {rules:?}"
                    );
                }
                for found in texts(&answer["violations"]) {
                    self.found
                        .push(format!("{state}, {scheme:?}, {width} px: {found}"));
                }
                self.undecided.extend(texts(&answer["undecided"]));
            }
        }
        for width in ZOOMED {
            self.look(Scheme::Light, width).await;
            for found in texts(&self.browser.run(OUTSIDE, vec![]).await) {
                self.found
                    .push(format!("{state}, {width} px: {found} sticks out"));
            }
        }
        self.look(Scheme::Light, 1280).await;
    }

    async fn look(&self, scheme: Scheme, width: u32) {
        look(self.browser, scheme, width).await;
    }

    /// Tells how much was looked at, and fails with all that was found.
    fn end(self) {
        let states = STATES.fetch_add(self.states, Ordering::Relaxed) + self.states;
        let checks = CHECKS.fetch_add(self.checks, Ordering::Relaxed) + self.checks;
        // Past the test runner, which keeps what passing tests print to itself.
        let _ = writeln!(
            io::stderr(),
            "axe: {}: {} states, {} checks, {} violations, {} undecided; so far {states} states, {checks} checks",
            self.place,
            self.states,
            self.checks,
            self.found.len(),
            self.undecided.len(),
        );
        for undecided in &self.undecided {
            println!("undecided: {undecided}");
        }
        assert!(
            self.found.is_empty(),
            "{}:\n{}",
            self.place,
            self.found.join("\n")
        );
    }
}

/// The schemes that an open page can be given.
fn schemes(browser: &Browser) -> &'static [Scheme] {
    match browser.engine() {
        // It takes the system's wishes only when it starts.
        Engine::WebKit => &[Scheme::Light],
        Engine::Chromium | Engine::Firefox => &[Scheme::Light, Scheme::Dark],
    }
}

/// Gives the open page a width and a scheme, without motion where the browser can still be told, and waits until it has
/// taken them on.
async fn look(browser: &Browser, scheme: Scheme, width: u32) {
    browser
        .apply(&Window {
            width,
            height: HEIGHT,
            scheme,
            calm: browser.engine() != Engine::WebKit,
            ..Window::default()
        })
        .await;
    browser
        .run(&format!("return (async () => {{ {AT_REST} }})();"), vec![])
        .await;
}

fn texts(list: &Value) -> Vec<String> {
    serde_json::from_value(list.clone()).expect("a list of texts")
}

/// Opens all that can be opened in the place that is shown.
async fn open_disclosures(browser: &Browser) {
    browser
        .run(
            "for (const part of document.querySelectorAll('main > :not([hidden]) details')) part.open = true;",
            vec![],
        )
        .await;
}

async fn says(browser: &Browser, selector: &str, text: &str) {
    let there = format!(
        "[...document.querySelectorAll({})].some((one) => one.textContent.includes({}) && one.checkVisibility())",
        json!(selector),
        json!(text)
    );
    browser
        .until(&format!("{selector} says {text}"), &there)
        .await;
}

/// Waits until an element is in sight.
async fn shown(browser: &Browser, selector: &str) {
    let there = format!(
        "document.querySelector({})?.checkVisibility() === true",
        json!(selector)
    );
    browser.until(&format!("{selector} is shown"), &there).await;
}

/// Waits until an element is in a state.
async fn is(browser: &Browser, selector: &str, state: &str) {
    let there = format!(
        "document.querySelector({})?.dataset.state === {}",
        json!(selector),
        json!(state)
    );
    browser
        .until(&format!("{selector} is {state}"), &there)
        .await;
}

/// axe itself: what is plainly wrong is found, so that finding nothing means something.
#[tokio::test]
async fn what_is_wrong_is_found() {
    use digitlab_browser::{Site, lab};
    let site = Site::empty()
        .with(
            "index.html",
            lab::page("<style>p { color: #999; background: #fff }</style>"),
        )
        .start()
        .await;
    Visit::new()
        .run(async |browser| {
            browser.open(&site.url("")).await;
            let wrong = "document.body.innerHTML = '<main><h1>One</h1><p>Pale words</p><input><button></button>'
                + '<div style=\"width: 2000px\">wide</div></main>';";
            browser.run(wrong, vec![]).await;
            let mut audit = Audit::of(browser, "a bad page").await;
            audit.check("as it is").await;
            for rule in ["color-contrast", "label", "button-name"] {
                for (scheme, width) in schemes(browser).iter().zip(WIDTHS) {
                    let look = format!("{scheme:?}, {width} px");
                    let found = audit.found.iter().any(|found| found.contains(rule) && found.contains(&look));
                    assert!(found, "{rule}, {look}: {:#?}", audit.found);
                }
            }
            assert!(audit.found.iter().any(|found| found.starts_with("as it is, 640 px")), "{:#?}", audit.found);
            assert_eq!((audit.states, audit.checks), (1, schemes(browser).len() * WIDTHS.len()));
        })
        .await;
}
