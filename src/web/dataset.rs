//! Data sets for JavaScript: recipes, blocks of items, and files that are written from them.

use super::Result;
use super::error::to_js;
use super::object::to_object;
use crate::dataset::numbers::FileOfNumbers;
use crate::dataset::numbers::phones::PHONES;
use crate::dataset::recipe::FIELDS;
use crate::dataset::{Assembler, Block, FormatName, Maker, Plan, Recipe, Shard, Storage};
use crate::error::Error;
use crate::mnist::Pool;
use serde_json::{Value, json};
use wasm_bindgen::prelude::*;

/// A recipe, or the `recipe.json` of a data set, as JSON text.
fn read(recipe: &str, seed: u64) -> crate::Result<Recipe> {
    let recipe: Value =
        serde_json::from_str(recipe).map_err(|error| Error::invalid("recipe", error, "JSON"))?;
    Recipe::from_json(&recipe, seed)
}

fn plan(recipe: &str, manifest: &str, shard: &str, numbers: Option<String>) -> crate::Result<Plan> {
    let mut recipe = read(recipe, 0)?;
    if let Some(text) = numbers {
        recipe = recipe.with_file(&text)?;
    }
    Plan::new(recipe, manifest, Shard::parse(shard)?)
}

/// Checks a recipe, and fills its defaults in; `seed` holds when it names none. What comes back is JSON text, too.
#[wasm_bindgen(js_name = checkRecipe)]
pub fn check_recipe(recipe: &str, seed: u64) -> Result<String> {
    let recipe = read(recipe, seed).map_err(to_js)?;
    Ok(recipe.to_text())
}

/// What a recipe may say: `{ fields, phones, formats }`.
#[wasm_bindgen(js_name = datasetFields)]
pub fn dataset_fields() -> JsValue {
    let phones = PHONES.iter().map(|phone| {
        let patterns: Vec<&str> = phone.patterns().collect();
        json!({ "name": phone.name, "label": phone.label, "patterns": patterns })
    });
    let formats = FormatName::ALL.into_iter().map(|format| {
        json!({
            "name": format.name(),
            "boxes": format.takes_boxes(),
            "equal_widths": format.is_array(),
        })
    });
    to_object(&json!({
        "fields": FIELDS,
        "phones": phones.collect::<Vec<_>>(),
        "formats": formats.collect::<Vec<_>>(),
    }))
}

/// What a recipe says of a file of numbers: `{ name, sha256, lines }`.
#[wasm_bindgen(js_name = describeNumbers)]
pub fn describe_numbers(name: &str, text: &str) -> Result<JsValue> {
    let file = FileOfNumbers::of(name, text).map_err(to_js)?;
    Ok(to_object(&file.to_json()))
}

/// How large a data set, or a shard of it, comes to be: `{ items, parts, bytes }`, the bytes about.
#[wasm_bindgen(js_name = planDataset)]
pub fn plan_dataset(
    recipe: &str,
    manifest: &str,
    shard: &str,
    numbers: Option<String>,
) -> Result<JsValue> {
    let plan = plan(recipe, manifest, shard, numbers).map_err(to_js)?;
    let shard = plan.shard();
    let parts = plan.part_count().saturating_sub(shard.index());
    Ok(to_object(&json!({
        "items": plan.items(),
        "parts": parts.div_ceil(shard.count()),
        "bytes": plan.estimate(),
    })))
}

/// What the first items of a data set are, without their pictures:
/// `{ recipe, files, bytes, items: [{ index, number, subset }] }`, the files those of the whole, the bytes about.
#[wasm_bindgen(js_name = previewDataset)]
pub fn preview_dataset(
    recipe: &str,
    manifest: &str,
    numbers: Option<String>,
    count: u32,
) -> Result<JsValue> {
    let plan = plan(recipe, manifest, "0/1", numbers).map_err(to_js)?;
    let recipe = plan.recipe();
    let items = (0..recipe.count().min(count.into())).map(|index| {
        let digits = recipe.numbers().of(recipe.seed(), index);
        let number: String = digits
            .iter()
            .map(|&digit| char::from(b'0' + digit))
            .collect();
        let subset = recipe.subsets().of(recipe.seed(), index).name();
        json!({ "index": index, "number": number, "subset": subset })
    });
    let items: Vec<Value> = items.collect();
    let first = plan.part(0).map_err(to_js)?;
    // All parts have as many, and `recipe.json` goes with them.
    let files = plan.part_count() * plan.files(&first).len() as u64 + 1;
    Ok(to_object(&json!({
        "recipe": recipe.to_json(),
        "files": files,
        "bytes": plan.estimate(),
        "items": items,
    })))
}

