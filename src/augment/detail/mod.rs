//! detail

use super::Definition;

/// What this family defines.
pub(super) const ALL: &[Definition] = &[];
