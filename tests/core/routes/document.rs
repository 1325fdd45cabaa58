//! The OpenAPI document against the table, and its examples.

use super::case::cases;
use super::host::{Host, answered};
use base64::prelude::{BASE64_STANDARD, Engine};
use digitlab::routes::{Request, Routes, open_api};
use pollster::block_on;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::path::Path;
use std::process::{Command, Output};

/// The operations: method, path and description.
fn operations(document: &Value) -> Vec<(String, String, Value)> {
    let mut found = Vec::new();
    for (path, item) in document["paths"].as_object().expect("paths") {
        for (method, operation) in item.as_object().expect("an item") {
            if operation.get("responses").is_some() {
                found.push((method.to_uppercase(), path.clone(), operation.clone()));
            }
        }
    }
    found
}

/// Whether a path is one of a template.
fn is_of(path: &str, template: &str) -> bool {
    let path = path.trim_matches('/');
    let (mut path, mut template) = (path.split('/'), template.trim_matches('/').split('/'));
    loop {
        match (path.next(), template.next()) {
            (None, None) => return true,
            (Some(one), Some(other)) if one == other || other == "{id}" => {}
            _ => return false,
        }
    }
}

#[test]
fn every_answer_of_the_table_is_documented_and_nearly_all_that_is_documented_is_in_it() {
    let document = open_api();
    let mut unseen = BTreeMap::new();
    for (method, path, operation) in operations(&document) {
        let statuses = operation["responses"].as_object().expect("answers").keys();
        let statuses: BTreeSet<String> = statuses.cloned().collect();
        unseen.insert((method, path), statuses);
    }
    let documented = unseen.clone();
    for case in cases() {
        let method = if case.method() == "HEAD" {
            "GET"
        } else {
            case.method()
        };
        let found = documented
            .keys()
            .find(|(known, path)| known == method && is_of(case.path(), path));
        let Some(found) = found else {
            assert!([200, 204, 405].contains(&case.status()), "{}", case.name);
            continue;
        };
        let status = case.status().to_string();
        assert!(
            documented[found].contains(&status),
            "{}: {found:?}",
            case.name
        );
        unseen
            .get_mut(found)
            .expect("the same keys")
            .remove(&status);
    }
    for (operation, statuses) in unseen {
        // What the host must fail for is tested beside the table, and two methods of `generate` do the same.
        let left: Vec<String> = statuses
            .into_iter()
            .filter(|status| !["503", "507"].contains(&status.as_str()))
            .filter(|_| operation.0 != "PUT")
            .collect();
        assert!(left.is_empty(), "{operation:?}: {left:?}");
    }
}

/// The bytes behind a `data:` address.
fn behind(url: &str) -> Vec<u8> {
    let (_, text) = url.split_once(";base64,").expect("a data address");
    BASE64_STANDARD.decode(text).expect("base64")
}

/// A body as its example says.
fn example(media_type: &str, content: &Value) -> (String, Vec<u8>) {
    match media_type {
        "multipart/form-data" => {
            let mut body = Vec::new();
            for (name, value) in content["example"].as_object().expect("an example") {
                let value = value.as_str().expect("text");
                let schema = &content["schema"]["properties"][name];
                let mut headers = format!("Content-Disposition: form-data; name=\"{name}\"");
                let bytes = match schema["x-file-name"].as_str() {
                    Some(file) => {
                        headers += &format!("; filename=\"{file}\"");
                        behind(value)
                    }
                    None => value.into(),
                };
                body.extend(format!("--edge\r\n{headers}\r\n\r\n").bytes());
                body.extend(bytes);
                body.extend(b"\r\n");
            }
            body.extend(b"--edge--\r\n");
            ("multipart/form-data; boundary=edge".into(), body)
        }
        "image/*" => {
            let url = content["examples"]["digit"]["externalValue"].as_str();
            ("image/png".into(), behind(url.expect("an address")))
        }
        "text/csv" => {
            let text = content["example"].as_str().expect("text");
            (media_type.into(), text.into())
        }
        _ => (media_type.into(), content["example"].to_string().into()),
    }
}

