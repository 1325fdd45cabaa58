//! R3, R4 and R5: pictures from outside, generated numbers and the pad, read by the default model natively.

// The tests use what is not used here.
#[allow(dead_code)]
#[path = "../../tests/core/classify/bars.rs"]
mod bars;
#[allow(dead_code)]
#[path = "../../tests/core/classify/canvas.rs"]
mod canvas;
#[path = "../../tests/core/classify/hands.rs"]
mod hands;
#[allow(dead_code)]
#[path = "../../tests/core/classify/pen.rs"]
mod pen;

use std::fs;
use std::path::Path;
use std::sync::Mutex;

use digitlab::classify::Digit;
use digitlab::classify::model::Model;
use digitlab::mnist::{Manifest, Pool};
use digitlab_browser::environment;

use bars::Tally;
use digitlab_report::{Bar, Report};

/// The seed of what is measured; the preprocessing was tuned on others.
const SEED: u64 = 2026;
const NUMBERS: u64 = 1000;

/// Measures and reports.
pub(crate) fn measure(report: &mut Report) {
    let root = environment::workspace();
    let file = fs::read(root.join("models/default.onnx")).expect("the default model");
    let model = Mutex::new(Model::load("default.onnx", &file).expect("a model"));
    let ask = |digit: &Digit| {
        let mut model = model.lock().expect("no panic before");
        model.probabilities(digit).expect("an answer")
    };
    let pool = pool(&root.join("www/mnist"));
    let outside = bars::handwriting(&root.join("tests/handwriting"), &ask);
    add(report, "R3", "pictures from outside", 0.95, &outside);
    let numbers = bars::numbers(&pool, "test", SEED, NUMBERS, &ask);
    add(
        report,
        "R4",
        "generated six-digit numbers, test split",
        0.97,
        &numbers,
    );
    let pad = bars::pad(SEED, &ask);
    add(report, "R5", "scripted strokes on the pad", 0.95, &pad);
}

fn add(report: &mut Report, id: &'static str, work: &str, bar: f64, tally: &Tally) {
    report.bar(Bar {
        id: id.into(),
        work: format!("{work}, default model, natively"),
        ours: format!(
            "{:.2} % ({} of {})",
            100.0 * tally.share(),
            tally.right,
            tally.count
        ),
        peer: "-".into(),
        ratio: "-".into(),
        bar: format!("at least {:.0} %", 100.0 * bar),
        met: tally.share() >= bar,
    });
    report.fact(
        &format!("{id} when the picture has to tell whether it shows one digit"),
        &format!("{:.2} %", 100.0 * tally.unaided_share()),
    );
}

/// The test digits of the site's bucket.
fn pool(bucket: &Path) -> Pool {
    let text = fs::read_to_string(bucket.join("manifest.json")).expect("the manifest");
    let mut pool = Pool::new(Manifest::parse(&text).expect("a manifest"));
    let splits = pool.manifest().splits.values();
    let entries = splits.flat_map(|part| part.digits.iter().flatten());
    let files: Vec<String> = entries.map(|entry| entry.file.clone()).collect();
    for file in files {
        let stored = fs::read(bucket.join(&file)).expect("a shard");
        pool.load(&file, &stored).expect("a good shard");
    }
    pool
}
