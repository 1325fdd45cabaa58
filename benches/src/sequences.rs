//! S1 and S2: six-digit sequences through the ES module with one worker, beside numpy and Pillow (and Albumentations) in
//! one process.

use digitlab::augment::preset;
use digitlab_browser::{Browser, LAB_PAGE, Site, Window};
use serde_json::{Value, json};

use crate::Bench;
use crate::peer::Peer;
use crate::report::{Bar, Report};
use crate::statistics::{Rounds, thousands};

const NUMBER: &str = "042137";
const WIDTH: usize = 168;
const ROUNDS: usize = 11;
/// The bar: how many times the peer's speed.
const BAR: f64 = 10.0;

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

    let site = Site::built().start().await;
    let browser = Browser::start(&Window::default()).await;
    browser.open(&site.url(LAB_PAGE)).await;
    let lab = browser.lab(&site.url("digitlab.js"));
    let mut request = json!({ "number": NUMBER, "image_width": WIDTH, "seed": 7 });
    for (name, value) in work.request.as_object().expect("an object") {
        request[name] = value.clone();
    }
    let ours = async |count: usize, reuse: bool| -> f64 {
        let options = json!({ "count": count, "reuse": reuse });
        let args = json!({ "request": request, "options": options });
        let answer = lab.run(ROUND, args).await.expect("sequences are made");
        assert_eq!(answer["made"], count);
        assert!(number(&answer, "ink") > 0.1, "hardly any ink: {answer}");
        number(&answer, "seconds")
    };
    lab.get(
        "window.lab = await Digitlab.open({ workers: 1 });",
        Value::Null,
    )
    .await;

    // Once without measuring: it loads every shard that the rounds need, and lets both sides warm up.
    ours(work.ours, true).await;
    let question = work.peers.to_string();
    peer.ask(&question);
    let mut speeds: [Vec<f64>; 4] = Default::default();
    for _ in 0..ROUNDS {
        let our_speed = work.ours as f64 / ours(work.ours, true).await;
        let peers_speed = work.peers as f64 / number(&peer.ask(&question), "seconds");
        let fresh_speed = work.ours as f64 / ours(work.ours, false).await;
        let figures = [our_speed, peers_speed, our_speed / peers_speed, fresh_speed];
        for (list, figure) in speeds.iter_mut().zip(figures) {
            list.push(figure);
        }
    }
    browser.close().await;

    let [ours, peers, ratio, fresh] = speeds.map(Rounds::new);
    report.bar(Bar {
        id: work.id,
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
    report.fact(
        &format!("{} without `reuse`: fresh memory for every batch", work.id),
        &format!("{} /s", fresh.text(thousands)),
    );
}

fn number(answer: &Value, name: &str) -> f64 {
    answer[name]
        .as_f64()
        .unwrap_or_else(|| panic!("no {name} in {answer}"))
}
