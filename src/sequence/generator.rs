//! Puts a sequence's pixels together.

use super::augmenter::Augmenter;
use super::column::Transposer;
use super::layout::Layout;
use super::request::{Fit, Ink, Request};
use super::resample::Resampler;
use crate::augment::Applied;
use crate::error::{Error, Result};
use crate::mnist::{BLANK, Column, Pool, SIDE, Sample, Split};
use crate::random::{Purpose, Stream};
use crate::raster::Raster;
use serde::Serialize;

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
    /// The steps that were run on each digit; empty for an image that is not augmented.
    pub augmentation: Vec<Vec<Applied>>,
}

/// How wide a sequence is, and where its digits are.
#[derive(Clone, Debug, PartialEq)]
pub struct Placement {
    /// Columns.
    pub width: usize,
    /// Columns before the width was fitted, margins included.
    pub natural_width: usize,
    /// Where each digit stands and where it came from, from left to right.
    pub digits: Vec<PlacedDigit>,
    /// The steps that were run on each digit; empty for an image that is not augmented.
    pub augmentation: Vec<Vec<Applied>>,
}

/// One digit of a sequence.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "routes", derive(schemars::JsonSchema))]
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
    augmenter: Augmenter,
    transposer: Transposer,
}

impl Generator {
    /// Generates the image that `request` asks for.
    ///
    /// # Errors
    /// [`Error::ShardsNotLoaded`] when `pool` lacks samples that the layout drew,
    /// [`Error::NoSamples`] when the data set has none of a digit,
    /// [`Error::InvalidParameter`] when the content does not fit the width to pad to or
    /// the pipeline makes pictures of another size, and what a step of it refuses.
    pub fn generate(&mut self, request: &Request, pool: &Pool) -> Result<Sequence> {
        let mut levels = Vec::new();
        let placement = self.generate_into(request, pool, &mut levels)?;
        Ok(Sequence {
            image: Raster::grey(placement.width, SIDE, levels),
            label: request.label(),
            natural_width: placement.natural_width,
            digits: placement.digits,
            augmentation: placement.augmentation,
        })
    }

    /// Appends the same image to `levels`, row by row. For many images of which nothing
    /// else is kept this is the fastest way.
    ///
    /// # Errors
    /// Those of [`generate`](Self::generate); `levels` is then as it was.
    pub fn generate_into(
        &mut self,
        request: &Request,
        pool: &Pool,
        levels: &mut Vec<u8>,
    ) -> Result<Placement> {
        let placement = self.place(request, pool)?;
        self.transposer
            .append_rows(&self.fitted, flip(request.ink), levels);
        Ok(placement)
    }

    /// Leaves the columns of the finished image in `fitted`.
    fn place(&mut self, request: &Request, pool: &Pool) -> Result<Placement> {
        let layout = Layout::draw(request, pool)?;
        let (mut digits, augmentation) = self.compose(request, &layout, pool)?;
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
        Ok(Placement {
            width: self.fitted.len(),
            natural_width,
            digits,
            augmentation,
        })
    }

    /// Draws margins, digits and gaps onto the canvas, and says where the digits are.
    fn compose(
        &mut self,
        request: &Request,
        layout: &Layout,
        pool: &Pool,
    ) -> Result<(Vec<PlacedDigit>, Vec<Vec<Applied>>)> {
        // Looked up before any is copied: the processor then waits for all of them at
        // once, and each is somewhere else in 60 MB.
        let samples: Option<Vec<Sample>> = layout
            .samples
            .iter()
            .map(|&location| pool.sample(location))
            .collect();
        let Some(samples) = samples else {
            return Err(not_loaded(layout, pool));
        };
        self.canvas.clear();
        self.canvas.resize(request.margin, BLANK);
        let gaps = std::iter::once(0).chain(layout.gaps.iter().copied());
        let mut digits = Vec::with_capacity(samples.len());
        let mut augmentation = Vec::new();
        for ((sample, &digit), gap) in samples.into_iter().zip(&request.digits).zip(gaps) {
            self.canvas.resize(self.canvas.len() + gap as usize, BLANK);
            let mut columns = sample.columns;
            let mut ink = sample.ink;
            if let Some(pipeline) = &request.augment {
                let part = digits.len() as u32;
                let mut stream =
                    Stream::of_part(request.seed, request.index, Purpose::Augment, part);
                let steps = self
                    .augmenter
                    .augment(columns, pipeline.pipeline(), &mut stream)
                    .map_err(|error| error.within("pipeline"))?;
                if !steps.is_empty() {
                    (columns, ink) = self.augmenter.result();
                }
                augmentation.push(steps);
            }
            let shown = if request.tight { ink } else { 0..SIDE };
            digits.push(PlacedDigit {
                digit,
                split: sample.split,
                index: sample.index,
                x: self.canvas.len() as f64,
                width: shown.len() as f64,
            });
            self.canvas.extend_from_slice(&columns[shown]);
        }
        self.canvas
            .resize(self.canvas.len() + request.margin, BLANK);
        Ok((digits, augmentation))
    }
}

/// What levels are combined with, by exclusive or, to show them in an ink.
fn flip(ink: Ink) -> u8 {
    match ink {
        Ink::WhiteOnBlack => 0,
        Ink::BlackOnWhite => 255,
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
