//! What is printed while it trains.

use digitlab::classify::training::{Epoch, Figures};

pub(crate) fn head() {
    println!("epoch     loss  validation   changed  pictures/s");
}

pub(crate) fn row(epoch: &Epoch, speed: f64) {
    let Epoch {
        number,
        loss,
        validation,
        changed,
        best,
    } = epoch;
    println!(
        "{number:5} {loss:8.4} {:9.2} % {:7.2} % {speed:11.0}{}",
        100.0 * validation.accuracy(),
        100.0 * changed.accuracy(),
        if *best { "  best" } else { "" }
    );
}

pub(crate) fn classes(validation: &Figures, test: &Figures) {
    println!("digit  validation      test");
    let [validations, tests] = [validation, test].map(Figures::by_class);
    for (digit, (validation, test)) in validations.into_iter().zip(tests).enumerate() {
        println!(
            "{digit:5} {:9.2} % {:7.2} %",
            100.0 * validation,
            100.0 * test
        );
    }
    let [all_validation, all_test] = [validation, test].map(|figures| 100.0 * figures.accuracy());
    println!("  all {all_validation:9.2} % {all_test:7.2} %");
    let wrong = test.count() - test.right();
    println!(
        "{wrong} of {} test pictures are taken for another digit",
        test.count()
    );
}
