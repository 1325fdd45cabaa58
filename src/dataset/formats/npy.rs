//! NumPy's array files, one for each array of each subset.

use super::arrays::{Array, Row, by_subset};
use super::{Format, Item};
use crate::dataset::block::{Block, Piece};
use crate::dataset::plan::{Part, PartFile, Plan};
use crate::error::Result;

/// `train-images.npy`, `train-labels.npy` and so on: [`Array`] says what is in them.
#[derive(Clone, Copy, Debug)]
pub(super) struct Npy;

impl Format for Npy {
    fn files(&self, plan: &Plan, part: &Part) -> Vec<PartFile> {
        let subsets = plan.recipe().subsets().used();
        let arrays = subsets.flat_map(|subset| Array::ALL.map(|array| (subset, array)));
        arrays
            .enumerate()
            .map(|(number, (subset, array))| {
                let ending = format!("-{}.npy", array.name());
                let name = plan.file_name(subset.name(), part, &ending);
                PartFile::new(number, name, Some(subset))
            })
            .collect()
    }

    fn head(&self, plan: &Plan, _: &Part, file: &PartFile) -> Result<Vec<u8>> {
        let array = Array::ALL[file.number % Array::ALL.len()];
        Ok(array.header(plan, file.items))
    }

    fn block(&self, plan: &Plan, _: &Part, items: &[Item]) -> Result<Block> {
        let longest = plan.recipe().numbers().longest();
        let mut block = Block {
            items: items.len() as u32,
            ..Block::default()
        };
        for (_, items) in by_subset(plan, items) {
            let rows: Vec<Row> = items.clone().map(Row::from).collect();
            block.pieces.extend(Array::ALL.map(|array| {
                let mut body = Vec::new();
                match array {
                    Array::Images => {
                        items
                            .clone()
                            .for_each(|item| body.extend_from_slice(item.image.data()));
                    }
                    _ => rows
                        .iter()
                        .for_each(|row| array.append(row, longest, &mut body)),
                }
                Piece {
                    body,
                    notes: Vec::new(),
                }
            }));
        }
        Ok(block)
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{files, items, plan};
    use crate::dataset::formats::Item;
    use serde_json::json;

    /// The header of an array file, and its data.
    fn read(file: &[u8]) -> (String, &[u8]) {
        let length = usize::from(u16::from_le_bytes([file[8], file[9]]));
        let (header, data) = file[10..].split_at(length);
        (String::from_utf8_lossy(header).trim().to_owned(), data)
    }

    fn header(element: &str, shape: &str) -> String {
        format!("{{'descr': '{element}', 'fortran_order': False, 'shape': ({shape}), }}")
    }

    #[test]
    fn arrays_hold_an_element_of_each_item() {
        // Several blocks, in which subsets lie among each other.
        let plan = plan(&json!({
            "count": 2500,
            "numbers": { "random": [1, 3] },
            "image_width": 60,
            "format": "npy",
            "subsets": { "train": 1, "validation": 1 },
        }));
        let part = plan.part(0).expect("the part");
        assert!(plan.block_count(&part) > 2);
        let all = items(&plan, part.indices.clone());
        let found = files(&plan, &part);
        assert_eq!(found.len(), 12);
        for (subset, files) in ["train", "validation"].into_iter().zip(found.chunks(6)) {
            let its: Vec<&Item> = all
                .iter()
                .filter(|item| item.subset.name() == subset)
                .collect();
            let count = its.len();
            let check = |at: usize, name: &str, element, shape: &str, data: Vec<u8>| {
                assert_eq!(files[at].0, format!("{subset}-{name}.npy"));
                let (found, bytes) = read(&files[at].1);
                assert_eq!(
                    found,
                    header(element, &format!("{count},{shape}")),
                    "{name}"
                );
                assert!(bytes == data, "{name}");
            };
            let each = |of: &dyn Fn(&Item) -> Vec<u8>| -> Vec<u8> {
                its.iter().flat_map(|item| of(item)).collect()
            };
            check(
                0,
                "images",
                "|u1",
                " 28, 60",
                each(&|item| item.image.data().to_vec()),
            );
            let labels = each(&|item| {
                let mut text: Vec<u8> = item
                    .label
                    .chars()
                    .flat_map(|c| u32::from(c).to_le_bytes())
                    .collect();
                text.resize(12, 0);
                text
            });
            check(1, "labels", "<U3", "", labels);
            let lengths = each(&|item| (item.label.len() as u16).to_le_bytes().to_vec());
            check(2, "lengths", "<u2", "", lengths);
            let digits = each(&|item| {
                let mut digits: Vec<u8> = item.label.bytes().map(|byte| byte - b'0').collect();
                digits.resize(3, 255);
                digits
            });
            check(3, "digits", "|u1", " 3", digits);
            let boxes = each(&|item| {
                let mut numbers: Vec<f64> = item.boxes().flatten().collect();
                numbers.resize(12, f64::NAN);
                numbers.into_iter().flat_map(f64::to_le_bytes).collect()
            });
            check(4, "boxes", "<f8", " 3, 4", boxes);
            let index = each(&|item| item.index.to_le_bytes().to_vec());
            check(5, "index", "<i8", "", index);
        }
    }
}
