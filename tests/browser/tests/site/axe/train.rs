//! Train.

use digitlab_browser::{Site, Visit};

use super::{Audit, is, says, shown};

#[tokio::test]
async fn train_in_every_state() {
    let site = Site::built().start().await;
    Visit::new()
        .run(async |browser| {
            let mut audit = Audit::of(browser, "Train").await;
            browser.open(&site.url("#/train")).await;
            browser
                .until(
                    "the page is there",
                    "document.querySelector('#train-go')?.disabled === false",
                )
                .await;
            audit.check("nothing yet").await;
            browser.click("label:has(#train-changes-own)").await;
            browser.fill("#train-pictures", "12").await;
            browser.click("#train-go").await;
            says(browser, "#train-pictures-error", "allowed").await;
            audit
                .check("a field that is refused, and an own pipeline")
                .await;
            browser.click("label:has(#train-changes-none)").await;
            browser.fill("#train-pictures", "640").await;
            browser.fill("#train-epochs", "100").await;
            browser.click("#train-go").await;
            is(browser, "#train-parts", "running").await;
            browser
                .until(
                    "an epoch",
                    "document.querySelectorAll('#train-epoch-table tbody tr').length > 0",
                )
                .await;
            audit.check("training").await;
            browser.click("#train-pause").await;
            is(browser, "#train-parts", "paused").await;
            audit.check("paused").await;
            browser.click("#train-keep").await;
            shown(browser, "#train-done").await;
            audit.check("a trained model").await;
            audit.end();
        })
        .await;
}
