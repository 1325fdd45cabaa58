//! Single pixels are taken away.

use super::holes::levels;
use super::sight::look;
use crate::augment::{Boxes, Definition, Drawn, Family, Transform, Value};
use crate::error::{Error, Result};
use crate::parameter::{Field, Kind};
use crate::random::Stream;
use crate::raster::{Raster, Shape};
use serde_json::Value as Json;

const DROPOUT_PROB: Field = Field {
    name: "dropout_prob",
    label: "Share",
    help: "How likely each pixel is to be taken away.",
    kind: Kind::Number {
        min: 0.0,
        max: 1.0,
        step: 0.01,
        default: Some(0.01),
        unit: "",
    },
};

const PER_CHANNEL: Field = Field {
    name: "per_channel",
    label: "Each channel on its own",
    help: "Whether each channel loses other pixels.",
    kind: Kind::Boolean { default: false },
};

const DROP_VALUE: Field = Field {
    name: "drop_value",
    label: "Fill",
    help: "The colour in their place: a number for all channels, or one for each; null for a random colour, the same for all pixels.",
    kind: Kind::Paint {
        values: &[],
        default: 0.0,
        nullable: true,
    },
};

pub(super) const PIXEL_DROPOUT: Definition = Definition {
    name: "PixelDropout",
    family: Family::Dropout,
    help: "Fills single pixels all over the picture.",
    p: 0.5,
    fields: &[DROPOUT_PROB, PER_CHANNEL, DROP_VALUE],
    build: |options| {
        let value = match options.get(DROP_VALUE.name) {
            Some(Json::Null) => None,
            _ => Some(DROP_VALUE.fill(options)?),
        };
        Ok(Box::new(PixelDropout {
            share: DROPOUT_PROB.number(options)?.unwrap_or_default(),
            per_channel: PER_CHANNEL.boolean(options)?,
            value,
        }))
    },
};

#[derive(Debug)]
struct PixelDropout {
    share: f64,
    per_channel: bool,
    value: Option<Vec<f64>>,
}

/// Which pixels are taken away: a list, not 0 where one is, or random bits that are below
/// a number.
enum Drops<'a> {
    Given(std::slice::Iter<'a, f64>),
    Made(Box<Stream>, u64),
}

impl PixelDropout {
    fn drops<'a>(&self, shape: Shape, drawn: &'a Drawn) -> Result<Drops<'a>> {
        if let Some(Value::Numbers(_)) = drawn.get("drop_mask") {
            let count = match self.per_channel {
                true => shape.len(),
                false => shape.len() / shape.channels,
            };
            return Ok(Drops::Given(drawn.exactly("drop_mask", count)?.iter()));
        }
        let stream = Stream::of_field(drawn.seed_of("seed")?);
        // 32 bits each: a share of 1 takes all, one of 0 none.
        let below = (self.share * 4_294_967_296.0) as u64;
        Ok(Drops::Made(Box::new(stream), below))
    }

    /// Fills each group of `per` values for which `drop` says so.
    fn fill(&self, picture: &mut Raster, colour: [u8; 4], mut drop: impl FnMut() -> bool) {
        let channels = picture.channels();
        let pixels = picture.data_mut().chunks_exact_mut(channels);
        if self.per_channel {
            for pixel in pixels {
                for (value, level) in pixel.iter_mut().zip(colour) {
                    if drop() {
                        *value = level;
                    }
                }
            }
        } else {
            for pixel in pixels {
                if drop() {
                    pixel.copy_from_slice(&colour[..channels]);
                }
            }
        }
    }
}

impl Transform for PixelDropout {
    fn draw(&self, shape: Shape, stream: &mut Stream) -> Drawn {
        let drawn = Drawn::nothing().seed("seed", stream.seed());
        match self.value {
            Some(_) => drawn,
            None => {
                let levels = (0..shape.channels).map(|_| f64::from(stream.below(256)));
                drawn.numbers("drop_values", levels.collect())
            }
        }
    }

