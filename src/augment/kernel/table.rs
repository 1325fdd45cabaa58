//! Each level becomes another: tables over pixels, and what is faster than a table.

use crate::raster::Raster;
use crate::simd;
use bytemuck::cast;
use wide::{i16x8, u8x16};

/// What each level becomes.
pub(crate) type Table = [u8; 256];

/// A table from what each level becomes.
pub(crate) fn table(level: impl FnMut(usize) -> u8) -> Table {
    std::array::from_fn(level)
}

/// Pictures with fewer values are done before a faster way than a table is found.
const SMALL: usize = 4096;

/// Changes each level by arithmetic that the compiler can make vectors of; alpha stays.
#[inline(always)]
pub(crate) fn change(picture: &mut Raster, change: impl Fn(u8) -> u8) {
    if picture.channels() == 4 {
        for [red, green, blue, _] in picture.data_mut().as_chunks_mut::<4>().0 {
            *red = change(*red);
            *green = change(*green);
            *blue = change(*blue);
        }
    } else {
        for level in picture.data_mut() {
            *level = change(*level);
        }
    }
}

/// Changes each level as a table says; alpha stays.
pub(crate) fn look_up(picture: &mut Raster, table: &Table) {
    change(picture, |level| table[usize::from(level)]);
}

/// Changes the levels of each channel as its table says; alpha stays. A grey picture
/// has the first table.
pub(crate) fn look_up_each(picture: &mut Raster, tables: &[Table; 3]) {
    let [red, green, blue] = tables;
    match picture.channels() {
        1 => look_up(picture, red),
        3 => {
            for [r, g, b] in picture.data_mut().as_chunks_mut::<3>().0 {
                *r = red[usize::from(*r)];
                *g = green[usize::from(*g)];
                *b = blue[usize::from(*b)];
            }
        }
        _ => {
            for [r, g, b, _] in picture.data_mut().as_chunks_mut::<4>().0 {
                *r = red[usize::from(*r)];
                *g = green[usize::from(*g)];
                *b = blue[usize::from(*b)];
            }
        }
    }
}

/// The table of `level * factor + term` in `f32`, clipped and cut off to whole levels.
pub(crate) fn affine(factor: f64, term: f64) -> Table {
    let [factor, term] = [factor as f32, term as f32];
    table(|level| (level as f32 * factor + term) as u8)
}

/// Changes each level by the table of [`affine`]; alpha stays.
pub(crate) fn scale(picture: &mut Raster, factor: f64, term: f64) {
    let table = affine(factor, term);
    if picture.data().len() >= SMALL
        && let Some(line) = Line::of(&table, factor)
    {
        line.apply(picture);
    } else {
        look_up(picture, &table);
    }
}

/// A table in integers: `level * whole + term + ((level * part + rest) >> 16)`, clipped.
/// Numbers of 16 bits hold each of the factors and terms, so that eight levels are
/// changed by one instruction.
#[derive(Clone, Copy, Debug)]
struct Line {
    whole: i16,
    part: i16,
    term: i16,
    /// Half of it.
    rest: i16,
}

impl Line {
    /// The line that gives exactly what the table says for each of the 256 levels, if
    /// there is one with about this factor.
    fn of(table: &Table, factor: f64) -> Option<Self> {
        // So that sums stay within 16 bits.
        const STEEPEST: f64 = 30.0;
        if factor.abs() > STEEPEST {
            return None;
        }
        let nearest = (factor * 65_536.0).round() as i32;
        [0, 1, -1, 2, -2].into_iter().find_map(|step| {
            let factor = nearest + step;
            let (mut least, mut most) = (i32::MIN, i32::MAX);
            for (level, &to) in (0..).zip(table) {
                let start = (i32::from(to) << 16) - level * factor;
                // What is clipped may lie outside.
                if to > 0 {
                    least = least.max(start);
                }
                if to < 255 {
                    most = most.min(start + 0xFFFF);
                }
            }
            // A table of one level alone has no bound on one side.
            if least > most || least == i32::MIN || most == i32::MAX {
                return None;
            }
            let term = least.midpoint(most) & !1;
            let whole = (factor + 0x8000) >> 16;
            (term >= least).then_some(Self {
                whole: whole as i16,
                part: (factor - (whole << 16)) as i16,
                term: (term >> 16) as i16,
                rest: ((term & 0xFFFF) / 2) as i16,
            })
        })
    }

    fn apply(self, picture: &mut Raster) {
        if picture.channels() == 4 {
            self.apply_to::<true>(picture.data_mut());
        } else {
            self.apply_to::<false>(picture.data_mut());
        }
    }

    /// Changes levels, of which each fourth may be alpha.
    fn apply_to<const ALPHA: bool>(self, data: &mut [u8]) {
        let alpha = u8x16::new(std::array::from_fn(|at| if at % 4 == 3 { 255 } else { 0 }));
        let [whole, term] = [i16x8::splat(self.whole), i16x8::splat(self.term)];
        // The part is for a level, and the half of the rest for a 2.
        let factors: i16x8 = cast([[self.part, self.rest]; 4]);
        let change = |levels: i16x8| {
            let sums = simd::pairs(levels, i16x8::splat(2)).map(|pairs| pairs.dot(factors));
            levels * whole + term + simd::high_halves(sums)
        };
        let (blocks, rest) = data.as_chunks_mut::<16>();
        for block in blocks {
            let levels = u8x16::new(*block);
            let [low, high] = simd::spread(levels).map(change);
            let changed = u8x16::narrow_i16x8(low, high);
            *block = if ALPHA {
                alpha.bitselect(levels, changed).to_array()
            } else {
                changed.to_array()
            };
        }
        for (at, level) in rest.iter_mut().enumerate() {
            if !ALPHA || at % 4 < 3 {
                let of = i32::from(*level);
                let part = (of * i32::from(self.part) + 2 * i32::from(self.rest)) >> 16;
                let sum = of * i32::from(self.whole) + i32::from(self.term) + part;
                *level = sum.clamp(0, 255) as u8;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::raster::Shape;

    #[test]
    fn lines_are_what_their_tables_say() {
        let mut found = 0;
        for factor in [
            -3.0, -0.7, 0.0, 0.01, 0.5, 0.8, 0.93, 1.0, 1.0001, 1.17, 1.2, 2.0, 25.0,
        ] {
            for term in [-300.0, -51.0, -12.34, 0.0, 0.5, 33.3, 51.0, 255.0] {
                for channels in [1, 3, 4] {
                    let shape = Shape {
                        width: 64,
                        height: 33,
                        channels,
                    };
                    let data = (0..shape.len()).map(|at| (at * 7 / 3) as u8).collect();
                    let picture = Raster::new(shape, data).expect("a picture");
                    let table = affine(factor, term);
                    let mut expected = picture.clone();
                    look_up(&mut expected, &table);
                    let mut scaled = picture.clone();
                    scale(&mut scaled, factor, term);
                    assert_eq!(scaled, expected, "{factor} {term}");
                    if let Some(line) = Line::of(&table, factor) {
                        found += 1;
                        let mut lined = picture;
                        line.apply(&mut lined);
                        assert_eq!(lined, expected, "{factor} {term}");
                    }
                }
            }
        }
        assert!(found > 200, "{found}");
    }
}
