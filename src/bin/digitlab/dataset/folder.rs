//! The folder that a data set is written to: what lies there already, and that nobody else writes it, too.

use anyhow::{Context, Result, bail};
use digitlab::dataset::{Plan, Recipe, Shard};
use serde_json::{Map, Value};
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};

/// The ending of the file with the recipe of a data set that is being made.
const UNFINISHED: &str = "unfinished";

/// A folder for a data set, or for a shard of one, that only this process writes to.
#[derive(Debug)]
pub(crate) struct Folder {
    path: PathBuf,
    /// Holds the recipe while the work is not finished, and is locked while somebody is at it.
    mark: PathBuf,
    file: File,
    /// Whether the mark had a recipe in it.
    begun: bool,
    found: Vec<Found>,
}

/// A recipe that lies in the folder.
#[derive(Debug)]
struct Found {
    path: PathBuf,
    /// A whole `recipe.json`, or the same with nothing but a recipe.
    told: Map<String, Value>,
}

impl Found {
    fn recipe(&self) -> Option<&Map<String, Value>> {
        self.told.get("recipe")?.as_object()
    }
}

impl Folder {
    /// Makes the folder if it is not there, and takes it for a recipe's files. Its seed does not matter yet.
    pub(crate) fn take(path: &Path, recipe: &Recipe, shard: Shard) -> Result<Self> {
        fs::create_dir_all(path)
            .with_context(|| format!("the folder {} cannot be made", path.display()))?;
        let name = match shard.is_whole() {
            true => recipe.name().to_owned(),
            false => format!(
                "{}-shard-{}-of-{}",
                recipe.name(),
                shard.index(),
                shard.count()
            ),
        };
        let mark = path.join(format!("{name}.{UNFINISHED}"));
        let found = found(path)?;
        let begun = found.iter().any(|found| found.path == mark);
        let mut options = OpenOptions::new();
        let file = options
            .create(true)
            .truncate(false)
            .read(true)
            .write(true)
            .open(&mark);
        let file = file.with_context(|| format!("{} cannot be written", mark.display()))?;
        // A system that has no locks has none.
        if let Err(TryLockError::WouldBlock) = file.try_lock() {
            bail!(
                "another run is writing {name} into {}; let it finish, or name another folder with --out",
                path.display()
            );
        }
        Ok(Self {
            path: path.to_owned(),
            mark,
            file,
            begun,
            found,
        })
    }

    /// The seed of what lies there.
    pub(crate) fn seed(&self) -> Option<u64> {
        let mut recipes = self.found.iter().filter_map(Found::recipe);
        recipes.find_map(|recipe| recipe.get("seed")?.as_str()?.parse().ok())
    }

    /// What the `recipe.json` says, if all files of the plan are there already. Refuses what is of another recipe, and
    /// files that would be written over.
    pub(crate) fn check(&self, plan: &Plan) -> Result<Option<Map<String, Value>>> {
        let checked = self.look(plan);
        if !self.begun && !matches!(checked, Ok(None)) {
            // Nothing was begun here.
            let _ = fs::remove_file(&self.mark);
        }
        checked
    }

    fn look(&self, plan: &Plan) -> Result<Option<Map<String, Value>>> {
        let recipe = plan.recipe().to_json();
        for found in &self.found {
            let path = found.path.display();
            let Some(other) = found.recipe() else {
                bail!(
                    "{path} is not of a data set, and would be written over; name another folder with --out"
                );
            };
            if let Some(difference) = difference(other, &recipe) {
                bail!(
                    "{} holds a data set of another recipe: {difference}; name another folder with --out, or empty this one",
                    self.path.display()
                );
            }
            let bucket = found.told.get("sha256").and_then(Value::as_str);
            if bucket.is_some_and(|sha256| sha256 != plan.sha256()) {
                bail!(
                    "{} holds a data set of the same recipe with another bucket; name another folder with --out, or empty this one",
                    self.path.display()
                );
            }
        }
        let own = self.path.join(recipe_file(plan.shard()));
        if let Some(whole) = self.found.iter().find(|found| found.path == own) {
            self.compare(&whole.told)?;
            return Ok(Some(whole.told.clone()));
        }
        if !self.begun {
            let files = plan
                .parts()
                .flat_map(|part| plan.format().files(plan, &part));
            for file in files {
                let path = self.path.join(&file.name);
                if path.exists() {
                    bail!(
                        "{} is there already, and would be written over; name another folder with --out, or remove it",
                        path.display()
                    );
                }
            }
        }
        Ok(None)
    }

