//! Mirror images.

use crate::augment::{Definition, Drawn, Family, Transform};
use crate::error::Result;
use crate::random::Stream;
use crate::raster::{Raster, Shape};

pub(super) const HORIZONTAL: Definition = Definition {
    name: "HorizontalFlip",
    family: Family::Geometry,
    help: "Mirrors left and right.",
    p: 0.5,
    fields: &[],
    build: |_| Ok(Box::new(HorizontalFlip)),
};

#[derive(Debug)]
struct HorizontalFlip;

impl Transform for HorizontalFlip {
    fn draw(&self, _: Shape, _: &mut Stream) -> Drawn {
        Drawn::nothing()
    }

    fn apply(&self, mut picture: Raster, _: &Drawn) -> Result<Raster> {
        let Shape {
            width, channels, ..
        } = picture.shape();
        for row in picture.data_mut().chunks_exact_mut(width * channels) {
            for x in 0..width / 2 {
                for channel in 0..channels {
                    row.swap(x * channels + channel, (width - 1 - x) * channels + channel);
                }
            }
        }
        Ok(picture)
    }
}
