//! A digit of MNIST, enlarged smoothly.

use anyhow::{Context, Result};
use digitlab::mnist::{Column, Manifest, Pool, SIDE, Split, manifest};
use digitlab::raster::{Raster, Shape};
use std::{fs, path::Path};

/// Which digit: the split, the digit, and its place among those of its kind.
const WHICH: (Split, u8, u32) = (Split::Test, 5, 3);
const TIMES: usize = 18;

pub(crate) fn draw(bucket: &Path) -> Result<Raster> {
    let (split, digit, rank) = WHICH;
    let read = |name: &str| {
        let path = bucket.join(name);
        fs::read(&path).with_context(|| format!("cannot read {}", path.display()))
    };
    let mut pool = Pool::new(Manifest::parse(&String::from_utf8(read(manifest::FILE)?)?)?);
    let place = pool
        .locate(&[split], digit, rank)
        .context("the bucket has too few digits")?;
    if let Some(file) = pool.missing(place).map(str::to_owned) {
        pool.load(&file, &read(&file)?)?;
    }
    let sample = pool.sample(place).context("the shard was just loaded")?;
    enlarge(sample.columns)
}

/// Values between pixels by a cubic through them, first along rows and then along columns.
fn enlarge(columns: &[Column]) -> Result<Raster> {
    let side = SIDE * TIMES;
    let level = |x: i64, y: i64| {
        let inside = |value: i64| (0..SIDE as i64).contains(&value);
        if inside(x) && inside(y) {
            f64::from(columns[x as usize][y as usize])
        } else {
            0.0
        }
    };
    let mut data = Vec::with_capacity(side * side);
    for y in 0..side {
        let (row, rows) = weights(y);
        for x in 0..side {
            let (column, columns) = weights(x);
            let mut sum = 0.0;
            for (dy, down) in (0_i64..).zip(rows) {
                for (dx, across) in (0_i64..).zip(columns) {
                    sum += level(column + dx, row + dy) * down * across;
                }
            }
            data.push(sum.clamp(0.0, 255.0).round() as u8);
        }
    }
    let shape = Shape {
        width: side,
        height: side,
        channels: 1,
    };
    Ok(Raster::new(shape, data)?)
}

/// The first of the four pixels around a place, and how much each counts: a cubic B-spline,
/// which rounds the stairs off.
fn weights(place: usize) -> (i64, [f64; 4]) {
    let from = (place as f64 + 0.5) / TIMES as f64 - 0.5;
    let t = from - from.floor();
    let s = 1.0 - t;
    let weights = [
        s * s * s,
        3.0 * t * t * t - 6.0 * t * t + 4.0,
        3.0 * s * s * s - 6.0 * s * s + 4.0,
        t * t * t,
    ];
    (from.floor() as i64 - 1, weights.map(|weight| weight / 6.0))
}
