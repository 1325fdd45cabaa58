//! What puts numbers into another order or shape.

use super::{Inputs, Lowering, Made, Rule, axes, axis_of, given, known};
use crate::classify::model::fact::{Fact, count_within, told};
use crate::classify::model::weights;
use tract_onnx::pb::NodeProto;

/// The most pieces that a step may cut numbers into.
const MOST_PIECES: usize = 256;

pub(super) fn rule(operator: &str) -> Option<Rule> {
    Some(match operator {
        "Reshape" => reshape,
        "Flatten" => flatten,
        "Squeeze" => squeeze,
        "Unsqueeze" => unsqueeze,
        "Transpose" => transpose,
        "Concat" => concat,
        "Slice" => slice,
        "Split" => split,
        "Gather" => gather,
        "Pad" => pad,
        "Expand" => expand,
        _ => return None,
    })
}

fn reshape(lowering: &mut Lowering<'_>, node: &NodeProto, inputs: &Inputs) -> Made<Vec<Fact>> {
    let x = inputs.need(0)?;
    let wanted = match inputs.get(1) {
        Some(shape) => known(shape)?,
        None => given::integers(node, "shape").unwrap_or_default(),
    };
    let keeps = given::integer(node, "allowzero").unwrap_or(0) == 0;
    let misfit = || format!("makes {wanted:?} of {}", told(&x.shape));
    let mut shape = Vec::with_capacity(wanted.len());
    let mut open = None;
    for (place, &side) in wanted.iter().enumerate() {
        shape.push(match side {
            0 if keeps => *x.shape.get(place).ok_or_else(misfit)?,
            -1 if open.is_none() => {
                open = Some(place);
                1
            }
            _ => usize::try_from(side).map_err(|_| misfit())?,
        });
    }
    if let Some(open) = open {
        let rest = count_within(&shape, usize::MAX).filter(|rest| *rest > 0);
        let rest = rest.filter(|rest| x.count().is_multiple_of(*rest));
        shape[open] = x.count() / rest.ok_or_else(misfit)?;
    }
    if count_within(&shape, usize::MAX) != Some(x.count()) {
        return Err(misfit().into());
    }
    Ok(vec![lowering.reshaped(x, shape)?])
}

fn flatten(lowering: &mut Lowering<'_>, node: &NodeProto, inputs: &Inputs) -> Made<Vec<Fact>> {
    let x = inputs.need(0)?;
    let axis = given::integer(node, "axis").unwrap_or(1);
    // It may also be the end.
    let axis = if axis == x.rank() as i64 {
        x.rank()
    } else {
        axis_of(axis, x.rank())?
    };
    let (rows, columns) = x.shape.split_at(axis);
    let shape = vec![rows.iter().product(), columns.iter().product()];
    Ok(vec![lowering.reshaped(x, shape)?])
}

fn squeeze(lowering: &mut Lowering<'_>, node: &NodeProto, inputs: &Inputs) -> Made<Vec<Fact>> {
    let x = inputs.need(0)?;
    let mut goes: Vec<bool> = x.shape.iter().map(|side| *side == 1).collect();
    if let Some(axes) = axes(node, inputs, 1)? {
        goes.fill(false);
        for axis in axes {
            let axis = axis_of(axis, x.rank())?;
            if x.shape[axis] != 1 {
                return Err(format!("leaves out the axis {axis} of {}", told(&x.shape)).into());
            }
            goes[axis] = true;
        }
    }
    let stay = x.shape.iter().zip(goes).filter(|(_, goes)| !goes);
    let shape = stay.map(|(side, _)| *side).collect();
    Ok(vec![lowering.reshaped(x, shape)?])
}

fn unsqueeze(lowering: &mut Lowering<'_>, node: &NodeProto, inputs: &Inputs) -> Made<Vec<Fact>> {
    let x = inputs.need(0)?;
    let axes = axes(node, inputs, 1)?.ok_or("does not say which axes it adds")?;
    if axes.len() > 8 {
        return Err(format!("adds {} axes", axes.len()).into());
    }
    let rank = x.rank() + axes.len();
    let mut is_new = vec![false; rank];
    for axis in axes {
        is_new[axis_of(axis, rank)?] = true;
    }
    let mut sides = x.shape.iter();
    let shape: Vec<usize> = is_new
        .iter()
        .filter_map(|is_new| {
            if *is_new {
                Some(1)
            } else {
                sides.next().copied()
            }
        })
        .collect();
    if shape.len() != rank {
        return Err("adds an axis twice".into());
    }
    Ok(vec![lowering.reshaped(x, shape)?])
}

