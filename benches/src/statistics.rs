//! Medians and ranges.

/// Figures of several rounds.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Rounds(Vec<f64>);

impl Rounds {
    /// Takes the figures of at least one round.
    pub(crate) fn new(mut figures: Vec<f64>) -> Self {
        assert!(!figures.is_empty(), "no round was measured");
        figures.sort_by(f64::total_cmp);
        Self(figures)
    }

    /// The middle figure, or the mean of the middle two.
    pub(crate) fn median(&self) -> f64 {
        let middle = self.0.len() / 2;
        if self.0.len().is_multiple_of(2) {
            f64::midpoint(self.0[middle - 1], self.0[middle])
        } else {
            self.0[middle]
        }
    }

    /// The median and, in brackets, the smallest and the largest figure.
    pub(crate) fn text(&self, format: impl Fn(f64) -> String) -> String {
        let (smallest, largest) = (self.0[0], self.0[self.0.len() - 1]);
        format!(
            "{} ({} to {})",
            format(self.median()),
            format(smallest),
            format(largest)
        )
    }
}

/// A whole number with its thousands set apart.
pub(crate) fn thousands(number: f64) -> String {
    let digits = format!("{number:.0}");
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_is_in_the_middle() {
        assert_eq!(Rounds::new(vec![3.0, 1.0, 100.0]).median(), 3.0);
        assert_eq!(Rounds::new(vec![4.0, 1.0, 2.0, 100.0]).median(), 3.0);
        assert_eq!(
            Rounds::new(vec![3.0, 1.0, 9.0]).text(thousands),
            "3 (1 to 9)"
        );
    }

    #[test]
    fn thousands_are_set_apart() {
        assert_eq!(
            [0.0, 999.4, 1000.0, 1_234_567.0].map(thousands),
            ["0", "999", "1,000", "1,234,567"]
        );
    }
}
