//! Rows of the file become chunks of the image, in order if possible.

use crate::error::Result;
use crate::frames::merge::{Merge, Steps};
use crate::frames::resample::{Method, Resampler};
use crate::frames::rows::{CHUNK_ROWS, RowChunk};
use std::ops::Range;

/// How much is sorted at a time once rows are out of order.
const SORTED_BYTES: usize = 1 << 23;

/// Collects rows.
///
/// As long as depths increase, chunks are handed out as they fill up. From the first row
/// on that lies above one before it, rows are collected, sorted and handed out as runs:
/// [`Merge`] does the rest.
#[derive(Debug)]
pub(super) struct Gather {
    width: usize,
    resampler: Resampler,
    resampled: Vec<f32>,
    /// The smallest and largest value after resampling.
    range: [f32; 2],
    chunk: RowChunk,
    last: Option<f32>,
    unsorted: Option<Unsorted>,
    ready: Option<RowChunk>,
    handed_out: u32,
    runs: Vec<Range<u32>>,
    pub(super) kept: u64,
    pub(super) steps: Steps,
}

#[derive(Debug)]
struct Unsorted {
    /// Rows in the order of the file.
    depths: Vec<f32>,
    pixels: Vec<f32>,
    lines: Vec<u64>,
    /// How many rows are sorted at a time.
    most: usize,
    /// Once sorted: the rows that are still to be handed out, the next one last.
    order: Vec<u32>,
    /// Lines of rows whose depth occurred before.
    equal: Vec<(u64, f32)>,
}

impl Gather {
    pub(super) fn new(from: usize, width: usize, method: Method) -> Result<Self> {
        Ok(Self {
            width,
            resampler: Resampler::new(from, width, method)?,
            resampled: vec![0.0; width],
            range: [f32::INFINITY, f32::NEG_INFINITY],
            chunk: RowChunk::with_room(width),
            last: None,
            unsorted: None,
            ready: None,
            handed_out: 0,
            runs: Vec::new(),
            kept: 0,
            steps: Steps::default(),
        })
    }

    pub(super) fn width(&self) -> usize {
        self.width
    }

    pub(super) fn in_order(&self) -> bool {
        self.unsorted.is_none()
    }

    pub(super) fn range(&self) -> [f32; 2] {
        self.range
    }

    /// Adds a row, and says whether it is kept: not when the row before has its depth.
    pub(super) fn push(&mut self, depth: f32, row: &[f32], line: u64) -> bool {
        if self.unsorted.is_none() {
            match self.last {
                Some(last) if depth == last => return false,
                Some(last) if depth < last => self.give_up_order(),
                _ => {}
            }
        }
        self.resampler.apply(row, &mut self.resampled);
        let [low, high] = range(&self.resampled);
        self.range = [self.range[0].min(low), self.range[1].max(high)];
        self.kept += 1;
        match &mut self.unsorted {
            None => {
                self.last = Some(depth);
                self.steps.next(depth);
                self.chunk.push(depth, &self.resampled);
                if self.chunk.is_full() {
                    self.hand_over();
                }
            }
            Some(unsorted) => {
                unsorted.depths.push(depth);
                unsorted.pixels.extend_from_slice(&self.resampled);
                unsorted.lines.push(line);
                if unsorted.depths.len() >= unsorted.most {
                    self.sort();
                }
            }
        }
        true
    }

    /// Moves the chunk on, with a fresh one in its place.
    fn hand_over(&mut self) {
        let chunk = std::mem::replace(&mut self.chunk, RowChunk::with_room(self.width));
        self.ready = (!chunk.is_empty()).then_some(chunk);
    }

    /// From now on, rows are sorted.
    fn give_up_order(&mut self) {
        self.hand_over();
        let chunks = self.handed_out + u32::from(self.ready.is_some());
        self.runs.push(0..chunks);
        let row = size_of::<f32>() * (self.width + 1) + size_of::<u64>();
        self.unsorted = Some(Unsorted {
            depths: Vec::new(),
            pixels: Vec::new(),
            lines: Vec::new(),
            most: (SORTED_BYTES / row).max(CHUNK_ROWS),
            order: Vec::new(),
            equal: Vec::new(),
        });
    }

