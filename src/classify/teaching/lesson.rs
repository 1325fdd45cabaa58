//! Training the last layer anew.

use super::features::Features;
use crate::classify::CLASSES;
use crate::classify::network::{
    Dense, LANES, dense, largest, softmax,
    softmax::{classes, cross_entropy},
};
use crate::classify::training::optimizer::Optimizer;
use crate::classify::training::schedule::Schedule;
use crate::error::{Error, Result};

/// How a lesson goes.
#[derive(Clone, Copy, Debug)]
pub struct Settings {
    /// How much the own pictures count against those that it has always known.
    pub share: f32,
    /// The probability that is taken from the right digit and spread over all.
    pub smoothing: f32,
    /// How strongly weights are drawn to what they were.
    pub tether: f32,
    /// The highest rate of learning.
    pub rate: f64,
    /// How many steps it takes, each with all pictures.
    pub steps: usize,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            share: 0.2,
            smoothing: 0.05,
            tether: 3e-3,
            rate: 0.03,
            steps: 100,
        }
    }
}

/// What a last layer is taught with.
#[derive(Clone, Copy, Debug)]
pub struct Lesson<'a> {
    /// Pictures that it has always known.
    pub replay: &'a Features,
    /// Pictures of the same kind that it never learns from.
    pub held: &'a Features,
    /// The own pictures: each as it is, followed by its changed ones.
    pub own: &'a Features,
    /// How many of those each own picture has, itself included.
    pub variants: usize,
}

/// How many answers were right.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Score {
    /// How many pictures there were.
    pub count: usize,
    /// How many answers were right.
    pub right: usize,
}

impl Score {
    fn add(&mut self, other: Self) {
        self.count += other.count;
        self.right += other.right;
    }
}

/// What came out of a lesson.
#[derive(Clone, Debug, PartialEq)]
pub struct Outcome {
    /// The last layer.
    pub dense: Dense,
    /// The own pictures, before and after: it has learned from these very pictures.
    pub own: [Score; 2],
    /// The own pictures, before and after, each answered by a layer that was taught with others
    /// alone; nothing where there are too few to tell.
    pub unseen: Option<[Score; 2]>,
    /// The pictures that it never learns from, before and after.
    pub held: [Score; 2],
}

/// From so many own pictures on, some are left out in turn to see what it makes of new ones.
const ENOUGH: usize = 4;

/// In how many parts they are left out.
const PARTS: usize = 5;

/// Teaches a last layer, and measures what that changed.
///
/// # Errors
/// [`Error::InvalidParameter`] when there is nothing to learn from, or the parts do not fit
/// together.
pub fn teach(before: &Dense, lesson: &Lesson, settings: &Settings) -> Result<Outcome> {
    let Lesson {
        replay,
        held,
        own,
        variants,
    } = *lesson;
    let width = before.weights.len();
    for features in [replay, held, own] {
        if features.width() != width {
            let allowed = format!("{width}, which the last layer is given");
            return Err(Error::invalid(
                "number of features",
                features.width(),
                allowed,
            ));
        }
    }
    if variants == 0 || own.len() % variants != 0 {
        let allowed = format!("a divisor of {}, the number of own pictures", own.len());
        return Err(Error::invalid("variants", variants, allowed));
    }
    for (name, features) in [("replay", replay), ("samples", own)] {
        if features.is_empty() {
            return Err(Error::invalid(name, "empty", "at least one picture"));
        }
    }
    let count = own.len() / variants;
    let plain = own.only(|at| at % variants == 0);
    let after = learn(before, replay, own, settings);
    let unseen = (count >= ENOUGH).then(|| {
        let parts = count.min(PARTS);
        let mut scores = [Score::default(); 2];
        for part in 0..parts {
            let is_out = |sample: usize| sample % parts == part;
            let taught = learn(
                before,
                replay,
                &own.only(|at| !is_out(at / variants)),
                settings,
            );
            let out = plain.only(is_out);
            scores[0].add(score(before, &out));
            scores[1].add(score(&taught, &out));
        }
        scores
    });
    Ok(Outcome {
        own: [before, &after].map(|dense| score(dense, &plain)),
        unseen,
        held: [before, &after].map(|dense| score(dense, held)),
        dense: after,
    })
}

/// How many answers a last layer gives right.
fn score(dense: &Dense, features: &Features) -> Score {
    let weights = packed(dense);
    let right = features
        .rows()
        .filter(|(values, label)| largest(&classes(&dense::forward(values, &weights))) == *label);
    Score {
        count: features.len(),
        right: right.count(),
    }
}

