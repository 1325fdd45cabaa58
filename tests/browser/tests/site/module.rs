//! The ES module as a program uses it: pictures, seeds, files.

use digitlab_browser::{Lab, Picture, Site, Visit, assert_same_picture, environment, lab, npy};
use serde_json::{Value, json};

use crate::native::natively;

/// What the pinned cases keep of a sequence, and its grey levels.
const PINNED: &str = "
    const lab = await Digitlab.open();
    const results = [];
    for (const request of args) {
      const { width, height, pixels, naturalWidth, digits, label } = await lab.generate(request);
      const grey = Uint8Array.from(pixels, (value) => Math.round(value * 255));
      const exact = pixels.every((value, k) => value === Math.fround(grey[k] / 255));
      if (!exact || height !== 28 || pixels.length !== 28 * width) throw new Error(`odd: ${label}`);
      const samples = digits.map(({ digit, split, index }) => `${digit} ${split} ${index}`);
      const sha256 = await tools.sha256(grey);
      const sequence = { request, width, naturalWidth, samples, sha256 };
      results.push({ sequence, grey: tools.bytes(grey) });
    }
    lab.close();
    return results;";

#[tokio::test]
async fn fixed_seeds_give_the_pixels_that_are_pinned_natively() {
    let site = Site::built().start().await;
    Visit::new().run_lab(&site, compare_with_pinned).await;
}

#[tokio::test]
async fn a_page_of_another_origin_gets_the_same_pixels() {
    let site = Site::built().with_cors().start().await;
    let elsewhere = Site::empty()
        .with("index.html", lab::page(""))
        .start()
        .await;
    Visit::new()
        .run(async |browser| {
            browser.open(&elsewhere.url("")).await;
            assert_ne!(browser.value("location.origin").await, site.origin());
            compare_with_pinned(&browser.lab(&site.url("digitlab.js"))).await;
        })
        .await;
}

async fn compare_with_pinned(lab: &Lab<'_>) {
    let path = environment::workspace().join("tests/golden/sequences.json");
    let text = std::fs::read_to_string(&path)
        .unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let pinned: Vec<Value> = serde_json::from_str(&text).expect("a list of cases");
    assert!(pinned.len() >= 8, "{} cases", pinned.len());
    let requests: Vec<&Value> = pinned.iter().map(|case| &case["request"]).collect();
    let results = lab.get(PINNED, json!(requests)).await;
    for (number, case) in pinned.iter().enumerate() {
        let (picture, _) = natively(&case["request"]);
        let result = &results[number];
        let width = result["sequence"]["width"].as_u64().expect("a width") as usize;
        let actual = Picture {
            width,
            height: 28,
            grey: lab::bytes(&result["grey"]),
        };
        assert_same_picture(&format!("pinned-{number}"), &picture, &actual);
        assert_eq!(&result["sequence"], case);
    }
}

#[tokio::test]
async fn a_sequence_says_all_about_itself() {
    let site = Site::built().start().await;
    Visit::new()
        .run_lab(&site, async |lab| {
            let sequence = lab
                .get(
                    "const lab = await Digitlab.open({ workers: 1 });
                    const request = { digits: [0, 4, 2], image_width: 90, seed: 7n };
                    const { pixels, ...rest } = await lab.generate(request);
                    lab.close();
                    const [least, most] = [Math.min(...pixels), Math.max(...pixels)];
                    return { ...rest, kind: pixels.constructor.name, least, most };",
                    Value::Null,
                )
                .await;
            let part = |keys: &[&str]| Value::from_iter(keys.iter().map(|key| (*key, sequence[*key].clone())));
            assert_eq!(
                part(&["width", "height", "label", "seed", "index", "kind", "least"]),
                json!({
                    "width": 90, "height": 28, "label": "042", "seed": "7", "index": 0,
                    "kind": "Float32Array", "least": 0,
                })
            );
            assert!(sequence["most"].as_f64().is_some_and(|most| (0.5..=1.0).contains(&most)), "{sequence}");
            let task = sequence["taskId"].as_str().expect("a task id");
            assert!(task.len() == 12 && task.bytes().all(|byte| byte.is_ascii_digit()), "{task}");
            assert_eq!(
                sequence["request"],
                json!({
                    "number": "042", "spacing_min": 5, "spacing_max": 10, "image_width": 90, "fit": "stretch",
                    "augment": false, "split": "all", "ink": "white-on-black", "margin": 4, "tight": true,
                    "seed": "7", "index": 0,
                })
            );
            let digits = sequence["digits"].as_array().expect("a list of digits");
            let mut end = 0.0;
            for (place, wanted) in digits.iter().zip([0, 4, 2]) {
                assert_eq!(place["digit"], wanted);
                let (x, width) = (place["x"].as_f64().expect("x"), place["width"].as_f64().expect("width"));
                assert!(x > end && width > 1.0, "{digits:?}");
                end = x + width;
            }
            assert!(digits.len() == 3 && end < 90.0, "{digits:?}");
        })
        .await;
}

