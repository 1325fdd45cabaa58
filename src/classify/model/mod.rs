//! Models in ONNX files, run by tract.
//!
//! A file is judged before tract sees it: `wire` counts what it takes to read it, `graph`
//! and `ports` say what it is, and `lower` finds out every shape and the work that an
//! answer takes, and puts its steps into a few operators. Whatever a file holds, it ends
//! in a model or in a sentence.
//!
//! tract runs what comes of it, but for most convolutions: `chain` finds those that
//! `winograd` computes faster.

mod attributes;
mod chain;
mod describe;
mod fact;
mod graph;
mod lower;
mod normalisation;
mod operators;
mod ports;
mod weights;
mod winograd;
mod wire;

pub use describe::{Description, Operator, Opset, Port};
pub use normalisation::{Normalisation, Trial, best};
pub use ports::Layout;

use super::network::softmax;
use super::{CLASSES, Digit};
use crate::error::{Error, Result};
use crate::mnist::PIXELS;
use crate::raster::to_unit;
use fact::{Kind, told};
use graph::{Graph, corrupt};
use lower::{Input, Lowered};
use std::panic::{AssertUnwindSafe, catch_unwind};

use tract_onnx::Onnx;
use tract_onnx::pb::ModelProto;
use tract_onnx::prelude::*;
use tract_onnx::tract_core::plan::SimpleState;

/// The largest file, in bytes.
pub const MOST_BYTES: usize = 64 << 20;

/// The version of the operators, where a file does not say.
const USUAL_OPSET: i64 = 13;

/// A model that is ready to answer.
#[derive(Debug)]
pub struct Model {
    file: String,
    state: SimpleState<TypedFact, Box<dyn TypedOp>>,
    layout: Layout,
    /// How many pictures it takes at a time; it is asked for the first.
    pictures: usize,
    takes_bytes: bool,
    gives_probabilities: bool,
    normalisation: Normalisation,
    /// The digit of each score, when they are in an order of their own.
    digits: Option<[u8; CLASSES]>,
    work: u64,
}

impl Model {
    /// A model from an ONNX file that takes a picture of 28 x 28, as numbers or bytes, and
    /// gives a score or a probability for each class. `file` is what the file is called in
    /// errors. It is shown ink from 0 (paper) to 1 (ink), or to 255 where it takes bytes,
    /// until [`show`](Self::show) says otherwise.
    ///
    /// # Errors
    /// [`Error::LimitExceeded`] when it is too large, [`Error::ModelCorrupt`] when it is
    /// no whole ONNX file, [`Error::ModelUnsupported`] when it does something else or
    /// with operators that are not known.
    pub fn load(file: &str, bytes: &[u8]) -> Result<Self> {
        let onnx = operators::reader();
        let proto = read(&onnx, file, bytes)?;
        let graph = Graph::new(file, &proto)?;
        let opset = proto
            .opset_import
            .iter()
            .find(|opset| matches!(&*opset.domain, "" | "ai.onnx"));
        let opset = opset.map_or(USUAL_OPSET, |opset| opset.version);
        let taken = ports::taken(&graph)?;
        let mut first_failure = None;
        for given in ports::given(&graph)? {
            for &(layout, pictures) in &taken.ways {
                let input = Input {
                    name: taken.name,
                    kind: taken.kind,
                    shape: layout.shape(pictures),
                };
                let state = lower::lower(&graph, opset, &input, given.name).and_then(|lowered| {
                    Ok((lowered.work, build(&onnx, &lowered, &graph, pictures)?))
                });
                match state {
                    Ok((work, state)) => {
                        let takes_bytes = taken.kind == Kind::Level;
                        let normalisation = if takes_bytes {
                            Normalisation::OF_BYTES[0]
                        } else {
                            Normalisation::default()
                        };
                        return Ok(Self {
                            file: file.into(),
                            state,
                            layout,
                            pictures,
                            takes_bytes,
                            gives_probabilities: false,
                            normalisation,
                            digits: given.digits,
                            work,
                        });
                    }
                    Err(error) => first_failure = first_failure.or(Some(error)),
                }
            }
        }
        Err(first_failure.unwrap_or_else(|| graph.unsupported("it takes and gives nothing")))
    }

    /// What a model's file says of itself, also when it cannot be used.
    ///
    /// # Errors
    /// Those of [`load`](Self::load) about the file.
    pub fn describe(file: &str, bytes: &[u8]) -> Result<Description> {
        Ok(describe::describe(&read(&Onnx::default(), file, bytes)?))
    }

    /// How it wants a picture's sides.
    pub fn layout(&self) -> Layout {
        self.layout
    }

    /// Whether it takes bytes rather than numbers with a fraction.
    pub fn takes_bytes(&self) -> bool {
        self.takes_bytes
    }

    /// Whether it gives probabilities rather than scores, as far as is known: see
    /// [`sound_out`](Self::sound_out).
    pub fn gives_probabilities(&self) -> bool {
        self.gives_probabilities
    }

    /// Multiplications with addition for an answer, and numbers that are made, together.
    pub fn work(&self) -> u64 {
        self.work
    }

