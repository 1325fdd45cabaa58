//! Laws that hold for any bytes in any pieces.

use super::{as_is, chunks, gzip};
use digitlab::frames::{ImportOptions, OutOfRange, Policy};
use proptest::prelude::*;

/// Text that looks like CSV, more or less.
fn text() -> impl Strategy<Value = Vec<u8>> {
    let token = prop::sample::select(vec![
        "depth", "col1", "col2", ",", ",", ",", ",", ";", "\t", "\n", "\n", "\r\n", "\r", "\"",
        "\"\"", "1", "2", "37", "255", "256", "9000.1", "9000.2", "-1", "1e3", "nan", "inf", " ",
        "0.5", "é", "\u{feff}", "12345678", "abc", "\"a\nb\"", "9000,1", ".", "\0",
    ]);
    let line = (0_u32..40, prop::collection::vec(0_u32..300, 3))
        .prop_map(|(depth, pixels)| format!("{depth},{},{},{}\n", pixels[0], pixels[1], pixels[2]));
    let part = prop_oneof![token.prop_map(str::to_owned), line];
    let parts = prop::collection::vec(part, 0..60).prop_map(|parts| parts.concat());
    let header = prop::sample::select(vec![
        "",
        "depth,a,b,c\n",
        "depth;a;b;c\r\n",
        "\u{feff}a,depth,b\n",
    ]);
    (header, parts).prop_map(|(header, parts)| format!("{header}{parts}").into_bytes())
}

fn options() -> impl Strategy<Value = ImportOptions> {
    let policy = prop::sample::select(vec![Policy::Drop, Policy::Fail]);
    let values = prop::sample::select(vec![
        OutOfRange::Refuse,
        OutOfRange::Clip,
        OutOfRange::Rescale,
    ]);
    (
        policy,
        values,
        prop::bool::ANY,
        prop::sample::select(vec![40, 1 << 20]),
    )
        .prop_map(|(policy, values, resampled, row_bytes)| {
            let mut options = ImportOptions {
                policy,
                values,
                ..as_is()
            };
            options.width = resampled.then_some(5);
            options.limits.row_bytes = row_bytes;
            options
        })
}

fn pieces<'a>(bytes: &'a [u8], cuts: &[prop::sample::Index]) -> Vec<&'a [u8]> {
    let mut at: Vec<usize> = cuts.iter().map(|cut| cut.index(bytes.len() + 1)).collect();
    at.extend([0, bytes.len()]);
    at.sort_unstable();
    at.windows(2).map(|ends| &bytes[ends[0]..ends[1]]).collect()
}

/// Everything that an import gives, as text that can be compared.
fn outcome(pieces: &[&[u8]], options: &ImportOptions) -> String {
    let (chunks, imported) = chunks(pieces.iter().copied(), options);
    format!("{chunks:?}\n{imported:?}")
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_500))]

    #[test]
    fn pieces_give_the_same_as_the_whole(
        text in text(),
        packed in prop::bool::weighted(0.2),
        options in options(),
        cuts in prop::collection::vec(any::<prop::sample::Index>(), 0..12),
    ) {
        let bytes = if packed { gzip(&text) } else { text };
        let whole = outcome(&[&bytes], &options);
        prop_assert_eq!(&outcome(&pieces(&bytes, &cuts), &options), &whole);
        let single: Vec<&[u8]> = bytes.chunks(1).collect();
        prop_assert_eq!(&outcome(&single, &options), &whole);
    }

    #[test]
    fn any_bytes_give_rows_or_a_sentence(
        bytes in prop::collection::vec(any::<u8>(), 0..400),
        packed in 0..3,
        options in options(),
    ) {
        let bytes = match packed {
            0 => bytes,
            1 => gzip(&bytes),
            _ => [b"\x1f\x8b".as_slice(), &bytes].concat(),
        };
        if let (_, Err(error)) = chunks([bytes.as_slice()], &options) {
            let text = error.to_string();
            prop_assert!(text.ends_with('.') && text.len() < 700, "{}", text);
        }
    }

    #[test]
    fn numbers_are_read_as_the_standard_library_reads_them(
        rows in prop::collection::vec(prop::collection::vec(number(), 3), 1..40),
    ) {
        let mut text = String::from("depth,a,b,c\n");
        for (depth, row) in rows.iter().enumerate() {
            text.push_str(&format!("{depth},{}\n", row.join(",")));
        }
        let (chunks, imported) = chunks([text.as_bytes()], &ImportOptions {
            values: OutOfRange::Rescale,
            ..as_is()
        });
        prop_assert!(imported.is_ok(), "{:?}", imported);
        let found: Vec<f32> = chunks.into_iter().flat_map(|chunk| chunk.pixels).collect();
        let expected: Vec<f32> = rows
            .iter()
            .flatten()
            .map(|cell| cell.trim().parse::<f64>().unwrap() as f32)
            .collect();
        prop_assert_eq!(found, expected);
    }
}

fn number() -> impl Strategy<Value = String> {
    prop_oneof![
        (0_u32..256).prop_map(|value| value.to_string()),
        (0_u64..1_000_000_000_000).prop_map(|value| value.to_string()),
        (any::<f32>().prop_filter("finite", |value| value.is_finite()))
            .prop_map(|value| value.to_string()),
        (-1e9..1e9_f64).prop_map(|value| format!("{value:.3}")),
        (-1e9..1e9_f64).prop_map(|value| format!(" {value:e}")),
    ]
}
