//! S14: how long it takes from a movement of the pen to the answer on the screen that takes it into account, on the
//! Classify page itself.

use std::time::Duration;

use digitlab_browser::{Browser, Site, Window};
use serde_json::json;

use crate::previews::quantile;
use digitlab_report::{Bar, Report};

const BAR: f64 = 50.0;
/// Movements of each stroke, as often as a screen shows them.
const MOVES: usize = 40;
const PACE: Duration = Duration::from_millis(16);
/// How often each drawing is made, after once that is not measured.
const TIMES: usize = 4;

/// Notes when the pen moved, when the pad was read, and when an answer was painted. An answer takes into account what
/// was drawn before the pad was read for it, and one is made at a time.
const WATCH: &str = "
    window.watched = { moves: [], answers: [] };
    let read = 0;
    const { getImageData } = OffscreenCanvasRenderingContext2D.prototype;
    OffscreenCanvasRenderingContext2D.prototype.getImageData = function (...given) {
      read = performance.now();
      return getImageData.apply(this, given);
    };
    const noted = ({ timeStamp, buttons }) => buttons && window.watched.moves.push(timeStamp);
    for (const type of ['pointerdown', 'pointermove']) {
      document.querySelector('#classify-pad').addEventListener(type, noted, { capture: true });
    }
    new MutationObserver(() => {
      const answer = { read };
      window.watched.answers.push(answer);
      // What a message brings after a frame was asked for comes after it was painted.
      requestAnimationFrame(() => {
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = () => (answer.painted = performance.now());
        port2.postMessage(null);
      });
    }).observe(document.querySelector('#classify-answer'), { attributeFilter: ['data-count'] });";

/// Whether an answer that takes all movements into account has been painted.
const ANSWERED: &str = "(({ moves, answers }) => answers.some(({ read, painted }) => painted && read >= moves.at(-1)))(window.watched)";

/// The time from each movement to the first answer that takes it into account, and how many answers there were.
const LATENCIES: &str = "
    const { moves, answers } = window.watched;
    window.watched = { moves: [], answers: [] };
    const times = moves.map((time) => answers.find(({ read, painted }) => painted && read >= time).painted - time);
    return { times, answers: answers.length };";

type Point = (f64, f64);

/// What is drawn: its name, and its strokes in shares of the pad.
fn drawings() -> Vec<(&'static str, Vec<Vec<Point>>)> {
    let seven = |x: f64| vec![(x, 0.25), (x + 0.15, 0.25), (x + 0.05, 0.7)];
    let one = |x: f64| vec![(x, 0.25), (x, 0.7)];
    let zero = |x: f64| {
        let around = |k: i32| f64::from(k) / 12.0 * std::f64::consts::TAU;
        (0..=12)
            .map(|k| (x + 0.07 * around(k).cos(), 0.48 + 0.22 * around(k).sin()))
            .collect()
    };
    vec![
        ("a digit", vec![seven(0.4)]),
        (
            "a number of three",
            vec![seven(0.1), zero(0.45), seven(0.7)],
        ),
        (
            "a number of five",
            vec![one(0.08), zero(0.25), seven(0.38), one(0.65), zero(0.85)],
        ),
    ]
}

/// Measures and reports.
pub(crate) async fn measure(report: &mut Report) {
    let site = Site::built().start().await;
    let browser = Browser::start(&Window::default()).await;
    browser.open(&site.url("#/classify")).await;
    let pad = "document.querySelector('#classify-pad-canvas')?.width > 400";
    browser.until("the pad", pad).await;
    browser.run(WATCH, vec![]).await;
    let mut rows = Vec::new();
    let mut all = Vec::new();
    for (name, strokes) in drawings() {
        let mut times = Vec::new();
        let mut answers = 0;
        for round in 0..=TIMES {
            for stroke in &strokes {
                draw(&browser, stroke).await;
            }
            browser
                .until("an answer to the last movement", ANSWERED)
                .await;
            let measured = browser.run(LATENCIES, vec![]).await;
            if round > 0 {
                let found: Vec<f64> =
                    serde_json::from_value(measured["times"].clone()).expect("a list of times");
                times.extend(found);
                answers += measured["answers"].as_u64().unwrap_or_default();
            }
            browser.click("#classify-clear").await;
        }
        times.sort_by(f64::total_cmp);
        let [half, p95] = [0.5, 0.95].map(|share| quantile(&times, share));
        rows.push(vec![
            name.to_owned(),
            format!("{half:.1} ms"),
            format!("{p95:.1} ms"),
            format!("{answers} to {} movements", times.len()),
        ]);
        all.extend(times);
    }
    browser.close().await;
    all.sort_by(f64::total_cmp);
    let p95 = quantile(&all, 0.95);
    report.bar(Bar {
        id: "S14".into(),
        work: "stroke to new answer while drawing, on the page".into(),
        ours: format!("p95 {p95:.1} ms"),
        peer: "-".into(),
        ratio: "-".into(),
        bar: format!("p95 at most {BAR} ms"),
        met: p95 <= BAR,
    });
    report.table(
        "Answers while drawing",
        "From a movement of the pen, as the browser stamps it, to the painted answer that takes it into account.",
        &["drawing", "median", "95th percentile", "answers"],
        rows,
    );
}

/// Draws a stroke with the mouse, a movement each frame.
async fn draw(browser: &Browser, points: &[Point]) {
    let frame = "(({ x, y, width, height }) => [x, y, width, height])(
        document.querySelector('#classify-pad').getBoundingClientRect())";
    let frame: [f64; 4] =
        serde_json::from_value(browser.value(frame).await).expect("the pad's place");
    let mouse = async |kind: &str, (x, y): Point, pressed: u32| {
        let event = json!({
            "type": kind, "x": frame[0] + x * frame[2], "y": frame[1] + y * frame[3],
            "button": "left", "buttons": pressed, "clickCount": 1,
        });
        browser.devtools("Input.dispatchMouseEvent", event).await;
    };
    mouse("mousePressed", points[0], 1).await;
    for step in 1..=MOVES {
        let began = tokio::time::Instant::now();
        mouse("mouseMoved", along(points, step as f64 / MOVES as f64), 1).await;
        tokio::time::sleep_until(began + PACE).await;
    }
    mouse("mouseReleased", points[points.len() - 1], 0).await;
}

/// The place at so large a share of the way along the points.
fn along(points: &[Point], share: f64) -> Point {
    let legs = points.len() - 1;
    let leg = ((share * legs as f64) as usize).min(legs - 1);
    let rest = share * legs as f64 - leg as f64;
    let ((x, y), (to_x, to_y)) = (points[leg], points[leg + 1]);
    (x + rest * (to_x - x), y + rest * (to_y - y))
}
