//! Changes fine detail.

mod compression;
mod downscale;
mod emboss;
mod sharpen;
mod unsharp_mask;

use super::Definition;
use crate::raster::Raster;

/// What this family defines.
pub(super) const ALL: &[Definition] = &[
    emboss::DEFINITION,
    sharpen::DEFINITION,
    unsharp_mask::DEFINITION,
    compression::DEFINITION,
    downscale::DOWNSCALE,
];

/// Changes a picture and leaves its alpha alone: how opaque a pixel is has no relief.
pub(super) fn without_alpha(picture: &mut Raster, change: impl FnOnce(&mut Raster)) {
    if picture.channels() < 4 {
        return change(picture);
    }
    let alpha: Vec<u8> = picture.data().iter().copied().skip(3).step_by(4).collect();
    change(picture);
    for (place, alpha) in picture.data_mut().iter_mut().skip(3).step_by(4).zip(alpha) {
        *place = alpha;
    }
}
