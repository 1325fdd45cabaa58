//! The operators that `lower` makes of all others, as tract has them.
//!
//! tract knows four times as many. Those that are not named here are not linked, which
//! makes the wasm module much smaller.

use tract_onnx::Onnx;
use tract_onnx::model::ParsingContext;
use tract_onnx::pb::NodeProto;
use tract_onnx::tract_hir::internal::*;
use tract_onnx::tract_hir::ops::activations::{Clip, Elu, HardSigmoid, LeakyRelu, Softplus};
use tract_onnx::tract_hir::ops::array::{Concat, PermuteAxes, Reshape};
use tract_onnx::tract_hir::ops::binary::Nary;
use tract_onnx::tract_hir::ops::cnn::{Conv, HirMaxPool, HirSumPool, PaddingSpec, PoolSpec};
use tract_onnx::tract_hir::ops::math;
use tract_onnx::tract_hir::ops::matmul::MatMulInference;
use tract_onnx::tract_hir::ops::nn::{
    DataFormat, GlobalAvgPool, GlobalMaxPool, LayerSoftmax, Softmax, hard_swish, sigmoid,
};
use tract_onnx::tract_hir::tract_core::ops::array::Slice;
use tract_onnx::tract_hir::tract_core::ops::change_axes::wire_with_rank_broadcast;
use tract_onnx::tract_hir::tract_core::ops::einsum::EinSum;

type Operator = Box<dyn InferenceOp>;
type Built = TractResult<(Operator, Vec<String>)>;

/// tract's reader of ONNX files, which knows these operators.
pub(super) fn reader() -> Onnx {
    let mut onnx = Onnx::default();
    let known = &mut onnx.op_register;
    known.insert("Abs", |_, _| plain(math::abs().into_hir()));
    known.insert("Add", |_, _| plain(math::Add.into_hir()));
    known.insert("AveragePool", |_, node| {
        let with_padding = node.get_attr_opt("count_include_pad")?.unwrap_or(false);
        plain(expand(HirSumPool::new(windows(node)?, with_padding, true)))
    });
    known.insert("BatchNormalization", |_, node| {
        let epsilon = node.get_attr_opt("epsilon")?.unwrap_or(1e-5);
        plain(expand(Normalized { epsilon }))
    });
    known.insert("Clip", |_, node| {
        let [least, most] = ["min", "max"].map(|name| node.get_attr_opt(name));
        plain(expand(Clip::new(least?, most?)))
    });
    known.insert("Concat", |_, node| {
        plain(expand(Concat::new(node.get_attr("axis")?)))
    });
    known.insert("Conv", convolution);
    known.insert("Div", |_, _| plain(math::Div.into_hir()));
    known.insert("Elu", |_, node| {
        plain(expand(Elu(node.get_attr_opt("alpha")?.unwrap_or(1.0))))
    });
    known.insert("Erf", |_, _| plain(math::erf().into_hir()));
    known.insert("Exp", |_, _| plain(math::exp().into_hir()));
    known.insert("Gemm", |_, node| {
        plain(expand(Weighed {
            factors: [
                node.get_attr_opt("alpha")?.unwrap_or(1.0),
                node.get_attr_opt("beta")?.unwrap_or(1.0),
            ],
            turned: [
                node.get_attr_opt("transA")?.unwrap_or(false),
                node.get_attr_opt("transB")?.unwrap_or(false),
            ],
        }))
    });
    known.insert("GlobalAveragePool", |_, _| plain(expand(GlobalAvgPool)));
    known.insert("GlobalMaxPool", |_, _| plain(expand(GlobalMaxPool)));
    known.insert("HardSigmoid", |_, node| {
        let slope = node.get_attr_opt("alpha")?.unwrap_or(0.2);
        plain(expand(HardSigmoid(
            slope,
            node.get_attr_opt("beta")?.unwrap_or(0.5),
        )))
    });
    known.insert("HardSwish", |_, _| plain(hard_swish().into_hir()));
    known.insert("LeakyRelu", |_, node| {
        plain(expand(LeakyRelu(
            node.get_attr_opt("alpha")?.unwrap_or(0.01),
        )))
    });
    known.insert("Log", |_, _| plain(math::ln().into_hir()));
    known.insert("MatMul", |_, _| plain(expand(MatMulInference::default())));
    known.insert("Max", |_, _| {
        plain(Box::new(Nary(Box::new(math::Max), false)))
    });
    known.insert("MaxPool", |_, node| {
        if node.output.len() > 1 {
            bail!("only the first output of MaxPool is known");
        }
        plain(expand(HirMaxPool::new(windows(node)?, None)))
    });
    known.insert("Min", |_, _| {
        plain(Box::new(Nary(Box::new(math::Min), false)))
    });
    known.insert("Mul", |_, _| plain(math::Mul.into_hir()));
    known.insert("Neg", |_, _| plain(math::neg().into_hir()));
    known.insert("Relu", |_, _| plain(expand(Clip::new(Some(0.0), None))));
    known.insert("Reshape", |_, node| {
        let zero = node.get_attr_opt::<i64>("allowzero")?.unwrap_or(0) != 0;
        plain(expand(Reshape::new(zero)))
    });
    known.insert("Round", |_, _| plain(math::round_half_to_even().into_hir()));
    known.insert("Sigmoid", |_, _| plain(sigmoid().into_hir()));
    known.insert("Slice", |_, node| {
        plain(expand(Cut {
            axis: node.get_attr("axis")?,
            start: node.get_attr("start")?,
            end: node.get_attr("end")?,
        }))
    });
    known.insert("Softmax", |context, node| {
        let (axis, flattens) = softmax_axis(context, node)?;
        plain(if flattens {
            expand(LayerSoftmax::new(axis, true))
        } else {
            expand(Softmax::new(axis))
        })
    });
    known.insert("Softplus", |_, _| plain(expand(Softplus)));
    known.insert("Sqrt", |_, _| plain(math::sqrt().into_hir()));
    known.insert("Sub", |_, _| plain(math::Sub.into_hir()));
    known.insert("Tanh", |_, _| plain(math::tanh().into_hir()));
    known.insert("Transpose", |_, node| {
        let order = node.get_attr_opt_tvec("perm")?;
        plain(expand(PermuteAxes::new(order)))
    });
    onnx
}

