//! How a network learns.
//!
//! A step takes a batch of pictures in groups of a fixed size. A group goes through the
//! layers together, since normalisation looks at several pictures, and whichever thread is free
//! takes the next one; what the groups found is added up in their order. So the
//! same settings give the same weights with any number of threads.

pub mod augmentation;
pub mod data;
mod group;
mod learner;
pub mod metrics;
mod network;
mod normalization;
pub mod optimizer;
pub mod schedule;
mod trainer;

pub use data::Digits;
pub use group::{Bench, Found, Given, View};
pub use learner::Learner;
pub use metrics::{Figures, evaluate};
pub use network::{GROUP, Kernels, Network, Tape, Weights};
pub use trainer::{Epoch, Settings, Trained, train};

use crate::random::{Purpose, Stream};

/// The parts of the purpose's streams.
mod part {
    pub(super) const BEGINNING: u32 = 0;
    pub(super) const ORDER: u32 = 1;
    pub(super) const CHANGES: u32 = 2;
    pub(super) const VALIDATION: u32 = 3;
}

fn stream(seed: u64, part: u32, index: u64) -> Stream {
    Stream::of_part(seed, index, Purpose::Training, part)
}

/// The order in which an epoch, counted from 1, goes through so many pictures.
pub fn order(seed: u64, epoch: usize, pictures: usize) -> Vec<usize> {
    let mut order: Vec<usize> = (0..pictures).collect();
    stream(seed, part::ORDER, epoch as u64).shuffle(&mut order);
    order
}

/// Keeps a share of each value, and takes the rest from others.
fn blend(kept: &mut [f32], values: &[f32], share: f32) {
    let pairs = kept.iter_mut().zip(values);
    pairs.for_each(|(kept, value)| *kept = *kept * share + value * (1.0 - share));
}
