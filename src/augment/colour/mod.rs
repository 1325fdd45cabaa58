//! Colours.

mod grey;
mod hue;
mod jitter;
mod principal;
mod sepia;
mod shift;
mod shuffle;

use super::Definition;

/// What this family defines.
pub(super) const ALL: &[Definition] = &[
    grey::DEFINITION,
    sepia::DEFINITION,
    hue::DEFINITION,
    jitter::DEFINITION,
    shift::DEFINITION,
    shuffle::DEFINITION,
];
