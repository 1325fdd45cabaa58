//! Rain: slanted streaks, and less light.

use super::coloured;
use super::polygon::Mask;
use crate::augment::kernel::filter::box_blur;
use crate::augment::{Definition, Drawn, Family, Transform, Value};
use crate::error::{Error, Result};
use crate::parameter::{Field, Kind, Single};
use crate::random::Stream;
use crate::raster::{Raster, Shape};

/// The steepest slant.
const SLANT: f64 = 20.0;

/// The longest streak.
const LONGEST: u64 = 4096;

/// The most streaks of one picture.
const MOST: usize = 16_384;

const SLANT_RANGE: Field = Field {
    name: "slant_range",
    label: "Slant",
    help: "By how many pixels the lower end of a streak lies to the right of its upper end; the original calls them degrees.",
    kind: Kind::Range {
        min: -SLANT,
        max: SLANT,
        step: 1.0,
        whole: false,
        default: Some([-10.0, 10.0]),
        unit: "pixels",
        single: Single::Refused,
    },
};

const DROP_LENGTH: Field = Field {
    name: "drop_length",
    label: "Length",
    help: "How far down a streak reaches; without a number, an eighth of the picture's height.",
    kind: Kind::Integer {
        min: 1,
        max: LONGEST,
        default: None,
        unit: "pixels",
    },
};

const DROP_WIDTH: Field = Field {
    name: "drop_width",
    label: "Width",
    help: "How wide a streak is.",
    kind: Kind::Integer {
        min: 1,
        max: 20,
        default: Some(1),
        unit: "pixels",
    },
};

const DROP_COLOR: Field = Field {
    name: "drop_color",
    label: "Colour",
    help: "The light that a streak adds to red, green and blue.",
    kind: Kind::Rgb {
        default: [200, 200, 200],
    },
};

const BLUR_VALUE: Field = Field {
    name: "blur_value",
    label: "Blur",
    help: "The side of the square over which streaks are blurred; 1 leaves them sharp.",
    kind: Kind::Integer {
        min: 1,
        max: 255,
        default: Some(7),
        unit: "pixels",
    },
};

const BRIGHTNESS_COEFFICIENT: Field = Field {
    name: "brightness_coefficient",
    label: "Brightness",
    help: "How much of the light is left.",
    kind: Kind::Number {
        min: 0.001,
        max: 1.0,
        step: 0.05,
        default: Some(0.7),
        unit: "",
    },
};

const RAIN_TYPE: Field = Field {
    name: "rain_type",
    label: "Rain",
    help: "How many streaks there are, by the picture's height: a quarter of it in drizzle, a third by default, all of it in heavy and twice of it in torrential rain.",
    kind: Kind::Choice {
        values: &["drizzle", "heavy", "torrential", "default"],
        default: "default",
    },
};

pub(super) const DEFINITION: Definition = Definition {
    name: "RandomRain",
    family: Family::Weather,
    help: "Adds the light of blurred streaks, and darkens the picture. Where a picture is too low for a single streak it stays as it is. Grey pictures are not taken.",
    p: 0.5,
    fields: &[
        SLANT_RANGE,
        DROP_LENGTH,
        DROP_WIDTH,
        DROP_COLOR,
        BLUR_VALUE,
        BRIGHTNESS_COEFFICIENT,
        RAIN_TYPE,
    ],
    build: |options| {
        Ok(Box::new(Rain {
            slant: SLANT_RANGE.range(options)?.unwrap_or_default(),
            length: DROP_LENGTH.integer(options)?,
            width: DROP_WIDTH.integer(options)?.unwrap_or(1) as u32,
            colour: DROP_COLOR.rgb(options)?,
            blur: BLUR_VALUE.integer(options)?.unwrap_or(1) as usize,
            brightness: BRIGHTNESS_COEFFICIENT.number(options)?.unwrap_or(1.0),
            per_row: match RAIN_TYPE.choice(options)? {
                "drizzle" => [1, 4],
                "heavy" => [1, 1],
                "torrential" => [2, 1],
                _ => [1, 3],
            },
        }))
    },
};

#[derive(Debug)]
struct Rain {
    slant: [f64; 2],
    length: Option<u64>,
    width: u32,
    colour: [u8; 3],
    blur: usize,
    brightness: f64,
    /// So many streaks for so many rows.
    per_row: [usize; 2],
}

impl Rain {
    /// The upper ends of the streaks: column and row of each. In pictures that are lower
    /// than streaks are long, which the reference refuses, all begin at the top.
    fn ends(&self, shape: Shape, length: f64, stream: &mut Stream) -> Vec<[i32; 2]> {
        let [count, rows] = self.per_row;
        let count = (shape.height * count / rows).min(MOST);
        let below = (shape.height as u32).saturating_sub(length as u32).max(1);
        (0..count)
            .map(|_| [stream.below(shape.width as u32), stream.below(below)])
            .map(|end| end.map(|place| place as i32))
            .collect()
    }
}

