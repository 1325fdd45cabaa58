//! Generate, and what surrounds every place.

use digitlab_browser::{Fault, Site, Visit};

use super::{Audit, is, open_disclosures, says, shown};
use crate::bucket::SHARDS;
use crate::page::Page;
use crate::service_worker::{KEPT, LOOK, renew};

#[tokio::test]
async fn generate_in_every_state() {
    let site = Site::built().start().await;
    Visit::new()
        .expecting("/mnist/")
        .expecting("nowhere/manifest.json")
        .run(async |browser| {
            let mut audit = Audit::of(browser, "Generate").await;
            let page = Page::open(browser, &site, "#/generate?number=042&seed=7").await;
            is(browser, "#sheet", "done").await;
            audit.check("a picture and its variants").await;
            browser.click("#show-code").await;
            open_disclosures(browser).await;
            audit.check("with everything open").await;
            browser.click("#code-tab-python").await;
            audit.check("another language").await;
            page.choose("augment").await;
            shown(browser, "#plain").await;
            browser.click("label:has(#show-boxes)").await;
            page.state("done").await;
            is(browser, "#sheet", "done").await;
            audit.check("augmented, with boxes").await;
            browser.click("#copy-link").await;
            shown(browser, ".toast").await;
            audit.check("with a note").await;
            browser.fill("#spacing_max", "1001").await;
            page.state("stale").await;
            audit.check("a field that is refused").await;
            browser.fill("#spacing_max", "20").await;
            page.state("done").await;
            browser.fill("#number", "").await;
            shown(browser, "#empty").await;
            audit.check("no number").await;
            browser.fill("#number", "12x").await;
            page.state("stale").await;
            audit.check("a number that is none").await;
            site.fault(SHARDS, Fault::Status(404));
            browser.fill("#number", "8").await;
            page.state("error").await;
            audit.check("a shard that is missing").await;
            browser.fill("#source-url", "nowhere").await;
            browser.click("#source-url-use").await;
            says(browser, "#source-url-error", "nowhere").await;
            browser.click("#idx-use").await;
            says(browser, "#idx-error", ".").await;
            audit.check("sources that are refused").await;
            audit.end();
        })
        .await;
}

#[tokio::test]
async fn generate_while_it_loads_and_when_it_cannot() {
    let site = Site::built().start().await;
    site.fault(SHARDS, Fault::Held);
    Visit::new()
        .expecting("engine_bg.wasm")
        .run(async |browser| {
            let mut audit = Audit::of(browser, "Generate, loading").await;
            browser
                .open(&site.url("#/generate?number=042&seed=7"))
                .await;
            shown(browser, "#progress").await;
            audit.check("loading").await;
            browser.click("#progress-cancel").await;
            Page { browser }.state("error").await;
            audit.check("cancelled").await;
            site.release();
            browser.click("#banner-retry").await;
            Page { browser }.state("done").await;
            browser.open("about:blank").await;
            // The request that the address makes is refused before anything was drawn.
            browser
                .open(&site.url("#/generate?number=042&seed=7&margin=5000"))
                .await;
            shown(browser, "#refused").await;
            audit.check("refused at once").await;
            browser.open("about:blank").await;
            site.fault("engine_bg.wasm", Fault::Status(404));
            browser
                .open(&site.url("#/generate?number=042&seed=8"))
                .await;
            Page { browser }.state("error").await;
            audit.check("no engine").await;
            audit.end();
        })
        .await;
}

#[tokio::test]
async fn what_surrounds_every_place() {
    let site = Site::built().start().await;
    site.fault("views/storage.html", Fault::Held);
    Visit::new()
        .expecting("views/train.html")
        .run(async |browser| {
            let mut audit = Audit::of(browser, "Around the places").await;
            browser.open(&site.url("#/nothing")).await;
            shown(browser, "#view-missing").await;
            audit.check("nothing at the address").await;
            browser.keys("\u{e004}").await;
            browser
                .until("the skip link", "document.activeElement.id === 'skip'")
                .await;
            audit.check("the skip link in sight").await;
            // Which covers the switch while it has the focus.
            browser.keys("\u{e004}").await;
            browser.click("#theme label:has(#theme-dark)").await;
            audit.check("dark by the switch").await;
            browser.click("#theme label:has(#theme-light)").await;
            audit.check("light by the switch").await;
            browser.run("location.hash = '#/storage'", vec![]).await;
            says(browser, "#view-storage", "Loading …").await;
            audit.check("a place that is on its way").await;
            site.release();
            site.fault("views/train.html", Fault::Status(404));
            browser.run("location.hash = '#/train'", vec![]).await;
            says(browser, "#view-train", "could not be loaded").await;
            audit.check("a place that does not come").await;
            site.heal();
            audit.end();
        })
        .await;
}

#[tokio::test]
async fn a_new_version_is_offered() {
    let site = Site::built().start().await;
    Visit::new()
        .offline()
        // Firefox reports what the old page was still asking for.
        .expecting("A ServiceWorker intercepted the request")
        .run(async |browser| {
            let mut audit = Audit::of(browser, "A new version").await;
            Page::open(browser, &site, "#/generate?number=042&seed=7").await;
            browser.until("the site is kept", KEPT).await;
            browser.reload().await;
            Page { browser }.state("done").await;
            // On a page that nobody has used it would take over at once.
            browser.fill("#number", "31").await;
            renew(&site, "Newer");
            browser.value(LOOK).await;
            says(browser, ".notice", "A new version is ready.").await;
            audit.check("offered").await;
            // What a job that a reload would end holds while it runs.
            let busy = "navigator.locks.request('digitlab-busy-training', () => new Promise(() => {})); return 0;";
            browser.run(busy, vec![]).await;
            browser.click(".notice .button--primary").await;
            says(browser, ".notice", "is under way").await;
            audit.check("something would end").await;
            audit.end();
        })
        .await;
}
