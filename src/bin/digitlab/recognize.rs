//! `digitlab classify` and `digitlab read`.

use crate::arguments::Recognize;
use crate::augment::picture;
use crate::moment::milliseconds_since;
use crate::output::{say, say_json};
use anyhow::{Context, Result};
use digitlab::classify::model::Model;
use digitlab::classify::{self, CLASSES};
use digitlab::raster::Raster;
use serde_json::{Value, json};
use std::fs;
use std::path::Path;
use std::time::Instant;

/// The models that the site carries.
const SHIPPED: [(&str, &[u8]); 2] = [
    ("default", include_bytes!("../../../models/default.onnx")),
    ("tiny", include_bytes!("../../../models/tiny.onnx")),
];

/// One answer: in a line, and as JSON.
struct Answer {
    text: String,
    probability: f32,
    told: Value,
    notes: Vec<String>,
}

/// Says which digit each picture shows.
pub(crate) fn classify(options: &Recognize) -> Result<()> {
    each(options, |picture, model| {
        let seen = classify::see(picture)?;
        let probabilities = model.probabilities(&seen.digit)?;
        let (digit, probability) = largest(&probabilities);
        Ok(Answer {
            text: digit.to_string(),
            probability,
            told: json!({
                "label": digit.to_string(),
                "probability": probability,
                "probabilities": probabilities,
                "box": seen.area,
                "figures": seen.figures,
            }),
            notes: seen.notes,
        })
    })
}

/// Reads the number that each picture shows.
pub(crate) fn read(options: &Recognize) -> Result<()> {
    each(options, |picture, model| {
        let mut failure = None;
        let reading = classify::read(picture, |digit| {
            model.probabilities(digit).unwrap_or_else(|error| {
                failure = Some(error);
                [1.0 / CLASSES as f32; CLASSES]
            })
        });
        if let Some(error) = failure {
            return Err(error.into());
        }
        let reading = reading?;
        let digits = reading.digits.iter();
        let probability = digits.clone().map(|digit| digit.probability).product();
        let digits: Vec<Value> = digits
            .map(|digit| {
                json!({
                    "digit": digit.digit,
                    "probability": digit.probability,
                    "probabilities": digit.probabilities,
                    "box": digit.area,
                })
            })
            .collect();
        Ok(Answer {
            probability,
            told: json!({ "text": reading.text, "probability": probability, "digits": digits }),
            text: reading.text,
            notes: reading.notes,
        })
    })
}

fn each(
    options: &Recognize,
    mut answer: impl FnMut(&Raster, &mut Model) -> Result<Answer>,
) -> Result<()> {
    let mut model = model(&options.model)?;
    for path in &options.pictures {
        let name = path.display().to_string();
        let picture = picture(path)?;
        let start = Instant::now();
        let Answer {
            text,
            probability,
            mut told,
            notes,
        } = answer(&picture, &mut model).with_context(|| name.clone())?;
        let elapsed = milliseconds_since(start);
        if options.json {
            told["file"] = name.into();
            told["model"] = options.model.clone().into();
            told["notes"] = notes.into();
            told["milliseconds"] = elapsed.into();
            say_json(&told)?;
        } else {
            say(&format!(
                "{text}  {:.1} %  {elapsed:.1} ms  {name}",
                100.0 * probability
            ))?;
        }
    }
    Ok(())
}

fn model(name: &str) -> Result<Model> {
    if let Some((name, file)) = SHIPPED.iter().find(|(shipped, _)| *shipped == name) {
        return Ok(Model::load(name, file)?);
    }
    let file = fs::read(Path::new(name)).with_context(|| {
        let shipped = SHIPPED.map(|(name, _)| name).join(", ");
        format!("--model is {name}, which cannot be read; allowed: {shipped}, or an ONNX file")
    })?;
    Ok(Model::load(name, &file)?)
}

/// The most probable class; the lowest of several.
fn largest(probabilities: &[f32; CLASSES]) -> (usize, f32) {
    let pairs = probabilities.iter().copied().enumerate();
    pairs
        .rev()
        .max_by(|(_, a), (_, b)| a.total_cmp(b))
        .expect("ten classes")
}
