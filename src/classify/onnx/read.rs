//! From a file back to a classifier.
//!
//! What [`write`](super::write()) writes is read, and what other programs write of the same
//! layers. A file is refused unless each of its nodes does exactly what a layer here does:
//! otherwise it would answer something else than elsewhere.

use super::proto::{Attribute, FLOAT, Graph, Length, Model, Node, Tensor, kind};
use crate::classify::CLASSES;
use crate::classify::network::{Architecture, Classifier, Convolution, Dense, Head, Stage};
use crate::error::{Error, Result, shorten};
use crate::mnist::SIDE;
use prost::Message;

/// Reads a classifier of one of the architectures that can be trained here.
///
/// # Errors
/// [`Error::InvalidFile`] saying what is wrong with the file, whose name is `file`.
pub fn read(file: &str, bytes: &[u8]) -> Result<Classifier> {
    classifier(bytes).map_err(|reason| Error::file(file, reason))
}

type Told<T> = std::result::Result<T, String>;

fn classifier(bytes: &[u8]) -> Told<Classifier> {
    let model =
        Model::decode(bytes).map_err(|error| format!("it is not an ONNX file ({error})"))?;
    let graph = model.graph.ok_or("it holds no network")?;
    let mut stages = Vec::new();
    let mut convolutions = Vec::new();
    let mut head = Head::Flatten;
    let mut dense = None;
    let mut flat = false;
    // What goes before decides what may come next.
    let mut before = "";
    for node in chain(&graph)? {
        let operator = node.operator.as_str();
        let misplaced = || {
            format!(
                "its operator {} is where none of ours is",
                shorten(operator)
            )
        };
        if (operator == "Relu") != (before == "Conv") || dense.is_some() {
            return Err(misplaced());
        }
        match operator {
            "Conv" if head == Head::Flatten && !flat => {
                let [weights, bias] = parameters(&graph.tensors, node)?;
                let &[to, from, 3, 3] = weights.shape.as_slice() else {
                    return Err(format!(
                        "its convolution {} is not 3 x 3",
                        shorten(&weights.name)
                    ));
                };
                let allowed = [
                    ("kernel_shape", integers(&[3, 3]), false),
                    ("pads", integers(&[1, 1, 1, 1]), true),
                    ("strides", integers(&[1, 1]), false),
                    ("dilations", integers(&[1, 1]), false),
                    ("group", integer(1), false),
                ];
                attributes(node, &allowed)?;
                let convolution = Convolution {
                    weights: windows(size(from)?, size(to)?, &floats(weights)?)?,
                    bias: floats(bias)?,
                };
                stages.push(Stage::Convolution(size(to)?));
                convolutions.push(convolution);
            }
            "Relu" => {}
            "MaxPool" if head == Head::Flatten && !flat => {
                let allowed = [
                    ("kernel_shape", integers(&[2, 2]), true),
                    ("strides", integers(&[2, 2]), true),
                    ("pads", integers(&[0, 0, 0, 0]), false),
                    ("dilations", integers(&[1, 1]), false),
                    ("ceil_mode", integer(0), false),
                    ("storage_order", integer(0), false),
                ];
                attributes(node, &allowed)?;
                stages.push(Stage::Pool);
            }
            "GlobalAveragePool" if head == Head::Flatten && !flat => {
                attributes(node, &[])?;
                head = Head::Average;
            }
            "Flatten" if !flat => {
                attributes(node, &[("axis", integer(1), false)])?;
                flat = true;
            }
            "Gemm" if flat => {
                let one = Attribute {
                    float: 1.0,
                    kind: kind::FLOAT,
                    ..Attribute::default()
                };
                let turned = node
                    .attributes
                    .iter()
                    .any(|attribute| attribute.name == "transB" && attribute.integer == 1);
                let allowed = [
                    ("alpha", one.clone(), false),
                    ("beta", one, false),
                    ("transA", integer(0), false),
                    ("transB", integer(i64::from(turned)), false),
                ];
                attributes(node, &allowed)?;
                dense = Some((parameters(&graph.tensors, node)?, turned));
            }
            "Conv" | "MaxPool" | "GlobalAveragePool" | "Flatten" | "Gemm" => {
                return Err(misplaced());
            }
            other => {
                return Err(format!(
                    "its operator {} was not trained here",
                    shorten(other)
                ));
            }
        }
        before = operator;
    }
    let ([weights, bias], turned) = dense.ok_or("it has no last layer")?;
    let told = |error: Error| error.to_string().trim_end_matches('.').to_owned();
    let architecture = Architecture::new(&stages, head).map_err(told)?;
    let rows = rows(weights, turned)?;
    let weights = match head {
        Head::Average => rows,
        Head::Flatten => {
            let plane = architecture.last();
            let pixels = plane.side * plane.side;
            (0..pixels)
                .flat_map(|pixel| rows.iter().skip(pixel).step_by(pixels))
                .copied()
                .collect()
        }
    };
    let bias = floats(bias)?;
    let dense = Dense {
        weights,
        bias: bias
            .try_into()
            .map_err(|_| "its last layer has not ten biases")?,
    };
    let finite = |values: &[f32]| values.iter().all(|value| value.is_finite());
    let all = convolutions
        .iter()
        .all(|one| finite(&one.weights) && finite(&one.bias));
    if !all || !finite(dense.weights.as_flattened()) || !finite(&dense.bias) {
        return Err("some of its weights are no numbers".into());
    }
    Classifier::new(architecture, convolutions, dense).map_err(told)
}

