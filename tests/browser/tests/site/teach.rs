//! Teaching: answers are corrected, a model learns from them, and goes elsewhere as a file.

use digitlab_browser::{Browser, Site, Visit, environment};
use serde_json::{Value, json};

use crate::classify::{open, reads, stroke};

/// A figure that is no digit: a zigzag with its top left corner there.
fn zigzag() -> Vec<(f64, f64)> {
    vec![(0.3, 0.2), (0.45, 0.8), (0.55, 0.3), (0.7, 0.85)]
}

/// What the page answers now.
const ANSWER: &str = "document.querySelector('#classify-answer').dataset.text ?? null";

/// Whether that answers what is drawn now, and not the stroke when it was shorter.
const SETTLED: &str = "(({ state, behind }) => state === 'done' && behind === undefined)(document.querySelector('#classify-answer').dataset)";

async fn samples(browser: &Browser, count: usize) {
    let there = format!("document.querySelector('#classify-teach')?.dataset.samples === '{count}'");
    browser.until(&format!("{count} samples"), &there).await;
}

async fn taught(browser: &Browser) {
    browser
        .until("the lesson is over", "document.querySelector('#classify-lesson').hidden === false && document.querySelector('#classify-teach-go').disabled === false")
        .await;
}

/// A digit that the page does not read in the zigzag.
async fn another(browser: &Browser) -> String {
    browser.until("the last answer", SETTLED).await;
    let read = browser.value(ANSWER).await;
    let read = read.as_str().expect("a digit").to_owned();
    if read == "4" { "5".into() } else { "4".into() }
}

#[tokio::test]
async fn a_corrected_answer_is_learned_and_taken_back() {
    let site = Site::built().start().await;
    Visit::new()
        .run(async |browser| {
            open(browser, &site, "?model=tiny&mode=digit").await;
            assert_eq!(browser.value("document.querySelector('#classify-teach-empty').hidden").await, false);
            stroke(browser, &zigzag()).await;
            let right = another(browser).await;
            let read = browser.value(ANSWER).await.as_str().expect("a digit").to_owned();
            // By button, and once more to take it back; then by key.
            let button = format!("#classify-correction-digits button:nth-child({})", right.parse::<usize>().expect("a digit") + 1);
            browser.click(&button).await;
            samples(browser, 1).await;
            assert_eq!(browser.attribute(&button, "aria-pressed").await.as_deref(), Some("true"));
            assert_eq!(browser.text("#classify-correction-said").await, format!("Kept as a {right}."));
            browser.click(&button).await;
            samples(browser, 0).await;
            browser.keys(&right).await;
            samples(browser, 1).await;
            let shown = "[...document.querySelectorAll('#classify-samples .sample')].map(({ dataset }) => dataset.digit)";
            assert_eq!(browser.value(shown).await, json!([right]));

            browser.fill("#classify-teach-title-field", "Zigzag").await;
            browser.click("#classify-teach-go").await;
            taught(browser).await;
            // The taught model is in use at once, and the answer is another.
            reads(browser, &right).await;
            assert_eq!(browser.attribute("#classify-answer", "data-model").await.as_deref(), Some("taught-zigzag"));
            let words = browser.text("#classify-lesson-words").await;
            assert!(words.starts_with("Your sample was wrong before and is right now."), "{words}");
            assert!(words.contains("1,000 MNIST test pictures"), "{words}");
            let rows = "document.querySelectorAll('#classify-lesson-table tbody tr').length";
            assert_eq!(browser.value(rows).await, 2, "too few samples for the third");

            // As a file it is a model like any other.
            browser.click("#classify-lesson-download").await;
            let (name, file) = browser.download().await;
            assert_eq!(name, "taught-zigzag.onnx");
            assert!(file.len() > 50_000, "{}", file.len());

            browser.click("#classify-lesson-undo").await;
            reads(browser, &read).await;
            assert_eq!(browser.attribute("#classify-answer", "data-model").await.as_deref(), Some("tiny"));
            let left = "(async () => (await (await import('./digitlab.js')).Digitlab.open()).models.list())()";
            let left = browser.run(&format!("return {left};"), vec![]).await;
            assert!(!left.to_string().contains("Zigzag"), "{left}");

            // The sample is still there after a reload, and can be deleted and brought back.
            browser.reload().await;
            samples(browser, 1).await;
            browser.click("#classify-samples .sample__remove").await;
            samples(browser, 0).await;
            browser.click("#classify-samples-undo-button").await;
            samples(browser, 1).await;
        })
        .await;
}

