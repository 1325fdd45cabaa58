//! From scores to probabilities, and how wrong they are.

use super::LANES;
use super::dense::Scores;
use crate::classify::CLASSES;

/// Probabilities from scores, which may be of any size.
pub fn softmax(scores: &[f32; CLASSES]) -> [f32; CLASSES] {
    let largest = scores.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let powers = scores.map(|score| libm::expf(score - largest));
    let sum: f32 = powers.iter().sum();
    powers.map(|power| power / sum)
}

/// The ten scores that mean something.
pub(crate) fn classes(scores: &Scores) -> [f32; CLASSES] {
    *scores.first_chunk().expect("ten classes")
}

/// The cross entropy of what a network answers against the probabilities that it should have
/// answered, and its gradient by each score.
pub(crate) fn cross_entropy(scores: &Scores, target: &[f32; CLASSES]) -> (f32, Scores) {
    let answered = softmax(&classes(scores));
    let mut gradient = [0.0; LANES];
    let mut loss = 0.0;
    for ((to, answered), target) in gradient.iter_mut().zip(answered).zip(target) {
        *to = answered - target;
        loss -= target * libm::logf(answered.max(f32::MIN_POSITIVE));
    }
    (loss, gradient)
}

#[cfg(test)]
mod tests {
    use super::super::differences::{agree, numbers};
    use super::*;

    #[test]
    fn probabilities_add_up_to_one_however_large_the_scores_are() {
        let mut scores = [0.0; CLASSES];
        scores[3] = 1e30;
        assert_eq!(softmax(&scores)[3], 1.0);
        scores = [-1e30; CLASSES];
        assert!(softmax(&scores).iter().all(|p| (p - 0.1).abs() < 1e-6));
    }

    #[test]
    fn the_gradient_is_that_of_differences() {
        let scores: Scores = *numbers(LANES, 1).first_chunk().expect("a vector");
        let target = softmax(numbers(CLASSES, 2).first_chunk().expect("ten"));
        let (_, gradient) = cross_entropy(&scores, &target);
        agree("score", &scores, &gradient, 0..LANES, 1e-2, |scores| {
            let scores = scores.first_chunk().expect("a vector");
            f64::from(cross_entropy(scores, &target).0)
        });
    }
}
