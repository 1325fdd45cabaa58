//! Records of any form: quoted cells, line breaks within them, empty lines.

/// Where a record was left when its bytes ran out.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Scan {
    /// Bytes of the record that have been looked at.
    seen: usize,
    state: State,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum State {
    /// At the start of a cell, perhaps behind spaces.
    #[default]
    Start,
    /// In a cell without quotes, or behind the closing quote.
    Plain,
    /// Between quotes.
    Quoted,
    /// Behind a quote that closes, unless another follows.
    Closing,
}

/// Where a record ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Ended {
    /// Behind its last byte.
    pub(super) end: usize,
    /// At the first byte of the next one.
    pub(super) next: usize,
}

impl Scan {
    /// Whether a part of the record has been looked at.
    pub(super) fn has_begun(&self) -> bool {
        self.seen > 0
    }

    /// Whether the bytes ran out between quotes.
    pub(super) fn is_quoted(&self) -> bool {
        self.state == State::Quoted
    }

    /// Looks for the end of the record that starts with `text`, going on where it left off.
    pub(super) fn find_end(&mut self, text: &[u8], delimiter: u8, ended: bool) -> Option<Ended> {
        while let Some(&byte) = text.get(self.seen) {
            self.state = match (self.state, byte) {
                (State::Quoted, b'"') => State::Closing,
                (State::Quoted, _) | (State::Closing, b'"') => State::Quoted,
                (_, b'\n') => {
                    return Some(Ended {
                        end: self.seen,
                        next: self.seen + 1,
                    });
                }
                (_, b'\r') => {
                    let next = match text.get(self.seen + 1) {
                        Some(b'\n') => self.seen + 2,
                        None if !ended => return None,
                        _ => self.seen + 1,
                    };
                    return Some(Ended {
                        end: self.seen,
                        next,
                    });
                }
                (_, byte) if byte == delimiter => State::Start,
                (State::Start, b'"') => State::Quoted,
                (State::Start, b' ') => State::Start,
                _ => State::Plain,
            };
            self.seen += 1;
        }
        let complete = ended && self.state != State::Quoted && !text.is_empty();
        complete.then_some(Ended {
            end: text.len(),
            next: text.len(),
        })
    }
}

/// The cells of a record, without their quotes.
#[derive(Clone, Debug, Default)]
pub(super) struct Record {
    text: Vec<u8>,
    /// Where each cell ends.
    ends: Vec<usize>,
}

impl Record {
    /// Splits a record.
    pub(super) fn split(&mut self, record: &[u8], delimiter: u8) {
        self.text.clear();
        self.ends.clear();
        let mut state = State::Start;
        for &byte in record {
            state = match (state, byte) {
                (State::Quoted, b'"') => State::Closing,
                (State::Closing, b'"') => {
                    self.text.push(b'"');
                    State::Quoted
                }
                (State::Quoted, _) => {
                    self.text.push(byte);
                    State::Quoted
                }
                (_, byte) if byte == delimiter => {
                    self.ends.push(self.text.len());
                    State::Start
                }
                (State::Start, b'"') => State::Quoted,
                (State::Start, b' ') => State::Start,
                _ => {
                    self.text.push(byte);
                    State::Plain
                }
            };
        }
        self.ends.push(self.text.len());
    }

    /// How many cells there are: at least one.
    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }

    /// A cell.
    pub(super) fn cell(&self, at: usize) -> &[u8] {
        let start = at.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.text[start..self.ends[at]]
    }

    /// All cells.
    pub(super) fn cells(
        &self,
    ) -> impl DoubleEndedIterator<Item = &[u8]> + ExactSizeIterator + Clone {
        (0..self.len()).map(|at| self.cell(at))
    }

    /// Whether every cell is empty.
    pub(super) fn is_blank(&self) -> bool {
        self.text.trim_ascii().is_empty()
    }
}

/// How many lines a record and the line break behind it have.
pub(super) fn lines(record: &[u8]) -> u64 {
    let mut lines = 1;
    let mut bytes = record.iter().peekable();
    while let Some(byte) = bytes.next() {
        lines += u64::from(match byte {
            b'\n' => true,
            b'\r' => bytes.peek() != Some(&&b'\n'),
            _ => false,
        });
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cells(record: &str) -> Vec<String> {
        let mut split = Record::default();
        split.split(record.as_bytes(), b',');
        let text = |cell: &[u8]| String::from_utf8(cell.to_vec()).unwrap();
        split.cells().map(text).collect()
    }

    #[test]
    fn quotes_are_taken_off() {
        assert_eq!(cells("a,b,c"), ["a", "b", "c"]);
        assert_eq!(cells(""), [""]);
        assert_eq!(cells(",,"), ["", "", ""]);
        assert_eq!(
            cells(r#""a,b","c""d", "e" ,f"g"#),
            ["a,b", "c\"d", "e ", "f\"g"]
        );
        assert_eq!(cells("\"two\nlines\",2"), ["two\nlines", "2"]);
    }

    #[test]
    fn a_record_ends_at_a_line_break_outside_quotes_wherever_it_is_cut() {
        let cases = [
            ("a,b\nc", 3, 4),
            ("a,b\r\nc", 3, 5),
            ("a,b\rc", 3, 4),
            ("\"a\nb\",c\nd", 7, 8),
            ("\"a\"\"\n\",c\r\nd", 9, 11),
            (" \"x\n\"\ny", 5, 6),
            ("x\"\ny", 2, 3),
        ];
        for (text, end, next) in cases {
            let mut scan = Scan::default();
            let mut found = None;
            for cut in 0..=text.len() {
                found = found.or(scan.find_end(&text.as_bytes()[..cut], b',', false));
            }
            assert_eq!(found, Some(Ended { end, next }), "{text:?}");
        }
        let mut open = Scan::default();
        assert_eq!(open.find_end(b"\"a\n", b',', true), None);
        assert!(open.is_quoted());
        let whole = Some(Ended { end: 1, next: 1 });
        assert_eq!(Scan::default().find_end(b"a", b',', true), whole);
        assert_eq!(Scan::default().find_end(b"", b',', true), None);
    }

    #[test]
    fn lines_are_counted_whatever_ends_them() {
        for (record, expected) in [("a", 1), ("a\nb", 2), ("a\r\nb", 2), ("a\rb\n\nc", 4)] {
            assert_eq!(lines(record.as_bytes()), expected, "{record:?}");
        }
    }
}
