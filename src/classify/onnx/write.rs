//! From a classifier to a file.

use super::proto::{
    Attribute, FLOAT, Graph, Kind, Length, Model, Node, Opset, Shape, Side, Tensor, TensorKind,
    Value, kind,
};
use super::{INPUT, OPSET, OUTPUT};
use crate::classify::CLASSES;
use crate::classify::network::{Classifier, Head, Plane, Stage};
use crate::mnist::SIDE;
use prost::Message;

/// The version of the file format that came with the operators of [`OPSET`].
const IR_VERSION: i64 = 7;

/// The file of a classifier; `name` is what the graph in it is called.
pub fn write(name: &str, classifier: &Classifier) -> Vec<u8> {
    let mut writer = Writer {
        nodes: Vec::new(),
        tensors: Vec::new(),
        last: INPUT.into(),
    };
    let architecture = classifier.architecture();
    let mut convolutions = classifier.convolutions().iter();
    for (stage, from, to) in architecture.steps() {
        match stage {
            Stage::Pool => {
                let attributes = [("kernel_shape", [2, 2]), ("strides", [2, 2])];
                writer.node(
                    "MaxPool",
                    &[],
                    attributes.map(|(name, list)| integers(name, &list)),
                );
            }
            Stage::Convolution(_) => {
                let convolution = convolutions.next().expect("weights per convolution");
                let [weights, bias] = writer.parameters([
                    (
                        &[to.channels, from.channels, 3, 3],
                        windows(from, to, &convolution.weights),
                    ),
                    (&[to.channels], convolution.bias.clone()),
                ]);
                let attributes = [
                    integers("kernel_shape", &[3, 3]),
                    integers("pads", &[1, 1, 1, 1]),
                ];
                writer.node("Conv", &[weights, bias], attributes);
                writer.node("Relu", &[], []);
            }
        }
    }
    if architecture.head() == Head::Average {
        writer.node("GlobalAveragePool", &[], []);
    }
    writer.node("Flatten", &[], [integer("axis", 1)]);
    let dense = classifier.dense();
    let rows = by_channel(architecture.last(), architecture.head(), &dense.weights);
    let [weights, bias] = writer.parameters([
        (&[rows.len(), CLASSES], rows.concat()),
        (&[CLASSES], dense.bias.to_vec()),
    ]);
    let [alpha, beta] = ["alpha", "beta"].map(|name| Attribute {
        name: name.into(),
        float: 1.0,
        kind: kind::FLOAT,
        ..Attribute::default()
    });
    writer.node("Gemm", &[weights, bias], [alpha, beta]);
    writer.finish(name)
}

struct Writer {
    nodes: Vec<Node>,
    tensors: Vec<Tensor>,
    /// The name of what the last node gives.
    last: String,
}

impl Writer {
    /// Adds a node that takes what the last one gives, and some tensors.
    fn node(&mut self, operator: &str, tensors: &[String], attributes: impl Into<Vec<Attribute>>) {
        let output = format!("{}_{}", operator.to_lowercase(), self.nodes.len());
        let first = std::mem::replace(&mut self.last, output.clone());
        self.nodes.push(Node {
            inputs: [&[first], tensors].concat(),
            outputs: vec![output],
            operator: operator.into(),
            attributes: attributes.into(),
        });
    }

    /// Adds weights and biases of the next node, and returns their names.
    fn parameters(&mut self, pair: [(&[usize], Vec<f32>); 2]) -> [String; 2] {
        let at = self.nodes.len();
        let mut names = ["weights", "bias"].map(|name| format!("{name}_{at}"));
        for (name, (shape, values)) in names.iter_mut().zip(pair) {
            self.tensors.push(Tensor {
                shape: shape.iter().map(|side| *side as i64).collect(),
                kind: FLOAT,
                name: name.clone(),
                raw: values
                    .iter()
                    .flat_map(|value| value.to_le_bytes())
                    .collect(),
            });
        }
        names
    }

    fn finish(mut self, name: &str) -> Vec<u8> {
        if let Some(node) = self.nodes.last_mut() {
            node.outputs = vec![OUTPUT.into()];
        }
        let batch = || Length::Name("N".into());
        let side = SIDE as i64;
        let [one, side, classes] = [1, side, CLASSES as i64].map(Length::Number);
        let model = Model {
            ir_version: IR_VERSION,
            producer: env!("CARGO_PKG_NAME").into(),
            producer_version: env!("CARGO_PKG_VERSION").into(),
            opsets: vec![Opset {
                domain: String::new(),
                version: OPSET,
            }],
            graph: Some(Graph {
                nodes: self.nodes,
                name: name.into(),
                tensors: self.tensors,
                inputs: vec![value(INPUT, [batch(), one, side.clone(), side])],
                outputs: vec![value(OUTPUT, [batch(), classes])],
            }),
        };
        model.encode_to_vec()
    }
}

fn value(name: &str, shape: impl IntoIterator<Item = Length>) -> Value {
    let sides = shape.into_iter().map(|length| Side {
        length: Some(length),
    });
    Value {
        name: name.into(),
        kind: Some(Kind {
            tensor: Some(TensorKind {
                element: FLOAT,
                shape: Some(Shape {
                    sides: sides.collect(),
                }),
            }),
        }),
    }
}

fn integers(name: &str, integers: &[i64]) -> Attribute {
    Attribute {
        name: name.into(),
        integers: integers.to_vec(),
        kind: kind::INTEGERS,
        ..Attribute::default()
    }
}

fn integer(name: &str, integer: i64) -> Attribute {
    Attribute {
        name: name.into(),
        integer,
        kind: kind::INTEGER,
        ..Attribute::default()
    }
}

/// Weights by channel out, channel in, row and column of the window.
fn windows(from: Plane, to: Plane, weights: &[f32]) -> Vec<f32> {
    let [from, to] = [from.channels, to.channels];
    let mut turned = Vec::with_capacity(weights.len());
    for output in 0..to {
        for input in 0..from {
            turned.extend((0..9).map(|window| weights[(window * from + input) * to + output]));
        }
    }
    turned
}

/// The rows of the last layer in the order in which ONNX flattens pixels: by channel, row and
/// column.
fn by_channel(plane: Plane, head: Head, rows: &[[f32; CLASSES]]) -> Vec<[f32; CLASSES]> {
    match head {
        Head::Average => rows.to_vec(),
        Head::Flatten => (0..plane.channels)
            .flat_map(|channel| rows.iter().skip(channel).step_by(plane.channels))
            .copied()
            .collect(),
    }
}