    /// Refuses when files are not as long as the `recipe.json` says.
    fn compare(&self, told: &Map<String, Value>) -> Result<()> {
        let files = told.get("files").and_then(Value::as_array);
        for file in files.into_iter().flatten() {
            let (Some(name), Some(bytes)) = (file["name"].as_str(), file["bytes"].as_u64()) else {
                continue;
            };
            let path = self.path.join(name);
            let length = fs::metadata(&path).map(|found| found.len());
            if length.ok() != Some(bytes) {
                bail!(
                    "{} is missing or damaged: it should have {bytes} bytes; empty the folder to make the data set again",
                    path.display()
                );
            }
        }
        Ok(())
    }

    /// Whether an earlier run began here.
    pub(crate) fn begun(&self) -> bool {
        self.begun
    }

    /// Keeps the recipe, so that the same command goes on here.
    pub(crate) fn keep(&mut self, plan: &Plan) -> Result<()> {
        if self.begun {
            return Ok(());
        }
        let text = Value::Object(plan.to_json()).to_string();
        self.file
            .set_len(0)
            .and_then(|()| self.file.write_all(text.as_bytes()))
            .and_then(|()| self.file.sync_all())
            .with_context(|| format!("{} cannot be written", self.mark.display()))
    }

    /// Says that everything is there.
    pub(crate) fn finish(self) -> Result<()> {
        fs::remove_file(&self.mark)
            .with_context(|| format!("{} cannot be removed", self.mark.display()))
    }
}

/// What the file is called that tells of a shard.
pub(crate) fn recipe_file(shard: Shard) -> String {
    match shard.is_whole() {
        true => "recipe.json".into(),
        false => format!("recipe-shard-{}-of-{}.json", shard.index(), shard.count()),
    }
}

/// The recipes in a folder, by the names of their files.
fn found(folder: &Path) -> Result<Vec<Found>> {
    let entries = fs::read_dir(folder)
        .with_context(|| format!("the folder {} cannot be read", folder.display()))?;
    let mut found = Vec::new();
    for entry in entries {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let whole =
            name == "recipe.json" || (name.starts_with("recipe-shard-") && name.ends_with(".json"));
        let unfinished = path.extension().is_some_and(|ending| ending == UNFINISHED);
        if !(whole || unfinished) || !path.is_file() {
            continue;
        }
        let mut text = String::new();
        let read = File::open(&path).and_then(|mut file| file.read_to_string(&mut text));
        let told = match (read, serde_json::from_str(&text)) {
            (Ok(_), Ok(Value::Object(told))) => told,
            // Begun and never written, when the power failed: nothing was made by then.
            _ if unfinished => continue,
            _ => Map::new(),
        };
        found.push(Found { path, told });
    }
    found.sort_by(|one, other| one.path.cmp(&other.path));
    Ok(found)
}

/// The first field that differs, in words.
fn difference(there: &Map<String, Value>, here: &Map<String, Value>) -> Option<String> {
    let names = here.keys().chain(there.keys());
    let differs = |name: &&String| there.get(*name) != here.get(*name);
    let name = names.into_iter().find(differs)?;
    let text = |recipe: &Map<String, Value>| {
        let value = recipe
            .get(name)
            .map_or("not given".into(), Value::to_string);
        match value.len() {
            0..=80 => value,
            _ => "something longer".into(),
        }
    };
    let [there, here] = [text(there), text(here)];
    Some(match there == here {
        true => format!("the field {name} differs"),
        false => format!("the field {name} is {there} there and {here} here"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn told(one: Value, other: Value) -> Option<String> {
        difference(one.as_object()?, other.as_object()?)
    }

    #[test]
    fn what_differs_is_named() {
        assert_eq!(told(json!({ "seed": "7" }), json!({ "seed": "7" })), None);
        assert_eq!(
            told(json!({ "seed": "8" }), json!({ "seed": "7" })).as_deref(),
            Some("the field seed is \"8\" there and \"7\" here")
        );
        let long = |digit: &str| json!({ "numbers": { "list": [digit.repeat(100)] } });
        assert_eq!(
            told(long("1"), long("2")).as_deref(),
            Some("the field numbers differs")
        );
    }
}
