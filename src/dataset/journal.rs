//! What is remembered of a data set that is not finished.
//!
//! A line per record: CRC-32 of the rest in hex, a space, and the record as JSON. A line that was not written to its end is
//! taken for none.

use super::plan::Plan;
use super::storage::Storage;
use super::tally::{MadeFile, Tally};
use crate::error::{Error, Result};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// The version of the journal's format.
const VERSION: u64 = 1;

/// How much of a journal is read at a time.
const CHUNK: usize = 1 << 16;

/// The longest line: no record comes near it.
const LONGEST_LINE: usize = 16 << 20;

/// No first line is as long.
const SHORT: u64 = 1_000;

/// The file in which records are kept.
#[derive(Debug)]
pub(super) struct Journal {
    /// The base of the names of what is kept.
    stem: String,
    name: String,
}

/// What is remembered of a file at a checkpoint.
#[derive(Clone, Debug)]
pub(super) struct FileState {
    pub(super) tally: Tally,
    /// Bytes of its notes.
    pub(super) notes: u64,
    /// How many blocks have theirs in them.
    pub(super) noted: u64,
}

/// A line of the journal after the first.
#[derive(Clone, Debug)]
pub(super) enum Record {
    /// So many blocks of a part are written.
    Checkpoint {
        part: u64,
        blocks: u64,
        files: Vec<FileState>,
        folders: BTreeMap<String, Tally>,
    },
    /// The files of a part are whole.
    Whole {
        part: u64,
        files: Vec<MadeFile>,
        folders: BTreeMap<String, Tally>,
    },
    /// They are at their places.
    Placed { part: u64 },
}

impl Journal {
    /// Opens the journal of a plan and reads it, or begins it.
    pub(super) fn open(plan: &Plan, storage: &mut dyn Storage) -> Result<(Self, Vec<Record>)> {
        let shard = plan.shard();
        let name = plan.recipe().name();
        let stem = match shard.is_whole() {
            true => name.to_owned(),
            false => format!("{name}-shard-{}-of-{}", shard.index(), shard.count()),
        };
        let journal = Self {
            name: format!("{stem}.journal"),
            stem,
        };
        let (lines, length) = journal.read(storage)?;
        let mut lines = lines.into_iter();
        let Some(first) = lines.next() else {
            // A beginning that was not written to its end is short; everything else is somebody's.
            match length {
                0 => {}
                1..=SHORT => storage.truncate(&journal.name, 0)?,
                _ => return Err(journal.damaged()),
            }
            let first = json!({
                "journal": VERSION,
                "digitlab": env!("CARGO_PKG_VERSION"),
                "sha256": plan.sha256(),
                "shard": shard.to_string(),
            });
            journal.append_line(&first, storage)?;
            storage.sync()?;
            return Ok((journal, Vec::new()));
        };
        journal.check(plan, &first)?;
        let records = lines.map(|line| Record::from_json(&line).ok_or_else(|| journal.damaged()));
        let records = records.collect::<Result<_>>()?;
        Ok((journal, records))
    }

    /// Its name.
    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// The name of the file that keeps the notes of a part's file.
    pub(super) fn notes_name(&self, file: usize) -> String {
        format!("{}.notes-{file}", self.stem)
    }

    /// Appends a record.
    pub(super) fn append(&self, record: &Record, storage: &mut dyn Storage) -> Result<()> {
        self.append_line(&record.to_json(), storage)
    }

    /// Removes it.
    pub(super) fn remove(&self, storage: &mut dyn Storage) -> Result<()> {
        storage.remove(&self.name)
    }

    /// The error for a journal that says what cannot be.
    pub(super) fn damaged(&self) -> Error {
        let reason = "it is damaged; delete the unfinished data set and make it again";
        Error::file(self.name.clone(), reason)
    }

    fn append_line(&self, value: &Value, storage: &mut dyn Storage) -> Result<()> {
        let text = value.to_string();
        let line = format!("{:08x} {text}\n", crc32fast::hash(text.as_bytes()));
        storage.append(&self.name, line.as_bytes())
    }

    /// Refuses the journal of something else.
    fn check(&self, plan: &Plan, first: &Value) -> Result<()> {
        let name = plan.recipe().name();
        if first["journal"] != json!(VERSION) || first["digitlab"] != env!("CARGO_PKG_VERSION") {
            let allowed = format!(
                "names without an unfinished data set that another version of Digitlab began; delete that one ({} tells of it), or \
                 take another name",
                self.name
            );
            return Err(Error::invalid("name", name, allowed));
        }
        if first["sha256"] != plan.sha256() || first["shard"] != plan.shard().to_string() {
            let allowed = format!(
                "names without an unfinished data set of another recipe; finish or delete that one ({} tells of it), or take \
                 another name",
                self.name
            );
            return Err(Error::invalid("name", name, allowed));
        }
        Ok(())
    }

