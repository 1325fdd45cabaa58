//! Holes that are closed with what is around them, as OpenCV's `inpaint` does it with a
//! radius of three pixels: pixels in the order in which a front reaches them that comes
//! from the holes' edges (Telea, "An image inpainting technique based on the fast
//! marching method", 2004), each from those around it that are known by then.

use super::holes::Hole;
use crate::raster::Raster;
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// How far pixels are looked at.
const RADIUS: isize = 3;

/// How far a circle of that radius reaches to both sides, from its top to its bottom.
const REACH: [isize; 7] = [0, 2, 3, 3, 3, 2, 0];

/// What weighs the pixels around one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Method {
    /// Telea's: by distance, and by where the front comes from, with the slopes there.
    Telea,
    /// By distance, and along lines of the same level.
    NavierStokes,
}

/// What is known of a pixel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Known,
    /// Known, and part of the front.
    Front,
    Unknown,
    /// Left behind by the front that goes away from the holes.
    Passed,
}

/// A picture with one pixel more at each side.
struct Front {
    columns: usize,
    states: Vec<State>,
    times: Vec<f32>,
    /// Pixels of the front: the earliest first, and of these the oldest. Times are not
    /// negative, so that their bits have their order.
    queue: BinaryHeap<Reverse<(u32, u32, usize)>>,
    pushed: u32,
}

impl Front {
    fn push(&mut self, at: usize, time: f32) {
        self.queue.push(Reverse((time.to_bits(), self.pushed, at)));
        self.pushed += 1;
    }

    fn known(&self, at: usize) -> bool {
        self.states[at] != State::Unknown
    }

    /// When the front reaches a pixel.
    fn time(&self, at: usize) -> f32 {
        let [up, down] = [at - self.columns, at + self.columns];
        let [left, right] = [at - 1, at + 1];
        [(up, left), (down, left), (up, right), (down, right)]
            .map(|(first, second)| self.solve(first, second))
            .into_iter()
            .fold(f32::INFINITY, f32::min)
    }

    /// The same from two neighbours.
    fn solve(&self, first: usize, second: usize) -> f32 {
        let [a, b] = [first, second].map(|at| f64::from(self.times[at]));
        let time = match (self.known(first), self.known(second)) {
            (true, true) if (a - b).abs() < 1.0 => (a + b + (2.0 - (a - b) * (a - b)).sqrt()) * 0.5,
            (true, false) => 1.0 + a,
            (false, true) => 1.0 + b,
            _ => 1.0 + a.min(b),
        };
        time as f32
    }

    /// Moves the front over all that is unknown; `reached` is told of each pixel.
    fn march(&mut self, behind: State, mut reached: impl FnMut(&Self, usize)) {
        while let Some(Reverse((.., at))) = self.queue.pop() {
            self.states[at] = behind;
            for next in [at - self.columns, at - 1, at + self.columns, at + 1] {
                if self.known(next) {
                    continue;
                }
                let time = self.time(next);
                self.times[next] = time;
                reached(self, next);
                self.states[next] = State::Front;
                self.push(next, time);
            }
        }
    }

    /// The slope of times.
    fn slope(&self, at: usize, step: usize) -> f32 {
        let [before, here, after] = [at - step, at, at + step].map(|at| self.times[at]);
        match (self.known(at - step), self.known(at + step)) {
            (true, true) => (after - before) * 0.5,
            (false, true) => after - here,
            (true, false) => here - before,
            (false, false) => 0.0,
        }
    }
}

