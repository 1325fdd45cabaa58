//! What an ONNX file holds, judged before anything is made of it.

use crate::error::{Error, Result, shorten};
use std::collections::{HashMap, HashSet};
use tract_onnx::pb::tensor_proto::{DataLocation, DataType};
use tract_onnx::pb::tensor_shape_proto::dimension::Value as Side;
use tract_onnx::pb::{GraphProto, ModelProto, NodeProto, TensorProto, ValueInfoProto, type_proto};

/// The most steps.
const MOST_NODES: usize = 2_000;

/// The largest whole number that an option of a step may be: windows, strides, pads, axes.
const MOST_OPTION: u64 = 1 << 12;

/// The sides of a picture, after the number of pictures.
const PICTURE: [i64; 3] = [1, 28, 28];

/// Operators that make much of little, whatever a file says about how much.
const GROWING: [&str; 11] = [
    "ConstantOfShape",
    "Expand",
    "EyeLike",
    "OneHot",
    "RandomNormal",
    "RandomNormalLike",
    "RandomUniform",
    "RandomUniformLike",
    "Range",
    "Resize",
    "Tile",
];

/// Operators that may work on weights alone: what they give is no larger than what they
/// are given. It is computed before anybody can ask how large it is.
const HARMLESS: [&str; 10] = [
    "Cast",
    "Constant",
    "DequantizeLinear",
    "Flatten",
    "Identity",
    "Reshape",
    "Squeeze",
    "Slice",
    "Transpose",
    "Unsqueeze",
];

/// The graph of a model, for errors that name its parts.
pub(super) struct Graph<'a> {
    file: &'a str,
    graph: &'a GraphProto,
}

/// A file that is damaged.
pub(super) fn corrupt(file: &str, reason: &str) -> Error {
    Error::ModelCorrupt {
        file: file.into(),
        reason: reason.into(),
    }
}

impl<'a> Graph<'a> {
    /// Judges a file by what it says. `is_known` tells whether there is such an operator.
    pub(super) fn check(
        file: &'a str,
        model: &'a ModelProto,
        is_known: impl Fn(&str) -> bool,
    ) -> Result<Self> {
        let graph = model.graph.as_ref();
        let graph = graph.filter(|graph| !graph.node.is_empty());
        let graph = graph.ok_or_else(|| corrupt(file, "there is no network in it"))?;
        let this = Self { file, graph };
        if graph.node.len() > MOST_NODES {
            let count = graph.node.len();
            let reason = format!("it has {count} steps, and at most {MOST_NODES} are allowed");
            return Err(this.unsupported(&reason));
        }
        if !graph.sparse_initializer.is_empty() {
            return Err(this.unsupported("it has sparse weights"));
        }
        for tensor in &graph.initializer {
            this.check_tensor(tensor)?;
        }
        for node in &graph.node {
            this.check_node(node, &is_known)?;
        }
        this.check_input()?;
        this.check_names()?;
        Ok(this)
    }

    /// An error about the whole.
    pub(super) fn unsupported(&self, reason: &str) -> Error {
        self.error(reason.into(), None, None)
    }

    /// An error about the shape of what goes in or comes out.
    pub(super) fn wrong_shape(&self, reason: &str, shape: String) -> Error {
        self.error(reason.into(), None, Some(shape))
    }

    /// An error about a step, by a name that begins with its own, and a shape.
    pub(super) fn step(&self, name: &str, reason: &str, shape: String) -> Error {
        let node = self
            .graph
            .node
            .iter()
            .filter(|node| name.starts_with(title(node)));
        let node = node.max_by_key(|node| title(node).len());
        let place =
            node.map(|node| format!("the step \"{}\" ({})", shorten(title(node)), node.op_type));
        let place = place.unwrap_or_else(|| "a step".into());
        self.error(format!("{place} {reason}: {shape}"), node, Some(shape))
    }

