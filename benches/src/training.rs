//! Training beside TensorFlow.js: the same network, the same pictures, the same browser, one worker each.

use std::fs;
use std::path::Path;

use digitlab_browser::lab::blob;
use digitlab_browser::{Browser, LAB_PAGE, Lab, Site, Window, environment};
use serde_json::{Value, json};

use crate::Bench;
use crate::statistics::{Rounds, thousands};
use digitlab_report::{Bar, Report};

const ROUNDS: usize = 3;
/// How long a round lasts.
const SECONDS: f64 = 4.0;
/// The Train page's Small.
const ARCHITECTURE: &str = "16-pool-16-pool-32-average-10";
const BATCH: usize = 64;
const IMAGES_HEADER: usize = 16;
const LABELS_HEADER: usize = 8;
const BAR: f64 = 1.5;

/// What TensorFlow.js needs, below the folder of its packages.
const PEER_FILES: [&str; 7] = [
    "tfjs-core/dist/tf-core.min.js",
    "tfjs-layers/dist/tf-layers.min.js",
    "tfjs-backend-cpu/dist/tf-backend-cpu.min.js",
    "tfjs-backend-wasm/dist/tf-backend-wasm.min.js",
    "tfjs-backend-wasm/dist/tfjs-backend-wasm.wasm",
    "tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm",
    "tfjs-backend-wasm/dist/tfjs-backend-wasm-threaded-simd.wasm",
];
const OURS: &str = "trainer_worker.js";
const PEER: &str = "tensorflow_worker.js";

/// Starts a worker, or asks one that runs: pictures per second, or why it cannot.
const RUN: &str = "
    window.workers ??= {};
    const key = `${args.script} ${args.backend}`;
    const ask = (worker, message) => new Promise((resolve, reject) => {
      worker.onmessage = ({ data }) => (data.error ? reject(new Error(data.error)) : resolve(data));
      worker.onerror = (event) => reject(new Error(event.message || `${args.script} did not start`));
      worker.postMessage(message);
    });
    try {
      if (!window.workers[key]) {
        const worker = new Worker(new URL(args.script, address), { type: args.module ? 'module' : 'classic' });
        const bytes = async (text) => new Uint8Array(await tools.blob(text).arrayBuffer());
        const [pictures, shown] = await Promise.all([bytes(args.pictures), bytes(args.shown)]);
        await ask(worker, { backend: args.backend, architecture: args.architecture, batch: args.batch, pictures, shown });
        await ask(worker, { seconds: args.seconds / 4 });
        window.workers[key] = worker;
      }
      const { pictures, seconds, loss } = await ask(window.workers[key], { seconds: args.seconds });
      return { rate: pictures / seconds, loss };
    } catch (error) {
      return { failure: error.message };
    }";

/// Measures and reports.
pub(crate) async fn measure(bench: &Bench, report: &mut Report) {
    let peers = environment::workspace().join("benches/peers");
    let mut site = Site::built().cacheable();
    for script in [OURS, PEER] {
        site = site.with(script, read(&peers.join(script)));
    }
    for file in PEER_FILES {
        let bytes = read(&bench.tensorflow.join(file));
        site = site.with(&format!("tensorflow/{file}"), bytes);
    }
    let site = site.start().await;
    let description = read(&bench.tensorflow.join("tfjs-core/package.json"));
    let description: Value = serde_json::from_slice(&description).expect("JSON");
    let version = description["version"].as_str().expect("a version");
    report.note("TensorFlow.js", version);

    let images = read(&bench.mnist.path().join("train-images-idx3-ubyte"));
    let labels = read(&bench.mnist.path().join("train-labels-idx1-ubyte"));
    let pictures = blob(&images[IMAGES_HEADER..][..BATCH * 784]);
    let shown = blob(&labels[LABELS_HEADER..][..BATCH]);
    let browser = Browser::start(&Window::default()).await;
    browser.open(&site.url(LAB_PAGE)).await;
    let lab = browser.lab(&site.url("digitlab.js"));
    let run = async |script: &str, backend: &str| {
        let args = json!({
            "script": script,
            "module": script == OURS,
            "backend": backend,
            "architecture": ARCHITECTURE,
            "batch": BATCH,
            "seconds": SECONDS,
            "pictures": pictures,
            "shown": shown,
        });
        rate(&lab, args).await
    };
    let mut ours = Vec::new();
    let mut theirs: [Vec<f64>; 2] = Default::default();
    for round in 0..ROUNDS {
        let found = run(OURS, "").await;
        ours.push(found.unwrap_or_else(|failure| panic!("{failure}")));
        for (rates, backend) in theirs.iter_mut().zip(["wasm", "cpu"]) {
            match run(PEER, backend).await {
                Ok(found) => rates.push(found),
                Err(failure) if round == 0 => report.fact(
                    &format!("TensorFlow.js, {backend} backend, cannot train this network"),
                    &failure,
                ),
                Err(_) => {}
            }
        }
    }
    let middle = |rates: &[f64]| Rounds::new(rates.to_vec()).median();
    let names = ["wasm", "cpu"];
    let better = (0..2)
        .filter(|at| !theirs[*at].is_empty())
        .max_by(|a, b| middle(&theirs[*a]).total_cmp(&middle(&theirs[*b])))
        .expect("one backend trains");
    let peer = &theirs[better];
    let ratios = ours
        .iter()
        .zip(peer)
        .map(|(ours, peer)| ours / peer)
        .collect();
    let ratio = Rounds::new(ratios).median();
    let format = |rate: f64| format!("{}/s", thousands(rate));
    report.bar(Bar {
        id: "Training".into(),
        work: format!("pictures learned from, {ARCHITECTURE}, batches of {BATCH}, one worker"),
        ours: Rounds::new(ours).text(format),
        peer: format!(
            "TensorFlow.js, {} backend: {}",
            names[better],
            Rounds::new(peer.clone()).text(format)
        ),
        ratio: format!("{ratio:.2} x"),
        bar: format!("at least {BAR} x"),
        met: ratio >= BAR,
    });
    browser.close().await;
}

/// Pictures per second, or why there are none.
async fn rate(lab: &Lab<'_>, args: Value) -> Result<f64, String> {
    let found = lab.get(RUN, args).await;
    match found["rate"].as_f64() {
        Some(rate) => Ok(rate),
        None => Err(found["failure"].as_str().unwrap_or_default().to_owned()),
    }
}

fn read(path: &Path) -> Vec<u8> {
    fs::read(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}
