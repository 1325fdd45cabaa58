//! The list of the site's files with their hashes, by which the service worker keeps them, and the mark by which a browser
//! sees that the service worker is another one.

use crate::{compress, files};
use anyhow::{Context, Result};
use serde_json::json;
use sha2::{Digest, Sha256};
use std::{fmt::Write as _, fs, path::Path};

/// Where the list is written.
const FILE: &str = "precache.js";

/// The script that browsers compare with the one they have. Chromium gives up when only what it imports has changed.
const WORKER: &str = "service_worker.js";

/// How the line begins that says which version it is.
const MARK: &str = "// Version ";

/// What of a file the service worker keeps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    /// The pages need it: it is kept at once.
    Shell,
    /// It is kept when it is used, or when everything is.
    Extra,
    /// It is not kept, or by others: the lab keeps the shards and models that it uses.
    None,
}

/// A file of the site: its path below the root, its hash, its size.
type Entry = (String, String, usize);

/// Writes the list of a built site into it.
pub(crate) fn write(site: &Path) -> Result<()> {
    let all = files::below(site)?;
    let is_copy = |path: &String| {
        compress::is_copy(path, |file| {
            all.binary_search_by(|other| other.as_str().cmp(file))
                .is_ok()
        })
    };
    let paths = all.iter().filter(|path| !is_copy(path)).cloned();
    let [mut shell, mut extras] = [Vec::new(), Vec::new()];
    for path in paths {
        let list = match part(&path) {
            Part::Shell => &mut shell,
            Part::Extra => &mut extras,
            Part::None => continue,
        };
        list.push(entry(site, path)?);
    }
    put(site, &source(&shell, &extras))?;
    mark(site)
}

/// Writes a list of nothing: what is worked on comes from the server each time.
pub(crate) fn write_empty(site: &Path) -> Result<()> {
    put(site, &text("", &[], &[]))?;
    mark(site)
}

/// Writes into the service worker what changes with any script that it may be made of, and with the list.
fn mark(site: &Path) -> Result<()> {
    let file = site.join(WORKER);
    let source =
        fs::read_to_string(&file).with_context(|| format!("cannot read {}", file.display()))?;
    let mut text: String = source
        .lines()
        .filter(|line| !line.starts_with(MARK))
        .flat_map(|line| [line, "\n"])
        .collect();
    let mut paths = files::below(site)?;
    paths.retain(|path| path.ends_with(".js") && path != WORKER);
    let mut hash = Sha256::new();
    for path in paths {
        let (path, digest, _) = entry(site, path)?;
        hash.update(format!("{path}\n{digest}\n"));
    }
    let _ = writeln!(text, "{MARK}{}", &hex(&hash.finalize())[..16]);
    fs::write(&file, text).with_context(|| format!("cannot write {}", file.display()))
}

fn put(site: &Path, text: &str) -> Result<()> {
    let file = site.join(FILE);
    fs::write(&file, text).with_context(|| format!("cannot write {}", file.display()))
}

fn part(path: &str) -> Part {
    let name = path.rsplit('/').next().unwrap_or(path);
    let ends = |ends: &[&str]| ends.iter().any(|end| name.ends_with(end));
    match path.split_once('/').map_or("", |(folder, _)| folder) {
        // Nothing that is hidden, and no licences: whoever reads those is on the network.
        _ if name.starts_with('.') || ends(&[".txt", ".md", ".d.ts", ".map"]) => Part::None,
        // The browser itself keeps the service worker; what a host may set has no fixed hash.
        "" if [WORKER, FILE, "config.js"].contains(&path) => Part::None,
        // For hosts: what they send with the files, and what they answer where there is none.
        "" if ["_headers", "404.html"].contains(&path) => Part::None,
        "" if path == "reader_bg.wasm" => Part::Extra,
        "" => Part::Shell,
        "js" if path.starts_with("js/service/") => Part::None,
        "css" | "js" | "views" => Part::Shell,
        // Pictures of the page for those who do not have it yet.
        "icons" if ends(&[".webp"]) || name.starts_with("screenshot") => Part::None,
        "icons" => Part::Shell,
        "mnist" | "models" if ends(&[".json"]) => Part::Shell,
        "mnist" | "models" => Part::None,
        "samples" if ends(&[".json"]) || name.contains("-small.") => Part::Shell,
        _ => Part::Extra,
    }
}

fn entry(site: &Path, path: String) -> Result<Entry> {
    let file = site.join(&path);
    let bytes = fs::read(&file).with_context(|| format!("cannot read {}", file.display()))?;
    Ok((path, hex(&Sha256::digest(&bytes)), bytes.len()))
}

fn source(shell: &[Entry], extras: &[Entry]) -> String {
    let mut hash = Sha256::new();
    for (path, digest, bytes) in shell.iter().chain(extras) {
        hash.update(format!("{path}\n{digest}\n{bytes}\n"));
    }
    text(&hex(&hash.finalize())[..16], shell, extras)
}

