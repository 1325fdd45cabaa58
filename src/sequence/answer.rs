//! A sequence as JSON: the request, the labels, and the pixels as nested lists.

use super::generator::Sequence;
use super::request::Request;
use serde::Serialize;
use serde_json::{Map, Value, json};

/// Everything about a sequence but its pixels: the request with its defaults filled
/// in, then `label`, `taskId`, `naturalWidth` and `digits`.
pub fn labels(request: &Request, sequence: &Sequence, task_id: &str) -> Map<String, Value> {
    let mut labels = request.to_json();
    labels.insert("label".into(), json!(sequence.label));
    labels.insert("taskId".into(), json!(task_id));
    labels.insert("naturalWidth".into(), json!(sequence.natural_width));
    labels.insert("digits".into(), json!(sequence.digits));
    labels
}

/// The labels as JSON text with the pixels added as `generatedImage`, a list of rows
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
