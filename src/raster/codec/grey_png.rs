//! Grey pictures as PNG files, fast: for handwriting, of which most is background.
//!
//! Sources: the PNG specification, third edition, and RFC 1950 and 1951. Rows are not filtered, repeated levels are written
//! as runs, and all of it is one block with a Huffman code of its own. For numbers of handwritten digits this is smaller
//! than what a general compressor finds, in a small part of its time; the bytes are a function of the pixels alone.

use crate::error::{Error, Result};
use crate::raster::Raster;
use simd_adler32::Adler32;

/// Literals, the end of the block, and lengths of runs.
const SYMBOLS: usize = 286;

/// The end of a block.
const END: usize = 256;

/// The longest code of a symbol, and of a code's length.
const LONGEST: usize = 15;
const LONGEST_LENGTH: usize = 7;

/// The longest run that one symbol stands for, and the shortest.
const LONGEST_RUN: usize = 258;
const SHORTEST_RUN: usize = 3;

/// In which order the lengths of the codes of lengths are written.
const ORDER: [usize; 19] = [
    16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15,
];

/// What a run's token is above.
const RUN: u16 = 1 << 15;

/// Appends a picture with one channel as a PNG file.
///
/// # Errors
/// [`Error::InvalidParameter`] for a picture with other channels, [`Error::LimitExceeded`] for one that is larger than a PNG
/// file can be.
pub(crate) fn append_grey_png(picture: &Raster, file: &mut Vec<u8>) -> Result<()> {
    if picture.channels() != 1 {
        let found = picture.channels();
        return Err(Error::invalid("channels", found, "1, which is grey"));
    }
    let too_large = |_| Error::LimitExceeded {
        field: "picture".into(),
        value: format!("{} x {} pixels", picture.width(), picture.height()),
        allowed: format!("{} pixels per side in a PNG file", i32::MAX),
    };
    let side = |side: usize| i32::try_from(side).map(i32::to_be_bytes).map_err(too_large);
    file.extend_from_slice(b"\x89PNG\r\n\x1a\n");
    let (width, height) = (side(picture.width())?, side(picture.height())?);
    let header = [&width[..], &height, &[8, 0, 0, 0, 0]].concat();
    append_chunk(b"IHDR", file, |file| file.extend_from_slice(&header));
    // A row begins with its filter, which is none.
    let mut rows = Vec::with_capacity(picture.data().len() + picture.height());
    for row in picture.data().chunks_exact(picture.width()) {
        rows.push(0);
        rows.extend_from_slice(row);
    }
    append_chunk(b"IDAT", file, |file| append_zlib(&rows, file));
    append_chunk(b"IEND", file, |_| ());
    Ok(())
}

fn append_chunk(name: &[u8; 4], file: &mut Vec<u8>, append: impl FnOnce(&mut Vec<u8>)) {
    let start = file.len();
    file.extend_from_slice(&[0; 4]);
    file.extend_from_slice(name);
    append(file);
    let length = (file.len() - start - 8) as u32;
    file[start..start + 4].copy_from_slice(&length.to_be_bytes());
    let crc = crc32fast::hash(&file[start + 4..]);
    file.extend_from_slice(&crc.to_be_bytes());
}

fn append_zlib(bytes: &[u8], file: &mut Vec<u8>) {
    // Deflate with the largest window, made by the fastest compressor.
    file.extend_from_slice(&[0x78, 0x01]);
    let tokens = tokens(bytes);
    let mut counts = [0; SYMBOLS];
    counts[END] = 1;
    for &token in &tokens {
        counts[symbol(token).0] += 1;
    }
    let mut lengths = [0; SYMBOLS];
    set_lengths(&counts, LONGEST, &mut lengths);
    let codes = codes(&lengths);

    let mut bits = Bits {
        file,
        word: 0,
        filled: 0,
    };
    // The last block, with codes of its own.
    bits.put(0b101, 3);
    put_lengths(&lengths, &mut bits);
    for &token in &tokens {
        let (symbol, extra, extra_bits) = symbol(token);
        let mut code = u64::from(codes[symbol]);
        let mut length = u32::from(lengths[symbol]);
        if symbol > END {
            // The distance is always one, whose code is a single 0.
            code |= u64::from(extra) << length;
            length += extra_bits + 1;
        }
        bits.put(code, length);
    }
    bits.put(codes[END].into(), lengths[END].into());
    bits.finish();
    let mut sum = Adler32::new();
    sum.write(bytes);
    file.extend_from_slice(&sum.finish().to_be_bytes());
}

