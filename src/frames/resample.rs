//! Another number of columns.

use crate::error::{Error, Result};
use serde::{Deserialize, Serialize};

/// The most columns that an image may have.
pub const MOST_WIDTH: usize = 4096;

/// How columns are made from other columns.
///
/// The first six are B-splines of order 0 to 5 as in scikit-image's `resize` with
/// `mode='reflect'`, `anti_aliasing=False` and `preserve_range=True`, up to the clipping
/// to the range of the whole picture, which is a [`Mapping`](super::Mapping).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Method {
    /// The nearest column.
    #[default]
    Nearest,
    /// Order 1.
    Linear,
    /// Order 2.
    Quadratic,
    /// Order 3.
    Cubic,
    /// Order 4.
    Quartic,
    /// Order 5.
    Quintic,
    /// The mean of what a column covers.
    Area,
    /// Lanczos with three lobes, widened when there are fewer columns than before.
    Lanczos3,
}

impl Method {
    /// All methods.
    pub const ALL: [Self; 8] = [
        Self::Nearest,
        Self::Linear,
        Self::Quadratic,
        Self::Cubic,
        Self::Quartic,
        Self::Quintic,
        Self::Area,
        Self::Lanczos3,
    ];

    /// Its name in requests.
    pub fn name(self) -> &'static str {
        match self {
            Self::Nearest => "nearest",
            Self::Linear => "linear",
            Self::Quadratic => "quadratic",
            Self::Cubic => "cubic",
            Self::Quartic => "quartic",
            Self::Quintic => "quintic",
            Self::Area => "area",
            Self::Lanczos3 => "lanczos3",
        }
    }

    /// The method of a name.
    ///
    /// # Errors
    /// [`Error::InvalidParameter`] when there is none.
    pub fn of(name: &str) -> Result<Self> {
        let found = Self::ALL.into_iter().find(|method| method.name() == name);
        found.ok_or_else(|| {
            let names = Self::ALL.map(Self::name).join(", ");
            Error::invalid("method", crate::error::shorten(name), names)
        })
    }
}

/// Makes rows of another width; what can be computed once has been.
#[derive(Clone, Debug)]
pub struct Resampler {
    from: usize,
    to: usize,
}

impl Resampler {
    /// Rows of `from` pixels become rows of `to` pixels.
    ///
    /// # Errors
    /// [`Error::InvalidParameter`] when `to` is not within 2 to [`MOST_WIDTH`], or `from`
    /// is below 2.
    pub fn new(from: usize, to: usize, method: Method) -> Result<Self> {
        let _ = method;
        Ok(Self { from, to })
    }

    /// Makes a row.
    ///
    /// # Panics
    /// When `row` or `out` have another length than was said.
    pub fn apply(&mut self, row: &[f32], out: &mut [f32]) {
        assert_eq!((row.len(), out.len()), (self.from, self.to));
        todo!()
    }
}
