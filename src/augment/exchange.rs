//! Pipelines to and from Albumentations: its serialised form (`A.to_dict`, as JSON or
//! YAML), and Python code.

use super::Pipeline;
use super::table::definition;
use crate::error::{Error, Result, shorten};
use crate::parameter::describe;
use serde_json::{Map, Value, json};

/// The version whose parameters ours are.
const VERSION: &str = "2.0.8";

/// The key of a class's name.
const CLASS: &str = "__class_fullname__";

/// Parameters about masks, boxes and points. Here masks and boxes go along outside of a
/// pipeline, and follow as with these values; there are no points.
const ABOUT_MASKS: &[(&str, &[&str])] = &[
    ("mask_interpolation", &["0"]),
    ("fill_mask", &["0", "0.0", "null"]),
    ("keypoint_remapping_method", &["\"mask\""]),
    ("rotate_method", &["\"largest_box\""]),
    ("mask_drop_value", &["null"]),
    ("mask", &["null"]),
    ("mask_params", &["[]"]),
    ("bbox_params", &["null"]),
    ("keypoint_params", &["null"]),
    ("additional_targets", &["{}", "null"]),
    ("is_check_shapes", &["true", "false"]),
    ("seed", &["null"]),
];

/// What some transforms save besides what their constructor takes: copies of it for the
/// class that they are built on. It says nothing of its own.
const INTERNAL: &[(&str, &[&str])] = &[
    ("PadIfNeeded", &["padding"]),
    (
        "RGBShift",
        &[
            "approximation",
            "noise_params",
            "noise_type",
            "spatial_mode",
        ],
    ),
    (
        "SafeRotate",
        &[
            "balanced_scale",
            "fit_output",
            "keep_ratio",
            "rotate",
            "scale",
            "shear",
            "translate_percent",
            "translate_px",
        ],
    ),
];

