//! The models of ONNX files, as tests ask them.

use digitlab::classify::model::Model;
use digitlab::mnist::PIXELS;
use std::sync::Mutex;

/// A model that several threads may ask, one after the other.
pub(super) struct Runtime(Mutex<Model>);

impl Runtime {
    pub(super) fn load(file: &[u8]) -> Self {
        Self(Mutex::new(Model::load("the model", file).expect("a model")))
    }

    pub(super) fn scores(&self, picture: &[f32; PIXELS]) -> [f32; 10] {
        let mut model = self.0.lock().expect("no panic before");
        model.scores(picture).expect("an answer")
    }
}
