//! How a network learns.
//!
//! A step takes a batch of pictures in groups of a fixed size. A group goes through the
//! layers together, since normalisation looks at several pictures, and whichever thread is free
//! takes the next one; what the groups found is added up in their order. So the
//! same settings give the same weights with any number of threads.

pub mod augmentation;
pub mod data;
pub mod metrics;
mod network;
mod normalization;
pub mod optimizer;
pub mod schedule;
mod trainer;

pub use data::Digits;
pub use metrics::{Figures, evaluate};
pub use network::{GROUP, Network, Tape, Weights};
pub use trainer::{Epoch, Settings, Trained, train};
