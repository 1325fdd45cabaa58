//! A small network, trained for a moment.

use super::digits;
use digitlab::augment::Pipeline;
use digitlab::classify::network::{
    Architecture, Head,
    Stage::{Convolution, Pool},
};
use digitlab::classify::training::{
    Bench, Digits, Found, GROUP, Given, Learner, Network, Settings, Trained, View, augmentation,
    evaluate, order, train,
};
use digitlab::mnist::Split;
use serde_json::json;

pub(super) fn settings() -> Settings {
    let stages = [
        Convolution(16),
        Pool,
        Convolution(16),
        Pool,
        Convolution(32),
    ];
    Settings {
        architecture: Architecture::new(&stages, Head::Flatten).expect("layers"),
        epochs: 2,
        batch: 32,
        rate: 0.004,
        decay: 0.01,
        smoothing: 0.03,
        average: 0.95,
        pipeline: Pipeline::from_json(&augmentation::pens()).expect("a pipeline"),
        teaching: 0.5,
        temperature: 2.0,
        seed: 7,
        threads: 2,
    }
}

fn trained(settings: &Settings, training: &Digits, validation: &Digits) -> Trained {
    train(settings, training, validation, None, &mut |_| ()).expect("training")
}

#[test]
fn a_moment_of_training_teaches_digits() {
    let [training, validation] = digits(Split::Train).first(4_500).split_last(500);
    let mut epochs = Vec::new();
    let mut report = |epoch: &_| epochs.push(Clone::clone(epoch));
    let first = train(&settings(), &training, &validation, None, &mut report).expect("training");
    assert_eq!(
        epochs.iter().map(|epoch| epoch.number).collect::<Vec<_>>(),
        [1, 2]
    );
    assert!(epochs[1].loss < epochs[0].loss);
    let test = digits(Split::Test).first(2_000);
    let figures = evaluate(&first.classifier, &test, 2);
    assert!(figures.accuracy() > 0.94, "{figures:?}");
    assert!(
        first.epoch.validation.accuracy() > 0.93,
        "{:?}",
        first.epoch
    );
    assert_eq!(
        evaluate(&first.classifier, &test, 1),
        figures,
        "measured by one thread"
    );
}

#[test]
fn threads_change_nothing_and_seeds_do() {
    let [training, validation] = digits(Split::Train).first(208).split_last(16);
    let dense = |threads, seed| {
        let settings = Settings {
            threads,
            seed,
            epochs: 1,
            ..settings()
        };
        trained(&settings, &training, &validation)
            .classifier
            .dense()
            .clone()
    };
    let one = dense(1, 7);
    assert_eq!(dense(2, 7), one);
    assert_eq!(dense(3, 7), one);
    assert_ne!(dense(2, 8), one);
}

#[test]
fn groups_may_be_looked_at_by_anyone_and_a_training_goes_on_where_it_was() {
    let [training, validation] = digits(Split::Train).first(272).split_last(16);
    let settings = Settings {
        epochs: 1,
        ..settings()
    };
    let whole = trained(&settings, &training, &validation).classifier;
    let network = Network::new(&settings.architecture);
    let begin = || Learner::new(&settings, &network, training.len());
    let mut learner = begin();
    let order = order(settings.seed, 1, training.len());
    for (step, batch) in order.chunks_exact(settings.batch).enumerate() {
        if step == 4 {
            let saved = learner.save();
            learner = begin();
            learner
                .restore(&saved)
                .expect("a training of the same settings");
            assert_eq!(learner.steps(), 4);
        }
        let weights = learner.weights();
        let view = View {
            settings: &settings,
            network: &network,
            weights,
            kernels: &network.kernels(weights),
        };
        let groups = batch.as_chunks::<GROUP>().0;
        let mut found = vec![Found::new(&network); groups.len()];
        // The last one first, and each in a place of its own.
        for (group, found) in groups.iter().zip(&mut found).rev() {
            let given = group.map(|at| Given {
                picture: training.picture(at),
                label: training.label(at),
                number: at,
            });
            let mut bench = Bench::new(&network, None);
            bench.find(&view, 1, &given, found).expect("a group");
        }
        learner.learn(found.iter());
    }
    assert_eq!(learner.steps(), training.len() / settings.batch);
    let parts = network.fold(&learner.averaged()).expect("a network");
    assert_eq!(parts.dense(), whole.dense());
    assert_eq!(parts.convolutions(), whole.convolutions());
}