    /// What tract said about it; the step that it names is found.
    pub(super) fn refused(&self, said: &str) -> Error {
        let named = |node: &&NodeProto| said.contains(&format!("\"{}\"", title(node)));
        let node = self.graph.node.iter().find(named);
        let mut said: String = said.split_whitespace().collect::<Vec<_>>().join(" ");
        if let Some((at, _)) = said.char_indices().nth(300) {
            said.truncate(at);
            said.push('…');
        }
        let place = node.map(|node| {
            format!(
                "at the step \"{}\" ({}), ",
                shorten(title(node)),
                node.op_type
            )
        });
        let place = place.unwrap_or_default();
        let reason = format!(
            "{place}its steps do not fit together ({})",
            said.trim_end_matches('.')
        );
        self.error(reason, node, None)
    }

    fn error(&self, reason: String, node: Option<&NodeProto>, shape: Option<String>) -> Error {
        Error::ModelUnsupported {
            file: self.file.into(),
            reason,
            node: node.map(|node| shorten(title(node))),
            operator: node.map(operator),
            shape,
        }
    }

    fn check_node(&self, node: &NodeProto, is_known: impl Fn(&str) -> bool) -> Result<()> {
        let about = |what: &str| {
            let name = shorten(title(node));
            let reason = format!("the step \"{name}\" {what}");
            Err(self.error(reason, Some(node), None))
        };
        let standard = matches!(node.domain.as_str(), "" | "ai.onnx");
        let grows = GROWING.contains(&&*node.op_type);
        if !standard || grows || !is_known(&node.op_type) {
            return about(&format!(
                "uses the operator {}, which is not supported",
                operator(node)
            ));
        }
        for attribute in &node.attribute {
            let name = shorten(&attribute.name);
            if attribute.g.is_some() || !attribute.graphs.is_empty() {
                return about(&format!("has a network of its own as {name}"));
            }
            let numbers = attribute.ints.iter().chain([&attribute.i]);
            if let Some(number) = numbers
                .copied()
                .find(|number| number.unsigned_abs() > MOST_OPTION)
            {
                return about(&format!(
                    "has {number} as {name}; allowed: -{MOST_OPTION} to {MOST_OPTION}"
                ));
            }
            for tensor in attribute.t.iter().chain(&attribute.tensors) {
                self.check_tensor(tensor)?;
            }
            if attribute.sparse_tensor.is_some() || !attribute.sparse_tensors.is_empty() {
                return about("has sparse weights");
            }
        }
        Ok(())
    }

    /// Weights must lie in the file, as many as their shape says.
    fn check_tensor(&self, tensor: &TensorProto) -> Result<()> {
        let name = shorten(&tensor.name);
        if tensor.data_location == Some(DataLocation::External as i32)
            || !tensor.external_data.is_empty()
        {
            return Err(self.unsupported(&format!("its weights \"{name}\" lie in another file")));
        }
        let shape = format!("{:?}", tensor.dims);
        let count = tensor.dims.iter().try_fold(1_usize, |product, side| {
            product.checked_mul(usize::try_from(*side).ok()?)
        });
        let Some(size) = size(tensor.data_type) else {
            let kind = DataType::try_from(tensor.data_type);
            let kind = kind.map_or_else(
                |_| tensor.data_type.to_string(),
                |kind| kind.as_str_name().into(),
            );
            let reason = format!("its weights \"{name}\" are of the type {kind}");
            return Err(self.wrong_shape(&reason, shape));
        };
        let found = if tensor.raw_data.is_empty() {
            let lists = [
                tensor.float_data.len(),
                tensor.int32_data.len(),
                tensor.int64_data.len(),
                tensor.double_data.len(),
                tensor.uint64_data.len(),
            ];
            lists.into_iter().sum()
        } else if tensor.raw_data.len().is_multiple_of(size) {
            tensor.raw_data.len() / size
        } else {
            usize::MAX
        };
        if count == Some(found) {
            return Ok(());
        }
        Err(corrupt(
            self.file,
            &format!("its weights \"{name}\" are not as many as their shape {shape} says"),
        ))
    }

