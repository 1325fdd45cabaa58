//! The JSON Schema of pipelines, made from the table of transforms.

use super::definition::{Definition, P};
use super::table::definitions;
use crate::parameter::{Field, Kind, Lists, Single};
use serde_json::{Map, Value};

/// The schema of what [`Pipeline::from_json`](super::Pipeline::from_json) reads, of
/// JSON Schema's draft 2020-12.
pub fn schema() -> Value {
    let mut nodes: Vec<Value> = definitions()
        .map(|definition| reference(definition.name))
        .collect();
    nodes.extend(GROUPS.iter().map(|(name, ..)| reference(name)));
    let mut defs = vec![("transform", object(vec![("oneOf", nodes.into())]))];
    for (name, help, p) in GROUPS {
        defs.push((name, group(name, help, *p)));
    }
    for definition in definitions() {
        defs.push((definition.name, step(definition)));
    }
    let properties = object(vec![
        ("transform", constant("Compose")),
        ("p", probability(1.0)),
        ("transforms", members()),
    ]);
    let whole = closed(vec![
        ("properties", properties),
        ("required", vec!["transforms"].into()),
    ]);
    object(vec![
        (
            "$schema",
            "https://json-schema.org/draft/2020-12/schema".into(),
        ),
        ("title", "A pipeline of Digitlab".into()),
        (
            "description",
            "Steps to run on pictures. The names and parameters are those of Albumentations 2.0.8."
                .into(),
        ),
        ("oneOf", vec![members(), whole].into()),
        ("$defs", object(defs)),
    ])
}

/// A group's name, its help, and its probability when none is given.
type GroupHelp = (&'static str, &'static str, f64);

const GROUPS: &[GroupHelp] = &[
    ("Compose", "Runs every member.", 1.0),
    (
        "OneOf",
        "Runs one member; their probabilities are weights, and the chosen one always runs.",
        0.5,
    ),
    (
        "SomeOf",
        "Takes n members, each as likely, and runs those that their own probability lets.",
        1.0,
    ),
    ("Sequential", "Runs every member.", 0.5),
];

fn reference(name: &str) -> Value {
    object(vec![("$ref", format!("#/$defs/{name}").into())])
}

fn constant(name: &str) -> Value {
    object(vec![("const", name.into())])
}

/// The steps of a pipeline or group.
fn members() -> Value {
    object(vec![
        ("type", "array".into()),
        ("items", reference("transform")),
        ("maxItems", 1000.into()),
    ])
}

fn probability(default: f64) -> Value {
    with_default(field_schema(&P), default.into())
}

fn group(name: &str, help: &str, p: f64) -> Value {
    let mut properties = vec![
        ("transform", constant(name)),
        ("p", probability(p)),
        ("transforms", members()),
    ];
    if name == "SomeOf" {
        let count = with_default(number(true, 1.into(), 1000.into()), 1.into());
        let switch = with_default(object(vec![("type", "boolean".into())]), false.into());
        properties.extend([("n", count), ("replace", switch)]);
    }
    closed(vec![
        ("description", help.into()),
        ("properties", object(properties)),
        ("required", vec!["transform", "transforms"].into()),
    ])
}

fn step(definition: &Definition) -> Value {
    let mut properties = vec![
        ("transform", constant(definition.name)),
        ("p", probability(definition.p)),
    ];
    let fields = definition.fields.iter();
    properties.extend(fields.map(|field| (field.name, field_schema(field))));
    closed(vec![
        ("description", definition.help.into()),
        ("properties", object(properties)),
        ("required", vec!["transform"].into()),
    ])
}

fn with_default(mut schema: Value, default: Value) -> Value {
    schema["default"] = default;
    schema
}

// These are functions, and not `json!` at each place, because that is many times as much
// code for the engine to carry.

/// An object of the given parts.
#[inline(never)]
fn object(parts: Vec<(&str, Value)>) -> Value {
    let parts = parts.into_iter();
    Value::Object(parts.map(|(key, value)| (key.to_owned(), value)).collect())
}

