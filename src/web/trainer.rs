//! Teaching for JavaScript.

use super::Result;
use super::error::to_js;
use super::object::to_object;
use crate::augment::Pipeline;
use crate::classify::network::{Classifier, Scratch};
use crate::classify::onnx;
use crate::classify::teaching::{self, Features, Lesson, Outcome, Score, Settings};
use crate::classify::training::{Digits, augmentation};
use crate::error::Error;
use crate::mnist::{Manifest, PIXELS, Pool, Split, bucket};
use crate::random::{Purpose, Stream};
use js_sys::{Array, Object, Reflect, Uint8Array};
use serde_json::json;
use wasm_bindgen::prelude::*;

/// The pictures of a lesson are drawn from so many that lie together: those of one shard.
const SPAN: u32 = 256;

/// The part of the purpose's streams that draws the pictures of a lesson.
const DRAWN: u32 = 5;

/// A data set to learn from, whose shards are handed in.
#[wasm_bindgen]
pub struct Shelf {
    pool: Pool,
}

#[wasm_bindgen]
impl Shelf {
    /// The data set that a manifest describes.
    #[wasm_bindgen(constructor)]
    pub fn new(manifest: &str) -> Result<Self> {
        let manifest = Manifest::parse(manifest).map_err(to_js)?;
        Ok(Self {
            pool: Pool::new(manifest),
        })
    }

    /// Its name, its licence, and how many pictures of each digit it has: `{ name, licence, counts:
    /// { train, test } }`.
    pub fn info(&self) -> JsValue {
        let counts = |split| -> Vec<u32> {
            let count = |digit| self.pool.count(&[split], digit);
            (0..10).map(count).collect()
        };
        let manifest = self.pool.manifest();
        to_object(&json!({
            "name": manifest.name,
            "licence": manifest.licence,
            "counts": { "train": counts(Split::Train), "test": counts(Split::Test) },
        }))
    }

    /// Takes in a shard as it was stored.
    #[wasm_bindgen(js_name = loadShard)]
    pub fn load_shard(&mut self, file: &str, stored: &[u8]) -> Result<()> {
        self.pool.load(file, stored).map_err(to_js)
    }

    /// `each` pictures of each digit from a split, drawn from `span` that lie together, and the data
    /// set's name: `[{ levels, labels }, name]`.
    pub fn digits(&self, split: &str, each: u32, span: u32, seed: u64) -> Result<Array> {
        let split = Split::ALL.into_iter().find(|other| other.name() == split);
        let split = split.unwrap_or(Split::Train);
        let mut stream = Stream::of_part(seed, split as u64, Purpose::Training, DRAWN);
        let digits = Digits::drawn(&self.pool, split, [each, span.max(1)], &mut stream);
        let name = JsValue::from(self.pool.manifest().name.as_str());
        Ok(Array::of2(&handed(&digits.map_err(to_js)?), &name))
    }

    /// Pictures for a lesson: `replay` of each digit from the training split, and `held` of each
    /// from the test split, as `{ replay: { levels, labels }, held: { levels, labels } }`.
    pub fn lesson(&self, replay: u32, held: u32, seed: u64) -> Result<JsValue> {
        let draw = |split, each| {
            let index = split as u64;
            let mut stream = Stream::of_part(seed, index, Purpose::Training, DRAWN);
            Digits::drawn(&self.pool, split, [each, SPAN], &mut stream)
        };
        let (replay, held) = match (draw(Split::Train, replay), draw(Split::Test, held)) {
            (Ok(replay), Ok(held)) => (replay, held),
            // What both need is asked for at once.
            (
                Err(Error::ShardsNotLoaded { files }),
                Err(Error::ShardsNotLoaded { files: more }),
            ) => {
                let files = [files, more].concat();
                return Err(to_js(Error::ShardsNotLoaded { files }));
            }
            (Err(error), _) | (_, Err(error)) => return Err(to_js(error)),
        };
        let object = JsValue::from(Object::new());
        for (name, digits) in [("replay", replay), ("held", held)] {
            set(&object, name, &handed(&digits));
        }
        Ok(object)
    }
}

/// What the layers before the last one make of pictures, with the digits that these show.
#[wasm_bindgen]
pub struct Examples {
    features: Vec<f32>,
    labels: Vec<u8>,
}

#[wasm_bindgen]
impl Examples {
    /// As many features for each label as the network has.
    #[wasm_bindgen(constructor)]
    pub fn new(features: Vec<f32>, labels: Vec<u8>) -> Self {
        Self { features, labels }
    }
}

