//! Models for JavaScript.

use super::Result;
use super::error::to_js;
use super::object::to_object;
use crate::classify::model::{self, Layout, Model, Normalisation, Trial};
use crate::classify::network::largest;
use crate::classify::{self, CLASSES, Digit, Seen, read};
use crate::error::Error;
use crate::mnist::{PIXELS, bucket};
use crate::raster::{Raster, Shape, from_unit, to_unit};
use js_sys::{Array, Object, Reflect, Uint8Array};
use serde::Serialize;
use wasm_bindgen::prelude::*;

/// The SHA-256 of a file, as hexadecimal text.
#[wasm_bindgen]
pub fn sha256(bytes: &[u8]) -> String {
    bucket::sha256(bytes)
}

/// What a model's file says of itself, also when it cannot be used: `{ producer,
/// ir_version, opsets, inputs, outputs, operators, parameters }`.
#[wasm_bindgen(js_name = describeModel)]
pub fn describe_model(file: &str, bytes: &[u8]) -> Result<JsValue> {
    Model::describe(file, bytes)
        .map(|description| to_object(&description))
        .map_err(to_js)
}

/// Which of some trials of as many pictures each shows how a model is meant.
#[wasm_bindgen(js_name = bestTrial)]
pub fn best_trial(pictures: usize, right: Vec<usize>, losses: Vec<f32>) -> Option<usize> {
    let trials = right.into_iter().zip(losses);
    let trials: Vec<Trial> = trials
        .map(|(right, loss)| Trial {
            pictures,
            right,
            loss,
        })
        .collect();
    model::best(&trials)
}

/// A model that is ready to answer.
#[wasm_bindgen]
pub struct Reader {
    model: Model,
}

#[wasm_bindgen]
impl Reader {
    /// Reads an ONNX file; `file` is what it is called in errors.
    #[wasm_bindgen(constructor)]
    pub fn new(file: &str, bytes: &[u8]) -> Result<Self> {
        let model = Model::load(file, bytes).map_err(to_js)?;
        Ok(Self { model })
    }

    /// Shows the model pictures in another way from now on, and finds out whether it gives
    /// probabilities.
    pub fn show(&mut self, ink: f32, paper: f32, mean: f32, std: f32) -> Result<()> {
        let normalisation = Normalisation {
            ink,
            paper,
            mean,
            std,
        };
        let shown = self.model.show(normalisation);
        shown.and_then(|()| self.model.sound_out()).map_err(to_js)
    }

    /// What the model takes and gives: `{ layout, bytes, probabilities, work, usual }`,
    /// `usual` being the ways to show it pictures that are worth a trial.
    pub fn facts(&self) -> JsValue {
        to_object(&Facts {
            layout: match self.model.layout() {
                Layout::ChannelsFirst => &["N", "1", "28", "28"],
                Layout::ChannelsLast => &["N", "28", "28", "1"],
                Layout::Rows => &["N", "28", "28"],
                Layout::Flat => &["N", "784"],
            },
            bytes: self.model.takes_bytes(),
            probabilities: self.model.gives_probabilities(),
            work: self.model.work(),
            usual: self.model.usual(),
        })
    }

    /// How the model does on pictures as MNIST has them: `{ pictures, right, loss }`.
    pub fn trial(&mut self, levels: &[u8], digits: &[u8]) -> Result<JsValue> {
        let trial = self.model.trial(levels, digits);
        trial.map(|trial| to_object(&trial)).map_err(to_js)
    }

    /// The digit in a picture: `{ digit, probability, probabilities, box, figures, notes,
    /// seen }`, and `stages` if they are asked for.
    pub fn classify(
        &mut self,
        width: usize,
        height: usize,
        channels: usize,
        data: Vec<u8>,
        stages: bool,
    ) -> Result<JsValue> {
        let picture = raster(width, height, channels, data)?;
        let (seen, steps) = if stages {
            classify::stages(&picture)
        } else {
            classify::see(&picture).map(|seen| (seen, Vec::new()))
        }
        .map_err(to_js)?;
        let probabilities = self.model.probabilities(&seen.digit).map_err(to_js)?;
        let answer = answer(&probabilities, seen);
        if stages {
            set(&answer, "stages", &shown(steps));
        }
        Ok(answer)
    }