    /// One picture of ink must go in.
    fn check_input(&self) -> Result<()> {
        let weights: HashSet<&str> = self
            .graph
            .initializer
            .iter()
            .map(|tensor| &*tensor.name)
            .collect();
        let mut inputs = self
            .graph
            .input
            .iter()
            .filter(|input| !weights.contains(&*input.name));
        let (Some(input), None) = (inputs.next(), inputs.next()) else {
            return Err(self.unsupported("it has not exactly one input"));
        };
        let Some((kind, sides)) = described(input) else {
            return Err(self.unsupported("it does not say what its input is"));
        };
        let told: Vec<String> = sides
            .iter()
            .map(|side| match side {
                Some(Side::DimValue(number)) => number.to_string(),
                Some(Side::DimParam(name)) => shorten(name),
                None => "?".into(),
            })
            .collect();
        let shape = format!("[{}]", told.join(", "));
        let fits = |side: &Option<Side>, allowed: i64| match side {
            Some(Side::DimValue(number)) => *number == allowed,
            _ => true,
        };
        // Where the first side is a number, it must be one picture.
        let ours = sides.len() == 4
            && fits(&sides[0], 1)
            && sides[1..]
                .iter()
                .zip(PICTURE)
                .all(|(side, allowed)| fits(side, allowed));
        if !ours || kind != DataType::Float as i32 {
            let kind =
                DataType::try_from(kind).map_or("of an unknown type", |kind| kind.as_str_name());
            let reason = format!("its input is {shape}, {kind}; allowed: [N, 1, 28, 28], FLOAT");
            return Err(self.wrong_shape(&reason, shape));
        }
        Ok(())
    }

    /// All that is used must be made, nothing twice, and the output of the picture.
    fn check_names(&self) -> Result<()> {
        let graph = self.graph;
        // Whether each depends on the picture.
        let mut made: HashMap<&str, bool> = HashMap::new();
        made.extend(graph.input.iter().map(|input| (&*input.name, true)));
        made.extend(
            graph
                .initializer
                .iter()
                .map(|tensor| (&*tensor.name, false)),
        );
        for node in &graph.node {
            let about = |reason: String| Err(self.error(reason, Some(node), None));
            let name = shorten(title(node));
            let mut depends = false;
            for input in node.input.iter().filter(|name| !name.is_empty()) {
                let Some(of_picture) = made.get(&**input) else {
                    let input = shorten(input);
                    return about(format!(
                        "the step \"{name}\" uses \"{input}\", which no step before it makes"
                    ));
                };
                depends |= of_picture;
            }
            if !depends && !HARMLESS.contains(&&*node.op_type) {
                let operator = operator(node);
                return about(format!(
                    "the step \"{name}\" ({operator}) works on weights alone, which is not supported"
                ));
            }
            for output in node.output.iter().filter(|name| !name.is_empty()) {
                if made.insert(output, depends).is_some() {
                    return about(format!("\"{}\" is made twice", shorten(output)));
                }
            }
        }
        let [output] = &graph.output[..] else {
            let count = graph.output.len();
            return Err(self.unsupported(&format!("it has {count} outputs; allowed: one")));
        };
        if made.get(&*output.name) != Some(&true) {
            let name = shorten(&output.name);
            let reason = format!("no step makes its output \"{name}\" of the picture");
            return Err(self.unsupported(&reason));
        }
        Ok(())
    }
}

/// What a step is called, in the way of tract.
fn title(node: &NodeProto) -> &str {
    let first = node.output.first().map_or("", |output| output);
    if node.name.is_empty() {
        first
    } else {
        &node.name
    }
}

/// The name of an operator, with where it comes from.
fn operator(node: &NodeProto) -> String {
    let name = if node.domain.is_empty() {
        node.op_type.clone()
    } else {
        format!("{}.{}", node.domain, node.op_type)
    };
    shorten(&name)
}

/// The type of an input and its sides.
fn described(value: &ValueInfoProto) -> Option<(i32, Vec<Option<Side>>)> {
    let type_proto::Value::TensorType(kind) = value.r#type.as_ref()?.value.as_ref()?;
    let sides = kind
        .shape
        .as_ref()?
        .dim
        .iter()
        .map(|side| side.value.clone());
    Some((kind.elem_type, sides.collect()))
}

/// How many bytes a number of a type takes; `None` for those that are no plain numbers.
fn size(kind: i32) -> Option<usize> {
    Some(match DataType::try_from(kind).ok()? {
        DataType::Uint8 | DataType::Int8 | DataType::Bool => 1,
        DataType::Uint16 | DataType::Int16 | DataType::Float16 => 2,
        DataType::Float | DataType::Int32 | DataType::Uint32 => 4,
        DataType::Int64 | DataType::Uint64 | DataType::Double => 8,
        _ => return None,
    })
}
