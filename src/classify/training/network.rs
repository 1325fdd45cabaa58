//! A network that learns: its layers forward and backward over a group of pictures.

use super::normalization::{self, EPSILON, Parameters, Passed};
use crate::classify::CLASSES;
use crate::classify::network::convolution::{Kernel, weight_gradient};
use crate::classify::network::softmax::cross_entropy;
use crate::classify::network::{
    Architecture, Classifier, Convolution, Dense, Head, LANES, Plane, Stage, dense, pooling,
};
use crate::error::Result;
use crate::random::Stream;
use std::ops::Range;

/// How many pictures are normalised together.
pub const GROUP: usize = 16;

/// All numbers that training changes.
#[derive(Clone, Debug, PartialEq)]
pub struct Weights {
    /// What the gradient is taken by, layer after layer.
    pub parameters: Vec<f32>,
    /// The means and variances that the normalisations saw.
    pub statistics: Vec<f32>,
}

/// The layers of a network, and where their numbers lie in its [`Weights`].
#[derive(Clone, Debug)]
pub struct Network {
    architecture: Architecture,
    layers: Vec<Layer>,
    parameters: usize,
    statistics: usize,
}

#[derive(Clone, Debug)]
enum Layer {
    Convolution {
        from: Plane,
        to: Plane,
        weights: Range<usize>,
    },
    Normalization {
        plane: Plane,
        scale: Range<usize>,
        shift: Range<usize>,
        statistics: Range<usize>,
    },
    Pool {
        from: Plane,
    },
    Head {
        from: Plane,
        head: Head,
    },
    Dense {
        weights: Range<usize>,
    },
}

/// The weights of the convolutions in the order in which they are used.
#[derive(Clone, Debug)]
pub struct Kernels(Vec<Pair>);

/// The kernels of a layer: none unless it is a convolution, and nothing leads back from the
/// first one.
#[derive(Clone, Debug, Default)]
struct Pair {
    forward: Option<Kernel>,
    backward: Option<Kernel>,
}

/// What a group of pictures leaves behind on its way through the layers.
#[derive(Clone, Debug)]
pub struct Tape {
    /// What goes into each layer: the pictures one after the other.
    pub(super) values: Vec<Vec<f32>>,
    gradients: Vec<Vec<f32>>,
    /// The means and variances of this group.
    pub(super) statistics: Vec<f32>,
}

impl Network {
    /// The layers of an architecture.
    pub fn new(architecture: &Architecture) -> Self {
        let mut layers = Vec::new();
        let [mut parameters, mut statistics] = [0; 2];
        let take = |length: usize, end: &mut usize| {
            *end += length;
            *end - length..*end
        };
        for (stage, from, to) in architecture.steps() {
            match stage {
                Stage::Pool => layers.push(Layer::Pool { from }),
                Stage::Convolution(channels) => layers.extend([
                    Layer::Convolution {
                        from,
                        to,
                        weights: take(9 * from.channels * channels, &mut parameters),
                    },
                    Layer::Normalization {
                        plane: to,
                        scale: take(channels, &mut parameters),
                        shift: take(channels, &mut parameters),
                        statistics: take(2 * channels, &mut statistics),
                    },
                ]),
            }
        }
        layers.push(Layer::Head {
            from: architecture.last(),
            head: architecture.head(),
        });
        layers.push(Layer::Dense {
            weights: take((architecture.features() + 1) * LANES, &mut parameters),
        });
        Self {
            architecture: architecture.clone(),
            layers,
            parameters,
            statistics,
        }
    }

    /// How many numbers the gradient is taken by.
    pub fn parameters(&self) -> usize {
        self.parameters
    }

    /// How many means and variances its normalisations keep.
    pub fn statistics(&self) -> usize {
        self.statistics
    }

    /// Weights to begin with: normal numbers whose spread keeps that of the values (He et al.,
    /// 2015).
    pub fn begin(&self, stream: &mut Stream) -> Weights {
        let mut weights = Weights {
            parameters: vec![0.0; self.parameters],
            statistics: vec![0.0; self.statistics],
        };
        for layer in &self.layers {
            match layer {
                Layer::Convolution {
                    from,
                    weights: range,
                    ..
                } => {
                    let deviation = (2.0 / (9 * from.channels) as f64).sqrt();
                    for weight in &mut weights.parameters[range.clone()] {
                        *weight = (stream.normal() * deviation) as f32;
                    }
                }
                Layer::Normalization {
                    plane,
                    scale,
                    statistics,
                    ..
                } => {
                    weights.parameters[scale.clone()].fill(1.0);
                    weights.statistics[statistics.clone()][plane.channels..].fill(1.0);
                }
                Layer::Dense { weights: range } => {
                    let features = self.architecture.features();
                    let deviation = (1.0 / features as f64).sqrt();
                    let rows = weights.parameters[range.clone()].chunks_exact_mut(LANES);
                    for row in rows.take(features) {
                        for weight in &mut row[..CLASSES] {
                            *weight = (stream.normal() * deviation) as f32;
                        }
                    }
                }
                Layer::Pool { .. } | Layer::Head { .. } => {}
            }
        }
        weights
    }