/// An operator that has no network within it.
fn plain(operator: Operator) -> Built {
    Ok((operator, Vec::new()))
}

fn convolution(_: &ParsingContext, node: &NodeProto) -> Built {
    let mut operator = Conv::default().padding(padding(node, PaddingSpec::Explicit)?);
    if let Some(shape) = node.get_attr_opt_tvec("kernel_shape")? {
        operator = operator.kernel_shape(shape);
    }
    if let Some(dilations) = node.get_attr_opt_tvec("dilations")? {
        operator = operator.dilations(dilations);
    }
    if let Some(strides) = node.get_attr_opt_tvec("strides")? {
        operator = operator.strides(strides);
    }
    if let Some(groups) = node.get_attr_opt("group")? {
        operator = operator.group(groups);
    }
    if node.input.get(2).is_some_and(|bias| !bias.is_empty()) {
        operator = operator.bias_input(2);
    }
    plain(expand(operator))
}

/// The windows of a pooling operator.
fn windows(node: &NodeProto) -> TractResult<PoolSpec> {
    let ceil = node.get_attr_opt::<i64>("ceil_mode")?.unwrap_or(0) != 0;
    let padding = padding(node, |before, after| {
        PaddingSpec::ExplicitOnnxPool(before, after, ceil)
    })?;
    Ok(PoolSpec::new(
        DataFormat::NCHW,
        node.get_attr_tvec("kernel_shape")?,
        padding,
        node.get_attr_opt_tvec("dilations")?,
        node.get_attr_opt_tvec("strides")?,
        0,
        0,
    ))
}

