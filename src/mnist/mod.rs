//! MNIST and data sets like it: from the original IDX files to samples by digit.
//!
//! [`idx`] reads the files, [`bucket`] cuts them into shards of one digit each and
//! says so in a [`manifest`], [`pool`] holds the shards that were loaded and finds
//! a sample by digit and rank.

pub mod bucket;
pub mod idx;
pub mod manifest;
pub mod pool;
mod shard;

pub use bucket::Source;
pub use manifest::Manifest;
pub use pool::{Location, Pool, Sample};
pub(crate) use shard::{columns_of, ink_columns};

use serde::{Deserialize, Serialize};
use std::fmt;

/// Rows, and columns, of every picture.
pub const SIDE: usize = 28;

/// Pixels of every picture.
pub const PIXELS: usize = SIDE * SIDE;

/// One column of a picture: 28 rows, then zeros up to a length that vectors divide.
pub type Column = [u8; 32];

/// A column without ink.
pub(crate) const BLANK: Column = [0; 32];

/// The two parts of a data set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "routes", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Split {
    /// For training.
    Train,
    /// For testing.
    Test,
}

impl Split {
    /// Both, in the order in which samples of `all` are counted.
    pub const ALL: [Self; 2] = [Self::Train, Self::Test];

    /// Its name in requests, manifests and results.
    pub fn name(self) -> &'static str {
        match self {
            Self::Train => "train",
            Self::Test => "test",
        }
    }
}

impl fmt::Display for Split {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
