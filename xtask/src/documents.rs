//! Whether what the documents name is there: files, folders, headings, commands.

use crate::{help, workspace::Workspace};
use anyhow::{Context, Result, bail};
use std::{
    collections::HashSet,
    fs,
    path::{Component, Path, PathBuf},
};

/// The documents at the root; all of `docs/` comes to them.
const AT_ROOT: [&str; 2] = ["README.md", "CONTRIBUTING.md"];
const GUIDES: &str = "docs";
const PICTURES: &str = "docs/pictures";

/// Where figures are quoted, under which heading, and from where.
const QUOTES: &str = "README.md";
const FIGURES: &str = "## Figures";
const RESULTS: &str = "benches/RESULTS.md";

/// What a name between backticks begins with when it is a path of this repository.
const FOLDERS: [&str; 9] = [
    ".cargo/", ".ci/", ".github/", "benches/", "docs/", "src/", "tests/", "www/", "xtask/",
];

/// Who opens a document over a slow network still wants to see its pictures.
const MOST_PICTURE_BYTES: u64 = 200_000;

/// Finds everything that the documents name and that is not there.
pub(crate) fn check(workspace: &Workspace) -> Result<()> {
    let root = workspace.root();
    let mut documents: Vec<PathBuf> = AT_ROOT.iter().map(PathBuf::from).collect();
    collect(root, Path::new(GUIDES), &mut documents)?;
    let mut wrong = Vec::new();
    let mut linked = Vec::new();
    for path in &documents {
        let text = read(&root.join(path))?;
        for found in Finds::of(&text) {
            let problem = match found.kind {
                Kind::Link => link(root, path, &found.text, &mut linked)?,
                Kind::Name => name(root, &found.text),
                Kind::Command => command(&found.text),
            };
            if let Some(problem) = problem {
                wrong.push(format!("{}:{}: {problem}", path.display(), found.line));
            }
        }
    }
    wrong.extend(pictures(root, &linked)?);
    let (quotes, results) = (read(&root.join(QUOTES))?, read(&root.join(RESULTS))?);
    wrong.extend(
        figures(&quotes, &results)
            .map(|figure| format!("{QUOTES} quotes {figure}, which {RESULTS} does not have")),
    );
    if !wrong.is_empty() {
        bail!("the documents name what is not so:\n{}", wrong.join("\n"));
    }
    println!(
        "{} documents name nothing that is not there.",
        documents.len()
    );
    Ok(())
}

/// The Markdown files below a folder, in the order of their names.
fn collect(root: &Path, folder: &Path, documents: &mut Vec<PathBuf>) -> Result<()> {
    let shown = root.join(folder);
    let entries =
        fs::read_dir(&shown).with_context(|| format!("cannot read {}", shown.display()))?;
    let mut names = Vec::new();
    for entry in entries {
        names.push(entry?.file_name());
    }
    names.sort();
    for name in names {
        let path = folder.join(name);
        if root.join(&path).is_dir() {
            collect(root, &path, documents)?;
        } else if path.extension().is_some_and(|ending| ending == "md") {
            documents.push(path);
        }
    }
    Ok(())
}

fn read(path: &Path) -> Result<String> {
    fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))
}

/// What a document says that can be looked up.
#[derive(Debug, PartialEq, Eq)]
struct Find {
    line: usize,
    kind: Kind,
    text: String,
}

#[derive(Debug, PartialEq, Eq)]
enum Kind {
    /// The target of a link or a picture.
    Link,
    /// A path between backticks.
    Name,
    /// What follows `cargo xtask`.
    Command,
}

/// Collects finds line by line.
#[derive(Default)]
struct Finds {
    found: Vec<Find>,
    line: usize,
}

impl Finds {
    fn of(text: &str) -> Vec<Find> {
        let mut finds = Self::default();
        let mut is_code = false;
        for line in text.lines() {
            finds.line += 1;
            finds.commands(line);
            if is_fence(line) {
                is_code = !is_code;
            } else if !is_code {
                finds.prose(line);
            }
        }
        finds.found
    }

    fn commands(&mut self, line: &str) {
        for part in line.split("cargo xtask ").skip(1) {
            let word: String = part
                .chars()
                .take_while(|c| c.is_ascii_lowercase() || *c == '-')
                .collect();
            if !word.is_empty() && !word.starts_with('-') {
                self.add(Kind::Command, &word);
            }
        }
    }

    /// Links, and what stands between backticks; a link between backticks is none.
    fn prose(&mut self, line: &str) {
        let mut plain = String::new();
        for (at, part) in line.split('`').enumerate() {
            if at % 2 == 0 {
                plain.push_str(part);
            } else if FOLDERS.iter().any(|folder| part.starts_with(folder)) && !part.contains(' ') {
                self.add(Kind::Name, part);
            }
        }
        for part in plain.split("](").skip(1) {
            if let Some((target, _)) = part.split_once(')') {
                self.add(Kind::Link, target.split(' ').next().unwrap_or_default());
            }
        }
    }

