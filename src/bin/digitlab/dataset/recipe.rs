//! The recipe that the options, or a file, ask for.

use crate::arguments::Dataset;
use crate::fields::{put, put_look, typed};
use anyhow::{Context, Result, bail};
use digitlab::dataset::Recipe;
use digitlab::dataset::numbers::{FileOfNumbers, LARGEST_FILE};
use serde_json::{Map, Value, json};
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

/// The largest recipe that is read, in bytes: 100,000 numbers of 256 digits have room.
const LARGEST_RECIPE: usize = 32 << 20;

/// A recipe as it was asked for: with a seed, or without.
#[derive(Debug)]
pub(crate) struct Asked {
    value: Value,
    /// The text of the file of numbers, if the recipe means one.
    numbers: Option<String>,
}

impl Asked {
    /// Reads what the options say.
    pub(crate) fn of(options: &Dataset) -> Result<Self> {
        let mut asked = Self::fields(options)?;
        let Some(file) = &options.recipe else {
            return Ok(asked);
        };
        if let Value::Object(fields) = &asked.value
            && let Some(name) = fields.keys().next()
        {
            bail!(
                "--{} is given beside --recipe, which says all of it; change the recipe, or leave one of the two out",
                name.replace('_', "-")
            );
        }
        let text = read_text(file, LARGEST_RECIPE)?;
        asked.value = serde_json::from_str(&text)
            .with_context(|| format!("{} is not a recipe in JSON", file.display()))?;
        let recipe = asked.recipe(0)?;
        let given = options.numbers_file.as_deref();
        asked.numbers = match (recipe.needs_file(), given) {
            (None, None) => None,
            (None, Some(_)) => {
                bail!("--numbers-file is given, but the recipe's numbers come from no file")
            }
            (Some(_), Some(given)) => Some(read_text(given, LARGEST_FILE)?),
            (Some(wanted), None) => {
                // A name may have been written by anybody: only a file beside the recipe is meant.
                let name = Path::new(&wanted.name).file_name().unwrap_or_default();
                let beside = file
                    .parent()
                    .map_or_else(PathBuf::new, Path::to_owned)
                    .join(name);
                if !beside.is_file() {
                    bail!(
                        "the recipe's numbers come from the file {}, which is not at {}; name it with --numbers-file",
                        wanted.name,
                        beside.display()
                    );
                }
                Some(read_text(&beside, LARGEST_FILE)?)
            }
        };
        Ok(asked)
    }

    /// The recipe; `seed` is what holds if it was asked for without one.
    pub(crate) fn recipe(&self, seed: u64) -> Result<Recipe> {
        let recipe = Recipe::from_json(&self.value, seed)?;
        Ok(match &self.numbers {
            Some(text) => recipe.with_file(text)?,
            None => recipe,
        })
    }

    /// Whether it was asked for with a seed.
    pub(crate) fn has_seed(&self) -> bool {
        self.value
            .get("recipe")
            .unwrap_or(&self.value)
            .get("seed")
            .is_some()
    }

    /// The fields that options other than `--recipe` say.
    fn fields(options: &Dataset) -> Result<Self> {
        let mut fields = Map::new();
        for (name, given) in [
            ("count", &options.count),
            ("order", &options.order),
            ("split", &options.split),
            ("format", &options.format),
            ("boxes", &options.boxes),
            ("items_per_file", &options.items_per_file),
        ] {
            put(&mut fields, name, given.as_deref());
        }
        // A name of digits is a name, and large numbers are exact as text alone.
        for (name, given) in [("name", &options.name), ("seed", &options.seed)] {
            if let Some(given) = given {
                fields.insert(name.into(), given.clone().into());
            }
        }
        put_look(&mut fields, &options.look)?;
        if let Some(given) = &options.subsets {
            fields.insert("subsets".into(), weights("--subsets", given)?);
        }
        let mut text = None;
        if let Some(given) = &options.numbers {
            fields.insert("numbers".into(), numbers(given, &mut text)?);
        }
        Ok(Self {
            value: Value::Object(fields),
            numbers: text,
        })
    }
}

