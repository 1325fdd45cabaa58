//! Straight strokes, pixel by pixel as OpenCV draws them where only sides touch: a path of
//! single pixels, or a thick stroke with round ends.

use super::disc::Disc;
use super::polygon::{Mask, Point};

/// One pixel in the units in which thick strokes are measured.
const ONE: i64 = 1 << 16;

/// A place in units of `1 / ONE` pixels.
type Place = [i64; 2];

/// Shortens a stroke to what lies within a picture of `size`; nothing may be left.
///
/// Cohen and Sutherland's way, with the rounding of OpenCV, which is part of the result.
fn clipped(size: Place, mut ends: [Place; 2]) -> Option<[Place; 2]> {
    let last = size.map(|side| side - 1);
    let beyond = |place: i64, last: i64| i8::from(place > last) - i8::from(place < 0);
    // First above and below, then left and right: along `axis`, moving `other`.
    for axis in [1, 0] {
        let other = 1 - axis;
        let outside =
            |ends: &[Place; 2], axis: usize| [0, 1].map(|end| beyond(ends[end][axis], last[axis]));
        for axis in [0, 1] {
            let [first, second] = outside(&ends, axis);
            if first != 0 && first == second {
                return None;
            }
        }
        for end in 0..2 {
            let side = match outside(&ends, axis)[end] {
                0 => continue,
                1 => last[axis],
                _ => 0,
            };
            let [from, to] = ends;
            let run = (side - ends[end][axis]) as f64 * (to[other] - from[other]) as f64;
            ends[end][other] += (run / (to[axis] - from[axis]) as f64) as i64;
            ends[end][axis] = side;
        }
    }
    let inside = |end: &Place| (0..2).all(|axis| beyond(end[axis], last[axis]) == 0);
    ends.iter().all(inside).then_some(ends)
}

impl Mask {
    fn size(&self) -> Place {
        [self.width, self.painted.len() / self.width].map(|side| side as i64)
    }

    /// Paints a pixel if it lies within the picture.
    fn dot(&mut self, [x, y]: Place) {
        let [width, height] = self.size();
        if (0..width).contains(&x) && (0..height).contains(&y) {
            self.painted[(y * width + x) as usize] = true;
        }
    }

    /// A stroke between two pixels, both included, as wide as `width` pixels.
    pub(super) fn streak(&mut self, from: Point, to: Point, width: u32) {
        let ends = [from, to].map(|end| end.map(i64::from));
        if width <= 1 {
            self.path(ends);
            return;
        }
        let [from, to] = ends.map(|end| end.map(|place| place * ONE));
        let half = i64::from(width) * ONE / 2;
        // Both are exact: they are whole numbers of pixels.
        let across = ((from[0] - to[0]) / ONE) as f64;
        let down = ((to[1] - from[1]) / ONE) as f64;
        let length = across * across + down * down;
        if length > 0.0 {
            let more = f64::from(width % 2) * ONE as f64 * 0.5;
            let by = (half as f64 + more) / length.sqrt();
            let aside = [down * by, across * by].map(|part| part.round_ties_even() as i64);
            let moved =
                |end: Place, sign: i64| [end[0] + sign * aside[0], end[1] + sign * aside[1]];
            self.quadrangle([moved(from, 1), moved(from, -1), moved(to, -1), moved(to, 1)]);
        }
        let disc = Disc::new(((half + ONE / 2) / ONE) as i32);
        for end in [from, to] {
            self.disc(&disc, end.map(|place| (place / ONE) as i32));
        }
    }

    /// Pixels one after the other, each beside, above or below the one before.
    fn path(&mut self, ends: [Place; 2]) {
        let Some([mut from, mut to]) = clipped(self.size(), ends) else {
            return;
        };
        if to[0] < from[0] {
            (from, to) = (to, from);
        }
        let right = to[0] - from[0];
        let down = (to[1] - from[1]).abs();
        let vertical = [0, (to[1] - from[1]).signum()];
        let (along, aside) = match down > right {
            true => (vertical, [1, 0]),
            false => ([1, 0], vertical),
        };
        let (long, short) = (right.max(down), right.min(down));
        let mut error = 0;
        for _ in 0..=long + short {
            self.dot(from);
            let step = if error < 0 {
                error += 2 * long;
                aside
            } else {
                error -= 2 * short;
                along
            };
            from = [from[0] + step[0], from[1] + step[1]];
        }
    }

