//! What an answer hangs on: the map that `lab.saliency` makes, and the panel on the Classify page.

use std::fs;

use digitlab::raster::codec::{Format, encode};
use digitlab::raster::{Raster, Shape};
use digitlab_browser::{Browser, Failure, Site, Visit, environment};
use serde_json::{Value, json};

/// Two figures, a seven and a one, or the seven alone.
fn picture(both: bool) -> Vec<u8> {
    let shape = Shape {
        width: 200,
        height: 120,
        channels: 1,
    };
    let ink = |x: usize, y: usize| {
        let bar = (30..80).contains(&x) && (20..29).contains(&y);
        let stem = (20..100).contains(&y) && x.abs_diff(76 - (y - 20) / 3) < 5;
        let one = both && (135..144).contains(&x) && (20..100).contains(&y);
        bar || stem || one
    };
    let level = |at: usize| if ink(at % 200, at / 200) { 10 } else { 245 };
    let data = (0..shape.len()).map(level).collect();
    encode(&Raster::new(shape, data).expect("a picture"), Format::Png).expect("a PNG")
}

fn site_file(path: &str) -> String {
    fs::read_to_string(environment::site().join(path))
        .unwrap_or_else(|error| panic!("{path}: {error}"))
}

async fn open(browser: &Browser, site: &Site, mode: &str) {
    let address: String =
        url::form_urlencoded::byte_serialize(site.url("drawn.png").as_bytes()).collect();
    browser
        .open(&site.url(&format!("#/classify?url={address}&mode={mode}")))
        .await;
    browser
        .until(
            "an answer",
            "document.querySelector('#classify-answer')?.dataset.state === 'done'",
        )
        .await;
}

async fn map_is(browser: &Browser, state: &str) {
    let expression =
        format!("document.querySelector('#classify-saliency-body')?.dataset.state === '{state}'");
    browser
        .until(&format!("the map is {state}"), &expression)
        .await;
}

/// How many pixels of the map have a colour.
const COLOURED: &str = "(({ data }) => data.filter((red, at) => at % 4 === 0 && Math.abs(red - data[at + 2]) > 20).length)(
    document.querySelector('#classify-saliency-map').getContext('2d').getImageData(0, 0, 28, 28))";

#[tokio::test]
async fn covered_pictures_are_made_and_folded_as_they_should_be() {
    let site = Site::built().start().await;
    Visit::new()
        .run_lab(&site, async |lab| {
            let found = lab
                .get(
                    "const { coveredPictures, placesWithInk, saliencyOf } = await import(args + 'js/lab/occlusion.js');
                    const at = (x, y) => 28 * y + x;
                    const dot = new Uint8Array(784);
                    dot[at(10, 12)] = 200;
                    const around = placesWithInk(dot, 5);
                    const corner = new Uint8Array(784);
                    corner[0] = 9;
                    const full = new Uint8Array(784).fill(255);
                    const places = placesWithInk(full, 5);
                    const made = coveredPictures(full, places, 5);
                    const paper = places.map((_, k) => made.subarray(784 * (k + 1), 784 * (k + 2)).filter((level) => level === 0).length);
                    // Covering the dot makes a two of what was a three.
                    const of = (digit, probability) => Array.from({ length: 10 }, (_, k) => (k === digit ? probability : (1 - probability) / 9));
                    const map = saliencyOf(around, [...of(3, 0.9), ...around.flatMap(() => of(2, 0.8))], 5);
                    const blank = saliencyOf([], of(3, 0.9), 5);
                    const { values, ...rest } = map;
                    return {
                      around: [around.length, around[0], around.at(-1)],
                      corner: placesWithInk(corner, 5).length,
                      none: placesWithInk(new Uint8Array(784), 5).length,
                      places: places.length, pictures: made.length / 784, paper: [paper[0], Math.max(...paper), paper.filter((count) => count === 25).length],
                      untouched: made.subarray(0, 784).every((level) => level === 255),
                      rest, values: [values[at(10, 12)], values[at(6, 8)], values[at(14, 16)], values[at(15, 12)]],
                      blank: [blank.most, blank.least, blank.worst, blank.covered, blank.digit],
                    };",
                    json!(site.url("")),
                )
                .await;
            assert_eq!(found["around"], json!([25, { "x": 6, "y": 8 }, { "x": 10, "y": 12 }]));
            // Over the edge as well: each pixel is covered as often as any other.
            assert_eq!(found["corner"], 25);
            assert_eq!(found["none"], 0);
            assert_eq!(found["places"], 32 * 32);
            assert_eq!(found["pictures"], 1 + 32 * 32);
            assert_eq!(found["paper"], json!([1, 25, 24 * 24]));
            assert_eq!(found["untouched"], true);
            let value = |at: usize| found["values"][at].as_f64().expect("a number");
            let lost = 0.9 - 0.2 / 9.0;
            assert!((value(0) - lost).abs() < 1e-6, "under every square");
            assert!((value(1) - lost / 25.0).abs() < 1e-6, "under one square");
            assert!((value(2) - lost / 25.0).abs() < 1e-6, "under one square");
            assert!(value(3).abs() < 1e-6, "under none");
            let rest = &found["rest"];
            assert_eq!(rest["digit"], 3);
            assert_eq!([&rest["turned"], &rest["covered"], &rest["patch"]], [&json!(25), &json!(25), &json!(5)]);
            assert_eq!(rest["worst"]["reads"], 2);
            assert_eq!(found["blank"], json!([0, 0, null, 0, 3]));
        })
        .await;
}

