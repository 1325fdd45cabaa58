//! Damaged files, and headers that promise too much: nothing panics, nothing takes
//! memory or time beyond the limits, and every sentence says what is wrong.

use super::{file, names};
use digitlab::Error;
use digitlab::random::{Purpose, Stream};
use digitlab::raster::codec::{Decoded, Limits, decode};
use flate2::write::ZlibEncoder;
use flate2::{Compression, Crc};
use std::io::Write;
use std::panic::catch_unwind;
use std::time::Instant;

/// Small, so that what a damaged header promises stays cheap.
const SMALL: Limits = Limits {
    bytes: 1 << 20,
    pixels: 100_000,
};

/// What is wrong with an answer, if anything is.
fn fault(bytes: &[u8]) -> Option<String> {
    let answer = catch_unwind(|| decode(bytes, &SMALL));
    match answer {
        Err(_) => Some("it panics".into()),
        Ok(Ok(Decoded { picture, found })) => {
            let pixels = picture.width() * picture.height();
            let stored = found.width as usize * found.height as usize;
            (pixels != stored || pixels > SMALL.pixels).then(|| format!("{pixels} pixels"))
        }
        Ok(Err(error)) => {
            let sentence = error.to_string();
            let expected = matches!(
                error,
                Error::InvalidFile { .. } | Error::LimitExceeded { .. } | Error::Unsupported { .. }
            );
            let good = expected && sentence.ends_with('.') && sentence.len() < 300;
            (!good).then_some(sentence)
        }
    }
}

fn report(faults: &[String]) {
    assert!(
        faults.is_empty(),
        "{} wrong:\n{}",
        faults.len(),
        faults.join("\n")
    );
}

#[test]
fn a_file_may_end_anywhere() {
    let mut faults = Vec::new();
    for name in names() {
        let whole = file(&name);
        for length in 0..whole.len() {
            if let Some(fault) = fault(&whole[..length]) {
                faults.push(format!(
                    "{name}, {length} of {} bytes: {fault}",
                    whole.len()
                ));
            }
        }
    }
    report(&faults);
}

#[test]
fn any_byte_may_be_another() {
    let mut faults = Vec::new();
    for (name, index) in names().into_iter().zip(0..) {
        let whole = file(&name);
        let mut stream = Stream::new(1, index, Purpose::Augment);
        for round in 0..1_000 {
            let mut bytes = whole.clone();
            for _ in 0..=round % 3 {
                // Headers are where damage matters most.
                let end = if round % 2 == 0 {
                    bytes.len()
                } else {
                    bytes.len().min(200)
                };
                let place = stream.below(end as u32) as usize;
                bytes[place] = stream.below(256) as u8;
            }
            if let Some(fault) = fault(&bytes) {
                faults.push(format!("{name}, round {round}: {fault}"));
            }
        }
    }
    report(&faults);
}

#[test]
fn a_jpeg_that_was_cut_off_is_told() {
    let whole = file("rgb.jpeg");
    let cut = &whole[..whole.len() - 60];
    let decoded = decode(cut, &SMALL).expect("as much as there is");
    assert_eq!(
        decoded.found.notes,
        ["The file has no end; if it was cut off, what is missing was filled in."]
    );
    // The first row of blocks is there.
    let complete = decode(&whole, &SMALL).expect("all of it").picture;
    assert_eq!(decoded.picture.row(0), complete.row(0));
}

/// Puts numbers over a file's bytes.
fn patched(name: &str, patches: &[(usize, &[u8])]) -> Vec<u8> {
    let mut bytes = file(name);
    for (place, patch) in patches {
        bytes[*place..][..patch.len()].copy_from_slice(patch);
    }
    bytes
}

/// Where bytes first stand in a file.
fn place_of(name: &str, wanted: &[u8]) -> usize {
    let bytes = file(name);
    let place = bytes
        .windows(wanted.len())
        .position(|window| window == wanted);
    place.unwrap_or_else(|| panic!("{name} has no {wanted:02X?}"))
}

/// Where a tag's entry stands in a TIFF file of Pillow's, which begins with "II".
fn entry_of(name: &str, tag: u16) -> usize {
    let bytes = file(name);
    let long = |place: usize| u32::from_le_bytes(bytes[place..][..4].try_into().unwrap()) as usize;
    let start = long(4) + 2;
    let entries = (start..).step_by(12).take(bytes[start - 2].into());
    let mut found = entries.filter(|&entry| bytes[entry..][..2] == tag.to_le_bytes());
    found
        .next()
        .unwrap_or_else(|| panic!("{name} has no tag {tag}"))
}

#[test]
fn a_promise_of_many_values_is_refused_before_memory_is_taken() {
    const BYTE_COUNTS: u16 = 279;
    let entry = entry_of("grey.tiff", BYTE_COUNTS);
    let bytes = patched("grey.tiff", &[(entry + 4, &4_000_000_u32.to_le_bytes())]);
    let sentence = decode(&bytes, &SMALL)
        .expect_err("they are not there")
        .to_string();
    let expected = "The TIFF file cannot be read: it is damaged (an entry of its directory has more values than the file has room for).";
    assert_eq!(sentence, expected);
}