    fn add(&mut self, kind: Kind, text: &str) {
        self.found.push(Find {
            line: self.line,
            kind,
            text: text.to_owned(),
        });
    }
}

fn is_fence(line: &str) -> bool {
    line.trim_start().starts_with("```")
}

/// What is wrong with a link, if it leads to a place of this repository.
fn link(
    root: &Path,
    from: &Path,
    target: &str,
    linked: &mut Vec<PathBuf>,
) -> Result<Option<String>> {
    if target.contains("://") || target.starts_with("mailto:") {
        return Ok(None);
    }
    let (file, heading) = target.split_once('#').unwrap_or((target, ""));
    let path = if file.is_empty() {
        from.to_owned()
    } else {
        plain(&from.parent().unwrap_or(Path::new("")).join(file))
    };
    let there = root.join(&path);
    if !there.exists() {
        return Ok(Some(format!(
            "links to {target}, but there is no {}",
            path.display()
        )));
    }
    linked.push(path);
    let known = heading.is_empty() || headings(&read(&there)?).any(|known| known == heading);
    Ok((!known).then(|| format!("links to {target}, but no heading there is called so")))
}

/// A path without `.` and `..`.
fn plain(path: &Path) -> PathBuf {
    let mut plain = PathBuf::new();
    for component in path.components() {
        match component {
            Component::ParentDir => {
                plain.pop();
            }
            Component::CurDir => {}
            other => plain.push(other),
        }
    }
    plain
}

/// How links call the headings of a document.
fn headings(text: &str) -> impl Iterator<Item = String> + '_ {
    let mut is_code = false;
    text.lines().filter_map(move |line| {
        is_code ^= is_fence(line);
        let title = line.trim_start_matches('#');
        let is_heading = !is_code && title.len() < line.len() && title.starts_with(' ');
        is_heading.then(|| anchor(title.trim()))
    })
}

fn anchor(title: &str) -> String {
    let kept = title
        .chars()
        .filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'));
    kept.flat_map(char::to_lowercase)
        .map(|c| if c == ' ' { '-' } else { c })
        .collect()
}

/// What is wrong with a path; `{a,b}` means each of them, and `*` any characters of a name.
fn name(root: &Path, path: &str) -> Option<String> {
    let missing = alternatives(path)
        .into_iter()
        .find(|path| !is_there(root, path.trim_end_matches('/')))?;
    Some(format!("names {path}, but there is no {missing}"))
}

fn alternatives(path: &str) -> Vec<String> {
    let braces = path
        .split_once('{')
        .and_then(|(before, rest)| Some((before, rest.split_once('}')?)));
    let Some((before, (inside, after))) = braces else {
        return vec![path.to_owned()];
    };
    inside
        .split(',')
        .flat_map(|one| alternatives(&format!("{before}{one}{after}")))
        .collect()
}

fn is_there(folder: &Path, path: &str) -> bool {
    let (first, rest) = path.split_once('/').unwrap_or((path, ""));
    if !first.contains('*') {
        let next = folder.join(first);
        return next.exists() && (rest.is_empty() || is_there(&next, rest));
    }
    let names = fs::read_dir(folder).into_iter().flatten().flatten();
    names
        .filter_map(|entry| entry.file_name().into_string().ok())
        .any(|name| {
            matches(first, &name) && (rest.is_empty() || is_there(&folder.join(&name), rest))
        })
}

/// Whether a name is of a pattern in which `*` stands for any characters.
fn matches(pattern: &str, name: &str) -> bool {
    let Some((before, after)) = pattern.split_once('*') else {
        return pattern == name;
    };
    let Some(rest) = name.strip_prefix(before) else {
        return false;
    };
    (0..=rest.len()).any(|at| rest.is_char_boundary(at) && matches(after, &rest[at..]))
}

/// What is wrong with a command of this program.
fn command(word: &str) -> Option<String> {
    let known = |line: &str| line.trim_start().split(' ').next() == Some(word);
    let is_known = word == "finish" || help::ALL.lines().any(known);
    (!is_known).then(|| format!("says `cargo xtask {word}`, which is no command"))
}

/// What is wrong with the pictures: too large, or shown by no document.
fn pictures(root: &Path, linked: &[PathBuf]) -> Result<Vec<String>> {
    let mut wrong = Vec::new();
    let folder = root.join(PICTURES);
    let entries =
        fs::read_dir(&folder).with_context(|| format!("cannot read {}", folder.display()))?;
    for entry in entries {
        let entry = entry?;
        let path = Path::new(PICTURES).join(entry.file_name());
        let shown = path.display();
        let bytes = entry.metadata()?.len();
        if bytes > MOST_PICTURE_BYTES {
            wrong.push(format!(
                "{shown} has {bytes} bytes; allowed: {MOST_PICTURE_BYTES}"
            ));
        }
        if !linked.contains(&path) {
            wrong.push(format!("{shown} is shown by no document"));
        }
    }
    wrong.sort();
    Ok(wrong)
}