/// The weights that say the right digits of the own pictures, and of the others what they said
/// before, and that stay near what they were.
fn learn(before: &Dense, replay: &Features, own: &Features, settings: &Settings) -> Dense {
    let beginning = packed(before);
    let mut weights = beginning.clone();
    let known: Vec<[f32; CLASSES]> = replay
        .rows()
        .map(|(values, _)| softmax(&classes(&dense::forward(values, &beginning))))
        .collect();
    let wanted: Vec<[f32; CLASSES]> = own
        .rows()
        .map(|(_, label)| {
            let mut target = [settings.smoothing / CLASSES as f32; CLASSES];
            target[usize::from(label)] += 1.0 - settings.smoothing;
            target
        })
        .collect();
    let groups = [
        (replay, known, (1.0 - settings.share) / replay.len() as f32),
        (own, wanted, settings.share / own.len().max(1) as f32),
    ];
    let mut optimizer = Optimizer::new(weights.len(), &[], 0.0);
    let schedule = Schedule {
        peak: settings.rate,
        steps: settings.steps,
        warm_up: 0,
    };
    let mut gradient = vec![0.0; weights.len()];
    for step in 0..settings.steps {
        let places = gradient.iter_mut().zip(&weights).zip(&beginning);
        places.for_each(|((gradient, now), first)| *gradient = settings.tether * (now - first));
        for (features, targets, factor) in &groups {
            for ((values, _), target) in features.rows().zip(targets) {
                let scores = dense::forward(values, &weights);
                let (_, mut errors) = cross_entropy(&scores, target);
                errors.iter_mut().for_each(|error| *error *= factor);
                dense::weight_gradient(values, &errors, &mut gradient);
            }
        }
        optimizer.step(&mut weights, &gradient, schedule.rate(step));
    }
    unpacked(&weights)
}

/// A vector for each feature, then the biases.
fn packed(dense: &Dense) -> Vec<f32> {
    let mut packed = Vec::with_capacity((dense.weights.len() + 1) * LANES);
    for row in dense.weights.iter().chain([&dense.bias]) {
        packed.extend(row);
        packed.extend([0.0; LANES - CLASSES]);
    }
    packed
}

fn unpacked(packed: &[f32]) -> Dense {
    let rows = packed.as_chunks::<LANES>().0;
    let mut rows: Vec<[f32; CLASSES]> = rows.iter().map(classes).collect();
    let bias = rows.pop().expect("the biases come last");
    Dense {
        weights: rows,
        bias,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::classify::network::differences::numbers;

    /// Pictures whose largest of ten features is their digit, in a random order.
    fn clear(count: usize, seed: u64) -> Features {
        let mut values = numbers(count * CLASSES, seed);
        let labels: Vec<u8> = (0..count).map(|at| (at * 7 % CLASSES) as u8).collect();
        for (row, label) in values.as_chunks_mut::<CLASSES>().0.iter_mut().zip(&labels) {
            row.iter_mut().for_each(|value| *value *= 0.3);
            row[usize::from(*label)] += 3.0;
        }
        Features::new(CLASSES, values, labels).unwrap()
    }

    /// The layer that takes the largest feature for the digit.
    fn identity() -> Dense {
        let row = |at: usize| std::array::from_fn(|class| if class == at { 2.0 } else { 0.0 });
        Dense {
            weights: (0..CLASSES).map(row).collect(),
            bias: [0.0; CLASSES],
        }
    }

    /// A hand whose sevens have the mark of ones, and something of their own.
    fn own(count: usize) -> Features {
        let mut values = numbers(count * CLASSES, 5);
        for row in values.as_chunks_mut::<CLASSES>().0 {
            row.iter_mut().for_each(|value| *value *= 0.2);
            row[1] += 2.0;
            row[7] += 1.2;
        }
        Features::new(CLASSES, values, vec![7; count]).unwrap()
    }

    #[test]
    fn a_hand_is_learned_and_what_was_known_stays() {
        let [replay, held] = [clear(200, 1), clear(300, 2)];
        let own = own(10);
        let lesson = Lesson {
            replay: &replay,
            held: &held,
            own: &own,
            variants: 1,
        };
        let outcome = teach(&identity(), &lesson, &Settings::default()).unwrap();
        let [before, after] = outcome.own;
        assert!(before.right < 3 && after.right == 10, "{outcome:?}");
        let [before, after] = outcome.unseen.unwrap();
        assert_eq!([before.count, after.count], [10, 10]);
        assert!(after.right >= 9, "{outcome:?}");
        let [before, after] = outcome.held;
        assert_eq!(before.right, 300);
        assert!(after.right >= 297, "{outcome:?}");
        assert_eq!(
            teach(&identity(), &lesson, &Settings::default()).unwrap(),
            outcome
        );
    }

    #[test]
    fn too_few_pictures_say_nothing_of_new_ones() {
        let [replay, own] = [clear(50, 1), own(3)];
        let lesson = Lesson {
            replay: &replay,
            held: &replay,
            own: &own,
            variants: 1,
        };
        assert_eq!(
            teach(&identity(), &lesson, &Settings::default())
                .unwrap()
                .unseen,
            None
        );
    }

    #[test]
    fn lessons_that_make_no_sense_are_refused() {
        let [replay, own] = [clear(20, 1), own(3)];
        let none = replay.only(|_| false);
        let narrow = Features::new(1, vec![0.0; 2], vec![1, 2]).unwrap();
        let good = Lesson {
            replay: &replay,
            held: &replay,
            own: &own,
            variants: 1,
        };
        let cases = [
            (
                Lesson {
                    replay: &none,
                    ..good
                },
                "replay is empty",
            ),
            (Lesson { own: &none, ..good }, "samples is empty"),
            (
                Lesson {
                    variants: 2,
                    ..good
                },
                "variants is 2",
            ),
            (
                Lesson {
                    variants: 0,
                    ..good
                },
                "variants is 0",
            ),
            (
                Lesson {
                    held: &narrow,
                    ..good
                },
                "number of features is 1",
            ),
        ];
        for (lesson, expected) in cases {
            let error = teach(&identity(), &lesson, &Settings::default())
                .unwrap_err()
                .to_string();
            assert!(error.starts_with(expected), "{error}");
        }
    }
}
