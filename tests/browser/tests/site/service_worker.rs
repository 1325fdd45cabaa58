//! How the service worker comes, goes, and makes way for another version.

use std::fs;

use digitlab_browser::{Browser, Engine, Fault, LAB_PAGE, Site, Visit, environment};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::page::Page;

/// Whether all pages are kept, and answered by the service worker.
pub(crate) const KEPT: &str = "navigator.serviceWorker.controller !== null
    && caches.open('digitlab-site').then((cache) => cache.keys())
      .then((keys) => keys.some(({ url }) => url.includes('?kept=')))";

/// Whether what most people use is kept, too: the module that reads digits, its model, the samples.
pub(crate) const USUAL: &str = "caches.open('digitlab-models').then((cache) => cache.keys()).then((keys) => keys.length === 1)";

/// The notice, while it is shown.
const NOTICE: &str = "document.querySelector('.notice:not([hidden])')?.textContent ?? ''";

/// Looks for a newer version, as the page does when it is shown again.
pub(crate) const LOOK: &str = "navigator.serviceWorker.getRegistration().then((registration) => registration.update()).then(() => true, String)";

/// An object that does what the page's own does.
const OFFLINE: &str =
    "const { Offline } = await import(new URL('js/offline/offline.js', document.baseURI));
    const offline = new Offline(new AbortController().signal);";

/// Opens the page, and waits until the site is kept.
async fn kept_page<'a>(browser: &'a Browser, site: &Site) -> Page<'a> {
    let page = Page::open(browser, site, "#/generate?number=042&seed=7").await;
    kept(browser).await;
    page
}

/// What keeps the site says of itself after it has done something.
async fn offline_after(browser: &Browser, done: &str) -> Value {
    let script =
        format!("return (async () => {{ {OFFLINE} await {done}; return offline.state; }})();");
    browser.run(&script, vec![]).await
}

async fn kept(browser: &Browser) {
    browser.until("the site is kept", KEPT).await;
}

fn hash(bytes: &[u8]) -> String {
    let digits = Sha256::digest(bytes);
    digits.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// From now on the site is a newer one: its title is another.
pub(crate) fn renew(site: &Site, title: &str) {
    let file = |path: &str| {
        fs::read_to_string(environment::site().join(path))
            .unwrap_or_else(|error| panic!("{path}: {error}"))
    };
    let old = file("index.html");
    let new = old.replace("<title>", &format!("<title>{title}: "));
    assert_ne!(old, new);
    let entry = |text: &str| {
        format!(
            "[\"index.html\",\"{}\",{}]",
            hash(text.as_bytes()),
            text.len()
        )
    };
    let list = file("precache.js");
    let newer = list.replace(&entry(&old), &entry(&new)).replace(
        "version = \"",
        &format!("version = \"{}", hash(title.as_bytes()).split_at(4).0),
    );
    assert_ne!(
        list.matches(&entry(&old)).count(),
        0,
        "the page is in the list"
    );
    let worker = format!("{}// {title}\n", file("service_worker.js"));
    site.fault("service_worker.js", Fault::Replaced(worker.into_bytes()));
    site.fault("index.html", Fault::Replaced(new.into_bytes()));
    site.fault("precache.js", Fault::Replaced(newer.into_bytes()));
}

#[tokio::test]
async fn nothing_of_it_comes_before_the_first_picture() {
    let site = Site::built().start().await;
    Visit::new()
        .offline()
        .run(async |browser| {
            kept_page(browser, &site).await;
            browser.until("the model is kept", USUAL).await;
            let paths: Vec<String> = site.log().into_iter().map(|request| request.path).collect();
            let first = |name: &str| {
                paths
                    .iter()
                    .position(|path| path.starts_with(name))
                    .unwrap_or_else(|| panic!("{name} is not in {paths:?}"))
            };
            let shards = paths
                .iter()
                .enumerate()
                .filter(|(_, path)| path.starts_with("mnist/t"));
            let needed = shards
                .map(|(at, _)| at)
                .nth(2)
                .expect("a shard for each digit");
            for late in [
                "js/offline/",
                "precache.js",
                "service_worker.js",
                "routes_bg.wasm",
                "reader_bg.wasm",
            ] {
                assert!(
                    first(late) > needed,
                    "{late} comes with number {} and the picture with number {needed}",
                    first(late)
                );
            }
        })
        .await;
}

#[tokio::test]
async fn a_second_visit_takes_everything_from_here() {
    let site = Site::built().start().await;
    Visit::new()
        .offline()
        .run(async |browser| {
            kept_page(browser, &site).await;
            browser.until("the model is kept", USUAL).await;
            site.clear_log();
            browser.reload().await;
            let page = Page { browser };
            page.state("done").await;
            for query in ["?url=samples/digit.png#/generate?number=7", "index.html#/generate?number=8"] {
                browser.open(&site.url(query)).await;
                page.state("done").await;
            }
            let files = |path: &String| !path.starts_with("mnist/t");
            let asked: Vec<String> = site.requested("").into_iter().filter(files).collect();
            let own = |path: &String| {
                let known = ["service_worker.js", "precache.js", "config.js", "routes.js", "reader.js", "js/lab/", "js/offline/", "js/service/", "js/ui/"];
                known.iter().any(|start| path.starts_with(start))
            };
            // The browser looks whether the service worker itself has changed, and that is all.
            let others: Vec<&String> = asked.iter().filter(|path| !own(path)).collect();
            assert!(others.is_empty(), "{others:?}");
            assert_eq!(asked.iter().filter(|path| path.starts_with("js/app") || path.ends_with(".css")).count(), 0);
            // Whole and in part, as one and another ask for a file.
            let answers = browser
                .run(
                    "const ask = async (method, headers) => {
                       const response = await fetch('digitlab.js', { method, headers });
                       return [response.status, response.headers.get('content-type'), (await response.text()).length];
                     };
                     return Promise.all([ask('GET'), ask('HEAD'), ask('GET', { range: 'bytes=0-9' })]);",
                    vec![],
                )
                .await;
            let length = fs::read(environment::site().join("digitlab.js")).expect("a file").len();
            let script = "text/javascript; charset=utf-8";
            assert_eq!(answers, json!([[200, script, length], [200, script, 0], [200, script, length]]));
        })
        .await;
}

