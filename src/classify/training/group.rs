//! A group of pictures: what it says about the weights.

use super::augmentation::change;
use super::data::ink;
use super::network::{GROUP, Kernels, Network, Tape, Weights};
use super::trainer::Settings;
use super::{blend, part, stream};
use crate::classify::CLASSES;
use crate::classify::network::{Architecture, Classifier, Scratch, softmax};
use crate::error::Result;
use crate::mnist::PIXELS;

/// What a group of pictures found.
#[derive(Clone, Debug, PartialEq)]
pub struct Found {
    /// How the sum of the losses changes with each parameter.
    pub gradient: Vec<f32>,
    /// The means and variances of the group.
    pub statistics: Vec<f32>,
    /// The sum of the losses.
    pub loss: f32,
}

impl Found {
    /// Room for what a group of a network finds.
    pub fn new(network: &Network) -> Self {
        Self {
            gradient: vec![0.0; network.parameters()],
            statistics: vec![0.0; network.statistics()],
            loss: 0.0,
        }
    }
}

/// What all groups of a step look through.
#[derive(Clone, Copy, Debug)]
pub struct View<'a> {
    /// How the network is trained.
    pub settings: &'a Settings,
    /// Its layers.
    pub network: &'a Network,
    /// Its weights before the step.
    pub weights: &'a Weights,
    /// The same in the order in which they are used.
    pub kernels: &'a Kernels,
}

/// A picture as it is given to a group.
#[derive(Clone, Copy, Debug)]
pub struct Given<'a> {
    /// Its levels, row by row.
    pub picture: &'a [u8; PIXELS],
    /// The digit that it shows.
    pub label: u8,
    /// Its place among all pictures, on which hangs how it is changed.
    pub number: usize,
}

/// What a thread works with.
#[derive(Clone, Debug)]
pub struct Bench<'a> {
    tape: Tape,
    teacher: Option<(&'a Classifier, Scratch)>,
}

impl<'a> Bench<'a> {
    /// Room for the groups of a network, one after the other.
    pub fn new(network: &Network, teacher: Option<&'a Classifier>) -> Self {
        Self {
            tape: network.tape(),
            teacher: teacher.map(|teacher| (teacher, teacher.scratch())),
        }
    }

    /// Changes the pictures of a group, and finds what they say.
    ///
    /// # Errors
    /// What a step of the pipeline refuses.
    pub fn find(
        &mut self,
        view: &View,
        epoch: usize,
        group: &[Given; GROUP],
        found: &mut Found,
    ) -> Result<()> {
        let targets = self.prepare(view.settings, epoch, group)?;
        found.gradient.fill(0.0);
        let tape = &mut self.tape;
        view.network.forward(view.weights, view.kernels, tape);
        found.statistics.copy_from_slice(&tape.statistics);
        found.loss = view.network.backward(
            view.weights,
            view.kernels,
            &targets,
            tape,
            &mut found.gradient,
        );
        Ok(())
    }

    /// Puts the changed pictures of a group on the tape and says what they should get.
    fn prepare(
        &mut self,
        settings: &Settings,
        epoch: usize,
        group: &[Given; GROUP],
    ) -> Result<[[f32; CLASSES]; GROUP]> {
        let Settings {
            smoothing,
            teaching,
            temperature,
            seed,
            ..
        } = *settings;
        let mut targets = [[smoothing / CLASSES as f32; CLASSES]; GROUP];
        let plane = Architecture::INPUT;
        let values = self.tape.values[0].chunks_exact_mut(plane.len());
        for ((given, values), target) in group.iter().zip(values).zip(&mut targets) {
            let index = ((epoch as u64) << 32) | given.number as u64;
            let mut stream = stream(seed, part::CHANGES, index);
            let picture = change(&settings.pipeline, given.picture, &mut stream)?;
            let picture = ink(&picture);
            plane.fill(values, picture);
            target[usize::from(given.label)] += 1.0 - smoothing;
            if let Some((teacher, scratch)) = &mut self.teacher {
                let scores = teacher.scores(&picture, scratch);
                let answer = softmax(&scores.map(|score| score / temperature));
                blend(target, &answer, 1.0 - teaching);
            }
        }
        Ok(targets)
    }
}
