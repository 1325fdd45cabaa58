//! The loop: batches, epochs, and which weights are kept.

use super::augmentation::change;
use super::data::Digits;
use super::group::{Bench, Found, Given, View};
use super::learner::Learner;
use super::metrics::{Figures, evaluate};
use super::network::{GROUP, Network, Weights};
use super::{order, part, stream};
use crate::augment::Pipeline;
use crate::classify::network::{Architecture, Classifier};
use crate::error::{Error, Result};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;

/// How a network is trained.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Its layers.
    pub architecture: Architecture,
    /// How often each picture is seen.
    pub epochs: usize,
    /// Pictures per step, a multiple of [`GROUP`].
    pub batch: usize,
    /// The highest rate of learning.
    pub rate: f64,
    /// How strongly weights are drawn to zero.
    pub decay: f32,
    /// The probability that is taken from the right digit and spread over all.
    pub smoothing: f32,
    /// How much of the averaged weights a step keeps.
    pub average: f32,
    /// How pictures are changed before they are seen.
    pub pipeline: Pipeline,
    /// How much the teacher's answer counts against the label, if there is a teacher.
    pub teaching: f32,
    /// By how much the teacher's scores are divided, which makes it tell more about the
    /// digits that it finds less probable.
    pub temperature: f32,
    /// What all that is random hangs on.
    pub seed: u64,
    /// How many threads work; the result does not hang on it.
    pub threads: usize,
}

/// How it stands after an epoch.
#[derive(Clone, Debug)]
pub struct Epoch {
    /// Which one, from 1.
    pub number: usize,
    /// The mean loss of the pictures as they were seen.
    pub loss: f64,
    /// The averaged weights on the validation slice.
    pub validation: Figures,
    /// The same on the slice, changed as in training.
    pub changed: Figures,
    /// Whether it is the best so far.
    pub best: bool,
}

/// What training gives.
#[derive(Clone, Debug)]
pub struct Trained {
    /// The network with the weights of the best epoch.
    pub classifier: Classifier,
    /// That epoch.
    pub epoch: Epoch,
}

/// Trains a network and tells how it stands after each epoch. The weights that are kept are
/// those of the epoch with the most right answers on the validation slice, or the least
/// loss among several.
///
/// # Errors
/// [`Error::InvalidParameter`] for settings that do not go together, and what a step of the
/// pipeline refuses.
pub fn train(
    settings: &Settings,
    training: &Digits,
    validation: &Digits,
    teacher: Option<&Classifier>,
    report: &mut dyn FnMut(&Epoch),
) -> Result<Trained> {
    settings.check(training.len(), validation.len())?;
    let changed = changed(settings, validation)?;
    let network = Network::new(&settings.architecture);
    let mut trainer = Trainer::new(settings, &network, training, teacher);
    let mut best: Option<(Weights, Epoch)> = None;
    for number in 1..=settings.epochs {
        let loss = trainer.epoch(number)?;
        let weights = trainer.learner.averaged();
        let classifier = network.fold(&weights)?;
        let measured = |digits| evaluate(&classifier, digits, settings.threads);
        let mut epoch = Epoch {
            number,
            loss,
            validation: measured(validation),
            changed: measured(&changed),
            best: false,
        };
        epoch.best = best.as_ref().is_none_or(|(_, best)| better(&epoch, best));
        report(&epoch);
        if epoch.best {
            best = Some((weights, epoch));
        }
    }
    let (weights, epoch) = best.expect("at least one epoch");
    Ok(Trained {
        classifier: network.fold(&weights)?,
        epoch,
    })
}

impl Settings {
    /// Checks that they go together with so many pictures to learn from and to choose by.
    ///
    /// # Errors
    /// [`Error::InvalidParameter`] when they do not.
    pub fn check(&self, training: usize, validation: usize) -> Result<()> {
        let Self { batch, epochs, .. } = *self;
        if batch == 0 || !batch.is_multiple_of(GROUP) {
            let allowed = format!("multiples of {GROUP}");
            return Err(Error::invalid("batch", batch, allowed));
        }
        if training < batch {
            let allowed = format!("at least a batch of {batch}");
            return Err(Error::invalid(
                "number of training pictures",
                training,
                allowed,
            ));
        }
        if validation == 0 {
            return Err(Error::invalid(
                "number of validation pictures",
                0,
                "at least 1",
            ));
        }
        if epochs == 0 {
            return Err(Error::invalid("epochs", epochs, "at least 1"));
        }
        Ok(())
    }
}

