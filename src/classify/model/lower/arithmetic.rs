//! What is computed number by number.

use super::{Inputs, Lowering, Made, Rule, float, given};
use crate::classify::model::fact::{Fact, Kind, broadcast, told};
use tract_onnx::pb::NodeProto;

pub(super) fn rule(operator: &str) -> Option<Rule> {
    Some(match operator {
        "Abs" | "Erf" | "Exp" | "HardSwish" | "Log" | "Neg" | "Relu" | "Round" | "Sigmoid"
        | "Softplus" | "Sqrt" | "Tanh" => alone,
        "LeakyRelu" | "Elu" | "HardSigmoid" => with_options,
        "Add" | "Sub" | "Mul" | "Div" => of_two,
        "Max" | "Min" | "Sum" => of_many,
        "Mean" => mean,
        "Clip" => clip,
        "Pow" => power,
        "Reciprocal" => reciprocal,
        "PRelu" => leaky,
        "Selu" => selu,
        "Celu" => celu,
        "Gelu" => gelu,
        "Mish" => mish,
        "Softsign" => softsign,
        "Swish" => swish,
        "Cast" => cast,
        "Identity" | "Dropout" => same,
        _ => return None,
    })
}

fn alone(lowering: &mut Lowering<'_>, node: &NodeProto, inputs: &Inputs) -> Made<Vec<Fact>> {
    Ok(vec![lowering.unary(&node.op_type, inputs.need(0)?)?])
}

fn with_options(lowering: &mut Lowering<'_>, node: &NodeProto, inputs: &Inputs) -> Made<Vec<Fact>> {
    let x = inputs.float(0)?;
    let options = node.attribute.clone();
    Ok(vec![lowering.step(
        &node.op_type,
        &[x],
        options,
        x.shape.clone(),
    )?])
}

fn of_two(lowering: &mut Lowering<'_>, node: &NodeProto, inputs: &Inputs) -> Made<Vec<Fact>> {
    let (left, right) = (inputs.need(0)?, inputs.need(1)?);
    if let Some(folded) = super::whole::folded(&node.op_type, left, right)? {
        return Ok(vec![folded]);
    }
    Ok(vec![lowering.binary(&node.op_type, left, right)?])
}

fn of_many(lowering: &mut Lowering<'_>, node: &NodeProto, inputs: &Inputs) -> Made<Vec<Fact>> {
    let operator = if node.op_type == "Sum" {
        "Add"
    } else {
        &node.op_type
    };
    let mut so_far = inputs.need(0)?.clone();
    for other in inputs.all().skip(1) {
        let other = other?;
        so_far = match super::whole::folded(operator, &so_far, other)? {
            Some(folded) => folded,
            None => lowering.binary(operator, &so_far, other)?,
        };
    }
    Ok(vec![so_far])
}

fn mean(lowering: &mut Lowering<'_>, _: &NodeProto, inputs: &Inputs) -> Made<Vec<Fact>> {
    let mut sum = inputs.float(0)?.clone();
    for other in inputs.all().skip(1) {
        sum = lowering.binary("Add", &sum, other?)?;
    }
    let count = lowering.scalar(inputs.len() as f32);
    Ok(vec![lowering.binary("Div", &sum, &count)?])
}

fn clip(lowering: &mut Lowering<'_>, node: &NodeProto, inputs: &Inputs) -> Made<Vec<Fact>> {
    let x = inputs.float(0)?;
    let bound = |name: &str, place: usize| -> Made<Option<f32>> {
        let Some(fact) = inputs.get(place) else {
            return Ok(given::number(node, name));
        };
        let known = fact.floats.as_deref().and_then(|numbers| numbers.first());
        let known = known.copied();
        known
            .map(Some)
            .ok_or_else(|| "has bounds that are known only with the picture".into())
    };
    let (least, most) = (bound("min", 1)?, bound("max", 2)?);
    let options = [("min", least), ("max", most)];
    let options = options
        .into_iter()
        .filter_map(|(name, bound)| bound.map(|bound| given::with_number(name, bound)));
    let options = options.collect();
    Ok(vec![lowering.step(
        "Clip",
        &[x],
        options,
        x.shape.clone(),
    )?])
}

