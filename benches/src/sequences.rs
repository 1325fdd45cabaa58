//! S1 and S2: six-digit sequences in one worker, beside numpy and Pillow (and Albumentations) in one process. What is left
//! of the speed when the page takes them from the worker through the ES module is told besides.

use digitlab::augment::preset;
use digitlab_browser::{Browser, LAB_PAGE, Site, Window, environment};
use serde_json::{Value, json};

use crate::Bench;
use crate::peer::Peer;
use crate::statistics::{Rounds, thousands};
use digitlab_report::{Bar, Report};

const NUMBER: &str = "042137";
const WIDTH: usize = 168;
const ROUNDS: usize = 11;
/// The bar: how many times the peer's speed.
const BAR: f64 = 10.0;

/// Makes sequences in the worker.
const IN_WORKER: &str = "
    const answer = await window.sequences(args);
    if (answer.error) throw new Error(answer.error);
    return answer;";

/// Starts the worker.
const START: &str = "
    const worker = new Worker('/sequence_worker.js', { type: 'module' });
    window.sequences = (message) => new Promise((resolve, reject) => {
      worker.onmessage = ({ data }) => resolve(data);
      worker.onerror = (event) => reject(new Error(event.message || 'the worker did not start'));
      worker.postMessage(message);
    });
    window.lab = await Digitlab.open({ workers: 1 });";

/// Makes sequences as a program does that wants all of them, and looks at each.
const ROUND: &str = "
    const start = performance.now();
    let [made, ink] = [0, 0];
    for await (const sequence of window.lab.generateMany(args.request, { first: 0, ...args.options })) {
      if (sequence.pixels.length !== 28 * args.request.image_width) throw new Error('a picture of another size');
      made += 1;
      // A row through the middle of the digits, so that a picture without ink would be noticed.
      for (let x = 0; x < sequence.width; x += 1) ink += sequence.pixels[14 * sequence.width + x];
    }
    return { seconds: (performance.now() - start) / 1000, made, ink: ink / made / args.request.image_width };";

/// One bar: what is made, and beside what.
struct Work {
    id: &'static str,
    work: &'static str,
    /// What our request has besides number, width and seed.
    request: Value,
    peer: &'static str,
    /// What the peer is told besides the files, the number and the width.
    arguments: Vec<String>,
    /// Sequences in a round: enough for about half a second each.
    ours: usize,
    peers: usize,
}

/// Measures and reports.
pub(crate) async fn measure(bench: &Bench, report: &mut Report) {
    let plain = Work {
        id: "S1",
        work: "plain",
        request: json!({}),
        peer: "numpy + Pillow",
        arguments: Vec::new(),
        ours: 50_000,
        peers: 5_000,
    };
    compare(bench, report, plain).await;
    let pipeline = preset("seed").expect("the digit pipeline").pipeline();
    let pipeline = pipeline
        .to_albumentations()
        .expect("known to Albumentations");
    let augmented = Work {
        id: "S2",
        work: "with the digit pipeline",
        request: json!({ "augment": true, "pipeline": "seed" }),
        peer: "numpy + Pillow + Albumentations",
        arguments: vec![pipeline.to_string()],
        ours: 10_000,
        peers: 1_000,
    };
    compare(bench, report, augmented).await;
}

async fn compare(bench: &Bench, report: &mut Report, work: Work) {
    let width = WIDTH.to_string();
    let mut arguments = vec![
        bench.mnist.path().as_os_str(),
        NUMBER.as_ref(),
        width.as_ref(),
    ];
    arguments.extend(work.arguments.iter().map(AsRef::<std::ffi::OsStr>::as_ref));
    let mut peer = Peer::start(&bench.python, "sequences.py", &arguments);
    for (name, version) in peer
        .versions
        .as_object()
        .expect("the peer's versions by name")
    {
        report.note(name, version.as_str().unwrap_or_default());
    }

    let script = environment::workspace().join("benches/peers/sequence_worker.js");
    let script =
        std::fs::read(&script).unwrap_or_else(|error| panic!("{}: {error}", script.display()));
    let site = Site::built()
        .with("sequence_worker.js", script)
        .start()
        .await;
    let browser = Browser::start(&Window::default()).await;
    browser.open(&site.url(LAB_PAGE)).await;
    let lab = browser.lab(&site.url("digitlab.js"));
    let mut request = json!({ "number": NUMBER, "image_width": WIDTH, "seed": 7 });
    for (name, value) in work.request.as_object().expect("an object") {
        request[name] = value.clone();
    }
    // How many sequences a second.
    let speed = async |script: &str, args: Value| -> f64 {
        let answer = lab.run(script, args).await.expect("sequences are made");
        assert_eq!(answer["made"], work.ours);
        assert!(number(&answer, "ink") > 0.1, "hardly any ink: {answer}");
        work.ours as f64 / number(&answer, "seconds")
    };
    let in_worker = json!({ "request": request, "count": work.ours });
    let through_module = |reuse: bool| json!({ "request": request, "options": { "count": work.ours, "reuse": reuse } });
    lab.get(START, Value::Null).await;

    // Once without measuring: it loads every shard that the rounds need, and lets both sides warm up.
    speed(IN_WORKER, in_worker.clone()).await;
    speed(ROUND, through_module(true)).await;
    let question = work.peers.to_string();
    peer.ask(&question);
    let mut speeds: [Vec<f64>; 5] = Default::default();
    for _ in 0..ROUNDS {
        let ours = speed(IN_WORKER, in_worker.clone()).await;
        let peers = work.peers as f64 / number(&peer.ask(&question), "seconds");
        let reusing = speed(ROUND, through_module(true)).await;
        let fresh = speed(ROUND, through_module(false)).await;
        for (list, figure) in speeds
            .iter_mut()
            .zip([ours, peers, ours / peers, reusing, fresh])
        {
            list.push(figure);
        }
    }
    browser.close().await;

    let [ours, peers, ratio, reusing, fresh] = speeds.map(Rounds::new);
    report.bar(Bar {
        id: work.id.into(),
        work: format!(
            "sequences of 6 digits, width {WIDTH}, {}, one worker",
            work.work
        ),
        ours: format!("{} /s", ours.text(thousands)),
        peer: format!("{}, one process: {} /s", work.peer, peers.text(thousands)),
        ratio: ratio.text(|ratio| format!("{ratio:.1} x")),
        bar: format!("at least {BAR} x"),
        met: ratio.median() >= BAR,
    });
    for (how, figure) in [
        ("", reusing),
        (", without `reuse`: fresh memory for every batch", fresh),
    ] {
        report.fact(
            &format!(
                "{} on the page, through the ES module and its messages{how}",
                work.id
            ),
            &format!("{} /s", figure.text(thousands)),
        );
    }
}

fn number(answer: &Value, name: &str) -> f64 {
    answer[name]
        .as_f64()
        .unwrap_or_else(|| panic!("no {name} in {answer}"))
}
