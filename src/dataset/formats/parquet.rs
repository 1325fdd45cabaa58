//! Parquet files, as Hugging Face's data sets are.
//!
//! A block becomes a row group: its worker writes a small file in memory, whose middle is the block's body and whose footer
//! its notes. The end reads one footer after the other, moves what it says to where the row group stands, and writes them
//! all as one.

use super::arrays::{by_subset, damaged};
use super::{Format, Item, Notes, Out, append_png};
use crate::dataset::block::{Block, Piece};
use crate::dataset::plan::{Part, PartFile, Plan};
use crate::error::{Error, Result};
use ::parquet::data_type::{ByteArray, ByteArrayType, DataType, DoubleType, Int32Type, Int64Type};
use ::parquet::errors::ParquetError;
use ::parquet::file::metadata::{
    FileMetaData, KeyValue, ParquetMetaData, ParquetMetaDataOptions, ParquetMetaDataReader,
    ParquetMetaDataWriter, RowGroupMetaData,
};
use ::parquet::file::properties::{EnabledStatistics, WriterProperties, WriterPropertiesPtr};
use ::parquet::file::writer::{SerializedFileWriter, SerializedRowGroupWriter};
use ::parquet::schema::parser::parse_message_type;
use ::parquet::schema::types::{ColumnPath, SchemaDescPtr, SchemaDescriptor};
use serde_json::json;
use std::io::Write;
use std::sync::Arc;

/// `train-00003-of-00010.parquet`, with a row for each item.
#[derive(Debug)]
pub(super) struct Parquet {
    schema: SchemaDescPtr,
    properties: WriterPropertiesPtr,
}

/// The columns. All may be empty, as those of most writers may, although none ever is.
const SCHEMA: &str = "
    message schema {
        optional group image {
            optional binary bytes;
            optional binary path (STRING);
        }
        optional binary label (STRING);
        optional int64 index;
        optional group digits (LIST) {
            repeated group list {
                optional int32 element;
            }
        }
        optional group boxes (LIST) {
            repeated group list {
                optional group element (LIST) {
                    repeated group list {
                        optional double element;
                    }
                }
            }
        }
    }";

/// How the file begins and ends.
const MAGIC: &[u8] = b"PAR1";

/// The most row groups of a file. Readers hold what a footer says of each, and so does the end: for so many the footer has
/// about 7 MB.
const MOST_ROW_GROUPS: u64 = 10_000;

impl Default for Parquet {
    fn default() -> Self {
        let schema = parse_message_type(SCHEMA).expect("a schema");
        // Few different values, many times each.
        let repeated = ["digits.list.element", "boxes.list.element.list.element"];
        let mut properties = WriterProperties::builder()
            .set_created_by("digitlab".into())
            .set_dictionary_enabled(false)
            .set_statistics_enabled(EnabledStatistics::None)
            // By this, readers find an item without reading all.
            .set_column_statistics_enabled(path("index"), EnabledStatistics::Chunk)
            .set_offset_index_disabled(true);
        for column in repeated {
            properties = properties.set_column_dictionary_enabled(path(column), true);
        }
        Self {
            schema: Arc::new(SchemaDescriptor::new(Arc::new(schema))),
            properties: Arc::new(properties.build()),
        }
    }
}

fn path(column: &str) -> ColumnPath {
    ColumnPath::new(column.split('.').map(str::to_owned).collect())
}

impl Format for Parquet {
    fn check(&self, plan: &Plan) -> Result<()> {
        let most = MOST_ROW_GROUPS * plan.block_items();
        let recipe = plan.recipe();
        match recipe.items_per_file().min(recipe.count()) > most {
            true => Err(Error::invalid(
                "items_per_file",
                recipe.items_per_file(),
                format!(
                    "at most {most} with the format parquet and pictures of up to {} columns, because a file has at \
                     most {MOST_ROW_GROUPS} row groups",
                    recipe.widest()
                ),
            )),
            false => Ok(()),
        }
    }

