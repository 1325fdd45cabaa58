//! Channels change places.

use crate::augment::kernel::colour::change_colours;
use crate::augment::{Definition, Drawn, Family, Transform};
use crate::error::{Error, Result};
use crate::random::Stream;
use crate::raster::{Raster, Shape};

pub(super) const DEFINITION: Definition = Definition {
    name: "ChannelShuffle",
    family: Family::Colour,
    help: "Puts the colour channels into a random order. A grey picture stays as it is.",
    p: 0.5,
    fields: &[],
    build: |_| Ok(Box::new(Shuffle)),
};

#[derive(Debug)]
struct Shuffle;

impl Transform for Shuffle {
    fn draw(&self, _: Shape, stream: &mut Stream) -> Drawn {
        let mut order = [0.0, 1.0, 2.0];
        stream.shuffle(&mut order);
        Drawn::nothing().numbers("channels_shuffled", order.to_vec())
    }

    fn apply(&self, mut picture: Raster, drawn: &Drawn) -> Result<Raster> {
        let mut order = [0; 3];
        for (place, &from) in order.iter_mut().zip(drawn.exactly("channels_shuffled", 3)?) {
            let known = [0.0, 1.0, 2.0].iter().position(|&known| known == from);
            *place = known.ok_or_else(|| {
                Error::invalid(
                    "channels_shuffled",
                    from,
                    "the numbers 0, 1, 2 in any order",
                )
            })?;
        }
        change_colours(&mut picture, |rgb| order.map(|from| rgb[from]));
        Ok(picture)
    }
}