    fn sort(&mut self) {
        let Some(unsorted) = &mut self.unsorted else {
            return;
        };
        let depths = &unsorted.depths;
        let mut order: Vec<u32> = (0..depths.len() as u32).collect();
        // Stable: of equal depths the first of the file comes first.
        order.sort_by(|&a, &b| depths[a as usize].total_cmp(&depths[b as usize]));
        let lines = &unsorted.lines;
        let equal = &mut unsorted.equal;
        order.dedup_by(|later, kept| {
            let [later, kept] = [*later as usize, *kept as usize];
            let same = depths[later] == depths[kept];
            if same {
                equal.push((lines[later], depths[later]));
            }
            same
        });
        self.kept -= equal.len() as u64;
        order.reverse();
        unsorted.order = order;
        let chunks = unsorted.order.len().div_ceil(CHUNK_ROWS) as u32;
        // A chunk that has not been handed out yet belongs to the run before.
        let start = self.handed_out + u32::from(self.ready.is_some());
        self.runs.push(start..start + chunks);
    }

    /// Rows that were dropped while sorting: their lines and depths.
    pub(super) fn take_equal(&mut self) -> Vec<(u64, f32)> {
        let unsorted = self.unsorted.as_mut();
        unsorted.map_or_else(Vec::new, |unsorted| std::mem::take(&mut unsorted.equal))
    }

    /// Whether a chunk is complete.
    pub(super) fn has_ready(&self) -> bool {
        let sorted = |unsorted: &Unsorted| !unsorted.order.is_empty();
        self.ready.is_some() || self.unsorted.as_ref().is_some_and(sorted)
    }

    /// The next chunk that is complete.
    pub(super) fn ready(&mut self) -> Option<RowChunk> {
        let chunk = self.ready.take().or_else(|| self.next_sorted())?;
        self.handed_out += 1;
        Some(chunk)
    }

    fn next_sorted(&mut self) -> Option<RowChunk> {
        let unsorted = self.unsorted.as_mut()?;
        if unsorted.order.is_empty() {
            return None;
        }
        let mut chunk = RowChunk::with_room(self.width);
        while !chunk.is_full()
            && let Some(row) = unsorted.order.pop()
        {
            let row = row as usize;
            let pixels = &unsorted.pixels[row * self.width..][..self.width];
            chunk.push(unsorted.depths[row], pixels);
        }
        if unsorted.order.is_empty() {
            unsorted.depths.clear();
            unsorted.pixels.clear();
            unsorted.lines.clear();
        }
        Some(chunk)
    }

    /// Makes ready what is left, when no more rows come. Call it again until nothing is.
    pub(super) fn flush(&mut self) {
        match &self.unsorted {
            None => self.hand_over(),
            Some(unsorted) if unsorted.depths.is_empty() => {}
            Some(_) => self.sort(),
        }
    }

    /// What puts the chunks in order.
    pub(super) fn merge(self) -> Option<Merge> {
        self.unsorted.is_some().then_some(Merge {
            runs: self.runs,
            width: self.width,
        })
    }
}

/// The smallest and largest of some values.
pub(super) fn range(values: &[f32]) -> [f32; 2] {
    // Several at a time, so that the compiler uses vectors.
    const LANES: usize = 16;
    let mut low = [f32::INFINITY; LANES];
    let mut high = [f32::NEG_INFINITY; LANES];
    let (blocks, rest) = values.as_chunks::<LANES>();
    for block in blocks {
        for lane in 0..LANES {
            low[lane] = if block[lane] < low[lane] {
                block[lane]
            } else {
                low[lane]
            };
            high[lane] = if block[lane] > high[lane] {
                block[lane]
            } else {
                high[lane]
            };
        }
    }
    let least = |a: f32, &b: &f32| a.min(b);
    let most = |a: f32, &b: &f32| a.max(b);
    [
        low.iter().chain(rest).fold(f32::INFINITY, least),
        high.iter().chain(rest).fold(f32::NEG_INFINITY, most),
    ]
}
