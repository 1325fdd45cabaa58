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
fn measured(stand_in: &StandIn, numbers: &[Sequence]) -> [usize; 2] {
    let (mut cut, mut right) = (0, 0);
    for number in numbers {
        let reading = read(&number.image, |digit| stand_in.classify(digit)).expect("a reading");
        let fits = reading.digits.len() == number.digits.len()
            && reading
                .digits
                .iter()
                .zip(&number.digits)
                .all(|(found, placed)| {
                    let middle = found.area.x as f64 + found.area.width as f64 / 2.0;
                    let near = (placed.x + placed.width / 2.0 - middle).abs();
                    near <= 2.0 && (found.area.width as f64 - placed.width).abs() <= 3.0
                });
        cut += usize::from(fits);
        right += usize::from(reading.text == number.label);
        if !fits {
            println!("{} was cut as {}", number.label, reading.text);
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
        ("default", [5, 10], "white-on-black", 0.99, 0.7),
        ("black on white", [5, 10], "black-on-white", 0.99, 0.7),
        ("close", [1, 3], "white-on-black", 0.9, 0.6),
        ("touching", [0, 0], "white-on-black", 0.6, 0.4),
    ];
    let mut failed = Vec::new();
    for (name, gap, ink, least_cut, least_right) in cases {
        let numbers = numbers(&pool, gap, ink);
        let [cut, right] = measured(&stand_in, &numbers).map(|n| n as f64 / COUNT as f64);
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
