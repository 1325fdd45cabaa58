//! Robustness.

use digitlab_browser::{Site, Visit, Window};

use super::{Audit, is, open_disclosures, says, shown};

#[tokio::test]
async fn robustness_in_every_state() {
    let site = Site::built().start().await;
    Visit::new()
        .window(Window { height: 1_600, ..Window::default() })
        .run(async |browser| {
            let mut audit = Audit::of(browser, "Robustness").await;
            browser.open(&site.url("#/robustness?models=nosuch&curves=Rotate&pictures=100")).await;
            shown(browser, "#robustness-trouble").await;
            audit.check("a model that is none").await;
            browser.open("about:blank").await;
            browser.open(&site.url("#/robustness")).await;
            browser
                .until("the fields", "document.querySelector('#robustness-model')?.options.length >= 2")
                .await;
            audit.check("nothing yet").await;
            open_disclosures(browser).await;
            browser.fill("#robustness-pictures", "99").await;
            says(browser, "#robustness-pictures-error", "100").await;
            audit.check("the transforms, and a field that is refused").await;
            browser.open("about:blank").await;
            browser
                .open(&site.url("#/robustness?models=tiny,default&curves=Rotate,GaussNoise&pictures=10000&strengths=20&seed=7"))
                .await;
            browser
                .until("two points", "Number(document.querySelector('#robustness')?.dataset.points) >= 2")
                .await;
            audit.check("measuring").await;
            browser.click("#robustness-progress-cancel").await;
            is(browser, "#robustness", "cancelled").await;
            audit.check("cancelled").await;
            browser.open("about:blank").await;
            browser
                .open(&site.url("#/robustness?models=tiny,default&curves=Rotate,GaussNoise&pictures=100&strengths=5&seed=7"))
                .await;
            is(browser, "#robustness", "done").await;
            open_disclosures(browser).await;
            audit.check("measured, with the table").await;
            browser.run("document.querySelector('.curve__point[tabindex=\"0\"]').focus()", vec![]).await;
            browser.keys("\u{e010}\u{e007}").await;
            is(browser, "#robustness-point", "done").await;
            audit.check("the pictures behind a point").await;
            audit.end();
        })
        .await;
}
