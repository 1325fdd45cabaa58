//! Shadows with straight edges.

use super::polygon::Mask;
use crate::augment::{Definition, Drawn, Family, Transform};
use crate::error::{Error, Result};
use crate::parameter::{Field, Kind, Single};
use crate::random::Stream;
use crate::raster::{Raster, Shape};

const SHADOW_ROI: Field = Field {
    name: "shadow_roi",
    label: "Region",
    help: "Where corners of shadows may lie: left, top, right and bottom as parts of the picture.",
    kind: Kind::Region {
        default: [0.0, 0.5, 1.0, 1.0],
    },
};
const NUM_SHADOWS_LIMIT: Field = Field {
    name: "num_shadows_limit",
    label: "Shadows",
    help: "How many shadows there are.",
    kind: Kind::Range {
        min: 1.0,
        max: 20.0,
        step: 1.0,
        whole: true,
        default: Some([1.0, 2.0]),
        unit: "",
        single: Single::Refused,
    },
};

const SHADOW_DIMENSION: Field = Field {
    name: "shadow_dimension",
    label: "Corners",
    help: "How many corners a shadow has.",
    kind: Kind::Integer {
        min: 3,
        max: 50,
        default: Some(5),
        unit: "",
    },
};

const SHADOW_INTENSITY_RANGE: Field = Field {
    name: "shadow_intensity_range",
    label: "Darkness",
    help: "How much of the light a shadow takes away.",
    kind: Kind::Range {
        min: 0.0,
        max: 1.0,
        step: 0.05,
        whole: false,
        default: Some([0.5, 0.5]),
        unit: "",
        single: Single::Refused,
    },
};

pub(super) const DEFINITION: Definition = Definition {
    name: "RandomShadow",
    family: Family::Weather,
    help: "Darkens polygons with random corners. Where their sides cross, light and shadow take turns; where shadows overlap, it is darker still.",
    p: 0.5,
    fields: &[
        SHADOW_ROI,
        NUM_SHADOWS_LIMIT,
        SHADOW_DIMENSION,
        SHADOW_INTENSITY_RANGE,
    ],
    build: |options| {
        Ok(Box::new(Shadow {
            region: SHADOW_ROI.region(options)?,
            count: NUM_SHADOWS_LIMIT.range(options)?.unwrap_or_default(),
            corners: SHADOW_DIMENSION.integer(options)?.unwrap_or(5) as usize,
            darkness: SHADOW_INTENSITY_RANGE.range(options)?.unwrap_or_default(),
        }))
    },
};

#[derive(Debug)]
struct Shadow {
    region: [f64; 4],
    count: [f64; 2],
    corners: usize,
    darkness: [f64; 2],
}

impl Transform for Shadow {
    /// `intensities` holds a number for each shadow; `x` and `y` the corners of the first,
    /// then of the next.
    fn draw(&self, shape: Shape, stream: &mut Stream) -> Drawn {
        let [low, high] = self.count.map(|count| count as u32);
        let count = stream.within(low..=high) as usize;
        let mut places = |start: f64, end: f64, length: usize| -> Vec<f64> {
            let [start, end] = [start, end].map(|part| (part * length as f64) as u32);
            // The last is left out, as the original does; a region without pixels is one.
            let start = start.min(length as u32 - 1);
            let last = end.max(start + 1) - 1;
            (0..count * self.corners)
                .map(|_| stream.within(start..=last).into())
                .collect()
        };
        let [left, top, right, bottom] = self.region;
        let x = places(left, right, shape.width);
        let y = places(top, bottom, shape.height);
        let intensities = (0..count).map(|_| stream.between(self.darkness)).collect();
        Drawn::nothing()
            .numbers("intensities", intensities)
            .numbers("x", x)
            .numbers("y", y)
    }

    fn apply(&self, mut picture: Raster, drawn: &Drawn) -> Result<Raster> {
        let Shape {
            width,
            height,
            channels,
        } = picture.shape();
        let intensities = drawn.numbers_of("intensities")?;
        // What options can ask for, since a record may come from anywhere.
        if intensities.len() > 20 {
            let found = format!("a list of {} numbers", intensities.len());
            return Err(Error::invalid("intensities", found, "at most 20 numbers"));
        }
        let read = |name: &str, length: usize| -> Result<Vec<i32>> {
            let places = drawn.exactly(name, intensities.len() * self.corners)?;
            let inside = |place: &f64| place.clamp(0.0, (length - 1) as f64) as i32;
            Ok(places.iter().map(inside).collect())
        };
        let (x, y) = (read("x", width)?, read("y", height)?);
        let corners: Vec<_> = x.into_iter().zip(y).map(|(x, y)| [x, y]).collect();
        for (corners, intensity) in corners.chunks_exact(self.corners).zip(intensities) {
            let mut mask = Mask::new(width, height);
            mask.polygon(corners);
            let light = 1.0 - intensity;
            let table: [u8; 256] = std::array::from_fn(|level| (level as f64 * light) as u8);
            let pixels = picture.data_mut().chunks_exact_mut(channels);
            for (pixel, _) in pixels.zip(mask.painted()).filter(|(_, painted)| **painted) {
                for level in pixel.iter_mut().take(3) {
                    *level = table[usize::from(*level)];
                }
            }
        }
        Ok(picture)
    }
}
