//! Training for JavaScript: a network whose groups of pictures may be looked at by any worker.

use super::Result;
use super::error::to_js;
use super::object::to_object;
use crate::augment::pipeline_of;
use crate::classify::CLASSES;
use crate::classify::network::{Architecture, Classifier, Scratch, largest};
use crate::classify::onnx;
use crate::classify::training::{
    self, Bench, Figures, Found, GROUP, Given, Kernels, Learner, Network, Settings, View, Weights,
    augmentation, data::ink,
};
use crate::error::Error;
use crate::mnist::PIXELS;
use js_sys::{Reflect, Uint8Array};
use serde::Deserialize;
use serde_json::{Value, json};
use wasm_bindgen::prelude::*;

/// What a program asks for.
#[derive(Deserialize)]
struct Asked {
    architecture: String,
    epochs: usize,
    batch: usize,
    rate: f64,
    decay: f32,
    smoothing: f32,
    average: f32,
    /// Absent: what pens, hands and scanners do.
    pipeline: Option<Value>,
    seed: String,
}

impl Asked {
    fn settings(self) -> crate::Result<Settings> {
        let pipeline = self.pipeline.unwrap_or_else(augmentation::pens);
        let seed = self.seed.parse();
        Ok(Settings {
            architecture: Architecture::parse(&self.architecture)?,
            epochs: self.epochs,
            batch: self.batch,
            rate: self.rate,
            decay: self.decay,
            smoothing: self.smoothing,
            average: self.average,
            pipeline: pipeline_of(&pipeline)?,
            teaching: 0.0,
            temperature: 1.0,
            seed: seed.map_err(|_| {
                Error::invalid(
                    "seed",
                    &self.seed,
                    "whole numbers from 0 to 18446744073709551615",
                )
            })?,
            threads: 1,
        })
    }
}

/// A network that is trained: each worker has one, and one of them takes the steps.
#[wasm_bindgen]
pub struct Training {
    settings: Settings,
    network: Network,
    learner: Learner,
    bench: Bench<'static>,
    found: Found,
    /// What this step's groups look through.
    view: Option<(Weights, Kernels)>,
    /// What pictures are measured with.
    measured: Option<(Classifier, Scratch)>,
}

#[wasm_bindgen]
impl Training {
    /// A training of `pictures` pictures, with settings as JSON text.
    #[wasm_bindgen(constructor)]
    pub fn new(settings: &str, pictures: usize) -> Result<Self> {
        let asked = serde_json::from_str::<Asked>(settings);
        let settings = asked
            .map_err(|error| Error::invalid("settings", error, "the settings of a training"))
            .and_then(Asked::settings)
            .map_err(to_js)?;
        settings.check(pictures, 1).map_err(to_js)?;
        let network = Network::new(&settings.architecture);
        Ok(Self {
            learner: Learner::new(&settings, &network, pictures),
            bench: Bench::new(&network, None),
            found: Found::new(&network),
            view: None,
            measured: None,
            network,
            settings,
        })
    }

    /// What it is made of: `{ architecture, parameters, macs, pipeline }`.
    pub fn describe(&self) -> JsValue {
        let architecture = &self.settings.architecture;
        to_object(&json!({
            "architecture": architecture.to_string(),
            "parameters": architecture.parameters(),
            "macs": architecture.multiplications(),
            "pipeline": self.settings.pipeline.to_json(),
        }))
    }

    /// The order in which an epoch, counted from 1, goes through so many pictures.
    pub fn order(&self, epoch: usize, pictures: usize) -> Vec<u32> {
        let order = training::order(self.settings.seed, epoch, pictures);
        order.into_iter().map(|at| at as u32).collect()
    }

    /// The weights as they are now.
    pub fn weights(&self) -> Vec<f32> {
        flat(self.learner.weights())
    }

    /// The moving average of the weights, which is what the network answers with.
    pub fn averaged(&self) -> Vec<f32> {
        flat(&self.learner.averaged())
    }

    /// Takes the weights that the groups of the next step look through.
    pub fn look(&mut self, weights: Vec<f32>) -> Result<()> {
        let weights = self.unflat(weights)?;
        let kernels = self.network.kernels(&weights);
        self.view = Some((weights, kernels));
        Ok(())
    }

    /// What a group of pictures, 784 levels each, finds in an epoch: the gradient, the means and
    /// variances, and the loss, one after the other. `numbers` are the pictures' places.
    pub fn find(
        &mut self,
        epoch: usize,
        levels: &[u8],
        labels: &[u8],
        numbers: &[u32],
    ) -> Result<Vec<f32>> {
        let Some((weights, kernels)) = &self.view else {
            return Err(to_js(Error::MissingParameter {
                field: "weights".into(),
                allowed: "those of this step".into(),
            }));
        };
        let pictures = pictures(levels, labels).map_err(to_js)?;
        if pictures.len() != GROUP || numbers.len() != GROUP {
            let error = Error::invalid("pictures of a group", pictures.len(), GROUP.to_string());
            return Err(to_js(error));
        }
        let group: [Given; GROUP] = std::array::from_fn(|at| Given {
            picture: &pictures[at],
            label: labels[at],
            number: numbers[at] as usize,
        });
        let view = View {
            settings: &self.settings,
            network: &self.network,
            weights,
            kernels,
        };
        self.bench
            .find(&view, epoch, &group, &mut self.found)
            .map_err(to_js)?;
        let Found {
            gradient,
            statistics,
            loss,
        } = &self.found;
        Ok([gradient, statistics, &[*loss][..]].concat())
    }

