//! The table of fields that the page, the docs and the parser share.

use crate::support::request;
use digitlab::parameter::{Field, Kind};
use digitlab::sequence::FIELDS;
use serde_json::json;

fn with(field: &Field, value: serde_json::Value) -> digitlab::Result<digitlab::sequence::Request> {
    let mut fields =
        json!({ "number": "1", "image_width": 28, "spacing_min": 0, "spacing_max": 1000 });
    fields[field.name] = value;
    request(fields)
}

#[test]
fn the_stated_limits_are_the_real_ones() {
    let mut tried = 0;
    for field in FIELDS {
        let Kind::Integer { min, max, .. } = field.kind else {
            continue;
        };
        for allowed in [min, max] {
            // A smallest gap at its limit needs a largest gap that is not below it.
            with(field, json!(allowed)).unwrap_or_else(|error| panic!("{error}"));
        }
        assert_eq!(
            with(field, json!(max + 1)).unwrap_err().code(),
            "invalid_parameter"
        );
        if min > 0 {
            assert_eq!(
                with(field, json!(min - 1)).unwrap_err().code(),
                "invalid_parameter"
            );
        }
        tried += 1;
    }
    assert_eq!(tried, 5);
}

#[test]
fn the_stated_words_and_defaults_are_the_real_ones() {
    let plain = request(json!({ "number": "1", "image_width": 28 }))
        .unwrap()
        .to_json();
    for field in FIELDS {
        match field.kind {
            Kind::Choice { values, default } => {
                for word in values {
                    let echoed = with(field, json!(word)).unwrap().to_json();
                    assert_eq!(echoed[field.name], *word);
                }
                assert_eq!(plain[field.name], default);
            }
            Kind::Integer {
                default: Some(default),
                ..
            } => assert_eq!(plain[field.name], default),
            Kind::Boolean { default } => assert_eq!(plain[field.name], default),
            _ => {}
        }
    }
}

#[test]
fn a_request_echoed_reads_back_to_the_same() {
    for json in [
        json!({ "number": "007", "image_width": 33, "seed": u64::MAX }),
        json!({ "digits": [1, 2], "fit": "natural", "tight": "0", "ink": "black-on-white", "index": 12 }),
        json!({ "number": 5, "fit": "pad", "image_width": 99, "split": "test", "margin": 0 }),
    ] {
        let first = request(json).unwrap();
        let again = request(first.to_json().into()).unwrap();
        assert_eq!(first, again);
    }
}
