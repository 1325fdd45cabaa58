//! Whole numbers as the generator makes them.

use super::stand_in::{StandIn, load};
use crate::support::{mnist, request};
use digitlab::classify::read;
use digitlab::mnist::{Pool, Split};
use digitlab::sequence::{Generator, Sequence};
use serde_json::json;

/// How many numbers are read.
const COUNT: u64 = 300;

fn numbers(pool: &Pool, gap: [u32; 2], ink: &str) -> Vec<Sequence> {
    let mut generator = Generator::default();
    (0..COUNT)
        .map(|index| {
            let number = (index * 7919 + 104_729) * 2_654_435_761 % 1_000_000;
            let request = request(json!({
                "number": format!("{number:06}"), "fit": "natural", "split": "test",
                "spacing_min": gap[0], "spacing_max": gap[1], "ink": ink,
                "seed": 2026, "index": index,
            }));
            let request = request.expect("an allowed request");
            generator.generate(&request, pool).expect("a number")
        })
        .collect()
}

/// How many are cut into their digits, and how many are read without an error.
fn measured(stand_in: &StandIn, numbers: &[Sequence], shown: bool) -> [usize; 2] {
    let (mut cut, mut right) = (0, 0);
    for number in numbers {
        let reading = read(&number.image, |digit| stand_in.classify(digit)).expect("a reading");
        let fits = reading.digits.len() == number.digits.len()
            && reading
                .digits
                .iter()
                .zip(&number.digits)
                .all(|(found, placed)| {
                    // Faint columns at a digit's edge need not be in its box.
                    let [left, right] = [placed.x, placed.x + placed.width];
                    let from = found.area.x as f64;
                    let to = from + found.area.width as f64;
                    let inside = from >= left - 1.0 && to <= right + 1.0;
                    inside && to - from >= 0.6 * placed.width
                });
        cut += usize::from(fits);
        right += usize::from(reading.text == number.label);
        if !fits && shown {
            let boxes = reading
                .digits
                .iter()
                .map(|digit| (digit.area.x, digit.area.width));
            let placed = number.digits.iter().map(|digit| (digit.x, digit.width));
            let [boxes, placed] = [
                format!("{:?}", boxes.collect::<Vec<_>>()),
                format!("{:?}", placed.collect::<Vec<_>>()),
            ];
            println!(
                "{} was cut as {}: {boxes} for {placed}",
                number.label, reading.text
            );
        }
    }
    [cut, right]
}

#[test]
fn generated_numbers_are_cut_into_their_digits() {
    let mut pool = mnist();
    let stand_in = StandIn::new(&mut pool, 500);
    load(&mut pool, Split::Test, u32::MAX);
    let cases = [
        ("default", [5, 10], "white-on-black", 0.985, 0.65),
        ("black on white", [5, 10], "black-on-white", 0.985, 0.65),
        ("close", [1, 3], "white-on-black", 0.92, 0.6),
        ("touching", [0, 0], "white-on-black", 0.6, 0.45),
    ];
    let mut failed = Vec::new();
    for (name, gap, ink, least_cut, least_right) in cases {
        let numbers = numbers(&pool, gap, ink);
        let [cut, right] =
            measured(&stand_in, &numbers, name == "default").map(|n| n as f64 / COUNT as f64);
        println!(
            "{name}: {:.1} % cut, {:.1} % right",
            cut * 100.0,
            right * 100.0
        );
        if cut < least_cut || right < least_right {
            failed.push(name);
        }
    }
    assert!(failed.is_empty(), "{failed:?}");
}
