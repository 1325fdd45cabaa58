//! What all distortions have in common: a map that says where each pixel comes from.

use crate::augment::kernel::remap::{Part, remap, traced};
use crate::augment::kernel::sample::Sampler;
use crate::augment::{Boxes, Drawn, Transform};
use crate::error::Result;
use crate::random::Stream;
use crate::raster::{Raster, Shape};
use std::fmt;

/// Writes, for a row, which columns and rows its pixels come from.
pub(super) type Map<'a> = Box<dyn FnMut(usize, &mut [f32], &mut [f32]) + 'a>;

/// A transform that moves each pixel on its own.
pub(super) trait Bend: fmt::Debug + Send + Sync {
    /// Draws what is random, for a picture of `shape`.
    fn draw(&self, shape: Shape, stream: &mut Stream) -> Drawn;

    /// The map for pictures of `shape`; none where nothing happens.
    fn map(&self, shape: Shape, drawn: &Drawn) -> Result<Option<Map<'_>>>;

    /// How pixels are read.
    fn sampler(&self) -> &Sampler;
}

impl<B: Bend> Transform for B {
    fn draw(&self, shape: Shape, stream: &mut Stream) -> Drawn {
        Bend::draw(self, shape, stream)
    }

    fn apply(&self, picture: Raster, drawn: &Drawn) -> Result<Raster> {
        bend(self, picture, drawn, self.sampler())
    }

    fn apply_to_mask(&self, mask: Raster, drawn: &Drawn) -> Result<Raster> {
        bend(self, mask, drawn, &self.sampler().for_masks())
    }

    fn apply_to_boxes(
        &self,
        boxes: &mut Boxes,
        [shape, _]: [Shape; 2],
        drawn: &Drawn,
    ) -> Result<()> {
        bend_boxes(self, boxes, shape, drawn)
    }
}

// These are shared by all distortions, so that they are in the module once.

fn bend(bend: &dyn Bend, picture: Raster, drawn: &Drawn, sampler: &Sampler) -> Result<Raster> {
    match bend.map(picture.shape(), drawn)? {
        Some(map) => remap(&picture, sampler, map),
        None => Ok(picture),
    }
}

/// As in the reference, boxes are rounded to pixels, a box on the last pixels ends one
/// earlier, and a box of which no pixel is left stays where it was.
fn bend_boxes(bend: &dyn Bend, boxes: &mut Boxes, shape: Shape, drawn: &Drawn) -> Result<()> {
    let Some(map) = bend.map(shape, drawn)? else {
        return Ok(());
    };
    let last = [shape.width, shape.height].map(|side| (side - 1) as f64);
    let parts: Vec<Part> = boxes
        .list()
        .iter()
        .map(|boxed| {
            let pixel =
                |end: usize| boxed.ends[end].round_ties_even().clamp(0.0, last[end % 2]) as i32;
            [[pixel(0), pixel(2)], [pixel(1), pixel(3)]]
        })
        .collect();
    let mut found = traced(shape, &parts, map).into_iter();
    boxes.retain(|boxed| {
        if let Some(Some([columns, rows])) = found.next() {
            boxed.ends = [columns[0], rows[0], columns[1], rows[1]].map(f64::from);
        }
        true
    });
    Ok(())
}
