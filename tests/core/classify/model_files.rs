//! Files that are no models, or none that can be used: each ends in a sentence, and none
//! in a panic or a hang.

use crate::support::root;
use digitlab::Error;
use digitlab::classify::model::{MOST_BYTES, Model};
use std::fs;

/// A message of a file in the making: fields with a number each.
#[derive(Clone, Default)]
struct Message(Vec<u8>);

impl Message {
    fn varint(&mut self, mut number: u64) {
        while number > 0x7F {
            self.0.push(number as u8 | 0x80);
            number >>= 7;
        }
        self.0.push(number as u8);
    }

    fn number(mut self, field: u64, number: i64) -> Self {
        self.varint(field << 3);
        self.varint(number as u64);
        self
    }

    fn bytes(mut self, field: u64, bytes: &[u8]) -> Self {
        self.varint(field << 3 | 2);
        self.varint(bytes.len() as u64);
        self.0.extend(bytes);
        self
    }

    fn text(self, field: u64, text: &str) -> Self {
        self.bytes(field, text.as_bytes())
    }

    fn inside(self, field: u64, message: Self) -> Self {
        self.bytes(field, &message.0)
    }
}

const FLOAT: i64 = 1;

fn tensor(name: &str, kind: i64, shape: &[i64], bytes: usize) -> Message {
    let shaped = shape
        .iter()
        .fold(Message::default(), |tensor, side| tensor.number(1, *side));
    shaped
        .number(2, kind)
        .text(8, name)
        .bytes(9, &vec![0; bytes])
}

/// Whole numbers.
fn whole(name: &str, numbers: &[i64]) -> Message {
    let bytes: Vec<u8> = numbers.iter().flat_map(|x| x.to_le_bytes()).collect();
    Message::default()
        .number(1, numbers.len() as i64)
        .number(2, 7)
        .text(8, name)
        .bytes(9, &bytes)
}

fn value(name: &str, kind: i64, shape: &[i64]) -> Message {
    let shape = shape.iter().fold(Message::default(), |shape, &side| {
        let side = if side < 0 {
            Message::default().text(2, "N")
        } else {
            Message::default().number(1, side)
        };
        shape.inside(1, side)
    });
    let kind = Message::default().number(1, kind).inside(2, shape);
    let kind = Message::default().inside(1, kind);
    Message::default().text(1, name).inside(2, kind)
}

fn node(operator: &str, inputs: &[&str], output: &str) -> Message {
    let inputs = inputs
        .iter()
        .fold(Message::default(), |node, input| node.text(1, input));
    inputs.text(2, output).text(4, operator)
}

fn integers(name: &str, numbers: &[i64]) -> Message {
    let named = Message::default().text(1, name).number(20, 7);
    numbers
        .iter()
        .fold(named, |attribute, number| attribute.number(8, *number))
}

/// A network that flattens the picture and weighs its pixels, and what may be otherwise.
#[derive(Clone)]
struct Network {
    input: Message,
    weights: Vec<Message>,
    nodes: Vec<Message>,
    outputs: Vec<Message>,
}

impl Network {
    fn plain() -> Self {
        Self {
            input: value("input", FLOAT, &[-1, 1, 28, 28]),
            weights: vec![tensor("weights", FLOAT, &[784, 10], 4 * 7840)],
            nodes: vec![
                node("Flatten", &["input"], "flat"),
                node("MatMul", &["flat", "weights"], "scores"),
            ],
            outputs: vec![value("scores", FLOAT, &[-1, 10])],
        }
    }

    fn file(self) -> Vec<u8> {
        let mut graph = Message::default().text(2, "test");
        for node in self.nodes {
            graph = graph.inside(1, node);
        }
        for weights in self.weights {
            graph = graph.inside(5, weights);
        }
        graph = graph.inside(11, self.input);
        for output in self.outputs {
            graph = graph.inside(12, output);
        }
        let opset = Message::default().number(2, 13);
        let model = Message::default().number(1, 7).inside(8, opset);
        model.inside(7, graph).0
    }
}

fn refusal(file: &[u8]) -> Error {
    Model::load("own.onnx", file).expect_err("no model that can be used")
}

