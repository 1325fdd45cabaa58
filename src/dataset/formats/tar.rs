//! Tar files, as WebDataset reads them.

use super::arrays::by_subset;
use super::{Format, Item, Notes, Out, append_png};
use crate::dataset::block::{Block, Piece};
use crate::dataset::plan::{Part, PartFile, Plan};
use crate::error::Result;
use crate::sequence::PlacedDigit;
use serde::Serialize;

/// `train-00003.tar`: for each item a picture `KEY.png`, its label `KEY.txt`, and all that is known of it, `KEY.json`.
#[derive(Clone, Copy, Debug)]
pub(super) struct Tar;

/// Headers and contents begin at a multiple of this.
const RECORD: usize = 512;

/// What the JSON file of an item tells.
#[derive(Serialize)]
struct About<'a> {
    index: u64,
    label: &'a str,
    width: usize,
    height: usize,
    digits: &'a [PlacedDigit],
    boxes: Vec<[f64; 4]>,
}

impl Format for Tar {
    fn files(&self, plan: &Plan, part: &Part) -> Vec<PartFile> {
        let subsets = plan.recipe().subsets().used().enumerate();
        subsets
            .map(|(number, subset)| {
                let name = plan.file_name(subset.name(), part, ".tar");
                PartFile::new(number, name, Some(subset))
            })
            .collect()
    }

    fn head(&self, _: &Plan, _: &Part, _: &PartFile) -> Result<Vec<u8>> {
        Ok(Vec::new())
    }

    fn block(&self, plan: &Plan, _: &Part, items: &[Item]) -> Result<Block> {
        let mut block = Block {
            items: items.len() as u32,
            ..Block::default()
        };
        for (_, items) in by_subset(plan, items) {
            let mut piece = Piece::default();
            for item in items {
                let key = item.key();
                append(&format!("{key}.png"), &mut piece.body, |bytes| {
                    append_png(&item.image, bytes)
                })?;
                append(&format!("{key}.txt"), &mut piece.body, |bytes| {
                    bytes.extend_from_slice(item.label.as_bytes());
                    Ok(())
                })?;
                append(&format!("{key}.json"), &mut piece.body, |bytes| {
                    bytes.extend(about(item));
                    Ok(())
                })?;
            }
            block.pieces.push(piece);
        }
        Ok(block)
    }

    fn end(
        &self,
        _: &Plan,
        _: &Part,
        _: &PartFile,
        _: u64,
        _: &mut dyn Notes,
        out: &mut Out,
    ) -> Result<()> {
        out(&[0; 2 * RECORD])
    }
}

fn about(item: &Item) -> Vec<u8> {
    let about = About {
        index: item.index,
        label: &item.label,
        width: item.image.width(),
        height: item.image.height(),
        digits: &item.digits,
        boxes: item.boxes().collect(),
    };
    serde_json::to_vec(&about).expect("only text and numbers")
}

/// Appends a file: its header, what `write` writes, and zeros up to the next record.
fn append(
    name: &str,
    bytes: &mut Vec<u8>,
    write: impl FnOnce(&mut Vec<u8>) -> Result<()>,
) -> Result<()> {
    let start = bytes.len();
    bytes.resize(start + RECORD, 0);
    write(bytes)?;
    let length = bytes.len() - start - RECORD;
    bytes[start..][..RECORD].copy_from_slice(&header(name, length));
    bytes.resize(start + RECORD + length.next_multiple_of(RECORD), 0);
    Ok(())
}