fn power(lowering: &mut Lowering<'_>, _: &NodeProto, inputs: &Inputs) -> Made<Vec<Fact>> {
    let (x, exponent) = (inputs.float(0)?, inputs.need(1)?);
    let known = match (&exponent.floats, &exponent.whole) {
        (Some(floats), _) if floats.len() == 1 => Some(floats[0]),
        (_, Some(whole)) if whole.len() == 1 => Some(whole[0] as f32),
        _ => None,
    };
    let made = match known {
        Some(0.5) => lowering.unary("Sqrt", x)?,
        Some(1.0) => x.clone(),
        Some(2.0) => lowering.binary("Mul", x, x)?,
        Some(3.0) => {
            let square = lowering.binary("Mul", x, x)?;
            lowering.binary("Mul", &square, x)?
        }
        Some(-1.0) => lowering.inverse(x)?,
        Some(other) => {
            return Err(format!("takes the power {other}; allowed: -1, 0.5, 1, 2, 3").into());
        }
        None => return Err("takes powers that are not one known number".into()),
    };
    Ok(vec![made])
}

fn reciprocal(lowering: &mut Lowering<'_>, _: &NodeProto, inputs: &Inputs) -> Made<Vec<Fact>> {
    Ok(vec![lowering.inverse(inputs.float(0)?)?])
}

/// What is above nothing as it is, and what is below by a slope that was learned.
fn leaky(lowering: &mut Lowering<'_>, _: &NodeProto, inputs: &Inputs) -> Made<Vec<Fact>> {
    let (x, slope) = (inputs.float(0)?, inputs.float(1)?);
    let above = lowering.unary("Relu", x)?;
    let turned = lowering.unary("Neg", x)?;
    let below = lowering.unary("Relu", &turned)?;
    let below = lowering.binary("Mul", &below, slope)?;
    Ok(vec![lowering.binary("Sub", &above, &below)?])
}

fn selu(lowering: &mut Lowering<'_>, node: &NodeProto, inputs: &Inputs) -> Made<Vec<Fact>> {
    let alpha = given::number(node, "alpha").unwrap_or(1.673_263_2);
    let gamma = given::number(node, "gamma").unwrap_or(1.050_701);
    let bent = lowering.elu(inputs.float(0)?, alpha)?;
    let gamma = lowering.scalar(gamma);
    Ok(vec![lowering.binary("Mul", &bent, &gamma)?])
}

fn celu(lowering: &mut Lowering<'_>, node: &NodeProto, inputs: &Inputs) -> Made<Vec<Fact>> {
    let alpha = given::number(node, "alpha").unwrap_or(1.0);
    let factor = lowering.scalar(alpha);
    let narrow = lowering.binary("Div", inputs.float(0)?, &factor)?;
    let bent = lowering.elu(&narrow, 1.0)?;
    Ok(vec![lowering.binary("Mul", &bent, &factor)?])
}

fn gelu(lowering: &mut Lowering<'_>, node: &NodeProto, inputs: &Inputs) -> Made<Vec<Fact>> {
    let x = inputs.float(0)?;
    let half = lowering.scalar(0.5);
    let one = lowering.scalar(1.0);
    let bend = if given::text(node, "approximate") == Some("tanh") {
        let square = lowering.binary("Mul", x, x)?;
        let factor = lowering.scalar(0.044_715);
        let square = lowering.binary("Mul", &square, &factor)?;
        let square = lowering.binary("Add", &square, &one)?;
        let factor = lowering.scalar(0.797_884_6);
        let inner = lowering.binary("Mul", x, &factor)?;
        let inner = lowering.binary("Mul", &inner, &square)?;
        lowering.unary("Tanh", &inner)?
    } else {
        let factor = lowering.scalar(std::f32::consts::FRAC_1_SQRT_2);
        let inner = lowering.binary("Mul", x, &factor)?;
        lowering.unary("Erf", &inner)?
    };
    let share = lowering.binary("Add", &bend, &one)?;
    let share = lowering.binary("Mul", &share, &half)?;
    Ok(vec![lowering.binary("Mul", x, &share)?])
}

