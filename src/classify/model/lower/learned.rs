//! What weighs numbers by what was learned.

use super::numbers::Reduction;
use super::{Inputs, Lowering, Made, Rule, axis_of, given};
use crate::classify::model::fact::{Fact, Kind, broadcast, told};
use tract_onnx::pb::NodeProto;

pub(super) fn rule(operator: &str) -> Option<Rule> {
    Some(match operator {
        "Gemm" => weighed,
        "MatMul" => product,
        "BatchNormalization" => normalised,
        "LayerNormalization" => of_layer,
        "InstanceNormalization" => of_instance,
        _ => return None,
    })
}

/// Operators of scikit-learn.
pub(super) fn of_scikit(operator: &str) -> Option<Rule> {
    Some(match operator {
        "Scaler" => scaler,
        "Normalizer" => normalizer,
        "LinearClassifier" => classifier,
        _ => return None,
    })
}

fn weighed(lowering: &mut Lowering<'_>, node: &NodeProto, inputs: &Inputs) -> Made<Vec<Fact>> {
    let (left, right) = (inputs.float(0)?, inputs.float(1)?);
    let [turns_left, turns_right] =
        ["transA", "transB"].map(|name| given::integer(node, name).unwrap_or(0) != 0);
    let sides = |fact: &Fact, turns: bool| match (&*fact.shape, turns) {
        (&[rows, columns], false) => Some((rows, columns)),
        (&[rows, columns], true) => Some((columns, rows)),
        _ => None,
    };
    let misfit = || format!("weighs {} by {}", told(&left.shape), told(&right.shape));
    let (rows, inner) = sides(left, turns_left).ok_or_else(misfit)?;
    let (other, columns) = sides(right, turns_right).ok_or_else(misfit)?;
    if inner != other {
        return Err(misfit().into());
    }
    let shape = vec![rows, columns];
    let mut all = vec![left, right];
    if inputs.get(2).is_some() {
        let added = inputs.float(2)?;
        if broadcast(&shape, &added.shape).as_ref() != Some(&shape) {
            return Err(format!("adds {} to {}", told(&added.shape), told(&shape)).into());
        }
        all.push(added);
    }
    lowering.costs(&[rows, inner, columns]);
    Ok(vec![lowering.step(
        "Gemm",
        &all,
        node.attribute.clone(),
        shape,
    )?])
}

fn product(lowering: &mut Lowering<'_>, _: &NodeProto, inputs: &Inputs) -> Made<Vec<Fact>> {
    let (left, right) = (inputs.float(0)?, inputs.float(1)?);
    Ok(vec![lowering.product(left, right)?])
}

fn normalised(lowering: &mut Lowering<'_>, node: &NodeProto, inputs: &Inputs) -> Made<Vec<Fact>> {
    let x = inputs.float(0)?;
    if given::integer(node, "training_mode").unwrap_or(0) != 0 {
        return Err("is still in training".into());
    }
    if x.rank() < 2 {
        return Err(format!("normalises {}", told(&x.shape)).into());
    }
    let all: Vec<&Fact> = (0..5)
        .map(|place| inputs.float(place))
        .collect::<Made<_>>()?;
    for learned in &all[1..] {
        if learned.shape != [x.shape[1]] {
            let learned = told(&learned.shape);
            return Err(format!("normalises {} by {learned}", told(&x.shape)).into());
        }
    }
    let options =
        given::number(node, "epsilon").map(|number| given::with_number("epsilon", number));
    let options = options.into_iter().collect();
    Ok(vec![lowering.step(
        "BatchNormalization",
        &all,
        options,
        x.shape.clone(),
    )?])
}

fn of_layer(lowering: &mut Lowering<'_>, node: &NodeProto, inputs: &Inputs) -> Made<Vec<Fact>> {
    let x = inputs.float(0)?;
    let first = axis_of(given::integer(node, "axis").unwrap_or(-1), x.rank())?;
    let axes: Vec<usize> = (first..x.rank()).collect();
    let made = lowering.spread(x, &axes, given::number(node, "epsilon").unwrap_or(1e-5))?;
    let made = lowering.binary("Mul", &made, inputs.float(1)?)?;
    if inputs.get(2).is_none() {
        return Ok(vec![made]);
    }
    Ok(vec![lowering.binary("Add", &made, inputs.float(2)?)?])
}

fn of_instance(lowering: &mut Lowering<'_>, node: &NodeProto, inputs: &Inputs) -> Made<Vec<Fact>> {
    let x = inputs.float(0)?;
    if x.rank() < 3 {
        return Err(format!("normalises {}", told(&x.shape)).into());
    }
    let axes: Vec<usize> = (2..x.rank()).collect();
    let made = lowering.spread(x, &axes, given::number(node, "epsilon").unwrap_or(1e-5))?;
    let mut learned = Vec::new();
    for place in 1..3 {
        let fact = inputs.float(place)?;
        if fact.shape != [x.shape[1]] {
            return Err(format!("normalises {} by {}", told(&x.shape), told(&fact.shape)).into());
        }
        let mut shape = vec![1; x.rank()];
        shape[1] = x.shape[1];
        learned.push(lowering.reshaped(fact, shape)?);
    }
    let made = lowering.binary("Mul", &made, &learned[0])?;
    Ok(vec![lowering.binary("Add", &made, &learned[1])?])
}

