"""Models as PyTorch, Keras and scikit-learn export them, with what onnxruntime makes of them.

The `learned` ones tell digits apart: their last layer is trained here, on pictures shown in a way of their own (either polarity,
several scales), which has to be found out. The `made` ones have weights of chance and show an operator each.

Run by `cargo xtask references` with the repository's root as its argument.
"""

import gzip
import json
import pathlib
import sys

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper

F, D, U8, I8, I64 = TensorProto.FLOAT, TensorProto.DOUBLE, TensorProto.UINT8, TensorProto.INT8, TensorProto.INT64
SHOWN = 10


def shard(file: pathlib.Path) -> tuple[np.ndarray, np.ndarray]:
    """The positions of some pictures in the original file, and their levels."""
    data = gzip.decompress(file.read_bytes())
    count = int.from_bytes(data[4:8], "big")
    positions = np.frombuffer(data, ">u4", count, 8).astype(int)
    return positions, np.frombuffer(data, np.uint8)[-784 * count :].reshape(count, 784)


def weights(name: str, values, kind=np.float32) -> onnx.TensorProto:
    return numpy_helper.from_array(np.asarray(values, kind), name)


def whole(name: str, values) -> onnx.TensorProto:
    return weights(name, values, np.int64)


def node(operator: str, inputs: str, outputs: str, name: str = "", **options) -> onnx.NodeProto:
    return helper.make_node(operator, inputs.split(), outputs.split(), name=name, **options)


def constant(output: str, values) -> onnx.NodeProto:
    return helper.make_node("Constant", [], [output], value=numpy_helper.from_array(np.asarray(values, np.int64), output))


def value(name: str, kind: int, shape) -> onnx.ValueInfoProto:
    return helper.make_tensor_value_info(name, kind, shape)


def model(nodes, given, made, tensors, producer: str, version: str, opset: int = 13, ml: bool = False) -> onnx.ModelProto:
    graph = helper.make_graph(nodes, "graph", [given], made, initializer=tensors)
    sets = [helper.make_opsetid("", opset)] + ([helper.make_opsetid("ai.onnx.ml", 1)] if ml else [])
    return helper.make_model(graph, producer_name=producer, producer_version=version, opset_imports=sets, ir_version=8)


def run(made: onnx.ModelProto, pictures: np.ndarray) -> list:
    session = onnxruntime.InferenceSession(made.SerializeToString(), providers=["CPUExecutionProvider"])
    return session.run(None, {session.get_inputs()[0].name: pictures})


def softmax(scores: np.ndarray) -> np.ndarray:
    powers = np.exp(scores - scores.max(1, keepdims=True))
    return powers / powers.sum(1, keepdims=True)


def fit(features: np.ndarray, digits: np.ndarray, epochs: int = 16, rate: float = 0.02) -> tuple[np.ndarray, np.ndarray]:
    """The last layer, by Adam, with a little decay."""
    chance = np.random.default_rng(5)
    learned = np.zeros((features.shape[1] + 1, 10))
    first, second = np.zeros_like(learned), np.zeros_like(learned)
    features = np.hstack([features, np.ones((len(features), 1))])
    truth = np.eye(10)[digits]
    step = 0
    for epoch in range(epochs):
        for batch in np.array_split(chance.permutation(len(features)), 40):
            step += 1
            part = features[batch]
            slope = part.T @ (softmax(part @ learned) - truth[batch]) / len(batch) + 1e-5 * learned
            first = 0.9 * first + 0.1 * slope
            second = 0.999 * second + 0.001 * slope**2
            now = rate * (1 - epoch / epochs)
            learned -= now * (first / (1 - 0.9**step)) / (np.sqrt(second / (1 - 0.999**step)) + 1e-8)
    return learned[:-1], learned[-1]


def filters(chance: np.random.Generator, count: int, size: int) -> np.ndarray:
    """Edges and spots in several directions."""
    found = chance.normal(size=(count, 1, size, size))
    found -= found.mean((2, 3), keepdims=True)
    return (found / np.abs(found).sum((2, 3), keepdims=True)).astype(np.float32)


