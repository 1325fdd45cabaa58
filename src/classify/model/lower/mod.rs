//! From what exporters write to a few operators of known shapes.
//!
//! Exporters say the same in many ways: a flattening is a `Flatten`, a `Reshape`, or eight
//! steps that ask for a shape and put it together anew. Since one picture goes in, every
//! shape is known beforehand, and so is all that is computed of shapes. What is left is
//! put into a few operators, so that tract need not know the others, and nothing is made
//! before it is known how large it will be and what it will cost.

mod arithmetic;
mod learned;
mod numbers;
mod shaping;
mod whole;
mod windows;

use super::attributes as given;
use super::fact::{Fact, Kind, count_within, told};
use super::graph::{Graph, title};
use super::weights::{self, Fault};
use crate::error::{Result, shorten};
use std::collections::HashMap;
use tract_onnx::pb::tensor_proto::DataType;
use tract_onnx::pb::tensor_shape_proto::{Dimension, dimension};
use tract_onnx::pb::type_proto::{self, Tensor};
use tract_onnx::pb::{
    AttributeProto, GraphProto, ModelProto, NodeProto, TensorProto, TensorShapeProto, TypeProto,
    ValueInfoProto,
};

/// The most numbers that a step may give.
const MOST_NUMBERS: usize = 1 << 24;

/// The most numbers that all steps may give.
const MOST_IN_ALL: usize = 1 << 26;

/// The most multiplications with addition that an answer may take.
const MOST_WORK: u64 = 4_000_000_000;

/// The most steps that those of a file may become.
const MOST_MADE: usize = 20_000;

/// What the picture is called in the network that is made.
const PICTURE: &str = "#picture";

/// What a step does that is not supported, as the rest of a sentence that names the step.
#[derive(Debug)]
pub(super) struct Refusal {
    reason: String,
    shape: Option<String>,
}

impl From<String> for Refusal {
    fn from(reason: String) -> Self {
        Self {
            reason,
            shape: None,
        }
    }
}

impl From<&str> for Refusal {
    fn from(reason: &str) -> Self {
        reason.to_owned().into()
    }
}

/// What a step makes, or why it cannot be used.
type Made<T = Fact> = std::result::Result<T, Refusal>;

/// What goes into a model: what it is called, and the shape that it is given.
pub(super) struct Input<'a> {
    pub(super) name: &'a str,
    pub(super) kind: Kind,
    pub(super) shape: Vec<usize>,
}

/// A model of few operators, for one output.
pub(super) struct Lowered {
    pub(super) proto: ModelProto,
    /// The shape of the output.
    pub(super) shape: Vec<usize>,
    /// Multiplications with addition, and numbers that are made.
    pub(super) work: u64,
}

/// Operators of scikit-learn that only give names to classes, which nobody needs.
const NAMING: [&str; 4] = ["ArgMax", "ArrayFeatureExtractor", "LabelEncoder", "ZipMap"];

/// Whether a model may have an operator.
pub(super) fn is_known(domain: &str, operator: &str) -> bool {
    let standard = matches!(domain, "" | "ai.onnx");
    rule(standard, domain, operator).is_some() || NAMING.contains(&operator)
}

/// What makes a step of others.
type Rule = fn(&mut Lowering<'_>, &NodeProto, &Inputs) -> Made<Vec<Fact>>;

fn rule(standard: bool, domain: &str, operator: &str) -> Option<Rule> {
    if !standard && domain != "ai.onnx.ml" {
        return None;
    }
    if !standard {
        return learned::of_scikit(operator);
    }
    arithmetic::rule(operator)
        .or_else(|| shaping::rule(operator))
        .or_else(|| windows::rule(operator))
        .or_else(|| learned::rule(operator))
        .or_else(|| numbers::rule(operator))
        .or_else(|| whole::rule(operator))
}

/// What goes into a step.
struct Inputs(Vec<Option<Fact>>);

impl Inputs {
    /// What is there, or `None` when it was left out.
    fn get(&self, place: usize) -> Option<&Fact> {
        self.0.get(place).and_then(Option::as_ref)
    }

    fn need(&self, place: usize) -> Made<&Fact> {
        self.get(place)
            .ok_or_else(|| format!("lacks its input {}", place + 1).into())
    }

    /// Numbers that can be computed with.
    fn float(&self, place: usize) -> Made<&Fact> {
        float(self.need(place)?)
    }

    fn len(&self) -> usize {
        self.0.len()
    }

    fn all(&self) -> impl Iterator<Item = Made<&Fact>> {
        (0..self.len()).map(|place| self.need(place))
    }
}

fn float(fact: &Fact) -> Made<&Fact> {
    match fact.kind {
        Kind::Float => Ok(fact),
        Kind::Level => Err("computes with the picture's bytes before they are cast".into()),
        Kind::Whole => Err("computes with whole numbers of the picture".into()),
    }
}

/// A network in the making.
struct Lowering<'a> {
    /// The version of the operators.
    opset: i64,
    weights: HashMap<&'a str, &'a TensorProto>,
    nodes: Vec<NodeProto>,
    tensors: Vec<TensorProto>,
    /// The step that is looked at.
    title: String,
    made: usize,
    numbers: usize,
    work: u64,
}

