//! From clean ink to pieces that stand in a row, each a digit or a part of one.

use super::mask::Component;
use super::plane::{Area, Plane};
use super::sheet::Sheet;
use super::stroke;

/// The part of the narrower one's columns that two parts share when they are one piece.
const OVERLAP: f64 = 0.5;

/// The width from which on a piece may be two digits, in heights of the line.
const CUT_FROM: f64 = 0.45;

/// The most ink that a cut goes through, in stroke widths.
const CUT_AT_MOST: f64 = 3.0;

/// The least distance of two cuts, in heights of the line.
const CUTS_APART: f64 = 0.1;

/// What a step of a cut to the side costs, in pixels of ink.
const SIDEWAYS: f32 = 0.15;

/// The least height of a figure, in heights of the line.
const LOWEST: f64 = 0.45;

/// The height from which on a part is more than a part of a digit.
const FULL: f64 = 0.75;

/// The gap that parts two figures, in heights of the line.
const GAP: f64 = 0.12;

/// How far apart the middles of two digits are that nearly touch.
const DIGITS_APART: f64 = 0.5;

/// The widest digit, in heights of the line.
const WIDEST: f64 = 1.4;

/// The width of digits that touch.
const USUAL_WIDTH: f64 = 0.7;

/// How many strokes high what may be several digits in touch is at least: what is lower is a dash, however long.
const LOWEST_TOUCHING: f64 = 3.0;

/// What lies between two pieces.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Border {
    /// A gap, as wide as this, in heights of the line; negative where they overlap.
    Gap(f64),
    /// A cut through so much ink, in stroke widths.
    Cut(f64),
}

/// Pieces from left to right.
#[derive(Clone, Debug)]
pub struct Pieces {
    /// For each pixel the number of its piece, from 1, or 0.
    pub owners: Vec<u32>,
    /// The area of each piece.
    pub areas: Vec<Area>,
    /// What lies between each piece and the next.
    pub borders: Vec<Border>,
    /// The height of the line of digits.
    pub height: f64,
}

/// Cuts the ink of a sheet into pieces.
pub fn pieces(sheet: &Sheet) -> Pieces {
    let groups = groups(&sheet.parts);
    let stroke = pen(sheet);
    let height = line_height(&groups);
    let (width, rows) = (sheet.ink.width(), sheet.ink.height());
    let mut owners = vec![0_u32; sheet.owners.len()];
    let mut areas: Vec<Area> = Vec::new();
    let mut borders = Vec::new();
    let mut before: Option<Area> = None;
    for group in &groups {
        let area = group.area.grown(2, width, rows);
        let mut member = vec![false; sheet.owners.iter().max().map_or(0, |&v| v as usize) + 1];
        group
            .labels
            .iter()
            .for_each(|&label| member[label as usize] = true);
        let own = Plane::of(area.width(), area.height(), |x, y| {
            let at = (area.top + y) * width + area.left + x;
            let owner = sheet.owners[at];
            if owner != 0 && member[owner as usize] {
                sheet.ink.values()[at]
            } else {
                0.0
            }
        });
        let cuts = if is_dash(group.area, stroke) {
            Vec::new()
        } else {
            cuts(&own, height, stroke)
        };
        let first = areas.len();
        let mut found: Vec<Option<Area>> = vec![None; cuts.len() + 1];
        for y in 0..own.height() {
            for (x, &value) in own.row(y).iter().enumerate() {
                if value == 0.0 {
                    continue;
                }
                let piece = cuts.iter().filter(|cut| cut.path[y] <= x).count();
                let place = Area {
                    left: area.left + x,
                    top: area.top + y,
                    right: area.left + x + 1,
                    bottom: area.top + y + 1,
                };
                owners[place.top * width + place.left] = (first + piece) as u32 + 1;
                found[piece] = Some(found[piece].map_or(place, |area| area.with(place)));
            }
        }
        if let Some(before) = before {
            let gap = group.area.left as f64 - before.right as f64;
            borders.push(Border::Gap(gap / height));
        }
        before = Some(before.map_or(group.area, |before| Area {
            right: before.right.max(group.area.right),
            ..group.area
        }));
        borders.extend(cuts.iter().map(|cut| Border::Cut(cut.ink / stroke)));
        // A cut leaves ink on both sides, so every piece has an area.
        areas.extend(found.into_iter().map(|found| found.unwrap_or(area)));
    }
    Pieces {
        owners,
        areas,
        borders,
        height,
    }
}

