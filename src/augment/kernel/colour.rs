//! Other ways to write a colour, in the fixed point arithmetic of OpenCV 4.12.

use crate::raster::Raster;
use crate::simd;
use std::sync::OnceLock;
use wide::{i16x8, i32x4, u8x16};

/// A pixel's three values.
pub(crate) type Triple = [u8; 3];

/// The brightness of a colour: BT.601's weights in units of 2^-15.
#[inline(always)]
pub(crate) fn luma([red, green, blue]: Triple) -> u8 {
    let sum = u32::from(red) * 9798 + u32::from(green) * 19_235 + u32::from(blue) * 3735;
    ((sum + (1 << 14)) >> 15) as u8
}

/// Gives all three colours of each pixel the pixel's brightness; alpha stays. The picture
/// must have colours.
pub(crate) fn without_colours(picture: &mut Raster) {
    // Elsewhere what the compiler makes is as good or better.
    let start = if cfg!(target_arch = "wasm32") && picture.channels() == 3 {
        let whole = picture.data().len();
        whole - greys(picture.data_mut()).len()
    } else {
        0
    };
    let channels = picture.channels();
    for pixel in picture.data_mut()[start..].chunks_exact_mut(channels) {
        let grey = luma([pixel[0], pixel[1], pixel[2]]);
        pixel[..3].fill(grey);
    }
}

/// Each pixel's colour becomes grey, sixteen pixels at a time; what is left over is
/// given back.
fn greys(levels: &mut [u8]) -> &mut [u8] {
    const NONE: u8 = 255;
    // Of four pixels that begin at a byte: red and green of each, and blue of each, as
    // numbers of 16 bits, in pairs for one multiplication.
    let reds_and_greens = |first: u8| {
        u8x16::new(
            [
                0, NONE, 1, NONE, 3, NONE, 4, NONE, 6, NONE, 7, NONE, 9, NONE, 10, NONE,
            ]
            .map(|at| if at == NONE { NONE } else { at + first }),
        )
    };
    let blues = |first: u8| {
        u8x16::new(std::array::from_fn(|at| {
            if at % 4 == 0 {
                first + 2 + 3 * (at as u8 / 4)
            } else {
                NONE
            }
        }))
    };
    let of_reds_and_greens: i16x8 = bytemuck::cast([[9798_i16, 19_235]; 4]);
    let of_blues: i16x8 = bytemuck::cast([[3735_i16, 0]; 4]);
    let thrice = |part: u8| u8x16::new(std::array::from_fn(|at| (16 * part + at as u8) / 3));
    let (blocks, rest) = levels.as_chunks_mut::<48>();
    for block in blocks {
        let load = |at: usize| {
            let mut bytes = [0; 16];
            bytes.copy_from_slice(&block[at..at + 16]);
            u8x16::new(bytes)
        };
        // The last load begins earlier, so as not to run over the end.
        let sums = [(0, 0), (12, 0), (24, 0), (32, 4)].map(|(at, first)| {
            let bytes = load(at);
            let [pairs, blues]: [i16x8; 2] = [
                bytemuck::cast(bytes.shuffle_zeroing(reds_and_greens(first))),
                bytemuck::cast(bytes.shuffle_zeroing(blues(first))),
            ];
            (pairs.dot(of_reds_and_greens) + blues.dot(of_blues) + i32x4::splat(1 << 14)) >> 15
        });
        let greys = simd::narrow(sums);
        for (part, levels) in (0..).zip(block.as_chunks_mut::<16>().0) {
            *levels = greys.shuffle_zeroing(thrice(part)).to_array();
        }
    }
    rest
}

