//! Another number of columns.

use crate::error::{Error, Result};
use serde::{Deserialize, Serialize};

/// The most columns that an image may have.
pub const MOST_WIDTH: usize = 4096;

/// How columns are made from other columns.
///
/// The first six are B-splines of order 0 to 5 as in scikit-image's `resize` with
/// `mode='reflect'`, `anti_aliasing=False` and `preserve_range=True`, up to the clipping
/// to the range of the whole picture, which is a [`Mapping`](super::Mapping).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "routes", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Method {
    /// The nearest column.
    #[default]
    Nearest,
    /// Order 1.
    Linear,
    /// Order 2.
    Quadratic,
    /// Order 3.
    Cubic,
    /// Order 4.
    Quartic,
    /// Order 5.
    Quintic,
    /// The mean of what a column covers.
    Area,
    /// Lanczos with three lobes, widened when there are fewer columns than before.
    Lanczos3,
}

impl Method {
    /// All methods.
    pub const ALL: [Self; 8] = [
        Self::Nearest,
        Self::Linear,
        Self::Quadratic,
        Self::Cubic,
        Self::Quartic,
        Self::Quintic,
        Self::Area,
        Self::Lanczos3,
    ];

    /// Its name in requests.
    pub fn name(self) -> &'static str {
        match self {
            Self::Nearest => "nearest",
            Self::Linear => "linear",
            Self::Quadratic => "quadratic",
            Self::Cubic => "cubic",
            Self::Quartic => "quartic",
            Self::Quintic => "quintic",
            Self::Area => "area",
            Self::Lanczos3 => "lanczos3",
        }
    }

    /// The method of a name.
    ///
    /// # Errors
    /// [`Error::InvalidParameter`] when there is none.
    pub fn of(name: &str) -> Result<Self> {
        let found = Self::ALL.into_iter().find(|method| method.name() == name);
        found.ok_or_else(|| {
            let names = Self::ALL.map(Self::name).join(", ");
            Error::invalid("method", crate::error::shorten(name), names)
        })
    }
}

/// Makes rows of another width; what can be computed once has been.
#[derive(Clone, Debug)]
pub struct Resampler {
    from: usize,
    to: usize,
    kind: Kind,
}

#[derive(Clone, Debug)]
enum Kind {
    /// The same width: the same pixels.
    Copy,
    /// Each column is one of the columns before.
    Gather(Vec<u32>),
    /// Each column is a weighted sum.
    Sum(Sum),
}

/// Weighted sums of neighbouring columns.
#[derive(Clone, Debug)]
struct Sum {
    /// What turns pixels into the coefficients of a spline.
    poles: &'static [f64],
    coefficients: Vec<f32>,
    /// How many columns go into each sum.
    taps: usize,
    /// The first of them.
    starts: Vec<u32>,
    /// `taps` weights for each sum.
    weights: Vec<f32>,
}

impl Resampler {
    /// Rows of `from` pixels become rows of `to` pixels.
    ///
    /// # Errors
    /// [`Error::InvalidParameter`] when `to` is not within 2 to [`MOST_WIDTH`], or `from`
    /// not within 2 to 2^24.
    pub fn new(from: usize, to: usize, method: Method) -> Result<Self> {
        if !(2..=MOST_WIDTH).contains(&to) {
            let allowed = format!("whole numbers from 2 to {MOST_WIDTH} (columns)");
            return Err(Error::invalid("width", to, allowed));
        }
        if !(2..=1 << 24).contains(&from) {
            let allowed = "whole numbers from 2 to 16777216 (columns)";
            return Err(Error::invalid("columns", from, allowed));
        }
        let kind = if from == to {
            Kind::Copy
        } else {
            match method {
                Method::Nearest => Kind::Gather(nearest(from, to)),
                Method::Linear => Kind::Sum(spline(from, to, 1)),
                Method::Quadratic => Kind::Sum(spline(from, to, 2)),
                Method::Cubic => Kind::Sum(spline(from, to, 3)),
                Method::Quartic => Kind::Sum(spline(from, to, 4)),
                Method::Quintic => Kind::Sum(spline(from, to, 5)),
                Method::Area => Kind::Sum(area(from, to)),
                Method::Lanczos3 => Kind::Sum(lanczos(from, to)),
            }
        };
        Ok(Self { from, to, kind })
    }

