//! What a transform is, and how it is described.

use super::boxes::Boxes;
use super::drawn::Drawn;
use crate::error::{Error, Result};
use crate::parameter::{Field, Kind, refuse_unknown};
use crate::random::Stream;
use crate::raster::{Raster, Shape};
use serde::Serialize;
use serde_json::{Map, Value};
use std::fmt;

/// What transforms have in common, as the page groups them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Family {
    /// Moves, turns, scales, crops.
    Geometry,
    /// Bends.
    Distortion,
    /// Takes sharpness away.
    Blur,
    /// Adds noise.
    Noise,
    /// Changes brightness and contrast.
    Tone,
    /// Changes colours.
    Colour,
    /// Changes fine detail.
    Detail,
    /// Takes parts away.
    Dropout,
    /// Pretends weather.
    Weather,
    /// All else.
    Other,
}

/// A transform's description: its page, its schema and its parsing are made from it.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Definition {
    /// Albumentations' name.
    pub name: &'static str,
    /// Its group.
    pub family: Family,
    /// A sentence or two on what it does, and what is odd about it.
    pub help: &'static str,
    /// Its probability when none is given.
    pub p: f64,
    /// Its parameters, without `p`.
    pub fields: &'static [Field],
    /// Makes the transform from checked parameters, defaults filled in.
    #[serde(skip)]
    pub build: Build,
}

/// Makes a transform from checked parameters.
pub type Build = fn(&Map<String, Value>) -> Result<Box<dyn Transform>>;

/// The probability of a step.
pub(super) const P: Field = Field {
    name: "p",
    label: "Probability",
    help: "How likely the step is to run.",
    kind: Kind::Number {
        min: 0.0,
        max: 1.0,
        step: 0.05,
        default: None,
        unit: "",
    },
};

/// What the original has and we do not: a transform, its field, the word, and what is
/// there instead.
const LEFT_OUT: &[(&str, &str, &str, &str)] = &[(
    "ImageCompression",
    "compression_type",
    "webp",
    "jpeg, as lossy WebP cannot be written here",
)];

impl Definition {
    /// The parameters that `options` give as they are understood, defaults filled in.
    ///
    /// # Errors
    /// [`Error::UnknownParameter`], [`Error::MissingParameter`] or
    /// [`Error::InvalidParameter`] for the first that is not as it must be; its name
    /// begins with the transform's.
    pub fn understood(&self, options: &Map<String, Value>) -> Result<Map<String, Value>> {
        let read = || {
            refuse_unknown(options, self.fields)?;
            for (name, field, word, allowed) in LEFT_OUT {
                if self.name == *name && options.get(*field).is_some_and(|value| value == word) {
                    return Err(Error::Unsupported {
                        field: (*field).into(),
                        value: (*word).into(),
                        allowed: (*allowed).into(),
                    });
                }
            }
            let mut understood = Map::new();
            for field in self.fields {
                match field.understood(options)? {
                    Some(value) => {
                        understood.insert(field.name.into(), value);
                    }
                    None if field.is_optional() => {
                        understood.insert(field.name.into(), Value::Null);
                    }
                    None => return Err(field.missing()),
                }
            }
            Ok(understood)
        };
        read().map_err(|error: Error| error.within(self.name))
    }

    /// The transform with the given options.
    ///
    /// # Errors
    /// Those of [`understood`](Self::understood), and [`Error::InvalidParameter`] for
    /// options that do not go together.
    pub fn build(&self, options: &Map<String, Value>) -> Result<Box<dyn Transform>> {
        (self.build)(&self.understood(options)?).map_err(|error| error.within(self.name))
    }
}

/// Something that changes pictures: what is random is drawn first, and then applied.
pub trait Transform: fmt::Debug + Send + Sync {
    /// Draws what is random, for a picture of `shape`.
    fn draw(&self, shape: Shape, stream: &mut Stream) -> Drawn;

    /// Changes a picture. The same picture and the same `drawn` give the same pixels.
    ///
    /// # Errors
    /// [`Error::InvalidParameter`] or [`Error::MissingParameter`] when `drawn` is not
    /// what [`draw`](Self::draw) gives for such a picture (it may come from a file),
    /// [`Error::Unsupported`] for a number of channels that the transform does not take,
    /// and [`Error::LimitExceeded`] when the result would be too large.
    fn apply(&self, picture: Raster, drawn: &Drawn) -> Result<Raster>;

    /// Does to a mask of the picture's size what was done to the picture: its values move
    /// as the picture's do, what is new is 0, and nothing is blended. What moves no pixels
    /// leaves masks alone.
    ///
    /// # Errors
    /// Those of [`apply`](Self::apply), which comes first.
    fn apply_to_mask(&self, mask: Raster, _: &Drawn) -> Result<Raster> {
        Ok(mask)
    }

    /// Does to boxes what was done to their picture, which had the first shape and now has
    /// the second. They may stick out afterwards. What moves no pixels leaves boxes alone.
    ///
    /// # Errors
    /// Those of [`apply`](Self::apply), which comes first, and [`Error::LimitExceeded`]
    /// where mirror images make too many boxes.
    fn apply_to_boxes(&self, _: &mut Boxes, _: [Shape; 2], _: &Drawn) -> Result<()> {
        Ok(())
    }
}
