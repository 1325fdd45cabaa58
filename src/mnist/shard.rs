//! A shard: up to a few hundred samples of one digit of one split.
//!
//! The file is two IDX arrays one after the other, so that any IDX reader can open
//! it: the samples' positions in the original file (32-bit integers, shape `n`),
//! then their pictures (unsigned bytes, shape `n x 28 x 28`).

use super::{Column, PIXELS, SIDE};
use std::ops::Range;

const POSITIONS_HEADER: usize = 8;
const PICTURES_HEADER: usize = 16;
const HEADERS: usize = POSITIONS_HEADER + PICTURES_HEADER;
const PER_SAMPLE: usize = 4 + PIXELS;

/// Bytes of a shard of `count` samples, unpacked.
pub(super) fn size(count: usize) -> usize {
    HEADERS + count * PER_SAMPLE
}

/// Writes a shard from the samples' positions in the original file and their pictures.
pub(super) fn write<'a>(
    samples: impl ExactSizeIterator<Item = (u32, &'a [u8])> + Clone,
) -> Vec<u8> {
    let count = samples.len() as u32;
    let side = SIDE as u32;
    let mut bytes = Vec::with_capacity(size(samples.len()));
    bytes.extend([0, 0, 0x0c, 1]);
    bytes.extend(count.to_be_bytes());
    for (position, _) in samples.clone() {
        bytes.extend(position.to_be_bytes());
    }
    bytes.extend([0, 0, 0x08, 3]);
    for dimension in [count, side, side] {
        bytes.extend(dimension.to_be_bytes());
    }
    for (_, picture) in samples {
        bytes.extend(picture);
    }
    bytes
}

/// The samples of one shard, ready to be drawn: each picture by columns, because
/// sequences are put together column by column.
#[derive(Clone, Debug)]
pub(super) struct Shard {
    positions: Vec<u32>,
    columns: Vec<Column>,
    ink: Vec<Range<u8>>,
}

impl Shard {
    /// Reads a shard that must hold `count` samples. The error says what differs.
    pub(super) fn read(bytes: &[u8], count: usize) -> Result<Self, String> {
        if bytes.len() != size(count) {
            return Err(format!(
                "it has {} bytes unpacked, {} were expected",
                bytes.len(),
                size(count)
            ));
        }
        let be_count = (count as u32).to_be_bytes();
        let side = (SIDE as u32).to_be_bytes();
        let (positions, pictures) = bytes.split_at(POSITIONS_HEADER + 4 * count);
        let positions_header = [[0, 0, 0x0c, 1], be_count].concat();
        let pictures_header = [[0, 0, 0x08, 3], be_count, side, side].concat();
        if !positions.starts_with(&positions_header) || !pictures.starts_with(&pictures_header) {
            return Err("its headers are not those of a shard".into());
        }
        let positions = positions[POSITIONS_HEADER..]
            .chunks_exact(4)
            .map(|b| u32::from_be_bytes([b[0], b[1], b[2], b[3]]))
            .collect();
        let mut columns = Vec::with_capacity(count * SIDE);
        let mut ink = Vec::with_capacity(count);
        for picture in pictures[PICTURES_HEADER..].chunks_exact(PIXELS) {
            columns.extend(columns_of(picture));
            ink.push(ink_columns(picture));
        }
        Ok(Self {
            positions,
            columns,
            ink,
        })
    }

    pub(super) fn position(&self, offset: usize) -> u32 {
        self.positions[offset]
    }

    pub(super) fn columns(&self, offset: usize) -> &[Column] {
        &self.columns[offset * SIDE..][..SIDE]
    }

    pub(super) fn ink(&self, offset: usize) -> Range<usize> {
        let ink = &self.ink[offset];
        usize::from(ink.start)..usize::from(ink.end)
    }
}

/// The columns of a picture that is given row by row.
pub(crate) fn columns_of(picture: &[u8]) -> impl Iterator<Item = Column> {
    (0..SIDE).map(move |x| {
        let mut column = Column::default();
        for (level, row) in column.iter_mut().zip(picture.chunks_exact(SIDE)) {
            *level = row[x];
        }
        column
    })
}

/// The columns from the first to the last with ink; all of them when there is none.
pub(crate) fn ink_columns(picture: &[u8]) -> Range<u8> {
    let inked = |x: &usize| (0..SIDE).any(|y| picture[y * SIDE + x] > 0);
    match ((0..SIDE).find(inked), (0..SIDE).rev().find(inked)) {
        (Some(first), Some(last)) => first as u8..last as u8 + 1,
        _ => 0..SIDE as u8,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn picture(inked: &[(usize, usize)]) -> Vec<u8> {
        let mut picture = vec![0; PIXELS];
        for &(x, y) in inked {
            picture[y * SIDE + x] = 255;
        }
        picture
    }

    #[test]
    fn what_is_written_is_read_back_by_columns() {
        let pictures = [picture(&[(3, 0), (9, 27)]), picture(&[])];
        let bytes = write([(7, &pictures[0][..]), (70_000, &pictures[1][..])].into_iter());
        assert_eq!(bytes.len(), size(2));
        let shard = Shard::read(&bytes, 2).unwrap();
        assert_eq!((shard.position(0), shard.position(1)), (7, 70_000));
        assert_eq!(shard.ink(0), 3..10);
        assert_eq!(shard.ink(1), 0..SIDE);
        assert_eq!(shard.columns(0)[3][0], 255);
        assert_eq!(shard.columns(0)[9][27], 255);
    }

    #[test]
    fn other_sizes_and_headers_are_refused() {
        let picture = picture(&[(1, 1)]);
        let bytes = write([(0, &picture[..])].into_iter());
        assert!(Shard::read(&bytes, 2).unwrap_err().contains("expected"));
        assert!(Shard::read(&[], 1).is_err());
        for at in [2, 7, 12 + 3, 12 + 7, 12 + 11] {
            let mut broken = bytes.clone();
            broken[at] ^= 1;
            assert!(
                Shard::read(&broken, 1).unwrap_err().contains("headers"),
                "{at}"
            );
        }
    }
}
