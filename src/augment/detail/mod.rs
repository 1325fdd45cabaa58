//! detail

mod compression;

use super::Definition;

/// What this family defines.
pub(super) const ALL: &[Definition] = &[compression::DEFINITION];