fn scaler(lowering: &mut Lowering<'_>, node: &NodeProto, inputs: &Inputs) -> Made<Vec<Fact>> {
    let mut made = lowering.cast(inputs.need(0)?)?;
    for (name, operator) in [("offset", "Sub"), ("scale", "Mul")] {
        if let Some(numbers) = given::numbers(node, name).filter(|numbers| !numbers.is_empty()) {
            let numbers = lowering.constant(vec![numbers.len()], numbers.to_vec());
            made = lowering.binary(operator, &made, &numbers)?;
        }
    }
    Ok(vec![made])
}

fn normalizer(lowering: &mut Lowering<'_>, node: &NodeProto, inputs: &Inputs) -> Made<Vec<Fact>> {
    let x = inputs.float(0)?;
    let last = [x
        .rank()
        .checked_sub(1)
        .ok_or("normalises a single number")?];
    let size = match given::text(node, "norm").unwrap_or("MAX") {
        "MAX" => lowering.reduced(x, Reduction::Max, &last, true)?,
        "L1" => {
            let sizes = lowering.unary("Abs", x)?;
            lowering.reduced(&sizes, Reduction::Sum, &last, true)?
        }
        "L2" => {
            let squares = lowering.binary("Mul", x, x)?;
            let sum = lowering.reduced(&squares, Reduction::Sum, &last, true)?;
            lowering.unary("Sqrt", &sum)?
        }
        other => {
            let other = crate::error::shorten(other);
            return Err(format!("has the norm {other}; allowed: MAX, L1, L2").into());
        }
    };
    Ok(vec![lowering.binary("Div", x, &size)?])
}

/// The label, which is not computed, and the scores.
fn classifier(lowering: &mut Lowering<'_>, node: &NodeProto, inputs: &Inputs) -> Made<Vec<Fact>> {
    let x = lowering.cast(inputs.need(0)?)?;
    let &[rows, columns] = &*x.shape else {
        return Err(format!("weighs {}", told(&x.shape)).into());
    };
    let weights = given::numbers(node, "coefficients").unwrap_or_default();
    let intercepts = given::numbers(node, "intercepts").unwrap_or_default();
    let classes = weights.len() / columns.max(1);
    if classes * columns != weights.len() || ![0, classes].contains(&intercepts.len()) {
        let found = weights.len();
        return Err(format!("has {found} coefficients for {}", told(&x.shape)).into());
    }
    // Its rows are classes.
    let turned =
        (0..columns).flat_map(|column| (0..classes).map(move |row| row * columns + column));
    let turned = turned.map(|place| weights[place]).collect();
    let weights = lowering.constant(vec![columns, classes], turned);
    let mut scores = lowering.product(&x, &weights)?;
    if !intercepts.is_empty() {
        let intercepts = lowering.constant(vec![classes], intercepts.to_vec());
        scores = lowering.binary("Add", &scores, &intercepts)?;
    }
    let shape = vec![rows, classes];
    let scores = match given::text(node, "post_transform").unwrap_or("NONE") {
        "NONE" => scores,
        "SOFTMAX" => {
            let last = vec![given::with_integer("axis", 1)];
            lowering.step("Softmax", &[&scores], last, shape)?
        }
        "LOGISTIC" => lowering.unary("Sigmoid", &scores)?,
        other => {
            let other = crate::error::shorten(other);
            return Err(format!("ends in {other}; allowed: NONE, SOFTMAX, LOGISTIC").into());
        }
    };
    let label = Fact {
        is_made: false,
        ..Fact::new(String::new(), Kind::Whole, vec![rows])
    };
    Ok(vec![label, scores])
}

impl Lowering<'_> {
    fn product(&mut self, left: &Fact, right: &Fact) -> Made {
        let misfit = || format!("multiplies {} by {}", told(&left.shape), told(&right.shape));
        let ([.., rows, inner], [.., other, columns]) = (&*left.shape, &*right.shape) else {
            return Err(misfit().into());
        };
        let outer = |fact: &Fact| fact.shape[..fact.rank() - 2].to_vec();
        let shape = broadcast(&outer(left), &outer(right)).filter(|_| inner == other);
        let mut shape = shape.ok_or_else(misfit)?;
        shape.extend([*rows, *columns]);
        self.costs(&[shape.iter().product(), *inner]);
        self.step("MatMul", &[left, right], Vec::new(), shape)
    }

    /// Numbers with their mean taken away, in parts of their deviation.
    fn spread(&mut self, x: &Fact, axes: &[usize], epsilon: f32) -> Made {
        let mean = self.reduced(x, Reduction::Mean, axes, true)?;
        let apart = self.binary("Sub", x, &mean)?;
        let squares = self.binary("Mul", &apart, &apart)?;
        let variance = self.reduced(&squares, Reduction::Mean, axes, true)?;
        let epsilon = self.scalar(epsilon);
        let variance = self.binary("Add", &variance, &epsilon)?;
        let deviation = self.unary("Sqrt", &variance)?;
        self.binary("Div", &apart, &deviation)
    }
}