    /// Its lines, and how long it was. What follows the last whole line is cut off.
    fn read(&self, storage: &mut dyn Storage) -> Result<(Vec<Value>, u64)> {
        let length = storage.length(&self.name)?;
        let mut lines = Vec::new();
        let (mut buffer, mut whole, mut at) = (Vec::new(), 0, 0);
        'read: while at < length {
            let start = buffer.len();
            buffer.resize(start + CHUNK, 0);
            let read = storage.read(&self.name, at, &mut buffer[start..])?;
            buffer.truncate(start + read);
            at += read as u64;
            let mut used = 0;
            let mut searched = start;
            while let Some(end) = buffer[searched..].iter().position(|&byte| byte == b'\n') {
                let end = searched + end;
                match read_line(&buffer[used..end]) {
                    Some(line) => lines.push(line),
                    // The first line says whose it is: without it, nothing is known.
                    None if lines.is_empty() => return Err(self.damaged()),
                    None => break 'read,
                }
                whole += (end + 1 - used) as u64;
                used = end + 1;
                searched = used;
            }
            buffer.drain(..used);
            if read == 0 || buffer.len() > LONGEST_LINE {
                break;
            }
        }
        if !lines.is_empty() && whole < length {
            storage.truncate(&self.name, whole)?;
        }
        Ok((lines, length))
    }
}

/// A line's value, if it is whole.
fn read_line(line: &[u8]) -> Option<Value> {
    let (crc, text) = line.split_at_checked(9)?;
    let crc = std::str::from_utf8(crc).ok()?.strip_suffix(' ')?;
    let expected = u32::from_str_radix(crc, 16).ok()?;
    (crc32fast::hash(text) == expected).then(|| serde_json::from_slice(text).ok())?
}

impl Record {
    fn to_json(&self) -> Value {
        let folders_json = |folders: &BTreeMap<String, Tally>| {
            let folders = folders.iter();
            let folders = folders.map(|(name, tally)| (name.clone(), tally.to_json()));
            Value::Object(folders.collect::<Map<_, _>>())
        };
        match self {
            Self::Checkpoint {
                part,
                blocks,
                files,
                folders,
            } => {
                let files = files.iter().map(|file| {
                    json!({ "tally": file.tally.to_json(), "notes": file.notes, "noted": file.noted })
                });
                json!({
                    "part": part,
                    "blocks": blocks,
                    "files": files.collect::<Vec<_>>(),
                    "folders": folders_json(folders),
                })
            }
            Self::Whole {
                part,
                files,
                folders,
            } => {
                let files: Vec<Value> = files.iter().map(MadeFile::to_json).collect();
                json!({ "whole": part, "files": files, "folders": folders_json(folders) })
            }
            Self::Placed { part } => json!({ "placed": part }),
        }
    }

    fn from_json(value: &Value) -> Option<Self> {
        if let Some(part) = value.get("placed") {
            return Some(Self::Placed {
                part: part.as_u64()?,
            });
        }
        let files = value.get("files")?.as_array()?;
        let folders = value.get("folders")?.as_object()?.iter();
        let folders = folders.map(|(name, tally)| Some((name.clone(), Tally::from_json(tally)?)));
        let folders = folders.collect::<Option<_>>()?;
        if let Some(part) = value.get("whole") {
            let files = files.iter().map(|file| {
                Some(MadeFile {
                    name: file.get("name")?.as_str()?.to_owned(),
                    bytes: file.get("bytes")?.as_u64()?,
                    sha256: file.get("sha256")?.as_str()?.to_owned(),
                    items: file.get("items")?.as_u64()?,
                })
            });
            return Some(Self::Whole {
                part: part.as_u64()?,
                files: files.collect::<Option<_>>()?,
                folders,
            });
        }
        let blocks = value.get("blocks")?.as_u64()?;
        let files = files.iter().map(|file| {
            let noted = file.get("noted")?.as_u64()?;
            Some(FileState {
                tally: Tally::from_json(file.get("tally")?)?,
                notes: file.get("notes")?.as_u64()?,
                noted: (noted <= blocks).then_some(noted)?,
            })
        });
        Some(Self::Checkpoint {
            part: value.get("part")?.as_u64()?,
            blocks,
            files: files.collect::<Option<_>>()?,
            folders,
        })
    }
}