/// Makes blocks of a data set from a bucket whose shards are handed in.
#[wasm_bindgen]
pub struct BlockMaker {
    plan: Plan,
    pool: Pool,
    maker: Maker,
}

#[wasm_bindgen]
impl BlockMaker {
    /// A maker for a shard of the data set of a recipe, such as `0/1`, on the bucket of a manifest; with the text of the
    /// recipe's file of numbers if it means one.
    #[wasm_bindgen(constructor)]
    pub fn new(recipe: &str, manifest: &str, shard: &str, numbers: Option<String>) -> Result<Self> {
        let plan = plan(recipe, manifest, shard, numbers).map_err(to_js)?;
        Ok(Self {
            pool: Pool::new(plan.manifest().clone()),
            maker: Maker::default(),
            plan,
        })
    }

    /// Takes in a shard of the bucket as it was stored.
    #[wasm_bindgen(js_name = loadShard)]
    pub fn load_shard(&mut self, file: &str, stored: &[u8]) -> Result<()> {
        self.pool.load(file, stored).map_err(to_js)
    }

    /// Makes a block of a part, as bytes for the writer.
    pub fn make(&mut self, part: u32, block: u32) -> Result<Vec<u8>> {
        let made = self.plan.part(part.into()).and_then(|part| {
            let indices = self.plan.block(&part, block.into())?;
            self.maker.make(&self.plan, &part, indices, &self.pool)
        });
        Ok(made.map_err(to_js)?.to_bytes())
    }
}

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = "
/** Files that a data set is written to. What it throws reaches the caller of the writer. */
export interface DatasetFiles {
  length(name: string): number;
  append(name: string, bytes: Uint8Array): void;
  truncate(name: string, size: number): void;
  read(name: string, at: number, into: Uint8Array): number;
  entry(name: string, bytes: Uint8Array): void;
  done(name: string): void;
  remove(name: string): void;
  sync(): void;
}
";

type Thrown<T> = std::result::Result<T, JsValue>;

#[wasm_bindgen]
extern "C" {
    /// Files that a data set is written to. Bytes are lent for the time of a call.
    #[wasm_bindgen(typescript_type = "DatasetFiles")]
    pub type Files;

    #[wasm_bindgen(method, catch)]
    fn length(this: &Files, name: &str) -> Thrown<f64>;
    #[wasm_bindgen(method, catch)]
    fn append(this: &Files, name: &str, bytes: &[u8]) -> Thrown<()>;
    #[wasm_bindgen(method, catch)]
    fn truncate(this: &Files, name: &str, size: f64) -> Thrown<()>;
    #[wasm_bindgen(method, catch)]
    fn read(this: &Files, name: &str, at: f64, into: &mut [u8]) -> Thrown<f64>;
    #[wasm_bindgen(method, catch)]
    fn entry(this: &Files, name: &str, bytes: &[u8]) -> Thrown<()>;
    #[wasm_bindgen(method, catch)]
    fn done(this: &Files, name: &str) -> Thrown<()>;
    #[wasm_bindgen(method, catch)]
    fn remove(this: &Files, name: &str) -> Thrown<()>;
    #[wasm_bindgen(method, catch)]
    fn sync(this: &Files) -> Thrown<()>;
}

/// The files, and what they threw last.
struct FilesOfJs {
    files: Files,
    thrown: Option<JsValue>,
}

impl FilesOfJs {
    fn checked<T>(&mut self, result: Thrown<T>) -> crate::Result<T> {
        result.map_err(|thrown| {
            self.thrown = Some(thrown);
            Error::Storage {
                reason: "see what was thrown".into(),
            }
        })
    }