class Learned:
    """The learned models, one after the other."""

    def __init__(self, root: pathlib.Path, folder: pathlib.Path):
        self.folder = folder
        self.cases = []
        shards = lambda digit: [shard(root / f"www/mnist/train-{digit}-{part:02}.gz")[1] for part in range(4)]
        parts = [np.vstack(shards(digit)) for digit in range(10)]
        self.levels = np.vstack(parts)
        self.digits = np.repeat(np.arange(10), [len(part) for part in parts])
        tests = [shard(root / f"www/mnist/test-{digit}-00.gz") for digit in range(10)]
        self.positions = [int(positions[0]) for positions, _ in tests]
        self.shown = np.vstack([levels[:1] for _, levels in tests])

    def ink(self, levels: np.ndarray, ink: float, paper: float, mean: float = 0, std: float = 1) -> np.ndarray:
        return ((paper + levels / 255 * (ink - paper) - mean) / std).astype(np.float32)

    def features(self, made: onnx.ModelProto, output: str, pictures: np.ndarray) -> np.ndarray:
        """What a step of a model makes of pictures."""
        made = onnx.ModelProto.FromString(made.SerializeToString())
        del made.graph.output[:]
        made.graph.output.append(onnx.ValueInfoProto(name=output))
        return run(made, pictures)[0].astype(float)

    def keep(self, name: str, made: onnx.ModelProto, pictures: np.ndarray, way: dict, probabilities, **more) -> None:
        onnx.checker.check_model(made)
        (self.folder / f"{name}.onnx").write_bytes(made.SerializeToString())
        found = probabilities(run(made, pictures))
        right = int((found.argmax(1) == np.arange(10)).sum())
        print(f"{name}: {right} of ten")
        assert right >= 8, name
        case = {"name": name, "normalisation": way, "positions": self.positions, "probabilities": np.round(found, 7).tolist()}
        self.cases.append(case | more)

    def torch(self) -> None:
        """A CNN as PyTorch's first exporter writes it: the batch is free, the flattening asks for the shape."""
        way = {"ink": 1, "paper": 0, "mean": 0.1307, "std": 0.3081}
        chance = np.random.default_rng(1)
        tensors = [weights("conv.weight", 3 * filters(chance, 8, 5)), weights("conv.bias", chance.normal(size=8) / 20)]
        nodes = [
            node("Conv", "input conv.weight conv.bias", "/conv/out", "/conv/Conv", kernel_shape=[5, 5], pads=[2, 2, 2, 2], strides=[1, 1], dilations=[1, 1], group=1),
            node("Relu", "/conv/out", "/relu/out", "/relu/Relu"),
            node("MaxPool", "/relu/out", "/pool/out", "/pool/MaxPool", kernel_shape=[4, 4], strides=[4, 4], pads=[0, 0, 0, 0], ceil_mode=0),
            node("Shape", "/pool/out", "/shape", "/Shape"),
            constant("/zero", 0),
            node("Gather", "/shape /zero", "/batch", "/Gather", axis=0),
            constant("/axes", [0]),
            node("Unsqueeze", "/batch /axes", "/batch1", "/Unsqueeze"),
            constant("/rest", [-1]),
            node("Concat", "/batch1 /rest", "/flat_shape", "/Concat", axis=0),
            node("Reshape", "/pool/out /flat_shape", "/flat", "/Reshape"),
            node("Gemm", "/flat fc.weight fc.bias", "output", "/fc/Gemm", alpha=1.0, beta=1.0, transB=1),
        ]
        given, made = value("input", F, ["batch", 1, 28, 28]), [value("output", F, ["batch", 10])]
        shown = self.ink(self.levels, **way).reshape(-1, 1, 28, 28)
        draft = model(nodes[:-1], given, [value("/flat", F, None)], tensors, "pytorch", "2.1.0")
        matrix, bias = fit(self.features(draft, "/flat", shown), self.digits)
        tensors += [weights("fc.weight", matrix.T), weights("fc.bias", bias)]
        done = model(nodes, given, made, tensors, "pytorch", "2.1.0")
        self.keep("torch_cnn", done, self.ink(self.shown, **way).reshape(-1, 1, 28, 28), way, lambda out: softmax(out[0]), kind="logits", layout=["N", "1", "28", "28"])

    def keras(self) -> None:
        """A CNN as tf2onnx writes it: channels last outside, first inside."""
        way = {"ink": 1, "paper": 0, "mean": 0, "std": 1}
        chance = np.random.default_rng(2)
        tensors = [
            weights("conv2d/kernel", 3 * filters(chance, 8, 5)),
            weights("conv2d/bias", chance.normal(size=8) / 20),
            whole("flat_shape", [-1, 392]),
        ]
        nodes = [
            node("Transpose", "conv2d_input", "first", "model/conv2d/Conv2D__6", perm=[0, 3, 1, 2]),
            node("Conv", "first conv2d/kernel conv2d/bias", "conv", "model/conv2d/Conv2D", auto_pad="SAME_UPPER", kernel_shape=[5, 5], strides=[2, 2], dilations=[1, 1], group=1),
            node("Relu", "conv", "relu", "model/conv2d/Relu"),
            node("AveragePool", "relu", "pool", "model/pool/AvgPool", auto_pad="VALID", kernel_shape=[2, 2], strides=[2, 2]),
            node("Transpose", "pool", "last", "model/pool/AvgPool__14", perm=[0, 2, 3, 1]),
            node("Reshape", "last flat_shape", "flat", "model/flatten/Reshape"),
            node("MatMul", "flat dense/kernel", "product", "model/dense/MatMul"),
            node("Add", "product dense/bias", "sum", "model/dense/BiasAdd"),
            node("Softmax", "sum", "dense", "model/dense/Softmax", axis=-1),
        ]
        given, made = value("conv2d_input", F, ["unk__15", 28, 28, 1]), [value("dense", F, ["unk__16", 10])]
        shown = self.ink(self.levels, **way).reshape(-1, 28, 28, 1)
        draft = model(nodes[:6], given, [value("flat", F, None)], tensors, "tf2onnx", "1.16.1")
        matrix, bias = fit(self.features(draft, "flat", shown), self.digits)
        tensors += [weights("dense/kernel", matrix), weights("dense/bias", bias)]
        done = model(nodes, given, made, tensors, "tf2onnx", "1.16.1")
        self.keep("keras_cnn", done, self.ink(self.shown, **way).reshape(-1, 28, 28, 1), way, lambda out: out[0], kind="probabilities", layout=["N", "28", "28", "1"])

    def keras_bytes(self) -> None:
        """Rows of bytes that the model scales itself."""
        way = {"ink": 255, "paper": 0, "mean": 0, "std": 1}
        hidden, offset = fit(self.ink(self.levels, 1, 0), self.digits, rate=0.005)
        hidden, offset = hidden / 4, offset / 4 + 1
        matrix, bias = fit(np.maximum(self.ink(self.levels, 1, 0) @ hidden + offset, 0), self.digits)
        tensors = [
            weights("scale", 1 / 255),
            whole("flat_shape", [-1, 784]),
            weights("dense/kernel", hidden),
            weights("dense/bias", offset),
            weights("dense_1/kernel", matrix),
            weights("dense_1/bias", bias),
        ]
        nodes = [
            node("Cast", "image", "cast", "model/cast", to=F),
            node("Mul", "cast scale", "scaled", "model/rescaling/mul"),
            node("Reshape", "scaled flat_shape", "flat", "model/flatten/Reshape"),
            node("MatMul", "flat dense/kernel", "product", "model/dense/MatMul"),
            node("Add", "product dense/bias", "sum", "model/dense/BiasAdd"),
            node("Relu", "sum", "hidden", "model/dense/Relu"),
            node("MatMul", "hidden dense_1/kernel", "product_1", "model/dense_1/MatMul"),
            node("Add", "product_1 dense_1/bias", "sum_1", "model/dense_1/BiasAdd"),
            node("Softmax", "sum_1", "dense_1", "model/dense_1/Softmax", axis=-1),
        ]
        done = model(nodes, value("image", U8, [None, 28, 28]), [value("dense_1", F, [None, 10])], tensors, "tf2onnx", "1.16.1", 15)
        self.keep("keras_bytes", done, self.shown.reshape(-1, 28, 28), way, lambda out: out[0], kind="probabilities", layout=["N", "28", "28"])

    def scikit_linear(self) -> None:
        """A scaler and logistic regression on 0 to 255, with a label, and probabilities by name."""
        way = {"ink": 255, "paper": 0, "mean": 0, "std": 1}
        shown = self.ink(self.levels, **way)
        mean, std = shown.mean(0), shown.std(0) + 30
        matrix, bias = fit((shown - mean) / std, self.digits, rate=0.005)
        order = [3, 1, 4, 0, 5, 9, 2, 6, 8, 7]
        nodes = [
            node("Scaler", "X", "scaled", "Scaler", domain="ai.onnx.ml", offset=mean.tolist(), scale=(1 / std).tolist()),
            node("LinearClassifier", "scaled", "label scores", "LinearClassifier", domain="ai.onnx.ml", classlabels_ints=order, coefficients=matrix.T[order].ravel().tolist(),
                 intercepts=bias[order].tolist(), multi_class=1, post_transform="SOFTMAX"),
            node("Cast", "label", "output_label", "Cast", to=I64),
            node("Normalizer", "scores", "probabilities", "Normalizer", domain="ai.onnx.ml", norm="L1"),
            node("ZipMap", "probabilities", "output_probability", "ZipMap", domain="ai.onnx.ml", classlabels_int64s=order),
        ]
        names = onnx.TypeProto()
        names.sequence_type.elem_type.map_type.key_type = I64
        names.sequence_type.elem_type.map_type.value_type.tensor_type.elem_type = F
        made = [value("output_label", I64, [None]), helper.make_value_info("output_probability", names)]
        done = model(nodes, value("X", F, [None, 784]), made, [], "skl2onnx", "1.17.0", ml=True)
        listed = lambda out: np.array([[each[digit] for digit in range(10)] for each in out[1]])
        self.keep("scikit_linear", done, self.ink(self.shown, **way), way, listed, kind="probabilities", layout=["N", "784"])

    def scikit_network(self) -> None:
        """A network of double numbers that was trained on black ink on white paper; the label comes first."""
        way = {"ink": 0, "paper": 1, "mean": 0, "std": 1}
        # Learned of light ink, and turned round.
        hidden, offset = fit(self.ink(self.levels, 1, 0), self.digits, rate=0.005)
        hidden, offset = -hidden / 4, (offset + hidden.sum(0)) / 4
        features = np.tanh(self.ink(self.levels, **way).astype(float) @ hidden + offset)
        matrix, bias = fit(features, self.digits)
        double = lambda name, values: weights(name, values, np.float64)
        tensors = [double("coefficient", hidden), double("intercepts", offset[None]), double("coefficient1", matrix), double("intercepts1", bias[None]),
                   weights("classes", range(10), np.int32), whole("shape_tensor", [-1])]
        nodes = [
            node("MatMul", "X coefficient", "mul", "MatMul"),
            node("Add", "mul intercepts", "add", "Add"),
            node("Tanh", "add", "next", "Tanh"),
            node("MatMul", "next coefficient1", "mul1", "MatMul1"),
            node("Add", "mul1 intercepts1", "add1", "Add1"),
            node("Softmax", "add1", "probabilities", "Softmax", axis=1),
            node("ArgMax", "probabilities", "argmax", "ArgMax", axis=1),
            node("ArrayFeatureExtractor", "classes argmax", "extracted", "ArrayFeatureExtractor", domain="ai.onnx.ml"),
            node("Reshape", "extracted shape_tensor", "flat", "Reshape"),
            node("Cast", "flat", "label", "Cast", to=I64),
        ]
        made = [value("label", I64, [None]), value("probabilities", D, [None, 10])]
        done = model(nodes, value("X", D, [None, 784]), made, tensors, "skl2onnx", "1.17.0", ml=True)
        self.keep("scikit_network", done, self.ink(self.shown, **way).astype(float), way, lambda out: out[1], kind="probabilities", layout=["N", "784"])

    def signed(self) -> None:
        """-1 to 1, exactly four at a time, all shapes written out."""
        way = {"ink": 1, "paper": -1, "mean": 0, "std": 1}
        chance = np.random.default_rng(6)
        tensors = [weights("weight", 2 * filters(chance, 8, 7)), weights("bias", chance.normal(size=8) / 5), whole("flat_shape", [4, 392])]
        nodes = [
            node("Conv", "x weight bias", "conv", "conv", kernel_shape=[7, 7], pads=[3, 3, 3, 3], strides=[2, 2]),
            node("LeakyRelu", "conv", "bent", "bent", alpha=0.1),
            node("MaxPool", "bent", "pool", "pool", kernel_shape=[2, 2], strides=[2, 2]),
            node("Reshape", "pool flat_shape", "flat", "flat"),
            node("Gemm", "flat fc bias1", "scores", "fc"),
            node("LogSoftmax", "scores", "y", "last", axis=1),
        ]
        given, made = value("x", F, [4, 1, 28, 28]), [value("y", F, [4, 10])]
        shown = self.ink(self.levels, **way).reshape(-1, 1, 28, 28)
        draft = model(nodes[:3], value("x", F, [None, 1, 28, 28]), [value("pool", F, None)], tensors[:2], "pytorch", "1.8")
        matrix, bias = fit(self.features(draft, "pool", shown).reshape(len(shown), -1), self.digits)
        tensors += [weights("fc", matrix), weights("bias1", bias)]
        done = model(nodes, given, made, tensors, "pytorch", "1.8", 9)
        wide = np.repeat(self.ink(self.shown, **way).reshape(-1, 1, 1, 28, 28), 4, axis=1)
        onnx.checker.check_model(done)
        (self.folder / "signed_four.onnx").write_bytes(done.SerializeToString())
        found = softmax(np.array([run(done, four)[0][0] for four in wide]))
        assert (found.argmax(1) == np.arange(10)).sum() >= 8
        self.cases.append({"name": "signed_four", "normalisation": way, "positions": self.positions, "probabilities": np.round(found, 7).tolist(), "kind": "logits", "layout": ["N", "1", "28", "28"]})