/// A constant of OpenCV: the parameter that it is for, our word, its number, and its name
/// in Python.
type Constant = (&'static str, &'static str, i64, &'static str);

const CONSTANTS: &[Constant] = &[
    ("interpolation", "nearest", 0, "cv2.INTER_NEAREST"),
    ("interpolation", "linear", 1, "cv2.INTER_LINEAR"),
    ("interpolation", "cubic", 2, "cv2.INTER_CUBIC"),
    ("interpolation", "area", 3, "cv2.INTER_AREA"),
    ("interpolation", "lanczos4", 4, "cv2.INTER_LANCZOS4"),
    ("interpolation", "linear_exact", 5, "cv2.INTER_LINEAR_EXACT"),
    (
        "interpolation",
        "nearest_exact",
        6,
        "cv2.INTER_NEAREST_EXACT",
    ),
    ("border_mode", "constant", 0, "cv2.BORDER_CONSTANT"),
    ("border_mode", "replicate", 1, "cv2.BORDER_REPLICATE"),
    ("border_mode", "reflect", 2, "cv2.BORDER_REFLECT"),
    ("border_mode", "wrap", 3, "cv2.BORDER_WRAP"),
    ("border_mode", "reflect_101", 4, "cv2.BORDER_REFLECT_101"),
];

/// A pipeline that came from elsewhere.
#[derive(Clone, Debug)]
pub struct Imported {
    /// The pipeline.
    pub pipeline: Pipeline,
    /// What it was read as: `Digitlab` or `Albumentations`.
    pub format: &'static str,
    /// A sentence on each thing that was there and means nothing here.
    pub notes: Vec<String>,
}

/// Reads a pipeline from JSON or YAML text, in our form or in Albumentations' own.
///
/// # Errors
/// [`Error::InvalidFile`] for text that is neither, and those of
/// [`Pipeline::from_json`], naming the transform or parameter that is not known.
pub fn import(text: &str) -> Result<Imported> {
    import_json(&read(text)?)
}

/// Reads a pipeline from JSON, in our form or in Albumentations' own.
///
/// # Errors
/// Those of [`Pipeline::from_json`], naming the transform or parameter that is not known.
pub fn import_json(json: &Value) -> Result<Imported> {
    let foreign = match &json {
        Value::Object(object) => match object.get("transform") {
            Some(inner @ Value::Object(_)) => Some(inner),
            _ if object.contains_key(CLASS) => Some(json),
            _ => None,
        },
        _ => None,
    };
    let Some(foreign) = foreign else {
        return Ok(Imported {
            pipeline: Pipeline::from_json(json)?,
            format: "Digitlab",
            notes: Vec::new(),
        });
    };
    let mut notes = Vec::new();
    match json.get("__version__").and_then(Value::as_str) {
        Some(VERSION) | None => {}
        Some(other) => notes.push(format!(
            "It was written by Albumentations {}; parameters were read as those of {VERSION}.",
            shorten(other)
        )),
    }
    let pipeline = Pipeline::from_json(&from_node(foreign, &mut notes)?)?;
    Ok(Imported {
        pipeline,
        format: "Albumentations",
        notes,
    })
}

fn read(text: &str) -> Result<Value> {
    let start = text.trim_start();
    if start.starts_with(['{', '[']) {
        return serde_json::from_str(text)
            .map_err(|error| Error::file("The pipeline", format!("it is no JSON ({error})")));
    }
    from_yaml(text)
}

/// YAML text as JSON.
///
/// # Errors
/// [`Error::InvalidFile`] for text that is none, or that would become too large.
pub fn from_yaml(text: &str) -> Result<Value> {
    serde_saphyr::from_str(text).map_err(|error| {
        let text = error.to_string();
        let line = text.lines().next().unwrap_or_default();
        Error::file(
            "The pipeline",
            format!("it is neither JSON nor YAML ({})", shorten(line)),
        )
    })
}

/// JSON as YAML text.
///
/// # Errors
/// [`Error::InvalidFile`] for what YAML cannot say.
pub fn to_yaml(json: &Value) -> Result<String> {
    serde_saphyr::to_string(json)
        .map_err(|error| Error::file("The pipeline", format!("it cannot be YAML ({error})")))
}

/// One node of Albumentations' form in ours.
fn from_node(node: &Value, notes: &mut Vec<String>) -> Result<Value> {
    let object = node
        .as_object()
        .ok_or_else(|| Error::invalid("transform", describe(node), "an object"))?;
    let class =
        object
            .get(CLASS)
            .and_then(Value::as_str)
            .ok_or_else(|| Error::MissingParameter {
                field: CLASS.into(),
                allowed: "the name of a transform".into(),
            })?;
    // Old files name the module too.
    let name = class.rsplit('.').next().unwrap_or(class);
    let mut ours = Map::new();
    ours.insert("transform".into(), name.into());
    for (key, value) in object {
        let internal = |(transform, keys): &(&str, &[&str])| {
            *transform == name && keys.contains(&key.as_str())
        };
        if key == CLASS || INTERNAL.iter().any(internal) {
            continue;
        }
        let masks = ABOUT_MASKS.iter().find(|(known, _)| known == key);
        let known_here = definition(name)
            .is_some_and(|definition| definition.fields.iter().any(|field| field.name == key));
        if let (Some((_, nothing)), false) = (masks, known_here) {
            let text = value.to_string();
            if !nothing.contains(&text.as_str()) {
                notes.push(format!(
                    "{name}.{key} is {}: it concerns masks, boxes or points, which a pipeline does not settle here, and was left out.",
                    shorten(&text)
                ));
            }
            continue;
        }
        let value = match (key.as_str(), value) {
            ("transforms", Value::Array(list)) => list
                .iter()
                .enumerate()
                .map(|(at, node)| {
                    from_node(node, notes)
                        .map_err(|error| error.within(&format!("{name}.transforms[{at}]")))
                })
                .collect::<Result<_>>()?,
            _ => from_value(key, value),
        };
        ours.insert(key.clone(), value);
    }
    Ok(Value::Object(ours))
}

/// A parameter's value in our form.
fn from_value(key: &str, value: &Value) -> Value {
    let word = CONSTANTS
        .iter()
        .find(|(field, _, number, _)| *field == key && value.as_i64() == Some(*number));
    if let Some((_, word, ..)) = word {
        return json!(word);
    }
    match value {
        // Our choices are words, where one of theirs is none.
        Value::Null if key == "area_for_downscale" => json!("none"),
        // Ranges for both axes.
        Value::Object(axes) if axes.contains_key("x") || axes.contains_key("y") => value.clone(),
        Value::Object(words) => Value::Object(
            words
                .iter()
                .map(|(name, value)| (name.clone(), from_value("interpolation", value)))
                .collect(),
        ),
        other => other.clone(),
    }
}

impl Pipeline {
    /// The pipeline as Albumentations' `A.to_dict` would give it: `A.from_dict` reads it.
    ///
    /// # Errors
    /// [`Error::Unsupported`] for what Albumentations has nothing for.
    pub fn to_albumentations(&self) -> Result<Value> {
        let mut root = self.to_json();
        root["transform"] = json!("Compose");
        let mut node = to_node(&root)?;
        for (key, value) in [
            ("bbox_params", Value::Null),
            ("keypoint_params", Value::Null),
            ("additional_targets", json!({})),
            ("is_check_shapes", json!(true)),
        ] {
            node[key] = value;
        }
        Ok(json!({ "__version__": VERSION, "transform": node }))
    }

    /// The same as YAML text: `A.load(file, data_format="yaml")` reads it.
    ///
    /// # Errors
    /// Those of [`to_albumentations`](Self::to_albumentations).
    pub fn to_albumentations_yaml(&self) -> Result<String> {
        to_yaml(&self.to_albumentations()?)
    }

    /// The pipeline as Python code. Parameters that have their default are left out.
    ///
    /// # Errors
    /// Those of [`to_albumentations`](Self::to_albumentations).
    pub fn to_python(&self) -> Result<String> {
        let mut root = self.to_json();
        root["transform"] = json!("Compose");
        let mut code = String::new();
        write_python(&root, 0, &mut code)?;
        let import = if code.contains("cv2.") {
            "import cv2\n"
        } else {
            ""
        };
        Ok(format!(
            "# albumentations=={VERSION}\nimport albumentations as A\n{import}\npipeline = {code}\n"
        ))
    }
}

/// A node of ours: its name, its probability, and its parameters without those that only
/// we have.
struct Parts<'a> {
    name: &'a str,
    p: &'a Value,
    parameters: Vec<(&'a String, Value)>,
}

fn parts(node: &Value) -> Result<Parts<'_>> {
    let object = node.as_object().expect("our nodes are objects");
    let name = object["transform"].as_str().expect("nodes have a name");
    let mut parameters = Vec::new();
    for (key, value) in object {
        if matches!(key.as_str(), "transform" | "p" | "transforms") {
            continue;
        }
        if is_ours(name, key) {
            if Some(value) != default_of(name, key).as_ref() {
                return Err(Error::Unsupported {
                    field: format!("{name}.{key}"),
                    value: describe(value),
                    allowed: "its default, because Albumentations has no such parameter".into(),
                });
            }
            continue;
        }
        parameters.push((key, without_null(object, key, value)));
    }
    Ok(Parts {
        name,
        p: &object["p"],
        parameters,
    })
}

