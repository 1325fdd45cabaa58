//! Classifiers as ONNX files.
//!
//! A file takes `input`, float32 `[N, 1, 28, 28]`, ink from 0 (paper) to 1, and gives
//! `scores`, float32 `[N, 10]`, whose softmax are the probabilities. It uses operators of opset
//! 13 that every runtime knows.

mod proto;
mod read;
mod write;

pub use read::read;
pub use write::write;

/// The name of what goes in.
pub const INPUT: &str = "input";

/// The name of what comes out.
pub const OUTPUT: &str = "scores";

/// The version of the set of operators.
pub const OPSET: i64 = 13;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::classify::network::{Architecture, Classifier, Head, Stage};
    use crate::classify::training::Network;
    use crate::random::{Purpose, Stream};
    use prost::Message;

    fn classifier(head: Head) -> Classifier {
        let stages = [
            Stage::Convolution(16),
            Stage::Pool,
            Stage::Convolution(32),
            Stage::Pool,
        ];
        let network = Network::new(&Architecture::new(&stages, head).unwrap());
        let mut stream = Stream::new(3, 0, Purpose::Training);
        network.fold(&network.begin(&mut stream)).unwrap()
    }

    #[test]
    fn what_is_written_is_read_back() {
        for head in [Head::Flatten, Head::Average] {
            let before = classifier(head);
            let bytes = write("test", &before);
            let after = read("test.onnx", &bytes).unwrap();
            assert_eq!(after.architecture(), before.architecture());
            assert_eq!(after.convolutions(), before.convolutions());
            assert_eq!(after.dense(), before.dense());
            assert_eq!(write("test", &after), bytes);
        }
    }

    /// The file of a classifier with a change that keeps it a well formed file.
    fn changed(change: impl FnOnce(&mut proto::Graph)) -> String {
        let bytes = write("test", &classifier(Head::Average));
        let mut model = proto::Model::decode(&bytes[..]).unwrap();
        change(model.graph.as_mut().unwrap());
        match read("other.onnx", &model.encode_to_vec()) {
            Ok(_) => "it is read".into(),
            Err(error) => error.to_string(),
        }
    }

    /// The first node of an operator.
    fn node<'a>(graph: &'a mut proto::Graph, operator: &str) -> &'a mut proto::Node {
        let mut nodes = graph.nodes.iter_mut();
        nodes.find(|node| node.operator == operator).unwrap()
    }

    #[test]
    fn what_would_answer_something_else_is_refused() {
        let refuses = |part: &str, told: String| assert!(told.contains(part), "{told}");
        let stretched = changed(|graph| node(graph, "Conv").attributes[1].integers = vec![0; 4]);
        refuses("the pads of its Conv", stretched);
        let stepping = changed(|graph| node(graph, "MaxPool").attributes[1].integers = vec![1, 1]);
        refuses("the strides of its MaxPool", stepping);
        let doubled = changed(|graph| node(graph, "Gemm").attributes[0].float = 2.0);
        refuses("the alpha of its Gemm", doubled);
        let bare = changed(|graph| node(graph, "Conv").attributes.clear());
        refuses("its Conv has no pads", bare);
        let linear = changed(|graph| {
            let next = node(graph, "Relu").outputs.clone();
            graph.nodes.retain(|node| node.outputs != next);
            graph.nodes[1].inputs[0] = graph.nodes[0].outputs[0].clone();
        });
        refuses("is where none of ours is", linear);
        let apart = changed(|graph| graph.nodes[3].inputs[0] = "elsewhere".into());
        refuses("do not follow one another", apart);
        let early = changed(|graph| graph.outputs[0].name = graph.nodes[0].outputs[0].clone());
        refuses("does not give its output", early);
        let wide = changed(|graph| graph.inputs[0].kind = None);
        refuses("its input is not [N, 1, 28, 28]", wide);
        let infinite = changed(|graph| {
            graph.tensors[0].raw[..4].copy_from_slice(&f32::INFINITY.to_le_bytes());
        });
        refuses("some of its weights are no numbers", infinite);
    }

    #[test]
    fn a_last_layer_that_lies_the_other_way_round_is_read() {
        let bytes = write("test", &classifier(Head::Average));
        let mut model = proto::Model::decode(&bytes[..]).unwrap();
        let graph = model.graph.as_mut().unwrap();
        let gemm = node(graph, "Gemm");
        gemm.attributes.push(proto::Attribute {
            name: "transB".into(),
            integer: 1,
            kind: proto::kind::INTEGER,
            ..proto::Attribute::default()
        });
        let name = gemm.inputs[1].clone();
        let mut tensors = graph.tensors.iter_mut();
        let weights = tensors.find(|tensor| tensor.name == name).unwrap();
        let features = weights.raw.len() / 40;
        let turned = (0..10).flat_map(|class| (0..features).map(move |at| at * 10 + class));
        weights.raw = turned
            .flat_map(|at| weights.raw[4 * at..4 * at + 4].to_vec())
            .collect();
        weights.shape.reverse();
        let read = read("turned.onnx", &model.encode_to_vec()).unwrap();
        assert_eq!(read.dense(), classifier(Head::Average).dense());
    }

    #[test]
    fn broken_files_are_refused_with_their_name() {
        let bytes = write("test", &classifier(Head::Average));
        let mut refused = 0;
        for length in (0..bytes.len()).step_by(97) {
            let error = read("cut.onnx", &bytes[..length]).unwrap_err();
            assert!(
                error.to_string().starts_with("cut.onnx cannot be read"),
                "{error}"
            );
            refused += 1;
        }
        assert!(refused > 100);
        // No byte, whatever becomes of it, may stop the program.
        for at in (0..bytes.len()).step_by(53).chain(0..300) {
            let mut broken = bytes.clone();
            broken[at] ^= 0x55;
            let _ = read("broken.onnx", &broken);
        }
    }
}
