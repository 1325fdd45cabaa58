//! Good files of every form, options and limits.

use super::{as_is, gzip, import, refusal};
use digitlab::Error;
use digitlab::frames::{ImportLimits, ImportOptions, Method, OutOfRange, Policy};

const PLAIN: &str =
    "depth,col1,col2,col3\n9000.1,15,186,237\n9000.2,16,187,236\n9000.3,17.5,0,255\n";

#[test]
fn files_of_every_form_hold_the_same_rows() {
    let quoted: String = PLAIN
        .lines()
        .map(|line| format!("\"{}\"\n", line.replace(',', "\",\"")))
        .collect();
    let marked = [b"\xef\xbb\xbf", PLAIN.as_bytes()].concat();
    let two_members = [gzip(&PLAIN.as_bytes()[..37]), gzip(&PLAIN.as_bytes()[37..])].concat();
    let files: Vec<(&str, Vec<u8>)> = vec![
        ("plain", PLAIN.into()),
        ("without a last line break", PLAIN.trim_end().into()),
        ("CRLF", PLAIN.replace('\n', "\r\n").into()),
        ("CR", PLAIN.replace('\n', "\r").into()),
        ("semicolons", PLAIN.replace(',', ";").into()),
        ("tabs", PLAIN.replace(',', "\t").into()),
        (
            "decimal commas",
            PLAIN.replace(',', ";").replace('.', ",").into(),
        ),
        (
            "Excel's",
            format!("sep=;\r\n{}", PLAIN.replace(',', ";")).into(),
        ),
        ("spaces", PLAIN.replace(',', " , ").into()),
        ("quoted", quoted.into()),
        ("byte order mark", marked),
        ("gzip", gzip(PLAIN.as_bytes())),
        ("gzip of two members", two_members),
        ("upper case", PLAIN.replace("depth", " DEPTH ").into()),
        ("empty lines before", format!("\n\r\n{PLAIN}").into()),
        (
            "names in two lines",
            PLAIN.replace("col1", "\"col\n1\"").into(),
        ),
        (
            "columns without a name at the end",
            PLAIN.replace('\n', ",,\n").into(),
        ),
    ];
    for (form, file) in files {
        let image = import(&file, &as_is()).unwrap_or_else(|error| panic!("{form}: {error}"));
        assert_eq!(image.depths, [9000.1, 9000.2, 9000.3], "{form}");
        assert_eq!(image.row(0), [15.0, 186.0, 237.0], "{form}");
        assert_eq!(image.row(2), [17.5, 0.0, 255.0], "{form}");
        assert_eq!(image.report.problem_count, 0, "{form}");
        assert_eq!(image.report.bytes, file.len() as u64, "{form}");
    }
}

#[test]
fn the_depth_is_where_its_name_is() {
    let file = "a,b,Depth,c\n1,2,900.5,3\n4,5,901.5,6\n";
    let image = import(file.as_bytes(), &as_is()).unwrap();
    assert_eq!(image.depths, [900.5, 901.5]);
    assert_eq!(image.row(1), [4.0, 5.0, 6.0]);
    assert_eq!(image.report.layout.depth_position, 3);

    let last = "a,b,depth\n1,2,3\n4,5,6\n";
    assert_eq!(
        import(last.as_bytes(), &as_is()).unwrap().depths,
        [3.0, 6.0]
    );

    let unnamed = "tvd,a,b\n1,2,3\n";
    let image = import(unnamed.as_bytes(), &as_is()).unwrap();
    assert_eq!(image.depths, [1.0]);
    assert_eq!(
        image.report.notes,
        ["No column is called depth; the first one (\"tvd\") was taken as the depth."]
    );

    let frame = ",depth,a,b\n0,9.5,2,3\n1,9.6,4,5\n\"2\",9.7,6,7\n";
    let image = import(frame.as_bytes(), &as_is()).unwrap();
    assert_eq!(image.depths, [9.5, 9.6, 9.7]);
    assert_eq!(image.row(2), [6.0, 7.0]);
    assert!(image.report.notes[0].contains("row numbers"));
}