fn text(version: &str, shell: &[Entry], extras: &[Entry]) -> String {
    let list = |entries: &[Entry]| {
        entries
            .iter()
            .fold(String::new(), |mut text, (path, digest, bytes)| {
                let _ = writeln!(text, "  {},", json!([path, digest, bytes]));
                text
            })
    };
    let (shell, extras) = (list(shell), list(extras));
    format!(
        "// Written by `cargo xtask build`: every file that is kept, its SHA-256 and its size.\n\
         export const version = {};\n\
         export const files = [\n{shell}];\n\
         export const extras = [\n{extras}];\n",
        json!(version)
    )
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scratch::Scratch;

    /// A site of some files, and the list that is written for it.
    fn written(name: &str, files: &[(&str, &str)]) -> String {
        let scratch = Scratch::new(name).expect("a folder");
        for (path, content) in files {
            let file = scratch.path().join(path);
            fs::create_dir_all(file.parent().expect("a folder")).expect("a folder");
            fs::write(file, content).expect("a file");
        }
        fs::write(scratch.path().join(WORKER), "work();\n").expect("a file");
        write(scratch.path()).expect("a list");
        fs::read_to_string(scratch.path().join(FILE)).expect("the list")
    }

    /// The version that a list states.
    fn version(list: &str) -> &str {
        list.lines()
            .find_map(|line| line.strip_prefix("export const version = \""))
            .expect("a version")
            .trim_end_matches("\";")
    }

    #[test]
    fn a_list_states_paths_hashes_and_sizes_in_order() {
        let list = written(
            "precache-list",
            &[
                ("reader_bg.wasm", "abc"),
                ("js/b.js", ""),
                ("index.html", "abc"),
            ],
        );
        let abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        let empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        let version = version(&list);
        assert_eq!(version.len(), 16);
        assert_eq!(
            list,
            format!(
                "// Written by `cargo xtask build`: every file that is kept, its SHA-256 and its size.\n\
                 export const version = \"{version}\";\n\
                 export const files = [\n  [\"index.html\",\"{abc}\",3],\n  [\"js/b.js\",\"{empty}\",0],\n];\n\
                 export const extras = [\n  [\"reader_bg.wasm\",\"{abc}\",3],\n];\n"
            )
        );
    }

    #[test]
    fn the_version_changes_with_any_file_that_is_kept_and_with_no_other() {
        let site = [
            ("index.html", "a"),
            ("samples/cat.png", "b"),
            ("config.js", "c"),
        ];
        let of = |name: &str, files: &[(&str, &str)]| version(&written(name, files)).to_owned();
        let first = of("precache-first", &site);
        assert_eq!(of("precache-same", &site), first);
        let mut other = site;
        for at in 0..site.len() {
            other[at].1 = "changed";
            let changed = of("precache-other", &other) != first;
            assert_eq!(changed, at < 2, "{}", site[at].0);
            other = site;
        }
    }

    #[test]
    fn compressed_copies_are_not_listed_and_compressed_files_are() {
        let files = [("js/a.js", "a"), ("samples/log.csv.gz", "b")];
        let copies = [("js/a.js.br", "c"), ("js/a.js.gz", "d")];
        let list = written("precache-copies", &[&files[..], &copies].concat());
        assert_eq!(list, written("precache-no-copies", &files));
        assert!(list.contains("samples/log.csv.gz"), "{list}");
    }

    #[test]
    fn every_file_has_its_part() {
        for (path, expected) in [
            ("index.html", Part::Shell),
            ("digitlab.js", Part::Shell),
            ("engine_bg.wasm", Part::Shell),
            ("reader.js", Part::Shell),
            ("reader_bg.wasm", Part::Extra),
            ("service_worker.js", Part::None),
            ("precache.js", Part::None),
            ("config.js", Part::None),
            ("_headers", Part::None),
            ("404.html", Part::None),
            ("js/app.js", Part::Shell),
            ("js/service/shell.js", Part::None),
            ("css/base.css", Part::Shell),
            ("views/api.html", Part::Shell),
            ("icons/favicon.svg", Part::Shell),
            ("icons/screenshot.png", Part::None),
            ("icons/frames.webp", Part::None),
            ("mnist/manifest.json", Part::Shell),
            ("mnist/train-0-00.gz", Part::None),
            ("models/models.json", Part::Shell),
            ("models/default.onnx", Part::None),
            ("samples/samples.json", Part::Shell),
            ("samples/digit-small.png", Part::Shell),
            ("samples/digit.png", Part::Extra),
            ("samples/log/borehole.csv.gz", Part::Extra),
            ("samples/LICENCE.txt", Part::None),
            (".gitignore", Part::None),
        ] {
            assert_eq!(part(path), expected, "{path}");
        }
    }

    #[test]
    fn a_site_that_is_worked_on_is_not_kept() {
        let scratch = Scratch::new("precache-empty").expect("a folder");
        fs::write(scratch.path().join(WORKER), "work();\n").expect("a file");
        write_empty(scratch.path()).expect("a list");
        let list = fs::read_to_string(scratch.path().join(FILE)).expect("the list");
        assert!(list.contains("export const version = \"\";\n"), "{list}");
        assert!(list.contains("export const files = [\n];\n"), "{list}");
    }
    #[test]
    fn the_service_worker_is_marked_once_and_anew_when_a_script_changes() {
        let scratch = Scratch::new("precache-mark").expect("a folder");
        let put = |path: &str, text: &str| {
            fs::write(scratch.path().join(path), text).expect("a file");
        };
        let marked = || {
            mark(scratch.path()).expect("a mark");
            fs::read_to_string(scratch.path().join(WORKER)).expect("the script")
        };
        put(WORKER, "work();\n");
        put("host.js", "first");
        let first = marked();
        let mark = first.strip_prefix("work();\n// Version ").expect("a mark");
        assert_eq!(mark.trim_end().len(), 16);
        assert_eq!(marked(), first, "it is the same, and there is one of it");
        put("page.html", "no script");
        assert_eq!(marked(), first);
        put("host.js", "second");
        assert_ne!(marked(), first);
    }
}
