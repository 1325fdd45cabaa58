//! Image logs: rows of pixels by depth, from CSV files.
//!
//! - [`Importer`]: the bytes of a CSV file, in pieces of any size, become rows
//! - [`Merge`]: puts rows in the order of their depths when the file has another
//! - [`Resampler`]: another number of columns
//! - [`Report`]: what an import has read, kept and dropped
//! - [`RowChunk`] and [`Mapping`]: rows as they are stored, and what is done to their
//!   values when all of the file is known
//! - [`SyntheticLog`]: a log that nobody has measured, to try things on
//!
//! Nothing here knows where rows are stored, what time it is, or where bytes come from.

mod import;
mod merge;
mod report;
mod resample;
mod rows;
mod synthetic;

pub use import::{ImportLimits, ImportOptions, Imported, Importer, OutOfRange, Policy};
pub use merge::{Merge, Staging};
pub use report::{Depths, Dropped, Layout, Problem, Reason, Report, Values};
pub use resample::{MOST_WIDTH, Method, Resampler};
pub use rows::{CHUNK_ROWS, Mapping, RowChunk};
pub use synthetic::SyntheticLog;
