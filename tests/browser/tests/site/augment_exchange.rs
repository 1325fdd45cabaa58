//! Pipelines as text for other programs, and from them.

use crate::augment_builder::{Builder, KEPT, RIGHT, nested};
use digitlab::augment::{Pipeline, import};
use digitlab_browser::{Site, Visit, environment};
use serde_json::{Value, json};
use std::fs;

#[tokio::test]
async fn texts_are_what_the_engine_writes() {
    let site = Site::built().start().await;
    Visit::new()
        .run(async |browser| {
            let builder = Builder::open(browser, &site).await;
            browser.allow_clipboard(&site.origin()).await;
            builder.begin(&nested()).await;
            browser.click("#augment-builder-import > summary").await;
            browser.click("#augment-builder-code > summary").await;
            let native = Pipeline::from_json(&nested()).expect("a pipeline");
            let theirs = native.to_albumentations().expect("their form");
            for (tab, file, text) in [
                ("python", "pipeline.py", native.to_python().expect("Python")),
                (
                    "albumentations-json",
                    "pipeline.albumentations.json",
                    format!("{theirs:#}\n"),
                ),
                (
                    "albumentations-yaml",
                    "pipeline.albumentations.yaml",
                    native.to_albumentations_yaml().expect("YAML"),
                ),
                (
                    "json",
                    "pipeline.digitlab.json",
                    format!("{:#}\n", native.to_json()),
                ),
            ] {
                browser.click(&format!("#augment-builder-code-{tab}")).await;
                builder.says("#augment-builder-code-text", &text).await;
                let shown = browser
                    .value("document.querySelector('#augment-builder-code-text').textContent")
                    .await;
                assert_eq!(shown, text, "{tab}");
                // Of scripts this browser asks whether they are to be kept, and nobody is there to answer.
                if !file.ends_with(".py") {
                    browser.click("#augment-builder-code-download").await;
                    let (name, bytes) = browser.download().await;
                    assert_eq!(
                        (name.as_str(), String::from_utf8(bytes).expect("text")),
                        (file, text.clone())
                    );
                }
                browser.click("#augment-builder-code-copy").await;
                builder.says("#toasts", "Pipeline copied.").await;
                let copied = format!(
                    "navigator.clipboard.readText().then((text) => text === {})",
                    Value::from(text)
                );
                browser.until("it is in the clipboard", &copied).await;
            }
            // The arrow keys go round the tabs.
            browser.click("#augment-builder-code-json").await;
            browser.keys(&RIGHT.to_string()).await;
            builder
                .says(
                    "#augment-builder-code-text",
                    "lab.augment(picture, pipeline",
                )
                .await;
            let shown = browser
                .value("document.querySelector('#augment-builder-code-text').textContent")
                .await;
            let shown = shown.as_str().expect("text");
            let start =
                shown.find("const pipeline = ").expect("the pipeline") + "const pipeline = ".len();
            let end = shown.find(";\n\nconst lab").expect("its end");
            let written: Value = serde_json::from_str(&shown[start..end]).expect("JSON");
            assert_eq!(written, nested());
        })
        .await;
}

#[tokio::test]
async fn what_albumentations_saved_is_read() {
    let folder = environment::workspace().join("tests/reference/exchange");
    let read = |name: &str| fs::read_to_string(folder.join(name)).expect("a saved pipeline");
    let site = Site::built().start().await;
    Visit::new()
        .run(async |browser| {
            let builder = Builder::open(browser, &site).await;
            let own = json!({ "p": 1, "transforms": [{ "transform": "Equalize", "p": 0.5 }] });
            builder.begin(&own).await;
            browser.click("#augment-builder-code > summary").await;
            browser.click("#augment-builder-code-json").await;
            for name in ["nested.yaml", "nested.json"] {
                let text = read(name);
                let native = import(&text).expect("it is read").pipeline.to_json();
                builder.bring(name, &text).await;
                builder.says("#augment-builder-import-report", &format!("{name}: 6 steps, in the form of Albumentations.")).await;
                builder.says("#augment-builder-import-report", "Nothing was lost").await;
                builder.says("#augment-builder-code-text", &format!("{native:#}\n")).await;
                browser.click("#augment-builder-import-report button").await;
                builder.holds(own.clone()).await;
            }

            // Every transform as it is saved, with all that it saves.
            let saved: Value = serde_json::from_str(&read("saved.json")).expect("JSON");
            for (name, one) in saved.as_object().expect("an object") {
                let native = import(&one.to_string()).expect("it is read").pipeline.to_json();
                builder.bring("one.json", &one.to_string()).await;
                builder.says("#augment-builder-code-text", &format!("{native:#}\n")).await;
                let errors = "[...document.querySelectorAll('#augment-builder .error-text, #augment-builder .field__error')].map((one) => one.textContent).join('')";
                assert_eq!(browser.value(errors).await, "", "{name}");
            }

            // What means nothing here is listed.
            let foreign = "__version__: 1.4.0\ntransform:\n  __class_fullname__: Compose\n  transforms:\n  - __class_fullname__: Rotate\n    limit: [-20, 20]\n    mask_interpolation: 1\n";
            let notes = import(foreign).expect("it is read").notes;
            assert_eq!(notes.len(), 2, "{notes:?}");
            // WebKit takes a line break from the Return key only.
            let typed = foreign.replace('\n', "\u{e006}");
            browser.find("#augment-builder-import-text").await.send_keys(&typed).await.expect("it can be typed");
            browser.click("#augment-builder-import-read").await;
            for note in &notes {
                builder.says("#augment-builder-import-report li", note).await;
            }
            assert_eq!(browser.attribute("#augment-builder-import-report", "data-lost").await.as_deref(), Some("true"));
            builder.holds(json!({ "p": 1, "transforms": [{ "transform": "Rotate", "p": 0.5, "limit": [-20, 20] }] })).await;
        })
        .await;
}

