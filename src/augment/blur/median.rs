//! Each pixel becomes the median of a square.

use super::size::{LIMIT, Sizes};
use crate::augment::kernel::filter;
use crate::augment::{Definition, Drawn, Family, Transform};
use crate::error::Result;
use crate::random::Stream;
use crate::raster::{Raster, Shape};

pub(super) const DEFINITION: Definition = Definition {
    name: "MedianBlur",
    family: Family::Blur,
    help: "Makes each pixel the median of the square around it, channel by channel: specks vanish and edges stay.",
    p: 0.5,
    fields: &[LIMIT],
    build: |options| Ok(Box::new(MedianBlur(Sizes::new(options)?))),
};

#[derive(Debug)]
struct MedianBlur(Sizes);

impl Transform for MedianBlur {
    fn draw(&self, _: Shape, stream: &mut Stream) -> Drawn {
        Drawn::nothing().number("size", self.0.draw(stream))
    }

    fn apply(&self, mut picture: Raster, drawn: &Drawn) -> Result<Raster> {
        filter::median_blur(&mut picture, Sizes::of(drawn)?);
        Ok(picture)
    }
}
