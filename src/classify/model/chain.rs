//! Convolutions one after the other as a single step.
//!
//! Wherever a network that tract has read goes through 3 x 3 convolutions, the steps that
//! belong together (a convolution, what cuts off negative values, and the largest of each
//! 2 x 2 pixels, as often as they follow each other) become one step that computes them by
//! `winograd`, without putting its pixels into another order in between.

use super::winograd::{Geometry, Layer, Scratch, Surface};
use std::sync::Arc;
use tract_onnx::tract_core::internal::*;
use tract_onnx::tract_core::ops::binary::TypedBinOp;
use tract_onnx::tract_core::ops::cnn::{Conv, KernelFormat, MaxPool};
use tract_onnx::tract_core::ops::math::Max;
use tract_onnx::tract_core::ops::nn::DataFormat;

/// The most pairs of channels of a layer: beyond it, its weights would take too much room.
const MOST_PAIRS: usize = 1 << 18;

/// Puts convolutions together wherever that pays.
pub(super) fn link(mut model: TypedModel) -> TractResult<TypedModel> {
    for node in model.eval_order()? {
        let Some((chain, last)) = Chain::from(&model, node)? else {
            continue;
        };
        let input = model.node(node).inputs[0];
        let name = model.node(last).name.clone();
        let mut patch = TypedModelPatch::default();
        let input = patch.tap_model(&model, input)?;
        let output = patch.wire_node(name, chain, &[input])?;
        patch.shunt_outside(&model, last.into(), output[0])?;
        patch.apply(&mut model)?;
    }
    model.compact()?;
    Ok(model)
}

/// Convolutions and what lies between them.
#[derive(Clone, Debug)]
struct Chain {
    layers: Arc<Vec<Layer>>,
    /// How many pictures at a time.
    pictures: usize,
    /// Height and width of what goes in.
    side: [usize; 2],
    /// Channels in and out.
    channels: [usize; 2],
    /// Whether each pixel has its channels together, rather than each channel its pixels.
    pixelwise: bool,
    shape: TVec<usize>,
}

impl PartialEq for Chain {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.layers, &other.layers)
    }
}

impl Eq for Chain {}

impl Chain {
    /// The chain that begins at a node, and the node that it ends at.
    fn from(model: &TypedModel, first: usize) -> TractResult<Option<(Self, usize)>> {
        let (Some(format), Some((geometry, layer))) =
            (format_of(model, first), convolution(model, first)?)
        else {
            return Ok(None);
        };
        let (side, from) = (geometry.input, geometry.channels[0]);
        let mut to = geometry.channels[1];
        let mut layers = vec![layer];
        let mut last = first;
        while let Some(next) = follower(model, last)? {
            let current = layers.last_mut().expect("there is one");
            if cuts(model, next)? {
                current.cuts = true;
            } else if !current.pools && pools(model, next, format)? {
                current.pools = true;
            } else if format_of(model, next) == Some(format)
                && let Some((geometry, layer)) = convolution(model, next)?
            {
                to = geometry.channels[1];
                layers.push(layer);
            } else {
                break;
            }
            last = next;
        }
        let input = model.outlet_fact(model.node(first).inputs[0])?;
        let Some(shape) = input.shape.as_concrete() else {
            return Ok(None);
        };
        let pictures = format.shape(shape)?.n().copied().unwrap_or(1);
        let [height, width] = layers.last().expect("there is one").side();
        let shape = format.from_n_c_hw(pictures, to, [height, width])?;
        let chain = Self {
            layers: Arc::new(layers),
            pictures,
            side,
            channels: [from, to],
            pixelwise: format.c_is_last(),
            shape: shape.shape.iter().copied().collect(),
        };
        Ok(Some((chain, last)))
    }