    /// Makes a row.
    ///
    /// # Panics
    /// When `row` or `out` have another length than was said.
    pub fn apply(&mut self, row: &[f32], out: &mut [f32]) {
        assert_eq!((row.len(), out.len()), (self.from, self.to));
        match &mut self.kind {
            Kind::Copy => out.copy_from_slice(row),
            Kind::Gather(columns) => {
                for (value, &column) in out.iter_mut().zip(&*columns) {
                    *value = row[column as usize];
                }
            }
            Kind::Sum(sum) => sum.apply(row, out),
        }
    }
}

impl Sum {
    fn apply(&mut self, row: &[f32], out: &mut [f32]) {
        let row = if self.poles.is_empty() {
            row
        } else {
            self.coefficients.clear();
            self.coefficients.extend_from_slice(row);
            for &pole in self.poles {
                filter(&mut self.coefficients, pole);
            }
            &self.coefficients
        };
        let weights = self.weights.chunks_exact(self.taps);
        for ((value, &start), weights) in out.iter_mut().zip(&self.starts).zip(weights) {
            let columns = &row[start as usize..][..self.taps];
            let products = columns
                .iter()
                .zip(weights)
                .map(|(column, weight)| column * weight);
            *value = products.sum();
        }
    }

    /// From the columns and weights of each sum, at least one each, in any order.
    fn of(from: usize, poles: &'static [f64], sums: &[Vec<(usize, f64)>]) -> Self {
        let columns = |sum: &[(usize, f64)]| {
            let columns = sum.iter().map(|&(column, _)| column);
            let first = columns.clone().min().unwrap_or(0);
            (first, columns.max().unwrap_or(0) - first + 1)
        };
        let taps = sums.iter().map(|sum| columns(sum).1).max().unwrap_or(1);
        let mut starts = Vec::with_capacity(sums.len());
        let mut weights = Vec::with_capacity(sums.len() * taps);
        for sum in sums {
            let start = columns(sum).0.min(from - taps);
            let mut dense = vec![0.0; taps];
            for &(column, weight) in sum {
                dense[column - start] += weight;
            }
            starts.push(start as u32);
            weights.extend(dense.iter().map(|&weight| weight as f32));
        }
        Self {
            poles,
            coefficients: Vec::new(),
            taps,
            starts,
            weights,
        }
    }
}

/// Where the centre of a column lies among the columns before.
fn centre(column: usize, from: usize, to: usize) -> f64 {
    // In this order, since a tie may go either way by rounding.
    (column as f64 + 0.5) * (from as f64 / to as f64) - 0.5
}

fn nearest(from: usize, to: usize) -> Vec<u32> {
    let column = |at| (centre(at, from, to).abs() + 0.5) as usize;
    (0..to).map(|at| column(at).min(from - 1) as u32).collect()
}

/// A column or one beyond the edges, mirrored at the middle of the outermost columns.
fn mirrored(column: i64, from: usize) -> usize {
    let last = from as i64 - 1;
    let within = column.rem_euclid(2 * last);
    within.min(2 * last - within) as usize
}

/// B-splines through the pixels.
fn spline(from: usize, to: usize, order: usize) -> Sum {
    let sums: Vec<Vec<(usize, f64)>> = (0..to)
        .map(|at| {
            let centre = centre(at, from, to);
            // Knots lie on the columns of odd orders, between those of even ones.
            let shift = if order % 2 == 1 { 0.0 } else { 0.5 };
            let knot = (centre + shift).floor();
            let first = knot as i64 - (order / 2) as i64;
            let weights = basis(centre + shift - knot, order);
            let taps = weights.into_iter().enumerate().take(order + 1);
            taps.map(|(tap, weight)| (mirrored(first + tap as i64, from), weight))
                .collect()
        })
        .collect();
    Sum::of(from, poles(order), &sums)
}

