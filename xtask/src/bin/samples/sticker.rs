//! A flower on nothing, with a soft shadow: what is transparent, half so and opaque.

use crate::paint::{Colour, level, mix, picture, step};
use anyhow::Result;
use digitlab::raster::Raster;

const SIDE: usize = 512;
const PETALS: f64 = 7.0;
/// Where the light pushes the shadow to.
const SHADOW: f64 = 18.0;

pub(crate) fn draw() -> Result<Raster> {
    picture(SIDE, SIDE, |x, y| {
        let (x, y) = (x as f64 + 0.5, y as f64 + 0.5);
        let shadow = 0.4 * step(-26.0, 10.0, inside(x - SHADOW, y - SHADOW));
        let edge = inside(x, y);
        let body = step(-0.8, 0.8, edge);
        let alpha = body + shadow * (1.0 - body);
        let colour = if alpha > 0.0 {
            mix([0.05, 0.05, 0.12], face(x, y, edge), body / alpha)
        } else {
            [0.0; 3]
        };
        let [red, green, blue] = colour.map(level);
        [red, green, blue, level(alpha)]
    })
}

/// The middle of the flower, seen from a place: its distance and its direction.
fn polar(x: f64, y: f64) -> (f64, f64) {
    let (x, y) = (x - 246.0, y - 246.0);
    ((x * x + y * y).sqrt(), libm::atan2(y, x))
}

/// How many pixels a place lies inside of the white rim's edge, roughly.
fn inside(x: f64, y: f64) -> f64 {
    let (distance, angle) = polar(x, y);
    182.0 + 36.0 * libm::cos(PETALS * angle) - distance
}

/// The colour of the flower, which is opaque.
fn face(x: f64, y: f64, edge: f64) -> Colour {
    let (distance, angle) = polar(x, y);
    let wave = libm::cos(PETALS * angle);
    let petal = mix(
        [0.86, 0.16, 0.33],
        [1.0, 0.66, 0.35],
        (distance - 60.0) / 150.0 + 0.12 * libm::sin(distance / 9.0) * (0.5 + 0.5 * wave),
    );
    // Darker where the petals meet.
    let petal = mix(petal, [0.55, 0.05, 0.25], step(-0.55, -1.0, wave) * 0.7);
    let rim = mix([0.98, 0.98, 0.97], petal, step(13.0, 14.6, edge));
    let dots = libm::sin(x / 5.5) * libm::sin(y / 5.5);
    let heart = mix([0.98, 0.8, 0.2], [0.75, 0.45, 0.06], step(0.1, 0.6, dots));
    let heart = mix(heart, [0.45, 0.25, 0.05], step(44.0, 62.0, distance));
    let shine = step(
        90.0,
        0.0,
        ((x - 190.0) * (x - 190.0) + (y - 170.0) * (y - 170.0)).sqrt(),
    );
    mix(
        mix(heart, rim, step(60.0, 61.6, distance)),
        [1.0; 3],
        0.28 * shine,
    )
}