/// A network that can be taught.
#[wasm_bindgen]
pub struct Pupil {
    classifier: Classifier,
    scratch: Scratch,
    pipeline: Pipeline,
}

#[wasm_bindgen]
impl Pupil {
    /// Reads the ONNX file of a network of the layers that are trained here; `file` is what it
    /// is called in errors, and `sha256` what its SHA-256 must be, if that is known.
    #[wasm_bindgen(constructor)]
    pub fn new(file: &str, bytes: &[u8], sha256: &str) -> Result<Self> {
        let found = bucket::sha256(bytes);
        if !sha256.is_empty() && found != sha256 {
            return Err(to_js(Error::ModelCorrupt {
                file: file.into(),
                reason: format!("its SHA-256 is {found} and should be {sha256}"),
            }));
        }
        let classifier = onnx::read(file, bytes).map_err(|error| {
            let reason = match error {
                Error::InvalidFile { reason, .. } => reason,
                other => other.to_string(),
            };
            let allowed = format!("models of the layers that are trained here, and {reason}");
            to_js(Error::invalid("model", file, allowed))
        })?;
        Ok(Self {
            scratch: classifier.scratch(),
            pipeline: Pipeline::from_json(&augmentation::pens()).map_err(to_js)?,
            classifier,
        })
    }

    /// What it consists of: `{ architecture, parameters, macs, features }`.
    pub fn describe(&self) -> JsValue {
        let architecture = self.classifier.architecture();
        to_object(&json!({
            "architecture": architecture.to_string(),
            "parameters": architecture.parameters(),
            "macs": architecture.multiplications(),
            "features": architecture.features(),
        }))
    }

    /// The features of pictures as MNIST has them, 784 levels each, white on black: as they are,
    /// and changed, `variants` times in all. `first` is the number of the first picture.
    pub fn features(
        &mut self,
        levels: &[u8],
        variants: usize,
        seed: u64,
        first: u32,
    ) -> Result<Vec<f32>> {
        let (pictures, rest) = levels.as_chunks::<PIXELS>();
        if !rest.is_empty() {
            let allowed = "a multiple of 784: 28 x 28 grey levels for each picture";
            let error = Error::invalid("number of levels", levels.len(), allowed);
            return Err(to_js(error));
        }
        let numbers = [seed, u64::from(first)];
        let (classifier, scratch) = (&self.classifier, &mut self.scratch);
        teaching::of_variants(
            classifier,
            scratch,
            pictures,
            &self.pipeline,
            variants,
            numbers,
        )
        .map_err(to_js)
    }

    /// Teaches its last layer, and writes the network that this gives into an ONNX file called
    /// `name`: `{ file, own, unseen, held }`, the scores before and after as `[{ count, right }, {
    /// count, right }]`; `unseen` is null where there are too few own pictures to tell.
    pub fn teach(
        &self,
        name: &str,
        replay: Examples,
        held: Examples,
        own: Examples,
        variants: usize,
    ) -> Result<JsValue> {
        let width = self.classifier.architecture().features();
        let features = |examples: Examples| {
            Features::new(width, examples.features, examples.labels).map_err(to_js)
        };
        let [replay, held, own] = [features(replay)?, features(held)?, features(own)?];
        let lesson = Lesson {
            replay: &replay,
            held: &held,
            own: &own,
            variants,
        };
        let before = self.classifier.dense();
        let outcome = teaching::teach(before, &lesson, &Settings::default()).map_err(to_js)?;
        let Outcome {
            dense,
            own,
            unseen,
            held,
        } = outcome;
        let taught = Classifier::new(
            self.classifier.architecture().clone(),
            self.classifier.convolutions().to_vec(),
            dense,
        )
        .map_err(to_js)?;
        let score = |score: Score| json!({ "count": score.count, "right": score.right });
        let object = to_object(&json!({
            "own": own.map(score),
            "unseen": unseen.map(|scores| scores.map(score)),
            "held": held.map(score),
        }));
        let file = onnx::write(name, &taught);
        set(&object, "file", &Uint8Array::from(&file[..]));
        Ok(object)
    }
}

/// Pictures as `{ levels, labels }`.
fn handed(digits: &Digits) -> JsValue {
    let object = JsValue::from(Object::new());
    let levels = Uint8Array::from(digits.pictures().as_flattened());
    set(&object, "levels", &levels);
    set(&object, "labels", &Uint8Array::from(digits.labels()));
    object
}

fn set(object: &JsValue, key: &str, value: &JsValue) {
    Reflect::set(object, &key.into(), value).expect("a plain object");
}