    /// Where the weights lie that are to stay small: those of convolutions and of the dense
    /// layer.
    pub fn decaying(&self) -> Vec<Range<usize>> {
        let ranges = self.layers.iter().filter_map(|layer| match layer {
            Layer::Convolution { weights, .. } | Layer::Dense { weights } => Some(weights.clone()),
            _ => None,
        });
        ranges.collect()
    }

    /// Memory for a group of pictures.
    pub fn tape(&self) -> Tape {
        let mut values = vec![vec![0.0; GROUP * Architecture::INPUT.len()]];
        for layer in &self.layers {
            values.push(vec![0.0; GROUP * self.outcome(layer)]);
        }
        Tape {
            gradients: values.clone(),
            values,
            statistics: vec![0.0; self.statistics],
        }
    }

    /// How many values a layer gives for one picture.
    fn outcome(&self, layer: &Layer) -> usize {
        match layer {
            Layer::Convolution { to, .. } => to.len(),
            Layer::Normalization { plane, .. } => plane.len(),
            Layer::Pool { from } => Plane {
                side: from.side / 2,
                ..*from
            }
            .len(),
            Layer::Head { .. } => self.architecture.features(),
            Layer::Dense { .. } => LANES,
        }
    }

    /// Puts the weights of convolutions in the order in which they are used.
    pub fn kernels(&self, weights: &Weights) -> Kernels {
        let kernels = self
            .layers
            .iter()
            .enumerate()
            .map(|(at, layer)| match layer {
                Layer::Convolution {
                    from,
                    to,
                    weights: range,
                } => {
                    let channels = [from.channels, to.channels];
                    let weights = &weights.parameters[range.clone()];
                    Pair {
                        forward: Some(Kernel::forward(weights, channels)),
                        backward: (at > 0).then(|| Kernel::backward(weights, channels)),
                    }
                }
                _ => Pair::default(),
            });
        Kernels(kernels.collect())
    }

    /// Sends the group whose pictures lie in `tape.values[0]` through the layers.
    pub(super) fn forward(&self, weights: &Weights, kernels: &Kernels, tape: &mut Tape) {
        let parameters = &weights.parameters;
        for (at, layer) in self.layers.iter().enumerate() {
            let (before, after) = tape.values.split_at_mut(at + 1);
            let (input, output) = (&before[at], &mut after[0]);
            let lengths = [input.len() / GROUP, output.len() / GROUP];
            let pictures = || input.chunks_exact(lengths[0]);
            match layer {
                Layer::Convolution { from, .. } => {
                    let kernel = kernels.0[at]
                        .forward
                        .as_ref()
                        .expect("a kernel per convolution");
                    for (input, output) in pictures().zip(output.chunks_exact_mut(lengths[1])) {
                        kernel.apply(from.side, input, output);
                    }
                }
                Layer::Normalization {
                    plane,
                    scale,
                    shift,
                    statistics,
                } => normalization::forward(
                    *plane,
                    GROUP,
                    Parameters {
                        scale: &parameters[scale.clone()],
                        shift: &parameters[shift.clone()],
                    },
                    input,
                    output,
                    &mut tape.statistics[statistics.clone()],
                ),
                Layer::Pool { from } => {
                    for (input, output) in pictures().zip(output.chunks_exact_mut(lengths[1])) {
                        pooling::pool(*from, input, output);
                    }
                }
                Layer::Head { from, head } => {
                    for (input, output) in pictures().zip(output.chunks_exact_mut(lengths[1])) {
                        match head {
                            Head::Flatten => pooling::flatten(*from, input, output),
                            Head::Average => pooling::average(*from, input, output),
                        }
                    }
                }
                Layer::Dense { weights } => {
                    let weights = &parameters[weights.clone()];
                    for (input, output) in pictures().zip(output.chunks_exact_mut(LANES)) {
                        output.copy_from_slice(&dense::forward(input, weights));
                    }
                }
            }
        }
    }

