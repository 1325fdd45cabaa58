//! Models in ONNX files, run by tract.
//!
//! A file is judged by `graph` before tract sees it, and its shapes and the work that
//! it takes before it is optimised and run: whatever a file holds, it ends in a model or
//! in a sentence.

mod graph;
mod operators;

use super::network::softmax;
use super::{CLASSES, Digit};
use crate::error::{Error, Result};
use graph::Graph;
use std::panic::{AssertUnwindSafe, catch_unwind};

use tract_onnx::Onnx;
use tract_onnx::prelude::*;
use tract_onnx::tract_core::ops::Cost;
use tract_onnx::tract_core::plan::SimpleState;

/// The largest file, in bytes.
pub const MOST_BYTES: usize = 64 << 20;

/// The most numbers that a step may give.
const MOST_NUMBERS: usize = 1 << 24;

/// The most multiplications with addition that an answer may take.
const MOST_WORK: i64 = 4_000_000_000;

/// What the input is: one picture, row by row.
const INPUT: [usize; 4] = [1, 1, 28, 28];

/// A model that is ready to answer.
#[derive(Debug)]
pub struct Model {
    file: String,
    state: SimpleState<TypedFact, Box<dyn TypedOp>>,
}

impl Model {
    /// A model from an ONNX file whose input is `[N, 1, 28, 28]`, 32-bit floats from 0
    /// (paper) to 1 (ink), and whose output is a score for each class. `file` is what
    /// the file is called in errors.
    ///
    /// # Errors
    /// [`Error::LimitExceeded`] when it is too large, [`Error::ModelCorrupt`] when it is
    /// no whole ONNX file, [`Error::ModelUnsupported`] when it does something else or
    /// with operators that are not known.
    pub fn load(file: &str, bytes: &[u8]) -> Result<Self> {
        if bytes.len() > MOST_BYTES {
            return Err(Error::LimitExceeded {
                field: file.into(),
                value: format!("{} bytes", bytes.len()),
                allowed: format!("{MOST_BYTES} bytes"),
            });
        }
        let onnx = operators::reader();
        let mut rest = bytes;
        let proto = onnx.proto_model_for_read(&mut rest);
        let proto =
            proto.map_err(|_| graph::corrupt(file, "it is no ONNX file, or only a part of one"))?;
        let graph = Graph::check(file, &proto, |operator| {
            onnx.op_register.0.contains_key(operator)
        })?;
        // tract has assertions that a file which nobody wrote in earnest may fail.
        let built = catch_unwind(AssertUnwindSafe(|| build(&onnx, &proto, &graph)));
        let state = built.unwrap_or_else(|_| {
            Err(graph.unsupported("it is put together in a way that makes no sense"))
        })?;
        Ok(Self {
            file: file.into(),
            state,
        })
    }

    /// The score of each class for a picture of ink.
    ///
    /// # Errors
    /// [`Error::ModelUnsupported`] when there are none, or they are no numbers.
    pub fn scores(&mut self, digit: &Digit) -> Result<[f32; CLASSES]> {
        let answered = self.run(digit);
        let reason = match answered {
            Ok(scores) if scores.iter().all(|score| score.is_finite()) => return Ok(scores),
            Ok(_) => "its scores are no numbers".into(),
            Err(error) => format!("it gave no answer ({error})"),
        };
        Err(Error::ModelUnsupported {
            file: self.file.clone(),
            reason,
            node: None,
            operator: None,
            shape: None,
        })
    }

    /// The probability of each class for a picture of ink.
    ///
    /// # Errors
    /// Those of [`scores`](Self::scores).
    pub fn probabilities(&mut self, digit: &Digit) -> Result<[f32; CLASSES]> {
        self.scores(digit).map(|scores| softmax(&scores))
    }

    fn run(&mut self, digit: &Digit) -> TractResult<[f32; CLASSES]> {
        let input = Tensor::from_shape(&INPUT, digit)?;
        let outputs = self.state.run(tvec!(input.into()))?;
        let view = outputs[0].to_plain_array_view::<f32>()?;
        let mut scores = [f32::NAN; CLASSES];
        for (score, found) in scores.iter_mut().zip(view.iter()) {
            *score = *found;
        }
        Ok(scores)
    }
}

/// From a file that was checked to a model that runs.
fn build(
    onnx: &Onnx,
    proto: &tract_onnx::pb::ModelProto,
    graph: &Graph,
) -> Result<SimpleState<TypedFact, Box<dyn TypedOp>>> {
    let failed = |error: TractError| graph.refused(&format!("{error:#}"));
    let typed = onnx
        .model_for_proto_model(proto)
        .and_then(|model| model.with_input_fact(0, f32::fact(INPUT).into()))
        .and_then(|model| model.into_typed())
        .map_err(failed)?;
    check(&typed, graph)?;
    typed
        .into_optimized()
        .and_then(|model| model.into_runnable())
        .and_then(|model| model.spawn())
        .map_err(failed)
}

/// Refuses what would take too much memory or time, and what gives no ten scores.
fn check(model: &TypedModel, graph: &Graph) -> Result<()> {
    let mut work = 0_i64;
    for node in &model.nodes {
        for output in &node.outputs {
            let shape = output.fact.shape.as_concrete();
            let numbers = shape.and_then(|shape| {
                shape
                    .iter()
                    .try_fold(1_usize, |product, side| product.checked_mul(*side))
            });
            if numbers.is_none_or(|numbers| numbers > MOST_NUMBERS) {
                let shape = format!("[{:?}]", output.fact.shape);
                return Err(graph.step(&node.name, "gives more numbers than are allowed", shape));
            }
        }
        let inputs: Option<TVec<&TypedFact>> = node
            .inputs
            .iter()
            .map(|outlet| model.outlet_fact(*outlet).ok())
            .collect();
        let costs = inputs.and_then(|inputs| node.op.cost(&inputs).ok());
        for (cost, count) in costs.unwrap_or_default() {
            if matches!(cost, Cost::FMA(_) | Cost::Div(_)) {
                work = work.saturating_add(count.to_i64().unwrap_or(i64::MAX));
            }
        }
    }
    if work > MOST_WORK {
        return Err(graph.unsupported(&format!(
            "an answer takes {work} multiplications, and at most {MOST_WORK} are allowed"
        )));
    }
    let output = model
        .output_fact(0)
        .map_err(|error| graph.refused(&format!("{error:#}")))?;
    let sides = output.shape.as_concrete().unwrap_or_default();
    if output.datum_type != f32::datum_type()
        || sides.iter().product::<usize>() != CLASSES
        || sides.is_empty()
    {
        let shape = format!("[{:?}]", output.shape);
        let reason = format!(
            "its output is {shape}, {:?}; allowed: [1,{CLASSES}], F32",
            output.datum_type
        );
        return Err(graph.wrong_shape(&reason, shape));
    }
    Ok(())
}
