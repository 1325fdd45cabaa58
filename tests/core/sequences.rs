//! The laws that every sequence obeys.

use crate::support::{generate, mnist, request};
use digitlab::mnist::{Pool, SIDE};
use digitlab::sequence::{Layout, Request, Sequence};
use proptest::prelude::*;
use serde_json::{Value, json};
use std::sync::Mutex;

/// Shards stay loaded from case to case.
static POOL: Mutex<Option<Pool>> = Mutex::new(None);

fn made(json: Value) -> (Request, Sequence) {
    let mut pool = POOL
        .lock()
        .unwrap_or_else(std::sync::PoisonError::into_inner);
    let request = request(json).expect("an allowed request");
    let sequence = generate(&request, pool.get_or_insert_with(mnist)).expect("an image");
    (request, sequence)
}

fn requests() -> impl Strategy<Value = Value> {
    let text = "[0-9]{1,12}";
    let gaps = (0_u32..=30, 0_u32..=30);
    let places = (0_u32..=9, any::<bool>(), 0_usize..3, any::<bool>());
    (
        text,
        gaps,
        places,
        1_u32..=600,
        0_usize..2,
        any::<u64>(),
        0_u64..1000,
    )
        .prop_map(
            |(number, (a, b), (margin, tight, split, black), width, fit, seed, index)| {
                let mut json = json!({
                    "number": number,
                    "spacing_min": a.min(b), "spacing_max": a.max(b),
                    "margin": margin, "tight": tight,
                    "split": (["all", "train", "test"][split]),
                    "ink": if black { "black-on-white" } else { "white-on-black" },
                    "fit": (["stretch", "natural"][fit]),
                    "seed": seed.to_string(), "index": index,
                });
                if fit == 0 {
                    json["image_width"] = json!(width);
                }
                json
            },
        )
}

fn number(json: &Value, field: &str) -> f64 {
    json[field].as_f64().unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn shape_label_digits_and_gaps_are_as_asked(json in requests()) {
        let (_, sequence) = made(json.clone());
        let text = json["number"].as_str().unwrap();
        prop_assert_eq!(&sequence.label, text);
        prop_assert_eq!(sequence.image.height(), SIDE);
        let width = sequence.image.width();
        let wanted = json["image_width"].as_u64().map_or(sequence.natural_width, |w| w as usize);
        prop_assert_eq!(width, wanted);

        let read: String = sequence.digits.iter().map(|digit| digit.digit.to_string()).collect();
        prop_assert_eq!(read, text);
        let split = json["split"].as_str().unwrap();
        prop_assert!(sequence.digits.iter().all(|digit| split == "all" || digit.split.name() == split));

        // Back to natural columns, where gaps and margins are whole numbers.
        let scale = sequence.natural_width as f64 / width as f64;
        let near = 1e-6 * sequence.natural_width as f64;
        let margin = number(&json, "margin");
        let first = sequence.digits.first().unwrap();
        let last = sequence.digits.last().unwrap();
        prop_assert!((first.x * scale - margin).abs() < near);
        let end = (last.x + last.width) * scale + margin;
        prop_assert!((end - sequence.natural_width as f64).abs() < near);
        for pair in sequence.digits.windows(2) {
            let gap = (pair[1].x - pair[0].x - pair[0].width) * scale;
            prop_assert!((gap - gap.round()).abs() < near);
            prop_assert!(gap > number(&json, "spacing_min") - near);
            prop_assert!(gap < number(&json, "spacing_max") + near);
        }
        if json["tight"] == false {
            prop_assert!(sequence.digits.iter().all(|digit| (digit.width * scale - 28.0).abs() < near));
        }
    }

    #[test]
    fn the_same_request_gives_the_same_image(json in requests()) {
        let (_, first) = made(json.clone());
        let (_, again) = made(json);
        prop_assert_eq!(first, again);
    }

    #[test]
    fn black_on_white_is_the_negative(json in requests()) {
        let (mut white, mut black) = (json.clone(), json);
        white["ink"] = json!("white-on-black");
        black["ink"] = json!("black-on-white");
        let (_, white) = made(white);
        let (_, black) = made(black);
        let sums = white.image.data().iter().zip(black.image.data());
        prop_assert!(sums.into_iter().all(|(a, b)| a + b == 255));
    }

    #[test]
    fn natural_images_have_ink_only_inside_boxes(mut json in requests()) {
        json["fit"] = json!("natural");
        json["ink"] = json!("white-on-black");
        let (_, sequence) = made(json.clone());
        let width = sequence.image.width();
        let inked = |x: usize| (0..SIDE).any(|y| sequence.image.data()[y * width + x] > 0);
        let inside = |x: usize| sequence.digits.iter().any(|digit| {
            (digit.x..digit.x + digit.width).contains(&(x as f64))
        });
        prop_assert!((0..width).all(|x| inside(x) || !inked(x)));
        if json["tight"] == true {
            // Tight boxes touch ink on both sides.
            for digit in &sequence.digits {
                prop_assert!(inked(digit.x as usize));
                prop_assert!(inked((digit.x + digit.width) as usize - 1));
            }
        }
    }

    #[test]
    fn padding_adds_blank_columns_and_nothing_else(mut json in requests(), extra in 0_usize..50) {
        json["fit"] = json!("natural");
        json["ink"] = json!("white-on-black");
        let (_, natural) = made(json.clone());
        let width = natural.natural_width + extra;
        json["fit"] = json!("pad");
        json["image_width"] = json!(width);
        let (_, padded) = made(json);
        let left = extra / 2;
        for y in 0..SIDE {
            let row = &padded.image.data()[y * width..][..width];
            prop_assert!(row[..left].iter().all(|&level| level == 0));
            prop_assert_eq!(&row[left..][..natural.natural_width], &natural.image.data()[y * natural.natural_width..][..natural.natural_width]);
            prop_assert!(row[left + natural.natural_width..].iter().all(|&level| level == 0));
        }
        prop_assert_eq!(padded.digits[0].x, natural.digits[0].x + left as f64);
    }

    #[test]
    fn one_more_digit_leaves_those_before_it(json in requests(), digit in 0_u8..10) {
        let (request, _) = made(json.clone());
        let mut longer = json.clone();
        longer["number"] = json!(format!("{}{digit}", json["number"].as_str().unwrap()));
        let (longer, _) = made(longer);
        let pool = mnist();
        let short = Layout::draw(&request, &pool).unwrap();
        let long = Layout::draw(&longer, &pool).unwrap();
        prop_assert!(long.samples.starts_with(&short.samples));
        prop_assert!(long.gaps.starts_with(&short.gaps));
    }
}

