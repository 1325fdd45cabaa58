//! Robustness curves: what `lab.robustness` gives, and the page that shows it.

use std::collections::BTreeSet;
use std::fs;

use digitlab::raster::{Raster, Shape};
use digitlab_browser::{Browser, Engine, Failure, Fault, Site, Visit, Window, environment, lab};
use serde_json::{Value, json};

use crate::augmented::variant;

const ALL: &str = "const point_of = ({ curve, strength, value, pictures, models, error }) => ({
    curve, strength, value, pictures, error: error && tools.failure(error),
    right: models?.map(({ right }) => right), answers: models?.map(({ answers }) => tools.bytes(answers)),
  });";

/// The rows of the page's table, each as its texts.
const TABLE: &str = "[...document.querySelectorAll('#robustness-table-body tr')].map((row) => [...row.cells].map(({ textContent }) => textContent))";

async fn open(browser: &Browser, site: &Site, query: &str) {
    browser
        .open(&site.url(&format!("#/robustness{query}")))
        .await;
    browser
        .until(
            "the page is there",
            "document.querySelector('#robustness') !== null",
        )
        .await;
}

async fn state(browser: &Browser, state: &str) {
    let expression = format!("document.querySelector('#robustness')?.dataset.state === '{state}'");
    browser
        .until(&format!("the page is {state}"), &expression)
        .await;
}

async fn table(browser: &Browser) -> Vec<Vec<String>> {
    browser
        .run(
            "document.querySelector('#robustness-table-panel').open = true",
            vec![],
        )
        .await;
    browser
        .until(
            "rows",
            "document.querySelectorAll('#robustness-table-body tr').length > 0",
        )
        .await;
    serde_json::from_value(browser.value(TABLE).await).expect("rows of texts")
}

#[tokio::test]
async fn every_path_takes_digits_and_grows_from_where_it_does_nothing() {
    let site = Site::built().start().await;
    Visit::new()
        .run_lab(&site, async |lab| {
            let found = lab
                .get(
                    &format!(
                        "{ALL}
                        const lab = await Digitlab.open();
                        const strengths = await lab.strengths();
                        const {{ transforms }} = await lab.transforms();
                        const options = {{ transforms: strengths.map(({{ name }}) => name), strengths: 3, pictures: 20, models: ['tiny'], seed: 5 }};
                        const points = [];
                        for await (const point of lab.robustness(options)) points.push(point_of(point));
                        lab.close();
                        return {{ strengths, points, transforms }};"
                    ),
                    Value::Null,
                )
                .await;
            let points = found["points"].as_array().expect("points");
            let refused: Vec<_> = points.iter().filter(|point| !point["error"].is_null()).collect();
            assert!(refused.is_empty(), "{refused:?}");
            assert_eq!(points[0]["curve"], "none");
            assert!(points[0]["right"][0].as_u64() >= Some(18), "{}", points[0]);
            let strengths = found["strengths"].as_array().expect("paths");
            assert!(strengths.len() > 40, "{} paths", strengths.len());
            for path in strengths {
                let info = found["transforms"]
                    .as_array()
                    .and_then(|all| all.iter().find(|info| info["name"] == path["transform"]))
                    .unwrap_or_else(|| panic!("{path} is of no transform"));
                let has = |field: &Value| info["fields"].as_array().is_some_and(|fields| fields.iter().any(|each| each["name"] == *field));
                assert!(path["field"] == "p" || has(&path["field"]), "{path}");
                let values: Vec<f64> = points
                    .iter()
                    .filter(|point| point["curve"] == path["name"])
                    .map(|point| point["value"].as_f64().expect("a value"))
                    .collect();
                assert!((2..=3).contains(&values.len()), "{path}: {values:?}");
                let [none, strong] = ["none", "strong"].map(|end| path[end].as_f64().expect("an end"));
                assert!((values[values.len() - 1] - strong).abs() < 1e-9, "{path}: {values:?}");
                let mut before = none;
                for value in values {
                    assert!((value - before) * (strong - none) > 0.0, "{path}: {value} after {before}");
                    before = value;
                }
            }
            // Whatever is strong enough to be seen is misread more often at its end than plain pictures are.
            let wrong_at_the_end = |name: &str| {
                let last = points.iter().rfind(|point| point["curve"] == name);
                last.and_then(|point| point["right"][0].as_u64()) < Some(15)
            };
            for name in ["Rotate", "GaussNoise", "GaussianBlur", "ShiftScaleRotate.right", "InvertImg", "PixelDropout"] {
                assert!(wrong_at_the_end(name), "{name}");
            }
        })
        .await;
}

