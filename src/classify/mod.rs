//! Recognition: from any picture to the 28 x 28 that a digit model sees, and to numbers.
//!
//! [`see`] makes one digit of a picture, [`read`](read()) reads a number with a model
//! that is handed in, [`stages`](stages()) shows what was done on the way. The way is
//! [`shrink`] (alpha, size), [`ink`] (paper, colour, polarity), [`threshold`], [`lines`]
//! (ruled paper), [`cleaning`] (specks, frames, captions), all together in [`sheet`];
//! then [`segment`] (pieces in a row), `join` (of pieces to digits), [`figure`], [`stroke`] (its width) and [`centre`].
//!
//! Models are [`network`]s, whose [`training`] and [`teaching`] are here, and ONNX files: with
//! the feature `train` they are written, and with the feature `reader` the module `model`
//! runs them.

pub mod centre;
pub mod cleaning;
pub mod distance;
pub mod figure;
pub mod ink;
mod join;
pub mod lines;
pub mod mask;
#[cfg(feature = "reader")]
pub mod model;
pub mod network;
#[cfg(feature = "train")]
pub mod onnx;
pub mod plane;
pub mod read;
pub mod segment;
pub mod sheet;
pub mod shrink;
pub mod stages;
pub mod stroke;
pub mod teaching;
pub mod threshold;
pub mod training;
pub mod whole;

pub use centre::Digit;
pub use read::{Reading, Seen, read, see};
pub use stages::stages;

/// How many classes there are.
pub const CLASSES: usize = 10;