#[tokio::test]
async fn a_map_says_what_covering_the_picture_does() {
    let site = Site::built().start().await;
    Visit::new()
        .run_lab(&site, async |lab| {
            let found = lab
                .get(
                    "const lab = await Digitlab.open({ workers: 2 });
                    const drawn = await lab.generate({ number: '7', split: 'test', seed: 5, image_width: 28, fit: 'natural', margin: 0, spacing_min: 0, spacing_max: 0 });
                    const steps = [];
                    const map = await lab.saliency(drawn, { model: 'tiny', onProgress: (step) => steps.push(step.unit) });
                    const covered = map.seen.data.slice();
                    for (let y = Math.max(0, map.worst.y); y < Math.min(28, map.worst.y + 5); y++) {
                      for (let x = Math.max(0, map.worst.x); x < Math.min(28, map.worst.x + 5); x++) covered[28 * y + x] = 0;
                    }
                    const both = new Uint8Array(2 * 784);
                    both.set(map.seen.data);
                    both.set(covered, 784);
                    const { labels, probabilities } = await lab.classifyMany(both, { model: 'tiny' });
                    const stop = new AbortController();
                    const cancelled = lab.saliency(drawn, { model: 'tiny', signal: stop.signal }).then(() => 'ended', tools.failure);
                    stop.abort();
                    const paper = { width: 28, height: 28, channels: 1, data: new Uint8Array(784) };
                    const blank = await lab.saliency(paper).then(() => 'read', tools.failure);
                    const unknown = await lab.saliency(drawn, { model: 'nosuch' }).then(() => 'read', tools.failure);
                    const answer = {
                      digit: map.digit, model: map.model, probability: map.probability - probabilities[map.digit],
                      worst: map.worst.probability - probabilities[10 + map.digit], reads: [map.worst.reads, labels[1]],
                      ink: map.seen.data.filter((level) => level > 0).length, covered: map.covered,
                      most: [map.most, Math.max(...map.values)], steps, cancelled: await cancelled, blank, unknown,
                    };
                    lab.close();
                    return answer;",
                    Value::Null,
                )
                .await;
            assert_eq!(found["digit"], 7, "{found}");
            assert_eq!(found["model"], "tiny");
            for name in ["probability", "worst"] {
                assert!(found[name].as_f64().expect("a difference").abs() < 1e-6, "{name}: {found}");
            }
            assert_eq!(found["reads"][0], found["reads"][1]);
            assert!(found["covered"].as_u64() > found["ink"].as_u64());
            assert!(found["covered"].as_u64() < Some(32 * 32));
            let most: Vec<f64> = serde_json::from_value(found["most"].clone()).expect("numbers");
            assert!((most[0] - most[1]).abs() < 1e-6 && most[0] > 0.0, "{most:?}");
            assert!(found["steps"].as_array().is_some_and(|steps| steps.contains(&json!("images"))));
            assert_eq!(Failure::from_json(&found["cancelled"]).code, "aborted");
            assert_eq!(Failure::from_json(&found["blank"]).code, "no_ink");
            assert_eq!(Failure::from_json(&found["unknown"]).code, "invalid_parameter");
        })
        .await;
}

#[tokio::test]
async fn the_panel_shows_what_the_answer_hangs_on_for_each_digit_of_a_number() {
    let site = Site::built().with("drawn.png", picture(true)).start().await;
    Visit::new()
        .run(async |browser| {
            open(browser, &site, "number").await;
            assert_eq!(
                browser
                    .attribute("#classify-answer", "data-text")
                    .await
                    .as_deref(),
                Some("71")
            );
            map_is(browser, "empty").await;
            browser.click("#classify-saliency summary").await;
            map_is(browser, "done").await;
            let label =
                "document.querySelector('#classify-saliency-map')?.getAttribute('aria-label')";
            assert_eq!(browser.value(label).await, "Map of what the 7 hangs on");
            let said = browser.text("#classify-saliency-text").await;
            assert!(
                said.contains("5 × 5 square of paper") && said.contains("places, covered,"),
                "{said}"
            );
            assert!(
                browser
                    .text("#classify-saliency-legend")
                    .await
                    .contains("percentage points")
            );
            assert!(browser.value(COLOURED).await.as_u64() > Some(20));
            browser.click("#classify-digits button:nth-child(2)").await;
            browser
                .until(
                    "the map of the one",
                    &format!("{label} === 'Map of what the 1 hangs on'"),
                )
                .await;
            // The panel is as it was left.
            browser.reload().await;
            browser
                .until(
                    "the map of the seven",
                    &format!("{label} === 'Map of what the 7 hangs on'"),
                )
                .await;
        })
        .await;
}

#[tokio::test]
async fn making_a_map_can_be_cancelled_and_asked_for_again() {
    let path = "js/lab/reader_methods.js";
    let script = site_file(path);
    let slow = script.replacen(
        "  classifyMany({ model, levels }) {",
        "  async classifyMany({ model, levels }) {
        await new Promise((resolve) => setTimeout(resolve, 1_500));",
        1,
    );
    assert_ne!(slow, script, "readers read many");
    let site = Site::built()
        .with(path, slow)
        .with("drawn.png", picture(false))
        .start()
        .await;
    Visit::new()
        .run(async |browser| {
            open(browser, &site, "digit").await;
            browser.click("#classify-saliency summary").await;
            let bar = "!document.querySelector('#classify-saliency-progress').hidden";
            browser.until("the bar", bar).await;
            browser.click("#classify-saliency-cancel").await;
            map_is(browser, "empty").await;
            assert_eq!(browser.text("#classify-saliency-text").await, "Cancelled.");
            assert_eq!(
                browser.value("document.activeElement.id").await,
                "classify-saliency-again"
            );
            browser.keys("\u{e007}").await;
            map_is(browser, "done").await;
            assert!(
                browser
                    .text("#classify-saliency-text")
                    .await
                    .contains("places, covered,")
            );
        })
        .await;
}
