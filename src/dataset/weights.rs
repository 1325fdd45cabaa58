//! Choices by weight.

/// The largest sum of weights.
pub(super) const MOST_WEIGHT: u64 = 1_000_000;

/// One of several things with their weights; `place` says where, below the sum of the weights, it lies.
pub(super) fn choose<T>(
    choices: impl Iterator<Item = (u32, T)> + Clone,
    place: impl FnOnce(u32) -> u32,
) -> T {
    let mut place = place(choices.clone().map(|(weight, _)| weight).sum());
    for (weight, choice) in choices {
        match place.checked_sub(weight) {
            None => return choice,
            Some(left) => place = left,
        }
    }
    unreachable!("a place is below the sum of all weights")
}
