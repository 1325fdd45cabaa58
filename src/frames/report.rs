//! What an import has read, kept and dropped.

use serde::{Deserialize, Serialize};

/// How many problems a report describes; all are counted.
pub(crate) const MOST_PROBLEMS: usize = 100;

/// What an import has done: shown to a person, and stored with the image.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "routes", derive(schemars::JsonSchema))]
pub struct Report {
    /// How the file is laid out.
    pub layout: Layout,
    /// Rows below the header, empty ones too.
    pub rows_read: u64,
    /// Rows of the image.
    pub rows_kept: u64,
    /// Rows that are not in the image, by reason.
    pub dropped: Dropped,
    /// The first 100 problems.
    pub problems: Vec<Problem>,
    /// How many problems there were in all.
    pub problem_count: u64,
    /// The depths of the image.
    pub depths: Depths,
    /// The values of the file, before anything was done to them.
    pub values: Values,
    /// Bytes of the file, compressed if it is.
    pub bytes: u64,
    /// Bytes of text, after decompression.
    pub text_bytes: u64,
    /// How long the import took, in milliseconds: handed in by who has a clock.
    pub elapsed: Option<f64>,
    /// What else a person should know, each a full sentence.
    pub notes: Vec<String>,
}

/// How a file is laid out.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "routes", derive(schemars::JsonSchema))]
pub struct Layout {
    /// What stands between cells: `,`, `;` or a tab.
    pub delimiter: String,
    /// What stands before the decimals: `.` or `,`.
    pub decimal: String,
    /// Whether the first row names the columns.
    pub header: bool,
    /// The name of the depth column, as the file has it, or `depth`.
    pub depth_column: String,
    /// Which column that is, from 1 up.
    pub depth_position: usize,
    /// How many columns of pixels there are.
    pub pixel_columns: usize,
    /// Whether it was compressed with gzip.
    pub gzip: bool,
}

/// How many rows were dropped, by reason.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "routes", derive(schemars::JsonSchema))]
pub struct Dropped {
    /// Every cell is empty.
    pub empty: u64,
    /// A cell is missing a value.
    pub missing: u64,
    /// A cell holds something that is not a number.
    pub not_a_number: u64,
    /// A cell holds NaN or an infinity, or a number too large to be kept.
    pub not_finite: u64,
    /// There are more or fewer cells than columns.
    pub cell_count: u64,
    /// Another header.
    pub header: u64,
    /// A row before it has the same depth.
    pub equal_depth: u64,
}

impl Dropped {
    /// All together.
    pub fn total(&self) -> u64 {
        let Self {
            empty,
            missing,
            not_a_number,
            not_finite,
            cell_count,
            header,
            equal_depth,
        } = *self;
        empty + missing + not_a_number + not_finite + cell_count + header + equal_depth
    }
}

/// Why a row was dropped.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "routes", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Reason {
    /// A cell is missing a value.
    Missing,
    /// A cell holds something that is not a number.
    NotANumber,
    /// A cell holds NaN or an infinity, or a number too large to be kept.
    NotFinite,
    /// There are more or fewer cells than columns.
    CellCount,
    /// Another header.
    Header,
    /// A row before it has the same depth.
    EqualDepth,
}

/// Something wrong with a row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "routes", derive(schemars::JsonSchema))]
pub struct Problem {
    /// The line of the file on which the row starts, from 1 up. It is unknown when equal
    /// depths meet while rows are being sorted.
    pub line: Option<u64>,
    /// The column, from 1 up, when one is to blame.
    pub column: Option<usize>,
    /// What is wrong.
    pub reason: Reason,
    /// The same as a full sentence.
    pub message: String,
}

/// The depths of an image.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "routes", derive(schemars::JsonSchema))]
pub struct Depths {
    /// The smallest.
    pub min: f32,
    /// The largest.
    pub max: f32,
    /// The usual distance between neighbours; none with a single row.
    pub step: Option<f64>,
    /// The smallest distance between neighbours.
    pub smallest_step: Option<f64>,
    /// The largest distance between neighbours: a gap, if it is much larger than the usual.
    pub largest_step: Option<f64>,
    /// Whether the rows of the file were in order, so that nothing had to be sorted.
    pub in_order: bool,
}

impl Default for Depths {
    fn default() -> Self {
        Self {
            min: 0.0,
            max: 0.0,
            step: None,
            smallest_step: None,
            largest_step: None,
            in_order: true,
        }
    }
}

/// The values of a file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "routes", derive(schemars::JsonSchema))]
pub struct Values {
    /// The smallest.
    pub min: f32,
    /// The largest.
    pub max: f32,
    /// How many lie outside 0 to 255.
    pub outside: u64,
}

impl Report {
    /// Counts a problem, and describes it if it is among the first.
    pub(crate) fn problem(&mut self, problem: Problem) {
        *self.counter(problem.reason) += 1;
        self.problem_count += 1;
        if self.problems.len() < MOST_PROBLEMS {
            self.problems.push(problem);
        }
    }

    /// The counter of a reason.
    fn counter(&mut self, reason: Reason) -> &mut u64 {
        match reason {
            Reason::Missing => &mut self.dropped.missing,
            Reason::NotANumber => &mut self.dropped.not_a_number,
            Reason::NotFinite => &mut self.dropped.not_finite,
            Reason::CellCount => &mut self.dropped.cell_count,
            Reason::Header => &mut self.dropped.header,
            Reason::EqualDepth => &mut self.dropped.equal_depth,
        }
    }
}
