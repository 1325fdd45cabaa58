//! Columns as vectors: sequences are put together, and resampled, column by column.

use crate::mnist::{Column, SIDE};
use wide::{i16x8, i32x4, i32x8, u8x16};

/// Two neighbouring columns, their levels interleaved row by row: the shape that one
/// instruction multiplies with two weights and adds up.
pub(super) type Pair = [i16x8; 8];

/// Interleaves two columns.
#[inline]
pub(super) fn pair(left: &Column, right: &Column) -> Pair {
    let [left, right] = [halves(left), halves(right)];
    let quarters = [
        u8x16::unpack_low(left[0], right[0]),
        u8x16::unpack_high(left[0], right[0]),
        u8x16::unpack_low(left[1], right[1]),
        u8x16::unpack_high(left[1], right[1]),
    ];
    let mut pair = [i16x8::ZERO; 8];
    for (two, levels) in pair.as_chunks_mut::<2>().0.iter_mut().zip(quarters) {
        *two = [
            i16x8::from_u8x16_low(levels),
            i16x8::from_u8x16_high(levels),
        ];
    }
    pair
}

/// The levels nearest to 32 sums: those below 0 become 0, those above 255 become 255.
#[inline]
pub(super) fn narrow(sums: &[i32x4; 8]) -> Column {
    let mut column = Column::default();
    let halves = column.as_chunks_mut::<16>().0.iter_mut();
    for (half, sums) in halves.zip(sums.as_chunks::<4>().0) {
        let [a, b]: [i32x8; 2] = bytemuck::cast(*sums);
        let levels =
            u8x16::narrow_i16x8(i16x8::from_i32x8_saturate(a), i16x8::from_i32x8_saturate(b));
        *half = levels.to_array();
    }
    column
}

#[inline]
fn halves(column: &Column) -> [u8x16; 2] {
    let halves = column.as_chunks::<16>().0;
    [u8x16::new(halves[0]), u8x16::new(halves[1])]
}

/// Writes columns as 28 rows, with every level combined by exclusive or with `flip`.
pub(super) fn to_rows(columns: &[Column], flip: u8) -> Vec<u8> {
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
                *vector ^= halves(column)[half];
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
    fn a_pair_is_two_columns_row_by_row() {
        let left: Column = std::array::from_fn(|y| y as u8);
        let right: Column = std::array::from_fn(|y| 255 - y as u8);
        let levels = pair(&left, &right).map(i16x8::to_array).concat();
        for y in 0..32 {
            let expected = [i16::from(left[y]), i16::from(right[y])];
            assert_eq!(levels[2 * y..][..2], expected);
        }
    }

    #[test]
    fn narrowing_clips() {
        let mut sums = [i32x4::ZERO; 8];
        sums[0] = i32x4::new([-70_000, -1, 0, 255]);
        sums[7] = i32x4::new([256, 32_768, 70_000, i32::MAX]);
        let column = narrow(&sums);
        assert_eq!(column[..4], [0, 0, 0, 255]);
        assert_eq!(column[28..], [255; 4]);
    }

    #[test]
    fn rows_are_the_columns_transposed() {
        for width in [1, 15, 16, 17, 50] {
            let level = |x: usize, y: usize| (x * 31 + y * 7) as u8;
            let columns: Vec<Column> = (0..width)
                .map(|x| std::array::from_fn(|y| level(x, y)))
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
