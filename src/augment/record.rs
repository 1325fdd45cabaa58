//! The record of what a pipeline did to a picture, and how to do it again.

use super::companions::Companions;
use super::drawn::Drawn;
use super::pipeline::{DEEPEST, MOST_STEPS, Step, TRANSFORM, named};
use crate::error::{Error, Result, shorten};
use crate::parameter::describe;
use crate::raster::Raster;
use serde_json::{Value, json};
use std::sync::Arc;

/// A step that ran, with all that it takes to run it again.
#[derive(Clone, Debug)]
pub struct Applied {
    /// Where in the pipeline: the position in each group, from the outermost inwards.
    pub path: Vec<usize>,
    pub(super) step: Arc<Step>,
    /// What was drawn.
    pub drawn: Drawn,
}

impl PartialEq for Applied {
    fn eq(&self, other: &Self) -> bool {
        self.path == other.path
            && self.transform() == other.transform()
            && self.step.options == other.step.options
            && self.drawn == other.drawn
    }
}

impl Applied {
    /// The transform's name.
    pub fn transform(&self) -> &'static str {
        self.step.definition.name
    }

    /// The step as data: `{ transform, path, options, drawn }`.
    pub fn to_json(&self) -> Value {
        json!({
            TRANSFORM: self.transform(),
            "path": self.path,
            "options": self.step.options,
            "drawn": self.drawn.to_json(),
        })
    }

    /// Reads what [`to_json`](Self::to_json) wrote; `path` may be absent.
    ///
    /// # Errors
    /// [`Error::InvalidParameter`], [`Error::MissingParameter`] or
    /// [`Error::UnknownParameter`] for anything else.
    pub fn from_json(json: &Value) -> Result<Self> {
        let allowed = "an object with transform, options and drawn";
        let object = json
            .as_object()
            .ok_or_else(|| Error::invalid("step", describe(json), allowed))?;
        let known = [TRANSFORM, "path", "options", "drawn"];
        if let Some(unknown) = object.keys().find(|key| !known.contains(&key.as_str())) {
            return Err(Error::UnknownParameter {
                field: shorten(unknown),
                allowed: known.join(", "),
            });
        }
        let empty = json!({});
        let options = object.get("options").unwrap_or(&empty);
        let options = options
            .as_object()
            .ok_or_else(|| Error::invalid("options", describe(options), "an object"))?;
        let path = match object.get("path") {
            None => Vec::new(),
            Some(path) => path
                .as_array()
                .filter(|path| path.len() <= DEEPEST)
                .and_then(|path| path.iter().map(|at| Some(at.as_u64()? as usize)).collect())
                .ok_or_else(|| Error::invalid("path", describe(path), "a list of positions"))?,
        };
        let definition = named(object)?;
        let drawn = Drawn::from_json(object.get("drawn").unwrap_or(&empty))
            .map_err(|error| error.within(definition.name))?;
        Ok(Self {
            path,
            step: Arc::new(Step {
                definition,
                p: definition.p,
                options: definition.understood(options)?,
                transform: definition.build(options)?,
            }),
            drawn,
        })
    }

    /// Runs the step again.
    ///
    /// # Errors
    /// What the step refuses.
    pub fn apply(&self, picture: Raster) -> Result<Raster> {
        self.apply_with(picture, &mut Companions::none())
    }

    /// Runs the step again on a picture and its companions.
    ///
    /// # Errors
    /// What the step refuses.
    pub fn apply_with(&self, picture: Raster, companions: &mut Companions) -> Result<Raster> {
        let transform = self.step.transform.as_ref();
        let before = picture.shape();
        transform
            .apply(picture, &self.drawn)
            .and_then(|made| {
                companions.follow(transform, &self.drawn, [before, made.shape()])?;
                Ok(made)
            })
            .map_err(|error| error.within(self.transform()))
    }
}

/// Runs recorded steps on a picture, in order: the same picture gives the same pixels.
///
/// # Errors
/// What a step refuses, naming its position.
pub fn replay(record: &[Applied], picture: Raster) -> Result<Raster> {
    replay_with(record, picture, Companions::none()).map(|(picture, _)| picture)
}

/// The same for a picture with companions: a mask and boxes that follow it.
///
/// # Errors
/// Those of [`replay`], and a mask of another size than the picture's.
pub fn replay_with(
    record: &[Applied],
    picture: Raster,
    mut companions: Companions,
) -> Result<(Raster, Companions)> {
    companions.check(picture.shape())?;
    let mut picture = picture;
    for (at, applied) in record.iter().enumerate() {
        picture = applied
            .apply_with(picture, &mut companions)
            .map_err(|error| error.within(&format!("record[{at}]")))?;
    }
    let companions = companions.finished(picture.shape());
    Ok((picture, companions))
}

/// Reads a record: a list of applied steps as JSON.
///
/// # Errors
/// Those of [`Applied::from_json`], naming the position, and [`Error::LimitExceeded`].
pub fn read_record(json: &Value) -> Result<Vec<Applied>> {
    let list = json
        .as_array()
        .ok_or_else(|| Error::invalid("record", describe(json), "a list of steps"))?;
    if list.len() > MOST_STEPS {
        return Err(Error::LimitExceeded {
            field: "record".into(),
            value: format!("{} steps", list.len()),
            allowed: format!("{MOST_STEPS} steps"),
        });
    }
    list.iter()
        .enumerate()
        .map(|(at, step)| {
            Applied::from_json(step).map_err(|error| error.within(&format!("record[{at}]")))
        })
        .collect()
}
