//! The default model on pictures from outside, on generated numbers and on the pad.

use super::bars::{Model, Tally, handwriting, numbers, pad, tally};
use super::runtime::Runtime;
use super::scenes::{KNOWN, Set, scenes};
use super::stand_in::load;
use super::{POOL, root};
use crate::support::mnist;
use digitlab::classify::Digit;
use std::fs;

/// Seeds of what is tuned on and of what is measured.
const TUNED: u64 = 77;
const MEASURED: u64 = 2026;

/// The probabilities that the default model gives.
fn default_model() -> impl Fn(&Digit) -> [f32; 10] + Sync {
    let file = fs::read(root().join("models/default.onnx")).expect("the model");
    let runtime = Runtime::load(&file);
    move |digit| softmax(runtime.scores(digit))
}

fn softmax(scores: [f32; 10]) -> [f32; 10] {
    let most = scores.iter().copied().fold(f32::MIN, f32::max);
    let powers = scores.map(|score| libm::expf(score - most));
    let sum: f32 = powers.iter().sum();
    powers.map(|power| power / sum)
}

fn show(name: &str, tally: &Tally) {
    println!(
        "{name}: {} of {} right, {:.2} %; {:.2} % when not told whether it is one digit\n  {}",
        tally.right,
        tally.count,
        100.0 * tally.share(),
        100.0 * tally.unaided_share(),
        tally.wrong.join("\n  ")
    );
}

fn reaches(name: &str, tally: &Tally, bar: f64) {
    show(name, tally);
    assert!(tally.share() >= bar, "{name}: {:?}", tally.wrong);
    assert!(
        tally.unaided_share() >= bar,
        "{name}, not told whether it is one digit: {:?}",
        tally.wrong
    );
}

#[test]
fn pictures_from_outside_are_read() {
    let tally = handwriting(&root().join("tests/handwriting"), &default_model());
    assert!(tally.count >= 100);
    reaches("R3", &tally, 0.95);
}

#[test]
fn generated_numbers_are_read() {
    let tally = numbers(&POOL, "test", MEASURED, 1000, &default_model());
    assert_eq!(tally.count, 1000);
    reaches("R4", &tally, 0.97);
}

#[test]
fn what_is_drawn_on_the_pad_is_read() {
    let tally = pad(MEASURED, &default_model());
    assert!(tally.count >= 500);
    reaches("R5", &tally, 0.95);
}

/// What the preprocessing is tuned on: `cargo test --test core tuning -- --ignored --nocapture`.
#[test]
#[ignore = "it prints figures to tune by"]
fn tuning_pictures() {
    let mut pool = mnist();
    load(&mut pool, Set::TUNED.split, KNOWN);
    let scenes = scenes(&pool, Set::TUNED);
    let model: Model<'_> = &default_model();
    let tally = tally(scenes.len(), model, |at| {
        let scene = &scenes[at];
        let name = format!("{} ({})", scene.name, scene.about);
        (name, scene.label.clone(), scene.picture.clone())
    });
    show("pictures", &tally);
}

#[test]
#[ignore = "it prints figures to tune by"]
fn tuning_numbers() {
    show(
        "numbers",
        &numbers(&POOL, "train", TUNED, 2000, &default_model()),
    );
}

#[test]
#[ignore = "it prints figures to tune by"]
fn tuning_pad() {
    show("pad", &pad(TUNED, &default_model()));
}
