//! ONNX files in a real runtime.

use digitlab::mnist::PIXELS;
use std::io::Cursor;
use std::sync::Arc;
use tract_onnx::prelude::*;

/// A model in tract, ready for one picture at a time.
pub(super) struct Runtime(Arc<TypedRunnableModel>);

impl Runtime {
    pub(super) fn load(file: &[u8]) -> Self {
        let model = tract_onnx::onnx()
            .model_for_read(&mut Cursor::new(file))
            .expect("an ONNX file");
        let shape = f32::fact([1, 1, 28, 28]);
        let model = model
            .with_input_fact(0, shape.into())
            .expect("pictures of 28 x 28");
        let model = model.into_optimized().expect("operators that tract knows");
        Self(model.into_runnable().expect("a model that runs"))
    }

    pub(super) fn scores(&self, picture: &[f32; PIXELS]) -> [f32; 10] {
        let input = Tensor::from_shape(&[1, 1, 28, 28], picture).expect("a picture");
        let outputs = self.0.run(tvec!(input.into())).expect("an answer");
        let scores = outputs[0].to_plain_array_view::<f32>().expect("numbers");
        assert_eq!(scores.shape(), [1, 10]);
        std::array::from_fn(|class| scores[[0, class]])
    }
}
