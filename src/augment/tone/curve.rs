//! A tone curve with two random handles.

use crate::augment::kernel::table::{look_up_each, table};
use crate::augment::{Definition, Drawn, Family, Transform};
use crate::error::{Error, Result};
use crate::parameter::{Field, Kind};
use crate::random::Stream;
use crate::raster::{Raster, Shape};

const SCALE: Field = Field {
    name: "scale",
    label: "Scale",
    help: "The standard deviation of both handles' heights.",
    kind: Kind::Number {
        min: 0.0,
        max: 1.0,
        step: 0.05,
        default: Some(0.1),
        unit: "",
    },
};

const PER_CHANNEL: Field = Field {
    name: "per_channel",
    label: "Per channel",
    help: "Whether each colour has a curve of its own.",
    kind: Kind::Boolean { default: false },
};

pub(super) const DEFINITION: Definition = Definition {
    name: "RandomToneCurve",
    family: Family::Tone,
    help: "Changes levels along a Bezier curve from black to white, whose two handles are drawn about 1/4 and 3/4 and kept within 0 and 1.",
    p: 0.5,
    fields: &[SCALE, PER_CHANNEL],
    build: |options| {
        Ok(Box::new(Curve {
            scale: SCALE.number(options)?.unwrap_or_default(),
            per_channel: PER_CHANNEL.boolean(options)?,
        }))
    },
};

#[derive(Debug)]
struct Curve {
    scale: f64,
    per_channel: bool,
}

impl Transform for Curve {
    fn draw(&self, shape: Shape, stream: &mut Stream) -> Drawn {
        let curves = if self.per_channel { shape.colours() } else { 1 };
        let mut handles = |mean: f64| -> Vec<f64> {
            let mut handle = || (mean + self.scale * stream.normal()).clamp(0.0, 1.0);
            (0..curves).map(|_| handle()).collect()
        };
        let low = handles(0.25);
        Drawn::nothing()
            .numbers("low_y", low)
            .numbers("high_y", handles(0.75))
    }

    fn apply(&self, mut picture: Raster, drawn: &Drawn) -> Result<Raster> {
        let [low, high] = [drawn.numbers_of("low_y")?, drawn.numbers_of("high_y")?];
        let handle = |list: &[f64], name: &str, channel: usize| match *list {
            [one] => Ok(one),
            [_, _, _] => Ok(list[channel]),
            _ => Err(Error::invalid(
                name,
                format!("a list of {}", list.len()),
                "1 or 3 numbers",
            )),
        };
        let mut tables = [[0; 256]; 3];
        for (channel, curve) in tables.iter_mut().enumerate() {
            let [low, high] = [
                handle(low, "low_y", channel)?,
                handle(high, "high_y", channel)?,
            ];
            *curve = table(|level| {
                let t = if level == 255 {
                    1.0
                } else {
                    level as f64 * (1.0 / 255.0)
                };
                let rest = 1.0 - t;
                let height =
                    3.0 * (rest * rest) * t * low + 3.0 * rest * (t * t) * high + t * t * t;
                (height * 255.0).round_ties_even() as u8
            });
        }
        look_up_each(&mut picture, &tables);
        Ok(picture)
    }
}
