//! What is not a digit: specks, frames, bars at the border, captions, watermarks.

use super::mask::{Component, Components};
use super::plane::Area;

/// Why a component was taken for no digit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reason {
    /// It is small against the main figure.
    Speck,
    /// It is a frame around something else.
    Frame,
    /// It is a bar or a corner at the picture's border.
    Border,
    /// It is small and lies above or below the line that the main figure stands in.
    Caption,
    /// It is faint against the main figure.
    Watermark,
}

impl Reason {
    /// What was dropped, for `count` of them.
    pub fn describe(self, count: usize) -> String {
        let [one, many] = match self {
            Self::Speck => ["speck", "specks"],
            Self::Frame => ["frame", "frames"],
            Self::Border => ["dark part at the border", "dark parts at the border"],
            Self::Caption => ["part of a caption", "parts of a caption"],
            Self::Watermark => ["faint part", "faint parts"],
        };
        format!("{count} {}", if count == 1 { one } else { many })
    }
}

/// The components of digits, and those of something else.
#[derive(Clone, Debug, Default)]
pub struct Sorted {
    /// Those of digits.
    pub kept: Vec<Component>,
    /// The others, each with the reason.
    pub dropped: Vec<(Component, Reason)>,
}

/// The part of a frame's side that its line covers at least.
const STRAIGHT: f64 = 0.8;

/// The part of the main figure's height that a digit or its part measures at least.
const SPECK: f64 = 0.2;

/// The part of the main figure's pixels that a speck has at most.
const SPECK_PIXELS: f64 = 0.08;

/// The part of the main figure's height that a caption has at most.
const CAPTION: f64 = 0.45;

/// The part of the main figure's height that a part of a digit is away from it at most.
const NEAR: f64 = 0.3;

/// The part of the main figure's strength that a watermark has at most.
const WATERMARK: f32 = 0.55;

/// Sorts the components of a picture of `width` and `height`. Those of which no place is
/// as strong as `strong` are no ink at all and appear in neither list.
pub fn sort(parts: &Components, width: usize, height: usize, strong: f32) -> Sorted {
    let mut kept: Vec<Component> = parts
        .list
        .iter()
        .copied()
        .filter(|part| part.strongest >= strong)
        .collect();
    let mut dropped = Vec::new();
    let mut drop_all = |kept: &mut Vec<Component>, reason, refused: &dyn Fn(&Component) -> bool| {
        kept.retain(|part| {
            let refused = refused(part);
            if refused {
                dropped.push((*part, reason));
            }
            !refused
        });
    };
    let framed = kept.clone();
    drop_all(&mut kept, Reason::Frame, &|part| {
        is_frame(parts, width, height, part, &framed)
    });
    // What fills the picture is not dropped for touching its border.
    let free = kept
        .iter()
        .filter(|part| contact(part.area, width, height) == [0; 4])
        .map(|part| part.area.longer())
        .max()
        .unwrap_or(0);
    drop_all(&mut kept, Reason::Border, &|part| {
        is_border(part, width, height, free)
    });
    let Some(main) = main_figure(&kept) else {
        return Sorted { kept, dropped };
    };
    drop_all(&mut kept, Reason::Watermark, &|part| {
        part.mean() < WATERMARK * main.mean()
            && part.strongest < (1.0 + WATERMARK) / 2.0 * main.strongest
    });
    let tall = main.area.height().max(main.area.width() / 3) as f64;
    drop_all(&mut kept, Reason::Speck, &|part| {
        (part.area.longer() as f64) < SPECK * tall
            && (part.pixels as f64) < SPECK_PIXELS * main.pixels as f64
    });
    let line = line_of(&kept, main);
    let figures = kept.clone();
    drop_all(&mut kept, Reason::Caption, &|part| {
        is_caption(part, line, tall, &figures)
    });
    Sorted { kept, dropped }
}

/// The figure that everything else is measured against: large and heavy.
fn main_figure(kept: &[Component]) -> Option<Component> {
    let weight = |part: &Component| part.area.height() as f64 * f64::from(part.mass).sqrt();
    let heavier = |a: &&Component, b: &&Component| weight(a).total_cmp(&weight(b));
    kept.iter().max_by(heavier).copied()
}

/// How many of its pixels' columns or rows touch the left, upper, right and lower border:
/// the length of the side of its area there.
fn contact(area: Area, width: usize, height: usize) -> [usize; 4] {
    [
        if area.left == 0 { area.height() } else { 0 },
        if area.top == 0 { area.width() } else { 0 },
        if area.right == width {
            area.height()
        } else {
            0
        },
        if area.bottom == height {
            area.width()
        } else {
            0
        },
    ]
}

