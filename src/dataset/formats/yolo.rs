//! Boxes as YOLO has them: a text file beside each picture's folder, and `data.yaml`.
//!
//! Source: Ultralytics' detection data sets, <https://docs.ultralytics.com/datasets/detect/>: a line per box with class,
//! centre, width and height as fractions of the picture.

use super::Item;
use crate::dataset::plan::Plan;
use crate::dataset::subset::Subset;
use std::fmt::Write as _;
use std::io::Write as _;

/// The name of the file that describes the data set.
pub(crate) const DATA: &str = "data.yaml";

/// Appends the lines of an item: one for each digit.
pub(crate) fn append_lines(item: &Item, lines: &mut Vec<u8>) {
    let width = item.image.width() as f64;
    for digit in &item.digits {
        let (centre, wide) = ((digit.x + digit.width / 2.0) / width, digit.width / width);
        writeln!(
            lines,
            "{} {centre:.6} 0.500000 {wide:.6} 1.000000",
            digit.digit
        )
        .expect("memory takes all");
    }
}

/// The text of [`DATA`]. Readers want a folder for training and one for validation: what has none stands in for it.
pub(crate) fn data(plan: &Plan) -> String {
    let subsets = plan.recipe().subsets();
    let folder = |wanted: &[Subset]| {
        let mut used = wanted
            .iter()
            .filter(|&&subset| subsets.position(subset).is_some());
        used.next()
            .map(|subset| format!("{}/images", subset.name()))
    };
    let mut text = String::from("# Boxes of digits, for YOLO.\n");
    for (name, wanted) in [
        (
            "train",
            &[Subset::Train, Subset::Validation, Subset::Test][..],
        ),
        ("val", &[Subset::Validation, Subset::Test, Subset::Train]),
        ("test", &[Subset::Test]),
    ] {
        if let Some(folder) = folder(wanted) {
            writeln!(text, "{name}: {folder}").expect("text takes all");
        }
    }
    text.push_str("nc: 10\nnames:\n");
    for digit in 0..10 {
        writeln!(text, "  {digit}: \"{digit}\"").expect("text takes all");
    }
    text
}
