//! JPEG files of quality 100 from levels and their colours.
//!
//! Baseline, three components without subsampling, every quantiser 1, and the example Huffman tables of the standard
//! (ITU-T T.81, annex K), as usual encoders have them. Faster than those on frames: colours are converted once for each
//! of the 256 levels and not for each pixel, and the cosine transform (Arai, Agui and Nakajima) takes eight columns at a
//! time.

use super::colormap::Table;
use super::frame::LONGEST_SIDE;
use crate::error::{Error, Result};
use wide::f32x8;

/// Luminance and colour differences of each level, around 0.
type Components = [[f32; 256]; 3];

/// A coefficient's bits and how many they are, ready to be written.
#[derive(Clone, Copy, Debug, Default)]
struct Code {
    bits: u32,
    length: u32,
}

/// The numbers of codes of each length from 1 up, and what they stand for.
struct Huffman {
    class: u8,
    counts: [u8; 16],
    symbols: &'static [u8],
}

const SIZES: [u8; 12] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11];

const HUFFMAN: [Huffman; 4] = [
    Huffman {
        class: 0x00,
        counts: [0, 1, 5, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0],
        symbols: &SIZES,
    },
    Huffman {
        class: 0x10,
        counts: [0, 2, 1, 3, 3, 2, 4, 3, 5, 5, 4, 4, 0, 0, 1, 125],
        symbols: &LUMINANCE,
    },
    Huffman {
        class: 0x01,
        counts: [0, 3, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0],
        symbols: &SIZES,
    },
    Huffman {
        class: 0x11,
        counts: [0, 2, 1, 2, 4, 4, 3, 4, 7, 5, 4, 4, 0, 1, 2, 119],
        symbols: &COLOUR,
    },
];

const LUMINANCE: [u8; 162] = [
    0x01, 0x02, 0x03, 0x00, 0x04, 0x11, 0x05, 0x12, 0x21, 0x31, 0x41, 0x06, 0x13, 0x51, 0x61, 0x07,
    0x22, 0x71, 0x14, 0x32, 0x81, 0x91, 0xa1, 0x08, 0x23, 0x42, 0xb1, 0xc1, 0x15, 0x52, 0xd1, 0xf0,
    0x24, 0x33, 0x62, 0x72, 0x82, 0x09, 0x0a, 0x16, 0x17, 0x18, 0x19, 0x1a, 0x25, 0x26, 0x27, 0x28,
    0x29, 0x2a, 0x34, 0x35, 0x36, 0x37, 0x38, 0x39, 0x3a, 0x43, 0x44, 0x45, 0x46, 0x47, 0x48, 0x49,
    0x4a, 0x53, 0x54, 0x55, 0x56, 0x57, 0x58, 0x59, 0x5a, 0x63, 0x64, 0x65, 0x66, 0x67, 0x68, 0x69,
    0x6a, 0x73, 0x74, 0x75, 0x76, 0x77, 0x78, 0x79, 0x7a, 0x83, 0x84, 0x85, 0x86, 0x87, 0x88, 0x89,
    0x8a, 0x92, 0x93, 0x94, 0x95, 0x96, 0x97, 0x98, 0x99, 0x9a, 0xa2, 0xa3, 0xa4, 0xa5, 0xa6, 0xa7,
    0xa8, 0xa9, 0xaa, 0xb2, 0xb3, 0xb4, 0xb5, 0xb6, 0xb7, 0xb8, 0xb9, 0xba, 0xc2, 0xc3, 0xc4, 0xc5,
    0xc6, 0xc7, 0xc8, 0xc9, 0xca, 0xd2, 0xd3, 0xd4, 0xd5, 0xd6, 0xd7, 0xd8, 0xd9, 0xda, 0xe1, 0xe2,
    0xe3, 0xe4, 0xe5, 0xe6, 0xe7, 0xe8, 0xe9, 0xea, 0xf1, 0xf2, 0xf3, 0xf4, 0xf5, 0xf6, 0xf7, 0xf8,
    0xf9, 0xfa,
];

