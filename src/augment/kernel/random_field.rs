//! Random fields, four blocks of ChaCha at a time: fast, and the same on every platform.
//!
//! The key is the first eight words of the stream that the drawn seed names. Blocks are
//! those of ChaCha with 8 rounds, nonce 0, counted from 0. Lane `l` of vector `v` of
//! group `g` is word `v` of block `4 g + l`.

use crate::random::Stream;
use crate::simd;
use bytemuck::cast;
use wide::{f32x4, i32x4, u32x4};

/// How many words are made at once.
pub(crate) const GROUP: usize = 64;

/// Groups of random words.
#[derive(Debug)]
pub(crate) struct RandomField {
    key: [u32; 8],
    counter: u64,
    group: [u32x4; 16],
    /// How many words of the group were given away by [`word`](Self::word).
    used: usize,
}

#[inline(always)]
fn quarter(state: &mut [u32x4; 16], [a, b, c, d]: [usize; 4]) {
    let rotate = |x: u32x4, by: u32| (x << by) | (x >> (32 - by));
    state[a] += state[b];
    state[d] = simd::rotate_16(state[d] ^ state[a]);
    state[c] += state[d];
    state[b] = rotate(state[b] ^ state[c], 12);
    state[a] += state[b];
    state[d] = simd::rotate_8(state[d] ^ state[a]);
    state[c] += state[d];
    state[b] = rotate(state[b] ^ state[c], 7);
}

impl RandomField {
    /// The field of a seed.
    pub(crate) fn new(seed: u64) -> Self {
        let mut stream = Stream::of_field(seed);
        Self {
            key: std::array::from_fn(|_| stream.bits()),
            counter: 0,
            group: [u32x4::ZERO; 16],
            used: GROUP,
        }
    }

    #[inline]
    fn next_group(&mut self) {
        let counters: [u64; 4] = std::array::from_fn(|lane| self.counter + lane as u64);
        self.counter += 4;
        let mut start = [u32x4::ZERO; 16];
        // "expand 32-byte k", as ChaCha's specification has it.
        let constants = [0x6170_7865, 0x3320_646e, 0x7962_2d32, 0x6b20_6574];
        for (vector, word) in start.iter_mut().zip(constants.into_iter().chain(self.key)) {
            *vector = u32x4::splat(word);
        }
        start[12] = u32x4::new(counters.map(|counter| counter as u32));
        start[13] = u32x4::new(counters.map(|counter| (counter >> 32) as u32));
        let mut state = start;
        for _ in 0..4 {
            quarter(&mut state, [0, 4, 8, 12]);
            quarter(&mut state, [1, 5, 9, 13]);
            quarter(&mut state, [2, 6, 10, 14]);
            quarter(&mut state, [3, 7, 11, 15]);
            quarter(&mut state, [0, 5, 10, 15]);
            quarter(&mut state, [1, 6, 11, 12]);
            quarter(&mut state, [2, 7, 8, 13]);
            quarter(&mut state, [3, 4, 9, 14]);
        }
        for (vector, (end, start)) in self.group.iter_mut().zip(state.iter().zip(start)) {
            *vector = *end + start;
        }
    }

    /// The next 32 random bits.
    #[inline]
    pub(crate) fn word(&mut self) -> u32 {
        if self.used == GROUP {
            self.next_group();
            self.used = 0;
        }
        let word = self.group[self.used / 4].as_array()[self.used % 4];
        self.used += 1;
        word
    }

    /// Uniform numbers in 0..1, multiples of 2^-24. Groups that are not used up are lost.
    pub(crate) fn uniform(&mut self, numbers: &mut [f32]) {
        for numbers in numbers.chunks_mut(GROUP) {
            self.next_group();
            let made = self.group.map(unit);
            for (number, made) in numbers
                .iter_mut()
                .zip(made.iter().flat_map(|four| four.as_array()))
            {
                *number = *made;
            }
        }
    }

    /// Normal numbers with mean 0 and standard deviation 1, at most 5.77 from 0: the
    /// transformation of Box and Muller, 1958, in `f32`. Vectors `v` and `v + 8` of a
    /// group give radius and angle, and become `r cos` and `r sin` in their places.
    /// Groups that are not used up are lost.
    pub(crate) fn normal(&mut self, numbers: &mut [f32]) {
        let (groups, rest) = numbers.as_chunks_mut::<GROUP>();
        for group in groups {
            self.normal_group(group);
        }
        if !rest.is_empty() {
            let mut group = [0.0; GROUP];
            self.normal_group(&mut group);
            rest.copy_from_slice(&group[..rest.len()]);
        }
    }

    #[inline]
    fn normal_group(&mut self, numbers: &mut [f32; GROUP]) {
        self.next_group();
        let (cosines, sines) = numbers.split_at_mut(GROUP / 2);
        let places = cosines
            .as_chunks_mut::<4>()
            .0
            .iter_mut()
            .zip(sines.as_chunks_mut::<4>().0);
        for (at, (cosine, sine)) in places.enumerate() {
            let [x, y] = box_muller(self.group[at], self.group[at + 8]);
            *cosine = x.to_array();
            *sine = y.to_array();
        }
    }
}

/// 24 bits as a number in 0..1.
#[inline(always)]
fn unit(word: u32x4) -> f32x4 {
    let bits: i32x4 = cast(word >> 8);
    f32x4::from_i32x4(bits) * f32x4::splat(1.0 / 16_777_216.0)
}

/// The value of a polynomial, the highest power first.
#[inline(always)]
fn polynomial<const N: usize>(x: f32x4, coefficients: [f32; N]) -> f32x4 {
    let [first, rest @ ..] = coefficients.as_slice() else {
        return f32x4::ZERO;
    };
    rest.iter().fold(f32x4::splat(*first), |sum, &next| {
        sum * x + f32x4::splat(next)
    })
}

