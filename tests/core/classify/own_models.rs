//! Models as PyTorch, Keras and scikit-learn export them, against what onnxruntime makes
//! of them: made by `tests/reference/own_models.py`.

use super::{digits, root};
use digitlab::classify::model::{Layout, Model, Normalisation, Trial, best};
use digitlab::classify::training::data::ink;
use digitlab::mnist::Split;
use proptest::prelude::*;
use serde_json::Value;
use std::fs;
use std::path::PathBuf;
use std::time::{Duration, Instant};

fn folder() -> PathBuf {
    root().join("tests/reference/own_models")
}

fn cases() -> Value {
    let text = fs::read_to_string(folder().join("cases.json")).expect("the cases");
    serde_json::from_str(&text).expect("JSON")
}

fn file(name: &str) -> Vec<u8> {
    fs::read(folder().join(format!("{name}.onnx"))).expect("a model")
}

fn list<'a>(value: &'a Value, key: &str) -> &'a [Value] {
    value[key].as_array().expect("a list")
}

fn number(value: &Value) -> f32 {
    value.as_f64().expect("a number") as f32
}

fn normalisation(value: &Value) -> Normalisation {
    let [ink, paper, mean, std] =
        ["ink", "paper", "mean", "std"].map(|key| number(&value["normalisation"][key]));
    Normalisation {
        ink,
        paper,
        mean,
        std,
    }
}

