//! Models of the user's: looked at, kept, chosen, renamed, deleted; and files that mean harm.

use std::fs;

use digitlab_browser::lab::{blob, bytes};
use digitlab_browser::{Browser, Site, Visit, environment};
use serde_json::{Value, json};

fn model(name: &str) -> Vec<u8> {
    let file = format!("tests/reference/own_models/{name}.onnx");
    fs::read(environment::workspace().join(&file)).unwrap_or_else(|error| panic!("{file}: {error}"))
}

fn cases() -> Value {
    let file = environment::workspace().join("tests/reference/own_models/cases.json");
    serde_json::from_slice(&fs::read(file).expect("the cases")).expect("JSON")
}

#[tokio::test]
async fn a_models_way_is_found_and_it_answers_by_its_name_in_every_lab() {
    let cases = cases();
    let site = Site::built().start().await;
    Visit::new()
        .run_lab(&site, async |lab| {
            for case in cases["learned"].as_array().expect("a list") {
                let name = case["name"].as_str().expect("a name");
                let args = json!({ "file": blob(&model(name)), "name": format!("{name}.onnx") });
                let found = lab
                    .get(
                        "const lab = await Digitlab.open({ workers: 1 });
                        const file = new File([tools.blob(args.file)], args.name);
                        const steps = [];
                        const { best, candidates, fits, error, description } = await lab.models.inspect(file, { onProgress: ({ unit }) => steps.push(unit) });
                        const card = await lab.models.add({ bytes: file, title: args.name, settings: best.settings });
                        lab.close();
                        const other = await Digitlab.open({ workers: 1 });
                        const drawn = await other.generate({ number: '0123456789', split: 'test', seed: 8, fit: 'natural', tight: false, spacing_min: 0, spacing_max: 0, margin: 0 });
                        const levels = new Uint8Array(7840);
                        for (let k = 0; k < 10; k++) for (let y = 0; y < 28; y++) levels.set(drawn.levels.subarray(280 * y + 28 * k, 280 * y + 28 * k + 28), 784 * k + 28 * y);
                        const { labels, model } = await other.classifyMany(levels, { model: card.name });
                        const one = await other.classify({ width: 28, height: 28, channels: 1, data: levels.slice(784, 1568) }, { model: card.name });
                        const kept = await (await other.models.file(card.name)).arrayBuffer();
                        const names = (await other.models.list()).map(({ name, kind }) => `${kind} ${name}`);
                        await other.models.delete(card.name);
                        other.close();
                        return { best, count: candidates.length, fits, error, card, labels: [...labels], model, one: one.model, kept: tools.bytes(new Uint8Array(kept)), names, steps, producer: description.producer };",
                        args,
                    )
                    .await;
                // Scales that are alike may do as well as a model's own; light and dark are never alike.
                let darker = |settings: &Value| {
                    let [ink, paper] = ["ink", "paper"].map(|key| settings[key].as_f64().expect("a number"));
                    ink < paper
                };
                assert_eq!(darker(&found["best"]["settings"]), darker(&case["normalisation"]), "{name}");
                assert!(found["best"]["accuracy"].as_f64() > Some(0.85), "{name}: {}", found["best"]);
                assert_eq!(found["count"], if name == "keras_bytes" { 2 } else { 8 }, "{name}");
                assert_eq!(found["fits"]["layout"], case["layout"], "{name}");
                assert_eq!(found["error"], Value::Null);
                assert_eq!(found["card"]["output"]["kind"], case["kind"], "{name}");
                let own = format!("own-{}-onnx", name.replace('_', "-"));
                assert_eq!(found["card"]["name"], own.as_str());
                assert_eq!([&found["model"], &found["one"]], [&json!(own), &json!(own)]);
                let labels = found["labels"].as_array().expect("labels");
                let right = (0..10).filter(|&digit| labels[digit] == digit).count();
                assert!(right >= 7, "{name}: {labels:?}");
                assert_eq!(bytes(&found["kept"]), model(name), "{name}");
                assert!(found["names"].as_array().expect("names").contains(&json!(format!("own {own}"))));
                assert!(found["steps"].as_array().expect("steps").contains(&json!("images")));
            }
        })
        .await;
}

