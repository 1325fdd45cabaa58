//! The log that the site ships.

use super::import;
use crate::support::root;
use digitlab::frames::{ImportOptions, SyntheticLog};
use std::fs;

#[test]
fn the_sample_has_the_shape_of_a_real_log() {
    let file = fs::read(root().join("www/samples/log/borehole.csv.gz")).expect("the sample");
    let options = ImportOptions {
        width: None,
        ..ImportOptions::default()
    };
    let image = import(&file, &options).unwrap();
    let report = &image.report;
    assert_eq!((report.rows_read, report.rows_kept), (5_461, 5_460));
    assert_eq!((report.dropped.empty, report.dropped.total()), (1, 1));
    assert_eq!(image.width, 200);
    assert_eq!((report.depths.min, report.depths.max), (9000.1, 9546.0));
    assert!((report.depths.step.unwrap() - 0.1).abs() < 1e-6);
    assert!(report.depths.in_order);
    assert_eq!((report.values.min, report.values.max), (15.0, 237.0));
    let count = image.pixels.len() as f64;
    let mean = image
        .pixels
        .iter()
        .map(|&value| f64::from(value))
        .sum::<f64>()
        / count;
    let square = |value: &f32| (f64::from(*value) - mean).powi(2);
    let deviation = (image.pixels.iter().map(square).sum::<f64>() / count).sqrt();
    assert!((mean - 186.0).abs() < 1.5, "{mean}");
    assert!((deviation - 35.0).abs() < 1.5, "{deviation}");
    let constant = (0..5_460).filter(|&at| {
        let row = image.row(at);
        row.iter().all(|value| *value == row[0])
    });
    let constant = constant.count();
    assert!((3..40).contains(&constant), "{constant} rows of one value");
    // Inclusive, compared in 32 bits: 9000.1 to 9500.0.
    let window = |depth: &&f32| (9000.0..=9500.0).contains(*depth);
    assert_eq!(image.depths.iter().filter(window).count(), 5_000);
    assert!(image.pixels.iter().all(|value| value.fract() == 0.0));
}

#[test]
fn the_same_rows_begin_every_longer_log() {
    let [short, long] = [SyntheticLog::new(1), SyntheticLog::new(100)];
    assert_eq!([short.rows(), long.rows()], [5_460, 546_000]);
    for row in [0, 1, 777, 5_459] {
        assert_eq!(short.row(row), long.row(row));
    }
    assert_eq!(long.depth_in_tenths(545_999), 636_000);
    assert_ne!(long.row(5_460), long.row(0), "it does not repeat itself");
    let mut text = Vec::new();
    short.write_csv(&mut text).unwrap();
    let text = String::from_utf8(text).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    assert!(lines[0].starts_with("depth,col1,col2,") && lines[0].ends_with(",col200"));
    assert!(lines[1].starts_with("9000.1,"));
    assert!(lines[5_460].starts_with("9546.0,"));
    assert_eq!(lines[5_461], ",".repeat(200));
    assert_eq!(lines.len(), 5_462);
}
