//! Each level becomes another: tables over pixels, and what is faster than a table.

use crate::raster::Raster;
use crate::simd;
use wide::{i32x4, u8x16};

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

/// A table in integers: `(level * factor + term) >> 16`, clipped.
#[derive(Clone, Copy, Debug)]
struct Line {
    factor: i32,
    term: i32,
}

impl Line {
    /// The line that gives exactly what the table says for each of the 256 levels, if
    /// there is one with about this factor.
    fn of(table: &Table, factor: f64) -> Option<Self> {
        // So that sums stay within 32 bits, and results within 16.
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
            (least <= most && least > i32::MIN && most < i32::MAX).then(|| Self {
                factor,
                term: least.midpoint(most),
            })
        })
    }

    fn apply(self, picture: &mut Raster) {
        let channels = picture.channels();
        let alpha = u8x16::new(std::array::from_fn(|at| {
            if channels == 4 && at % 4 == 3 { 255 } else { 0 }
        }));
        let [factor, term] = [i32x4::splat(self.factor), i32x4::splat(self.term)];
        let (blocks, rest) = picture.data_mut().as_chunks_mut::<16>();
        for block in blocks {
            let levels = u8x16::new(*block);
            let changed =
                simd::narrow(simd::widen(levels).map(|four| (four * factor + term) >> 16));
            *block = if channels == 4 {
                alpha.bitselect(levels, changed).to_array()
            } else {
                changed.to_array()
            };
        }
        for (at, level) in rest.iter_mut().enumerate() {
            if channels < 4 || at % 4 < 3 {
                let sum = i32::from(*level) * self.factor + self.term;
                *level = (sum >> 16).clamp(0, 255) as u8;
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
