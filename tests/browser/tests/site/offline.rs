//! The site without the network, after a first visit.

use digitlab_browser::{Browser, Engine, Fault, Site, Visit};
use serde_json::{Value, json};

use crate::page::Page;
use crate::service_worker::{KEPT, USUAL};

/// What the browser itself says of requests that come to nothing.
const GONE: &str = "net::ERR_";

/// Whether a file is asked for even when it is kept: in it a newer version of the site shows.
fn may_be_newer(path: &str) -> bool {
    const CHECKS: [&str; 3] = ["index.html", "config.js", "service_worker.js"];
    // Firefox looks at the parts of the service worker, too.
    const PARTS: [&str; 7] = [
        "precache.js",
        "routes.js",
        "reader.js",
        "js/lab/",
        "js/offline/",
        "js/service/",
        "js/ui/",
    ];
    let is_part = || PARTS.iter().any(|part| path.starts_with(part));
    CHECKS.contains(&path) || (Engine::current() == Engine::Firefox && is_part())
}

/// A first visit, long enough for the site to be kept, and then no server any more.
async fn visited(browser: &Browser, site: &Site) {
    let _page = Page::open(browser, site, "#/generate?number=042&seed=7").await;
    browser.until("the site is kept", KEPT).await;
    browser.until("the model is kept", USUAL).await;
    site.fault("*", Fault::Dropped);
    browser.stop_service_workers().await;
    site.clear_log();
}

#[tokio::test]
async fn every_place_does_its_work_without_the_server() {
    let site = Site::built().start().await;
    Visit::new()
        .offline()
        .expecting(GONE)
        .run(async |browser| {
            visited(browser, &site).await;
            browser.reload().await;
            let page = Page { browser };
            page.shows("offline", &json!({ "number": "042", "image_width": 84, "seed": 7 })).await;

            browser.open(&site.url("#/augment?sample=digit")).await;
            browser.reload().await;
            let wall = "document.querySelector('#augment-wall')?.dataset.state === 'done'";
            browser.until("the wall of variants", wall).await;

            browser.open(&site.url("#/classify?sample=number")).await;
            browser.reload().await;
            let read = "document.querySelector('#classify-answer')?.dataset.state === 'done' && document.querySelector('#classify-answer').dataset.text";
            let read = browser.until("the number is read", read).await;
            assert!(read.as_str().is_some_and(|text| text.len() > 1), "{read}");

            browser.open(&site.url("#/records")).await;
            let listed = "document.querySelectorAll('#records-rows [role=row]').length > 0";
            browser.until("the answer is in the log", listed).await;
            browser.reload().await;
            browser.until("the answer stays there", listed).await;

            browser.open(&site.url("#/frames")).await;
            browser.reload().await;
            let ready = "document.querySelector('#frames')?.dataset.state === 'empty'";
            browser.until("the place for logs", ready).await;
            browser.click("#frames-sample").await;
            browser.until("the sample log", "document.querySelector('#frames-viewer')?.dataset.drawn === 'fine'").await;

            let failed: Vec<String> = site.log().into_iter().map(|request| request.path).collect();
            let others: Vec<&String> = failed.iter().filter(|path| !path.starts_with("mnist/t") && !may_be_newer(path)).collect();
            assert!(others.is_empty(), "nothing but what may be newer is asked for: {others:?}");
        })
        .await;
}

#[tokio::test]
async fn it_works_below_a_path_as_well() {
    let site = Site::built().below("/some/sub/path/").start().await;
    Visit::new()
        .offline()
        .expecting(GONE)
        .expecting("/health")
        .run(async |browser| {
            visited(browser, &site).await;
            browser.open(&site.url("")).await;
            let page = Page { browser };
            page.state("done").await;
            browser.open(&site.url("#/generate?number=042&seed=7")).await;
            page.shows("offline-below", &json!({ "number": "042", "image_width": 84, "seed": 7 })).await;
            let scope = browser.value("navigator.serviceWorker.getRegistration().then(({ scope }) => scope)").await;
            assert_eq!(scope, Value::from(site.url("")));
            let answers = "Promise.all(['health', '/health', '/some/health'].map((path) => fetch(path).then(({ status }) => status, () => 0)))";
            assert_eq!(browser.value(answers).await, json!([200, 404, 404]), "the server answers what lies elsewhere");
        })
        .await;
}

/// An object that does what the page's own does.
const OFFLINE: &str =
    "const { Offline } = await import(new URL('js/offline/offline.js', document.baseURI));
    const offline = new Offline(new AbortController().signal);
    await offline.start();";

