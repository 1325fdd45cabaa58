//! Pixels change places, as behind frosted glass.

use crate::augment::kernel::filter;
use crate::augment::{Definition, Drawn, Family, Transform};
use crate::error::{Error, Result};
use crate::parameter::{Field, Kind};
use crate::random::Stream;
use crate::raster::{Raster, Shape};

const SIGMA: Field = Field {
    name: "sigma",
    label: "Softness",
    help: "The standard deviation of the Gaussian blur before and after; 0 leaves both out \
           (Albumentations fails then).",
    kind: Kind::Number {
        min: 0.0,
        max: 30.0,
        step: 0.1,
        default: Some(0.7),
        unit: "px",
    },
};

const MAX_DELTA: Field = Field {
    name: "max_delta",
    label: "Distance",
    help: "How far pixels go at most. A margin of this width stays, and so does a picture \
           that is all margin (Albumentations fails then).",
    kind: Kind::Integer {
        min: 1,
        max: 100,
        default: Some(4),
        unit: "px",
    },
};

const ITERATIONS: Field = Field {
    name: "iterations",
    label: "Rounds",
    help: "How often each pixel is moved.",
    kind: Kind::Integer {
        min: 1,
        max: 10,
        default: Some(2),
        unit: "",
    },
};

const MODE: Field = Field {
    name: "mode",
    label: "Order",
    help: "Whether all pixels move at once (fast), or one after the other (exact). One \
           after the other, pixels of several channels are copied rather than swapped, \
           which is what Albumentations does.",
    kind: Kind::Choice {
        values: &["fast", "exact"],
        default: "fast",
    },
};

pub(super) const DEFINITION: Definition = Definition {
    name: "GlassBlur",
    family: Family::Blur,
    help: "Swaps pixels with others near by, as frosted glass seems to, and blurs a little \
           before and after.",
    p: 0.5,
    fields: &[SIGMA, MAX_DELTA, ITERATIONS, MODE],
    build: |options| {
        Ok(Box::new(GlassBlur {
            sigma: SIGMA.number(options)?.unwrap_or_default(),
            reach: MAX_DELTA.integer(options)?.unwrap_or(1) as usize,
            rounds: ITERATIONS.integer(options)?.unwrap_or(1) as usize,
            at_once: MODE.choice(options)? == "fast",
        }))
    },
};

#[derive(Debug)]
struct GlassBlur {
    sigma: f64,
    reach: usize,
    rounds: usize,
    at_once: bool,
}

impl Transform for GlassBlur {
    fn draw(&self, _: Shape, stream: &mut Stream) -> Drawn {
        Drawn::nothing().seed("seed", stream.seed())
    }

    /// Instead of a `seed`, `dxy` may give by how much pixels move: for each pixel that
    /// is not in the margin, for each round, down and right, from minus the distance to
    /// the distance less 1. The pixels come from the bottom up and, within that, from
    /// right to left; when all move at once, the other way about.
    fn apply(&self, mut picture: Raster, drawn: &Drawn) -> Result<Raster> {
        let shape = picture.shape();
        let places = Places::new(shape, self.reach);
        let count = places.columns * places.rows * self.rounds * 2;
        let blur = |picture: &mut Raster| {
            if self.sigma > 0.0 {
                let size = filter::gaussian_size(self.sigma);
                filter::gaussian_blur(picture, size, self.sigma);
            }
        };
        let mut moves = if drawn.get("dxy").is_some() {
            Moves::Given(self.given(drawn.exactly("dxy", count)?)?)
        } else {
            Moves::Drawn(Box::new(Stream::of_field(drawn.seed_of("seed")?)))
        };
        blur(&mut picture);
        for round in 0..self.rounds {
            // One round at a time, which keeps them small.
            let steps: Vec<[i8; 2]> = (0..places.columns * places.rows)
                .map(|place| match &mut moves {
                    Moves::Given(given) => given[place * self.rounds + round],
                    Moves::Drawn(stream) => [0; 2].map(|_| {
                        let step = stream.below(2 * self.reach as u32) as i32;
                        (step - self.reach as i32) as i8
                    }),
                })
                .collect();
            if self.at_once {
                at_once(&mut picture, &places, &steps);
            } else {
                one_by_one(&mut picture, &places, &steps);
            }
        }
        blur(&mut picture);
        Ok(picture)
    }
}