#[test]
fn operators_give_what_onnxruntime_gives() {
    let cases = cases();
    let pictures = list(&cases, "pictures").iter().map(|picture| {
        let numbers = picture.as_array().expect("a picture").iter().map(number);
        let numbers: Vec<f32> = numbers.collect();
        <[f32; 784]>::try_from(numbers).expect("784 numbers")
    });
    let pictures: Vec<[f32; 784]> = pictures.collect();
    let mut wrong = Vec::new();
    for case in list(&cases, "made") {
        let name = case["name"].as_str().expect("a name");
        let mut model = match Model::load(name, &file(name)) {
            Ok(model) => model,
            Err(error) => {
                wrong.push(error.to_string());
                continue;
            }
        };
        for (picture, expected) in pictures.iter().zip(list(case, "scores")) {
            let expected: Vec<f32> = expected
                .as_array()
                .expect("scores")
                .iter()
                .map(number)
                .collect();
            let scores = model.scores(picture).expect("scores");
            let apart = scores
                .iter()
                .zip(&expected)
                .map(|(a, b)| (a - b).abs() / (1.0 + b.abs()));
            let apart = apart.fold(0.0, f32::max);
            if apart > 1e-4 {
                wrong.push(format!(
                    "{name}: {apart} apart, {scores:?} and not {expected:?}"
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(list(&cases, "made").len() > 20);
}

#[test]
fn exported_models_give_the_probabilities_of_onnxruntime() {
    let test = digits(Split::Test);
    let cases = cases();
    for case in list(&cases, "learned") {
        let name = case["name"].as_str().expect("a name");
        let mut model = Model::load(name, &file(name)).unwrap_or_else(|error| panic!("{error}"));
        model.show(normalisation(case)).expect("a normalisation");
        model.sound_out().expect("scores");
        assert_eq!(
            model.gives_probabilities(),
            case["kind"] == "probabilities",
            "{name}"
        );
        let layout = match model.layout() {
            Layout::ChannelsFirst => "N,1,28,28",
            Layout::ChannelsLast => "N,28,28,1",
            Layout::Rows => "N,28,28",
            Layout::Flat => "N,784",
        };
        let told: Vec<&str> = list(case, "layout")
            .iter()
            .filter_map(Value::as_str)
            .collect();
        assert_eq!(layout, told.join(","), "{name}");
        for (position, expected) in list(case, "positions")
            .iter()
            .zip(list(case, "probabilities"))
        {
            let position = position.as_u64().expect("a position") as usize;
            let found = model
                .probabilities(&ink(test.picture(position)))
                .expect("an answer");
            for (found, expected) in found.iter().zip(expected.as_array().expect("ten")) {
                let expected = number(expected);
                assert!(
                    (found - expected).abs() < 1e-4,
                    "{name}: {found} and not {expected}"
                );
            }
        }
    }
    assert_eq!(list(&cases, "learned").len(), 6);
}

#[test]
fn how_a_model_wants_its_pictures_is_found_out() {
    let test = digits(Split::Test);
    let levels: Vec<u8> = (0..400).flat_map(|at| *test.picture(at)).collect();
    let labels: Vec<u8> = (0..400).map(|at| test.label(at)).collect();
    for case in list(&cases(), "learned") {
        let name = case["name"].as_str().expect("a name");
        let mut model = Model::load(name, &file(name)).expect("a model");
        let usual = model.usual();
        let trials: Vec<Trial> = usual
            .iter()
            .map(|way| {
                model.show(*way).expect("a way");
                model.sound_out().expect("scores");
                model.trial(&levels, &labels).expect("a trial")
            })
            .collect();
        let found = best(&trials).expect("a trial");
        assert_eq!(usual[found], normalisation(case), "{name}: {trials:?}");
        assert!(trials[found].right >= 340, "{name}: {:?}", trials[found]);
    }
}

#[test]
fn what_cannot_be_computed_with_is_no_way_to_show_pictures() {
    let mut model = Model::load("keras", &file("keras_cnn")).expect("a model");
    let usual = Normalisation::default();
    let wrong = [
        (Normalisation { std: 0.0, ..usual }, "settings.std"),
        (
            Normalisation {
                mean: f32::NAN,
                ..usual
            },
            "settings.mean",
        ),
        (
            Normalisation {
                paper: 1.0,
                ..usual
            },
            "settings.ink",
        ),
        (Normalisation { ink: 1e30, ..usual }, "settings.ink"),
    ];
    for (way, field) in wrong {
        let error = model.show(way).expect_err("refused");
        assert_eq!(error.detail().field.as_deref(), Some(field), "{error}");
    }
    model.show(usual).expect("the usual way");
}

#[test]
fn exported_models_are_described() {
    let described = Model::describe("model", &file("scikit_linear")).expect("a description");
    assert_eq!(described.producer, "skl2onnx 1.17.0");
    let names: Vec<&str> = described.outputs.iter().map(|port| &*port.r#type).collect();
    assert_eq!(names, ["INT64", "not a tensor"]);
    assert!(
        described
            .operators
            .iter()
            .all(|operator| operator.supported),
        "{described:?}"
    );
    assert_eq!(described.parameters, 2 * 784 + 7_850);
}

/// Files that are changed at random.
fn broken() -> impl Strategy<Value = Vec<u8>> {
    let names: Vec<String> = fs::read_dir(folder())
        .expect("the models")
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.extension().is_some_and(|end| end == "onnx"))
        .filter(|path| fs::metadata(path).is_ok_and(|file| file.len() < 20_000))
        .map(|path| path.file_stem().expect("a name").to_string_lossy().into())
        .collect();
    let changes = prop::collection::vec((any::<prop::sample::Index>(), any::<u8>(), 0..4_u8), 1..6);
    (prop::sample::select(names), changes).prop_map(|(name, changes)| {
        let mut file = file(&name);
        for (place, byte, what) in changes {
            let at = place.index(file.len());
            match what {
                0 => file[at] = byte,
                1 => file[at] ^= 1 << (byte % 8),
                2 => {
                    file.insert(at, byte);
                }
                _ => {
                    let end = (at + usize::from(byte)).min(file.len());
                    let part = file[at..end].to_vec();
                    file.splice(at..at, part);
                }
            }
        }
        file
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 3_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn broken_files_end_in_an_answer_or_a_sentence(file in broken()) {
        let begun = Instant::now();
        let answer = Model::load("own.onnx", &file).and_then(|mut model| {
            model.sound_out()?;
            model.probabilities(&[0.5; 784])
        });
        if let Err(error) = answer {
            prop_assert!(error.code().starts_with("model_") || error.code() == "limit_exceeded", "{}", error);
        }
        let _ = Model::describe("own.onnx", &file);
        prop_assert!(begun.elapsed() < Duration::from_secs(10));
    }
}
