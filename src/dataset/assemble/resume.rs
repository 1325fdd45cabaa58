//! Going on where an interruption left a data set.

use super::{Assembler, Open, OpenFile};
use crate::dataset::journal::Record;
use crate::dataset::storage::Storage;
use crate::dataset::tally::Tally;
use crate::error::Result;

impl Assembler {
    /// Takes up what the journal tells.
    pub(super) fn replay(&mut self, records: Vec<Record>, storage: &mut dyn Storage) -> Result<()> {
        let mut unplaced = None;
        let mut latest = None;
        for record in records {
            match record {
                Record::Checkpoint { .. } => latest = Some(record),
                Record::Whole {
                    part,
                    files,
                    folders,
                } => {
                    let expected = self
                        .part_at(self.parts.start)
                        .ok_or_else(|| self.damaged())?;
                    if part != expected.number {
                        return Err(self.damaged());
                    }
                    self.done += expected.indices.end - expected.indices.start;
                    for file in &files {
                        self.count(file.bytes)?;
                    }
                    self.files.extend(files);
                    self.folders = folders;
                    self.parts.start += 1;
                    unplaced = Some(expected);
                    latest = None;
                }
                Record::Placed { part } => {
                    if unplaced
                        .take()
                        .is_none_or(|unplaced| unplaced.number != part)
                    {
                        return Err(self.damaged());
                    }
                }
            }
        }
        if let Some(part) = unplaced {
            self.place(&part, storage)?;
        }
        if let Some(record) = latest {
            self.go_on(record, storage)?;
        }
        let blocks = self.open.as_ref().map_or(0, |open| open.blocks);
        self.ahead = (self.parts.start, blocks);
        let folders: Vec<u64> = self.folders.values().map(Tally::bytes).collect();
        folders.into_iter().try_for_each(|bytes| self.count(bytes))
    }

    /// Counts bytes that the journal tells of, which may be any number.
    fn count(&mut self, bytes: u64) -> Result<()> {
        let sum = self.bytes.checked_add(bytes);
        self.bytes = sum.ok_or_else(|| self.damaged())?;
        Ok(())
    }

    /// Goes on from a checkpoint, if all that it tells of is there.
    fn go_on(&mut self, record: Record, storage: &mut dyn Storage) -> Result<()> {
        let Record::Checkpoint {
            part: number,
            blocks,
            files: checkpoints,
            folders,
        } = record
        else {
            unreachable!("a checkpoint")
        };
        let part = self
            .part_at(self.parts.start)
            .ok_or_else(|| self.damaged())?;
        let expected = self.plan.files(&part);
        if number != part.number
            || checkpoints.len() != expected.len()
            || blocks >= self.plan.block_count(&part)
        {
            return Err(self.damaged());
        }
        let mut files = Vec::new();
        for (file, checkpoint) in expected.into_iter().zip(checkpoints) {
            let notes = self.journal.notes_name(file.number);
            if storage.length(&file.name)? < checkpoint.tally.bytes()
                || storage.length(&notes)? < checkpoint.notes
            {
                // Something was taken away: the part is begun again.
                return Ok(());
            }
            files.push(OpenFile {
                file,
                tally: checkpoint.tally,
                notes: checkpoint.notes,
                noted: checkpoint.noted,
            });
        }
        for file in &files {
            cut(&file.file.name, file.tally.bytes(), storage)?;
            cut(
                &self.journal.notes_name(file.file.number),
                file.notes,
                storage,
            )?;
            self.bytes += file.tally.bytes();
        }
        let items = (blocks * self.plan.block_items()).min(part.indices.end - part.indices.start);
        self.done += items;
        self.folders = folders;
        self.open = Some(Open {
            part,
            blocks,
            files,
        });
        Ok(())
    }
}

/// Cuts a file off, if it is longer.
pub(super) fn cut(name: &str, length: u64, storage: &mut dyn Storage) -> Result<()> {
    match storage.length(name)? > length {
        true => storage.truncate(name, length),
        false => Ok(()),
    }
}