/// A smallest side that is neither given nor replaced by a divisor has a default, which
/// Albumentations wants to see as a number.
fn without_null(object: &Map<String, Value>, key: &str, value: &Value) -> Value {
    let divisor = match key {
        "min_height" => "pad_height_divisor",
        "min_width" => "pad_width_divisor",
        _ => return value.clone(),
    };
    match object.get(divisor) {
        Some(Value::Null) if value.is_null() => json!(1024),
        _ => value.clone(),
    }
}

/// Whether a parameter is our own addition.
fn is_ours(name: &str, key: &str) -> bool {
    OURS.contains(&(name, key))
}

/// Parameters that Albumentations does not have.
const OURS: &[(&str, &str)] = &[("ElasticTransform", "simard")];

/// What holds when a parameter is left out.
fn default_of(name: &str, key: &str) -> Option<Value> {
    let field = definition(name)?
        .fields
        .iter()
        .find(|field| field.name == key)?;
    match field.understood(&Map::new()) {
        Ok(Some(value)) => Some(value),
        _ if field.is_optional() => Some(Value::Null),
        _ => None,
    }
}

fn to_node(node: &Value) -> Result<Value> {
    let Parts {
        name,
        p,
        parameters,
    } = parts(node)?;
    let mut theirs = Map::new();
    theirs.insert(CLASS.into(), name.into());
    theirs.insert("p".into(), p.clone());
    let given = |key: &str| node.get(key).is_some_and(|value| !value.is_null());
    // The limits of both axes take the place of the common one.
    let both_axes = given("shift_limit_x") && given("shift_limit_y");
    for (key, value) in parameters {
        if key == "shift_limit" && both_axes {
            continue;
        }
        theirs.insert(key.clone(), to_value(key, &value));
    }
    if let Some(Value::Array(members)) = node.get("transforms") {
        let members: Vec<Value> = members.iter().map(to_node).collect::<Result<_>>()?;
        theirs.insert("transforms".into(), members.into());
    }
    Ok(Value::Object(theirs))
}

