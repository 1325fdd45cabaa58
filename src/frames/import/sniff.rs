//! What the beginning of a file tells: whether it is CSV at all, and what stands between
//! its cells.

use super::number::{Cell, Marks, classify};

/// How much of a file is looked at: the same much however its bytes arrive.
pub(super) const LOOKED_AT: usize = 1 << 16;

/// The mark that some programs put before text in UTF-8.
pub(super) const UTF8_MARK: &[u8] = b"\xef\xbb\xbf";

/// What else a file may be, by what it begins with.
const KINDS: [(&[u8], &str); 14] = [
    (b"\x89PNG", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"GIF8", "a GIF picture"),
    (
        b"PK\x03\x04",
        "a zip archive or an Excel workbook; save the sheet as CSV",
    ),
    (
        b"\xd0\xcf\x11\xe0",
        "an old Excel workbook; save the sheet as CSV",
    ),
    (b"%PDF", "a PDF document"),
    (b"\x1f\x8b", "compressed with gzip twice; unpack it once"),
    (
        b"BZh",
        "compressed with bzip2; unpack it, or compress it with gzip",
    ),
    (
        b"\xfd7zXZ",
        "compressed with xz; unpack it, or compress it with gzip",
    ),
    (
        b"\x28\xb5\x2f\xfd",
        "compressed with zstd; unpack it, or compress it with gzip",
    ),
    (b"PAR1", "a Parquet file; save it as CSV"),
    (b"~V", "a LAS file; save the image as CSV"),
    (b"<", "a page in HTML or XML"),
    (b"{", "JSON"),
];

/// Why the text is not CSV in UTF-8, if it is not.
pub(super) fn refusal(start: &[u8]) -> Option<String> {
    if start.is_empty() {
        return Some("it is empty".into());
    }
    if start.starts_with(b"\xff\xfe") || start.starts_with(b"\xfe\xff") {
        return Some("it is text in UTF-16; save it as UTF-8".into());
    }
    let text = start.strip_prefix(UTF8_MARK).unwrap_or(start);
    let begins = |(mark, _): &&(&[u8], &str)| text.starts_with(mark);
    if let Some((_, kind)) = KINDS.iter().find(begins) {
        return Some(format!("it is not CSV but {kind}"));
    }
    let zeros = text.iter().filter(|&&byte| byte == 0).count();
    if zeros == 0 {
        return None;
    }
    // In UTF-16 every other byte of such text is zero.
    Some(if zeros * 3 > text.len() && zeros * 3 < text.len() * 2 {
        "it is text in UTF-16; save it as UTF-8".into()
    } else {
        "it is not text: it has bytes of zero".into()
    })
}

/// What stands between cells, and before decimals. `None`: no cell ends in the first row.
pub(super) fn marks(text: &[u8]) -> Option<Marks> {
    let (delimiter, rows) = match excel_delimiter(text) {
        Some((delimiter, rest)) => (delimiter, rest),
        None => (delimiter(text)?, text),
    };
    Some(Marks {
        delimiter,
        decimal: decimal(rows, delimiter),
    })
}

/// The first line of some files says what follows: `sep=;`. Returns it and the rest.
pub(super) fn excel_delimiter(text: &[u8]) -> Option<(u8, &[u8])> {
    let rest = text.strip_prefix(b"sep=")?;
    let (&delimiter, rest) = rest.split_first()?;
    let rest = rest.strip_prefix(b"\r").unwrap_or(rest);
    let rest = rest.strip_prefix(b"\n")?;
    matches!(delimiter, b',' | b';' | b'\t').then_some((delimiter, rest))
}

