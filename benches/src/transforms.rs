//! S3 to S5: transforms in wasm, beside Albumentations with native OpenCV, and beside OpenCV.js in the same browser.

use std::path::Path;

use digitlab::augment::{Pipeline, definitions};
use digitlab_browser::{Browser, LAB_PAGE, Lab, Site, Window, environment};
use serde_json::{Map, Value, json};

use crate::Bench;
use crate::peer::Peer;
use crate::statistics::Rounds;
use digitlab_report::{Bar, Report};

const ROUNDS: usize = 3;
/// How long a round lasts.
const SECONDS: f64 = 0.12;
const SMALL: [usize; 3] = [28, 28, 1];
const LARGE: [usize; 3] = [512, 512, 3];

/// The core transforms with the parameters that the bars are measured with.
fn core() -> Vec<(&'static str, Value)> {
    vec![
        ("Rotate", json!({ "limit": [30, 30] })),
        (
            "ShiftScaleRotate",
            json!({ "shift_limit": [0.05, 0.05], "scale_limit": [0.1, 0.1], "rotate_limit": [30, 30] }),
        ),
        (
            "Affine",
            json!({ "scale": [1.1, 1.1], "rotate": [20, 20], "shear": [8, 8] }),
        ),
        ("OpticalDistortion", json!({ "distort_limit": [0.3, 0.3] })),
        ("GridDistortion", json!({ "num_steps": 5 })),
        ("ElasticTransform", json!({ "alpha": 40, "sigma": 6 })),
        ("Blur", json!({ "blur_limit": [5, 5] })),
        ("MedianBlur", json!({ "blur_limit": [3, 3] })),
        ("GaussianBlur", json!({ "sigma_limit": [1, 1] })),
        (
            "Emboss",
            json!({ "alpha": [0.3, 0.3], "strength": [0.5, 0.5] }),
        ),
        ("GaussNoise", json!({ "std_range": [0.1, 0.1] })),
        (
            "RandomBrightnessContrast",
            json!({ "brightness_limit": [0.2, 0.2], "contrast_limit": [0.2, 0.2] }),
        ),
        ("ToGray", json!({})),
    ]
}

/// What the others need, where their defaults do not suit pictures of 28 x 28 pixels.
fn options_of(name: &str, [width, height, _]: [usize; 3]) -> Value {
    match name {
        "Resize" => json!({ "height": height * 3 / 2, "width": width * 3 / 2 }),
        "CenterCrop" | "RandomCrop" => json!({ "height": height / 2, "width": width / 2 }),
        "RandomResizedCrop" => json!({ "size": [height, width] }),
        "PadIfNeeded" => json!({ "min_height": height * 3 / 2, "min_width": width * 3 / 2 }),
        "CropAndPad" => json!({ "px": [2, 2] }),
        _ => json!({}),
    }
}

/// What was measured of one transform with one shape.
#[derive(Default)]
struct Figures {
    /// Albumentations' time through ours.
    native: Option<f64>,
    /// OpenCV.js' time through ours.
    browser: Option<f64>,
    /// Ours, in microseconds a call.
    ours: Option<f64>,
}

