//! Each pixel becomes the mean of a square.

use super::size::{LIMIT, Sizes};
use crate::augment::kernel::filter;
use crate::augment::{Definition, Drawn, Family, Transform};
use crate::error::Result;
use crate::random::Stream;
use crate::raster::{Raster, Shape};

pub(super) const DEFINITION: Definition = Definition {
    name: "Blur",
    family: Family::Blur,
    help: "Makes each pixel the mean of the square around it.",
    p: 0.5,
    fields: &[LIMIT],
    build: |options| Ok(Box::new(Blur(Sizes::new(options)?))),
};

#[derive(Debug)]
struct Blur(Sizes);

impl Transform for Blur {
    fn draw(&self, _: Shape, stream: &mut Stream) -> Drawn {
        Drawn::nothing().number("size", self.0.draw(stream))
    }

    fn apply(&self, mut picture: Raster, drawn: &Drawn) -> Result<Raster> {
        filter::box_blur(&mut picture, Sizes::of(drawn)?);
        Ok(picture)
    }
}