#[tokio::test]
async fn a_new_version_is_announced_and_keeps_what_was_typed_in_all_tabs() {
    let site = Site::built().start().await;
    Visit::new()
        .offline()
        // Firefox reports what the old page was still asking for.
        .expecting("A ServiceWorker intercepted the request")
        .run(async |browser| {
            let page = kept_page(browser, &site).await;
            browser.reload().await;
            page.state("done").await;
            browser.fill("#number", "31").await;
            page.shows("typed", &json!({ "number": "31", "image_width": 56, "seed": 7 })).await;
            let first = browser.client().window().await.expect("a tab");
            let second = browser.client().new_window(true).await.expect("another tab").handle;
            browser.client().switch_to_window(second.clone()).await.expect("the other tab");
            let other = Page::open(browser, &site, "#/generate?number=55&seed=3").await;
            // Somebody is at it.
            browser.fill("#number", "56").await;
            other.state("done").await;
            assert_eq!(browser.value(NOTICE).await, "");

            site.clear_log();
            renew(&site, "Newer");
            browser.value(LOOK).await;
            for tab in [second.clone(), first.clone()] {
                browser.client().switch_to_window(tab).await.expect("a tab");
                browser.until("the notice", &format!("({NOTICE}).startsWith('A new version is ready.')")).await;
                assert_eq!(browser.value("document.title.startsWith('Newer')").await, false, "nothing happens by itself");
            }
            // Only what has changed was loaded: the page, and the parts of the service worker by the browser.
            let loaded = site.requested("");
            for same in ["engine_bg.wasm", "css/base.css", "views/augment.html", "js/app.js", "reader_bg.wasm"] {
                assert!(!loaded.iter().any(|path| path == same), "{same} is loaded again: {loaded:?}");
            }
            assert!(loaded.iter().any(|path| path == "index.html"), "{loaded:?}");

            browser.run("for (const button of document.querySelectorAll('.notice button')) if (button.textContent === 'Later') button.click();", vec![]).await;
            assert_eq!(browser.value(NOTICE).await, "", "put off");
            browser.client().switch_to_window(second.clone()).await.expect("a tab");
            browser.click(".notice .button--primary").await;
            let newer = "fetch('index.html', { cache: 'default' }).then((response) => response.text()).then((text) => text.includes('<title>Newer: '))";
            for (tab, number) in [(second, "56"), (first, "31")] {
                browser.client().switch_to_window(tab).await.expect("a tab");
                browser.until("the tab is loaded again", "performance.getEntriesByType('navigation')[0].type === 'reload'").await;
                page.state("done").await;
                browser.until("the new version answers", newer).await;
                assert_eq!(browser.field("#number").await, number, "what was typed is still there");
                assert_eq!(browser.value(NOTICE).await, "");
            }
            let versions = "caches.open('digitlab-site').then((cache) => cache.keys())
                .then((keys) => keys.filter(({ url }) => url.includes('?kept=') || url.includes('index.html?')).length)";
            browser.until("the old version is gone", &format!("{versions}.then((count) => count === 2)")).await;
        })
        .await;
}

