//! Nothing at all.

use crate::augment::{Definition, Drawn, Family, Transform};
use crate::error::Result;
use crate::random::Stream;
use crate::raster::{Raster, Shape};

pub(super) const DEFINITION: Definition = Definition {
    name: "NoOp",
    family: Family::Other,
    help: "Leaves the picture as it is: one of several choices, or to compare with.",
    p: 0.5,
    fields: &[],
    build: |_| Ok(Box::new(NoOp)),
};

#[derive(Debug)]
struct NoOp;

impl Transform for NoOp {
    fn draw(&self, _: Shape, _: &mut Stream) -> Drawn {
        Drawn::nothing()
    }

    fn apply(&self, picture: Raster, _: &Drawn) -> Result<Raster> {
        Ok(picture)
    }
}
