//! A log that nobody has measured.

use crate::error::Result;
use std::io::Write;

/// A synthetic borehole image in the shape of a real log file.
#[derive(Clone, Debug)]
pub struct SyntheticLog {
    rows: u64,
}

impl SyntheticLog {
    /// Pixels of a row.
    pub const COLUMNS: usize = 200;
    /// Rows of the sample.
    pub const ROWS: u64 = 5_460;

    /// A log `times` as long as the sample, which has 5,460 rows from 9000.1 to 9546.0.
    pub fn new(times: u64) -> Self {
        Self {
            rows: Self::ROWS * times,
        }
    }

    /// How many rows it has, without the empty one at its end.
    pub fn rows(&self) -> u64 {
        self.rows
    }

    /// Writes it as CSV: a header, all rows, and a last one with every cell empty.
    ///
    /// # Errors
    /// Those of the writer.
    pub fn write_csv(&self, out: &mut impl Write) -> std::io::Result<()> {
        let _ = out;
        todo!()
    }

    /// The CSV file, compressed with gzip.
    ///
    /// # Errors
    /// None that is to be expected: it is written to memory.
    pub fn gzipped(&self) -> Result<Vec<u8>> {
        todo!()
    }
}
