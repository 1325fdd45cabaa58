//! As on old photographs.

use crate::augment::kernel::colour::change_colours;
use crate::augment::{Definition, Drawn, Family, Transform};
use crate::error::Result;
use crate::random::Stream;
use crate::raster::{Raster, Shape};

pub(super) const DEFINITION: Definition = Definition {
    name: "ToSepia",
    family: Family::Colour,
    help: "Makes all colours shades of brown. A grey picture stays as it is.",
    p: 0.5,
    fields: &[],
    build: |_| Ok(Box::new(Sepia)),
};

/// The weights of red, green and blue in each new channel, in units of 2^-10:
/// 0.393, 0.769, 0.189; 0.349, 0.686, 0.168; 0.272, 0.534, 0.131.
const WEIGHTS: [[u32; 3]; 3] = [[402, 787, 194], [357, 702, 172], [279, 547, 134]];

#[derive(Debug)]
struct Sepia;

impl Transform for Sepia {
    fn draw(&self, _: Shape, _: &mut Stream) -> Drawn {
        Drawn::nothing()
    }

    fn apply(&self, mut picture: Raster, _: &Drawn) -> Result<Raster> {
        change_colours(&mut picture, |rgb| {
            let [red, green, blue] = rgb.map(u32::from);
            WEIGHTS.map(|[r, g, b]| {
                let sum = r * red + g * green + b * blue + (1 << 9);
                (sum >> 10).min(255) as u8
            })
        });
        Ok(picture)
    }
}
