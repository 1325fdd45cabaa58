//! Detail that is lost by a smaller size and back.

use crate::augment::kernel::resize::{Interpolation, resize, scale};
use crate::augment::{Definition, Drawn, Family, Transform};
use crate::error::{Error, Result};
use crate::parameter::{Field, Kind, Single};
use crate::random::Stream;
use crate::raster::{Raster, Shape};

const SCALE_RANGE: Field = Field {
    name: "scale_range",
    label: "Scale",
    help: "How large the smaller picture's sides are, compared to the picture's.",
    kind: Kind::Range {
        min: 0.001,
        max: 1.0,
        step: 0.05,
        whole: false,
        default: Some([0.25, 0.25]),
        unit: "",
        single: Single::Refused,
    },
};

const INTERPOLATION_PAIR: Field = Field {
    name: "interpolation_pair",
    label: "Interpolations",
    help: "How values between pixels are made on the way down and on the way up.",
    kind: Kind::Choices {
        names: &["downscale", "upscale"],
        values: Interpolation::NAMES,
        default: "nearest",
    },
};

pub(super) const DOWNSCALE: Definition = Definition {
    name: "Downscale",
    family: Family::Detail,
    help: "Makes the picture smaller and enlarges it again, so that fine detail is lost.",
    p: 0.5,
    fields: &[SCALE_RANGE, INTERPOLATION_PAIR],
    build: |options| {
        let how = INTERPOLATION_PAIR.choices(options)?;
        Ok(Box::new(Downscale {
            range: SCALE_RANGE.range(options)?.unwrap_or_default(),
            down: Interpolation::named(how[0]),
            up: Interpolation::named(how[1]),
        }))
    },
};

#[derive(Debug)]
struct Downscale {
    range: [f64; 2],
    down: Interpolation,
    up: Interpolation,
}

impl Transform for Downscale {
    fn draw(&self, _: Shape, stream: &mut Stream) -> Drawn {
        Drawn::nothing().number("scale", stream.between(self.range))
    }

    /// The smaller size is rounded to the nearest whole pixels (halves to even), yet its
    /// pixels lie apart as if it were not. Where it would be nothing, which the
    /// reference refuses, one pixel is left.
    fn apply(&self, picture: Raster, drawn: &Drawn) -> Result<Raster> {
        let by = drawn.number_of("scale")?;
        if !(by > 0.0 && by <= 1.0) {
            return Err(Error::invalid("scale", by, "numbers above 0, up to 1"));
        }
        let Shape { width, height, .. } = picture.shape();
        let [across, down] = [width, height].map(|side| (side as f64 * by).round_ties_even());
        let small = if across < 1.0 || down < 1.0 {
            let [across, down] = [across, down].map(|side| side.max(1.0) as usize);
            resize(picture, across, down, self.down)?
        } else {
            scale(picture, across as usize, down as usize, Some(by), self.down)?
        };
        resize(small, width, height, self.up)
    }
}
