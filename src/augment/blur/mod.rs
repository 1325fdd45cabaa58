//! blur

mod zoom;

use super::Definition;

/// What this family defines.
pub(super) const ALL: &[Definition] = &[zoom::ZOOM_BLUR];
