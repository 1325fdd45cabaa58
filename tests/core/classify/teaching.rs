//! Teaching the shipped models a hand that they read badly.

use super::{POOL, digits, root};
use digitlab::augment::Pipeline;
use digitlab::classify::network::Classifier;
use digitlab::classify::onnx;
use digitlab::classify::teaching::{
    Features, Lesson, Outcome, Settings, of_pictures, of_variants, teach,
};
use digitlab::classify::training::{Digits, augmentation, evaluate};
use digitlab::mnist::Split;
use digitlab::random::{Purpose, Stream};
use serde_json::json;
use std::fs;

fn tiny() -> Classifier {
    let file = fs::read(root().join("models/tiny.onnx")).expect("a model");
    onnx::read("tiny.onnx", &file).expect("a model of ours")
}

fn drawn(split: Split, each: u32) -> Digits {
    let mut stream = Stream::new(1, split as u64, Purpose::Training);
    Digits::drawn(&POOL, split, [each, 256], &mut stream).expect("all shards are loaded")
}

/// A hand that leans far to the left and writes small: digits of others, all changed alike.
fn hand(from: usize, count: usize) -> Digits {
    let pipeline = Pipeline::from_json(&json!([
        { "transform": "Affine", "p": 1, "scale": [0.85, 0.85], "rotate": [28, 28], "shear": [14, 14] },
    ]))
    .expect("a pipeline");
    let all = digits(Split::Train);
    let mut hand = Digits::default();
    for at in from..from + count {
        let mut stream = Stream::new(1, at as u64, Purpose::Augment);
        let written =
            augmentation::change(&pipeline, all.picture(at), &mut stream).expect("a digit");
        hand.push(written, all.label(at));
    }
    hand
}

fn features(classifier: &Classifier, digits: &Digits) -> Features {
    let values = of_pictures(classifier, &mut classifier.scratch(), digits.pictures());
    let width = classifier.architecture().features();
    Features::new(width, values, digits.labels().to_vec()).expect("features")
}

const VARIANTS: usize = 4;

fn lesson_of(classifier: &Classifier, samples: &Digits) -> Outcome {
    let pens = Pipeline::from_json(&augmentation::pens()).expect("a pipeline");
    let mut scratch = classifier.scratch();
    let own = of_variants(
        classifier,
        &mut scratch,
        samples.pictures(),
        &pens,
        VARIANTS,
        [1, 0],
    );
    let labels = samples.labels().iter().flat_map(|label| [*label; VARIANTS]);
    let width = classifier.architecture().features();
    let own = Features::new(width, own.expect("digits"), labels.collect()).expect("features");
    let replay = features(classifier, &drawn(Split::Train, 120));
    let held = features(classifier, &drawn(Split::Test, 100));
    let lesson = Lesson {
        replay: &replay,
        held: &held,
        own: &own,
        variants: VARIANTS,
    };
    teach(classifier.dense(), &lesson, &Settings::default()).expect("a lesson")
}

fn with(classifier: &Classifier, outcome: &Outcome) -> Classifier {
    Classifier::new(
        classifier.architecture().clone(),
        classifier.convolutions().to_vec(),
        outcome.dense.clone(),
    )
    .expect("the same layers")
}

#[test]
fn a_model_learns_a_hand_and_keeps_mnist() {
    let before = tiny();
    let outcome = lesson_of(&before, &hand(56_000, 60));
    let after = with(&before, &outcome);
    // Other digits of that hand tell what was learned.
    let others = hand(58_000, 1_000);
    let [first, second] = [&before, &after].map(|model| evaluate(model, &others, 2).accuracy());
    assert!(first < 0.92, "the hand is hard: {first}");
    assert!(second > first + 0.03, "{first} became {second}");
    // What is told of new digits is what new digits show.
    let [_, unseen] = outcome.unseen.expect("enough samples");
    let told = unseen.right as f64 / unseen.count as f64;
    assert!(
        (told - second).abs() < 0.12,
        "{told} was told, {second} is true"
    );
    // All of MNIST, not only the pictures that the lesson looked at.
    let test = digits(Split::Test);
    let [first, second] = [&before, &after].map(|model| evaluate(model, &test, 2).accuracy());
    assert!(second > first - 0.005, "{first} became {second}");
    let [_, held] = outcome.held;
    assert_eq!(held.count, 1_000);
    assert!(held.right >= 985, "{held:?}");
}

#[test]
fn one_strange_sample_is_learned_at_little_cost() {
    // A cross, which nobody has ever written for a four.
    let cross = std::array::from_fn(|at| {
        let (x, y) = (at % 28, at / 28);
        let near = |other: usize| x.abs_diff(other) < 2;
        if (5..23).contains(&y) && (near(y) || near(27 - y)) {
            255
        } else {
            0
        }
    });
    let mut samples = Digits::default();
    samples.push(cross, 4);
    let before = tiny();
    let outcome = lesson_of(&before, &samples);
    let [_, own] = outcome.own;
    assert_eq!((own.right, own.count), (1, 1));
    assert_eq!(outcome.unseen, None);
    let [first, second] = outcome.held;
    assert!(
        second.right + 3 >= first.right,
        "{first:?} became {second:?}"
    );
    // The same again is the same.
    assert_eq!(lesson_of(&before, &samples), outcome);
}

#[test]
fn a_taught_model_is_written_and_read_back() {
    let before = tiny();
    let after = with(&before, &lesson_of(&before, &hand(56_000, 8)));
    let file = onnx::write("taught", &after);
    let read = onnx::read("taught.onnx", &file).expect("a model of ours");
    assert_eq!(read.dense(), after.dense());
    assert_eq!(read.convolutions(), before.convolutions());
    assert_ne!(read.dense(), before.dense());
}

#[test]
fn pictures_of_a_lesson_come_from_few_shards() {
    let digits = drawn(Split::Train, 120);
    assert_eq!(digits.len(), 1_200);
    let fresh = super::mnist();
    let mut stream = Stream::new(1, Split::Train as u64, Purpose::Training);
    let error = Digits::drawn(&fresh, Split::Train, [120, 256], &mut stream).unwrap_err();
    let digitlab::Error::ShardsNotLoaded { files } = error else {
        panic!("{error}");
    };
    assert!((10..=20).contains(&files.len()), "{files:?}");
    assert!(files.is_sorted());
}
