//! Which samples are shown and how far apart: all the randomness of a sequence.

use super::request::Request;
use crate::error::{Error, Result};
use crate::mnist::{Location, Pool};
use crate::random::{Purpose, Stream};

/// The samples of a sequence and the gaps between them. Drawing it needs no pixels,
/// so that just the shards it names have to be loaded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Layout {
    /// One sample per digit.
    pub samples: Vec<Location>,
    /// Blank columns before each digit but the first.
    pub gaps: Vec<u32>,
}

impl Layout {
    /// Draws the layout of a request from its seed and index.
    ///
    /// Each digit's sample is drawn after the gap before it, so that a number with
    /// one more digit begins as the shorter one did.
    ///
    /// # Errors
    /// [`Error::NoSamples`] when the data set lacks a digit.
    pub fn draw(request: &Request, pool: &Pool) -> Result<Self> {
        let mut stream = Stream::new(request.seed, request.index, Purpose::Layout);
        let splits = request.splits.as_slice();
        let mut samples = Vec::with_capacity(request.digits.len());
        let mut gaps = Vec::with_capacity(request.digits.len() - 1);
        for (at, &digit) in request.digits.iter().enumerate() {
            if at > 0 {
                gaps.push(stream.within(request.spacing.clone()));
            }
            let sample = match pool.count(splits, digit) {
                0 => None,
                count => pool.locate(splits, digit, stream.below(count)),
            };
            samples.push(sample.ok_or_else(|| Error::NoSamples {
                digit,
                split: request.splits.name().into(),
                dataset: pool.manifest().name.clone(),
            })?);
        }
        Ok(Self { samples, gaps })
    }
}
