//! The OpenAPI document, made from the tables and types that the handlers use.

use super::failure::Failure;
use super::parameter::Parameter;
use super::table::{Answered, Operation, ROUTES, Sends, Takes};
use super::told::{Classification, FrameRefusal, GenerateRefusal, Health, WrongParameters};
use crate::augment::field_schema;
use crate::frames::{FrameFormat, ImageInfo};
use crate::mnist::SIDE;
use crate::parameter::{Field, Kind};
use crate::raster::codec::{Limits, decode};
use crate::raster::to_unit;
use crate::sequence::{FIELDS, PlacedDigit};
use base64::prelude::{BASE64_STANDARD, Engine};
use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, SchemaGenerator};
use serde_json::{Map, Value, json};

/// A seven of MNIST, for whoever tries a route.
const DIGIT: &[u8] = include_bytes!("example/seven.png");

/// What its file is called.
const DIGIT_NAME: &str = "seven.png";

/// An image log of three rows.
const TABLE: &str = "depth,col1,col2,col3,col4\n9000.1,15,80,160,237\n9000.2,20,90,150,230\n9000.3,25,100,140,220\n";

/// What its file is called.
const TABLE_NAME: &str = "log.csv";

/// The OpenAPI document, version 3.1, of all routes.
pub fn open_api() -> Value {
    let settings = SchemaSettings::draft2020_12().with(|settings| {
        settings.definitions_path = "/components/schemas".into();
        settings.meta_schema = None;
    });
    let mut schemas = settings.into_generator();
    let mut paths = Map::new();
    for route in ROUTES {
        let mut item = Map::new();
        if let Some(id) = route.path.split('/').find(|segment| *segment == "{id}") {
            let name = id.trim_matches(['{', '}']);
            let schema = json!({ "type": "integer", "minimum": 1 });
            item.insert(
                "parameters".into(),
                json!([{
                    "name": name,
                    "in": "path",
                    "required": true,
                    "description": "The image's number; `GET image` lists them.",
                    "schema": schema,
                    "example": 1,
                }]),
            );
        }
        for operation in route.operations {
            for (method, id) in operation.methods {
                let told = self::operation(operation, id, &mut schemas);
                item.insert(method.to_lowercase(), told);
            }
        }
        paths.insert(format!("/{}", route.path), item.into());
    }
    let mut components = schemas.take_definitions(true);
    components.extend(own_schemas());
    json!({
        "openapi": "3.1.0",
        "jsonSchemaDialect": "https://json-schema.org/draft/2020-12/schema",
        "info": {
            "title": "Digitlab",
            "version": env!("CARGO_PKG_VERSION"),
            "summary": "Digit sequences, augmentation, recognition and image logs, answered inside the browser.",
            "description": "A service worker of the site answers these routes: any page, script or image of the same origin can use them, online or offline, and no server runs any code.",
            "license": { "name": "MIT OR Apache-2.0" },
        },
        "servers": [{ "url": "./", "description": "Wherever the site is." }],
        "paths": paths,
        "components": { "schemas": components },
    })
}

fn operation(operation: &Operation, id: &str, schemas: &mut SchemaGenerator) -> Value {
    let mut told = Map::new();
    told.insert("operationId".into(), id.into());
    told.insert("summary".into(), operation.summary.into());
    if !operation.help.is_empty() {
        told.insert("description".into(), operation.help.into());
    }
    if !operation.query.is_empty() {
        let parameters: Value = operation.query.iter().map(parameter).collect();
        told.insert("parameters".into(), parameters);
    }
    if !operation.takes.is_empty() {
        let content: Map<String, Value> =
            operation.takes.iter().map(|takes| body(*takes)).collect();
        told.insert(
            "requestBody".into(),
            json!({ "required": true, "content": content }),
        );
    }
    let answers: Map<String, Value> = operation
        .answers
        .iter()
        .map(|answered| answer(answered, schemas))
        .collect();
    told.insert("responses".into(), answers.into());
    told.into()
}

fn parameter(parameter: &Parameter) -> Value {
    let mut told = json!({
        "name": parameter.name,
        "in": "query",
        "description": parameter.help,
        "schema": parameter.schema(),
    });
    if parameter.required {
        told["required"] = true.into();
    }
    if let Some(example) = parameter.example {
        told["example"] = example.into();
    }
    told
}

fn data_url(media_type: &str, bytes: &[u8]) -> String {
    format!("data:{media_type};base64,{}", BASE64_STANDARD.encode(bytes))
}

/// A part of a form that is a file.
fn file(help: &str, media_type: &str, name: &str) -> Value {
    json!({
        "type": "string",
        "format": "binary",
        "description": help,
        "contentMediaType": media_type,
        "x-file-name": name,
    })
}

