//! Paper, boards and light: strokes become a picture as a camera or scanner sees it.

use super::pen::Way;
use digitlab::random::Stream;
use digitlab::raster::{Raster, Shape};

/// Red, green and blue, 0..=1.
pub(crate) type Colour = [f64; 3];

pub(crate) const WHITE: Colour = [0.96, 0.96, 0.94];
pub(crate) const BLACK: Colour = [0.08, 0.08, 0.09];

/// A picture that is being made.
#[derive(Clone, Debug)]
pub(crate) struct Canvas {
    pub(crate) width: usize,
    pub(crate) height: usize,
    pixels: Vec<Colour>,
    /// How much the sheet is tilted to the right and towards the viewer.
    pub(crate) tilt: [f64; 2],
}

impl Canvas {
    pub(crate) fn new(width: usize, height: usize, colour: Colour) -> Self {
        Self {
            width,
            height,
            pixels: vec![colour; width * height],
            tilt: [0.0; 2],
        }
    }

    /// Where a place of the sheet is seen.
    fn seen(&self, [x, y, half]: [f64; 3]) -> [f64; 3] {
        let [cx, cy] = [self.width as f64 / 2.0, self.height as f64 / 2.0];
        let [dx, dy] = [(x - cx) / cx, (y - cy) / cy];
        let depth = 1.0 + self.tilt[0] * dx + self.tilt[1] * dy;
        [cx + (x - cx) / depth, cy + (y - cy) / depth, half / depth]
    }

    /// Which place of the sheet is seen at a place of the picture, and how many pixels of
    /// the sheet a pixel is there.
    pub(crate) fn unseen(&self, [x, y]: [f64; 2]) -> ([f64; 2], f64) {
        let [cx, cy] = [self.width as f64 / 2.0, self.height as f64 / 2.0];
        let [dx, dy] = [(x - cx) / cx, (y - cy) / cy];
        let depth = 1.0 / (1.0 - self.tilt[0] * dx - self.tilt[1] * dy).max(0.05);
        ([cx + (x - cx) * depth, cy + (y - cy) * depth], depth)
    }

    /// How much of each pixel ways cover.
    pub(crate) fn coverage(&self, ways: &[Way]) -> Vec<f64> {
        let mut covered = vec![0.0_f64; self.pixels.len()];
        for way in ways {
            let way: Way = way.iter().map(|&point| self.seen(point)).collect();
            for two in way.windows(2) {
                self.cover(&mut covered, two[0], two[1]);
            }
        }
        covered
    }

    fn cover(&self, covered: &mut [f64], a: [f64; 3], b: [f64; 3]) {
        let reach = a[2].max(b[2]) + 1.0;
        let range = |low: f64, high: f64, length: usize| {
            let low = (low - reach).floor().clamp(0.0, length as f64) as usize;
            low..(high + reach).ceil().clamp(0.0, length as f64) as usize
        };
        let [dx, dy] = [b[0] - a[0], b[1] - a[1]];
        let square = (dx * dx + dy * dy).max(1e-9);
        for y in range(a[1].min(b[1]), a[1].max(b[1]), self.height) {
            for x in range(a[0].min(b[0]), a[0].max(b[0]), self.width) {
                let [px, py] = [x as f64 + 0.5 - a[0], y as f64 + 0.5 - a[1]];
                let along = ((px * dx + py * dy) / square).clamp(0.0, 1.0);
                let [ox, oy] = [px - along * dx, py - along * dy];
                let half = a[2] + along * (b[2] - a[2]);
                // A line thinner than a pixel is fainter.
                let (inner, most) = (half.max(0.5), (2.0 * half).min(1.0));
                let share = (inner - (ox * ox + oy * oy).sqrt() + 0.5).clamp(0.0, 1.0) * most;
                let pixel = &mut covered[y * self.width + x];
                *pixel = pixel.max(share);
            }
        }
    }

    /// Lays a colour over the picture where something covers it.
    pub(crate) fn lay(&mut self, covered: &[f64], colour: Colour) {
        for (pixel, &share) in self.pixels.iter_mut().zip(covered) {
            for (value, colour) in pixel.iter_mut().zip(colour) {
                *value += share * (colour - *value);
            }
        }
    }

    /// Draws ways in a colour.
    pub(crate) fn draw(&mut self, ways: &[Way], colour: Colour) {
        let covered = self.coverage(ways);
        self.lay(&covered, colour);
    }

    /// Lays a colour as chalk or pencil does, which leaves gaps in the grain.
    pub(crate) fn lay_grainy(
        &mut self,
        mut covered: Vec<f64>,
        colour: Colour,
        stream: &mut Stream,
    ) {
        for share in &mut covered {
            if *share > 0.0 {
                *share *= stream.between([0.55, 1.0]);
            }
        }
        self.lay(&covered, colour);
    }