fn transpose(lowering: &mut Lowering<'_>, node: &NodeProto, inputs: &Inputs) -> Made<Vec<Fact>> {
    let x = inputs.need(0)?;
    let rank = x.rank();
    let order: Vec<usize> = match given::integers(node, "perm") {
        Some(order) => order
            .iter()
            .map(|&axis| axis_of(axis, rank))
            .collect::<Made<_>>()?,
        None => (0..rank).rev().collect(),
    };
    let mut sorted = order.clone();
    sorted.sort_unstable();
    if !sorted.into_iter().eq(0..rank) {
        return Err(format!("puts {rank} axes into the order {order:?}").into());
    }
    Ok(vec![lowering.transposed(x, order)?])
}

fn concat(lowering: &mut Lowering<'_>, node: &NodeProto, inputs: &Inputs) -> Made<Vec<Fact>> {
    let parts: Vec<&Fact> = inputs.all().collect::<Made<_>>()?;
    let axis = given::integer(node, "axis").unwrap_or(0);
    let first = *parts.first().ok_or("has nothing to put together")?;
    if parts
        .iter()
        .all(|part| part.whole.is_some() && part.rank() == 1)
    {
        let numbers = parts.iter().flat_map(|part| part.whole.iter());
        let numbers: Vec<i64> = numbers.flat_map(|whole| whole.iter().copied()).collect();
        return Ok(vec![super::whole::made(vec![numbers.len()], numbers)?]);
    }
    let axis = axis_of(axis, first.rank())?;
    let parts: Vec<Fact> = parts.into_iter().cloned().collect();
    Ok(vec![lowering.joined(&parts, axis)?])
}

fn slice(lowering: &mut Lowering<'_>, node: &NodeProto, inputs: &Inputs) -> Made<Vec<Fact>> {
    let x = inputs.need(0)?;
    let list = |place: usize, name: &str| -> Made<Option<Vec<i64>>> {
        match inputs.get(place) {
            Some(fact) => known(fact).map(|list| Some(list.to_vec())),
            None => Ok(given::integers(node, name).map(<[i64]>::to_vec)),
        }
    };
    let starts = list(1, "starts")?.ok_or("does not say where it starts")?;
    let ends = list(2, "ends")?.ok_or("does not say where it ends")?;
    let usual = || (0..starts.len() as i64).collect();
    let axes = list(3, "axes")?.unwrap_or_else(usual);
    let steps = list(4, "steps")?.unwrap_or_else(|| vec![1; starts.len()]);
    if [ends.len(), axes.len(), steps.len()] != [starts.len(); 3] {
        return Err("has not as many starts as ends and axes".into());
    }
    let mut made = x.clone();
    for (((start, end), axis), step) in starts.into_iter().zip(ends).zip(axes).zip(steps) {
        let axis = axis_of(axis, made.rank())?;
        let side = made.shape[axis] as i64;
        let within = |place: i64| {
            let place = if place < 0 {
                place.saturating_add(side)
            } else {
                place
            };
            place.clamp(0, side) as usize
        };
        if step != 1 {
            return Err(format!("takes each {step}th; allowed: each one").into());
        }
        let (start, end) = (within(start), within(end));
        if start >= end {
            return Err(format!("cuts nothing out of {}", told(&made.shape)).into());
        }
        made = lowering.cut(&made, axis, start, end)?;
    }
    Ok(vec![made])
}

fn split(lowering: &mut Lowering<'_>, node: &NodeProto, inputs: &Inputs) -> Made<Vec<Fact>> {
    let x = inputs.need(0)?;
    let axis = axis_of(given::integer(node, "axis").unwrap_or(0), x.rank())?;
    let side = x.shape[axis];
    let pieces = node.output.len();
    let sizes = match inputs.get(1) {
        Some(fact) => Some(known(fact)?),
        None => given::integers(node, "split"),
    };
    let sizes: Vec<usize> = match sizes {
        Some(sizes) => sizes
            .iter()
            .map(|&size| usize::try_from(size).unwrap_or(0))
            .collect(),
        None => {
            let each = side.div_ceil(pieces.max(1));
            (0..pieces)
                .map(|piece| each.min(side.saturating_sub(piece * each)))
                .collect()
        }
    };
    let sum = sizes
        .iter()
        .try_fold(0_usize, |sum, size| sum.checked_add(*size));
    if sum != Some(side) || sizes.len() != pieces || pieces > MOST_PIECES || sizes.contains(&0) {
        return Err(format!("splits {side} into {sizes:?}").into());
    }
    let mut start = 0;
    let cut = |size: usize| {
        start += size;
        lowering.cut(x, axis, start - size, start)
    };
    sizes.into_iter().map(cut).collect()
}

