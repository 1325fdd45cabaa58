//! Ruled and squared paper: long thin lines are followed across the picture and taken
//! out, but where a stroke crosses them.

use super::mask::Mask;
use super::plane::Area;

/// The part of the picture's width that a line spans at least.
const LONG: f64 = 0.5;

/// The same for a line that reaches one border only.
const LONG_FROM_BORDER: f64 = 0.6;

/// The part of its columns in which a line is seen at least.
const SEEN: f64 = 0.4;

/// The steepest line, in rows per column.
const STEEPEST: f64 = 0.2;

/// From so many columns on, a line goes on behind a stroke.
const ESTABLISHED: usize = 12;

/// A line that is being followed.
#[derive(Clone, Debug)]
struct Track {
    /// Column, and the rows of the line in it: its first and the one after its last.
    seen: Vec<(usize, usize, usize)>,
    /// The middle of the line in the last column.
    y: f64,
    /// By how many rows it falls per column.
    slope: f64,
}

impl Track {
    fn first(&self) -> usize {
        self.seen[0].0
    }

    fn last(&self) -> usize {
        self.seen[self.seen.len() - 1].0
    }

    fn length(&self) -> usize {
        self.last() - self.first() + 1
    }

    fn expected(&self, x: usize) -> f64 {
        self.y + self.slope * (x - self.last()) as f64
    }

    fn lives(&self, x: usize, width: usize) -> bool {
        let gap = x - self.last();
        gap <= 2
            || self.seen.len() >= ESTABLISHED && gap <= (width * 3 / 5).min(self.seen.len() * 3)
    }

    fn extend(&mut self, x: usize, (first, end): (usize, usize)) {
        let middle = (first + end) as f64 / 2.0;
        let gap = (x - self.last()) as f64;
        let step = ((middle - self.y) / gap).clamp(-1.0, 1.0);
        // It learns fast at first, and then trusts what it has seen.
        let share = (1.0 / self.seen.len() as f64).max(0.04);
        self.slope = (self.slope + share * (step - self.slope)).clamp(-STEEPEST, STEEPEST);
        self.y = middle;
        self.seen.push((x, first, end));
    }

    fn thickness(&self) -> f64 {
        let sum: usize = self.seen.iter().map(|(_, first, end)| end - first).sum();
        sum as f64 / self.seen.len() as f64
    }
}

/// How many lines were taken out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Lines {
    /// From left to right.
    pub across: usize,
    /// From top to bottom.
    pub down: usize,
}

/// Takes ruled lines out of a mask.
pub fn remove_lines(mask: &mut Mask) -> Lines {
    let mut turned = mask.transposed();
    let across = remove_across(mask, &turned);
    if across > 0 {
        turned = mask.transposed();
    }
    let upright = mask.clone();
    let down = remove_across(&mut turned, &upright);
    if down > 0 {
        *mask = turned.transposed();
    }
    Lines { across, down }
}

/// Takes out the lines from left to right. `turned` is the mask with rows as columns.
fn remove_across(mask: &mut Mask, turned: &Mask) -> usize {
    let (width, height) = (mask.width(), mask.height());
    if width < 3 * ESTABLISHED {
        return 0;
    }
    let thin = 2 + width.max(height) / 128;
    let tracks = follow(turned, thin);
    let long = |track: &Track| {
        track.length() as f64 >= LONG * width as f64
            && track.seen.len() as f64 >= SEEN * track.length() as f64
    };
    let tracks: Vec<Track> = tracks.into_iter().filter(long).collect();
    let margin = (width / 32).max(1);
    let reaches = |track: &Track| {
        let left = track.first() <= margin;
        let right = track.last() + 1 + margin >= width;
        let long = track.length() as f64 >= LONG_FROM_BORDER * width as f64;
        left && right || (left || right) && long
    };
    let ruled = tracks.len() >= 3;
    let lines: Vec<Track> = tracks
        .into_iter()
        .filter(|track| ruled || reaches(track))
        .collect();
    if let [line] = &lines[..]
        && is_part_of_a_digit(mask, line)
    {
        return 0;
    }
    for line in &lines {
        for &(x, first, end) in &line.seen {
            (first..end).for_each(|y| mask.clear(x, y));
        }
    }
    lines.len()
}

/// Follows thin vertical runs from column to column.
fn follow(turned: &Mask, thin: usize) -> Vec<Track> {
    let width = turned.height();
    let mut done: Vec<Track> = Vec::new();
    let mut active: Vec<Track> = Vec::new();
    let least = LONG * width as f64;
    for x in 0..width {
        let (alive, ended): (Vec<Track>, Vec<Track>) =
            active.into_iter().partition(|track| track.lives(x, width));
        done.extend(
            ended
                .into_iter()
                .filter(|track| track.length() as f64 >= least),
        );
        active = alive;
        let runs: Vec<(usize, usize)> = turned
            .runs(x)
            .filter(|(first, end)| end - first <= thin)
            .collect();
        let mut taken = vec![false; runs.len()];
        // Those that were seen most choose first.
        active.sort_by_key(|track| std::cmp::Reverse(track.seen.len()));
        for track in &mut active {
            let expected = track.expected(x);
            let tolerance = 1.6 + 0.03 * (x - track.last()) as f64;
            let distance = |run: (usize, usize)| ((run.0 + run.1) as f64 / 2.0 - expected).abs();
            let nearest = (0..runs.len())
                .filter(|&at| !taken[at] && distance(runs[at]) <= tolerance)
                .min_by(|&a, &b| distance(runs[a]).total_cmp(&distance(runs[b])));
            if let Some(at) = nearest {
                taken[at] = true;
                track.extend(x, runs[at]);
            }
        }
        let fresh = runs.iter().zip(taken).filter(|(_, taken)| !taken);
        active.extend(fresh.map(|(&(first, end), _)| Track {
            seen: vec![(x, first, end)],
            y: (first + end) as f64 / 2.0,
            slope: 0.0,
        }));
    }
    done.extend(active);
    done
}

