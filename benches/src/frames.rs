//! S9 and S10 in the browser: image logs read beside Papa Parse, and drawn beside Pillow.

use std::path::Path;
use std::time::Instant;

use digitlab::frames::SyntheticLog;
use digitlab_browser::{Browser, LAB_PAGE, Site, Window, environment};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::Bench;
use crate::peer::Peer;
use crate::statistics::Rounds;
use digitlab_report::{Bar, Report};

const ROUNDS: usize = 5;
/// How many times as long the large log is.
const TIMES: u64 = 100;

/// Measures and reports.
pub(crate) async fn measure(bench: &Bench, report: &mut Report) {
    let folder = TempDir::new().expect("a folder for the log");
    let log = folder.path().join("log.csv");
    let mut file = Vec::new();
    SyntheticLog::new(1).write_csv(&mut file).expect("memory");
    std::fs::write(&log, file).expect("room for the log");
    let mut peer = Peer::start(&bench.python, "frame_pictures.py", &[log.as_os_str()]);
    for (name, version) in peer
        .versions
        .as_object()
        .expect("the peer's versions by name")
    {
        report.note(name, version.as_str().unwrap_or_default());
    }
    in_browser(bench, &mut peer, &log, report).await;
}

async fn in_browser(bench: &Bench, peer: &mut Peer, log: &Path, report: &mut Report) {
    let peers = environment::workspace().join("benches/peers");
    let read = |path: &Path| {
        std::fs::read(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
    };
    let site = Site::built()
        .with("frames_worker.js", read(&peers.join("frames_worker.js")))
        .with(
            "papaparse_worker.js",
            read(&peers.join("papaparse_worker.js")),
        )
        .with("papaparse.js", read(&bench.papaparse))
        .with("log.csv", read(log))
        .start()
        .await;
    let browser = Browser::start(&Window::default()).await;
    browser.open(&site.url(LAB_PAGE)).await;
    let address = site.url("digitlab.js");
    let lab = browser.lab(&address);
    lab.get(
        "const start = (url, options) => {
           const worker = new Worker(url, options);
           return (message) => new Promise((resolve, reject) => {
             worker.onmessage = ({ data }) => resolve(data);
             worker.onerror = (event) => reject(new Error(event.message || `${url} did not start`));
             worker.postMessage(message);
           });
         };
         window.ours = start('/frames_worker.js', { type: 'module' });
         window.papa = start('/papaparse_worker.js');
         window.small = await (await fetch('/log.csv')).blob();
         const [head, ...rows] = (await small.text()).split('\\n').filter((line) => !/^,*\\r?$/.test(line));
         const cells = rows.map((row) => row.slice(row.indexOf(',')));
         const parts = [`${head}\\n`];
         for (let k = 0; k < args.times; k += 1) {
           parts.push(new Blob([cells.map((row, at) => `${(90001 + k * cells.length + at) / 10}${row}\\n`).join('')]));
         }
         window.large = new Blob(parts);
         window.lab = await Digitlab.open();",
        json!({ "times": TIMES }),
    )
    .await;
    for (blob, size, rows, rounds) in [
        ("small", "5,460 x 200", 5460, ROUNDS),
        ("large", "546,000 x 200", 546_000, 1),
    ] {
        let mut times = [Vec::new(), Vec::new()];
        for round in 0..=rounds.max(1) {
            // The large log is long enough to warm up by itself.
            if round == 0 && rounds == 1 {
                continue;
            }
            let ours = long(&browser, &format!("ours(window.{blob})")).await;
            let theirs = long(&browser, &format!("papa(window.{blob})")).await;
            assert_eq!(ours["rows"], rows, "{ours}");
            if round > 0 {
                times[0].push(seconds(&ours));
                times[1].push(seconds(&theirs));
            }
        }
        report.bar(compared(
            "S9",
            format!("parse {size}, in a worker"),
            times,
            "Papa Parse, in a worker",
            5.0,
        ));
        let stored = long(
            &browser,
            &format!(
                "(async () => {{
                   let memory = 0;
                   const start = performance.now();
                   const id = await lab.frames.import(window.{blob}, {{ onProgress: (progress) => {{ memory = Math.max(memory, progress.memory); }} }});
                   const seconds = (performance.now() - start) / 1000;
                   window.{blob}Id = id;
                   return {{ seconds, memory }};
                 }})()"
            ),
        )
        .await;
        let memory = stored["memory"].as_f64().expect("a size") / f64::from(1 << 20);
        report.fact(
            &format!("Import of {size} to stored rows, in the browser"),
            &format!("{:.2} s, {memory:.0} MiB of wasm memory", seconds(&stored)),
        );
    }
    let mut times = [const { Vec::new() }; 3];
    for round in 0..=2 * ROUNDS {
        let ours = lab.get("const start = performance.now(); await lab.frames.render(smallId); return { seconds: (performance.now() - start) / 1000 };", Value::Null).await;
        let same = peer.ask(r#"{"work": "jpeg"}"#);
        let usual = peer.ask(r#"{"work": "jpeg_default"}"#);
        if round > 0 {
            for (times, answer) in times.iter_mut().zip([&ours, &same, &usual]) {
                times.push(seconds(answer));
            }
        }
    }
    let [ours, same, usual] = times;
    let work = "5,460 x 150 to JPEG, quality 100, 4:4:4, from stored rows";
    report.bar(compared(
        "S10",
        work.into(),
        [ours.clone(), same],
        "Pillow native, 4:4:4",
        0.5,
    ));
    report.bar(compared(
        "S10",
        work.into(),
        [ours, usual],
        "Pillow native, its default 4:2:0: half the work",
        0.5,
    ));
    browser.close().await;
}

/// The value of an expression whose work may take longer than a script is waited for.
async fn long(browser: &Browser, expression: &str) -> Value {
    let begin = format!(
        "window.answer = null; Promise.resolve({expression}).then((answer) => {{ window.answer = answer; }}, (error) => {{ window.answer = {{ failure: String(error) }}; }});"
    );
    browser.run(&begin, vec![]).await;
    let started = Instant::now();
    loop {
        let answer = browser.value("window.answer").await;
        if !answer.is_null() {
            assert!(answer["failure"].is_null(), "{answer}");
            return answer;
        }
        assert!(
            started.elapsed().as_secs() < 600,
            "{expression} takes too long"
        );
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
}

fn seconds(answer: &Value) -> f64 {
    answer["seconds"]
        .as_f64()
        .unwrap_or_else(|| panic!("{answer}"))
}

/// A bar from the seconds of both sides: how many times as fast ours is.
fn compared(
    id: &'static str,
    work: String,
    [ours, theirs]: [Vec<f64>; 2],
    peer: &str,
    bar: f64,
) -> Bar {
    let ratios = Rounds::new(
        ours.iter()
            .zip(&theirs)
            .map(|(ours, theirs)| theirs / ours)
            .collect(),
    );
    let text =
        |times: Vec<f64>| Rounds::new(times).text(|seconds| format!("{:.1} ms", seconds * 1e3));
    Bar {
        id: id.into(),
        work,
        ours: text(ours),
        peer: format!("{peer}: {}", text(theirs)),
        ratio: ratios.text(|ratio| format!("{ratio:.2} x")),
        bar: format!("at least {bar} x"),
        met: ratios.median() >= bar,
    }
}