impl GlassBlur {
    /// Moves that were handed in.
    fn given(&self, moves: &[f64]) -> Result<Vec<[i8; 2]>> {
        let reach = self.reach as f64;
        let checked = |step: f64| {
            if step.fract() == 0.0 && (-reach..reach).contains(&step) {
                Ok(step as i8)
            } else {
                let allowed = format!("whole numbers from -{reach} to {}", reach - 1.0);
                Err(Error::invalid("dxy", step, allowed))
            }
        };
        let pairs = moves.as_chunks::<2>().0.iter();
        pairs
            .map(|[down, right]| Ok([checked(*down)?, checked(*right)?]))
            .collect()
    }
}

/// Where moves come from.
enum Moves {
    Given(Vec<[i8; 2]>),
    Drawn(Box<Stream>),
}

/// Which pixels are moved.
struct Places {
    /// The last one's position, which is the first to be moved.
    end: [usize; 2],
    columns: usize,
    rows: usize,
}

impl Places {
    fn new(shape: Shape, reach: usize) -> Self {
        let Shape { width, height, .. } = shape;
        Self {
            end: [width.saturating_sub(reach), height.saturating_sub(reach)],
            columns: width.saturating_sub(2 * reach),
            rows: height.saturating_sub(2 * reach),
        }
    }
}

/// Where the pixel at (x, y) goes, as a position among the values.
fn target(shape: Shape, [x, y]: [usize; 2], [down, right]: [i8; 2]) -> usize {
    let [x, y] = [
        x.saturating_add_signed(right.into()),
        y.saturating_add_signed(down.into()),
    ];
    (y * shape.width + x) * shape.channels
}

/// All pixels take what is at their targets, and then put there what they were; where
/// several have the same target, the last one wins.
fn at_once(picture: &mut Raster, places: &Places, steps: &[[i8; 2]]) {
    let shape = picture.shape();
    let before = picture.data().to_vec();
    let data = picture.data_mut();
    for pass in 0..2 {
        for column in 0..places.columns {
            let x = places.end[0] - column;
            for row in 0..places.rows {
                let y = places.end[1] - row;
                let here = (y * shape.width + x) * shape.channels;
                let there = target(shape, [x, y], steps[column * places.rows + row]);
                let (from, to) = if pass == 0 {
                    (there, here)
                } else {
                    (here, there)
                };
                data[to..to + shape.channels].copy_from_slice(&before[from..from + shape.channels]);
            }
        }
    }
}

/// Each pixel in turn is swapped with its target; with several channels it only takes
/// what is there.
fn one_by_one(picture: &mut Raster, places: &Places, steps: &[[i8; 2]]) {
    let shape = picture.shape();
    let data = picture.data_mut();
    for row in 0..places.rows {
        let y = places.end[1] - row;
        for column in 0..places.columns {
            let x = places.end[0] - column;
            let here = (y * shape.width + x) * shape.channels;
            let there = target(shape, [x, y], steps[row * places.columns + column]);
            if shape.channels == 1 {
                data.swap(here, there);
            } else {
                data.copy_within(there..there + shape.channels, here);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pixels_are_swapped_or_copied() {
        let made = |channels: usize, at_once: bool| {
            let glass = GlassBlur {
                sigma: 0.0,
                reach: 1,
                rounds: 1,
                at_once,
            };
            let shape = Shape {
                width: 3,
                height: 3,
                channels,
            };
            let data = (0..9).flat_map(|pixel| vec![pixel; channels]).collect();
            let picture = Raster::new(shape, data).expect("a picture");
            let drawn = Drawn::nothing().numbers("dxy", vec![-1.0, 0.0]);
            let data = glass.apply(picture, &drawn).expect("a picture").into_data();
            data.into_iter().step_by(channels).collect::<Vec<u8>>()
        };
        let swapped = [0, 1, 2, 3, 4, 8, 6, 7, 5];
        assert_eq!(made(1, true), swapped);
        assert_eq!(made(3, true), swapped);
        assert_eq!(made(1, false), swapped);
        assert_eq!(made(3, false), [0, 1, 2, 3, 4, 5, 6, 7, 5]);
    }
}
