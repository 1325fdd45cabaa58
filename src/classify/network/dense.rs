//! The last layer: every feature has a weight for each class.
//!
//! The weights of a feature fill a vector; those beyond the tenth are zero and stay so.

use super::{LANES, load, store};
use wide::f32x16;

/// A number per class; those beyond the tenth mean nothing.
pub(crate) type Scores = [f32; LANES];

/// The scores of one picture. `weights` holds a vector for each feature, then the biases.
pub(crate) fn forward(features: &[f32], weights: &[f32]) -> Scores {
    let (weights, bias) = weights.split_at(features.len() * LANES);
    let mut sum = load(bias);
    for (feature, weights) in features.iter().zip(weights.chunks_exact(LANES)) {
        sum = f32x16::splat(*feature).mul_add(load(weights), sum);
    }
    sum.to_array()
}

/// Adds to `gradient` what one picture says about the weights, and sets the gradient of
/// its features.
pub(crate) fn backward(
    features: &[f32],
    weights: &[f32],
    errors: &Scores,
    gradient: &mut [f32],
    feature_gradient: &mut [f32],
) {
    weight_gradient(features, errors, gradient);
    let errors = f32x16::new(*errors);
    for (to, weights) in feature_gradient.iter_mut().zip(weights.chunks_exact(LANES)) {
        *to = (errors * load(weights)).reduce_add();
    }
}

/// Adds to `gradient` what one picture says about the weights.
pub(crate) fn weight_gradient(features: &[f32], errors: &Scores, gradient: &mut [f32]) {
    let errors = f32x16::new(*errors);
    // The bias is the weight of a feature that is always 1.
    let features = features.iter().chain(&[1.0]);
    for (feature, gradient) in features.zip(gradient.chunks_exact_mut(LANES)) {
        let sum = f32x16::splat(*feature).mul_add(errors, load(gradient));
        store(gradient, sum);
    }
}

#[cfg(test)]
mod tests {
    use super::super::differences::{agree, numbers, product};
    use super::*;

    #[test]
    fn gradients_are_those_of_differences() {
        const FEATURES: usize = 23;
        let features = numbers(FEATURES, 1);
        let weights = numbers((FEATURES + 1) * LANES, 2);
        let errors: Scores = *numbers(LANES, 3).first_chunk().expect("a vector");
        let mut gradient = vec![0.0; weights.len()];
        let mut feature_gradient = vec![0.0; FEATURES];
        backward(
            &features,
            &weights,
            &errors,
            &mut gradient,
            &mut feature_gradient,
        );
        agree(
            "weight",
            &weights,
            &gradient,
            0..weights.len(),
            0.5,
            |weights| product(&forward(&features, weights), &errors),
        );
        agree(
            "feature",
            &features,
            &feature_gradient,
            0..FEATURES,
            0.5,
            |features| product(&forward(features, &weights), &errors),
        );
    }
}