/// Levels, and above [`RUN`] how often the level before is repeated.
fn tokens(bytes: &[u8]) -> Vec<u16> {
    let mut tokens = Vec::with_capacity(bytes.len() / 2);
    let mut left = bytes;
    while let Some((&level, rest)) = left.split_first() {
        tokens.push(level.into());
        let mut run = repeated(level, rest);
        left = &rest[run..];
        while run >= SHORTEST_RUN {
            let now = run.min(LONGEST_RUN);
            tokens.push(RUN + now as u16);
            run -= now;
        }
        tokens.extend(std::iter::repeat_n(u16::from(level), run));
    }
    tokens
}

/// How many bytes at the beginning are `level`.
fn repeated(level: u8, bytes: &[u8]) -> usize {
    let wanted = u64::from_ne_bytes([level; 8]);
    let (words, rest) = bytes.as_chunks::<8>();
    for (at, word) in words.iter().enumerate() {
        let differing = u64::from_le_bytes(*word) ^ wanted;
        if differing != 0 {
            return 8 * at + differing.trailing_zeros() as usize / 8;
        }
    }
    let same = rest.iter().take_while(|&&byte| byte == level).count();
    8 * words.len() + same
}

/// A token's symbol, the extra bits that follow it, and how many those are.
#[inline]
fn symbol(token: u16) -> (usize, u32, u32) {
    if token < RUN {
        return (token.into(), 0, 0);
    }
    let run = u32::from(token - RUN);
    if run == LONGEST_RUN as u32 {
        return (285, 0, 0);
    }
    // Four symbols for each number of extra bits, from 3 on.
    let past = run - 3;
    if past < 8 {
        return (257 + past as usize, 0, 0);
    }
    let extra = past.ilog2() - 2;
    let group = past >> extra;
    let symbol = 257 + 4 * extra + group;
    (symbol as usize, past & ((1 << extra) - 1), extra)
}

/// The lengths of a Huffman code for symbols that are so frequent, none longer than `longest`. A single symbol gets
/// a code of one bit.
fn set_lengths(counts: &[u32], longest: usize, lengths: &mut [u8]) {
    // In ascending order of frequency; equal ones by symbol, so that there is one order only.
    let mut leaves: Vec<u64> = Vec::with_capacity(counts.len());
    for (symbol, &count) in counts.iter().enumerate().filter(|&(_, &count)| count > 0) {
        leaves.push(u64::from(count) << 16 | symbol as u64);
    }
    leaves.sort_unstable();
    let symbol_of = |leaf: u64| (leaf & 0xffff) as usize;
    if leaves.len() < 2 {
        leaves.iter().for_each(|&leaf| lengths[symbol_of(leaf)] = 1);
        return;
    }
    // Leaves, then the nodes that join two: both are in ascending order, so that the two least are at the fronts.
    let count = leaves.len();
    let mut weights: Vec<u64> = leaves.iter().map(|leaf| leaf >> 16).collect();
    let mut parents = vec![0; 2 * count - 1];
    let (mut leaf, mut node) = (0, count);
    for joined in count..2 * count - 1 {
        let mut take = || {
            let takes_leaf = leaf < count && (node == joined || weights[leaf] <= weights[node]);
            let taken = if takes_leaf { &mut leaf } else { &mut node };
            *taken += 1;
            *taken - 1
        };
        let (first, second) = (take(), take());
        (parents[first], parents[second]) = (joined, joined);
        weights.push(weights[first] + weights[second]);
    }
    // How many leaves are how deep, those too deep counted at the deepest allowed.
    let mut depths = vec![0_usize; 2 * count - 1];
    let mut deep = [0_usize; LONGEST + 1];
    for at in (0..2 * count - 2).rev() {
        depths[at] = depths[parents[at]] + 1;
        if at < count {
            deep[depths[at].min(longest)] += 1;
        }
    }
    // Too deep ones were moved up, where they take more than there is: others move down to make room.
    let taken = |deep: &[usize; LONGEST + 1]| -> usize {
        (1..=longest)
            .map(|depth| deep[depth] << (longest - depth))
            .sum()
    };
    while taken(&deep) > 1 << longest {
        let above = (1..longest).rev().find(|&depth| deep[depth] > 0);
        let above = above.expect("a shorter code, because there are fewer symbols than codes");
        deep[longest] -= 1;
        deep[above] -= 1;
        deep[above + 1] += 2;
    }
    // The rarest get the longest.
    let mut leaves = leaves.into_iter();
    for depth in (1..=longest).rev() {
        for leaf in leaves.by_ref().take(deep[depth]) {
            lengths[symbol_of(leaf)] = depth as u8;
        }
    }
}