/// Whether it is a bar along the border, or a large part in a corner, beside a figure of
/// `free` pixels that touches no border.
fn is_border(part: &Component, width: usize, height: usize, free: usize) -> bool {
    let sides = contact(part.area, width, height);
    if is_slab(part, width, height) && 12 * free >= width.max(height) {
        return true;
    }
    if sides == [0; 4] || 5 * free < part.area.longer() || 12 * free < width.max(height) {
        return false;
    }
    let [left, top, right, bottom] = sides.map(|side| side > 0);
    let thin = if part.area.width() > part.area.height() {
        (top || bottom)
            && 8 * part.area.height() < height
            && part.area.width() > 3 * part.area.height()
    } else {
        (left || right)
            && 8 * part.area.width() < width
            && part.area.height() > 3 * part.area.width()
    };
    let corner = (left || right) && (top || bottom);
    let through = left && right || top && bottom;
    thin || corner || through
}

/// Whether it lies along all of one side and is solid, as a table beside a sheet is.
fn is_slab(part: &Component, width: usize, height: usize) -> bool {
    let [left, top, right, bottom] = contact(part.area, width, height).map(|side| side > 0);
    let thin = if top && bottom {
        left != right && 4 * part.area.width() < width
    } else {
        left && right && top != bottom && 4 * part.area.height() < height
    };
    thin && 5 * part.pixels > 2 * part.area.width() * part.area.height()
}

/// Whether its pixels lie along the sides of its area, and something lies inside.
fn is_frame(
    parts: &Components,
    width: usize,
    height: usize,
    part: &Component,
    others: &[Component],
) -> bool {
    let area = part.area;
    if area.width() < 12 || area.height() < 12 {
        return false;
    }
    let inner = |other: &Component| {
        other.label != part.label
            && other.area.left > area.left
            && other.area.top > area.top
            && other.area.right < area.right
            && other.area.bottom < area.bottom
            && 4 * other.area.longer() > area.height().min(area.width())
    };
    if !others.iter().any(inner) {
        return false;
    }
    let is_set = |x: usize, y: usize| parts.labels[y * width + x] == part.label;
    debug_assert!(area.right <= width && area.bottom <= height);
    // A frame may be a little askew, and a drawn one more than a little.
    let [band_x, band_y] = [area.width(), area.height()].map(|side| (side / 12).max(2));
    let covered = |count: usize, length: usize| count as f64 >= STRAIGHT * length as f64;
    let columns = |rows: std::ops::Range<usize>| {
        let set = |x: &usize| rows.clone().any(|y| is_set(*x, y));
        covered((area.left..area.right).filter(set).count(), area.width())
    };
    let rows = |columns: std::ops::Range<usize>| {
        let set = |y: &usize| columns.clone().any(|x| is_set(x, *y));
        covered((area.top..area.bottom).filter(set).count(), area.height())
    };
    let sides = [
        columns(area.top..area.top + band_y),
        columns(area.bottom - band_y..area.bottom),
        rows(area.left..area.left + band_x),
        rows(area.right - band_x..area.right),
    ];
    sides.into_iter().filter(|&side| side).count() >= 3
}

/// The area of all figures that stand in a line with the main one.
fn line_of(kept: &[Component], main: Component) -> Area {
    let beside = |part: &&Component| {
        2 * part.area.height() > main.area.height()
            && 2 * part.area.shared_rows(main.area) > part.area.height()
    };
    let areas = kept.iter().filter(beside).map(|part| part.area);
    areas.fold(main.area, Area::with)
}