/// What is put around a picture before windows move over it.
fn padding(
    node: &NodeProto,
    explicit: impl Fn(TVec<usize>, TVec<usize>) -> PaddingSpec,
) -> TractResult<PaddingSpec> {
    Ok(
        match node.get_attr_opt::<&str>("auto_pad")?.unwrap_or("NOTSET") {
            "VALID" => PaddingSpec::Valid,
            "SAME_UPPER" => PaddingSpec::SameUpper,
            "SAME_LOWER" => PaddingSpec::SameLower,
            "NOTSET" => match node.get_attr_opt_tvec::<usize>("pads")? {
                Some(pads) => {
                    let (before, after) = pads.split_at(pads.len() / 2);
                    explicit(before.into(), after.into())
                }
                None => match node.get_attr_opt_tvec::<usize>("kernel_shape")? {
                    Some(shape) => explicit(tvec!(0; shape.len()), tvec!(0; shape.len())),
                    None => PaddingSpec::Valid,
                },
            },
            other => bail!("auto_pad is {other}"),
        },
    )
}

/// The axis of a softmax, and whether all axes from it on are taken together, as was
/// usual before version 13.
fn softmax_axis(context: &ParsingContext, node: &NodeProto) -> TractResult<(isize, bool)> {
    let flattens = context.onnx_operator_set_version < 13;
    let usual = if flattens { 1 } else { -1 };
    Ok((node.get_attr_opt("axis")?.unwrap_or(usual), flattens))
}

/// A part of an axis, from a place to before another.
#[derive(Clone, Debug)]
struct Cut {
    axis: usize,
    start: usize,
    end: usize,
}

impl Expansion for Cut {
    fn name(&self) -> StaticName {
        "Slice".into()
    }

    fn rules<'r, 'p: 'r, 's: 'r>(
        &'s self,
        solver: &mut Solver<'r>,
        inputs: &'p [TensorProxy],
        outputs: &'p [TensorProxy],
    ) -> InferenceResult {
        check_input_arity(inputs, 1)?;
        check_output_arity(outputs, 1)?;
        solver.equals(&outputs[0].datum_type, &inputs[0].datum_type)?;
        solver.equals(&outputs[0].rank, &inputs[0].rank)?;
        solver.given(&inputs[0].shape, move |solver, mut shape| {
            shape[self.axis] = (self.end - self.start).to_dim();
            solver.equals(&outputs[0].shape, shape)
        })
    }

    fn wire(
        &self,
        prefix: &str,
        model: &mut TypedModel,
        inputs: &[OutletId],
    ) -> TractResult<TVec<OutletId>> {
        model.wire_node(prefix, Slice::new(self.axis, self.start, self.end), inputs)
    }
}

/// Normalisation by the means and deviations that a network has learned.
#[derive(Clone, Debug)]
struct Normalized {
    epsilon: f32,
}

impl Expansion for Normalized {
    fn name(&self) -> StaticName {
        "BatchNormalization".into()
    }

    fn rules<'r, 'p: 'r, 's: 'r>(
        &'s self,
        solver: &mut Solver<'r>,
        inputs: &'p [TensorProxy],
        outputs: &'p [TensorProxy],
    ) -> InferenceResult {
        check_input_arity(inputs, 5)?;
        check_output_arity(outputs, 1)?;
        solver.equals(&outputs[0].shape, &inputs[0].shape)?;
        solver.equals(&outputs[0].datum_type, &inputs[0].datum_type)?;
        for learned in &inputs[1..] {
            solver.equals(&learned.rank, 1)?;
            solver.equals(&learned.shape[0], &inputs[0].shape[1])?;
        }
        Ok(())
    }

    /// A factor and a summand for each channel.
    fn wire(
        &self,
        prefix: &str,
        model: &mut TypedModel,
        inputs: &[OutletId],
    ) -> TractResult<TVec<OutletId>> {
        let learned = |place: usize| -> TractResult<Vec<f32>> {
            let fact = model.outlet_fact(inputs[place])?;
            let values = fact
                .konst
                .as_ref()
                .context("what was learned must be constant")?;
            let values = values.cast_to::<f32>()?;
            Ok(values
                .to_plain_array_view::<f32>()?
                .iter()
                .copied()
                .collect())
        };
        let [scale, bias, mean, variance] = [learned(1)?, learned(2)?, learned(3)?, learned(4)?];
        let factors = scale.iter().zip(&variance);
        let factors: Vec<f32> = factors
            .map(|(scale, variance)| scale / (variance + self.epsilon).sqrt())
            .collect();
        let summands = bias.iter().zip(&mean).zip(&factors);
        let summands: Vec<f32> = summands
            .map(|((bias, mean), factor)| bias - mean * factor)
            .collect();
        let mut shape: TVec<usize> = tvec!(1; model.outlet_fact(inputs[0])?.rank());
        shape[1] = factors.len();
        let factors = Tensor::from_shape(&shape, &factors)?;
        let summands = Tensor::from_shape(&shape, &summands)?;
        let factors = model.add_const(format!("{prefix}.factors"), factors)?;
        let summands = model.add_const(format!("{prefix}.summands"), summands)?;
        let scaled = model.wire_node(
            format!("{prefix}.scaled"),
            math::mul(),
            &[inputs[0], factors],
        )?;
        model.wire_node(prefix, math::add(), &[scaled[0], summands])
    }
}

