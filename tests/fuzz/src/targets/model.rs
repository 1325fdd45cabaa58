//! Networks from outside.

use super::sentence;
use digitlab::augment::Pipeline;
use digitlab::classify::model::Model;
use digitlab::classify::network::Architecture;
use digitlab::classify::onnx;
use digitlab::classify::training::{Learner, Network, Settings};
use serde_json::json;

/// The most work of an answer for which one is asked: searching is quick with small networks.
const LITTLE: u64 = 20_000_000;

/// Any ONNX file: it is described, loaded and asked.
pub(crate) fn model(bytes: &[u8]) {
    if let Err(error) = Model::describe("The model", bytes) {
        sentence(&error);
    }
    match Model::load("The model", bytes) {
        Ok(mut model) if model.work() <= LITTLE => {
            if let Err(error) = model.sound_out() {
                sentence(&error);
            }
        }
        Ok(_) => {}
        Err(error) => sentence(&error),
    }
}

/// An ONNX file as training writes it.
pub(crate) fn taught(bytes: &[u8]) {
    match onnx::read("The model", bytes) {
        Ok(classifier) => {
            if classifier.architecture().multiplications() as u64 <= LITTLE {
                classifier.scores(&[0.5; 784], &mut classifier.scratch());
            }
            let again = onnx::read("The model", &onnx::write("again", &classifier))
                .expect("what was written is read");
            assert_eq!(again.architecture(), classifier.architecture());
        }
        Err(error) => sentence(&error),
    }
}

/// The layers as text.
pub(crate) fn architecture(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return;
    };
    match Architecture::parse(text) {
        Ok(architecture) => {
            let again =
                Architecture::parse(&architecture.to_string()).expect("what was written is read");
            assert_eq!(again, architecture);
            let _ = (architecture.parameters(), architecture.multiplications());
        }
        Err(error) => sentence(&error),
    }
}

/// A training of a small network.
pub(crate) fn learner() -> Learner {
    let settings = Settings {
        architecture: Architecture::parse("16-pool-pool-average-10").expect("layers"),
        epochs: 1,
        batch: 16,
        rate: 0.002,
        decay: 0.01,
        smoothing: 0.05,
        average: 0.9,
        pipeline: Pipeline::from_json(&json!([])).expect("no steps"),
        teaching: 0.0,
        temperature: 1.0,
        seed: 3,
        threads: 1,
    };
    Learner::new(&settings, &Network::new(&settings.architecture), 64)
}

/// What was kept of it.
pub(crate) fn training(bytes: &[u8]) {
    let mut learner = learner();
    match learner.restore(bytes) {
        Ok(()) => {
            assert_eq!(learner.save(), bytes);
            let _ = learner.averaged();
        }
        Err(error) => sentence(&error),
    }
}