const COLOUR: [u8; 162] = [
    0x00, 0x01, 0x02, 0x03, 0x11, 0x04, 0x05, 0x21, 0x31, 0x06, 0x12, 0x41, 0x51, 0x07, 0x61, 0x71,
    0x13, 0x22, 0x32, 0x81, 0x08, 0x14, 0x42, 0x91, 0xa1, 0xb1, 0xc1, 0x09, 0x23, 0x33, 0x52, 0xf0,
    0x15, 0x62, 0x72, 0xd1, 0x0a, 0x16, 0x24, 0x34, 0xe1, 0x25, 0xf1, 0x17, 0x18, 0x19, 0x1a, 0x26,
    0x27, 0x28, 0x29, 0x2a, 0x35, 0x36, 0x37, 0x38, 0x39, 0x3a, 0x43, 0x44, 0x45, 0x46, 0x47, 0x48,
    0x49, 0x4a, 0x53, 0x54, 0x55, 0x56, 0x57, 0x58, 0x59, 0x5a, 0x63, 0x64, 0x65, 0x66, 0x67, 0x68,
    0x69, 0x6a, 0x73, 0x74, 0x75, 0x76, 0x77, 0x78, 0x79, 0x7a, 0x82, 0x83, 0x84, 0x85, 0x86, 0x87,
    0x88, 0x89, 0x8a, 0x92, 0x93, 0x94, 0x95, 0x96, 0x97, 0x98, 0x99, 0x9a, 0xa2, 0xa3, 0xa4, 0xa5,
    0xa6, 0xa7, 0xa8, 0xa9, 0xaa, 0xb2, 0xb3, 0xb4, 0xb5, 0xb6, 0xb7, 0xb8, 0xb9, 0xba, 0xc2, 0xc3,
    0xc4, 0xc5, 0xc6, 0xc7, 0xc8, 0xc9, 0xca, 0xd2, 0xd3, 0xd4, 0xd5, 0xd6, 0xd7, 0xd8, 0xd9, 0xda,
    0xe2, 0xe3, 0xe4, 0xe5, 0xe6, 0xe7, 0xe8, 0xe9, 0xea, 0xf2, 0xf3, 0xf4, 0xf5, 0xf6, 0xf7, 0xf8,
    0xf9, 0xfa,
];

/// The order of coefficients in the file: rows of frequencies, from the top left corner in diagonals.
const ZIGZAG: [u8; 64] = [
    0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5, 12, 19, 26, 33, 40, 48, 41, 34, 27, 20,
    13, 6, 7, 14, 21, 28, 35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51, 58, 59,
    52, 45, 38, 31, 39, 46, 53, 60, 61, 54, 47, 55, 62, 63,
];

/// Sixteen zeros in a row, and the end of a block.
const SIXTEEN_ZEROS: usize = 0xf0;
const END: usize = 0x00;

/// Writes a picture.
pub(super) fn encode(levels: &[u8], width: usize, height: usize, table: &Table) -> Result<Vec<u8>> {
    if width.max(height) > LONGEST_SIDE {
        return Err(Error::LimitExceeded {
            field: "frame".into(),
            value: format!("{width} x {height} pixels"),
            allowed: format!("{LONGEST_SIDE} pixels per side in a JPEG file"),
        });
    }
    // What these pictures take, so that the file seldom grows.
    let mut file = Vec::with_capacity(2 * levels.len() + 1024);
    head(&mut file, width, height);
    let components = components(table);
    let codes: [Vec<Code>; 4] = std::array::from_fn(|at| codes(&HUFFMAN[at]));
    let order = ZIGZAG.map(|at| at % 8 * 8 + at / 8);
    let scales = scales();
    let mut bits = Bits::new(file);
    let mut last = [0; 3];
    let mut block = [0; 64];
    for top in (0..height).step_by(8) {
        for left in (0..width).step_by(8) {
            gather(levels, width, height, left, top, &mut block);
            for (component, values) in components.iter().enumerate() {
                let coefficients = transform(&block, values, &scales);
                let kind = 2 * usize::from(component > 0);
                write_block(
                    &mut bits,
                    &coefficients,
                    &order,
                    &mut last[component],
                    &codes[kind],
                    &codes[kind + 1],
                );
            }
        }
    }
    let mut file = bits.finish();
    file.extend_from_slice(&[0xff, 0xd9]);
    Ok(file)
}