/// Closes the holes of a picture without alpha.
pub(super) fn inpaint(picture: &mut Raster, holes: &[Hole], method: Method) {
    let [width, height] = [picture.width(), picture.height()];
    let columns = width + 2;
    let length = columns * (height + 2);
    let mut unknown = vec![false; length];
    for &[left, top, right, bottom] in holes {
        for y in top..bottom {
            unknown[(y + 1) * columns..][left + 1..right + 1].fill(true);
        }
    }
    let inner =
        |at: usize| (1..=height).contains(&(at / columns)) && (1..=width).contains(&(at % columns));
    let pixels = || (0..length).filter(|&at| inner(at));
    let beside = |at: usize| [at - columns, at - 1, at + 1, at + columns].map(|at| unknown[at]);
    let edge: Vec<usize> = pixels()
        .filter(|&at| !unknown[at] && beside(at).contains(&true))
        .collect();
    let mut front = Front {
        columns,
        states: vec![State::Known; length],
        times: vec![1e6; length],
        queue: BinaryHeap::new(),
        pushed: 0,
    };
    for &at in &edge {
        front.times[at] = 0.0;
        front.push(at, 0.0);
    }
    if method == Method::Telea {
        // First away from the holes, as far as is looked at; times there are negative.
        for at in pixels().filter(|&at| unknown[at]) {
            let (y, x) = ((at / columns) as isize, (at % columns) as isize);
            for (dy, reach) in (-RADIUS..).zip(REACH) {
                if !(1..=height as isize).contains(&(y + dy)) {
                    continue;
                }
                let [start, end] = [x - reach, x + reach].map(|x| x.clamp(1, width as isize));
                let row = (y + dy) as usize * columns;
                front.states[row + start as usize..=row + end as usize].fill(State::Unknown);
            }
        }
        for at in pixels().filter(|&at| unknown[at]) {
            front.states[at] = State::Known;
        }
        for &at in &edge {
            front.states[at] = State::Known;
        }
        front.march(State::Passed, |_, _| ());
        for (time, state) in front.times.iter_mut().zip(&mut front.states) {
            if *state == State::Passed {
                *time = -*time;
            }
            *state = State::Known;
        }
        for &at in &edge {
            front.push(at, 0.0);
        }
    }
    for &at in &edge {
        front.states[at] = State::Front;
    }
    for at in pixels().filter(|&at| unknown[at]) {
        front.states[at] = State::Unknown;
    }
    front.march(State::Known, |front, at| {
        let around = Around {
            front,
            at,
            size: [width, height],
            channels: picture.channels(),
            levels: picture.data(),
        };
        let levels = match method {
            Method::Telea => around.telea(),
            Method::NavierStokes => around.along_lines(),
        };
        let channels = picture.channels();
        let pixel = (at / columns - 1) * width + at % columns - 1;
        picture.data_mut()[pixel * channels..][..channels].copy_from_slice(&levels[..channels]);
    });
}

/// An unknown pixel, and what is around it.
struct Around<'a> {
    front: &'a Front,
    at: usize,
    size: [usize; 2],
    channels: usize,
    levels: &'a [u8],
}

/// A known pixel near an unknown one.
struct Near {
    /// How far it is to the right, and down.
    right: isize,
    down: isize,
    /// Its place among the states.
    at: usize,
    /// Its own row and column, and those from which slopes are taken: on the left and
    /// upper side, and on the other. At the picture's edges they lie further inside.
    own: [isize; 2],
    upper: [isize; 2],
    lower: [isize; 2],
}

