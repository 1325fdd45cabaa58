//! A sequence as JSON: the request, the labels, and the pixels as nested lists.

use super::{Request, Sequence};
use crate::augment::Applied;
use serde::Serialize;
use serde_json::{Map, Value, json};

/// What is known of an image besides its pixels: the request with its defaults filled in, the label, the task id, and
/// where each digit is.
pub fn labels(request: &Request, made: &Sequence, task_id: &str) -> Map<String, Value> {
    let mut labels = request.to_json();
    labels.insert("index".into(), request.index().into());
    labels.insert("label".into(), made.label.clone().into());
    labels.insert("taskId".into(), task_id.into());
    labels.insert("naturalWidth".into(), made.natural_width.into());
    labels.insert("digits".into(), json!(made.digits));
    if !made.augmentation.is_empty() {
        let steps = made.augmentation.iter();
        let steps: Vec<Vec<Value>> = steps
            .map(|digit| digit.iter().map(Applied::to_json).collect())
            .collect();
        labels.insert("augmentation".into(), json!(steps));
    }
    labels
}

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
