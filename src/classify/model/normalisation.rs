//! How a model wants its pictures, and finding it out.

use crate::classify::CLASSES;
use crate::error::{Error, Result};
use serde::Serialize;

/// How a model wants its pictures: the numbers that full ink and bare paper become, from
/// which a mean is taken away before they are divided by a deviation.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Normalisation {
    /// The number of full ink.
    pub ink: f32,
    /// The number of bare paper.
    pub paper: f32,
    /// What is taken away.
    pub mean: f32,
    /// What is divided by.
    pub std: f32,
}

impl Default for Normalisation {
    fn default() -> Self {
        Self::new(1.0, 0.0, 0.0, 1.0)
    }
}

/// MNIST's mean and deviation, as most programs have them.
const MEAN: f32 = 0.1307;
const STD: f32 = 0.3081;

impl Normalisation {
    const fn new(ink: f32, paper: f32, mean: f32, std: f32) -> Self {
        Self {
            ink,
            paper,
            mean,
            std,
        }
    }

    /// What models of numbers with a fraction usually want, the most usual first.
    pub const USUAL: [Self; 8] = [
        Self::new(1.0, 0.0, 0.0, 1.0),
        Self::new(0.0, 1.0, 0.0, 1.0),
        Self::new(255.0, 0.0, 0.0, 1.0),
        Self::new(0.0, 255.0, 0.0, 1.0),
        Self::new(1.0, -1.0, 0.0, 1.0),
        Self::new(-1.0, 1.0, 0.0, 1.0),
        Self::new(1.0, 0.0, MEAN, STD),
        Self::new(0.0, 1.0, 1.0 - MEAN, STD),
    ];

    /// What models of bytes may want.
    pub const OF_BYTES: [Self; 2] = [
        Self::new(255.0, 0.0, 0.0, 1.0),
        Self::new(0.0, 255.0, 0.0, 1.0),
    ];

    /// Checks numbers that somebody has given.
    ///
    /// # Errors
    /// [`Error::InvalidParameter`] when they are no numbers to compute with.
    pub fn checked(self) -> Result<Self> {
        const MOST: f32 = 1e6;
        let named = [
            ("ink", self.ink),
            ("paper", self.paper),
            ("mean", self.mean),
            ("std", self.std),
        ];
        for (name, number) in named {
            if !number.is_finite() || number.abs() > MOST {
                let field = format!("settings.{name}");
                return Err(Error::invalid(
                    &field,
                    number,
                    "numbers from -1000000 to 1000000",
                ));
            }
        }
        if self.std < 1e-6 {
            let allowed = "numbers from 0.000001 to 1000000";
            return Err(Error::invalid("settings.std", self.std, allowed));
        }
        if self.ink == self.paper {
            let allowed = "a number other than settings.paper";
            return Err(Error::invalid("settings.ink", self.ink, allowed));
        }
        Ok(self)
    }

    /// The number of some ink, from 0 (paper) to 1 (ink).
    pub(super) fn of(&self, ink: f32) -> f32 {
        (self.paper + ink * (self.ink - self.paper) - self.mean) / self.std
    }
}

/// How a model does on pictures whose digits are known.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Trial {
    /// How many pictures.
    pub pictures: usize,
    /// How many were right.
    pub right: usize,
    /// How far its probabilities are from the truth: the mean logarithm, turned.
    pub loss: f32,
}

impl Trial {
    /// A trial of no pictures.
    pub(super) const NONE: Self = Self {
        pictures: 0,
        right: 0,
        loss: 0.0,
    };

    /// Counts one more picture.
    pub(super) fn count(&mut self, probabilities: &[f32; CLASSES], digit: u8) {
        let before = self.pictures as f32;
        self.pictures += 1;
        let found = crate::classify::network::largest(probabilities);
        self.right += usize::from(found == digit);
        let probability = probabilities[usize::from(digit)].max(1e-7);
        let loss = -libm::logf(probability);
        self.loss = (self.loss * before + loss) / self.pictures as f32;
    }
}

/// Which of some trials of the same pictures shows how a model is meant: among those that
/// were right about as often as the best, the one that was the surest of it. Models give
/// the same answers when all they are shown is twice as large, but not the same
/// probabilities.
pub fn best(trials: &[Trial]) -> Option<usize> {
    let most = trials.iter().map(|trial| trial.right).max()?;
    let pictures = trials.iter().map(|trial| trial.pictures).max()?;
    let enough = most.saturating_sub((pictures / 100).max(1));
    let close = (0..trials.len()).filter(|&place| trials[place].right >= enough);
    close.min_by(|&a, &b| trials[a].loss.total_cmp(&trials[b].loss))
}