    /// The pixels that a side of a quadrangle goes through.
    fn side(&mut self, ends: [Place; 2]) {
        let Some([mut from, mut to]) = clipped(self.size().map(|side| side * ONE), ends) else {
            return;
        };
        let far = |from: Place, to: Place| [to[0] - from[0], to[1] - from[1]];
        let way = far(from, to);
        let long = usize::from(way[0].abs() <= way[1].abs());
        if way[long] < 0 {
            (from, to) = (to, from);
        }
        let way = far(from, to);
        let mut step = [ONE; 2];
        step[1 - long] = way[1 - long] * ONE / (way[long] | 1);
        self.dot(to.map(|place| (place + ONE / 2) >> 16));
        let mut place = from.map(|place| place + ONE / 2);
        for _ in 0..=way[long] >> 16 {
            self.dot(place.map(|place| place >> 16));
            place = [place[0] + step[0], place[1] + step[1]];
        }
    }

    /// A convex quadrangle: its sides, and row by row what lies between them.
    fn quadrangle(&mut self, corners: [Place; 4]) {
        for at in 0..4 {
            self.side([corners[(at + 3) % 4], corners[at]]);
        }
        let [width, height] = self.size();
        let row_of = |corner: Place| (corner[1] + ONE / 2) >> 16;
        let rows = corners.map(row_of);
        let topmost = (0..4).min_by_key(|&at| corners[at][1]).unwrap_or_default();
        let bottom = rows.into_iter().fold(i64::MIN, i64::max).min(height - 1);
        // What is left and right of the current row.
        let mut edges = [1, 3].map(|turn| Edge {
            corner: topmost,
            turn,
            end: rows[topmost],
            place: -ONE,
            step: 0,
        });
        let mut left = 4;
        for y in rows[topmost]..=bottom {
            for edge in edges.iter_mut().filter(|edge| y >= edge.end) {
                let mut from = edge.corner;
                while left > 0 {
                    left -= 1;
                    let to = (from + edge.turn) % 4;
                    if rows[to] > y {
                        let [start, end] = [corners[from][0], corners[to][0]];
                        let down = rows[to] - y;
                        edge.end = rows[to];
                        edge.step = ((end - start) * 2 + down) / (2 * down);
                        edge.place = start;
                        edge.corner = to;
                        break;
                    }
                    from = to;
                }
            }
            if edges.iter().any(|edge| y >= edge.end) {
                break;
            }
            let mut places = edges.each_ref().map(|edge| (edge.place + ONE / 2) >> 16);
            places.sort_unstable();
            let [start, end] = [places[0].max(0), places[1].min(width - 1)];
            if y >= 0 && start <= end {
                let row = (y * width) as usize;
                self.painted[row..][start as usize..=end as usize].fill(true);
            }
            for edge in &mut edges {
                edge.place += edge.step;
            }
        }
    }
}

/// A side of a quadrangle, followed downwards.
struct Edge {
    /// The corner where it begins.
    corner: usize,
    /// How many corners further it ends.
    turn: usize,
    /// The row where it ends.
    end: i64,
    /// Where it is in the current row, and by how much that changes.
    place: i64,
    step: i64,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn painted(width: usize, rows: usize, from: Point, to: Point, thick: u32) -> Vec<String> {
        let mut mask = Mask::new(width, rows);
        mask.streak(from, to, thick);
        let text = |row: &[bool]| row.iter().map(|&on| if on { '#' } else { '.' }).collect();
        mask.painted().chunks(width).map(text).collect()
    }

    #[test]
    fn paths_go_along_sides() {
        let rows = painted(4, 4, [0, 0], [2, 3], 1);
        assert_eq!(rows, ["#...", "##..", ".##.", "..#."]);
    }

    #[test]
    fn what_lies_outside_is_left_out() {
        assert_eq!(painted(2, 2, [-9, -3], [-1, 9], 1), ["..", ".."]);
        assert_eq!(painted(3, 2, [1, -5], [1, 7], 1), [".#.", ".#."]);
    }
}
