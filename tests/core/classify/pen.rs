//! Digits as strokes of a pen: drawn by hand as numbers, in several hands, and varied
//! from a seed as a person's digits vary.

use super::hands::HANDS;
use digitlab::random::Stream;

/// Points of a pen's way: column, row and half the width of the ink.
pub(crate) type Way = Vec<[f64; 3]>;

/// How a digit is written.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Style {
    /// Columns to the right per row upwards.
    pub(crate) slant: f64,
    /// Width against that of the hand.
    pub(crate) aspect: f64,
    /// By how many radians it is turned.
    pub(crate) turn: f64,
    /// By how much each point is off, as a part of the height.
    pub(crate) unsteady: f64,
    /// The width of the pen, as a part of the height.
    pub(crate) pen: f64,
    /// By how much pressure changes the width, as a part of it.
    pub(crate) pressure: f64,
}

impl Style {
    /// A steady upright digit.
    pub(crate) const STEADY: Self = Self {
        slant: 0.0,
        aspect: 1.0,
        turn: 0.0,
        unsteady: 0.0,
        pen: 0.1,
        pressure: 0.0,
    };

    /// A person's digit with a pen of this width.
    pub(crate) fn human(stream: &mut Stream, pen: f64) -> Self {
        Self {
            slant: stream.between([-0.12, 0.32]),
            aspect: stream.between([0.8, 1.12]),
            turn: stream.between([-0.07, 0.07]),
            unsteady: stream.between([0.006, 0.02]),
            pen,
            pressure: stream.between([0.0, 0.3]),
        }
    }
}

/// Writes a digit: its middle is at `[x, y]`, it is `height` pixels high.
pub(crate) fn write(
    digit: usize,
    hand: usize,
    style: Style,
    [x, y, height]: [f64; 3],
    stream: &mut Stream,
) -> Vec<Way> {
    let (sin, cos) = (libm::sin(style.turn), libm::cos(style.turn));
    let place = |[px, py]: [f64; 2]| {
        let down = py - 0.5;
        let right = (px - 0.5) * 0.72 * style.aspect - style.slant * down;
        [
            x + height * (right * cos - down * sin),
            y + height * (right * sin + down * cos),
        ]
    };
    let [phase, pace] = [stream.between([0.0, 6.0]), stream.between([0.5, 1.5])];
    let mut ways: Vec<Way> = Vec::new();
    let mut end: Option<([f64; 2], [f64; 2])> = None;
    for points in HANDS[hand][digit] {
        let mut shifted: Vec<[f64; 2]> = Vec::new();
        for &point in *points {
            let off = [(); 2].map(|()| stream.normal() * style.unsteady);
            let place = match end {
                // Strokes that meet in a corner go on meeting there.
                Some((before, shown)) if before == point && shifted.is_empty() => shown,
                _ => [point[0] + off[0], point[1] + off[1]],
            };
            shifted.push(place);
        }
        end = points.last().copied().zip(shifted.last().copied());
        let curve = curve(&shifted);
        let count = curve.len() as f64;
        let way = curve.into_iter().enumerate().map(|(at, point)| {
            let [x, y] = place(point);
            let along = at as f64 / count;
            let wave = libm::sin(phase + along * 6.0 * pace);
            let width = style.pen * height * (1.0 + style.pressure * wave);
            [x, y, width / 2.0]
        });
        ways.push(way.collect());
    }
    ways
}

/// A smooth curve through points: Catmull and Rom's.
fn curve(points: &[[f64; 2]]) -> Vec<[f64; 2]> {
    const STEPS: usize = 10;
    let at = |k: isize| points[k.clamp(0, points.len() as isize - 1) as usize];
    let mut curve = Vec::new();
    for k in 0..points.len() as isize - 1 {
        let [a, b, c, d] = [at(k - 1), at(k), at(k + 1), at(k + 2)];
        for step in 0..STEPS {
            let t = step as f64 / STEPS as f64;
            curve.push([0, 1].map(|i| {
                let [a, b, c, d] = [a[i], b[i], c[i], d[i]];
                let square = 2.0 * a - 5.0 * b + 4.0 * c - d;
                let cube = 3.0 * b - a - 3.0 * c + d;
                0.5 * (2.0 * b + t * (c - a + t * (square + t * cube)))
            }));
        }
    }
    curve.push(points[points.len() - 1]);
    curve
}
