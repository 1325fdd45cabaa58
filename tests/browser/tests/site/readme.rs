//! The README's examples do what it says.

use digitlab_browser::{Site, Visit, environment, npy};
use serde_json::{Value, json};

use crate::files::run_python;
use crate::page::Page;

/// The README's first block of code in a language.
fn example(language: &str) -> String {
    let path = environment::workspace().join("README.md");
    let readme = std::fs::read_to_string(&path).expect("a README");
    let code = readme
        .split_once(&format!("\n```{language}\n"))
        .and_then(|(_, rest)| rest.split_once("\n```"));
    code.unwrap_or_else(|| panic!("no example in {language}"))
        .0
        .to_owned()
}

#[tokio::test]
async fn its_python_reads_the_file_that_the_page_gives() {
    let site = Site::built().start().await;
    Visit::new()
        .run(async |browser| {
            Page::open(browser, &site, "#/generate?number=042&seed=7").await;
            browser.click("#download-npy").await;
            let (name, file) = browser.download().await;
            let code = example("python");
            assert!(
                code.contains(&format!("\"{name}\"")),
                "{name} is not the README's file"
            );
            let array = npy::read(&file).expect("numpy can read it");
            assert_eq!(array.shape, [28, 84]);
            assert!(array.values.iter().all(|value| (0.0..=1.0).contains(value)));
            if let Some(python) = environment::python() {
                assert_eq!(run_python(&python, &code, &name, &file), "(28, 84) float32");
            }
        })
        .await;
}

#[tokio::test]
async fn its_program_runs() {
    let site = Site::built().start().await;
    Visit::new()
        .run_lab(&site, async |lab| {
            let code = example("js");
            let (import, body) = code.split_once('\n').expect("more than a line");
            assert_eq!(import, "import { Digitlab } from \"./digitlab.js\";");
            let script =
                format!("{body}\nreturn [sequence.label, sequence.width, file.size, file.type];");
            let result = lab.get(&script, Value::Null).await;
            assert_eq!(
                result,
                json!(["042", 84, 128 + 4 * 28 * 84, "application/octet-stream"])
            );
        })
        .await;
}