/// Whether a single line is rather the bar of a 7 or the base of a 2 that fills the
/// picture: it ends the ink above or below, is about as wide as the rest, and as thick.
fn is_part_of_a_digit(mask: &Mask, line: &Track) -> bool {
    let mut rest = mask.clone();
    for &(x, first, end) in &line.seen {
        (first..end).for_each(|y| rest.clear(x, y));
    }
    let (Some(all), Some(box_of_rest)) = (area(mask), area(&rest)) else {
        return true;
    };
    let middle = line.seen[line.seen.len() / 2].1;
    let place = (middle - all.top) as f64 / all.height() as f64;
    let ends = !(0.15..=0.85).contains(&place);
    let wide = box_of_rest.width() as f64 >= 0.6 * line.length() as f64;
    let mut runs: Vec<usize> = (0..rest.height())
        .flat_map(|y| {
            rest.runs(y)
                .map(|(first, end)| end - first)
                .collect::<Vec<_>>()
        })
        .filter(|&run| run > 1)
        .collect();
    runs.sort_unstable();
    let stroke = runs.get(runs.len() / 2).copied().unwrap_or(1);
    ends && wide && line.thickness() >= 0.7 * stroke as f64
}

/// The smallest area that holds all that is set.
pub(super) fn area(mask: &Mask) -> Option<Area> {
    let mut area: Option<Area> = None;
    for y in 0..mask.height() {
        let mut runs = mask.runs(y);
        if let Some((left, end)) = runs.next() {
            let right = runs.last().map_or(end, |(_, end)| end);
            let row = Area {
                left,
                top: y,
                right,
                bottom: y + 1,
            };
            area = Some(area.map_or(row, |area| area.with(row)));
        }
    }
    area
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::classify::plane::Plane;

    fn mask(width: usize, height: usize, inked: impl Fn(usize, usize) -> bool) -> Mask {
        let plane = Plane::of(width, height, |x, y| f32::from(u8::from(inked(x, y))));
        Mask::of(&plane, 0.5)
    }

    /// A digit 0 as a ring.
    fn ring(x: usize, y: usize) -> bool {
        let [dx, dy] = [x as f64 - 100.0, y as f64 - 75.0];
        let distance = (dx * dx / 0.6 + dy * dy).sqrt();
        (40.0..48.0).contains(&distance)
    }

    fn count(mask: &Mask) -> usize {
        mask.set().iter().filter(|&&set| set).count()
    }

    #[test]
    fn ruled_and_squared_lines_go_and_the_digit_stays() {
        let line = |at: usize, by: usize| at % 30 < 2 && by < 200;
        let digit = mask(200, 150, ring);
        let ruled = |x: usize, y: usize| ring(x, y) || line(y + x / 20 + 15, x);
        let squared = |x: usize, y: usize| ruled(x, y) || line(x + y / 20 + 15, y);
        let mut sheets = [mask(200, 150, ruled), mask(200, 150, squared)];
        let counts = sheets.each_mut().map(remove_lines);
        assert!(counts[0].across >= 4 && counts[0].down == 0, "{counts:?}");
        assert!(counts[1].across >= 4 && counts[1].down >= 5, "{counts:?}");
        for sheet in &sheets {
            let both = sheet.set().iter().zip(digit.set());
            let (lost, left) = both.fold((0, 0), |(lost, left), (&now, &was)| {
                (
                    lost + usize::from(was && !now),
                    left + usize::from(now && !was),
                )
            });
            assert!(
                lost * 12 < count(&digit),
                "lost {lost} of {}",
                count(&digit)
            );
            assert!(left * 12 < count(&digit), "left {left}");
        }
    }

    #[test]
    fn a_digit_alone_stays_as_it_is() {
        // A 7 that fills the picture from border to border, in a thin pen.
        let seven = |x: usize, y: usize| y < 3 || (120 - y * 80 / 100).abs_diff(x) < 2;
        let mut whole = mask(124, 100, seven);
        let before = whole.clone();
        assert_eq!(remove_lines(&mut whole), Lines::default());
        assert_eq!(whole, before);
        let mut round = mask(200, 150, ring);
        assert_eq!(remove_lines(&mut round), Lines::default());
    }

    #[test]
    fn a_line_under_a_digit_goes() {
        let mut sheet = mask(200, 150, |x, y| ring(x, y) || y == 130 || y == 131);
        assert_eq!(remove_lines(&mut sheet).across, 1);
        assert_eq!(sheet, mask(200, 150, ring));
    }
}
