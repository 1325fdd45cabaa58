//! The site as an app: what it says of itself, and what comes to it from other apps.

use std::fs;

use digitlab_browser::{Browser, Engine, Site, Visit, environment};
use serde_json::{Value, json};

use crate::page::Page;
use crate::service_worker::KEPT;

/// A page that shares, as the system does for an app: it is none of the site's own.
const SHARING: &str = "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>Another app</title><link rel=\"icon\" href=\"data:,\">
    <form method=\"post\" action=\"share\" enctype=\"multipart/form-data\">
      <input name=\"title\"><input name=\"text\"><input name=\"url\">
      <input type=\"file\" name=\"picture\"><input type=\"file\" name=\"log\"><button>Share</button>
    </form></html>";

fn file(path: &str) -> Vec<u8> {
    fs::read(environment::site().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

#[tokio::test]
async fn the_manifest_holds_what_it_promises() {
    let manifest: Value =
        serde_json::from_slice(&file("manifest.webmanifest")).expect("the manifest is JSON");
    for key in ["id", "start_url", "scope"] {
        assert_eq!(manifest[key], "./", "{key} is right wherever the site lies");
    }
    let list = |key: &str| manifest[key].as_array().cloned().unwrap_or_default();
    let mut purposes = Vec::new();
    for icon in list("icons") {
        let path = icon["src"].as_str().expect("a path");
        let bytes = file(path);
        if icon["type"] == "image/png" {
            let reader = png::Decoder::new(std::io::Cursor::new(&bytes))
                .read_info()
                .unwrap_or_else(|error| panic!("{path}: {error}"));
            let (width, height) = reader.info().size();
            assert_eq!(icon["sizes"], format!("{width}x{height}"), "{path}");
            purposes.push((icon["purpose"].clone(), width));
        }
    }
    for needed in [
        (json!("any"), 192),
        (json!("any"), 512),
        (json!("maskable"), 512),
    ] {
        assert!(purposes.contains(&needed), "{needed:?} is missing");
    }
    for screenshot in list("screenshots") {
        file(screenshot["src"].as_str().expect("a path"));
    }
    let site = Site::built().below("/some/sub/path/").start().await;
    Visit::new()
        .run(async |browser| {
            Page::open(browser, &site, "").await;
            // Others do not tell what they think of it.
            if browser.engine() == Engine::Chromium {
                let seen = browser.devtools("Page.getAppManifest", json!({})).await;
                assert_eq!(
                    seen["errors"],
                    json!([]),
                    "what the browser says of the manifest"
                );
                assert_eq!(seen["url"], site.url("manifest.webmanifest"));
            }
            // Every shortcut leads to a place.
            for shortcut in list("shortcuts") {
                let address = shortcut["url"].as_str().expect("an address");
                browser
                    .open(&site.url(address.trim_start_matches("./")))
                    .await;
                let known = "document.querySelector('#places [aria-current]') !== null && document.querySelector('#view-missing').hidden";
                browser.until(address, known).await;
            }
        })
        .await;
}

/// The other app, once the site answers.
async fn sharing(browser: &Browser, site: &Site) {
    let _page = Page::open(browser, site, "#/generate?number=7&seed=1").await;
    browser.until("the site is kept", KEPT).await;
    browser.open(&site.url("another-app.html")).await;
}

#[tokio::test]
async fn what_other_apps_share_is_opened() {
    let site = Site::built()
        .with("another-app.html", SHARING)
        .start()
        .await;
    Visit::new()
        .offline()
        // Firefox reports what a page that is left was still asking for.
        .expecting("A ServiceWorker intercepted the request")
        .run(async |browser| {
            sharing(browser, &site).await;
            browser.attach("[name=picture]", "A sticker ü.png", &file("samples/sticker.png")).await;
            browser.click("button").await;
            let shown = "document.querySelector('#augment-source-name')?.textContent";
            browser.until("the picture", &format!("{shown} === 'A sticker ü.png'")).await;
            let address = browser.address().await;
            assert!(address.starts_with(&site.url("#/augment")), "a reload asks for nothing again: {address}");
            browser.until("its variants", "document.querySelector('#augment-wall')?.dataset.state === 'done'").await;
            assert_eq!(browser.value("caches.has('digitlab-shared')").await, false, "it is not kept twice");

            browser.open(&site.url("another-app.html")).await;
            browser.attach("[name=log]", "small.csv", b"depth,a,b\n1,2,3\n2,3,4\n").await;
            browser.click("button").await;
            browser.until("the log", "document.querySelector('#frames')?.dataset.state === 'done' && location.hash.startsWith('#/frames')").await;

            // The address of a picture, with words around it, as some apps send it.
            browser.open(&site.url("another-app.html")).await;
            let words = format!("Look: {}", site.url("samples/card.png"));
            browser.fill("[name=text]", &words).await;
            browser.click("button").await;
            browser.until("the picture of the address", &format!("{shown}?.includes('card')")).await;

            browser.open(&site.url("another-app.html")).await;
            browser.click("button").await;
            browser.until("what is wrong", "document.querySelector('#toasts')?.textContent.includes('neither a file nor an address')").await;
        })
        .await;
}

#[tokio::test]
async fn files_that_the_system_opens_are_shown() {
    let site = Site::built().start().await;
    Visit::new()
        .run(async |browser| {
            // What the browser of an installed site has, and one without a window of the system lacks.
            browser
                .before_pages(
                    "const value = {
                      setConsumer: (consumer) => fetch(sessionStorage.getItem('file'))
                        .then((response) => response.blob())
                        .then((blob) => {
                          const name = sessionStorage.getItem('file').split('/').at(-1);
                          const handle = { kind: 'file', getFile: async () => new File([blob], name, { type: blob.type }) };
                          consumer({ files: [handle] });
                        }),
                    };
                    // An assignment would be ignored.
                    Object.defineProperty(window, 'launchQueue', { value });",
                )
                .await;
            let _page = Page::open(browser, &site, "").await;
            browser.run("sessionStorage.setItem('file', 'samples/card.png');", vec![]).await;
            browser.open(&site.url("?opened=files")).await;
            browser.until("the picture", "document.querySelector('#augment-source-name')?.textContent === 'card.png'").await;
            assert!(browser.address().await.starts_with(&site.url("#/augment")));
            browser.run("sessionStorage.setItem('file', 'samples/log/borehole.csv.gz');", vec![]).await;
            browser.open(&site.url("?opened=files")).await;
            browser.until("the log", "document.querySelector('#frames')?.dataset.state === 'done'").await;
        })
        .await;
}
