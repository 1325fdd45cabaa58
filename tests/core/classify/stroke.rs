//! Real handwriting: a digit of MNIST as the strokes of a pen, smooth and of any size.

use super::canvas::Canvas;
use digitlab::classify::plane::Plane;
use digitlab::classify::stroke;
use digitlab::mnist::{PIXELS, SIDE};
use digitlab::random::Stream;

/// The height of a digit in MNIST.
const TALL: f64 = 20.0;

/// The ink at which a stroke of usual width has its edge.
const EDGE: f64 = 0.45;

/// The levels of 28 x 28 as ink, which is nothing outside.
struct Levels(Vec<f64>);

impl Levels {
    fn new(levels: &[u8]) -> Self {
        assert_eq!(levels.len(), PIXELS);
        Self(levels.iter().map(|&v| f64::from(v) / 255.0).collect())
    }

    fn at(&self, x: isize, y: isize) -> f64 {
        let side = 0..SIDE as isize;
        if side.contains(&x) && side.contains(&y) {
            self.0[y as usize * SIDE + x as usize]
        } else {
            0.0
        }
    }

    /// The ink at a place, by cubic B-splines, which are smooth.
    fn smooth(&self, u: f64, v: f64) -> f64 {
        let [(left, across), (top, down)] = [u, v].map(|at| {
            let first = (at - 0.5).floor();
            let t = at - 0.5 - first;
            let s = 1.0 - t;
            let weights = [
                s * s * s / 6.0,
                (4.0 - 6.0 * t * t + 3.0 * t * t * t) / 6.0,
                (4.0 - 6.0 * s * s + 3.0 * s * s * s) / 6.0,
                t * t * t / 6.0,
            ];
            (first as isize - 1, weights)
        });
        let rows = (top..).zip(down).map(|(y, weight)| {
            let columns = (left..).zip(across).map(|(x, w)| w * self.at(x, y));
            weight * columns.sum::<f64>()
        });
        rows.sum()
    }
}

/// A digit of MNIST, placed on a sheet.
pub(crate) struct Sample {
    levels: Levels,
    /// Where on the sheet the middle of its 28 x 28 is, and how large a pixel is.
    place: [f64; 3],
    /// By how many pixels of the 28 x 28 the edge of its strokes is moved inwards.
    thinner: f64,
}

impl Sample {
    /// A digit that is about as tall as `height`, its middle at `[x, y]`. `pen` says, as
    /// a part of the height, between which widths its strokes should be: their own is
    /// moved towards it, as far as the strokes allow.
    pub(crate) fn new(
        levels: &[u8],
        [x, y, height]: [f64; 3],
        pen: [f64; 2],
        stream: &mut Stream,
    ) -> Self {
        let levels = Levels::new(levels);
        let ink = levels.0.iter().map(|&v| v as f32).collect();
        let own = stroke::width(&Plane::new(SIDE, SIDE, ink));
        // A thin stroke would break.
        let wanted = (stream.between(pen) * TALL).max(1.9);
        Self {
            levels,
            place: [x, y, height / TALL],
            thinner: ((own - wanted) / 2.0).clamp(-0.5, 0.4),
        }
    }

    /// How much of each pixel it covers.
    pub(crate) fn coverage(&self, canvas: &Canvas) -> Vec<f64> {
        let [cx, cy, times] = self.place;
        let middle = SIDE as f64 / 2.0;
        let near = -1.0..SIDE as f64 + 1.0;
        let places = (0..canvas.width * canvas.height).map(|at| {
            let seen = [at % canvas.width, at / canvas.width].map(|v| v as f64 + 0.5);
            let ([x, y], depth) = canvas.unseen(seen);
            let [u, v] = [(x - cx) / times + middle, (y - cy) / times + middle];
            if !near.contains(&u) || !near.contains(&v) {
                return 0.0;
            }
            // Soft edges rise by about a half over a pixel of the 28 x 28.
            let inside = 2.0 * (self.levels.smooth(u, v) - EDGE) - self.thinner;
            (inside * times / depth + 0.5).clamp(0.0, 1.0)
        });
        places.collect()
    }

    /// How much of each pixel the levels themselves cover, enlarged so many times and
    /// blended between pixels, with the upper left corner at `[left, top]`.
    pub(crate) fn pixels(levels: &[u8], [left, top, times]: [f64; 3], canvas: &Canvas) -> Vec<f64> {
        let levels = Levels::new(levels);
        let places = (0..canvas.width * canvas.height).map(|place| {
            let x = ((place % canvas.width) as f64 + 0.5 - left) / times - 0.5;
            let y = ((place / canvas.width) as f64 + 0.5 - top) / times - 0.5;
            let (fx, fy) = (x - x.floor(), y - y.floor());
            let (x, y) = (x.floor() as isize, y.floor() as isize);
            let row = |y: isize| levels.at(x, y) * (1.0 - fx) + levels.at(x + 1, y) * fx;
            row(y) * (1.0 - fy) + row(y + 1) * fy
        });
        places.collect()
    }
}
