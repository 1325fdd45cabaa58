//! The line along which a picture's colours differ most: its first principal component.

use crate::augment::kernel::colour::Triple;
use crate::raster::Raster;

/// A line through colours, and the part of it on which those of a picture lie.
#[derive(Debug)]
pub(super) struct Line {
    mean: [f64; 3],
    direction: [f64; 3],
    /// What makes levels from 0 to 1 of places on the line.
    scale: f32,
    shift: f32,
}

/// The colours of a picture's pixels.
fn colours(picture: &Raster) -> impl Iterator<Item = Triple> {
    let pixels = picture.data().chunks_exact(picture.channels());
    pixels.map(|pixel| [pixel[0], pixel[1], pixel[2]])
}

impl Line {
    /// That of a coloured picture.
    pub(super) fn of(picture: &Raster) -> Self {
        let count = picture.data().len() / picture.channels();
        let mut sums = [0_u64; 3];
        let mut products = [[0_u64; 3]; 3];
        for colour in colours(picture) {
            let colour = colour.map(u64::from);
            for row in 0..3 {
                sums[row] += colour[row];
                for column in row..3 {
                    products[row][column] += colour[row] * colour[column];
                }
            }
        }
        let mean = sums.map(|sum| sum as f64 / count as f64);
        let mut covariance = [[0.0; 3]; 3];
        for row in 0..3 {
            for column in row..3 {
                // Whole numbers as long as can be: a flat picture has none at all.
                let sum = u128::from(products[row][column]) * count as u128;
                let expected = u128::from(sums[row]) * u128::from(sums[column]);
                let difference = sum as i128 - expected as i128;
                covariance[row][column] = difference as f64 / (count as f64 * count as f64);
            }
        }
        let direction = match count {
            // Of two pixels the reference makes the second one bright.
            ..=2 => {
                let pixels: Vec<Triple> = colours(picture).collect();
                let [first, last] = [pixels[0], pixels[pixels.len() - 1]];
                [0, 1, 2].map(|at| f64::from(last[at]) - f64::from(first[at]))
            }
            _ => strongest(covariance),
        };
        let mut line = Self {
            mean,
            direction,
            scale: 0.0,
            shift: 0.0,
        };
        let places = colours(picture).map(|colour| line.place(colour));
        let (least, most) = places.fold((f32::INFINITY, f32::NEG_INFINITY), |ends, place| {
            (ends.0.min(place), ends.1.max(place))
        });
        let width = f64::from(most) - f64::from(least);
        if width > f64::EPSILON {
            line.scale = (1.0 / width) as f32;
            line.shift = (-f64::from(least) / width) as f32;
        }
        line
    }

    fn place(&self, colour: Triple) -> f32 {
        let part = |at: usize| (f64::from(colour[at]) - self.mean[at]) * self.direction[at];
        (part(0) + part(1) + part(2)) as f32
    }

    /// A colour's level: 0 at the line's beginning, 255 at its end.
    pub(super) fn level(&self, colour: Triple) -> u8 {
        let share = self.place(colour) * self.scale + self.shift;
        (share * 255.0).round_ties_even() as u8
    }
}

/// The eigenvector of the largest eigenvalue of a symmetric matrix, of which the upper
/// half is given: Jacobi's way, as in OpenCV, since that decides which end is the bright
/// one.
fn strongest(mut matrix: [[f64; 3]; 3]) -> [f64; 3] {
    let mut values = [0, 1, 2].map(|at| matrix[at][at]);
    // Columns, as the values are.
    let mut vectors = [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]];
    for _ in 0..270 {
        let mut pivot = (0, 1);
        for (row, column) in [(0, 2), (1, 2)] {
            if matrix[pivot.0][pivot.1].abs() < f64::abs(matrix[row][column]) {
                pivot = (row, column);
            }
        }
        let (k, l) = pivot;
        let off = matrix[k][l];
        if off.abs() <= f64::EPSILON {
            break;
        }
        let half = (values[l] - values[k]) * 0.5;
        let sum = half.abs() + libm::hypot(off, half);
        let length = libm::hypot(off, sum);
        let sign = if half < 0.0 { -1.0 } else { 1.0 };
        let (cosine, sine) = (sum / length, sign * off / length);
        let change = sign * (off / sum) * off;
        matrix[k][l] = 0.0;
        values[k] -= change;
        values[l] += change;
        let rotated = |a: f64, b: f64| (a * cosine - b * sine, a * sine + b * cosine);
        // The third row and column.
        let other = 3 - k - l;
        let at = |one: usize| (one.min(other), one.max(other));
        let (first, second) = (at(k), at(l));
        let (a, b) = rotated(matrix[first.0][first.1], matrix[second.0][second.1]);
        matrix[first.0][first.1] = a;
        matrix[second.0][second.1] = b;
        for row in &mut vectors {
            (row[k], row[l]) = rotated(row[k], row[l]);
        }
    }
    let mut best = 0;
    for at in 1..3 {
        if values[best] < values[at] {
            best = at;
        }
    }
    vectors.map(|row| row[best])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::raster::Shape;

    #[test]
    fn levels_follow_the_colours() {
        let shape = Shape {
            width: 4,
            height: 1,
            channels: 3,
        };
        let data = vec![10, 50, 7, 20, 50, 7, 30, 50, 7, 60, 50, 7];
        let picture = Raster::new(shape, data).expect("a picture");
        let line = Line::of(&picture);
        let levels: Vec<u8> = colours(&picture).map(|colour| line.level(colour)).collect();
        assert_eq!(levels, [0, 51, 102, 255]);
    }

    #[test]
    fn one_colour_is_black() {
        let shape = Shape {
            width: 3,
            height: 2,
            channels: 3,
        };
        let picture = Raster::new(shape, vec![77; 18]).expect("a picture");
        assert_eq!(Line::of(&picture).level([77; 3]), 0);
    }
}