    fn files(&self, plan: &Plan, part: &Part) -> Vec<PartFile> {
        let count = plan.part_count().to_string();
        let digits = count.len().max(5);
        let subsets = plan.recipe().subsets().used().enumerate();
        subsets
            .map(|(number, subset)| {
                let name = format!(
                    "{}-{:0digits$}-of-{count:0>digits$}.parquet",
                    subset.name(),
                    part.number
                );
                PartFile::new(number, name, Some(subset))
            })
            .collect()
    }

    fn head(&self, _: &Plan, _: &Part, _: &PartFile) -> Result<Vec<u8>> {
        Ok(MAGIC.to_vec())
    }

    fn block(&self, plan: &Plan, _: &Part, items: &[Item]) -> Result<Block> {
        let mut block = Block {
            items: items.len() as u32,
            ..Block::default()
        };
        for (_, items) in by_subset(plan, items) {
            let items: Vec<&Item> = items.collect();
            block.pieces.push(match items.is_empty() {
                // Row groups without rows are more than some readers expect.
                true => Piece::default(),
                false => self.row_group(&items)?,
            });
        }
        Ok(block)
    }

    fn end(
        &self,
        _: &Plan,
        _: &Part,
        file: &PartFile,
        length: u64,
        notes: &mut dyn Notes,
        out: &mut Out,
    ) -> Result<()> {
        let mut groups = Vec::new();
        let mut at = MAGIC.len() as i64;
        let mut rows = 0_i64;
        notes.each(&mut |notes| {
            if !notes.is_empty() {
                let group = self
                    .moved(notes, at, groups.len())
                    .map_err(|_| damaged(&file.name))?;
                for column in group.columns() {
                    at = at.saturating_add(column.compressed_size());
                }
                rows = rows.saturating_add(group.num_rows());
                groups.push(group);
            }
            Ok(())
        })?;
        if u64::try_from(at) != Ok(length) || u64::try_from(rows) != Ok(file.items) {
            return Err(damaged(&file.name));
        }
        let about = FileMetaData::new(
            self.properties.writer_version().as_num(),
            rows,
            Some(self.properties.created_by().to_owned()),
            Some(vec![features()]),
            self.schema.clone(),
            None,
        );
        let mut footer = Vec::new();
        let metadata = ParquetMetaData::new(about, groups);
        ParquetMetaDataWriter::new(&mut footer, &metadata)
            .finish()
            .map_err(|_| damaged(&file.name))?;
        out(&footer)
    }
}

impl Parquet {
    /// A row group of items, and the footer of a file in which it is the only one.
    fn row_group(&self, items: &[&Item]) -> Result<Piece> {
        let mut body = Vec::new();
        let mut pictures = Vec::with_capacity(items.len());
        for item in items {
            let mut picture = Vec::new();
            append_png(&item.image, &mut picture)?;
            pictures.push(ByteArray::from(picture));
        }
        self.write(items, pictures, &mut body).map_err(broken)?;
        let end = body.len() - 2 * MAGIC.len();
        let length = body[end..].first_chunk().copied().expect("four bytes");
        let notes = body[end - u32::from_le_bytes(length) as usize..end].to_vec();
        body.truncate(end - notes.len());
        body.drain(..MAGIC.len());
        Ok(Piece { body, notes })
    }

