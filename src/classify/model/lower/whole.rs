//! What is computed of shapes, which are known beforehand.

use super::{Inputs, Lowering, Made, Rule, given, known};
use crate::classify::model::fact::{Fact, MOST_KNOWN, broadcast, count_within, told};
use crate::classify::model::weights;
use tract_onnx::pb::NodeProto;

pub(super) fn rule(operator: &str) -> Option<Rule> {
    Some(match operator {
        "Constant" => constant,
        "ConstantOfShape" => of_shape,
        "Shape" => shape,
        "Size" => size,
        "Equal" => equal,
        "Where" => choose,
        "Mod" => of_two,
        "ReduceProd" => product,
        "Range" => range,
        _ => return None,
    })
}

/// Whole numbers, if they are not too many.
pub(super) fn made(shape: Vec<usize>, numbers: Vec<i64>) -> Made {
    if numbers.len() > MOST_KNOWN {
        return Err(format!("makes too many whole numbers: {}", told(&shape)).into());
    }
    Ok(Fact::whole(shape, numbers))
}

/// What is computed of whole numbers that are known; `None` when they are not.
pub(super) fn folded(operator: &str, left: &Fact, right: &Fact) -> Made<Option<Fact>> {
    let (Some(a), Some(b)) = (left.whole.as_deref(), right.whole.as_deref()) else {
        return Ok(None);
    };
    let compute = |a: i64, b: i64| match operator {
        "Add" => a.checked_add(b),
        "Sub" => a.checked_sub(b),
        "Mul" => a.checked_mul(b),
        // Both are hardly ever below nothing, where others would round otherwise.
        "Div" => a.checked_div(b),
        "Mod" => a.checked_rem_euclid(b),
        "Max" => Some(a.max(b)),
        "Min" => Some(a.min(b)),
        "Equal" => Some(i64::from(a == b)),
        _ => None,
    };
    let (shape, places) = places([&left.shape, &right.shape])?;
    let numbers = places
        .into_iter()
        .map(|[at_a, at_b]| compute(a[at_a], b[at_b]));
    let numbers: Option<Vec<i64>> = numbers.collect();
    let numbers = numbers.ok_or("computes with whole numbers that do not fit")?;
    made(shape, numbers).map(Some)
}

/// The shape of what is computed of some, and the places of what is computed together.
fn places<const COUNT: usize>(
    shapes: [&Vec<usize>; COUNT],
) -> Made<(Vec<usize>, Vec<[usize; COUNT]>)> {
    let mut shape = Vec::new();
    for other in shapes {
        let fitting = broadcast(&shape, other);
        shape = fitting.ok_or("puts lists together that do not fit")?;
    }
    let count = count_within(&shape, MOST_KNOWN).ok_or("makes too many whole numbers")?;
    let place = |at: usize, of: &[usize]| {
        let (mut rest, mut place, mut step) = (at, 0, 1);
        for (behind, side) in shape.iter().rev().enumerate() {
            let own = of.len().checked_sub(behind + 1).map_or(1, |axis| of[axis]);
            place += if own == 1 { 0 } else { rest % side * step };
            step *= own;
            rest /= side;
        }
        place
    };
    let places = (0..count)
        .map(|at| shapes.map(|of| place(at, of)))
        .collect();
    Ok((shape, places))
}

fn of_two(_: &mut Lowering<'_>, node: &NodeProto, inputs: &Inputs) -> Made<Vec<Fact>> {
    let folded = folded(&node.op_type, inputs.need(0)?, inputs.need(1)?)?;
    let folded = folded.ok_or("computes with what is known only with the picture")?;
    Ok(vec![folded])
}

fn equal(lowering: &mut Lowering<'_>, node: &NodeProto, inputs: &Inputs) -> Made<Vec<Fact>> {
    of_two(lowering, node, inputs)
}

fn choose(_: &mut Lowering<'_>, _: &NodeProto, inputs: &Inputs) -> Made<Vec<Fact>> {
    let facts = [inputs.need(0)?, inputs.need(1)?, inputs.need(2)?];
    let (shape, places) = places([&facts[0].shape, &facts[1].shape, &facts[2].shape])?;
    let [chosen, yes, no] = facts.map(known);
    let (chosen, yes, no) = (chosen?, yes?, no?);
    let numbers = places
        .into_iter()
        .map(|[at, a, b]| if chosen[at] == 0 { no[b] } else { yes[a] });
    Ok(vec![made(shape, numbers.collect())?])
}

