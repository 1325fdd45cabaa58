//! Classify.

use digitlab_browser::{Browser, Fault, Site, Visit, environment};

use super::{Audit, is, open_disclosures, says, shown};
use crate::classify::{open, reads, stroke};

fn file(path: &str) -> Vec<u8> {
    std::fs::read(environment::workspace().join(path))
        .unwrap_or_else(|error| panic!("{path}: {error}"))
}

async fn draw_a_number(browser: &Browser) {
    stroke(browser, &[(0.3, 0.2), (0.3, 0.7)]).await;
    stroke(browser, &[(0.5, 0.2), (0.7, 0.2), (0.57, 0.64)]).await;
    reads(browser, "17").await;
}

#[tokio::test]
async fn classify_in_every_state() {
    let site = Site::built().start().await;
    Visit::new()
        .run(async |browser| {
            let mut audit = Audit::of(browser, "Classify").await;
            open(browser, &site, "?model=tiny").await;
            browser
                .until("the models", "document.querySelectorAll('#classify-models input').length >= 2")
                .await;
            audit.check("nothing drawn").await;
            open_disclosures(browser).await;
            draw_a_number(browser).await;
            is(browser, "#classify-saliency-body", "done").await;
            audit.check("a number, with everything open").await;
            browser.click("#classify-digits button").await;
            audit.check("one of its digits").await;
            browser.click("#classify-clear").await;
            browser.click("label:has(#classify-mode-digit)").await;
            stroke(browser, &[(0.3, 0.2), (0.45, 0.8), (0.55, 0.3), (0.7, 0.85)]).await;
            is(browser, "#classify-answer", "done").await;
            browser.click("#classify-correction-digits button:nth-child(3)").await;
            browser
                .until("a sample", "document.querySelector('#classify-teach').dataset.samples === '1'")
                .await;
            audit.check("corrected").await;
            browser.click("#classify-teach-go").await;
            browser
                .until(
                    "a lesson",
                    "!document.querySelector('#classify-lesson').hidden && !document.querySelector('#classify-teach-go').disabled",
                )
                .await;
            audit.check("taught").await;
            browser.click("#classify-samples .sample__remove").await;
            shown(browser, "#classify-samples-undo").await;
            audit.check("a sample was removed").await;
            browser.click("#classify-models [aria-label^='Rename ']").await;
            shown(browser, ".model__tools .input").await;
            audit.check("a model is renamed").await;
            browser.keys("\u{e00c}").await;
            browser.click("#classify-models [aria-label^='Delete ']").await;
            shown(browser, "#classify-models [aria-label$=' for good']").await;
            audit.check("a model is to be deleted").await;
            audit.end();
        })
        .await;
}

#[tokio::test]
async fn classify_with_pictures_and_own_models() {
    let site = Site::built().start().await;
    Visit::new()
        .run(async |browser| {
            let mut audit = Audit::of(browser, "Classify, pictures and models").await;
            open(browser, &site, "").await;
            browser.click("label:has(#classify-input-picture)").await;
            shown(browser, "#classify-source-chooser").await;
            audit.check("choosing a picture").await;
            browser
                .attach(
                    "#classify-source-file",
                    "number-10.jpg",
                    &file("tests/handwriting/number-10.jpg"),
                )
                .await;
            reads(browser, "667").await;
            audit.check("a picture that is read").await;
            browser.click("#classify-own-open").await;
            shown(browser, "#classify-own").await;
            audit.check("the way to an own model").await;
            let mut model = file("tests/reference/own_models/torch_cnn.onnx");
            browser
                .attach("#classify-own-file", "digits.onnx", &model)
                .await;
            browser
                .until(
                    "it was tried",
                    "document.querySelectorAll('#classify-own-list input').length === 8",
                )
                .await;
            open_disclosures(browser).await;
            browser.fill("#classify-own-std", "0").await;
            browser.click("#classify-own-try").await;
            says(browser, "#classify-own-other-error", "0").await;
            audit.check("a model that can be added").await;
            model.truncate(900);
            browser
                .attach("#classify-own-file", "broken.onnx", &model)
                .await;
            shown(browser, "#classify-own-refusal").await;
            audit.check("a model that cannot").await;
            audit.end();
        })
        .await;
}

#[tokio::test]
async fn classify_while_its_model_loads_and_when_it_cannot() {
    let site = Site::built().start().await;
    site.fault("models/default*", Fault::Stalled { keep: 20_000 });
    Visit::new()
        .expecting("models/default")
        .run(async |browser| {
            let mut audit = Audit::of(browser, "Classify, loading").await;
            open(browser, &site, "").await;
            stroke(browser, &[(0.3, 0.2), (0.5, 0.2), (0.37, 0.64)]).await;
            shown(browser, "#classify-progress").await;
            audit.check("loading").await;
            browser.click("#classify-progress-cancel").await;
            shown(browser, "#classify-stopped").await;
            audit.check("stopped").await;
            site.release();
            site.fault("models/default*", Fault::Status(404));
            browser.click("#classify-load").await;
            shown(browser, "#classify-failure").await;
            audit.check("failed").await;
            audit.end();
        })
        .await;
}