    /// Takes a step with what the groups of a batch found, one after the other in their order,
    /// and returns the sum of their losses.
    pub fn learn(&mut self, found: &[f32]) -> Result<f64> {
        let [parameters, statistics] = [self.network.parameters(), self.network.statistics()];
        let each = parameters + statistics + 1;
        let groups = self.settings.batch / GROUP;
        if found.len() != groups * each {
            let allowed = format!("{groups} x {each}");
            return Err(to_js(Error::invalid("numbers found", found.len(), allowed)));
        }
        let found: Vec<Found> = found
            .chunks_exact(each)
            .map(|one| Found {
                gradient: one[..parameters].to_vec(),
                statistics: one[parameters..each - 1].to_vec(),
                loss: one[each - 1],
            })
            .collect();
        Ok(self.learner.learn(found.iter()))
    }

    /// Everything that a step changes, to go on from later.
    pub fn save(&self) -> Vec<u8> {
        self.learner.save()
    }

    /// Goes on from what was saved by a training of the same settings.
    pub fn restore(&mut self, saved: &[u8]) -> Result<()> {
        self.learner.restore(saved).map_err(to_js)
    }

    /// Takes the weights that pictures are measured with.
    #[wasm_bindgen(js_name = measureWith)]
    pub fn measure_with(&mut self, weights: Vec<f32>) -> Result<()> {
        let classifier = self.folded(weights)?;
        let scratch = classifier.scratch();
        self.measured = Some((classifier, scratch));
        Ok(())
    }

    /// How pictures are answered: `{ confusion, loss, wrong }`, the hundred numbers of the first
    /// by digit and answer, the sum of the losses, and the wrong ones as `[place, answer]`.
    pub fn measure(&mut self, levels: &[u8], labels: &[u8]) -> Result<JsValue> {
        let Some((classifier, scratch)) = &mut self.measured else {
            return Err(to_js(Error::MissingParameter {
                field: "weights".into(),
                allowed: "those to measure with".into(),
            }));
        };
        let mut figures = Figures::default();
        let mut wrong = Vec::new();
        let pictures = pictures(levels, labels).map_err(to_js)?;
        for (at, (picture, label)) in pictures.iter().zip(labels).enumerate() {
            let scores = classifier.scores(&ink(picture), scratch);
            figures.note(*label, &scores);
            let answer = largest(&scores);
            if answer != *label {
                wrong.push([at, usize::from(answer)]);
            }
        }
        Ok(to_object(&json!({
            "confusion": figures.confusion.as_flattened(),
            "loss": figures.loss() * f64::from(figures.count()),
            "wrong": wrong,
        })))
    }

    /// The network of some weights as an ONNX file called `name`.
    pub fn file(&self, name: &str, weights: Vec<f32>) -> Result<JsValue> {
        let file = onnx::write(name, &self.folded(weights)?);
        let object = to_object(&json!({}));
        Reflect::set(&object, &"file".into(), &Uint8Array::from(&file[..]))?;
        Ok(object)
    }

    fn folded(&self, weights: Vec<f32>) -> Result<Classifier> {
        let weights = self.unflat(weights)?;
        self.network.fold(&weights).map_err(to_js)
    }

    fn unflat(&self, mut parameters: Vec<f32>) -> Result<Weights> {
        let wanted = self.network.parameters() + self.network.statistics();
        if parameters.len() != wanted {
            let error = Error::invalid("number of weights", parameters.len(), wanted.to_string());
            return Err(to_js(error));
        }
        let statistics = parameters.split_off(self.network.parameters());
        Ok(Weights {
            parameters,
            statistics,
        })
    }
}

fn flat(weights: &Weights) -> Vec<f32> {
    [&weights.parameters[..], &weights.statistics].concat()
}

/// The pictures of some levels, with a label each.
fn pictures<'a>(levels: &'a [u8], labels: &[u8]) -> crate::Result<&'a [[u8; PIXELS]]> {
    let (pictures, rest) = levels.as_chunks::<PIXELS>();
    if !rest.is_empty() || pictures.len() != labels.len() {
        let allowed = format!("784 for each of {} labels", labels.len());
        return Err(Error::invalid("number of levels", levels.len(), allowed));
    }
    if let Some(label) = labels.iter().find(|label| usize::from(**label) >= CLASSES) {
        return Err(Error::invalid("digit", label, "0 to 9"));
    }
    Ok(pictures)
}
