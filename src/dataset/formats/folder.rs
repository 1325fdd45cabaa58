//! A folder of PNG pictures for each subset, with tables of labels and boxes.

use super::{Format, Item, Notes, Out, append_png, coco, table, yolo};
use crate::dataset::block::{Block, Entry};
use crate::dataset::boxes::Boxes;
use crate::dataset::plan::{Part, PartFile, Plan};
use crate::error::Result;

/// Pictures are files of their own; the part's files are the tables.
#[derive(Debug)]
pub(super) struct Folder;

/// The path of an item's file.
pub(super) fn path(item: &Item, folder: &str, ending: &str) -> String {
    format!("{}/{folder}/{:09}{ending}", item.subset.name(), item.index)
}

/// The tables of a part, in the order of its files.
pub(super) fn tables(plan: &Plan, part: &Part) -> Vec<PartFile> {
    let coco = plan.recipe().boxes() == Boxes::Coco;
    let mut files = Vec::new();
    for subset in plan.recipe().subsets().used() {
        let stem = |name: &str| format!("{}/{name}", subset.name());
        let labels = plan.file_name(&stem("labels"), part, ".csv");
        files.push(PartFile::new(files.len(), labels, Some(subset)));
        if coco {
            let annotations = plan.file_name(&stem("annotations"), part, ".json");
            files.push(PartFile::new(files.len(), annotations, Some(subset)));
        }
    }
    files
}

impl Format for Folder {
    fn files(&self, plan: &Plan, part: &Part) -> Vec<PartFile> {
        let mut files = tables(plan, part);
        if plan.recipe().boxes() == Boxes::Yolo && part.number == 0 {
            files.push(PartFile::new(files.len(), yolo::DATA.into(), None));
        }
        files
    }

    fn head(&self, plan: &Plan, _: &Part, file: &PartFile) -> Result<Vec<u8>> {
        let head = match () {
            () if file.name.ends_with(".csv") => table::HEAD.into(),
            () if file.name == yolo::DATA => yolo::data(plan),
            () => String::new(),
        };
        Ok(head.into())
    }

    fn block(&self, plan: &Plan, _: &Part, items: &[Item]) -> Result<Block> {
        let recipe = plan.recipe();
        let coco = recipe.boxes() == Boxes::Coco;
        let each = if coco { 2 } else { 1 };
        let subsets = recipe.subsets();
        let mut block = Block::of_files(each * subsets.used().count());
        let mut rows = vec![coco::Rows::default(); subsets.used().count()];
        for item in items {
            let at = subsets.position(item.subset).unwrap_or_default();
            table::append_row(item, &mut block.pieces[each * at].body);
            if coco {
                rows[at].add(item);
            }
            let mut content = Vec::new();
            append_png(&item.image, &mut content)?;
            let name = path(item, "images", ".png");
            block.entries.push(Entry { name, content });
            if recipe.boxes() == Boxes::Yolo {
                let mut content = Vec::new();
                yolo::append_lines(item, &mut content);
                let name = path(item, "labels", ".txt");
                block.entries.push(Entry { name, content });
            }
        }
        if coco {
            for (at, rows) in rows.iter().enumerate() {
                rows.append_to(&mut block.pieces[each * at + 1].notes);
            }
        }
        block.items = items.len() as u32;
        Ok(block)
    }

    fn end(
        &self,
        plan: &Plan,
        _: &Part,
        file: &PartFile,
        _: u64,
        notes: &mut dyn Notes,
        out: &mut Out,
    ) -> Result<()> {
        match file.name.ends_with(".json") {
            true => coco::write(plan, 0, notes, out),
            false => Ok(()),
        }
    }
}
