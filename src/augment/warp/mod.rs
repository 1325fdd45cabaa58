//! Moves, turns and scales.

mod affine;
mod matrix;
pub(super) mod options;
mod perspective;
mod rotate;
mod shift;

use super::Definition;

/// What this family defines.
pub(super) const ALL: &[Definition] = &[
    affine::AFFINE,
    shift::SHIFT_SCALE_ROTATE,
    rotate::ROTATE,
    rotate::SAFE_ROTATE,
    perspective::PERSPECTIVE,
];
