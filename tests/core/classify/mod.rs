//! Networks that tell digits apart: how they learn, and the models that the site carries.

mod models;
#[cfg(feature = "train")]
mod onnx;
mod runtime;
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
