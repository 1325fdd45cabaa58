//! Pipelines for JavaScript.

use super::Result;
use super::error::to_js;
use super::object::to_object;
use crate::augment::{
    Applied, Companions, PRESETS, Pipeline, definitions, example, import_json, pipeline_of,
    preview, read_record, replay_with, schema,
};
use crate::error::Error;
use crate::parameter::describe;
use crate::random::{Purpose, Stream};
use crate::raster::{Raster, Shape};
use js_sys::{Array, Reflect, Uint8Array};
use serde_json::Value;
use wasm_bindgen::prelude::*;

/// Every transform with its parameters, and as `example` options that show what it does:
/// a list of objects.
#[wasm_bindgen]
pub fn transforms() -> Array {
    let described = definitions().map(|definition| {
        let object = to_object(definition);
        let example = to_object(&example(definition.name));
        Reflect::set(&object, &"example".into(), &example).expect("a plain object");
        object
    });
    described.collect()
}

/// The ready-made pipelines: `{ name, help }` each.
#[wasm_bindgen]
pub fn presets() -> JsValue {
    to_object(&PRESETS)
}

/// The JSON Schema of pipelines, as JSON text.
#[wasm_bindgen(js_name = pipelineSchema)]
pub fn pipeline_schema() -> String {
    schema().to_string()
}

/// Reads a pipeline from JSON text, in our form or in Albumentations':
/// `{ pipeline, format, notes }`.
#[wasm_bindgen(js_name = importPipeline)]
pub fn import_pipeline(text: &str) -> Result<JsValue> {
    let imported = import_json(&parse("pipeline", text)?).map_err(to_js)?;
    Ok(to_object(&serde_json::json!({
        "pipeline": imported.pipeline.to_json(),
        "format": imported.format,
        "notes": imported.notes,
    })))
}

/// A pipeline, JSON text, in another form: `json`, `albumentations-json` or `python`.
#[wasm_bindgen(js_name = exportPipeline)]
pub fn export_pipeline(pipeline: &str, format: &str) -> Result<String> {
    let pipeline = pipeline_of(&parse("pipeline", pipeline)?).map_err(to_js)?;
    match format {
        "json" => Ok(pretty(&pipeline.to_json())),
        "albumentations-json" => pipeline.to_albumentations().map(|json| pretty(&json)),
        "python" => pipeline.to_python(),
        other => Err(Error::invalid(
            "format",
            describe(&other.into()),
            "json, albumentations-json, albumentations-yaml, python",
        )),
    }
    .map_err(to_js)
}

fn pretty(json: &Value) -> String {
    format!("{json:#}\n")
}

/// A pipeline, ready to run on pictures.
#[wasm_bindgen]
pub struct Augmenter {
    pipeline: Pipeline,
}

#[wasm_bindgen]
impl Augmenter {
    /// Reads a pipeline from JSON text: its steps, or the name of a preset.
    #[wasm_bindgen(constructor)]
    pub fn new(pipeline: &str) -> Result<Self> {
        let pipeline = pipeline_of(&parse("pipeline", pipeline)?).map_err(to_js)?;
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
        let (raster, companions) = (picture.raster.clone(), picture.companions.clone());
        let (raster, companions, record) = self
            .pipeline
            .run_with(raster, companions, &mut stream)
            .map_err(to_js)?;
        Ok(Augmented {
            raster,
            companions,
            record,
        })
    }
}

/// Runs recorded steps, JSON text, on a picture.
#[wasm_bindgen(js_name = replay)]
pub fn replay_record(picture: &Picture, record: &str) -> Result<Augmented> {
    let record = read_record(&parse("record", record)?).map_err(to_js)?;
    let (raster, companions) = (picture.raster.clone(), picture.companions.clone());
    let (raster, companions) = replay_with(&record, raster, companions).map_err(to_js)?;
    Ok(Augmented {
        raster,
        companions,
        record,
    })
}

/// A picture within the engine, and what goes along with it.
#[wasm_bindgen]
pub struct Picture {
    pub(super) raster: Raster,
    pub(super) companions: Companions,
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
            companions: Companions::none(),
        })
    }
}

/// A picture that a pipeline has run on, and what ran.
#[wasm_bindgen]
pub struct Augmented {
    raster: Raster,
    pub(super) companions: Companions,
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

    /// The picture to be shown: RGBA, its longest side at most `fit` pixels; 0 keeps its size.
    pub fn preview(&self, fit: usize) -> Result<Preview> {
        let raster = preview(&self.raster, fit).map_err(to_js)?;
        Ok(Preview { raster })
    }

    /// The steps that ran, as JSON text; [`replay_record`] runs them again.
    #[wasm_bindgen(getter)]
    pub fn record(&self) -> String {
        Value::from_iter(self.record.iter().map(Applied::to_json)).to_string()
    }
}

/// RGBA pixels to be shown.
#[wasm_bindgen]
pub struct Preview {
    raster: Raster,
}

#[wasm_bindgen]
impl Preview {
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

    /// Writes the values into memory of exactly their number.
    #[wasm_bindgen(js_name = copyTo)]
    pub fn copy_to(&self, memory: &Uint8Array) {
        memory.copy_from(self.raster.data());
    }
}

fn parse(field: &str, text: &str) -> Result<Value> {
    serde_json::from_str(text).map_err(|error| to_js(Error::invalid(field, error, "JSON")))
}