#[test]
fn a_plain_network_is_a_model() {
    let mut model = Model::load("own.onnx", &Network::plain().file()).expect("a model");
    let probabilities = model.probabilities(&[0.5; 784]).expect("an answer");
    assert!(probabilities.iter().all(|p| (p - 0.1).abs() < 1e-6));
}

#[test]
fn what_is_no_onnx_file_is_damaged() {
    let files: [&[u8]; 5] = [
        b"",
        b"\0",
        b"<!doctype html><title>404</title>",
        b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR",
        &[0xFF; 4096],
    ];
    for file in files {
        let error = refusal(file);
        assert_eq!(error.code(), "model_corrupt", "{error}");
        assert_eq!(error.detail().file.as_deref(), Some("own.onnx"));
    }
}

#[test]
fn giant_files_are_refused_unread() {
    let error = refusal(&vec![0; MOST_BYTES + 1]);
    assert_eq!(error.code(), "limit_exceeded", "{error}");
}

#[test]
fn no_part_of_a_model_is_a_model() {
    let file = fs::read(root().join("models/tiny.onnx")).expect("a model");
    for length in (0..file.len()).step_by(211).chain(0..200) {
        let error = refusal(&file[..length]);
        let code = error.code();
        assert!(code.starts_with("model_"), "{length}: {error}");
    }
}

#[test]
fn a_changed_byte_stops_nothing() {
    let file = fs::read(root().join("models/tiny.onnx")).expect("a model");
    let last = file.len() - 400;
    let places = (0..400).step_by(3).chain(last..last + 400);
    let mut refused = 0;
    for at in places.chain((400..last).step_by(1_499)) {
        for change in [0x55, 0x80] {
            let mut broken = file.clone();
            broken[at] ^= change;
            let answer = Model::load("own.onnx", &broken)
                .and_then(|mut model| model.probabilities(&[0.5; 784]));
            if let Err(error) = answer {
                assert!(error.code().starts_with("model_"), "{at}: {error}");
                refused += 1;
            }
        }
    }
    assert!(refused > 100, "{refused}");
}

/// What is changed, what the error then says, and the operator, step or shape that it
/// names.
type Case = (fn(&mut Network), &'static str, [Option<&'static str>; 3]);