/// Numbers within limits.
#[inline(never)]
fn number(whole: bool, min: Value, max: Value) -> Value {
    let name = if whole { "integer" } else { "number" };
    object(vec![
        ("type", name.into()),
        ("minimum", min),
        ("maximum", max),
    ])
}

/// A list of so many items.
#[inline(never)]
fn list(items: &Value, count: [usize; 2]) -> Value {
    object(vec![
        ("type", "array".into()),
        ("items", items.clone()),
        ("minItems", count[0].into()),
        ("maxItems", count[1].into()),
    ])
}

#[inline(never)]
fn any_of(choices: Vec<Value>) -> Value {
    object(vec![("anyOf", choices.into())])
}

#[inline(never)]
fn one_of_words(words: &[&str]) -> Value {
    object(vec![("enum", words.iter().copied().collect())])
}

/// An object with these properties and no others.
#[inline(never)]
fn closed(mut parts: Vec<(&str, Value)>) -> Value {
    parts.insert(0, ("type", "object".into()));
    parts.push(("additionalProperties", false.into()));
    object(parts)
}

/// A level, or a list of some.
fn colour() -> Vec<Value> {
    let level = number(false, 0.into(), 255.into());
    let levels = list(&level, [1, 4]);
    vec![level, levels]
}

/// The schema of one field.
pub(crate) fn field_schema(field: &Field) -> Value {
    let mut schema = match field.kind {
        Kind::Number { min, max, .. } => number(false, min.into(), max.into()),
        Kind::Integer { min, max, .. } => number(true, min.into(), max.into()),
        Kind::Boolean { .. } => object(vec![("type", "boolean".into())]),
        Kind::Choice { values, .. } => one_of_words(values),
        Kind::Range {
            min, max, whole, ..
        }
        | Kind::Axes {
            min, max, whole, ..
        }
        | Kind::Ranges {
            min, max, whole, ..
        } => {
            let end = number(whole, min.into(), max.into());
            let pair = list(&end, [2, 2]);
            let range = || any_of(vec![pair.clone(), end.clone()]);
            match field.kind {
                Kind::Range {
                    single: Single::Refused,
                    ..
                } => pair,
                Kind::Axes { .. } => {
                    let axes = object(vec![("x", range()), ("y", range())]);
                    let axes = closed(vec![("properties", axes), ("minProperties", 1.into())]);
                    any_of(vec![range(), axes])
                }
                Kind::Ranges { lists, .. } => {
                    let items = || any_of(vec![list(&end, [1, 1]), list(&end, [3, 100])]);
                    let mut choices = vec![range()];
                    choices.extend(match lists {
                        Lists::Channels => vec![list(&range(), [3, 3])],
                        Lists::Sides => [&end, &pair, &items()]
                            .map(|side| list(side, [4, 4]))
                            .into(),
                        Lists::Items => vec![items()],
                    });
                    any_of(choices)
                }
                _ => range(),
            }
        }
        Kind::Fill { .. } => any_of(colour()),
        Kind::Paint { values, .. } => {
            let mut choices = colour();
            if !values.is_empty() {
                choices.push(one_of_words(values));
            }
            any_of(choices)
        }
        Kind::Rgb { .. } => list(&number(true, 0.into(), 255.into()), [3, 3]),
        Kind::Pair { min, max, .. } => list(&number(true, min.into(), max.into()), [2, 2]),
        Kind::Choices { names, values, .. } => {
            let words = names.iter().map(|name| (*name, one_of_words(values)));
            closed(vec![("properties", object(words.collect()))])
        }
        Kind::Region { .. } => list(&number(false, 0.into(), 1.into()), [4, 4]),
        Kind::Digits { .. } | Kind::Pipeline { .. } | Kind::Seed => object(Vec::new()),
    };
    if field.is_optional() {
        schema = any_of(vec![schema, object(vec![("type", "null".into())])]);
    }
    schema["description"] = field.help.into();
    if let Ok(Some(default)) = field.understood(&Map::new()) {
        schema["default"] = default;
    }
    schema
}
