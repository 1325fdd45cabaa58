//! The bytes of a CSV file become rows.

mod gather;
mod number;
mod options;
mod record;
mod sniff;
mod source;
mod table;
mod text;

use super::merge::Merge;
use super::report::{Reason, Report};
use super::resample::MOST_WIDTH;
use super::rows::{Mapping, RowChunk};
use crate::error::{Error, Result};
use gather::Gather;
use number::Marks;
use record::{Ended, Record, Scan};
use source::{Source, Supply};
use table::{Row, Table};
use text::Text;

pub use options::{ImportLimits, ImportOptions, OutOfRange, Policy};

/// Reads a CSV file as its bytes arrive, in bounded memory.
///
/// ```no_run
/// # use digitlab::frames::*;
/// # async fn example(pieces: Vec<Vec<u8>>, staging: &mut impl Staging) -> digitlab::Result<()> {
/// let mut importer = Importer::new(ImportOptions::default())?;
/// let mut number = 0;
/// for piece in pieces {
///     importer.push(piece);
///     while let Some(chunk) = importer.next_chunk()? {
///         staging.write(number, chunk).await?;
///         number += 1;
///     }
/// }
/// importer.end();
/// while let Some(chunk) = importer.next_chunk()? {
///     staging.write(number, chunk).await?;
///     number += 1;
/// }
/// let Imported { merge, mapping, mut report, width } = importer.finish()?;
/// let chunks = match merge {
///     None => 0..number,
///     Some(merge) => merge.run(staging, &mut report).await?,
/// };
/// // The image is in these chunks, once `mapping` has been applied to their pixels.
/// # let _ = (chunks, mapping, width);
/// # Ok(())
/// # }
/// ```
///
/// The same bytes give the same chunks, however they are cut into pieces.
#[derive(Debug)]
pub struct Importer {
    options: ImportOptions,
    source: Source,
    text: Text,
    stage: Stage,
    /// The line on which the next row starts.
    line: u64,
    scan: Scan,
    record: Record,
    report: Report,
    /// What ended the import.
    failure: Option<Error>,
}

/// How far an import has come.
#[derive(Debug)]
enum Stage {
    /// Too little has been read to tell what stands between cells.
    Beginning,
    /// The first row is next.
    FirstRow(Marks),
    /// Rows are next.
    Rows(Box<Body>),
}

/// What reads rows.
#[derive(Debug)]
struct Body {
    table: Table,
    marks: Marks,
    gather: Gather,
    /// The pixels of the row at hand.
    row: Vec<f32>,
    /// The smallest and largest value of the file.
    range: [f32; 2],
    /// The depth of the row before.
    last: Option<f32>,
    /// Whether no depth is larger than the one before.
    falling: bool,
    /// Rows that look as if commas stood before their decimals.
    decimal_commas: u64,
    /// Whether the last chunk has been made.
    flushed: bool,
}

/// What is left when all rows have been handed out.
#[derive(Clone, Debug)]
pub struct Imported {
    /// What puts the chunks in order; `None` when they are, as they usually are.
    pub merge: Option<Merge>,
    /// What is to be done to every pixel.
    pub mapping: Mapping,
    /// What was read, kept and dropped. A merge completes it.
    pub report: Report,
    /// How many pixels a row of the image has.
    pub width: usize,
}

impl Importer {
    /// Starts an import.
    ///
    /// # Errors
    /// [`Error::InvalidParameter`] for a width outside 2 to 4096.
    pub fn new(options: ImportOptions) -> Result<Self> {
        if let Some(width) = options.width
            && !(2..=MOST_WIDTH).contains(&width)
        {
            let allowed = format!("whole numbers from 2 to {MOST_WIDTH} (columns)");
            return Err(Error::invalid("width", width, allowed));
        }
        Ok(Self {
            options,
            source: Source::new(),
            text: Text::default(),
            stage: Stage::Beginning,
            line: 1,
            scan: Scan::default(),
            record: Record::default(),
            report: Report::default(),
            failure: None,
        })
    }

    /// Hands in the next bytes of the file. Nothing is read from them before
    /// [`next_chunk`](Self::next_chunk) is called.
    pub fn push(&mut self, piece: Vec<u8>) {
        self.source.push(piece);
    }

