//! Digitlab: a lab for image data that runs entirely in the browser.
//!
//! The crate is pure at its core: it knows no browser, no clock, no storage and no
//! global source of randomness. Time, seeds and files are handed in, so the same
//! request with the same seed gives the same pixels natively and in every browser.
//!
//! - [`sequence`]: a request for a number becomes a labelled image of handwriting
//! - [`augment`]: transforms with Albumentations' names, and pipelines of them
//! - [`classify`]: from a picture to the digit that a model sees, whole numbers, and
//!   networks that tell digits apart
//! - [`frames`]: image logs from CSV files: rows of pixels by depth
//! - [`mnist`]: IDX files, the bucket of shards, the pool that samples are drawn from
//! - [`raster`]: the picture type, and picture files
//! - [`npy`]: NumPy's array file
//! - [`archive`]: zip files, written as a stream
//! - [`parameter`]: the tables that describe the fields of requests
//! - [`random`]: value-stable random streams
//! - `simd`: vector instructions, in one place
//! - [`error`]: the one error type
//!
//! The `web` module, compiled for `wasm32` only, translates between all this and
//! JavaScript, and does nothing else.

pub mod archive;
pub mod augment;
pub mod classify;
pub mod error;
pub mod frames;
pub mod mnist;
pub mod npy;
pub mod parameter;
pub mod random;
pub mod raster;
pub mod sequence;
mod simd;
#[cfg(target_arch = "wasm32")]
pub mod web;

pub use error::{Error, Result};
