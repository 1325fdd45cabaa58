//! Augment.

use digitlab_browser::{Fault, Site, Visit};
use serde_json::json;

use super::{Audit, is, open_disclosures, says, shown};
use crate::augment_export::without_picker;
use crate::augmented::{encoded, wall_is};

#[tokio::test]
async fn augment_pictures_in_every_state() {
    let site = Site::built().with("held.png", "never comes").start().await;
    site.fault("held.png", Fault::Held);
    Visit::new()
        .run(async |browser| {
            let mut audit = Audit::of(browser, "Augment, pictures").await;
            browser.open(&site.url("#/augment")).await;
            shown(browser, "#augment-builder-starts").await;
            wall_or_empty(browser).await;
            audit.check("at first").await;
            browser.open("about:blank").await;
            browser.open(&site.url("#/augment?sample=nothing")).await;
            says(browser, "#augment-source-error-text", "nothing").await;
            open_disclosures(browser).await;
            audit
                .check("a sample that is none, with everything open")
                .await;
            browser
                .fill("#augment-source-url", &site.url("held.png"))
                .await;
            browser.keys("\u{e007}").await;
            shown(browser, "#augment-source-progress").await;
            audit.check("loading").await;
            browser.click("#augment-source-cancel").await;
            browser.open("about:blank").await;
            browser
                .open(&site.url("#/augment?sample=card&seed=3"))
                .await;
            wall_is(browser, "done").await;
            audit.check("one of each transform").await;
            browser.click("#augment-source-change").await;
            browser.click("[data-sample=digit]").await;
            says(browser, "#augment-source-name", "igit").await;
            wall_is(browser, "done").await;
            browser.click("label:has(#augment-says-on)").await;
            is(browser, "#augment-says", "done").await;
            audit.check("what the model says").await;
            browser.click("#augment-source-change").await;
            browser.click("#augment-source-shot").await;
            shown(browser, "#augment-source-camera").await;
            browser
                .until(
                    "it is told",
                    "document.querySelector('#augment-source-camera-error').textContent !== ''",
                )
                .await;
            audit.check("no camera").await;
            audit.end();
        })
        .await;
}

async fn wall_or_empty(browser: &digitlab_browser::Browser) {
    browser
        .until(
            "the place is ready",
            "document.querySelector('#augment-wall')?.dataset.state !== 'busy' && document.querySelector('#augment-builder-starts li') !== null",
        )
        .await;
}

#[tokio::test]
async fn augment_pipelines_in_every_state() {
    let pipeline = json!({ "p": 0.9, "transforms": [
        { "transform": "Rotate", "p": 0.5, "limit": [-40, 40] },
        { "transform": "OneOf", "p": 0.5, "transforms": [
            { "transform": "Blur", "p": 0.25 },
            { "transform": "GaussNoise", "p": 1, "std_range": [0.1, 0.2] },
        ]},
        { "transform": "Solarize", "p": 0.5 },
    ]});
    let site = Site::built().start().await;
    Visit::new()
        .run(async |browser| {
            let mut audit = Audit::of(browser, "Augment, pipelines").await;
            browser
                .open(&site.url("#/augment?sample=card&mode=mine&seed=3"))
                .await;
            wall_is(browser, "done").await;
            audit.check("no pipeline yet").await;
            browser.click("#augment-builder-find").await;
            browser.keys("blur").await;
            shown(browser, "#augment-builder-found").await;
            audit.check("finding a transform").await;
            browser.keys("zzzz").await;
            shown(browser, "#augment-builder-none").await;
            audit.check("finding none").await;
            browser.keys("\u{e00c}").await;
            browser
                .attach(
                    "#augment-builder-import-file",
                    "mine.json",
                    pipeline.to_string().as_bytes(),
                )
                .await;
            shown(browser, "[data-transform=Solarize]").await;
            wall_is(browser, "done").await;
            audit.check("a pipeline with a group").await;
            without_picker(browser).await;
            browser.fill("#augment-export-count", "10000").await;
            browser.click("#augment-export-go").await;
            says(browser, "#augment-export-progress-text", " of 10,000").await;
            audit.check("exporting").await;
            browser.click("#augment-export-progress-cancel").await;
            says(browser, "#augment-export-done", "cancelled").await;
            audit.check("an export that was cancelled").await;
            open_disclosures(browser).await;
            for name in ["Rotate", "One of", "Blur", "GaussNoise"] {
                browser
                    .click(&format!(
                        "[data-transform='{name}'] > .step__head .step__toggle"
                    ))
                    .await;
            }
            audit.check("steps and panels open").await;
            for form in [
                "albumentations-json",
                "albumentations-yaml",
                "json",
                "javascript",
            ] {
                browser
                    .click(&format!("#augment-builder-code-{form}"))
                    .await;
                audit.check(&format!("as {form}")).await;
            }
            browser
                .fill("#augment-builder-import-text", "{ no pipeline")
                .await;
            browser.click("#augment-builder-import-read").await;
            says(browser, "#augment-builder-import-error", ".").await;
            browser.fill("#companions-boxes", "cat 3 5 20").await;
            says(browser, "#companions-boxes-error", "1").await;
            audit.check("texts that are refused").await;
            browser.fill("#augment-export-count", "0").await;
            says(browser, "#augment-export-count-error", "allowed: ").await;
            audit.check("an export that is refused").await;
            audit.end();
        })
        .await;
}

#[tokio::test]
async fn augment_one_variant_in_every_state() {
    let site = Site::built().start().await;
    Visit::new()
        .run(async |browser| {
            let mut audit = Audit::of(browser, "Augment, one variant").await;
            let pipeline = json!([{ "transform": "Rotate", "limit": [20, 60], "p": 1 }, { "transform": "Solarize", "p": 1 }]);
            let query = format!("sample=digit&mode=mine&seed=7&count=12&pipeline={}", encoded(&pipeline));
            browser.open(&site.url(&format!("#/augment?{query}"))).await;
            wall_is(browser, "done").await;
            audit.check("the wall of a pipeline").await;
            browser.click("#augment-wall-grid [data-index='2']").await;
            is(browser, "#augment-detail", "done").await;
            audit.check("before and after").await;
            browser.click("label:has(#augment-detail-view-difference)").await;
            audit.check("the difference").await;
            browser.click("#augment-detail label:has(#augment-detail-says-on)").await;
            is(browser, "#augment-detail-says", "done").await;
            browser.click("#augment-detail-replay").await;
            browser
                .until("the proof", "document.querySelector('#augment-detail-proof').textContent !== ''")
                .await;
            audit.check("what the model says, and the replay").await;
            browser.click("label:has(#augment-detail-jpeg)").await;
            browser.fill("#augment-detail-quality", "0").await;
            says(browser, "#augment-detail-quality-error", "allowed: ").await;
            audit.check("a field that is refused").await;
            audit.end();
        })
        .await;
}
