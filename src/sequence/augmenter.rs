//! Runs pipelines on single digits.

use super::column::Transposer;
use crate::augment::{Applied, Pipeline};
use crate::error::{Error, Result};
use crate::mnist::{Column, SIDE, columns_of, ink_columns};
use crate::random::Stream;
use crate::raster::{Raster, Shape};
use std::ops::Range;

/// What every digit is before and after.
const DIGIT: Shape = Shape {
    width: SIDE,
    height: SIDE,
    channels: 1,
};

/// How often a digit is augmented anew when its ink is gone, before it is left plain.
const TRIES: usize = 8;

/// The level from which a pixel counts as ink: noise on an empty canvas does not.
const INK: u8 = 64;

/// Runs pipelines on digits, and keeps the memory for it.
#[derive(Clone, Debug, Default)]
pub(super) struct Augmenter {
    transposer: Transposer,
    columns: Vec<Column>,
    ink: Range<usize>,
}

impl Augmenter {
    /// Runs `pipeline` on a digit. When steps ran, [`result`](Self::result) is what they
    /// made of it. A digit that has lost its ink is begun again, with further draws.
    pub(super) fn augment(
        &mut self,
        digit: &[Column],
        pipeline: &Pipeline,
        stream: &mut Stream,
    ) -> Result<Vec<Applied>> {
        let mut plain = Vec::new();
        self.transposer.append_rows(digit, 0, &mut plain);
        for _ in 0..TRIES {
            let (made, steps) = pipeline.run(Raster::new(DIGIT, plain.clone())?, stream)?;
            let shape = made.shape();
            if shape != DIGIT {
                return Err(Error::invalid(
                    "result",
                    format!("{} x {} x {}", shape.width, shape.height, shape.channels),
                    "steps that leave digits at 28 x 28 pixels with one channel",
                ));
            }
            if made.data().iter().any(|&level| level >= INK) {
                if !steps.is_empty() {
                    self.columns.clear();
                    self.columns.extend(columns_of(made.data()));
                    let ink = ink_columns(made.data());
                    self.ink = usize::from(ink.start)..usize::from(ink.end);
                }
                return Ok(steps);
            }
        }
        Ok(Vec::new())
    }

    /// The columns of the latest digit that steps ran on, and those of them with ink.
    pub(super) fn result(&self) -> (&[Column], Range<usize>) {
        (&self.columns, self.ink.clone())
    }
}
