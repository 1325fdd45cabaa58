//! The one place for vector instructions that `wide` has none for in wasm.
//!
//! What is here takes and gives `wide`'s types, does the same on every platform, and
//! is one instruction where there is one.

#[cfg(target_arch = "wasm32")]
use bytemuck::cast;
use wide::{i16x8, i32x4, u8x16, u32x4};

/// Sixteen levels as numbers of 16 bits.
#[inline(always)]
pub(crate) fn spread(levels: u8x16) -> [i16x8; 2] {
    [
        bytemuck::cast(u8x16::unpack_low(levels, u8x16::ZERO)),
        bytemuck::cast(u8x16::unpack_high(levels, u8x16::ZERO)),
    ]
}

/// Numbers of both in turn: one of the first, one of the second, and so on.
#[cfg(target_arch = "wasm32")]
#[inline(always)]
pub(crate) fn pairs(first: i16x8, second: i16x8) -> [i16x8; 2] {
    use core::arch::wasm32::i16x8_shuffle;
    [
        cast(i16x8_shuffle::<0, 8, 1, 9, 2, 10, 3, 11>(
            cast(first),
            cast(second),
        )),
        cast(i16x8_shuffle::<4, 12, 5, 13, 6, 14, 7, 15>(
            cast(first),
            cast(second),
        )),
    ]
}

/// Numbers of both in turn: one of the first, one of the second, and so on.
#[cfg(not(target_arch = "wasm32"))]
#[inline(always)]
pub(crate) fn pairs(first: i16x8, second: i16x8) -> [i16x8; 2] {
    let [a, b] = [first.to_array(), second.to_array()];
    let pairs: [[i16; 2]; 8] = std::array::from_fn(|at| [a[at], b[at]]);
    bytemuck::cast(pairs)
}

/// The upper 16 bits of eight integers.
#[cfg(target_arch = "wasm32")]
#[inline(always)]
pub(crate) fn high_halves([low, high]: [i32x4; 2]) -> i16x8 {
    use core::arch::wasm32::i16x8_shuffle;
    cast(i16x8_shuffle::<1, 3, 5, 7, 9, 11, 13, 15>(
        cast(low),
        cast(high),
    ))
}

/// The upper 16 bits of eight integers.
#[cfg(not(target_arch = "wasm32"))]
#[inline(always)]
pub(crate) fn high_halves(fours: [i32x4; 2]) -> i16x8 {
    halve(fours.map(|four| four >> 16))
}

/// Sixteen levels as numbers.
#[cfg(target_arch = "wasm32")]
#[inline(always)]
pub(crate) fn widen(levels: u8x16) -> [i32x4; 4] {
    use core::arch::wasm32::{
        u16x8_extend_high_u8x16, u16x8_extend_low_u8x16, u32x4_extend_high_u16x8,
        u32x4_extend_low_u16x8,
    };
    let [low, high] = [
        u16x8_extend_low_u8x16(cast(levels)),
        u16x8_extend_high_u8x16(cast(levels)),
    ];
    [
        cast(u32x4_extend_low_u16x8(low)),
        cast(u32x4_extend_high_u16x8(low)),
        cast(u32x4_extend_low_u16x8(high)),
        cast(u32x4_extend_high_u16x8(high)),
    ]
}

/// Sixteen levels as numbers.
#[cfg(not(target_arch = "wasm32"))]
#[inline(always)]
pub(crate) fn widen(levels: u8x16) -> [i32x4; 4] {
    let numbers: [i32; 16] = levels.to_array().map(i32::from);
    bytemuck::cast(numbers)
}

/// Sixteen integers of 16 bits as levels: those below 0 become 0, those above 255 become
/// 255. What integers of more bits become is left open.
#[cfg(target_arch = "wasm32")]
#[inline(always)]
pub(crate) fn narrow(fours: [i32x4; 4]) -> u8x16 {
    use core::arch::wasm32::{i8x16_shuffle, u8x16_narrow_i16x8};
    // The instruction for this is out of reach: the compiler replaces it by clipping,
    // which costs more than the lower halves alone.
    let lower = |a, b| {
        i8x16_shuffle::<0, 1, 4, 5, 8, 9, 12, 13, 16, 17, 20, 21, 24, 25, 28, 29>(cast(a), cast(b))
    };
    let [a, b, c, d] = fours;
    cast(u8x16_narrow_i16x8(lower(a, b), lower(c, d)))
}

