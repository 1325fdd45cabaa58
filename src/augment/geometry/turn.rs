//! Turns by right angles.

use crate::augment::kernel::mirror;
use crate::augment::{Boxes, Definition, Drawn, Family, Transform};
use crate::error::Result;
use crate::random::Stream;
use crate::raster::{Raster, Shape};

pub(super) const TRANSPOSE: Definition = Definition {
    name: "Transpose",
    family: Family::Geometry,
    help: "Makes columns of rows: a mirror image at the diagonal from the upper left corner.",
    p: 0.5,
    fields: &[],
    build: |_| Ok(Box::new(Transpose)),
};

pub(super) const RANDOM_ROTATE_90: Definition = Definition {
    name: "RandomRotate90",
    family: Family::Geometry,
    help: "Turns anticlockwise by 0, 90, 180 or 270 degrees, each equally likely. \
           Width and height are exchanged where the turn needs it.",
    p: 1.0,
    fields: &[],
    build: |_| Ok(Box::new(RandomRotate90)),
};

#[derive(Debug)]
struct Transpose;

impl Transform for Transpose {
    fn draw(&self, _: Shape, _: &mut Stream) -> Drawn {
        Drawn::nothing()
    }

    fn apply(&self, picture: Raster, _: &Drawn) -> Result<Raster> {
        mirror::transpose(&picture)
    }

    fn apply_to_mask(&self, mask: Raster, drawn: &Drawn) -> Result<Raster> {
        self.apply(mask, drawn)
    }

    fn apply_to_boxes(&self, boxes: &mut Boxes, _: [Shape; 2], _: &Drawn) -> Result<()> {
        boxes.map(|[left, top, right, bottom]| [top, left, bottom, right]);
        Ok(())
    }
}

#[derive(Debug)]
struct RandomRotate90;

impl Transform for RandomRotate90 {
    fn draw(&self, _: Shape, stream: &mut Stream) -> Drawn {
        Drawn::nothing().number("factor", f64::from(stream.below(4)))
    }

    fn apply(&self, mut picture: Raster, drawn: &Drawn) -> Result<Raster> {
        match drawn.index_of("factor", 4)? {
            0 => Ok(picture),
            1 => {
                let mut turned = mirror::transpose(&picture)?;
                mirror::rows(&mut turned);
                Ok(turned)
            }
            2 => {
                match picture.channels() {
                    1 => mirror::reverse::<1>(picture.data_mut()),
                    3 => mirror::reverse::<3>(picture.data_mut()),
                    _ => mirror::reverse::<4>(picture.data_mut()),
                }
                Ok(picture)
            }
            _ => {
                let mut turned = mirror::transpose(&picture)?;
                mirror::columns(&mut turned);
                Ok(turned)
            }
        }
    }

    fn apply_to_mask(&self, mask: Raster, drawn: &Drawn) -> Result<Raster> {
        self.apply(mask, drawn)
    }

    fn apply_to_boxes(
        &self,
        boxes: &mut Boxes,
        [shape, _]: [Shape; 2],
        drawn: &Drawn,
    ) -> Result<()> {
        let [width, height] = [shape.width as f64, shape.height as f64];
        let factor = drawn.index_of("factor", 4)?;
        boxes.map(|[left, top, right, bottom]| match factor {
            0 => [left, top, right, bottom],
            1 => [top, width - right, bottom, width - left],
            2 => [width - right, height - bottom, width - left, height - top],
            _ => [height - bottom, left, height - top, right],
        });
        Ok(())
    }
}