#[tokio::test]
async fn what_cannot_be_read_is_named_and_changes_nothing() {
    let site = Site::built().start().await;
    Visit::new()
        .run(async |browser| {
            let builder = Builder::open(browser, &site).await;
            builder.begin(&nested()).await;
            let class = |name: &str, more: &str| {
                format!("{{\"transform\":{{\"__class_fullname__\":\"Compose\",\"transforms\":[{{\"__class_fullname__\":\"{name}\"{more}}}]}}}}")
            };
            for (text, words) in [
                ("   ".to_owned(), "bad.txt is empty; give a pipeline as JSON or YAML."),
                ("{ \"transforms\": [".to_owned(), "JSON"),
                ("a: [1, 2".to_owned(), "YAML"),
                ("just some words".to_owned(), "pipeline is the text \"just some words\""),
                ("{\"transforms\":[{\"transform\":\"Mosaic\"}]}".to_owned(), "Mosaic"),
                ("{\"transforms\":[{\"transform\":\"Blur\",\"strength\":3}]}".to_owned(), "Blur.strength is not a known field"),
                ("{\"transforms\":[{\"transform\":\"Blur\",\"p\":7}]}".to_owned(), "Blur.p is 7"),
                ("{\"steps\":[]}".to_owned(), "steps is not a known field"),
                (class("Mosaic", ""), "Mosaic"),
                (class("Blur", ",\"strength\":3"), "Blur.strength is not a known field"),
                (class("Blur", ",\"blur_limit\":[9,3]"), "Blur.blur_limit is a list of 2 items"),
                (format!("[{}1]", "[".repeat(200)), "JSON"),
            ] {
                builder.bring("bad.txt", &text).await;
                builder.says("#augment-builder-import-error", words).await;
                if !text.trim().is_empty() {
                    builder.says("#augment-builder-import-error", "was not taken over, and your pipeline is as it was").await;
                }
                assert_eq!(browser.value("document.querySelector('#augment-builder-import-report').textContent").await, "");
                assert_eq!(browser.value(KEPT).await, nested(), "{words}");
            }
            builder.bring("huge.json", &" ".repeat(4_000_001)).await;
            builder.says("#augment-builder-import-error", "huge.json has 4.0 MB; a pipeline may have at most 4.0 MB.").await;
            // A good one takes the error away, also when it is dropped.
            let drop = "
                const data = new DataTransfer();
                data.items.add(new File(['[{\"transform\":\"Equalize\",\"p\":1}]'], 'dropped.json'));
                const place = document.querySelector('#augment-builder-title');
                const fire = (name) => place.dispatchEvent(new DragEvent(name, { bubbles: true, cancelable: true, dataTransfer: data }));
                const marked = () => document.querySelector('#augment-builder').classList.contains('augment-builder--drop');
                fire('dragover');
                const before = marked();
                fire('drop');
                return [before, marked()];";
            assert_eq!(browser.run(drop, vec![]).await, json!([true, false]));
            builder.says("#augment-builder-import-report", "dropped.json: 1 step, in the form of Digitlab.").await;
            builder.holds(json!({ "p": 1, "transforms": [{ "transform": "Equalize", "p": 1 }] })).await;
            builder.bring("good.json", "[{\"transform\":\"NoOp\"}]").await;
            builder.says("#augment-builder-import-report", "good.json: 1 step, in the form of Digitlab.").await;
            assert_eq!(browser.text("#augment-builder-import-error").await, "");
        })
        .await;
}
