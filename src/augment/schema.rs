//! The JSON Schema of pipelines, made from the table of transforms.

use super::definition::{Definition, P};
use super::table::definitions;
use crate::parameter::{Field, Kind, Lists, Single};
use serde_json::{Map, Value, json};

/// The schema of what [`Pipeline::from_json`](super::Pipeline::from_json) reads, of
/// JSON Schema's draft 2020-12.
pub fn schema() -> Value {
    let mut nodes: Vec<Value> = definitions()
        .map(|definition| reference(definition.name))
        .collect();
    nodes.extend(["Compose", "OneOf", "SomeOf", "Sequential"].map(reference));
    let mut defs = Map::new();
    defs.insert("transform".into(), json!({ "oneOf": nodes }));
    for (name, help, fields) in GROUPS {
        defs.insert((*name).into(), group(name, help, fields()));
    }
    for definition in definitions() {
        defs.insert(definition.name.into(), step(definition));
    }
    let list = json!({ "type": "array", "items": reference("transform"), "maxItems": 1000 });
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A pipeline of Digitlab",
        "description": "Steps to run on pictures. The names and parameters are those of Albumentations 2.0.8.",
        "oneOf": [
            list,
            {
                "type": "object",
                "properties": {
                    "transform": { "const": "Compose" },
                    "p": with_default(field_schema(&P), json!(1)),
                    "transforms": list,
                },
                "required": ["transforms"],
                "additionalProperties": false,
            },
        ],
        "$defs": defs,
    })
}

/// A group's name, its help, and what it has besides its members and its probability.
type GroupHelp = (&'static str, &'static str, fn() -> Value);

const GROUPS: &[GroupHelp] = &[
    ("Compose", "Runs every member.", || json!({})),
    ("Sequential", "Runs every member.", || json!({})),
    (
        "OneOf",
        "Runs one member; their probabilities are weights, and the chosen one always runs.",
        || json!({}),
    ),
    (
        "SomeOf",
        "Takes n members, each as likely, and runs those that their own probability lets.",
        || {
            json!({
                "n": { "type": "integer", "minimum": 1, "maximum": 1000, "default": 1 },
                "replace": { "type": "boolean", "default": false },
            })
        },
    ),
];

fn reference(name: &str) -> Value {
    json!({ "$ref": format!("#/$defs/{name}") })
}

fn group(name: &str, help: &str, more: Value) -> Value {
    let p = if matches!(name, "Compose" | "SomeOf") {
        1.0
    } else {
        0.5
    };
    let mut properties = json!({
        "transform": { "const": name },
        "p": with_default(field_schema(&P), json!(p)),
        "transforms": { "type": "array", "items": reference("transform"), "maxItems": 1000 },
    });
    if let (Value::Object(all), Value::Object(more)) = (&mut properties, more) {
        all.extend(more);
    }
    json!({
        "type": "object",
        "description": help,
        "properties": properties,
        "required": ["transform", "transforms"],
        "additionalProperties": false,
    })
}

fn step(definition: &Definition) -> Value {
    let mut properties = Map::new();
    properties.insert("transform".into(), json!({ "const": definition.name }));
    properties.insert(
        "p".into(),
        with_default(field_schema(&P), json!(definition.p)),
    );
    for field in definition.fields {
        properties.insert(field.name.into(), field_schema(field));
    }
    json!({
        "type": "object",
        "description": definition.help,
        "properties": properties,
        "required": ["transform"],
        "additionalProperties": false,
    })
}

fn with_default(mut schema: Value, default: Value) -> Value {
    schema["default"] = default;
    schema
}

/// Two numbers, or one.
fn range_schema(min: f64, max: f64, whole: bool) -> Value {
    let number = if whole { "integer" } else { "number" };
    let end = json!({ "type": number, "minimum": min, "maximum": max });
    let pair = json!({ "type": "array", "items": end, "minItems": 2, "maxItems": 2 });
    json!({ "anyOf": [pair, end] })
}