/// The canonical code of some lengths, its bits in the order in which they are written.
fn codes(lengths: &[u8]) -> [u16; SYMBOLS] {
    let mut first = [0_u16; LONGEST + 1];
    let mut code = 0;
    for (length, first) in first.iter_mut().enumerate().skip(1) {
        let own = lengths.iter().filter(|&&of| usize::from(of) == length);
        *first = code;
        code = (code + own.count() as u16) << 1;
    }
    let mut codes = [0; SYMBOLS];
    for (code, &length) in codes
        .iter_mut()
        .zip(lengths)
        .filter(|(_, length)| **length > 0)
    {
        let next = &mut first[usize::from(length)];
        *code = next.reverse_bits() >> (16 - length);
        *next += 1;
    }
    codes
}

/// Writes the lengths of all codes: of the symbols, and of the only distance.
fn put_lengths(lengths: &[u8; SYMBOLS], bits: &mut Bits) {
    let used = lengths.iter().rposition(|&length| length > 0);
    let used = used.map_or(END + 1, |last| last + 1);
    let mut all = lengths[..used].to_vec();
    all.push(1);
    // Each with the value of its extra bits, and their number.
    let mut written: Vec<(u8, u8, u8)> = Vec::with_capacity(all.len());
    let mut left = all.as_slice();
    while let Some((&length, rest)) = left.split_first() {
        let same = 1 + rest.iter().take_while(|&&other| other == length).count();
        let taken = match (length, same) {
            (0, 11..) => {
                let taken = same.min(138);
                written.push((18, taken as u8 - 11, 7));
                taken
            }
            (0, 3..) => {
                written.push((17, same as u8 - 3, 3));
                same
            }
            (_, 4..) if length > 0 => {
                let repeated = (same - 1).min(6);
                written.push((length, 0, 0));
                written.push((16, repeated as u8 - 3, 2));
                repeated + 1
            }
            _ => {
                written.push((length, 0, 0));
                1
            }
        };
        left = &left[taken..];
    }
    let mut counts = [0; ORDER.len()];
    written
        .iter()
        .for_each(|&(symbol, _, _)| counts[usize::from(symbol)] += 1);
    let mut lengths = [0; ORDER.len()];
    set_lengths(&counts, LONGEST_LENGTH, &mut lengths);
    let codes = codes(&lengths);
    let last = ORDER.iter().rposition(|&symbol| lengths[symbol] > 0);
    let ordered = last.map_or(4, |last| (last + 1).max(4));
    bits.put((used - 257) as u64, 5);
    bits.put(0, 5);
    bits.put((ordered - 4) as u64, 4);
    for &symbol in &ORDER[..ordered] {
        bits.put(lengths[symbol].into(), 3);
    }
    for (symbol, extra, extra_bits) in written {
        let symbol = usize::from(symbol);
        bits.put(codes[symbol].into(), lengths[symbol].into());
        bits.put(extra.into(), extra_bits.into());
    }
}

/// Bits on their way into bytes, the lowest first.
struct Bits<'a> {
    file: &'a mut Vec<u8>,
    word: u64,
    filled: u32,
}