def chains(chance: np.random.Generator) -> dict:
    """What is between a picture and ten numbers, for each of the made models: nodes, weights, version."""
    draw = lambda *shape: (chance.normal(size=shape) / np.sqrt(np.prod(shape[1:]) or 1)).astype(np.float32)
    conv = [node("Conv", "x k", "c", kernel_shape=[5, 5], strides=[4, 4])]
    kernel = weights("k", draw(4, 1, 5, 5) * 3)
    end = [node("Flatten", "e", "f"), node("MatMul", "f w", "y")]
    out = lambda count: weights("w", draw(count, 10))
    pairs = lambda text: [node(*step.split(":")) for step in text.split(";")]
    scalar = lambda name, number: weights(name, number)
    shapes = [
        node("Shape", "c", "s"), constant("n0", [0]), constant("n2", [2]), constant("n4", [2**63 - 1]),
        node("Slice", "s n0 n2", "head"), node("Slice", "s n2 n4", "tail"), node("ReduceProd", "tail", "area", keepdims=1), node("Concat", "head area", "to", axis=0),
        node("Reshape", "c to", "d"), node("Unsqueeze", "d n0", "u"), node("Squeeze", "u n0", "e"),
    ]
    return {
        "batch_norm": (conv + [node("BatchNormalization", "c s b m v", "n", epsilon=1e-3), node("Clip", "n lo hi", "e")] + end,
                       [kernel, weights("s", 1 + draw(4)), weights("b", draw(4)), weights("m", draw(4) / 9), weights("v", 0.5 + draw(4) ** 2), scalar("lo", 0), scalar("hi", 6), out(144)], 13),
        "means": (conv + [node("ReduceMean", "c axes", "g", keepdims=1), node("Sub", "c g", "d"), node("ReduceMean", "d last", "l", keepdims=0), node("ReduceMax", "d both", "t", keepdims=0),
                          node("ReduceSum", "d last", "q", keepdims=1), node("Flatten", "l", "l1"), node("Flatten", "q", "q1"), node("Concat", "l1 t q1", "e", axis=1)] + end,
                  [kernel, whole("axes", [2, 3]), whole("last", [-1]), whole("both", [2, 3]), out(52)], 18),
        "means_before": (conv + [node("ReduceMean", "c", "g", axes=[2, 3], keepdims=0), node("ReduceMax", "c", "t", axes=[1, 3], keepdims=0), node("Concat", "g t", "e", axis=1)] + end, [kernel, out(10)], 11),
        "layer_norm": (conv + [node("LayerNormalization", "c s b", "e", axis=-1)] + end, [kernel, weights("s", 1 + draw(6)), weights("b", draw(6)), out(144)], 17),
        "layer_norm_by_hand": (conv + [node("ReduceMean", "c", "m", axes=[-1]), node("Sub", "c m", "d"), node("Pow", "d two", "p"), node("ReduceMean", "p", "v", axes=[-1]),
                                       node("Add", "v eps", "ve"), node("Sqrt", "ve", "sd"), node("Div", "d sd", "e")] + end, [kernel, scalar("two", 2), scalar("eps", 1e-5), out(144)], 13),
        "instance_norm": (conv + [node("InstanceNormalization", "c s b", "e", epsilon=1e-4)] + end, [kernel, weights("s", 1 + draw(4)), weights("b", draw(4)), out(144)], 13),
        "group_norm_by_hand": (conv + [node("Reshape", "c to", "g"), node("InstanceNormalization", "g s b", "n"), node("Shape", "c", "sh"), node("Reshape", "n sh", "e")] + end,
                               [kernel, whole("to", [0, 2, -1]), weights("s", np.ones(2)), weights("b", np.zeros(2)), out(144)], 13),
        "bent": (conv + pairs("Softplus:c:a;Tanh:a:t;Mul:c t:mish;Sigmoid:c:si;Mul:mish si:m2;HardSwish:m2:h;Selu:h:se;Elu:se:el;Softsign:el:so;PRelu:so slope:p;HardSigmoid:p:hs;Celu:hs:ce;Exp:ce:ex;Reciprocal:ex:e") + end,
                 [kernel, weights("slope", draw(4, 1, 1) ** 2), out(144)], 14),
        "gelu": (conv + [node("Gelu", "c", "g1"), node("Gelu", "g1", "g2", approximate="tanh"), node("Mish", "g2", "e")] + end, [kernel, out(144)], 20),
        "gelu_by_hand": (conv + pairs("Div:c r:d;Erf:d:er;Add:er one:ad;Mul:c ad:mu;Mul:mu half:e") + end, [kernel, scalar("r", 2**0.5), scalar("one", 1), scalar("half", 0.5), out(144)], 13),
        "shapes": (conv + shapes + end, [kernel, out(144)], 13),
        "padded": (conv + [node("Pad", "c pads value", "e")] + end, [kernel, whole("pads", [0, 1, 2, 0, 0, 0, 1, 3]), scalar("value", 0.5), out(405)], 13),
        "cut": (conv + [node("Slice", "c st en ax", "s1"), node("Split", "s1", "a b", axis=1), node("Gather", "b i", "g", axis=2), node("Gather", "a j", "h", axis=1),
                        node("Flatten", "g", "g1"), node("Flatten", "h", "h1"), node("Concat", "g1 h1", "e", axis=1)] + end,
                [kernel, whole("st", [1, -4]), whole("en", [2**31 - 1, -1]), whole("ax", [2, 3]), whole("i", 2), whole("j", [1, 0, 1]), out(51)], 11),
        "expanded": (conv + [node("GlobalAveragePool", "c", "g"), node("Expand", "g to", "x1"), node("Mul", "x1 c", "e")] + end, [kernel, whole("to", [1, 4, 6, 6]), out(144)], 13),
        "pooled_up": ([node("Conv", "x k", "c", kernel_shape=[5, 5], dilations=[1, 1]), node("MaxPool", "c", "p", kernel_shape=[3, 3], strides=[2, 2], ceil_mode=1),
                       node("AveragePool", "p", "e", kernel_shape=[3, 3], strides=[2, 2], pads=[1, 1, 1, 1], count_include_pad=1)] + end, [kernel, out(144)], 13),
        "pooled": ([node("Conv", "x k", "c", kernel_shape=[5, 5], auto_pad="SAME_LOWER", strides=[3, 3]), node("AveragePool", "c", "p", kernel_shape=[2, 2], strides=[2, 2]),
                    node("GlobalMaxPool", "p", "g"), node("Squeeze", "g ax", "f"), node("MatMul", "f w", "y")], [kernel, whole("ax", [2, 3]), out(4)], 13),
        "grouped": (conv + [node("Conv", "c d", "g", kernel_shape=[3, 3], group=4, pads=[1, 1, 1, 1]), node("Conv", "g o", "e", kernel_shape=[1, 1])] + end,
                    [kernel, weights("d", draw(8, 1, 3, 3)), weights("o", draw(4, 8, 1, 1)), out(144)], 13),
        "turned_weights": ([node("Transpose", "k", "k1", perm=[3, 2, 0, 1]), node("Conv", "x k1", "e", kernel_shape=[5, 5], strides=[4, 4]), node("Flatten", "e", "f"), node("Transpose", "w1", "w", perm=[1, 0]),
                            node("MatMul", "f w", "y")], [weights("k", draw(5, 5, 1, 4)), weights("w1", draw(10, 144))], 13),
        "quantised": ([node("QuantizeLinear", "x xs xz", "xq"), node("DequantizeLinear", "xq xs xz", "xd"), node("DequantizeLinear", "kq ks kz", "kd", axis=0),
                       node("Conv", "xd kd", "c", kernel_shape=[5, 5], strides=[4, 4]), node("Relu", "c", "r"), node("QuantizeLinear", "r xs xz", "rq"), node("DequantizeLinear", "rq xs xz", "e")] + end,
                      [scalar("xs", 0.0137), weights("xz", 3, np.uint8), weights("kq", chance.integers(-127, 128, (4, 1, 5, 5)), np.int8), weights("ks", [0.004, 0.005, 0.006, 0.007]),
                       weights("kz", [0, 0, 0, 0], np.int8), out(144)], 13),
        "many": (conv + [node("Sum", "c c c", "s"), node("Max", "s c zero", "m"), node("Min", "m s", "i"), node("Mean", "i c", "a"), node("Neg", "a", "n"), node("Exp", "n", "x1"), node("Log", "x1", "l"),
                         node("Softmax", "l", "e", axis=1)] + end, [kernel, scalar("zero", 0), out(144)], 12),
        "chosen": (conv + [node("Shape", "c", "s"), constant("minus", [-1]), node("Equal", "target minus", "eq"), node("Where", "eq s target", "to"), node("ConstantOfShape", "len", "ones", value=numpy_helper.from_array(np.array([1], np.int64))),
                           node("Mul", "ones to", "to1"), node("Expand", "c to1", "e")] + end, [kernel, whole("target", [-1, 4, 6, -1]), whole("len", [4]), out(144)], 13),
    }


