//! Picture files: which kind they are, what their headers say, reading and writing.
//!
//! - `kind`: what a file is, told by its content and never by its name
//! - `header`: what can be known before any pixel is read
//! - [`decode()`]: a file becomes a [`Raster`](super::Raster)
//! - [`encode()`]: a [`Raster`](super::Raster) becomes a file
//! - `orientation`: turning a photo upright

mod decode;
mod encode;
#[cfg(feature = "dataset")]
mod grey_png;
mod header;
mod kind;
mod orientation;

pub use decode::{Decoded, Found, Limits, decode};
pub use encode::{Format, encode, to_png};
#[cfg(feature = "dataset")]
pub(crate) use grey_png::append_grey_png;
pub use header::Colours;
pub use kind::Kind;
