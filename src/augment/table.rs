//! All transforms, in one table.

use super::definition::Definition;
use super::{
    blur, colour, detail, distortion, dropout, geometry, noise, other, tone, warp, weather,
};

/// The families in the order in which they are shown.
const FAMILIES: [&[Definition]; 11] = [
    warp::ALL,
    geometry::ALL,
    distortion::ALL,
    blur::ALL,
    noise::ALL,
    tone::ALL,
    colour::ALL,
    detail::ALL,
    dropout::ALL,
    weather::ALL,
    other::ALL,
];

/// Every transform's definition.
pub fn definitions() -> impl Iterator<Item = &'static Definition> {
    FAMILIES.iter().copied().flatten()
}

/// The definition of a name.
pub fn definition(name: &str) -> Option<&'static Definition> {
    definitions().find(|definition| definition.name == name)
}
