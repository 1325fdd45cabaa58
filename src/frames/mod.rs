//! Image logs: rows of pixels by depth, from CSV files.
//!
//! - [`Importer`]: the bytes of a CSV file, in pieces of any size, become rows
//! - [`Merge`]: puts rows in the order of their depths when the file has another
//! - [`Resampler`]: another number of columns
//! - [`Report`]: what an import has read, kept and dropped
//! - [`RowChunk`] and [`Mapping`]: rows as they are stored, and what is done to their
//!   values when all of the file is known
//! - [`Store`]: where images are kept; [`MemoryStore`] forgets them
//! - [`Intake`]: an import, from bytes to a published image
//! - [`Library`]: what can be done with the images of a store
//! - [`FrameRequest`], [`Rendering`]: a window of depths in colours, as a file
//! - [`Colormap`]: a colour for each level
//! - [`SyntheticLog`]: a log that nobody has measured, to try things on
//!
//! Nothing here knows where rows are stored, what time it is, or where bytes come from.

mod colormap;
mod encode;
mod frame;
mod image;
mod import;
mod intake;
mod jpeg;
mod library;
mod memory_store;
mod merge;
mod pyramid;
mod report;
mod resample;
mod rows;
mod store;
mod synthetic;

pub use colormap::{COLORMAPS, Colormap, MOST_COLOURS, Table};
pub use encode::encode;
pub use frame::{FrameFormat, FrameRequest, LONGEST_SIDE, Paint, Scale, Window};
pub use image::{ImageInfo, LEVEL_STEP, LONGEST_NAME, Resampling};
pub use import::{ImportLimits, ImportOptions, Imported, Importer, OutOfRange, Policy};
pub use intake::{Intake, IntakeRequest};
pub use library::{Library, Rendering, Rows, Tile, TileRequest};
pub use memory_store::MemoryStore;
pub use merge::{Merge, Staging};
pub use report::{Depths, Dropped, Layout, Problem, Reason, Report, Values};
pub use resample::{MOST_WIDTH, Method, Resampler};
pub use rows::{CHUNK_ROWS, Mapping, RowChunk};
pub use store::{Draft, INDEX, ROWS, Store};
pub use synthetic::SyntheticLog;