#[tokio::test]
async fn work_under_way_holds_a_new_version_back() {
    let site = Site::built().start().await;
    Visit::new()
        .offline()
        // So Firefox says of what a page was still loading when another one took its place.
        .expecting("A ServiceWorker intercepted the request and encountered an unexpected error")
        .run(async |browser| {
            let page = kept_page(browser, &site).await;
            browser.reload().await;
            page.state("done").await;
            browser.fill("#number", "12").await;
            browser
                .run(
                    "return import(new URL('js/offline/busy.js', document.baseURI)).then(({ busy }) => { window.over = busy('an export'); });",
                    vec![],
                )
                .await;
            renew(&site, "Newer");
            browser.value(LOOK).await;
            browser.until("the notice", &format!("({NOTICE}) !== ''")).await;
            browser.click(".notice .button--primary").await;
            browser.until("what is under way is named", &format!("({NOTICE}).includes('An export is under way')")).await;
            assert_eq!(browser.text(".notice .button--primary").await, "Use it anyway");
            assert_eq!(browser.field("#number").await, "12");
            browser.click(".notice .button--primary").await;
            browser.until("it takes over", "document.title.startsWith('Generate') && performance.getEntriesByType('navigation')[0].type === 'reload' && !window.over").await;
            page.state("done").await;
            assert_eq!(browser.field("#number").await, "12");
        })
        .await;
}

#[tokio::test]
async fn a_half_finished_version_leaves_the_old_one_in_place() {
    let site = Site::built().start().await;
    Visit::new()
        .offline()
        .expecting("index.html")
        .run(async |browser| {
            let page = kept_page(browser, &site).await;
            renew(&site, "Newer");
            site.fault("index.html", Fault::Corrupted { at: 100 });
            browser.value(LOOK).await;
            let gone = "navigator.serviceWorker.getRegistration().then(({ installing, waiting }) => installing === null && waiting === null)";
            browser.until("the attempt is over", gone).await;
            site.fault("*", Fault::Dropped);
            browser.reload().await;
            page.state("done").await;
            assert_eq!(browser.value("document.title.includes('Newer')").await, false);
            assert_eq!(browser.value(NOTICE).await, "");
            site.heal();
            renew(&site, "Newer");
            browser.fill("#number", "3").await;
            browser.value(LOOK).await;
            browser.until("the notice", &format!("({NOTICE}) !== ''")).await;
        })
        .await;
}

#[tokio::test]
async fn a_kept_file_that_is_damaged_or_lost_is_loaded_again() {
    let site = Site::built().start().await;
    Visit::new()
        .only(&[Engine::Chromium, Engine::Firefox], "WebKit cannot be told to stop a service worker, which trusts a file it has looked at")
        .offline()
        .run(async |browser| {
            let page = kept_page(browser, &site).await;
            let spoil = "
                const cache = await caches.open('digitlab-site');
                let count = 0;
                for (const request of await cache.keys()) {
                  const kept = await cache.match(request);
                  if (request.url.includes('app.js?')) await cache.delete(request);
                  else if (request.url.includes('engine_bg.wasm?') || request.url.includes('base.css?')) {
                    const bytes = new Uint8Array(await kept.arrayBuffer());
                    bytes[bytes.length >> 1] ^= 255;
                    await cache.put(request, new Response(bytes, { headers: kept.headers }));
                  } else continue;
                  count += 1;
                }
                return count;";
            assert_eq!(browser.run(spoil, vec![]).await, 3);
            // A new life: what was found sound is looked at again.
            browser.stop_service_workers().await;
            site.clear_log();
            browser.reload().await;
            page.shows("mended", &json!({ "number": "042", "image_width": 84, "seed": 7 })).await;
            for path in ["engine_bg.wasm", "css/base.css", "js/app.js"] {
                assert_eq!(site.requested(path).len(), 1, "{path} is loaded once");
            }
            browser.stop_service_workers().await;
            site.clear_log();
            browser.reload().await;
            page.state("done").await;
            assert_eq!(site.requested("css/").len() + site.requested("engine_bg").len(), 0, "they are kept again");
        })
        .await;
}

