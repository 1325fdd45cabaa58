//! What several test modules need.

use digitlab::mnist::{Manifest, Pool};
use digitlab::raster::{Raster, codec};
use digitlab::sequence::{Generator, Request, Sequence};
use digitlab::{Error, Result};
use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};

/// The repository's root.
pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The pool of the bucket that the site carries, nothing loaded.
pub(crate) fn mnist() -> Pool {
    let text = fs::read_to_string(root().join("www/mnist/manifest.json")).expect("the bucket");
    Pool::new(Manifest::parse(&text).expect("a manifest"))
}

/// Generates an image, loading from the site's bucket the shards that it needs.
pub(crate) fn generate(request: &Request, pool: &mut Pool) -> Result<Sequence> {
    let mut generator = Generator::default();
    match generator.generate(request, pool) {
        Err(Error::ShardsNotLoaded { files }) => {
            for file in files {
                let stored = fs::read(root().join("www/mnist").join(&file)).expect("a shard");
                pool.load(&file, &stored)?;
            }
            generator.generate(request, pool)
        }
        done => done,
    }
}

/// A request from JSON, with seed 0 when it names none.
pub(crate) fn request(json: Value) -> Result<Request> {
    Request::from_json(&json, 0)
}

/// Reads a grey PNG file.
pub(crate) fn read_png(path: &Path) -> Raster {
    let picture = image::open(path)
        .unwrap_or_else(|error| panic!("{}: {error}", path.display()))
        .into_luma8();
    let (width, height) = picture.dimensions();
    Raster::grey(width as usize, height as usize, picture.into_raw())
}

/// The largest difference of two grey pictures in levels. When it is above
/// `tolerance`, expected | difference | actual is written to
/// `target/test-failures/<name>.png`.
pub(crate) fn difference(name: &str, expected: &Raster, actual: &Raster, tolerance: u8) -> u8 {
    assert_eq!(
        (expected.width(), expected.height()),
        (actual.width(), actual.height()),
        "{name}"
    );
    let differences: Vec<u8> = expected
        .data()
        .iter()
        .zip(actual.data())
        .map(|(a, b)| a.abs_diff(*b))
        .collect();
    let largest = differences.iter().copied().max().unwrap_or_default();
    if largest > tolerance {
        let strong: Vec<u8> = differences
            .iter()
            .map(|&level| level.saturating_mul(255 / largest))
            .collect();
        let path = write_failure(name, expected, &strong, actual);
        println!("{name}: differs by up to {largest}, see {}", path.display());
    }
    largest
}

fn write_failure(name: &str, expected: &Raster, middle: &[u8], actual: &Raster) -> PathBuf {
    let width = expected.width();
    let rows = expected
        .data()
        .chunks(width)
        .zip(middle.chunks(width))
        .zip(actual.data().chunks(width));
    let joined: Vec<u8> = rows
        .flat_map(|((a, b), c)| [a, &[128; 2], b, &[128; 2], c].concat())
        .collect();
    let picture = Raster::grey(3 * width + 4, expected.height(), joined);
    let folder = root().join("target/test-failures");
    fs::create_dir_all(&folder).expect("a folder for failures");
    let path = folder.join(format!("{name}.png"));
    fs::write(&path, codec::to_png(&picture).expect("a PNG")).expect("a file for a failure");
    path
}