#[tokio::test]
async fn pictures_and_answers_are_those_of_the_engine_and_of_the_models() {
    let site = Site::built().start().await;
    let pipeline = json!([{ "transform": "OneOf", "p": 1, "transforms": [
        { "transform": "Rotate", "limit": [-40, 40], "p": 1 },
        { "transform": "Blur", "blur_limit": [3, 5], "p": 1 },
    ]}]);
    Visit::new()
        .run_lab(&site, async |lab| {
            let found = lab
                .get(
                    "const lab = await Digitlab.open();
                    const options = { transforms: ['Rotate'], pipeline: args, strengths: [0.5, 1], pictures: 50, models: ['tiny', 'default'], seed: '9' };
                    const run = async (more) => {
                      const points = [];
                      for await (const point of lab.robustness({ ...options, ...more })) points.push(point);
                      return points;
                    };
                    const points = await run();
                    const again = await run();
                    const other = await run({ seed: 10 });
                    const places = [0, 7, 49];
                    const told = [];
                    for (const point of points) {
                      const all = await point.levels([...point.labels.keys()]);
                      const some = await point.levels(places);
                      const { labels } = await lab.classifyMany(all, { model: 'default' });
                      told.push({
                        curve: point.curve, value: point.value, pipeline: point.pipeline, pictures: point.pictures,
                        some: tools.bytes(some),
                        same: places.every((place, k) => some.subarray(784 * k, 784 * (k + 1)).every((level, at) => level === all[784 * place + at])),
                        read: labels.every((label, k) => label === point.models[1].answers[k]),
                        counted: point.models.every(({ right, accuracy, answers }) => right === answers.filter((answer, k) => answer === point.labels[k]).length && accuracy === right / 50),
                        right: point.models.map(({ right }) => right),
                      });
                    }
                    const all = (points) => JSON.stringify(points.map(({ positions, models }) => [[...positions], models.map(({ answers }) => [...answers])]));
                    const [plain] = points;
                    lab.close();
                    return { told, positions: [...plain.positions], labels: [...plain.labels], again: all(points) === all(again), other: all(points) === all(other) };",
                    pipeline.clone(),
                )
                .await;
            assert_eq!(found["again"], true, "the same seed");
            assert_eq!(found["other"], false, "another seed");
            let positions: Vec<u64> = serde_json::from_value(found["positions"].clone()).expect("positions");
            assert_eq!(positions.iter().collect::<BTreeSet<_>>().len(), 50, "each picture once");
            assert!(positions.is_sorted() && positions[49] < 10_000);
            let labels: Vec<usize> = serde_json::from_value(found["labels"].clone()).expect("labels");
            for digit in 0..10 {
                let count = labels.iter().filter(|label| **label == digit).count();
                assert!((4..=6).contains(&count), "{count} of the digit {digit}");
            }
            let told = found["told"].as_array().expect("points");
            let curves: Vec<_> = told.iter().map(|point| (point["curve"].as_str().unwrap_or_default(), point["value"].as_f64().unwrap_or_default())).collect();
            assert_eq!(curves, [("none", 0.0), ("Rotate", 45.0), ("Rotate", 90.0), ("pipeline", 0.5), ("pipeline", 1.0)]);
            let plain = lab::bytes(&told[0]["some"]);
            for point in told {
                assert_eq!(point["same"], true, "{point}");
                assert_eq!(point["read"], true, "{point}");
                assert_eq!(point["counted"], true, "{point}");
                let some = lab::bytes(&point["some"]);
                for (k, place) in [0, 7, 49].into_iter().enumerate() {
                    let of = |levels: &[u8]| levels[784 * k..784 * (k + 1)].to_vec();
                    let shape = Shape { width: 28, height: 28, channels: 1 };
                    let digit = Raster::new(shape, of(&plain)).expect("a picture");
                    let (expected, _) = variant(&digit, &point["pipeline"], 9, positions[place]);
                    assert_eq!(of(&some), expected.data(), "{} at {}", point["curve"], point["value"]);
                }
            }
            let read = |point: &Value| json!(point["pipeline"]);
            // At its full strength it is the pipeline itself; below, its ranges are narrower, and what has none runs less often.
            assert_eq!(read(&told[4])["transforms"][0]["transforms"][0]["limit"], json!([-40, 40]));
            assert_eq!(read(&told[3])["transforms"][0]["transforms"][0]["limit"], json!([-20, 20]));
            assert_eq!(read(&told[3])["transforms"][0]["transforms"][1]["transforms"][0]["p"], 0.5);
        })
        .await;
}

