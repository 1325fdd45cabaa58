//! A grid of points, each of which moves what is near it.

use super::bend::{Bend, Map};
use crate::augment::kernel::sample::Sampler;
use crate::augment::warp::options::{BORDER_MODE, FILL_FIRST, INTERPOLATION, sampler};
use crate::augment::{Definition, Drawn, Family};
use crate::error::{Error, Result};
use crate::parameter::{Field, Kind, Single};
use crate::random::Stream;
use crate::raster::Shape;

/// The most rows and columns of points.
const MOST: usize = 16;

const SCALE: Field = Field {
    name: "scale",
    label: "Strength",
    help: "How far points move: three standard deviations, as a share of the shorter side, or in pixels when the scale is absolute. With 0 nothing happens.",
    kind: Kind::Range {
        min: 0.0,
        max: 1000.0,
        step: 0.01,
        whole: false,
        default: Some([0.03, 0.05]),
        unit: "",
        single: Single::From(0.0),
    },
};

const fn count(name: &'static str, label: &'static str, help: &'static str) -> Field {
    Field {
        name,
        label,
        help,
        kind: Kind::Range {
            min: 2.0,
            max: MOST as f64,
            step: 1.0,
            whole: true,
            default: Some([4.0, 4.0]),
            unit: "",
            single: Single::Same,
        },
    }
}

const NB_ROWS: Field = count("nb_rows", "Rows", "How many rows of points there are.");
const NB_COLS: Field = count(
    "nb_cols",
    "Columns",
    "How many columns of points there are.",
);

const ABSOLUTE_SCALE: Field = Field {
    name: "absolute_scale",
    label: "Strength in pixels",
    help: "Whether the strength is in pixels, instead of a share of the shorter side.",
    kind: Kind::Boolean { default: false },
};

pub(super) const PIECEWISE_AFFINE: Definition = Definition {
    name: "PiecewiseAffine",
    family: Family::Distortion,
    help: "Moves the points of a grid, and what is near them. Albumentations weighs all points by their distance, which pulls pixels towards the nearest point: the picture looks pinched even where points move little.",
    p: 0.5,
    fields: &[
        SCALE,
        NB_ROWS,
        NB_COLS,
        INTERPOLATION,
        ABSOLUTE_SCALE,
        BORDER_MODE,
        FILL_FIRST,
    ],
    build: |options| {
        Ok(Box::new(PiecewiseAffine {
            scale: SCALE.range(options)?.unwrap_or_default(),
            rows: NB_ROWS.range(options)?.unwrap_or([2.0; 2]),
            columns: NB_COLS.range(options)?.unwrap_or([2.0; 2]),
            absolute: ABSOLUTE_SCALE.boolean(options)?,
            sampler: sampler(options, false)?,
        }))
    },
};

#[derive(Debug)]
struct PiecewiseAffine {
    scale: [f64; 2],
    rows: [f64; 2],
    columns: [f64; 2],
    absolute: bool,
    sampler: Sampler,
}

impl Bend for PiecewiseAffine {
    /// How many rows and columns of points there are, and by how many pixels each moves:
    /// down and across, row by row. Without any, nothing happens.
    fn draw(&self, shape: Shape, stream: &mut Stream) -> Drawn {
        let [rows, columns] = [self.rows, self.columns]
            .map(|[low, high]| low as u32 + stream.below((high - low) as u32 + 1));
        let scale = stream.between(self.scale);
        let unit = if self.absolute {
            1.0
        } else {
            shape.width.min(shape.height) as f64
        };
        let count = if scale > 0.0 { 2 * rows * columns } else { 0 };
        let jitter = (0..count).map(|_| stream.normal() * scale * unit / 3.0);
        Drawn::nothing()
            .number("rows", f64::from(rows))
            .number("columns", f64::from(columns))
            .numbers("jitter", jitter.collect())
    }

