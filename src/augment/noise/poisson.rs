//! Poisson numbers.

use crate::augment::kernel::random_field::RandomField;

/// The distribution of a mean, as a table to search in.
#[derive(Debug)]
pub(super) struct Poisson {
    /// The smallest count with a share worth mentioning.
    first: usize,
    /// For each count, beginning with the first, the share of words up to it.
    ends: Vec<u32>,
}

/// The largest mean that is made.
pub(super) const LARGEST: f64 = 4000.0;

impl Poisson {
    /// The distribution with a mean up to [`LARGEST`]; larger ones are cut.
    pub(super) fn new(mean: f64) -> Self {
        let mean = mean.clamp(0.0, LARGEST);
        // Eight deviations about the mean: less than a word of 2^-32 lies outside.
        let reach = 8.0 * mean.sqrt() + 12.0;
        let first = (mean - reach).max(0.0) as usize;
        let last = (mean + reach) as usize;
        let share = |count: usize| {
            if mean == 0.0 {
                return f64::from(u8::from(count == 0));
            }
            if count == 0 {
                return libm::exp(-mean);
            }
            let count = count as f64;
            libm::exp(count * libm::log(mean) - mean - libm::lgamma(count + 1.0))
        };
        let mut share_of_next = share(first);
        let mut sum = 0.0;
        let ends = (first..=last)
            .map(|count| {
                sum += share_of_next;
                share_of_next = if share_of_next < 1e-280 {
                    share(count + 1)
                } else {
                    share_of_next * mean / (count + 1) as f64
                };
                (sum * 4_294_967_296.0) as u32
            })
            .collect();
        Self { first, ends }
    }

    /// One count.
    #[inline]
    pub(super) fn draw(&self, field: &mut RandomField) -> usize {
        let word = field.word();
        let above = self.ends.partition_point(|&end| end <= word);
        self.first + above.min(self.ends.len() - 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mean_and_variance_are_equal() {
        let mut field = RandomField::new(2);
        for mean in [0.0, 1e-6, 0.3, 1.0, 9.5, 120.0, 3999.0] {
            let poisson = Poisson::new(mean);
            let count = 100_000;
            let numbers: Vec<f64> = (0..count)
                .map(|_| poisson.draw(&mut field) as f64)
                .collect();
            let found = numbers.iter().sum::<f64>() / f64::from(count);
            let variance =
                numbers.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / f64::from(count);
            assert!(
                (found - mean).abs() < 0.02 * mean.sqrt() + 1e-4,
                "{mean}: {found}"
            );
            assert!(
                (variance - mean).abs() < 0.03 * mean + 1e-4,
                "{mean}: {variance}"
            );
        }
    }
}
