//! Flips, turns by right angles, crops, pads and sizes.

mod crop;
mod crop_and_pad;
mod flip;
mod morphological;
mod pad;
mod resize;
mod resized_crop;
mod turn;

use super::Definition;

/// What this family defines.
pub(super) const ALL: &[Definition] = &[
    flip::HORIZONTAL,
    flip::VERTICAL,
    turn::TRANSPOSE,
    turn::RANDOM_ROTATE_90,
    resize::RESIZE,
    resize::RANDOM_SCALE,
    pad::PAD_IF_NEEDED,
    crop::CENTER,
    crop::RANDOM,
    resized_crop::RANDOM_RESIZED_CROP,
    crop_and_pad::CROP_AND_PAD,
    morphological::MORPHOLOGICAL,
];
