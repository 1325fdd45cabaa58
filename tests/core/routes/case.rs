//! Requests and answers as data: `tests/routes/table.json`.
//!
//! A body is one of `{ text }`, `{ json }`, `{ base64 }`, `{ file }` (of the repository), `{ repeat, times }`, `{ pieces }` (bodies
//! that follow each other) and `{ form }`, a list of parts: a body each, with `name`, and perhaps `filename` and `type`.
//! A content type that is empty is none.
//!
//! An answer has a `status`, and may say `headers`, `text` (the body, exactly), `json` (exactly, but that `"*"` is anything),
//! `has` (the same, for an object that may have more), `includes` (parts of the body), `base64`, `png` and `jpeg` (a picture of
//! this size, or any), `image` (the size of `generatedImage`), and `replay`: what `x-applied` says makes the same picture of the
//! one that was sent.

use super::host::Whole;
use crate::support::root;
use base64::prelude::{BASE64_STANDARD, Engine};
use digitlab::augment::{read_record, replay};
use digitlab::raster::codec::{Limits, decode};
use digitlab::routes::Request;
use serde_json::Value;
use std::collections::VecDeque;
use std::fs;

/// What stands between the parts of forms.
const BOUNDARY: &str = "----digitlab-table-7MA4YWxkTrZu0gW";

/// A request and what is expected of its answer.
pub(crate) struct Case {
    pub(crate) name: String,
    request: Value,
    answer: Value,
}

/// The table.
pub(crate) fn cases() -> Vec<Case> {
    let text = fs::read_to_string(root().join("tests/routes/table.json")).expect("the table");
    let table: Vec<Value> = serde_json::from_str(&text).expect("JSON");
    let case = |mut case: Value| Case {
        name: case["name"].as_str().expect("a name").into(),
        request: case["request"].take(),
        answer: case["answer"].take(),
    };
    table.into_iter().map(case).collect()
}

/// The bytes of a body.
pub(crate) fn bytes_of(body: &Value) -> Vec<u8> {
    if let Some(text) = body["text"].as_str() {
        text.into()
    } else if body.get("json").is_some() {
        body["json"].to_string().into_bytes()
    } else if let Some(text) = body["base64"].as_str() {
        BASE64_STANDARD.decode(text).expect("base64")
    } else if let Some(file) = body["file"].as_str() {
        fs::read(root().join(file)).unwrap_or_else(|error| panic!("{file}: {error}"))
    } else if let Some(text) = body["repeat"].as_str() {
        let times = body["times"].as_u64().expect("a number of times");
        text.repeat(times as usize).into_bytes()
    } else if let Some(pieces) = body["pieces"].as_array() {
        pieces.iter().flat_map(bytes_of).collect()
    } else if let Some(parts) = body["form"].as_array() {
        form(parts)
    } else {
        panic!("what is the body {body}?")
    }
}

fn form(parts: &[Value]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for part in parts {
        let name = part["name"].as_str().expect("a name");
        let mut headers = format!("Content-Disposition: form-data; name=\"{name}\"");
        if let Some(name) = part["filename"].as_str() {
            headers += &format!("; filename=\"{name}\"");
        }
        if let Some(media_type) = part["type"].as_str() {
            headers += &format!("\r\nContent-Type: {media_type}");
        }
        bytes.extend(format!("--{BOUNDARY}\r\n{headers}\r\n\r\n").bytes());
        bytes.extend(bytes_of(part));
        bytes.extend(b"\r\n");
    }
    bytes.extend(format!("--{BOUNDARY}--\r\n").bytes());
    bytes
}

impl Case {
    pub(crate) fn method(&self) -> &str {
        self.request["method"].as_str().expect("a method")
    }

    pub(crate) fn path(&self) -> &str {
        self.request["path"].as_str().expect("a path")
    }

    pub(crate) fn status(&self) -> u64 {
        self.answer["status"].as_u64().expect("a status")
    }