/// Whether it is small and lies above or below the line, but is no part of a digit in it.
fn is_caption(part: &Component, line: Area, tall: f64, figures: &[Component]) -> bool {
    let area = part.area;
    if area.height() as f64 >= CAPTION * tall || 2 * area.shared_rows(line) >= area.height() {
        return false;
    }
    // The bar of a 5 is wide and close to the rest of it.
    let close = |other: &Component| {
        other.area.height() as f64 >= CAPTION * tall
            && 2 * other.area.shared_columns(area) >= area.width().min(other.area.width())
            && other.area.rows_between(area) as f64 <= 0.15 * tall
    };
    let bar = area.width() as f64 >= 0.25 * tall && area.width() as f64 <= 1.2 * tall;
    if bar && figures.iter().any(close) {
        return false;
    }
    // The hat of a 5 and the tick of a 7 may be farther away, but words have letters.
    let near = |other: &Component| {
        other.area.height() as f64 >= CAPTION * tall
            && other.area.columns_between(area) as f64 <= NEAR * tall
            && other.area.rows_between(area) as f64 <= NEAR * tall
    };
    let letter = |other: &Component| {
        other.label != part.label
            && (other.area.height() as f64) < CAPTION * tall
            && 2 * other.area.shared_rows(area) > area.height().min(other.area.height())
    };
    let stroke = area.longer() as f64 >= SPECK * tall;
    !(stroke && figures.iter().any(near) && !figures.iter().any(letter))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::classify::mask::Mask;
    use crate::classify::plane::Plane;

    const SIDE: usize = 200;

    type Shape = fn(f64, f64) -> bool;

    /// A 0 around the middle, 80 high.
    fn zero(x: f64, y: f64) -> bool {
        let distance = ((x - 100.0) / 0.6).hypot(y - 100.0);
        (32.0..40.0).contains(&distance)
    }

    fn disc(x: f64, y: f64, [cx, cy, radius]: [f64; 3]) -> bool {
        (x - cx).hypot(y - cy) < radius
    }

    fn rectangle(x: f64, y: f64, [left, top, right, bottom]: [f64; 4]) -> bool {
        (left..right).contains(&x) && (top..bottom).contains(&y)
    }

    /// What is kept and dropped of shapes, each with a strength.
    fn sorted(shapes: &[(Shape, f32)]) -> Sorted {
        let ink = Plane::of(SIDE, SIDE, |x, y| {
            let strengths = shapes.iter().map(|&(shape, strength)| {
                if shape(x as f64, y as f64) {
                    strength
                } else {
                    0.0
                }
            });
            strengths.fold(0.0, f32::max)
        });
        let parts = Mask::of(&ink, 0.2).components(&ink);
        sort(&parts, SIDE, SIDE, 0.3)
    }

    #[test]
    fn what_is_no_digit_is_dropped_for_its_reason() {
        let cases: [(&str, Shape, f32, Reason); 8] = [
            (
                "speck",
                |x, y| disc(x, y, [150.0, 60.0, 3.0]),
                1.0,
                Reason::Speck,
            ),
            (
                "frame",
                |x, y| {
                    rectangle(x, y, [30.0, 30.0, 170.0, 170.0])
                        && !rectangle(x, y, [33.0, 33.0, 167.0, 167.0])
                },
                1.0,
                Reason::Frame,
            ),
            (
                "frame askew",
                |x, y| {
                    let (x, y) = (x + (y - 100.0) * 0.04, y - (x - 100.0) * 0.04);
                    rectangle(x, y, [30.0, 30.0, 170.0, 170.0])
                        && !rectangle(x, y, [33.0, 33.0, 167.0, 167.0])
                },
                1.0,
                Reason::Frame,
            ),
            (
                "bar",
                |x, y| rectangle(x, y, [0.0, 0.0, 9.0, 200.0]),
                1.0,
                Reason::Border,
            ),
            ("corner", |x, y| x + y < 60.0, 1.0, Reason::Border),
            ("table", |_, y| y > 170.0, 1.0, Reason::Border),
            (
                "caption",
                |x, y| rectangle(x, y, [80.0, 160.0, 120.0, 172.0]) && (x as usize) % 10 < 6,
                1.0,
                Reason::Speck,
            ),
            (
                "watermark",
                |x, y| rectangle(x, y, [150.0, 60.0, 190.0, 140.0]) && x > 2.0 * y - 80.0,
                0.4,
                Reason::Watermark,
            ),
        ];
        for (name, shape, strength, reason) in cases {
            let found = sorted(&[(zero, 1.0), (shape, strength)]);
            assert_eq!(found.kept.len(), 1, "{name}: {:?}", found.kept);
            assert_eq!(found.kept[0].area.height(), 79, "{name}");
            assert!(!found.dropped.is_empty(), "{name}");
            assert!(found.dropped.iter().all(|drop| drop.1 == reason), "{name}");
        }
        let words: Shape =
            |x, y| rectangle(x, y, [60.0, 160.0, 140.0, 180.0]) && (x as usize) % 20 < 14;
        let found = sorted(&[(zero, 1.0), (words, 1.0)]);
        assert_eq!(found.dropped[0].1, Reason::Caption);
    }

    #[test]
    fn parts_of_digits_are_kept() {
        let bar: Shape = |x, y| rectangle(x, y, [85.0, 46.0, 125.0, 54.0]);
        let neighbour: Shape = |x, y| rectangle(x, y, [160.0, 70.0, 168.0, 140.0]);
        let found = sorted(&[(zero, 1.0), (bar, 1.0), (neighbour, 0.8)]);
        assert_eq!(found.kept.len(), 3);
        // A 0 that touches every border, and one alone in a corner.
        let large: Shape = |x, y| {
            let distance = (x - 100.0).hypot(y - 100.0);
            (80.0..101.0).contains(&distance)
        };
        let corner: Shape = |x, y| zero(x + 77.0, y + 62.0);
        for shape in [large, corner] {
            let found = sorted(&[(shape, 1.0)]);
            assert_eq!((found.kept.len(), found.dropped.len()), (1, 0));
        }
    }

    #[test]
    fn a_square_0_is_no_frame() {
        let square: Shape = |x, y| {
            rectangle(x, y, [60.0, 50.0, 140.0, 150.0])
                && !rectangle(x, y, [70.0, 60.0, 130.0, 140.0])
        };
        assert_eq!(sorted(&[(square, 1.0)]).kept.len(), 1);
    }
}