#[tokio::test]
async fn the_switch_takes_all_of_it_away_and_brings_it_back() {
    let site = Site::built().start().await;
    Visit::new()
        .offline()
        .run(async |browser| {
            let page = kept_page(browser, &site).await;
            browser.until("the model is kept", USUAL).await;
            let state = offline_after(browser, "offline.enable(false)").await;
            assert_eq!(
                [&state["enabled"], &state["kept"], &state["controlled"]],
                [&json!(false); 3]
            );
            assert_eq!(browser.value("caches.has('digitlab-site')").await, false);
            site.clear_log();
            browser.reload().await;
            page.state("done").await;
            browser
                .until(
                    "no service worker",
                    "navigator.serviceWorker.getRegistrations().then(({ length }) => length === 0)",
                )
                .await;
            assert_eq!(
                browser.value("navigator.serviceWorker.controller").await,
                Value::Null
            );
            assert_eq!(
                site.requested("js/app.js").len(),
                1,
                "the page comes from the network"
            );
            let state = offline_after(browser, "offline.enable(true)").await;
            assert_eq!(
                [&state["enabled"], &state["kept"]],
                [&json!(true); 2],
                "{state}"
            );
            kept(browser).await;
        })
        .await;
}

#[tokio::test]
async fn without_service_workers_all_else_works() {
    let site = Site::built().start().await;
    Visit::new()
        .offline()
        .run(async |browser| {
            browser
                .before_pages("delete Navigator.prototype.serviceWorker;")
                .await;
            let page = Page::open(browser, &site, "#/generate?number=042&seed=7").await;
            page.shows(
                "without",
                &json!({ "number": "042", "image_width": 84, "seed": 7 }),
            )
            .await;
            let state = offline_after(browser, "offline.start()").await;
            assert_eq!(state["supported"], false);
            assert!(
                state["problem"]
                    .as_str()
                    .is_some_and(|text| text.contains("no service workers") && text.ends_with('.')),
                "{state}"
            );
        })
        .await;
}

#[tokio::test]
async fn a_metered_connection_is_asked_about_first() {
    let site = Site::built().start().await;
    Visit::new()
        .offline()
        .run(async |browser| {
            browser
                .before_pages("Object.defineProperty(Navigator.prototype, 'connection', { get: () => ({ saveData: true }) });")
                .await;
            let _page = Page::open(browser, &site, "#/generate?number=042&seed=7").await;
            browser.until("the routes are answered", "navigator.serviceWorker.controller !== null").await;
            let state = offline_after(browser, "offline.start()").await;
            assert_eq!([&state["asks"], &state["kept"], &state["controlled"]], [&json!(true), &json!(false), &json!(true)]);
            assert_eq!(browser.value("caches.has('digitlab-site').then((there) => there && caches.open('digitlab-site').then((cache) => cache.keys()).then(({ length }) => length > 0))").await, false);
            let state = offline_after(browser, "offline.start().then(() => offline.keepSite())").await;
            assert_eq!([&state["asks"], &state["kept"]], [&json!(false), &json!(true)]);
            assert_eq!(site.requested("reader_bg.wasm").len(), 0, "what not everybody needs is not loaded");
        })
        .await;
}

#[tokio::test]
async fn a_full_storage_is_told_and_the_site_goes_on() {
    let site = Site::built().start().await;
    Visit::new()
        .only(&[Engine::Chromium], "others cannot be told to have little room")
        .offline()
        .expecting("quota")
        .expecting("Quota")
        .run(async |browser| {
            browser.open(&site.url(LAB_PAGE)).await;
            browser
                .devtools("Storage.overrideQuotaForOrigin", json!({ "origin": site.origin(), "quotaSize": 1_500_000 }))
                .await;
            let page = Page::open(browser, &site, "#/generate?number=042&seed=7").await;
            page.shows("full", &json!({ "number": "042", "image_width": 84, "seed": 7 })).await;
            let state = offline_after(browser, "offline.start()").await;
            assert_eq!(state["kept"], false);
            assert!(state["problem"].as_str().is_some_and(|text| text.contains("storage for this site is full")), "{state}");
            let refused = format!("return (async () => {{ {OFFLINE} await offline.start(); return offline.keepEverything().then(() => null, ({{ code, message }}) => [code, message]); }})();");
            let refused = browser.run(&refused, vec![]).await;
            assert_eq!(refused[0], "storage_full", "{refused}");
            assert_eq!(browser.value("fetch('health').then(({ status }) => status)").await, 200, "routes are answered all the same");
        })
        .await;
}