/// The values at `t`, 0 to 1 behind a knot, of the B-splines that are not 0 there.
fn basis(t: f64, order: usize) -> [f64; 6] {
    let mut values = [0.0; 6];
    values[0] = 1.0;
    for degree in 1..=order {
        let before = values;
        for (at, value) in values.iter_mut().enumerate().take(degree + 1) {
            let rising = if at > 0 {
                (t + (degree - at) as f64) * before[at - 1]
            } else {
                0.0
            };
            let falling = (1.0 - t + at as f64) * before[at];
            *value = (rising + falling) / degree as f64;
        }
    }
    values
}

/// The poles within the unit circle of the filter that turns pixels into coefficients of
/// splines of an order: the roots of the polynomial of the spline's values at whole
/// numbers.
fn poles(order: usize) -> &'static [f64] {
    match order {
        2 => &[-0.171_572_875_253_809_9],
        3 => &[-0.267_949_192_431_122_7],
        4 => &[-0.361_341_225_900_220_2, -0.013_725_429_297_339_121],
        5 => &[-0.430_575_347_099_973_8, -0.043_096_288_203_264_65],
        _ => &[],
    }
}

/// Filters a row with a pole, there and back, mirrored at its edges.
fn filter(row: &mut [f32], pole: f64) {
    // Smaller shares than this do not show in 32 bits.
    const NEGLIGIBLE: f64 = 1e-9;
    let last = row.len() - 1;
    // The mirrored row repeats itself; the sum over all repetitions begins at its start.
    let mut sum = f64::from(row[0]);
    let mut power = pole;
    let mut at = 1;
    while at < 2 * last && power.abs() > NEGLIGIBLE {
        sum += power * f64::from(row[at.min(2 * last - at)]);
        power *= pole;
        at += 1;
    }
    if at == 2 * last {
        sum /= 1.0 - power;
    }
    let gain = (1.0 - pole) * (1.0 - 1.0 / pole);
    let [z, gain] = [pole as f32, gain as f32];
    row[0] = sum as f32 * gain;
    let mut before = row[0];
    for value in &mut row[1..] {
        before = gain * *value + z * before;
        *value = before;
    }
    let scale = z / (z * z - 1.0);
    row[last] = scale * (row[last] + z * row[last - 1]);
    let mut before = row[last];
    for value in row[..last].iter_mut().rev() {
        before = z * (before - *value);
        *value = before;
    }
}

/// The mean of what each column covers.
fn area(from: usize, to: usize) -> Sum {
    let sums: Vec<Vec<(usize, f64)>> = (0..to)
        .map(|at| {
            // In units of 1 / to columns, so that borders are exact.
            let [start, end] = [at * from, (at + 1) * from];
            (start / to..end.div_ceil(to))
                .map(|column| {
                    let covered = end.min((column + 1) * to) - start.max(column * to);
                    (column, covered as f64 / from as f64)
                })
                .collect()
        })
        .collect();
    Sum::of(from, &[], &sums)
}

