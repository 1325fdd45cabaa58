//! What a model's file says of itself, whether it can be used or not.

use super::graph::operator;
use super::lower;
use super::weights;
use crate::error::shorten;
use serde::Serialize;
use tract_onnx::pb::tensor_proto::DataType;
use tract_onnx::pb::tensor_shape_proto::dimension::Value as Side;
use tract_onnx::pb::{ModelProto, ValueInfoProto, type_proto};

/// The most parts of a kind that are told.
const MOST_TOLD: usize = 100;

/// What a model's file says of itself.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Description {
    /// What has written it, with its version; empty where it does not say.
    pub producer: String,
    /// The version of the format.
    pub ir_version: i64,
    /// The sets of operators, with their versions.
    pub opsets: Vec<Opset>,
    /// What goes in.
    pub inputs: Vec<Port>,
    /// What comes out.
    pub outputs: Vec<Port>,
    /// The operators, the most frequent first.
    pub operators: Vec<Operator>,
    /// How many numbers were learned.
    pub parameters: u64,
}

/// A set of operators.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Opset {
    /// Who defines it; `ai.onnx` is the standard.
    pub domain: String,
    /// Its version.
    pub version: i64,
}

/// What goes into a model, or comes out.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Port {
    /// Its name.
    pub name: String,
    /// The type of its numbers, as ONNX calls it; what is no tensor is `not a tensor`.
    pub r#type: String,
    /// Its sides: numbers, names, or `?`.
    pub shape: Vec<String>,
}

/// An operator and how often it is used.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Operator {
    /// Its name, with its domain unless that is the standard.
    pub name: String,
    /// How many steps use it.
    pub count: usize,
    /// Whether it can be used here.
    pub supported: bool,
}

/// Describes a model.
pub(super) fn describe(model: &ModelProto) -> Description {
    let mut description = Description {
        producer: shorten(format!("{} {}", model.producer_name, model.producer_version).trim()),
        ir_version: model.ir_version,
        ..Description::default()
    };
    for opset in model.opset_import.iter().take(MOST_TOLD) {
        let domain = match &*opset.domain {
            "" => "ai.onnx",
            domain => domain,
        };
        description.opsets.push(Opset {
            domain: shorten(domain),
            version: opset.version,
        });
    }
    let Some(graph) = &model.graph else {
        return description;
    };
    for node in &graph.node {
        let name = operator(node);
        let known = description
            .operators
            .iter_mut()
            .find(|known| known.name == name);
        if let Some(known) = known {
            known.count += 1;
        } else if description.operators.len() < MOST_TOLD {
            description.operators.push(Operator {
                supported: lower::is_known(&node.domain, &node.op_type),
                name,
                count: 1,
            });
        }
    }
    description
        .operators
        .sort_by(|a, b| b.count.cmp(&a.count).then_with(|| a.name.cmp(&b.name)));
    let is_weight = |name: &str| graph.initializer.iter().any(|tensor| tensor.name == name);
    let inputs = graph.input.iter().take(MOST_TOLD);
    description.inputs = inputs
        .filter(|input| !is_weight(&input.name))
        .map(port)
        .collect();
    description.outputs = graph.output.iter().take(MOST_TOLD).map(port).collect();
    for tensor in &graph.initializer {
        let is_learned = matches!(
            DataType::try_from(tensor.data_type),
            Ok(DataType::Float | DataType::Double | DataType::Float16 | DataType::Int8)
        );
        if is_learned && let Ok(shape) = weights::shape(tensor) {
            description.parameters += shape.iter().product::<usize>() as u64;
        }
    }
    for attribute in graph.node.iter().flat_map(|node| &node.attribute) {
        description.parameters += attribute.floats.len() as u64;
    }
    description
}

fn port(value: &ValueInfoProto) -> Port {
    let (kind, sides) = typed(value).unwrap_or((-1, None));
    Port {
        name: shorten(&value.name),
        r#type: if kind < 0 {
            "not a tensor".into()
        } else {
            weights::type_name(kind)
        },
        shape: sides.iter().flatten().take(16).map(side).collect(),
    }
}

/// The type of a value and its sides, unless it is none of numbers.
pub(super) fn typed(value: &ValueInfoProto) -> Option<(i32, Option<Vec<Option<Side>>>)> {
    let type_proto::Value::TensorType(kind) = value.r#type.as_ref()?.value.as_ref()?;
    let sides = kind.shape.as_ref().map(|shape| {
        let sides = shape.dim.iter().map(|side| side.value.clone());
        sides.collect()
    });
    Some((kind.elem_type, sides))
}

/// A side as text.
pub(super) fn side(side: &Option<Side>) -> String {
    match side {
        Some(Side::DimValue(number)) => number.to_string(),
        Some(Side::DimParam(name)) => shorten(name),
        None => "?".into(),
    }
}
