//! Data set.

use digitlab_browser::{Engine, Fault, Site, Visit};

use super::{Audit, is, open_disclosures, says, shown};
use crate::bucket::SHARDS;

const LOOKED: &str = "document.querySelector('#dataset-items')?.dataset.state === 'done'
    && !document.querySelector('#dataset-items').hasAttribute('data-stale')";

#[tokio::test]
async fn dataset_in_every_state() {
    let site = Site::built().start().await;
    Visit::new()
        .run(async |browser| {
            let mut audit = Audit::of(browser, "Data set").await;
            browser.open(&site.url("#/dataset?seed=3")).await;
            browser.until("the first items", LOOKED).await;
            audit.check("a recipe").await;
            open_disclosures(browser).await;
            for kind in ["list", "range", "phone", "pattern", "file"] {
                browser
                    .click(&format!("label:has(#dataset-kind-{kind})"))
                    .await;
                shown(browser, &format!(".dataset__pane[data-kind='{kind}']")).await;
                audit.check(kind).await;
            }
            browser.click("#dataset-go").await;
            says(browser, "#dataset-file-error", "No file").await;
            audit.check("a file that is missing").await;
            browser.click("label:has(#dataset-kind-random)").await;
            browser.fill("#dataset-count", "0").await;
            says(browser, "#dataset-count-error", "allowed").await;
            audit.check("a field that is refused").await;
            browser.click("label:has(#dataset-lengths-weighted)").await;
            browser.fill("#dataset-count", "1000000").await;
            browser.until("the first items", LOOKED).await;
            audit.check("weighted lengths").await;
            browser.click("#dataset-go").await;
            if !Engine::current().has_own_files() {
                shown(browser, "#dataset-error").await;
                audit.check("no place for it").await;
                audit.end();
                return;
            }
            is(browser, "#dataset-run", "busy").await;
            browser
                .until(
                    "some items",
                    "Number(document.querySelector('#dataset-run').dataset.items) > 0",
                )
                .await;
            audit.check("making").await;
            browser.click("#dataset-cancel").await;
            shown(browser, "#dataset-ask").await;
            audit.check("a question").await;
            browser.click("#dataset-ask-no").await;
            browser.click("#dataset-pause").await;
            is(browser, "#dataset-run", "paused").await;
            audit.check("paused").await;
            browser.click("#dataset-cancel").await;
            browser.click("#dataset-ask-yes").await;
            browser
                .until(
                    "it is gone",
                    "document.querySelector('#dataset-run').hidden",
                )
                .await;
            browser.fill("#dataset-count", "20").await;
            browser.until("the first items", LOOKED).await;
            browser.click("#dataset-go").await;
            is(browser, "#dataset-run", "done").await;
            audit.check("made").await;
            browser.click("#dataset-close").await;
            shown(browser, "#dataset-kept").await;
            audit.check("one is kept").await;
            audit.end();
        })
        .await;
}

#[tokio::test]
async fn dataset_without_digits() {
    let site = Site::built().start().await;
    site.fault(SHARDS, Fault::Status(404));
    Visit::new()
        .expecting("/mnist/")
        .run(async |browser| {
            let mut audit = Audit::of(browser, "Data set without digits").await;
            browser.open(&site.url("#/dataset?seed=3")).await;
            shown(browser, "#dataset-go").await;
            browser
                .until(
                    "it is said",
                    "[...document.querySelectorAll('#view-dataset .error-text, #view-dataset [role=alert], #dataset-items')]
                        .some(({ textContent }) => textContent.includes('404'))",
                )
                .await;
            audit.check("the first items cannot be shown").await;
            browser.click("#dataset-go").await;
            says(browser, "#dataset-error", "404").await;
            audit.check("it could not be made").await;
            audit.end();
        })
        .await;
}