/// The nodes, each of which takes what the one before it gives, from the input to the output.
fn chain(graph: &Graph) -> Told<impl Iterator<Item = &Node>> {
    let given: Vec<_> = graph
        .inputs
        .iter()
        .filter(|input| graph.tensors.iter().all(|tensor| tensor.name != input.name))
        .collect();
    let ([input], [output]) = (given.as_slice(), graph.outputs.as_slice()) else {
        return Err("it has not one input and one output".into());
    };
    let tensor = input.kind.as_ref().and_then(|kind| kind.tensor.as_ref());
    let sides = tensor.and_then(|tensor| tensor.shape.as_ref());
    let found = sides.map_or(&[][..], |shape| shape.sides.as_slice());
    let side = SIDE as i64;
    let is_picture = found.len() == 4
        && found[1..].iter().zip([1, side, side]).all(|(side, wanted)| {
            matches!(&side.length, Some(Length::Number(number)) if *number == wanted)
        });
    if !is_picture || tensor.is_none_or(|tensor| tensor.element != FLOAT) {
        return Err("its input is not [N, 1, 28, 28] of 32-bit floats".into());
    }
    let mut last = &input.name;
    for node in &graph.nodes {
        let [made] = node.outputs.as_slice() else {
            return Err(format!(
                "its {} gives not one value",
                shorten(&node.operator)
            ));
        };
        if node.inputs.first() != Some(last) {
            return Err("its nodes do not follow one another".into());
        }
        last = made;
    }
    if *last != output.name {
        return Err("its last node does not give its output".into());
    }
    Ok(graph.nodes.iter())
}

fn integer(integer: i64) -> Attribute {
    Attribute {
        integer,
        kind: kind::INTEGER,
        ..Attribute::default()
    }
}

fn integers(integers: &[i64]) -> Attribute {
    Attribute {
        integers: integers.to_vec(),
        kind: kind::INTEGERS,
        ..Attribute::default()
    }
}

/// Checks that a node has no attributes but these, with these values, and all that are needed.
fn attributes(node: &Node, allowed: &[(&str, Attribute, bool)]) -> Told<()> {
    let operator = &node.operator;
    for attribute in &node.attributes {
        let name = attribute.name.as_str();
        let fits = allowed.iter().any(|(other, wanted, _)| {
            // Some programs leave the kind of an attribute out.
            let kind = [0, wanted.kind].contains(&attribute.kind);
            *other == name
                && kind
                && attribute.integer == wanted.integer
                && attribute.integers == wanted.integers
                && attribute.float == wanted.float
        });
        if !fits {
            return Err(format!(
                "the {} of its {operator} is not as in networks trained here",
                shorten(name)
            ));
        }
    }
    for (name, _, needed) in allowed {
        let is_there = || node.attributes.iter().any(|given| given.name == *name);
        if *needed && !is_there() {
            return Err(format!("its {operator} has no {name}"));
        }
    }
    Ok(())
}

/// The weights and biases of a node.
fn parameters<'a>(tensors: &'a [Tensor], node: &Node) -> Told<[&'a Tensor; 2]> {
    let [_, weights, bias] = node.inputs.as_slice() else {
        return Err(format!("its {} has not three inputs", node.operator));
    };
    let find = |name: &String| {
        let tensor = tensors.iter().find(|tensor| tensor.name == *name);
        tensor.ok_or_else(|| format!("its tensor {} is missing", shorten(name)))
    };
    Ok([find(weights)?, find(bias)?])
}

fn size(side: i64) -> Told<usize> {
    let size = usize::try_from(side)
        .ok()
        .filter(|size| (1..=512).contains(size));
    size.ok_or_else(|| format!("it has {side} channels"))
}

fn floats(tensor: &Tensor) -> Told<Vec<f32>> {
    let (values, rest) = tensor.raw.as_chunks();
    if tensor.kind != FLOAT || !rest.is_empty() {
        return Err(format!(
            "its tensor {} is not of 32-bit floats",
            shorten(&tensor.name)
        ));
    }
    Ok(values
        .iter()
        .map(|bytes| f32::from_le_bytes(*bytes))
        .collect())
}

/// The weights of the last layer by feature and class; `turned` if they lie the other way round.
fn rows(tensor: &Tensor, turned: bool) -> Told<Vec<[f32; CLASSES]>> {
    const MANY: i64 = CLASSES as i64;
    let wrong = || "its last layer is not of ten classes".to_owned();
    let features = match (tensor.shape.as_slice(), turned) {
        (&[features, MANY], false) | (&[MANY, features], true) => features,
        _ => return Err(wrong()),
    };
    let values = floats(tensor)?;
    let features = usize::try_from(features).map_err(|_| wrong())?;
    if values.len() / CLASSES != features || values.len() % CLASSES != 0 {
        return Err(wrong());
    }
    if !turned {
        return Ok(values.as_chunks().0.to_vec());
    }
    let row = |at: usize| std::array::from_fn(|class| values[class * features + at]);
    Ok((0..features).map(row).collect())
}

/// Weights by row and column of the window, channel in and channel out.
fn windows(from: usize, to: usize, weights: &[f32]) -> Told<Vec<f32>> {
    if weights.len() != 9 * from * to {
        return Err(format!(
            "a convolution of 3 x 3 x {from} x {to} has {} weights",
            weights.len()
        ));
    }
    let mut turned = Vec::with_capacity(weights.len());
    for window in 0..9 {
        for input in 0..from {
            turned.extend((0..to).map(|output| weights[(output * from + input) * 9 + window]));
        }
    }
    Ok(turned)
}