/// What `--numbers` says, as the recipe has it; the text of a file of numbers goes to `text`.
fn numbers(given: &str, text: &mut Option<String>) -> Result<Value> {
    let (kind, what) = given.split_once(':').unwrap_or((given, ""));
    Ok(match kind {
        "list" => json!({ "list": what.split(',').map(str::trim).collect::<Vec<_>>() }),
        "range" => match what.split_once('-') {
            Some((first, last)) => {
                let mut range = json!({ "range": [whole(first), whole(last)] });
                // Written with zeros on the left, it means them.
                if first.len() > 1 && first.starts_with('0') {
                    range["digits"] = first.len().into();
                }
                range
            }
            None => json!({ "range": what }),
        },
        "random" if what.contains('=') => json!({ "random": weights("--numbers", what)? }),
        "random" => match what.split_once('-') {
            Some((shortest, longest)) => json!({ "random": [whole(shortest), whole(longest)] }),
            None => json!({ "random": typed(what) }),
        },
        "pattern" => json!({ "pattern": what }),
        "phone" => json!({ "phone": what }),
        "file" => {
            let path = Path::new(what);
            let read = read_text(path, LARGEST_FILE)?;
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            let file = FileOfNumbers::of(&name, &read)?;
            *text = Some(read);
            json!({ "file": file.to_json() })
        }
        _ => bail!(
            "--numbers is {given}; allowed: list:042,7, range:0-999, random:6, random:1-6, random:4=1,6=3, \
             pattern:0[789]0########, phone:us, file:numbers.txt"
        ),
    })
}

/// A number, also one with zeros on the left; else text, which is refused by those who know what is allowed.
fn whole(given: &str) -> Value {
    let digits = given.bytes().all(|byte| byte.is_ascii_digit());
    match given.parse::<u64>() {
        Ok(number) if digits => number.into(),
        _ => given.into(),
    }
}

/// `a=1,b=2` as an object.
fn weights(option: &str, given: &str) -> Result<Value> {
    let mut fields = Map::new();
    for pair in given.split(',') {
        let Some((name, weight)) = pair.split_once('=') else {
            bail!("{option} is {given}; allowed: names with weights, such as train=80,test=20");
        };
        if fields
            .insert(name.trim().into(), typed(weight.trim()))
            .is_some()
        {
            bail!("{option} is {given}, where {} stands twice", name.trim());
        }
    }
    Ok(Value::Object(fields))
}

/// The text of a file, or of stdin.
fn read_text(path: &Path, largest: usize) -> Result<String> {
    let (name, source): (String, Box<dyn Read>) = if path.as_os_str() == "-" {
        ("stdin".into(), Box::new(io::stdin().lock()))
    } else {
        let name = path.display().to_string();
        let file = File::open(path).with_context(|| format!("{name} cannot be read"))?;
        (name, Box::new(file))
    };
    let mut text = String::new();
    source
        .take(largest as u64 + 1)
        .read_to_string(&mut text)
        .with_context(|| format!("{name} cannot be read"))?;
    if text.len() > largest {
        bail!("{name} is larger than {largest} bytes, which is the limit");
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(given: &str) -> Value {
        numbers(given, &mut None).unwrap_or_else(|error| panic!("{given}: {error}"))
    }

    #[test]
    fn kinds_of_numbers_are_written_as_recipes_have_them() {
        let cases = [
            ("list:042,7", json!({ "list": ["042", "7"] })),
            ("range:0-999", json!({ "range": [0, 999] })),
            ("range:000-999", json!({ "range": [0, 999], "digits": 3 })),
            ("random:6", json!({ "random": 6 })),
            ("random:1-6", json!({ "random": [1, 6] })),
            ("random:4=1,6=3", json!({ "random": { "4": 1, "6": 3 } })),
            ("pattern:0[789]0####", json!({ "pattern": "0[789]0####" })),
            ("phone:us", json!({ "phone": "us" })),
        ];
        for (given, expected) in cases {
            assert_eq!(said(given), expected, "{given}");
        }
    }

    #[test]
    fn what_is_no_number_stays_as_it_was_given() {
        assert_eq!(said("random:six"), json!({ "random": "six" }));
        assert_eq!(said("range:5"), json!({ "range": "5" }));
        assert_eq!(said("range:+1-x"), json!({ "range": ["+1", "x"] }));
        assert!(numbers("dice:6", &mut None).is_err());
        assert!(numbers("random:4=1,4=2", &mut None).is_err());
    }
}
