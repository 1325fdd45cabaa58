//! Puts blocks in order into files, and goes on where it was interrupted.
//!
//! Beside the files stands a journal, to which a line is appended at every checkpoint: how long the files of the part were
//! then, and how far their hashes had come. What was written after it is cut off and made again. The files of a part are
//! said to be whole before they are moved to their places, so that they are found again wherever an interruption left them.

mod resume;

use super::block::{Block, Entry, Piece};
use super::journal::{FileState, Journal, Record};
use super::kept_notes::{self, KeptNotes};
use super::plan::{Part, PartFile, Plan};
use super::storage::Storage;
use super::tally::{MadeFile, Tally};
use crate::error::{Error, Result, shorten};
use resume::cut;
use serde_json::Value;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::ops::Range;

/// After how many bytes a checkpoint is due: what may have to be made again after an interruption.
const CHECKPOINT: u64 = 32 << 20;

/// How much of a file's end is gathered before it is written.
const GATHERED: usize = 1 << 20;

/// The longest path of an entry.
const LONGEST_PATH: usize = 200;

/// A block that is to be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Job {
    /// The number of the part.
    pub part: u64,
    /// The number of the block in it.
    pub block: u64,
    /// Its items.
    pub indices: Range<u64>,
}

/// Writes a shard of a data set from the blocks that workers make, in any order.
///
/// What is there survives an interruption: opened again on the same storage, it goes on after the last checkpoint.
#[derive(Debug)]
pub struct Assembler {
    plan: Plan,
    journal: Journal,
    /// The parts of the shard that are not whole, the one that is being written first.
    parts: Range<u64>,
    /// The next block to be handed out, as position of its part in the shard and number.
    ahead: (u64, u64),
    /// The part that is being written, once it has begun.
    open: Option<Open>,
    /// Blocks that came before their turn.
    waiting: BTreeMap<(u64, u64), Block>,
    files: Vec<MadeFile>,
    folders: BTreeMap<String, Tally>,
    done: u64,
    bytes: u64,
    /// Bytes written since the last checkpoint.
    since: u64,
    /// Whether something went wrong, so that what is in memory may not be what is in the storage.
    broken: bool,
}

/// A part that is being written.
#[derive(Debug)]
struct Open {
    part: Part,
    /// How many of its blocks are written.
    blocks: u64,
    files: Vec<OpenFile>,
}

/// A file of a part that is being written.
#[derive(Debug)]
struct OpenFile {
    file: PartFile,
    tally: Tally,
    /// Bytes of its notes, and how many blocks have theirs in them. The blocks after those have none.
    notes: u64,
    noted: u64,
}

impl Assembler {
    /// Begins, or goes on with what is in the storage.
    ///
    /// # Errors
    /// [`Error::MissingParameter`] when the recipe still needs its file of numbers, [`Error::InvalidParameter`] when the
    /// storage holds an unfinished data set of the same name that is another one or was begun by another version,
    /// [`Error::InvalidFile`] when its journal is damaged, and what the storage says.
    pub fn open(plan: Plan, storage: &mut dyn Storage) -> Result<Self> {
        let (journal, records) = Journal::open(&plan, storage)?;
        let count = plan.parts().count() as u64;
        let mut made = Self {
            plan,
            journal,
            parts: 0..count,
            ahead: (0, 0),
            open: None,
            waiting: BTreeMap::new(),
            files: Vec::new(),
            folders: BTreeMap::new(),
            done: 0,
            bytes: 0,
            since: 0,
            broken: false,
        };
        made.replay(records, storage)?;
        Ok(made)
    }

    /// The plan.
    pub fn plan(&self) -> &Plan {
        &self.plan
    }

    /// The next block to be made, none when all have been handed out. Blocks are kept in memory until those before them
    /// are there, so ask for no more than are being made.
    pub fn next_job(&mut self) -> Option<Job> {
        let (position, block) = self.ahead;
        let part = self.part_at(position)?;
        let indices = self.plan.block(&part, block).ok()?;
        self.ahead = match block + 1 < self.plan.block_count(&part) {
            true => (position, block + 1),
            false => (position + 1, 0),
        };
        Some(Job {
            part: part.number,
            block,
            indices,
        })
    }