fn delimiter(text: &[u8]) -> Option<u8> {
    // Rarest first: names with a semicolon or a tab in them are rare, numbers with a
    // comma in them are not.
    const DELIMITERS: [u8; 3] = [b'\t', b';', b','];
    let mut counts = [0_usize; DELIMITERS.len()];
    let mut quoted = false;
    let mut start = true;
    for &byte in text {
        if byte == b'"' && (quoted || start) {
            quoted = !quoted;
        } else if !quoted {
            if matches!(byte, b'\n' | b'\r') {
                if counts != [0; 3] || !start {
                    break;
                }
                continue;
            }
            if let Some(which) = DELIMITERS.iter().position(|&mark| mark == byte) {
                counts[which] += 1;
                start = true;
                continue;
            }
        }
        start = false;
    }
    let often = counts.iter().position(|&count| count >= 2);
    let any = counts.iter().position(|&count| count >= 1);
    often.or(any).map(|which| DELIMITERS[which])
}

/// A comma stands before decimals when it can, and when no number has a point.
fn decimal(text: &[u8], delimiter: u8) -> u8 {
    if delimiter == b',' {
        return b'.';
    }
    let cells = text.split(|&byte| byte == delimiter || byte == b'\n' || byte == b'\r');
    let mut commas = false;
    for cell in cells {
        let cell = cell.trim_ascii();
        let cell = cell.strip_prefix(b"\"").unwrap_or(cell);
        let cell = cell.strip_suffix(b"\"").unwrap_or(cell);
        let is_number = |decimal| matches!(classify(cell, decimal), Cell::Number(_));
        if cell.contains(&b'.') && is_number(b'.') {
            return b'.';
        }
        commas |= cell.contains(&b',') && is_number(b',');
    }
    if commas { b',' } else { b'.' }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn delimiters_are_told_by_the_first_row() {
        let cases = [
            ("depth,col1,col2\n1,2,3\n", Some(b',')),
            ("depth;col1;col2\n1,5;2;3\n", Some(b';')),
            ("depth\tcol1\tcol2\n", Some(b'\t')),
            ("9000,1;12,5;13,5\n", Some(b';')),
            ("\n\r\ndepth,a;b,c\n", Some(b',')),
            ("\"a;b;c\",col1,col2\n", Some(b',')),
            ("\"a\nb\";c;d\n1,2,3,4,5,6\n", Some(b';')),
            ("depth,col1\n", Some(b',')),
            ("depth\n1,2,3\n", None),
            ("depth|col1|col2\n", None),
            ("sep=;\r\ndepth,x;col1;col2\n", Some(b';')),
        ];
        for (text, expected) in cases {
            let found = marks(text.as_bytes()).map(|marks| marks.delimiter);
            assert_eq!(found, expected, "{text:?}");
        }
    }

    #[test]
    fn a_comma_stands_before_decimals_when_nothing_speaks_against_it() {
        let cases = [
            ("depth;a;b\n9000,1;12;13\n", b','),
            ("depth;a;b\n9000.1;12;13\n", b'.'),
            ("depth;a;b\n9000,1;12.5;13\n", b'.'),
            ("depth;a,b;c\n9000;12;13\n", b'.'),
            ("depth\ta\tb\n\"9000,1\"\t12\t13\n", b','),
            ("depth,a,b\n9000,1,12,13\n", b'.'),
        ];
        for (text, expected) in cases {
            let found = marks(text.as_bytes()).map(|marks| marks.decimal);
            assert_eq!(found, Some(expected), "{text:?}");
        }
    }

    #[test]
    fn other_files_are_named() {
        let cases: [(&[u8], &str); 9] = [
            (b"", "it is empty"),
            (b"\xff\xfed\0e\0", "UTF-16"),
            (b"d\0e\0p\0t\0h\0,\0", "UTF-16"),
            (b"\x89PNG\r\n\x1a\n", "PNG"),
            (b"PK\x03\x04", "Excel"),
            (b"<!DOCTYPE html>", "HTML"),
            (b"\xef\xbb\xbf{\"a\": 1}", "JSON"),
            (b"~Version\n", "LAS"),
            (b"abc\0def,ghi,jkl", "bytes of zero"),
        ];
        for (start, expected) in cases {
            let reason = refusal(start).unwrap_or_default();
            assert!(reason.contains(expected), "{start:?}: {reason:?}");
        }
        assert_eq!(refusal(b"\xef\xbb\xbfdepth,a,b\n"), None);
    }
}
