//! What one browser engine lacks and others have: each lack is made in all of them, and has a sentence on the page.

use digitlab_browser::{LAB_PAGE, Site, Visit};
use serde_json::Value;

/// WebKitGTK gives a site no files of its own (the origin private file system), by itself.
const NO_FILES: &str = "delete globalThis.StorageManager?.prototype.getDirectory;";

/// WebKitGTK does not tell how much is stored, either.
const NO_ESTIMATE: &str = "delete globalThis.StorageManager?.prototype.estimate;";

#[tokio::test]
async fn without_files_of_its_own_the_data_set_page_says_so() {
    let site = Site::built().start().await;
    Visit::new()
        .run(async |browser| {
            browser.before_pages(NO_FILES).await;
            browser.open(&site.url("#/dataset")).await;
            let ready = "document.querySelector('#dataset-items')?.dataset.state === 'done'
                && !document.querySelector('#dataset-items').hasAttribute('data-stale')";
            browser.until("the first items", ready).await;
            browser.click("#dataset-go").await;
            let said = "document.querySelector('#dataset-error').textContent.includes('no place to write a data set')";
            browser.until("what is missing, and what to do", said).await;

            browser.open(&site.url(LAB_PAGE)).await;
            let lab = browser.lab(&site.url("digitlab.js"));
            let start = "
                const lab = await Digitlab.open({ workers: 1 });
                try {
                  await lab.datasets.start({ numbers: { list: ['042'] }, count: 1, seed: 1 });
                } finally {
                  lab.close();
                }";
            let failure = lab.run(start, Value::Null).await.expect_err("there is no place");
            assert_eq!(failure.code, "storage_unavailable", "{failure}");
            assert!(failure.message.contains("digitlab dataset"), "{failure}");
        })
        .await;
}

#[tokio::test]
async fn a_browser_that_does_not_tell_what_is_stored_claims_nothing() {
    let site = Site::built().start().await;
    Visit::new()
        .run(async |browser| {
            browser.before_pages(NO_ESTIMATE).await;
            browser.open(&site.url("#/frames")).await;
            browser.until("the place", "document.querySelector('#frames')?.dataset.state === 'empty'").await;
            browser.run("document.querySelector('#frames-sample').click();", vec![]).await;
            let shown = "document.querySelector('#frames')?.dataset.state === 'done' && document.querySelector('#frames-import').dataset.state === 'idle'";
            browser.until("the log", shown).await;
            assert_eq!(browser.value("/(?<![\\d.])0 B used/.test(document.body.textContent)").await, false);
            browser.open(&site.url("#/storage")).await;
            browser.until("the sentence", "document.querySelector('#storage-total')?.textContent.includes('does not tell')").await;
        })
        .await;
}