    /// Which pixels are taken away comes from `seed`, or from the list `drop_mask` with a
    /// number per pixel (per value, if channels differ), not 0 where one is.
    fn apply(&self, mut picture: Raster, drawn: &Drawn) -> Result<Raster> {
        let shape = picture.shape();
        let channels = shape.channels;
        let colour = match &self.value {
            Some(value) => levels(DROP_VALUE.name, value, channels)?,
            None => {
                let values = drawn.exactly("drop_values", channels)?;
                if !values.iter().all(|level| (0.0..=255.0).contains(level)) {
                    return Err(Error::invalid(
                        "drop_values",
                        "a list",
                        "levels from 0 to 255",
                    ));
                }
                levels("drop_values", values, channels)?
            }
        };
        match self.drops(shape, drawn)? {
            Drops::Given(mut mask) => self.fill(&mut picture, colour, || {
                mask.next().is_some_and(|&drop| drop != 0.0)
            }),
            Drops::Made(mut stream, below) => {
                self.fill(&mut picture, colour, || u64::from(stream.bits()) < below);
            }
        }
        Ok(picture)
    }

    /// Boxes stay as they are or are dropped: as in the reference, only pixels that are
    /// taken away as a whole count, and those that a box merely touches are in it.
    fn apply_to_boxes(
        &self,
        boxes: &mut Boxes,
        [shape, _]: [Shape; 2],
        drawn: &Drawn,
    ) -> Result<()> {
        let rules = boxes.rules();
        if self.per_channel || (rules.min_area, rules.min_visibility) == (0.0, 0.0) {
            return Ok(());
        }
        let mut drops = self.drops(shape, drawn)?;
        let pixels: Vec<_> = boxes
            .list()
            .iter()
            .map(|boxed| {
                let [left, top, right, bottom] = boxed.ends;
                let first = [left, top].map(|end| end.ceil() as usize);
                [
                    first[0],
                    first[1],
                    (right as usize + 1).min(shape.width),
                    (bottom as usize + 1).min(shape.height),
                ]
            })
            .collect();
        let mut seen = look(&pixels, shape, &mut |_, hidden| {
            for hidden in hidden {
                *hidden = match &mut drops {
                    Drops::Given(mask) => mask.next().is_some_and(|&drop| drop != 0.0),
                    Drops::Made(stream, below) => u64::from(stream.bits()) < *below,
                };
            }
        })
        .into_iter();
        boxes.retain(|boxed| {
            let [left, top, right, bottom] = boxed.ends;
            let pixels = seen.next().flatten().map_or(0, |(pixels, _)| pixels) as f64;
            let area = (right - left) * (bottom - top);
            pixels >= rules.min_area && pixels / area >= rules.min_visibility
        });
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::Purpose;
    use serde_json::json;

    #[test]
    fn the_share_is_kept() {
        for (share, per_channel, bounds) in [
            (0.1, false, 850..1_150),
            (0.1, true, 2_650..3_350),
            (0.0, false, 0..1),
            (1.0, false, 10_000..10_001),
        ] {
            let options = json!({ "dropout_prob": share, "per_channel": per_channel });
            let transform = PIXEL_DROPOUT.build(options.as_object().expect("an object"));
            let transform = transform.expect("a transform");
            let shape = Shape {
                width: 100,
                height: 100,
                channels: 3,
            };
            let picture = Raster::new(shape, vec![9; shape.len()]).expect("a picture");
            let drawn = transform.draw(shape, &mut Stream::new(1, 0, Purpose::Augment));
            let made = transform.apply(picture, &drawn).expect("a picture");
            let zeros = made.data().iter().filter(|&&level| level == 0).count();
            let dropped = if per_channel { zeros } else { zeros / 3 };
            assert!(bounds.contains(&dropped), "{share}: {dropped}");
        }
    }
}
