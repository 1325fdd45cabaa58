//! What moves windows over a picture.

use super::{Inputs, Lowering, Made, Rule, given};
use crate::classify::model::fact::{Fact, told};
use tract_onnx::pb::NodeProto;

/// The largest option of a window.
const MOST_OPTION: i64 = 1 << 12;

pub(super) fn rule(operator: &str) -> Option<Rule> {
    Some(match operator {
        "Conv" => convolution,
        "MaxPool" | "AveragePool" => pool,
        "GlobalAveragePool" | "GlobalMaxPool" => whole,
        _ => return None,
    })
}

/// The sides of what windows of a size make of sides.
fn sides(node: &NodeProto, given: &[usize], windows: &[usize]) -> Made<Vec<usize>> {
    let rank = given.len();
    let list = |name: &str, count: usize, usual: usize, least: usize| -> Made<Vec<usize>> {
        let Some(numbers) = given::integers(node, name).filter(|list| !list.is_empty()) else {
            return Ok(vec![usual; count]);
        };
        let wrong = numbers
            .iter()
            .find(|number| !(least as i64..=MOST_OPTION).contains(*number));
        match wrong {
            Some(number) => {
                Err(format!("has {number} as {name}; allowed: {least} to {MOST_OPTION}").into())
            }
            None if numbers.len() == count => {
                Ok(numbers.iter().map(|&number| number as usize).collect())
            }
            None => Err(format!("has {} {name} for {rank} axes", numbers.len()).into()),
        }
    };
    let strides = list("strides", rank, 1, 1)?;
    let dilations = list("dilations", rank, 1, 1)?;
    let pads = list("pads", 2 * rank, 0, 0)?;
    let rounds_up = given::integer(node, "ceil_mode").unwrap_or(0) != 0;
    let padding = given::text(node, "auto_pad").unwrap_or("NOTSET");
    let side = |axis: usize| -> Made<usize> {
        let stride = strides[axis];
        if padding.starts_with("SAME") {
            return Ok(given[axis].div_ceil(stride));
        }
        let (before, after) = match padding {
            "VALID" => (0, 0),
            _ => (pads[axis], pads[rank + axis]),
        };
        let reach = dilations[axis]
            .saturating_mul(windows[axis] - 1)
            .saturating_add(1);
        let room = (given[axis] + before + after).checked_sub(reach);
        let room =
            room.ok_or_else(|| format!("moves windows of {} over {}", told(windows), told(given)))?;
        if !rounds_up {
            return Ok(room / stride + 1);
        }
        let count = room.div_ceil(stride) + 1;
        // The last one must begin before what is put behind the picture.
        let is_beyond = (count - 1) * stride >= given[axis] + before;
        Ok(count - usize::from(is_beyond))
    };
    (0..rank).map(side).collect()
}

fn convolution(lowering: &mut Lowering<'_>, node: &NodeProto, inputs: &Inputs) -> Made<Vec<Fact>> {
    let (x, weights) = (inputs.float(0)?, inputs.float(1)?);
    let groups = given::integer(node, "group").unwrap_or(1);
    let groups = usize::try_from(groups).ok().filter(|groups| *groups > 0);
    let groups = groups.ok_or("has no groups")?;
    let misfit = || {
        format!(
            "moves weights {} over {}",
            told(&weights.shape),
            told(&x.shape)
        )
    };
    if !(3..=4).contains(&x.rank()) || weights.rank() != x.rank() || weights.count() == 0 {
        return Err(misfit().into());
    }
    let (channels, made) = (x.shape[1], weights.shape[0]);
    if weights.shape[1] * groups != channels || !made.is_multiple_of(groups) {
        return Err(misfit().into());
    }
    let windows = &weights.shape[2..];
    let said = given::integers(node, "kernel_shape");
    if said.is_some_and(|said| {
        !said
            .iter()
            .copied()
            .eq(windows.iter().map(|&side| side as i64))
    }) {
        return Err(misfit().into());
    }
    let mut shape = vec![x.shape[0], made];
    shape.extend(sides(node, &x.shape[2..], windows)?);
    let mut all = vec![x, weights];
    if inputs.get(2).is_some() {
        let bias = inputs.float(2)?;
        if bias.shape != [made] {
            return Err(format!("adds {} to {made} channels", told(&bias.shape)).into());
        }
        all.push(bias);
    }
    lowering.costs(&shape);
    lowering.costs(&[shape.iter().product(), weights.count() / made]);
    Ok(vec![lowering.step(
        "Conv",
        &all,
        node.attribute.clone(),
        shape,
    )?])
}

fn pool(lowering: &mut Lowering<'_>, node: &NodeProto, inputs: &Inputs) -> Made<Vec<Fact>> {
    let x = inputs.float(0)?;
    let windows = given::integers(node, "kernel_shape").unwrap_or_default();
    let wrong = windows
        .iter()
        .find(|side| !(1..=MOST_OPTION).contains(*side));
    if let Some(side) = wrong {
        return Err(format!("has {side} as kernel_shape; allowed: 1 to {MOST_OPTION}").into());
    }
    if !(3..=4).contains(&x.rank()) || windows.len() + 2 != x.rank() {
        return Err(format!("moves windows of {windows:?} over {}", told(&x.shape)).into());
    }
    let windows: Vec<usize> = windows.iter().map(|&side| side as usize).collect();
    let mut shape = x.shape[..2].to_vec();
    shape.extend(sides(node, &x.shape[2..], &windows)?);
    lowering.costs(&[shape.iter().product(), windows.iter().product()]);
    Ok(vec![lowering.step(
        &node.op_type,
        &[x],
        node.attribute.clone(),
        shape,
    )?])
}

fn whole(lowering: &mut Lowering<'_>, node: &NodeProto, inputs: &Inputs) -> Made<Vec<Fact>> {
    let x = inputs.float(0)?;
    if x.rank() < 3 {
        return Err(format!("takes channels together of {}", told(&x.shape)).into());
    }
    let mut shape = x.shape[..2].to_vec();
    shape.resize(x.rank(), 1);
    lowering.costs(&x.shape);
    Ok(vec![lowering.step(
        &node.op_type,
        &[x],
        Vec::new(),
        shape,
    )?])
}