/// The constant that a word stands for.
fn constant(key: &str, value: &Value) -> Option<&'static Constant> {
    CONSTANTS
        .iter()
        .find(|(field, word, ..)| *field == key && value == word)
}

fn to_value(key: &str, value: &Value) -> Value {
    match (constant(key, value), value) {
        (Some((_, _, number, _)), _) => json!(number),
        // One between two that are the same: as a range it is refused there.
        (None, Value::Array(ends))
            if matches!(key, "fill" | "px") && ends.len() == 2 && ends[0] == ends[1] =>
        {
            ends[0].clone()
        }
        // Of a side's two as well; there the upper end is never drawn.
        (None, Value::Array(sides)) if key == "px" && sides.iter().all(Value::is_array) => sides
            .iter()
            .map(
                |side| match (side[0].as_i64(), side.as_array().map(Vec::len)) {
                    (Some(low), Some(2)) if side[0] == side[1] => json!([low, low + 1]),
                    _ => side.clone(),
                },
            )
            .collect(),
        (None, Value::Object(words)) => Value::Object(
            words
                .iter()
                .map(|(name, value)| (name.clone(), to_value("interpolation", value)))
                .collect(),
        ),
        (None, Value::String(word)) if key == "area_for_downscale" && word == "none" => Value::Null,
        (None, other) => other.clone(),
    }
}

fn write_python(node: &Value, depth: usize, code: &mut String) -> Result<()> {
    let Parts {
        name,
        p,
        parameters,
    } = parts(node)?;
    let indent = "    ".repeat(depth);
    let mut arguments = Vec::new();
    for (key, value) in parameters {
        // Of these the original's default is another than none.
        let explicit = matches!(key.as_str(), "min_height" | "min_width");
        if !explicit && default_of(name, key).as_ref() == Some(&value) {
            continue;
        }
        let text = match constant(key, &value) {
            Some((.., python)) => (*python).to_owned(),
            None => match to_value(key, &value) {
                Value::Object(_) => python(&value),
                theirs => python(&theirs),
            },
        };
        arguments.push(format!("{key}={text}"));
    }
    arguments.push(format!("p={}", python(p)));
    code.push_str(&format!("A.{name}("));
    if let Some(Value::Array(members)) = node.get("transforms") {
        code.push_str("[\n");
        for member in members {
            code.push_str(&"    ".repeat(depth + 1));
            write_python(member, depth + 1, code)?;
            code.push_str(",\n");
        }
        code.push_str(&format!("{indent}], "));
    }
    code.push_str(&arguments.join(", "));
    code.push(')');
    Ok(())
}

/// A value as Python writes it; lists are tuples.
fn python(value: &Value) -> String {
    match value {
        Value::Null => "None".into(),
        Value::Bool(true) => "True".into(),
        Value::Bool(false) => "False".into(),
        Value::Array(list) => {
            let items: Vec<String> = list.iter().map(python).collect();
            let comma = if items.len() == 1 { "," } else { "" };
            format!("({}{comma})", items.join(", "))
        }
        Value::Object(object) => {
            let items: Vec<String> = object
                .iter()
                .map(|(key, value)| {
                    let text = match constant("interpolation", value) {
                        Some((.., python)) => (*python).to_owned(),
                        None => python(value),
                    };
                    format!("\"{key}\": {text}")
                })
                .collect();
            format!("{{{}}}", items.join(", "))
        }
        // Python reads JSON's numbers and text.
        other => other.to_string(),
    }
}
