//! Pretended weather.

mod disc;
mod fog;
mod polygon;
mod rain;
mod shadow;
mod streak;

use super::Definition;
use crate::error::{Error, Result};
use crate::raster::Raster;

/// What this family defines.
pub(super) const ALL: &[Definition] = &[shadow::DEFINITION, fog::DEFINITION, rain::DEFINITION];

/// Refuses grey pictures, as the original does.
fn coloured(picture: &Raster) -> Result<()> {
    match picture.channels() {
        1 => Err(Error::Unsupported {
            field: "channels".into(),
            value: "1".into(),
            allowed: "3 or 4 channels".into(),
        }),
        _ => Ok(()),
    }
}
