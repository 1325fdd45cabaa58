//! Columns as vectors: sequences are put together, and resampled, column by column.

use crate::mnist::{Column, SIDE};
use crate::simd;
use wide::{i16x8, i32x4, u8x16};

/// Two neighbouring columns, their levels interleaved row by row: the shape that one
/// instruction multiplies with two weights and adds up.
pub(super) type Pair = [i16x8; 8];

/// Interleaves two columns. The result is written in place: in wasm, returning so much
/// is a call to copy it, which costs more than making it.
#[inline]
pub(super) fn interleave(left: &Column, right: &Column, into: &mut Pair) {
    let [left, right] = [halves(left), halves(right)];
    for (half, four) in into.as_chunks_mut::<4>().0.iter_mut().enumerate() {
        let low = u8x16::unpack_low(left[half], right[half]);
        let high = u8x16::unpack_high(left[half], right[half]);
        *four = [
            widen(u8x16::unpack_low(low, u8x16::ZERO)),
            widen(u8x16::unpack_high(low, u8x16::ZERO)),
            widen(u8x16::unpack_low(high, u8x16::ZERO)),
            widen(u8x16::unpack_high(high, u8x16::ZERO)),
        ];
    }
}

/// Levels with a zero after each, as numbers: all platforms that this runs on are
/// little-endian. (The conversions of `wide` are one by one in wasm.)
#[inline]
fn widen(levels_and_zeros: u8x16) -> i16x8 {
    bytemuck::cast(levels_and_zeros)
}

/// The levels nearest to 32 sums: those below 0 become 0, those above 255 become 255.
#[inline]
pub(super) fn narrow(sums: &[i32x4; 8]) -> Column {
    let [a, b, c, d, e, f, g, h] = *sums;
    bytemuck::cast([simd::narrow([a, b, c, d]), simd::narrow([e, f, g, h])])
}

#[inline]
fn halves(column: &Column) -> [u8x16; 2] {
    let halves = column.as_chunks::<16>().0;
    [u8x16::new(halves[0]), u8x16::new(halves[1])]
}

/// Turns columns into rows, and keeps the memory that it needs on the way.
#[derive(Clone, Debug, Default)]
pub(super) struct Transposer {
    squares: Vec<Square>,
    spare: Square,
}

impl Transposer {
    /// Appends columns as 28 rows of levels, each combined by exclusive or with `flip`.
    pub(super) fn append_rows(&mut self, columns: &[Column], flip: u8, rows: &mut Vec<u8>) {
        let flip = u8x16::splat(flip);
        let width = columns.len();
        let start = rows.len();
        let end = start + SIDE * width;
        // Whole vectors are stored, because in wasm a copy of variable length is a call
        // that costs more than all the rest. The last one of a row runs into the next
        // row, which is written after it. For the same reason no square is cleared.
        rows.resize(end + BLOCK, 0);
        let places = &mut rows[start..];
        self.squares
            .resize(width.div_ceil(BLOCK), Square::default());
        for (half, ys) in [(0, 0..BLOCK), (1, BLOCK..SIDE)] {
            for (square, block) in self.squares.iter_mut().zip(columns.chunks(BLOCK)) {
                for (vector, column) in square.iter_mut().zip(block) {
                    *vector = halves(column)[half] ^ flip;
                }
                transpose(square, &mut self.spare);
            }
            for (line, y) in ys.enumerate() {
                let row = places[y * width..].as_chunks_mut::<BLOCK>().0;
                for (square, place) in self.squares.iter().zip(row) {
                    *place = square[line].to_array();
                }
            }
        }
        rows.truncate(end);
    }
}

/// How many columns are transposed together.
const BLOCK: usize = 16;

/// 16 x 16 levels.
type Square = [u8x16; BLOCK];

/// Transposes a square. Interleaving the first half of its vectors with the second
/// rotates the bits of (vector, position) by one; four times swaps the two.
#[inline]
fn transpose(square: &mut Square, spare: &mut Square) {
    for _ in 0..2 {
        shuffle(square, spare);
        shuffle(spare, square);
    }
}

#[inline]
fn shuffle(from: &Square, to: &mut Square) {
    let (first, second) = from.split_at(8);
    let pairs = first.iter().zip(second);
    for (two, (&first, &second)) in to.as_chunks_mut::<2>().0.iter_mut().zip(pairs) {
        two[0] = u8x16::unpack_low(first, second);
        two[1] = u8x16::unpack_high(first, second);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pair_is_two_columns_row_by_row() {
        let left: Column = std::array::from_fn(|y| y as u8);
        let right: Column = std::array::from_fn(|y| 255 - y as u8);
        let mut pair = [i16x8::ZERO; 8];
        interleave(&left, &right, &mut pair);
        let levels = pair.map(i16x8::to_array).concat();
        for y in 0..32 {
            let expected = [i16::from(left[y]), i16::from(right[y])];
            assert_eq!(levels[2 * y..][..2], expected);
        }
    }

    #[test]
    fn rows_are_the_columns_transposed() {
        let mut transposer = Transposer::default();
        for width in [1, 15, 16, 17, 50] {
            let level = |x: usize, y: usize| (x * 31 + y * 7) as u8;
            let columns: Vec<Column> = (0..width)
                .map(|x| std::array::from_fn(|y| level(x, y)))
                .collect();
            for flip in [0, 255] {
                let mut rows = Vec::new();
                transposer.append_rows(&columns, flip, &mut rows);
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
