//! IDX files, as MNIST's are: pictures, and their digits.

use super::arrays::{Array, Row, by_subset};
use super::{Format, Item};
use crate::dataset::block::{Block, Piece};
use crate::dataset::plan::{Part, PartFile, Plan};
use crate::error::Result;
use crate::mnist::SIDE;

/// `train-images-idx3-ubyte`, and the digits as `train-labels-idx2-ubyte`: as many for each item as the longest number
/// has, 255 behind the last. When no number has more than one, they are `train-labels-idx1-ubyte`, as MNIST's.
#[derive(Clone, Copy, Debug)]
pub(super) struct Idx;

/// The element type of unsigned bytes.
const UNSIGNED_BYTE: u8 = 8;

impl Format for Idx {
    fn files(&self, plan: &Plan, part: &Part) -> Vec<PartFile> {
        let labels = match plan.recipe().numbers().longest() {
            1 => "-labels-idx1-ubyte",
            _ => "-labels-idx2-ubyte",
        };
        let subsets = plan.recipe().subsets().used();
        let kinds = subsets.flat_map(|subset| ["-images-idx3-ubyte", labels].map(|e| (subset, e)));
        kinds
            .enumerate()
            .map(|(number, (subset, ending))| {
                let name = plan.file_name(subset.name(), part, ending);
                PartFile::new(number, name, Some(subset))
            })
            .collect()
    }

    fn head(&self, plan: &Plan, _: &Part, file: &PartFile) -> Result<Vec<u8>> {
        // A data set has fewer items than 32 bits can count, a picture fewer columns.
        let items = file.items as u32;
        let shape = match (file.number % 2, plan.recipe().numbers().longest()) {
            (0, _) => vec![items, SIDE as u32, plan.recipe().widest() as u32],
            (_, 1) => vec![items],
            (_, longest) => vec![items, longest as u32],
        };
        let mut head = vec![0, 0, UNSIGNED_BYTE, shape.len() as u8];
        head.extend(shape.into_iter().flat_map(u32::to_be_bytes));
        Ok(head)
    }

    fn block(&self, plan: &Plan, _: &Part, items: &[Item]) -> Result<Block> {
        let longest = plan.recipe().numbers().longest();
        let mut block = Block {
            items: items.len() as u32,
            ..Block::default()
        };
        for (_, items) in by_subset(plan, items) {
            let [mut images, mut labels] = [Piece::default(), Piece::default()];
            for item in items {
                images.body.extend_from_slice(item.image.data());
                Array::Digits.append(&Row::from(item), longest, &mut labels.body);
            }
            block.pieces.extend([images, labels]);
        }
        Ok(block)
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{files, items, plan};
    use crate::mnist::idx::{Images, Labels};
    use serde_json::json;

    #[test]
    fn single_digits_are_files_that_this_crate_reads() {
        let plan = plan(&json!({
            "count": 1500,
            "numbers": { "random": 1 },
            "image_width": 28,
            "format": "idx",
        }));
        let part = plan.part(0).expect("the part");
        assert!(plan.block_count(&part) > 1);
        let all = items(&plan, part.indices.clone());
        let [(images, pictures), (labels, digits)] = &files(&plan, &part)[..] else {
            panic!("two files");
        };
        assert_eq!(images, "train-images-idx3-ubyte");
        assert_eq!(labels, "train-labels-idx1-ubyte");
        let pictures = Images::parse(images, pictures).expect("pictures");
        let digits = Labels::parse(labels, digits).expect("labels");
        assert_eq!(pictures.len(), 1500);
        for (at, item) in all.iter().enumerate() {
            assert_eq!(pictures.picture(at), item.image.data(), "{at}");
            assert_eq!(digits.as_slice()[at].to_string(), item.label, "{at}");
        }
    }

    #[test]
    fn numbers_have_a_row_of_digits() {
        let plan = plan(&json!({
            "count": 3,
            "numbers": { "list": ["042", "7", "19"] },
            "image_width": 300,
            "format": "idx",
            "subsets": { "test": 1 },
        }));
        let part = plan.part(0).expect("the part");
        let [(images, pictures), (labels, digits)] = &files(&plan, &part)[..] else {
            panic!("two files");
        };
        assert_eq!(images, "test-images-idx3-ubyte");
        assert_eq!(labels, "test-labels-idx2-ubyte");
        let head = [0, 0, 8, 3, 0, 0, 0, 3, 0, 0, 0, 28, 0, 0, 1, 44];
        assert_eq!(pictures[..16], head);
        assert_eq!(pictures.len(), 16 + 3 * 28 * 300);
        let rows = [0, 4, 2, 7, 255, 255, 1, 9, 255];
        assert_eq!(digits[..12], [0, 0, 8, 2, 0, 0, 0, 3, 0, 0, 0, 3]);
        assert_eq!(digits[12..], rows);
    }
}