/// Measures and reports.
pub(crate) async fn measure(bench: &Bench, report: &mut Report) {
    let mut peer = Peer::start(&bench.python, "transforms.py", &[]);
    for (name, version) in peer
        .versions
        .as_object()
        .expect("the peer's versions by name")
    {
        report.note(name, version.as_str().unwrap_or_default());
    }
    let peers = environment::workspace().join("benches/peers");
    let read = |path: &Path| {
        std::fs::read(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
    };
    let site = Site::built()
        .with("augment_worker.js", read(&peers.join("augment_worker.js")))
        .with("opencv_worker.js", read(&peers.join("opencv_worker.js")))
        .with("opencv.js", read(&bench.opencv))
        .start()
        .await;
    let browser = Browser::start(&Window::default()).await;
    browser.open(&site.url(LAB_PAGE)).await;
    let lab = browser.lab(&site.url("digitlab.js"));
    lab.get(
        "const start = (url, options) => {
           const worker = new Worker(url, options);
           return (message) => new Promise((resolve, reject) => {
             worker.onmessage = ({ data }) => resolve(data);
             worker.onerror = (event) => reject(new Error(event.message || `${url} did not start`));
             worker.postMessage(message);
           });
         };
         window.ours = start('/augment_worker.js', { type: 'module' });
         window.opencv = start('/opencv_worker.js');",
        Value::Null,
    )
    .await;

    let mut rows = Vec::new();
    let mut small = Vec::new();
    let mut large = Vec::new();
    let mut beside_opencv = Vec::new();
    let core = core();
    for (name, options) in &core {
        let figures = [
            one(&lab, &mut peer, name, options, SMALL).await,
            one(&lab, &mut peer, name, options, LARGE).await,
        ];
        small.extend(figures[0].native.map(|ratio| (*name, ratio)));
        large.extend(figures[1].native.map(|ratio| (*name, ratio)));
        beside_opencv.extend(figures[1].browser.map(|ratio| (*name, ratio)));
        rows.push(row(name, options, &figures));
    }
    for definition in definitions() {
        let name = definition.name;
        if name == "NoOp" || core.iter().any(|(known, _)| *known == name) {
            continue;
        }
        let figures = [
            one(&lab, &mut peer, name, &options_of(name, SMALL), SMALL).await,
            one(&lab, &mut peer, name, &options_of(name, LARGE), LARGE).await,
        ];
        rows.push(row(name, &options_of(name, LARGE), &figures));
    }
    browser.close().await;

    let each = |figures: &[(&str, f64)], bar: f64| {
        let below: Vec<String> = figures
            .iter()
            .filter(|(_, ratio)| *ratio < bar)
            .map(|(name, ratio)| format!("{name} {ratio:.2}"))
            .collect();
        (below.is_empty(), below)
    };
    let summary = |id: &str,
                   work: &str,
                   figures: &[(&str, f64)],
                   peer: &str,
                   bar: f64,
                   met: bool,
                   text: &str| {
        let (_, below) = each(figures, bar);
        Bar {
            id: id.into(),
            work: format!("{work}, {} core transforms", figures.len()),
            ours: if below.is_empty() {
                "all reach it".into()
            } else {
                format!("below: {}", below.join(", "))
            },
            peer: peer.into(),
            ratio: format!("{:.2} x (geometric mean)", mean(figures)),
            bar: text.into(),
            met,
        }
    };
    let native = "Albumentations, OpenCV native, full call";
    let met = each(&small, 5.0).0;
    report.bar(summary(
        "S3",
        "28 x 28 x 1, one thread, wasm",
        &small,
        native,
        5.0,
        met,
        "at least 5 x each",
    ));
    let met = each(&large, 0.5).0 && mean(&large) >= 1.0;
    report.bar(summary(
        "S4",
        "512 x 512 x 3, one thread, wasm",
        &large,
        native,
        0.5,
        met,
        "geometric mean at least 1, none below 0.5",
    ));
    let met = each(&beside_opencv, 1.0).0;
    report.bar(summary(
        "S5",
        "512 x 512 x 3, in the same browser",
        &beside_opencv,
        "OpenCV.js, the operation alone",
        1.0,
        met,
        "at least 1 x each",
    ));
    let head = [
        "transform",
        "parameters",
        "agreement",
        "28 x 28 x 1",
        "ours",
        "512 x 512 x 3",
        "ours",
        "OpenCV.js, 512 x 512 x 3",
    ];
    report.table("Transforms", "Ratios: how many times as fast as the peer. Albumentations is called natively, in full; of OpenCV.js the operation alone is measured, with its matrices made before.", &head, rows);
}

fn mean(figures: &[(&str, f64)]) -> f64 {
    let sum: f64 = figures.iter().map(|(_, ratio)| ratio.ln()).sum();
    (sum / figures.len().max(1) as f64).exp()
}

