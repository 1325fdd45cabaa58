//! How large blurs are: an odd number of pixels.

use crate::augment::Drawn;
use crate::error::{Error, Result};
use crate::parameter::{Field, Kind, Single};
use crate::random::Stream;
use serde_json::{Map, Value};

/// The largest size.
pub(in crate::augment) const MOST: usize = 101;

/// The parameter.
pub(in crate::augment) const LIMIT: Field = Field {
    name: "blur_limit",
    label: "Size",
    help: "The side of the square that a pixel is made from; odd, so that an even limit \
           counts as the next larger one. One number stands for 3 to it.",
    kind: Kind::Range {
        min: 3.0,
        max: MOST as f64,
        step: 2.0,
        whole: true,
        default: Some([3.0, 7.0]),
        unit: "px",
        single: Single::From(3.0),
    },
};

/// The odd sizes of which one is drawn.
#[derive(Clone, Copy, Debug)]
pub(in crate::augment) struct Sizes {
    low: u32,
    high: u32,
}

impl Sizes {
    /// Those that the options ask for.
    pub(in crate::augment) fn new(options: &Map<String, Value>) -> Result<Self> {
        let range = LIMIT.range(options)?.unwrap_or([3.0, 7.0]);
        let [low, high] = range.map(|end| end as u32 | 1);
        Ok(Self { low, high })
    }

    /// Draws one: each is as likely.
    pub(in crate::augment) fn draw(self, stream: &mut Stream) -> f64 {
        let steps = (self.high - self.low) / 2;
        f64::from(self.low + 2 * stream.within(0..=steps))
    }

    /// The size that was drawn.
    pub(in crate::augment) fn of(drawn: &Drawn) -> Result<usize> {
        match drawn.index_of("size", MOST + 1)? {
            even if even.is_multiple_of(2) => {
                let allowed = format!("an odd number from 1 to {MOST}");
                Err(Error::invalid("size", even, allowed))
            }
            odd => Ok(odd),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::Purpose;
    use serde_json::json;

    #[test]
    fn every_odd_size_is_drawn() {
        let options = json!({ "blur_limit": [4, 10] });
        let sizes = Sizes::new(options.as_object().expect("an object")).expect("sizes");
        let mut stream = Stream::new(1, 0, Purpose::Augment);
        let mut counts = [0; 16];
        for _ in 0..4000 {
            counts[sizes.draw(&mut stream) as usize] += 1;
        }
        for (size, count) in counts.into_iter().enumerate() {
            let expected = if [5, 7, 9, 11].contains(&size) {
                900..1100
            } else {
                0..1
            };
            assert!(expected.contains(&count), "{size}: {count}");
        }
    }
}