#[test]
fn what_is_not_supported_is_named() {
    let cases: [Case; 21] = [
        (
            |network| network.input = value("input", FLOAT, &[-1, 3, 32, 32]),
            "its input is [N, 3, 32, 32], FLOAT; allowed: [N, 1, 28, 28], [N, 28, 28, 1], [N, 28, 28] or [N, 784]",
            [None, None, Some("[N, 3, 32, 32]")],
        ),
        (
            |network| network.input = value("input", FLOAT, &[512, 1, 28, 28]),
            "its input is [512, 1, 28, 28]",
            [None, None, Some("[512, 1, 28, 28]")],
        ),
        (
            |network| network.input = value("input", 8, &[-1, 1, 28, 28]),
            "STRING; allowed",
            [None, None, Some("[N, 1, 28, 28]")],
        ),
        (
            |network| network.input = value("input", 2, &[-1, 1, 28, 28]),
            "computes with the picture's bytes before they are cast",
            [Some("MatMul"), Some("scores"), None],
        ),
        (
            |network| network.nodes[0] = node("Deskew", &["input"], "flat"),
            "uses the operator Deskew, which is not supported",
            [Some("Deskew"), Some("flat"), None],
        ),
        (
            |network| network.nodes[0] = network.nodes[0].clone().text(7, "com.example"),
            "uses the operator com.example.Flatten, which is not supported",
            [Some("com.example.Flatten"), Some("flat"), None],
        ),
        (
            |network| network.nodes[0] = node("ConstantOfShape", &["weights"], "flat"),
            "needs whole numbers that are known only with the picture",
            [Some("ConstantOfShape"), Some("flat"), None],
        ),
        (
            |network| {
                network.weights.push(whole("sides", &[1 << 40, 1 << 40]));
                network.nodes[0] = node("ConstantOfShape", &["sides"], "flat");
            },
            "makes too many numbers: [1099511627776,1099511627776]",
            [Some("ConstantOfShape"), Some("flat"), None],
        ),
        (
            |network| {
                network.weights.push(whole("sides", &[1 << 20, 784]));
                network
                    .nodes
                    .insert(1, node("Expand", &["flat", "sides"], "wide"));
                network.nodes[2] = node("MatMul", &["wide", "weights"], "scores");
            },
            "makes too many numbers: [1048576,784]",
            [Some("Expand"), Some("wide"), None],
        ),
        (
            |network| {
                let part = Message::default()
                    .text(1, "then_branch")
                    .inside(6, Message::default().text(2, "part"));
                network.nodes[0] = node("Flatten", &["input"], "flat").inside(5, part);
            },
            "has a network of its own as then_branch",
            [Some("Flatten"), Some("flat"), None],
        ),
        (
            |network| {
                let pads = integers("pads", &[0, 1 << 40, 0, 0]);
                let windows = integers("kernel_shape", &[2, 2]);
                let pool = node("MaxPool", &["input"], "flat");
                network.nodes[0] = pool.inside(5, windows).inside(5, pads);
            },
            "has 1099511627776 as pads; allowed: 0 to 4096",
            [Some("MaxPool"), Some("flat"), None],
        ),
        (
            |network| network.nodes[0] = node("Flatten", &["picture"], "flat"),
            "uses \"picture\", which no step before it makes",
            [Some("Flatten"), Some("flat"), None],
        ),
        (
            |network| network.nodes.reverse(),
            "uses \"flat\", which no step before it makes",
            [Some("MatMul"), Some("scores"), None],
        ),
        (
            |network| network.nodes[1] = node("MatMul", &["flat", "weights"], "flat"),
            "makes \"flat\", which is made twice",
            [Some("MatMul"), Some("flat"), None],
        ),
        (
            |network| network.outputs = vec![value("answer", FLOAT, &[-1, 10])],
            "no step makes its output \"answer\"",
            [None, None, None],
        ),
        (
            |network| network.outputs = vec![value("scores", 7, &[-1])],
            "it gives no scores; allowed: an output [N, 10], FLOAT",
            [None, None, None],
        ),
        (
            |network| network.weights = vec![tensor("weights", FLOAT, &[784, 5], 4 * 3920)],
            "its output is [1,5]; allowed: [1,10]",
            [None, None, Some("[1,5]")],
        ),
        (
            |network| network.weights = vec![tensor("weights", FLOAT, &[100, 10], 4_000)],
            "the step \"scores\" (MatMul) multiplies [1,784] by [100,10]",
            [Some("MatMul"), Some("scores"), None],
        ),
        (
            |network| {
                network
                    .weights
                    .push(tensor("wide", FLOAT, &[40_000, 1], 160_000));
                network
                    .nodes
                    .insert(1, node("MatMul", &["wide", "flat"], "outer"));
                network.nodes[2] = node("Relu", &["outer"], "scores");
            },
            "the step \"outer\" (MatMul) gives more numbers than are allowed",
            [Some("MatMul"), Some("outer"), Some("[40000,784]")],
        ),
        (
            |network| {
                network
                    .weights
                    .push(tensor("tall", FLOAT, &[40_000, 1], 160_000));
                network
                    .weights
                    .push(tensor("wide", FLOAT, &[1, 40_000], 160_000));
                network
                    .nodes
                    .push(node("MatMul", &["tall", "wide"], "outer"));
                network.outputs = vec![value("outer", FLOAT, &[-1, 10])];
            },
            "gives more numbers than are allowed: [40000,40000]",
            [Some("MatMul"), Some("outer"), Some("[40000,40000]")],
        ),
        (
            |network| {
                network
                    .weights
                    .push(tensor("square", FLOAT, &[784, 784], 4 * 784 * 784));
                let turn = node("Transpose", &["square"], "turned");
                network.nodes.push(turn);
                for step in 0..1_990 {
                    let (from, to) = (format!("s{step}"), format!("s{}", step + 1));
                    let from = if step == 0 { "turned" } else { &from };
                    network.nodes.push(node("MatMul", &[from, "square"], &to));
                }
                network
                    .nodes
                    .push(node("MatMul", &["flat", "s1990"], "mixed"));
                network
                    .nodes
                    .push(node("MatMul", &["mixed", "weights"], "slow"));
                network.outputs = vec![value("slow", FLOAT, &[-1, 10])];
            },
            "multiplications or more, and at most 4000000000 are allowed",
            [None, None, None],
        ),
    ];
    for (change, expected, [operator, step, shape]) in cases {
        let mut network = Network::plain();
        change(&mut network);
        let error = refusal(&network.file());
        let (said, detail) = (error.to_string(), error.detail());
        assert!(said.contains(expected), "{expected}: {said}");
        assert_eq!(error.code(), "model_unsupported", "{said}");
        assert_eq!(detail.operator.as_deref(), operator, "{said}");
        assert_eq!(detail.node.as_deref(), step, "{said}");
        assert_eq!(detail.shape.as_deref(), shape, "{said}");
    }
}