    fn write(
        &self,
        items: &[&Item],
        pictures: Vec<ByteArray>,
        file: &mut Vec<u8>,
    ) -> std::result::Result<(), ParquetError> {
        let schema = self.schema.root_schema_ptr();
        let mut writer = SerializedFileWriter::new(file, schema, self.properties.clone())?;
        let mut group = writer.next_row_group()?;

        let once = |level: i16| vec![level; items.len()];
        column::<ByteArrayType, _>(&mut group, &pictures, &once(2), None)?;
        let text = |of: &dyn Fn(&Item) -> String| -> Vec<ByteArray> {
            let texts = items.iter().map(|item| of(item));
            texts.map(|text| text.into_bytes().into()).collect()
        };
        let paths = text(&|item| format!("{}.png", item.key()));
        column::<ByteArrayType, _>(&mut group, &paths, &once(2), None)?;
        let labels = text(&|item| item.label.clone());
        column::<ByteArrayType, _>(&mut group, &labels, &once(1), None)?;
        let indices: Vec<i64> = items.iter().map(|item| item.index as i64).collect();
        column::<Int64Type, _>(&mut group, &indices, &once(1), None)?;

        // Where a value begins a new row, it repeats nothing; where it begins a new box, a row.
        let (mut digits, mut boxes) = (Vec::new(), Vec::new());
        let [mut of_digits, mut of_boxes] = [Vec::new(), Vec::new()];
        for item in items {
            for (position, digit) in item.digits.iter().enumerate() {
                digits.push(i32::from(digit.digit));
                of_digits.push(i16::from(position > 0));
            }
            for (position, corners) in item.boxes().enumerate() {
                boxes.extend(corners);
                of_boxes.extend([i16::from(position > 0), 2, 2, 2]);
            }
        }
        let whole = vec![3; digits.len()];
        column::<Int32Type, _>(&mut group, &digits, &whole, Some(&of_digits))?;
        let whole = vec![5; boxes.len()];
        column::<DoubleType, _>(&mut group, &boxes, &whole, Some(&of_boxes))?;

        group.close()?;
        writer.close()?;
        Ok(())
    }

    /// The row group of a block's footer, for byte `at` of a file in which it is number `number`.
    fn moved(
        &self,
        footer: &[u8],
        at: i64,
        number: usize,
    ) -> std::result::Result<RowGroupMetaData, ParquetError> {
        let options = ParquetMetaDataOptions::new()
            .with_schema(self.schema.clone())
            .with_encoding_stats_as_mask(false);
        let footer = ParquetMetaDataReader::decode_metadata_with_options(footer, Some(&options))?;
        let mut groups = footer.into_builder().take_row_groups();
        let (Some(group), true) = (groups.pop(), groups.is_empty()) else {
            return Err(ParquetError::General("not one row group".into()));
        };
        let by = at - MAGIC.len() as i64;
        let mut group = group.into_builder();
        let columns = group.take_columns().into_iter().map(|column| {
            let data = column.data_page_offset().saturating_add(by);
            let dictionary = column.dictionary_page_offset();
            let dictionary = dictionary.map(|dictionary| dictionary.saturating_add(by));
            column
                .into_builder()
                .set_data_page_offset(data)
                .set_dictionary_page_offset(dictionary)
                .build()
        });
        let columns = columns.collect::<std::result::Result<_, _>>()?;
        group
            .set_column_metadata(columns)
            .set_file_offset(at)
            .set_ordinal(number as i32)
            .build()
    }
}

/// Writes the next column of a row group.
fn column<T: DataType, W: Write + Send>(
    group: &mut SerializedRowGroupWriter<'_, W>,
    values: &[T::T],
    definition: &[i16],
    repetition: Option<&[i16]>,
) -> std::result::Result<(), ParquetError> {
    let column = group.next_column()?;
    let mut column = column.ok_or_else(|| ParquetError::General("no column".into()))?;
    column
        .typed::<T>()
        .write_batch(values, Some(definition), repetition)?;
    column.close()
}

/// What `datasets` reads the types of columns from: that `image` is a picture, above all.
fn features() -> KeyValue {
    let plain = |name: &str| json!({ "dtype": name, "_type": "Value" });
    let features = json!({
        "info": {
            "features": {
                "image": { "_type": "Image" },
                "label": plain("string"),
                "index": plain("int64"),
                "digits": { "feature": plain("int32"), "_type": "Sequence" },
                "boxes": {
                    "feature": { "feature": plain("float64"), "_type": "Sequence" },
                    "_type": "Sequence",
                },
            },
        },
    });
    KeyValue::new("huggingface".into(), features.to_string())
}

