//! One worker's engine: a data set, and what is generated from it.

use super::Result;
use super::error::to_js;
use super::object::to_object;
use crate::augment::Applied;
use crate::error::Error;
use crate::mnist::{Manifest, Pool, Split};
use crate::sequence::{self, FIELDS, Generator, Placement, Request};
use js_sys::Uint8Array;
use serde_json::Value;
use wasm_bindgen::prelude::*;

/// The fields of a request, as a list of objects.
#[wasm_bindgen]
pub fn fields() -> JsValue {
    to_object(&FIELDS)
}

/// Generates sequences from a data set whose shards are handed in.
#[wasm_bindgen]
pub struct Engine {
    pool: Pool,
    generator: Generator,
    /// The pixels of the latest batch: memory that need not be found again.
    levels: Vec<u8>,
}

#[wasm_bindgen]
impl Engine {
    /// An engine for the bucket that a manifest describes.
    #[wasm_bindgen(constructor)]
    pub fn new(manifest: &str) -> Result<Self> {
        Ok(Self {
            pool: Pool::new(Manifest::parse(manifest).map_err(to_js)?),
            generator: Generator::default(),
            levels: Vec::new(),
        })
    }

    /// What the manifest says: `{ name, source, licence, counts: { all, train, test } }`.
    pub fn info(&self) -> JsValue {
        let manifest = self.pool.manifest();
        let counts = |splits: &[Split]| -> Vec<u32> {
            (0..10)
                .map(|digit| self.pool.count(splits, digit))
                .collect()
        };
        to_object(&serde_json::json!({
            "name": manifest.name,
            "source": manifest.source,
            "licence": manifest.licence,
            "counts": {
                "all": counts(&Split::ALL),
                "train": counts(&[Split::Train]),
                "test": counts(&[Split::Test]),
            },
        }))
    }

    /// Takes in a shard as it was stored.
    #[wasm_bindgen(js_name = loadShard)]
    pub fn load_shard(&mut self, file: &str, stored: &[u8]) -> Result<()> {
        self.pool.load(file, stored).map_err(to_js)
    }

    /// Generates `count` images from JSON text: those of the request's index and the
    /// ones after it. `seed` holds when the request names none. Their pixels are
    /// written to the start of `memory` if they fit in, and to a fresh array if not.
    pub fn generate(
        &mut self,
        request: &str,
        seed: u64,
        count: u32,
        micros_of_day: f64,
        memory: Option<Uint8Array>,
    ) -> Result<Batch> {
        let request = serde_json::from_str::<Value>(request)
            .map_err(|error| Error::invalid("request", error, "JSON"))
            .and_then(|json| Request::from_json(&json, seed))
            .map_err(to_js)?;
        self.levels.clear();
        let mut batch = Batch::new(&request);
        let mut missing = Vec::new();
        let mut each = request.clone();
        for (index, micros) in (request.index()..)
            .zip(micros_of_day as u64..)
            .take(count as usize)
        {
            each.set_index(index);
            let made = self
                .generator
                .generate_into(&each, &self.pool, &mut self.levels);
            match made {
                Ok(placement) => batch.push(&placement, micros),
                Err(Error::ShardsNotLoaded { files }) => missing.extend(files),
                Err(error) => return Err(to_js(error)),
            }
        }
        if missing.is_empty() {
            batch.levels = handed_over(&self.levels, memory);
            return Ok(batch);
        }
        missing.sort_unstable();
        missing.dedup();
        Err(to_js(Error::ShardsNotLoaded { files: missing }))
    }
}

/// The levels where scripts can reach them.
fn handed_over(levels: &[u8], memory: Option<Uint8Array>) -> Uint8Array {
    let length = levels.len() as u32;
    match memory.filter(|memory| memory.length() >= length) {
        Some(memory) => {
            let start = memory.subarray(0, length);
            start.copy_from(levels);
            start
        }
        None => levels.into(),
    }
}

/// Images of one request, packed: what belongs to the first image comes first.
#[wasm_bindgen]
pub struct Batch {
    request: String,
    levels: Uint8Array,
    widths: Vec<u32>,
    natural_widths: Vec<u32>,
    digits: Vec<f64>,
    task_ids: String,
    /// A list of images, of digits, of steps; empty when nothing is augmented.
    augmentation: Vec<Value>,
}

#[wasm_bindgen]
impl Batch {
    /// The request with its defaults filled in, as JSON text.
    #[wasm_bindgen(getter)]
    pub fn request(&self) -> String {
        self.request.clone()
    }

    /// The grey levels of every image, row by row.
    #[wasm_bindgen(getter)]
    pub fn levels(&self) -> Uint8Array {
        self.levels.clone()
    }

    /// The width of every image.
    #[wasm_bindgen(getter)]
    pub fn widths(&self) -> js_sys::Uint32Array {
        self.widths.as_slice().into()
    }

    /// The width of every image before it was fitted.
    #[wasm_bindgen(getter, js_name = naturalWidths)]
    pub fn natural_widths(&self) -> js_sys::Uint32Array {
        self.natural_widths.as_slice().into()
    }

    /// Five numbers per digit: what it shows, its split (0 train, 1 test), its index
    /// there, its left edge and its width.
    #[wasm_bindgen(getter)]
    pub fn digits(&self) -> js_sys::Float64Array {
        self.digits.as_slice().into()
    }

    /// The task ids, 12 characters each.
    #[wasm_bindgen(getter, js_name = taskIds)]
    pub fn task_ids(&self) -> String {
        self.task_ids.clone()
    }
}

#[wasm_bindgen]
impl Batch {
    /// The steps that were run, as JSON text: a list of images, of digits, of steps.
    /// Nothing when no image was augmented.
    #[wasm_bindgen(getter)]
    pub fn augmentation(&self) -> Option<String> {
        let images = &self.augmentation;
        (!images.is_empty()).then(|| Value::from(images.clone()).to_string())
    }
}

impl Batch {
    fn new(request: &Request) -> Self {
        Self {
            request: Value::Object(request.to_json()).to_string(),
            levels: Uint8Array::default(),
            widths: Vec::new(),
            natural_widths: Vec::new(),
            digits: Vec::new(),
            task_ids: String::new(),
            augmentation: Vec::new(),
        }
    }

    fn push(&mut self, sequence: &Placement, micros_of_day: u64) {
        self.widths.push(sequence.width as u32);
        self.natural_widths.push(sequence.natural_width as u32);
        self.digits.extend(sequence.digits.iter().flat_map(|digit| {
            [
                f64::from(digit.digit),
                f64::from(digit.split as u8),
                f64::from(digit.index),
                digit.x,
                digit.width,
            ]
        }));
        if !sequence.augmentation.is_empty() {
            let steps =
                |steps: &Vec<Applied>| steps.iter().map(Applied::to_json).collect::<Value>();
            self.augmentation
                .push(sequence.augmentation.iter().map(steps).collect());
        }
        self.task_ids.push_str(&sequence::task_id(micros_of_day));
    }
}