    /// The error as JavaScript gets it: what the files threw, if it comes from them.
    fn told(&mut self, error: Error) -> JsValue {
        self.thrown.take().unwrap_or_else(|| to_js(error))
    }
}

// Sizes are whole numbers below 2^53: exact as numbers of JavaScript.
impl Storage for FilesOfJs {
    fn length(&mut self, name: &str) -> crate::Result<u64> {
        let length = self.files.length(name);
        self.checked(length).map(|length| length as u64)
    }

    fn append(&mut self, name: &str, bytes: &[u8]) -> crate::Result<()> {
        let result = self.files.append(name, bytes);
        self.checked(result)
    }

    fn truncate(&mut self, name: &str, length: u64) -> crate::Result<()> {
        let result = self.files.truncate(name, length as f64);
        self.checked(result)
    }

    fn read(&mut self, name: &str, at: u64, into: &mut [u8]) -> crate::Result<usize> {
        let read = self.files.read(name, at as f64, into);
        self.checked(read).map(|read| read as usize)
    }

    fn entry(&mut self, name: &str, content: &[u8]) -> crate::Result<()> {
        let result = self.files.entry(name, content);
        self.checked(result)
    }

    fn done(&mut self, name: &str) -> crate::Result<()> {
        let result = self.files.done(name);
        self.checked(result)
    }

    fn remove(&mut self, name: &str) -> crate::Result<()> {
        let result = self.files.remove(name);
        self.checked(result)
    }

    fn sync(&mut self) -> crate::Result<()> {
        let result = self.files.sync();
        self.checked(result)
    }
}

/// Writes the files of a data set from its blocks.
#[wasm_bindgen]
pub struct DatasetWriter {
    assembler: Assembler,
    files: FilesOfJs,
}

#[wasm_bindgen]
impl DatasetWriter {
    /// Begins to write, or goes on with what the files hold. The first arguments are those of a [`BlockMaker`].
    #[wasm_bindgen(constructor)]
    pub fn new(
        recipe: &str,
        manifest: &str,
        shard: &str,
        numbers: Option<String>,
        files: Files,
    ) -> Result<Self> {
        let plan = plan(recipe, manifest, shard, numbers).map_err(to_js)?;
        let mut files = FilesOfJs {
            files,
            thrown: None,
        };
        match Assembler::open(plan, &mut files) {
            Ok(assembler) => Ok(Self { assembler, files }),
            Err(error) => Err(files.told(error)),
        }
    }

    /// The names of the files that are written while a part is.
    pub fn names(&self, part: u32) -> Result<Vec<String>> {
        self.assembler.names(part.into()).map_err(to_js)
    }

    /// The next block to be made, `{ part, block }`; undefined when all have been handed out.
    #[wasm_bindgen(js_name = next)]
    pub fn next_job(&mut self) -> JsValue {
        match self.assembler.next_job() {
            Some(job) => to_object(&json!({ "part": job.part, "block": job.block })),
            None => JsValue::UNDEFINED,
        }
    }

    /// Whether files get their ends with a block.
    pub fn closes(&self, part: u32, block: u32) -> bool {
        self.assembler.closes(part.into(), block.into())
    }

    /// Takes a block that was handed out.
    pub fn add(&mut self, part: u32, block: u32, bytes: &[u8]) -> Result<()> {
        let made = Block::from_bytes(bytes).map_err(to_js)?;
        let added = self
            .assembler
            .add(part.into(), block.into(), made, &mut self.files);
        added.map_err(|error| self.files.told(error))
    }

    /// How far it is: `{ done, items, bytes }`.
    pub fn progress(&self) -> JsValue {
        to_object(&json!({
            "done": self.assembler.items_done(),
            "items": self.assembler.items(),
            "bytes": self.assembler.bytes_done(),
        }))
    }

    /// Sees to it that nothing that is written so far is made again, before a pause.
    pub fn checkpoint(&mut self) -> Result<()> {
        let kept = self.assembler.checkpoint(&mut self.files);
        kept.map_err(|error| self.files.told(error))
    }

    /// Writes `recipe.json` when all blocks are there, and answers its text.
    pub fn finish(&mut self) -> Result<String> {
        let finished = self.assembler.finish(&mut self.files);
        finished.map_err(|error| self.files.told(error))
    }
}
