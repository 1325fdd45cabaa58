//! What goes into a model and what comes out, and how that fits a picture and ten digits.

use super::attributes as given;
use super::describe::{side, typed};
use super::fact::Kind;
use super::graph::Graph;
use super::weights::{kind_of, type_name};
use crate::classify::CLASSES;
use crate::error::Result;
use std::collections::HashSet;
use tract_onnx::pb::NodeProto;
use tract_onnx::pb::tensor_proto::DataType;
use tract_onnx::pb::tensor_shape_proto::dimension::Value as Side;

/// The most pictures that a model may want at a time.
const MOST_PICTURES: i64 = 256;

const SHAPES: &str = "[N, 1, 28, 28], [N, 28, 28, 1], [N, 28, 28] or [N, 784]";

/// The order of a picture's sides. The pixels are in the same order in all of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layout {
    /// `[N, 1, 28, 28]`
    ChannelsFirst,
    /// `[N, 28, 28, 1]`
    ChannelsLast,
    /// `[N, 28, 28]`
    Rows,
    /// `[N, 784]`
    Flat,
}

impl Layout {
    const ALL: [Self; 4] = [
        Self::ChannelsFirst,
        Self::ChannelsLast,
        Self::Rows,
        Self::Flat,
    ];

    fn sides(self) -> &'static [usize] {
        match self {
            Self::ChannelsFirst => &[1, 28, 28],
            Self::ChannelsLast => &[28, 28, 1],
            Self::Rows => &[28, 28],
            Self::Flat => &[784],
        }
    }

    /// The shape of some pictures.
    pub(super) fn shape(self, pictures: usize) -> Vec<usize> {
        [&[pictures], self.sides()].concat()
    }
}

/// What goes into a model.
#[derive(Debug)]
pub(super) struct Taken<'a> {
    pub(super) name: &'a str,
    pub(super) kind: Kind,
    /// What the picture's sides may be and how many pictures, the likeliest first.
    pub(super) ways: Vec<(Layout, usize)>,
}

/// Finds out how a picture goes in.
pub(super) fn taken<'a>(graph: &Graph<'a>) -> Result<Taken<'a>> {
    let proto = graph.proto();
    let weights: HashSet<&str> = proto
        .initializer
        .iter()
        .map(|tensor| &*tensor.name)
        .collect();
    let mut inputs = proto
        .input
        .iter()
        .filter(|input| !weights.contains(&*input.name));
    let (Some(input), None) = (inputs.next(), inputs.next()) else {
        return Err(graph.unsupported("it has not exactly one input"));
    };
    let Some((kind, sides)) = typed(input) else {
        return Err(graph.unsupported("it does not say what its input is"));
    };
    let number = |side: &Option<Side>| match side {
        Some(Side::DimValue(number)) if *number > 0 => Some(*number),
        _ => None,
    };
    let fits = |layout: &Layout| {
        let Some(sides) = &sides else {
            return true;
        };
        let Some((first, others)) = sides.split_first() else {
            return false;
        };
        let own = layout.sides();
        others.len() == own.len()
            && number(first).is_none_or(|pictures| pictures <= MOST_PICTURES)
            && others
                .iter()
                .zip(own)
                .all(|(side, own)| number(side).is_none_or(|side| side == *own as i64))
    };
    let of_ours = kind_of(kind).filter(|kind| *kind != Kind::Whole);
    let layouts: Vec<Layout> = Layout::ALL.into_iter().filter(fits).collect();
    let (Some(of_ours), false) = (of_ours, layouts.is_empty()) else {
        let sides = sides.unwrap_or_default();
        let told: Vec<String> = sides.iter().map(side).collect();
        let shape = format!("[{}]", told.join(", "));
        let kind = type_name(kind);
        let reason = format!(
            "its input is {shape}, {kind}; allowed: {SHAPES}, of FLOAT, UINT8, DOUBLE or FLOAT16"
        );
        return Err(graph.wrong_shape(&reason, shape));
    };
    // One at a time is the fastest; some can only take as many as they were made for.
    let pictures = sides.iter().flatten().next().and_then(number);
    let pictures = pictures.filter(|pictures| *pictures > 1);
    let counts = [1].into_iter().chain(pictures.map(|count| count as usize));
    let ways = counts.flat_map(|count| layouts.iter().map(move |layout| (*layout, count)));
    Ok(Taken {
        name: &input.name,
        kind: of_ours,
        ways: ways.collect(),
    })
}

/// A place where scores may come out.
#[derive(Debug)]
pub(super) struct Given<'a> {
    pub(super) name: &'a str,
    /// The digit of each score, when they are in an order of their own.
    pub(super) digits: Option<[u8; CLASSES]>,
}

/// The places where scores may come out, in the order of the file.
pub(super) fn given<'a>(graph: &Graph<'a>) -> Result<Vec<Given<'a>>> {
    let proto = graph.proto();
    let digits = digits(graph)?;
    let mut all = Vec::new();
    for output in &proto.output {
        let kind = typed(output).map(|(kind, _)| kind);
        let could_be = kind.is_none_or(|kind| {
            kind_of(kind) == Some(Kind::Float) || kind == DataType::Undefined as i32
        });
        if !could_be {
            continue;
        }
        // scikit-learn puts names to its probabilities, which are wanted plain.
        let maker = proto
            .node
            .iter()
            .find(|node| node.output.contains(&output.name));
        let name = match maker {
            Some(node) if node.op_type == "ZipMap" => node.input.first(),
            _ => Some(&output.name),
        };
        if let Some(name) = name
            && !all.iter().any(|other: &Given<'_>| other.name == name)
        {
            all.push(Given { name, digits });
        }
    }
    if all.is_empty() {
        let reason = format!("it gives no scores; allowed: an output [N, {CLASSES}], FLOAT");
        return Err(graph.unsupported(&reason));
    }
    all.truncate(8);
    Ok(all)
}

/// The digits that scikit-learn says its scores are for.
fn digits(graph: &Graph<'_>) -> Result<Option<[u8; CLASSES]>> {
    let Some((node, classes)) = graph
        .proto()
        .node
        .iter()
        .find_map(|node| labels(node).map(|labels| (node, labels)))
    else {
        return Ok(None);
    };
    let told = || {
        let told: Vec<String> = classes.iter().take(20).map(i64::to_string).collect();
        let reason = format!(
            "has the classes {}; allowed: the digits 0 to 9",
            told.join(", ")
        );
        graph.refusal(node, &reason, None)
    };
    let mut digits = [0; CLASSES];
    if classes.len() != CLASSES {
        return Err(told());
    }
    for (digit, class) in digits.iter_mut().zip(&classes) {
        *digit = u8::try_from(*class).map_err(|_| told())?;
    }
    let all = (0..CLASSES as u8).all(|digit| digits.contains(&digit));
    all.then_some(Some(digits)).ok_or_else(told)
}

/// The classes that a step names.
fn labels(node: &NodeProto) -> Option<Vec<i64>> {
    for name in ["classlabels_int64s", "classlabels_ints"] {
        if let Some(classes) = given::integers(node, name).filter(|list| !list.is_empty()) {
            return Some(classes.to_vec());
        }
    }
    let texts = given::texts(node, "classlabels_strings").filter(|list| !list.is_empty())?;
    let number = |text: &Vec<u8>| str::from_utf8(text).ok()?.parse().ok();
    Some(
        texts
            .iter()
            .map(|text| number(text).unwrap_or(-1))
            .collect(),
    )
}
