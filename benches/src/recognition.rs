//! S6 to S8 beside onnxruntime-web in the same browser, and R1 and R2 over all test pictures.

use std::fs;
use std::path::Path;

use digitlab_browser::{Browser, LAB_PAGE, Lab, Site, Window, environment};
use serde_json::{Value, json};

use crate::Bench;
use crate::first_visit::wire_size;
use crate::statistics::{Rounds, thousands};
use digitlab_report::{Bar, Report};

const ROUNDS: usize = 7;
/// How long a round of answers lasts.
const SECONDS: f64 = 1.0;
const MODEL: &str = "models/default.onnx";
/// The header of a file of images.
const IMAGES_HEADER: usize = 16;
const LABELS_HEADER: usize = 8;

/// What onnxruntime-web needs to run on the processor.
const PEER_FILES: [&str; 3] = [
    "ort.wasm.min.mjs",
    "ort-wasm-simd-threaded.mjs",
    "ort-wasm-simd-threaded.wasm",
];
/// What the site loads for recognition, beside the model and what it has loaded anyway.
const OUR_FILES: [&str; 9] = [
    "reader_bg.wasm",
    "reader.js",
    "js/lab/recognition.js",
    "js/lab/recognition_input.js",
    "js/lab/models.js",
    "js/lab/reader_module.js",
    "js/lab/reader_worker.js",
    "js/lab/reader_methods.js",
    "models/models.json",
];

/// Functions that start workers and wait for their answers.
const START: &str = "
    const start = (url) => {
      const worker = new Worker(new URL(url, address), { type: 'module' });
      const ask = (message) => new Promise((resolve, reject) => {
        worker.onmessage = ({ data }) => (data.error ? reject(new Error(data.error)) : resolve(data));
        worker.onerror = (event) => reject(new Error(event.message || `${url} did not start`));
        worker.postMessage(message);
      });
      return { ask, end: () => worker.terminate() };
    };
    const model = new URL('./models/default.onnx', address).href;";

/// Milliseconds from nothing to the first answer of a worker, the files being in the browser's cache.
const COLD: &str = "
    const begun = performance.now();
    const worker = start(args);
    const { digit } = await worker.ask({ model });
    const time = performance.now() - begun;
    worker.end();
    return { digit, time };";

/// The same through the ES module, on a page that has just been opened.
const COLD_LAB: &str = "
    const lab = await Digitlab.open({ workers: 1 });
    await lab.info();
    const data = new Uint8Array(784).map((_, at) => (at % 28 > 12 && at % 28 < 16 && at > 140 && at < 644 ? 255 : 0));
    const begun = performance.now();
    const { digit } = await lab.classify({ width: 28, height: 28, channels: 1, data });
    const time = performance.now() - begun;
    lab.close();
    return { digit, time };";

/// Milliseconds for an answer, once all is warm.
const WARM: &str = "
    window.workers ??= {};
    if (!window.workers[args.script]) {
      window.workers[args.script] = start(args.script);
      await window.workers[args.script].ask({ model });
      await window.workers[args.script].ask({ seconds: args.seconds });
    }
    const { calls, seconds } = await window.workers[args.script].ask({ seconds: args.seconds });
    return (1000 * seconds) / calls;";

const OURS: &str = "reader_worker.js";
const PEER: &str = "onnxruntime_worker.js";

/// Measures and reports.
pub(crate) async fn measure(bench: &Bench, report: &mut Report) {
    let peers = environment::workspace().join("benches/peers");
    let mut site = Site::built().cacheable();
    for script in [OURS, PEER] {
        site = site.with(script, read(&peers.join(script)));
    }
    for file in PEER_FILES {
        site = site.with(
            &format!("onnxruntime/{file}"),
            read(&bench.onnxruntime.join(file)),
        );
    }
    let images = read(&bench.mnist.path().join("t10k-images-idx3-ubyte"));
    let labels = read(&bench.mnist.path().join("t10k-labels-idx1-ubyte"));
    let site = site
        .with("test.bin", &images[IMAGES_HEADER..])
        .start()
        .await;
    let version = version(&bench.onnxruntime);
    report.note("onnxruntime-web", &version);

    let browser = Browser::start(&Window::default()).await;
    browser.open(&site.url(LAB_PAGE)).await;
    let lab = browser.lab(&site.url("digitlab.js"));
    warm(&lab, report).await;
    cold(&browser, &lab, report).await;
    size(bench, report);
    for (id, model, bar) in [("R1", "default", 9_970), ("R2", "tiny", 9_930)] {
        accuracy(&lab, &labels[LABELS_HEADER..], (id, model, bar), report).await;
    }
    browser.close().await;
}

/// S6.
async fn warm(lab: &Lab<'_>, report: &mut Report) {
    let mut ours = Vec::new();
    let mut peer = Vec::new();
    let mut ratios = Vec::new();
    for _ in 0..ROUNDS {
        let mut times = [0.0; 2];
        for (time, script) in times.iter_mut().zip([OURS, PEER]) {
            let args = json!({ "script": script, "seconds": SECONDS });
            let found = lab.get(&format!("{START}{WARM}"), args).await;
            *time = found.as_f64().expect("a time");
        }
        ours.push(times[0]);
        peer.push(times[1]);
        ratios.push(times[0] / times[1]);
    }
    report.bar(beside(
        "S6",
        "one digit, default model, warm, one thread",
        0.9,
        [ours, peer, ratios].map(Rounds::new),
        |time| format!("{time:.3} ms"),
    ));
}

