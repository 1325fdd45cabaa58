//! A service worker that the browser stops, or that makes way for a newer one, in the midst of an answer.

use std::time::{Duration, Instant};

use digitlab_browser::{Browser, DEADLINE, Fault, LAB_PAGE, Site, Visit};
use serde_json::{Value, json};

use crate::page::Page;
use crate::routes::answered;
use crate::service_worker::{KEPT, renew};

/// Asks for a picture, and what came of it: the status and whether there is a picture, or the name of the failure.
const NINE: &str = "fetch('generate', { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ number: '9', image_width: 28, seed: 4 }) })
    .then(async (response) => [response.status, (await response.blob()).size > 100], ({ name }) => [name])";

/// Asks while the digits do not come, and waits until they are asked for; the answer is in `window.answer`.
async fn asking(browser: &Browser, site: &Site) {
    site.fault("mnist/train-9*", Fault::Held);
    site.clear_log();
    browser
        .run(&format!("window.answer = {NINE};"), vec![])
        .await;
    let end = Instant::now() + DEADLINE;
    while site.requested("mnist/train-9").is_empty() {
        assert!(Instant::now() < end, "the digits are not asked for");
        tokio::time::sleep(Duration::from_millis(15)).await;
    }
}

#[tokio::test]
async fn one_that_is_stopped_in_the_midst_of_an_answer_answers_the_next_request() {
    let site = Site::built().start().await;
    Visit::new()
        .expecting("/generate")
        .run(async |browser| {
            answered(browser, &site).await;
            asking(browser, &site).await;
            browser.stop_service_workers().await;
            site.release();
            // Some browsers tell whoever asked at once, others start it again and ask once more; nobody waits for ever.
            let told = browser.value("window.answer").await;
            assert!(
                [json!(["TypeError"]), json!([200, true])].contains(&told),
                "{told}"
            );
            assert_eq!(browser.value(NINE).await, json!([200, true]));
        })
        .await;
}

#[tokio::test]
async fn one_that_gives_way_to_a_newer_one_finishes_its_answer() {
    let site = Site::built().start().await;
    Visit::new()
        .offline()
        // So Firefox says of what a page was still loading when another one took its place.
        .expecting("A ServiceWorker intercepted the request and encountered an unexpected error")
        .run(async |browser| {
            let page = Page::open(browser, &site, "#/generate?number=042&seed=7").await;
            browser.until("the site is kept", KEPT).await;
            // This page does not load itself again.
            browser.open(&site.url(LAB_PAGE)).await;
            asking(browser, &site).await;
            renew(&site, "Newer");
            let ready = "navigator.serviceWorker.getRegistration().then((registration) => registration.waiting !== null)";
            browser.value("navigator.serviceWorker.getRegistration().then((registration) => registration.update()).then(() => true)").await;
            browser.until("the newer one waits", ready).await;
            let over = "window.changed = new Promise((resolve) => navigator.serviceWorker.addEventListener('controllerchange', resolve, { once: true }));
                return navigator.serviceWorker.getRegistration().then(({ waiting }) => waiting.postMessage({ kind: 'take over' }));";
            browser.run(over, vec![]).await;
            site.release();
            let told = browser.value("window.answer").await;
            assert_eq!(told, json!([200, true]));
            renew(&site, "Newer");
            browser.until("the newer one answers", "window.changed.then(() => true)").await;
            assert_eq!(browser.value(NINE).await, json!([200, true]));
            browser.open(&site.url("#/generate?number=042&seed=7")).await;
            page.state("done").await;
            assert_eq!(browser.value("document.title.includes('Newer') || fetch('./').then((response) => response.text()).then((text) => text.includes('<title>Newer'))").await, Value::Bool(true));
        })
        .await;
}