#[test]
fn a_file_without_a_header_loses_no_row() {
    let image = import(b"9000.1,1,2\n9000.2,3,4\n", &as_is()).unwrap();
    assert_eq!(image.depths, [9000.1, 9000.2]);
    assert!(!image.report.layout.header);
    assert!(image.report.notes[0].contains("no header"));

    let counted = import(b",0,1,2\n9000.1,1,2,3\n", &as_is()).unwrap();
    assert!(counted.report.layout.header, "counted columns are a header");
    assert_eq!(counted.depths, [9000.1]);
}

#[test]
fn the_report_says_what_was_read() {
    let file = "depth,a,b\n1.5,20,30\n2.0,40,250\n,,\n2.5,5,6\n\n4.5,7,8\n";
    let report = import(file.as_bytes(), &as_is()).unwrap().report;
    assert_eq!((report.rows_read, report.rows_kept), (6, 4));
    assert_eq!((report.dropped.empty, report.dropped.total()), (2, 2));
    assert_eq!((report.depths.min, report.depths.max), (1.5, 4.5));
    assert_eq!(report.depths.step, Some(0.5));
    assert_eq!(report.depths.smallest_step, Some(0.5));
    assert_eq!(report.depths.largest_step, Some(2.0));
    assert!(report.depths.in_order);
    assert_eq!((report.values.min, report.values.max), (5.0, 250.0));
    assert_eq!(report.layout.pixel_columns, 2);
    assert_eq!(report.bytes, file.len() as u64);
    let text = serde_json::to_string(&report).unwrap();
    let back: digitlab::frames::Report = serde_json::from_str(&text).unwrap();
    assert_eq!(back, report);
}

#[test]
fn a_hundred_problems_are_described_and_all_are_counted() {
    let mut file = String::from("depth,a,b\n1,2,3\n");
    for _ in 0..250 {
        file.push_str("x,1,2\n");
    }
    let report = import(file.as_bytes(), &as_is()).unwrap().report;
    assert_eq!((report.problems.len(), report.problem_count), (100, 250));
    assert_eq!(report.dropped.not_a_number, 250);
    assert_eq!(report.problems[99].line, Some(102));
}

#[test]
fn the_policy_may_be_to_fail() {
    let options = ImportOptions {
        name: "well.csv".into(),
        policy: Policy::Fail,
        ..as_is()
    };
    let error = refusal(b"depth,a,b\n1,2,3\n2,,4\n", &options);
    assert_eq!(
        error.to_string(),
        "well.csv cannot be read: line 3, column 2 (a) is empty."
    );
    let empty = b"depth,a,b\n1,2,3\n,,\n";
    assert_eq!(
        import(empty, &options).unwrap().depths,
        [1.0],
        "empty rows are no fault"
    );
}

#[test]
fn values_out_of_range_are_refused_clipped_or_rescaled() {
    let file = b"depth,a,b\n1,-5,20\n2,120,495\n3,0,245\n";
    let with = |values| ImportOptions { values, ..as_is() };
    assert_eq!(
        refusal(file, &with(OutOfRange::Refuse)).to_string(),
        "The file cannot be read: line 2, column 2 (a) holds -5, and pixels go from 0 to 255; have such values \
         clipped or all values rescaled."
    );
    let clipped = import(file, &with(OutOfRange::Clip)).unwrap();
    assert_eq!(clipped.pixels, [0.0, 20.0, 120.0, 255.0, 0.0, 245.0]);
    assert_eq!(clipped.report.values.outside, 2);
    assert_eq!(
        (clipped.report.values.min, clipped.report.values.max),
        (-5.0, 495.0)
    );
    let rescaled = import(file, &with(OutOfRange::Rescale)).unwrap();
    let expected = [0.0, 12.75, 63.75, 255.0, 2.55, 127.5];
    for (found, expected) in rescaled.pixels.iter().zip(expected) {
        assert!((found - expected).abs() < 1e-4, "{:?}", rescaled.pixels);
    }
    let level = import(b"depth,a,b\n1,300,300\n", &with(OutOfRange::Rescale)).unwrap();
    assert_eq!(level.pixels, [0.0, 0.0], "a file of one value");
}

