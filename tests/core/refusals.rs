//! Everything that a request is refused for, with the field that is named.

use crate::support::{generate, mnist, request};
use serde_json::{Value, json};

/// What is put over a request that is fine, the code, the field, and words of the message.
type Case = (Value, &'static str, &'static str, &'static str);

fn cases() -> Vec<Case> {
    let invalid = "invalid_parameter";
    vec![
        (json!({ "number": "" }), invalid, "number", "empty text"),
        (json!({ "number": "12a" }), invalid, "number", "\"12a\""),
        (json!({ "number": " 12" }), invalid, "number", "\" 12\""),
        (json!({ "number": "+1" }), invalid, "number", "\"+1\""),
        (json!({ "number": "-1" }), invalid, "number", "\"-1\""),
        (json!({ "number": "١٢" }), invalid, "number", "\"١٢\""),
        (json!({ "number": -1 }), invalid, "number", "-1"),
        (json!({ "number": 1.5 }), invalid, "number", "1.5"),
        (json!({ "number": 1e30 }), invalid, "number", "1e+30"),
        (json!({ "number": null }), invalid, "number", "null"),
        (json!({ "number": true }), invalid, "number", "true"),
        (
            json!({ "number": ["1"] }),
            invalid,
            "number",
            "a list of 1 items",
        ),
        (json!({ "number": {} }), invalid, "number", "an object"),
        (
            json!({ "number": "1".repeat(257) }),
            invalid,
            "number",
            "257 characters",
        ),
        (
            json!({ "number": "x".repeat(1_000_000) }),
            invalid,
            "number",
            "1000000 characters",
        ),
        (json!({ "digits": [1] }), invalid, "digits", "not both"),
        (json!({ "spacing_min": -1 }), invalid, "spacing_min", "-1"),
        (
            json!({ "spacing_min": 1001 }),
            invalid,
            "spacing_min",
            "0 to 1000",
        ),
        (
            json!({ "spacing_min": "5" }),
            invalid,
            "spacing_min",
            "the text \"5\"",
        ),
        (json!({ "spacing_min": 5.5 }), invalid, "spacing_min", "5.5"),
        (
            json!({ "spacing_min": null }),
            invalid,
            "spacing_min",
            "null",
        ),
        (
            json!({ "spacing_min": 11 }),
            invalid,
            "spacing_min",
            "spacing_max, which is 10, its default",
        ),
        (
            json!({ "spacing_max": 4 }),
            invalid,
            "spacing_min",
            "5, its default",
        ),
        (
            json!({ "spacing_min": 8, "spacing_max": 7 }),
            invalid,
            "spacing_min",
            "which is 7.",
        ),
        (
            json!({ "spacing_max": 1001 }),
            invalid,
            "spacing_max",
            "1001",
        ),
        (
            json!({ "image_width": 0 }),
            invalid,
            "image_width",
            "1 to 16384",
        ),
        (
            json!({ "image_width": 16_385 }),
            invalid,
            "image_width",
            "16385",
        ),
        (json!({ "image_width": -5 }), invalid, "image_width", "-5"),
        (
            json!({ "image_width": "90" }),
            invalid,
            "image_width",
            "the text \"90\"",
        ),
        (
            json!({ "image_width": null }),
            invalid,
            "image_width",
            "null",
        ),
        (
            json!({ "fit": "natural", "image_width": 0 }),
            invalid,
            "image_width",
            "1 to 16384",
        ),
        (
            json!({ "fit": "pad", "image_width": 20 }),
            invalid,
            "image_width",
            "at least",
        ),
        (
            json!({ "fit": "squeeze" }),
            invalid,
            "fit",
            "stretch, pad, natural",
        ),
        (json!({ "fit": 1 }), invalid, "fit", "1"),
        (
            json!({ "augment": "yes" }),
            invalid,
            "augment",
            "true, false, 1 or 0",
        ),
        (json!({ "augment": 2 }), invalid, "augment", "2"),
        (
            json!({ "pipeline": "mild" }),
            invalid,
            "pipeline",
            "seed, visible, strong, or a list of transforms",
        ),
        (json!({ "pipeline": 7 }), invalid, "pipeline", "7"),
        (
            json!({ "augment": true, "pipeline": [{ "transform": "Rotat" }] }),
            invalid,
            "pipeline.transforms[0].transform",
            "NoOp",
        ),
        (
            json!({ "split": "validation" }),
            invalid,
            "split",
            "all, train, test",
        ),
        (
            json!({ "ink": "blue" }),
            invalid,
            "ink",
            "white-on-black, black-on-white",
        ),
        (json!({ "margin": 1001 }), invalid, "margin", "1001"),
        (json!({ "tight": "maybe" }), invalid, "tight", "\"maybe\""),
        (json!({ "seed": -1 }), invalid, "seed", "-1"),
        (json!({ "seed": 1.0e19 }), invalid, "seed", "as text"),
        (
            json!({ "seed": "18446744073709551616" }),
            invalid,
            "seed",
            "18446744073709551615",
        ),
        (json!({ "seed": "+7" }), invalid, "seed", "\"+7\""),
        (json!({ "seed": "" }), invalid, "seed", "empty text"),
        (json!({ "seed": null }), invalid, "seed", "null"),
        (json!({ "index": -1 }), invalid, "index", "-1"),
        (
            json!({ "index": 1_u64 << 53 }),
            invalid,
            "index",
            "9007199254740992",
        ),
        (
            json!({ "spacing": 3 }),
            "unknown_parameter",
            "spacing",
            "spacing_min",
        ),
    ]
}

#[test]
fn each_names_its_field_and_what_is_allowed() {
    let mut pool = mnist();
    let mut wrong = Vec::new();
    for (change, code, field, words) in cases() {
        let mut json = json!({ "number": "042", "image_width": 84, "seed": 1 });
        for (name, value) in change.as_object().unwrap() {
            json[name] = value.clone();
        }
        match request(json).and_then(|request| generate(&request, &mut pool)) {
            Ok(_) => wrong.push(format!("{field} {words}: accepted")),
            Err(error) => {
                let message = error.to_string();
                let right = error.code() == code
                    && error.detail().field.as_deref() == Some(field)
                    && message.starts_with(field)
                    && message.contains(words)
                    && message.len() < 1_200;
                if !right {
                    wrong.push(format!("{field} {words}: {} {message}", error.code()));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn lists_of_digits_are_checked_item_by_item() {
    for (list, words) in [
        (json!([]), "a list of 0 items"),
        (json!("12"), "the text \"12\""),
        (json!([1, 10]), "10 at position 1"),
        (json!([1, "2"]), "the text \"2\" at position 1"),
        (json!([1.5]), "1.5 at position 0"),
        (json!([null]), "null at position 0"),
        (json!(vec![1; 257]), "a list of 257 items"),
    ] {
        let error = request(json!({ "digits": list, "image_width": 9 })).unwrap_err();
        assert_eq!(error.detail().field.as_deref(), Some("digits"));
        assert!(error.to_string().contains(words), "{error}");
    }
}

#[test]
fn what_is_needed_and_left_out_is_named() {
    for (json, field) in [
        (json!({}), "number"),
        (json!({ "number": "1" }), "image_width"),
        (json!({ "number": "1", "fit": "pad" }), "image_width"),
    ] {
        let error = request(json).unwrap_err();
        assert_eq!(error.code(), "missing_parameter");
        assert_eq!(error.detail().field.as_deref(), Some(field));
    }
    for other in [json!(null), json!([]), json!("042"), json!(42)] {
        let error = request(other).unwrap_err();
        assert_eq!(error.detail().field.as_deref(), Some("request"));
    }
}

#[test]
fn padding_names_the_width_that_is_enough() {
    let mut pool = mnist();
    let with_width = |width: usize| {
        request(json!({ "number": "8888", "fit": "pad", "image_width": width, "seed": 6 })).unwrap()
    };
    let error = generate(&with_width(50), &mut pool).unwrap_err();
    let allowed = error.detail().allowed.unwrap();
    let needed: usize = allowed
        .split_whitespace()
        .find_map(|word| word.parse().ok())
        .expect("a width in the message");
    assert!(generate(&with_width(needed - 1), &mut pool).is_err());
    let sequence = generate(&with_width(needed), &mut pool).unwrap();
    assert_eq!(sequence.natural_width, needed);
}