    /// What models that take what this one takes usually want, the most usual first.
    pub fn usual(&self) -> &'static [Normalisation] {
        if self.takes_bytes {
            &Normalisation::OF_BYTES
        } else {
            &Normalisation::USUAL
        }
    }

    /// Shows it pictures in another way from now on.
    ///
    /// # Errors
    /// [`Error::InvalidParameter`] when the numbers cannot be computed with.
    pub fn show(&mut self, normalisation: Normalisation) -> Result<()> {
        self.normalisation = normalisation.checked()?;
        Ok(())
    }

    /// Finds out whether it gives probabilities, from what it says of two pictures.
    ///
    /// # Errors
    /// Those of [`scores`](Self::scores).
    pub fn sound_out(&mut self) -> Result<()> {
        let blank = [0.0; PIXELS];
        let mut bar = blank;
        for row in bar.as_chunks_mut::<28>().0.iter_mut().skip(4).take(20) {
            row[12..16].fill(1.0);
        }
        let mut all = true;
        for picture in [&blank, &bar] {
            let scores = self.scores(picture)?;
            let within = scores.iter().all(|score| (-1e-4..=1.0001).contains(score));
            all &= within && scores.iter().sum::<f32>() > 1e-3;
        }
        self.gives_probabilities = all;
        Ok(())
    }

    /// How it does on pictures as MNIST has them, white on black, 784 levels each.
    ///
    /// # Errors
    /// Those of [`scores`](Self::scores), and [`Error::InvalidParameter`] when there are
    /// not as many digits as pictures.
    pub fn trial(&mut self, levels: &[u8], digits: &[u8]) -> Result<Trial> {
        let (pictures, rest) = levels.as_chunks::<PIXELS>();
        if pictures.len() != digits.len() || !rest.is_empty() {
            let allowed = "one digit for each picture of 784 levels";
            return Err(Error::invalid("digits", digits.len(), allowed));
        }
        if let Some(digit) = digits.iter().find(|digit| usize::from(**digit) >= CLASSES) {
            return Err(Error::invalid("digits", digit, "0 to 9"));
        }
        let mut trial = Trial::NONE;
        for (picture, digit) in pictures.iter().zip(digits) {
            trial.count(&self.probabilities(&picture.map(to_unit))?, *digit);
        }
        Ok(trial)
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
        let scores = self.scores(digit)?;
        if !self.gives_probabilities {
            return Ok(softmax(&scores));
        }
        // Those of classes that were judged one by one do not add up to 1.
        let scores = scores.map(|score| score.max(0.0));
        let sum: f32 = scores.iter().sum();
        Ok(if sum > 0.0 {
            scores.map(|score| score / sum)
        } else {
            [1.0 / CLASSES as f32; CLASSES]
        })
    }

    fn run(&mut self, digit: &Digit) -> TractResult<[f32; CLASSES]> {
        let mut pixels = vec![0.0; self.pictures * PIXELS];
        for (pixel, ink) in pixels.iter_mut().zip(digit) {
            let shown = self.normalisation.of(*ink);
            *pixel = if self.takes_bytes {
                shown.round().clamp(0.0, 255.0)
            } else {
                shown
            };
        }
        let input = Tensor::from_shape(&self.layout.shape(self.pictures), &pixels)?;
        let outputs = self.state.run(tvec!(input.into()))?;
        let view = outputs[0].to_plain_array_view::<f32>()?;
        let mut scores = [f32::NAN; CLASSES];
        for (place, found) in view.iter().take(CLASSES).enumerate() {
            let digit = self
                .digits
                .map_or(place, |digits| usize::from(digits[place]));
            scores[digit] = *found;
        }
        Ok(scores)
    }
}

/// What a file holds.
fn read(onnx: &Onnx, file: &str, bytes: &[u8]) -> Result<ModelProto> {
    let too_large = |value: String, allowed: usize| Error::LimitExceeded {
        field: file.into(),
        value,
        allowed: format!("{allowed} bytes"),
    };
    if bytes.len() > MOST_BYTES {
        return Err(too_large(format!("{} bytes", bytes.len()), MOST_BYTES));
    }
    let damaged = || corrupt(file, "it is no ONNX file, or only a part of one");
    if !wire::fits(bytes).ok_or_else(damaged)? {
        return Err(too_large("far larger in memory".into(), wire::MOST_MEMORY));
    }
    let mut rest = bytes;
    onnx.proto_model_for_read(&mut rest).map_err(|_| damaged())
}

/// From a network whose shapes are known to one that runs.
fn build(
    onnx: &Onnx,
    lowered: &Lowered,
    graph: &Graph<'_>,
    pictures: usize,
) -> Result<SimpleState<TypedFact, Box<dyn TypedOp>>> {
    let is_ours = lowered.shape.iter().product::<usize>() == pictures * CLASSES
        && (pictures == 1 || lowered.shape.last() == Some(&CLASSES));
    if !is_ours {
        let shape = told(&lowered.shape);
        let reason = format!("its output is {shape}; allowed: [{pictures},{CLASSES}]");
        return Err(graph.wrong_shape(&reason, shape));
    }
    let failed = |error: TractError| graph.refused(&format!("{error:#}"));
    let make = || {
        onnx.model_for_proto_model(&lowered.proto)
            .and_then(|model| model.into_typed())
            .and_then(|model| {
                let found = model.output_fact(0)?.shape.as_concrete();
                // Whoever has counted on another shape has counted wrong.
                if found.is_none_or(|found| found != &*lowered.shape) {
                    let shape = &lowered.shape;
                    return Err(TractError::msg(format!("{found:?} is not {shape:?}")));
                }
                chain::link(model.into_decluttered()?)?.into_optimized()
            })
            .and_then(|model| model.into_runnable())
            .and_then(|model| model.spawn())
            .map_err(failed)
    };
    // tract has assertions that a file which nobody wrote in earnest may fail.
    let made = catch_unwind(AssertUnwindSafe(make));
    made.unwrap_or_else(|_| {
        Err(graph.unsupported("it is put together in a way that makes no sense"))
    })
}
