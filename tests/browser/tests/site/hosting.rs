//! The site as hosts serve it: below a path, with the headers that it asks for, and with its digits on another origin.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use digitlab_browser::{Browser, Fault, Site, Visit, environment, stated_headers};
use serde_json::{Value, json};
use url::Url;

use crate::page::Page;
use crate::service_worker::{KEPT, USUAL};

/// A picture by way of the routes: its status, and its rows.
const ROUTE: &str = "fetch('generate', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ number: '042', spacing_min: 5, spacing_max: 10, image_width: 84, seed: 7 }),
  }).then(async (response) => [response.status, (await response.json()).generatedImage])";

/// Each place, and what says that it has done its work.
const PLACES: [(&str, &str); 8] = [
    (
        "#/augment?sample=digit",
        "document.querySelector('#augment-wall')?.dataset.state === 'done'",
    ),
    (
        "#/classify?sample=number",
        "document.querySelector('#classify-answer')?.dataset.state === 'done' && document.querySelector('#classify-answer').dataset.text.length > 1",
    ),
    (
        "#/records",
        "document.querySelectorAll('#records-rows [role=row]').length > 0",
    ),
    (
        "#/frames",
        "document.querySelector('#frames')?.dataset.state === 'empty'",
    ),
    (
        "#/dataset",
        "document.querySelector('#dataset-items')?.dataset.state === 'done'",
    ),
    (
        "#/train",
        "document.querySelector('#train-go')?.disabled === false",
    ),
    (
        "#/api?route=health",
        "document.querySelector('#api')?.dataset.service === 'ready' && document.querySelectorAll('#api-routes a').length > 0",
    ),
    (
        "#/storage",
        "document.querySelectorAll('.storage-row').length > 5 && [...document.querySelectorAll('.storage-row__items')].every(({ textContent }) => textContent !== '…')",
    ),
];

/// Opens every place anew, and waits for its work.
async fn every_place(browser: &Browser, site: &Site) {
    for (place, done) in PLACES {
        browser.open(&site.url(place)).await;
        browser.until(place, done).await;
        browser.reload().await;
        browser.until(place, done).await;
    }
}

#[tokio::test]
async fn every_place_works_below_a_path_with_the_headers_for_hosts_and_then_without_the_host() {
    let site = Site::built().below("/some/path/").as_hosted().start().await;
    let wanted = json!({ "number": "042", "image_width": 84, "seed": 7 });
    Visit::new()
        .offline()
        .expecting("net::ERR_")
        .run(async |browser| {
            let page = Page::open(browser, &site, "#/generate?number=042&seed=7").await;
            page.shows("hosted", &wanted).await;
            browser.until("the site is kept", KEPT).await;
            browser.until("the model is kept", USUAL).await;
            let scope =
                "navigator.serviceWorker.getRegistration().then(({ scope }) => new URL(scope).pathname)";
            assert_eq!(browser.value(scope).await, "/some/path/");
            every_place(browser, &site).await;
            train(browser, &site).await;
            let answered = browser.value(ROUTE).await;
            assert_eq!(answered[0], 200, "{answered}");
            let lost: Vec<_> = site
                .log()
                .into_iter()
                .filter(|request| request.status != 200)
                .collect();
            assert!(lost.is_empty(), "{lost:?}");

            site.fault("*", Fault::Dropped);
            browser.stop_service_workers().await;
            every_place(browser, &site).await;
            browser.open(&site.url("#/generate?number=042&seed=7")).await;
            browser.reload().await;
            page.shows("hosted-offline", &wanted).await;
            assert_eq!(browser.value(ROUTE).await, answered);
            // What is kept still states what the host has.
            let policy = "fetch('index.html').then(({ headers }) => headers.get('content-security-policy'))";
            let kept = browser.value(policy).await;
            let stated = stated_headers(&environment::site());
            let policy = stated
                .iter()
                .find(|(name, _)| name == "content-security-policy");
            assert_eq!(kept, policy.expect("a policy").1);
        })
        .await;
}

/// Trains a network for a moment: its workers are started by other workers' code.
async fn train(browser: &Browser, site: &Site) {
    browser.open(&site.url("#/train")).await;
    browser.until("the place", PLACES[5].1).await;
    browser.fill("#train-pictures", "640").await;
    browser.fill("#train-epochs", "1").await;
    browser.click("#train-go").await;
    browser
        .until(
            "it is trained",
            "document.querySelector('#train-done').hidden === false",
        )
        .await;
}