    /// Takes one picture through all layers.
    fn run(&self, links: &mut Links, input: &[f32], output: &mut [f32]) {
        let [from, to] = self.channels;
        let [_, width] = self.side;
        let surface = self.layers[0].surface();
        let (first, _) = links
            .planes
            .split_first_mut()
            .expect("one more than layers");
        let pixels = input.len() / from;
        for pixel in 0..pixels {
            let at = surface.at(pixel / width, pixel % width);
            for (channel, value) in first[at..][..from].iter_mut().enumerate() {
                *value = if self.pixelwise {
                    input[pixel * from + channel]
                } else {
                    input[channel * pixels + pixel]
                };
            }
        }
        for (at, layer) in self.layers.iter().enumerate() {
            let [before, after] = &mut links.planes[at..at + 2] else {
                unreachable!("one more than layers")
            };
            layer.apply(before, after, self.surface(at + 1), &mut links.scratch);
        }
        let surface = self.surface(self.layers.len());
        let last = links.planes.last().expect("one more than layers");
        let pixels = output.len() / to;
        for (pixel, values) in last.chunks_exact(surface.channels).enumerate() {
            for (channel, value) in values[..to].iter().enumerate() {
                if self.pixelwise {
                    output[pixel * to + channel] = *value;
                } else {
                    output[channel * pixels + pixel] = *value;
                }
            }
        }
    }

    /// Where pixels lie before a layer, and after the last.
    fn surface(&self, at: usize) -> Surface {
        match self.layers.get(at) {
            Some(layer) => layer.surface(),
            None => {
                let last = &self.layers[at - 1];
                Surface::plain(last.side(), last.channels())
            }
        }
    }
}

impl Op for Chain {
    fn name(&self) -> StaticName {
        "Chain".into()
    }

    op_as_typed_op!();
}

impl EvalOp for Chain {
    not_out_of_plan!();

    fn state(&self, _: &EvalContext) -> TractResult<Option<Box<dyn OpState>>> {
        let mut scratch = Scratch::default();
        for layer in &*self.layers {
            scratch.reserve(layer);
        }
        let planes = (0..=self.layers.len()).map(|at| vec![0.0; self.surface(at).len()]);
        Ok(Some(Box::new(Links {
            planes: planes.collect(),
            scratch,
        })))
    }
}

impl TypedOp for Chain {
    fn output_facts(&self, _: &[&TypedFact]) -> TractResult<TVec<TypedFact>> {
        Ok(tvec!(f32::fact(&*self.shape)))
    }

    as_op!();
}

/// What a chain keeps from one picture to the next.
#[derive(Clone, Debug)]
struct Links {
    /// What goes into each layer, and what comes out of the last. Borders stay 0.
    planes: Vec<Vec<f32>>,
    scratch: Scratch,
}

impl OpState for Links {
    fn eval(
        &mut self,
        _: &EvalContext,
        op: &dyn Op,
        inputs: TVec<TValue>,
    ) -> TractResult<TVec<TValue>> {
        let chain = op.downcast_ref::<Chain>().context("it is of a chain")?;
        let input = args_1!(inputs);
        let input = input.try_as_plain_ram()?;
        let input = input.as_slice::<f32>()?;
        let mut output = Tensor::zero::<f32>(&chain.shape)?;
        let mut numbers = output.try_as_plain_ram_mut()?;
        let numbers = numbers.as_slice_mut::<f32>()?;
        let [from, to] = [input.len(), numbers.len()].map(|length| length / chain.pictures);
        for (input, output) in input.chunks_exact(from).zip(numbers.chunks_exact_mut(to)) {
            chain.run(self, input, output);
        }
        Ok(tvec!(output.into_tvalue()))
    }

    fn reset_lanes(&mut self, _: &[LaneId]) -> TractResult<()> {
        Ok(())
    }
}

/// The only node that takes what a node gives.
fn follower(model: &TypedModel, node: usize) -> TractResult<Option<usize>> {
    let outputs = &model.node(node).outputs;
    let [output] = &**outputs else {
        return Ok(None);
    };
    let is_result = model.output_outlets()?.contains(&node.into());
    Ok(match &*output.successors {
        [only] if !is_result => Some(only.node),
        _ => None,
    })
}

