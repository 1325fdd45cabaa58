//! Noise.

mod gauss;
mod iso;
mod multiplicative;
mod poisson;
mod salt_and_pepper;
mod shot;

use super::Definition;

/// What this family defines.
pub(super) const ALL: &[Definition] = &[
    gauss::DEFINITION,
    iso::DEFINITION,
    multiplicative::DEFINITION,
    salt_and_pepper::DEFINITION,
    shot::DEFINITION,
];
