//! Measures the project against its bars, each beside a peer in the same run.
//!
//! `cargo xtask bench` builds the site, prepares the peers and runs this. A bar is a file here: it has a function that
//! takes the [`Bench`] and adds rows to the [`Report`].

mod datasets;
mod drawing;
mod first_visit;
mod frames;
mod frames_import;
mod memory;
mod mnist;
mod peer;
mod previews;
mod reading;
mod recognition;
mod robustness;
mod sequences;
mod statistics;
mod training;
mod transforms;

use std::path::PathBuf;

use digitlab_browser::{Browser, Window, environment};
use digitlab_report::Report;
use tempfile::TempDir;

/// What the bars have in common.
#[derive(Debug)]
struct Bench {
    python: PathBuf,
    /// The original MNIST files, unpacked.
    mnist: TempDir,
    /// OpenCV.js, in one file.
    opencv: PathBuf,
    /// The folder of onnxruntime-web's files.
    onnxruntime: PathBuf,
    /// Papa Parse, in one file.
    papaparse: PathBuf,
    /// The command line, built to be fast.
    program: PathBuf,
    /// The folder of TensorFlow.js's packages.
    tensorflow: PathBuf,
}

/// The parts, in the order in which they run.
const PARTS: &[&str] = &[
    "sequences",
    "datasets",
    "transforms",
    "previews",
    "recognition",
    "training",
    "reading",
    "drawing",
    "robustness",
    "frames-import",
    "frames",
    "first-visit",
];

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let only = std::env::args().nth(1);
    let chosen: Vec<&str> = match &only {
        Some(parts) => parts.split(',').collect(),
        None => PARTS.to_vec(),
    };
    for part in &chosen {
        assert!(
            PARTS.contains(part),
            "there is no part {part:?}, only {}",
            PARTS.join(", ")
        );
    }
    let bench = Bench {
        python: environment::python().expect(
            "DIGITLAB_PYTHON is not set: it names a Python with numpy and Pillow; `cargo xtask bench` sets it",
        ),
        mnist: mnist::original_files(&environment::site().join("mnist")),
        opencv: std::env::var_os("DIGITLAB_OPENCV")
            .expect("DIGITLAB_OPENCV is not set: it names opencv.js; `cargo xtask bench` sets it")
            .into(),
        onnxruntime: std::env::var_os("DIGITLAB_ONNXRUNTIME")
            .expect("DIGITLAB_ONNXRUNTIME is not set: it names a folder; `cargo xtask bench` sets it")
            .into(),
        papaparse: std::env::var_os("DIGITLAB_PAPAPARSE")
            .expect("DIGITLAB_PAPAPARSE is not set: it names papaparse.js; `cargo xtask bench` sets it")
            .into(),
        program: std::env::var_os("DIGITLAB_PROGRAM")
            .expect("DIGITLAB_PROGRAM is not set: it names the command line; `cargo xtask bench` sets it")
            .into(),
        tensorflow: std::env::var_os("DIGITLAB_TENSORFLOW")
            .expect("DIGITLAB_TENSORFLOW is not set: it names a folder; `cargo xtask bench` sets it")
            .into(),
    };
    let mut report = Report::default();
    describe_machine(&mut report).await;
    for part in chosen {
        let mut found = Report::default();
        match part {
            "sequences" => sequences::measure(&bench, &mut found).await,
            "datasets" => datasets::measure(&bench, &mut found).await,
            "transforms" => transforms::measure(&bench, &mut found).await,
            "previews" => previews::measure(&mut found).await,
            "recognition" => recognition::measure(&bench, &mut found).await,
            "training" => training::measure(&bench, &mut found).await,
            "reading" => reading::measure(&mut found),
            "drawing" => drawing::measure(&mut found).await,
            "robustness" => robustness::measure(&mut found).await,
            "frames-import" => frames_import::measure(&bench, &mut found),
            "frames" => frames::measure(&bench, &mut found).await,
            _ => first_visit::measure(&mut found).await,
        }
        // At once: a later part may fail.
        println!("{}", found.to_text());
        report.append(found);
    }
    let path = environment::workspace().join("benches").join("RESULTS.md");
    let written = match only {
        Some(parts) => {
            let date = report.noted("Date").unwrap_or_default().to_owned();
            report.renew_file(&path, &parts, &date)
        }
        None => std::fs::write(&path, report.to_markdown()),
    };
    written.unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    println!("Written to {}", path.display());
}

async fn describe_machine(report: &mut Report) {
    let browser = Browser::start(&Window::default()).await;
    let date = browser.value("new Date().toISOString().slice(0, 10)").await;
    report.note("Date", date.as_str().unwrap_or_default());
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    report.note(
        "Machine",
        &format!(
            "{cores} cores, {}, {}",
            std::env::consts::ARCH,
            std::env::consts::OS
        ),
    );
    report.note("Chromium", &browser.version());
    browser.close().await;
}
