//! Mirror images.

use crate::augment::kernel::mirror;
use crate::augment::{Boxes, Definition, Drawn, Family, Transform};
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

pub(super) const VERTICAL: Definition = Definition {
    name: "VerticalFlip",
    family: Family::Geometry,
    help: "Mirrors top and bottom.",
    p: 0.5,
    fields: &[],
    build: |_| Ok(Box::new(VerticalFlip)),
};

#[derive(Debug)]
struct HorizontalFlip;

impl Transform for HorizontalFlip {
    fn draw(&self, _: Shape, _: &mut Stream) -> Drawn {
        Drawn::nothing()
    }

    fn apply(&self, mut picture: Raster, _: &Drawn) -> Result<Raster> {
        mirror::columns(&mut picture);
        Ok(picture)
    }

    fn apply_to_mask(&self, mask: Raster, drawn: &Drawn) -> Result<Raster> {
        self.apply(mask, drawn)
    }

    fn apply_to_boxes(&self, boxes: &mut Boxes, [shape, _]: [Shape; 2], _: &Drawn) -> Result<()> {
        let width = shape.width as f64;
        boxes.map(|[left, top, right, bottom]| [width - right, top, width - left, bottom]);
        Ok(())
    }
}

#[derive(Debug)]
struct VerticalFlip;

impl Transform for VerticalFlip {
    fn draw(&self, _: Shape, _: &mut Stream) -> Drawn {
        Drawn::nothing()
    }

    fn apply(&self, mut picture: Raster, _: &Drawn) -> Result<Raster> {
        mirror::rows(&mut picture);
        Ok(picture)
    }

    fn apply_to_mask(&self, mask: Raster, drawn: &Drawn) -> Result<Raster> {
        self.apply(mask, drawn)
    }

    fn apply_to_boxes(&self, boxes: &mut Boxes, [shape, _]: [Shape; 2], _: &Drawn) -> Result<()> {
        let height = shape.height as f64;
        boxes.map(|[left, top, right, bottom]| [left, height - bottom, right, height - top]);
        Ok(())
    }
}