#[tokio::test]
async fn a_record_is_corrected_in_the_log() {
    let site = Site::built().start().await;
    Visit::new()
        .run(async |browser| {
            open(browser, &site, "?model=tiny").await;
            stroke(browser, &[(0.2, 0.2), (0.2, 0.7)]).await;
            stroke(browser, &[(0.72, 0.2), (0.65, 0.75)]).await;
            reads(browser, "11").await;
            let recorded = "(async () => (await (await import('./digitlab.js')).Digitlab.open()).records.count())()";
            for _ in 0..50 {
                if browser.run(&format!("return {recorded};"), vec![]).await != 0 {
                    break;
                }
                tokio::time::sleep(std::time::Duration::from_millis(200)).await;
            }
            browser.open(&site.url("#/records")).await;
            browser.until("a row", "document.querySelector('.records__row[data-at=\"0\"] .records__check')").await;
            assert_eq!(browser.value("document.querySelector('#records-correct').disabled").await, true);
            browser.click(".records__row[data-at=\"0\"] .records__cell--check").await;
            browser.until("one is selected", "document.querySelector('#records-correct').disabled === false").await;
            browser.click("#records-correct").await;
            browser.until("it is asked", "document.querySelector('#records-correction').open").await;
            assert_eq!(browser.value("document.querySelectorAll('#records-correction-seen canvas').length").await, 2);
            browser.fill("#records-correction-right", "1").await;
            browser.click("#records-correction-save").await;
            let error = browser.text("#records-correction-error").await;
            assert_eq!(error, "What it shows is “1”; allowed: 2 digits, one for each picture.");
            browser.fill("#records-correction-right", "17").await;
            browser.click("#records-correction-save").await;
            browser.until("it is kept", "document.querySelector('#records-correction').open === false").await;
            browser.open(&site.url("#/classify")).await;
            samples(browser, 2).await;
            let shown = "[...document.querySelectorAll('#classify-samples .sample')].map(({ dataset }) => dataset.digit)";
            assert_eq!(browser.value(shown).await, json!(["7", "1"]), "the newest first");
        })
        .await;
}

#[tokio::test]
async fn programs_teach_and_the_file_answers_the_same_elsewhere() {
    let Some(folder) = environment::onnxruntime() else {
        println!("What is compared with onnxruntime is left out: DIGITLAB_ONNXRUNTIME is not set.");
        return;
    };
    let mut site = Site::built();
    for file in [
        "ort.wasm.min.mjs",
        "ort-wasm-simd-threaded.mjs",
        "ort-wasm-simd-threaded.wasm",
    ] {
        let bytes =
            std::fs::read(folder.join(file)).unwrap_or_else(|error| panic!("{file}: {error}"));
        site = site.with(&format!("onnxruntime/{file}"), bytes);
    }
    let site = site.start().await;
    Visit::new()
        .run_lab(&site, async |lab| {
            let found = lab
                .get(
                    "const lab = await Digitlab.open({ workers: 2 });
                     const levels = (seed) => Uint8Array.from({ length: 784 }, (_, at) => {
                       const [x, y] = [at % 28, Math.floor(at / 28)];
                       const on = x > 4 && x < 23 && y > 4 && y < 23 && (Math.abs(x - y - (seed % 3)) < 2 || Math.abs(27 - x - y + (seed % 2)) < 2);
                       return on ? 200 + (at * seed) % 56 : 0;
                     });
                     const samples = Array.from({ length: 6 }, (_, k) => ({ seen: levels(k + 1), digit: 5 }));
                     const taught = await lab.teach({ model: 'tiny', samples, title: 'Crosses' });
                     const file = await lab.models.file(taught.card.name);
                     const pictures = new Uint8Array(8 * 784);
                     for (let k = 0; k < 8; k++) pictures.set(levels(k + 3), k * 784);
                     const ours = await lab.classifyMany(pictures, { model: taught.card.name });
                     const base = await lab.classifyMany(pictures, { model: 'tiny' });
                     const ort = await import(new URL('./onnxruntime/ort.wasm.min.mjs', address));
                     ort.env.wasm.numThreads = 1;
                     ort.env.wasm.wasmPaths = new URL('./onnxruntime/', address).href;
                     const session = await ort.InferenceSession.create(await file.arrayBuffer(), { executionProviders: ['wasm'] });
                     const input = new ort.Tensor('float32', Float32Array.from(pictures, (level) => level / 255), [8, 1, 28, 28]);
                     const { scores } = await session.run({ input });
                     const theirs = [];
                     for (let k = 0; k < 8; k++) {
                       const row = [...scores.data.subarray(10 * k, 10 * k + 10)];
                       const powers = row.map((score) => Math.exp(score - Math.max(...row)));
                       theirs.push(...powers.map((power) => power / powers.reduce((a, b) => a + b)));
                     }
                     const back = await lab.models.add({ bytes: file, title: 'Crosses, back again' });
                     const again = await lab.classifyMany(pictures, { model: back.name });
                     const twice = await lab.teach({ model: back.name, samples: samples.slice(0, 1), title: 'Taught twice' });
                     const { card, ...rest } = taught;
                     lab.close();
                     return { card, rest, apart: Math.max(...theirs.map((value, at) => Math.abs(value - ours.probabilities[at]))),
                       labels: [...ours.labels], before: [...base.labels], same: String(again.probabilities) === String(ours.probabilities), twice: twice.base.title };",
                    Value::Null,
                )
                .await;
            assert!(found["apart"].as_f64().expect("a number") < 1e-4, "{found}");
            assert_eq!(found["labels"], json!([5, 5, 5, 5, 5, 5, 5, 5]), "{found}");
            assert_ne!(found["before"], found["labels"]);
            assert_eq!(found["same"], true);
            assert_eq!(found["twice"], "Crosses, back again");
            assert_eq!(found["card"]["kind"], "taught");
            assert_eq!(found["rest"]["base"]["name"], "tiny");
            assert_eq!(found["rest"]["unseen"]["after"], json!({ "count": 6, "right": 6 }));
            let mnist = &found["rest"]["mnist"];
            assert_eq!(mnist["before"]["count"], 1000);
            assert!(mnist["after"]["right"].as_u64() > Some(970), "{mnist}");
        })
        .await;
}

