//! Pipelines for JavaScript.

use super::Result;
use super::error::{to_js, to_object};
use crate::augment::{Applied, Pipeline, definitions, read_record, replay};
use crate::error::Error;
use crate::random::{Purpose, Stream};
use crate::raster::{Raster, Shape};
use js_sys::Uint8Array;
use serde_json::Value;
use wasm_bindgen::prelude::*;

/// Every transform with its parameters, as a list of objects.
#[wasm_bindgen]
pub fn transforms() -> JsValue {
    to_object(&definitions().collect::<Vec<_>>())
}

/// A pipeline, ready to run on pictures.
#[wasm_bindgen]
pub struct Augmenter {
    pipeline: Pipeline,
}

#[wasm_bindgen]
impl Augmenter {
    /// Reads a pipeline from JSON text.
    #[wasm_bindgen(constructor)]
    pub fn new(pipeline: &str) -> Result<Self> {
        let pipeline = Pipeline::from_json(&parse("pipeline", pipeline)?).map_err(to_js)?;
        Ok(Self { pipeline })
    }

    /// The pipeline as JSON text, defaults filled in.
    #[wasm_bindgen(getter)]
    pub fn json(&self) -> String {
        self.pipeline.to_json().to_string()
    }

    /// Runs it on a picture, as picture `index` of a seed's series.
    pub fn run(&self, picture: &Picture, seed: u64, index: u64) -> Result<Augmented> {
        let mut stream = Stream::new(seed, index, Purpose::Augment);
        self.pipeline
            .run(picture.raster.clone(), &mut stream)
            .map(|(raster, record)| Augmented { raster, record })
            .map_err(to_js)
    }
}

/// Runs recorded steps, JSON text, on a picture.
#[wasm_bindgen(js_name = replay)]
pub fn replay_record(picture: &Picture, record: &str) -> Result<Augmented> {
    let record = read_record(&parse("record", record)?).map_err(to_js)?;
    let raster = replay(&record, picture.raster.clone()).map_err(to_js)?;
    Ok(Augmented { raster, record })
}

/// A picture within the engine.
#[wasm_bindgen]
pub struct Picture {
    raster: Raster,
}

#[wasm_bindgen]
impl Picture {
    /// Takes in pixels: rows, with the channels of each pixel side by side.
    #[wasm_bindgen(constructor)]
    pub fn new(width: usize, height: usize, channels: usize, data: Vec<u8>) -> Result<Self> {
        let shape = Shape {
            width,
            height,
            channels,
        };
        Ok(Self {
            raster: Raster::new(shape, data).map_err(to_js)?,
        })
    }
}

/// A picture that a pipeline has run on, and what ran.
#[wasm_bindgen]
pub struct Augmented {
    raster: Raster,
    record: Vec<Applied>,
}

#[wasm_bindgen]
impl Augmented {
    /// Columns.
    #[wasm_bindgen(getter)]
    pub fn width(&self) -> usize {
        self.raster.width()
    }

    /// Rows.
    #[wasm_bindgen(getter)]
    pub fn height(&self) -> usize {
        self.raster.height()
    }

    /// Values per pixel.
    #[wasm_bindgen(getter)]
    pub fn channels(&self) -> usize {
        self.raster.channels()
    }

    /// The values.
    #[wasm_bindgen(getter)]
    pub fn data(&self) -> Uint8Array {
        self.raster.data().into()
    }

    /// The steps that ran, as JSON text; [`replay_record`] runs them again.
    #[wasm_bindgen(getter)]
    pub fn record(&self) -> String {
        Value::from_iter(self.record.iter().map(Applied::to_json)).to_string()
    }
}

fn parse(field: &str, text: &str) -> Result<Value> {
    serde_json::from_str(text).map_err(|error| to_js(Error::invalid(field, error, "JSON")))
}