fn broken(error: ParquetError) -> Error {
    Error::file(
        "The Parquet file",
        format!("it cannot be written ({error})"),
    )
}

#[cfg(test)]
mod tests {
    use super::super::testing::{Kept, begun, damage_is_told, files, items, plan, shows};
    use super::*;
    use crate::dataset::plan::Shard;
    use crate::dataset::recipe::Recipe;
    use ::parquet::file::reader::{FileReader, SerializedFileReader};
    use ::parquet::record::{ListAccessor, Row, RowAccessor};
    use serde_json::Value;
    use std::fs::File;

    fn recipe() -> Value {
        json!({
            "count": 2500,
            "numbers": { "random": [1, 6] },
            "image_width": 60,
            "format": "parquet",
            "subsets": { "train": 5, "validation": 1 },
            "items_per_file": 2200,
        })
    }

    /// A reader of a file in memory.
    fn reader(name: &str, bytes: &[u8]) -> SerializedFileReader<File> {
        let place = std::env::temp_dir().join(format!("digitlab-{}-{name}", std::process::id()));
        std::fs::write(&place, bytes).expect("room");
        let file = File::open(&place).expect("the file");
        // What is open stays.
        std::fs::remove_file(&place).expect("it was there");
        SerializedFileReader::new(file).expect("a Parquet file")
    }

    fn equals(row: &Row, item: &Item) {
        let picture = row.get_group(0).expect("a picture");
        shows(picture.get_bytes(0).expect("bytes").data(), item);
        let path = picture.get_string(1).expect("a path");
        assert_eq!(*path, format!("{}.png", item.key()));
        assert_eq!(*row.get_string(1).expect("a label"), item.label);
        assert_eq!(row.get_long(2).expect("an index"), item.index as i64);
        let digits = row.get_list(3).expect("digits");
        let boxes = row.get_list(4).expect("boxes");
        assert_eq!(
            (digits.len(), boxes.len()),
            (item.label.len(), item.label.len())
        );
        for (at, (digit, place)) in item.digits.iter().zip(item.boxes()).enumerate() {
            assert_eq!(digits.get_int(at).expect("a digit"), i32::from(digit.digit));
            let found = boxes.get_list(at).expect("a box");
            let found = [0, 1, 2, 3].map(|side| found.get_double(side).expect("a number"));
            assert_eq!(found, place);
        }
    }

    #[test]
    fn every_item_is_a_row_and_every_block_a_row_group() {
        let plan = plan(&recipe());
        let mut seen = 0;
        for part in plan.parts() {
            let all = items(&plan, part.indices.clone());
            let found = files(&plan, &part);
            let names = ["train", "validation"]
                .map(|subset| format!("{subset}-0000{}-of-00002.parquet", part.number));
            assert!(found.iter().map(|(name, _)| name).eq(&names));
            for (name, bytes) in &found {
                let reader = reader(name, bytes);
                let its = all
                    .iter()
                    .filter(|item| name.starts_with(item.subset.name()));
                let rows = reader.get_row_iter(None).expect("rows");
                let mut count = 0;
                for (row, item) in rows.zip(its.clone()) {
                    equals(&row.expect("a row"), item);
                    count += 1;
                }
                assert_eq!(count, its.count());
                seen += count;
                let metadata = reader.metadata();
                assert_eq!(metadata.num_row_groups() as u64, plan.block_count(&part));
                let mut before = None;
                for group in metadata.row_groups() {
                    let index = group.column(3).statistics().expect("the range of indices");
                    let bounds = [index.min_bytes_opt(), index.max_bytes_opt()];
                    let bounds = bounds.map(|bytes| {
                        i64::from_le_bytes(bytes.expect("a bound").try_into().expect("eight"))
                    });
                    assert!(before < Some(bounds[0]) && bounds[0] <= bounds[1]);
                    before = Some(bounds[1]);
                }
                let about = metadata.file_metadata();
                assert_eq!(about.num_rows() as usize, count);
                assert_eq!(about.created_by(), Some("digitlab"));
                let [features] = &about.key_value_metadata().expect("one")[..] else {
                    panic!("one");
                };
                assert_eq!(features.key, "huggingface");
                let told: Value =
                    serde_json::from_str(features.value.as_deref().expect("text")).expect("JSON");
                assert_eq!(told["info"]["features"]["image"]["_type"], "Image");
            }
        }
        assert_eq!(seen, 2500);
    }

