//! How each model is made. All that is chosen here was chosen on the validation slice.

use anyhow::Result;
use digitlab::augment::Pipeline;
use digitlab::classify::network::{
    Architecture, Head,
    Stage::{self, Convolution, Pool},
};
use digitlab::classify::training::{Settings, augmentation};
use std::thread;

/// How many of the training pictures are only looked at to choose.
pub(crate) const VALIDATION: usize = 5_000;

/// What a smoke training must reach: chance gives a tenth of it.
pub(crate) const SMOKE_ACCURACY: f64 = 0.85;

/// A model and how it is trained.
pub(crate) struct Recipe {
    /// Its name, and that of its file.
    pub(crate) name: &'static str,
    /// What a page calls it.
    pub(crate) title: &'static str,
    /// The model that it learns from.
    pub(crate) teacher: Option<&'static str>,
    /// How it is trained.
    pub(crate) settings: Settings,
}

const DEFAULT: [Stage; 9] = [
    Convolution(16),
    Convolution(16),
    Pool,
    Convolution(32),
    Convolution(32),
    Pool,
    Convolution(64),
    Convolution(64),
    Convolution(64),
];

/// As many weights as fit into 60 kB.
const TINY: [Stage; 8] = [
    Convolution(16),
    Convolution(16),
    Pool,
    Convolution(16),
    Convolution(16),
    Pool,
    Convolution(16),
    Convolution(32),
];

/// All models, each after the one that it learns from.
pub(crate) fn all(smoke: bool) -> Result<Vec<Recipe>> {
    Ok(vec![
        Recipe {
            name: "default",
            title: "Default: the most accurate",
            teacher: None,
            settings: settings(&DEFAULT, if smoke { 2 } else { 40 }, smoke)?,
        },
        Recipe {
            name: "tiny",
            title: "Tiny: under 60 kB",
            teacher: None,
            settings: settings(&TINY, if smoke { 3 } else { 12 }, smoke)?,
        },
    ])
}

fn settings(stages: &[Stage], epochs: usize, smoke: bool) -> Result<Settings> {
    Ok(Settings {
        architecture: Architecture::new(stages, Head::Average)?,
        epochs,
        batch: if smoke { 32 } else { 128 },
        rate: 0.003,
        decay: 0.02,
        smoothing: 0.03,
        average: if smoke { 0.98 } else { 0.999 },
        pipeline: Pipeline::from_json(&augmentation::pens())?,
        teaching: 0.7,
        temperature: 2.0,
        seed: 1,
        threads: thread::available_parallelism().map_or(1, usize::from),
    })
}
