//! The guide to the module and the routes names all that there is.

use crate::support::root;
use digitlab::routes::open_api;
use std::fs;

fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// What stands between backticks, without what it is called with.
fn names(guide: &str) -> Vec<&str> {
    let spans = guide.split('`').skip(1).step_by(2);
    spans
        .map(|span| span.split(['(', '?']).next().unwrap_or_default())
        .collect()
}

/// The methods as the API page tells them: each begins its signature.
fn methods(source: &str) -> Vec<String> {
    let mut found: Vec<String> = source
        .split("\"lab.")
        .skip(1)
        .map(|rest| {
            rest.chars()
                .take_while(|c| c.is_ascii_alphanumeric() || *c == '.')
                .collect()
        })
        .collect();
    found.sort();
    found.dedup();
    found
}

#[test]
fn every_method_of_the_module_is_in_the_guide() {
    let guide = read("docs/api.md");
    let names = names(&guide);
    let methods = methods(&read("www/js/api/methods.js"));
    assert!(methods.len() > 70, "{methods:?}");
    let missing: Vec<_> = methods
        .iter()
        .filter(|method| !names.contains(&method.as_str()))
        .collect();
    assert!(missing.is_empty(), "docs/api.md lacks {missing:?}");
}

#[test]
fn every_route_is_in_the_guide() {
    let guide = read("docs/api.md");
    let document = open_api();
    let paths = document["paths"].as_object().expect("paths");
    assert!(paths.len() >= 9);
    for path in paths.keys() {
        // The two versions of one route share a line.
        let path = path.trim_start_matches('/').replace("/v1.1", "/v1.0");
        assert!(guide.contains(&path), "docs/api.md lacks {path}");
    }
}