/// The order in which a convolution has its numbers.
fn format_of(model: &TypedModel, node: usize) -> Option<DataFormat> {
    let conv = model.node(node).op_as::<Conv>();
    conv.map(|conv| conv.pool_spec.data_format)
}

/// A convolution that is worth it.
fn convolution(model: &TypedModel, node: usize) -> TractResult<Option<(Geometry, Layer)>> {
    let node = model.node(node);
    let Some(conv) = node.op_as::<Conv>() else {
        return Ok(None);
    };
    let spec = &conv.pool_spec;
    let is_plain = spec.kernel_shape[..] == [3, 3]
        && spec.strides()[..] == [1, 1]
        && spec.dilations()[..] == [1, 1]
        && conv.group == 1
        && conv.q_params.is_none();
    let &[input, kernel, bias] = &*node.inputs else {
        return Ok(None);
    };
    let input = model.outlet_fact(input)?;
    let [kernel, bias] = [kernel, bias].map(|outlet| model.outlet_fact(outlet));
    let (kernel, bias) = (kernel?.konst.as_ref(), bias?.konst.as_ref());
    let (true, Some(shape), Some(kernel), Some(bias)) =
        (is_plain, input.shape.as_concrete(), kernel, bias)
    else {
        return Ok(None);
    };
    let all = [input.datum_type, kernel.datum_type(), bias.datum_type()];
    if all != [f32::datum_type(); 3] {
        return Ok(None);
    }
    let shape = spec.data_format.shape(shape)?;
    let padding = spec.computed_padding(shape.hw_dims());
    let (&[height, width], [rows, columns]) = (shape.hw_dims(), &*padding) else {
        return Ok(None);
    };
    let channels @ [from, to] = [conv.input_channels(), conv.output_channels()];
    let geometry = Geometry {
        channels,
        input: [height, width],
        before: [rows.pad_before, columns.pad_before],
        output: [rows.convoluted, columns.convoluted],
    };
    if geometry.output.contains(&0) || from * to > MOST_PAIRS || !geometry.pays() {
        return Ok(None);
    }
    let (kernel, bias) = (kernel.try_as_plain_ram()?, bias.try_as_plain_ram()?);
    let (kernel, bias) = (kernel.as_slice::<f32>()?, bias.as_slice::<f32>()?);
    if kernel.len() != 9 * from * to || ![1, to].contains(&bias.len()) {
        return Ok(None);
    }
    let weight = |output, input, y, x| {
        let window = 3 * y + x;
        kernel[match conv.kernel_fmt {
            KernelFormat::OIHW => (output * from + input) * 9 + window,
            KernelFormat::HWIO => (window * from + input) * to + output,
            KernelFormat::OHWI => (output * 9 + window) * from + input,
        }]
    };
    let layer = Layer::new(geometry.clone(), weight, |channel| {
        bias[if bias.len() == 1 { 0 } else { channel }]
    });
    Ok(Some((geometry, layer)))
}

/// Whether a node cuts off negative values.
fn cuts(model: &TypedModel, node: usize) -> TractResult<bool> {
    let node = model.node(node);
    let is_max = node
        .op_as::<TypedBinOp>()
        .is_some_and(|op| op.0.is::<Max>());
    if !is_max || node.outputs.len() != 1 {
        return Ok(false);
    }
    for input in &node.inputs {
        let fact = model.outlet_fact(*input)?;
        if let Some(constant) = &fact.konst
            && constant.len() == 1
            && constant.datum_type() == f32::datum_type()
        {
            let constant = constant.try_as_plain_ram()?;
            return Ok(constant.as_slice::<f32>()? == [0.0]);
        }
    }
    Ok(false)
}