/// Sixteen integers of 16 bits as levels: those below 0 become 0, those above 255 become
/// 255. What integers of more bits become is left open.
#[cfg(not(target_arch = "wasm32"))]
#[inline(always)]
pub(crate) fn narrow(fours: [i32x4; 4]) -> u8x16 {
    use wide::i32x8;
    let [low, high]: [i32x8; 2] = bytemuck::cast(fours);
    u8x16::narrow_i16x8(
        i16x8::from_i32x8_saturate(low),
        i16x8::from_i32x8_saturate(high),
    )
}

/// Each number's bits rotated by 16.
#[cfg(target_arch = "wasm32")]
#[inline(always)]
pub(crate) fn rotate_16(x: u32x4) -> u32x4 {
    use core::arch::wasm32::i16x8_shuffle;
    cast(i16x8_shuffle::<1, 0, 3, 2, 5, 4, 7, 6>(cast(x), cast(x)))
}

/// Each number's bits rotated by 16.
#[cfg(not(target_arch = "wasm32"))]
#[inline(always)]
pub(crate) fn rotate_16(x: u32x4) -> u32x4 {
    (x << 16) | (x >> 16)
}

/// Each number's bits rotated to the left by 8.
#[cfg(target_arch = "wasm32")]
#[inline(always)]
pub(crate) fn rotate_8(x: u32x4) -> u32x4 {
    use core::arch::wasm32::i8x16_shuffle;
    cast(i8x16_shuffle::<
        3,
        0,
        1,
        2,
        7,
        4,
        5,
        6,
        11,
        8,
        9,
        10,
        15,
        12,
        13,
        14,
    >(cast(x), cast(x)))
}

/// Each number's bits rotated to the left by 8.
#[cfg(not(target_arch = "wasm32"))]
#[inline(always)]
pub(crate) fn rotate_8(x: u32x4) -> u32x4 {
    (x << 8) | (x >> 24)
}

/// Eight integers, each of which fits into 16 bits.
#[cfg(target_arch = "wasm32")]
#[inline(always)]
pub(crate) fn halve([low, high]: [i32x4; 2]) -> i16x8 {
    use core::arch::wasm32::i16x8_shuffle;
    cast(i16x8_shuffle::<0, 2, 4, 6, 8, 10, 12, 14>(
        cast(low),
        cast(high),
    ))
}

/// Eight integers, each of which fits into 16 bits.
#[cfg(not(target_arch = "wasm32"))]
#[inline(always)]
pub(crate) fn halve(fours: [i32x4; 2]) -> i16x8 {
    i16x8::from_i32x8_saturate(bytemuck::cast(fours))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn widening_keeps_levels_in_order() {
        let levels: [u8; 16] = std::array::from_fn(|at| (at * 17) as u8);
        let widened: [i32; 16] = bytemuck::cast(widen(u8x16::new(levels)));
        assert_eq!(widened, levels.map(i32::from));
    }

    #[test]
    fn rotations_rotate() {
        let numbers = [1, 0x1234_5678, 0x8000_0000, u32::MAX - 5];
        let rotated = |by| numbers.map(|number: u32| number.rotate_left(by));
        assert_eq!(rotate_16(u32x4::new(numbers)).to_array(), rotated(16));
        assert_eq!(rotate_8(u32x4::new(numbers)).to_array(), rotated(8));
    }

    #[test]
    fn narrowing_clips() {
        let levels = narrow([
            i32x4::new([-32_768, -1, 0, 1]),
            i32x4::new([2, 254, 255, 256]),
            i32x4::new([257, 511, 512, 32_767]),
            i32x4::new([-256, 7, -512, 9]),
        ]);
        assert_eq!(
            levels.to_array(),
            [0, 0, 0, 1, 2, 254, 255, 255, 255, 255, 255, 255, 0, 7, 0, 9]
        );
    }
    #[test]
    fn halves_are_in_order() {
        let halves = halve([
            i32x4::new([-32_768, -1, 0, 1]),
            i32x4::new([2, 3, 32_767, -5]),
        ]);
        assert_eq!(halves.to_array(), [-32_768, -1, 0, 1, 2, 3, 32_767, -5]);
    }
}