/// How many figures stand side by side.
///
/// What is parted by a gap is several, and so are two strokes of full height, however
/// close, whose middles are as far apart as those of digits are, and what is so wide that
/// it can be no digit. Parts of one digit, as the two of an open 4, are closer.
pub fn figures(sheet: &Sheet) -> usize {
    let groups = groups(&sheet.parts);
    let height = line_height(&groups);
    let stroke = pen(sheet);
    let middle = |area: Area| (area.left + area.right) as f64 / 2.0;
    let full = |area: Area| area.height() as f64 >= FULL * height;
    let mut figures: Vec<Area> = Vec::new();
    for group in &groups {
        let area = group.area;
        if (area.height() as f64) < LOWEST * height {
            continue;
        }
        match figures.last_mut() {
            Some(before)
                if area.left as f64 - (before.right as f64) < GAP * height
                    && !(full(area)
                        && full(*before)
                        && middle(area) - middle(*before) >= DIGITS_APART * height) =>
            {
                *before = before.with(area);
            }
            _ => figures.push(area),
        }
    }
    let digits = |area: &Area| {
        let wide = area.width() as f64 / height;
        if wide > WIDEST && !is_dash(*area, stroke) {
            (wide / USUAL_WIDTH) as usize
        } else {
            1
        }
    };
    figures.iter().map(digits).sum()
}

/// Components that stand one above the other.
#[derive(Clone, Debug)]
struct Group {
    area: Area,
    labels: Vec<u32>,
}

/// The components, those that share most of their columns together, from left to right.
fn groups(parts: &[Component]) -> Vec<Group> {
    let mut parts: Vec<&Component> = parts.iter().collect();
    // The tallest first: small parts then join the digit that they belong to.
    parts.sort_by_key(|part| std::cmp::Reverse(part.area.height()));
    let mut groups: Vec<Group> = Vec::new();
    for part in parts {
        let shared = |group: &Group| {
            let narrower = group.area.width().min(part.area.width()) as f64;
            group.area.shared_columns(part.area) as f64 / narrower
        };
        let nearest = groups
            .iter_mut()
            .filter(|group| shared(group) >= OVERLAP)
            .max_by(|a, b| shared(a).total_cmp(&shared(b)));
        match nearest {
            Some(group) => {
                group.area = group.area.with(part.area);
                group.labels.push(part.label);
            }
            None => groups.push(Group {
                area: part.area,
                labels: vec![part.label],
            }),
        }
    }
    groups.sort_by_key(|group| group.area.left + group.area.right);
    groups
}

/// The height of the line: that of three quarters of its groups is at most this.
fn line_height(groups: &[Group]) -> f64 {
    let mut heights: Vec<usize> = groups.iter().map(|group| group.area.height()).collect();
    heights.sort_unstable();
    let at = (heights.len() * 3 / 4).min(heights.len().saturating_sub(1));
    heights.get(at).map_or(1.0, |&height| height.max(1) as f64)
}

/// Whether this is only a stroke from side to side, as a digit begins with.
fn is_dash(area: Area, stroke: f64) -> bool {
    (area.height() as f64) < LOWEST_TOUCHING * stroke
}

/// How wide the strokes of a sheet are.
fn pen(sheet: &Sheet) -> f64 {
    stroke::width(&sheet.ink.part(sheet.area())).max(1.0)
}

/// A way from top to bottom that leaves part of the ink to its left.
#[derive(Clone, Debug)]
struct Cut {
    /// For each row the first column to its right.
    path: Vec<usize>,
    /// The ink that it goes through, in pixels.
    ink: f64,
}

/// The cuts that a group may be two digits at, from left to right.
fn cuts(own: &Plane, line: f64, stroke: f64) -> Vec<Cut> {
    let (width, height) = (own.width(), own.height());
    if (width as f64) < CUT_FROM * line || height < 4 || width < 6 {
        return Vec::new();
    }
    let down = ways(own, false);
    let up = ways(own, true);
    // Both count the pixels of the row where they meet.
    let middle = height / 2;
    let through: Vec<f32> = (0..width)
        .map(|x| down.at(x, middle) + up.at(x, middle) - own.at(x, middle))
        .collect();
    let apart = ((CUTS_APART * line) as usize).max(1);
    let mut order: Vec<usize> = (apart.min(width / 4)..width - apart.min(width / 4)).collect();
    // Ties between columns of a gap go to its middle, which is where its neighbours are
    // as good.
    let calm = |x: usize| {
        let (from, to) = (x.saturating_sub(apart), (x + apart + 1).min(width));
        through[from..to].iter().sum::<f32>() / (to - from) as f32
    };
    order.sort_by(|&a, &b| {
        (through[a], calm(a))
            .partial_cmp(&(through[b], calm(b)))
            .expect("numbers")
    });
    let most = (width as f64 / (0.25 * line)).ceil() as usize;
    let mass: f32 = own.values().iter().sum();
    let mut places: Vec<usize> = Vec::new();
    let mut cuts: Vec<Cut> = Vec::new();
    for x in order {
        if cuts.len() >= most || f64::from(through[x]) > CUT_AT_MOST * stroke {
            break;
        }
        // Beside the best place there is always one that is nearly as good.
        let around = &through[x.saturating_sub(apart)..(x + apart + 1).min(width)];
        let best = around.iter().copied().fold(f32::MAX, f32::min);
        if through[x] > best + 0.01 || places.iter().any(|&place| place.abs_diff(x) < apart) {
            continue;
        }
        let path = path(&down, &up, x, middle);
        let (mut left, mut crossed) = (0.0, 0.0);
        for (y, &end) in path.iter().enumerate() {
            left += own.row(y)[..end].iter().sum::<f32>();
            crossed += own.at(end.min(width - 1), y);
        }
        let aside = left.min(mass - left);
        let same = |cut: &Cut| {
            let pairs = cut.path.iter().zip(&path);
            pairs.map(|(a, b)| a.abs_diff(*b)).sum::<usize>() < apart * height / 2
        };
        if aside < 0.04 * mass || cuts.iter().any(same) {
            continue;
        }
        places.push(x);
        cuts.push(Cut {
            path,
            ink: f64::from(crossed),
        });
    }
    cuts.sort_by_key(|cut| cut.path.iter().sum::<usize>());
    cuts
}

