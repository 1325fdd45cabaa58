//! A grid whose columns and rows grow and shrink.

use super::bend::{Bend, Map};
use crate::augment::kernel::sample::Sampler;
use crate::augment::warp::options::{BORDER_MODE, FILL_FIRST, INTERPOLATION, sampler};
use crate::augment::{Definition, Drawn, Family};
use crate::error::{Error, Result};
use crate::parameter::{Field, Kind, Single};
use crate::random::Stream;
use crate::raster::Shape;

const NUM_STEPS: Field = Field {
    name: "num_steps",
    label: "Cells",
    help: "How many cells the grid has across and down.",
    kind: Kind::Integer {
        min: 1,
        max: 256,
        default: Some(5),
        unit: "",
    },
};

const DISTORT_LIMIT: Field = Field {
    name: "distort_limit",
    label: "Distortion",
    help: "By how much cells grow or shrink, as a share of their size; a single number means from minus it to it.",
    kind: Kind::Range {
        min: -1.0,
        max: 1.0,
        step: 0.05,
        whole: false,
        default: Some([-0.3, 0.3]),
        unit: "of a cell",
        single: Single::Symmetric,
    },
};

const NORMALIZED: Field = Field {
    name: "normalized",
    label: "Keep the whole picture",
    help: "Whether the cells are scaled so that together they show the whole picture.",
    kind: Kind::Boolean { default: true },
};

pub(super) const GRID_DISTORTION: Definition = Definition {
    name: "GridDistortion",
    family: Family::Distortion,
    help: "Lays a grid over the picture and lets its columns and rows grow and shrink. As in Albumentations, the pixels at the cells' edges are shown twice.",
    p: 0.5,
    fields: &[
        NUM_STEPS,
        DISTORT_LIMIT,
        INTERPOLATION,
        NORMALIZED,
        BORDER_MODE,
        FILL_FIRST,
    ],
    build: |options| {
        Ok(Box::new(GridDistortion {
            cells: NUM_STEPS.integer(options)?.unwrap_or(1) as usize,
            limit: DISTORT_LIMIT.range(options)?.unwrap_or_default(),
            normalized: NORMALIZED.boolean(options)?,
            sampler: sampler(options, false)?,
        }))
    },
};

#[derive(Debug)]
struct GridDistortion {
    cells: usize,
    limit: [f64; 2],
    normalized: bool,
    sampler: Sampler,
}

impl Bend for GridDistortion {
    fn draw(&self, _: Shape, stream: &mut Stream) -> Drawn {
        let mut steps = || -> Vec<f64> {
            (0..=self.cells)
                .map(|_| 1.0 + stream.between(self.limit))
                .collect()
        };
        let [x, y] = [steps(), steps()];
        Drawn::nothing().numbers("steps_x", x).numbers("steps_y", y)
    }

    fn map(&self, shape: Shape, drawn: &Drawn) -> Result<Option<Map<'_>>> {
        let Shape { width, height, .. } = shape;
        let across = self.places(width, drawn.exactly("steps_x", self.cells + 1)?)?;
        let down = self.places(height, drawn.exactly("steps_y", self.cells + 1)?)?;
        Ok(Some(Box::new(move |y, xs, ys| {
            xs.copy_from_slice(&across);
            ys.fill(down[y]);
        })))
    }

    fn sampler(&self) -> &Sampler {
        &self.sampler
    }
}

impl GridDistortion {
    /// Where the pixels of one direction come from.
    fn places(&self, length: usize, steps: &[f64]) -> Result<Vec<f32>> {
        let cells = self.cells;
        let cell = length / cells;
        let mut steps = steps.to_vec();
        if self.normalized {
            if cell == 0 {
                return Err(Error::Unsupported {
                    field: "picture".into(),
                    value: format!("{length} pixels for {cells} cells"),
                    allowed: "a pixel per cell (num_steps), or normalized = false".into(),
                });
            }
            // The last cell holds what is left over.
            let rest = length.min((cells + 1) * cell) - cells * cell;
            steps[cells] *= rest as f64 / cell as f64;
            let sum: f64 = steps.iter().sum();
            let scale = length as f64 / cell as f64 / sum;
            for step in &mut steps {
                *step *= scale;
            }
        }
        let mut places = vec![0.0; length];
        let mut start = 0.0;
        for (index, step) in steps.into_iter().enumerate() {
            let end = start + cell as f64 * step;
            let from = (index * cell).min(length);
            let to = (from + cell).min(length);
            line(start, end, &mut places[from..to]);
            start = end;
        }
        Ok(places)
    }
}

/// Evenly spaced numbers from `start` to `end`, both included.
fn line(start: f64, end: f64, places: &mut [f32]) {
    let gaps = places.len().saturating_sub(1).max(1) as f64;
    let step = (end - start) / gaps;
    for (at, place) in places.iter_mut().enumerate() {
        *place = (at as f64 * step + start) as f32;
    }
    if let [_, .., last] = places {
        *last = end as f32;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::raster::Raster;

    #[test]
    fn even_cells_repeat_their_edges() {
        let options = serde_json::json!({ "num_steps": 2 });
        let grid = GRID_DISTORTION
            .build(options.as_object().expect("options"))
            .expect("a transform");
        let picture = Raster::grey(6, 2, vec![0, 10, 20, 30, 40, 50, 0, 10, 20, 30, 40, 50]);
        let drawn = Drawn::nothing()
            .numbers("steps_x", vec![1.0; 3])
            .numbers("steps_y", vec![1.0; 3]);
        let made = grid.apply(picture, &drawn).expect("a picture");
        // Each cell of three maps from 0 to 3 and from 3 to 6.
        assert_eq!(made.row(0), [0, 15, 30, 30, 45, 0]);
    }
}