/// Changes each pixel's colour; alpha stays. The picture must have colours.
#[inline(always)]
pub(crate) fn change_colours(picture: &mut Raster, change: impl Fn(Triple) -> Triple) {
    match picture.channels() {
        3 => {
            for pixel in picture.data_mut().as_chunks_mut::<3>().0 {
                *pixel = change(*pixel);
            }
        }
        4 => {
            for [red, green, blue, _] in picture.data_mut().as_chunks_mut::<4>().0 {
                [*red, *green, *blue] = change([*red, *green, *blue]);
            }
        }
        _ => {}
    }
}

/// `whole / divisor` in units of 2^-12, to the nearest; nothing for 0.
const fn quotients(whole: u32) -> [i32; 256] {
    let mut quotients = [0; 256];
    let mut divisor = 1;
    while divisor < 256 {
        let twice = 2 * divisor as u32;
        quotients[divisor] = ((2 * (whole << 12) + divisor as u32) / twice) as i32;
        divisor += 1;
    }
    quotients
}

const PER_VALUE: [i32; 256] = quotients(255);
const PER_DIFFERENCE: [i32; 256] = quotients(30);

/// Hue in units of 2 degrees (0 to 179), saturation and value.
#[inline]
pub(crate) fn hsv_of([red, green, blue]: Triple) -> Triple {
    let most = red.max(green).max(blue);
    let difference = most - red.min(green).min(blue);
    let [r, g, b] = [red, green, blue].map(i32::from);
    let d = i32::from(difference);
    let side = if most == red {
        g - b
    } else if most == green {
        b - r + 2 * d
    } else {
        r - g + 4 * d
    };
    let hue = (side * PER_DIFFERENCE[usize::from(difference)] + 2048) >> 12;
    let hue = if hue < 0 { hue + 180 } else { hue };
    let saturation = (d * PER_VALUE[usize::from(most)] + 2048) >> 12;
    [hue as u8, saturation as u8, most]
}

/// The colour of hue (0 to 179), saturation and value. OpenCV's vectors cut off where
/// its single pixels round: `cut` says which.
#[inline]
pub(crate) fn rgb_of_hsv([hue, saturation, value]: Triple, cut: bool) -> Triple {
    const UNIT: f32 = 1.0 / 255.0;
    let sixths = f32::from(hue) * (6.0 / 180.0);
    let sector = sixths as u8;
    let part = sixths - f32::from(sector);
    let saturation = f32::from(saturation) * UNIT;
    let value = f32::from(value) * UNIT;
    // Multiplied and added in one step, rounded once.
    let less = |part: f32| value * (1.0 - f64::from(saturation) * f64::from(part)) as f32;
    let (low, falling, rising) = (value * (1.0 - saturation), less(part), less(1.0 - part));
    let [red, green, blue] = match sector {
        1 => [falling, value, low],
        2 => [low, value, rising],
        3 => [low, falling, value],
        4 => [rising, low, value],
        5 => [value, low, falling],
        _ => [value, rising, low],
    };
    [red, green, blue].map(|part| {
        let level = part * 255.0;
        if cut {
            level as u8
        } else {
            level.round_ties_even() as u8
        }
    })
}

/// Changes hue, saturation and value of each pixel; alpha stays. The picture must have
/// colours.
pub(crate) fn change_hsv(picture: &mut Raster, change: impl Fn(Triple) -> Triple) {
    // The width of the vectors that OpenCV converts at once, row by row.
    const BLOCK: usize = 32;
    let (width, channels) = (picture.width(), picture.channels());
    let whole = width / BLOCK * BLOCK;
    for row in picture.data_mut().chunks_exact_mut(width * channels) {
        for (x, pixel) in row.chunks_exact_mut(channels).enumerate() {
            let [red, green, blue, ..] = pixel else {
                return;
            };
            let hsv = change(hsv_of([*red, *green, *blue]));
            [*red, *green, *blue] = rgb_of_hsv(hsv, x < whole);
        }
    }
}

fn rounded(sum: i32, bits: u32) -> i32 {
    (sum + (1 << (bits - 1))) >> bits
}

fn level(number: i32) -> u8 {
    number.clamp(0, 255) as u8
}

