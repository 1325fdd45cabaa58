//! What a model says of the variants on the Augment page.

use std::fs;

use digitlab::classify::training::Digits;
use digitlab::mnist::{Manifest, Pool, Split};
use digitlab::raster::{Raster, Shape};
use digitlab_browser::{Browser, Fault, Visit, Window, environment};
use serde_json::{Value, json};

use crate::augmented::{encoded, open, site_with};

const SIDE: usize = 28;

/// What is said below each tile, and whether it is marked.
const SAID: &str = "[...document.querySelectorAll('#augment-wall-grid .variant__says')].map((said) => [said.textContent, 'changed' in said.dataset])";

fn grey(data: Vec<u8>) -> Raster {
    let shape = Shape {
        width: SIDE,
        height: SIDE,
        channels: 1,
    };
    Raster::new(shape, data).expect("a picture")
}

/// The first test picture of a digit.
fn digit(label: u8) -> Raster {
    let file = |name: &str| {
        fs::read(environment::site().join("mnist").join(name)).expect("a file of the bucket")
    };
    let manifest = String::from_utf8(file("manifest.json")).expect("text");
    let mut pool = Pool::new(Manifest::parse(&manifest).expect("a manifest"));
    let files: Vec<String> = pool.manifest().splits[&Split::Test]
        .digits
        .iter()
        .flatten()
        .map(|entry| entry.file.clone())
        .collect();
    for name in files {
        pool.load(&name, &file(&name)).expect("a good shard");
    }
    let test = Digits::from_pool(&pool, Split::Test).expect("all shards are loaded");
    let at = (0..test.len())
        .find(|&at| test.label(at) == label)
        .expect("every digit is there");
    grey(test.picture(at).to_vec())
}

fn tall() -> Window {
    Window {
        height: 3_000,
        ..Window::default()
    }
}

async fn says(browser: &Browser, state: &str) {
    let expression =
        format!("document.querySelector('#augment-says')?.dataset.state === '{state}'");
    browser
        .until(&format!("the model's row is {state}"), &expression)
        .await;
}

async fn said(browser: &Browser) -> Vec<(String, bool)> {
    serde_json::from_value(browser.value(SAID).await).expect("texts and marks")
}

#[tokio::test]
async fn each_variant_has_what_the_model_reads_and_a_mark_where_that_is_something_else() {
    let six = digit(6);
    let site = site_with(&six).start().await;
    let pipeline = json!([{ "transform": "Rotate", "limit": [0, 180], "p": 1 }]);
    Visit::new()
        .window(tall())
        .run(async |browser| {
            open(browser, &site, &format!("mode=mine&seed=7&count=12&pipeline={}", encoded(&pipeline))).await;
            says(browser, "off").await;
            assert!(said(browser).await.iter().all(|(text, _)| text.is_empty()));
            browser.click("#augment-says-on").await;
            says(browser, "done").await;
            browser.until("the address", "location.hash.includes('says=default')").await;
            // The same, asked of the module.
            let found = browser
                .lab(&site.url("digitlab.js"))
                .get(
                    "const lab = await Digitlab.open({ workers: 1 });
                    const picture = await lab.fetchPicture(args.picture);
                    const read = async (job) => {
                      for await (const { preview } of lab.variants(picture, [job])) {
                        const { label, figures, probability } = await lab.classify({ ...preview, channels: 4 });
                        return figures < 2 ? { label, probability } : { label: (await lab.read({ ...preview, channels: 4 })).text };
                      }
                    };
                    const original = await read({ pipeline: [], seed: 0, index: 0 });
                    const all = [];
                    for (let index = 0; index < 12; index++) all.push(await read({ pipeline: args.pipeline, seed: 7, index }));
                    lab.close();
                    return { original, all };",
                    json!({ "picture": site.url("waves.png"), "pipeline": pipeline }),
                )
                .await;
            assert_eq!(found["original"]["label"], "6", "{found}");
            let shown = said(browser).await;
            assert_eq!(shown.len(), 12);
            for (at, (text, changed)) in shown.iter().enumerate() {
                let label = found["all"][at]["label"].as_str().expect("an answer");
                assert!(text.starts_with(label) && text.ends_with('%'), "{text}, not {label}");
                assert_eq!(*changed, label != "6", "{text}");
                assert_eq!(text.contains(", not 6"), *changed, "{text}");
            }
            let count = shown.iter().filter(|(_, changed)| *changed).count();
            assert!((1..12).contains(&count), "{shown:?}");
            let told = browser.text("#augment-says-text").await;
            assert!(told.starts_with("The original is read as 6, ") && told.contains(&format!("{count} of 12 variants")), "{told}");
            let option = browser.text("#augment-wall-grid [data-index='3']").await;
            assert!(option.contains(&shown[3].0), "it is part of the option's name: {option}");

            // Another seed is another wall; a reload restores it all.
            browser.fill("#augment-wall-seed", "8").await;
            browser.until("other answers", &format!("document.querySelector('#augment-says').dataset.state === 'done' && JSON.stringify({SAID}) !== {}", json!(serde_json::to_string(&shown).expect("JSON")))).await;
            browser.fill("#augment-wall-seed", "7").await;
            browser.until("the answers of before", &format!("JSON.stringify({SAID}) === {}", json!(serde_json::to_string(&shown).expect("JSON")))).await;
            browser.until("the address", "location.hash.includes('seed=7')").await;
            browser.reload().await;
            browser.until("the answers again", &format!("JSON.stringify({SAID}) === {}", json!(serde_json::to_string(&shown).expect("JSON")))).await;

            // Large: the same answer, and it follows the switch.
            let changed = shown.iter().position(|(_, changed)| *changed).expect("one is marked");
            browser.click(&format!("#augment-wall-grid [data-index='{changed}']")).await;
            let (text, _) = &shown[changed];
            let expression = format!("document.querySelector('#augment-detail-says-text').textContent.startsWith({})", json!(format!("default: {text} (the original: 6, ")));
            browser.until("the answer, large", &expression).await;
            assert!(browser.attribute("#augment-detail-says", "data-changed").await.is_some());
            browser.click("#augment-detail-says-on").await;
            browser.until("none", "document.querySelector('#augment-detail-says-text').textContent === ''").await;
            browser.click("#augment-detail-close").await;
            says(browser, "off").await;
            assert!(said(browser).await.iter().all(|(text, _)| text.is_empty()));
            browser.until("the address without it", "!location.hash.includes('says=')").await;
        })
        .await;
}

