//! From pieces in a row to digits: of all ways to join them, the best one.
//!
//! A way goes from border to border; each step joins the pieces between two borders to a
//! digit, and costs the negative logarithm of how probable that is. The cheapest way is
//! found as Dijkstra finds it, with the least cost of leaving a border as what is still to
//! come (A*; Hart, Nilsson and Raphael, 1968). What a step costs is found out in the order
//! of how cheap it can be at best, so that the model is asked only about what can be part
//! of the cheapest way: of digits that stand apart, about each once.

use super::centre::Digit;
use super::figure::{Figure, figure};
use super::plane::Area;
use super::segment::{Border, Pieces};
use super::sheet::Sheet;
use std::cmp::Ordering;
use std::collections::BinaryHeap;
use std::ops::Range;

/// The most pieces that one digit is put together from.
const MOST_PIECES: usize = 6;

/// What it costs to leave a trace of ink out: it is better joined to what is beside it.
const LEFT_OUT: f64 = 3.0;

/// The least probability that counts: a model may be wrong.
const LEAST: f32 = 1e-4;

/// A digit, with how probable the model finds each.
pub(super) type Joined = (Figure, [f32; 10]);

/// The digits that pieces are best joined to, from left to right; none where all ink vanishes.
pub(super) fn join(
    sheet: &Sheet,
    pieces: &Pieces,
    classify: &mut impl FnMut(&Digit) -> [f32; 10],
) -> Vec<Joined> {
    let count = pieces.areas.len();
    let mut steps = Vec::new();
    let mut open = BinaryHeap::new();
    // For each border the step that the cheapest way arrives by, once that is known.
    let mut arrivals: Vec<Option<usize>> = vec![None; count + 1];
    leave(pieces, 0, 0.0, &mut steps, &mut open);
    while let Some(Open { at, .. }) = open.pop() {
        let step: &mut Step = &mut steps[at];
        let end = step.pieces.end;
        if arrivals[end].is_some() {
            continue;
        }
        match step.known {
            Known::Pieces => {
                let own = step.pieces.start as u32 + 1..=end as u32;
                let is_own = |at: usize| own.contains(&pieces.owners[at]);
                match figure(&sheet.ink, step.area, is_own) {
                    Some(figure) => {
                        step.cost += shape(figure.area, pieces.height);
                        step.figure = Some(figure);
                        step.known = Known::Figure;
                    }
                    None => {
                        step.cost = step.before + LEFT_OUT;
                        step.known = Known::Digit;
                    }
                }
            }
            Known::Figure => {
                let figure = step.figure.as_ref().expect("a figure");
                let probabilities = classify(&figure.digit);
                let (digit, probability) = most_probable(&probabilities);
                step.cost -= libm::log(f64::from(probability.max(LEAST)));
                step.cost += sliver(pieces, step.pieces.clone(), figure.area, digit);
                step.probabilities = probabilities;
                step.known = Known::Digit;
            }
            Known::Digit => {
                arrivals[end] = Some(at);
                if end == count {
                    break;
                }
                let so_far = step.cost;
                leave(pieces, end, so_far, &mut steps, &mut open);
                continue;
            }
        }
        open.push(Open::new(&steps, at, pieces));
    }
    let mut digits = Vec::new();
    let mut end = count;
    while end > 0 {
        let step = &mut steps[arrivals[end].expect("a way leads to every border on it")];
        end = step.pieces.start;
        let probabilities = step.probabilities;
        digits.extend(step.figure.take().map(|figure| (figure, probabilities)));
    }
    digits.reverse();
    digits
}

/// Pieces that may be one digit.
#[derive(Debug)]
struct Step {
    pieces: Range<usize>,
    area: Area,
    /// The cost of the way up to its first piece.
    before: f64,
    /// The cost of the way with this step, as far as it is known: it only grows.
    cost: f64,
    known: Known,
    figure: Option<Figure>,
    probabilities: [f32; 10],
}

/// What the cost of a step is known from.
#[derive(Clone, Copy, Debug)]
enum Known {
    Pieces,
    Figure,
    Digit,
}

