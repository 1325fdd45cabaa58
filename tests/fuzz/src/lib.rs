//! Every parser of the core as a [`Target`]: a function of bytes that anybody may have made, which must come back
//! without a panic, and without taking more memory than is stated for it.
//!
//! - [`TARGETS`]: the table of them; `targets` holds the functions, a file per subject
//! - [`seeds`]: the good and bad examples that a fuzzer starts from, most of them from the files of other tests
//! - [`memory`]: counts what a thread holds
//! - `campaign`: what libFuzzer needs when `cargo xtask fuzz` runs it
//!
//! What was found is kept in `found/TARGET/`, and given to its target by a test from then on.

#[cfg(fuzzing)]
pub mod campaign;
mod digits;
mod host;
pub mod memory;
pub mod seeds;
mod targets;

use std::path::{Path, PathBuf};

/// A parser, and what is known of it.
#[derive(Clone, Copy, Debug)]
pub struct Target {
    /// Its name, and that of its folders.
    pub name: &'static str,
    /// What the bytes are, in a few words.
    pub about: &'static str,
    /// How much memory it may hold at a time, in bytes.
    pub memory: usize,
    /// Takes the bytes in.
    function: fn(&[u8]),
}

const MIB: usize = 1 << 20;

/// All parsers.
pub const TARGETS: &[Target] = &[
    target(
        "architecture",
        "the layers of a network as text",
        MIB,
        targets::model::architecture,
    ),
    target(
        "block",
        "a block of a data set as a worker hands it back",
        16 * MIB,
        targets::dataset::block,
    ),
    target(
        "boxes",
        "boxes around what is in a picture",
        4 * MIB,
        targets::augment::boxes,
    ),
    target(
        "frame",
        "a request for a frame, a tile or a colour map",
        64 * MIB,
        targets::frames::request,
    ),
    target(
        "idx",
        "IDX files of pictures and labels",
        16 * MIB,
        targets::mnist::idx,
    ),
    target(
        "image-log",
        "a CSV file of an image log, with the options of its import",
        256 * MIB,
        targets::frames::import,
    ),
    target(
        "journal",
        "the journal of an unfinished data set",
        64 * MIB,
        targets::dataset::journal,
    ),
    target(
        "manifest",
        "the manifest of a bucket",
        16 * MIB,
        targets::mnist::manifest,
    ),
    target(
        "model",
        "an ONNX file that tract runs",
        700 * MIB,
        targets::model::model,
    ),
    target(
        "numbers",
        "a file of numbers",
        16 * MIB,
        targets::dataset::numbers,
    ),
    target(
        "picture",
        "a picture file",
        96 * MIB,
        targets::picture::decode,
    ),
    target(
        "pipeline",
        "a pipeline in JSON or YAML, ours or Albumentations'",
        64 * MIB,
        targets::augment::pipeline,
    ),
    target(
        "reading",
        "the pixels of a picture that is read",
        64 * MIB,
        targets::picture::read,
    ),
    target(
        "recipe",
        "the recipe of a data set",
        64 * MIB,
        targets::dataset::recipe,
    ),
    target(
        "record",
        "the record of an augmented picture",
        64 * MIB,
        targets::augment::record,
    ),
    target(
        "request",
        "a request for a digit sequence",
        64 * MIB,
        targets::sequence::request,
    ),
    target(
        "routes",
        "an HTTP request to the routes",
        128 * MIB,
        targets::routes::request,
    ),
    target(
        "shard",
        "a shard of a bucket",
        16 * MIB,
        targets::mnist::shard,
    ),
    target(
        "taught-model",
        "an ONNX file whose network was trained here",
        64 * MIB,
        targets::model::taught,
    ),
    target(
        "training",
        "a training that was kept",
        16 * MIB,
        targets::model::training,
    ),
];

const fn target(
    name: &'static str,
    about: &'static str,
    memory: usize,
    function: fn(&[u8]),
) -> Target {
    Target {
        name,
        about,
        memory,
        function,
    }
}

/// The target of a name.
pub fn find(name: &str) -> Option<&'static Target> {
    TARGETS.iter().find(|target| target.name == name)
}

impl Target {
    /// Gives it bytes, and says how much memory it held at most.
    ///
    /// # Panics
    /// When there is something wrong with it.
    pub fn run(&self, bytes: &[u8]) -> usize {
        let held = memory::most_of(|| (self.function)(bytes));
        assert!(
            held <= self.memory,
            "{} held {held} bytes for {} bytes that came in; {} are allowed",
            self.name,
            bytes.len(),
            self.memory
        );
        held
    }

    /// The folder of the cases that were found.
    pub fn found(&self) -> PathBuf {
        root().join("tests/fuzz/found").join(self.name)
    }
}

/// The root of the repository.
fn root() -> &'static Path {
    const PACKAGE: &str = env!("CARGO_MANIFEST_DIR");
    Path::new(PACKAGE)
        .ancestors()
        .nth(2)
        .expect("the package lies in tests/fuzz")
}