#[tokio::test]
async fn a_variant_without_ink_says_so() {
    let site = site_with(&digit(3)).start().await;
    let pipeline = json!([{ "transform": "CoarseDropout", "num_holes_range": [1, 1], "hole_height_range": [28, 28], "hole_width_range": [28, 28], "p": 0.5 }]);
    Visit::new()
        .window(tall())
        .run(async |browser| {
            open(
                browser,
                &site,
                &format!(
                    "mode=mine&seed=7&count=12&says=tiny&pipeline={}",
                    encoded(&pipeline)
                ),
            )
            .await;
            says(browser, "done").await;
            let shown = said(browser).await;
            let empty = shown
                .iter()
                .filter(|(text, _)| text == "no ink, not 3")
                .count();
            let kept = shown
                .iter()
                .filter(|(text, changed)| text.starts_with("3, ") && !changed)
                .count();
            assert!(empty > 0 && kept > 0 && empty + kept == 12, "{shown:?}");
            assert_eq!(browser.field("#augment-says-model").await, "tiny");
        })
        .await;
    let paper = site_with(&grey(vec![0; SIDE * SIDE])).start().await;
    Visit::new()
        .window(tall())
        .run(async |browser| {
            open(
                browser,
                &paper,
                &format!(
                    "mode=mine&seed=7&count=12&says=tiny&pipeline={}",
                    encoded(&pipeline)
                ),
            )
            .await;
            says(browser, "done").await;
            assert!(
                browser
                    .text("#augment-says-text")
                    .await
                    .starts_with("The original has no ink to read.")
            );
            assert!(
                said(browser)
                    .await
                    .iter()
                    .all(|(text, changed)| text == "no ink" && !changed)
            );
        })
        .await;
}

#[tokio::test]
async fn a_model_that_is_missing_is_named_and_can_be_tried_again() {
    let site = site_with(&digit(3)).start().await;
    site.fault("models/tiny*", Fault::Status(404));
    let pipeline = encoded(&json!([{ "transform": "Rotate", "p": 1 }]));
    Visit::new()
        .expecting("/models/tiny")
        .run(async |browser| {
            open(
                browser,
                &site,
                &format!("mode=mine&seed=7&count=12&says=tiny&pipeline={pipeline}"),
            )
            .await;
            says(browser, "error").await;
            let error = browser.text("#augment-says-error").await;
            assert!(error.contains("tiny") && error.ends_with('.'), "{error}");
            site.heal();
            browser.click("#augment-says-retry").await;
            says(browser, "done").await;
            assert!(
                browser
                    .value("document.querySelector('#augment-says-trouble').hidden")
                    .await
                    == Value::Bool(true)
            );
        })
        .await;
}