#[tokio::test]
async fn what_cannot_be_measured_is_refused_by_name_and_the_rest_goes_on() {
    let site = Site::built().start().await;
    Visit::new()
        .run_lab(&site, async |lab| {
            let found = lab
                .get(
                    &format!(
                        "{ALL}
                        const lab = await Digitlab.open();
                        const fail = async (options) => {{
                          try {{
                            for await (const _ of lab.robustness({{ pictures: 10, models: ['tiny'], strengths: 1, ...options }}));
                            return 'accepted';
                          }} catch (error) {{
                            return tools.failure(error);
                          }}
                        }};
                        const refused = [];
                        for (const options of args) refused.push(await fail(options));
                        const stop = new AbortController();
                        let taken = 0;
                        const steps = [];
                        const aborted = await (async () => {{
                          const options = {{ transforms: ['Rotate'], pictures: 100, models: ['tiny'], strengths: 20, signal: stop.signal }};
                          for await (const _ of lab.robustness({{ ...options, onProgress: (step) => steps.push(step) }})) {{
                            taken += 1;
                            if (taken === 3) stop.abort();
                          }}
                        }})().then(() => 'ended', tools.failure);
                        const points = [];
                        const colours = [{{ transform: 'ChannelDropout', p: 1 }}];
                        for await (const point of lab.robustness({{ transforms: ['Transpose'], pipeline: colours, pictures: 10, models: ['tiny'], strengths: 1 }})) points.push(point_of(point));
                        const last = steps.filter(({{ unit }}) => unit === 'images').at(-1);
                        lab.close();
                        return {{ refused, aborted, taken, points, last }};"
                    ),
                    json!([
                        { "transforms": ["Rotat"] },
                        { "transforms": "Rotate" },
                        { "strengths": 0 },
                        { "strengths": [0.5, 1.5] },
                        { "pictures": 0 },
                        { "pictures": 1.5 },
                        { "models": [] },
                        { "models": ["nosuch"] },
                        { "seed": -1 },
                        { "pipeline": [{ "transform": "Rotate", "limit": 9999 }] },
                    ]),
                )
                .await;
            let refused = found["refused"].as_array().expect("a list");
            let fields = ["transforms", "transforms", "strengths", "strengths", "pictures", "pictures", "models", "model", "seed", ""];
            assert_eq!(refused.len(), fields.len());
            for (refusal, field) in refused.iter().zip(fields) {
                let failure = Failure::from_json(refusal);
                assert_eq!(failure.code, "invalid_parameter", "{failure}");
                assert!(failure.message.contains("allowed: ") && failure.message.ends_with('.'), "{failure}");
                assert!(failure.message.starts_with(field), "{failure}");
            }
            assert_eq!(Failure::from_json(&found["aborted"]).name, "AbortError");
            assert_eq!(found["taken"], 3);
            assert_eq!(found["last"]["total"], 2_100);
            let points = found["points"].as_array().expect("points");
            assert_eq!(points.len(), 3);
            assert_eq!(points[1]["curve"], "Transpose");
            assert!(points[1]["right"][0].as_u64() <= Some(10));
            let failure = Failure::from_json(&points[2]["error"]);
            assert!(failure.message.contains("ChannelDropout.channels is 1"), "{failure}");
        })
        .await;
}

