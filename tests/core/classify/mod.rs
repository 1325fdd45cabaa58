//! Recognition: from pictures to digits and numbers, how networks learn, and the models
//! that the site carries.
//!
//! - `hands`, `pen`, `stroke`, `canvas` and `scenes` make pictures, `bars` counts what a model
//!   reads, `stand_in` is a simple model
//! - the other modules: a subject each

mod bars;
mod canvas;
mod fidelity;
mod hands;
mod handwriting;
mod model_files;
mod models;
mod numbers;
#[cfg(feature = "train")]
mod onnx;
mod own_models;
mod pen;
mod pictures;
mod reading;
mod runtime;
mod scenes;
mod stand_in;
mod stroke;
#[cfg(feature = "train")]
mod teaching;
mod training;

use super::support::{mnist, root};
use digitlab::classify::training::Digits;
use digitlab::mnist::{Pool, Split};
use std::fs;
use std::sync::LazyLock;

static POOL: LazyLock<Pool> = LazyLock::new(|| {
    let mut pool = mnist();
    let entries = pool
        .manifest()
        .splits
        .values()
        .flat_map(|part| part.digits.iter().flatten());
    let files: Vec<String> = entries.map(|entry| entry.file.clone()).collect();
    for file in files {
        let stored = fs::read(root().join("www/mnist").join(&file)).expect("a shard");
        pool.load(&file, &stored).expect("a good shard");
    }
    pool
});

/// All pictures of a split of the site's bucket.
fn digits(split: Split) -> Digits {
    Digits::from_pool(&POOL, split).expect("all shards are loaded")
}
