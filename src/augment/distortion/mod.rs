//! Bends: each pixel comes from a place that a map says.

mod bend;
mod elastic;
mod field;
mod grid;
mod optical;
mod piecewise;
mod spline;

use super::Definition;

/// What this family defines.
pub(super) const ALL: &[Definition] = &[
    optical::OPTICAL_DISTORTION,
    grid::GRID_DISTORTION,
    elastic::ELASTIC_TRANSFORM,
    piecewise::PIECEWISE_AFFINE,
    spline::THIN_PLATE_SPLINE,
];