#[test]
fn weights_must_be_there_as_many_as_their_shape_says() {
    let with = |weights: Message| {
        let mut network = Network::plain();
        network.weights = vec![weights];
        refusal(&network.file())
    };
    for shape in [&[784, 11][..], &[1 << 62, 1 << 62], &[-1, 10], &[]] {
        let error = with(tensor("weights", FLOAT, shape, 4 * 7840));
        assert_eq!(error.code(), "model_corrupt", "{error}");
        assert!(error.to_string().contains("\"weights\""), "{error}");
    }
    let elsewhere = Message::default()
        .number(1, 784)
        .number(1, 10)
        .number(2, FLOAT)
        .text(8, "weights")
        .number(14, 1);
    let error = with(elsewhere);
    assert_eq!(error.code(), "model_unsupported", "{error}");
    assert!(error.to_string().contains("lie in another file"), "{error}");
}

#[test]
fn what_would_take_much_memory_is_refused_unread() {
    // Each of two bytes would become a step.
    let steps = Message::default().bytes(7, &[0x0A, 0x00].repeat(8 << 20));
    // Each byte would become a number of eight.
    let numbers = Message::default().bytes(7, &vec![1; 20 << 20]);
    let numbers = Message::default().inside(7, Message::default().inside(5, numbers));
    let mut nested = Message::default().number(1, 1);
    for _ in 0..5_000 {
        nested = Message::default().inside(6, nested);
        nested = Message::default().inside(5, nested);
        nested = Message::default().inside(1, nested);
    }
    let nested = Message::default().inside(7, nested);
    for file in [steps.0, nested.0] {
        let error = refusal(&file);
        assert!(
            ["limit_exceeded", "model_corrupt"].contains(&error.code()),
            "{error}"
        );
    }
    let error = refusal(&numbers.0);
    assert!(error.code().starts_with("model_"), "{error}");
}

#[test]
fn a_model_is_described_even_when_it_cannot_be_used() {
    let mut network = Network::plain();
    network.nodes[0] = node("Deskew", &["input"], "flat");
    let described = Model::describe("own.onnx", &network.file()).expect("a description");
    let operators: Vec<(&str, usize, bool)> = described
        .operators
        .iter()
        .map(|operator| (&*operator.name, operator.count, operator.supported))
        .collect();
    assert_eq!(operators, [("Deskew", 1, false), ("MatMul", 1, true)]);
    assert_eq!(described.parameters, 7_840);
    assert_eq!(described.inputs[0].shape, ["N", "1", "28", "28"]);
    assert_eq!((described.ir_version, described.opsets[0].version), (7, 13));
}

#[test]
fn scores_that_are_no_numbers_are_no_answer() {
    let mut network = Network::plain();
    network.nodes[1] = node("MatMul", &["flat", "weights"], "sums");
    network.nodes.push(node("Log", &["sums"], "scores"));
    let mut model = Model::load("own.onnx", &network.file()).expect("a model");
    let error = model.scores(&[0.5; 784]).expect_err("no numbers");
    assert_eq!(error.code(), "model_unsupported", "{error}");
}