/// For each place what the cheapest way from the upper border costs that ends there, or
/// from the lower border.
fn ways(own: &Plane, upwards: bool) -> Plane {
    let (width, height) = (own.width(), own.height());
    let mut ways = own.clone();
    for step in 1..height {
        let (y, from) = if upwards {
            (height - 1 - step, height - step)
        } else {
            (step, step - 1)
        };
        for x in 0..width {
            let mut best = ways.at(x, from);
            if x > 0 {
                best = best.min(ways.at(x - 1, from) + SIDEWAYS);
            }
            if x + 1 < width {
                best = best.min(ways.at(x + 1, from) + SIDEWAYS);
            }
            ways.values_mut()[y * width + x] += best;
        }
    }
    ways
}

/// The cheapest way through a place.
fn path(down: &Plane, up: &Plane, x: usize, middle: usize) -> Vec<usize> {
    let (width, height) = (down.width(), down.height());
    let mut path = vec![x; height];
    let next = |ways: &Plane, x: usize, y: usize| {
        let near = x.saturating_sub(1)..(x + 2).min(width);
        let cost = |at: usize| ways.at(at, y) + if at == x { 0.0 } else { SIDEWAYS };
        near.min_by(|&a, &b| cost(a).total_cmp(&cost(b)))
            .unwrap_or(x)
    };
    for y in (0..middle).rev() {
        path[y] = next(down, path[y + 1], y);
    }
    for y in middle + 1..height {
        path[y] = next(up, path[y - 1], y);
    }
    path
}

#[cfg(test)]
mod tests {
    use super::*;

    fn part(label: u32, [left, top, right, bottom]: [usize; 4]) -> Component {
        Component {
            label,
            area: Area {
                left,
                top,
                right,
                bottom,
            },
            pixels: 100,
            mass: 100.0,
            strongest: 1.0,
        }
    }

    #[test]
    fn parts_above_each_other_are_one_group() {
        // A 5 with its bar apart, then a 1, then an open 4 of two strokes side by side.
        let groups = groups(&[
            part(1, [40, 10, 44, 60]),
            part(2, [12, 8, 30, 12]),
            part(3, [5, 14, 28, 60]),
            part(4, [60, 10, 72, 40]),
            part(5, [74, 10, 78, 62]),
        ]);
        let labels: Vec<Vec<u32>> = groups.iter().map(|group| group.labels.clone()).collect();
        assert_eq!(labels, [vec![3, 2], vec![1], vec![4], vec![5]]);
        assert_eq!(line_height(&groups), 52.0);
    }

    /// Two rings of radius 20, with a bridge of `bridge` rows between them.
    fn rings(bridge: usize) -> Plane {
        Plane::of(110, 60, |x, y| {
            let near = |cx: f64| {
                let distance = (x as f64 - cx).hypot(y as f64 - 30.0);
                (17.0..=20.0).contains(&distance)
            };
            let joined = (49..58).contains(&x) && (28..28 + bridge).contains(&y);
            f32::from(u8::from(near(30.0) || near(76.0) || joined))
        })
    }

    #[test]
    fn touching_digits_have_a_cut_where_they_touch() {
        for bridge in [0, 2, 4] {
            let cuts = cuts(&rings(bridge), 41.0, 4.0);
            let right = |cut: &&Cut| (50..58).contains(&cut.path[30]);
            let cut = cuts.iter().find(right).expect("a cut between them");
            assert_eq!(cut.ink, bridge as f64);
        }
    }

    #[test]
    fn a_narrow_stroke_has_no_cut() {
        let stroke = Plane::of(12, 60, |x, _| f32::from(u8::from((4..8).contains(&x))));
        assert!(cuts(&stroke, 56.0, 4.0).is_empty());
    }
}
