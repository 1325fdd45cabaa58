//! A thin plate of metal, bent at a grid of points.

use super::bend::{Bend, Map};
use crate::augment::kernel::sample::Sampler;
use crate::augment::warp::options::{BORDER_MODE, FILL_FIRST, INTERPOLATION, sampler};
use crate::augment::{Definition, Drawn, Family};
use crate::error::Result;
use crate::parameter::{Field, Kind, Single};
use crate::random::Stream;
use crate::raster::Shape;

const SCALE_RANGE: Field = Field {
    name: "scale_range",
    label: "Strength",
    help: "How far points move: ten standard deviations, as a share of the size.",
    kind: Kind::Range {
        min: 0.0,
        max: 1.0,
        step: 0.05,
        whole: false,
        default: Some([0.2, 0.4]),
        unit: "of the size",
        single: Single::Refused,
    },
};

const NUM_CONTROL_POINTS: Field = Field {
    name: "num_control_points",
    label: "Points per side",
    help: "How many points the grid has across and down; 2 means the corners and the middle.",
    kind: Kind::Integer {
        min: 2,
        max: 16,
        default: Some(4),
        unit: "",
    },
};

pub(super) const THIN_PLATE_SPLINE: Definition = Definition {
    name: "ThinPlateSpline",
    family: Family::Distortion,
    help: "Bends the picture like a thin plate at a grid of points. Albumentations fits the plate with one formula and bends it with another, so that it does not quite go through the points.",
    p: 0.5,
    fields: &[
        SCALE_RANGE,
        NUM_CONTROL_POINTS,
        INTERPOLATION,
        BORDER_MODE,
        FILL_FIRST,
    ],
    build: |options| {
        let side = NUM_CONTROL_POINTS.integer(options)?.unwrap_or(2) as usize;
        Ok(Box::new(ThinPlateSpline {
            scale: SCALE_RANGE.range(options)?.unwrap_or_default(),
            points: grid(side),
            sampler: sampler(options, false)?,
        }))
    },
};

/// Points from 0 to 1, row by row.
fn grid(side: usize) -> Vec<[f64; 2]> {
    if side == 2 {
        return vec![[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0], [0.5, 0.5]];
    }
    let last = (side - 1) as f64;
    let share = |at: usize| {
        if at == side - 1 {
            1.0
        } else {
            at as f64 * (1.0 / last)
        }
    };
    (0..side * side)
        .map(|at| [share(at % side), share(at / side)])
        .collect()
}

#[derive(Debug)]
struct ThinPlateSpline {
    scale: [f64; 2],
    points: Vec<[f64; 2]>,
    sampler: Sampler,
}

impl Bend for ThinPlateSpline {
    /// By which share of the size each point moves: across and down, row by row.
    fn draw(&self, _: Shape, stream: &mut Stream) -> Drawn {
        let deviation = stream.between(self.scale) / 10.0;
        let jitter = (0..2 * self.points.len()).map(|_| stream.normal() * deviation);
        Drawn::nothing().numbers("jitter", jitter.collect())
    }

    fn map(&self, shape: Shape, drawn: &Drawn) -> Result<Option<Map<'_>>> {
        let jitter = drawn.exactly("jitter", 2 * self.points.len())?;
        let Shape { width, height, .. } = shape;
        let plate = Plate::new(&self.points, jitter);
        let columns: Vec<f32> = (0..width)
            .map(|x| (x as f64 / width as f64) as f32)
            .collect();
        let mut sums = vec![[0.0_f64; 2]; width];
        Ok(Some(Box::new(move |y, xs, ys| {
            let row = (y as f64 / height as f64) as f32;
            plate.bend(&columns, row, &mut sums);
            for ((x, y), sum) in xs.iter_mut().zip(ys).zip(&sums) {
                *x = (f64::from(sum[0] as f32) * width as f64) as f32;
                *y = (f64::from(sum[1] as f32) * height as f64) as f32;
            }
        })))
    }

    fn sampler(&self) -> &Sampler {
        &self.sampler
    }
}

/// A bent plate, in single precision as in the reference.
struct Plate {
    points: Vec<[f32; 2]>,
    /// Each point's weights for x and y, then those of 1, x and y.
    weights: Vec<[f32; 2]>,
}

impl Plate {
    fn new(points: &[[f64; 2]], jitter: &[f64]) -> Self {
        let count = points.len();
        let single: Vec<[f32; 2]> = points.iter().map(|p| p.map(|at| at as f32)).collect();
        let size = count + 3;
        let mut system = vec![0.0; size * size];
        for (row, &one) in single.iter().enumerate() {
            for (column, &other) in single.iter().enumerate() {
                let square = distance(one, other);
                system[row * size + column] = if square > 0.0 {
                    square * square * logarithm(square + 1e-6)
                } else {
                    0.0
                };
            }
            for (term, value) in [1.0, one[0], one[1]].into_iter().enumerate() {
                system[row * size + count + term] = value;
                system[(count + term) * size + row] = value;
            }
        }
        let mut weights = vec![[0.0; 2]; size];
        for ((weight, point), by) in weights.iter_mut().zip(points).zip(jitter.chunks(2)) {
            *weight = [(point[0] + by[0]) as f32, (point[1] + by[1]) as f32];
        }
        if !solve(&mut system, &mut weights) {
            weights.fill([0.0; 2]);
        }
        Self {
            points: single,
            weights,
        }
    }

