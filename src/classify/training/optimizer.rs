//! AdamW: Adam with decoupled weight decay (Loshchilov and Hutter, 2019).

use std::ops::Range;

/// How much of the earlier gradients, and of their squares, is kept.
const KEPT: [f32; 2] = [0.9, 0.999];

/// Keeps steps finite where there is no gradient.
const EPSILON: f32 = 1e-8;

/// The memory of the optimiser.
#[derive(Clone, Debug)]
pub struct Optimizer {
    means: Vec<f32>,
    squares: Vec<f32>,
    /// The powers of [`KEPT`] after the steps so far.
    powers: [f64; 2],
    /// The share that decay takes at a rate of 1, for each parameter.
    decay: Vec<f32>,
}

impl Optimizer {
    /// An optimiser of so many parameters; those in `decaying` are drawn to zero.
    pub fn new(parameters: usize, decaying: &[Range<usize>], decay: f32) -> Self {
        let mut decays = vec![0.0; parameters];
        for range in decaying {
            decays[range.clone()].fill(decay);
        }
        Self {
            means: vec![0.0; parameters],
            squares: vec![0.0; parameters],
            powers: [1.0; 2],
            decay: decays,
        }
    }

    /// The powers that a step goes on from.
    pub(super) fn powers(&self) -> &[f64; 2] {
        &self.powers
    }

    pub(super) fn powers_mut(&mut self) -> &mut [f64; 2] {
        &mut self.powers
    }

    /// The means and the squares that a step goes on from.
    pub(super) fn moments(&self) -> [&[f32]; 2] {
        [&self.means, &self.squares]
    }

    pub(super) fn moments_mut(&mut self) -> [&mut Vec<f32>; 2] {
        [&mut self.means, &mut self.squares]
    }

    /// One step against the gradient.
    pub fn step(&mut self, parameters: &mut [f32], gradient: &[f32], rate: f32) {
        for (power, kept) in self.powers.iter_mut().zip(KEPT) {
            *power *= f64::from(kept);
        }
        // What is missing of the means while there are few gradients.
        let [mean_share, square_share] = self.powers.map(|power| (1.0 / (1.0 - power)) as f32);
        let moments = self.means.iter_mut().zip(&mut self.squares);
        for (((parameter, gradient), (mean, square)), decay) in parameters
            .iter_mut()
            .zip(gradient)
            .zip(moments)
            .zip(&self.decay)
        {
            *mean += (1.0 - KEPT[0]) * (gradient - *mean);
            *square += (1.0 - KEPT[1]) * (gradient * gradient - *square);
            let step = *mean * mean_share / ((*square * square_share).sqrt() + EPSILON);
            *parameter -= rate * (step + decay * *parameter);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_step_has_the_size_of_the_rate() {
        let mut parameters = [1.0, -2.0, 0.5];
        Optimizer::new(3, &[], 0.0).step(&mut parameters, &[10.0, -0.01, 0.0], 0.1);
        let expected = [0.9, -1.9, 0.5];
        for (found, expected) in parameters.iter().zip(expected) {
            assert!((found - expected).abs() < 1e-5, "{parameters:?}");
        }
    }

    #[test]
    fn only_what_decays_is_drawn_to_zero() {
        let mut parameters = [1.0, 1.0, -2.0];
        Optimizer::new(3, &[1..2, 2..3], 0.5).step(&mut parameters, &[0.0; 3], 0.1);
        assert_eq!(parameters, [1.0, 0.95, -1.9]);
    }

    #[test]
    fn a_valley_is_found() {
        let mut at = [3.0_f32, -4.0];
        let mut optimizer = Optimizer::new(2, &[], 0.0);
        for _ in 0..2_000 {
            let gradient = [2.0 * (at[0] - 1.0), 20.0 * (at[1] - 0.5)];
            optimizer.step(&mut at, &gradient, 0.01);
        }
        assert!(
            (at[0] - 1.0).abs() < 1e-2 && (at[1] - 0.5).abs() < 1e-2,
            "{at:?}"
        );
    }
}