/// All that stands before the coefficients.
fn head(file: &mut Vec<u8>, width: usize, height: usize) {
    file.extend_from_slice(&[0xff, 0xd8]);
    segment(file, 0xe0, b"JFIF\0\x01\x01\0\0\x01\0\x01\0\0");
    let mut quantisers = [1; 65];
    quantisers[0] = 0;
    segment(file, 0xdb, &quantisers);
    let [high, low] = (height as u16).to_be_bytes();
    let [wide_high, wide_low] = (width as u16).to_be_bytes();
    let mut frame = vec![8, high, low, wide_high, wide_low, 3];
    for component in 1..=3 {
        frame.extend_from_slice(&[component, 0x11, 0]);
    }
    segment(file, 0xc0, &frame);
    for huffman in &HUFFMAN {
        let mut content = vec![huffman.class];
        content.extend_from_slice(&huffman.counts);
        content.extend_from_slice(huffman.symbols);
        segment(file, 0xc4, &content);
    }
    segment(file, 0xda, &[3, 1, 0x00, 2, 0x11, 3, 0x11, 0, 63, 0]);
}

fn segment(file: &mut Vec<u8>, marker: u8, content: &[u8]) {
    file.extend_from_slice(&[0xff, marker]);
    file.extend_from_slice(&(content.len() as u16 + 2).to_be_bytes());
    file.extend_from_slice(content);
}

fn components(table: &Table) -> Components {
    let mut components = [[0.0; 256]; 3];
    for (level, &colour) in table.iter().enumerate() {
        let [red, green, blue] = colour.map(f32::from);
        components[0][level] = 0.299 * red + 0.587 * green + 0.114 * blue - 128.0;
        components[1][level] = -0.168_735_9 * red - 0.331_264_1 * green + 0.5 * blue;
        components[2][level] = 0.5 * red - 0.418_687_6 * green - 0.081_312_4 * blue;
    }
    components
}

/// The code of each symbol.
fn codes(huffman: &Huffman) -> Vec<Code> {
    let mut codes = vec![Code::default(); 256];
    let mut symbols = huffman.symbols.iter();
    let mut bits = 0;
    for (length, &count) in (1..).zip(&huffman.counts) {
        for symbol in symbols.by_ref().take(count.into()) {
            codes[usize::from(*symbol)] = Code { bits, length };
            bits += 1;
        }
        bits <<= 1;
    }
    codes
}

/// The levels of a block; beyond the edges, those at the edge.
fn gather(
    levels: &[u8],
    width: usize,
    height: usize,
    left: usize,
    top: usize,
    block: &mut [u8; 64],
) {
    for (y, row) in block.as_chunks_mut::<8>().0.iter_mut().enumerate() {
        let line = &levels[(top + y).min(height - 1) * width..][..width];
        if let Some(eight) = line.get(left..left + 8) {
            row.copy_from_slice(eight);
        } else {
            for (x, level) in row.iter_mut().enumerate() {
                *level = line[(left + x).min(width - 1)];
            }
        }
    }
}

/// What the transform leaves to be multiplied, by horizontal, then vertical frequency.
fn scales() -> [f32x8; 8] {
    let scale = |frequency: usize| match frequency {
        0 => 1.0,
        _ => libm::cos(frequency as f64 * std::f64::consts::PI / 16.0) * std::f64::consts::SQRT_2,
    };
    std::array::from_fn(|across| {
        f32x8::from(std::array::from_fn::<_, 8, _>(|down| {
            (0.125 / (scale(across) * scale(down))) as f32
        }))
    })
}

/// The coefficients of a component, by horizontal, then vertical frequency.
fn transform(block: &[u8; 64], values: &[f32; 256], scales: &[f32x8; 8]) -> [i32; 64] {
    let rows = block.as_chunks::<8>().0;
    let mut lines: [f32x8; 8] =
        std::array::from_fn(|y| f32x8::from(rows[y].map(|level| values[usize::from(level)])));
    cosines(&mut lines);
    let mut lines = f32x8::transpose(lines);
    cosines(&mut lines);
    let mut coefficients = [0; 64];
    for ((eight, line), scale) in coefficients
        .as_chunks_mut::<8>()
        .0
        .iter_mut()
        .zip(lines)
        .zip(scales)
    {
        *eight = (line * *scale).round_int().to_array();
    }
    coefficients
}