#[tokio::test]
async fn files_that_mean_harm_end_in_a_sentence_within_ten_seconds() {
    let site = Site::built().start().await;
    let tiny = fs::read(environment::workspace().join("models/tiny.onnx")).expect("a model");
    // Lists of nothing within a graph: two bytes for each.
    let empty = [
        &[0x3A, 0x80, 0x80, 0x80, 0x08][..],
        &[0x0A, 0x00].repeat(8 << 20),
    ]
    .concat();
    let odd = {
        // A name of a step with what no page should show as it is.
        let text = "<img src=x onerror=alert(1)>\u{202E}\u{0}";
        let node = [
            &[0x0A, 1, b'x', 0x12, 1, b'y', 0x1A, text.len() as u8][..],
            text.as_bytes(),
            &[0x22, 4],
            b"Loop",
        ]
        .concat();
        let graph = [
            &[0x0A, node.len() as u8][..],
            &node,
            &[
                0x5A, 20, 0x0A, 1, b'x', 0x12, 15, 0x0A, 13, 0x08, 1, 0x12, 9, 0x0A, 2, 0x08, 1,
                0x0A, 3, 0x08, 0x90, 0x06, 0x62, 3, 0x0A, 1, b'y',
            ],
        ]
        .concat();
        [&[0x08, 7, 0x3A, graph.len() as u8][..], &graph].concat()
    };
    let files = [
        ("truncated", blob(&tiny[..tiny.len() / 2])),
        ("text", blob(b"<!doctype html>")),
        ("empty", blob(b"")),
        ("many", blob(&empty)),
        ("nested", blob(&nested(200_000))),
        ("odd", blob(&odd)),
        ("zeros", json!(100 << 20)),
        ("halfzeros", json!(60 << 20)),
    ];
    Visit::new()
        .run_lab(&site, async |lab| {
            for (name, file) in files {
                let found = lab
                    .get(
                        "const lab = await Digitlab.open({ workers: 1 });
                        await lab.models.load('tiny');
                        const file = new File([typeof args === 'number' ? new Uint8Array(args) : tools.blob(args)], 'harm.onnx');
                        const begun = performance.now();
                        let said = null;
                        for (const work of [() => lab.models.inspect(file), () => lab.models.add({ bytes: file, title: 'Harm' })]) {
                          try {
                            const { error } = await work();
                            said = error && { code: error.code, message: error.message };
                          } catch (error) {
                            said = { code: error.code, message: error.message };
                          }
                          if (!said) break;
                        }
                        const elapsed = performance.now() - begun;
                        const drawn = await lab.generate({ number: '7', split: 'test', seed: 5, fit: 'natural' });
                        const { label } = await lab.classify(drawn, { model: 'tiny' });
                        const kept = (await lab.models.list()).length;
                        lab.close();
                        return { said, elapsed, label, kept };",
                        file,
                    )
                    .await;
                let code = found["said"]["code"].as_str().unwrap_or_else(|| panic!("{name}: {found}"));
                assert!(["model_corrupt", "model_unsupported", "limit_exceeded"].contains(&code), "{name}: {found}");
                assert!(found["said"]["message"].as_str().expect("a sentence").ends_with('.'), "{name}: {found}");
                assert!(found["elapsed"].as_f64() < Some(20_000.0), "{name}: both took {}", found["elapsed"]);
                assert_eq!(found["label"], "7", "{name}: the others go on");
                assert_eq!(found["kept"], 2, "{name}: it is not kept");
            }
        })
        .await;
}

/// Networks within steps of networks.
fn nested(depth: usize) -> Vec<u8> {
    let wrap = |field: u8, inside: Vec<u8>| {
        let mut message = vec![field];
        let mut length = inside.len();
        while length > 0x7F {
            message.push(length as u8 | 0x80);
            length >>= 7;
        }
        message.push(length as u8);
        message.extend(inside);
        message
    };
    let mut file = vec![];
    for _ in 0..depth / 100 {
        file = wrap(0x0A, wrap(0x2A, wrap(0x32, file)));
    }
    wrap(0x3A, file)
}