#[tokio::test]
async fn seeds_are_exact_however_they_are_written() {
    let site = Site::built().start().await;
    Visit::new()
        .run_lab(&site, async |lab| {
            let seeds = lab
                .get(
                    "const lab = await Digitlab.open({ workers: 1 });
                    const seeds = [
                      7, '7', 7n, 9007199254740991, '9007199254740993', 9007199254740993n,
                      18446744073709551615n, '18446744073709551615',
                    ];
                    const results = [];
                    for (const seed of seeds) {
                      const sequence = await lab.generate({ number: 31, image_width: 56, seed });
                      const { pixels } = sequence;
                      const hash = await tools.sha256(pixels);
                      results.push([sequence.seed, sequence.request.seed, hash]);
                    }
                    lab.close();
                    return results;",
                    Value::Null,
                )
                .await;
            let exact: Vec<&Value> = (0..8).map(|number| &seeds[number][0]).collect();
            assert_eq!(
                json!(exact),
                json!([
                    "7",
                    "7",
                    "7",
                    "9007199254740991",
                    "9007199254740993",
                    "9007199254740993",
                    "18446744073709551615",
                    "18446744073709551615",
                ])
            );
            let pixels: Vec<&Value> = (0..8).map(|number| &seeds[number][2]).collect();
            for (one, other, same) in [
                (0, 1, true),
                (0, 2, true),
                (2, 3, false),
                (3, 4, false),
                (4, 5, true),
                (5, 6, false),
                (6, 7, true),
            ] {
                assert_eq!(
                    pixels[one] == pixels[other],
                    same,
                    "{} and {}",
                    exact[one],
                    exact[other]
                );
            }
        })
        .await;
}

#[tokio::test]
async fn a_seed_that_nobody_gave_is_drawn_and_told() {
    let site = Site::built().start().await;
    Visit::new()
        .run_lab(&site, async |lab| {
            let results = lab
                .get(
                    "const lab = await Digitlab.open({ workers: 1 });
                    const request = { number: '5', fit: 'natural' };
                    const [one, other] = [await lab.generate(request), await lab.generate(request)];
                    const again = await lab.generate({ ...request, seed: one.seed });
                    const same = String(again.pixels) === String(one.pixels);
                    const drawn = Array.from({ length: 50 }, () => lab.randomSeed());
                    lab.close();
                    return { seeds: [one.seed, other.seed], same, drawn };",
                    Value::Null,
                )
                .await;
            assert_ne!(results["seeds"][0], results["seeds"][1]);
            assert_eq!(results["same"], true);
            let drawn: Vec<u64> = results["drawn"]
                .as_array()
                .expect("seeds")
                .iter()
                .map(|seed| {
                    seed.as_str()
                        .and_then(|seed| seed.parse().ok())
                        .expect("a decimal number of 64 bits")
                })
                .collect();
            assert!(
                drawn.iter().any(|seed| *seed > 1 << 53),
                "no seed of more than 53 bits in {drawn:?}"
            );
            let different: std::collections::BTreeSet<_> = drawn.iter().collect();
            assert_eq!(different.len(), 50);
        })
        .await;
}

#[tokio::test]
async fn files_hold_the_picture_and_its_labels() {
    let site = Site::built().start().await;
    Visit::new()
        .run_lab(&site, async |lab| {
            let files = lab
                .get(
                    "const lab = await Digitlab.open({ workers: 1 });
                    const request = { number: '0042', image_width: 101, ink: 'black-on-white' };
                    const seed = '18446744073709551615';
                    const sequence = await lab.generate({ ...request, seed });
                    const files = {};
                    for (const format of ['png', 'npy', 'json']) {
                      const blob = await lab.encode(sequence, { format });
                      const bytes = tools.base64(await blob.arrayBuffer());
                      files[format] = { type: blob.type, bytes };
                    }
                    lab.close();
                    const { pixels, ...labels } = sequence;
                    return { files, labels, pixels: tools.bytes(pixels) };",
                    Value::Null,
                )
                .await;
            let pixels = lab::floats(&files["pixels"]);
            let file = |format: &str| lab::bytes(&files["files"][format]["bytes"]);
            let kind = |format: &str| files["files"][format]["type"].clone();

            let (picture, _) = Picture::from_png(&file("png"));
            assert_same_picture(
                "encoded-png",
                &Picture::from_unit(101, 28, &pixels),
                &picture,
            );
            assert_eq!(kind("png"), "image/png");

            let array = npy::read(&file("npy")).expect("numpy can read it");
            assert_eq!(array.shape, [28, 101]);
            assert!(
                array.values == pixels,
                "the array holds other values than the sequence"
            );

            let json: Value = serde_json::from_slice(&file("json")).expect("the JSON file is JSON");
            assert_eq!(kind("json"), "application/json");
            let labels = &files["labels"];
            for key in ["label", "taskId", "naturalWidth", "digits"] {
                assert_eq!(json[key], labels[key], "{key}");
            }
            for (key, value) in labels["request"].as_object().expect("the request") {
                assert_eq!(&json[key], value, "{key}");
            }
            let rows = json["generatedImage"].as_array().expect("a list of rows");
            let lengths: Vec<usize> = rows.iter().map(|row| numbers(row).len()).collect();
            assert_eq!(lengths, [101; 28]);
            let values = numbers(&json["generatedImage"]);
            assert!(
                values == pixels,
                "the JSON file holds other values than the sequence"
            );
        })
        .await;
}

/// The numbers of a nested list in order.
fn numbers(value: &Value) -> Vec<f32> {
    match value {
        Value::Array(items) => items.iter().flat_map(numbers).collect(),
        other => vec![
            other
                .as_f64()
                .unwrap_or_else(|| panic!("{other} is no number")) as f32,
        ],
    }
}
