//! Gamma: a power of the levels.

use crate::augment::kernel::table::{look_up, table};
use crate::augment::{Definition, Drawn, Family, Transform};
use crate::error::Result;
use crate::parameter::{Field, Kind, Single};
use crate::random::Stream;
use crate::raster::{Raster, Shape};

const GAMMA_LIMIT: Field = Field {
    name: "gamma_limit",
    label: "Gamma",
    help: "The power, in hundredths: 100 changes nothing, more is darker.",
    kind: Kind::Range {
        min: 1.0,
        max: 10000.0,
        step: 5.0,
        whole: false,
        default: Some([80.0, 120.0]),
        unit: "%",
        single: Single::From(1.0),
    },
};

pub(super) const DEFINITION: Definition = Definition {
    name: "RandomGamma",
    family: Family::Tone,
    help: "Raises levels (as parts of 255) to a power. Results are cut off, so a few levels become one darker even with the power 1.",
    p: 0.5,
    fields: &[GAMMA_LIMIT],
    build: |options| {
        Ok(Box::new(Gamma(
            GAMMA_LIMIT.range(options)?.unwrap_or_default(),
        )))
    },
};

#[derive(Debug)]
struct Gamma([f64; 2]);

impl Transform for Gamma {
    fn draw(&self, _: Shape, stream: &mut Stream) -> Drawn {
        Drawn::nothing().number("gamma", stream.between(self.0) / 100.0)
    }

    fn apply(&self, mut picture: Raster, drawn: &Drawn) -> Result<Raster> {
        let gamma = drawn.number_of("gamma")?;
        let table = table(|level| (libm::pow(level as f64 * (1.0 / 255.0), gamma) * 255.0) as u8);
        look_up(&mut picture, &table);
        Ok(picture)
    }
}
