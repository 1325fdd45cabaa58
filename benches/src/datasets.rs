//! S11: a data set of six-digit sequences as a zip of PNG files with labels, from the page by all its workers, beside a
//! Python script with a process for each core. What the command line makes of the same recipe is told besides, and so is
//! the memory that page and workers use.

use std::path::Path;
use std::process::Command;

use digitlab_browser::{Browser, LAB_PAGE, Site, Window, environment};
use serde_json::{Value, json};

use crate::Bench;
use crate::memory::{Peaks, Watch};
use crate::peer::Peer;
use crate::statistics::{Rounds, thousands};
use digitlab_report::{Bar, Report};

const ITEMS: usize = 100_000;
const DIGITS: usize = 6;
const WIDTH: usize = 168;
const ROUNDS: usize = 3;
/// The bars: how many times the peer's speed, and how many bytes of memory.
const BAR: f64 = 3.0;
const MEMORY_BAR: f64 = 300e6;

/// Makes the data set into the browser's private files, looks at what came, and deletes it.
const RUN: &str = "
    window.lab ??= await Digitlab.open({ workers: navigator.hardwareConcurrency });
    const start = performance.now();
    const made = await window.lab.dataset(args);
    const seconds = (performance.now() - start) / 1000;
    const [zip, ...others] = made.files;
    const file = zip.file;
    const begin = new Uint8Array(await file.slice(0, 4).arrayBuffer());
    const end = new Uint8Array(await file.slice(-22).arrayBuffer());
    await window.lab.datasets.delete(made.id);
    return {
      seconds, items: made.items, name: zip.name, bytes: file.size, others: others.length,
      marks: [...begin, ...end.subarray(0, 4)].map((byte) => byte.toString(16).padStart(2, '0')).join(''),
    };";
/// How a zip file begins, and how its last record does.
const MARKS: &str = "504b0304504b0506";

/// Measures and reports.
pub(crate) async fn measure(bench: &Bench, report: &mut Report) {
    let folder = tempfile::tempdir().expect("a folder for the data sets");
    let width = WIDTH.to_string();
    let zip = folder.path().join("peer.zip");
    let arguments = [
        bench.mnist.path().as_os_str(),
        width.as_ref(),
        zip.as_os_str(),
    ];
    let mut peer = Peer::start(&bench.python, "datasets.py", &arguments);
    for (name, version) in peer.versions.as_object().expect("versions by name") {
        if let Some(version) = version.as_str() {
            report.note(name, version);
        }
    }
    let processes = number(&peer.versions, "processes");

    let site = Site::built().start().await;
    let browser = Browser::start(&Window::default()).await;
    browser.open(&site.url(LAB_PAGE)).await;
    let lab = browser.lab(&site.url("digitlab.js"));
    // In a page of its own, so that every worker is seen from its start.
    let run = async |count: usize| -> Value {
        let answer = lab.get(RUN, recipe(count)).await;
        assert_eq!(answer["items"], count, "{answer}");
        assert_eq!(answer["marks"], MARKS, "no zip file: {answer}");
        answer
    };

    // Once without measuring: it loads every shard, and lets all sides warm up.
    run(ITEMS / 20).await;
    native(bench, folder.path(), ITEMS / 20);
    let mut figures: [Vec<f64>; 6] = Default::default();
    let mut sizes = [0.0; 3];
    for _ in 0..ROUNDS {
        let ours = run(ITEMS).await;
        let default = peer.ask(&json!({ "count": ITEMS, "level": null }).to_string());
        let fast = peer.ask(&json!({ "count": ITEMS, "level": 1 }).to_string());
        let native = native(bench, folder.path(), ITEMS);
        sizes = [&ours, &default, &fast].map(|answer| number(answer, "bytes"));
        let speeds = [&ours, &default, &fast, &native]
            .map(|answer| ITEMS as f64 / number(answer, "seconds"));
        let [our_speed, default_speed, fast_speed, native_speed] = speeds;
        let round = [
            our_speed,
            default_speed,
            fast_speed,
            native_speed,
            our_speed / default_speed,
            our_speed / fast_speed,
        ];
        for (list, figure) in figures.iter_mut().zip(round) {
            list.push(figure);
        }
    }
    browser.open("about:blank").await;
    let blank = Watch::start(&browser).await;
    browser.open(&site.url(LAB_PAGE)).await;
    run(ITEMS).await;
    let peaks = blank.end();
    browser.close().await;

    let [ours, default, fast, native, ratio, ratio_fast] = figures.map(Rounds::new);
    let speed = |figure: &Rounds| format!("{} items/s", figure.text(thousands));
    let times = |ratio: &Rounds| ratio.text(|ratio| format!("{ratio:.1} x"));
    report.bar(Bar {
        id: "S11".into(),
        work: format!(
            "{} sequences of {DIGITS} digits, width {WIDTH}, to a zip of PNG files with labels, all workers",
            thousands(ITEMS as f64)
        ),
        ours: speed(&ours),
        peer: format!("numpy + Pillow, {processes} processes: {}", speed(&default)),
        ratio: times(&ratio),
        bar: format!("at least {BAR} x"),
        met: ratio.median() >= BAR,
    });
    report_memory(report, &peaks);
    for (name, figure) in [
        (
            "S11 beside the same peer at Pillow's compression level 1",
            format!("{}, the peer {}", times(&ratio_fast), speed(&fast)),
        ),
        ("S11 by the command line, all cores", speed(&native)),
        (
            "S11 sizes of the zip files: ours, the peer's, the peer's at level 1",
            sizes
                .map(|size| format!("{} bytes", thousands(size)))
                .join(", "),
        ),
    ] {
        report.fact(name, &figure);
    }
}

