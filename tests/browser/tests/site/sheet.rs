//! The sheet of variants.

use digitlab_browser::{Fault, Site, Visit, Window};
use serde_json::{Value, json};

use crate::bucket::SHARDS;
use crate::native::natively;
use crate::page::Page;

fn request(index: u64) -> Value {
    json!({ "number": "31", "image_width": 56, "seed": 7, "index": index })
}

/// Where a variant is drawn.
fn tile(index: u64) -> String {
    format!(".tile[data-index='{index}'] canvas")
}

/// A window that shows the sheet without scrolling.
fn tall() -> Window {
    Window {
        height: 2400,
        ..Window::default()
    }
}

#[tokio::test]
async fn a_thousand_variants_are_drawn_where_they_are_seen() {
    let site = Site::built().start().await;
    Visit::new()
        .run(async |browser| {
            let page = Page::open(browser, &site, "#/generate?number=31&seed=7").await;
            browser.fill("#sheet-count", "1000").await;
            browser
                .until(
                    "a thousand tiles",
                    "document.querySelectorAll('#sheet-grid .tile').length === 1000",
                )
                .await;
            for index in [0, 1, 9] {
                page.becomes(
                    &format!("tile-{index}"),
                    &tile(index),
                    &natively(&request(index)).0,
                )
                .await;
            }
            let count = "document.querySelectorAll('.tile[data-drawn=true]').length";
            let early = browser.value(count).await;
            assert!(
                early.as_u64().is_some_and(|early| early < 500),
                "{early} tiles drawn that nobody sees"
            );

            browser
                .run(
                    "document.querySelector('.tile[data-index=\"999\"]').scrollIntoView();",
                    vec![],
                )
                .await;
            page.becomes("tile-999", &tile(999), &natively(&request(999)).0)
                .await;

            browser.click(".tile[data-index='999']").await;
            page.shows("opened-999", &request(999)).await;
            assert_eq!(browser.field("#index").await, "999");
            let current = "[...document.querySelectorAll('.tile')]
                .filter((tile) => tile.ariaSelected === 'true' || tile.ariaCurrent === 'true')
                .map((tile) => tile.dataset.index)";
            assert_eq!(browser.value(current).await, json!(["999"]));
        })
        .await;
}

#[tokio::test]
async fn the_sheet_follows_the_request() {
    let site = Site::built().start().await;
    Visit::new()
        .window(tall())
        .run(async |browser| {
            let page = Page::open(browser, &site, "#/generate?number=31&seed=7").await;
            let canvas = tile(3);
            page.becomes("tile-first", &canvas, &natively(&request(3)).0)
                .await;
            page.choose("ink-black-on-white").await;
            let mut changed = request(3);
            changed["ink"] = "black-on-white".into();
            page.becomes("tile-followed", &canvas, &natively(&changed).0)
                .await;

            for (text, wrong) in [("0", true), ("1001", true), ("many", true), ("5", false)] {
                browser.fill("#sheet-count", text).await;
                let said = browser.text("#sheet-count-error").await;
                assert_eq!(!said.is_empty(), wrong, "{text}: {said}");
            }
            browser
                .until(
                    "five tiles",
                    "document.querySelectorAll('#sheet-grid .tile').length === 5",
                )
                .await;
        })
        .await;
}

#[tokio::test]
async fn drawing_can_be_cancelled_and_taken_up_again() {
    let site = Site::built().start().await;
    Visit::new()
        .window(tall())
        .run(async |browser| {
            let page = Page::open(browser, &site, "#/generate?number=31&seed=7").await;
            site.fault(SHARDS, Fault::Held);
            page.choose("split-test").await;
            browser
                .until(
                    "progress shows",
                    "!document.querySelector('#progress').hidden",
                )
                .await;
            browser.click("#progress-cancel").await;
            page.state("error").await;
            site.release();
            browser.click("#banner-retry").await;
            let mut test = request(0);
            test["split"] = "test".into();
            page.shows("after-cancel", &test).await;

            site.fault(
                SHARDS,
                Fault::Slow {
                    piece: 512,
                    pause: std::time::Duration::from_millis(30),
                },
            );
            browser.fill("#number", "9").await;
            browser
                .until(
                    "the sheet is busy for a while",
                    "!document.querySelector('#sheet-progress').hidden",
                )
                .await;
            browser.click("#sheet-cancel").await;
            browser
                .until(
                    "it stops",
                    "document.querySelector('#sheet').dataset.state === 'cancelled'",
                )
                .await;
            site.heal();
            browser.click("#sheet-redraw").await;
            browser
                .until(
                    "it goes on",
                    "document.querySelector('#sheet').dataset.state === 'done'",
                )
                .await;
            let wanted =
                json!({ "number": "9", "image_width": 28, "seed": 7, "index": 2, "split": "test" });
            page.becomes("tile-resumed", &tile(2), &natively(&wanted).0)
                .await;
        })
        .await;
}