/// A product of two matrices, either of which may be turned, and a sum.
#[derive(Clone, Debug)]
struct Weighed {
    /// Of the product and of what is added.
    factors: [f32; 2],
    turned: [bool; 2],
}

impl Weighed {
    /// What is given, times its factor.
    fn scaled(
        model: &mut TypedModel,
        name: String,
        factor: f32,
        given: OutletId,
    ) -> TractResult<OutletId> {
        if factor == 1.0 {
            return Ok(given);
        }
        let rank = model.outlet_fact(given)?.rank();
        let factor = tensor0(factor).broadcast_into_rank(rank)?;
        let factor = model.add_const(format!("{name}.factor"), factor)?;
        Ok(model.wire_node(name, math::mul(), &[given, factor])?[0])
    }
}

impl Expansion for Weighed {
    fn name(&self) -> StaticName {
        "Gemm".into()
    }

    fn rules<'r, 'p: 'r, 's: 'r>(
        &'s self,
        solver: &mut Solver<'r>,
        inputs: &'p [TensorProxy],
        outputs: &'p [TensorProxy],
    ) -> InferenceResult {
        if !(2..=3).contains(&inputs.len()) {
            bail!("Gemm takes 2 or 3 inputs and not {}", inputs.len());
        }
        check_output_arity(outputs, 1)?;
        for matrix in [&inputs[0], &inputs[1], &outputs[0]] {
            solver.equals(&matrix.rank, 2)?;
        }
        for input in inputs {
            solver.equals(&input.datum_type, &outputs[0].datum_type)?;
        }
        let [left, right] = self.turned.map(usize::from);
        solver.equals(&inputs[0].shape[left], &outputs[0].shape[0])?;
        solver.equals(&inputs[0].shape[1 - left], &inputs[1].shape[right])?;
        solver.equals(&inputs[1].shape[1 - right], &outputs[0].shape[1])
    }

    fn wire(
        &self,
        prefix: &str,
        model: &mut TypedModel,
        inputs: &[OutletId],
    ) -> TractResult<TVec<OutletId>> {
        let [left, right] = self.turned;
        let axes = AxesMapping::for_numpy_matmul(2, left, right, false)?;
        let product = EinSum::new(axes, model.outlet_fact(inputs[0])?.datum_type);
        let product = model.wire_node(format!("{prefix}.product"), product, &inputs[..2])?[0];
        let [factor, factor_of_rest] = self.factors;
        let scaled = Self::scaled(model, format!("{prefix}.scaled"), factor, product)?;
        let Some(&rest) = inputs.get(2).filter(|_| factor_of_rest != 0.0) else {
            return Ok(tvec!(scaled));
        };
        let rest = Self::scaled(model, format!("{prefix}.rest"), factor_of_rest, rest)?;
        wire_with_rank_broadcast(prefix, model, math::add(), &[scaled, rest])
    }
}
