//! A zip file of PNG pictures: the tree of a folder, stored as it is, with the recipe.

use super::folder::{path, tables};
use super::zip_parts::{ZipEntry, end_of_directory};
use super::{Format, Item, Notes, Out, append_png, coco, sections, table, yolo};
use crate::dataset::block::Block;
use crate::dataset::boxes::Boxes;
use crate::dataset::plan::{Part, PartFile, Plan};
use crate::dataset::subset::Subset;
use crate::error::{Error, Result};
use crc32fast::Hasher;
use serde_json::Value;

/// One zip file for all subsets of a part: pictures, tables, recipe, directory.
#[derive(Debug)]
pub(super) struct Zip;

/// Bytes of what the directory must know of an item: its subset and index, and of each of its files, CRC and size.
const NOTE: usize = 1 + 8;
const NOTE_OF_FILE: usize = 4 + 4;

/// The sections of notes: the items, then for each subset rows of the table, of pictures and of boxes.
const ITEMS: usize = 0;

fn rows_of(subset: usize) -> usize {
    1 + 3 * subset
}

impl Format for Zip {
    fn files(&self, plan: &Plan, part: &Part) -> Vec<PartFile> {
        let name = plan.file_name(plan.recipe().name(), part, ".zip");
        vec![PartFile::new(0, name, None)]
    }

    fn head(&self, _: &Plan, _: &Part, _: &PartFile) -> Result<Vec<u8>> {
        Ok(Vec::new())
    }

    fn block(&self, plan: &Plan, _: &Part, items: &[Item]) -> Result<Block> {
        let boxes = plan.recipe().boxes();
        let subsets = plan.recipe().subsets();
        let used = subsets.used().count();
        let mut tables = vec![Vec::new(); used];
        let mut rows = vec![coco::Rows::default(); used];
        let mut known = Vec::with_capacity(items.len() * (NOTE + 2 * NOTE_OF_FILE));
        let mut block = Block::of_files(1);
        let piece = &mut block.pieces[0];
        for item in items {
            known.push(item.subset as u8);
            known.extend_from_slice(&item.index.to_le_bytes());
            let picture = path(item, "images", ".png");
            add(&picture, &mut piece.body, &mut known, |bytes| {
                append_png(&item.image, bytes)
            })?;
            if boxes == Boxes::Yolo {
                let lines = path(item, "labels", ".txt");
                add(&lines, &mut piece.body, &mut known, |bytes| {
                    yolo::append_lines(item, bytes);
                    Ok(())
                })?;
            }
            let at = subsets.position(item.subset).unwrap_or_default();
            table::append_row(item, &mut tables[at]);
            if boxes == Boxes::Coco {
                rows[at].add(item);
            }
        }
        sections::append(&known, &mut piece.notes);
        for (table, rows) in tables.iter().zip(&rows) {
            sections::append(table, &mut piece.notes);
            rows.append_to(&mut piece.notes);
        }
        block.items = items.len() as u32;
        Ok(block)
    }

    fn end(
        &self,
        plan: &Plan,
        part: &Part,
        _: &PartFile,
        length: u64,
        notes: &mut dyn Notes,
        out: &mut Out,
    ) -> Result<()> {
        let mut at = length;
        let mut others = Vec::new();
        for (name, content) in contents(plan, part) {
            // Once to know its CRC and size, which stand before it, and once to write it.
            let (mut crc, mut size) = (Hasher::new(), 0);
            content.write(plan, notes, &mut |bytes| {
                crc.update(bytes);
                size += bytes.len() as u64;
                Ok(())
            })?;
            let crc = crc.finalize();
            let entry = entry(&name, crc, size);
            let mut header = Vec::new();
            entry.append_header(&mut header);
            out(&header)?;
            content.write(plan, notes, out)?;
            let offset = at;
            at += entry.header_length() + size;
            others.push((name, crc, size, offset));
        }
        let start = at;
        let (mut entries, mut directory) = (0, 0);
        let mut lines = Vec::new();
        let mut offset = 0;
        let yolo = plan.recipe().boxes() == Boxes::Yolo;
        notes.each(&mut |notes| {
            lines.clear();
            let mut left = sections::section(notes, ITEMS)?;
            while !left.is_empty() {
                let item = KnownItem::read(&mut left)?;
                let files = [("images", ".png"), ("labels", ".txt")];
                for (folder, ending) in &files[..if yolo { 2 } else { 1 }] {
                    let [crc, size] = read_file(&mut left)?;
                    let name = format!("{}/{folder}/{:09}{ending}", item.subset.name(), item.index);
                    let entry = entry(&name, crc, size.into());
                    entry.append_directory(offset, &mut lines);
                    offset += entry.header_length() + u64::from(size);
                    entries += 1;
                }
            }
            directory += lines.len() as u64;
            out(&lines)
        })?;
        lines.clear();
        for (name, crc, size, offset) in &others {
            entry(name, *crc, *size).append_directory(*offset, &mut lines);
            entries += 1;
        }
        directory += lines.len() as u64;
        out(&lines)?;
        out(&end_of_directory(entries, start, directory))
    }
}