/// What both views of the memory say, and whether the larger stays below the bar.
fn report_memory(report: &mut Report, peaks: &Peaks) {
    let megabytes = |bytes: f64| format!("{:.0} MB", bytes / 1e6);
    let resident = peaks.resident.map(|size| {
        let before = megabytes(peaks.resident_before.unwrap_or_default());
        format!(
            "; the renderer processes, shared memory in proportion: {} (before the work: {before})",
            megabytes(size)
        )
    });
    assert!(
        peaks.workers > 0 && peaks.wasm > 0.0,
        "no worker was seen: {peaks:?}"
    );
    report.bar(Bar {
        id: "S11".into(),
        work: "the most memory during it".into(),
        ours: format!(
            "heaps, WebAssembly memories and buffers of the page and {} workers: {} ({} + {} + {} at their own peaks){}",
            peaks.workers,
            megabytes(peaks.together),
            megabytes(peaks.heap),
            megabytes(peaks.wasm),
            megabytes(peaks.buffers),
            resident.unwrap_or_default()
        ),
        peer: "-".into(),
        ratio: "-".into(),
        bar: format!("under {}", megabytes(MEMORY_BAR)),
        met: peaks.together.max(peaks.resident.unwrap_or_default()) < MEMORY_BAR,
    });
    report.fact(
        "S11 memory: how often it was looked at",
        &peaks.looks.to_string(),
    );
}

/// What is made.
fn recipe(count: usize) -> Value {
    json!({
        "count": count, "numbers": { "random": DIGITS }, "image_width": WIDTH, "seed": "7", "format": "png-zip",
    })
}

/// The same by the command line, with the seconds of the whole process' work.
fn native(bench: &Bench, folder: &Path, count: usize) -> Value {
    let file = folder.join("recipe.json");
    std::fs::write(&file, recipe(count).to_string()).expect("a folder that can be written");
    let out = folder.join("native");
    let said = Command::new(&bench.program)
        .arg("dataset")
        .args([Path::new("--recipe"), &file, Path::new("--out"), &out])
        .arg("--bucket")
        .arg(environment::site().join("mnist"))
        .args(["--json", "--quiet"])
        .output()
        .unwrap_or_else(|error| panic!("{}: {error}", bench.program.display()));
    let error = String::from_utf8_lossy(&said.stderr);
    assert!(said.status.success(), "{error}");
    let told = String::from_utf8_lossy(&said.stdout);
    let last = told.lines().last().unwrap_or_default();
    let told: Value = serde_json::from_str(last).expect("a line of JSON");
    assert_eq!(told["items"], count, "{told}");
    std::fs::remove_dir_all(&out).expect("its own folder");
    told
}

fn number(answer: &Value, name: &str) -> f64 {
    answer[name]
        .as_f64()
        .unwrap_or_else(|| panic!("no {name} in {answer}"))
}