/// A step that waits for its turn: the cheapest way through it is next.
#[derive(Debug)]
struct Open {
    least: f64,
    at: usize,
}

impl Open {
    fn new(steps: &[Step], at: usize, pieces: &Pieces) -> Self {
        let Step {
            cost, pieces: own, ..
        } = &steps[at];
        // Whoever goes on from there pays at least this.
        let rest = arrival(pieces, own.end).min(LEFT_OUT);
        Self {
            least: cost + rest,
            at,
        }
    }
}

impl Ord for Open {
    fn cmp(&self, other: &Self) -> Ordering {
        // The heap's greatest is the cheapest; of equals the one that was found first.
        let cheaper = other.least.total_cmp(&self.least);
        cheaper.then(other.at.cmp(&self.at))
    }
}

impl PartialOrd for Open {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Open {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Open {}

/// Opens every step from a border.
fn leave(
    pieces: &Pieces,
    first: usize,
    before: f64,
    steps: &mut Vec<Step>,
    open: &mut BinaryHeap<Open>,
) {
    let count = pieces.areas.len();
    let mut area = pieces.areas[first];
    for end in first + 1..=(first + MOST_PIECES).min(count) {
        area = area.with(pieces.areas[end - 1]);
        if end > first + 1 && area.width() as f64 > 2.0 * pieces.height {
            break;
        }
        let inside = pieces.borders[first..end - 1].iter().map(joint);
        let cost = before + arrival(pieces, first) + inside.sum::<f64>();
        steps.push(Step {
            pieces: first..end,
            area,
            before,
            cost,
            known: Known::Pieces,
            figure: None,
            probabilities: [0.0; 10],
        });
        open.push(Open::new(steps, steps.len() - 1, pieces));
    }
}

/// The most probable digit; the lowest of several.
pub(super) fn most_probable(probabilities: &[f32; 10]) -> (u8, f32) {
    let start = (0, probabilities[0]);
    (0..)
        .zip(probabilities)
        .fold(start, |best, (digit, &probability)| {
            if probability > best.1 {
                (digit, probability)
            } else {
                best
            }
        })
}

/// What a digit of this size costs in a line of that height.
fn shape(area: Area, line: f64) -> f64 {
    let wide = area.width() as f64 / line;
    let high = area.height() as f64 / line;
    20.0 * (wide - 1.0).max(0.0) + 6.0 * (0.45 - high).max(0.0)
}

/// What it costs that a border lies inside of a digit.
fn joint(border: &Border) -> f64 {
    match border {
        Border::Gap(gap) => 0.3 + 14.0 * (gap - 0.05).max(0.0),
        // Without ink in its way, a cut is a gap that is not straight.
        Border::Cut(ink) if *ink < 0.05 => 0.3,
        Border::Cut(_) => 0.0,
    }
}

/// What it costs that a digit begins at a border; nothing at either end of the row.
fn arrival(pieces: &Pieces, at: usize) -> f64 {
    let border = at.checked_sub(1).and_then(|at| pieces.borders.get(at));
    border.map_or(0.0, |border| match border {
        Border::Cut(ink) if *ink >= 0.05 => 4.0 + 1.2 * ink,
        Border::Cut(_) => 1.0,
        // So narrow a gap is rather a break in a stroke.
        Border::Gap(gap) => 2.0 * (1.0 - gap / 0.12).clamp(0.0, 1.0),
    })
}

/// What it costs that what a cut leaves is this digit: a part of a digit is narrow, and of
/// whole digits only a 1 is.
fn sliver(pieces: &Pieces, own: Range<usize>, area: Area, digit: u8) -> f64 {
    let is_cut = |at: Option<usize>| {
        let border = at.and_then(|at| pieces.borders.get(at));
        matches!(border, Some(Border::Cut(_)))
    };
    let cut = is_cut(own.start.checked_sub(1)) || is_cut(Some(own.end - 1));
    let narrow = (area.width() as f64) < 0.35 * pieces.height;
    if cut && narrow && digit != 1 {
        3.0
    } else {
        0.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::classify::plane::Plane;
    use crate::classify::segment::pieces;
    use crate::raster::Raster;

    /// Rings side by side, `overlap` pixels over each other.
    fn rings(count: usize, overlap: f64) -> Raster {
        let apart = 40.0 - overlap;
        let width = 60.0 + apart * count as f64;
        let plane = Plane::of(width as usize, 60, |x, y| {
            let near = |k: usize| {
                let middle = 30.0 + apart * k as f64;
                let distance = (x as f64 - middle).hypot(y as f64 - 30.0);
                (16.0..=20.0).contains(&distance)
            };
            f32::from(u8::from(!(0..count).any(near)))
        });
        plane.to_raster()
    }

    /// Sure of a 0 where the middle is empty and the sides are not, unsure of all else.
    fn ring(digit: &Digit) -> [f32; 10] {
        let inked = |x: usize, y: usize| digit[y * 28 + x] > 0.3;
        let row = (0..28).filter(|&x| inked(x, 14)).count();
        let empty = !inked(13, 14) && !inked(14, 14) && !inked(14, 13);
        let mut probabilities = [0.1; 10];
        if empty && row >= 4 && (0..28).filter(|&y| inked(14, y)).count() >= 4 {
            probabilities = [0.01; 10];
            probabilities[0] = 0.91;
        }
        probabilities
    }

    /// What the cheapest way costs, by trying every step.
    fn by_trying(sheet: &Sheet, pieces: &Pieces) -> f64 {
        let count = pieces.areas.len();
        let mut best = vec![f64::INFINITY; count + 1];
        best[count] = 0.0;
        for first in (0..count).rev() {
            let mut area = pieces.areas[first];
            for end in first + 1..=(first + MOST_PIECES).min(count) {
                area = area.with(pieces.areas[end - 1]);
                if end > first + 1 && area.width() as f64 > 2.0 * pieces.height {
                    break;
                }
                let own = first as u32 + 1..=end as u32;
                let cost = match figure(&sheet.ink, area, |at| own.contains(&pieces.owners[at])) {
                    None => LEFT_OUT,
                    Some(figure) => cost_of(pieces, first..end, &figure, &ring(&figure.digit)),
                };
                best[first] = best[first].min(cost + best[end]);
            }
        }
        best[0]
    }

    fn cost_of(pieces: &Pieces, own: Range<usize>, figure: &Figure, found: &[f32; 10]) -> f64 {
        let (digit, probability) = most_probable(found);
        let inside = pieces.borders[own.start..own.end - 1].iter().map(joint);
        arrival(pieces, own.start) - libm::log(f64::from(probability.max(LEAST)))
            + inside.sum::<f64>()
            + shape(figure.area, pieces.height)
            + sliver(pieces, own, figure.area, digit)
    }

    #[test]
    fn the_way_that_is_found_is_the_cheapest() {
        for overlap in [-12.0, -2.0, 0.0, 3.0, 5.0] {
            let sheet = Sheet::of(&rings(4, overlap)).expect("ink");
            let pieces = pieces(&sheet);
            let mut asked = 0;
            let digits = join(&sheet, &pieces, &mut |digit| {
                asked += 1;
                ring(digit)
            });
            // The digits' areas tell which pieces each is made of.
            let mut first = 0;
            let mut cost = 0.0;
            for (figure, found) in &digits {
                let middle = |area: &Area| (area.left + area.right) / 2;
                let inside = |area: &&Area| middle(area) < figure.area.right;
                let end = pieces.areas.iter().take_while(inside).count();
                cost += cost_of(&pieces, first..end, figure, found);
                first = end;
            }
            let best = by_trying(&sheet, &pieces);
            assert!((cost - best).abs() < 1e-9, "{overlap}: {cost} and {best}");
            assert!(asked >= digits.len());
        }
    }

    #[test]
    fn digits_that_stand_apart_are_asked_about_once() {
        let sheet = Sheet::of(&rings(5, -12.0)).expect("ink");
        let pieces = pieces(&sheet);
        let mut asked = 0;
        let digits = join(&sheet, &pieces, &mut |digit| {
            asked += 1;
            ring(digit)
        });
        assert_eq!(digits.len(), 5);
        assert_eq!(asked, 5);
    }
}
