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

    /// Refuses a mask, or boxes, of a picture of another size.
    ///
    /// # Errors
    /// [`Error::InvalidParameter`] named `mask` or `boxes`.
    pub fn check(&self, picture: Shape) -> Result<()> {
        let size = |shape: Shape| format!("{} x {} pixels", shape.width, shape.height);
        let shapes = [
            ("mask", self.mask.as_ref().map(Raster::shape)),
            ("boxes", self.boxes.as_ref().map(Boxes::shape)),
        ];
        for (name, shape) in shapes {
            let shape = shape.unwrap_or(picture);
            if (shape.width, shape.height) != (picture.width, picture.height) {
                let allowed = format!("{}, as the picture", size(picture));
                return Err(Error::invalid(name, format!("of {}", size(shape)), allowed));
            }
        }
        Ok(())
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