    /// The request, its body in pieces of at most so many bytes.
    pub(crate) fn request(&self, piece: usize) -> Request<VecDeque<Vec<u8>>> {
        let mut headers = Vec::new();
        let given = self.request["headers"].as_object();
        for (name, value) in given.into_iter().flatten() {
            let value = value.as_str().expect("text");
            if !value.is_empty() {
                headers.push((name.clone(), value.to_owned()));
            }
        }
        let mut body = Vec::new();
        if let Some(given) = self.request.get("body") {
            body = bytes_of(given);
            if given.get("form").is_some() {
                let media_type = format!("multipart/form-data; boundary={BOUNDARY}");
                headers.push(("Content-Type".into(), media_type));
            }
        }
        Request {
            method: self.method().into(),
            path: self.path().into(),
            query: self.request["query"].as_str().unwrap_or_default().into(),
            headers,
            body: body.chunks(piece).map(<[u8]>::to_vec).collect(),
        }
    }

    /// What is wrong with an answer.
    pub(crate) fn wrong(&self, answer: &Whole) -> Vec<String> {
        let mut wrong = Vec::new();
        let expected = &self.answer;
        let mut check = |right: bool, what: &str| {
            if !right {
                wrong.push(what.to_owned());
            }
        };
        check(u64::from(answer.status) == self.status(), "status");
        for (name, value) in expected["headers"].as_object().into_iter().flatten() {
            let value = value.as_str().expect("text");
            let given = answer.header(name);
            let same = given.is_some_and(|given| value == "*" || given == value);
            check(same, &format!("header {name}: {given:?}"));
        }
        if let Some(text) = expected["text"].as_str() {
            check(answer.text() == text, "text");
        }
        if let Some(json) = expected.get("json") {
            check(agrees(json, &answer.json(), false), "json");
        }
        if let Some(json) = expected.get("has") {
            check(agrees(json, &answer.json(), true), "has");
        }
        for part in expected["includes"].as_array().into_iter().flatten() {
            let part = part.as_str().expect("text");
            check(answer.text().replace("\\\"", "\"").contains(part), part);
        }
        if let Some(text) = expected["base64"].as_str() {
            check(BASE64_STANDARD.encode(&answer.bytes) == text, "base64");
        }
        if let Some(size) = expected["image"].as_array() {
            let json = answer.json();
            let rows = json["generatedImage"].as_array();
            let good = |row: &Value| row.as_array().is_some_and(|row| size[0] == row.len());
            let good = rows.is_some_and(|rows| size[1] == rows.len() && rows.iter().all(good));
            check(good, "image");
        }
        for (format, start) in [("png", &b"\x89PNG"[..]), ("jpeg", b"\xff\xd8\xff")] {
            let Some(size) = expected.get(format) else {
                continue;
            };
            let same = match decode(&answer.bytes, &Limits::default()) {
                Ok(found) => {
                    let found = [found.picture.width(), found.picture.height()];
                    size == "*" || *size == serde_json::json!(found)
                }
                Err(_) => false,
            };
            check(same && answer.bytes.starts_with(start), format);
        }
        if expected["replay"] == true {
            check(self.replays(answer), "replay");
        }
        wrong
    }

    /// Whether what was applied makes the answer of the picture that was sent.
    fn replays(&self, answer: &Whole) -> bool {
        let body = &self.request["body"];
        let parts = body["form"].as_array();
        let sent = parts.and_then(|parts| parts.iter().find(|part| part["name"] == "file"));
        let sent = decode(&bytes_of(sent.unwrap_or(body)), &Limits::default()).expect("a picture");
        let applied = answer.header("x-applied").expect("what was applied");
        let record = read_record(&serde_json::from_str(applied).expect("JSON")).expect("a record");
        let made = decode(&answer.bytes, &Limits::default()).expect("a picture");
        replay(&record, sent.picture).expect("a picture") == made.picture
    }
}

/// Whether JSON is as expected, where `"*"` is anything, and objects may have more if that is allowed.
fn agrees(expected: &Value, found: &Value, more: bool) -> bool {
    match (expected, found) {
        (Value::String(any), found) if any == "*" => !found.is_null(),
        (Value::Object(expected), Value::Object(found)) => {
            (more || expected.len() == found.len())
                && expected.iter().all(|(name, value)| {
                    found
                        .get(name)
                        .is_some_and(|found| agrees(value, found, false))
                })
        }
        (Value::Array(expected), Value::Array(found)) => {
            expected.len() == found.len()
                && expected
                    .iter()
                    .zip(found)
                    .all(|(one, other)| agrees(one, other, false))
        }
        (Value::Number(one), Value::Number(other)) => one.as_f64() == other.as_f64(),
        (one, other) => one == other,
    }
}
