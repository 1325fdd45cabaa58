//! Mountains behind mountains, a lake, and the sun going down.

use crate::noise::{at, fractal};
use crate::paint::{Colour, level, mix, picture, scaled, step};
use anyhow::Result;
use digitlab::raster::Raster;

const WIDTH: usize = 512;
const HEIGHT: usize = 384;
/// The row where the lake begins.
const SHORE: f64 = 268.0;
const SUN: [f64; 2] = [352.0, 128.0];

/// A range: how high it lies, how high it rises, how wide its mountains are, how much of
/// its own colour is left by the air.
struct Range {
    base: f64,
    rise: f64,
    wide: f64,
    colour: Colour,
    seed: u32,
}

const RANGES: [Range; 4] = [
    Range {
        base: 196.0,
        rise: 150.0,
        wide: 190.0,
        colour: [0.66, 0.56, 0.66],
        seed: 11,
    },
    Range {
        base: 232.0,
        rise: 130.0,
        wide: 130.0,
        colour: [0.44, 0.38, 0.52],
        seed: 27,
    },
    Range {
        base: 258.0,
        rise: 96.0,
        wide: 96.0,
        colour: [0.26, 0.26, 0.38],
        seed: 43,
    },
    Range {
        base: 276.0,
        rise: 56.0,
        wide: 70.0,
        colour: [0.11, 0.15, 0.2],
        seed: 61,
    },
];

pub(crate) fn draw() -> Result<Raster> {
    picture(WIDTH, HEIGHT, |x, y| {
        // Four places in each pixel.
        let mut sum = [0.0; 3];
        for k in 0..4 {
            let (dx, dy) = (0.25 + 0.5 * f64::from(k % 2), 0.25 + 0.5 * f64::from(k / 2));
            let colour = at_place(x as f64 + dx, y as f64 + dy);
            sum = [0, 1, 2].map(|c| sum[c] + colour[c] / 4.0);
        }
        let grain = (at(x as i64, y as i64, 99) - 0.5) * 0.02;
        sum.map(|value| level(value + grain))
    })
}

fn at_place(x: f64, y: f64) -> Colour {
    if y < SHORE {
        return above(x, y);
    }
    // The nearer the water, the longer its waves.
    let depth = (y - SHORE) / (HEIGHT as f64 - SHORE);
    let wave = fractal(x / (18.0 + 60.0 * depth), y / (1.6 + 7.0 * depth), 3, 5) - 0.5;
    let mirrored = SHORE - (y - SHORE) * 1.25 + wave * (4.0 + 46.0 * depth);
    let colour = above(x + wave * 22.0 * depth, mirrored.clamp(0.0, SHORE - 0.5));
    let glint = step(0.12, 0.3, wave) * step(70.0, 0.0, (x - SUN[0]).abs());
    let water = mix(scaled(colour, 0.8), [0.05, 0.12, 0.2], 0.22 + 0.3 * depth);
    mix(water, [1.0, 0.82, 0.55], 0.55 * glint)
}

/// What is seen above the water.
fn above(x: f64, y: f64) -> Colour {
    let mut seen = sky(x, y);
    for range in &RANGES {
        let top = ridge(range, x);
        if y > top {
            seen = mountain(range, x, y, top);
        }
    }
    seen
}

/// The row of a range's edge.
fn ridge(range: &Range, x: f64) -> f64 {
    let noise = fractal(x / range.wide, 0.5, 7, range.seed);
    // Folded, so that there are sharp peaks.
    let folded = 1.0 - (2.0 * noise - 1.0).abs() * 1.6;
    range.base - range.rise * folded.max(0.0) * 0.62
}

fn mountain(range: &Range, x: f64, y: f64, top: f64) -> Colour {
    let deep = (y - top) / range.rise;
    let rock = fractal(x / 20.0 + y / 34.0, y / 13.0 - x / 60.0, 5, range.seed + 7);
    // Slopes that look at the sun are lit. They run down askew and are broken by the rock.
    let along = x + 0.55 * (y - top) + 60.0 * (rock - 0.5);
    let slope = ridge(range, along + 7.0) - ridge(range, along - 7.0);
    let lit = step(-9.0, 9.0, if x < SUN[0] { -slope } else { slope });
    let light = 0.72 + 0.35 * rock + 0.25 * (lit - 0.5);
    let own = mix(scaled(range.colour, light), [1.0, 0.7, 0.45], 0.16 * lit);
    let high = step(150.0, 105.0, y);
    let snow = step(0.46, 0.58, rock) * high * step(0.9, 0.0, deep);
    let white = mix([0.8, 0.76, 0.86], [1.0, 0.88, 0.78], lit);
    let own = mix(own, white, 0.85 * snow);
    // The air between the ranges, thick at their feet.
    mix(
        own,
        [0.93, 0.68, 0.55],
        0.5 * step(0.2, 1.1, deep) * step(SHORE + 30.0, SHORE - 110.0, y),
    )
}

fn sky(x: f64, y: f64) -> Colour {
    let high = mix([0.98, 0.75, 0.5], [0.2, 0.35, 0.62], step(230.0, -20.0, y));
    let (dx, dy) = (x - SUN[0], y - SUN[1]);
    let from_sun = (dx * dx + dy * dy).sqrt();
    let glow = libm::exp(-from_sun / 70.0);
    let mut colour = mix(high, [1.0, 0.8, 0.5], 0.9 * glow);
    let cloud = step(0.5, 0.78, fractal(x / 110.0 + 3.0, y / 30.0, 6, 3));
    let tint = mix([0.95, 0.72, 0.66], [1.0, 0.92, 0.8], glow + 0.3 * cloud);
    colour = mix(colour, tint, 0.8 * cloud * step(225.0, 60.0, y));
    mix(
        colour,
        [1.0, 0.97, 0.86],
        step(21.0, 19.0, from_sun) * (1.0 - 0.5 * cloud),
    )
}