#[inline(always)]
fn box_muller(radius: u32x4, angle: u32x4) -> [f32x4; 2] {
    // Never 0, whose logarithm is not a number.
    let u = unit(radius) + f32x4::splat(1.0 / 16_777_216.0);
    let radius = (natural_logarithm(u) * f32x4::splat(-2.0)).sqrt();
    let [cosine, sine] = on_circle(angle);
    [radius * cosine, radius * sine]
}

/// The logarithm of numbers above 0 and up to 1: the polynomial of Cephes' `logf`.
#[inline(always)]
fn natural_logarithm(x: f32x4) -> f32x4 {
    // Split so that the fraction lies within sqrt(1/2) and sqrt(2).
    let bits: i32x4 = cast(x);
    let shifted = bits - i32x4::splat(0x3F35_04F3);
    let exponent = f32x4::from_i32x4(shifted >> 23);
    let fraction: f32x4 = cast((shifted & i32x4::splat(0x007F_FFFF)) + i32x4::splat(0x3F35_04F3));
    let x = fraction - f32x4::ONE;
    let square = x * x;
    let cubic = polynomial(
        x,
        [
            7.037_683_6e-2,
            -1.151_461_e-1,
            1.167_699_9e-1,
            -1.242_014_1e-1,
            1.424_932_3e-1,
            -1.666_805_7e-1,
            2.000_071_5e-1,
            -2.499_999_4e-1,
            3.333_333e-1,
        ],
    ) * x
        * square;
    x - square * f32x4::splat(0.5) + cubic + exponent * f32x4::splat(std::f32::consts::LN_2)
}

/// Cosine and sine of an angle in units of 2^-32 turns, of which 24 bits count.
#[inline(always)]
fn on_circle(angle: u32x4) -> [f32x4; 2] {
    // The two highest bits choose the quarter; the rest is an angle about its middle.
    let quarter: i32x4 = cast(angle >> 30);
    let rest: i32x4 = cast((angle << 2) >> 10);
    let turn = f32x4::from_i32x4(rest) * f32x4::splat(1.0 / 4_194_304.0) - f32x4::splat(0.5);
    let x = turn * f32x4::splat(std::f32::consts::FRAC_PI_2);
    let square = x * x;
    let sine = polynomial(square, [-1.0 / 5040.0, 1.0 / 120.0, -1.0 / 6.0, 1.0]) * x;
    let cosine = polynomial(
        square,
        [1.0 / 40_320.0, -1.0 / 720.0, 1.0 / 24.0, -0.5, 1.0],
    );
    // A quarter turn exchanges the two; a half turn changes both signs.
    let odd: f32x4 = cast(i32x4::ZERO - (quarter & i32x4::ONE));
    let half: u32x4 = cast((quarter >> 1) << 31);
    let signed = |x: f32x4| -> f32x4 { cast(cast::<f32x4, u32x4>(x) ^ half) };
    [
        signed(odd.bitselect(-sine, cosine)),
        signed(odd.bitselect(cosine, sine)),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_are_chacha() {
        use rand_chacha::ChaCha8Rng;
        use rand_chacha::rand_core::{Rng, SeedableRng};
        let mut field = RandomField::new(5);
        let mut key = [0; 32];
        for (bytes, word) in key.as_chunks_mut::<4>().0.iter_mut().zip(field.key) {
            *bytes = word.to_le_bytes();
        }
        let mut rng = ChaCha8Rng::from_seed(key);
        for _ in 0..3 {
            let group: [u32; GROUP] = std::array::from_fn(|_| field.word());
            for block in 0..4 {
                for word in 0..16 {
                    assert_eq!(group[word * 4 + block], rng.next_u32());
                }
            }
        }
    }

    #[test]
    fn normal_numbers_are_normal() {
        let mut numbers = vec![0.0; 1 << 20];
        RandomField::new(9).normal(&mut numbers);
        let count = numbers.len() as f64;
        let moment = |power: i32| {
            numbers
                .iter()
                .map(|&x| f64::from(x).powi(power))
                .sum::<f64>()
                / count
        };
        assert!(moment(1).abs() < 0.004, "{}", moment(1));
        assert!((moment(2) - 1.0).abs() < 0.006, "{}", moment(2));
        assert!(moment(3).abs() < 0.012, "{}", moment(3));
        assert!((moment(4) - 3.0).abs() < 0.04, "{}", moment(4));
        let most = numbers.iter().fold(0.0_f32, |most, x| most.max(x.abs()));
        assert!((4.3..5.8).contains(&most), "{most}");
        // Shares within 1, 2 and 3 deviations.
        for (deviations, share) in [(1.0, 0.682_69), (2.0, 0.954_50), (3.0, 0.997_30)] {
            let inside = numbers.iter().filter(|x| x.abs() < deviations).count();
            let found = inside as f64 / count;
            assert!((found - share).abs() < 0.002, "{deviations}: {found}");
        }
        // Neighbours, and the two of a pair, know nothing of each other.
        for distance in [1, 4, 32, 64] {
            let pairs = numbers.iter().zip(&numbers[distance..]);
            let sum: f64 = pairs.map(|(a, b)| f64::from(a * b)).sum();
            assert!((sum / count).abs() < 0.004, "{distance}");
        }
    }

    #[test]
    fn fields_never_change() {
        let mut numbers = [0.0; 4];
        RandomField::new(1).normal(&mut numbers);
        let mut other = [0.0; 100];
        RandomField::new(1).normal(&mut other);
        assert_eq!(numbers, other[..4]);
    }
}
