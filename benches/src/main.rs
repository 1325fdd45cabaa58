//! Measures the project against its bars, each beside a peer in the same run.
//!
//! `cargo xtask bench` builds the site, prepares the peers and runs this. A bar is a file here: it has a function that
//! takes the [`Bench`] and adds rows to the [`Report`].

mod drawing;
mod first_visit;
mod mnist;
mod peer;
mod previews;
mod recognition;
mod report;
mod sequences;
mod statistics;
mod transforms;

use std::path::PathBuf;

use digitlab_browser::{Browser, Window, environment};
use report::Report;
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
}

/// The parts, in the order in which they run.
const PARTS: [&str; 6] = [
    "sequences",
    "transforms",
    "previews",
    "recognition",
    "drawing",
    "first-visit",
];

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let only = std::env::args().nth(1);
    if let Some(part) = &only {
        assert!(
            PARTS.contains(&part.as_str()),
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
    };
    let mut report = Report::default();
    describe_machine(&mut report).await;
    for part in PARTS {
        if only.as_deref().is_some_and(|only| only != part) {
            continue;
        }
        match part {
            "sequences" => sequences::measure(&bench, &mut report).await,
            "transforms" => transforms::measure(&bench, &mut report).await,
            "previews" => previews::measure(&mut report).await,
            "recognition" => recognition::measure(&bench, &mut report).await,
            "drawing" => drawing::measure(&mut report).await,
            _ => first_visit::measure(&mut report).await,
        }
    }

    println!("{}", report.to_text());
    if only.is_some() {
        return;
    }
    let path = environment::workspace().join("benches").join("RESULTS.md");
    std::fs::write(&path, report.to_markdown())
        .unwrap_or_else(|error| panic!("{}: {error}", path.display()));
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
