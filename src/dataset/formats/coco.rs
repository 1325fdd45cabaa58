//! `annotations.json`: boxes as COCO has them.
//!
//! Source: COCO's data format, <https://cocodataset.org/#format-data>. Ids are unique in the whole data set: a picture has
//! its index, the digit at position `p` of picture `k` has `256 k + p + 1`, and a digit's category is itself.

use super::{Item, Notes, Out, sections};
use crate::dataset::plan::Plan;
use crate::error::Result;
use std::io::Write;

/// What stands between two rows.
const BETWEEN: &str = ",\n";

/// The rows of a block, without what stands before and after them.
#[derive(Clone, Debug, Default)]
pub(crate) struct Rows {
    images: Vec<u8>,
    annotations: Vec<u8>,
}

impl Rows {
    /// Adds the rows of an item.
    pub(crate) fn add(&mut self, item: &Item) {
        let (index, width, height) = (item.index, item.image.width(), item.image.height());
        let Self {
            images,
            annotations,
        } = self;
        if !images.is_empty() {
            images.extend_from_slice(BETWEEN.as_bytes());
        }
        write!(
            images,
            r#"{{"id":{index},"file_name":"images/{index:09}.png","width":{width},"height":{height}}}"#
        )
        .expect("memory takes all");
        for (at, digit) in item.digits.iter().enumerate() {
            if !annotations.is_empty() {
                annotations.extend_from_slice(BETWEEN.as_bytes());
            }
            let id = index * 256 + at as u64 + 1;
            let (x, wide, area) = (digit.x, digit.width, digit.width * height as f64);
            let category = digit.digit;
            write!(
                annotations,
                r#"{{"id":{id},"image_id":{index},"category_id":{category},"bbox":[{x},0,{wide},{height}],"area":{area},"iscrowd":0}}"#
            )
            .expect("memory takes all");
        }
    }

    /// Appends the rows as two sections of notes.
    pub(crate) fn append_to(&self, notes: &mut Vec<u8>) {
        sections::append(&self.images, notes);
        sections::append(&self.annotations, notes);
    }
}

/// How the file begins.
fn head(plan: &Plan) -> String {
    let categories: Vec<String> = (0..10)
        .map(|digit| format!(r#"{{"id":{digit},"name":"{digit}","supercategory":"digit"}}"#))
        .collect();
    format!(
        "{{\"info\":{{\"description\":\"Data set {} of handwritten numbers\"}},\n\"categories\":[{}],\n",
        plan.recipe().name(),
        categories.join(",")
    )
}

/// Writes the whole file from the notes, whose sections `first` and `first + 1` are rows.
pub(crate) fn write(plan: &Plan, first: usize, notes: &mut dyn Notes, out: &mut Out) -> Result<()> {
    out(head(plan).as_bytes())?;
    for (number, name, end) in [
        (first, "images", "],\n"),
        (first + 1, "annotations", "]}\n"),
    ] {
        out(format!("\"{name}\":[\n").as_bytes())?;
        let mut is_first = true;
        notes.each(&mut |notes| {
            let rows = sections::section(notes, number)?;
            if rows.is_empty() {
                return Ok(());
            }
            if !std::mem::take(&mut is_first) {
                out(BETWEEN.as_bytes())?;
            }
            out(rows)
        })?;
        out(format!("\n{end}").as_bytes())?;
    }
    Ok(())
}
