//! What goes along with a picture: a mask and boxes, which follow its geometry.

use super::boxes::Boxes;
use super::definition::Transform;
use super::drawn::Drawn;
use crate::error::{Error, Result};
use crate::raster::{Raster, Shape};

/// A picture's companions. With none of them, a pipeline does no more than without.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Companions {
    /// A picture of the same size whose values are class numbers or colours: they are
    /// moved, and never blended.
    pub mask: Option<Raster>,
    /// Boxes around what is in the picture.
    pub boxes: Option<Boxes>,
}

impl Companions {
    /// Nothing goes along.
    pub fn none() -> Self {
        Self::default()
    }

    /// Refuses a mask of another size than the picture's.
    ///
    /// # Errors
    /// [`Error::InvalidParameter`] named `mask`.
    pub fn check(&self, shape: Shape) -> Result<()> {
        let size = |shape: Shape| format!("{} x {} pixels", shape.width, shape.height);
        match self.mask.as_ref().map(Raster::shape) {
            Some(mask) if (mask.width, mask.height) != (shape.width, shape.height) => {
                let allowed = format!("{}, as the picture", size(shape));
                Err(Error::invalid("mask", size(mask), allowed))
            }
            _ => Ok(()),
        }
    }

    /// Does to companions what a transform has done to their picture, which had and now has
    /// the given shapes.
    pub(super) fn follow(
        &mut self,
        transform: &dyn Transform,
        drawn: &Drawn,
        [before, after]: [Shape; 2],
    ) -> Result<()> {
        if let Some(mask) = self.mask.take() {
            self.mask = Some(transform.apply_to_mask(mask, drawn)?);
        }
        if let Some(boxes) = &mut self.boxes {
            transform.apply_to_boxes(boxes, [before, after], drawn)?;
            boxes.keep_inside(after);
        }
        Ok(())
    }

    /// What is left in the end, even where no step has run.
    pub(super) fn finished(mut self, shape: Shape) -> Self {
        if let Some(boxes) = &mut self.boxes {
            boxes.keep_inside(shape);
        }
        self
    }
}