#[tokio::test]
async fn everything_can_be_kept_stopped_and_gone_on_with() {
    let site = Site::built().start().await;
    Visit::new()
        .offline()
        .expecting(GONE)
        .expecting("/mnist/test-9")
        .run(async |browser| {
            let _page = Page::open(browser, &site, "#/generate?number=042&seed=7").await;
            browser.until("the model is kept", USUAL).await;
            let run = async |body: &str| browser.run(&format!("return (async () => {{ {OFFLINE} {body} }})();"), vec![]).await;
            let before = run("return offline.missing();").await;
            assert!(before["files"].as_u64().is_some_and(|files| files > 200), "{before}");
            assert!(before["bytes"].as_u64().is_some_and(|bytes| bytes > 8_000_000 && bytes < 20_000_000), "{before}");
            // Stopped in the middle.
            let stopped = run("
                const cancel = new AbortController();
                let last;
                const onProgress = (progress) => {
                  last = progress;
                  if (progress.done > progress.total / 3) cancel.abort();
                };
                const code = await offline.keepEverything({ signal: cancel.signal, onProgress }).then(() => '', ({ code }) => code);
                return { code, last };").await;
            assert_eq!(stopped["code"], "aborted");
            assert_eq!(stopped["last"]["total"], before["bytes"]);
            assert_eq!(stopped["last"]["unit"], "bytes");
            let left = run("return offline.missing();").await;
            assert!(left["bytes"].as_u64() < before["bytes"].as_u64(), "what has come stays: {left}");
            let shards = |log: Vec<String>| log.into_iter().filter(|path| path.starts_with("mnist/t")).count();
            // A damaged file is not kept, whoever sends it.
            let last = "mnist/test-9-03.gz";
            site.fault(last, Fault::Corrupted { at: 1000 });
            let damaged = run("return offline.keepEverything().then(() => '', ({ code, message }) => [code, message]);").await;
            assert!(damaged[1].as_str().is_some_and(|text| text.contains(last)), "{damaged}");
            site.heal();
            site.clear_log();
            run("await offline.keepEverything();").await;
            let loaded = site.requested("mnist/t");
            let mut once = loaded.clone();
            once.sort();
            once.dedup();
            assert_eq!(once.len(), loaded.len(), "nothing is loaded twice");
            assert!(shards(loaded) < 280, "what was there is not loaded again");
            assert_eq!(run("return offline.missing();").await, json!({ "files": 0, "bytes": 0 }));

            site.fault("*", Fault::Dropped);
            browser.stop_service_workers().await;
            site.clear_log();
            browser.open(&site.url("#/generate?number=0123456789&seed=123456")).await;
            browser.reload().await;
            let page = Page { browser };
            page.shows("offline-all", &json!({ "number": "0123456789", "image_width": 280, "seed": 123456 })).await;
            assert_eq!(site.requested("mnist/").len(), 0);
        })
        .await;
}

#[tokio::test]
async fn once_everything_is_kept_the_other_places_do_their_work_too() {
    let site = Site::built().start().await;
    Visit::new()
        .offline()
        .expecting(GONE)
        .run(async |browser| {
            let _page = Page::open(browser, &site, "#/generate?number=042&seed=7").await;
            browser.until("the site is kept", KEPT).await;
            browser.until("the model is kept", USUAL).await;
            // What was not kept is said, and what it would need.
            site.fault("*", Fault::Dropped);
            browser.stop_service_workers().await;
            browser.open(&site.url("#/train")).await;
            browser.reload().await;
            let ready = "document.querySelector('#train-go')?.disabled === false";
            browser.until("the place to train", ready).await;
            browser.fill("#train-pictures", "640").await;
            browser.fill("#train-epochs", "1").await;
            browser.click("#train-go").await;
            let told = "document.querySelector('#train-error').textContent.includes('mnist/') && document.querySelector('#train-error').textContent";
            let told = browser.until("the digits that are missing", told).await;
            assert!(told.as_str().is_some_and(|text| text.ends_with('.')), "{told}");
            site.heal();
            browser
                .run(&format!("return (async () => {{ {OFFLINE} await offline.keepEverything(); }})();"), vec![])
                .await;
            site.fault("*", Fault::Dropped);
            browser.stop_service_workers().await;
            site.clear_log();

            browser.reload().await;
            browser.until("the place to train", ready).await;
            browser.fill("#train-pictures", "640").await;
            browser.fill("#train-epochs", "1").await;
            browser.click("#train-go").await;
            browser.until("it is trained", "document.querySelector('#train-done').hidden === false").await;

            browser.open(&site.url("#/dataset?count=30")).await;
            browser.reload().await;
            let looked = "document.querySelector('#dataset-items')?.dataset.state === 'done'";
            browser.until("the first items", looked).await;
            if Engine::current().has_own_files() {
                browser.click("#dataset-go").await;
                browser.until("the data set", "document.querySelector('#dataset-run')?.dataset.state === 'done'").await;
            }

            browser.open(&site.url("#/robustness?models=tiny&curves=Rotate&pictures=100&strengths=5&seed=7")).await;
            browser.reload().await;
            browser.until("the curves", "document.querySelector('#robustness')?.dataset.state === 'done'").await;

            browser.open(&site.url("#/api")).await;
            browser.reload().await;
            browser.until("the routes", "document.querySelector('#api')?.dataset.state === 'done' && document.querySelector('#api').dataset.service === 'ready'").await;
            let health = "fetch('health').then(({ status }) => status)";
            assert_eq!(browser.value(health).await, 200);

            browser.open(&site.url("#/storage")).await;
            browser.reload().await;
            let measured = "document.querySelectorAll('.storage-row').length > 5
                && [...document.querySelectorAll('.storage-row__items')].every(({ textContent }) => textContent !== '…')";
            browser.until("what is kept", measured).await;
            assert_eq!(browser.value("[...document.querySelectorAll('.storage-row__error')].map(({ textContent }) => textContent).join('')").await, "");

            // Teaching, by the page's own module.
            let card = browser
                .lab(&site.url("digitlab.js"))
                .get(
                    "const lab = await Digitlab.open({ workers: 1 });
                    const { card } = await lab.teach({ model: 'tiny', samples: [{ seen: new Uint8Array(784).fill(9), digit: 1 }], title: 'Grey' });
                    lab.close();
                    return card.kind;",
                    Value::Null,
                )
                .await;
            assert_eq!(card, "taught");
            let asked = site.requested("");
            let others: Vec<&String> = asked.iter().filter(|path| !may_be_newer(path)).collect();
            assert!(others.is_empty(), "nothing but what may be newer is asked for: {others:?}");
        })
        .await;
}