async fn open(browser: &Browser, site: &Site, query: &str) {
    browser.open(&site.url(&format!("#/classify{query}"))).await;
    browser
        .until(
            "the models are listed",
            "document.querySelectorAll('#classify-models input').length >= 2",
        )
        .await;
}

async fn look_at(browser: &Browser, name: &str, file: &[u8]) {
    let shown = "document.querySelector('#classify-own')?.hidden === false";
    if browser.value(shown).await != true {
        browser.click("#classify-own-open").await;
        browser.until("the panel is open", shown).await;
    }
    browser.attach("#classify-own-file", name, file).await;
}

#[tokio::test]
async fn a_model_is_added_chosen_renamed_and_deleted_on_the_page() {
    let site = Site::built().start().await;
    Visit::new()
        .run(async |browser| {
            open(browser, &site, "").await;
            look_at(browser, "digits.onnx", &model("torch_cnn")).await;
            browser.until("it was tried", "document.querySelectorAll('#classify-own-list input').length === 8").await;
            let best = browser.text("#classify-own-list label").await;
            assert!(best.contains("Light ink on dark paper") && best.contains("mean 0.1307"), "{best}");
            let facts = browser.text("#classify-own-facts").await;
            for part in ["pytorch 2.1.0", "input: FLOAT [batch, 1, 28, 28]", "Conv × 1", "scores"] {
                assert!(facts.contains(part), "{part}: {facts}");
            }
            assert_eq!(browser.field("#classify-own-title").await, "digits");
            browser.fill("#classify-own-title", "My CNN").await;
            browser.click("#classify-own-form button[type=submit]").await;
            let chosen = "document.querySelector('#classify-models input:checked')?.value === 'own-my-cnn'";
            browser.until("it is kept and chosen", chosen).await;
            browser.until("the address names it", "location.hash.includes('model=own-my-cnn')").await;
            browser.reload().await;
            browser.until("it is still chosen", chosen).await;
            browser.click("#classify-models [aria-label='Rename My CNN']").await;
            browser.until("a field for the name", "document.activeElement?.matches('.model__tools .input')").await;
            browser.keys("Mine\u{e007}").await;
            let renamed = "document.querySelector('label[for=classify-model-own-my-cnn] .model__name')?.textContent === 'Mine'";
            browser.until("it has the new name", renamed).await;
            browser.click("#classify-models [aria-label='Delete Mine']").await;
            browser.click("#classify-models [aria-label='Delete Mine for good']").await;
            let back = "document.querySelector('#classify-models input:checked')?.value === 'default' && document.querySelectorAll('#classify-models input').length === 2";
            browser.until("the default is back", back).await;
        })
        .await;
}

#[tokio::test]
async fn what_cannot_be_used_is_refused_with_what_it_is_and_what_helps() {
    let site = Site::built().start().await;
    Visit::new()
        .run(async |browser| {
            open(browser, &site, "").await;
            let mut unknown = model("keras_cnn");
            let steps: Vec<usize> = (0..unknown.len() - 3).filter(|&at| &unknown[at..at + 4] == b"Relu").collect();
            assert!(!steps.is_empty());
            for at in steps {
                unknown[at..at + 4].copy_from_slice(b"Rexu");
            }
            look_at(browser, "unknown.onnx", &unknown).await;
            let refused = "document.querySelector('#classify-own-refusal').hidden === false && document.querySelector('#classify-own-refusal-text').textContent";
            let said = browser.until("it is refused", refused).await;
            assert!(said.as_str().is_some_and(|said| said.contains("the operator Rexu, which is not supported") && said.contains("Export it again")), "{said}");
            let facts = browser.text("#classify-own-facts").await;
            assert!(facts.contains("Rexu × 1 (not supported)"), "{facts}");
            assert_eq!(browser.value("document.querySelector('#classify-own-form').hidden").await, true);
            look_at(browser, "broken.onnx", &unknown[..900]).await;
            let damaged = "document.querySelector('#classify-own-refusal-text').textContent.includes('broken.onnx is damaged')";
            browser.until("the next is looked at", damaged).await;
            look_at(browser, "right.onnx", &model("scikit_linear")).await;
            browser.until("a good one is taken", "document.querySelectorAll('#classify-own-list input').length === 8 && document.querySelector('#classify-own-refusal').hidden").await;
        })
        .await;
}