#[test]
fn rows_are_resampled_and_stay_within_the_values_of_the_file() {
    let mut file = String::from("depth");
    (1..=200).for_each(|column| file.push_str(&format!(",col{column}")));
    file.push_str("\n1");
    (0..200).for_each(|column| file.push_str(&format!(",{column}")));
    file.push_str("\n2");
    (0..200).for_each(|column| file.push_str(if column % 9 < 4 { ",7" } else { ",205" }));
    let default = import(file.as_bytes(), &ImportOptions::default()).unwrap();
    assert_eq!(default.width, 150);
    assert_eq!(
        default.row(0)[..8],
        [0.0, 2.0, 3.0, 4.0, 6.0, 7.0, 8.0, 10.0]
    );
    let options = ImportOptions {
        width: Some(400),
        method: Method::Cubic,
        ..ImportOptions::default()
    };
    let cubic = import(file.as_bytes(), &options).unwrap();
    let row = cubic.row(1);
    assert!(
        row.iter().all(|value| (0.0..=205.0).contains(value)),
        "clipped"
    );
    assert!(row.contains(&205.0), "overshoot was there");
}

#[test]
fn limits_are_stated() {
    let limits = |change: fn(&mut ImportLimits)| {
        let mut options = as_is();
        change(&mut options.limits);
        options
    };
    let cases: [(&[u8], ImportOptions, &str); 5] = [
        (
            PLAIN.as_bytes(),
            limits(|limits| limits.columns = 2),
            "The number of pixel columns is 3; the limit is 2.",
        ),
        (
            PLAIN.as_bytes(),
            limits(|limits| limits.rows = 2),
            "The number of rows is more than 2; the limit is 2.",
        ),
        (
            PLAIN.as_bytes(),
            limits(|limits| limits.text_bytes = 50),
            "The text of the file is more than 50 bytes; the limit is 50 bytes.",
        ),
        (
            b"depth,a,b\n1,2,3\n2,2.0000000000000000000000000000000000,3\n",
            limits(|limits| limits.row_bytes = 30),
            "The length of the row on line 3 is more than 30 bytes; the limit is 30 bytes.",
        ),
        (
            b"depth,a,b\n1,2,3\n2,\"never\n\n\nclosed,3\n4,5,6\n7,8,9\n",
            limits(|limits| limits.row_bytes = 30),
            "The length of the row on line 3 is more than 30 bytes; the limit is 30 bytes.",
        ),
    ];
    for (file, options, expected) in cases {
        let error = refusal(file, &options);
        assert!(matches!(error, Error::LimitExceeded { .. }), "{error:?}");
        assert_eq!(error.to_string(), expected);
    }
    for width in [0, 1, 4097] {
        let options = ImportOptions {
            width: Some(width),
            ..as_is()
        };
        let error = digitlab::frames::Importer::new(options).unwrap_err();
        assert!(error.to_string().contains("2 to 4096"), "{error}");
    }
}

#[test]
fn a_giant_line_and_a_file_that_swells_end_early() {
    let line = gzip(&[b"depth,a,b\n1,2,3\n".as_slice(), &[b'1'; 3 << 20]].concat());
    let error = refusal(&line, &as_is()).to_string();
    assert_eq!(
        error,
        "The length of the row on line 3 is more than 1 MiB; the limit is 1 MiB."
    );
    let mut swelling = b"depth,a,b\n1,2,3\n".to_vec();
    swelling.resize(80 << 20, b'\n');
    let error = refusal(&gzip_well(&swelling), &as_is()).to_string();
    assert!(error.contains("made to fill memory"), "{error}");
}

fn gzip_well(text: &[u8]) -> Vec<u8> {
    use std::io::Write;
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    packed.write_all(text).unwrap();
    packed.finish().unwrap()
}