    /// Whether a block is the last of its part, with which the part's files get their ends: that of a large zip file takes
    /// seconds.
    pub fn closes(&self, part: u64, block: u64) -> bool {
        let part = self.plan.part(part);
        part.is_ok_and(|part| block + 1 == self.plan.block_count(&part))
    }

    /// The names of the files that are written while a part is: its own, notes of each, and the journal, which is last.
    ///
    /// # Errors
    /// [`Error::InvalidParameter`] when there is no such part.
    pub fn names(&self, part: u64) -> Result<Vec<String>> {
        let part = self.plan.part(part)?;
        let files = self.plan.format().files(&self.plan, &part);
        let notes = files
            .iter()
            .map(|file| self.journal.notes_name(file.number));
        let notes: Vec<String> = notes.collect();
        let mut names: Vec<String> = files.into_iter().map(|file| file.name).collect();
        names.extend(notes);
        names.push(self.journal.name().into());
        Ok(names)
    }

    /// Takes a block that was handed out, and writes it, once those before it are written, and all that waited for it.
    ///
    /// # Errors
    /// [`Error::InvalidParameter`] for a block that was not handed out or was added already, [`Error::InvalidFile`] for one
    /// that does not fit, and what the storage says. After an error of the storage nothing more can be added, but the data
    /// set can be opened again.
    pub fn add(
        &mut self,
        part: u64,
        block: u64,
        made: Block,
        storage: &mut dyn Storage,
    ) -> Result<()> {
        self.check()?;
        let shard = self.plan.shard();
        let handed_out = || {
            Error::invalid(
                "part, block",
                format!("{part}, {block}"),
                "blocks that were handed out and are not there yet",
            )
        };
        if part % shard.count() != shard.index() {
            return Err(handed_out());
        }
        let place = (part / shard.count(), block);
        if place < self.turn() || place >= self.ahead || self.waiting.contains_key(&place) {
            return Err(handed_out());
        }
        let of = self.plan.part(part).map_err(|_| handed_out())?;
        let indices = self.plan.block(&of, block).map_err(|_| handed_out())?;
        self.check_block(&of, &indices, &made)?;
        self.waiting.insert(place, made);
        while let Some(next) = self.waiting.remove(&self.turn()) {
            self.guarded(|this| this.write(next, storage))?;
        }
        Ok(())
    }

    /// The block whose turn it is, as position of its part in the shard and number.
    fn turn(&self) -> (u64, u64) {
        let blocks = self.open.as_ref().map_or(0, |open| open.blocks);
        (self.parts.start, blocks)
    }

    fn part_at(&self, position: u64) -> Option<Part> {
        let shard = self.plan.shard();
        let number = position.checked_mul(shard.count())? + shard.index();
        (position < self.parts.end).then(|| self.plan.part(number).ok())?
    }

    /// Refuses blocks that are not of this data set.
    fn check_block(&self, part: &Part, indices: &Range<u64>, block: &Block) -> Result<()> {
        let broken = |reason: String| Err(Error::file("The block of the data set", reason));
        let items = indices.end - indices.start;
        if u64::from(block.items) != items {
            return broken(format!("it has {} items instead of {items}", block.items));
        }
        let files = self.plan.format().files(&self.plan, part).len();
        if block.pieces.len() > files {
            let found = block.pieces.len();
            return broken(format!("it has {found} pieces for {files} files"));
        }
        let plain = |part: &str| {
            let known = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
            !part.is_empty() && !part.starts_with('.') && part.bytes().all(known)
        };
        for Entry { name, .. } in &block.entries {
            if name.len() > LONGEST_PATH || !name.contains('/') || !name.split('/').all(plain) {
                return broken(format!("\"{}\" is no path of a file", shorten(name)));
            }
        }
        Ok(())
    }

    /// How many items are written.
    pub fn items_done(&self) -> u64 {
        self.done
    }

    /// How many items there are to write.
    pub fn items(&self) -> u64 {
        self.plan.items()
    }

    /// How many bytes of files are written.
    pub fn bytes_done(&self) -> u64 {
        self.bytes
    }

    /// How many parts are whole, and how many there are.
    pub fn parts_done(&self) -> (u64, u64) {
        (self.parts.start, self.parts.end)
    }

