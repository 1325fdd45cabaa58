//! S13: how long it takes from a slider's move to the new preview on a canvas, through the ES module's live previews.

use digitlab_browser::{Browser, LAB_PAGE, Site, Window};
use serde_json::{Value, json};

use digitlab_report::{Bar, Report};

const BAR: f64 = 16.0;
/// Moves of each slider that are measured, after some that are not.
const MOVES: usize = 60;
const WARM: usize = 10;
const SIDE: usize = 512;

/// Moves one slider, whose value ends up in each `"$"` of the options, and draws every preview.
const SWEEP: &str = "
    const { name, options, from, to, side, moves, warm } = args;
    const data = new Uint8Array(side * side * 3).map((_, at) => (Math.imul(at, 2654435761) >>> 24) & 255);
    window.previewed ??= window.lab.live(window.lab.hold({ width: side, height: side, channels: 3, data }));
    const canvas = document.createElement('canvas');
    canvas.width = canvas.height = side;
    document.body.append(canvas);
    const context = canvas.getContext('2d');
    const text = JSON.stringify(options);
    const times = [];
    for (let move = 0; move < warm + moves; move += 1) {
      const value = from + ((to - from) * move) / (warm + moves - 1);
      const start = performance.now();
      const step = { transform: name, p: 1, ...JSON.parse(text.replaceAll('\"$\"', String(value))) };
      const made = await window.previewed.request({ pipeline: [step], seed: '7', index: 0 });
      const { width, height, data } = made.preview;
      context.putImageData(new ImageData(data, width, height), 0, 0);
      if (move >= warm) times.push(performance.now() - start);
    }
    canvas.remove();
    return times;";

/// The core transforms, each with a slider and its ends.
fn sliders() -> Vec<(&'static str, Value, [f64; 2])> {
    let both = json!(["$", "$"]);
    vec![
        ("Rotate", json!({ "limit": both }), [-45.0, 45.0]),
        (
            "ShiftScaleRotate",
            json!({ "shift_limit": [0.05, 0.05], "scale_limit": [0.1, 0.1], "rotate_limit": both }),
            [-45.0, 45.0],
        ),
        (
            "Affine",
            json!({ "scale": [1.1, 1.1], "rotate": [20, 20], "shear": both }),
            [-20.0, 20.0],
        ),
        (
            "OpticalDistortion",
            json!({ "distort_limit": both }),
            [-0.5, 0.5],
        ),
        (
            "GridDistortion",
            json!({ "num_steps": 5, "distort_limit": both }),
            [-0.3, 0.3],
        ),
        (
            "ElasticTransform",
            json!({ "alpha": "$", "sigma": 6 }),
            [1.0, 100.0],
        ),
        ("GaussianBlur", json!({ "sigma_limit": both }), [0.5, 3.0]),
        (
            "Emboss",
            json!({ "alpha": both, "strength": [0.5, 0.5] }),
            [0.0, 1.0],
        ),
        ("GaussNoise", json!({ "std_range": both }), [0.0, 0.5]),
        (
            "RandomBrightnessContrast",
            json!({ "brightness_limit": both, "contrast_limit": [0.2, 0.2] }),
            [-0.5, 0.5],
        ),
    ]
}

/// Measures and reports.
pub(crate) async fn measure(report: &mut Report) {
    let site = Site::built().start().await;
    let browser = Browser::start(&Window::default()).await;
    browser.open(&site.url(LAB_PAGE)).await;
    let lab = browser.lab(&site.url("digitlab.js"));
    lab.get("window.lab = await Digitlab.open();", Value::Null)
        .await;
    let mut rows = Vec::new();
    let mut all = Vec::new();
    let mut worst = ("", 0.0);
    for (name, options, [from, to]) in sliders() {
        let args = json!({
            "name": name, "options": options, "from": from, "to": to,
            "side": SIDE, "moves": MOVES, "warm": WARM,
        });
        let times = lab.run(SWEEP, args).await.expect("previews are made");
        let mut times: Vec<f64> = serde_json::from_value(times).expect("a list of times");
        times.sort_by(f64::total_cmp);
        let [half, p95] = [0.5, 0.95].map(|share| quantile(&times, share));
        if p95 > worst.1 {
            worst = (name, p95);
        }
        rows.push(vec![
            name.to_owned(),
            format!("{half:.1} ms"),
            format!("{p95:.1} ms"),
        ]);
        all.extend(times);
    }
    browser.close().await;
    all.sort_by(f64::total_cmp);
    report.bar(Bar {
        id: "S13".into(),
        work: format!(
            "slider to new preview, {SIDE} x {SIDE} x 3, {} core transforms",
            rows.len()
        ),
        ours: format!(
            "p95 {:.1} ms over all; worst p95 {:.1} ms ({})",
            quantile(&all, 0.95),
            worst.1,
            worst.0
        ),
        peer: "-".into(),
        ratio: "-".into(),
        bar: format!("p95 at most {BAR} ms"),
        met: worst.1 <= BAR,
    });
    report.table(
        "Live previews",
        "From a slider's move to the new preview on a canvas; the picture stays in a worker.",
        &["transform", "median", "95th percentile"],
        rows,
    );
}

/// The value that so large a share of sorted figures does not exceed.
pub(crate) fn quantile(sorted: &[f64], share: f64) -> f64 {
    let last = sorted.len() - 1;
    sorted[(last as f64 * share).ceil() as usize]
}