    /// Sends the group back: adds to `gradient`, for each parameter, how the sum of the
    /// losses changes with it, and returns that sum. `targets` holds the probabilities that
    /// each picture should get.
    pub(super) fn backward(
        &self,
        weights: &Weights,
        kernels: &Kernels,
        targets: &[[f32; CLASSES]; GROUP],
        tape: &mut Tape,
        gradient: &mut [f32],
    ) -> f32 {
        let parameters = &weights.parameters;
        let mut loss = 0.0;
        let scores = tape.values[self.layers.len()].as_chunks::<LANES>().0;
        let errors = tape.gradients[self.layers.len()].as_chunks_mut::<LANES>().0;
        for ((scores, errors), target) in scores.iter().zip(errors).zip(targets) {
            let (one, error) = cross_entropy(scores, target);
            *errors = error;
            loss += one;
        }
        for (at, layer) in self.layers.iter().enumerate().rev() {
            let (before, after) = tape.gradients.split_at_mut(at + 1);
            let (to, errors) = (&mut before[at], &after[0]);
            let [input, output] = [&tape.values[at], &tape.values[at + 1]];
            let lengths = [input.len() / GROUP, output.len() / GROUP];
            let pictures = || input.chunks_exact(lengths[0]);
            let errors_of = || errors.chunks_exact(lengths[1]);
            match layer {
                Layer::Convolution {
                    from,
                    to: plane,
                    weights,
                } => {
                    let channels = [from.channels, plane.channels];
                    let gradient = &mut gradient[weights.clone()];
                    for (input, errors) in pictures().zip(errors_of()) {
                        weight_gradient(from.side, channels, input, errors, gradient);
                    }
                    if let Some(kernel) = &kernels.0[at].backward {
                        for (errors, to) in errors_of().zip(to.chunks_exact_mut(lengths[0])) {
                            kernel.apply(from.side, errors, to);
                        }
                    }
                }
                Layer::Normalization {
                    plane,
                    scale,
                    shift,
                    statistics,
                } => {
                    // The shifts lie right behind the scales.
                    let (scales, shifts) =
                        gradient[scale.start..shift.end].split_at_mut(scale.len());
                    normalization::backward(
                        *plane,
                        GROUP,
                        Parameters {
                            scale: &parameters[scale.clone()],
                            shift: &parameters[shift.clone()],
                        },
                        Passed {
                            input,
                            output,
                            statistics: &tape.statistics[statistics.clone()],
                        },
                        errors,
                        to,
                        [scales, shifts],
                    );
                }
                Layer::Pool { from } => {
                    let outputs = output.chunks_exact(lengths[1]);
                    let passed = pictures().zip(outputs).zip(errors_of());
                    for (((input, output), errors), to) in
                        passed.zip(to.chunks_exact_mut(lengths[0]))
                    {
                        pooling::pool_backward(*from, input, output, errors, to);
                    }
                }
                Layer::Head { from, head } => {
                    for (errors, to) in errors_of().zip(to.chunks_exact_mut(lengths[0])) {
                        match head {
                            Head::Flatten => pooling::flatten_backward(*from, errors, to),
                            Head::Average => pooling::average_backward(*from, errors, to),
                        }
                    }
                }
                Layer::Dense { weights } => {
                    let gradient = &mut gradient[weights.clone()];
                    let weights = &parameters[weights.clone()];
                    let errors = errors.as_chunks::<LANES>().0;
                    let passed = pictures().zip(errors);
                    for ((input, errors), to) in passed.zip(to.chunks_exact_mut(lengths[0])) {
                        dense::backward(input, weights, errors, gradient, to);
                    }
                }
            }
        }
        loss
    }