/// Brightness and the two differences from it: BT.601 in units of 2^-14.
pub(crate) fn ycrcb_of(rgb: Triple) -> Triple {
    let [red, green, blue] = rgb.map(i32::from);
    let y = rounded(red * 4899 + green * 9617 + blue * 1868, 14);
    let difference = |from: i32, weight: i32| level(rounded((from - y) * weight + (128 << 14), 14));
    [level(y), difference(red, 11_682), difference(blue, 9241)]
}

/// The colour of brightness and differences.
pub(crate) fn rgb_of_ycrcb([y, cr, cb]: Triple) -> Triple {
    let [y, cr, cb] = [i32::from(y), i32::from(cr) - 128, i32::from(cb) - 128];
    [
        level(y + rounded(cr * 22_987, 14)),
        level(y + rounded(cb * -5636 + cr * -11_698, 14)),
        level(y + rounded(cb * 29_049, 14)),
    ]
}

/// CIE L*a*b* of the sRGB colours, D65, as OpenCV calculates it in integers.
pub(crate) struct Lab {
    /// Linear light of a level, in units of 1/2040.
    linear: [u16; 256],
    /// Cube roots of linear light, in units of 2^-15.
    roots: Vec<u16>,
    /// Luminance of a lightness, and its root, in units of 2^-14.
    lightness: [[i32; 2]; 256],
    /// Linear light of a root, in units of 2^-14.
    cubes: Vec<i32>,
    /// The level of linear light in units of 1/4096.
    levels: Vec<u8>,
}

/// The smallest root that colours lead to.
const LEAST_ROOT: i32 = -8145;
const BASE: i32 = 1 << 14;