fn row(name: &str, options: &Value, figures: &[Figures; 2]) -> Vec<String> {
    let ratio = |ratio: Option<f64>| ratio.map_or("-".into(), |ratio| format!("{ratio:.2} x"));
    let time = |time: Option<f64>| match time {
        None => "-".into(),
        Some(micros) if micros < 100.0 => format!("{micros:.1} µs"),
        Some(micros) => format!("{micros:.0} µs"),
    };
    vec![
        name.to_owned(),
        match options.as_object() {
            Some(options) if !options.is_empty() => options
                .iter()
                .map(|(name, value)| format!("{name} {value}"))
                .collect::<Vec<_>>()
                .join(", "),
            _ => "defaults".into(),
        },
        agreement(name),
        ratio(figures[0].native),
        time(figures[0].ours),
        ratio(figures[1].native),
        time(figures[1].ours),
        ratio(figures[1].browser),
    ]
}

/// How a transform agrees with the reference, by the cases that the tests compare.
fn agreement(name: &str) -> String {
    let file = environment::workspace()
        .join("tests/reference/augment")
        .join(name)
        .join("cases.json");
    let cases: Vec<Value> = std::fs::read_to_string(file)
        .ok()
        .and_then(|text| serde_json::from_str(&text).ok())
        .unwrap_or_default();
    let levels = |case: &Value| case["levels"].as_u64().unwrap_or(0);
    let exact = cases.iter().filter(|case| levels(case) == 0).count();
    match (cases.len(), cases.iter().map(levels).max()) {
        (0, _) | (_, None) => "not compared".into(),
        (all, Some(0)) => format!("exact in {all} cases"),
        (all, Some(most)) => format!("exact in {exact}, within {most} in {} cases", all - exact),
    }
}

/// One transform, one shape: all sides take turns.
async fn one(
    lab: &Lab<'_>,
    peer: &mut Peer,
    name: &str,
    options: &Value,
    shape: [usize; 3],
) -> Figures {
    let mut step: Map<String, Value> = options.as_object().cloned().unwrap_or_default();
    step.insert("transform".into(), name.into());
    step.insert("p".into(), json!(1));
    let Ok(pipeline) = Pipeline::from_json(&json!([step])) else {
        return Figures::default();
    };
    let [width, height, channels] = shape;
    let question = |more: Value| {
        let mut question =
            json!({ "width": width, "height": height, "channels": channels, "seconds": SECONDS });
        for (name, value) in more.as_object().expect("an object") {
            question[name] = value.clone();
        }
        question
    };
    let ours = question(json!({ "pipeline": pipeline.to_json().to_string() }));
    let theirs = pipeline
        .to_albumentations()
        .ok()
        .map(|pipeline| question(json!({ "pipeline": pipeline })).to_string());
    let opencv =
        question(json!({ "operation": name, "options": pipeline.to_json()["transforms"][0] }));
    let micros = |answer: &Value| -> Option<f64> {
        Some(answer["seconds"].as_f64()? * 1e6 / answer["calls"].as_f64()?)
    };
    let [mut times, mut native, mut browser] = [const { Vec::new() }; 3];
    for round in 0..=ROUNDS {
        let our_time = micros(&lab.get("return window.ours(args);", ours.clone()).await);
        let Some(our_time) = our_time else {
            return Figures::default();
        };
        let peers_time = theirs
            .as_ref()
            .and_then(|question| micros(&peer.ask(question)));
        let opencv_time = micros(&lab.get("return window.opencv(args);", opencv.clone()).await);
        // The first round warms up.
        if round > 0 {
            times.push(our_time);
            native.extend(peers_time.map(|time| time / our_time));
            browser.extend(opencv_time.map(|time| time / our_time));
        }
    }
    let median = |figures: Vec<f64>| (!figures.is_empty()).then(|| Rounds::new(figures).median());
    Figures {
        native: median(native),
        browser: median(browser),
        ours: median(times),
    }
}