impl Around<'_> {
    fn near(&self) -> impl Iterator<Item = Near> {
        let columns = self.front.columns;
        let [width, height] = self.size.map(|side| side as isize);
        let (y, x) = ((self.at / columns) as isize, (self.at % columns) as isize);
        let square =
            (-RADIUS..=RADIUS).flat_map(|down| (-RADIUS..=RADIUS).map(move |right| (down, right)));
        square.filter_map(move |(down, right)| {
            let (row, column) = (y + down, x + right);
            let within = (1..=height).contains(&row) && (1..=width).contains(&column);
            if !within || right * right + down * down > RADIUS * RADIUS {
                return None;
            }
            let at = row as usize * columns + column as usize;
            let own = [row - 1, column - 1];
            let [first, last] = [[1, 1], [height, width]];
            let edge = |ends: [isize; 2], by: isize| {
                [0, 1].map(|axis| own[axis] + if own[axis] + 1 == ends[axis] { by } else { 0 })
            };
            self.front.known(at).then_some(Near {
                right,
                down,
                at,
                own,
                upper: edge(first, 1),
                lower: edge(last, -1),
            })
        })
    }

    /// A level. Where a picture is a single row or column, slopes would be taken outside.
    fn level(&self, row: isize, column: isize, channel: usize) -> i32 {
        let [width, height] = self.size.map(|side| side as isize);
        let (row, column) = (row.clamp(0, height - 1), column.clamp(0, width - 1));
        self.levels[(row * width + column) as usize * self.channels + channel].into()
    }

    fn telea(&self) -> [u8; 3] {
        let front = self.front;
        let [across, along] = [1, front.columns].map(|step| front.slope(self.at, step));
        let mut sums = [[0.0_f32; 3]; 3];
        let mut total = 1e-20_f32;
        for near in self.near() {
            let [x, y] = [-near.right as f32, -near.down as f32];
            let square = f64::from(x * x + y * y);
            let distance = (1.0 / (square * square.sqrt())) as f32;
            let late = f64::from((front.times[near.at] - front.times[self.at]).abs());
            let late = (1.0 / (1.0 + late)) as f32;
            let mut direction = x * across + y * along;
            if f64::from(direction.abs()) <= 0.01 {
                direction = 1e-6;
            }
            let weight = (distance * late * direction).abs();
            total += weight;
            let known = |step: usize| [front.known(near.at - step), front.known(near.at + step)];
            let ([left, right], [above, below]) = (known(1), known(front.columns));
            let ([up, lead], [low, end]) = (near.upper, near.lower);
            for (channel, sums) in sums.iter_mut().enumerate().take(self.channels) {
                let level = |row, column| self.level(row, column, channel);
                let slope_x = match (left, right) {
                    (true, true) => 2 * (level(up, end + 1) - level(up, lead - 1)),
                    (false, true) => level(up, end + 1) - level(up, lead),
                    (true, false) => level(up, end) - level(up, lead - 1),
                    (false, false) => 0,
                };
                let slope_y = match (above, below) {
                    (true, true) => 2 * (level(low + 1, lead) - level(up - 1, lead)),
                    (false, true) => level(low + 1, lead) - level(up, lead),
                    (true, false) => level(low, lead) - level(up - 1, lead),
                    (false, false) => 0,
                };
                let [row, column] = near.own;
                sums[0] += weight * level(row, column) as f32;
                sums[1] -= weight * (slope_x as f32 * x);
                sums[2] -= weight * (slope_y as f32 * y);
            }
        }
        sums.map(|[levels, x, y]| {
            let slope = (x + y) / ((x * x + y * y).sqrt() + 1e-20);
            (levels / total + slope + 0.5).round_ties_even() as u8
        })
    }

    fn along_lines(&self) -> [u8; 3] {
        let front = self.front;
        let mut sums = [0.0_f32; 3];
        let mut totals = [1e-20_f32; 3];
        for near in self.near() {
            let [x, y] = [near.right as f32, near.down as f32];
            let square = x * x + y * y;
            let distance = 1.0 / (square * square + 1.0);
            let known = |step: usize| [front.known(near.at - step), front.known(near.at + step)];
            let ([left, right], [above, below]) = (known(1), known(front.columns));
            let ([up, lead], [low, end]) = (near.upper, near.lower);
            for channel in 0..self.channels {
                let level = |row, column| self.level(row, column, channel);
                let step = |first: [isize; 2], second: [isize; 2]| {
                    (level(first[0], first[1]) - level(second[0], second[1])).abs()
                };
                let down = || step([low + 1, lead], [low, lead]);
                let up_to = || step([low, lead], [up - 1, lead]);
                let slope_y = match (above, below) {
                    (true, true) => down() + up_to(),
                    (false, true) => 2 * down(),
                    (true, false) => 2 * up_to(),
                    (false, false) => 0,
                };
                let after = || step([up, end + 1], [up, lead]);
                let before = || step([up, lead], [up, lead - 1]);
                let slope_x = match (left, right) {
                    (true, true) => after() + before(),
                    (false, true) => 2 * after(),
                    (true, false) => 2 * before(),
                    (false, false) => 0,
                };
                // A line of the same level is at right angles to the slope.
                let [a, b] = [-slope_y as f32, slope_x as f32];
                let mut direction = x * a + y * b;
                if f64::from(direction.abs()) <= 0.01 {
                    direction = 1e-6;
                } else {
                    direction = (direction / (square * (a * a + b * b)).sqrt()).abs();
                }
                let weight = distance * direction;
                let [row, column] = near.own;
                sums[channel] += weight * level(row, column) as f32;
                totals[channel] += weight;
            }
        }
        [0, 1, 2].map(|channel| {
            let level = f64::from(sums[channel]) / f64::from(totals[channel]);
            level.round_ties_even() as u8
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn holes_in_flat_pictures_vanish() {
        let flat = Raster::grey(9, 7, vec![90; 63]);
        for hole in [[2, 2, 6, 5], [0, 0, 4, 7], [8, 6, 9, 7]] {
            let mut picture = flat.clone();
            for y in hole[1]..hole[3] {
                picture.data_mut()[y * 9..][hole[0]..hole[2]].fill(7);
            }
            inpaint(&mut picture, &[hole], Method::NavierStokes);
            assert!(picture == flat, "{hole:?}");
        }
    }

    #[test]
    fn without_a_known_pixel_all_stays() {
        let picture = Raster::grey(3, 2, vec![1, 2, 3, 4, 5, 6]);
        for method in [Method::Telea, Method::NavierStokes] {
            let mut closed = picture.clone();
            inpaint(&mut closed, &[[0, 0, 3, 2]], method);
            assert!(closed == picture);
        }
    }
}
