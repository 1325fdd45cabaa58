//! The icons of the installed site: the mark of `www/icons/favicon.svg`, at the sizes that systems ask for.

use crate::paint::{Colour, level, mix, picture};
use anyhow::Result;
use digitlab::raster::Raster;

/// What surrounds the mark.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ground {
    /// A square with round corners on nothing.
    Round,
    /// Colour up to the edges, for systems that cut a shape out of it: the mark keeps to the middle four fifths.
    Full,
}

/// The side of the drawing, in its own units.
const SIDE: f64 = 32.0;
const CORNER: f64 = 7.0;
const TEAL: Colour = [11.0 / 255.0, 114.0 / 255.0, 133.0 / 255.0];
const WHITE: Colour = [1.0; 3];
/// How much of its size the mark keeps where its surroundings may be cut off.
const SAFE: f64 = 0.9;

type Point = (f64, f64);

/// Half the width of the stroke.
const HALF: f64 = 1.8;
const START: Point = (9.2, 8.4);
/// A curve: two ends and two points that pull it.
const BEND: [Point; 4] = [(20.8, 8.4), (22.7, 8.4), (23.6, 10.4), (22.4, 11.9)];
const END: Point = (12.8, 24.2);
/// A square: its corner and its side.
const DOT: (f64, f64) = (20.5, 4.0);
const DOT_OPACITY: f64 = 0.95;

/// The icon with a side of so many pixels.
pub(crate) fn draw(side: usize, ground: Ground) -> Result<Raster> {
    let stroke = stroke();
    let pixels = side as f64 / SIDE;
    let shrink = if ground == Ground::Full { SAFE } else { 1.0 };
    let colour = |x: usize, y: usize| {
        let at = |pixel: usize| (pixel as f64 + 0.5) / pixels;
        let (x, y) = (at(x), at(y));
        // Where it would be in the drawing of full size.
        let inner = |value: f64| SIDE / 2.0 + (value - SIDE / 2.0) / shrink;
        let mark = (inner(x), inner(y));
        let scale = pixels * shrink;
        let line = covered(away_from(&stroke, mark) - HALF, scale);
        let dot = covered(outside_of_dot(mark), scale) * DOT_OPACITY;
        let seen = mix(TEAL, WHITE, line.max(dot));
        let opacity = match ground {
            Ground::Full => 1.0,
            Ground::Round => covered(outside_of_square((x, y)), pixels),
        };
        (seen, opacity)
    };
    if ground == Ground::Full {
        return picture(side, side, |x, y| colour(x, y).0.map(level));
    }
    picture(side, side, |x, y| {
        let ([red, green, blue], opacity) = colour(x, y);
        [level(red), level(green), level(blue), level(opacity)]
    })
}

/// How much of a pixel is covered by what ends so far away from its middle.
fn covered(distance: f64, pixels: f64) -> f64 {
    (0.5 - distance * pixels).clamp(0.0, 1.0)
}

/// The middle of the stroke, in straight pieces.
fn stroke() -> Vec<Point> {
    const PIECES: usize = 32;
    let mut points = vec![START];
    points.extend((0..=PIECES).map(|k| bend(k as f64 / PIECES as f64)));
    points.push(END);
    points
}

/// A point of the curve.
fn bend(t: f64) -> Point {
    let rest = 1.0 - t;
    let weights = [
        rest * rest * rest,
        3.0 * rest * rest * t,
        3.0 * rest * t * t,
        t * t * t,
    ];
    let mut point = (0.0, 0.0);
    for (weight, (x, y)) in weights.into_iter().zip(BEND) {
        point.0 += weight * x;
        point.1 += weight * y;
    }
    point
}

/// The distance of a point from the nearest of the pieces.
fn away_from(line: &[Point], (x, y): Point) -> f64 {
    let piece = |pair: &[Point]| {
        let (from, to) = (pair[0], pair[1]);
        let (dx, dy) = (to.0 - from.0, to.1 - from.1);
        let along = ((x - from.0) * dx + (y - from.1) * dy) / (dx * dx + dy * dy).max(1e-12);
        let along = along.clamp(0.0, 1.0);
        libm::hypot(x - from.0 - along * dx, y - from.1 - along * dy)
    };
    line.windows(2).map(piece).fold(f64::INFINITY, f64::min)
}

fn outside_of_dot((x, y): Point) -> f64 {
    let (corner, side) = DOT;
    let middle = corner + side / 2.0;
    (x - middle).abs().max((y - middle).abs()) - side / 2.0
}

fn outside_of_square((x, y): Point) -> f64 {
    let beyond = |value: f64| (value - SIDE / 2.0).abs() - (SIDE / 2.0 - CORNER);
    let (dx, dy) = (beyond(x), beyond(y));
    let outside = libm::hypot(dx.max(0.0), dy.max(0.0));
    outside + dx.max(dy).min(0.0) - CORNER
}
