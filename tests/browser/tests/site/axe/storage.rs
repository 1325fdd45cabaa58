//! Storage and offline, and the record log.

use digitlab_browser::{Fault, LAB_PAGE, Site, Visit};
use serde_json::Value;

use super::{Audit, says, shown};
use crate::page::Page;
use crate::service_worker::KEPT;

const MEASURED: &str = "document.querySelectorAll('.storage-row').length > 5
    && [...document.querySelectorAll('.storage-row__items')].every(({ textContent }) => textContent !== '…')";

const RECORDS: &str = "const lab = await Digitlab.open({ workers: 1 });
    await lab.records.addMany(Array.from({ length: 60 }, (_, k) => ({
      name: `picture ${k}.png`, result: k % 7 === 0 ? String(100 + k) : String(k % 10), probability: ((k * 37) % 100) / 100,
      model: k % 3 === 0 ? 'tiny' : 'default', elapsed: k % 40, from: 'classify page',
      thumbnail: { width: 28, height: 28, channels: 1, data: new Uint8Array(784).fill(k) },
      seen: new Uint8Array(784).fill(k),
    })));
    lab.close();";

#[tokio::test]
async fn storage_in_every_state() {
    let site = Site::built().start().await;
    Visit::new()
        .run(async |browser| {
            let mut audit = Audit::of(browser, "Storage, offline use off").await;
            browser.open(&site.url("#/storage")).await;
            browser.until("everything is measured", MEASURED).await;
            audit.check("offline use off").await;
            audit.end();
        })
        .await;
    Visit::new()
        .offline()
        .run(async |browser| {
            let mut audit = Audit::of(browser, "Storage").await;
            Page::open(browser, &site, "#/generate?number=042&seed=7").await;
            browser.open(&site.url(LAB_PAGE)).await;
            browser
                .lab(&site.url("digitlab.js"))
                .get(RECORDS, Value::Null)
                .await;
            browser.open(&site.url("#/storage")).await;
            browser.until("the site is kept", KEPT).await;
            browser.reload().await;
            browser.until("everything is measured", MEASURED).await;
            audit.check("the site is kept").await;
            browser.click("[data-store=records] .button").await;
            shown(browser, "#storage-dialog").await;
            audit.check("a question").await;
            browser.click("#storage-dialog-no").await;
            browser
                .until(
                    "the version is known",
                    "!document.querySelector('#storage-update').disabled",
                )
                .await;
            browser.click("#storage-update").await;
            says(browser, "#storage-update-text", "No newer version").await;
            audit.check("no newer version").await;
            site.fault("mnist/t*", Fault::Held);
            browser.click("#storage-keep").await;
            shown(browser, "#storage-keep-progress").await;
            audit.check("keeping everything").await;
            site.heal();
            site.release();
            says(browser, "#storage-keep", "Everything is kept").await;
            audit.check("everything is kept").await;
            audit.end();
        })
        .await;
}

#[tokio::test]
async fn storage_that_is_closed() {
    let site = Site::built().start().await;
    Visit::new()
        .run(async |browser| {
            browser
                .before_pages(
                    "Object.defineProperty(window, 'indexedDB', { value: undefined });
                    Object.defineProperty(window, 'caches', { value: undefined });
                    Object.defineProperty(Navigator.prototype, 'storage', { value: undefined });",
                )
                .await;
            let mut audit = Audit::of(browser, "Closed storage").await;
            browser.open(&site.url("#/storage")).await;
            browser.until("everything is measured", MEASURED).await;
            audit.check("Storage").await;
            browser.run("location.hash = '#/records'", vec![]).await;
            shown(browser, "#records-trouble").await;
            audit.check("Records").await;
            audit.end();
        })
        .await;
}

#[tokio::test]
async fn records_in_every_state() {
    let site = Site::built().start().await;
    Visit::new()
        .run(async |browser| {
            let mut audit = Audit::of(browser, "Records").await;
            browser.open(&site.url("#/records")).await;
            shown(browser, "#records-empty").await;
            audit.check("nothing is recorded").await;
            browser.click("label:has(#records-enabled)").await;
            audit.check("switched off").await;
            browser.click("label:has(#records-enabled)").await;
            browser
                .lab(&site.url("digitlab.js"))
                .get(RECORDS, Value::Null)
                .await;
            let filled =
                "document.querySelector('#records-rows [role=row]:not([data-waiting])') !== null
                && document.querySelector('#records-rows [data-waiting]') === null";
            browser.until("rows", filled).await;
            audit.check("a full log").await;
            browser
                .click(".records__row[data-at=\"1\"] .records__cell--check")
                .await;
            browser
                .until(
                    "one is selected",
                    "!document.querySelector('#records-correct').disabled",
                )
                .await;
            audit.check("one selected").await;
            browser.click("#records-correct").await;
            shown(browser, "#records-correction").await;
            browser.fill("#records-correction-right", "12345").await;
            browser.click("#records-correction-save").await;
            says(browser, "#records-correction-error", "allowed").await;
            audit.check("a correction that is refused").await;
            browser.click("#records-correction-cancel").await;
            browser.click("#records-delete-all").await;
            shown(browser, "#records-dialog").await;
            audit.check("a question").await;
            browser.click("#records-dialog-no").await;
            browser.click("#records-delete").await;
            shown(browser, "#records-undo").await;
            audit.check("one was deleted").await;
            browser.fill("#records-below", "many").await;
            says(browser, "#records-below-error", "many").await;
            audit.check("a filter that is refused").await;
            browser.fill("#records-below", "").await;
            browser.fill("#records-text", "no such thing").await;
            shown(browser, "#records-none").await;
            audit.check("nothing is like that").await;
            audit.end();
        })
        .await;
}
