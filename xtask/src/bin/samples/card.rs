//! A test card: what blurs, shifts, bends or discolours shows on it.

use crate::paint::{level, mix, picture, step};
use anyhow::Result;
use digitlab::raster::Raster;

const SIDE: usize = 512;
const WHITE: [u8; 3] = [255; 3];
const BLACK: [u8; 3] = [0; 3];
const GREY: [u8; 3] = [118; 3];
/// White, yellow, cyan, green, magenta, red, blue and black, three quarters bright.
const BARS: [[u8; 3]; 8] = [
    [191, 191, 191],
    [191, 191, 0],
    [0, 191, 191],
    [0, 191, 0],
    [191, 0, 191],
    [191, 0, 0],
    [0, 0, 191],
    [0, 0, 0],
];
/// The periods of the lines, in pixels.
const PERIODS: [usize; 4] = [2, 4, 6, 10];

/// Letters of 5 x 7 places; the highest of five bits is the left one.
const LETTERS: [(char, [u8; 7]); 17] = [
    ('D', [30, 17, 17, 17, 17, 17, 30]),
    ('I', [14, 4, 4, 4, 4, 4, 14]),
    ('G', [14, 17, 16, 23, 17, 17, 14]),
    ('T', [31, 4, 4, 4, 4, 4, 4]),
    ('L', [16, 16, 16, 16, 16, 16, 31]),
    ('A', [14, 17, 17, 31, 17, 17, 17]),
    ('B', [30, 17, 17, 30, 17, 17, 30]),
    ('0', [14, 17, 19, 21, 25, 17, 14]),
    ('1', [4, 12, 4, 4, 4, 4, 14]),
    ('2', [14, 17, 1, 6, 8, 16, 31]),
    ('3', [31, 2, 4, 2, 1, 17, 14]),
    ('4', [2, 6, 10, 18, 31, 2, 2]),
    ('5', [31, 16, 30, 1, 1, 17, 14]),
    ('6', [6, 8, 16, 30, 17, 17, 14]),
    ('7', [31, 1, 2, 4, 8, 8, 8]),
    ('8', [14, 17, 17, 14, 17, 17, 14]),
    ('9', [14, 17, 17, 15, 1, 2, 12]),
];

pub(crate) fn draw() -> Result<Raster> {
    picture(SIDE, SIDE, |x, y| {
        let colour = part(x, y);
        if !(16..496).contains(&x) || !(16..432).contains(&y) {
            return colour;
        }
        // A ring around everything shows how lines bend.
        let middle = SIDE as f64 / 2.0;
        let (dx, dy) = (x as f64 + 0.5 - middle, y as f64 + 0.5 - middle);
        let off = ((dx * dx + dy * dy).sqrt() - 228.0).abs();
        let ring = step(2.0, 1.0, off);
        mix(colour.map(|value| f64::from(value) / 255.0), [1.0; 3], ring).map(level)
    })
}

fn part(x: usize, y: usize) -> [u8; 3] {
    match (x, y) {
        (0..16 | 496.., _) | (_, 0..16 | 496..) => chequered(x, y, 16, BLACK, WHITE),
        (_, 16..104) => BARS[(x - 16) / 60],
        (_, 104..132) => [((x - 16) * 255 / 479) as u8; 3],
        (_, 132..152) => [((x - 16) / 30 * 17) as u8; 3],
        (_, 152..216) => hue((x - 16) as f64 / 480.0, 1.0 - (y - 152) as f64 / 64.0),
        (24..216, 228..420) => zone(x - 24, y - 228),
        (232..360, 228..420) => lines(x - 232, y - 228),
        (376..488, 228..340) => star(x - 376, y - 228),
        (376..488, 352..420) => squares(x - 376, y - 352),
        (_, 432..) => words(x, y - 432),
        _ => GREY,
    }
}

fn chequered(x: usize, y: usize, size: usize, even: [u8; 3], odd: [u8; 3]) -> [u8; 3] {
    if (x / size + y / size).is_multiple_of(2) {
        even
    } else {
        odd
    }
}

/// All hues from left to right, from full colour to grey.
fn hue(turn: f64, full: f64) -> [u8; 3] {
    [0.0, 2.0, 4.0].map(|shift| {
        let place = (turn * 6.0 + 6.0 - shift) % 6.0;
        let ramp = 2.0 - (place - 3.0).abs();
        level(0.5 + full * ((1.0 - ramp.clamp(0.0, 1.0)) - 0.5))
    })
}

/// Rings that become finer, up to the finest that pixels can show.
fn zone(x: usize, y: usize) -> [u8; 3] {
    let (x, y) = (x as f64 - 95.5, y as f64 - 95.5);
    let phase = (x * x + y * y) * std::f64::consts::PI / (2.0 * 96.0);
    [level(0.5 + 0.5 * libm::cos(phase)); 3]
}

/// Upright lines on the left, lying ones on the right.
fn lines(x: usize, y: usize) -> [u8; 3] {
    let period = PERIODS[(y / 48).min(3)];
    let place = if x < 64 { x } else { y % 48 };
    if place % period < period / 2 {
        BLACK
    } else {
        WHITE
    }
}

/// Rays from one point.
fn star(x: usize, y: usize) -> [u8; 3] {
    let (x, y) = (x as f64 - 55.5, y as f64 - 55.5);
    let far = (x * x + y * y).sqrt();
    let wave = libm::sin(18.0 * libm::atan2(y, x));
    let soft = 18.0 / far.max(1.0);
    let rays = step(-soft, soft, wave);
    let grey = f64::from(GREY[0]) / 255.0;
    [level(grey + (rays - grey) * step(55.5, 54.0, far)); 3]
}

/// Chequers of 1, 2, 4 and 8 pixels.
fn squares(x: usize, y: usize) -> [u8; 3] {
    let size = 1 << (x / 28).min(3);
    chequered(x % 28, y, size, BLACK, WHITE)
}

/// The same words in three sizes.
fn words(x: usize, y: usize) -> [u8; 3] {
    let (text, scale, left, top) = match y {
        4..32 => ("DIGITLAB 012345", 4, 76, 4),
        36..50 => ("0123456789 DIGITLAB 0123456789", 2, 76, 36),
        54..61 => (
            "0123456789 DIGITLAB 0123456789 DIGITLAB 0123456789 DIGITLAB",
            1,
            76,
            54,
        ),
        _ => return WHITE,
    };
    let Some(along) = x.checked_sub(left) else {
        return WHITE;
    };
    let (along, down) = (along / scale, (y - top) / scale);
    let letter = text.chars().nth(along / 6);
    let rows = LETTERS.iter().find(|(name, _)| Some(*name) == letter);
    let inked =
        rows.is_some_and(|(_, rows)| along % 6 < 5 && rows[down] >> (4 - along % 6) & 1 == 1);
    if inked { BLACK } else { WHITE }
}