    /// The network as it answers, its normalisations folded into the convolutions before
    /// them.
    ///
    /// # Errors
    /// None with weights of this network.
    pub fn fold(&self, weights: &Weights) -> Result<Classifier> {
        let parameters = &weights.parameters;
        let mut convolutions: Vec<Convolution> = Vec::new();
        let mut last = Dense {
            weights: Vec::new(),
            bias: [0.0; CLASSES],
        };
        for layer in &self.layers {
            match layer {
                Layer::Convolution { weights, .. } => convolutions.push(Convolution {
                    weights: parameters[weights.clone()].to_vec(),
                    bias: Vec::new(),
                }),
                Layer::Normalization {
                    plane,
                    scale,
                    shift,
                    statistics,
                } => {
                    let (means, variances) =
                        weights.statistics[statistics.clone()].split_at(plane.channels);
                    let factors: Vec<f32> = parameters[scale.clone()]
                        .iter()
                        .zip(variances)
                        .map(|(scale, variance)| scale / (variance + EPSILON).sqrt())
                        .collect();
                    let convolution = convolutions.last_mut().expect("a convolution goes before");
                    for row in convolution.weights.chunks_exact_mut(plane.channels) {
                        row.iter_mut()
                            .zip(&factors)
                            .for_each(|(weight, factor)| *weight *= factor);
                    }
                    let shifts = &parameters[shift.clone()];
                    convolution.bias = shifts
                        .iter()
                        .zip(means.iter().zip(&factors))
                        .map(|(shift, (mean, factor))| shift - mean * factor)
                        .collect();
                }
                Layer::Dense { weights } => {
                    let mut rows = parameters[weights.clone()]
                        .chunks_exact(LANES)
                        .map(|row| *row.first_chunk().expect("ten classes"));
                    last.weights = rows.by_ref().take(self.architecture.features()).collect();
                    last.bias = rows.next().expect("the biases lie behind the weights");
                }
                Layer::Pool { .. } | Layer::Head { .. } => {}
            }
        }
        Classifier::new(self.architecture.clone(), convolutions, last)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::classify::network::differences::numbers;
    use crate::random::Purpose;

    fn group(network: &Network, tape: &mut Tape) -> [[f32; CLASSES]; GROUP] {
        let plane = Architecture::INPUT;
        for (at, values) in tape.values[0].chunks_exact_mut(plane.len()).enumerate() {
            plane.fill(
                values,
                numbers(plane.inner(), at as u64)
                    .iter()
                    .map(|value| value.abs()),
            );
        }
        assert_eq!(tape.values.len(), network.layers.len() + 1);
        std::array::from_fn(|at| {
            let mut target = [0.02; CLASSES];
            target[at % CLASSES] += 0.8;
            target
        })
    }

    fn network(head: Head) -> (Network, Weights) {
        use Stage::{Convolution, Pool};
        let stages = [
            Convolution(16),
            Pool,
            Convolution(16),
            Pool,
            Convolution(32),
        ];
        let network = Network::new(&Architecture::new(&stages, head).unwrap());
        let mut stream = Stream::new(5, 0, Purpose::Training);
        let mut weights = network.begin(&mut stream);
        // Something other than ones and zeros.
        for layer in &network.layers {
            if let Layer::Normalization { scale, shift, .. } = layer {
                for at in scale.start..shift.end {
                    weights.parameters[at] += 0.2 * stream.normal() as f32;
                }
            }
        }
        (network, weights)
    }

    #[test]
    fn the_gradient_is_that_of_differences() {
        for head in [Head::Flatten, Head::Average] {
            let (network, weights) = network(head);
            let mut tape = network.tape();
            let targets = group(&network, &mut tape);
            let mut run = |weights: &Weights, gradient: &mut [f32]| {
                let kernels = network.kernels(weights);
                network.forward(weights, &kernels, &mut tape);
                network.backward(weights, &kernels, &targets, &mut tape, gradient)
            };
            let mut gradient = vec![0.0; network.parameters];
            run(&weights, &mut gradient);
            // Along the gradient of each part, where the difference is far above what rounding
            // makes of it.
            for part in parts(&network) {
                let direction = &gradient[part.clone()];
                let length = direction
                    .iter()
                    .map(|way| f64::from(*way).powi(2))
                    .sum::<f64>()
                    .sqrt();
                assert!(length > 0.05, "{head:?} {part:?}: {length}");
                let mut around = [STEP, -STEP].map(|step| {
                    let mut moved = weights.clone();
                    for (weight, way) in moved.parameters[part.clone()].iter_mut().zip(direction) {
                        *weight += (step / length * f64::from(*way)) as f32;
                    }
                    f64::from(run(&moved, &mut vec![0.0; network.parameters]))
                });
                around[0] -= around[1];
                let found = around[0] / (2.0 * STEP);
                assert!(
                    (found - length).abs() < 0.03 * length,
                    "{head:?} {part:?}: {length} and not {found}"
                );
            }
        }
    }

    /// How far the weights are moved.
    const STEP: f64 = 5e-3;

    /// Where the weights of each layer lie.
    fn parts(network: &Network) -> Vec<Range<usize>> {
        let parts = network.layers.iter().flat_map(|layer| match layer {
            Layer::Convolution { weights, .. } | Layer::Dense { weights } => vec![weights.clone()],
            Layer::Normalization { scale, shift, .. } => vec![scale.clone(), shift.clone()],
            Layer::Pool { .. } | Layer::Head { .. } => Vec::new(),
        });
        parts.collect()
    }

    #[test]
    fn a_folded_network_answers_as_the_layers_do() {
        for head in [Head::Flatten, Head::Average] {
            let (network, mut weights) = network(head);
            let mut tape = network.tape();
            group(&network, &mut tape);
            network.forward(&weights, &network.kernels(&weights), &mut tape);
            // With the statistics of this very group, both compute the same.
            weights.statistics.clone_from(&tape.statistics);
            let classifier = network.fold(&weights).unwrap();
            let mut scratch = classifier.scratch();
            let plane = Architecture::INPUT;
            let scores = tape.values.last().unwrap().chunks_exact(LANES);
            for (at, scores) in scores.enumerate() {
                let values = numbers(plane.inner(), at as u64);
                let picture = std::array::from_fn(|at| values[at].abs());
                let folded = classifier.scores(&picture, &mut scratch);
                for (a, b) in scores.iter().zip(folded) {
                    assert!((a - b).abs() < 1e-3, "{head:?}: {a} {b}");
                }
            }
        }
    }
}