    #[test]
    fn the_same_items_give_the_same_bytes() {
        let [one, other] = [plan(&recipe()), plan(&recipe())];
        for part in one.parts() {
            assert!(files(&one, &part) == files(&other, &part));
        }
    }

    #[test]
    fn a_file_without_rows_is_one() {
        let plan = plan(&json!({
            "count": 1,
            "numbers": { "random": 3 },
            "fit": "natural",
            "format": "parquet",
            "subsets": { "train": 1, "test": 1 },
        }));
        let part = plan.part(0).expect("the part");
        let mut rows = 0;
        for (name, bytes) in files(&plan, &part) {
            rows += reader(&name, &bytes).metadata().file_metadata().num_rows();
        }
        assert_eq!(rows, 1);
    }

    #[test]
    fn footers_stay_small() {
        // As many row groups as there may be, each from the notes of the first.
        let plan = plan(&json!({
            "count": 10_000_000,
            "numbers": { "random": 6 },
            "image_width": 143,
            "format": "parquet",
            "items_per_file": 9_990_000,
        }));
        let part = plan.part(0).expect("the part");
        let block = plan.block_items();
        assert_eq!(block, 999);
        let items = items(&plan, 0..block);
        let piece = plan
            .format()
            .block(&plan, &part, &items)
            .expect("a block")
            .pieces
            .remove(0);
        let mut notes = Kept(vec![piece.notes; MOST_ROW_GROUPS as usize]);
        let file = PartFile {
            items: 9_990_000,
            ..plan.format().files(&plan, &part).remove(0)
        };
        let length = MAGIC.len() as u64 + MOST_ROW_GROUPS * piece.body.len() as u64;
        let mut size = 0;
        plan.format()
            .end(&plan, &part, &file, length, &mut notes, &mut |bytes| {
                size += bytes.len();
                Ok(())
            })
            .expect("an end");
        assert!((4_000_000..8_000_000).contains(&size), "{size}");
    }

    #[test]
    fn too_many_row_groups_are_refused() {
        let recipe = json!({
            "count": 10_000_000,
            "numbers": { "random": 6 },
            "image_width": 143,
            "format": "parquet",
            "items_per_file": 9_990_001,
        });
        let recipe = Recipe::from_json(&recipe, 7).expect("a recipe");
        let manifest = include_str!("../../../www/mnist/manifest.json");
        let error = Plan::new(recipe, manifest, Shard::WHOLE).expect_err("too many");
        assert_eq!(
            error.to_string(),
            "items_per_file is 9990001; allowed: at most 9990000 with the format parquet and pictures of up to 143 \
             columns, because a file has at most 10000 row groups."
        );
    }

    #[test]
    fn damaged_notes_are_told() {
        let plan = plan(&json!({
            "count": 3,
            "numbers": { "random": [1, 3] },
            "fit": "natural",
            "format": "parquet",
        }));
        let part = plan.part(0).expect("the part");
        damage_is_told(&plan, &part);
        let mut begun = begun(&plan, &part);
        begun[0].bytes.pop();
        assert!(
            begun[0].end(&plan, &part).is_err(),
            "a body that is too short"
        );
    }
}
