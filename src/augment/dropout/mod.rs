//! Takes parts, points or channels away.

mod channel;
mod coarse;
mod grid;
mod holes;
mod inpaint;
mod pixel;
mod sight;

use super::Definition;

/// What this family defines.
pub(super) const ALL: &[Definition] = &[
    coarse::COARSE_DROPOUT,
    grid::GRID_DROPOUT,
    pixel::PIXEL_DROPOUT,
    channel::CHANNEL_DROPOUT,
];