/// Whether a node keeps the largest of each whole 2 x 2 pixels.
fn pools(model: &TypedModel, node: usize, format: DataFormat) -> TractResult<bool> {
    let node = model.node(node);
    let Some(pool) = node.op_as::<MaxPool>() else {
        return Ok(false);
    };
    let spec = &pool.pool_spec;
    let input = model.outlet_fact(node.inputs[0])?;
    let Some(shape) = input.shape.as_concrete() else {
        return Ok(false);
    };
    let shape = spec.data_format.shape(shape)?;
    let padding = spec.computed_padding(shape.hw_dims());
    Ok(pool.with_index_outputs.is_none()
        && spec.data_format == format
        && spec.kernel_shape[..] == [2, 2]
        && spec.strides()[..] == [2, 2]
        && spec.dilations()[..] == [1, 1]
        && shape
            .hw_dims()
            .iter()
            .zip(&padding)
            .all(|(side, axis)| axis.pad_before == 0 && *side >= 2 && axis.convoluted == side / 2))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::{Purpose, Stream};
    use tract_onnx::tract_core::ops::cnn::{PaddingSpec, PoolSpec};
    use tract_onnx::tract_core::ops::math;

    /// Normal numbers.
    fn numbers(shape: &[usize], seed: u64) -> Tensor {
        let mut stream = Stream::new(seed, 0, Purpose::Training);
        let count = shape.iter().product();
        let numbers: Vec<f32> = (0..count).map(|_| stream.normal() as f32 / 4.0).collect();
        Tensor::from_shape(shape, &numbers).expect("a tensor")
    }

    /// A network that is put together step by step, and what it is put together with.
    struct Network {
        model: TypedModel,
        format: DataFormat,
    }

    impl Network {
        /// Two pictures of six channels go in.
        fn new(format: DataFormat) -> (Self, OutletId) {
            let shape = format.from_n_c_hw(2, 6, [11, 8]).expect("a shape").shape;
            let mut model = TypedModel::default();
            let input = model.add_source("input", f32::fact(&*shape));
            (Self { model, format }, input.expect("an input"))
        }

        fn spec(&self, side: usize, padding: PaddingSpec, channels: [usize; 2]) -> PoolSpec {
            let [from, to] = channels;
            let strides = if side == 2 { Some(tvec!(2, 2)) } else { None };
            let format = self.format;
            PoolSpec::new(format, tvec!(side, side), padding, None, strides, from, to)
        }

        fn wire(&mut self, op: impl Into<Box<dyn TypedOp>>, inputs: &[OutletId]) -> OutletId {
            let name = format!("step {}", self.model.nodes.len());
            self.model.wire_node(name, op, inputs).expect("a step")[0]
        }

        fn constant(&mut self, tensor: Tensor) -> OutletId {
            let name = format!("constant {}", self.model.nodes.len());
            self.model.add_const(name, tensor).expect("a constant")
        }

        fn convolution(
            &mut self,
            input: OutletId,
            side: usize,
            padding: PaddingSpec,
            channels @ [from, to]: [usize; 2],
            kernel_fmt: KernelFormat,
        ) -> OutletId {
            let shape = match kernel_fmt {
                KernelFormat::OIHW => [to, from, side, side],
                KernelFormat::HWIO => [side, side, from, to],
                KernelFormat::OHWI => [to, side, side, from],
            };
            let kernel = self.constant(numbers(&shape, self.model.nodes.len() as u64));
            let bias = self.constant(numbers(&[to], self.model.nodes.len() as u64));
            let op = Conv {
                pool_spec: self.spec(side, padding, channels),
                kernel_fmt,
                group: 1,
                q_params: None,
            };
            self.wire(op, &[input, kernel, bias])
        }

        /// The larger of each number and another.
        fn cut(&mut self, input: OutletId, least: f32) -> OutletId {
            let least = self.constant(Tensor::from_shape(&[1; 4], &[least]).expect("a tensor"));
            self.wire(math::max(), &[input, least])
        }

        fn pool(&mut self, input: OutletId, padding: PaddingSpec) -> OutletId {
            let op = MaxPool {
                pool_spec: self.spec(2, padding, [12, 12]),
                with_index_outputs: None,
            };
            self.wire(op, &[input])
        }

        /// How many chains it becomes, and how many convolutions are left; what it gives
        /// must stay the same.
        fn check(mut self, outputs: &[OutletId]) -> [usize; 2] {
            self.model.select_output_outlets(outputs).expect("outputs");
            let plain = self.model.into_decluttered().expect("a model");
            let linked = link(plain.clone()).expect("a model");
            let shape = plain.input_fact(0).expect("an input").shape.as_concrete();
            let input = numbers(shape.expect("a shape"), 77);
            let count = |name: &str| {
                let nodes = linked.nodes.iter();
                nodes.filter(|node| node.op.name() == name).count()
            };
            let counts = [count("Chain"), count("Conv")];
            let linked = linked.into_optimized().and_then(TypedModel::into_runnable);
            let mut linked = linked.and_then(|model| model.spawn()).expect("a network");
            let expected = plain.into_runnable().expect("a network");
            // What it keeps from one picture to the next must not matter.
            for factor in [3.0, 1.0] {
                let mut input = input.clone();
                let mut view = input.to_plain_array_view_mut::<f32>().expect("numbers");
                view.map_inplace(|number| *number *= factor);
                let input = tvec!(input.into_tvalue());
                let expected = expected.run(input.clone()).expect("an answer");
                let found = linked.run(input).expect("an answer");
                for (found, expected) in found.iter().zip(&expected) {
                    let close = found.close_enough(expected, Approximation::Approximate);
                    close.expect("the same answer");
                }
            }
            counts
        }
    }

    const SAME: PaddingSpec = PaddingSpec::SameUpper;

    #[test]
    fn steps_become_a_chain_in_every_order_of_numbers() {
        for format in [DataFormat::NCHW, DataFormat::NHWC] {
            for kernel in [KernelFormat::OIHW, KernelFormat::HWIO, KernelFormat::OHWI] {
                let (mut network, mut at) = Network::new(format);
                at = network.convolution(at, 3, SAME, [6, 12], kernel);
                at = network.cut(at, 0.0);
                at = network.pool(at, PaddingSpec::Valid);
                at = network.convolution(at, 3, SAME, [12, 16], kernel);
                at = network.convolution(at, 3, PaddingSpec::Valid, [16, 12], kernel);
                at = network.pool(at, PaddingSpec::Valid);
                at = network.cut(at, 0.0);
                assert_eq!(network.check(&[at]), [1, 0], "{format:?} {kernel:?}");
            }
        }
    }

    #[test]
    fn what_others_need_too_is_the_end_of_a_chain() {
        let (mut network, at) = Network::new(DataFormat::NCHW);
        let kernel = KernelFormat::OIHW;
        let first = network.convolution(at, 3, SAME, [6, 12], kernel);
        let shared = network.cut(first, 0.0);
        let second = network.convolution(shared, 3, SAME, [12, 12], kernel);
        let sum = network.wire(math::add(), &[shared, second]);
        let third = network.convolution(sum, 3, SAME, [12, 12], kernel);
        let cut = network.cut(third, 0.0);
        assert_eq!(network.check(&[third, cut]), [3, 0]);
    }

    #[test]
    fn other_steps_stay() {
        let (mut network, at) = Network::new(DataFormat::NCHW);
        let kernel = KernelFormat::OIHW;
        let at = network.convolution(at, 3, SAME, [6, 12], kernel);
        let at = network.cut(at, 0.25);
        let at = network.convolution(at, 5, SAME, [12, 12], kernel);
        let at = network.cut(at, 0.0);
        let at = network.convolution(at, 3, SAME, [12, 12], kernel);
        let at = network.pool(at, SAME);
        assert_eq!(network.check(&[at]), [2, 1]);
    }
}