#[tokio::test]
async fn the_page_measures_what_its_address_asks_for_and_tells_the_same_everywhere() {
    let site = Site::built().start().await;
    Visit::new()
        .window(Window { height: 1_600, ..Window::default() })
        .run(async |browser| {
            open(browser, &site, "?models=tiny,default&curves=Rotate,GaussNoise&pictures=100&strengths=5&seed=7").await;
            state(browser, "done").await;
            assert_eq!(browser.field("#robustness-model").await, "tiny");
            assert_eq!(browser.field("#robustness-beside").await, "default");
            assert_eq!(browser.field("#robustness-pictures").await, "100");
            let titles = "[...document.querySelectorAll('.curve__title')].map(({ textContent }) => textContent)";
            assert_eq!(browser.value(titles).await, json!(["Rotation", "Gaussian noise"]));
            let labels = "[...document.querySelectorAll('[data-curve=Rotate] .curve__point')].map((point) => point.getAttribute('aria-label'))";
            let labels: Vec<String> = serde_json::from_value(browser.value(labels).await).expect("labels");
            assert_eq!(labels.len(), 12, "two models at six strengths");
            let rows = table(browser).await;
            assert_eq!(rows.len(), 2 + 2 * 2 * 5);
            // The chart's points, the table and the file tell the same.
            for strength in ["18°", "90°"] {
                for model in ["tiny", "default"] {
                    let row = rows.iter().find(|row| row[..3] == ["Rotation", strength, model]).expect("a row");
                    let right = row[4].split(' ').next().expect("a count");
                    let label = format!("{strength}, {model}: {} right, {right} of 100", row[3]);
                    assert!(labels.contains(&label), "{label} is not among {labels:?}");
                }
            }
            browser.click("#robustness-csv").await;
            let (name, csv) = browser.download().await;
            assert_eq!(name, "digitlab-robustness-tiny-default-seed7.csv");
            let csv = String::from_utf8(csv).expect("text");
            let lines: Vec<Vec<&str>> = csv.trim_end().split("\r\n").map(|line| line.split(',').collect()).collect();
            assert_eq!(lines.len(), 1 + rows.len());
            assert_eq!(lines[0][..3], ["curve", "title", "parameter"]);
            for (row, line) in rows.iter().zip(&lines[1..]) {
                // A parameter with a comma stands in quotes, and so is two cells here.
                let tail = &line[line.len() - 9..];
                assert_eq!(line[1], row[0]);
                let value = row[1].trim_end_matches('°').trim_end_matches(" %").replace('−', "-");
                assert_eq!(tail[0], if value.is_empty() { "0" } else { &value });
                assert_eq!(tail[2], row[2]);
                assert_eq!(format!("{} of {}", tail[4], tail[3]), row[4]);
                let percent = |cell: &str| format!("{:.1} %", 100.0 * cell.parse::<f64>().expect("a share"));
                assert_eq!(percent(tail[5]), row[3]);
                assert_eq!(format!("{} to {}", percent(tail[6]), percent(tail[7])), row[5]);
                assert_eq!(tail[8], "7");
            }
            browser.click("#robustness-png").await;
            let (name, png) = browser.download().await;
            assert_eq!(name, "digitlab-robustness-tiny-default-seed7.png");
            let picture = digitlab::raster::codec::decode(&png, &digitlab::raster::codec::Limits::default()).expect("a PNG").picture;
            assert!(picture.width() > 600 && picture.height() > 300, "{} x {}", picture.width(), picture.height());
            let colours: BTreeSet<&[u8]> = picture.data().chunks_exact(picture.channels()).collect();
            assert!(colours.len() > 50, "only {} colours", colours.len());

            // Reloading restores it.
            assert!(browser.address().await.contains("curves=Rotate%2CGaussNoise"));
            browser.reload().await;
            state(browser, "done").await;
            assert_eq!(table(browser).await, rows);
        })
        .await;
}

