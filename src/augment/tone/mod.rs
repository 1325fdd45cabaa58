//! Brightness, contrast and what else changes levels.

mod auto_contrast;
mod brightness_contrast;
mod clahe;
mod curve;
mod equalize;
mod gamma;
mod invert;

use super::Definition;

/// What this family defines.
pub(super) const ALL: &[Definition] = &[
    brightness_contrast::DEFINITION,
    gamma::DEFINITION,
    curve::DEFINITION,
    clahe::DEFINITION,
    equalize::DEFINITION,
    auto_contrast::DEFINITION,
    invert::INVERT,
    invert::POSTERIZE,
    invert::SOLARIZE,
];
