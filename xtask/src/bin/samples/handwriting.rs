//! Pictures of handwriting, taken from those that the tests read.

use anyhow::Result;
use digitlab::raster::Raster;
use digitlab::raster::codec::{Limits, decode};

/// A digit with a thin pen in a corner of ruled paper.
pub(crate) fn ruled() -> Result<Raster> {
    opened(include_bytes!("../../../../tests/handwriting/pen-01-1.jpg"))
}

/// A number of two digits on white paper.
pub(crate) fn number() -> Result<Raster> {
    opened(include_bytes!("../../../../tests/handwriting/number-4.jpg"))
}

/// A number of five digits in chalk on a board.
pub(crate) fn board() -> Result<Raster> {
    opened(include_bytes!("../../../../tests/handwriting/number-7.jpg"))
}

fn opened(file: &[u8]) -> Result<Raster> {
    Ok(decode(file, &Limits::default())?.picture)
}