    /// The files of the parts that are whole.
    pub fn files(&self) -> &[MadeFile] {
        &self.files
    }

    /// Makes a checkpoint: what is written so far is not made again. Good before a pause; while writing they are made now
    /// and then.
    ///
    /// # Errors
    /// What the storage says.
    pub fn checkpoint(&mut self, storage: &mut dyn Storage) -> Result<()> {
        self.check()?;
        self.guarded(|this| this.write_checkpoint(storage))
    }

    /// Writes `recipe.json` when all blocks are there, removes what was only kept to go on, and gives the text of
    /// `recipe.json`.
    ///
    /// # Errors
    /// [`Error::InvalidParameter`] when blocks are missing, and what the storage says.
    pub fn finish(&mut self, storage: &mut dyn Storage) -> Result<String> {
        self.check()?;
        if !self.parts.is_empty() {
            let found = format!("{} of {}", self.done, self.items());
            return Err(Error::invalid(
                "items that are written",
                found,
                "all of them",
            ));
        }
        let mut text =
            serde_json::to_string_pretty(&self.to_json()).expect("only text and numbers");
        text.push('\n');
        self.guarded(|this| {
            storage.entry(&this.recipe_name(), text.as_bytes())?;
            storage.sync()?;
            for number in 0..this.most_files() {
                storage.remove(&this.journal.notes_name(number))?;
            }
            this.journal.remove(storage)?;
            storage.sync()
        })?;
        Ok(text)
    }

    /// The name of the file that tells of the data set: `recipe.json`, for a shard `recipe-shard-0-of-4.json`.
    fn recipe_name(&self) -> String {
        let shard = self.plan.shard();
        match shard.is_whole() {
            true => "recipe.json".into(),
            false => format!("recipe-shard-{}-of-{}.json", shard.index(), shard.count()),
        }
    }

    /// What `recipe.json` says.
    fn to_json(&self) -> Value {
        let mut told = self.plan.to_json();
        if !self.plan.shard().is_whole() {
            told.insert("shard".into(), self.plan.shard().to_string().into());
        }
        let folders = self.folders.iter();
        let folders = folders.map(|(name, tally)| tally.made(format!("{name}/"), tally.count()));
        let files = folders.chain(self.files.iter().cloned());
        let files: Vec<Value> = files.map(|file| file.to_json()).collect();
        told.insert("files".into(), files.into());
        Value::Object(told)
    }

    /// The most files that a part of this shard has.
    fn most_files(&self) -> usize {
        let parts = self.plan.parts().take(2);
        let files = parts.map(|part| self.plan.format().files(&self.plan, &part).len());
        files.max().unwrap_or_default()
    }

    fn check(&self) -> Result<()> {
        match self.broken {
            false => Ok(()),
            true => Err(Error::Storage {
                reason: "an earlier write failed; open the data set again to go on".into(),
            }),
        }
    }

    /// Does something after which, if it goes wrong, nothing more is done.
    fn guarded<T>(&mut self, step: impl FnOnce(&mut Self) -> Result<T>) -> Result<T> {
        let result = step(self);
        self.broken |= result.is_err();
        result
    }

    fn damaged(&self) -> Error {
        self.journal.damaged()
    }

    /// Writes the block whose turn it is.
    fn write(&mut self, block: Block, storage: &mut dyn Storage) -> Result<()> {
        let mut open = match self.open.take() {
            Some(open) => open,
            None => self.begin(storage)?,
        };
        for Entry { name, content } in &block.entries {
            storage.entry(name, content)?;
            let folder = name.rsplit_once('/').map_or("", |(folder, _)| folder);
            let tally = match self.folders.get_mut(folder) {
                Some(tally) => tally,
                None => self.folders.entry(folder.to_owned()).or_default(),
            };
            tally.add(content);
            self.wrote(content.len());
        }
        for (file, Piece { body, notes }) in open.files.iter_mut().zip(&block.pieces) {
            if !body.is_empty() {
                storage.append(&file.file.name, body)?;
                file.tally.add(body);
                self.wrote(body.len());
            }
            if !notes.is_empty() {
                let name = self.journal.notes_name(file.file.number);
                let lacking = open.blocks - file.noted;
                file.notes += kept_notes::append(&name, lacking, notes, storage)?;
                file.noted = open.blocks + 1;
                self.since += notes.len() as u64;
            }
        }
        open.blocks += 1;
        self.done += u64::from(block.items);
        let last = open.blocks == self.plan.block_count(&open.part);
        self.open = Some(open);
        match last {
            true => self.end(storage),
            false if self.since >= CHECKPOINT => self.write_checkpoint(storage),
            false => Ok(()),
        }
    }

