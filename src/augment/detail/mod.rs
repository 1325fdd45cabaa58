//! detail

mod downscale;

use super::Definition;

/// What this family defines.
pub(super) const ALL: &[Definition] = &[downscale::DOWNSCALE];
