//! The address holds the picture: reloading, links, other places of the site, addresses that lead nowhere.

use digitlab_browser::{Site, Visit};
use serde_json::json;

use crate::page::Page;

#[tokio::test]
async fn the_address_restores_the_exact_picture() {
    let site = Site::built().start().await;
    Visit::new()
        .run(async |browser| {
            let page = Page::open(browser, &site, "").await;
            browser.fill("#number", "2718").await;
            browser.fill("#seed", "9007199254740993").await;
            browser.fill("#index", "5").await;
            page.choose("ink-black-on-white").await;
            let request = json!({
                "number": "2718", "image_width": 112, "seed": "9007199254740993", "index": 5, "ink": "black-on-white",
            });
            page.shows("address-typed", &request).await;
            let followed = "['black-on-white', 'index=5']
                .every((part) => location.hash.includes(part))";
            browser.until("the address follows", followed).await;
            let address = browser.address().await;
            assert!(address.starts_with(&site.url("#/generate?")), "{address}");

            browser.allow_clipboard(&site.origin()).await;
            browser.click("#copy-link").await;
            page.says("#toasts", "Link copied").await;
            assert_eq!(browser.value("navigator.clipboard.readText()").await, json!(address));

            browser.reload().await;
            page.shows("address-reloaded", &request).await;
            browser.open("about:blank").await;
            browser.open(&address).await;
            page.shows("address-opened", &request).await;
            assert_eq!((browser.field("#number").await, browser.field("#index").await), ("2718".into(), "5".into()));

            browser.open("about:blank").await;
            browser.open(&site.url("")).await;
            page.shows("address-remembered", &request).await;

            browser.run("location.hash = '#/generate?number=3&seed=4';", vec![]).await;
            page.shows("address-edited", &json!({ "number": "3", "image_width": 28, "seed": 4 })).await;
            // A driver's way back passes over what no person's hand led to, in WebKit.
            browser.run("history.back();", vec![]).await;
            page.shows("address-back", &request).await;

            // The page writes its state into the address after another one was asked for, and before the browser says so.
            let asked = "location.hash = '#/generate?number=8&seed=4'; dispatchEvent(new Event('pagehide'));";
            browser.run(asked, vec![]).await;
            page.shows("address-asked", &json!({ "number": "8", "image_width": 28, "seed": 4 })).await;

            let typed_and_gone = "
                const { reload } = await import(new URL('js/ui/kept_address.js', document.baseURI));
                document.querySelector('#number').value = '92';
                document.querySelector('#number').dispatchEvent(new Event('input', { bubbles: true }));
                reload();";
            browser.run(typed_and_gone, vec![]).await;
            page.shows("address-loaded-again", &json!({ "number": "92", "image_width": 56, "seed": 4 })).await;
        })
        .await;
}

#[tokio::test]
async fn an_address_with_a_wrong_value_shows_it_with_its_error() {
    let site = Site::built().start().await;
    Visit::new()
        .run(async |browser| {
            browser
                .open(&site.url("#/generate?number=12&seed=7&margin=4711"))
                .await;
            let page = Page { browser };
            page.says("#margin-error", "4711").await;
            assert_eq!(
                browser.field("#margin").await,
                "4711",
                "nothing is corrected in silence"
            );
            browser.fill("#margin", "4").await;
            page.shows(
                "address-corrected",
                &json!({ "number": "12", "image_width": 56, "seed": 7 }),
            )
            .await;
        })
        .await;
}

#[tokio::test]
async fn an_address_that_leads_nowhere_leads_back() {
    let site = Site::built().start().await;
    Visit::new()
        .run(async |browser| {
            browser.open(&site.url("#/nowhere")).await;
            browser
                .until(
                    "the page says so",
                    "!document.querySelector('#view-missing').hidden",
                )
                .await;
            assert_eq!(
                browser
                    .value("document.querySelector('#view-generate').hidden")
                    .await,
                true
            );
            assert!(!browser.text("#view-missing").await.is_empty());
            browser.click("#missing-link").await;
            let page = Page { browser };
            page.state("done").await;
            assert_eq!(
                browser
                    .value("document.querySelector('#view-missing').hidden")
                    .await,
                true
            );
        })
        .await;
}

#[tokio::test]
async fn the_site_works_below_any_path() {
    let site = Site::built().below("/some/sub/path/").start().await;
    Visit::new()
        .run(async |browser| {
            let page = Page::open(browser, &site, "#/generate?number=042&seed=7").await;
            page.shows(
                "sub-path",
                &json!({ "number": "042", "image_width": 84, "seed": 7 }),
            )
            .await;
            browser.reload().await;
            page.shows(
                "sub-path-again",
                &json!({ "number": "042", "image_width": 84, "seed": 7 }),
            )
            .await;
            let lost: Vec<_> = site
                .log()
                .into_iter()
                .filter(|request| request.status != 200)
                .collect();
            assert!(lost.is_empty(), "{lost:?}");
        })
        .await;
}