/// The schema of one field.
fn field_schema(field: &Field) -> Value {
    let mut schema = match field.kind {
        Kind::Number { min, max, .. } => {
            json!({ "type": "number", "minimum": min, "maximum": max })
        }
        Kind::Integer { min, max, .. } => {
            json!({ "type": "integer", "minimum": min, "maximum": max })
        }
        Kind::Boolean { .. } => json!({ "type": "boolean" }),
        Kind::Choice { values, .. } => json!({ "enum": values }),
        Kind::Range {
            min,
            max,
            whole,
            single,
            ..
        } => {
            let mut range = range_schema(min, max, whole);
            match single {
                Single::Refused => range["anyOf"][0].take(),
                _ => range,
            }
        }
        Kind::Axes {
            min, max, whole, ..
        } => {
            let range = range_schema(min, max, whole);
            json!({ "anyOf": [range, {
                "type": "object",
                "properties": { "x": range, "y": range },
                "minProperties": 1,
                "additionalProperties": false,
            }] })
        }
        Kind::Ranges {
            min,
            max,
            whole,
            lists,
            ..
        } => {
            let range = range_schema(min, max, whole);
            let [pair, number] = [&range["anyOf"][0], &range["anyOf"][1]];
            let list = |items: &Value, count: [usize; 2]| json!({ "type": "array", "items": items, "minItems": count[0], "maxItems": count[1] });
            let items = json!({ "anyOf": [list(number, [1, 1]), list(number, [3, 100])] });
            match lists {
                Lists::Channels => json!({ "anyOf": [range, list(&range, [3, 3])] }),
                Lists::Sides => json!({ "anyOf": [
                    range, list(number, [4, 4]), list(pair, [4, 4]), list(&items, [4, 4]),
                ] }),
                Lists::Items => json!({ "anyOf": [range, items] }),
            }
        }
        Kind::Fill { .. } => {
            let level = json!({ "type": "number", "minimum": 0, "maximum": 255 });
            let list = json!({ "type": "array", "items": level, "minItems": 1, "maxItems": 4 });
            json!({ "anyOf": [level, list] })
        }
        Kind::Paint { values, .. } => {
            let level = json!({ "type": "number", "minimum": 0, "maximum": 255 });
            let list = json!({ "type": "array", "items": level, "minItems": 1, "maxItems": 4 });
            match values {
                [] => json!({ "anyOf": [level, list] }),
                words => json!({ "anyOf": [level, list, { "enum": words }] }),
            }
        }
        Kind::Rgb { .. } => {
            let level = json!({ "type": "integer", "minimum": 0, "maximum": 255 });
            json!({ "type": "array", "items": level, "minItems": 3, "maxItems": 3 })
        }
        Kind::Pair { min, max, .. } => {
            let number = json!({ "type": "integer", "minimum": min, "maximum": max });
            json!({ "type": "array", "items": number, "minItems": 2, "maxItems": 2 })
        }
        Kind::Choices { names, values, .. } => {
            let words = names
                .iter()
                .map(|name| ((*name).to_owned(), json!({ "enum": values })));
            let words: Map<String, Value> = words.collect();
            json!({ "type": "object", "properties": words, "additionalProperties": false })
        }
        Kind::Region { .. } => {
            let part = json!({ "type": "number", "minimum": 0, "maximum": 1 });
            json!({ "type": "array", "items": part, "minItems": 4, "maxItems": 4 })
        }
        Kind::Digits { .. } | Kind::Pipeline { .. } | Kind::Seed => json!({}),
    };
    if field.is_optional() {
        schema = json!({ "anyOf": [schema, { "type": "null" }] });
    }
    schema["description"] = field.help.into();
    if let Ok(Some(default)) = field.understood(&Map::new()) {
        schema["default"] = default;
    }
    schema
}
