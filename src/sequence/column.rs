//! Columns as vectors: sequences are put together, and resampled, column by column.

use crate::mnist::{Column, SIDE};
use wide::{i16x8, i32x8, u8x16};

/// A column of 32 grey levels, of which the first 28 are rows.
pub(super) type Levels = [u8x16; 2];

/// A column of 32 numbers that weights can be applied to.
pub(super) type Numbers = [i32x8; 4];

/// No ink.
pub(super) const BLANK: Numbers = [i32x8::ZERO; 4];

/// Turns grey levels into numbers.
pub(super) fn widen(column: &Column) -> Numbers {
    let halves = column.as_chunks::<16>().0;
    let (upper, lower) = (u8x16::new(halves[0]), u8x16::new(halves[1]));
    [
        i32x8::from_i16x8(i16x8::from_u8x16_low(upper)),
        i32x8::from_i16x8(i16x8::from_u8x16_high(upper)),
        i32x8::from_i16x8(i16x8::from_u8x16_low(lower)),
        i32x8::from_i16x8(i16x8::from_u8x16_high(lower)),
    ]
}

/// Turns numbers into grey levels; those below 0 become 0, those above 255 become 255.
pub(super) fn narrow(column: &Numbers) -> Levels {
    let half = |a: i32x8, b: i32x8| {
        u8x16::narrow_i16x8(i16x8::from_i32x8_saturate(a), i16x8::from_i32x8_saturate(b))
    };
    [half(column[0], column[1]), half(column[2], column[3])]
}

/// Writes columns as 28 rows, with every level combined by exclusive or with `flip`.
pub(super) fn to_rows(columns: &[Levels], flip: u8) -> Vec<u8> {
    const BLOCK: usize = 16;
    let width = columns.len();
    let flip = u8x16::splat(flip);
    // Whole vectors are stored, because in wasm a copy of variable length is a call
    // that costs more than all the rest. The last one of a row runs into the next
    // row, which is written after it.
    let mut rows = vec![0; SIDE * width + BLOCK];
    let mut squares = Vec::with_capacity(width.div_ceil(BLOCK));
    for (half, ys) in [(0, 0..BLOCK), (1, BLOCK..SIDE)] {
        squares.clear();
        squares.extend(columns.chunks(BLOCK).map(|block| {
            let mut square = [flip; BLOCK];
            for (vector, column) in square.iter_mut().zip(block) {
                *vector ^= column[half];
            }
            transpose(square)
        }));
        for (line, y) in ys.enumerate() {
            for (square, x) in squares.iter().zip((0..).step_by(BLOCK)) {
                if let Some(place) = rows[y * width + x..].first_chunk_mut() {
                    *place = square[line].to_array();
                }
            }
        }
    }
    rows.truncate(SIDE * width);
    rows
}

/// Transposes 16 x 16 bytes. Interleaving the first half of the vectors with the
/// second rotates the bits of (vector, position) by one; four times swaps the two.
fn transpose(mut square: [u8x16; 16]) -> [u8x16; 16] {
    for _ in 0..4 {
        let mut next = [u8x16::ZERO; 16];
        for at in 0..8 {
            next[2 * at] = u8x16::unpack_low(square[at], square[at + 8]);
            next[2 * at + 1] = u8x16::unpack_high(square[at], square[at + 8]);
        }
        square = next;
    }
    square
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn widening_and_narrowing_give_the_levels_back() {
        let column: Column = std::array::from_fn(|y| (y * 37) as u8);
        let [upper, lower] = narrow(&widen(&column)).map(u8x16::to_array);
        assert_eq!([upper, lower].concat(), column);
    }

    #[test]
    fn narrowing_clips() {
        let numbers = [-70_000, -1, 0, 255, 256, 32_768, 70_000, i32::MAX];
        let levels = narrow(&[i32x8::new(numbers); 4])[0].to_array();
        assert_eq!(levels[..8], [0, 0, 0, 255, 255, 255, 255, 255]);
    }

    #[test]
    fn rows_are_the_columns_transposed() {
        for width in [1, 15, 16, 17, 50] {
            let level = |x: usize, y: usize| (x * 31 + y * 7) as u8;
            let columns: Vec<Levels> = (0..width)
                .map(|x| {
                    let rows = |first: usize| std::array::from_fn(|y| level(x, first + y));
                    [u8x16::new(rows(0)), u8x16::new(rows(16))]
                })
                .collect();
            for flip in [0, 255] {
                let rows = to_rows(&columns, flip);
                assert_eq!(rows.len(), SIDE * width);
                for y in 0..SIDE {
                    for x in 0..width {
                        assert_eq!(rows[y * width + x], level(x, y) ^ flip, "{width} {x} {y}");
                    }
                }
            }
        }
    }
}
