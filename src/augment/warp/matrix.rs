//! Matrices of warps, as Albumentations composes them.

use crate::augment::Boxes;
use crate::augment::kernel::border::Border;
use crate::augment::kernel::remap::warp_affine;
use crate::augment::kernel::sample::Sampler;
use crate::error::Result;
use crate::raster::{Raster, Shape};

/// A matrix for (x, y, 1), row by row.
pub(super) type Matrix = [f64; 9];

/// The matrix that moves by (x, y).
pub(super) fn moved(x: f64, y: f64) -> Matrix {
    [1.0, 0.0, x, 0.0, 1.0, y, 0.0, 0.0, 1.0]
}

/// The matrix that scales by x and y.
pub(super) fn scaled(x: f64, y: f64) -> Matrix {
    [x, 0.0, 0.0, 0.0, y, 0.0, 0.0, 0.0, 1.0]
}

/// `left` times `right`: what `right` does first, and then `left`.
pub(super) fn product(left: Matrix, right: Matrix) -> Matrix {
    std::array::from_fn(|at| {
        let [row, column] = [at / 3 * 3, at % 3];
        (0..3)
            .map(|step| left[row + step] * right[step * 3 + column])
            .sum()
    })
}

/// What a warp does about the picture's middle.
#[derive(Clone, Copy, Debug)]
pub(super) struct Motion {
    /// Pixels to the right and down.
    pub(super) translate: [f64; 2],
    /// Degrees by which columns and rows lean.
    pub(super) shear: [f64; 2],
    /// Factors across and down.
    pub(super) scale: [f64; 2],
    /// Degrees, counterclockwise.
    pub(super) rotate: f64,
}

impl Motion {
    /// Nothing moves.
    pub(super) const NONE: Self = Self {
        translate: [0.0; 2],
        shear: [0.0; 2],
        scale: [1.0; 2],
        rotate: 0.0,
    };

    /// The matrix: scaled first, then turned, sheared and moved.
    pub(super) fn matrix(&self, shape: Shape) -> Matrix {
        self.matrix_about(middle(shape))
    }

    /// The same for boxes, which lie between pixels.
    pub(super) fn matrix_of_boxes(&self, shape: Shape) -> Matrix {
        self.matrix_about(middle_of_area(shape))
    }

    // Once in the module, for pictures, masks and boxes.
    #[inline(never)]
    fn matrix_about(&self, [x, y]: [f64; 2]) -> Matrix {
        let angle = self.rotate.rem_euclid(360.0).to_radians();
        let [sine, cosine] = [libm::sin(angle), libm::cos(angle)];
        let [lean_x, lean_y] = self.shear.map(|degrees| libm::tan(degrees.to_radians()));
        [
            moved(self.translate[0], self.translate[1]),
            [1.0, lean_x, 0.0, lean_y, 1.0, 0.0, 0.0, 0.0, 1.0],
            [cosine, sine, 0.0, -sine, cosine, 0.0, 0.0, 0.0, 1.0],
            scaled(self.scale[0], self.scale[1]),
            moved(-x, -y),
        ]
        .into_iter()
        .fold(moved(x, y), product)
    }
}

/// The point in the middle of a picture: between pixels where sides are even.
pub(super) fn middle(shape: Shape) -> [f64; 2] {
    [shape.width, shape.height].map(|side| side as f64 / 2.0 - 0.5)
}

/// The point in the middle of the area that a picture's pixels cover.
pub(super) fn middle_of_area(shape: Shape) -> [f64; 2] {
    [shape.width, shape.height].map(|side| side as f64 / 2.0)
}

