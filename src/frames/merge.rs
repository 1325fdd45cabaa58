//! Putting rows in order that do not fit into memory.

use super::report::{Depths, Problem, Reason, Report};
use super::rows::{CHUNK_ROWS, RowChunk};
use crate::error::Result;
use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::ops::Range;

/// How much of the runs is in memory while they are merged.
const OPEN_BYTES: usize = 1 << 24;

/// Where the chunks of an import lie until all are there, by number.
///
/// What an importer hands out is written by the caller, numbered from 0 up. Only a
/// [`Merge`] reads it again.
#[allow(async_fn_in_trait)] // Nothing of this is sent to other threads.
pub trait Staging {
    /// The chunk that was written under this number.
    async fn read(&mut self, number: u32) -> Result<RowChunk>;
    /// Keeps a chunk under a number that is not in use.
    async fn write(&mut self, number: u32, chunk: RowChunk) -> Result<()>;
    /// Gives up a chunk.
    async fn remove(&mut self, number: u32) -> Result<()>;
}

/// What is left to do when the rows of a file were not in the order of their depths.
///
/// The chunks that the importer handed out form runs: ranges of chunks in order. Runs
/// are merged, a few at a time, so that only one chunk of each is in memory: an external
/// merge sort. Of equal depths the one that comes first in the file stays.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Merge {
    pub(crate) runs: Vec<Range<u32>>,
    pub(crate) width: usize,
}

impl Merge {
    /// Merges all chunks, and completes the report.
    ///
    /// Returns the numbers of the chunks that hold the image, in order; all others have
    /// been removed.
    ///
    /// # Errors
    /// Those of the staging. What lies there is of no use then.
    pub async fn run(self, staging: &mut impl Staging, report: &mut Report) -> Result<Range<u32>> {
        let Self { mut runs, width } = self;
        let chunk_bytes = size_of::<f32>() * (width + 1) * CHUNK_ROWS;
        let at_once = (OPEN_BYTES / chunk_bytes).max(2);
        let mut next = runs.last().map_or(0, |run| run.end);
        loop {
            let mut merged = Vec::new();
            let mut steps = Steps::default();
            for group in runs.chunks(at_once) {
                // Neighbours only: of equal depths the earlier run has the first.
                let mut output = Output {
                    chunk: RowChunk::with_room(width),
                    next,
                    steps: Steps::default(),
                };
                output.merge(group, staging, report).await?;
                merged.push(next..output.next);
                next = output.next;
                steps = output.steps;
            }
            runs = merged;
            if runs.len() <= 1 {
                report.depths = steps.depths();
                report.depths.in_order = false;
                return Ok(runs.pop().unwrap_or(next..next));
            }
        }
    }
}

/// A run that is being read.
struct Input {
    /// The chunks that are still to be read.
    left: Range<u32>,
    chunk: RowChunk,
    /// The next row of the chunk.
    at: usize,
}

impl Input {
    /// Brings the next chunk, and gives up its number. Says whether there was one.
    async fn refill(&mut self, staging: &mut impl Staging) -> Result<bool> {
        self.at = 0;
        for number in self.left.by_ref() {
            self.chunk = staging.read(number).await?;
            staging.remove(number).await?;
            if !self.chunk.is_empty() {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// The next row's place among all: by depth, then by run.
    fn key(&self, run: usize) -> Reverse<(u32, usize)> {
        let bits = self.chunk.depths[self.at].to_bits();
        let sign = 1 << 31;
        let ordered = if bits & sign == 0 { bits | sign } else { !bits };
        Reverse((ordered, run))
    }
}

/// The run that is being made.
struct Output {
    chunk: RowChunk,
    next: u32,
    steps: Steps,
}

impl Output {
    async fn merge(
        &mut self,
        runs: &[Range<u32>],
        staging: &mut impl Staging,
        report: &mut Report,
    ) -> Result<()> {
        let mut inputs = Vec::with_capacity(runs.len());
        let mut order = BinaryHeap::with_capacity(runs.len());
        for (run, left) in runs.iter().cloned().enumerate() {
            let mut input = Input {
                left,
                chunk: RowChunk::default(),
                at: 0,
            };
            if input.refill(staging).await? {
                order.push(input.key(run));
            }
            inputs.push(input);
        }
        let mut last = None;
        while let Some(Reverse((_, run))) = order.pop() {
            let input = &mut inputs[run];
            let depth = input.chunk.depths[input.at];
            if last == Some(depth) {
                report.rows_kept -= 1;
                report.problem(equal_depth(depth));
            } else {
                last = Some(depth);
                self.steps.next(depth);
                self.chunk.push(depth, input.chunk.row(input.at));
                if self.chunk.is_full() {
                    self.write(staging).await?;
                }
            }
            input.at += 1;
            if input.at < input.chunk.len() || input.refill(staging).await? {
                order.push(input.key(run));
            }
        }
        if !self.chunk.is_empty() {
            self.write(staging).await?;
        }
        Ok(())
    }

    async fn write(&mut self, staging: &mut impl Staging) -> Result<()> {
        let room = RowChunk::with_room(self.chunk.width());
        let chunk = std::mem::replace(&mut self.chunk, room);
        staging.write(self.next, chunk).await?;
        self.next += 1;
        Ok(())
    }
}

fn equal_depth(depth: f32) -> Problem {
    Problem {
        line: None,
        column: None,
        reason: Reason::EqualDepth,
        message: format!(
            "The depth {depth} occurs once more; the first row of this depth was kept."
        ),
    }
}

/// What the distances between neighbours tell, from depths in order.
#[derive(Clone, Debug, Default)]
pub(crate) struct Steps {
    range: Option<[f32; 2]>,
    smallest: Option<f64>,
    largest: Option<f64>,
    /// The distance that most are like, if most are alike: each like it votes for it, each
    /// other against it.
    usual: f64,
    votes: u64,
    sum: f64,
    count: u64,
}

impl Steps {
    /// Takes the next depth.
    pub(crate) fn next(&mut self, depth: f32) {
        let Some([first, last]) = self.range else {
            self.range = Some([depth; 2]);
            return;
        };
        self.range = Some([first, depth]);
        let step = f64::from(depth) - f64::from(last);
        self.smallest = Some(self.smallest.map_or(step, |smallest| smallest.min(step)));
        self.largest = Some(self.largest.map_or(step, |largest| largest.max(step)));
        // Depths of 32 bits are off by a little.
        let tolerance = 0.02 * self.usual + 2.0 * f64::from(depth.abs() * f32::EPSILON);
        if self.votes == 0 {
            self.usual = step;
            self.votes = 1;
            self.sum = step;
            self.count = 1;
        } else if (step - self.usual).abs() <= tolerance {
            self.votes += 1;
            self.sum += step;
            self.count += 1;
        } else {
            self.votes -= 1;
        }
    }

    /// What a report says of them.
    pub(crate) fn depths(&self) -> Depths {
        let [min, max] = self.range.unwrap_or_default();
        Depths {
            min,
            max,
            step: (self.count > 0).then(|| self.sum / self.count as f64),
            smallest_step: self.smallest,
            largest_step: self.largest,
            in_order: true,
        }
    }
}
