//! The table of faults in `docs/faults.md` against the tests that it names.

use std::collections::BTreeSet;
use std::fs;

use digitlab_browser::environment;

/// The names of the table, `file::test` or `folder::file::test`, in the order in which they stand there.
fn named(table: &str) -> Vec<(&str, &str)> {
    let parts = table.split('`').skip(1).step_by(2);
    parts
        .filter_map(|part| part.rsplit_once("::"))
        .filter(|(file, _)| *file != "file")
        .collect()
}

#[test]
fn the_table_names_tests_that_there_are() {
    let root = environment::workspace();
    let table = fs::read_to_string(root.join("docs/faults.md")).expect("the table of faults");
    let tests = root.join("tests/browser/tests/site");
    let mut listed = BTreeSet::new();
    for (file, test) in named(&table) {
        let path = tests.join(file.replace("::", "/"));
        let source = fs::read_to_string(path.with_extension("rs"))
            .or_else(|_| fs::read_to_string(path.join("mod.rs")))
            .unwrap_or_else(|error| panic!("{file}: {error}"));
        assert!(
            source.contains(&format!("fn {test}()")),
            "{file} has no test {test}"
        );
        listed.insert(format!("{file}::{test}"));
    }
    // Every test of faults is in the table.
    for entry in fs::read_dir(&tests).expect("the tests") {
        let path = entry.expect("a file").path();
        let file = path
            .file_stem()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        if !file.starts_with("faults_") {
            continue;
        }
        let source = fs::read_to_string(&path).expect("text");
        for part in source.split("#[tokio::test]\nasync fn ").skip(1) {
            let test = part.split('(').next().unwrap_or_default();
            assert!(
                listed.contains(&format!("{file}::{test}")),
                "docs/faults.md does not name {file}::{test}"
            );
        }
    }
    for row in table.lines().filter(|line| {
        line.starts_with("| ") && !line.starts_with("| fault |") && !line.starts_with("| --- |")
    }) {
        assert!(!named(row).is_empty(), "no test: {row}");
    }
}