fn mish(lowering: &mut Lowering<'_>, _: &NodeProto, inputs: &Inputs) -> Made<Vec<Fact>> {
    let x = inputs.float(0)?;
    let soft = lowering.unary("Softplus", x)?;
    let bend = lowering.unary("Tanh", &soft)?;
    Ok(vec![lowering.binary("Mul", x, &bend)?])
}

fn softsign(lowering: &mut Lowering<'_>, _: &NodeProto, inputs: &Inputs) -> Made<Vec<Fact>> {
    let x = inputs.float(0)?;
    let one = lowering.scalar(1.0);
    let size = lowering.unary("Abs", x)?;
    let size = lowering.binary("Add", &size, &one)?;
    Ok(vec![lowering.binary("Div", x, &size)?])
}

fn swish(lowering: &mut Lowering<'_>, node: &NodeProto, inputs: &Inputs) -> Made<Vec<Fact>> {
    let x = inputs.float(0)?;
    let alpha = lowering.scalar(given::number(node, "alpha").unwrap_or(1.0));
    let inner = lowering.binary("Mul", x, &alpha)?;
    let share = lowering.unary("Sigmoid", &inner)?;
    Ok(vec![lowering.binary("Mul", x, &share)?])
}

fn cast(lowering: &mut Lowering<'_>, node: &NodeProto, inputs: &Inputs) -> Made<Vec<Fact>> {
    let x = inputs.need(0)?;
    let to = given::integer(node, "to").unwrap_or_default();
    let kind = i32::try_from(to).ok().and_then(super::weights::kind_of);
    let made = match (kind, x.kind) {
        (Some(Kind::Float), _) => lowering.cast(x)?,
        (Some(Kind::Level), Kind::Level) => x.clone(),
        (Some(Kind::Whole | Kind::Level), Kind::Whole) if x.whole.is_some() => x.clone(),
        // What is computed of shapes with fractions is whole all the same.
        (Some(Kind::Whole), Kind::Float) if x.floats.is_some() => {
            let numbers = x.floats.iter().flat_map(|floats| floats.iter());
            Fact::whole(
                x.shape.clone(),
                numbers.map(|&number| number as i64).collect(),
            )
        }
        _ => {
            let to = i32::try_from(to).unwrap_or_default();
            return Err(
                format!("casts to {}; allowed: FLOAT", super::weights::type_name(to)).into(),
            );
        }
    };
    Ok(vec![made])
}

fn same(_: &mut Lowering<'_>, node: &NodeProto, inputs: &Inputs) -> Made<Vec<Fact>> {
    if inputs.get(2).and_then(|fact| fact.whole.as_deref()) == Some(&[1]) {
        return Err(format!("is a {} that is still in training", node.op_type).into());
    }
    Ok(vec![inputs.need(0)?.clone()])
}

impl Lowering<'_> {
    pub(super) fn unary(&mut self, operator: &str, x: &Fact) -> Made {
        self.step(operator, &[float(x)?], Vec::new(), x.shape.clone())
    }

    pub(super) fn binary(&mut self, operator: &str, left: &Fact, right: &Fact) -> Made {
        let Some(shape) = broadcast(&left.shape, &right.shape) else {
            let [left, right] = [left, right].map(|fact| told(&fact.shape));
            return Err(format!("puts {left} and {right} together, which do not fit").into());
        };
        self.step(operator, &[left, right], Vec::new(), shape)
    }

    fn inverse(&mut self, x: &Fact) -> Made {
        let one = self.scalar(1.0);
        self.binary("Div", &one, x)
    }

    fn elu(&mut self, x: &Fact, alpha: f32) -> Made {
        let options = vec![given::with_number("alpha", alpha)];
        self.step("Elu", &[x], options, x.shape.clone())
    }
}