    fn wrote(&mut self, bytes: usize) {
        self.bytes += bytes as u64;
        self.since += bytes as u64;
    }

    /// Begins the files of the next part, of which nothing is kept.
    fn begin(&mut self, storage: &mut dyn Storage) -> Result<Open> {
        let part = self
            .part_at(self.parts.start)
            .ok_or_else(|| self.damaged())?;
        let mut files = Vec::new();
        for file in self.plan.files(&part) {
            cut(&file.name, 0, storage)?;
            cut(&self.journal.notes_name(file.number), 0, storage)?;
            let head = self.plan.format().head(&self.plan, &part, &file)?;
            // Also when it is empty: every file of the plan is there in the end.
            storage.append(&file.name, &head)?;
            let mut tally = Tally::default();
            tally.add(&head);
            self.wrote(head.len());
            files.push(OpenFile {
                file,
                tally,
                notes: 0,
                noted: 0,
            });
        }
        Ok(Open {
            part,
            blocks: 0,
            files,
        })
    }

    /// Writes the ends of the part's files, which then are whole.
    fn end(&mut self, storage: &mut dyn Storage) -> Result<()> {
        let Some(Open {
            part,
            blocks,
            files,
        }) = self.open.take()
        else {
            return Ok(());
        };
        let mut made = Vec::new();
        for OpenFile {
            file,
            mut tally,
            notes,
            noted,
        } in files
        {
            let before = tally.bytes();
            let shared = RefCell::new(&mut *storage);
            let mut kept = KeptNotes {
                storage: &shared,
                name: self.journal.notes_name(file.number),
                length: notes,
                noted,
                blocks,
                buffer: Vec::new(),
            };
            let mut gathered = Vec::new();
            let mut out = |bytes: &[u8]| {
                tally.add(bytes);
                gathered.extend_from_slice(bytes);
                if gathered.len() >= GATHERED {
                    shared.borrow_mut().append(&file.name, &gathered)?;
                    gathered.clear();
                }
                Ok(())
            };
            let format = self.plan.format();
            format.end(&self.plan, &part, &file, before, &mut kept, &mut out)?;
            if !gathered.is_empty() {
                storage.append(&file.name, &gathered)?;
            }
            self.wrote((tally.bytes() - before) as usize);
            made.push(tally.made(file.name, file.items));
        }
        storage.sync()?;
        let record = Record::Whole {
            part: part.number,
            files: made.clone(),
            folders: self.folders.clone(),
        };
        self.journal.append(&record, storage)?;
        storage.sync()?;
        self.files.extend(made);
        self.parts.start += 1;
        self.since = 0;
        self.place(&part, storage)
    }

    /// Has the files of a part moved to their places.
    fn place(&mut self, part: &Part, storage: &mut dyn Storage) -> Result<()> {
        for file in self.plan.format().files(&self.plan, part) {
            storage.done(&file.name)?;
            cut(&self.journal.notes_name(file.number), 0, storage)?;
        }
        let record = Record::Placed { part: part.number };
        self.journal.append(&record, storage)
    }

    fn write_checkpoint(&mut self, storage: &mut dyn Storage) -> Result<()> {
        self.since = 0;
        storage.sync()?;
        let Some(open) = &self.open else {
            return Ok(());
        };
        let files = open.files.iter().map(|file| FileState {
            tally: file.tally.clone(),
            notes: file.notes,
            noted: file.noted,
        });
        let record = Record::Checkpoint {
            part: open.part.number,
            blocks: open.blocks,
            files: files.collect(),
            folders: self.folders.clone(),
        };
        self.journal.append(&record, storage)?;
        storage.sync()
    }
}
