//! The core is ordered as `docs/architecture.md` says.

use crate::support::root;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// What is not core: programs, and what translates for the browser.
const OUTSIDE: [&str; 3] = ["bin", "lib.rs", "web"];

/// What a core that gets time, seeds and files handed in has no use for.
const IMPURE: [&str; 10] = [
    "std::env",
    "std::fs",
    "std::net",
    "std::process",
    "std::time",
    "getrandom",
    "js_sys",
    "wasm_bindgen",
    "web_sys",
    "crate::web",
];

/// The core's files with their modules.
fn files() -> Vec<(String, PathBuf)> {
    let mut found = Vec::new();
    for entry in fs::read_dir(root().join("src")).expect("the sources") {
        let path = entry.expect("an entry").path();
        let name = path
            .file_name()
            .and_then(|name| name.to_str())
            .expect("a name");
        if !OUTSIDE.contains(&name) {
            let module = name.trim_end_matches(".rs").to_owned();
            collect(&path, &module, &mut found);
        }
    }
    assert!(found.len() > 150, "{} files", found.len());
    found
}

fn collect(path: &Path, module: &str, found: &mut Vec<(String, PathBuf)>) {
    if path.is_file() {
        if path.extension().is_some_and(|ending| ending == "rs") {
            found.push((module.to_owned(), path.to_owned()));
        }
        return;
    }
    for entry in fs::read_dir(path).expect("a folder") {
        collect(&entry.expect("an entry").path(), module, found);
    }
}

/// The code of a file, without remarks and without the tests at its end.
fn code(path: &Path) -> String {
    let text = fs::read_to_string(path).expect("a source");
    let code = text
        .split("#[cfg(test)]\nmod tests")
        .next()
        .unwrap_or_default();
    let lines = code
        .lines()
        .filter(|line| !line.trim_start().starts_with("//"));
    lines.collect::<Vec<_>>().join("\n")
}

/// The modules that a piece of code names after `crate::`.
fn known(code: &str) -> BTreeSet<String> {
    let names = code.split("crate::").skip(1).map(|rest| {
        let name: String = rest
            .chars()
            .take_while(|c| c.is_ascii_alphanumeric() || *c == '_')
            .collect();
        assert!(
            !name.is_empty(),
            "a list after `crate::` is not looked through: {}",
            &rest[..20]
        );
        // The crate's root hands these two on.
        if name == "Error" || name == "Result" {
            "error".into()
        } else {
            name
        }
    });
    names.collect()
}

/// The table of the document: whom each module may know.
fn allowed() -> BTreeMap<String, BTreeSet<String>> {
    let text = fs::read_to_string(root().join("docs/architecture.md")).expect("the document");
    let table = text
        .split("| module | knows |")
        .nth(1)
        .expect("the table of who knows whom");
    let rows = table
        .lines()
        .skip(2)
        .take_while(|line| line.starts_with('|'));
    let names = |cell: &str| -> Vec<String> {
        cell.split('`')
            .skip(1)
            .step_by(2)
            .map(str::to_owned)
            .collect()
    };
    let mut found = BTreeMap::new();
    for row in rows {
        let cells: Vec<&str> = row.split('|').collect();
        for module in names(cells[1]) {
            found.insert(module, names(cells[2]).into_iter().collect());
        }
    }
    found
}

#[test]
fn modules_know_whom_the_document_says() {
    let allowed = allowed();
    let mut knows: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (module, path) in files() {
        let others = known(&code(&path))
            .into_iter()
            .filter(|name| *name != module);
        let known = knows.entry(module.clone()).or_default();
        for name in others {
            let may = allowed
                .get(&module)
                .is_some_and(|names| names.contains(&name));
            assert!(
                may,
                "{} knows {name}, which docs/architecture.md does not say",
                path.display()
            );
            known.insert(name);
        }
    }
    assert_eq!(
        knows, allowed,
        "docs/architecture.md says more than there is"
    );
}

#[test]
fn the_core_is_pure() {
    for (_, path) in files() {
        let code = code(&path);
        for name in IMPURE {
            assert!(!code.contains(name), "{} has {name}", path.display());
        }
    }
}
