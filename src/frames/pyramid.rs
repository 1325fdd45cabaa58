//! The same image with fewer rows, many times over.

use super::RowChunk;
use super::image::{LEVEL_STEP, levels_of};

/// A chunk of a level above the rows.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Made {
    pub(super) level: u32,
    pub(super) number: u32,
    pub(super) chunk: RowChunk,
}

/// Makes the levels above the rows while these pass by: each row of level `k` is the mean of `4^k` rows, the last one of
/// a level of those that are left.
#[derive(Debug)]
pub(super) struct Pyramid {
    width: usize,
    /// The levels from 1 up.
    levels: Vec<Level>,
    rows: usize,
}

#[derive(Debug)]
struct Level {
    /// The sum of the depths and pixels of the rows that will be the next row, and how many these are.
    depth: f64,
    pixels: Vec<f32>,
    count: u32,
    /// How many rows of the level below are in there.
    parts: usize,
    number: u32,
    chunk: RowChunk,
}

impl Level {
    fn new(width: usize) -> Self {
        Self {
            depth: 0.0,
            pixels: vec![0.0; width],
            count: 0,
            parts: 0,
            number: 0,
            chunk: RowChunk::with_room(width),
        }
    }

    fn clear(&mut self) {
        self.depth = 0.0;
        self.pixels.fill(0.0);
        (self.count, self.parts) = (0, 0);
    }
}

impl Pyramid {
    pub(super) fn new(width: usize) -> Self {
        Self {
            width,
            levels: Vec::new(),
            rows: 0,
        }
    }

    /// Takes the next rows; the chunks that became full are added to `made`.
    pub(super) fn add(&mut self, chunk: &RowChunk, made: &mut Vec<Made>) {
        for (at, &depth) in chunk.depths.iter().enumerate() {
            self.rows += 1;
            self.sum(0, f64::from(depth), chunk.row(at), 1, made);
        }
    }

    /// Adds sums of `count` rows to the level at `at`.
    fn sum(&mut self, at: usize, depth: f64, pixels: &[f32], count: u32, made: &mut Vec<Made>) {
        if self.levels.len() == at {
            self.levels.push(Level::new(self.width));
        }
        let level = &mut self.levels[at];
        level.depth += depth;
        for (sum, pixel) in level.pixels.iter_mut().zip(pixels) {
            *sum += pixel;
        }
        level.count += count;
        level.parts += 1;
        if level.parts == LEVEL_STEP {
            self.close(at, made);
        }
    }

    /// Makes a row of what is summed up, and hands the sums to the next level.
    fn close(&mut self, at: usize, made: &mut Vec<Made>) {
        let level = &mut self.levels[at];
        let share = 1.0 / level.count as f32;
        level
            .chunk
            .depths
            .push((level.depth / f64::from(level.count)) as f32);
        level
            .chunk
            .pixels
            .extend(level.pixels.iter().map(|sum| sum * share));
        if level.chunk.is_full() {
            let chunk = std::mem::replace(&mut level.chunk, RowChunk::with_room(self.width));
            made.push(Made {
                level: at as u32 + 1,
                number: level.number,
                chunk,
            });
            level.number += 1;
        }
        let pixels = std::mem::replace(&mut level.pixels, Vec::new());
        let (depth, count) = (level.depth, level.count);
        self.sum(at + 1, depth, &pixels, count, made);
        self.levels[at].pixels = pixels;
        self.levels[at].clear();
    }

    /// Closes what is left. Only chunks of levels that an image of so many rows has are made.
    pub(super) fn finish(mut self, made: &mut Vec<Made>) -> u32 {
        let levels = levels_of(self.rows);
        for at in 0..levels as usize - 1 {
            if self.levels[at].parts > 0 {
                self.close(at, made);
            }
            let level = &mut self.levels[at];
            if !level.chunk.is_empty() {
                made.push(Made {
                    level: at as u32 + 1,
                    number: level.number,
                    chunk: std::mem::take(&mut level.chunk),
                });
            }
        }
        levels
    }
}
