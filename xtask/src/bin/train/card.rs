//! What is to be known of the models: `models.json`.

use crate::machine;
use crate::recipes::{Recipe, VALIDATION};
use anyhow::{Context, Result};
use digitlab::classify::onnx::{INPUT, OPSET, OUTPUT};
use digitlab::classify::training::{Figures, GROUP};
use digitlab::mnist::{Manifest, SIDE, bucket::sha256};
use serde_json::{Value, json};
use std::{fs, io::ErrorKind, path::Path};

/// The file's name.
const FILE: &str = "models.json";

/// The version of its format.
const FORMAT: u32 = 1;

/// A model as it was measured.
pub(crate) struct Measured<'a> {
    pub(crate) recipe: &'a Recipe,
    pub(crate) bytes: &'a [u8],
    /// The epoch whose weights were kept.
    pub(crate) epoch: usize,
    /// How many pictures it learned from.
    pub(crate) training: usize,
    pub(crate) validation: Figures,
    pub(crate) test: Figures,
    pub(crate) seconds: f64,
    pub(crate) data: &'a Manifest,
}

/// An entry of the file.
pub(crate) struct Card {
    name: &'static str,
    test_accuracy: f64,
    json: Value,
}

impl Measured<'_> {
    /// What is to be known of it.
    pub(crate) fn card(&self) -> Card {
        let Self {
            recipe,
            bytes,
            data,
            ..
        } = self;
        let settings = &recipe.settings;
        let architecture = &settings.architecture;
        let classes: Vec<String> = (0..10).map(|digit| digit.to_string()).collect();
        let json = json!({
            "name": recipe.name,
            "title": recipe.title,
            "file": format!("{}.onnx", recipe.name),
            "bytes": bytes.len(),
            "sha256": sha256(bytes),
            "opset": OPSET,
            "input": { "name": INPUT, "type": "float32", "shape": ["N", 1, SIDE, SIDE] },
            "normalisation": { "ink": 1, "paper": 0, "mean": 0, "std": 1 },
            "output": { "name": OUTPUT, "type": "float32", "shape": ["N", 10], "kind": "logits" },
            "classes": classes,
            "architecture": architecture.to_string(),
            "parameters": architecture.parameters(),
            "macs": architecture.multiplications(),
            "accuracy": {
                "validation": figures(&self.validation),
                "test": figures(&self.test),
            },
            "training": {
                "command": format!("cargo xtask train --model {}", recipe.name),
                "data": format!("{}, split train: {} pictures to learn from, the last {VALIDATION} of the {} to choose", data.name, self.training, self.training + VALIDATION),
                "epochs": settings.epochs,
                "chosen_epoch": self.epoch,
                "teacher": recipe.teacher,
                "batch": settings.batch,
                "group": GROUP,
                "rate": settings.rate,
                "decay": short(settings.decay),
                "smoothing": short(settings.smoothing),
                "average": short(settings.average),
                "seed": settings.seed,
                "threads": settings.threads,
                "processor": machine::describe(),
                "minutes": (self.seconds / 6.0).round() / 10.0,
                "pipeline": settings.pipeline.to_json(),
            },
            "licence": {
                "name": env!("CARGO_PKG_LICENSE"),
                "data": { "name": data.name, "licence": data.licence.name, "url": data.licence.url, "attribution": data.licence.attribution },
            },
        });
        Card {
            name: recipe.name,
            test_accuracy: self.test.accuracy(),
            json,
        }
    }
}

impl Card {
    /// The share of the test pictures that it answers right.
    pub(crate) fn test_accuracy(&self) -> f64 {
        self.test_accuracy
    }
}

/// A 32-bit number without the digits that it cannot hold.
fn short(number: f32) -> Value {
    number
        .to_string()
        .parse::<f64>()
        .map_or(Value::Null, Value::from)
}

fn figures(figures: &Figures) -> Value {
    let rounded = |share: f64| (share * 1e4).round() / 1e4;
    json!({
        "pictures": figures.count(),
        "right": figures.right(),
        "accuracy": rounded(figures.accuracy()),
        "by_class": figures.by_class().map(rounded),
    })
}

/// The whole file.
pub(crate) struct Cards(Vec<Value>);

impl Cards {
    /// Reads those that are there.
    pub(crate) fn open(folder: &Path) -> Result<Self> {
        let path = folder.join(FILE);
        let text = match fs::read_to_string(&path) {
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Self(Vec::new())),
            text => text.with_context(|| format!("cannot read {}", path.display()))?,
        };
        let json: Value = serde_json::from_str(&text)
            .with_context(|| format!("{} is not JSON", path.display()))?;
        let models = json["models"].as_array().cloned();
        Ok(Self(models.with_context(|| {
            format!("{} has no models", path.display())
        })?))
    }

    /// Puts one in its place: that of an older one of its name, or the end.
    pub(crate) fn put(&mut self, card: Card) {
        match self.0.iter_mut().find(|other| other["name"] == card.name) {
            Some(other) => *other = card.json,
            None => self.0.push(card.json),
        }
    }

    /// Writes them.
    pub(crate) fn save(&self, folder: &Path) -> Result<()> {
        let path = folder.join(FILE);
        let text = serde_json::to_string_pretty(&json!({ "format": FORMAT, "models": self.0 }))?;
        fs::write(&path, text + "\n").with_context(|| format!("cannot write {}", path.display()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn card(name: &'static str, bytes: u32) -> Card {
        Card {
            name,
            test_accuracy: 0.5,
            json: json!({ "name": name, "bytes": bytes }),
        }
    }

    #[test]
    fn a_model_trained_anew_takes_the_place_of_the_old_one() {
        let folder = std::env::temp_dir().join(format!("xtask-cards-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        let mut cards = Cards::open(&folder).unwrap();
        cards.put(card("default", 1));
        cards.put(card("tiny", 2));
        cards.save(&folder).unwrap();
        let mut cards = Cards::open(&folder).unwrap();
        cards.put(card("default", 3));
        fs::write(folder.join(FILE), "[").unwrap();
        let broken = Cards::open(&folder).err().map(|error| error.to_string());
        fs::remove_dir_all(&folder).unwrap();
        assert_eq!(
            cards.0,
            [
                json!({ "name": "default", "bytes": 3 }),
                json!({ "name": "tiny", "bytes": 2 })
            ]
        );
        assert!(broken.is_some_and(|told| told.ends_with("is not JSON")));
    }
}
