//! The columns of a file, and its rows as numbers.

use super::number::{Cell, Marks, classify, decimal, finite, pixels};
use super::record::Record;
use super::{ImportLimits, ImportOptions};
use crate::error::{Error, Result, shorten};
use crate::frames::report::{Layout, Problem, Reason};

/// The fewest columns of pixels of an image.
const FEWEST: usize = 2;

/// The columns of a file.
#[derive(Debug)]
pub(super) struct Table {
    marks: Marks,
    /// What the columns are called; counted names when the file has none.
    names: Vec<String>,
    /// Which column holds the depths.
    depth: usize,
    /// Whether the first column is left out.
    skips_first: bool,
    /// How many columns without a name follow, which must be empty.
    spare: usize,
    has_header: bool,
}

/// What a row is.
#[derive(Debug, PartialEq)]
pub(super) enum Row {
    /// A depth; the pixels are where the caller wanted them.
    Good(f32),
    /// Every cell is empty.
    Blank,
    /// Something is wrong with a column, or with all of the row.
    Bad(Reason, Option<usize>, String),
}

impl Table {
    /// The columns that the first row of a file tells, and what is to be said of them.
    pub(super) fn of(
        first: &Record,
        line: u64,
        marks: Marks,
        limits: &ImportLimits,
    ) -> Result<(Self, Vec<String>)> {
        let has_header = is_header(first, marks.decimal);
        let mut names = Vec::new();
        let mut spare = 0;
        if has_header {
            let used = first
                .cells()
                .rposition(|cell| !cell.trim_ascii().is_empty());
            let used = used.map_or(0, |last| last + 1);
            spare = first.len() - used;
            for (at, cell) in first.cells().take(used).enumerate() {
                let name = std::str::from_utf8(cell).map_err(|_| {
                    unreadable(format!(
                        "the name of column {} on line {line} is not in UTF-8 ({}); save the file as UTF-8",
                        at + 1,
                        quoted(cell)
                    ))
                })?;
                names.push(name.split_whitespace().collect::<Vec<_>>().join(" "));
            }
        }
        let columns = if has_header { names.len() } else { first.len() };
        let mut notes = Vec::new();
        let named: Vec<usize> = (0..names.len())
            .filter(|&at| names[at].eq_ignore_ascii_case("depth"))
            .collect();
        if let [one, other, ..] = named[..] {
            return Err(unreadable(format!(
                "columns {} and {} are both called {}; only one column can hold the depths",
                one + 1,
                other + 1,
                names[one]
            )));
        }
        let depth = named.first().copied().unwrap_or(0);
        let skips_first = depth > 0 && names[0].is_empty();
        if !has_header {
            names = (0..columns)
                .map(|at| {
                    if at == 0 {
                        "depth".into()
                    } else {
                        format!("col{at}")
                    }
                })
                .collect();
            notes.push(
                "The file has no header: its first row holds numbers only. The first column was taken as the depth."
                    .into(),
            );
        } else if named.is_empty() {
            notes.push(format!(
                "No column is called depth; the first one ({}) was taken as the depth.",
                quoted(names[0].as_bytes())
            ));
        } else if skips_first {
            notes.push(
                "The first column has no name and was left out; it looks like the row numbers of a data frame."
                    .into(),
            );
        }
        if marks.decimal == b',' {
            notes.push("Commas were read as decimal marks.".into());
        }
        let table = Self {
            marks,
            names,
            depth,
            skips_first,
            spare,
            has_header,
        };
        let found = table.pixel_columns();
        if columns < 2 {
            return Err(unreadable(format!(
                "its first row has a single column; a column of depths and at least {FEWEST} columns of pixels are \
                 needed, with a comma, a semicolon or a tab between them"
            )));
        }
        if found < FEWEST {
            return Err(unreadable(format!(
                "its first row has {found} column of pixels beside the depth; at least {FEWEST} are needed"
            )));
        }
        if found > limits.columns {
            return Err(too_many_columns(found, limits.columns));
        }
        Ok((table, notes))
    }

    /// Whether the first row of the file holds names and not values.
    pub(super) fn has_header(&self) -> bool {
        self.has_header
    }