#[test]
fn a_promise_of_many_pixels_is_refused_before_memory_is_taken() {
    let side = 60_000_u32;
    let (be, le) = (side.to_be_bytes(), side.to_le_bytes());
    let (be16, le16) = (&be[2..], &le[..2]);
    let jpeg = place_of("rgb.jpeg", &[0xFF, 0xC0]) + 5;
    let tiff = |tag| entry_of("rgb-raw.tiff", tag);
    let long = [&[4, 0, 1, 0, 0, 0][..], &le].concat();
    // Lossless WebP holds both sides less 1 in 14 bits each; a canvas has 24 bits.
    let canvas = place_of("animated.webp", b"VP8X") + 12;
    let less = (side - 1).to_le_bytes();
    let mut png = patched("rgb.png", &[(16, &be), (20, &be)]);
    let mut crc = Crc::new();
    crc.update(&png[12..29]);
    png[29..33].copy_from_slice(&crc.sum().to_be_bytes());
    let lossy = place_of("lossy.webp", &[0x9D, 0x01, 0x2A]) + 3;
    let error = decode(
        &patched(
            "lossy-alpha.webp",
            &[(
                place_of("lossy-alpha.webp", &[0x9D, 0x01, 0x2A]) + 3,
                &[0xFF, 0x3F, 0xFF, 0x3F],
            )],
        ),
        &Limits::default(),
    );
    assert_eq!(
        error.expect_err("a picture larger than its canvas").code(),
        "limit_exceeded"
    );
    let error = decode(
        &patched("lossy.webp", &[(lossy, &[0xFF, 0x3F, 0xFF, 0x3F])]),
        &Limits::default(),
    );
    assert_eq!(error.expect_err("268 megapixels").code(), "limit_exceeded");
    let files = [
        ("PNG", png),
        (
            "JPEG",
            patched("rgb.jpeg", &[(jpeg, be16), (jpeg + 2, be16)]),
        ),
        ("JPEG", {
            let place = place_of("progressive.jpeg", &[0xFF, 0xC2]) + 5;
            patched("progressive.jpeg", &[(place, be16), (place + 2, be16)])
        }),
        ("GIF", patched("plain.gif", &[(6, le16), (8, le16)])),
        (
            "WebP",
            patched(
                "animated.webp",
                &[(canvas, &less[..3]), (canvas + 3, &less[..3])],
            ),
        ),
        ("BMP", patched("rgb.bmp", &[(18, &le), (22, &le)])),
        (
            "TIFF",
            patched(
                "rgb-raw.tiff",
                &[(tiff(256) + 2, &long), (tiff(257) + 2, &long)],
            ),
        ),
    ];
    for (kind, bytes) in files {
        let start = Instant::now();
        let error = decode(&bytes, &Limits::default()).expect_err(kind);
        assert_eq!(
            error.to_string(),
            format!(
                "{kind} picture is 60000 x 60000 (3600 megapixels); the limit is 40 megapixels, and can be changed."
            )
        );
        assert!(
            start.elapsed().as_millis() < 100,
            "{kind}: {:?}",
            start.elapsed()
        );
    }
}

/// A PNG file of its chunks.
fn png(chunks: &[(&[u8; 4], Vec<u8>)]) -> Vec<u8> {
    let mut bytes = b"\x89PNG\r\n\x1A\n".to_vec();
    for (name, content) in chunks {
        bytes.extend((content.len() as u32).to_be_bytes());
        bytes.extend(*name);
        bytes.extend(content);
        let mut crc = Crc::new();
        crc.update(*name);
        crc.update(content);
        bytes.extend(crc.sum().to_be_bytes());
    }
    bytes
}

fn zeros(count: usize) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::best());
    let block = vec![0; 1 << 20];
    for start in (0..count).step_by(block.len()) {
        encoder
            .write_all(&block[..block.len().min(count - start)])
            .unwrap();
    }
    encoder.finish().unwrap()
}

fn header(width: u32, height: u32, bits: u8, colours: u8) -> (&'static [u8; 4], Vec<u8>) {
    let sizes = [width.to_be_bytes(), height.to_be_bytes()].concat();
    (b"IHDR", [&sizes[..], &[bits, colours, 0, 0, 0]].concat())
}