    /// Lines every `apart` pixels from top to bottom, and from left to right if `squared`.
    pub(crate) fn rule(&mut self, apart: f64, wide: f64, colour: Colour, squared: bool) {
        let [width, height] = [self.width as f64, self.height as f64];
        let mut ways: Vec<Way> = Vec::new();
        let mut line = |from: [f64; 2], to: [f64; 2]| {
            let point = |k: usize| {
                let t = k as f64 / 8.0;
                [
                    from[0] + t * (to[0] - from[0]),
                    from[1] + t * (to[1] - from[1]),
                    wide / 2.0,
                ]
            };
            ways.push((0..=8).map(point).collect());
        };
        for k in -6..(height / apart) as i32 + 6 {
            let y = (f64::from(k) + 0.4) * apart;
            line([-width, y], [2.0 * width, y]);
        }
        if squared {
            for k in -6..(width / apart) as i32 + 6 {
                let x = (f64::from(k) + 0.7) * apart;
                line([x, -height], [x, 2.0 * height]);
            }
        }
        self.draw(&ways, colour);
    }

    /// Multiplies the light of each place, given from -1 to 1 in both directions.
    pub(crate) fn light(&mut self, factor: impl Fn(f64, f64) -> f64) {
        let unit = |at: usize, length: usize| (at as f64 + 0.5) * 2.0 / length as f64 - 1.0;
        for (at, pixel) in self.pixels.iter_mut().enumerate() {
            let x = unit(at % self.width, self.width);
            let y = unit(at / self.width, self.height);
            let factor = factor(x, y);
            pixel.iter_mut().for_each(|value| *value *= factor);
        }
    }

    /// A shadow on one side of a slanted edge, `soft` wide.
    pub(crate) fn shade(&mut self, edge: f64, slope: f64, soft: f64, factor: f64) {
        self.light(|x, y| {
            let share = ((x - edge - slope * y) / soft.max(1e-3) + 0.5).clamp(0.0, 1.0);
            factor + (1.0 - factor) * share
        });
    }

    /// The uneven tone of paper: a few slow waves, and a grain.
    pub(crate) fn texture(&mut self, strength: f64, stream: &mut Stream) {
        let waves: Vec<[f64; 3]> = (0..6)
            .map(|_| {
                let [a, b, c] = [[-9.0, 9.0], [-9.0, 9.0], [0.0, 6.0]];
                [stream.between(a), stream.between(b), stream.between(c)]
            })
            .collect();
        self.light(|x, y| {
            let sum: f64 = waves
                .iter()
                .map(|[a, b, c]| libm::sin(a * x + b * y + c))
                .sum();
            1.0 + strength * sum / 6.0
        });
        self.noise(strength / 2.0, stream);
    }

    /// The noise of a camera, the same in all colours, and a little of each colour.
    pub(crate) fn noise(&mut self, deviation: f64, stream: &mut Stream) {
        for pixel in &mut self.pixels {
            let common = stream.normal() * deviation;
            for value in pixel {
                *value += common + stream.normal() * deviation * 0.4;
            }
        }
    }

    /// Out of focus: the mean over squares of `2 * radius + 1` pixels.
    pub(crate) fn blur(&mut self, radius: usize) {
        let (width, height) = (self.width, self.height);
        let source = self.pixels.clone();
        for (at, pixel) in self.pixels.iter_mut().enumerate() {
            let (x, y) = (at % width, at / width);
            let columns = x.saturating_sub(radius)..(x + radius + 1).min(width);
            let rows = y.saturating_sub(radius)..(y + radius + 1).min(height);
            let count = (columns.len() * rows.len()) as f64;
            let mut sum = [0.0; 3];
            for y in rows {
                for x in columns.clone() {
                    sum.iter_mut()
                        .zip(source[y * width + x])
                        .for_each(|(a, b)| *a += b);
                }
            }
            *pixel = sum.map(|v| v / count);
        }
    }

    /// The picture in 8 bits, in colours.
    pub(crate) fn picture(&self) -> Raster {
        let levels = self
            .pixels
            .iter()
            .flat_map(|pixel| pixel.map(|value| (value.clamp(0.0, 1.0) * 255.0).round() as u8));
        let shape = Shape {
            width: self.width,
            height: self.height,
            channels: 3,
        };
        Raster::new(shape, levels.collect()).expect("an allowed picture")
    }
}

/// The smallest area that holds what is covered by more than half: left, top, right and
/// bottom.
pub(crate) fn extent(covered: &[f64], width: usize) -> Option<[usize; 4]> {
    let places = covered
        .iter()
        .enumerate()
        .filter(|(_, share)| **share > 0.5);
    places.fold(None, |found, (at, _)| {
        let (x, y) = (at % width, at / width);
        let [left, top, right, bottom] = found.unwrap_or([x, y, x + 1, y + 1]);
        Some([left.min(x), top.min(y), right.max(x + 1), bottom.max(y + 1)])
    })
}
