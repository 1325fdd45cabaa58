//! The examples in the documents do what stands there.

use digitlab_browser::{Site, Visit, environment, npy};
use serde_json::{Value, json};

use crate::files::run_python;
use crate::page::Page;
use crate::routes::answered;

/// A document's blocks of code in a language.
fn examples(document: &str, language: &str) -> Vec<String> {
    let path = environment::workspace().join(document);
    let text = std::fs::read_to_string(&path)
        .unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let fence = format!("\n```{language}\n");
    text.split(&fence)
        .skip(1)
        .map(|block| block.split("\n```").next().unwrap_or_default().to_owned())
        .collect()
}

/// The one of them that has a text in it.
fn example(document: &str, language: &str, text: &str) -> String {
    let found = examples(document, language);
    let Some(example) = found.iter().find(|example| example.contains(text)) else {
        panic!("no example in {language} of {document} has {text}");
    };
    example.clone()
}

#[tokio::test]
async fn the_python_of_the_guide_reads_the_file_that_the_page_gives() {
    let site = Site::built().start().await;
    Visit::new()
        .run(async |browser| {
            Page::open(browser, &site, "#/generate?number=042&seed=7").await;
            browser.click("#download-npy").await;
            let (name, file) = browser.download().await;
            let code = example("docs/generate.md", "python", "np.load");
            assert!(
                code.contains(&format!("\"{name}\"")),
                "{name} is not the guide's file"
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
async fn the_programs_of_readme_and_guide_run() {
    let site = Site::built().start().await;
    Visit::new()
        .run_lab(&site, async |lab| {
            for document in ["README.md", "docs/api.md"] {
                let code = example(document, "js", "lab.generate");
                let (import, body) = code.split_once('\n').expect("more than a line");
                assert_eq!(
                    import, "import { Digitlab } from \"./digitlab.js\";",
                    "{document}"
                );
                let script = format!(
                    "{body}\nreturn [sequence.label, sequence.width, file.size, file.type];"
                );
                let result = lab.get(&script, Value::Null).await;
                let expected = json!(["042", 84, 128 + 4 * 28 * 84, "application/octet-stream"]);
                assert_eq!(result, expected, "{document}");
            }
            let code = example("docs/api.md", "js", "lab.augment");
            let script = format!(
                "const told = [];
                const console = {{ log: (what) => told.push(what) }};
                const lab = await Digitlab.open();
                const file = await (await fetch('samples/card.png')).blob();
                {code}
                lab.close();
                return [picture.width === variant.width, Array.isArray(told[0]), told[1]];"
            );
            let result = lab.get(&script, Value::Null).await;
            assert_eq!((&result[0], &result[1]), (&json!(true), &json!(true)));
            let python = result[2].as_str().expect("a program");
            assert!(
                python.contains("A.Rotate(") && python.contains("A.OneOf("),
                "{python}"
            );
        })
        .await;
}

#[tokio::test]
async fn the_request_of_the_guide_is_answered() {
    let site = Site::built().start().await;
    Visit::new()
        .run(async |browser| {
            answered(browser, &site).await;
            let code = example("docs/api.md", "js", "fetch(\"generate\"");
            let script = format!(
                "return (async () => {{ {code}
                return [generatedImage.length, generatedImage[0].length, digits.map(({{ digit }}) => digit).join(''), seed]; }})();"
            );
            let result = browser.run(&script, vec![]).await;
            assert_eq!(result, json!([28, 90, "042", "7"]));
        })
        .await;
}