fn gather(lowering: &mut Lowering<'_>, node: &NodeProto, inputs: &Inputs) -> Made<Vec<Fact>> {
    let (x, places) = (inputs.need(0)?, inputs.need(1)?);
    let axis = axis_of(given::integer(node, "axis").unwrap_or(0), x.rank())?;
    let side = x.shape[axis];
    let found: Vec<usize> = known(places)?
        .iter()
        .map(|&place| axis_of(place, side))
        .collect::<Made<_>>()?;
    if let Some(whole) = x.whole.as_deref().filter(|_| x.rank() == 1) {
        let numbers = found.iter().map(|&place| whole[place]).collect();
        return Ok(vec![Fact::whole(places.shape.clone(), numbers)]);
    }
    if found.is_empty() || found.len() > MOST_PIECES {
        return Err(format!("takes {} pieces", found.len()).into());
    }
    let pieces: Vec<Fact> = found
        .iter()
        .map(|&place| lowering.cut(x, axis, place, place + 1))
        .collect::<Made<_>>()?;
    let joined = lowering.joined(&pieces, axis)?;
    let mut shape = x.shape.clone();
    shape.splice(axis..=axis, places.shape.iter().copied());
    Ok(vec![lowering.reshaped(&joined, shape)?])
}

fn pad(lowering: &mut Lowering<'_>, node: &NodeProto, inputs: &Inputs) -> Made<Vec<Fact>> {
    let x = inputs.need(0)?;
    let mode = given::text(node, "mode").unwrap_or("constant");
    if mode != "constant" {
        return Err(format!("pads by {}; allowed: constant", crate::error::shorten(mode)).into());
    }
    let pads = match inputs.get(1) {
        Some(fact) => known(fact)?,
        None => given::integers(node, "pads").unwrap_or_default(),
    };
    let value = match inputs.get(2) {
        Some(fact) => *fact
            .floats
            .as_deref()
            .and_then(|numbers| numbers.first())
            .ok_or("pads with what is known only with the picture")?,
        None => given::number(node, "value").unwrap_or(0.0),
    };
    let axes: Vec<usize> = match inputs.get(3) {
        Some(fact) => known(fact)?
            .iter()
            .map(|&axis| axis_of(axis, x.rank()))
            .collect::<Made<_>>()?,
        None => (0..x.rank()).collect(),
    };
    if pads.len() != 2 * axes.len() {
        return Err(format!("has {} pads for {} axes", pads.len(), axes.len()).into());
    }
    let mut made = x.clone();
    for (place, axis) in axes.iter().enumerate() {
        let ends = [pads[place], pads[place + axes.len()]];
        if ends == [0, 0] {
            continue;
        }
        let mut parts = vec![made.clone()];
        for (end, &width) in ends.iter().enumerate() {
            let allowed = usize::try_from(width)
                .ok()
                .filter(|width| *width <= 1 << 12);
            let width = allowed.ok_or_else(|| format!("pads by {width}; allowed: 0 to 4096"))?;
            if width > 0 {
                let mut shape = made.shape.clone();
                shape[*axis] = width;
                let blank = lowering.filled(shape, value)?;
                parts.insert(if end == 0 { 0 } else { parts.len() }, blank);
            }
        }
        // A level that is padded stays one.
        let kind = made.kind;
        parts.iter_mut().for_each(|part| part.kind = kind);
        made = lowering.joined(&parts, *axis)?;
    }
    Ok(vec![made])
}