/// A body that is taken: its media type, and what it must be. Where an example is a file, it is told as a `data:` address.
fn body(takes: Takes) -> (String, Value) {
    let digit = || data_url("image/png", DIGIT);
    let picture = || {
        file(
            "A PNG, JPEG, GIF, WebP, BMP or TIFF file.",
            "image/png",
            DIGIT_NAME,
        )
    };
    let table = || file("A CSV file, plain or gzipped.", "text/csv", TABLE_NAME);
    let form = |required: &[&str], properties: Value, example: Value| {
        let schema = json!({ "type": "object", "required": required, "properties": properties });
        (
            "multipart/form-data".to_owned(),
            json!({ "schema": schema, "example": example }),
        )
    };
    match takes {
        Takes::Sequence => (
            "application/json".into(),
            json!({
                "schema": { "$ref": "#/components/schemas/SequenceRequest" },
                "example": {
                    "number": "042",
                    "spacing_min": 5,
                    "spacing_max": 10,
                    "image_width": 90,
                    "augment": true,
                    "seed": "7",
                },
            }),
        ),
        Takes::Digit => (
            "application/json".into(),
            json!({ "schema": { "$ref": "#/components/schemas/Digit" }, "example": rows() }),
        ),
        Takes::Picture => (
            "image/*".into(),
            json!({ "examples": { "digit": {
                "summary": "A seven of MNIST",
                "externalValue": digit(),
            } } }),
        ),
        Takes::PictureForm(names) => {
            let properties: Map<String, Value> = names
                .iter()
                .map(|name| ((*name).to_owned(), picture()))
                .collect();
            let required = if names.len() == 1 { names } else { &[] };
            form(required, properties.into(), json!({ (names[0]): digit() }))
        }
        Takes::AugmentForm => form(
            &["file"],
            json!({
                "file": picture(),
                "pipeline": {
                    "type": "string",
                    "description": "The name of a preset, our JSON, or Albumentations' JSON. Without it, the seed chooses one transform.",
                },
            }),
            json!({ "file": digit(), "pipeline": "[{ \"transform\": \"Rotate\", \"p\": 1, \"limit\": [15, 45] }]" }),
        ),
        Takes::Table => (
            "text/csv".into(),
            json!({ "schema": { "type": "string" }, "example": TABLE }),
        ),
        Takes::TableForm => form(
            &["file"],
            json!({ "file": table() }),
            json!({ "file": data_url("text/csv", TABLE.as_bytes()) }),
        ),
    }
}

/// The example's pixels as 28 lists of 28 numbers.
fn rows() -> Value {
    let picture = decode(DIGIT, &Limits::default())
        .expect("a good file")
        .picture;
    let row = |y| {
        picture
            .row(y)
            .iter()
            .copied()
            .map(to_unit)
            .map(Value::from)
            .collect::<Value>()
    };
    (0..SIDE).map(row).collect()
}

fn answer((status, meaning, sends): &Answered, schemas: &mut SchemaGenerator) -> (String, Value) {
    let mut content = Map::new();
    for sends in *sends {
        content.extend(sent(*sends, schemas));
    }
    let mut told = json!({ "description": meaning, "content": content });
    if sends.contains(&Sends::Picture) {
        told["headers"] = json!({
            "X-Applied": {
                "description": "What was applied, as JSON; run again, it makes the same picture.",
                "required": true,
                "schema": { "type": "string" },
            },
            "X-Seed": {
                "description": "The seed.",
                "required": true,
                "schema": { "type": "string", "pattern": "^[0-9]{1,20}$" },
            },
        });
    }
    if sends.contains(&Sends::Image) {
        told["headers"] = json!({
            "Location": {
                "description": "Where the image's frames are.",
                "required": true,
                "schema": { "type": "string" },
            },
        });
    }
    (status.to_string(), told)
}

/// The media types of what is sent, and of which form it is.
fn sent(sends: Sends, schemas: &mut SchemaGenerator) -> Vec<(String, Value)> {
    let own = |name: &str| json!({ "$ref": format!("#/components/schemas/{name}") });
    let schema = match sends {
        Sends::Health => of::<Health>(schemas),
        Sends::SequenceRefusal => of::<GenerateRefusal>(schemas),
        Sends::Refusal => of::<Failure>(schemas),
        Sends::Classification => of::<Classification>(schemas),
        Sends::Image => of::<ImageInfo>(schemas),
        Sends::Images => of::<Vec<ImageInfo>>(schemas),
        Sends::FrameRefusal => of::<FrameRefusal>(schemas),
        Sends::WrongParameters => of::<WrongParameters>(schemas),
        Sends::Sequence => {
            // The answer's own schema refers to it.
            schemas.subschema_for::<PlacedDigit>();
            own("Sequence")
        }
        Sends::RecordsJson => json!({ "type": "array", "items": own("Record") }),
        Sends::OpenApi => json!({ "type": "object", "required": ["openapi", "info", "paths"] }),
        Sends::RecordsCsv => {
            return vec![("text/csv".into(), json!({ "schema": { "type": "string" } }))];
        }
        Sends::Text(text) => {
            let told = json!({ "schema": { "type": "string" }, "example": text });
            return vec![("text/plain".into(), told)];
        }
        Sends::Picture => return vec![("image/png".into(), json!({}))],
        Sends::Frame => {
            let types = FrameFormat::ALL.iter();
            return types
                .map(|(_, _, media_type)| ((*media_type).into(), json!({})))
                .collect();
        }
    };
    vec![("application/json".into(), json!({ "schema": schema }))]
}