/// The files that a script imports before it runs, its own address first.
fn imported(site: &Path, script: &str, found: &mut BTreeSet<String>) {
    if !found.insert(script.to_owned()) {
        return;
    }
    let source = fs::read_to_string(site.join(script)).expect("a script");
    let folder = Url::parse("site:/")
        .and_then(|root| root.join(script))
        .expect("an address");
    for line in source
        .lines()
        .filter(|line| line.starts_with(['i', 'e', '}']))
    {
        let Some((_, rest)) = line.split_once(" from \"") else {
            continue;
        };
        let name = rest.split('"').next().unwrap_or_default();
        let address = folder.join(name).expect("an address");
        imported(site, address.path().trim_start_matches('/'), found);
    }
}

#[test]
fn the_page_asks_at_once_for_all_that_its_script_imports() {
    let site = environment::site();
    let page = fs::read_to_string(site.join("index.html")).expect("the page");
    let mut scripts = BTreeSet::new();
    imported(&site, "js/app.js", &mut scripts);
    assert!(scripts.len() > 50, "{scripts:?}");
    for script in scripts {
        let asked = ["rel=\"modulepreload\" href", "type=\"module\" src"];
        let asks = asked
            .iter()
            .any(|asked| page.contains(&format!("{asked}=\"{script}\"")));
        assert!(asks, "index.html does not name {script}");
    }
}

#[tokio::test]
async fn no_other_page_may_frame_it() {
    let site = Site::built().as_hosted().start().await;
    let framing = format!(
        "<!doctype html><title>A frame</title><link rel=\"icon\" href=\"data:,\"><iframe src=\"{}\"></iframe>",
        site.url("")
    );
    let other = Site::empty().with("index.html", framing).start().await;
    Visit::new()
        .expecting("frame-ancestors")
        .expecting("chrome-error")
        .run(async |browser| {
            browser.open(&other.url("")).await;
            browser
                .until(
                    "the frame has ended",
                    "performance.getEntriesByType('navigation')[0].loadEventEnd > 0",
                )
                .await;
            let asked: Vec<String> = site.requested("");
            assert_eq!(
                asked,
                ["index.html"],
                "the page is refused, and loads nothing"
            );
        })
        .await;
}

/// The settings of a host whose digits lie elsewhere.
fn settings(bucket: &str) -> String {
    format!("export default {{ bucket: {} }};\n", json!(bucket))
}

#[tokio::test]
async fn the_digits_may_lie_on_another_origin() {
    let digits = Site::built().below("/digits/").as_hosted().start().await;
    let site = Site::built()
        .below("/lab/")
        .as_hosted()
        .with("config.js", settings(&digits.url("mnist/")))
        .start()
        .await;
    assert_ne!(digits.origin(), site.origin());
    let wanted = json!({ "number": "042", "image_width": 84, "seed": 7 });
    Visit::new()
        .offline()
        .expecting("net::ERR_")
        .run(async |browser| {
            let page = Page::open(browser, &site, "#/generate?number=042&seed=7").await;
            page.shows("other-origin", &wanted).await;
            assert!(
                !digits.requested("mnist/t").is_empty(),
                "{:?}",
                digits.log()
            );
            assert_eq!(site.requested("mnist/t"), [""; 0]);
            browser.until("the site is kept", KEPT).await;
            assert_eq!(
                browser.value(ROUTE).await[0],
                200,
                "the routes draw from there, too"
            );

            for server in [&site, &digits] {
                server.fault("*", Fault::Dropped);
            }
            browser.stop_service_workers().await;
            browser.reload().await;
            page.shows("other-origin-offline", &wanted).await;
        })
        .await;
}

#[tokio::test]
async fn digits_on_an_origin_that_allows_nobody_are_a_sentence() {
    let closed = Site::built().start().await;
    let site = Site::built()
        .as_hosted()
        .with("config.js", settings(&closed.url("mnist/")))
        .start()
        .await;
    Visit::new()
        .expecting("/mnist/")
        .run(async |browser| {
            browser.open(&site.url("#/generate?number=042&seed=7")).await;
            let page = Page { browser };
            let sentence = format!(
                "The bucket's manifest could not be loaded: {} answers, but forbids other sites to read {} (CORS). \
                 Its host must send the header Access-Control-Allow-Origin, as * or {}.",
                closed.origin(),
                closed.url("mnist/manifest.json"),
                site.origin()
            );
            page.says("#banner-message", &sentence).await;
            let shards = closed.requested("mnist/t");
            assert!(shards.is_empty(), "nothing is asked for in vain: {shards:?}");
            let shown = browser.value("document.querySelector('#stage').dataset.state").await;
            assert_ne!(shown, Value::from("done"));
        })
        .await;
}
