//! Augmentation: against the real Albumentations, and against its own laws.

mod companions;
mod exchange;
mod laws;
mod pipelines;
mod references;
