//! A number is added to each colour.

use crate::augment::{Definition, Drawn, Family, Transform};
use crate::error::Result;
use crate::parameter::{Field, Kind, Single};
use crate::random::Stream;
use crate::raster::{Raster, Shape};
use wide::u8x16;

/// What each colour takes.
const SUMMAND: Kind = Kind::Range {
    min: -255.0,
    max: 255.0,
    step: 1.0,
    whole: false,
    default: Some([-20.0, 20.0]),
    unit: "levels",
    single: Single::Symmetric,
};

const R_SHIFT_LIMIT: Field = Field {
    name: "r_shift_limit",
    label: "Red",
    help: "What is added to red.",
    kind: SUMMAND,
};

const G_SHIFT_LIMIT: Field = Field {
    name: "g_shift_limit",
    label: "Green",
    help: "What is added to green.",
    kind: SUMMAND,
};

const B_SHIFT_LIMIT: Field = Field {
    name: "b_shift_limit",
    label: "Blue",
    help: "What is added to blue.",
    kind: SUMMAND,
};

pub(super) const DEFINITION: Definition = Definition {
    name: "RGBShift",
    family: Family::Colour,
    help: "Adds a number to each colour; fractions are cut off. A range within -1 and 1 means parts of 255, as in the original. A grey picture has the number of red.",
    p: 0.5,
    fields: &[R_SHIFT_LIMIT, G_SHIFT_LIMIT, B_SHIFT_LIMIT],
    build: |options| {
        let range = |field: &Field| {
            let ends = field.range(options)?.unwrap_or_default();
            let parts = ends.iter().all(|end| end.abs() <= 1.0);
            // In both cases parts are drawn, and levels made of them, like the original.
            Ok(if parts {
                ends
            } else {
                ends.map(|end| end / 255.0)
            })
        };
        Ok(Box::new(Shift([
            range(&R_SHIFT_LIMIT)?,
            range(&G_SHIFT_LIMIT)?,
            range(&B_SHIFT_LIMIT)?,
        ])))
    },
};

#[derive(Debug)]
struct Shift([[f64; 2]; 3]);

impl Transform for Shift {
    fn draw(&self, _: Shape, stream: &mut Stream) -> Drawn {
        let shifts = self.0.map(|ends| stream.between(ends) * 255.0);
        Drawn::nothing().numbers("shift", shifts.to_vec())
    }

    fn apply(&self, mut picture: Raster, drawn: &Drawn) -> Result<Raster> {
        let shifts = drawn.exactly("shift", 3)?;
        let channels = picture.channels();
        // What is added, and what is taken away: as often as until all repeats.
        const PERIOD: usize = 48;
        let period = |sign: f64| -> [u8; PERIOD] {
            std::array::from_fn(|at| match at % channels {
                3 => 0,
                channel => (sign * shifts[channel]) as u8,
            })
        };
        let [more, less] = [period(1.0), period(-1.0)];
        let vectors = |period: &[u8; PERIOD]| -> [u8x16; 3] {
            std::array::from_fn(|at| u8x16::new(period.as_chunks::<16>().0[at]))
        };
        let [adds, subs] = [vectors(&more), vectors(&less)];
        let (blocks, rest) = picture.data_mut().as_chunks_mut::<PERIOD>();
        for block in blocks {
            for (at, levels) in block.as_chunks_mut::<16>().0.iter_mut().enumerate() {
                let sum = u8x16::new(*levels)
                    .saturating_add(adds[at])
                    .saturating_sub(subs[at]);
                *levels = sum.to_array();
            }
        }
        for (at, level) in rest.iter_mut().enumerate() {
            *level = level.saturating_add(more[at]).saturating_sub(less[at]);
        }
        Ok(picture)
    }
}