#[tokio::test]
async fn keys_move_along_a_curve_and_open_the_pictures_behind_a_point() {
    let site = Site::built().start().await;
    Visit::new()
        .window(Window { height: 1_600, ..Window::default() })
        .run(async |browser| {
            open(browser, &site, "?models=tiny,default&curves=Rotate&pictures=100&strengths=5&seed=7").await;
            state(browser, "done").await;
            assert_eq!(browser.value("document.querySelectorAll('.curve__point[tabindex=\"0\"]').length").await, 1);
            browser.run("document.querySelector('.curve__point[tabindex=\"0\"]').focus()", vec![]).await;
            let now = "document.activeElement.getAttribute('aria-label')";
            let said = async || browser.value(now).await.as_str().unwrap_or_default().to_owned();
            assert!(said().await.starts_with("As they are, tiny: "));
            browser.keys("\u{e014}\u{e014}\u{e014}").await;
            let label = said().await;
            assert!(label.starts_with("54°, tiny: "), "{label}");
            assert!(browser.text(".curve__readout").await.starts_with("54°"));
            browser.keys("\u{e015}").await;
            assert!(said().await.starts_with("54°, default: "));
            browser.keys("\u{e010}").await;
            assert!(said().await.starts_with("90°, default: "));
            browser.keys("\u{e012}\u{e012}\u{e013}\u{e007}").await;
            let there = "document.querySelector('#robustness-point').dataset.state === 'done'";
            browser.until("the pictures", there).await;
            assert_eq!(browser.text("#robustness-point-title").await, "Rotation: 54°");
            let facts = browser.text("#robustness-point-facts").await;
            let right: usize = label.rsplit(", ").next().and_then(|end| end.split(' ').next()).and_then(|count| count.parse().ok()).expect("a count");
            assert!(facts.contains(&format!("{right} of 100")), "{facts}");
            let wrong = 100 - right;
            let tiles = "[...document.querySelectorAll('#robustness-point-wrong button')].map((tile) => tile.textContent)";
            let tiles: Vec<String> = serde_json::from_value(browser.value(tiles).await).expect("labels");
            assert_eq!(tiles.len(), wrong.min(24));
            for tile in &tiles {
                let digits: Vec<char> = tile.chars().filter(char::is_ascii_digit).collect();
                assert!(digits[0] != digits[1], "{tile}");
            }
            assert!(browser.text("#robustness-point-wrong-title").await.starts_with("Misread: "));
            // Turning to the next strength, and to the other model.
            browser.click("#robustness-point-next").await;
            browser.until("the next strength", "document.querySelector('#robustness-point-title').textContent === 'Rotation: 72°'").await;
            browser.click("#robustness-point-models label:nth-child(2)").await;
            browser.until("the other model", "document.querySelector('#robustness-point-facts').textContent.startsWith('default: ')").await;
            browser.keys("\u{e00c}").await;
            browser.until("it is closed", "!document.querySelector('#robustness-point').open").await;
            let label = said().await;
            assert!(label.starts_with("72°, default: "), "the focus is on {label}");
            // A picture goes to Classify.
            browser.keys("\u{e007}").await;
            browser.until("the pictures", there).await;
            browser.click("#robustness-point-wrong button").await;
            browser.until("Classify", "location.hash.startsWith('#/classify') && document.querySelector('#classify-answer')?.dataset.state === 'done'").await;
        })
        .await;
}

#[tokio::test]
async fn cancelling_keeps_what_was_measured() {
    let site = Site::built().start().await;
    Visit::new()
        .run(async |browser| {
            open(browser, &site, "?models=tiny&curves=Rotate&pictures=3000&strengths=20&seed=7").await;
            browser.until("two points", "Number(document.querySelector('#robustness').dataset.points) >= 2").await;
            let said = "/left\\. Read: [\\d,]+ of 63,000/.test(document.querySelector('#robustness-progress-text').textContent)";
            browser.until("the time left", said).await;
            browser.click("#robustness-progress-cancel").await;
            state(browser, "cancelled").await;
            assert!(browser.text("#robustness-said").await.contains("stays"));
            let rows = table(browser).await;
            assert!((2..20).contains(&rows.len()), "{} rows", rows.len());
            assert_eq!(rows[0][0], "As they are");
            assert!(rows[0][4].ends_with("of 3,000"), "{:?}", rows[0]);
            browser.click("#robustness-csv").await;
            let (_, csv) = browser.download().await;
            assert_eq!(String::from_utf8(csv).expect("text").lines().count(), 1 + rows.len());
            // The workers are free again: something small is soon measured.
            browser.fill("#robustness-pictures", "100").await;
            browser.click("label:has(#robustness-strengths-5)").await;
            browser.click("#robustness-go").await;
            state(browser, "done").await;
            assert_eq!(table(browser).await.len(), 6);
        })
        .await;
}

