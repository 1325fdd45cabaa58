//! A look from aside.

use super::matrix::{Matrix, product, scaled};
use super::options::{BORDER_MODE, FILL_FIRST, INTERPOLATION, sampler};
use crate::augment::kernel::remap::warp_perspective;
use crate::augment::kernel::sample::Sampler;
use crate::augment::{Boxes, Definition, Drawn, Family, Transform};
use crate::error::{Error, Result};
use crate::parameter::{Field, Kind, Single};
use crate::random::Stream;
use crate::raster::{Raster, Shape};

const SCALE: Field = Field {
    name: "scale",
    label: "Strength",
    help: "How far the corners move inwards, as a share of the size: the standard deviation, which is drawn first. Moves wrap at 0.32.",
    kind: Kind::Range {
        min: 0.0,
        max: 10.0,
        step: 0.01,
        whole: false,
        default: Some([0.05, 0.1]),
        unit: "of the size",
        single: Single::From(0.0),
    },
};

const KEEP_SIZE: Field = Field {
    name: "keep_size",
    label: "Keep the size",
    help: "Whether the result is resized to the picture's size.",
    kind: Kind::Boolean { default: true },
};

const FIT_OUTPUT: Field = Field {
    name: "fit_output",
    label: "Fit the size",
    help: "Whether all of the picture stays visible, instead of only what is within the four corners.",
    kind: Kind::Boolean { default: false },
};

pub(super) const PERSPECTIVE: Definition = Definition {
    name: "Perspective",
    family: Family::Geometry,
    help: "Looks at the picture from aside: four points near its corners are moved into the corners.",
    p: 0.5,
    fields: &[
        SCALE,
        KEEP_SIZE,
        FIT_OUTPUT,
        INTERPOLATION,
        BORDER_MODE,
        FILL_FIRST,
    ],
    build: |options| {
        Ok(Box::new(Perspective {
            scale: SCALE.range(options)?.unwrap_or_default(),
            keep_size: KEEP_SIZE.boolean(options)?,
            fit_output: FIT_OUTPUT.boolean(options)?,
            sampler: sampler(options, false)?,
        }))
    },
};

#[derive(Debug)]
struct Perspective {
    scale: [f64; 2],
    keep_size: bool,
    fit_output: bool,
    sampler: Sampler,
}

type Point = [f32; 2];

impl Transform for Perspective {
    fn draw(&self, shape: Shape, stream: &mut Stream) -> Drawn {
        let deviation = stream.between(self.scale);
        let mut points = Vec::with_capacity(8);
        // Clockwise from the upper left corner.
        for [right, lower] in [[false, false], [true, false], [true, true], [false, true]] {
            for (far, side) in [(right, shape.width), (lower, shape.height)] {
                let inwards = (stream.normal() * deviation).abs() % 0.32;
                let share = if far { 1.0 - inwards } else { inwards };
                points.push(share * side as f64);
            }
        }
        Drawn::nothing().numbers("points", points)
    }

    fn apply(&self, picture: Raster, drawn: &Drawn) -> Result<Raster> {
        self.look(picture, drawn, &self.sampler)
    }

    fn apply_to_mask(&self, mask: Raster, drawn: &Drawn) -> Result<Raster> {
        self.look(mask, drawn, &self.sampler.for_masks())
    }

    /// Each box becomes the upright box around its corners.
    fn apply_to_boxes(
        &self,
        boxes: &mut Boxes,
        [before, after]: [Shape; 2],
        drawn: &Drawn,
    ) -> Result<()> {
        let (matrix, size) = self.view(before, drawn)?;
        boxes.carry(|point| carried(&matrix, point.map(|at| at as f32)).map(f64::from));
        let after = [after.width as f64, after.height as f64];
        boxes.scale(size.map(f64::from), after);
        Ok(())
    }
}

impl Perspective {
    // Once in the module, for pictures, masks and boxes.
    #[inline(never)]
    fn look(&self, picture: Raster, drawn: &Drawn, sampler: &Sampler) -> Result<Raster> {
        let shape = picture.shape();
        let (mut matrix, mut size) = self.view(shape, drawn)?;
        if self.keep_size {
            let kept = [shape.width as f32, shape.height as f32];
            let factors = [0, 1].map(|axis| f64::from(kept[axis]) / f64::from(size[axis]));
            matrix = product(scaled(factors[0], factors[1]), matrix);
            size = kept;
        }
        let size = size.map(|side| side as usize);
        warp_perspective(&picture, matrix, size, sampler)
    }

    /// Where the points of a picture go, and the size of what is seen.
    #[inline(never)]
    fn view(&self, shape: Shape, drawn: &Drawn) -> Result<(Matrix, [f32; 2])> {
        let numbers = drawn.exactly("points", 8)?;
        let mut points = ordered(numbers);
        let [width, height] = [shape.width as f32, shape.height as f32];
        let corners = [[0.0, 0.0], [width, 0.0], [width, height], [0.0, height]];
        let mut size = {
            let [a, b, c, d] = &mut points;
            let across = apart(b, a).max(apart(c, d));
            let down = apart(c, b).max(apart(d, a));
            [across, down].map(f32::trunc)
        };
        let mut matrix = between(points, corners);
        if self.fit_output {
            let moved = corners.map(|point| carried(&matrix, point));
            let least = |axis: usize| moved.iter().fold(f32::INFINITY, |m, p| m.min(p[axis]));
            let [left, top] = [least(0), least(1)];
            let moved =
                moved.map(|[x, y]| [(x - left).round_ties_even(), (y - top).round_ties_even()]);
            matrix = between(corners, moved);
            size = [0, 1].map(|axis| moved.iter().fold(0.0, |m: f32, p| m.max(p[axis])));
        }
        if !size.iter().all(|side| (1.0..1e9).contains(side)) {
            let found = format!("{} x {} pixels", size[0], size[1]);
            return Err(Error::invalid(
                "points",
                found,
                "points that leave a picture",
            ));
        }
        Ok((matrix, size))
    }
}

