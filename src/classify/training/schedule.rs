//! How fast it learns, from step to step.

use std::f64::consts::PI;

/// A rate that rises evenly at first and then falls to zero along half a cosine.
#[derive(Clone, Copy, Debug)]
pub struct Schedule {
    /// The highest rate.
    pub peak: f64,
    /// How many steps there are.
    pub steps: usize,
    /// How many of them it rises.
    pub warm_up: usize,
}

impl Schedule {
    /// The rate of a step, counted from 0.
    pub fn rate(&self, step: usize) -> f32 {
        let rate = if step < self.warm_up {
            self.peak * (step + 1) as f64 / self.warm_up as f64
        } else {
            let left = self.steps.saturating_sub(self.warm_up).max(1) as f64;
            let done = ((step - self.warm_up) as f64 / left).min(1.0);
            self.peak * 0.5 * (1.0 + libm::cos(PI * done))
        };
        rate as f32
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_rises_falls_and_ends_at_zero() {
        let schedule = Schedule {
            peak: 0.5,
            steps: 100,
            warm_up: 10,
        };
        let rates: Vec<f32> = (0..=100).map(|step| schedule.rate(step)).collect();
        assert_eq!(rates[0], 0.05);
        assert_eq!(rates[9], 0.5);
        assert_eq!(rates[10], 0.5);
        assert!(rates[..10].is_sorted());
        assert!(rates[10..].iter().rev().is_sorted());
        assert!((rates[55] - 0.25).abs() < 1e-6, "{}", rates[55]);
        assert_eq!(rates[100], 0.0);
    }

    #[test]
    fn no_warm_up_begins_at_the_peak() {
        let schedule = Schedule {
            peak: 0.5,
            steps: 2,
            warm_up: 0,
        };
        assert_eq!(
            [0, 1, 2, 9].map(|step| schedule.rate(step)),
            [0.5, 0.25, 0.0, 0.0]
        );
    }
}
