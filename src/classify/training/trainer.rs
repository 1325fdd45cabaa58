//! The loop: batches, epochs, and which weights are kept.

use super::augmentation::change;
use super::data::{Digits, ink};
use super::metrics::{Figures, evaluate};
use super::network::{GROUP, Kernels, Network, Tape, Weights};
use super::optimizer::Optimizer;
use super::schedule::Schedule;
use crate::augment::Pipeline;
use crate::classify::CLASSES;
use crate::classify::network::{Architecture, Classifier, Scratch, softmax};
use crate::error::{Error, Result};
use crate::random::{Purpose, Stream};
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

/// The parts of the purpose's streams.
mod part {
    pub(super) const BEGINNING: u32 = 0;
    pub(super) const ORDER: u32 = 1;
    pub(super) const CHANGES: u32 = 2;
    pub(super) const VALIDATION: u32 = 3;
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
    check(settings, training, validation)?;
    let changed = changed(settings, validation)?;
    let network = Network::new(&settings.architecture);
    let mut trainer = Trainer::new(settings, &network, training, teacher);
    let mut best: Option<(Weights, Epoch)> = None;
    for number in 1..=settings.epochs {
        let loss = trainer.epoch(number)?;
        let weights = trainer.averaged();
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

fn check(settings: &Settings, training: &Digits, validation: &Digits) -> Result<()> {
    let Settings { batch, epochs, .. } = *settings;
    if batch == 0 || !batch.is_multiple_of(GROUP) {
        return Err(Error::invalid(
            "batch",
            batch,
            format!("multiples of {GROUP}"),
        ));
    }
    if training.len() < batch {
        let allowed = format!("at least a batch of {batch}");
        return Err(Error::invalid(
            "number of training pictures",
            training.len(),
            allowed,
        ));
    }
    if validation.is_empty() {
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

fn better(epoch: &Epoch, than: &Epoch) -> bool {
    let key = |epoch: &Epoch| epoch.validation.right();
    key(epoch) > key(than)
        || key(epoch) == key(than) && epoch.validation.loss() < than.validation.loss()
}

/// The validation slice, each picture changed once.
fn changed(settings: &Settings, validation: &Digits) -> Result<Digits> {
    let mut changed = Digits::default();
    for at in 0..validation.len() {
        let mut stream = stream(settings, part::VALIDATION, at as u64);
        let picture = change(&settings.pipeline, validation.picture(at), &mut stream)?;
        changed.push(picture, validation.label(at));
    }
    Ok(changed)
}

fn stream(settings: &Settings, part: u32, index: u64) -> Stream {
    Stream::of_part(settings.seed, index, Purpose::Training, part)
}

/// What a group of pictures found.
struct Found {
    gradient: Vec<f32>,
    statistics: Vec<f32>,
    loss: f32,
}

/// What a thread works with.
struct Bench<'a> {
    tape: Tape,
    teacher: Option<(&'a Classifier, Scratch)>,
}

struct Trainer<'a> {
    settings: &'a Settings,
    network: &'a Network,
    training: &'a Digits,
    weights: Weights,
    average: Weights,
    /// The share of the first weights that is left in the average.
    beginning: f64,
    optimizer: Optimizer,
    schedule: Schedule,
    steps: usize,
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
        let weights = network.begin(&mut stream(settings, part::BEGINNING, 0));
        let steps = training.len() / settings.batch * settings.epochs;
        let parameters = weights.parameters.len();
        let found = || {
            Mutex::new(Found {
                gradient: vec![0.0; parameters],
                statistics: vec![0.0; weights.statistics.len()],
                loss: 0.0,
            })
        };
        let bench = || Bench {
            tape: network.tape(),
            teacher: teacher.map(|teacher| (teacher, teacher.scratch())),
        };
        Self {
            found: (0..settings.batch / GROUP).map(|_| found()).collect(),
            benches: (0..settings.threads.max(1)).map(|_| bench()).collect(),
            average: Weights {
                parameters: vec![0.0; parameters],
                statistics: vec![0.0; weights.statistics.len()],
            },
            beginning: 1.0,
            optimizer: Optimizer::new(parameters, &network.decaying(), settings.decay),
            schedule: Schedule {
                peak: settings.rate,
                steps,
                warm_up: steps / 20,
            },
            steps: 0,
            settings,
            network,
            training,
            weights,
        }
    }

    /// Goes once through all pictures, but for what does not fill a batch, and returns the
    /// mean loss.
    fn epoch(&mut self, number: usize) -> Result<f64> {
        let mut order: Vec<usize> = (0..self.training.len()).collect();
        stream(self.settings, part::ORDER, number as u64).shuffle(&mut order);
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
        let job = Job {
            settings: self.settings,
            network: self.network,
            training: self.training,
            weights: &self.weights,
            kernels: &self.network.kernels(&self.weights),
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
        self.learn(batch.len())
    }

    /// Adds up what the groups found, in their order, and takes a step.
    fn learn(&mut self, pictures: usize) -> Result<f64> {
        let mut gradient = vec![0.0; self.weights.parameters.len()];
        let mut statistics = vec![0.0; self.weights.statistics.len()];
        let mut loss = 0.0;
        let groups = self.found.len() as f32;
        for found in &mut self.found {
            let found = found.get_mut().unwrap_or_else(PoisonError::into_inner);
            add(&mut gradient, &found.gradient, 1.0 / pictures as f32);
            add(&mut statistics, &found.statistics, 1.0 / groups);
            loss += f64::from(found.loss);
        }
        let kept = if self.steps == 0 { 0.0 } else { STATISTICS };
        blend(&mut self.weights.statistics, &statistics, kept);
        let rate = self.schedule.rate(self.steps);
        self.optimizer
            .step(&mut self.weights.parameters, &gradient, rate);
        self.steps += 1;
        let kept = self.settings.average;
        blend(&mut self.average.parameters, &self.weights.parameters, kept);
        blend(&mut self.average.statistics, &self.weights.statistics, kept);
        self.beginning *= f64::from(kept);
        Ok(loss)
    }

    /// The moving average of the weights. It began at zero, which is made up for.
    fn averaged(&self) -> Weights {
        let share = (1.0 / (1.0 - self.beginning)) as f32;
        let scaled = |values: &[f32]| values.iter().map(|value| value * share).collect();
        Weights {
            parameters: scaled(&self.average.parameters),
            statistics: scaled(&self.average.statistics),
        }
    }
}

/// How much of the means and variances a step keeps.
const STATISTICS: f32 = 0.95;

fn add(sums: &mut [f32], values: &[f32], factor: f32) {
    sums.iter_mut()
        .zip(values)
        .for_each(|(sum, value)| *sum += value * factor);
}

fn blend(kept: &mut [f32], values: &[f32], share: f32) {
    let pairs = kept.iter_mut().zip(values);
    pairs.for_each(|(kept, value)| *kept = *kept * share + value * (1.0 - share));
}

/// The groups of a batch, which threads take one by one.
struct Job<'a> {
    settings: &'a Settings,
    network: &'a Network,
    training: &'a Digits,
    weights: &'a Weights,
    kernels: &'a Kernels,
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
            let targets = self.prepare(group, bench)?;
            let mut found = self.found[at]
                .lock()
                .unwrap_or_else(PoisonError::into_inner);
            let found = &mut *found;
            found.gradient.fill(0.0);
            let tape = &mut bench.tape;
            self.network.forward(self.weights, self.kernels, tape);
            found.statistics.copy_from_slice(&tape.statistics);
            found.loss = self.network.backward(
                self.weights,
                self.kernels,
                &targets,
                tape,
                &mut found.gradient,
            );
        }
    }

