//! The models that the site carries, against their cards and their bars.

use super::runtime::Runtime;
use super::{digits, root};
use digitlab::classify::training::Figures;
use digitlab::classify::training::data::ink;
use digitlab::mnist::{Split, bucket::sha256};
use serde_json::Value;
use std::fs;
use std::thread;

fn models() -> Vec<(Value, Vec<u8>)> {
    let text = fs::read_to_string(root().join("models/models.json")).expect("the cards");
    let json: Value = serde_json::from_str(&text).expect("JSON");
    assert_eq!(json["format"], 1);
    let cards = json["models"].as_array().expect("a list of models");
    let file = |card: &Value| {
        let name = card["file"].as_str().expect("the name of a file");
        fs::read(root().join("models").join(name)).expect("a model")
    };
    cards
        .iter()
        .map(|card| (card.clone(), file(card)))
        .collect()
}

fn model(name: &str) -> (Value, Vec<u8>) {
    let model = models().into_iter().find(|(card, _)| card["name"] == name);
    model.unwrap_or_else(|| panic!("a model called {name}"))
}

/// What tract makes of all 10,000 test pictures.
fn measured(file: &[u8]) -> Figures {
    let test = digits(Split::Test);
    let half = test.len() / 2;
    let measure = |range: std::ops::Range<usize>| {
        let runtime = Runtime::load(file);
        let mut figures = Figures::default();
        for at in range {
            figures.note(test.label(at), &runtime.scores(&ink(test.picture(at))));
        }
        figures
    };
    let mut figures = thread::scope(|scope| {
        let other = scope.spawn(|| measure(half..test.len()));
        [measure(0..half), other.join().expect("figures")]
    });
    let [first, second] = &mut figures;
    first.add(second);
    first.clone()
}

fn reaches(name: &str, bar: f64) {
    let (card, file) = model(name);
    let figures = measured(&file);
    assert_eq!(figures.count(), 10_000);
    assert!(
        figures.accuracy() >= bar,
        "{name}: {} of 10,000",
        figures.right()
    );
    // A sum that is rounded in another way may turn an answer that hangs in the balance.
    let told = card["accuracy"]["test"]["right"].as_i64().expect("a count");
    assert!(
        (i64::from(figures.right()) - told).abs() <= 2,
        "{name}: {} and not {told}",
        figures.right()
    );
}

#[test]
fn the_default_model_reaches_its_bar_in_tract() {
    reaches("default", 0.9970);
}

#[test]
fn the_tiny_model_reaches_its_bar_in_tract() {
    reaches("tiny", 0.9930);
    assert!(model("tiny").1.len() < 60_000);
}

#[test]
fn cards_tell_the_truth_about_their_files() {
    let models = models();
    let names: Vec<_> = models
        .iter()
        .map(|(card, _)| card["name"].clone())
        .collect();
    assert_eq!(names, ["default", "tiny"]);
    for (card, file) in models {
        assert_eq!(card["bytes"], file.len());
        assert_eq!(card["sha256"], sha256(&file));
        for split in ["validation", "test"] {
            let figures = &card["accuracy"][split];
            let [right, pictures] =
                ["right", "pictures"].map(|key| figures[key].as_f64().expect("a count"));
            let accuracy = figures["accuracy"].as_f64().expect("a share");
            assert!((right / pictures - accuracy).abs() < 1e-4, "{figures}");
        }
        // All but names, shapes and the like are 32-bit parameters.
        let parameters = 4 * card["parameters"].as_u64().expect("a count") as usize;
        assert!(
            (parameters..parameters + 3_000).contains(&file.len()),
            "{parameters}"
        );
    }
}
