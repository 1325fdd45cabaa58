//! Numbers of cells: the usual short ones at once, all others exactly.

/// What a cell holds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Cell {
    /// A finite number.
    Number(f64),
    /// Nothing but spaces.
    Empty,
    /// NaN, an infinity, or a number beyond all bounds.
    NotFinite,
    /// Anything else.
    Text,
}

/// Ten to the power of 0 to 7: as exact as any number.
const TENS: [u64; 8] = [1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000];

/// Eight bytes from `at` on; those beyond the end of the text are 0.
#[inline(always)]
fn load(text: &[u8], at: usize) -> u64 {
    match text.get(at..at + 8) {
        Some(bytes) => u64::from_le_bytes(bytes.try_into().expect("eight bytes")),
        None => {
            let mut bytes = [0; 8];
            let rest = text.get(at..).unwrap_or_default();
            bytes[..rest.len()].copy_from_slice(rest);
            u64::from_le_bytes(bytes)
        }
    }
}

/// How many of the eight bytes are digits, from the first on.
#[inline(always)]
fn digits(word: u64) -> usize {
    // Digits become 0 to 9. Adding sets the top bit of whatever is larger; what it carries
    // over only reaches bytes behind the first that is no digit.
    let values = word ^ 0x3030_3030_3030_3030;
    let above = (values.wrapping_add(0x7676_7676_7676_7676) | values) & 0x8080_8080_8080_8080;
    above.trailing_zeros() as usize / 8
}

/// The number that the first `length` bytes spell, 1 to 7 digits.
#[inline(always)]
fn spelled(word: u64, length: usize) -> u64 {
    // Zeros in front do not change a number. The first digit is in the lowest byte.
    let digits = (word ^ 0x3030_3030_3030_3030) << (64 - 8 * length);
    let pairs = (digits.wrapping_mul(10)).wrapping_add(digits >> 8);
    let pairs = pairs & 0x00ff_00ff_00ff_00ff;
    let fours = (pairs.wrapping_mul(100)).wrapping_add(pairs >> 16) & 0x0000_ffff_0000_ffff;
    (fours.wrapping_mul(10_000)).wrapping_add(fours >> 32) & 0xffff_ffff
}

/// What stands between and within cells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Marks {
    /// Between cells.
    pub(super) delimiter: u8,
    /// Before decimals.
    pub(super) decimal: u8,
}

impl Marks {
    #[inline(always)]
    fn ends_cell(self, byte: u8) -> bool {
        byte == self.delimiter || byte == b'\n' || byte == b'\r'
    }
}

/// Reads numbers from `at` on, a cell each, into `row`; each cell but the last must be
/// followed by a delimiter. Returns where the last one ends, or nothing when a cell is
/// anything but a plain number: then the row needs a closer look.
#[inline(always)]
pub(super) fn pixels(
    text: &[u8],
    mut at: usize,
    marks: Marks,
    row: &mut [f32],
    last: bool,
) -> Option<usize> {
    let count = row.len();
    for (number, value) in row.iter_mut().enumerate() {
        let word = load(text, at);
        let length = digits(word);
        let end = if length.wrapping_sub(1) < 7 {
            let stop = (word >> (8 * length)) as u8;
            if marks.ends_cell(stop) {
                *value = spelled(word, length) as i32 as f32;
                at + length
            } else {
                let (long, end) = decimal(text, at, marks)?;
                *value = finite(long)?;
                end
            }
        } else {
            let (long, end) = decimal(text, at, marks)?;
            *value = finite(long)?;
            end
        };
        if last && number + 1 == count {
            return Some(end);
        }
        if text.get(end) != Some(&marks.delimiter) {
            return None;
        }
        at = end + 1;
    }
    Some(at)
}

/// The number as it is kept, if it is finite.
#[inline(always)]
pub(super) fn finite(number: f64) -> Option<f32> {
    // Adding zero takes the sign off a zero, so that equal numbers have equal bits.
    let kept = number as f32 + 0.0;
    kept.is_finite().then_some(kept)
}

/// Reads one number of any form and returns it with where its cell ends.
#[inline]
pub(super) fn decimal(text: &[u8], at: usize, marks: Marks) -> Option<(f64, usize)> {
    let word = load(text, at);
    let whole = digits(word);
    if whole.wrapping_sub(1) < 7 && (word >> (8 * whole)) as u8 == marks.decimal {
        let start = at + whole + 1;
        let rest = load(text, start);
        let length = digits(rest);
        if length < 8 && marks.ends_cell((rest >> (8 * length)) as u8) {
            let decimals = if length > 0 { spelled(rest, length) } else { 0 };
            // At most fourteen digits divided by a power of ten: both exact, so the
            // quotient is the nearest number there is.
            let digits = spelled(word, whole) * TENS[length] + decimals;
            return Some((digits as f64 / TENS[length] as f64, start + length));
        }
    }
    let length = text[at.min(text.len())..]
        .iter()
        .position(|&byte| marks.ends_cell(byte))?;
    let cell = &text[at..at + length];
    match classify(cell, marks.decimal) {
        Cell::Number(number) => Some((number, at + length)),
        _ => None,
    }
}