impl Lab {
    /// The tables, made once.
    pub(crate) fn tables() -> &'static Self {
        static TABLES: OnceLock<Lab> = OnceLock::new();
        TABLES.get_or_init(Self::new)
    }

    fn new() -> Self {
        let linear = |x: f64| {
            if x <= 0.04045 {
                x / 12.92
            } else {
                libm::pow((x + 0.055) / 1.055, 2.4)
            }
        };
        let curved = |x: f64| {
            if x <= 0.003_130_8 {
                x * 12.92
            } else {
                1.055 * libm::pow(x, 1.0 / 2.4) - 0.055
            }
        };
        let root = |at: u16| {
            let x = f32::from(at) * (1.0_f32 / 2040.0);
            let root = if x < (216.0_f32 / 24_389.0) {
                let [slope, start] = [841.0_f32 / 108.0, 16.0_f32 / 116.0].map(f64::from);
                (f64::from(x) * slope + start) as f32
            } else {
                libm::cbrt(f64::from(x)) as f32
            };
            let root = (root * 32_768.0).round_ties_even() as u16;
            // Nearly between two numbers, where OpenCV's approximation takes the other.
            if at == 324 { root - 1 } else { root }
        };
        let lightness = |level: usize| {
            let l = level as f64 * 100.0 / 255.0;
            let base = f64::from(BASE);
            let [light, root] = if l <= 8.0 {
                let light = l / (24_389.0 / 27.0);
                [light, 16.0 / 116.0 + light * 841.0 / 108.0]
            } else {
                let root = (l + 16.0) / 116.0;
                [root * root * root, root]
            };
            [light, root].map(|part| (part * base).round_ties_even() as i32)
        };
        let cube = |root: i32| {
            if root <= 6 * BASE / 29 {
                root * 108 / 841 - BASE * 16 / 116 * 108 / 841
            } else {
                // Both steps are cut off; the second needs more than 32 bits.
                let square = i64::from(root * root / BASE);
                (square * i64::from(root) / i64::from(BASE)) as i32
            }
        };
        Self {
            linear: std::array::from_fn(|level| {
                (2040.0 * linear(level as f64 / 255.0)).round_ties_even() as u16
            }),
            roots: (0..3072).map(root).collect(),
            lightness: std::array::from_fn(lightness),
            cubes: (LEAST_ROOT..BASE * 9 / 4 + LEAST_ROOT).map(cube).collect(),
            levels: (0..4096)
                .map(|at| (255.0 * curved(f64::from(at) / 4096.0)).round_ties_even() as u8)
                .collect(),
        }
    }

    /// Lightness 0 to 255, and the two differences about 128.
    pub(crate) fn lab_of(&self, rgb: Triple) -> Triple {
        let [red, green, blue] = rgb.map(|level| i32::from(self.linear[usize::from(level)]));
        let [x, y, z] = [[1777, 1541, 778], [871, 2929, 296], [73, 448, 3575]].map(|[r, g, b]| {
            let sum = rounded(r * red + g * green + b * blue, 12);
            i32::from(self.roots[sum as usize])
        });
        const SCALE: i32 = (116 * 255 + 50) / 100;
        const SHIFT: i32 = -((16 * 255 * (1 << 15) + 50) / 100);
        [
            level(rounded(SCALE * y + SHIFT, 15)),
            level(rounded(500 * (x - y) + (128 << 15), 15)),
            level(rounded(200 * (y - z) + (128 << 15), 15)),
        ]
    }

    /// The colour of lightness and differences.
    pub(crate) fn rgb_of(&self, [l, a, b]: Triple) -> Triple {
        let [y, root] = self.lightness[usize::from(l)];
        let a = ((5 * i32::from(a) * 53_687 + (1 << 7)) >> 13) - 128 * BASE / 500;
        let b = ((i32::from(b) * 41_943 + (1 << 4)) >> 9) - 128 * BASE / 200 + 1;
        let [x, z] = [root + a, root - b].map(|root| self.cubes[(root - LEAST_ROOT) as usize]);
        [
            [12_615, -6296, -2223],
            [-3773, 7684, 185],
            [217, -836, 4715],
        ]
        .map(|[r, g, b]| {
            let light = rounded(r * x + g * y + b * z, 14);
            self.levels[light.clamp(0, 4095) as usize]
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn greys_and_primaries_are_known() {
        assert_eq!(hsv_of([255, 0, 0]), [0, 255, 255]);
        assert_eq!(hsv_of([0, 255, 0]), [60, 255, 255]);
        assert_eq!(hsv_of([0, 0, 255]), [120, 255, 255]);
        let lab = Lab::tables();
        assert_eq!(lab.lab_of([255; 3]), [255, 128, 128]);
        assert_eq!(lab.lab_of([0; 3]), [0, 128, 128]);
        for level in 0..=255 {
            assert_eq!(luma([level; 3]), level);
            assert_eq!(rgb_of_hsv(hsv_of([level; 3]), false), [level; 3]);
            assert_eq!(rgb_of_ycrcb(ycrcb_of([level; 3])), [level; 3]);
        }
    }

    #[test]
    fn vectors_of_greys_are_greys() {
        let mut levels: Vec<u8> = (0..48 * 5 + 7).map(|at| (at * 97 % 256) as u8).collect();
        let before = levels.clone();
        assert_eq!(greys(&mut levels).len(), 7);
        for (pixel, made) in before[..240]
            .as_chunks::<3>()
            .0
            .iter()
            .zip(levels.as_chunks::<3>().0)
        {
            assert_eq!(*made, [luma(*pixel); 3]);
        }
        assert_eq!(before[240..], levels[240..]);
    }

    #[test]
    fn every_triple_is_a_colour() {
        let lab = Lab::tables();
        for a in (0..=255).step_by(15) {
            for b in (0..=255).step_by(15) {
                for c in (0..=255).step_by(15) {
                    let _ = (
                        lab.rgb_of([a, b, c]),
                        lab.lab_of([a, b, c]),
                        rgb_of_ycrcb([a, b, c]),
                    );
                }
            }
        }
    }
}