    /// Puts the changed pictures of a group on the tape and says what they should get.
    fn prepare(
        &self,
        group: &[usize; GROUP],
        bench: &mut Bench,
    ) -> Result<[[f32; CLASSES]; GROUP]> {
        let Settings {
            smoothing,
            teaching,
            temperature,
            ..
        } = *self.settings;
        let mut targets = [[smoothing / CLASSES as f32; CLASSES]; GROUP];
        let plane = Architecture::INPUT;
        let values = bench.tape.values[0].chunks_exact_mut(plane.len());
        for ((&at, values), target) in group.iter().zip(values).zip(&mut targets) {
            let index = ((self.epoch as u64) << 32) | at as u64;
            let mut stream = stream(self.settings, part::CHANGES, index);
            let picture = change(
                &self.settings.pipeline,
                self.training.picture(at),
                &mut stream,
            )?;
            let picture = ink(&picture);
            plane.fill(values, picture);
            target[usize::from(self.training.label(at))] += 1.0 - smoothing;
            if let Some((teacher, scratch)) = &mut bench.teacher {
                let scores = teacher.scores(&picture, scratch);
                let answer = softmax(&scores.map(|score| score / temperature));
                blend(target, &answer, 1.0 - teaching);
            }
        }
        Ok(targets)
    }
}