/// What a model becomes, whose input has a known shape, for an output.
///
/// # Errors
/// What its steps do that is not supported, or takes too much.
pub(super) fn lower(
    graph: &Graph<'_>,
    opset: i64,
    input: &Input<'_>,
    output: &str,
) -> Result<Lowered> {
    let proto = graph.proto();
    let mut lowering = Lowering {
        opset,
        weights: proto
            .initializer
            .iter()
            .map(|tensor| (&*tensor.name, tensor))
            .collect(),
        nodes: Vec::new(),
        tensors: Vec::new(),
        title: String::new(),
        made: 0,
        numbers: 0,
        work: 0,
    };
    let picture = Fact::new(PICTURE.into(), input.kind, input.shape.clone());
    let mut facts: HashMap<&str, Fact> = HashMap::from([(input.name, picture)]);
    let needed = needed(&proto.node, output);
    for (node, needed) in proto.node.iter().zip(needed) {
        if !needed {
            continue;
        }
        graph.check_node(node)?;
        lowering.title = title(node).into();
        let mut inputs = Vec::with_capacity(node.input.len());
        for name in &node.input {
            inputs.push(if name.is_empty() {
                None
            } else if let Some(fact) = facts.get(&**name) {
                Some(fact.clone())
            } else if let Some(tensor) = lowering.weights.get(&**name).copied() {
                let fact = lowering.weigh(tensor).map_err(|fault| graph.fault(fault))?;
                facts.insert(name, fact.clone());
                Some(fact)
            } else {
                return Err(graph.unmade(node, name));
            });
        }
        let standard = matches!(&*node.domain, "" | "ai.onnx");
        let Some(rule) = rule(standard, &node.domain, &node.op_type) else {
            return Err(graph.unknown(node));
        };
        let outputs = rule(&mut lowering, node, &Inputs(inputs))
            .map_err(|refusal| graph.refusal(node, &refusal.reason, refusal.shape))?;
        if lowering.work > MOST_WORK {
            let reason = format!(
                "an answer takes {} multiplications or more, and at most {MOST_WORK} are allowed",
                lowering.work
            );
            return Err(graph.unsupported(&reason));
        }
        for (name, fact) in node.output.iter().zip(outputs) {
            facts.insert(name, fact);
        }
    }
    let made = facts.get(output).filter(|fact| fact.kind == Kind::Float);
    let made = made.filter(|fact| fact.name != PICTURE && !lowering.nodes.is_empty());
    let Some(made) = made else {
        let name = shorten(output);
        let reason = format!("no step makes its output \"{name}\" of the picture");
        return Err(graph.unsupported(&reason));
    };
    Ok(Lowered {
        shape: made.shape.clone(),
        work: lowering.work,
        proto: lowering.finish(opset, &input.shape, &made.name),
    })
}

/// Which steps an output depends on.
fn needed(nodes: &[NodeProto], output: &str) -> Vec<bool> {
    let mut makers: HashMap<&str, usize> = HashMap::new();
    for (index, node) in nodes.iter().enumerate() {
        makers.extend(node.output.iter().map(|name| (&**name, index)));
    }
    let mut needed = vec![false; nodes.len()];
    let mut asked: Vec<usize> = makers.get(output).copied().into_iter().collect();
    while let Some(index) = asked.pop() {
        if !std::mem::replace(&mut needed[index], true) {
            let inputs = nodes[index].input.iter().filter(|name| !name.is_empty());
            asked.extend(inputs.filter_map(|name| makers.get(&**name)));
        }
    }
    needed
}

