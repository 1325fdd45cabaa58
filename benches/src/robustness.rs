//! E1: how long a robustness curve takes in the browser: 1,000 test pictures over ten strengths, augmented and read by
//! all workers.

use digitlab_browser::{Browser, LAB_PAGE, Site, Window};
use serde_json::{Value, json};

use crate::statistics::Rounds;
use digitlab_report::{Bar, Report};

const PICTURES: usize = 1_000;
const STRENGTHS: usize = 10;
const ROUNDS: usize = 3;
/// The bar, in seconds.
const BAR: f64 = 30.0;
/// One that is quick to make, and the slowest of the usual ones.
const CURVES: [&str; 2] = ["Rotate", "ElasticTransform"];
const MODELS: [&str; 2] = ["default", "tiny"];

/// Measures a curve: the seconds until its last point, how many points there were, and how accuracy went down.
const CURVE: &str = "
    window.lab ??= await Digitlab.open();
    const start = performance.now();
    const accuracies = [];
    for await (const point of window.lab.robustness(args)) {
      if (point.error) throw point.error;
      if (point.pictures !== args.pictures) throw new Error(`${point.pictures} pictures`);
      accuracies.push(point.models[0].accuracy);
    }
    return { seconds: (performance.now() - start) / 1000, accuracies };";

/// Measures and reports.
pub(crate) async fn measure(report: &mut Report) {
    let site = Site::built().start().await;
    let browser = Browser::start(&Window::default()).await;
    browser.open(&site.url(LAB_PAGE)).await;
    let lab = browser.lab(&site.url("digitlab.js"));
    let seconds = async |curve: &str, model: &str| -> f64 {
        let asked = json!({
            "transforms": [curve], "strengths": STRENGTHS, "pictures": PICTURES, "models": [model], "seed": 7,
        });
        let answer = lab.get(CURVE, asked).await;
        let accuracies: Vec<f64> =
            serde_json::from_value(answer["accuracies"].clone()).expect("numbers");
        assert_eq!(accuracies.len(), STRENGTHS + 1);
        let [first, last] = [accuracies[0], accuracies[STRENGTHS]];
        assert!(
            first > 0.97 && last < first,
            "a curve that does not fall: {accuracies:?}"
        );
        number(&answer, "seconds")
    };

    let mut rows = Vec::new();
    let mut worst: Option<Rounds> = None;
    for model in MODELS {
        for curve in CURVES {
            // The first round loads what the others have.
            let cold = seconds(curve, model).await;
            let mut times = Vec::new();
            for _ in 0..ROUNDS {
                times.push(seconds(curve, model).await);
            }
            let times = Rounds::new(times);
            rows.push(vec![
                model.to_owned(),
                curve.to_owned(),
                times.text(|seconds| format!("{seconds:.1} s")),
                format!("{cold:.1} s"),
                format!(
                    "{:.0} /s",
                    (PICTURES * (STRENGTHS + 1)) as f64 / times.median()
                ),
            ]);
            if worst
                .as_ref()
                .is_none_or(|worst| times.median() > worst.median())
            {
                worst = Some(times);
            }
        }
    }
    browser.close().await;

    let worst = worst.expect("curves were measured");
    report.bar(Bar {
        id: "E1".into(),
        work: format!(
            "a robustness curve of {PICTURES} pictures over {STRENGTHS} strengths, all workers, the slowest of {}",
            rows.len()
        ),
        ours: worst.text(|seconds| format!("{seconds:.1} s")),
        peer: "-".into(),
        ratio: "-".into(),
        bar: format!("under {BAR} s"),
        met: worst.median() < BAR,
    });
    report.table(
        "Robustness curves",
        "From the call to the last point; the first time with loading the model, where it was not there, and the test pictures.",
        &["model", "transform", "a curve", "the first time", "pictures"],
        rows,
    );
}

fn number(answer: &Value, name: &str) -> f64 {
    answer[name]
        .as_f64()
        .unwrap_or_else(|| panic!("no {name} in {answer}"))
}
