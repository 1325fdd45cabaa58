//! Takes sharpness away.

mod box_blur;
mod defocus;
mod gaussian;
mod glass;
mod median;
mod motion;
mod size;
mod zoom;

use super::Definition;

/// What this family defines.
pub(super) const ALL: &[Definition] = &[
    box_blur::DEFINITION,
    median::DEFINITION,
    gaussian::DEFINITION,
    motion::DEFINITION,
    defocus::DEFINITION,
    glass::DEFINITION,
    zoom::ZOOM_BLUR,
];

pub(super) use size::{LIMIT as SIZE_LIMIT, Sizes};