    /// The number in a picture: `{ text, digits, notes }`, each of the digits with
    /// `digit, probability, probabilities, box, seen`, and `stages` if they are asked for.
    pub fn read(
        &mut self,
        width: usize,
        height: usize,
        channels: usize,
        data: Vec<u8>,
        stages: bool,
    ) -> Result<JsValue> {
        let picture = raster(width, height, channels, data)?;
        let mut failure = None;
        let reading = read(&picture, |digit| {
            self.model.probabilities(digit).unwrap_or_else(|error| {
                failure = Some(error);
                [1.0 / CLASSES as f32; CLASSES]
            })
        });
        if let Some(error) = failure {
            return Err(to_js(error));
        }
        let reading = reading.map_err(to_js)?;
        let answer = to_object(&ReadAnswer {
            text: reading.text,
            notes: reading.notes,
        });
        let digits: Array = reading
            .digits
            .into_iter()
            .map(|digit| {
                let object = to_object(&DigitAnswer {
                    digit: digit.digit,
                    probability: digit.probability,
                    probabilities: digit.probabilities,
                    r#box: digit.area,
                });
                set(&object, "seen", &levels(&digit.seen));
                object
            })
            .collect();
        set(&answer, "digits", &digits);
        if stages {
            let (_, steps) = classify::stages(&picture).map_err(to_js)?;
            set(&answer, "stages", &shown(steps));
        }
        Ok(answer)
    }

    /// The probabilities of pictures as MNIST has them, 784 levels each, white on black:
    /// ten for each, one after the other.
    #[wasm_bindgen(js_name = classifyMany)]
    pub fn classify_many(&mut self, levels: &[u8]) -> Result<Vec<f32>> {
        let (pictures, rest) = levels.as_chunks::<PIXELS>();
        if !rest.is_empty() {
            let allowed = "a multiple of 784: 28 x 28 grey levels for each picture";
            return Err(to_js(Error::invalid(
                "number of levels",
                levels.len(),
                allowed,
            )));
        }
        let mut probabilities = Vec::with_capacity(pictures.len() * CLASSES);
        for picture in pictures {
            let answer = self.model.probabilities(&picture.map(to_unit));
            probabilities.extend(answer.map_err(to_js)?);
        }
        Ok(probabilities)
    }
}

#[derive(Serialize)]
struct Facts<'a> {
    layout: &'a [&'a str],
    bytes: bool,
    probabilities: bool,
    work: u64,
    usual: &'a [Normalisation],
}

#[derive(Serialize)]
struct DigitAnswer {
    digit: u8,
    probability: f32,
    probabilities: [f32; CLASSES],
    r#box: read::Box,
}

#[derive(Serialize)]
struct SeenAnswer {
    #[serde(flatten)]
    digit: DigitAnswer,
    figures: usize,
    notes: Vec<String>,
}

#[derive(Serialize)]
struct ReadAnswer {
    text: String,
    notes: Vec<String>,
}

fn answer(probabilities: &[f32; CLASSES], seen: Seen) -> JsValue {
    let digit = largest(probabilities);
    let object = to_object(&SeenAnswer {
        digit: DigitAnswer {
            digit,
            probability: probabilities[usize::from(digit)],
            probabilities: *probabilities,
            r#box: seen.area,
        },
        figures: seen.figures,
        notes: seen.notes,
    });
    set(&object, "seen", &levels(&seen.digit));
    object
}

/// Stages as `{ name, title, width, height, data }`.
fn shown(stages: Vec<classify::stages::Stage>) -> Array {
    let shown = stages.into_iter().map(|stage| {
        let object = JsValue::from(Object::new());
        set(&object, "name", &stage.name.into());
        set(&object, "title", &stage.title.into());
        set(&object, "width", &stage.picture.width().into());
        set(&object, "height", &stage.picture.height().into());
        set(&object, "channels", &stage.picture.channels().into());
        set(&object, "data", &Uint8Array::from(stage.picture.data()));
        object
    });
    shown.collect()
}

fn levels(digit: &Digit) -> Uint8Array {
    Uint8Array::from(&digit.map(from_unit)[..])
}

fn set(object: &JsValue, key: &str, value: &JsValue) {
    Reflect::set(object, &key.into(), value).expect("a plain object");
}

fn raster(width: usize, height: usize, channels: usize, data: Vec<u8>) -> Result<Raster> {
    let shape = Shape {
        width,
        height,
        channels,
    };
    Raster::new(shape, data).map_err(to_js)
}
