//! Recognition through the ES module: models run by tract in workers of their own.

use std::fs;
use std::time::Duration;

use digitlab::classify::training::Digits;
use digitlab::mnist::{Manifest, Pool, Split, bucket::sha256};
use digitlab_browser::lab::bytes;
use digitlab_browser::{Engine, Failure, Fault, LAB_PAGE, Site, Visit, environment};
use serde_json::{Value, json};

const MODEL: &str = "models/default.onnx";
const MANIFEST: &str = "models/models.json";
const MODULE: &str = "reader_bg.wasm";

/// Reads a number that was drawn; it is always the same.
const READ: &str = "
    const lab = await Digitlab.open({ workers: 1 });
    try {
      const drawn = await lab.generate({ number: '3142', split: 'test', seed: 5, fit: 'natural' });
      return (await lab.read(drawn)).text;
    } finally {
      lab.close();
    }";

fn site_file(path: &str) -> Vec<u8> {
    fs::read(environment::site().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn cards() -> Value {
    serde_json::from_slice(&site_file(MANIFEST)).expect("JSON")
}

/// All test pictures of the site's bucket.
fn test_pictures() -> Digits {
    let manifest = String::from_utf8(site_file("mnist/manifest.json")).expect("text");
    let mut pool = Pool::new(Manifest::parse(&manifest).expect("a manifest"));
    let files: Vec<String> = pool.manifest().splits[&Split::Test]
        .digits
        .iter()
        .flatten()
        .map(|entry| entry.file.clone())
        .collect();
    for file in files {
        pool.load(&file, &site_file(&format!("mnist/{file}")))
            .expect("a good shard");
    }
    Digits::from_pool(&pool, Split::Test).expect("all shards are loaded")
}

#[tokio::test]
async fn the_models_are_right_about_the_test_pictures() {
    let test = test_pictures();
    let levels: Vec<u8> = (0..test.len()).flat_map(|at| *test.picture(at)).collect();
    let site = Site::built().with("test.bin", levels).start().await;
    Visit::new()
        .run_lab(&site, async |lab| {
            for (name, bar) in [("default", 9_970), ("tiny", 9_930)] {
                let found = lab
                    .get(
                        "const lab = await Digitlab.open();
                        const levels = new Uint8Array(await (await fetch(new URL('./test.bin', address))).arrayBuffer());
                        const steps = [];
                        const onProgress = (step) => steps.push(step.done);
                        const { labels, probabilities, model } = await lab.classifyMany(levels, { model: args, onProgress });
                        lab.close();
                        const sums = labels.map((_, k) => probabilities.slice(10 * k, 10 * k + 10).reduce((a, b) => a + b) * 100);
                        return { model, labels: tools.bytes(labels), last: steps.at(-1), sum: [Math.min(...sums), Math.max(...sums)] };",
                        json!(name),
                    )
                    .await;
                let labels = bytes(&found["labels"]);
                assert_eq!(labels.len(), 10_000);
                let right = (0..test.len()).filter(|&at| labels[at] == test.label(at));
                let right = right.count() as i64;
                assert!(right >= bar, "{name}: {right} of 10,000");
                let cards = cards();
                let card = cards["models"].as_array().expect("a list");
                let card = card.iter().find(|card| card["name"] == name).expect("a card");
                let told = card["accuracy"]["test"]["right"].as_i64().expect("a count");
                // A sum that is rounded in another way may turn an answer that hangs in the balance.
                assert!((right - told).abs() <= 2, "{name}: {right} and not {told}");
                assert_eq!(found["model"], name);
                assert_eq!(found["last"], 10_000);
                let sums: [u8; 2] = serde_json::from_value(found["sum"].clone()).expect("two sums");
                assert!(sums[0] >= 99 && sums[1] <= 100, "{sums:?}");
            }
        })
        .await;
}

#[tokio::test]
async fn a_picture_is_classified_in_every_form() {
    let site = Site::built().start().await;
    Visit::new()
        .run_lab(&site, async |lab| {
            let answers = lab
                .get(
                    "const lab = await Digitlab.open({ workers: 1 });
                    const drawn = await lab.generate({ number: '7', split: 'test', seed: 3, margin: 0, image_width: 28, fit: 'pad' });
                    const rows = Array.from({ length: 28 }, (_, y) => Array.from(drawn.pixels.slice(28 * y, 28 * y + 28)));
                    const grey = { width: 28, height: 28, channels: 1, data: drawn.levels };
                    const large = new OffscreenCanvas(300, 200);
                    const pen = large.getContext('2d');
                    pen.fillStyle = 'lightyellow';
                    pen.fillRect(0, 0, 300, 200);
                    pen.lineWidth = 9;
                    pen.strokeStyle = 'navy';
                    pen.stroke(new Path2D('M190 20 h60 l-35 90'));
                    const forms = {
                      sequence: drawn, grey, flat: drawn.pixels.slice(), rows, channel: rows.map((row) => row.map((v) => [v])),
                      file: await lab.encode(drawn), canvas: pen.getImageData(0, 0, 300, 200), blob: await large.convertToBlob(),
                    };
                    const answers = {};
                    for (const [name, form] of Object.entries(forms)) answers[name] = await lab.classify(form, { stages: name === 'canvas' });
                    lab.close();
                    return Object.fromEntries(Object.entries(answers).map(([name, { seen, stages, ...answer }]) => [name, {
                      ...answer, seen: [seen.width, seen.height, seen.channels, tools.bytes(seen.data)],
                      stages: stages?.map(({ name, title, width, height, channels, data }) => [name, title, width * height * channels === data.length]),
                    }]));",
                    Value::Null,
                )
                .await;
            for (form, answer) in answers.as_object().expect("an answer to each form") {
                assert_eq!(answer["label"], "7", "{form}: {answer}");
                assert_eq!(answer["digit"], 7, "{form}: {answer}");
                assert_eq!(answer["model"], "default");
                let probabilities = answer["probabilities"].as_array().expect("a list");
                assert_eq!(probabilities.len(), 10);
                assert_eq!(answer["probability"], probabilities[7]);
                assert!(answer["probability"].as_f64() > Some(0.8), "{form}: {answer}");
                let elapsed = answer["elapsed"].as_f64().expect("milliseconds");
                assert!((0.0..5_000.0).contains(&elapsed), "{form}: {elapsed}");
                assert_eq!(answer["seen"].as_array().expect("a picture")[..3], [28, 28, 1]);
                let same = ["sequence", "grey", "flat", "rows", "channel", "file"];
                if same.contains(&form.as_str()) {
                    assert_eq!(answer["probabilities"], answers["grey"]["probabilities"], "{form}");
                    assert_eq!(answer["seen"], answers["grey"]["seen"], "{form}");
                }
            }
            let canvas = &answers["canvas"];
            let place: Vec<f64> = ["x", "y", "width", "height"]
                .map(|side| canvas["box"][side].as_f64().expect("a number"))
                .to_vec();
            assert!((180.0..195.0).contains(&place[0]) && (60.0..75.0).contains(&place[2]), "{place:?}");
            let stages = canvas["stages"].as_array().expect("stages");
            assert!(stages.len() >= 4, "{stages:?}");
            assert!(stages.iter().all(|stage| stage[2] == true), "{stages:?}");
            assert_eq!(stages.last().map(|stage| stage[0].clone()), Some(json!("seen")));
            assert_eq!(answers["grey"]["stages"], Value::Null);
        })
        .await;
}

#[tokio::test]
async fn a_number_is_read_with_a_box_for_each_digit() {
    let site = Site::built().start().await;
    Visit::new()
        .run_lab(&site, async |lab| {
            let read = lab
                .get(
                    "const lab = await Digitlab.open({ workers: 1 });
                    const drawn = await lab.generate({ number: '3142', split: 'test', seed: 5, fit: 'natural', spacing_min: 6 });
                    const read = await lab.read(drawn, { stages: true });
                    lab.close();
                    return { ...read, stages: read.stages.length, digits: read.digits.map(({ seen, ...digit }) => ({ ...digit, seen: seen.data.length })),
                      drawn: drawn.digits.map(({ x, width }) => [x, x + width]) };",
                    Value::Null,
                )
                .await;
            assert_eq!(read["text"], "3142", "{read}");
            let digits = read["digits"].as_array().expect("digits");
            let mut product = 1.0;
            for (digit, drawn) in digits.iter().zip(read["drawn"].as_array().expect("columns")) {
                let x = digit["box"]["x"].as_f64().expect("a column");
                let middle = x + digit["box"]["width"].as_f64().expect("columns") / 2.0;
                let [left, right] = [0, 1].map(|side| drawn[side].as_f64().expect("a column"));
                assert!(left <= middle && middle <= right, "{digit} in {drawn}");
                assert_eq!(digit["seen"], 784);
                product *= digit["probability"].as_f64().expect("a share");
            }
            let told = read["probability"].as_f64().expect("a share");
            assert!((told - product).abs() < 1e-9, "{told} and {product}");
            assert!(read["stages"].as_u64() >= Some(4));
        })
        .await;
}

#[tokio::test]
async fn what_cannot_be_recognised_is_refused_by_name() {
    let cases = [
        (
            "lab.classify({ width: 40, height: 40, channels: 1, data: new Uint8Array(1600).fill(90) })",
            "no_ink",
            "No ink was found",
        ),
        (
            "lab.read({ width: 40, height: 40, channels: 3, data: new Uint8Array(4800).fill(255) })",
            "no_ink",
            "No ink was found",
        ),
        (
            "lab.classify(picture, { model: 'huge' })",
            "invalid_parameter",
            "model is huge; allowed: default, tiny.",
        ),
        (
            "lab.classifyMany(new Uint8Array(784), { model: 'huge' })",
            "invalid_parameter",
            "model is huge; allowed: default, tiny.",
        ),
        (
            "lab.models.load('huge')",
            "invalid_parameter",
            "model is huge; allowed: default, tiny.",
        ),
        (
            "lab.classify('seven')",
            "invalid_parameter",
            "input is a text; allowed: a picture",
        ),
        (
            "lab.classify(null)",
            "invalid_parameter",
            "input is null; allowed: a picture",
        ),
        (
            "lab.classify([1, 2, 3])",
            "invalid_parameter",
            "input is a list of 3 numbers; allowed: a picture",
        ),
        (
            "lab.classify(new Float32Array(784).fill(1.5))",
            "invalid_parameter",
            "input[0][0] is 1.5; allowed: numbers from 0 (paper) to 1 (ink).",
        ),
        (
            "lab.classify(new Array(784).fill(0).with(30, 'ink'))",
            "invalid_parameter",
            "input[1][2] is ink; allowed: numbers from 0",
        ),
        (
            "lab.classify({ width: 10, height: 10, channels: 2, data: new Uint8Array(200) })",
            "invalid_parameter",
            "channels",
        ),
        (
            "lab.classify(new Blob(['no picture']))",
            "unsupported",
            "picture",
        ),
        (
            "lab.classifyMany(new Uint8Array(785))",
            "invalid_parameter",
            "pictures is 785 levels; allowed: a multiple of 784",
        ),
        (
            "lab.classifyMany(7)",
            "invalid_parameter",
            "pictures is 7; allowed: a Uint8Array",
        ),
        (
            "lab.classifyMany([picture, { ...picture, data: new Uint8Array(784) }])",
            "no_ink",
            "Picture 1: No ink was found",
        ),
        (
            "lab.classify(picture, { signal: AbortSignal.abort() })",
            "aborted",
            "cancelled",
        ),
    ];
    let site = Site::built().start().await;
    Visit::new()
        .run_lab(&site, async |lab| {
            for (call, code, expected) in cases {
                let script = format!(
                    "const lab = window.lab ??= await Digitlab.open({{ workers: 1 }});
                    const data = new Uint8Array(784).map((_, k) => (k % 28 === 14 && k > 140 && k < 644 ? 255 : 0));
                    const picture = {{ width: 28, height: 28, channels: 1, data }};
                    return {call}.then(() => null, tools.failure);"
                );
                let failure = Failure::from_json(&lab.get(&script, Value::Null).await);
                assert_eq!(failure.code, code, "{call}: {failure}");
                assert!(failure.message.contains(expected), "{call}: {failure}");
            }
            let one = "const data = new Uint8Array(784).map((_, k) => (k % 28 === 14 && k > 140 && k < 644 ? 255 : 0));
                const many = await window.lab.classifyMany(new Set([data, data].map((data) => ({ width: 28, height: 28, channels: 1, data }))));
                return [Array.from(many.labels), many.probabilities.length];";
            assert_eq!(lab.get(one, Value::Null).await, json!([[1, 1], 20]));
        })
        .await;
}

#[tokio::test]
async fn each_fault_of_models_has_its_code_and_passes() {
    let cases = [
        (MODEL, Fault::Status(404), "model_missing"),
        (MODEL, Fault::Status(500), "network"),
        (MODEL, Fault::Truncated { keep: 5_000 }, "model_corrupt"),
        (MODEL, Fault::Truncated { keep: 0 }, "model_corrupt"),
        (MODEL, Fault::Cut { keep: 5_000 }, "network"),
        (MODEL, Fault::Corrupted { at: 300_000 }, "model_corrupt"),
        (
            MODEL,
            Fault::Replaced(b"<!doctype html>".to_vec()),
            "model_corrupt",
        ),
        (MODEL, Fault::Dropped, "network"),
        (MANIFEST, Fault::Status(404), "model_missing"),
        (MANIFEST, Fault::Status(503), "network"),
        (
            MANIFEST,
            Fault::Replaced(b"<!doctype html>".to_vec()),
            "model_corrupt",
        ),
        (
            MANIFEST,
            Fault::Replaced(b"{\"format\":2,\"models\":[]}".to_vec()),
            "model_corrupt",
        ),
        (MODULE, Fault::Status(404), "network"),
        (MODULE, Fault::Truncated { keep: 100_000 }, "network"),
        (MODULE, Fault::Cut { keep: 100_000 }, "network"),
        ("reader.js", Fault::Status(404), "network"),
        ("js/lab/reader_worker.js", Fault::Status(404), "network"),
        ("js/lab/recognition.js", Fault::Status(404), "network"),
    ];
    let site = Site::built().start().await;
    Visit::new()
        .expecting("/models/")
        .expecting("reader")
        .expecting("recognition.js")
        .run(async |browser| {
            browser.open(&site.url(LAB_PAGE)).await;
            let lab = browser.lab(&site.url("digitlab.js"));
            for (path, fault, code) in cases {
                let what = format!("{path}: {fault:?}");
                // A module is compiled once for a page, and a model is kept between pages.
                lab.get(
                    "await Promise.all((await caches.keys()).map((name) => caches.delete(name)));",
                    Value::Null,
                )
                .await;
                browser.reload().await;
                site.fault(path, fault);
                let failure = lab.run(READ, Value::Null).await.expect_err(&what);
                assert_eq!(failure.code, code, "{what}: {failure}");
                assert!(failure.message.len() > 40, "{what}: {failure}");
                if code == "model_corrupt" && path == MODEL {
                    let card = &cards()["models"][0];
                    assert_eq!(failure.detail["file"], "default.onnx", "{failure}");
                    assert_eq!(failure.detail["expected"], card["sha256"], "{failure}");
                    assert_ne!(failure.detail["found"], Value::Null, "{failure}");
                }
                site.heal();
                // What a browser has failed to import stays failed for that page.
                if path.ends_with(".js") {
                    browser.reload().await;
                }
                assert_eq!(
                    lab.run(READ, Value::Null).await,
                    Ok(json!("3142")),
                    "after {what}"
                );
            }
        })
        .await;
}

#[tokio::test]
async fn a_failed_load_is_forgotten_by_the_lab_itself() {
    let site = Site::built().start().await;
    site.fault(MODEL, Fault::Status(404));
    Visit::new()
        .expecting("/models/")
        .run_lab(&site, async |lab| {
            let load = "window.lab ??= await Digitlab.open({ workers: 1 });
                const before = window.lab.models.state('default');
                const loading = window.lab.models.load('default');
                await new Promise((resolve) => setTimeout(resolve));
                const result = await loading.then(({ name }) => name, ({ code }) => code);
                return [before, result, window.lab.models.state('default')];";
            let found = lab.get(load, Value::Null).await;
            assert_eq!(found, json!(["absent", "model_missing", "absent"]));
            site.heal();
            let found = lab.get(load, Value::Null).await;
            assert_eq!(found, json!(["absent", "default", "ready"]));
            let names = "return (await window.lab.models.list()).map(({ name, kind, sha256 }) => [name, kind, sha256.length]);";
            let found = lab.get(names, Value::Null).await;
            assert_eq!(found, json!([["default", "shipped", 64], ["tiny", "shipped", 64]]));
        })
        .await;
}

#[tokio::test]
async fn a_model_that_is_not_supported_says_which_operator() {
    let mut cards = cards();
    let mut file = site_file(MODEL);
    let name = b"MaxPool";
    let at = file.windows(name.len()).position(|part| part == name);
    let at = at.expect("the model pools");
    file[at..at + name.len()].copy_from_slice(b"MinPool");
    cards["models"][0]["sha256"] = json!(sha256(&file));
    let site = Site::built()
        .with(MODEL, file)
        .with(MANIFEST, cards.to_string())
        .start()
        .await;
    Visit::new()
        .run_lab(&site, async |lab| {
            let failure = lab
                .run(READ, Value::Null)
                .await
                .expect_err("no such operator");
            assert_eq!(failure.code, "model_unsupported", "{failure}");
            assert_eq!(failure.detail["operator"], "MinPool", "{failure}");
            assert_eq!(failure.detail["file"], "default.onnx", "{failure}");
            assert!(failure.message.contains("MinPool"), "{failure}");
            let tiny = "const lab = await Digitlab.open({ workers: 1 });
                const drawn = await lab.generate({ number: '1', seed: 5, image_width: 28 });
                const { model } = await lab.classify(drawn, { model: 'tiny' });
                lab.close();
                return model;";
            assert_eq!(lab.get(tiny, Value::Null).await, "tiny");
        })
        .await;
}

#[tokio::test]
async fn nothing_of_it_is_loaded_before_it_is_needed_and_nothing_twice() {
    let site = Site::built().start().await;
    let requested = || -> Vec<String> {
        let paths = site.log().into_iter().map(|request| request.path);
        let ours = |path: &String| {
            path.starts_with("models/") || path.contains("reader") || path.contains("recogn")
        };
        paths.filter(ours).collect()
    };
    Visit::new()
        .run(async |browser| {
            browser.open(&site.url(LAB_PAGE)).await;
            let lab = browser.lab(&site.url("digitlab.js"));
            let draw = "window.lab = await Digitlab.open({ workers: 2 });
                window.drawn = await window.lab.generate({ number: '3142', split: 'test', seed: 5, fit: 'natural' });
                return window.lab.models.state('default');";
            assert_eq!(lab.get(draw, Value::Null).await, "absent");
            assert_eq!(requested(), Vec::<String>::new());
            let read = "const texts = await Promise.all([1, 2, 3].map(() => window.lab.read(window.drawn)));
                return texts.map(({ text }) => text);";
            assert_eq!(lab.get(read, Value::Null).await, json!(["3142", "3142", "3142"]));
            let mut first = requested();
            for path in [MODEL, MANIFEST, MODULE] {
                assert_eq!(first.iter().filter(|found| *found == path).count(), 1, "{path}: {first:?}");
            }
            assert!(!first.contains(&"models/tiny.onnx".to_owned()));
            first.clear();
            site.clear_log();
            lab.get(read, Value::Null).await;
            assert_eq!(requested(), Vec::<String>::new(), "what is there is not loaded again");
            browser
                .until("the model is kept", "caches.open('digitlab-models').then((cache) => cache.keys()).then((keys) => keys.length === 1)")
                .await;
            browser.reload().await;
            site.clear_log();
            assert_eq!(lab.get(READ, Value::Null).await, "3142");
            if Engine::current().keeps_caches() {
                assert!(!requested().contains(&MODEL.to_owned()), "a second visit uses what was kept");
            }
        })
        .await;
}

#[tokio::test]
async fn loading_tells_its_progress_in_bytes() {
    let site = Site::built().start().await;
    let slow = |piece| Fault::Slow {
        piece,
        pause: Duration::from_millis(5),
    };
    site.fault(MODEL, slow(64 * 1024));
    site.fault(MODULE, slow(512 * 1024));
    Visit::new()
        .run_lab(&site, async |lab| {
            let steps = lab
                .get(
                    "const lab = await Digitlab.open({ workers: 1 });
                    const steps = [];
                    const states = new Set();
                    const onProgress = (step) => {
                      steps.push(step);
                      states.add(lab.models.state('default'));
                    };
                    await lab.models.load('default', { onProgress });
                    const loaded = steps.length;
                    await lab.models.load('default', { onProgress });
                    lab.close();
                    return { steps, loaded, states: [...states] };",
                    Value::Null,
                )
                .await;
            let whole = (site_file(MODEL).len() + site_file(MODULE).len()) as u64;
            let list = steps["steps"].as_array().expect("a list of steps");
            let done: Vec<u64> = list
                .iter()
                .map(|step| step["done"].as_u64().expect("bytes"))
                .collect();
            assert!(done.len() > 4 && done.is_sorted(), "{done:?}");
            assert_eq!(done.last(), Some(&whole));
            assert!(
                list.iter().all(|step| step["unit"] == "bytes"
                    && step["done"].as_u64() <= step["total"].as_u64())
            );
            assert_eq!(
                list.last().map(|step| step["total"].clone()),
                Some(json!(whole))
            );
            assert_eq!(
                steps["loaded"],
                list.len(),
                "what is there needs no loading"
            );
            assert_eq!(steps["states"], json!(["loading"]));
        })
        .await;
}

#[tokio::test]
async fn cancelling_and_timeouts_cost_nothing_else() {
    let site = Site::built().start().await;
    Visit::new()
        .run_lab(&site, async |lab| {
            let found = lab
                .get(
                    "const lab = await Digitlab.open({ workers: 1 });
                    const drawn = await lab.generate({ number: '3142', split: 'test', seed: 5, fit: 'natural' });
                    const catching = (promise) => promise.then(() => null, ({ name, code }) => [name, code]);
                    const first = new AbortController();
                    const loading = catching(lab.read(drawn, { signal: first.signal }));
                    first.abort();
                    const early = await loading;
                    const { text } = await lab.read(drawn);
                    const many = new AbortController();
                    let seen = 0;
                    const onProgress = () => { seen += 1; many.abort(); };
                    const levels = new Uint8Array(784 * 4000).map((_, k) => k % 251);
                    const late = await catching(lab.classifyMany(levels, { signal: many.signal, onProgress }));
                    const timeout = await catching(lab.classifyMany(levels, { timeout: 0 }));
                    const again = await lab.read(drawn);
                    lab.close();
                    const closed = await catching(lab.read(drawn));
                    return { early, late, timeout, closed, texts: [text, again.text], seen };",
                    Value::Null,
                )
                .await;
            assert_eq!(found["early"], json!(["AbortError", "aborted"]));
            assert_eq!(found["late"], json!(["AbortError", "aborted"]));
            assert_eq!(found["timeout"], json!(["DigitlabError", "timeout"]));
            assert_eq!(found["closed"], json!(["DigitlabError", "closed"]));
            assert_eq!(found["texts"], json!(["3142", "3142"]));
            assert_eq!(found["seen"], 1);
        })
        .await;
}

#[tokio::test]
async fn a_worker_that_dies_is_replaced() {
    let path = "js/lab/reader_methods.js";
    let script = String::from_utf8(site_file(path)).expect("text");
    let (before, after) = script.split_once("  read(").expect("readers read");
    // A picture of 66 columns is its end.
    let cursed = "  read(args) {
        if (args.picture.width === 66) reader.panicOnPurpose();
        return this.spared(args);
      },
      spared(";
    let site = Site::built()
        .with(path, [before, cursed, after].concat())
        .start()
        .await;
    Visit::new()
        .expecting("on purpose")
        .run_lab(&site, async |lab| {
            let found = lab
                .get(
                    "const lab = await Digitlab.open({ workers: 1 });
                    const drawn = await lab.generate({ number: '3142', split: 'test', seed: 5, fit: 'natural' });
                    const texts = [(await lab.read(drawn)).text];
                    const cursed = { width: 66, height: 66, channels: 1, data: new Uint8Array(66 * 66) };
                    const failure = await lab.read(cursed).then(() => null, tools.failure);
                    texts.push((await lab.read(drawn)).text, (await lab.generate({ number: '5', seed: 1, image_width: 28 })).label);
                    lab.close();
                    return { failure, texts };",
                    Value::Null,
                )
                .await;
            let failure = Failure::from_json(&found["failure"]);
            assert_eq!(failure.code, "crashed", "{failure}");
            assert!(failure.message.contains("on purpose"), "{failure}");
            assert_eq!(found["texts"], json!(["3142", "3142", "5"]));
        })
        .await;
}