/// The matrix and the size with which all of a warped picture is visible.
pub(super) fn fitted(matrix: Matrix, shape: Shape) -> (Matrix, [f64; 2]) {
    let [width, height] = [shape.width as f64, shape.height as f64];
    let corners = [[0.0, 0.0], [width, 0.0], [width, height], [0.0, height]];
    let ends = |row: usize| {
        let places = corners.map(|[x, y]| matrix[row] * x + matrix[row + 1] * y + matrix[row + 2]);
        let least = places.into_iter().fold(f64::INFINITY, f64::min).floor();
        let most = places.into_iter().fold(f64::NEG_INFINITY, f64::max).ceil();
        [least, most]
    };
    let [[left, right], [top, bottom]] = [ends(0), ends(3)];
    (
        product(moved(-left, -top), matrix),
        [right - left + 1.0, bottom - top + 1.0],
    )
}

/// A warped picture, or the same when the matrix changes nothing that could be seen.
pub(super) fn warped(
    picture: Raster,
    matrix: Matrix,
    size: [usize; 2],
    sampler: &Sampler,
) -> Result<Raster> {
    if changes_nothing(&matrix) {
        return Ok(picture);
    }
    let [a, b, c, d, e, f, ..] = matrix;
    warp_affine(&picture, [a, b, c, d, e, f], size, sampler)
}

fn changes_nothing(matrix: &Matrix) -> bool {
    let identity = moved(0.0, 0.0);
    let close = |(&value, one): (&f64, f64)| (value - one).abs() <= 1e-8 + 1e-5 * one;
    matrix.iter().zip(identity).all(close)
}

/// Warps the boxes of a picture of `shape`: each becomes the upright box around its
/// corners. Where the border is a mirror image there are boxes in it, too.
pub(super) fn warp_boxes(
    boxes: &mut Boxes,
    matrix: Matrix,
    shape: Shape,
    border: Border,
) -> Result<()> {
    if changes_nothing(&matrix) {
        return Ok(());
    }
    let [a, b, c, d, e, f, ..] = matrix;
    let carry = |[x, y]: [f64; 2]| [a * x + b * y + c, d * x + e * y + f];
    let determinant = a * e - b * d;
    // A picture without an area shows no boxes, mirrored or not.
    if border.mirrors() && determinant != 0.0 {
        let back = |[x, y]: [f64; 2]| {
            let [x, y] = [x - c, y - f];
            [(e * x - b * y) / determinant, (a * y - d * x) / determinant]
        };
        boxes.mirror(shape, seen_around(shape, carry, back))?;
    }
    boxes.carry(carry);
    Ok(())
}

/// How many pixels at the top, bottom, left and right of a picture are looked at when it is
/// warped, as the reference estimates it: from the frame around the picture before and after.
fn seen_around(
    shape: Shape,
    carry: impl Fn([f64; 2]) -> [f64; 2],
    back: impl Fn([f64; 2]) -> [f64; 2],
) -> [f64; 4] {
    let [width, height] = [shape.width as f64, shape.height as f64];
    let corners = |[left, top, right, bottom]: [f64; 4]| {
        [[left, top], [right, top], [right, bottom], [left, bottom]]
    };
    let frame = |points: &[[f64; 2]]| {
        let least = |axis: usize| points.iter().fold(f64::INFINITY, |m, p| m.min(p[axis]));
        let most = |axis: usize| points.iter().fold(f64::NEG_INFINITY, |m, p| m.max(p[axis]));
        [least(0), least(1), most(0), most(1)]
    };
    let own = corners([0.0, 0.0, width, height]);
    let both = [own, own.map(carry)].concat();
    let [left, top, right, bottom] = frame(&corners(frame(&both)).map(back));
    [-top, bottom - height, -left, right - width].map(|pixels| pixels.ceil().max(0.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quarter_turn_is_counterclockwise_about_the_middle() {
        let shape = Shape {
            width: 5,
            height: 3,
            channels: 1,
        };
        let motion = Motion {
            rotate: 90.0,
            ..Motion::NONE
        };
        let [a, b, c, d, e, f, ..] = motion.matrix(shape);
        let place = |x: f64, y: f64| [a * x + b * y + c, d * x + e * y + f];
        let [x, y] = place(3.0, 1.0);
        assert!(
            (x - 2.0).abs() < 1e-12 && (y - 0.0).abs() < 1e-12,
            "{x} {y}"
        );
    }
}
