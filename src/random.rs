//! Random numbers that stay the same on every platform and in every release.
//!
//! ChaCha with 8 rounds is defined by its specification, not by a library's
//! version, and a stream can be addressed directly: image 999,999 of a data set
//! needs no earlier image. The draws are written here because those of the `rand`
//! crates may change between their versions.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};
use std::ops::RangeInclusive;

/// What a stream is for. Streams of different purpose are independent, so that,
/// for example, switching augmentation on leaves the choice of digits alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// Which samples a sequence shows and how far apart they stand.
    Layout,
    /// Which steps of a pipeline run, and with which parameters.
    Augment,
    /// The noise of one step, pixel by pixel.
    Field,
    /// How a network begins, and in which order and shape it sees its pictures.
    Training,
    /// Which number an item of a data set shows.
    Numbers,
}

impl Purpose {
    /// The last 24 bytes of the key. Never change one: every seed's pixels hang on it.
    fn tag(self) -> &'static [u8; 24] {
        match self {
            Self::Layout => b"digitlab sequence layout",
            Self::Augment => b"digitlab augment picture",
            Self::Field => b"digitlab augment a field",
            Self::Training => b"digitlab train a network",
            Self::Numbers => b"digitlab data set number",
        }
    }
}

/// A stream of random numbers, fixed by a seed, an image index and a purpose.
#[derive(Clone, Debug)]
pub struct Stream(ChaCha8Rng);

impl Stream {
    /// The stream of image `index` under `seed`: the seed (little-endian) and the
    /// purpose are ChaCha's key, the index is its stream number.
    pub fn new(seed: u64, index: u64, purpose: Purpose) -> Self {
        Self::of_part(seed, index, purpose, 0)
    }

    /// The stream of part `part` of image `index`: its digits, say, are augmented each
    /// by one of its own. Part 0 is the image's own stream.
    pub fn of_part(seed: u64, index: u64, purpose: Purpose, part: u32) -> Self {
        let mut key = [0; 32];
        key[..8].copy_from_slice(&seed.to_le_bytes());
        key[8..].copy_from_slice(purpose.tag());
        for (byte, part) in key[28..].iter_mut().zip(part.to_le_bytes()) {
            *byte ^= part;
        }
        let mut rng = ChaCha8Rng::from_seed(key);
        rng.set_stream(index);
        Self(rng)
    }

    /// A stream for the noise of one step, from a seed that was drawn for it.
    pub fn of_field(seed: u64) -> Self {
        Self::new(seed, 0, Purpose::Field)
    }

    /// 32 random bits.
    pub fn bits(&mut self) -> u32 {
        self.0.next_u32()
    }

    /// A seed for [`of_field`](Self::of_field).
    pub fn seed(&mut self) -> u64 {
        self.0.next_u64()
    }

    /// A uniform number in `0.0..1.0`, a multiple of 2^-53.
    pub fn unit(&mut self) -> f64 {
        (self.0.next_u64() >> 11) as f64 * (1.0 / (1_u64 << 53) as f64)
    }

    /// A uniform number between two.
    pub fn between(&mut self, [low, high]: [f64; 2]) -> f64 {
        low + (high - low) * self.unit()
    }

    /// Whether something of probability `p` happens.
    pub fn chance(&mut self, p: f64) -> bool {
        self.unit() < p
    }

    /// A normal number with mean 0 and standard deviation 1: the polar method of
    /// Marsaglia and Bray, 1964, with the logarithm of `libm`, which is the same on
    /// every platform.
    pub fn normal(&mut self) -> f64 {
        loop {
            let [x, y] = [2.0 * self.unit() - 1.0, 2.0 * self.unit() - 1.0];
            let square = x * x + y * y;
            if square > 0.0 && square < 1.0 {
                return x * (-2.0 * libm::log(square) / square).sqrt();
            }
        }
    }

    /// Puts items into a uniformly drawn order: Fisher and Yates.
    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        for end in (1..items.len()).rev() {
            items.swap(end, self.below(end as u32 + 1) as usize);
        }
    }

    /// A uniform integer in `0..bound`. `bound` must not be 0.
    ///
    /// Lemire, "Fast random integer generation in an interval", 2019: exact, and
    /// nearly always a single 32-bit word.
    pub fn below(&mut self, bound: u32) -> u32 {
        debug_assert!(bound > 0);
        let mut product = u64::from(self.0.next_u32()) * u64::from(bound);
        if (product as u32) < bound {
            let threshold = bound.wrapping_neg() % bound;
            while (product as u32) < threshold {
                product = u64::from(self.0.next_u32()) * u64::from(bound);
            }
        }
        (product >> 32) as u32
    }

    /// The same for larger bounds; one that fits into 32 bits draws what [`below`](Self::below) draws.
    pub fn below_u64(&mut self, bound: u64) -> u64 {
        debug_assert!(bound > 0);
        if let Ok(bound) = u32::try_from(bound) {
            return self.below(bound).into();
        }
        let mut product = u128::from(self.0.next_u64()) * u128::from(bound);
        if (product as u64) < bound {
            let threshold = bound.wrapping_neg() % bound;
            while (product as u64) < threshold {
                product = u128::from(self.0.next_u64()) * u128::from(bound);
            }
        }
        (product >> 64) as u64
    }

    /// A uniform integer in `range`, both ends included. The range must not be
    /// empty, nor hold all of `u32`.
    pub fn within(&mut self, range: RangeInclusive<u32>) -> u32 {
        range.start() + self.below(range.end() - range.start() + 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(seed: u64, index: u64) -> Vec<u32> {
        let mut stream = Stream::new(seed, index, Purpose::Layout);
        (0..4).map(|_| stream.below(1 << 31)).collect()
    }

    #[test]
    fn streams_of_other_seeds_and_indices_differ() {
        let base = words(7, 0);
        assert_eq!(base, words(7, 0));
        assert_ne!(base, words(8, 0));
        assert_ne!(base, words(7, 1));
        assert_ne!(base, words(7, u64::MAX));
    }

    #[test]
    fn draws_are_uniform_over_their_range() {
        let mut stream = Stream::new(1, 2, Purpose::Layout);
        let mut seen = [0_u32; 7];
        for _ in 0..70_000 {
            seen[stream.below(7) as usize] += 1;
        }
        // Chi-square with 6 degrees of freedom: above 22.5 in one case of a thousand.
        let chi: f64 = seen
            .iter()
            .map(|&n| (f64::from(n) - 10_000.0).powi(2) / 10_000.0)
            .sum();
        assert!(chi < 22.5, "{seen:?}");
    }

    #[test]
    fn ranges_include_both_ends() {
        let mut stream = Stream::new(3, 0, Purpose::Layout);
        let drawn: Vec<u32> = (0..200).map(|_| stream.within(5..=8)).collect();
        assert_eq!(drawn.iter().min(), Some(&5));
        assert_eq!(drawn.iter().max(), Some(&8));
        assert_eq!(stream.within(4..=4), 4);
    }
}