/// The header of a plain file in the form of POSIX.1-1988 (ustar), readable by all, written by nobody at the beginning of
/// time.
fn header(name: &str, length: usize) -> [u8; RECORD] {
    let mut header = [0; RECORD];
    let mut put = |at: usize, text: &[u8]| header[at..][..text.len()].copy_from_slice(text);
    // A key and its ending are far shorter than the 100 bytes that a name may have.
    put(0, name.as_bytes());
    put(100, b"0000644\0");
    put(108, b"0000000\0");
    put(116, b"0000000\0");
    put(124, format!("{length:011o}\0").as_bytes());
    put(136, b"00000000000\0");
    // The checksum is that of a header with spaces in its place.
    put(148, b"        ");
    put(156, b"0");
    put(257, b"ustar\x0000");
    let sum: u32 = header.iter().map(|&byte| u32::from(byte)).sum();
    header[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
    header
}

#[cfg(test)]
mod tests {
    use super::super::testing::{files, items, plan, shows};
    use super::*;
    use serde_json::{Value, json};

    /// The files of a tar file, whose headers are checked.
    fn read(tar: &[u8]) -> Vec<(String, &[u8])> {
        let number = |field: &[u8]| {
            let text = std::str::from_utf8(field).expect("text");
            let digits = text.trim_end_matches(['\0', ' ']);
            usize::from_str_radix(digits, 8).expect("an octal number")
        };
        let mut found = Vec::new();
        let mut left = tar;
        loop {
            let (header, rest) = left.split_at(RECORD);
            if header.iter().all(|&byte| byte == 0) {
                assert_eq!(rest, [0; RECORD], "two empty records end it");
                return found;
            }
            assert_eq!(&header[257..265], b"ustar\x0000");
            let spaces = [
                header[..148].to_vec(),
                vec![b' '; 8],
                header[156..].to_vec(),
            ]
            .concat();
            let sum: usize = spaces.iter().map(|&byte| usize::from(byte)).sum();
            assert_eq!(number(&header[148..156]), sum);
            assert_eq!(number(&header[100..108]), 0o644);
            assert_eq!(number(&header[136..148]), 0, "no time");
            let name = header[..100].split(|&byte| byte == 0).next().expect("one");
            let length = number(&header[124..136]);
            let (content, padding) = rest.split_at(length);
            found.push((String::from_utf8_lossy(name).into_owned(), content));
            let padding = padding.split_at(length.next_multiple_of(RECORD) - length);
            assert!(padding.0.iter().all(|&byte| byte == 0));
            left = padding.1;
        }
    }

    #[test]
    fn every_item_is_a_picture_its_label_and_what_is_known() {
        let plan = plan(&json!({
            "count": 25,
            "numbers": { "random": [1, 6] },
            "fit": "natural",
            "format": "webdataset",
            "items_per_file": 10,
            "subsets": { "train": 3, "test": 1 },
        }));
        let mut seen = 0;
        for part in plan.parts() {
            let all = items(&plan, part.indices.clone());
            let found = files(&plan, &part);
            let names: Vec<&str> = found.iter().map(|(name, _)| &**name).collect();
            let number = part.number;
            assert_eq!(
                names,
                [
                    format!("train-0000{number}.tar"),
                    format!("test-0000{number}.tar")
                ]
            );
            for (name, tar) in &found {
                let subset = name.split('-').next().expect("a name");
                let its: Vec<&Item> = all
                    .iter()
                    .filter(|item| item.subset.name() == subset)
                    .collect();
                let entries = read(tar);
                assert_eq!(entries.len(), 3 * its.len(), "{name}");
                for (three, item) in entries.chunks(3).zip(its) {
                    let key = item.key();
                    let names = three.iter().map(|(name, _)| name.clone());
                    let expected = ["png", "txt", "json"].map(|ending| format!("{key}.{ending}"));
                    assert!(names.eq(expected), "{three:?}");
                    shows(three[0].1, item);
                    assert_eq!(three[1].1, item.label.as_bytes());
                    let about: Value = serde_json::from_slice(three[2].1).expect("JSON");
                    assert_eq!(about["index"], item.index);
                    assert_eq!(about["label"], item.label);
                    assert_eq!(about["width"], item.image.width());
                    assert_eq!(about["height"], 28);
                    assert_eq!(about["digits"], json!(item.digits));
                    let boxes: Vec<[f64; 4]> = item.boxes().collect();
                    assert_eq!(about["boxes"], json!(boxes));
                    seen += 1;
                }
            }
        }
        assert_eq!(seen, 25);
    }
}