fn constant(lowering: &mut Lowering<'_>, node: &NodeProto, _: &Inputs) -> Made<Vec<Fact>> {
    if let Some(tensor) = given::tensor(node, "value") {
        let shape = weights::shape(tensor).map_err(|fault| match fault {
            weights::Fault::Damaged(reason) | weights::Fault::Unsupported(reason, _) => {
                format!("brings what cannot be used: {reason}")
            }
        })?;
        let fact = weights::fact(tensor, shape, String::new());
        if fact.whole.is_some() {
            return Ok(vec![fact]);
        }
        let numbers = weights::floats(tensor);
        return Ok(vec![lowering.constant(fact.shape, numbers)]);
    }
    if let Some(number) = given::number(node, "value_float") {
        return Ok(vec![lowering.scalar(number)]);
    }
    if let Some(numbers) = given::numbers(node, "value_floats") {
        return Ok(vec![
            lowering.constant(vec![numbers.len()], numbers.to_vec()),
        ]);
    }
    if let Some(numbers) = given::integers(node, "value_ints") {
        return Ok(vec![made(vec![numbers.len()], numbers.to_vec())?]);
    }
    if let Some(number) = given::integer(node, "value_int") {
        return Ok(vec![Fact::whole(Vec::new(), vec![number])]);
    }
    Err("is neither numbers nor whole numbers".into())
}

fn of_shape(lowering: &mut Lowering<'_>, node: &NodeProto, inputs: &Inputs) -> Made<Vec<Fact>> {
    let sides = known(inputs.need(0)?)?;
    let sides: Option<Vec<usize>> = sides
        .iter()
        .map(|&side| usize::try_from(side).ok())
        .collect();
    let shape = sides.ok_or("makes a shape with sides below nothing")?;
    let value = given::tensor(node, "value");
    let fact = match value {
        Some(tensor) => {
            let own = weights::shape(tensor).map_err(|_| "has a value that is damaged")?;
            weights::fact(tensor, own, String::new())
        }
        None => Fact {
            floats: Some([0.0].into()),
            ..Fact::whole(Vec::new(), Vec::new())
        },
    };
    if let Some(number) = fact.floats.as_deref().and_then(|floats| floats.first()) {
        return Ok(vec![lowering.filled(shape, *number)?]);
    }
    let number = fact.whole.as_deref().and_then(|whole| whole.first());
    let number = *number.ok_or("has no value")?;
    let count = count_within(&shape, MOST_KNOWN);
    let count = count.ok_or_else(|| format!("makes too many whole numbers: {}", told(&shape)))?;
    Ok(vec![Fact::whole(shape, vec![number; count])])
}

fn shape(_: &mut Lowering<'_>, node: &NodeProto, inputs: &Inputs) -> Made<Vec<Fact>> {
    let x = inputs.need(0)?;
    let rank = x.rank() as i64;
    let within = |place: i64| {
        let place = if place < 0 {
            place.saturating_add(rank)
        } else {
            place
        };
        place.clamp(0, rank) as usize
    };
    let start = within(given::integer(node, "start").unwrap_or(0));
    let end = within(given::integer(node, "end").unwrap_or(rank));
    let sides = x.shape.get(start..end).unwrap_or_default();
    let numbers: Vec<i64> = sides.iter().map(|&side| side as i64).collect();
    Ok(vec![Fact::whole(vec![numbers.len()], numbers)])
}

fn size(_: &mut Lowering<'_>, _: &NodeProto, inputs: &Inputs) -> Made<Vec<Fact>> {
    let count = inputs.need(0)?.count() as i64;
    Ok(vec![Fact::whole(Vec::new(), vec![count])])
}

fn product(_: &mut Lowering<'_>, node: &NodeProto, inputs: &Inputs) -> Made<Vec<Fact>> {
    let x = inputs.need(0)?;
    let product = known(x)?
        .iter()
        .try_fold(1_i64, |product, &side| product.checked_mul(side));
    let product = product.ok_or("makes a number that is too large")?;
    let keeps = given::integer(node, "keepdims").unwrap_or(1) == 1;
    let shape = if keeps { vec![1; x.rank()] } else { Vec::new() };
    Ok(vec![Fact::whole(shape, vec![product])])
}

fn range(_: &mut Lowering<'_>, _: &NodeProto, inputs: &Inputs) -> Made<Vec<Fact>> {
    let bound = |place: usize| -> Made<i64> {
        let bound = known(inputs.need(place)?)?.first().copied();
        bound.ok_or_else(|| "counts from or to nothing".into())
    };
    let (start, end, step) = (bound(0)?, bound(1)?, bound(2)?);
    let mut numbers = Vec::new();
    let mut next = start;
    while step != 0 && (if step > 0 { next < end } else { next > end }) {
        if numbers.len() == MOST_KNOWN {
            return Err("counts too far".into());
        }
        numbers.push(next);
        next = next.saturating_add(step);
    }
    Ok(vec![made(vec![numbers.len()], numbers)?])
}
