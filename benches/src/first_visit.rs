//! S12: what a first visit costs until the first sequence shows, in bytes and in time.

use std::collections::BTreeSet;
use std::fs;
use std::io::Read;
use std::path::Path;

use brotli::CompressorReader;
use digitlab_browser::{Browser, Site, Window, environment};
use serde_json::json;

use crate::statistics::{Rounds, thousands};
use digitlab_report::{Bar, Report};

const ROUNDS: usize = 5;
/// The bars, in bytes.
const BAR: usize = 700_000;
const BAR_OF_WASM: usize = 400_000;
const WASM: &str = "engine_bg.wasm";

/// Notes when the page first shows a sequence, before any script of the page runs.
const WATCH: &str = "
    new MutationObserver((_, observer) => {
      if (!document.querySelector('#stage[data-state=done]')) return;
      window.firstSequence = performance.now();
      observer.disconnect();
    }).observe(document, { subtree: true, childList: true, attributes: true, attributeFilter: ['data-state'] });";

/// Measures and reports.
pub(crate) async fn measure(report: &mut Report) {
    let mut cold = Vec::new();
    let mut warm = Vec::new();
    let mut files = BTreeSet::new();
    for _ in 0..ROUNDS {
        // Each first visit needs a browser that was never here.
        let site = Site::built().cacheable().start().await;
        let browser = Browser::start(&Window::default()).await;
        browser
            .devtools(
                "Page.addScriptToEvaluateOnNewDocument",
                json!({ "source": WATCH }),
            )
            .await;
        browser.open(&site.url("")).await;
        cold.push(first_sequence(&browser).await);
        files = site
            .log()
            .into_iter()
            .filter(|request| request.status == 200)
            .map(|request| request.path)
            .collect();
        browser.open("about:blank").await;
        browser.open(&site.url("")).await;
        warm.push(first_sequence(&browser).await);
        browser.close().await;
    }

    let folder = environment::site();
    let sizes = files
        .iter()
        .map(|file| (file.as_str(), wire_size(&folder, file)));
    let (wasm, others): (Vec<_>, Vec<_>) = sizes.partition(|(file, _)| *file == WASM);
    let of = |list: &[(&str, usize)], start: &str| -> usize {
        list.iter()
            .filter(|(file, _)| file.starts_with(start))
            .map(|(_, size)| size)
            .sum()
    };
    let (wasm, bucket) = (of(&wasm, ""), of(&others, "mnist/"));
    let page = of(&others, "") - bucket;
    let total = wasm + bucket + page;
    report.bar(Bar {
        id: "S12".into(),
        work: format!(
            "first visit, cold: bytes before the first sequence shows ({} files, brotli)",
            files.len()
        ),
        ours: format!("{} bytes, of it wasm {}", bytes(total), bytes(wasm)),
        peer: "-".into(),
        ratio: "-".into(),
        bar: format!(
            "at most {} bytes, of it wasm {}",
            bytes(BAR),
            bytes(BAR_OF_WASM)
        ),
        met: total <= BAR && wasm <= BAR_OF_WASM,
    });
    let raw = fs::metadata(folder.join(WASM))
        .expect("the site has its engine")
        .len();
    report.fact("engine, raw", &format!("{} bytes", thousands(raw as f64)));
    report.fact("engine, brotli 11", &format!("{} bytes", bytes(wasm)));
    report.fact(
        "page, styles and scripts of the first visit, brotli 11",
        &format!("{} bytes", bytes(page)),
    );
    report.fact(
        "manifest and shards of the first visit",
        &format!("{} bytes", bytes(bucket)),
    );
    let seconds = |milliseconds: f64| format!("{:.2} s", milliseconds / 1000.0);
    report.fact(
        "first sequence shows, first visit",
        &Rounds::new(cold).text(seconds),
    );
    report.fact(
        "first sequence shows, second visit",
        &Rounds::new(warm).text(seconds),
    );
}

/// Milliseconds from the start of the navigation to the first sequence.
async fn first_sequence(browser: &Browser) -> f64 {
    let time = browser
        .until("a first sequence shows", "window.firstSequence")
        .await;
    time.as_f64().expect("a time")
}

/// Bytes of a file on the wire: compressed as a host does with text and wasm, as it is when it is packed already.
pub(crate) fn wire_size(folder: &Path, file: &str) -> usize {
    let content = fs::read(folder.join(file)).unwrap_or_else(|error| panic!("{file}: {error}"));
    let packed = ["gz", "png", "ico"].iter().any(|end| {
        Path::new(file)
            .extension()
            .is_some_and(|found| found == *end)
    });
    if packed {
        return content.len();
    }
    let mut compressed = Vec::new();
    let read =
        CompressorReader::new(content.as_slice(), 1 << 16, 11, 22).read_to_end(&mut compressed);
    read.expect("memory can be read");
    compressed.len()
}

fn bytes(count: usize) -> String {
    thousands(count as f64)
}
