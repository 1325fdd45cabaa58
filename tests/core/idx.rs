//! IDX files, whole and broken.

use digitlab::mnist::idx::{Images, Labels, MOST_PICTURES};
use digitlab::{Error, Result};
use flate2::Compression;
use flate2::write::GzEncoder;
use proptest::prelude::*;
use std::io::Write;

fn images(count: u32, height: u32, width: u32, pixels: usize) -> Vec<u8> {
    let mut file = vec![0, 0, 8, 3];
    for dimension in [count, height, width] {
        file.extend(dimension.to_be_bytes());
    }
    file.extend((0..pixels).map(|at| at as u8));
    file
}

fn labels(count: u32, labels: &[u8]) -> Vec<u8> {
    let mut file = vec![0, 0, 8, 1];
    file.extend(count.to_be_bytes());
    file.extend(labels);
    file
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn refusal<T: std::fmt::Debug>(result: Result<T>) -> (&'static str, String) {
    let error: Error = result.expect_err("it is broken");
    (error.code(), error.to_string())
}

#[test]
fn plain_and_gzipped_files_read_the_same() {
    let file = images(3, 28, 28, 3 * 784);
    let plain = Images::parse("images", &file).unwrap();
    assert_eq!(plain, Images::parse("images", &gzip(&file)).unwrap());
    assert_eq!(plain.len(), 3);
    assert_eq!(plain.picture(1)[0], 784_usize as u8);
    let file = labels(4, &[0, 9, 5, 5]);
    let plain = Labels::parse("labels", &file).unwrap();
    assert_eq!(plain, Labels::parse("labels", &gzip(&file)).unwrap());
    assert_eq!(plain.as_slice(), [0, 9, 5, 5]);
    // As `cat a.gz b.gz` makes them.
    let halves = [gzip(&file[..5]), gzip(&file[5..])].concat();
    assert_eq!(plain, Labels::parse("labels", &halves).unwrap());
}

#[test]
fn broken_images_are_explained() {
    let whole = images(2, 28, 28, 2 * 784);
    let mut zipped = gzip(&whole);
    zipped.truncate(zipped.len() - 5);
    let mut corrupt = gzip(&whole);
    let middle = corrupt.len() / 2;
    corrupt[middle] ^= 0xff;
    let cases: Vec<(&str, Vec<u8>, &str)> = vec![
        ("empty", vec![], "it is empty"),
        (
            "three bytes",
            vec![0, 0, 8],
            "begins with the bytes 00 00 08 03",
        ),
        (
            "header only in part",
            whole[..9].to_vec(),
            "after 9 bytes, within its 16-byte header",
        ),
        ("labels", labels(1, &[1]), "a file of labels, not of images"),
        (
            "floats",
            [&[0, 0, 0x0d, 3][..], &whole[4..]].concat(),
            "not unsigned bytes",
        ),
        (
            "text",
            b"5,0,0,0,12\n".to_vec(),
            "this one with 35 2c 30 2c",
        ),
        (
            "other size",
            images(1, 32, 32, 1024),
            "32 x 32 pixels, only 28 x 28",
        ),
        ("no pictures", images(0, 28, 28, 0), "it holds no images"),
        (
            "too short",
            whole[..1000].to_vec(),
            "take 1568 bytes, but 984 follow",
        ),
        (
            "too long",
            [&whole[..], &[0]].concat(),
            "take 1568 bytes, but more follow",
        ),
        ("gzip cut", zipped, "gzip stream is damaged"),
        ("gzip corrupt", corrupt, "gzip stream is damaged"),
        (
            "gzip magic only",
            vec![0x1f, 0x8b],
            "gzip stream is damaged",
        ),
    ];
    for (name, file, words) in cases {
        let (code, message) = refusal(Images::parse("mine.idx", &file));
        assert_eq!(code, "invalid_file", "{name}");
        assert!(
            message.starts_with("mine.idx cannot be read"),
            "{name}: {message}"
        );
        assert!(message.contains(words), "{name}: {message}");
    }
}

#[test]
fn broken_labels_are_explained() {
    for (file, words) in [
        (images(1, 28, 28, 784), "a file of images, not of labels"),
        (labels(3, &[1, 2, 10]), "label number 2 is 10"),
        (labels(3, &[1, 2]), "but 2 follow"),
        (labels(0, &[]), "it holds no labels"),
    ] {
        let (_, message) = refusal(Labels::parse("mine.idx", &file));
        assert!(message.contains(words), "{message}");
    }
}

#[test]
fn huge_headers_take_no_memory() {
    let (code, message) = refusal(Images::parse("mine.idx", &images(u32::MAX, 28, 28, 10)));
    assert_eq!(code, "limit_exceeded");
    assert!(
        message.contains("4294967295 images") && message.contains("1000000"),
        "{message}"
    );
    let (code, _) = refusal(Images::parse(
        "mine.idx",
        &images(MOST_PICTURES as u32, 28, 28, 10),
    ));
    assert_eq!(code, "invalid_file");
    // A bomb: 64 MiB of zeros behind a header that announces one picture.
    let bomb = gzip(&[images(1, 28, 28, 784), vec![0; 64 << 20]].concat());
    let (_, message) = refusal(Images::parse("mine.idx", &bomb));
    assert!(message.contains("but more follow"), "{message}");
}

proptest! {
    #[test]
    fn arbitrary_bytes_never_panic(bytes in proptest::collection::vec(any::<u8>(), 0..300), zipped: bool) {
        let bytes = if zipped { gzip(&bytes) } else { bytes };
        prop_assert!(Images::parse("x", &bytes).is_err());
        if let Ok(labels) = Labels::parse("x", &bytes) {
            prop_assert!(labels.as_slice().iter().all(|&label| label <= 9));
        }
    }

    #[test]
    fn changed_bytes_never_panic(at in 0_usize..800, to: u8, cut in 0_usize..800) {
        let mut file = images(1, 28, 28, 784);
        file[at] = to;
        file.truncate(cut.max(at + 1));
        let _ = Images::parse("x", &file);
        let mut packed = gzip(&images(1, 28, 28, 784));
        let at = at % packed.len();
        packed[at] = to;
        let _ = Images::parse("x", &packed);
    }
}
