//! Single pixels become white or black.

use crate::augment::kernel::random_field::RandomField;
use crate::augment::{Definition, Drawn, Family, Transform};
use crate::error::{Error, Result};
use crate::parameter::{Field, Kind, Single};
use crate::random::Stream;
use crate::raster::{Raster, Shape};

const AMOUNT: Field = Field {
    name: "amount",
    label: "Amount",
    help: "The share of all pixels that change.",
    kind: Kind::Range {
        min: 0.0,
        max: 1.0,
        step: 0.01,
        whole: false,
        default: Some([0.01, 0.06]),
        unit: "",
        single: Single::Refused,
    },
};

const SALT_VS_PEPPER: Field = Field {
    name: "salt_vs_pepper",
    label: "Salt",
    help: "The share of white pixels among those that change.",
    kind: Kind::Range {
        min: 0.0,
        max: 1.0,
        step: 0.05,
        whole: false,
        default: Some([0.4, 0.6]),
        unit: "",
        single: Single::Refused,
    },
};

pub(super) const DEFINITION: Definition = Definition {
    name: "SaltAndPepper",
    family: Family::Noise,
    help: "Makes single pixels white (salt) or black (pepper), exactly as many as the shares say, in all colours at once.",
    p: 0.5,
    fields: &[AMOUNT, SALT_VS_PEPPER],
    build: |options| {
        Ok(Box::new(SaltAndPepper {
            amount: AMOUNT.range(options)?.unwrap_or_default(),
            salt: SALT_VS_PEPPER.range(options)?.unwrap_or_default(),
        }))
    },
};

#[derive(Debug)]
struct SaltAndPepper {
    amount: [f64; 2],
    salt: [f64; 2],
}

impl Transform for SaltAndPepper {
    fn draw(&self, _: Shape, stream: &mut Stream) -> Drawn {
        Drawn::nothing()
            .number("amount", stream.between(self.amount))
            .number("salt", stream.between(self.salt))
            .seed("seed", stream.seed())
    }

    /// Lists `salt_at` and `pepper_at` of pixels, counted row by row, may be given in
    /// place of the seed.
    fn apply(&self, mut picture: Raster, drawn: &Drawn) -> Result<Raster> {
        let Shape {
            width,
            height,
            channels,
        } = picture.shape();
        let area = width * height;
        let mut paint = |at: usize, level: u8| {
            let pixel = &mut picture.data_mut()[at * channels..][..channels];
            for value in pixel.iter_mut().take(3) {
                *value = level;
            }
        };
        if drawn.get("salt_at").is_some() {
            // Salt wins where both are.
            for (name, level) in [("pepper_at", 0), ("salt_at", 255)] {
                for &at in drawn.numbers_of(name)? {
                    if !(0.0..area as f64).contains(&at) {
                        return Err(Error::invalid(
                            name,
                            at,
                            format!("pixels from 0, below {area}"),
                        ));
                    }
                    paint(at as usize, level);
                }
            }
            return Ok(picture);
        }
        let amount = drawn.number_of("amount")?.clamp(0.0, 1.0);
        let share = drawn.number_of("salt")?.clamp(0.0, 1.0);
        let mut wanted = (area as f64 * amount) as usize;
        let mut salt = (wanted as f64 * share) as usize;
        let mut field = RandomField::new(drawn.seed_of("seed")?);
        // Selection sampling: every set of so many pixels is equally likely (Knuth,
        // volume 2, algorithm S).
        let mut among = |wanted: usize, left: usize| {
            (u64::from(field.word()) * left as u64) >> 32 < wanted as u64
        };
        for at in 0..area {
            if wanted == 0 {
                break;
            }
            if among(wanted, area - at) {
                let white = among(salt, wanted);
                paint(at, if white { 255 } else { 0 });
                salt -= usize::from(white);
                wanted -= 1;
            }
        }
        Ok(picture)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_are_exact_and_places_even() {
        let transform = SaltAndPepper {
            amount: [0.1; 2],
            salt: [0.25; 2],
        };
        let shape = Shape {
            width: 100,
            height: 80,
            channels: 1,
        };
        let mut stream = Stream::of_field(1);
        let mut upper = 0;
        for _ in 0..20 {
            let picture = Raster::new(shape, vec![9; shape.len()]).expect("a picture");
            let drawn = transform.draw(shape, &mut stream);
            let made = transform.apply(picture, &drawn).expect("a picture");
            let count = |level: u8| made.data().iter().filter(|&&found| found == level).count();
            assert_eq!([count(255), count(0)], [200, 600]);
            upper += made.data()[..4000]
                .iter()
                .filter(|&&level| level != 9)
                .count();
        }
        assert!((7600..8400).contains(&upper), "{upper} of 16000");
    }
}