/// What a cell holds, exactly.
pub(super) fn classify(cell: &[u8], decimal: u8) -> Cell {
    let cell = cell.trim_ascii();
    if cell.is_empty() {
        return Cell::Empty;
    }
    if !is_number(cell, decimal) {
        let word = cell.strip_prefix(b"-").or(cell.strip_prefix(b"+"));
        let word = word.unwrap_or(cell);
        let words: [&[u8]; 6] = [
            b"nan",
            b"inf",
            b"infinity",
            b"1.#inf",
            b"1.#qnan",
            b"1.#ind",
        ];
        let known = words.iter().any(|known| word.eq_ignore_ascii_case(known));
        return if known { Cell::NotFinite } else { Cell::Text };
    }
    // Only ASCII, as it has the form of a number.
    let mut text: String = cell.iter().map(|&byte| char::from(byte)).collect();
    if decimal != b'.' {
        text = text.replace(char::from(decimal), ".");
    }
    match text.parse::<f64>() {
        Ok(number) if number.is_finite() && (number as f32).is_finite() => Cell::Number(number),
        Ok(_) => Cell::NotFinite,
        Err(_) => Cell::Text,
    }
}

/// Whether a cell has the form of a number: a sign, digits with a decimal mark among
/// them, an exponent.
fn is_number(cell: &[u8], decimal: u8) -> bool {
    let sign = |text: &mut &[u8]| {
        if let [b'+' | b'-', rest @ ..] = *text {
            *text = rest;
        }
    };
    let digits = |text: &mut &[u8]| {
        let count = text.iter().take_while(|byte| byte.is_ascii_digit()).count();
        *text = &text[count..];
        count
    };
    let mut rest = cell;
    sign(&mut rest);
    let mut found = digits(&mut rest);
    if rest.first() == Some(&decimal) {
        rest = &rest[1..];
        found += digits(&mut rest);
    }
    if found > 0
        && let [b'e' | b'E', exponent @ ..] = rest
    {
        rest = exponent;
        sign(&mut rest);
        if digits(&mut rest) == 0 {
            return false;
        }
    }
    found > 0 && rest.is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;

    const MARKS: Marks = Marks {
        delimiter: b',',
        decimal: b'.',
    };

    fn read(cell: &str) -> Option<f64> {
        let text = format!("{cell},");
        let (number, end) = decimal(text.as_bytes(), 0, MARKS)?;
        assert_eq!(end, cell.len(), "{cell}");
        Some(number)
    }

    fn read_pixel(cell: &str) -> Option<f32> {
        let mut row = [f32::NAN];
        pixels(format!("{cell}\n").as_bytes(), 0, MARKS, &mut row, true).map(|_| row[0])
    }

    #[test]
    fn numbers_are_the_nearest_there_are() {
        let texts = [
            "0",
            "7",
            "42",
            "186",
            "1234567",
            "12345678",
            "123456789012345678901234567890",
            "9000.1",
            "9546.0",
            "125.0",
            "125.",
            ".5",
            "0.1234567",
            "0.12345678",
            "1234567.7654321",
            "-999.25",
            "+3",
            "1e3",
            "1E-7",
            "2.5e+2",
            "  17 ",
            "0.30000000000000004",
            "-0",
            "00012",
            "179769313486231570000000000000000000000.5e-30",
            "1e-400",
        ];
        for text in texts {
            let expected: f64 = text.trim().parse().unwrap();
            assert_eq!(read(text), Some(expected), "{text}");
            assert_eq!(read_pixel(text), Some(expected as f32), "{text}");
        }
    }

    #[test]
    fn every_short_decimal_is_exact() {
        for whole in [0_u64, 9, 10, 255, 9_000, 999_999, 9_999_999] {
            for decimals in 0..2_000 {
                let text = format!("{whole}.{decimals:03}");
                assert_eq!(read(&text), Some(text.parse().unwrap()), "{text}");
            }
        }
    }

    #[test]
    fn what_is_no_number_is_told_apart() {
        let cases = [
            ("", Cell::Empty),
            (" \t", Cell::Empty),
            ("NaN", Cell::NotFinite),
            ("-inf", Cell::NotFinite),
            ("Infinity", Cell::NotFinite),
            ("1e400", Cell::NotFinite),
            ("-4e38", Cell::NotFinite),
            ("abc", Cell::Text),
            ("1e", Cell::Text),
            (".", Cell::Text),
            ("-", Cell::Text),
            ("e5", Cell::Text),
            ("1 2", Cell::Text),
            ("1,5", Cell::Text),
            ("0x10", Cell::Text),
            ("1_000", Cell::Text),
            ("12\u{a0}", Cell::Text),
        ];
        for (text, expected) in cases {
            assert_eq!(classify(text.as_bytes(), b'.'), expected, "{text:?}");
        }
        assert_eq!(classify(b"9000,1", b','), Cell::Number(9000.1));
        assert_eq!(classify(b"9000.1", b','), Cell::Text);
    }

    #[test]
    fn bytes_beyond_the_text_are_not_digits() {
        for length in 0..12 {
            let text = "1".repeat(length);
            assert_eq!(digits(load(text.as_bytes(), 0)), length.min(8));
        }
        assert_eq!(load(b"abc", 9), 0);
        assert_eq!(decimal(b"12", 0, MARKS), None, "an unfinished cell");
    }

    #[test]
    fn every_byte_that_is_no_digit_ends_the_digits() {
        for byte in 0..=u8::MAX {
            let word = u64::from_le_bytes([b'1', b'2', byte, b'9', 0xff, 0xb9, b'0', b'0']);
            let expected = if byte.is_ascii_digit() { 4 } else { 2 };
            assert_eq!(digits(word), expected, "{byte}");
        }
    }
}
