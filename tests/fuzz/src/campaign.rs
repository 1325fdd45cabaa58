//! What libFuzzer needs: which target is meant, and where it starts from.

use crate::{TARGETS, Target, find, seeds};
use std::path::PathBuf;
use std::sync::LazyLock;
use std::{env, fs, process};

static TARGET: LazyLock<&'static Target> = LazyLock::new(|| {
    let name = env::var("DIGITLAB_FUZZ_TARGET").expect("DIGITLAB_FUZZ_TARGET names a target");
    find(&name).unwrap_or_else(|| panic!("there is no target {name}"))
});

/// The target that is meant.
pub fn target() -> &'static Target {
    *TARGET
}

/// What is done before libFuzzer begins: without a target, all are listed and that is all; otherwise the seeds are
/// written into the folder `DIGITLAB_FUZZ_SEEDS`, and the words that they are made of beside it.
pub fn prepare() {
    if env::var_os("DIGITLAB_FUZZ_TARGET").is_none() {
        TARGETS
            .iter()
            .for_each(|target| println!("{}", target.name));
        process::exit(0);
    }
    let Some(folder) = env::var_os("DIGITLAB_FUZZ_SEEDS").map(PathBuf::from) else {
        return;
    };
    let all = seeds::of(target().name);
    for (at, seed) in all.iter().enumerate() {
        let file = folder.join(format!("seed-{at:03}"));
        fs::write(file, seed).expect("the folder of seeds can be written to");
    }
    let words = seeds::words(&all);
    fs::write(folder.with_extension("dict"), words).expect("the list of words can be written");
}
