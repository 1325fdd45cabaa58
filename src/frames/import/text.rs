//! The text of a file, in whole lines.

use super::ImportLimits;
use super::source::{Source, Supply};
use crate::error::Result;

/// The text that has been read and not used yet.
#[derive(Debug, Default)]
pub(super) struct Text {
    pub(super) bytes: Vec<u8>,
    /// What lies before has been used.
    pub(super) at: usize,
    /// Behind the last line break.
    pub(super) limit: usize,
    /// Whether there is no more.
    pub(super) ended: bool,
}

impl Text {
    /// Takes in more from the source.
    pub(super) fn fill(&mut self, source: &mut Source, limits: &ImportLimits) -> Result<Supply> {
        if self.at * 2 >= self.bytes.len() {
            self.bytes.drain(..self.at);
            self.limit = self.limit.saturating_sub(self.at);
            self.at = 0;
        }
        let before = self.bytes.len();
        let supply = source.fill(&mut self.bytes, limits)?;
        if supply == Supply::Over {
            self.ended = true;
            // A last line may lack its line break.
            if !matches!(self.bytes.last(), None | Some(b'\n' | b'\r')) {
                self.bytes.push(b'\n');
            }
        }
        // What follows a carriage return tells whether the line ends with it.
        let last = self.bytes.len().saturating_sub(1);
        let fresh = before.saturating_sub(1)..self.bytes.len();
        let found = fresh.rev().find(|&at| match self.bytes[at] {
            b'\n' => true,
            b'\r' => at < last || self.ended,
            _ => false,
        });
        self.limit = found.map_or(self.limit, |at| at + 1);
        Ok(supply)
    }

    /// What has not been used.
    pub(super) fn rest(&self) -> &[u8] {
        &self.bytes[self.at..]
    }
}