    fn map(&self, shape: Shape, drawn: &Drawn) -> Result<Option<Map<'_>>> {
        let rows = drawn.index_of("rows", MOST + 1)?;
        let columns = drawn.index_of("columns", MOST + 1)?;
        if rows < 2 || columns < 2 {
            let found = format!("{rows} x {columns}");
            return Err(Error::invalid("rows", found, "at least 2 x 2 points"));
        }
        if drawn.numbers_of("jitter")?.is_empty() {
            return Ok(None);
        }
        let jitter = drawn.exactly("jitter", 2 * rows * columns)?;
        let points = Points::new(shape, rows, columns, jitter);
        let mut weights = vec![0.0; rows * columns];
        let mut products = weights.clone();
        let [right, bottom] = [shape.width, shape.height].map(|side| (side - 1) as f32);
        Ok(Some(Box::new(move |y, xs, ys| {
            for (x, (to_x, to_y)) in xs.iter_mut().zip(ys).enumerate() {
                points.weigh(x as f32, y as f32, &mut weights);
                let sum = pairwise(&weights);
                for weight in &mut weights {
                    *weight /= sum;
                }
                for (to, moved, last) in [
                    (to_x, &points.moved_x, right),
                    (to_y, &points.moved_y, bottom),
                ] {
                    for ((product, weight), moved) in products.iter_mut().zip(&weights).zip(moved) {
                        *product = weight * moved;
                    }
                    *to = pairwise(&products).clamp(0.0, last);
                }
            }
        })))
    }

    fn sampler(&self) -> &Sampler {
        &self.sampler
    }
}

/// The points: where they are, and where what is there comes from.
struct Points {
    x: Vec<f32>,
    y: Vec<f32>,
    moved_x: Vec<f32>,
    moved_y: Vec<f32>,
}

impl Points {
    fn new(shape: Shape, rows: usize, columns: usize, jitter: &[f64]) -> Self {
        let places = |length: usize, count: usize| -> Vec<f32> {
            let gap = (length - 1) as f64 / (count - 1) as f64;
            (0..count).map(|at| (at as f64 * gap) as f32).collect()
        };
        let [across, down] = [places(shape.width, columns), places(shape.height, rows)];
        let x: Vec<f32> = (0..rows * columns).map(|at| across[at % columns]).collect();
        let y: Vec<f32> = (0..rows * columns).map(|at| down[at / columns]).collect();
        let moved = |from: &[f32], first: usize, length: usize| -> Vec<f32> {
            let moves = jitter[first..].iter().step_by(2);
            from.iter()
                .zip(moves)
                .map(|(from, by)| (from + *by as f32).clamp(0.0, (length - 1) as f32))
                .collect()
        };
        Self {
            moved_x: moved(&x, 1, shape.width),
            moved_y: moved(&y, 0, shape.height),
            x,
            y,
        }
    }

    /// The points' weights at a place: one by the square of the distance.
    fn weigh(&self, x: f32, y: f32, weights: &mut [f32]) {
        for ((weight, at_x), at_y) in weights.iter_mut().zip(&self.x).zip(&self.y) {
            let [x, y] = [x - at_x, y - at_y];
            *weight = 1.0 / (x * x + y * y + 1e-8);
        }
    }
}

/// A sum in NumPy's order: eight at a time, and long ones by halves.
fn pairwise(numbers: &[f32]) -> f32 {
    if numbers.len() > 128 {
        let half = numbers.len() / 2 / 8 * 8;
        let (first, second) = numbers.split_at(half);
        return pairwise(first) + pairwise(second);
    }
    let (eights, rest) = numbers.as_chunks::<8>();
    let [first, eights @ ..] = eights else {
        return rest.iter().sum();
    };
    let mut sums = *first;
    for eight in eights {
        for (sum, number) in sums.iter_mut().zip(eight) {
            *sum += number;
        }
    }
    let [a, b, c, d, e, f, g, h] = sums;
    let sum = ((a + b) + (c + d)) + ((e + f) + (g + h));
    rest.iter().fold(sum, |sum, number| sum + number)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::raster::Raster;

    #[test]
    fn long_sums_are_sums() {
        for count in [0, 1, 7, 8, 9, 16, 128, 129, 256] {
            let numbers: Vec<f32> = (0..count).map(|at| at as f32).collect();
            assert_eq!(pairwise(&numbers), (count * (count - 1).max(0) / 2) as f32);
        }
    }

    #[test]
    fn nothing_happens_without_strength() {
        let options = serde_json::json!({ "scale": 0 });
        let transform = PIECEWISE_AFFINE
            .build(options.as_object().expect("options"))
            .expect("a transform");
        let picture = Raster::grey(3, 2, vec![1, 2, 3, 4, 5, 6]);
        let drawn = transform.draw(picture.shape(), &mut Stream::of_field(1));
        assert_eq!(transform.apply(picture.clone(), &drawn), Ok(picture));
    }
}
