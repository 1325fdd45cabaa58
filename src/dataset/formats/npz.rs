//! NumPy's archive of arrays: a zip file with an array file for each.
//!
//! The pictures come first and leave as they are made: how many they are is known, but not their checksum, which follows
//! them. The other arrays are small, and come at the end, from the notes.

use super::arrays::{Array, Row, by_subset, damaged, take};
use super::zip_parts::{ZipEntry, end_of_directory};
use super::{Format, Item, Notes, Out};
use crate::dataset::block::{Block, Piece};
use crate::dataset::plan::{Part, PartFile, Plan};
use crate::error::Result;
use crc32fast::Hasher;

/// `train.npz`, with the arrays of [`Array`] in it.
///
/// The notes of a block are the checksum and the length of its pictures, then a row for each item.
#[derive(Clone, Copy, Debug)]
pub(super) struct Npz;

impl Format for Npz {
    fn files(&self, plan: &Plan, part: &Part) -> Vec<PartFile> {
        let subsets = plan.recipe().subsets().used().enumerate();
        subsets
            .map(|(number, subset)| {
                let name = plan.file_name(subset.name(), part, ".npz");
                PartFile::new(number, name, Some(subset))
            })
            .collect()
    }

    fn head(&self, plan: &Plan, _: &Part, file: &PartFile) -> Result<Vec<u8>> {
        let mut head = Vec::new();
        let name = name(Array::Images);
        entry(&name, Array::Images, plan, file).append_header(&mut head);
        head.extend(Array::Images.header(plan, file.items));
        Ok(head)
    }

    fn block(&self, plan: &Plan, _: &Part, items: &[Item]) -> Result<Block> {
        let mut block = Block {
            items: items.len() as u32,
            ..Block::default()
        };
        for (_, items) in by_subset(plan, items) {
            let [mut body, mut rows] = [Vec::new(), Vec::new()];
            for item in items {
                body.extend_from_slice(item.image.data());
                Row::from(item).write(&mut rows);
            }
            let mut notes = Vec::with_capacity(12 + rows.len());
            notes.extend(crc32fast::hash(&body).to_le_bytes());
            notes.extend((body.len() as u64).to_le_bytes());
            notes.extend(rows);
            block.pieces.push(Piece { body, notes });
        }
        Ok(block)
    }

    fn end(
        &self,
        plan: &Plan,
        _: &Part,
        file: &PartFile,
        length: u64,
        notes: &mut dyn Notes,
        out: &mut Out,
    ) -> Result<()> {
        let names = Array::ALL.map(name);
        let mut entries: Vec<ZipEntry> = Array::ALL
            .iter()
            .zip(&names)
            .map(|(&array, name)| entry(name, array, plan, file))
            .collect();
        let (images, others) = entries.split_at_mut(1);
        if length != images[0].header_length() + images[0].size {
            return Err(damaged(&file.name));
        }
        images[0].crc = checksum(plan, file, notes)?;
        let mut bytes = Vec::new();
        images[0].append_descriptor(&mut bytes);
        out(&bytes)?;

        let longest = plan.recipe().numbers().longest();
        for (entry, array) in others.iter_mut().zip(&Array::ALL[1..]) {
            bytes.clear();
            entry.append_header(&mut bytes);
            out(&bytes)?;
            bytes.clear();
            bytes.extend(array.header(plan, file.items));
            let (mut crc32, mut size) = (Hasher::new(), 0);
            let mut write = |bytes: &[u8]| {
                crc32.update(bytes);
                size += bytes.len() as u64;
                out(bytes)
            };
            write(&bytes)?;
            notes.each(&mut |mut notes| {
                bytes.clear();
                pictures(&file.name, &mut notes)?;
                while !notes.is_empty() {
                    array.append(&Row::read(&file.name, &mut notes)?, longest, &mut bytes);
                }
                write(&bytes)
            })?;
            if size != entry.size {
                return Err(damaged(&file.name));
            }
            entry.crc = crc32.finalize();
            bytes.clear();
            entry.append_descriptor(&mut bytes);
            out(&bytes)?;
        }

        bytes.clear();
        let mut start = 0;
        for entry in &entries {
            entry.append_directory(start, &mut bytes);
            start += entry.header_length() + entry.size + entry.descriptor_length();
        }
        let directory = bytes.len() as u64;
        bytes.extend(end_of_directory(entries.len() as u64, start, directory));
        out(&bytes)
    }
}

