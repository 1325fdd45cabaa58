//! Pretended weather.

mod polygon;
mod shadow;

use super::Definition;

/// What this family defines.
pub(super) const ALL: &[Definition] = &[shadow::DEFINITION];
