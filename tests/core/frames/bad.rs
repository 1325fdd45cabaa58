//! The broken files of the folder `bad/`, each with what is said of it.

use super::{as_is, import};
use crate::support::root;
use std::collections::BTreeSet;
use std::fs;

/// Files that cannot be read at all, and why.
const REFUSED: [(&str, &str); 21] = [
    ("not_csv.csv", "it is not CSV but a PNG picture"),
    ("page.csv", "it is not CSV but a page in HTML or XML"),
    ("no_numbers.csv", "none of its rows holds a number"),
    (
        "one_column.csv",
        "its first row has a single column; a column of depths and at least 2 columns of pixels are needed, with a \
         comma, a semicolon or a tab between them",
    ),
    (
        "spaces.csv",
        "its first row has a single column; a column of depths and at least 2 columns of pixels are needed, with a \
         comma, a semicolon or a tab between them",
    ),
    (
        "one_pixel_column.csv",
        "its first row has 1 column of pixels beside the depth; at least 2 are needed",
    ),
    (
        "decimal_commas.csv",
        "its rows have more cells than its header, as if commas stood both between cells and before decimals; save it \
         with decimal points, or with semicolons between the cells",
    ),
    (
        "two_depths.csv",
        "columns 1 and 3 are both called depth; only one column can hold the depths",
    ),
    ("utf16.csv", "it is text in UTF-16; save it as UTF-8"),
    (
        "utf16_without_mark.csv",
        "it is text in UTF-16; save it as UTF-8",
    ),
    (
        "latin1.csv",
        "the name of column 2 on line 1 is not in UTF-8 (\"r\u{fffd}sistivit\u{fffd}\"); save the file as UTF-8",
    ),
    ("empty.csv", "it is empty"),
    ("only_line_breaks.csv", "it has no rows, only empty lines"),
    ("header_only.csv", "it has a header and no rows"),
    ("empty_rows.csv", "every cell of its rows is empty"),
    (
        "open_quote.csv",
        "a quote that opens in the row on line 3 is never closed",
    ),
    (
        "out_of_range.csv",
        "line 3, column 3 (col2) holds -999.25, and pixels go from 0 to 255; have such values clipped or all values \
         rescaled",
    ),
    ("zeros.csv", "it is not text: it has bytes of zero"),
    (
        "not_gzip.csv.gz",
        "it begins as a gzip file does, but what follows is damaged or not gzip at all",
    ),
    (
        "damaged.csv.gz",
        "it is compressed with gzip, and its end is missing or does not match its checksum; it seems to have been cut off \
         or damaged",
    ),
    (
        "cut_off.csv.gz",
        "it is compressed with gzip, and its end is missing or does not match its checksum; it seems to have been cut off \
         or damaged",
    ),
];

/// Files of which something can be read: how many rows are kept, and what is said.
const REPORTED: [(&str, u64, &[&str]); 10] = [
    (
        "ragged.csv",
        2,
        &[
            "Line 3 has 3 cells where the first row has 4.",
            "Line 4 has 5 cells where the first row has 4.",
        ],
    ),
    (
        "missing_cells.csv",
        2,
        &[
            "Line 3, column 2 (col1) is empty.",
            "Line 4, column 1 (depth) is empty.",
            "Line 6, column 4 (col3) is empty.",
        ],
    ),
    (
        "not_finite.csv",
        2,
        &[
            "Line 3, column 1 (depth) holds \"NaN\", which is not a finite number.",
            "Line 4, column 2 (col1) holds \"inf\", which is not a finite number.",
            "Line 5, column 4 (col3) holds \"1e99\", which is not a finite number.",
        ],
    ),
    (
        "mixed_decimals.csv",
        2,
        &[
            "Line 3, column 1 (depth) holds \"9000,2\", which is not a number; decimals are read behind a point in this file.",
        ],
    ),
    (
        "two_headers.csv",
        2,
        &["Line 2 holds no number: another header."],
    ),
    (
        "header_again.csv",
        3,
        &["Line 4 holds no number: another header."],
    ),
    (
        "duplicate_depths.csv",
        2,
        &["Line 3, column 1 (depth) holds 9001.1 once more; the first row of this depth was kept."],
    ),
    ("descending.csv", 3, &[]),
    (
        "depth_not_first.csv",
        1,
        &["Line 3, column 1 (col1) holds \"x\", which is not a number."],
    ),
    (
        "words.csv",
        1,
        &[
            "Line 3, column 2 (col1) holds \"twelve\", which is not a number.",
            "Line 4 has 1 cell where the first row has 4.",
        ],
    ),
];

#[test]
fn every_bad_file_has_its_sentence() {
    let folder = root().join("tests/core/frames/bad");
    let mut files: BTreeSet<String> = fs::read_dir(&folder)
        .expect("the folder of bad files")
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    let mut wrong = Vec::new();
    for (name, reason) in REFUSED {
        assert!(files.remove(name), "{name}");
        let expected = format!("The file cannot be read: {reason}.");
        match import(&fs::read(folder.join(name)).unwrap(), &as_is()) {
            Err(error) if error.to_string() == expected => {}
            other => wrong.push(format!("{name}: {:?}", other.map(|image| image.report))),
        }
    }
    for (name, kept, messages) in REPORTED {
        assert!(files.remove(name), "{name}");
        match import(&fs::read(folder.join(name)).unwrap(), &as_is()) {
            Ok(image) => {
                let report = image.report;
                let said: Vec<&str> = report
                    .problems
                    .iter()
                    .map(|problem| &*problem.message)
                    .collect();
                if (report.rows_kept, said.as_slice()) != (kept, messages) {
                    wrong.push(format!("{name}: {} {said:#?}", report.rows_kept));
                }
            }
            Err(error) => wrong.push(format!("{name}: {error}")),
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(files.is_empty(), "nothing is said of {files:?}");
}