    /// Says that there are no more bytes.
    pub fn end(&mut self) {
        self.source.end();
    }

    /// The next rows; `None` when more bytes are needed, or all have been read.
    ///
    /// # Errors
    /// [`Error::InvalidFile`] for a file that cannot be read or that the options refuse,
    /// [`Error::LimitExceeded`] for one that is too large. The import is over then.
    pub fn next_chunk(&mut self) -> Result<Option<RowChunk>> {
        if let Some(failure) = &self.failure {
            return Err(failure.clone());
        }
        self.advance().map_err(|error| {
            let error = self.named(error);
            self.failure = Some(error.clone());
            error
        })
    }

    /// Rows that have been read, for progress.
    pub fn rows_read(&self) -> u64 {
        self.report.rows_read
    }

    /// How many pixels a row of the image has, once that is known: with the first chunk.
    pub fn width(&self) -> Option<usize> {
        match &self.stage {
            Stage::Rows(body) => Some(body.gather.width()),
            Stage::Beginning | Stage::FirstRow(_) => None,
        }
    }

    /// Ends an import of which every chunk has been handed out.
    ///
    /// # Errors
    /// [`Error::InvalidFile`] when no row could be kept, what
    /// [`next_chunk`](Self::next_chunk) refuses, and [`Error::InvalidParameter`] when the end
    /// has not been [said](Self::end), or a chunk has not been asked for.
    pub fn finish(mut self) -> Result<Imported> {
        let left = self.next_chunk()?;
        if left.is_some() || !self.text.ended {
            let allowed = "an import that has come to its end, with all of its chunks taken";
            return Err(Error::invalid("import", "unfinished", allowed));
        }
        let unnamed = self.refuse_nothing();
        unnamed.map_err(|error| self.named(error))?;
        let Stage::Rows(body) = self.stage else {
            return Err(Error::file(self.options.name, "it has no rows"));
        };
        let mut report = self.report;
        report.layout = body.table.layout(self.source.is_gzip());
        report.rows_kept = body.gather.kept;
        report.bytes = self.source.bytes;
        report.text_bytes = self.source.text_bytes;
        [report.values.min, report.values.max] = body.range;
        report.depths = body.gather.steps.depths();
        report.depths.in_order = body.gather.in_order();
        let (mapping, note) = self.options.mapping(&report, body.gather.range());
        report.notes.extend(note);
        if !body.gather.in_order() {
            report.notes.push(if body.falling {
                "The depths ran from the deepest to the shallowest; the rows were sorted.".into()
            } else {
                "The rows were not in the order of their depths; they were sorted.".into()
            });
        }
        Ok(Imported {
            width: body.gather.width(),
            merge: body.gather.merge(),
            mapping,
            report,
        })
    }

    /// Why nothing was kept, if nothing was.
    fn refuse_nothing(&self) -> Result<()> {
        let Stage::Rows(body) = &self.stage else {
            return Ok(());
        };
        if body.gather.kept > 0 {
            return Ok(());
        }
        let rows = self.report.rows_read;
        let dropped = self.report.dropped;
        let filled = rows - dropped.empty;
        Err(table::unreadable(match self.report.problems.first() {
            _ if rows == 0 => "it has a header and no rows".into(),
            _ if filled == 0 => "every cell of its rows is empty".into(),
            _ if dropped.header == filled => "none of its rows holds a number".into(),
            _ if body.decimal_commas == filled => {
                "its rows have more cells than its header, as if commas stood both between cells and before decimals; \
                 save it with decimal points, or with semicolons between the cells"
                    .into()
            }
            Some(first) => {
                let mut message = first.message.clone();
                message.pop();
                format!("none of its rows can be used; the first problem: {message}")
            }
            None => "none of its rows can be used".into(),
        }))
    }

    /// The same error, with the name of the file.
    fn named(&self, error: Error) -> Error {
        match error {
            Error::InvalidFile { file, reason } if file.is_empty() => {
                Error::file(self.options.name.clone(), reason)
            }
            other => other,
        }
    }

