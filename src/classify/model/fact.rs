//! What is known of the numbers that flow through a model before any are there.

use std::rc::Rc;

/// Constants of so many numbers at most are looked into; larger ones are weights.
pub(super) const MOST_KNOWN: usize = 4_096;

/// What kind of numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Numbers with a fraction, all computed with 32 bits.
    Float,
    /// Whole levels, kept as numbers with a fraction; nothing is computed with them until
    /// the model makes them so.
    Level,
    /// Whole numbers that say something of shapes.
    Whole,
}

/// Numbers that flow from one step to others.
#[derive(Clone, Debug)]
pub(super) struct Fact {
    /// What they are called in the network that is made, or else in the file.
    pub(super) name: String,
    /// Whether the network that is made has them.
    pub(super) is_made: bool,
    pub(super) shape: Vec<usize>,
    pub(super) kind: Kind,
    /// Whole numbers that are known beforehand.
    pub(super) whole: Option<Rc<[i64]>>,
    /// Numbers that are known beforehand.
    pub(super) floats: Option<Rc<[f32]>>,
}

impl Fact {
    /// Numbers of the network that is made.
    pub(super) fn new(name: String, kind: Kind, shape: Vec<usize>) -> Self {
        Self {
            name,
            is_made: true,
            shape,
            kind,
            whole: None,
            floats: None,
        }
    }

    /// Whole numbers that are known.
    pub(super) fn whole(shape: Vec<usize>, numbers: Vec<i64>) -> Self {
        Self {
            whole: Some(numbers.into()),
            is_made: false,
            ..Self::new(String::new(), Kind::Whole, shape)
        }
    }

    pub(super) fn rank(&self) -> usize {
        self.shape.len()
    }

    /// How many numbers.
    pub(super) fn count(&self) -> usize {
        self.shape.iter().product()
    }
}

/// How many numbers a shape has, unless they are more than `most`.
pub(super) fn count_within(shape: &[usize], most: usize) -> Option<usize> {
    let count = shape
        .iter()
        .try_fold(1_usize, |product, side| product.checked_mul(*side))?;
    (count <= most).then_some(count)
}

/// A shape as text.
pub(super) fn told(shape: &[usize]) -> String {
    let sides: Vec<String> = shape.iter().map(usize::to_string).collect();
    format!("[{}]", sides.join(","))
}

/// The shape of what is computed number by number of two.
pub(super) fn broadcast(left: &[usize], right: &[usize]) -> Option<Vec<usize>> {
    let rank = left.len().max(right.len());
    let side = |shape: &[usize], at: usize| match (at + shape.len()).checked_sub(rank) {
        Some(place) => shape[place],
        None => 1,
    };
    let sides = (0..rank).map(|at| match (side(left, at), side(right, at)) {
        (a, b) if a == b => Some(a),
        (1, b) => Some(b),
        (a, 1) => Some(a),
        _ => None,
    });
    sides.collect()
}

/// An axis that may be counted from the end.
pub(super) fn axis(given: i64, rank: usize) -> Option<usize> {
    let rank = i64::try_from(rank).ok()?;
    let axis = if given < 0 {
        given.checked_add(rank)?
    } else {
        given
    };
    (0..rank).contains(&axis).then_some(axis as usize)
}
