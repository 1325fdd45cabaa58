//! The network that is gone, or lies, in the midst of something: what does not come is named, nothing is spoiled by it, and
//! when the network is back the same page goes on.

use std::fs;

use digitlab_browser::{Engine, Failure, Fault, LAB_PAGE, Site, Visit, environment};
use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::{Value, json};

use crate::bucket::SHARDS;
use crate::page::Page;

fn file(path: &str) -> Vec<u8> {
    fs::read(environment::site().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

#[tokio::test]
async fn a_shard_that_is_not_what_it_should_be_is_never_drawn_from() {
    let site = Site::built().start().await;
    let whole = file("mnist/train-1-00.gz");
    let mut other = GzEncoder::new(Vec::new(), Compression::fast());
    std::io::Write::write_all(&mut other, &[7; 256 * 784]).expect("memory");
    let faults = [
        (
            "1",
            "cut in the middle",
            Fault::Cut {
                keep: whole.len() / 2,
            },
            "network",
        ),
        (
            "2",
            "without its end",
            Fault::Truncated {
                keep: whole.len() / 2,
            },
            "bucket_corrupt",
        ),
        (
            "3",
            "a changed byte",
            Fault::Corrupted {
                at: whole.len() / 2,
            },
            "bucket_corrupt",
        ),
        (
            "4",
            "broken gzip",
            Fault::Replaced([&whole[..20], &[0xff; 4000]].concat()),
            "bucket_corrupt",
        ),
        (
            "5",
            "sound gzip of something else",
            Fault::Replaced(other.finish().expect("memory")),
            "bucket_corrupt",
        ),
        (
            "6",
            "another page",
            Fault::Replaced(b"<!doctype html><title>Log in</title>".to_vec()),
            "bucket_corrupt",
        ),
        (
            "7",
            "nothing",
            Fault::Replaced(Vec::new()),
            "bucket_corrupt",
        ),
    ];
    Visit::new()
        .expecting("/mnist/")
        .run(async |browser| {
            let page = Page::open(browser, &site, "#/generate?number=0&seed=7").await;
            for (number, what, fault, code) in faults {
                site.fault(SHARDS, fault);
                browser.fill("#number", number).await;
                page.state("error").await;
                assert_eq!(
                    browser.attribute("#banner", "data-code").await.as_deref(),
                    Some(code),
                    "{what}"
                );
                let message = browser.text("#banner-message").await;
                assert!(
                    message.contains(&format!("-{number}-")) && message.ends_with('.'),
                    "{what}: {message}"
                );
                site.heal();
                browser.click("#banner-retry").await;
                page.shows(
                    what,
                    &json!({ "number": number, "image_width": 28, "seed": 7 }),
                )
                .await;
            }
        })
        .await;
}

/// Modules and models, with what needs them.
const NEEDED: [(&str, &str); 8] = [
    (
        "engine_bg.wasm",
        "lab.generate({ number: '1', image_width: 28, seed: 1 }).then(({ label }) => label)",
    ),
    (
        "files_bg.wasm",
        "lab.encode({ width: 2, height: 1, channels: 1, data: new Uint8Array(2) }, { format: 'png' }).then(({ type }) => type)",
    ),
    (
        "reader_bg.wasm",
        "lab.generate({ number: '8', split: 'test', seed: 2, image_width: 28, fit: 'natural' }).then((drawn) => lab.read(drawn)).then(({ text }) => text)",
    ),
    (
        "models/tiny.onnx",
        "lab.classifyMany(new Uint8Array(784), { model: 'tiny' }).then(({ labels }) => labels.length)",
    ),
    (
        "models/models.json",
        "lab.models.list().then(({ length }) => length)",
    ),
    (
        "trainer_bg.wasm",
        "lab.teach({ model: 'tiny', samples: [{ seen: new Uint8Array(784).fill(9), digit: 1 }], title: 'Grey' }).then(({ card }) => card.kind)",
    ),
    (
        "frames_bg.wasm",
        "lab.frames.list().then(({ length }) => length)",
    ),
    (
        "dataset_bg.wasm",
        "lab.datasets.check({ count: 3, numbers: { random: 1 }, image_width: 28 }).then(({ count }) => count)",
    ),
];

#[tokio::test]
async fn a_module_or_model_that_breaks_off_is_named_and_comes_when_the_network_is_back() {
    let site = Site::built().start().await;
    Visit::new()
        .expecting("net::ERR_")
        .expecting("_bg.wasm")
        .expecting("models/")
        .run(async |browser| {
            for (path, job) in NEEDED {
                let keep = file(path).len() / 2;
                for (what, fault) in [("breaks off", Fault::Cut { keep }), ("does not come", Fault::Dropped)] {
                    browser.open(&site.url(LAB_PAGE)).await;
                    let lab = browser.lab(&site.url("digitlab.js"));
                    // What was kept before would hide it.
                    let body = format!(
                        "for (const name of await caches.keys()) await caches.delete(name);
                        const lab = window.lab ??= await Digitlab.open({{ workers: 1 }});
                        return {job}.then((value) => ({{ value }}), (error) => ({{ failure: tools.failure(error) }}));"
                    );
                    site.fault(path, fault);
                    let found = lab.get(&body, Value::Null).await;
                    let failure = Failure::from_json(&found["failure"]);
                    assert_eq!(failure.code, "network", "{path} {what}: {found}");
                    assert!(failure.message.contains(path.rsplit('/').next().unwrap_or(path)) || failure.message.contains("module"), "{path} {what}: {failure}");
                    assert!(failure.message.contains("try again"), "{path} {what}: {failure}");
                    site.heal();
                    let found = lab.get(&body, Value::Null).await;
                    assert!(!found["value"].is_null(), "{path} {what}, after that: {found}");
                }
            }
        })
        .await;
}

/// Places that are loaded when they are first opened: what of them does not come, and what shows that they are there.
const PLACES: [(&str, &str, &str); 4] = [
    ("frames", "views/frames.html", "#frames-sample"),
    ("train", "js/train/train_view.js", "#train-go"),
    ("dataset", "css/dataset.css", "#dataset-go"),
    ("storage", "js/storage/storage_view.js", "#storage-list"),
];

#[tokio::test]
async fn a_place_that_does_not_load_says_so_and_loads_when_the_network_is_back() {
    let site = Site::built().start().await;
    Visit::new()
        .expecting("net::ERR_")
        .expecting("Failed to load")
        .run(async |browser| {
            for (place, path, there) in PLACES {
                let keep = file(path).len() / 2;
                for fault in [Fault::Dropped, Fault::Cut { keep }] {
                    browser.open(&site.url("#/api")).await;
                    browser.reload().await;
                    site.fault(path, fault.clone());
                    browser.run(&format!("location.hash = '#/{place}';"), vec![]).await;
                    let said = format!("document.querySelector('#view-{place} [role=status]')?.textContent.includes('could not be loaded')");
                    browser.until(&format!("{place} says so"), &said).await;
                    let sentence = browser.text(&format!("#view-{place} [role=status]")).await;
                    assert!(sentence.ends_with("Check the connection, then retry."), "{place}, {fault:?}: {sentence}");
                    // Nothing has changed yet: the second time, loading the page again is offered, too.
                    browser.click(&format!("#view-{place} .button")).await;
                    let arrived = format!("document.querySelector('{there}')?.checkVisibility()");
                    let offered = format!("document.querySelector('#view-{place} .button')?.textContent === 'Reload the page'");
                    // Firefox goes back to a whole style sheet that it had before.
                    let may_have_it = Engine::current() == Engine::Firefox && path.ends_with(".css");
                    let either = format!("{offered} || ({may_have_it} && {arrived})");
                    browser.until("it is offered", &either).await;
                    site.heal();
                    if browser.value(&offered).await == true {
                        browser.click(&format!("#view-{place} .button")).await;
                    }
                    browser.until(&format!("{place} is there"), &arrived).await;
                    assert!(browser.address().await.contains(&format!("#/{place}")));
                }
            }
        })
        .await;
}

#[tokio::test]
async fn a_place_comes_at_the_first_retry_when_its_markup_was_missing() {
    let site = Site::built().start().await;
    Visit::new()
        .expecting("views/frames.html")
        .run(async |browser| {
            site.fault("views/frames.html", Fault::Status(503));
            browser.open(&site.url("#/frames")).await;
            let said = "document.querySelector('#view-frames [role=status]')?.textContent.includes('the server answered 503')";
            browser.until("it says so", said).await;
            site.heal();
            browser.click("#view-frames .button").await;
            browser.until("it is there", "document.querySelector('#frames')?.dataset.state === 'empty'").await;
        })
        .await;
}