    fn advance(&mut self) -> Result<Option<RowChunk>> {
        loop {
            if let Stage::Rows(body) = &mut self.stage
                && let Some(chunk) = body.gather.ready()
            {
                return Ok(Some(chunk));
            }
            if self.read()? {
                continue;
            }
            if self.text.ended {
                let Stage::Rows(body) = &mut self.stage else {
                    let reason = "it has no rows, only empty lines".into();
                    return Err(table::unreadable(reason));
                };
                if body.flushed {
                    return Ok(None);
                }
                body.flushed = true;
                body.gather.flush();
                self.report_equal();
            } else {
                let supply = self.text.fill(&mut self.source, &self.options.limits)?;
                if supply == Supply::Hungry {
                    return Ok(None);
                }
            }
        }
    }

    /// Reads what it can of the text at hand, at most until a chunk is ready. Says whether
    /// something was read.
    fn read(&mut self) -> Result<bool> {
        match &self.stage {
            Stage::Beginning => self.begin(),
            Stage::FirstRow(marks) => {
                let marks = *marks;
                self.first_row(marks)
            }
            Stage::Rows(_) => self.rows(),
        }
    }

    fn begin(&mut self) -> Result<bool> {
        let text = self.text.rest();
        if text.len() < sniff::LOOKED_AT && !self.text.ended {
            return Ok(false);
        }
        let start = &text[..text.len().min(sniff::LOOKED_AT)];
        if let Some(reason) = sniff::refusal(start) {
            return Err(table::unreadable(reason));
        }
        let mut used = 0;
        if start.starts_with(sniff::UTF8_MARK) {
            used = sniff::UTF8_MARK.len();
        }
        let start = &start[used..];
        let marks = sniff::marks(start);
        if let Some((_, rest)) = sniff::excel_delimiter(start) {
            used += start.len() - rest.len();
            self.line += 1;
        }
        self.stage = Stage::FirstRow(marks.unwrap_or(Marks {
            delimiter: b',',
            decimal: b'.',
        }));
        self.text.at += used;
        Ok(true)
    }

    /// The next record of any form, if it is complete: where it ends. Its cells are in
    /// `record` then.
    fn next_record(&mut self, delimiter: u8) -> Result<Option<Ended>> {
        let rest = self.text.rest();
        let most = self.options.limits.row_bytes;
        let found = self.scan.find_end(rest, delimiter, self.text.ended);
        // A carriage return may still turn out to be the start of the line break.
        let length = found.map_or(rest.len().saturating_sub(1), |found| found.end);
        if length > most {
            return Err(self.row_too_long());
        }
        match found {
            Some(found) => {
                self.record.split(&rest[..found.end], delimiter);
                self.scan = Scan::default();
            }
            None if self.text.ended && self.scan.is_quoted() => {
                return Err(table::unreadable(format!(
                    "a quote that opens in the row on line {} is never closed",
                    self.line
                )));
            }
            None => {}
        }
        Ok(found)
    }

    fn row_too_long(&self) -> Error {
        let most = source::bytes(self.options.limits.row_bytes as u64);
        Error::LimitExceeded {
            field: format!("The length of the row on line {}", self.line),
            value: format!("more than {most}"),
            allowed: most,
        }
    }

    fn first_row(&mut self, marks: Marks) -> Result<bool> {
        let Some(Ended { end, next }) = self.next_record(marks.delimiter)? else {
            return Ok(false);
        };
        let lines = record::lines(&self.text.rest()[..end]);
        if self.record.is_blank() {
            self.text.at += next;
            self.line += lines;
            return Ok(true);
        }
        let (table, notes) = Table::of(&self.record, self.line, marks, &self.options.limits)?;
        self.report.notes.extend(notes);
        if table.has_header() {
            self.text.at += next;
            self.line += lines;
        }
        let width = table::width(&table, &self.options)?;
        let pixels = table.pixel_columns();
        self.stage = Stage::Rows(Box::new(Body {
            gather: Gather::new(pixels, width, self.options.method)?,
            table,
            marks,
            row: vec![0.0; pixels],
            range: [f32::INFINITY, f32::NEG_INFINITY],
            last: None,
            falling: true,
            decimal_commas: 0,
            flushed: false,
        }));
        Ok(true)
    }