/// The ends of a record: two numbers each.
fn read(numbers: &[f64], shape: Shape) -> Result<Vec<[i32; 2]>> {
    let (ends, rest) = numbers.as_chunks::<2>();
    let size = [shape.width, shape.height].map(|side| side as f64);
    let inside = |end: &[f64; 2]| (0..2).all(|axis| (0.0..size[axis]).contains(&end[axis]));
    if !rest.is_empty() || ends.len() > MOST || !ends.iter().all(inside) {
        let found = format!("a list of {} numbers", numbers.len());
        let allowed = format!(
            "column and row of up to {MOST} streaks, within {} x {} pixels",
            shape.width, shape.height
        );
        return Err(Error::invalid("rain_drops", found, allowed));
    }
    let whole = |end: &[f64; 2]| end.map(|place| place as i32);
    Ok(ends.iter().map(whole).collect())
}

impl Transform for Rain {
    fn draw(&self, shape: Shape, stream: &mut Stream) -> Drawn {
        let usual = (shape.height as u64 / 8).clamp(1, LONGEST);
        Drawn::nothing()
            .number("drop_length", self.length.unwrap_or(usual) as f64)
            .number("slant", stream.between(self.slant))
            .seed("seed", stream.seed())
    }

    /// The upper ends of streaks come from `seed`, or from the list `rain_drops`: the
    /// column and row of each.
    fn apply(&self, mut picture: Raster, drawn: &Drawn) -> Result<Raster> {
        coloured(&picture)?;
        let shape = picture.shape();
        let length = drawn.number_of("drop_length")?;
        if !(1.0..=LONGEST as f64).contains(&length) {
            let allowed = format!("numbers from 1 to {LONGEST}");
            return Err(Error::invalid("drop_length", length, allowed));
        }
        let slant = drawn.number_of("slant")?;
        if !(-SLANT..=SLANT).contains(&slant) {
            let allowed = format!("numbers from -{SLANT} to {SLANT}");
            return Err(Error::invalid("slant", slant, allowed));
        }
        let ends = match drawn.get("rain_drops") {
            Some(Value::Numbers(numbers)) => read(numbers, shape)?,
            _ => self.ends(shape, length, &mut Stream::of_field(drawn.seed_of("seed")?)),
        };
        if ends.is_empty() {
            return Ok(picture);
        }
        let mut mask = Mask::new(shape.width, shape.height);
        for [x, y] in ends {
            let to = [(f64::from(x) + slant) as i32, y + length as i32];
            mask.streak([x, y], to, self.width);
        }
        let streaks = self.light(&mask, shape)?;
        let table: [u8; 256] =
            std::array::from_fn(|level| (level as f64 * self.brightness).round_ties_even() as u8);
        let pixels = picture.data_mut().chunks_exact_mut(shape.channels);
        let lights = streaks.data().chunks_exact(streaks.channels());
        for (pixel, light) in pixels.zip(lights) {
            for (level, light) in pixel.iter_mut().zip(light.iter().cycle()).take(3) {
                *level = table[usize::from(level.saturating_add(*light))];
            }
        }
        Ok(picture)
    }
}

impl Rain {
    /// What streaks add: in each channel, or in one for all if the colour is a grey.
    fn light(&self, mask: &Mask, shape: Shape) -> Result<Raster> {
        let [red, green, blue] = self.colour;
        let colour = match red == green && green == blue {
            true => &self.colour[..1],
            false => &self.colour,
        };
        let shape = Shape {
            channels: colour.len(),
            ..shape
        };
        let mut light = Raster::black(shape)?;
        let pixels = light.data_mut().chunks_exact_mut(colour.len());
        for (pixel, _) in pixels.zip(mask.painted()).filter(|(_, painted)| **painted) {
            pixel.copy_from_slice(colour);
        }
        if self.blur > 1 {
            box_blur(&mut light, self.blur);
        }
        Ok(light)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn streaks_end_inside() {
        let options = json!({ "rain_type": "heavy", "blur_value": 1, "brightness_coefficient": 1 });
        let rain = DEFINITION
            .build(options.as_object().expect("options"))
            .expect("rain");
        let shape = Shape {
            width: 40,
            height: 24,
            channels: 3,
        };
        let record = Drawn::nothing()
            .number("drop_length", 3.0)
            .number("slant", 0.0);
        let drops = record.clone().numbers("rain_drops", vec![2.0, 1.0]);
        let made = rain
            .apply(Raster::black(shape).expect("a picture"), &drops)
            .expect("rain");
        let lit: Vec<usize> = made
            .data()
            .iter()
            .enumerate()
            .filter_map(|(at, &level)| (level == 200 && at % 3 == 0).then_some(at / 3))
            .collect();
        assert_eq!(lit, [42, 82, 122, 162]);
        let made = rain.apply(
            Raster::black(shape).expect("a picture"),
            &record.seed("seed", 1),
        );
        let lit = made
            .expect("rain")
            .data()
            .iter()
            .filter(|&&level| level > 0)
            .count();
        assert!((3 * 24..=3 * 4 * 24).contains(&lit), "{lit}");
    }

    #[test]
    fn low_pictures_get_no_streak_and_keep_their_light() {
        let rain = DEFINITION.build(&Default::default()).expect("rain");
        let shape = Shape {
            width: 9,
            height: 2,
            channels: 3,
        };
        let picture = Raster::new(shape, vec![100; 54]).expect("a picture");
        let drawn = rain.draw(shape, &mut Stream::of_field(1));
        assert_eq!(rain.apply(picture.clone(), &drawn), Ok(picture));
    }
}
