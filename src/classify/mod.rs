//! Telling digits apart.
//!
//! - [`network`]: the layers, and a [`network::Classifier`] made of them that answers
//! - [`training`]: how a network learns, from nothing to measured figures
//! - [`onnx`]: classifiers as ONNX files, with the feature `train`

pub mod network;
#[cfg(feature = "train")]
pub mod onnx;
pub mod training;

/// How many classes there are.
pub const CLASSES: usize = 10;