/// A windowed sinc, as wide as the coarser of both rows needs it.
fn lanczos(from: usize, to: usize) -> Sum {
    const LOBES: f64 = 3.0;
    let scale = (from as f64 / to as f64).max(1.0);
    let sinc = |x: f64| {
        let x = x * std::f64::consts::PI;
        if x == 0.0 { 1.0 } else { libm::sin(x) / x }
    };
    let sums: Vec<Vec<(usize, f64)>> = (0..to)
        .map(|at| {
            let centre = centre(at, from, to);
            let reach = LOBES * scale;
            let first = (centre - reach).ceil().max(0.0) as usize;
            let last = ((centre + reach).floor() as usize).min(from - 1);
            let weight = |column: usize| {
                let x = (column as f64 - centre) / scale;
                if x.abs() < LOBES {
                    sinc(x) * sinc(x / LOBES)
                } else {
                    0.0
                }
            };
            let total: f64 = (first..=last).map(weight).sum();
            (first..=last)
                .map(|column| (column, weight(column) / total))
                .collect()
        })
        .collect();
    Sum::of(from, &[], &sums)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn resampled(row: &[f32], to: usize, method: Method) -> Vec<f32> {
        let mut out = vec![f32::NAN; to];
        let mut resampler = Resampler::new(row.len(), to, method).unwrap();
        resampler.apply(row, &mut out);
        out
    }

    #[test]
    fn nearest_keeps_three_of_four_columns() {
        let row: Vec<f32> = (0..200).map(|at| at as f32).collect();
        let kept = resampled(&row, 150, Method::Nearest);
        assert_eq!(kept[..8], [0.0, 2.0, 3.0, 4.0, 6.0, 7.0, 8.0, 10.0]);
    }

    #[test]
    fn a_constant_row_stays_constant() {
        for method in Method::ALL {
            for (from, to) in [
                (2, 4096),
                (200, 150),
                (7, 2),
                (150, 200),
                (4096, 33),
                (3, 3),
            ] {
                for value in resampled(&vec![187.0; from], to, method) {
                    assert!(
                        (value - 187.0).abs() < 1e-3,
                        "{method:?} {from} {to}: {value}"
                    );
                }
            }
        }
    }

    #[test]
    fn a_mirrored_row_gives_a_mirrored_row() {
        let row: Vec<f32> = (0..57).map(|at| ((at * at * 37) % 256) as f32).collect();
        let mirror: Vec<f32> = row.iter().rev().copied().collect();
        for method in Method::ALL {
            // Without ties, which have to go to one side.
            for to in [31, 90, 211] {
                let there = resampled(&row, to, method);
                let back = resampled(&mirror, to, method);
                for (a, b) in there.iter().zip(back.iter().rev()) {
                    assert!((a - b).abs() < 2e-3, "{method:?} {to}: {a} and {b}");
                }
            }
        }
    }

    #[test]
    fn area_keeps_the_mean() {
        let row: Vec<f32> = (0..200).map(|at| ((at * 73) % 251) as f32).collect();
        let mean = |row: &[f32]| row.iter().sum::<f32>() / row.len() as f32;
        for to in [2, 7, 150, 199, 201, 777] {
            let out = resampled(&row, to, Method::Area);
            assert!((mean(&row) - mean(&out)).abs() < 1e-3, "{to}");
        }
        assert_eq!(
            resampled(&[0.0, 100.0], 4, Method::Area),
            [0.0, 0.0, 100.0, 100.0]
        );
        assert_eq!(resampled(&[0.0, 9.0, 30.0], 2, Method::Area), [3.0, 23.0]);
    }

    #[test]
    fn the_poles_are_the_roots() {
        let root = |x: f64| x.sqrt();
        let [a, b] = [root(664.0 - root(438_976.0)), root(664.0 + root(438_976.0))];
        let [c, d] = [root(67.5 - root(4436.25)), root(67.5 + root(4436.25))];
        let expected = [
            (2, vec![root(8.0) - 3.0]),
            (3, vec![root(3.0) - 2.0]),
            (4, vec![a + root(304.0) - 19.0, b - root(304.0) - 19.0]),
            (5, vec![c + root(26.25) - 6.5, d - root(26.25) - 6.5]),
        ];
        for (order, expected) in expected {
            assert_eq!(poles(order).len(), expected.len());
            for (found, expected) in poles(order).iter().zip(expected) {
                assert!(
                    (found - expected).abs() < 1e-13,
                    "{order}: {found} {expected}"
                );
            }
        }
    }

    #[test]
    fn widths_out_of_bounds_are_refused() {
        for (from, to) in [(200, 1), (200, 0), (200, 4097), (1, 150), (0, 150)] {
            let error = Resampler::new(from, to, Method::Cubic).unwrap_err();
            assert!(error.to_string().contains("2 to"), "{error}");
        }
        for method in Method::ALL {
            assert_eq!(Method::of(method.name()), Ok(method));
        }
        let error = Method::of("bicubic").unwrap_err().to_string();
        assert!(
            error.contains("bicubic") && error.contains("lanczos3"),
            "{error}"
        );
    }
}