    /// Where the points of a row come from.
    fn bend(&self, columns: &[f32], row: f32, sums: &mut [[f64; 2]]) {
        let (nonlinear, affine) = self.weights.split_at(self.points.len());
        sums.fill([0.0; 2]);
        for (&point, weight) in self.points.iter().zip(nonlinear) {
            let weight = weight.map(f64::from);
            for (sum, &column) in sums.iter_mut().zip(columns) {
                let square = distance([column, row], point);
                let bent = if square > 0.0 {
                    square * logarithm(square + 1e-6)
                } else {
                    0.0
                };
                sum[0] += f64::from(bent) * weight[0];
                sum[1] += f64::from(bent) * weight[1];
            }
        }
        for (sum, &column) in sums.iter_mut().zip(columns) {
            for (axis, sum) in sum.iter_mut().enumerate() {
                let flat = f64::from(affine[0][axis])
                    + f64::from(column) * f64::from(affine[1][axis])
                    + f64::from(row) * f64::from(affine[2][axis]);
                *sum = f64::from(*sum as f32 + flat as f32);
            }
        }
    }
}

/// The square of the distance, as the reference finds it: from the squares of both and
/// their product.
#[inline(always)]
fn distance([x, y]: [f32; 2], [u, v]: [f32; 2]) -> f32 {
    (x * x + y * y) + (u * u + v * v) - 2.0 * (x * u + y * v)
}

/// The natural logarithm of a positive number: the polynomial of Cephes' `logf`, without
/// branches, so that several are found at once.
#[inline(always)]
fn logarithm(number: f32) -> f32 {
    const ROOT_BITS: u32 = 0x3f35_04f3;
    // A mantissa from the root of 1/2 to the root of 2.
    let shifted = number.to_bits().wrapping_sub(ROOT_BITS);
    let exponent = (shifted as i32 >> 23) as f32;
    let mantissa = f32::from_bits((shifted & 0x7f_ffff).wrapping_add(ROOT_BITS));
    let x = mantissa - 1.0;
    let square = x * x;
    const TERMS: [f32; 9] = [
        7.037_683_6e-2,
        -1.151_461e-1,
        1.167_699_9e-1,
        -1.242_014_1e-1,
        1.424_932_3e-1,
        -1.666_805_8e-1,
        2.000_071_4e-1,
        -2.499_999_4e-1,
        3.333_333e-1,
    ];
    let mut sum = TERMS[0];
    for term in &TERMS[1..] {
        sum = sum * x + term;
    }
    let sum = sum * x * square - exponent * 2.121_944_4e-4 - 0.5 * square;
    // The logarithm of 2 in two parts, of which this one is exact.
    x + sum + exponent * (355.0 / 512.0)
}

/// Solves a system for two right sides by elimination, in single precision; false if
/// there is no solution.
fn solve(system: &mut [f32], sides: &mut [[f32; 2]]) -> bool {
    let size = sides.len();
    for step in 0..size {
        let at = |row: usize| row * size + step;
        let best = (step + 1..size).fold(step, |best, row| {
            if system[at(row)].abs() > system[at(best)].abs() {
                row
            } else {
                best
            }
        });
        if system[at(best)].abs() < f32::EPSILON * 10.0 {
            return false;
        }
        if best != step {
            for column in step..size {
                system.swap(step * size + column, best * size + column);
            }
            sides.swap(step, best);
        }
        let scale = -1.0 / system[at(step)];
        for row in step + 1..size {
            let factor = system[at(row)] * scale;
            for column in step + 1..size {
                let pivot = system[step * size + column];
                system[row * size + column] += factor * pivot;
            }
            let pivot = sides[step];
            for (side, pivot) in sides[row].iter_mut().zip(pivot) {
                *side += factor * pivot;
            }
        }
    }
    for step in (0..size).rev() {
        let mut sums = sides[step];
        for column in step + 1..size {
            let factor = system[step * size + column];
            for (sum, known) in sums.iter_mut().zip(sides[column]) {
                *sum -= factor * known;
            }
        }
        let pivot = system[step * size + step];
        sides[step] = sums.map(|sum| sum / pivot);
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn logarithms_are_those_of_the_library() {
        for at in 1..5000_u16 {
            let number = f32::from(at) * f32::from(at) * 1e-6;
            let [ours, exact] = [logarithm(number), libm::logf(number)];
            assert!(
                (ours - exact).abs() <= 2e-7 * exact.abs().max(1.0),
                "{number}"
            );
        }
    }

    #[test]
    fn systems_are_solved() {
        let mut sides = [[5.0, 1.0], [4.0, 0.0], [2.0, 3.0]];
        let mut system = [0.0, 2.0, 1.0, 1.0, 0.0, 1.0, 1.0, 1.0, 0.0];
        assert!(solve(&mut system, &mut sides));
        assert_eq!(sides.map(|side| side[0]), [1.0, 1.0, 3.0]);
        assert!(!solve(&mut [0.0; 9], &mut [[1.0; 2]; 3]));
    }
}
