//! What takes many numbers together.

use super::{Inputs, Lowering, Made, Rule, axes, axis_of, given};
use crate::classify::model::fact::{Fact, Kind, told};
use tract_onnx::pb::NodeProto;

pub(super) fn rule(operator: &str) -> Option<Rule> {
    Some(match operator {
        "Softmax" => softmax,
        "LogSoftmax" => log_softmax,
        "ReduceMean" | "ReduceSum" | "ReduceMax" => reduce,
        "QuantizeLinear" => to_steps,
        "DequantizeLinear" => from_steps,
        _ => return None,
    })
}

fn softmax(lowering: &mut Lowering<'_>, node: &NodeProto, inputs: &Inputs) -> Made<Vec<Fact>> {
    let x = inputs.float(0)?;
    if let Some(axis) = given::integer(node, "axis") {
        axis_of(axis, x.rank())?;
    }
    Ok(vec![lowering.step(
        &node.op_type,
        &[x],
        node.attribute.clone(),
        x.shape.clone(),
    )?])
}

/// Written out, so that large scores stay finite.
fn log_softmax(lowering: &mut Lowering<'_>, node: &NodeProto, inputs: &Inputs) -> Made<Vec<Fact>> {
    let x = inputs.float(0)?;
    // All axes from it on were taken together once.
    let flattens = lowering.opset < 13;
    let usual = if flattens { 1 } else { -1 };
    let first = axis_of(given::integer(node, "axis").unwrap_or(usual), x.rank())?;
    let end = if flattens { x.rank() } else { first + 1 };
    let axes: Vec<usize> = (first..end).collect();
    let most = lowering.reduced(x, Reduction::Max, &axes, true)?;
    let below = lowering.binary("Sub", x, &most)?;
    let powers = lowering.unary("Exp", &below)?;
    let sum = lowering.reduced(&powers, Reduction::Sum, &axes, true)?;
    let sum = lowering.unary("Log", &sum)?;
    Ok(vec![lowering.binary("Sub", &below, &sum)?])
}

/// How numbers become one.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Reduction {
    Mean,
    Sum,
    Max,
}

fn reduce(lowering: &mut Lowering<'_>, node: &NodeProto, inputs: &Inputs) -> Made<Vec<Fact>> {
    let x = inputs.float(0)?;
    let reduction = match &*node.op_type {
        "ReduceMean" => Reduction::Mean,
        "ReduceSum" => Reduction::Sum,
        _ => Reduction::Max,
    };
    let told = axes(node, inputs, 1)?.filter(|axes| !axes.is_empty());
    if told.is_none() && given::integer(node, "noop_with_empty_axes").unwrap_or(0) != 0 {
        return Ok(vec![x.clone()]);
    }
    let axes: Vec<usize> = match told {
        Some(axes) => axes
            .iter()
            .map(|&axis| axis_of(axis, x.rank()))
            .collect::<Made<_>>()?,
        None => (0..x.rank()).collect(),
    };
    let keeps = given::integer(node, "keepdims").unwrap_or(1) != 0;
    Ok(vec![lowering.reduced(x, reduction, &axes, keeps)?])
}

/// How steps of whole numbers are put on an axis.
fn along(lowering: &mut Lowering<'_>, x: &Fact, steps: &Fact, node: &NodeProto) -> Made {
    let steps = lowering.cast(steps)?;
    if steps.rank() == 0 || steps.count() == 1 {
        return lowering.reshaped(&steps, Vec::new());
    }
    let axis = axis_of(given::integer(node, "axis").unwrap_or(1), x.rank())?;
    if steps.rank() != 1 || steps.shape[0] != x.shape[axis] {
        return Err(format!("has steps {} for {}", told(&steps.shape), told(&x.shape)).into());
    }
    let mut shape = vec![1; x.rank()];
    shape[axis] = x.shape[axis];
    lowering.reshaped(&steps, shape)
}

/// To the steps of bytes; they are kept as numbers, for whoever makes numbers of them.
fn to_steps(lowering: &mut Lowering<'_>, node: &NodeProto, inputs: &Inputs) -> Made<Vec<Fact>> {
    let x = inputs.float(0)?;
    let width = along(lowering, x, inputs.float(1)?, node)?;
    let mut made = lowering.binary("Div", x, &width)?;
    made = lowering.unary("Round", &made)?;
    let mut bounds = (0.0, 255.0);
    if let Some(zero) = inputs.get(2) {
        match zero.kind {
            Kind::Level => {}
            Kind::Whole => bounds = (-128.0, 127.0),
            Kind::Float => return Err("has a zero that is not whole".into()),
        }
        let zero = along(lowering, x, zero, node)?;
        made = lowering.binary("Add", &made, &zero)?;
    }
    let options = vec![
        given::with_number("min", bounds.0),
        given::with_number("max", bounds.1),
    ];
    let shape = made.shape.clone();
    let made = lowering.step("Clip", &[&made], options, shape)?;
    Ok(vec![Fact {
        kind: Kind::Level,
        ..made
    }])
}

fn from_steps(lowering: &mut Lowering<'_>, node: &NodeProto, inputs: &Inputs) -> Made<Vec<Fact>> {
    let x = inputs.need(0)?;
    let mut made = lowering.cast(x)?;
    if let Some(zero) = inputs.get(2) {
        let zero = along(lowering, x, zero, node)?;
        made = lowering.binary("Sub", &made, &zero)?;
    }
    let width = along(lowering, x, inputs.float(1)?, node)?;
    Ok(vec![lowering.binary("Mul", &made, &width)?])
}

impl Lowering<'_> {
    /// Numbers of some axes become one.
    pub(super) fn reduced(
        &mut self,
        x: &Fact,
        reduction: Reduction,
        axes: &[usize],
        keeps: bool,
    ) -> Made {
        let goes: Vec<bool> = (0..x.rank()).map(|axis| axes.contains(&axis)).collect();
        let side = |axis: usize| x.shape[axis];
        let kept = (0..x.rank()).filter(|&axis| !goes[axis]);
        let gone = (0..x.rank()).filter(|&axis| goes[axis]);
        let (rows, columns): (usize, usize) = (
            kept.clone().map(side).product(),
            gone.clone().map(side).product(),
        );
        let shape: Vec<usize> = if keeps {
            let sides = (0..x.rank()).map(|axis| if goes[axis] { 1 } else { side(axis) });
            sides.collect()
        } else {
            kept.clone().map(side).collect()
        };
        self.costs(&x.shape);
        let is_of_channels = x.rank() == 4 && goes == [false, false, true, true];
        if is_of_channels && reduction == Reduction::Mean {
            let made = vec![side(0), side(1), 1, 1];
            let made = self.step("GlobalAveragePool", &[x], Vec::new(), made)?;
            return self.reshaped(&made, shape);
        }
        let order = kept.chain(gone).collect();
        let turned = self.transposed(x, order)?;
        let made = if reduction == Reduction::Max {
            let flat = self.reshaped(&turned, vec![1, rows, columns, 1])?;
            self.step("GlobalMaxPool", &[&flat], Vec::new(), vec![1, rows, 1, 1])?
        } else {
            let flat = self.reshaped(&turned, vec![rows, columns])?;
            let mean = reduction == Reduction::Mean;
            let share = if mean { 1.0 / columns as f32 } else { 1.0 };
            let shares = self.filled(vec![columns, 1], share)?;
            self.step("MatMul", &[&flat, &shares], Vec::new(), vec![rows, 1])?
        };
        self.reshaped(&made, shape)
    }
}
