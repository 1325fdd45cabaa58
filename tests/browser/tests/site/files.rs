//! What a person takes along: files, the clipboard, programs.

use std::path::Path;
use std::process::Command;

use digitlab_browser::{Engine, Picture, Site, Visit, assert_same_picture, environment, npy};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::native::natively;
use crate::page::Page;

const FRAGMENT: &str = "#/generate?number=042&seed=7&image_width=101&index=3&ink=black-on-white";

fn request() -> Value {
    json!({ "number": "042", "image_width": 101, "seed": 7, "index": 3, "ink": "black-on-white" })
}

#[tokio::test]
async fn downloads_hold_the_picture_that_is_shown() {
    let site = Site::built().start().await;
    Visit::new()
        .run(async |browser| {
            let page = Page::open(browser, &site, FRAGMENT).await;
            let sequence = page.shows("files", &request()).await;
            let (picture, _) = natively(&request());

            browser.click("#download-png").await;
            let (name, file) = browser.download().await;
            assert!(
                name.contains("042") && name.contains('7') && name.ends_with(".png"),
                "{name}"
            );
            let (downloaded, _) = Picture::from_png(&file);
            assert_same_picture("files-png", &picture, &downloaded);

            browser.click("#download-npy").await;
            let (name, file) = browser.download().await;
            assert!(name.contains("042") && name.ends_with(".npy"), "{name}");
            let array = npy::read(&file).expect("numpy can read it");
            assert_eq!(array.shape, [28, 101]);
            assert_same_picture(
                "files-npy",
                &picture,
                &Picture::from_unit(101, 28, &array.values),
            );

            browser.click("#show-code").await;
            browser.click("#code-tab-python").await;
            let code = browser.text("#code-text").await;
            assert!(code.contains(&name) && code.contains("(28, 101)"), "{code}");
            if let Some(python) = environment::python() {
                let said = run_python(&python, &code, &name, &file);
                assert_eq!(said, "042 (28, 101) float32");
            }

            browser.click("#download-json").await;
            let (name, file) = browser.download().await;
            assert!(name.contains("042") && name.ends_with(".json"), "{name}");
            let json: Value = serde_json::from_slice(&file).expect("JSON");
            assert_eq!(
                (&json["label"], &json["seed"], &json["index"]),
                (&json!("042"), &json!("7"), &json!(3))
            );
            assert_eq!(json["taskId"], page.shown("taskId").await);
            assert_eq!(json["naturalWidth"], sequence.natural_width);
            assert_eq!(json["digits"].as_array().map(Vec::len), Some(3));
            for (found, digit) in json["digits"]
                .as_array()
                .into_iter()
                .flatten()
                .zip(&sequence.digits)
            {
                let origin = (&found["digit"], &found["split"], &found["index"]);
                assert_eq!(
                    origin,
                    (
                        &json!(digit.digit),
                        &json!(digit.split),
                        &json!(digit.index)
                    )
                );
                // The last bit of a number may be lost where this test reads JSON.
                let close = |name: &str, wanted: f64| {
                    found[name]
                        .as_f64()
                        .is_some_and(|x| (x - wanted).abs() < 1e-9)
                };
                assert!(
                    close("x", digit.x) && close("width", digit.width),
                    "{found} instead of {digit:?}"
                );
            }
        })
        .await;
}

/// Runs a program beside the file that it reads, and returns what it says.
pub(crate) fn run_python(python: &Path, code: &str, name: &str, file: &[u8]) -> String {
    let folder = TempDir::with_prefix("digitlab-python-").expect("a temporary folder");
    std::fs::write(folder.path().join(name), file).expect("the folder is writable");
    let output = Command::new(python)
        .arg("-c")
        .arg(code)
        .current_dir(folder.path())
        .output();
    let output = output.unwrap_or_else(|error| panic!("{}: {error}", python.display()));
    let complaint = String::from_utf8_lossy(&output.stderr);
    assert!(
        output.status.success(),
        "{complaint}\nin the program\n{code}"
    );
    String::from_utf8_lossy(&output.stdout).trim().to_owned()
}

#[tokio::test]
async fn the_program_shown_makes_the_same_picture() {
    let site = Site::built().start().await;
    Visit::new()
        .run(async |browser| {
            let page = Page::open(browser, &site, FRAGMENT).await;
            page.shows("program", &request()).await;
            browser.allow_clipboard(&site.origin()).await;
            browser.click("#show-code").await;
            assert_eq!(
                browser
                    .attribute("#show-code", "aria-expanded")
                    .await
                    .as_deref(),
                Some("true")
            );
            browser.click("#code-copy").await;
            page.says("#toasts", "opied").await;
            let code = browser.value("navigator.clipboard.readText()").await;
            let code = code.as_str().expect("a program");
            assert_eq!(code.trim(), browser.text("#code-text").await.trim());
            let (import, body) = code.split_once('\n').expect("more than a line");
            assert_eq!(
                import,
                format!(
                    "import {{ Digitlab }} from \"{}\";",
                    site.url("digitlab.js")
                )
            );
            let script = format!("{body}\nreturn Array.from(sequence.pixels);");
            let pixels = browser
                .lab(&site.url("digitlab.js"))
                .get(&script, Value::Null)
                .await;
            let pixels: Vec<f32> = serde_json::from_value(pixels).expect("numbers");
            assert_same_picture(
                "program-made",
                &page.picture().await,
                &Picture::from_unit(101, 28, &pixels),
            );
        })
        .await;
}

#[tokio::test]
async fn the_picture_can_be_copied() {
    let site = Site::built().start().await;
    Visit::new()
        .only(
            &[Engine::Chromium, Engine::WebKit],
            "Firefox without a screen keeps no pictures in its clipboard",
        )
        .run(async |browser| {
            let page = Page::open(browser, &site, FRAGMENT).await;
            page.shows("copied", &request()).await;
            browser.allow_clipboard(&site.origin()).await;
            browser.click("#copy-picture").await;
            page.says("#toasts", "Picture copied").await;
            let script = "return (async () => {
                const [item] = await navigator.clipboard.read();
                const bitmap = await createImageBitmap(await item.getType('image/png'));
                const canvas = document.createElement('canvas');
                const { width, height } = bitmap;
                Object.assign(canvas, { width, height, className: 'copied' });
                canvas.getContext('2d').drawImage(bitmap, 0, 0);
                document.body.append(canvas);
            })();";
            browser.run(script, vec![]).await;
            assert_same_picture(
                "copied-picture",
                &page.picture().await,
                &page.canvas("canvas.copied").await,
            );
        })
        .await;
}