#[tokio::test]
async fn what_goes_wrong_is_said_and_can_be_tried_again() {
    let site = Site::built().start().await;
    Visit::new()
        .expecting("/models/tiny")
        .expecting("/mnist/test")
        .run(async |browser| {
            open(browser, &site, "").await;
            browser.until("the fields", "document.querySelector('#robustness-model').options.length === 2").await;
            state(browser, "idle").await;
            browser.fill("#robustness-pictures", "99").await;
            assert_eq!(browser.text("#robustness-pictures-error").await, "Test pictures is “99”; allowed: whole numbers from 100 to 10,000.");
            browser.fill("#robustness-pictures", "100").await;
            browser.fill("#robustness-seed", "minus").await;
            assert_eq!(browser.text("#robustness-seed-error").await, "The seed is “minus”; allowed: whole numbers from 0 to 18446744073709551615.");
            browser.fill("#robustness-seed", "3").await;
            browser.run("document.querySelector('#robustness-curves-panel').open = true", vec![]).await;
            browser.click("#robustness-curves-none").await;
            assert_eq!(browser.attribute("#robustness-go", "disabled").await.as_deref(), Some("true"));

            let trouble = async |query: &str, words: &str| {
                open(browser, &site, query).await;
                let expression = format!(
                    "document.querySelector('#robustness-trouble')?.hidden === false && document.querySelector('#robustness-trouble-text').textContent.includes({})",
                    json!(words)
                );
                browser.until(words, &expression).await;
            };
            trouble("?models=nosuch&curves=Rotate&pictures=100", "model is nosuch; allowed: default, tiny.").await;
            site.fault("models/tiny*", Fault::Status(404));
            trouble("?models=tiny&curves=Transpose&pictures=100", "tiny").await;
            site.heal();
            browser.click("#robustness-retry").await;
            state(browser, "done").await;
            if Engine::current().keeps_caches() {
                site.fault("mnist/test*", Fault::Dropped);
                browser.reload().await;
                // The test pictures of before are kept; another data set is not needed to see that.
                state(browser, "done").await;
                site.heal();
            }
        })
        .await;
    Visit::new()
        .expecting("/mnist/test")
        .run(async |browser| {
            site.fault("mnist/test*", Fault::Dropped);
            open(
                browser,
                &site,
                "?models=tiny&curves=Transpose&pictures=100&strengths=5&seed=1",
            )
            .await;
            let said =
                "document.querySelector('#robustness-trouble-text')?.textContent.includes('shard')";
            browser.until("the network is gone", said).await;
            site.heal();
            browser.click("#robustness-retry").await;
            state(browser, "done").await;
            assert_eq!(table(browser).await.len(), 6);
        })
        .await;
}

#[tokio::test]
async fn a_damaged_shard_of_test_pictures_is_loaded_once_more_and_then_named() {
    let site = Site::built().start().await;
    let shard = fs::read(environment::site().join("mnist/test-0-00.gz")).expect("a shard");
    site.fault_times(
        "mnist/test-0-00.gz",
        Fault::Corrupted {
            at: shard.len() / 2,
        },
        1,
    );
    site.fault("mnist/test-1-00.gz", Fault::Truncated { keep: 1_000 });
    let measure = "const lab = await Digitlab.open();
        try {
          for await (const { pictures } of lab.robustness({ pictures: 100, models: ['tiny'] })) return pictures;
        } finally {
          lab.close();
        }";
    Visit::new()
        .expecting("/mnist/test")
        .run_lab(&site, async |lab| {
            let failure = lab
                .run(measure, Value::Null)
                .await
                .expect_err("a broken shard");
            assert_eq!(failure.code, "bucket_corrupt", "{failure}");
            assert!(failure.message.contains("test-1-00.gz"), "{failure}");
            site.heal();
            assert_eq!(lab.get(measure, Value::Null).await, json!(100));
        })
        .await;
}

#[tokio::test]
async fn the_pipeline_of_the_augment_page_is_measured_too() {
    let site = Site::built().start().await;
    let pipeline =
        crate::augmented::encoded(&json!([{ "transform": "Rotate", "limit": [-90, 90], "p": 1 }]));
    Visit::new()
        .run(async |browser| {
            browser
                .open(&site.url(&format!("#/augment?mode=mine&seed=1&pipeline={pipeline}")))
                .await;
            let link = "document.querySelector('#augment-robustness')?.hash.includes('pipeline=')";
            browser.until("the link", link).await;
            // Few pictures, so that it is soon done.
            let hash = browser
                .value("document.querySelector('#augment-robustness').hash")
                .await;
            let hash = hash.as_str().expect("an address").to_owned();
            browser
                .run(
                    "location.hash = arguments[0]",
                    vec![json!(format!(
                        "{hash}&models=tiny&pictures=100&strengths=5"
                    ))],
                )
                .await;
            state(browser, "done").await;
            assert_eq!(browser.text(".curve__title").await, "Your pipeline");
            assert_eq!(browser.field("#robustness-pipeline").await, "own");
            let rows = table(browser).await;
            assert_eq!(rows.len(), 6);
            assert_eq!(rows[5][1], "100 %");
        })
        .await;
}