/// Points from the upper left clockwise: the two leftmost first, by their height.
fn ordered(numbers: &[f64]) -> [Point; 4] {
    let mut points: [[f64; 2]; 4] =
        std::array::from_fn(|at| [numbers[2 * at], numbers[2 * at + 1]]);
    points.sort_by(|a, b| a[0].total_cmp(&b[0]));
    let [a, b, c, d] = points;
    let upright = |upper: [f64; 2], lower: [f64; 2]| {
        if upper[1] < lower[1] {
            [upper, lower]
        } else {
            [lower, upper]
        }
    };
    let [[upper_left, lower_left], [upper_right, lower_right]] = [upright(a, b), upright(c, d)];
    [upper_left, upper_right, lower_right, lower_left].map(|point| point.map(|at| at as f32))
}

/// How far two points are apart; those nearer than 2 pixels are moved apart, in the
/// reference's odd way: each step sees what the one before did.
fn apart(one: &mut Point, other: &mut Point) -> f32 {
    let squares = [0, 1].map(|axis| (one[axis] - other[axis]) * (one[axis] - other[axis]));
    let distance = (squares[0] + squares[1]).sqrt();
    if distance >= 2.0 {
        return distance;
    }
    let step = (2.0 - distance) / 2.0;
    for (one, other) in one.iter_mut().zip(other) {
        if *one > *other {
            *one += step;
        }
        if *one > *other {
            *other -= step;
        }
        if *one <= *other {
            *one -= step;
        }
        if *one <= *other {
            *other += step;
        }
    }
    2.0
}

/// Where a matrix carries a point.
fn carried(m: &Matrix, [x, y]: Point) -> Point {
    let [x, y] = [x, y].map(f64::from);
    let row = |row: usize| m[row] * x + m[row + 1] * y + m[row + 2];
    let depth = row(6);
    if depth.abs() <= f64::EPSILON {
        return [0.0; 2];
    }
    [row(0), row(3)].map(|at| (at * (1.0 / depth)) as f32)
}

/// The matrix that carries four points to four others; the zoom out of a picture where
/// there is none.
fn between(from: [Point; 4], to: [Point; 4]) -> Matrix {
    let mut system = [[0.0; 9]; 8];
    for (at, (&from, &to)) in from.iter().zip(&to).enumerate() {
        let [x, y] = from.map(f64::from);
        let [u, v] = to.map(f64::from);
        system[at] = [x, y, 1.0, 0.0, 0.0, 0.0, -x * u, -y * u, u];
        system[at + 4] = [0.0, 0.0, 0.0, x, y, 1.0, -x * v, -y * v, v];
    }
    let solution = solved(system).unwrap_or_default();
    std::array::from_fn(|at| solution.get(at).copied().unwrap_or(1.0))
}

/// The solution of eight equations by elimination, if there is one; the right sides are
/// last in their rows.
fn solved(mut rows: [[f64; 9]; 8]) -> Option<[f64; 8]> {
    for step in 0..8 {
        let best = (step..8).fold(step, |best, row| {
            if rows[row][step].abs() > rows[best][step].abs() {
                row
            } else {
                best
            }
        });
        rows.swap(step, best);
        let pivot = rows[step];
        if pivot[step].abs() < f64::EPSILON * 100.0 {
            return None;
        }
        for row in &mut rows[step + 1..] {
            let factor = row[step] / pivot[step];
            for (value, pivot) in row.iter_mut().zip(pivot).skip(step) {
                *value -= factor * pivot;
            }
        }
    }
    let mut solution = [0.0; 8];
    for step in (0..8).rev() {
        let known: f64 = (step + 1..8).map(|at| rows[step][at] * solution[at]).sum();
        solution[step] = (rows[step][8] - known) / rows[step][step];
    }
    Some(solution)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn four_points_fix_a_matrix() {
        let from = [[1.0, 2.0], [9.0, 1.0], [8.0, 7.0], [0.5, 6.0]];
        let to = [[0.0, 0.0], [10.0, 0.0], [10.0, 8.0], [0.0, 8.0]];
        let matrix = between(from, to);
        for (from, to) in from.into_iter().zip(to) {
            let found = carried(&matrix, from);
            assert!((found[0] - to[0]).abs() < 1e-5 && (found[1] - to[1]).abs() < 1e-5);
        }
        assert_eq!(solved([[0.0; 9]; 8]), None);
    }

    #[test]
    fn corners_move_inwards() {
        let options = serde_json::Map::new();
        let perspective = PERSPECTIVE.build(&options).expect("a transform");
        let shape = Shape {
            width: 100,
            height: 100,
            channels: 1,
        };
        let mut stream = Stream::of_field(3);
        let mut sum = 0.0;
        for _ in 0..500 {
            let drawn = perspective.draw(shape, &mut stream);
            let points = drawn.exactly("points", 8).expect("points");
            assert!(points[0] >= 0.0 && points[0] < 32.0 && points[2] > 68.0);
            sum += points[0];
        }
        // The mean of |N| is 0.8 standard deviations, and these are 7.5 on average.
        assert!((5.4..6.6).contains(&(sum / 500.0)), "{sum}");
    }
}
