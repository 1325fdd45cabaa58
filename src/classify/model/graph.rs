//! What an ONNX file holds, judged before anything is made of it.

use super::weights::Fault;
use crate::error::{Error, Result, shorten};
use tract_onnx::pb::{GraphProto, ModelProto, NodeProto};

/// The most steps.
const MOST_NODES: usize = 2_000;

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
    /// Judges a file by what it says as a whole.
    pub(super) fn new(file: &'a str, model: &'a ModelProto) -> Result<Self> {
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
        this.check_names()?;
        Ok(this)
    }

    pub(super) fn proto(&self) -> &'a GraphProto {
        self.graph
    }

    /// An error about the whole.
    pub(super) fn unsupported(&self, reason: &str) -> Error {
        self.error(reason.into(), None, None)
    }

    /// An error about the shape of what goes in or comes out.
    pub(super) fn wrong_shape(&self, reason: &str, shape: String) -> Error {
        self.error(reason.into(), None, Some(shape))
    }

    /// An error about what a step does.
    pub(super) fn refusal(&self, node: &NodeProto, reason: &str, shape: Option<String>) -> Error {
        let reason = format!("{} {reason}", place(node));
        self.error(reason, Some(node), shape)
    }

    /// An error about weights.
    pub(super) fn fault(&self, fault: Fault) -> Error {
        match fault {
            Fault::Damaged(reason) => corrupt(self.file, &reason),
            Fault::Unsupported(reason, shape) => self.error(reason, None, shape),
        }
    }

    /// An error about an operator that there is not.
    pub(super) fn unknown(&self, node: &NodeProto) -> Error {
        let name = shorten(title(node));
        let reason = format!(
            "the step \"{name}\" uses the operator {}, which is not supported",
            operator(node)
        );
        self.error(reason, Some(node), None)
    }

    /// An error about what nothing makes.
    pub(super) fn unmade(&self, node: &NodeProto, input: &str) -> Error {
        let (name, input) = (shorten(title(node)), shorten(input));
        let reason = format!("the step \"{name}\" uses \"{input}\", which no step before it makes");
        self.error(reason, Some(node), None)
    }

    /// What tract said about it; the step that it names is found.
    pub(super) fn refused(&self, said: &str) -> Error {
        let named = |node: &&NodeProto| said.contains(&format!("\"{}#", title(node)));
        let node = self.graph.node.iter().find(named);
        let mut said: String = said.split_whitespace().collect::<Vec<_>>().join(" ");
        if let Some((at, _)) = said.char_indices().nth(300) {
            said.truncate(at);
            said.push('…');
        }
        let at = node.map(|node| format!("at {}, ", place(node)));
        let reason = format!(
            "{}its steps do not fit together ({})",
            at.unwrap_or_default(),
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

    /// Refuses steps that hold more than numbers.
    pub(super) fn check_node(&self, node: &NodeProto) -> Result<()> {
        for attribute in &node.attribute {
            let name = shorten(&attribute.name);
            if attribute.g.is_some() || !attribute.graphs.is_empty() {
                let reason = format!("has a network of its own as {name}, which is not supported");
                return Err(self.refusal(node, &reason, None));
            }
            if attribute.sparse_tensor.is_some() || !attribute.sparse_tensors.is_empty() {
                return Err(self.refusal(node, "has sparse weights", None));
            }
        }
        Ok(())
    }

    /// Nothing must be made twice.
    fn check_names(&self) -> Result<()> {
        let graph = self.graph;
        let mut made: std::collections::HashSet<&str> =
            graph.input.iter().map(|input| &*input.name).collect();
        // Weights may be inputs, too, so that they can be replaced.
        made.extend(graph.initializer.iter().map(|tensor| &*tensor.name));
        for node in &graph.node {
            for output in node.output.iter().filter(|name| !name.is_empty()) {
                if !made.insert(output) {
                    let reason = format!("makes \"{}\", which is made twice", shorten(output));
                    return Err(self.refusal(node, &reason, None));
                }
            }
        }
        Ok(())
    }
}

/// What a step is called.
pub(super) fn title(node: &NodeProto) -> &str {
    let first = node.output.first().map_or("", |output| output);
    if node.name.is_empty() {
        first
    } else {
        &node.name
    }
}

/// A step, as the start of a sentence.
fn place(node: &NodeProto) -> String {
    format!("the step \"{}\" ({})", shorten(title(node)), operator(node))
}

/// The name of an operator, with where it comes from.
pub(super) fn operator(node: &NodeProto) -> String {
    let name = match &*node.domain {
        "" | "ai.onnx" => node.op_type.clone(),
        domain => format!("{domain}.{}", node.op_type),
    };
    shorten(&name)
}
