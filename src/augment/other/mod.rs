//! What belongs to no other family.

mod no_op;

use super::Definition;

/// What this family defines.
pub(super) const ALL: &[Definition] = &[no_op::DEFINITION];
