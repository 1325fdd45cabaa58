//! S9, the parse: an image log from CSV to rows, natively, beside pandas.read_csv.
//!
//! Both read a file that is in the system's cache, on one thread. Ours makes chunks of rows, checked and in order, and
//! lets go of each as a store would take it; pandas makes a data frame of it all.

use std::fs::File;
use std::io::{BufWriter, Read, Write};
use std::path::Path;
use std::time::Instant;

use digitlab::frames::{ImportOptions, Importer, RowChunk, SyntheticLog};
use serde_json::Value;

use crate::Bench;
use crate::peer::Peer;
use crate::statistics::{Rounds, thousands};
use digitlab_report::{Bar, Report};

/// How many times as long as the sample, and in how many rounds.
const WORK: [(u64, usize); 2] = [(1, 11), (100, 3)];
/// The bar: how many times the peer's speed.
const BAR: f64 = 1.0;
/// How much of a file is handed in at a time.
const PIECE: usize = 1 << 18;

/// Measures and reports.
pub(crate) fn measure(bench: &Bench, report: &mut Report) {
    let folder = tempfile::tempdir().expect("a folder for the logs");
    let files = WORK.map(|(times, _)| {
        let path = folder.path().join(format!("{times}.csv"));
        let mut out = BufWriter::new(File::create(&path).expect("a file"));
        let written = SyntheticLog::new(times).write_csv(&mut out);
        written
            .and_then(|()| out.flush())
            .expect("room for the log");
        path
    });
    let arguments: Vec<_> = files.iter().map(|path| path.as_os_str()).collect();
    let mut peer = Peer::start(&bench.python, "frames.py", &arguments);
    report.note(
        "pandas",
        peer.versions["pandas"].as_str().unwrap_or_default(),
    );
    for (number, (times, rounds)) in WORK.into_iter().enumerate() {
        let question = number.to_string();
        let rows = times * SyntheticLog::ROWS;
        // Once without measuring, so that both sides and the system's cache are warm.
        import(&files[number], rows);
        peer.ask(&question);
        let mut figures: [Vec<f64>; 3] = Default::default();
        for _ in 0..rounds {
            let (seconds, sum) = import(&files[number], rows);
            let answer = peer.ask(&question);
            assert_eq!(answer["shape"][0], rows + 1, "the last row is empty");
            assert_eq!(
                answer["sum"].as_f64(),
                Some(sum),
                "both read the same values"
            );
            let [ours, peers] =
                [seconds, number_of(&answer, "seconds")].map(|time| rows as f64 / time);
            for (list, figure) in figures.iter_mut().zip([ours, peers, ours / peers]) {
                list.push(figure);
            }
        }
        let [ours, peers, ratio] = figures.map(Rounds::new);
        report.bar(Bar {
            id: "S9".into(),
            work: format!(
                "parse of a CSV log, {} x {}, native",
                thousands(rows as f64),
                SyntheticLog::COLUMNS
            ),
            ours: format!("{} rows/s", ours.text(thousands)),
            peer: format!("pandas.read_csv: {} rows/s", peers.text(thousands)),
            ratio: ratio.text(|ratio| format!("{ratio:.1} x")),
            bar: format!("at least {BAR} x"),
            met: ratio.median() >= BAR,
        });
    }
}

/// Imports a file and says how long it took, and the sum of its pixels.
fn import(path: &Path, rows: u64) -> (f64, f64) {
    let start = Instant::now();
    let options = ImportOptions {
        width: None,
        ..ImportOptions::default()
    };
    let mut importer = Importer::new(options).expect("good options");
    let mut file = File::open(path).expect("the log");
    let mut sum = 0.0;
    let mut take = |importer: &mut Importer| {
        while let Some(chunk) = importer.next_chunk().expect("a good log") {
            sum += total(&chunk);
        }
    };
    loop {
        let mut piece = vec![0; PIECE];
        let read = file.read(&mut piece).expect("the log");
        if read == 0 {
            break;
        }
        piece.truncate(read);
        importer.push(piece);
        take(&mut importer);
    }
    importer.end();
    take(&mut importer);
    let imported = importer.finish().expect("a good log");
    let seconds = start.elapsed().as_secs_f64();
    assert_eq!(imported.report.rows_kept, rows);
    (seconds, sum)
}

fn total(chunk: &RowChunk) -> f64 {
    // Whole numbers far below 2^24.
    f64::from(chunk.pixels.iter().sum::<f32>())
}

fn number_of(answer: &Value, name: &str) -> f64 {
    answer[name]
        .as_f64()
        .unwrap_or_else(|| panic!("no {name} in {answer}"))
}