    fn rows(&mut self) -> Result<bool> {
        let mut any = false;
        loop {
            let Stage::Rows(body) = &mut self.stage else {
                return Ok(any);
            };
            if body.gather.has_ready() {
                return Ok(true);
            }
            let rest = &self.text.bytes[self.text.at..];
            if !self.scan.has_begun() {
                if self.text.at >= self.text.limit {
                    // A carriage return may still turn out to be the start of the line break.
                    if rest.len() > self.options.limits.row_bytes + 1 {
                        return Err(self.row_too_long());
                    }
                    return Ok(any);
                }
                if let Some((depth, end)) = body.table.plain_row(rest, &mut body.row) {
                    let pair = rest[end..].starts_with(b"\r\n");
                    if end > self.options.limits.row_bytes {
                        return Err(self.row_too_long());
                    }
                    self.text.at += end + 1 + usize::from(pair);
                    self.keep(depth)?;
                    self.line += 1;
                    any = true;
                    continue;
                }
            }
            let delimiter = body.marks.delimiter;
            let Some(Ended { end, next }) = self.next_record(delimiter)? else {
                return Ok(any);
            };
            let lines = record::lines(&self.text.rest()[..end]);
            self.text.at += next;
            self.odd_row()?;
            self.line += lines;
            any = true;
        }
    }

    /// Takes the record at hand, whatever form it has.
    fn odd_row(&mut self) -> Result<()> {
        let Stage::Rows(body) = &mut self.stage else {
            return Ok(());
        };
        match body.table.row(&self.record, &mut body.row) {
            Row::Good(depth) => return self.keep(depth),
            Row::Blank => self.report.dropped.empty += 1,
            Row::Bad(reason, column, what) => {
                if self.options.policy == Policy::Fail {
                    let place = body.table.place(self.line, column);
                    return Err(table::unreadable(format!("{place} {what}")));
                }
                if reason == Reason::CellCount
                    && body.table.looks_like_decimal_commas(self.record.len())
                {
                    body.decimal_commas += 1;
                }
                let problem = body.table.problem(self.line, column, reason, &what);
                self.report.problem(problem);
            }
        }
        self.count_row()
    }

    fn count_row(&mut self) -> Result<()> {
        self.report.rows_read += 1;
        let most = self.options.limits.rows;
        if self.report.rows_read > most {
            return Err(Error::LimitExceeded {
                field: "The number of rows".into(),
                value: format!("more than {most}"),
                allowed: most.to_string(),
            });
        }
        Ok(())
    }

    /// Takes the row at hand into the image.
    fn keep(&mut self, depth: f32) -> Result<()> {
        let Stage::Rows(body) = &mut self.stage else {
            return Ok(());
        };
        let [low, high] = gather::range(&body.row);
        let values = &mut self.report.values;
        body.range = [body.range[0].min(low), body.range[1].max(high)];
        if low < 0.0 || high > 255.0 {
            if self.options.values == OutOfRange::Refuse
                && let Some((column, value)) = body.table.outside(&body.row)
            {
                let place = body.table.place(self.line, Some(column));
                return Err(table::unreadable(format!(
                    "{place} holds {value}, and pixels go from 0 to 255; have such values clipped or all values rescaled"
                )));
            }
            for value in &mut body.row {
                values.outside += u64::from(!(0.0..=255.0).contains(value));
                if self.options.values == OutOfRange::Clip {
                    *value = value.clamp(0.0, 255.0);
                }
            }
        }
        body.falling &= body.last.is_none_or(|last| depth <= last);
        body.last = Some(depth);
        if !body.gather.push(depth, &body.row, self.line) {
            let line = self.line;
            self.report_equal_depth(line, depth);
        }
        self.report_equal();
        self.count_row()
    }

    /// Reports what sorting has dropped.
    fn report_equal(&mut self) {
        let Stage::Rows(body) = &mut self.stage else {
            return;
        };
        for (line, depth) in body.gather.take_equal() {
            self.report_equal_depth(line, depth);
        }
    }

    fn report_equal_depth(&mut self, line: u64, depth: f32) {
        let Stage::Rows(body) = &self.stage else {
            return;
        };
        let what = format!("holds {depth} once more; the first row of this depth was kept");
        let column = Some(body.table.depth_column());
        let problem = body.table.problem(line, column, Reason::EqualDepth, &what);
        self.report.problem(problem);
    }
}