def made(folder: pathlib.Path) -> list:
    chance = np.random.default_rng(7)
    pictures = np.round(chance.random((2, 1, 28, 28)), 3).astype(np.float32)
    cases = []
    for name, (nodes, tensors, opset) in chains(chance).items():
        done = model(nodes, value("x", F, ["N", 1, 28, 28]), [value("y", F, ["N", 10])], tensors, "by hand", "1", opset)
        onnx.checker.check_model(done)
        print(name)
        # One at a time: some are made for it.
        scores = [run(done, picture[None])[0][0].astype(float).tolist() for picture in pictures]
        (folder / f"{name}.onnx").write_bytes(done.SerializeToString())
        cases.append({"name": name, "scores": np.round(scores, 6).tolist()})
    return [{"pictures": np.round(pictures.reshape(2, 784), 3).astype(float).round(3).tolist()}, *cases]


def main(root: pathlib.Path) -> None:
    folder = root / "tests/reference/own_models"
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.iterdir():
        old.unlink()
    learned = Learned(root, folder)
    for make in (learned.torch, learned.keras, learned.keras_bytes, learned.scikit_linear, learned.scikit_network, learned.signed):
        make()
    pictures, *cases = made(folder)
    listed = {"learned": learned.cases, "pictures": pictures["pictures"], "made": cases}
    (folder / "cases.json").write_text(json.dumps(listed, separators=(",", ":")) + "\n")


main(pathlib.Path(sys.argv[1]))
