//! The page when the server or the network fails: what it says, and the way on.

use digitlab_browser::{Fault, Site, Visit};
use serde_json::{Value, json};

use crate::bucket::SHARDS;
use crate::page::Page;

#[tokio::test]
async fn a_missing_or_broken_shard_can_be_tried_again() {
    let site = Site::built().start().await;
    Visit::new()
        .expecting("/mnist/")
        .run(async |browser| {
            let page = Page::open(browser, &site, "#/generate?number=0&seed=7").await;
            for (number, fault, code) in [
                ("1", Fault::Status(404), "bucket_missing"),
                ("2", Fault::Truncated { keep: 3000 }, "bucket_corrupt"),
                ("3", Fault::Dropped, "network"),
            ] {
                let before = page.picture().await;
                site.fault(SHARDS, fault);
                browser.fill("#number", number).await;
                page.state("error").await;
                assert_eq!(
                    browser.attribute("#banner", "data-code").await.as_deref(),
                    Some(code)
                );
                let message = browser.text("#banner-message").await;
                assert!(
                    message.contains(&format!("-{number}-")),
                    "the shard is named: {message}"
                );
                assert_eq!(page.picture().await, before, "the last picture stays");
                site.heal();
                browser.click("#banner-retry").await;
                page.shows(
                    "after-fault",
                    &json!({ "number": number, "image_width": 28, "seed": 7 }),
                )
                .await;
                assert_eq!(
                    browser
                        .value("document.querySelector('#banner').hidden")
                        .await,
                    true
                );
            }
        })
        .await;
}

/// Opens the page while its engine has a fault; after it is told, the page works at the next try.
async fn engine_with(fault: Fault, prelude: &str, said: &str) {
    let site = Site::built().start().await;
    site.fault("engine_bg.wasm", fault);
    Visit::new()
        .expecting("engine_bg.wasm")
        .run(async |browser| {
            browser.before_pages(prelude).await;
            browser
                .open(&site.url("#/generate?number=042&seed=7"))
                .await;
            let page = Page { browser };
            page.state("error").await;
            let message = browser.text("#banner-message").await;
            assert!(message.contains(said), "{message}");
            site.heal();
            browser.click("#banner-retry").await;
            page.shows(
                "engine-again",
                &json!({ "number": "042", "image_width": 84, "seed": 7 }),
            )
            .await;
            browser
                .until(
                    "the limits come too",
                    "document.querySelector('#margin').ariaValueMax === '1000'",
                )
                .await;
        })
        .await;
}

#[tokio::test]
async fn an_engine_that_does_not_load_is_told_and_tried_again() {
    engine_with(Fault::Status(404), "", "engine_bg.wasm (status 404)").await;
}

#[tokio::test]
async fn an_engine_that_never_comes_is_given_up() {
    // Three seconds instead of five minutes.
    let hurry = "{ const { timeout } = AbortSignal; AbortSignal.timeout = (time) => timeout.call(AbortSignal, time / 100); }";
    let said = "engine_bg.wasm (it did not come within 5 minutes)";
    engine_with(Fault::Stalled { keep: 20_000 }, hurry, said).await;
}

#[tokio::test]
async fn loading_shows_its_progress_and_can_be_cancelled() {
    let site = Site::built().start().await;
    site.fault(SHARDS, Fault::Held);
    Visit::new()
        .run(async |browser| {
            browser
                .open(&site.url("#/generate?number=042&seed=7"))
                .await;
            let page = Page { browser };
            browser
                .until(
                    "progress shows",
                    "!document.querySelector('#progress').hidden",
                )
                .await;
            assert!(!browser.text("#progress-text").await.is_empty());
            assert_eq!(
                browser
                    .value("document.querySelector('#stage').ariaBusy")
                    .await,
                "true"
            );
            browser.click("#progress-cancel").await;
            page.state("error").await;
            assert!(!browser.text("#banner-message").await.is_empty());
            assert_eq!(
                browser
                    .value("document.querySelector('#progress').hidden")
                    .await,
                Value::Bool(true)
            );
            site.release();
            browser.click("#banner-retry").await;
            page.shows(
                "not-cancelled",
                &json!({ "number": "042", "image_width": 84, "seed": 7 }),
            )
            .await;
        })
        .await;
}

#[tokio::test]
async fn typing_on_while_shards_load_shows_the_last_number() {
    let site = Site::built().start().await;
    Visit::new()
        .run(async |browser| {
            let page = Page::open(browser, &site, "#/generate?number=0&seed=7").await;
            site.fault(SHARDS, Fault::Held);
            browser.fill("#number", "1234").await;
            browser.fill("#number", "98").await;
            site.release();
            page.shows(
                "last-typed",
                &json!({ "number": "98", "image_width": 56, "seed": 7 }),
            )
            .await;
            assert_eq!(page.shown("label").await, "98");
        })
        .await;
}
