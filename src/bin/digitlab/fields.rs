//! Options as the fields that programs write, so that both are read and refused by the same rules.

use crate::arguments::Look;
use crate::augment::pipeline_json;
use anyhow::Result;
use serde_json::{Map, Value};

/// Puts down what was given for a field, if anything was.
pub(crate) fn put(fields: &mut Map<String, Value>, name: &str, given: Option<&str>) {
    if let Some(given) = given {
        fields.insert(name.into(), typed(given));
    }
}

/// Puts down what images shall look like.
pub(crate) fn put_look(fields: &mut Map<String, Value>, look: &Look) -> Result<()> {
    for (name, given) in [
        ("spacing_min", &look.spacing_min),
        ("spacing_max", &look.spacing_max),
        ("image_width", &look.image_width),
        ("fit", &look.fit),
        ("augment", &look.augment),
        ("ink", &look.ink),
        ("margin", &look.margin),
        ("tight", &look.tight),
    ] {
        put(fields, name, given.as_deref());
    }
    if let Some(pipeline) = &look.pipeline {
        fields.insert("pipeline".into(), pipeline_json(pipeline)?);
    }
    Ok(())
}

/// What was typed: a number where it is one, else text.
pub(crate) fn typed(given: &str) -> Value {
    match serde_json::from_str(given) {
        Ok(number @ Value::Number(_)) => number,
        _ => given.into(),
    }
}