fn better(epoch: &Epoch, than: &Epoch) -> bool {
    let key = |epoch: &Epoch| epoch.validation.right();
    key(epoch) > key(than)
        || key(epoch) == key(than) && epoch.validation.loss() < than.validation.loss()
}

/// The validation slice, each picture changed once.
fn changed(settings: &Settings, validation: &Digits) -> Result<Digits> {
    let mut changed = Digits::default();
    for at in 0..validation.len() {
        let mut stream = stream(settings.seed, part::VALIDATION, at as u64);
        let picture = change(&settings.pipeline, validation.picture(at), &mut stream)?;
        changed.push(picture, validation.label(at));
    }
    Ok(changed)
}

struct Trainer<'a> {
    settings: &'a Settings,
    network: &'a Network,
    training: &'a Digits,
    learner: Learner,
    found: Vec<Mutex<Found>>,
    benches: Vec<Bench<'a>>,
}

impl<'a> Trainer<'a> {
    fn new(
        settings: &'a Settings,
        network: &'a Network,
        training: &'a Digits,
        teacher: Option<&'a Classifier>,
    ) -> Self {
        Self {
            found: (0..settings.batch / GROUP)
                .map(|_| Mutex::new(Found::new(network)))
                .collect(),
            benches: (0..settings.threads.max(1))
                .map(|_| Bench::new(network, teacher))
                .collect(),
            learner: Learner::new(settings, network, training.len()),
            settings,
            network,
            training,
        }
    }

    /// Goes once through all pictures, but for what does not fill a batch, and returns the
    /// mean loss.
    fn epoch(&mut self, number: usize) -> Result<f64> {
        let order = order(self.settings.seed, number, self.training.len());
        let mut loss = 0.0;
        let batches = order.chunks_exact(self.settings.batch);
        let pictures = batches.len() * self.settings.batch;
        for batch in batches {
            loss += self.step(number, batch)?;
        }
        Ok(loss / pictures as f64)
    }

    /// Learns from one batch and returns the sum of its losses.
    fn step(&mut self, epoch: usize, batch: &[usize]) -> Result<f64> {
        let weights = self.learner.weights();
        let job = Job {
            view: View {
                settings: self.settings,
                network: self.network,
                weights,
                kernels: &self.network.kernels(weights),
            },
            training: self.training,
            epoch,
            groups: batch.as_chunks().0,
            next: &AtomicUsize::new(0),
            found: &self.found,
        };
        match self.benches.as_mut_slice() {
            [bench] => job.run(bench)?,
            benches => thread::scope(|scope| {
                let threads: Vec<_> = benches
                    .iter_mut()
                    .map(|bench| scope.spawn(|| job.run(bench)))
                    .collect();
                // A panic in a thread goes on here.
                threads.into_iter().try_for_each(|thread| {
                    thread
                        .join()
                        .unwrap_or_else(|panic| std::panic::resume_unwind(panic))
                })
            })?,
        }
        let found = self
            .found
            .iter_mut()
            .map(|found| &*found.get_mut().unwrap_or_else(PoisonError::into_inner));
        Ok(self.learner.learn(found))
    }
}

/// The groups of a batch, which threads take one by one.
struct Job<'a> {
    view: View<'a>,
    training: &'a Digits,
    epoch: usize,
    groups: &'a [[usize; GROUP]],
    next: &'a AtomicUsize,
    found: &'a [Mutex<Found>],
}

impl Job<'_> {
    fn run(&self, bench: &mut Bench) -> Result<()> {
        loop {
            let at = self.next.fetch_add(1, Ordering::Relaxed);
            let Some(group) = self.groups.get(at) else {
                return Ok(());
            };
            let given = group.map(|at| Given {
                picture: self.training.picture(at),
                label: self.training.label(at),
                number: at,
            });
            let mut found = self.found[at]
                .lock()
                .unwrap_or_else(PoisonError::into_inner);
            bench.find(&self.view, self.epoch, &given, &mut found)?;
        }
    }
}