/// An array's name in the archive.
fn name(array: Array) -> String {
    format!("{}.npy", array.name())
}

/// An array's file in the archive, its checksum still to come.
fn entry<'a>(name: &'a str, array: Array, plan: &Plan, file: &PartFile) -> ZipEntry<'a> {
    ZipEntry {
        name,
        crc: 0,
        size: array.length(plan, file.items),
        streamed: true,
    }
}

/// The checksum of the file of pictures: of its header, and those of all blocks.
fn checksum(plan: &Plan, file: &PartFile, notes: &mut dyn Notes) -> Result<u32> {
    let header = Array::Images.header(plan, file.items);
    let mut all = Hasher::new();
    all.update(&header);
    let mut size = header.len() as u64;
    notes.each(&mut |mut notes| {
        let (crc32, length) = pictures(&file.name, &mut notes)?;
        all.combine(&Hasher::new_with_initial_len(crc32, length));
        size = size.saturating_add(length);
        Ok(())
    })?;
    match size == Array::Images.length(plan, file.items) {
        true => Ok(all.finalize()),
        false => Err(damaged(&file.name)),
    }
}

/// Takes the checksum and the length of a block's pictures off its notes.
fn pictures(name: &str, notes: &mut &[u8]) -> Result<(u32, u64)> {
    let crc32 = u32::from_le_bytes(take(name, notes)?);
    let length = u64::from_le_bytes(take(name, notes)?);
    Ok((crc32, length))
}

#[cfg(test)]
mod tests {
    use super::super::testing::{Kept, begun, damage_is_told, files, items, plan};
    use super::*;
    use ::zip::ZipArchive;
    use serde_json::json;
    use std::io::{self, Cursor, Read, Seek, SeekFrom};

    #[test]
    fn an_archive_holds_the_array_files_of_npy() {
        let recipe = |format: &str| {
            plan(&json!({
                "count": 2500,
                "numbers": { "random": [1, 6] },
                "image_width": 50,
                "format": format,
                "items_per_file": 2000,
                "subsets": { "train": 2, "test": 1 },
            }))
        };
        let (npz, npy) = (recipe("npz"), recipe("npy"));
        for part in npz.parts() {
            let mut arrays = files(&npy, &part).into_iter();
            for (name, bytes) in files(&npz, &part) {
                let mut archive = ZipArchive::new(Cursor::new(bytes)).expect("an archive");
                assert_eq!(archive.len(), 6);
                for (at, array) in Array::ALL.into_iter().enumerate() {
                    let mut file = archive.by_index(at).expect("a file");
                    let inner = file.name().expect("text").into_owned();
                    assert_eq!(inner, format!("{}.npy", array.name()));
                    // Reading checks the checksum.
                    let mut found = Vec::new();
                    file.read_to_end(&mut found).expect("its content");
                    let (whole, expected) = arrays.next().expect("an array");
                    assert_eq!(format!("{}-{inner}", name.trim_end_matches(".npz")), whole);
                    assert!(found == expected, "{whole}");
                }
            }
            assert_eq!(arrays.next(), None);
        }
    }

    #[test]
    fn an_archive_without_items_is_one() {
        let plan = plan(&json!({
            "count": 1,
            "numbers": { "random": 6 },
            "image_width": 50,
            "format": "npz",
            "subsets": { "train": 1, "test": 1 },
        }));
        let part = plan.part(0).expect("the part");
        let lengths: Vec<u64> = plan.files(&part).iter().map(|file| file.items).collect();
        assert_eq!(lengths.iter().sum::<u64>(), 1);
        for (name, bytes) in files(&plan, &part) {
            let archive = ZipArchive::new(Cursor::new(bytes)).expect("an archive");
            assert_eq!(archive.len(), 6, "{name}");
        }
    }