/// Eight transforms of eight values side by side, up to [`scales`].
#[inline(always)]
fn cosines(v: &mut [f32x8; 8]) {
    let half = f32x8::splat(std::f32::consts::FRAC_1_SQRT_2);
    let [s0, s1, s2, s3] = [v[0] + v[7], v[1] + v[6], v[2] + v[5], v[3] + v[4]];
    let [d0, d1, d2, d3] = [v[0] - v[7], v[1] - v[6], v[2] - v[5], v[3] - v[4]];

    let [outer, inner] = [s0 + s3, s1 + s2];
    let [outer_difference, inner_difference] = [s0 - s3, s1 - s2];
    let turned = (inner_difference + outer_difference) * half;
    v[0] = outer + inner;
    v[4] = outer - inner;
    v[2] = outer_difference + turned;
    v[6] = outer_difference - turned;

    let [low, middle, high] = [d3 + d2, d2 + d1, d1 + d0];
    let shared = (low - high) * f32x8::splat(0.382_683_43);
    let low = low * f32x8::splat(0.541_196_1) + shared;
    let high = high * f32x8::splat(1.306_563) + shared;
    let middle = middle * half;
    let [plus, minus] = [d0 + middle, d0 - middle];
    v[5] = minus + low;
    v[3] = minus - low;
    v[1] = plus + high;
    v[7] = plus - high;
}

fn write_block(
    bits: &mut Bits,
    coefficients: &[i32; 64],
    order: &[u8; 64],
    last: &mut i32,
    first: &[Code],
    others: &[Code],
) {
    let mean = coefficients[0].clamp(-1024, 1023);
    bits.write(number(mean - *last, 0, first));
    *last = mean;
    let mut zeros = 0;
    for &at in &order[1..] {
        let value = coefficients[usize::from(at & 63)];
        if value == 0 {
            zeros += 1;
            continue;
        }
        while zeros > 15 {
            bits.write(others[SIXTEEN_ZEROS]);
            zeros -= 16;
        }
        bits.write(number(value.clamp(-1023, 1023), zeros, others));
        zeros = 0;
    }
    if zeros > 0 {
        bits.write(others[END]);
    }
}

/// A coefficient after so many zeros: the code of both, then as many bits as its size says.
#[inline(always)]
fn number(value: i32, zeros: usize, codes: &[Code]) -> Code {
    let size = 32 - value.unsigned_abs().leading_zeros();
    let code = codes[(zeros << 4 | size as usize) & 255];
    // Of negative numbers, one less in two's complement.
    let low = (value + (value >> 31)) as u32 & ((1 << size) - 1);
    Code {
        bits: code.bits << size | low,
        length: code.length + size,
    }
}

/// Bits on their way into the file.
struct Bits {
    file: Vec<u8>,
    waiting: u64,
    count: u32,
}

impl Bits {
    fn new(file: Vec<u8>) -> Self {
        Self {
            file,
            waiting: 0,
            count: 0,
        }
    }

    #[inline(always)]
    fn write(&mut self, code: Code) {
        self.waiting = self.waiting << code.length | u64::from(code.bits);
        self.count += code.length;
        if self.count >= 32 {
            self.count -= 32;
            self.put((self.waiting >> self.count) as u32);
        }
    }

    #[inline(always)]
    fn put(&mut self, word: u32) {
        let bytes = word.to_be_bytes();
        // The highest bit of each byte that has all bits set.
        if ((word & 0x7f7f_7f7f) + 0x0101_0101) & word & 0x8080_8080 == 0 {
            self.file.extend_from_slice(&bytes);
        } else {
            bytes.into_iter().for_each(|byte| self.put_byte(byte));
        }
    }

    /// A byte of all ones would begin a marker, unless a zero follows.
    fn put_byte(&mut self, byte: u8) {
        self.file.push(byte);
        if byte == 0xff {
            self.file.push(0);
        }
    }

    /// Fills the last byte with ones.
    fn finish(mut self) -> Vec<u8> {
        let missing = (8 - self.count % 8) % 8;
        self.write(Code {
            bits: (1 << missing) - 1,
            length: missing,
        });
        while self.count > 0 {
            self.count -= 8;
            self.put_byte((self.waiting >> self.count) as u8);
        }
        self.file
    }
}
