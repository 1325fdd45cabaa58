//! From a file that [`write`](super::write()) wrote back to a classifier.

use super::proto::{FLOAT, Model, Node, Tensor};
use crate::classify::CLASSES;
use crate::classify::network::{Architecture, Classifier, Convolution, Dense, Head, Stage};
use crate::error::{Error, Result, shorten};
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
    for node in &graph.nodes {
        match node.operator.as_str() {
            "Conv" => {
                let [weights, bias] = parameters(&graph.tensors, node)?;
                let &[to, from, 3, 3] = weights.shape.as_slice() else {
                    return Err(format!(
                        "its convolution {} is not 3 x 3",
                        shorten(&weights.name)
                    ));
                };
                let convolution = Convolution {
                    weights: windows(size(from)?, size(to)?, &floats(weights)?)?,
                    bias: floats(bias)?,
                };
                stages.push(Stage::Convolution(size(to)?));
                convolutions.push(convolution);
            }
            "MaxPool" => stages.push(Stage::Pool),
            "GlobalAveragePool" => head = Head::Average,
            "Gemm" => dense = Some(parameters(&graph.tensors, node)?),
            "Relu" | "Flatten" => {}
            other => {
                return Err(format!(
                    "its operator {} was not trained here",
                    shorten(other)
                ));
            }
        }
    }
    let [weights, bias] = dense.ok_or("it has no last layer")?;
    let told = |error: Error| error.to_string().trim_end_matches('.').to_owned();
    let architecture = Architecture::new(&stages, head).map_err(told)?;
    let values = floats(weights)?;
    let (rows, rest) = values.as_chunks::<CLASSES>();
    if !rest.is_empty() {
        return Err("its last layer is not of ten classes".into());
    }
    let rows = rows.to_vec();
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
    Classifier::new(architecture, convolutions, dense).map_err(told)
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
