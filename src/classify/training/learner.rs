//! The weights that learn, with all that goes on from step to step.

use super::group::Found;
use super::network::{Network, Weights};
use super::optimizer::Optimizer;
use super::schedule::Schedule;
use super::trainer::Settings;
use super::{blend, part, stream};
use crate::error::{Error, Result};

/// How much of the means and variances a step keeps.
const STATISTICS: f32 = 0.95;

/// The state of a training.
#[derive(Clone, Debug)]
pub struct Learner {
    weights: Weights,
    average: Weights,
    /// The share of the first weights that is left in the average.
    beginning: f64,
    optimizer: Optimizer,
    schedule: Schedule,
    steps: usize,
    /// How much of the averaged weights a step keeps.
    kept: f32,
    batch: usize,
}

impl Learner {
    /// The beginning of a training with so many pictures.
    pub fn new(settings: &Settings, network: &Network, pictures: usize) -> Self {
        let weights = network.begin(&mut stream(settings.seed, part::BEGINNING, 0));
        let steps = pictures / settings.batch * settings.epochs;
        let [parameters, statistics] = [weights.parameters.len(), weights.statistics.len()];
        Self {
            average: Weights {
                parameters: vec![0.0; parameters],
                statistics: vec![0.0; statistics],
            },
            beginning: 1.0,
            optimizer: Optimizer::new(parameters, &network.decaying(), settings.decay),
            schedule: Schedule {
                peak: settings.rate,
                steps,
                warm_up: steps / 20,
            },
            steps: 0,
            kept: settings.average,
            batch: settings.batch,
            weights,
        }
    }

    /// The weights as they are now.
    pub fn weights(&self) -> &Weights {
        &self.weights
    }

    /// How many steps it has taken.
    pub fn steps(&self) -> usize {
        self.steps
    }

    /// Adds up what the groups of a batch found, in their order, takes a step, and returns the
    /// sum of their losses.
    pub fn learn<'a>(&mut self, groups: impl ExactSizeIterator<Item = &'a Found>) -> f64 {
        let mut gradient = vec![0.0; self.weights.parameters.len()];
        let mut statistics = vec![0.0; self.weights.statistics.len()];
        let mut loss = 0.0;
        let count = groups.len() as f32;
        for found in groups {
            add(&mut gradient, &found.gradient, 1.0 / self.batch as f32);
            add(&mut statistics, &found.statistics, 1.0 / count);
            loss += f64::from(found.loss);
        }
        let kept = if self.steps == 0 { 0.0 } else { STATISTICS };
        blend(&mut self.weights.statistics, &statistics, kept);
        let rate = self.schedule.rate(self.steps);
        self.optimizer
            .step(&mut self.weights.parameters, &gradient, rate);
        self.steps += 1;
        let Weights {
            parameters,
            statistics,
        } = &self.weights;
        blend(&mut self.average.parameters, parameters, self.kept);
        blend(&mut self.average.statistics, statistics, self.kept);
        self.beginning *= f64::from(self.kept);
        loss
    }

    /// The moving average of the weights. It began at zero, which is made up for.
    pub fn averaged(&self) -> Weights {
        let share = (1.0 / (1.0 - self.beginning)) as f32;
        let scaled = |values: &[f32]| values.iter().map(|value| value * share).collect();
        Weights {
            parameters: scaled(&self.average.parameters),
            statistics: scaled(&self.average.statistics),
        }
    }

    /// Everything that a step changes, to go on from later.
    pub fn save(&self) -> Vec<u8> {
        let mut saved = (self.steps as u64).to_le_bytes().to_vec();
        saved.extend(self.beginning.to_le_bytes());
        saved.extend(
            self.optimizer
                .powers()
                .iter()
                .flat_map(|power| power.to_le_bytes()),
        );
        for values in self.parts() {
            saved.extend(values.iter().flat_map(|value| value.to_le_bytes()));
        }
        saved
    }

    /// Goes on from what was saved by a learner of the same settings.
    ///
    /// # Errors
    /// [`Error::InvalidFile`] when it is of another network, or damaged.
    pub fn restore(&mut self, saved: &[u8]) -> Result<()> {
        const HEAD: usize = 4;
        let wrong = |reason: &str| Error::file("The training that was kept", reason);
        let (head, rest) = saved
            .split_at_checked(8 * HEAD)
            .ok_or_else(|| wrong("it is too short"))?;
        let head = head.as_chunks::<8>().0;
        let (values, left) = rest.as_chunks::<4>();
        let wanted: usize = self.parts().map(<[f32]>::len).iter().sum();
        if values.len() != wanted || !left.is_empty() {
            return Err(wrong("it is of another network"));
        }
        let mut values = values.iter().map(|bytes| f32::from_le_bytes(*bytes));
        if !values.clone().all(f32::is_finite) {
            return Err(wrong("some of its weights are no numbers"));
        }
        self.steps = u64::from_le_bytes(head[0]) as usize;
        self.beginning = f64::from_le_bytes(head[1]);
        *self.optimizer.powers_mut() = [head[2], head[3]].map(f64::from_le_bytes);
        let [means, squares] = self.optimizer.moments_mut();
        let parts = [
            &mut self.weights.parameters,
            &mut self.weights.statistics,
            &mut self.average.parameters,
            &mut self.average.statistics,
            means,
            squares,
        ];
        for part in parts {
            part.iter_mut()
                .zip(&mut values)
                .for_each(|(to, value)| *to = value);
        }
        Ok(())
    }

    fn parts(&self) -> [&[f32]; 6] {
        let [means, squares] = self.optimizer.moments();
        [
            &self.weights.parameters,
            &self.weights.statistics,
            &self.average.parameters,
            &self.average.statistics,
            means,
            squares,
        ]
    }
}

fn add(sums: &mut [f32], values: &[f32], factor: f32) {
    sums.iter_mut()
        .zip(values)
        .for_each(|(sum, value)| *sum += value * factor);
}
