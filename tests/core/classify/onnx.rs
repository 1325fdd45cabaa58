//! Networks that are written as ONNX files and run elsewhere.

use super::runtime::Runtime;
use super::training::settings;
use super::{digits, root};
use digitlab::classify::network::{
    Architecture, Classifier, Head,
    Stage::{Convolution, Pool},
};
use digitlab::classify::onnx;
use digitlab::classify::training::{Settings, data::ink, train};
use digitlab::mnist::Split;
use std::fs;

/// The scores of the same pictures here and in tract.
fn compare(classifier: &Classifier, file: &[u8]) {
    let runtime = Runtime::load(file);
    let mut scratch = classifier.scratch();
    let test = digits(Split::Test).first(60);
    for at in 0..test.len() {
        let picture = ink(test.picture(at));
        let here = classifier.scores(&picture, &mut scratch);
        for (here, there) in here.iter().zip(runtime.scores(&picture)) {
            assert!(
                (here - there).abs() < 1e-4 * (1.0 + here.abs()),
                "{at}: {here} and {there}"
            );
        }
    }
}

#[test]
fn every_head_gives_the_same_scores_in_tract() {
    let [training, validation] = digits(Split::Train).first(1_000).split_last(40);
    let stages = [
        Convolution(16),
        Convolution(32),
        Pool,
        Convolution(48),
        Pool,
        Convolution(16),
    ];
    for head in [Head::Flatten, Head::Average] {
        let settings = Settings {
            architecture: Architecture::new(&stages, head).expect("layers"),
            epochs: 1,
            ..settings()
        };
        let trained =
            train(&settings, &training, &validation, None, &mut |_| ()).expect("training");
        let file = onnx::write("test", &trained.classifier);
        compare(&trained.classifier, &file);
    }
}

#[test]
fn the_models_of_the_site_can_be_read_and_give_the_same_scores_in_tract() {
    for name in ["default", "tiny"] {
        let file = fs::read(root().join(format!("models/{name}.onnx"))).expect("a model");
        let classifier = onnx::read(name, &file).expect("a model of ours");
        assert_eq!(
            onnx::write(name, &classifier),
            file,
            "written again, {name} is the same"
        );
        compare(&classifier, &file);
    }
}