#[test]
fn a_training_that_was_kept_badly_is_refused() {
    let settings = settings();
    let network = Network::new(&settings.architecture);
    let mut learner = Learner::new(&settings, &network, 320);
    let saved = learner.save();
    let refused =
        |learner: &mut Learner, saved: &[u8]| learner.restore(saved).unwrap_err().to_string();
    let told = refused(&mut learner, &saved[..20]);
    assert!(told.ends_with("it is too short."), "{told}");
    for length in [saved.len() - 1, saved.len() - 4] {
        let told = refused(&mut learner, &saved[..length]);
        assert!(told.ends_with("it is of another network."), "{told}");
    }
    let mut broken = saved.clone();
    broken[32..36].copy_from_slice(&f32::NAN.to_le_bytes());
    let told = refused(&mut learner, &broken);
    assert!(told.ends_with("are no numbers."), "{told}");
    assert_eq!(learner.save(), saved, "what is refused changes nothing");
}

#[test]
fn a_student_follows_its_teacher() {
    let [training, validation] = digits(Split::Train).first(1_600).split_last(64);
    // A teacher whose digits are all one too high shows in what the student answers.
    let mut wrong = Digits::default();
    for at in 0..training.len() {
        wrong.push(*training.picture(at), (training.label(at) + 1) % 10);
    }
    let plain = Pipeline::from_json(&json!([])).expect("no steps");
    let settings = Settings {
        pipeline: plain,
        teaching: 1.0,
        epochs: 4,
        ..settings()
    };
    let teacher = trained(&settings, &wrong, &validation).classifier;
    let student = train(
        &settings,
        &training,
        &validation,
        Some(&teacher),
        &mut |_| (),
    )
    .expect("training")
    .classifier;
    let figures = evaluate(&student, &wrong, 2);
    assert!(figures.accuracy() > 0.8, "{figures:?}");
}

#[test]
fn settings_that_do_not_go_together_are_refused() {
    let [training, validation] = digits(Split::Train).first(100).split_last(20);
    let none = Digits::default();
    let good = settings();
    let cases = [
        (
            Settings {
                batch: 24,
                ..good.clone()
            },
            &training,
            &validation,
            "batch is 24",
        ),
        (
            Settings {
                batch: 0,
                ..good.clone()
            },
            &training,
            &validation,
            "batch is 0",
        ),
        (
            Settings {
                epochs: 0,
                ..good.clone()
            },
            &training,
            &validation,
            "epochs is 0",
        ),
        (
            Settings {
                batch: 96,
                ..good.clone()
            },
            &training,
            &validation,
            "number of training pictures is 80",
        ),
        (good, &training, &none, "number of validation pictures is 0"),
    ];
    for (settings, training, validation, expected) in cases {
        let error = train(&settings, training, validation, None, &mut |_| ()).unwrap_err();
        assert!(error.to_string().starts_with(expected), "{error}");
    }
}

#[test]
fn the_last_pictures_are_split_off_in_order() {
    let all = digits(Split::Train);
    assert_eq!(all.len(), 60_000);
    // The first labels of the original file.
    assert_eq!(
        (0..8).map(|at| all.label(at)).collect::<Vec<_>>(),
        [5, 0, 4, 1, 9, 2, 1, 3]
    );
    let (label, picture) = (all.label(55_000), *all.picture(55_000));
    let [training, validation] = all.split_last(5_000);
    assert_eq!([training.len(), validation.len()], [55_000, 5_000]);
    assert_eq!(
        (validation.label(0), *validation.picture(0)),
        (label, picture)
    );
}

#[test]
fn changed_digits_keep_their_ink_and_their_place() {
    use digitlab::random::{Purpose, Stream};
    let pipeline = settings().pipeline;
    let all = digits(Split::Train).first(600);
    let mut changed = 0;
    for at in 0..all.len() {
        let before = all.picture(at);
        let mut stream = Stream::new(3, at as u64, Purpose::Training);
        let after = augmentation::change(&pipeline, before, &mut stream).expect("a digit");
        let ink = |levels: &[u8; 784]| levels.iter().map(|level| f64::from(*level)).sum::<f64>();
        let middle = |levels: &[u8; 784]| {
            let sum: f64 = (0..784)
                .map(|at| f64::from(levels[at]) * (at % 28) as f64)
                .sum();
            sum / ink(levels)
        };
        assert!(ink(&after) > 0.2 * ink(before), "{at}");
        assert!((middle(&after) - middle(before)).abs() < 7.0, "{at}");
        changed += usize::from(after != *before);
    }
    assert!(changed > 500, "{changed}");
}
