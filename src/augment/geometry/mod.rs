//! Flips, turns by right angles, crops, pads and sizes.

mod flip;

use super::Definition;

/// What this family defines.
pub(super) const ALL: &[Definition] = &[flip::HORIZONTAL];