#[test]
fn gaps_reach_both_ends_and_are_uniform() {
    let pool = mnist();
    let mut seen = [0_u32; 6];
    for index in 0..2_000 {
        let json = json!({ "number": "1111111", "fit": "natural", "spacing_min": 5, "seed": 11, "index": index });
        let layout = Layout::draw(&request(json).unwrap(), &pool).unwrap();
        for gap in layout.gaps {
            seen[gap as usize - 5] += 1;
        }
    }
    // Chi-square with 5 degrees of freedom: above 20.5 in one case of a thousand.
    let chi: f64 = seen
        .iter()
        .map(|&n| (f64::from(n) - 2_000.0).powi(2) / 2_000.0)
        .sum();
    assert!(chi < 20.5, "{seen:?}");
}

#[test]
fn samples_come_from_all_of_the_data_set() {
    let pool = mnist();
    let mut seen = std::collections::HashSet::new();
    let mut test = 0;
    for index in 0..3_000 {
        let json = json!({ "number": "5", "fit": "natural", "seed": 12, "index": index });
        let layout = Layout::draw(&request(json).unwrap(), &pool).unwrap();
        let location = layout.samples[0];
        seen.insert(format!("{location:?}"));
        test += u32::from(pool.split(location).name() == "test");
    }
    // 3,000 draws of 6,313 samples meet 2,388 different ones on average, and 892 of
    // the 6,313 are in the test split: 424 on average. Five standard deviations.
    assert!((2_300..2_480).contains(&seen.len()), "{}", seen.len());
    assert!((329..519).contains(&test), "{test}");
}

#[test]
fn every_index_up_to_the_last_can_be_made_alone() {
    let last = (1_u64 << 53) - 1;
    let (_, sequence) =
        made(json!({ "number": "42", "image_width": 56, "seed": 1, "index": last }));
    assert_eq!(sequence.label, "42");
}

#[test]
fn the_longest_and_widest_requests_are_made() {
    let (_, sequence) = made(json!({
        "number": "8".repeat(256), "fit": "natural", "tight": false,
        "spacing_min": 1000, "spacing_max": 1000, "margin": 1000, "seed": 1,
    }));
    assert_eq!(sequence.image.width(), 256 * 28 + 255 * 1000 + 2 * 1000);
    for width in [1, 16_384] {
        let (_, sequence) = made(json!({
            "number": "8".repeat(256), "image_width": width, "spacing_max": 1000, "seed": 1,
        }));
        assert_eq!(sequence.image.width(), width);
    }
}
