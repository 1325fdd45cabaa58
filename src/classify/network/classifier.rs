//! A trained network, as it answers.

use super::convolution::Kernel;
use super::{Architecture, Head, LANES, Plane, Stage, dense, pooling, softmax};
use crate::classify::CLASSES;
use crate::error::{Error, Result};
use crate::mnist::PIXELS;
use wide::f32x16;

/// The weights of a convolution with its normalisation folded in.
#[derive(Clone, Debug, PartialEq)]
pub struct Convolution {
    /// `[window row][window column][channel in][channel out]`
    pub weights: Vec<f32>,
    /// What is added to each channel out.
    pub bias: Vec<f32>,
}

/// The weights of the last layer.
#[derive(Clone, Debug, PartialEq)]
pub struct Dense {
    /// `[feature][class]`; features that are flattened pixels lie `[row][column][channel]`.
    pub weights: Vec<[f32; CLASSES]>,
    /// What is added to each class.
    pub bias: [f32; CLASSES],
}

/// A trained network.
#[derive(Clone, Debug)]
pub struct Classifier {
    architecture: Architecture,
    convolutions: Vec<Convolution>,
    dense: Dense,
    kernels: Vec<Kernel>,
    /// The dense layer as vectors.
    last: Vec<f32>,
}

/// What a network makes of a picture.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Answer {
    /// The most probable digit.
    pub digit: u8,
    /// The probability of each digit.
    pub probabilities: [f32; CLASSES],
}

/// The memory that answering takes.
#[derive(Clone, Debug)]
pub struct Scratch {
    input: Vec<f32>,
    /// What comes out of each stage.
    planes: Vec<Vec<f32>>,
    features: Vec<f32>,
}

impl Classifier {
    /// A network of these weights, the convolutions in their order.
    ///
    /// # Errors
    /// [`Error::InvalidParameter`] when there are not as many as the architecture needs.
    pub fn new(
        architecture: Architecture,
        convolutions: Vec<Convolution>,
        dense: Dense,
    ) -> Result<Self> {
        let channels: Vec<[usize; 2]> = architecture
            .steps()
            .filter(|(stage, ..)| *stage != Stage::Pool)
            .map(|(_, from, to)| [from.channels, to.channels])
            .collect();
        if channels.len() != convolutions.len() {
            let allowed = channels.len().to_string();
            return Err(Error::invalid(
                "number of convolutions",
                convolutions.len(),
                allowed,
            ));
        }
        for (convolution, [from, to]) in convolutions.iter().zip(&channels) {
            let found = [convolution.weights.len(), convolution.bias.len()];
            if found != [9 * from * to, *to] {
                let allowed = format!("3 x 3 x {from} x {to} and {to}");
                let found = format!("{} and {}", found[0], found[1]);
                return Err(Error::invalid(
                    "weights and biases of a convolution",
                    found,
                    allowed,
                ));
            }
        }
        if dense.weights.len() != architecture.features() {
            let allowed = architecture.features().to_string();
            return Err(Error::invalid(
                "features of the last layer",
                dense.weights.len(),
                allowed,
            ));
        }
        let kernels = convolutions
            .iter()
            .zip(channels)
            .map(|(convolution, channels)| Kernel::forward(&convolution.weights, channels))
            .collect();
        let mut last = Vec::with_capacity((dense.weights.len() + 1) * LANES);
        for row in dense.weights.iter().chain([&dense.bias]) {
            last.extend(row);
            last.extend([0.0; LANES - CLASSES]);
        }
        Ok(Self {
            architecture,
            convolutions,
            dense,
            kernels,
            last,
        })
    }

    /// Its layers.
    pub fn architecture(&self) -> &Architecture {
        &self.architecture
    }

    /// The weights of its convolutions.
    pub fn convolutions(&self) -> &[Convolution] {
        &self.convolutions
    }

    /// The weights of its last layer.
    pub fn dense(&self) -> &Dense {
        &self.dense
    }

    /// Memory for answering, which can be used again and again.
    pub fn scratch(&self) -> Scratch {
        Scratch {
            input: vec![0.0; Architecture::INPUT.len()],
            planes: self
                .architecture
                .steps()
                .map(|(_, _, to)| vec![0.0; to.len()])
                .collect(),
            features: vec![0.0; self.architecture.features()],
        }
    }

    /// What the last layer is given for a picture of ink, row by row, 0 to 1.
    pub fn features<'a>(&self, picture: &[f32; PIXELS], scratch: &'a mut Scratch) -> &'a [f32] {
        Architecture::INPUT.fill(&mut scratch.input, picture.iter().copied());
        let mut trained = self.kernels.iter().zip(&self.convolutions);
        let mut input = &scratch.input;
        for ((stage, from, to), output) in self.architecture.steps().zip(&mut scratch.planes) {
            match stage {
                Stage::Pool => pooling::pool(from, input, output),
                Stage::Convolution(_) => {
                    let (kernel, convolution) = trained.next().expect("a kernel per convolution");
                    kernel.apply(from.side, input, output);
                    rectify(to, &convolution.bias, output);
                }
            }
            input = output;
        }
        let last = self.architecture.last();
        match self.architecture.head() {
            Head::Flatten => pooling::flatten(last, input, &mut scratch.features),
            Head::Average => pooling::average(last, input, &mut scratch.features),
        }
        &scratch.features
    }

    /// The score of each class for a picture of ink, row by row, 0 to 1.
    pub fn scores(&self, picture: &[f32; PIXELS], scratch: &mut Scratch) -> [f32; CLASSES] {
        let features = self.features(picture, scratch);
        softmax::classes(&dense::forward(features, &self.last))
    }

    /// The digit that a picture of ink shows, row by row, 0 to 1.
    pub fn answer(&self, picture: &[f32; PIXELS], scratch: &mut Scratch) -> Answer {
        let scores = self.scores(picture, scratch);
        Answer {
            digit: largest(&scores),
            probabilities: softmax(&scores),
        }
    }
}

/// The class of the largest score; the first of several.
pub(crate) fn largest(scores: &[f32; CLASSES]) -> u8 {
    let mut best = 0;
    for class in 1..CLASSES {
        if scores[class] > scores[best] {
            best = class;
        }
    }
    best as u8
}

/// Adds the bias of each channel and cuts negative values off.
fn rectify(plane: Plane, bias: &[f32], values: &mut [f32]) {
    for row in plane.rows() {
        for pixel in values[row].chunks_exact_mut(plane.channels) {
            for (values, bias) in pixel.chunks_exact_mut(LANES).zip(bias.chunks_exact(LANES)) {
                let sum = super::load(values) + super::load(bias);
                super::store(values, sum.fast_max(f32x16::ZERO));
            }
        }
    }
}
