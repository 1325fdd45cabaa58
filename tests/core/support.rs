//! What several test modules need.

use digitlab::mnist::{Manifest, Pool};
use digitlab::raster::{Raster, Shape};
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

/// Reads a PNG file of 8 bits with 1, 3 or 4 channels.
pub(crate) fn read_png(path: &Path) -> Raster {
    let picture = image::open(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let shape = Shape {
        width: picture.width() as usize,
        height: picture.height() as usize,
        channels: usize::from(picture.color().channel_count()),
    };
    Raster::new(shape, picture.into_bytes())
        .unwrap_or_else(|error| panic!("{}: {error}", path.display()))
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
        let path = write_comparison(name, expected, actual);
        println!("{name}: differs by up to {largest}, see {}", path.display());
    }
    largest
}

/// Writes expected | difference, stretched to be seen | actual, for a person to look at.
pub(crate) fn write_comparison(name: &str, expected: &Raster, actual: &Raster) -> PathBuf {
    const GAP: usize = 2;
    let (width, height) = (expected.width(), expected.height());
    let pixel = |picture: &Raster, x: usize, y: usize| -> [u8; 4] {
        let channels = picture.channels();
        let at = (y * picture.width() + x) * channels;
        match picture.data()[at..][..channels] {
            [grey] => [grey, grey, grey, 255],
            [red, green, blue] => [red, green, blue, 255],
            [red, green, blue, alpha] => [red, green, blue, alpha],
            _ => unreachable!("1, 3 or 4 channels"),
        }
    };
    let differences = expected.data().iter().zip(actual.data());
    let largest = differences.map(|(a, b)| a.abs_diff(*b)).max();
    let stretch = 255 / largest.filter(|&largest| largest > 0).unwrap_or(255);
    let mut sheet = image::RgbaImage::from_pixel(
        (3 * width + 2 * GAP) as u32,
        height as u32,
        image::Rgba([128, 128, 128, 255]),
    );
    for y in 0..height {
        for x in 0..width {
            let (a, b) = (pixel(expected, x, y), pixel(actual, x, y));
            let mut difference = [0, 1, 2].map(|k| a[k].abs_diff(b[k])).to_vec();
            // A difference of alpha shows in all colours.
            difference.iter_mut().for_each(|level| {
                *level = (*level).max(a[3].abs_diff(b[3])).saturating_mul(stretch)
            });
            let difference = [difference[0], difference[1], difference[2], 255];
            for (part, pixel) in [a, difference, b].into_iter().enumerate() {
                let x = (part * (width + GAP) + x) as u32;
                sheet.put_pixel(x, y as u32, image::Rgba(pixel));
            }
        }
    }
    let folder = root().join("target/test-failures");
    fs::create_dir_all(&folder).expect("a folder for failures");
    let path = folder.join(format!("{name}.png"));
    sheet.save(&path).expect("a file for a failure");
    path
}