impl Lowering<'_> {
    /// Weights of the file, taken into the network if they are numbers to compute with.
    fn weigh(&mut self, tensor: &TensorProto) -> std::result::Result<Fact, Fault> {
        let shape = weights::shape(tensor)?;
        if weights::kind_of(tensor.data_type) != Some(Kind::Float) {
            // They go by their name in the file, for whoever casts them.
            return Ok(weights::fact(tensor, shape, tensor.name.clone()));
        }
        let name = self.fresh("weights");
        let plain = tensor.data_type == DataType::Float as i32 && !tensor.raw_data.is_empty();
        self.tensors.push(if plain {
            TensorProto {
                name: name.clone(),
                dims: tensor.dims.clone(),
                data_type: tensor.data_type,
                raw_data: tensor.raw_data.clone(),
                ..TensorProto::default()
            }
        } else {
            weights::tensor(&name, &shape, &weights::floats(tensor))
        });
        Ok(weights::fact(tensor, shape, name))
    }

    fn fresh(&mut self, base: &str) -> String {
        self.made += 1;
        format!("{base}#{}", self.made)
    }

    /// A step of the network that is made.
    fn step(
        &mut self,
        operator: &str,
        inputs: &[&Fact],
        attributes: Vec<AttributeProto>,
        shape: Vec<usize>,
    ) -> Made {
        for input in inputs {
            float(input)?;
        }
        let names = inputs.iter().map(|fact| fact.name.clone()).collect();
        self.step_of(operator, names, attributes, shape, Kind::Float)
    }

    fn step_of(
        &mut self,
        operator: &str,
        inputs: Vec<String>,
        attributes: Vec<AttributeProto>,
        shape: Vec<usize>,
        kind: Kind,
    ) -> Made {
        let Some(count) = count_within(&shape, MOST_NUMBERS) else {
            let shape = told(&shape);
            return Err(Refusal {
                reason: format!("gives more numbers than are allowed: {shape}"),
                shape: Some(shape),
            });
        };
        if count == 0 {
            return Err(format!("gives no numbers: its shape is {}", told(&shape)).into());
        }
        self.numbers += count;
        self.work = self.work.saturating_add(count as u64);
        if self.numbers > MOST_IN_ALL || self.nodes.len() >= MOST_MADE {
            return Err(
                "is one too many: all steps together give more numbers than are allowed".into(),
            );
        }
        let title = std::mem::take(&mut self.title);
        let name = self.fresh(&title);
        self.title = title;
        self.nodes.push(NodeProto {
            input: inputs,
            output: vec![name.clone()],
            name: name.clone(),
            op_type: operator.into(),
            attribute: attributes,
            ..NodeProto::default()
        });
        Ok(Fact::new(name, kind, shape))
    }

    /// Numbers that are the same for every picture.
    fn constant(&mut self, shape: Vec<usize>, numbers: Vec<f32>) -> Fact {
        let name = self.fresh("constant");
        self.tensors.push(weights::tensor(&name, &shape, &numbers));
        Fact {
            floats: Some(numbers.into()),
            ..Fact::new(name, Kind::Float, shape)
        }
    }

    /// Many of one number.
    fn filled(&mut self, shape: Vec<usize>, number: f32) -> Made {
        let Some(count) = count_within(&shape, MOST_NUMBERS) else {
            return Err(format!("makes too many numbers: {}", told(&shape)).into());
        };
        self.numbers += count;
        if self.numbers > MOST_IN_ALL {
            return Err("makes more numbers than are allowed".into());
        }
        Ok(self.constant(shape, vec![number; count]))
    }

    fn scalar(&mut self, number: f32) -> Fact {
        self.constant(Vec::new(), vec![number])
    }

    /// Counts multiplications with addition.
    fn costs(&mut self, sides: &[usize]) {
        let cost = sides
            .iter()
            .fold(1_u64, |cost, &side| cost.saturating_mul(side as u64));
        self.work = self.work.saturating_add(cost);
    }

    /// Numbers to compute with, of numbers that may be whole.
    fn cast(&mut self, fact: &Fact) -> Made {
        if fact.is_made {
            return Ok(Fact {
                kind: Kind::Float,
                ..fact.clone()
            });
        }
        if let Some(whole) = &fact.whole {
            let numbers = whole.iter().map(|&number| number as f32).collect();
            return Ok(self.constant(fact.shape.clone(), numbers));
        }
        let Some(tensor) = self.weights.get(&*fact.name) else {
            return Err("casts what is not supported".into());
        };
        let numbers = weights::floats(tensor);
        Ok(self.constant(fact.shape.clone(), numbers))
    }

    /// The network that was made.
    fn finish(self, opset: i64, input: &[usize], output: &str) -> ModelProto {
        let value = |name: &str, shape: Option<&[usize]>| {
            let side = |side: &usize| Dimension {
                value: Some(dimension::Value::DimValue(*side as i64)),
                ..Dimension::default()
            };
            let shape = shape.map(|shape| TensorShapeProto {
                dim: shape.iter().map(side).collect(),
            });
            let tensor = Tensor {
                elem_type: DataType::Float as i32,
                shape,
            };
            ValueInfoProto {
                name: name.into(),
                r#type: Some(TypeProto {
                    value: Some(type_proto::Value::TensorType(tensor)),
                    ..TypeProto::default()
                }),
                ..ValueInfoProto::default()
            }
        };
        ModelProto {
            opset_import: vec![tract_onnx::pb::OperatorSetIdProto {
                version: opset,
                ..Default::default()
            }],
            graph: Some(GraphProto {
                input: vec![value(PICTURE, Some(input))],
                output: vec![value(output, None)],
                node: self.nodes,
                initializer: self.tensors,
                ..GraphProto::default()
            }),
            ..ModelProto::default()
        }
    }
}

/// Numbers known beforehand that a step needs, from an input.
fn known(fact: &Fact) -> Made<&[i64]> {
    let whole = fact.whole.as_deref();
    whole.ok_or_else(|| "needs whole numbers that are known only with the picture".into())
}

/// The axes that a step is told, as an option or, since some version, as an input.
fn axes(node: &NodeProto, inputs: &Inputs, place: usize) -> Made<Option<Vec<i64>>> {
    if let Some(fact) = inputs.get(place) {
        return known(fact).map(|axes| Some(axes.to_vec()));
    }
    Ok(given::integers(node, "axes").map(<[i64]>::to_vec))
}

/// An axis of a fact.
fn axis_of(given: i64, rank: usize) -> Made<usize> {
    super::fact::axis(given, rank).ok_or_else(|| format!("names the axis {given} of {rank}").into())
}
