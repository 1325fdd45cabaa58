//! Puts a sequence's pixels together.

use super::column::to_rows;
use super::layout::Layout;
use super::request::{Fit, Ink, Request};
use super::resample::Resampler;
use crate::error::{Error, Result};
use crate::mnist::{Column, Pool, SIDE, Split};
use crate::raster::Raster;
use serde::Serialize;

/// A column without ink.
const BLANK: Column = [0; 32];

/// A labelled image of a number.
#[derive(Clone, Debug, PartialEq)]
pub struct Sequence {
    /// One channel, 28 rows.
    pub image: Raster,
    /// The digits as text.
    pub label: String,
    /// Columns before the width was fitted, margins included.
    pub natural_width: usize,
    /// Where each digit stands and where it came from, from left to right.
    pub digits: Vec<PlacedDigit>,
}

/// One digit of a sequence.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct PlacedDigit {
    /// What it shows.
    pub digit: u8,
    /// The split of its sample.
    pub split: Split,
    /// The sample's position in the original file of that split, from 0.
    pub index: u32,
    /// Its left edge, in columns of the finished image. Fractional after `stretch`.
    pub x: f64,
    /// Its width, in columns of the finished image. Fractional after `stretch`.
    pub width: f64,
}

/// Generates sequences, and keeps what can be used again between them.
#[derive(Clone, Debug, Default)]
pub struct Generator {
    resampler: Resampler,
    canvas: Vec<Column>,
    fitted: Vec<Column>,
}

impl Generator {
    /// Generates the image that `request` asks for.
    ///
    /// # Errors
    /// [`Error::ShardsNotLoaded`] when `pool` lacks samples that the layout drew,
    /// [`Error::NoSamples`] when the data set has none of a digit, and
    /// [`Error::InvalidParameter`] when the content does not fit the width to pad to.
    pub fn generate(&mut self, request: &Request, pool: &Pool) -> Result<Sequence> {
        let layout = Layout::draw(request, pool)?;
        let mut digits = self.compose(request, &layout, pool)?;
        let natural_width = self.canvas.len();
        self.fitted.clear();
        match request.fit {
            Fit::Stretch(width) => {
                self.resampler
                    .resample(&self.canvas, width, &mut self.fitted);
                let scale = width as f64 / natural_width as f64;
                for digit in &mut digits {
                    digit.x *= scale;
                    digit.width *= scale;
                }
            }
            Fit::Pad(width) => {
                let blank = width
                    .checked_sub(natural_width)
                    .ok_or_else(|| too_narrow(width, natural_width))?;
                let left = blank / 2;
                self.fitted.resize(left, BLANK);
                self.fitted.extend_from_slice(&self.canvas);
                self.fitted.resize(width, BLANK);
                for digit in &mut digits {
                    digit.x += left as f64;
                }
            }
            Fit::Natural => self.fitted.extend_from_slice(&self.canvas),
        }
        let flip = match request.ink {
            Ink::WhiteOnBlack => 0,
            Ink::BlackOnWhite => 255,
        };
        Ok(Sequence {
            image: Raster::grey(self.fitted.len(), SIDE, to_rows(&self.fitted, flip)),
            label: request.label(),
            natural_width,
            digits,
        })
    }

    /// Draws margins, digits and gaps onto the canvas, and says where the digits are.
    fn compose(
        &mut self,
        request: &Request,
        layout: &Layout,
        pool: &Pool,
    ) -> Result<Vec<PlacedDigit>> {
        self.canvas.clear();
        self.canvas.resize(request.margin, BLANK);
        let gaps = std::iter::once(0).chain(layout.gaps.iter().copied());
        let mut digits = Vec::with_capacity(layout.samples.len());
        for ((&location, &digit), gap) in layout.samples.iter().zip(&request.digits).zip(gaps) {
            let Some(sample) = pool.sample(location) else {
                return Err(not_loaded(layout, pool));
            };
            self.canvas.resize(self.canvas.len() + gap as usize, BLANK);
            let shown = if request.tight {
                sample.ink.clone()
            } else {
                0..SIDE
            };
            digits.push(PlacedDigit {
                digit,
                split: pool.split(location),
                index: sample.index,
                x: self.canvas.len() as f64,
                width: shown.len() as f64,
            });
            self.canvas.extend_from_slice(&sample.columns[shown]);
        }
        self.canvas
            .resize(self.canvas.len() + request.margin, BLANK);
        Ok(digits)
    }
}

fn too_narrow(width: usize, needed: usize) -> Error {
    Error::invalid(
        "image_width",
        width,
        format!(
            "at least {needed} pixels with the fit pad, because that is how wide this content is; \
             or another fit"
        ),
    )
}

/// The error that names every shard that a layout lacks, each once.
fn not_loaded(layout: &Layout, pool: &Pool) -> Error {
    let mut files: Vec<String> = layout
        .samples
        .iter()
        .filter_map(|&location| pool.missing(location))
        .map(str::to_owned)
        .collect();
    files.sort_unstable();
    files.dedup();
    Error::ShardsNotLoaded { files }
}
