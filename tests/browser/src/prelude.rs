//! Scripts that a server sends with its pages, for browsers that cannot be told to run any before a page's own.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Where the script lies on every server that has one.
pub(crate) const PATH: &str = "/before-pages-of-the-tests.js";

static SCRIPTS: Mutex<Option<HashMap<String, String>>> = Mutex::new(None);

/// From now on the server of this origin sends the script with its pages.
pub(crate) fn send(origin: &str, script: &str) {
    lock()
        .get_or_insert_default()
        .insert(origin.to_owned(), script.to_owned());
}

/// The script of an origin.
pub(crate) fn of(origin: &str) -> Option<String> {
    lock().as_ref()?.get(origin).cloned()
}

/// No server of this origin is left.
pub(crate) fn forget(origin: &str) {
    if let Some(scripts) = lock().as_mut() {
        scripts.remove(origin);
    }
}

/// A page with the script before everything of its own.
pub(crate) fn insert(page: &[u8]) -> Vec<u8> {
    let text = String::from_utf8_lossy(page);
    let lower = text.to_ascii_lowercase();
    let after = |tag: &str| {
        let start = lower.find(tag)?;
        Some(start + lower[start..].find('>')? + 1)
    };
    let at = after("<head>")
        .or_else(|| after("<html"))
        .or_else(|| after("<!doctype"))
        .unwrap_or(0);
    let (before, rest) = text.split_at(at);
    format!("{before}<script src=\"{PATH}\"></script>{rest}").into_bytes()
}

fn lock() -> MutexGuard<'static, Option<HashMap<String, String>>> {
    SCRIPTS.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_script_comes_first_and_the_doctype_before_it() {
        let script = format!("<script src=\"{PATH}\"></script>");
        let cases = [
            (
                "<!doctype html><html lang=en><head><meta>",
                "<!doctype html><html lang=en><head>|<meta>",
            ),
            (
                "<!doctype html><html lang=en><meta>",
                "<!doctype html><html lang=en>|<meta>",
            ),
            ("<!doctype html><p>", "<!doctype html>|<p>"),
            ("plain", "|plain"),
        ];
        for (page, expected) in cases {
            let made = String::from_utf8(insert(page.as_bytes())).expect("text");
            assert_eq!(made, expected.replace('|', &script));
        }
    }
}
