//! The whole table, whose requests follow each other: images are imported before they are shown.

use super::case::cases;
use super::host::{Host, answered};
use digitlab::routes::Routes;
use pollster::block_on;

/// Sends the table, with bodies in pieces of at most so many bytes.
fn all_answers_are_as_expected(piece: usize) {
    let (routes, host) = (Routes::default(), Host::default());
    let mut failures = Vec::new();
    for case in cases() {
        let answer = block_on(answered(&routes, &host, case.request(piece)));
        let wrong = case.wrong(&answer);
        if !wrong.is_empty() {
            let mut text = answer.text();
            text.truncate(text.floor_char_boundary(300));
            let (name, status) = (&case.name, answer.status);
            failures.push(format!("{name}: {wrong:?}\n  {status} {text}"));
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn bodies_in_one_piece() {
    all_answers_are_as_expected(usize::MAX);
}

#[test]
fn bodies_in_pieces() {
    all_answers_are_as_expected(1009);
}

#[test]
fn routes_shadow_no_file_of_the_site() {
    let mut folders = vec![crate::support::root().join("www")];
    let mut files = 0;
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            let below = path
                .strip_prefix(crate::support::root().join("www"))
                .expect("below");
            let below = below.to_str().expect("text").replace('\\', "/");
            assert!(!digitlab::routes::claims(&below), "{below}");
            if path.is_dir() {
                folders.push(path);
            }
            files += 1;
        }
    }
    assert!(files > 300);
}