#[test]
fn a_bomb_does_not_go_off() {
    let end = (b"IEND", Vec::new());
    // Far more data than the header's picture has: the rest is not unpacked into memory.
    let bytes = png(&[
        header(10, 10, 8, 0),
        (b"IDAT", zeros(200 << 20)),
        end.clone(),
    ]);
    let start = Instant::now();
    if let Ok(decoded) = decode(&bytes, &Limits::default()) {
        assert_eq!(decoded.picture.data(), [0; 100]);
    }
    // A profile of 300 MB that does not belong to any pixel.
    let profile = [b"x\0\0".to_vec(), zeros(300 << 20)].concat();
    let pixels = (b"IDAT", zeros(11 * 10));
    let bytes = png(&[
        header(10, 10, 8, 0),
        (b"iCCP", profile),
        pixels,
        end.clone(),
    ]);
    match decode(&bytes, &SMALL) {
        Ok(decoded) => assert_eq!(decoded.picture.width(), 10),
        Err(error) => assert_eq!(error.code(), "limit_exceeded", "{error}"),
    }
    // A small file of many pixels that are allowed.
    let bytes = png(&[
        header(6_000, 6_000, 1, 0),
        (b"IDAT", zeros(751 * 6_000)),
        end,
    ]);
    assert!(bytes.len() < 20_000, "{} bytes", bytes.len());
    let decoded = decode(&bytes, &Limits::default()).expect("36 megapixels");
    assert_eq!(decoded.picture.data().len(), 36_000_000);
    assert!(start.elapsed().as_secs() < 10, "{:?}", start.elapsed());
}

fn sentence(bytes: &[u8]) -> String {
    decode(bytes, &Limits::default())
        .expect_err("a refusal")
        .to_string()
}

#[test]
fn a_gif_needs_a_frame_that_is_there() {
    let empty = b"GIF89a\x03\0\x02\0\0\0\0;";
    assert_eq!(
        sentence(empty),
        "The GIF file cannot be read: it holds no picture."
    );
    assert_eq!(
        sentence(&empty[..13]),
        "The GIF file cannot be read: it holds no picture."
    );
    let flat = b"GIF89a\0\0\x02\0\0\0\0;";
    assert_eq!(
        sentence(flat),
        "The GIF file cannot be read: its header says 0 x 2 pixels; at least 1 x 1 is needed."
    );
    // A frame far larger than the screen it is shown on.
    let frame = place_of("plain.gif", &[0x2C, 0, 0, 0, 0, 19]);
    let bytes = patched("plain.gif", &[(frame + 5, &[0xFF; 4])]);
    let error = decode(&bytes, &Limits::default()).expect_err("a huge frame");
    assert_eq!(error.code(), "limit_exceeded", "{error}");
}

#[test]
fn odd_varieties_are_refused_by_name() {
    let bits = entry_of("grey.tiff", 258) + 8;
    for odd in [2_u8, 3, 4, 6, 7, 12, 24, 32, 64, 255] {
        let error = sentence(&patched("grey.tiff", &[(bits, &[odd])]));
        assert!(
            error.starts_with(&format!("TIFF file is one of {odd} bits per channel, ")),
            "{error}"
        );
    }
    let frame = place_of("rgb.jpeg", &[0xFF, 0xC0]) + 1;
    for (marker, name) in [
        (0xC3, "lossless"),
        (0xC6, "hierarchical"),
        (0xC9, "arithmetic"),
    ] {
        let error = sentence(&patched("rgb.jpeg", &[(frame, &[marker])]));
        assert!(
            error.starts_with(&format!("JPEG file is one with {name} coding, ")),
            "{error}"
        );
    }
    let error = sentence(&patched("rgb.jpeg", &[(frame + 3, &[12])]));
    assert!(
        error.starts_with("JPEG file is one of 12 bits per channel, "),
        "{error}"
    );
}

#[test]
fn limits_hold_to_the_byte_and_the_pixel() {
    let bytes = file("rgb.png");
    let exact = Limits {
        bytes: bytes.len(),
        pixels: 19 * 13,
    };
    assert!(decode(&bytes, &exact).is_ok());
    let error = decode(
        &bytes,
        &Limits {
            bytes: exact.bytes - 1,
            ..exact
        },
    )
    .expect_err("bytes");
    assert_eq!(error.code(), "limit_exceeded");
    assert_eq!(error.detail().field.as_deref(), Some("PNG file"));
    let error = decode(
        &bytes,
        &Limits {
            pixels: exact.pixels - 1,
            ..exact
        },
    )
    .expect_err("pixels");
    assert_eq!(error.code(), "limit_exceeded");
    assert_eq!(error.detail().field.as_deref(), Some("PNG picture"));
    // What is not a picture is named rather than measured.
    let long = [b"%PDF-1.7".to_vec(), vec![0; 5 << 20]].concat();
    assert!(sentence(&long).starts_with("picture is a PDF document"));
}

#[test]
fn what_is_no_picture_is_said() {
    assert_eq!(
        sentence(b""),
        "The picture cannot be read: the file is empty."
    );
    assert_eq!(
        sentence(&[0xAB; 100]),
        "The picture cannot be read: its content is none of those that can be read, which are PNG, JPEG, GIF, WebP, BMP and TIFF files."
    );
    assert_eq!(
        sentence(b"<!doctype html><title>Not found</title>"),
        "picture is an HTML page, not the picture itself, which this version cannot do; allowed: PNG, JPEG, GIF, WebP, BMP and TIFF files."
    );
}