#[test]
fn examples_work_and_what_comes_is_of_a_documented_type() {
    let document = open_api();
    let (routes, host) = (Routes::default(), Host::default());
    let mut tried = 0;
    let mut all = operations(&document);
    // Images are imported before they are shown.
    all.sort_by_key(|(method, _, _)| method != "POST");
    for (method, path, operation) in all {
        let mut query = form_urlencoded_of(&operation["parameters"]);
        if !query.is_empty() {
            query.pop();
        }
        let bodies = operation["requestBody"]["content"].as_object();
        let bodies: Vec<(String, Vec<u8>)> = match bodies {
            Some(bodies) => bodies
                .iter()
                .map(|(media_type, content)| example(media_type, content))
                .collect(),
            None => vec![(String::new(), Vec::new())],
        };
        for (media_type, body) in bodies {
            let request = Request {
                method: method.clone(),
                path: path.trim_start_matches('/').replace("{id}", "1"),
                query: query.clone(),
                headers: vec![("content-type".into(), media_type.clone())],
                body: VecDeque::from([body]),
            };
            let answer = block_on(answered(&routes, &host, request));
            let name = format!("{method} {path} {media_type}");
            assert!(answer.status < 300, "{name}: {}", answer.text());
            let told = &operation["responses"][answer.status.to_string()];
            let sent = answer.header("content-type").unwrap_or_default();
            let sent = sent.split(';').next().unwrap_or_default();
            assert!(told["content"].get(sent).is_some(), "{name}: {sent}");
            for (header, _) in told["headers"].as_object().into_iter().flatten() {
                assert!(
                    answer.header(&header.to_lowercase()).is_some(),
                    "{name}: {header}"
                );
            }
            tried += 1;
        }
    }
    assert!(tried >= 17, "{tried}");
}

/// The examples of parameters, each with `&` behind it.
fn form_urlencoded_of(parameters: &Value) -> String {
    let parameters = parameters.as_array().into_iter().flatten();
    parameters
        .filter_map(|parameter| {
            let name = parameter["name"].as_str()?;
            Some(format!("{name}={}&", parameter["example"].as_str()?))
        })
        .collect()
}

#[test]
fn all_references_lead_somewhere() {
    let document = open_api();
    let text = document.to_string();
    let mut references = 0;
    for part in text.split("\"$ref\":\"#").skip(1) {
        let pointer = part.split('"').next().expect("an end");
        assert!(document.pointer(pointer).is_some(), "{pointer}");
        references += 1;
    }
    assert!(references > 20, "{references}");
}

/// What a public validator says of a document; nothing when there is none, as with plain `cargo test`.
fn validated(name: &str, document: &Value) -> Option<Output> {
    let packages = std::env::var_os("DIGITLAB_OPENAPI_VALIDATOR")?;
    let script = "node_modules/@seriousme/openapi-schema-validator/bin/validate-api-cli.js";
    let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::write(&file, document.to_string()).expect("a file");
    let mut command = Command::new("node");
    command.arg(Path::new(&packages).join(script)).arg(file);
    Some(command.output().expect("node runs"))
}

#[test]
fn a_public_validator_takes_the_document_and_no_broken_one() {
    let Some(said) = validated("openapi.json", &open_api()) else {
        println!("DIGITLAB_OPENAPI_VALIDATOR names no packages: left out");
        return;
    };
    let text = String::from_utf8_lossy(&said.stdout).into_owned();
    assert!(
        said.status.success(),
        "{text} {}",
        String::from_utf8_lossy(&said.stderr)
    );
    let mut broken = open_api();
    broken["paths"]["/health"]["get"]["responses"] = "200".into();
    let said = validated("broken.json", &broken).expect("the same validator");
    assert!(!said.status.success());
}