    /// How many columns hold pixels.
    pub(super) fn pixel_columns(&self) -> usize {
        (self.names.len() - 1).saturating_sub(usize::from(self.skips_first))
    }

    /// What a report says of it.
    pub(super) fn layout(&self, gzip: bool) -> Layout {
        Layout {
            delimiter: char::from(self.marks.delimiter).into(),
            decimal: char::from(self.marks.decimal).into(),
            header: self.has_header,
            depth_column: shorten(&self.names[self.depth]),
            depth_position: self.depth + 1,
            pixel_columns: self.pixel_columns(),
            gzip,
        }
    }

    /// Reads the row at the start of `text` if it is a plain one, and returns its depth and
    /// where its last cell ends.
    pub(super) fn plain_row(&self, text: &[u8], row: &mut [f32]) -> Option<(f32, usize)> {
        let marks = self.marks;
        let mut at = 0;
        if self.skips_first {
            let end = text.iter().position(|byte| {
                matches!(byte, b'\n' | b'\r' | b'"') || *byte == marks.delimiter
            })?;
            if text[end] != marks.delimiter {
                return None;
            }
            at = end + 1;
        }
        let (before, after) = row.split_at_mut(self.depth - usize::from(self.skips_first));
        at = pixels(text, at, marks, before, false)?;
        let (depth, end) = decimal(text, at, marks)?;
        let depth = finite(depth)?;
        if after.is_empty() {
            return self.ends_row(text, end).then_some((depth, end));
        }
        if text.get(end) != Some(&marks.delimiter) {
            return None;
        }
        let end = pixels(text, end + 1, marks, after, true)?;
        self.ends_row(text, end).then_some((depth, end))
    }

    fn ends_row(&self, text: &[u8], at: usize) -> bool {
        matches!(text.get(at), Some(b'\n' | b'\r'))
    }

    /// Reads a row of any form.
    pub(super) fn row(&self, record: &Record, row: &mut [f32]) -> Row {
        if record.is_blank() {
            return Row::Blank;
        }
        let columns = self.names.len();
        let surplus = record.cells().skip(columns);
        let blank_surplus = surplus.clone().all(|cell| cell.trim_ascii().is_empty());
        let wrong_count = record.len() < columns || surplus.len() > self.spare || !blank_surplus;
        if self.has_header && self.is_another_header(record) {
            let message = "holds no number: another header".into();
            return Row::Bad(Reason::Header, None, message);
        }
        if wrong_count {
            let message = format!(
                "has {} where the first row has {columns}",
                cells(record.len())
            );
            return Row::Bad(Reason::CellCount, None, message);
        }
        let mut depth = 0.0;
        let mut values = row.iter_mut();
        for (at, cell) in record.cells().take(columns).enumerate() {
            if at == 0 && self.skips_first {
                continue;
            }
            let (reason, is) = match classify(cell, self.marks.decimal) {
                Cell::Number(number) => {
                    // Classified numbers are finite when kept.
                    let number = number as f32 + 0.0;
                    if at == self.depth {
                        depth = number;
                    } else if let Some(value) = values.next() {
                        *value = number;
                    }
                    continue;
                }
                Cell::Empty => (Reason::Missing, "is empty".into()),
                Cell::NotFinite => (
                    Reason::NotFinite,
                    format!("holds {}, which is not a finite number", quoted(cell)),
                ),
                Cell::Text => (
                    Reason::NotANumber,
                    format!(
                        "holds {}, which is not a number{}",
                        quoted(cell),
                        self.hint(cell)
                    ),
                ),
            };
            return Row::Bad(reason, Some(at), is);
        }
        Row::Good(depth)
    }