/// The figures that are quoted and not among the results.
fn figures<'a>(quotes: &'a str, results: &str) -> impl Iterator<Item = &'a str> {
    let known: HashSet<String> = numbers(results).map(str::to_owned).collect();
    let section = quotes.split_once(FIGURES).map_or("", |(_, rest)| rest);
    let section = section.split("\n## ").next().unwrap_or_default();
    section
        .lines()
        .filter(|line| line.starts_with('|'))
        .flat_map(numbers)
        .filter(move |number| !known.contains(*number))
}

/// The numbers in a text, as they are written.
fn numbers(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !(c.is_ascii_digit() || matches!(c, '.' | ',')))
        .map(|number| number.trim_matches(['.', ',']))
        .filter(|number| !number.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scratch::Scratch;

    #[test]
    fn links_names_and_commands_are_found_where_they_stand() {
        let text = "See [a](b.md#c) and `src/lib.rs`, not `lib.rs`.\n\n```sh\ncargo xtask test --native\n[no](link) `src/no.rs`\n```\n`[no](link)` ![p](docs/p.png \"title\")";
        let found: Vec<_> = Finds::of(text)
            .into_iter()
            .map(|find| (find.line, find.kind, find.text))
            .collect();
        let expected = [
            (1, Kind::Name, "src/lib.rs"),
            (1, Kind::Link, "b.md#c"),
            (4, Kind::Command, "test"),
            (7, Kind::Link, "docs/p.png"),
        ];
        assert_eq!(
            found,
            expected.map(|(line, kind, text)| (line, kind, text.to_owned()))
        );
    }

    #[test]
    fn a_command_that_is_only_mentioned_is_none() {
        assert_eq!(
            Finds::of("`cargo xtask <command>`, `cargo xtask --help`"),
            []
        );
        assert_eq!(command("serve"), None);
        assert!(command("fly").is_some_and(|problem| problem.contains("cargo xtask fly")));
    }

    #[test]
    fn headings_are_called_as_links_call_them() {
        let text = "# Data sets\n```sh\n# a remark\n```\n## `npz`, npy: how?\n#hash";
        let found: Vec<_> = headings(text).collect();
        assert_eq!(found, ["data-sets", "npz-npy-how"]);
    }

    #[test]
    fn paths_have_alternatives_and_stars() {
        assert_eq!(alternatives("a/{b,c}.{d,e}").len(), 4);
        for (pattern, name, expected) in [
            ("*.rs", "lib.rs", true),
            ("record_*.js", "record_log.js", true),
            ("record_*.js", "records.js", false),
            ("a*b*c", "abbc", true),
            ("a*b*c", "abb", false),
        ] {
            assert_eq!(matches(pattern, name), expected, "{pattern} {name}");
        }
    }

    #[test]
    fn figures_are_those_of_the_results() {
        let results = "| S1 | 65,539 (55,346 to 84,574) /s | 6.1 x |";
        let quotes =
            "Since 1987.\n## Figures\n1 machine\n| six | 65,539 /s | 6.2 x |\n## Data\n| 5 |";
        assert_eq!(figures(quotes, results).collect::<Vec<_>>(), ["6.2"]);
    }

    #[test]
    fn what_is_not_there_is_told_with_its_line() {
        let scratch = Scratch::new("documents").expect("a folder");
        let root = scratch.path();
        fs::create_dir_all(root.join("docs/pictures")).expect("folders");
        fs::create_dir_all(root.join("src")).expect("a folder");
        let write = |path: &str, text: &str| fs::write(root.join(path), text).expect("a file");
        write("src/lib.rs", "");
        write("docs/pictures/old.png", "");
        write(
            "docs/guide.md",
            "# A guide\n[up](../README.md) [down](#nothing)",
        );
        let mut linked = Vec::new();
        let mut ask = |target| link(root, Path::new("docs/guide.md"), target, &mut linked);
        assert_eq!(ask("#a-guide").expect("a guide"), None);
        assert_eq!(ask("https://example.org/x").expect("elsewhere"), None);
        assert!(ask("#nothing").expect("a guide").is_some());
        assert!(
            ask("../README.md")
                .expect("none")
                .is_some_and(|problem| problem.contains("no README.md"))
        );
        assert_eq!(name(root, "src/*.rs"), None);
        assert_eq!(name(root, "src/"), None);
        assert!(
            name(root, "src/{lib,main}.rs").is_some_and(|problem| problem.ends_with("src/main.rs"))
        );
        let wrong = pictures(root, &linked).expect("a folder");
        assert_eq!(wrong, ["docs/pictures/old.png is shown by no document"]);
    }
}