fn of<T: JsonSchema>(schemas: &mut SchemaGenerator) -> Value {
    schemas.subschema_for::<T>().into()
}

/// Schemas of what no type of ours describes: what is told by tables of fields, and what hosts add.
fn own_schemas() -> Map<String, Value> {
    let mut fields: Map<String, Value> = FIELDS
        .iter()
        .map(|field| (field.name.to_owned(), field_of_request(field)))
        .collect();
    let request = json!({
        "type": "object",
        "description": "A sequence that is asked for: `number` or `digits` is needed, and `image_width` unless `fit` is `natural`.",
        "properties": fields,
        "additionalProperties": false,
    });
    fields.insert(
        "seed".into(),
        json!({ "type": "string", "pattern": "^[0-9]{1,20}$" }),
    );
    fields.insert(
        "label".into(),
        json!({ "type": "string", "description": "The digits as text." }),
    );
    fields.insert(
        "taskId".into(),
        json!({ "type": "string", "pattern": "^[0-9]{12}$" }),
    );
    fields.insert(
        "naturalWidth".into(),
        json!({ "type": "integer", "description": "Columns before the width was fitted." }),
    );
    fields.insert(
        "digits".into(),
        json!({ "type": "array", "items": { "$ref": "#/components/schemas/PlacedDigit" } }),
    );
    fields.insert("augmentation".into(), json!({ "type": "array", "description": "The steps that were run on each digit.", "items": { "type": "array" } }));
    fields.insert(
        "generatedImage".into(),
        json!({
            "type": "array",
            "description": "28 rows of numbers from 0, the background, to 1.",
            "items": { "type": "array", "items": { "type": "number", "minimum": 0, "maximum": 1 } },
        }),
    );
    let sequence = json!({
        "type": "object",
        "required": ["generatedImage", "taskId", "seed", "digits", "label"],
        "properties": fields,
    });
    let number = json!({ "type": "number", "minimum": 0, "maximum": 1 });
    let list = |items: Value, length: usize| json!({ "type": "array", "items": items, "minItems": length, "maxItems": length });
    let pixel = json!({ "anyOf": [number, list(number.clone(), 1)] });
    let digit = json!({
        "description": "A digit as numbers from 0, the paper, to 1, the ink.",
        "anyOf": [list(list(pixel, SIDE), SIDE), list(number, SIDE * SIDE)],
    });
    let record = json!({
        "type": "object",
        "properties": {
            "id": { "type": "integer" },
            "time": { "type": "string", "format": "date-time" },
            "kind": { "enum": ["digit", "number"] },
            "result": { "type": "string" },
            "probability": { "type": ["number", "null"] },
            "model": { "type": "string" },
            "elapsed": { "type": ["number", "null"], "description": "Milliseconds." },
            "name": { "type": "string" },
            "from": { "type": "string" },
        },
    });
    [
        ("SequenceRequest", request),
        ("Sequence", sequence),
        ("Digit", digit),
        ("Record", record),
    ]
    .map(|(name, schema)| (name.to_owned(), schema))
    .into_iter()
    .collect()
}

/// The schema of a request's field, also where it depends on the request.
fn field_of_request(field: &Field) -> Value {
    let mut schema = match field.kind {
        Kind::Digits { max } if field.name == "digits" => json!({
            "type": "array",
            "items": { "type": "integer", "minimum": 0, "maximum": 9 },
            "minItems": 1,
            "maxItems": max,
        }),
        Kind::Digits { max } => json!({ "anyOf": [
            { "type": "string", "pattern": format!("^[0-9]{{1,{max}}}$") },
            { "type": "integer", "minimum": 0 },
        ] }),
        Kind::Seed => json!({ "anyOf": [
            { "type": "string", "pattern": "^[0-9]{1,20}$" },
            { "type": "integer", "minimum": 0 },
        ] }),
        Kind::Pipeline { values, default } => json!({
            "anyOf": [{ "enum": values }, { "type": "array" }, { "type": "object" }],
            "default": default,
        }),
        // Those that older programs wrote are taken, too.
        Kind::Boolean { default } => {
            json!({ "enum": [true, false, "true", "false", 1, 0, "1", "0"], "default": default })
        }
        _ => return field_schema(field),
    };
    schema["description"] = field.help.into();
    schema
}
