//! Pictures from outside.

use super::{choice, sentence};
use digitlab::Error;
use digitlab::classify::{self, see};
use digitlab::raster::codec::{self, Decoded, Limits};
use digitlab::raster::{Raster, Shape};

/// Small, so that a search comes far.
const LIMITS: Limits = Limits {
    bytes: 1 << 20,
    pixels: 1 << 20,
};

/// A picture file of any kind.
pub(crate) fn decode(bytes: &[u8]) {
    match codec::decode(bytes, &LIMITS) {
        Ok(Decoded { picture, found }) => {
            let pixels = picture.width() * picture.height();
            assert_eq!(pixels, found.width as usize * found.height as usize);
            assert!(pixels <= LIMITS.pixels);
            assert_eq!(picture.data().len(), pixels * picture.channels());
        }
        Err(error) => {
            let expected = matches!(
                error,
                Error::InvalidFile { .. } | Error::LimitExceeded { .. } | Error::Unsupported { .. }
            );
            assert!(expected, "{error:?}");
            sentence(&error);
        }
    }
}

/// The first byte gives the channels, the second the width, and the pixels are what follows, over and over.
pub(crate) fn read(bytes: &[u8]) {
    let (kind, bytes) = choice(bytes);
    let (width, pixels) = choice(bytes);
    let channels = [1, 3, 4][usize::from(kind) % 3];
    let width = usize::from(width) + 1;
    // The rest of the first byte says how often the pixels are repeated: a short text makes a large picture.
    let repeated = pixels.repeat(1 + usize::from(kind >> 2));
    let height = (repeated.len() / (width * channels)).min(400);
    if height == 0 {
        return;
    }
    let data = repeated[..width * height * channels].to_vec();
    let picture = Raster::new(
        Shape {
            width,
            height,
            channels,
        },
        data,
    )
    .expect("a picture");
    match see(&picture) {
        Ok(seen) => in_range(&seen.digit),
        Err(error) => sentence(&error),
    }
    let mut asked = 0_u8;
    let answered = classify::read(&picture, |digit| {
        in_range(digit);
        // Never the same twice in a row, so that joining pieces is tried both ways.
        asked = asked.wrapping_add(1);
        std::array::from_fn(|class| {
            if class == usize::from(asked % 10) {
                0.91
            } else {
                0.01
            }
        })
    });
    match answered {
        Ok(reading) => assert!(reading.digits.len() < 10_000),
        Err(error) => sentence(&error),
    }
}

/// What a model is shown is ink from none to full, but for what adding up its shares rounds.
fn in_range(digit: &[f32]) {
    let strange = { digit.iter() }.find(|level| !(-1e-5..=1.00001).contains(*level));
    assert!(strange.is_none(), "a level of {strange:?}");
}