impl Bits<'_> {
    /// Writes up to 32 bits.
    #[inline]
    fn put(&mut self, bits: u64, count: u32) {
        self.word |= bits << self.filled;
        self.filled += count;
        if self.filled >= 32 {
            self.file
                .extend_from_slice(&(self.word as u32).to_le_bytes());
            self.word >>= 32;
            self.filled -= 32;
        }
    }

    /// Fills the last byte with zeros.
    fn finish(self) {
        let bytes = self.filled.div_ceil(8) as usize;
        self.file
            .extend_from_slice(&self.word.to_le_bytes()[..bytes]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::raster::Shape;

    fn read_back(picture: &Raster) -> usize {
        let mut file = b"before".to_vec();
        append_grey_png(picture, &mut file).unwrap();
        let file = &file[6..];
        // A strict reader: the checksums, too.
        let read = image::load_from_memory_with_format(file, image::ImageFormat::Png);
        let read = read.unwrap_or_else(|error| panic!("{:?}: {error}", picture.shape()));
        assert_eq!(read.color(), image::ColorType::L8);
        assert_eq!(read.as_bytes(), picture.data());
        file.len()
    }

    #[test]
    fn pictures_are_read_back_as_they_were() {
        let mut state = 1_u64;
        let mut dice = move || {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1);
            (state >> 33) as u32
        };
        for (width, height) in [
            (1, 1),
            (1, 28),
            (3, 2),
            (28, 28),
            (168, 28),
            (1000, 28),
            (7168, 28),
        ] {
            let count = width * height;
            let noise: Vec<u8> = (0..count).map(|_| dice() as u8).collect();
            let few: Vec<u8> = (0..count).map(|_| (dice() % 3) as u8 * 100).collect();
            let runs: Vec<u8> = (0..count).map(|at| (at / 300) as u8).collect();
            // Each level half as often as the one before: codes would be longer than is allowed.
            let steep: Vec<u8> = (0..count)
                .map(|_| dice().trailing_zeros() as u8 * 3)
                .collect();
            for levels in [vec![0; count], vec![255; count], noise, few, runs, steep] {
                read_back(&Raster::grey(width, height, levels));
            }
        }
    }

    #[test]
    fn steep_frequencies_keep_codes_short() {
        for longest in [LONGEST_LENGTH, LONGEST] {
            for symbols in [1, 2, 3, 19, 40, SYMBOLS].map(|symbols| symbols.min(1 << longest)) {
                // As Fibonacci's, for which a Huffman code is deepest.
                let mut counts = vec![1_u32; symbols];
                for at in 2..symbols {
                    counts[at] = counts[at - 1].saturating_add(counts[at - 2]).min(1 << 24);
                }
                let mut lengths = vec![0; symbols];
                set_lengths(&counts, longest, &mut lengths);
                assert!(
                    lengths
                        .iter()
                        .all(|&length| (1..=longest).contains(&usize::from(length)))
                );
                let taken: f64 = lengths
                    .iter()
                    .map(|&length| 0.5_f64.powi(length.into()))
                    .sum();
                // All of the code is used, but for a single symbol.
                assert_eq!(taken, if symbols == 1 { 0.5 } else { 1.0 }, "{symbols}");
            }
        }
    }

    #[test]
    fn every_length_of_a_run_has_its_symbol() {
        // From RFC 1951, 3.2.5: the first length of each symbol.
        let firsts = [
            3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99,
            115, 131, 163, 195, 227,
        ];
        for run in SHORTEST_RUN..LONGEST_RUN {
            let (symbol, extra, bits) = symbol(RUN + run as u16);
            let first = firsts[symbol - 257];
            assert_eq!(first + extra as usize, run);
            assert!(extra < 1 << bits, "{run}");
        }
        assert_eq!(symbol(RUN + 258), (285, 0, 0));
    }

    #[test]
    fn what_is_not_grey_is_refused() {
        let shape = Shape {
            width: 2,
            height: 2,
            channels: 3,
        };
        let error = append_grey_png(&Raster::black(shape).unwrap(), &mut Vec::new());
        assert_eq!(
            error.unwrap_err().to_string(),
            "channels is 3; allowed: 1, which is grey."
        );
    }

    // Data sets hang on these bytes: what was made with one version is gone on with by another.
    #[test]
    fn the_bytes_never_change() {
        let levels = (0..28 * 40).map(|at| {
            if at % 40 < 20 {
                0
            } else {
                (at * at % 7 * 36) as u8
            }
        });
        let mut file = Vec::new();
        append_grey_png(&Raster::grey(40, 28, levels.collect()), &mut file).unwrap();
        assert_eq!((file.len(), crc32fast::hash(&file)), (262, 0x26f8_0278));
    }
}