fn entry(name: &str, crc: u32, size: u64) -> ZipEntry<'_> {
    ZipEntry {
        name,
        crc,
        size,
        streamed: false,
    }
}

/// Appends a file, header and content, and what the directory must know of it.
fn add(
    name: &str,
    bytes: &mut Vec<u8>,
    known: &mut Vec<u8>,
    append: impl FnOnce(&mut Vec<u8>) -> Result<()>,
) -> Result<()> {
    // The content is made in its place, and the header's numbers are filled in then.
    let start = bytes.len();
    entry(name, 0, 0).append_header(bytes);
    let begin = bytes.len();
    append(bytes)?;
    let (crc, size) = (crc32fast::hash(&bytes[begin..]), bytes.len() - begin);
    let mut header = Vec::with_capacity(begin - start);
    entry(name, crc, size as u64).append_header(&mut header);
    bytes[start..begin].copy_from_slice(&header);
    known.extend_from_slice(&crc.to_le_bytes());
    known.extend_from_slice(&(size as u32).to_le_bytes());
    Ok(())
}

/// What is known of an item, before its files.
struct KnownItem {
    subset: Subset,
    index: u64,
}

impl KnownItem {
    fn read(left: &mut &[u8]) -> Result<Self> {
        let (known, rest) = left.split_first_chunk::<NOTE>().ok_or_else(damaged)?;
        let (&[subset], index) = known.split_first_chunk().ok_or_else(damaged)?;
        *left = rest;
        Ok(Self {
            subset: *Subset::ALL.get(usize::from(subset)).ok_or_else(damaged)?,
            index: u64::from_le_bytes(index.try_into().map_err(|_| damaged())?),
        })
    }
}

/// CRC and size of an item's file.
fn read_file(left: &mut &[u8]) -> Result<[u32; 2]> {
    let (known, rest) = left
        .split_first_chunk::<NOTE_OF_FILE>()
        .ok_or_else(damaged)?;
    *left = rest;
    let [a, b, c, d, e, f, g, h] = *known;
    Ok([[a, b, c, d], [e, f, g, h]].map(u32::from_le_bytes))
}

fn damaged() -> Error {
    Error::Storage {
        reason:
            "the notes that were kept of a block are damaged; delete the data set and make it again"
                .into(),
    }
}

/// What stands in a file beside the pictures.
enum Content {
    /// Text.
    Text(String),
    /// `labels.csv` of the subset with this position.
    Table(usize),
    /// `annotations.json` of the subset with this position.
    Coco(usize),
}

impl Content {
    fn write(&self, plan: &Plan, notes: &mut dyn Notes, out: &mut Out) -> Result<()> {
        match self {
            Self::Text(text) => out(text.as_bytes()),
            Self::Table(subset) => {
                out(table::HEAD.as_bytes())?;
                notes.each(&mut |notes| out(sections::section(notes, rows_of(*subset))?))
            }
            Self::Coco(subset) => coco::write(plan, rows_of(*subset) + 1, notes, out),
        }
    }
}

/// The files beside the pictures, by name.
fn contents(plan: &Plan, part: &Part) -> Vec<(String, Content)> {
    let subsets = plan.recipe().subsets();
    let mut contents: Vec<(String, Content)> = tables(plan, part)
        .into_iter()
        .map(|file| {
            let subset = file.subset.and_then(|subset| subsets.position(subset));
            let subset = subset.unwrap_or_default();
            let content = match file.name.ends_with(".csv") {
                true => Content::Table(subset),
                false => Content::Coco(subset),
            };
            (file.name, content)
        })
        .collect();
    if plan.recipe().boxes() == Boxes::Yolo {
        contents.push((yolo::DATA.into(), Content::Text(yolo::data(plan))));
    }
    let mut recipe = Value::Object(plan.to_json()).to_string();
    recipe.push('\n');
    contents.push(("recipe.json".into(), Content::Text(recipe)));
    contents
}