fn expand(lowering: &mut Lowering<'_>, _: &NodeProto, inputs: &Inputs) -> Made<Vec<Fact>> {
    let x = inputs.need(0)?;
    let shape: Vec<usize> = known(inputs.need(1)?)?
        .iter()
        .map(|&side| usize::try_from(side).map_err(|_| format!("has a side of {side}").into()))
        .collect::<Made<_>>()?;
    if let Some(whole) = &x.whole {
        if whole.len() != 1 {
            return Err("repeats a list of whole numbers".into());
        }
        let count = count_within(&shape, crate::classify::model::fact::MOST_KNOWN);
        let count = count.ok_or_else(|| format!("makes too many numbers: {}", told(&shape)))?;
        return Ok(vec![Fact::whole(shape, vec![whole[0]; count])]);
    }
    let ones = lowering.filled(shape, 1.0)?;
    Ok(vec![lowering.binary("Mul", x, &ones)?])
}

impl Lowering<'_> {
    /// The same numbers in another shape of as many.
    pub(super) fn reshaped(&mut self, x: &Fact, shape: Vec<usize>) -> Made {
        if x.shape == shape {
            return Ok(x.clone());
        }
        if x.whole.is_some() {
            return Ok(Fact { shape, ..x.clone() });
        }
        if let Some(numbers) = &x.floats {
            return Ok(self.constant(shape, numbers.to_vec()));
        }
        self.needs_numbers(x)?;
        let name = self.fresh("shape");
        let sides: Vec<i64> = shape.iter().map(|&side| side as i64).collect();
        self.tensors.push(weights::whole_tensor(&name, &sides));
        self.step_of(
            "Reshape",
            vec![x.name.clone(), name],
            Vec::new(),
            shape,
            x.kind,
        )
    }

    /// The same numbers with their axes in another order.
    pub(super) fn transposed(&mut self, x: &Fact, order: Vec<usize>) -> Made {
        let shape: Vec<usize> = order.iter().map(|&axis| x.shape[axis]).collect();
        // Where only sides of 1 change places, the numbers stay where they are.
        let moved = order.iter().filter(|&&axis| x.shape[axis] != 1);
        if moved.is_sorted() {
            return self.reshaped(x, shape);
        }
        self.needs_numbers(x)?;
        let order = order.into_iter().map(|axis| axis as i64).collect();
        let options = vec![given::with_integers("perm", order)];
        self.step_of("Transpose", vec![x.name.clone()], options, shape, x.kind)
    }

    /// A part of an axis.
    fn cut(&mut self, x: &Fact, axis: usize, start: usize, end: usize) -> Made {
        if start == 0 && end == x.shape[axis] {
            return Ok(x.clone());
        }
        if let Some(whole) = x.whole.as_deref().filter(|_| x.rank() == 1) {
            return Ok(Fact::whole(vec![end - start], whole[start..end].to_vec()));
        }
        self.needs_numbers(x)?;
        let mut shape = x.shape.clone();
        shape[axis] = end - start;
        let options = [("axis", axis), ("start", start), ("end", end)];
        let options = options.map(|(name, number)| given::with_integer(name, number as i64));
        self.step_of("Slice", vec![x.name.clone()], options.into(), shape, x.kind)
    }

    /// Numbers beside each other along an axis.
    fn joined(&mut self, parts: &[Fact], axis: usize) -> Made {
        let [first, others @ ..] = parts else {
            return Err("has nothing to put together".into());
        };
        if others.is_empty() {
            return Ok(first.clone());
        }
        let mut shape = first.shape.clone();
        for part in others {
            let fits = part.rank() == shape.len()
                && part.kind == first.kind
                && (0..shape.len()).all(|at| at == axis || part.shape[at] == shape[at]);
            let side = fits
                .then(|| shape[axis].checked_add(part.shape[axis]))
                .flatten();
            let [a, b] = [&first.shape, &part.shape].map(|shape| told(shape));
            shape[axis] = side.ok_or_else(|| format!("puts {a} and {b} beside each other"))?;
        }
        for part in parts {
            self.needs_numbers(part)?;
        }
        let names = parts.iter().map(|part| part.name.clone()).collect();
        let options = vec![given::with_integer("axis", axis as i64)];
        self.step_of("Concat", names, options, shape, first.kind)
    }

    /// Refuses whole numbers, which the network that is made does not have.
    fn needs_numbers(&self, x: &Fact) -> Made<()> {
        if x.is_made {
            Ok(())
        } else {
            Err("moves whole numbers that are not known beforehand".into())
        }
    }
}