    /// What may help with a cell that is not a number.
    fn hint(&self, cell: &[u8]) -> &'static str {
        let other = if self.marks.decimal == b'.' {
            b','
        } else {
            b'.'
        };
        match classify(cell, other) {
            Cell::Number(_) if other == b',' => "; decimals are read behind a point in this file",
            Cell::Number(_) => "; decimals are read behind a comma in this file",
            _ => "",
        }
    }

    /// Whether a row has text and no number at all.
    fn is_another_header(&self, record: &Record) -> bool {
        let mut text = false;
        for cell in record.cells() {
            match classify(cell, self.marks.decimal) {
                Cell::Text => text = true,
                Cell::Empty => {}
                Cell::Number(_) | Cell::NotFinite => return false,
            }
        }
        text && record.len() >= self.names.len()
    }

    /// The first value outside 0 to 255 and its column.
    pub(super) fn outside(&self, row: &[f32]) -> Option<(usize, f32)> {
        let at = row
            .iter()
            .position(|value| !(0.0..=255.0).contains(value))?;
        Some((self.column_of(at), row[at]))
    }

    /// The column of the file that a pixel comes from.
    fn column_of(&self, pixel: usize) -> usize {
        let at = pixel + usize::from(self.skips_first);
        at + usize::from(at >= self.depth)
    }

    /// Where something is, as part of a sentence.
    pub(super) fn place(&self, line: u64, column: Option<usize>) -> String {
        match column {
            None => format!("line {line}"),
            Some(at) => {
                let name = &self.names[at];
                if name.is_empty() {
                    return format!("line {line}, column {}", at + 1);
                }
                format!("line {line}, column {} ({})", at + 1, shorten(name))
            }
        }
    }

    /// A problem for the report.
    pub(super) fn problem(
        &self,
        line: u64,
        column: Option<usize>,
        reason: Reason,
        what: &str,
    ) -> Problem {
        let message = format!("{} {what}.", self.place(line, column));
        Problem {
            line: Some(line),
            column: column.map(|at| at + 1),
            reason,
            message: capital(&message),
        }
    }

    /// Which column holds the depths.
    pub(super) fn depth_column(&self) -> usize {
        self.depth
    }

    /// Whether rows have as many cells as commas before decimals would make of the columns.
    pub(super) fn looks_like_decimal_commas(&self, cells: usize) -> bool {
        let columns = self.names.len();
        self.marks.delimiter == b',' && (cells == 2 * columns || cells == columns + 1)
    }
}

/// The width that the image shall have.
pub(super) fn width(table: &Table, options: &ImportOptions) -> Result<usize> {
    let most = crate::frames::MOST_WIDTH;
    match options.width {
        Some(width) => Ok(width),
        None if table.pixel_columns() <= most => Ok(table.pixel_columns()),
        None => Err(too_many_columns(table.pixel_columns(), most)),
    }
}

/// Whether a first row names columns.
fn is_header(first: &Record, decimal: u8) -> bool {
    let kinds: Vec<Cell> = first.cells().map(|cell| classify(cell, decimal)).collect();
    let text = kinds.iter().filter(|kind| **kind == Cell::Text).count();
    if text > 0 {
        // A single odd cell in a row of numbers is a mistake in it.
        return kinds[0] == Cell::Text || text * 2 >= kinds.len();
    }
    // Counted columns beside an index without a name.
    let counts = kinds[1..]
        .windows(2)
        .all(|pair| matches!(pair, [Cell::Number(one), Cell::Number(next)] if one + 1.0 == *next));
    kinds[0] == Cell::Empty && kinds.len() > 2 && counts
}

fn cells(count: usize) -> String {
    if count == 1 {
        "1 cell".into()
    } else {
        format!("{count} cells")
    }
}

/// A cell for a message.
pub(super) fn quoted(cell: &[u8]) -> String {
    // What is cut off here would be cut off anyway, and may be long.
    let start = &cell[..cell.len().min(1_000)];
    format!("{:?}", shorten(String::from_utf8_lossy(start).trim()))
}

/// A sentence begins with a capital letter.
pub(super) fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(letters).collect()
    })
}

/// A file that cannot be read; the importer knows its name.
pub(super) fn unreadable(reason: String) -> Error {
    Error::InvalidFile {
        file: String::new(),
        reason,
    }
}

fn too_many_columns(found: usize, most: usize) -> Error {
    Error::LimitExceeded {
        field: "The number of pixel columns".into(),
        value: found.to_string(),
        allowed: most.to_string(),
    }
}
