//! The options that all warps and distortions have: how pixels are read.

use crate::augment::kernel::border::Border;
use crate::augment::kernel::sample::{Sampler, Sampling};
use crate::error::Result;
use crate::parameter::{Field, Kind};
use serde_json::{Map, Value};

/// How a value between pixels is found.
pub(in crate::augment) const INTERPOLATION: Field = Field {
    name: "interpolation",
    label: "Interpolation",
    help: "How a value between pixels is found. As in OpenCV, area means linear here.",
    kind: Kind::Choice {
        values: Sampling::NAMES,
        default: "linear",
    },
};

/// What is outside of the picture.
pub(in crate::augment) const BORDER_MODE: Field = Field {
    name: "border_mode",
    label: "Outside",
    help: "What is outside of the picture: a colour, its edge, its mirror images, or the picture again.",
    kind: Kind::Choice {
        values: Border::NAMES,
        default: "constant",
    },
};

/// The colour outside of the picture, for warps.
pub(in crate::augment) const FILL: Field = Field {
    name: "fill",
    label: "Colour outside",
    help: "The grey level or colour outside of the picture (0 to 255), where a colour is asked for.",
    kind: Kind::Fill { default: 0.0 },
};

/// The colour outside of the picture, where the reference hands a single number to
/// OpenCV, which takes it for the first channel alone.
pub(in crate::augment) const FILL_FIRST: Field = Field {
    name: "fill",
    label: "Colour outside",
    help: "The colour outside of the picture (0 to 255), where a colour is asked for. As in Albumentations, a single number is the level of the first channel alone, red, and the others are 0: give a list for a colour.",
    kind: Kind::Fill { default: 0.0 },
};

/// The way of reading pixels that `options` ask for. `fill` is [`FILL`] or
/// [`FILL_FIRST`]; channels that a list does not name are 0.
pub(in crate::augment) fn sampler(options: &Map<String, Value>, every: bool) -> Result<Sampler> {
    let levels = FILL.fill(options)?;
    let mut fill = [0; 4];
    for (channel, fill) in fill.iter_mut().enumerate() {
        let level = match levels.as_slice() {
            [level] if every => *level,
            levels => levels.get(channel).copied().unwrap_or(0.0),
        };
        *fill = level.round_ties_even() as u8;
    }
    Ok(Sampler {
        sampling: Sampling::named(INTERPOLATION.choice(options)?),
        border: Border::named(BORDER_MODE.choice(options)?),
        fill,
    })
}
