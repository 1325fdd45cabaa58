//! How well a network answers.

use super::data::{Digits, ink};
use crate::classify::CLASSES;
use crate::classify::network::{Classifier, largest, softmax};
use std::thread;

/// What a network made of many pictures.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Figures {
    /// How often each digit (first) was taken for each digit (second).
    pub confusion: [[u32; CLASSES]; CLASSES],
    /// The sum of the cross entropies.
    loss: f64,
}

impl Figures {
    /// Notes one picture.
    pub fn note(&mut self, label: u8, scores: &[f32; CLASSES]) {
        self.confusion[usize::from(label)][usize::from(largest(scores))] += 1;
        let probability = softmax(scores)[usize::from(label)];
        self.loss -= libm::log(f64::from(probability.max(f32::MIN_POSITIVE)));
    }

    /// How many pictures there were.
    pub fn count(&self) -> u32 {
        self.confusion.as_flattened().iter().sum()
    }

    /// How many answers were right.
    pub fn right(&self) -> u32 {
        (0..CLASSES).map(|digit| self.confusion[digit][digit]).sum()
    }

    /// The share of right answers; 0 without pictures.
    pub fn accuracy(&self) -> f64 {
        share(self.right(), self.count())
    }

    /// The share of right answers among the pictures of each digit.
    pub fn by_class(&self) -> [f64; CLASSES] {
        std::array::from_fn(|digit| {
            let row = &self.confusion[digit];
            share(row[digit], row.iter().sum())
        })
    }

    /// The mean cross entropy; 0 without pictures.
    pub fn loss(&self) -> f64 {
        self.loss / f64::from(self.count().max(1))
    }

    /// Adds what was measured with other pictures.
    pub fn add(&mut self, other: &Self) {
        let sums = self.confusion.as_flattened_mut().iter_mut();
        sums.zip(other.confusion.as_flattened())
            .for_each(|(sum, more)| *sum += more);
        self.loss += other.loss;
    }
}

fn share(part: u32, all: u32) -> f64 {
    f64::from(part) / f64::from(all.max(1))
}

/// How many pictures a thread takes at a time. The losses are added up in this order, whatever
/// the number of threads.
const PART: usize = 250;

/// Measures a classifier.
pub fn evaluate(classifier: &Classifier, digits: &Digits, threads: usize) -> Figures {
    let parts: Vec<_> = (0..digits.len()).step_by(PART).collect();
    let mut figures = vec![Figures::default(); parts.len()];
    let measure = |parts: &[usize], figures: &mut [Figures]| {
        let mut scratch = classifier.scratch();
        for (start, figures) in parts.iter().zip(figures) {
            for at in *start..digits.len().min(start + PART) {
                let scores = classifier.scores(&ink(digits.picture(at)), &mut scratch);
                figures.note(digits.label(at), &scores);
            }
        }
    };
    let share = parts.len().div_ceil(threads.max(1)).max(1);
    if threads <= 1 {
        measure(&parts, &mut figures);
    } else {
        thread::scope(|scope| {
            for (parts, figures) in parts.chunks(share).zip(figures.chunks_mut(share)) {
                scope.spawn(|| measure(parts, figures));
            }
        });
    }
    let mut sum = Figures::default();
    figures.iter().for_each(|figures| sum.add(figures));
    sum
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_counted_by_class() {
        let mut figures = Figures::default();
        let sure = |digit: usize| std::array::from_fn(|at| if at == digit { 50.0 } else { 0.0 });
        figures.note(3, &sure(3));
        figures.note(3, &sure(8));
        figures.note(7, &sure(7));
        assert_eq!((figures.count(), figures.right()), (3, 2));
        assert_eq!(figures.confusion[3][8], 1);
        assert_eq!(figures.by_class()[3], 0.5);
        assert_eq!(figures.by_class()[7], 1.0);
        assert!(
            (figures.loss() - 50.0 / 3.0).abs() < 1e-3,
            "{}",
            figures.loss()
        );
    }
}