/// S7.
async fn cold(browser: &Browser, lab: &Lab<'_>, report: &mut Report) {
    let mut ours = Vec::new();
    let mut peer = Vec::new();
    let mut whole = Vec::new();
    let mut ratios = Vec::new();
    // The first rounds fill the browser's cache, also that of compiled code.
    for round in 0..ROUNDS + 3 {
        let mut times = [0.0; 3];
        for (place, time) in times.iter_mut().enumerate() {
            browser.reload().await;
            let found = match place {
                0 => lab.get(&format!("{START}{COLD}"), json!(OURS)).await,
                1 => lab.get(&format!("{START}{COLD}"), json!(PEER)).await,
                _ => lab.get(COLD_LAB, Value::Null).await,
            };
            assert_eq!(found["digit"], 1, "both see the same stroke");
            *time = found["time"].as_f64().expect("a time");
        }
        if round < 3 {
            continue;
        }
        ours.push(times[0]);
        peer.push(times[1]);
        whole.push(times[2]);
        ratios.push(times[0] / times[1]);
    }
    let milliseconds = |time: f64| format!("{time:.0} ms");
    report.bar(beside(
        "S7",
        "cold start of recognition: worker, module from cache, model, first answer",
        0.6,
        [ours, peer, ratios].map(Rounds::new),
        milliseconds,
    ));
    report.fact(
        "first answer of lab.classify on a page that was just opened, files in the browser's cache",
        &Rounds::new(whole).text(milliseconds),
    );
}

/// S8.
fn size(bench: &Bench, report: &mut Report) {
    let site = environment::site();
    let sum = |folder: &Path, files: &[&str]| -> usize {
        files.iter().map(|file| wire_size(folder, file)).sum()
    };
    let ours = sum(&site, &OUR_FILES);
    let peer = sum(&bench.onnxruntime, &PEER_FILES);
    let ratio = ours as f64 / peer as f64;
    let bytes = |count: usize| format!("{} bytes", thousands(count as f64));
    report.bar(Bar {
        id: "S8".into(),
        work: "bytes over the wire for recognition, scripts and wasm, without the model (brotli)"
            .into(),
        ours: bytes(ours),
        peer: format!("onnxruntime-web: {}", bytes(peer)),
        ratio: format!("{ratio:.2} x"),
        bar: "at most 0.55 x".into(),
        met: ratio <= 0.55,
    });
    let raw = fs::metadata(site.join("reader_bg.wasm")).expect("the site has its reader");
    report.fact("reader, raw", &bytes(raw.len() as usize));
    report.fact(
        "reader, brotli 11",
        &bytes(wire_size(&site, "reader_bg.wasm")),
    );
    report.fact("default model, brotli 11", &bytes(wire_size(&site, MODEL)));
}

/// R1 and R2.
async fn accuracy(
    lab: &Lab<'_>,
    labels: &[u8],
    (id, model, bar): (&'static str, &str, usize),
    report: &mut Report,
) {
    let found = lab
        .get(
            "const lab = await Digitlab.open();
            const levels = new Uint8Array(await (await fetch(new URL('./test.bin', address))).arrayBuffer());
            const { labels, elapsed } = await lab.classifyMany(levels, { model: args });
            lab.close();
            return { labels: tools.bytes(labels), elapsed };",
            json!(model),
        )
        .await;
    let answered = digitlab_browser::lab::bytes(&found["labels"]);
    let right = answered.iter().zip(labels).filter(|(a, b)| a == b).count();
    report.bar(Bar {
        id: id.into(),
        work: format!(
            "MNIST test, {} pictures, {model} model, through tract in the browser",
            labels.len()
        ),
        ours: format!("{:.2} %", 100.0 * right as f64 / labels.len() as f64),
        peer: "-".into(),
        ratio: "-".into(),
        bar: format!("at least {:.2} %", bar as f64 / 100.0),
        met: right >= bar && answered.len() == labels.len(),
    });
    let seconds = found["elapsed"].as_f64().expect("a time") / 1000.0;
    report.fact(
        &format!("all test pictures, {model} model, all workers, with starting them"),
        &format!("{seconds:.1} s"),
    );
}

/// A bar of times beside onnxruntime-web.
fn beside(
    id: &'static str,
    work: &str,
    bar: f64,
    [ours, peer, ratios]: [Rounds; 3],
    format: impl Fn(f64) -> String,
) -> Bar {
    Bar {
        id: id.into(),
        work: work.into(),
        ours: ours.text(&format),
        peer: format!("onnxruntime-web: {}", peer.text(&format)),
        ratio: format!("{:.2} x", ratios.median()),
        bar: format!("at most {bar} x"),
        met: ratios.median() <= bar,
    }
}

/// The version in the package's description.
fn version(dist: &Path) -> String {
    let description = read(&dist.join("../package.json"));
    let description: Value = serde_json::from_slice(&description).expect("JSON");
    let version = description["version"].as_str().expect("a version");
    version.to_owned()
}

fn read(path: &Path) -> Vec<u8> {
    fs::read(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}
