//! One worker's engine: a data set, and what is generated from it.

use super::Result;
use super::error::{to_js, to_object};
use crate::error::Error;
use crate::mnist::{Manifest, Pool, Split};
use crate::raster::to_unit;
use crate::sequence::{self, FIELDS, Generator, Request, Sequence};
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
}

#[wasm_bindgen]
impl Engine {
    /// An engine for the bucket that a manifest describes.
    #[wasm_bindgen(constructor)]
    pub fn new(manifest: &str) -> Result<Self> {
        Ok(Self {
            pool: Pool::new(Manifest::parse(manifest).map_err(to_js)?),
            generator: Generator::default(),
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
    /// ones after it. `seed` holds when the request names none.
    pub fn generate(
        &mut self,
        request: &str,
        seed: u64,
        count: u32,
        micros_of_day: f64,
    ) -> Result<Batch> {
        let request = serde_json::from_str::<Value>(request)
            .map_err(|error| Error::invalid("request", error, "JSON"))
            .and_then(|json| Request::from_json(&json, seed))
            .map_err(to_js)?;
        let indices = (request.index()..).take(count as usize);
        let requests: Vec<_> = indices
            .map(|index| request.clone().with_index(index))
            .collect();
        let mut batch = Batch::new(&request, count as usize);
        let mut missing = Vec::new();
        for (request, micros) in requests.iter().zip(micros_of_day as u64..) {
            match self.generator.generate(request, &self.pool) {
                Ok(sequence) => batch.push(&sequence, micros),
                Err(Error::ShardsNotLoaded { files }) => missing.extend(files),
                Err(error) => return Err(to_js(error)),
            }
        }
        if missing.is_empty() {
            return Ok(batch);
        }
        missing.sort_unstable();
        missing.dedup();
        Err(to_js(Error::ShardsNotLoaded { files: missing }))
    }
}

/// Images of one request, packed: what belongs to the first image comes first.
#[wasm_bindgen]
pub struct Batch {
    request: String,
    /// How many images there will be.
    count: usize,
    pixels: Vec<f32>,
    widths: Vec<u32>,
    natural_widths: Vec<u32>,
    digits: Vec<f64>,
    task_ids: String,
}

#[wasm_bindgen]
impl Batch {
    /// The request with its defaults filled in, as JSON text.
    #[wasm_bindgen(getter)]
    pub fn request(&self) -> String {
        self.request.clone()
    }

    /// The pixels of every image, 0..=1, row by row.
    #[wasm_bindgen(getter)]
    pub fn pixels(&self) -> js_sys::Float32Array {
        self.pixels.as_slice().into()
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

impl Batch {
    fn new(request: &Request, count: usize) -> Self {
        Self {
            request: Value::Object(request.to_json()).to_string(),
            count,
            pixels: Vec::new(),
            widths: Vec::new(),
            natural_widths: Vec::new(),
            digits: Vec::new(),
            task_ids: String::new(),
        }
    }

    fn push(&mut self, sequence: &Sequence, micros_of_day: u64) {
        let levels = sequence.image.data();
        if self.pixels.is_empty() {
            // Exact when the width is fixed, and near enough when it is not.
            self.pixels.reserve(self.count * levels.len());
        }
        self.pixels
            .extend(levels.iter().map(|&level| to_unit(level)));
        self.widths.push(sequence.image.width() as u32);
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
        self.task_ids.push_str(&sequence::task_id(micros_of_day));
    }
}
