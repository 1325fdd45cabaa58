//! Augmentation: against the real Albumentations, and against its own laws.

mod laws;
mod pipelines;
mod references;
