//! What is done with the bytes.

pub(crate) mod augment;
pub(crate) mod dataset;
pub(crate) mod frames;
pub(crate) mod mnist;
pub(crate) mod model;
pub(crate) mod picture;
pub(crate) mod routes;
pub(crate) mod sequence;

use serde_json::Value;

/// The first byte, which says how the rest is taken, and the rest.
fn choice(bytes: &[u8]) -> (u8, &[u8]) {
    match bytes {
        [first, rest @ ..] => (*first, rest),
        [] => (0, bytes),
    }
}

/// The bytes as JSON, as an interface takes it from a text.
fn json(bytes: &[u8]) -> Option<Value> {
    serde_json::from_slice(bytes).ok()
}

/// What a refusal must be: a sentence of bearable length.
fn sentence(error: &digitlab::Error) {
    let text = error.to_string();
    assert!(text.ends_with('.'), "no sentence: {text}");
    assert!(text.len() < 4_000, "{} characters: {text:.300}", text.len());
}