#[tokio::test]
async fn what_cannot_be_taught_is_refused_with_a_sentence() {
    let site = Site::built().start().await;
    Visit::new()
        .run_lab(&site, async |lab| {
            let refused = async |body: &str| {
                let script = format!("const lab = await Digitlab.open({{ workers: 1 }}); try {{ {body} }} finally {{ lab.close(); }}");
                lab.run(&script, Value::Null).await.expect_err("a refusal").message
            };
            let cases = [
                ("await lab.teach({ samples: [] })", "The number of samples is 0; allowed: 1 to 1000."),
                ("await lab.teach({ samples: 'seven' })", "samples is seven; allowed: a list of { seen, digit }."),
                (
                    "await lab.teach({ samples: [{ seen: new Uint8Array(783), digit: 1 }] })",
                    "samples[0].seen is 783 values; allowed: a Uint8Array of 784 grey levels: 28 x 28, white ink on black.",
                ),
                (
                    "await lab.teach({ samples: [{ seen: new Uint8Array(784), digit: 10 }] })",
                    "samples[0].digit is 10; allowed: a whole number from 0 to 9.",
                ),
                (
                    "await lab.teach({ model: 'huge', samples: [{ seen: new Uint8Array(784), digit: 1 }] })",
                    "model is huge; allowed: default, tiny.",
                ),
            ];
            for (body, expected) in cases {
                assert_eq!(refused(body).await, expected);
            }
            let odd = "const bytes = new Uint8Array(await (await lab.models.file('tiny')).arrayBuffer());
                const at = new TextDecoder('latin1').decode(bytes).indexOf('Relu');
                bytes.set(new TextEncoder().encode('Selu'), at);
                const card = await lab.models.add({ bytes, title: 'Odd' });
                await lab.teach({ model: card.name, samples: [{ seen: new Uint8Array(784), digit: 1 }] });";
            let told = refused(odd).await;
            assert!(told.contains("models of the layers that are trained here"), "{told}");
            let inverted = "const file = await lab.models.file('tiny');
                const card = await lab.models.add({ bytes: file, title: 'Inverted', settings: { ink: 0, paper: 1 } });
                await lab.teach({ model: card.name, samples: [{ seen: new Uint8Array(784), digit: 1 }] });";
            let told = refused(inverted).await;
            assert!(told.starts_with("The model Inverted cannot be taught: it wants dark ink on light paper"), "{told}");
        })
        .await;
}
