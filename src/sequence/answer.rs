//! A sequence as JSON: the request, the labels, and the pixels as nested lists.

use serde::Serialize;
use serde_json::{Map, Value};

/// Labels, the fields of a request and of its result, as JSON text with the pixels added as `generatedImage`, a list of rows
/// of numbers 0..=1 with as many digits as a 32-bit float needs.
///
/// # Panics
/// When `width` is 0.
pub fn to_text(labels: &Map<String, Value>, pixels: &[f32], width: usize) -> String {
    #[derive(Serialize)]
    #[serde(rename_all = "camelCase")]
    struct Answer<'a> {
        #[serde(flatten)]
        labels: &'a Map<String, Value>,
        generated_image: Vec<&'a [f32]>,
    }
    let answer = Answer {
        labels,
        generated_image: pixels.chunks(width).collect(),
    };
    serde_json::to_string(&answer).expect("only text and numbers")
}