    #[test]
    fn damaged_notes_are_told() {
        let plan = plan(&json!({
            "count": 3,
            "numbers": { "random": [1, 3] },
            "image_width": 50,
            "format": "npz",
        }));
        damage_is_told(&plan, &plan.part(0).expect("the part"));
        let mut begun = begun(&plan, &plan.part(0).expect("the part"));
        begun[0].bytes.pop();
        let part = plan.part(0).expect("the part");
        assert!(
            begun[0].end(&plan, &part).is_err(),
            "a body that is too short"
        );
    }

    /// A file with zeros between its beginning and its end.
    struct Hollow {
        start: Vec<u8>,
        hole: u64,
        end: Vec<u8>,
        at: u64,
    }

    impl Read for Hollow {
        fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
            let start = self.start.len() as u64;
            let rest = match self.at {
                at if at < start => &self.start[at as usize..],
                at if at < start + self.hole => {
                    let left = usize::try_from(start + self.hole - at).unwrap_or(usize::MAX);
                    let length = into.len().min(left);
                    into[..length].fill(0);
                    self.at += length as u64;
                    return Ok(length);
                }
                at => &self.end[(at - start - self.hole) as usize..],
            };
            let length = into.len().min(rest.len());
            into[..length].copy_from_slice(&rest[..length]);
            self.at += length as u64;
            Ok(length)
        }
    }

    impl Seek for Hollow {
        fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
            let length = self.start.len() as u64 + self.hole + self.end.len() as u64;
            let at = match to {
                SeekFrom::Start(at) => Some(at),
                SeekFrom::End(by) => length.checked_add_signed(by),
                SeekFrom::Current(by) => self.at.checked_add_signed(by),
            };
            self.at = at.ok_or(io::ErrorKind::InvalidInput)?.min(length);
            Ok(self.at)
        }
    }

    #[test]
    fn pictures_beyond_four_gigabytes_are_read() {
        let plan = plan(&json!({
            "count": 16_000,
            "numbers": { "random": 2 },
            "image_width": 10_000,
            "format": "npz",
        }));
        let part = plan.part(0).expect("the part");
        let files = plan.files(&part);
        let head = plan.format().head(&plan, &part, &files[0]).expect("a head");
        // Blocks of black pictures, so that nothing of them has to be kept.
        let mut items = items(&plan, 0..plan.block_items());
        for item in &mut items {
            item.image.data_mut().fill(0);
        }
        let mut notes = Kept::default();
        let mut hole = 0;
        for indices in plan.blocks(&part) {
            items.truncate((indices.end - indices.start) as usize);
            let mut block = plan.format().block(&plan, &part, &items).expect("a block");
            hole += block.pieces[0].body.len() as u64;
            notes
                .0
                .append(&mut vec![std::mem::take(&mut block.pieces[0].notes)]);
        }
        assert!(hole > 1 << 32);
        let mut end = Vec::new();
        let length = head.len() as u64 + hole;
        plan.format()
            .end(&plan, &part, &files[0], length, &mut notes, &mut |bytes| {
                end.extend_from_slice(bytes);
                Ok(())
            })
            .expect("an end");
        let file = Hollow {
            start: head,
            hole,
            end,
            at: 0,
        };
        let mut archive =
            ZipArchive::new(io::BufReader::with_capacity(1 << 20, file)).expect("an archive");
        for (at, array) in Array::ALL.into_iter().enumerate() {
            let mut file = archive.by_index(at).expect("a file");
            assert_eq!(file.size(), array.length(&plan, 16_000));
            // Reading to the end checks the checksum.
            let length = io::copy(&mut file, &mut io::sink()).expect("its content");
            assert_eq!(length, array.length(&plan, 16_000), "{}", array.name());
        }
    }
}
