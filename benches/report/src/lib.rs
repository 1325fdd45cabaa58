//! What was measured, as tables for people, which are read again when a part is measured anew.

use std::fmt::Write;
use std::path::Path;
use std::{fs, io};

/// All that one run measured.
#[derive(Debug, Default)]
pub struct Report {
    notes: Vec<(String, String)>,
    bars: Vec<Bar>,
    facts: Vec<(String, String)>,
    tables: Vec<Table>,
}

/// A table of its own: a title, a sentence, and rows of which the first is the head.
#[derive(Debug)]
struct Table {
    title: String,
    about: String,
    rows: Vec<Vec<String>>,
}

/// One bar: what was to be reached, and what was.
#[derive(Debug)]
pub struct Bar {
    /// Its number in the list of bars.
    pub id: String,
    /// The work that is measured.
    pub work: String,
    /// Our figure with its unit.
    pub ours: String,
    /// The peer's figure, or a dash where there is no peer.
    pub peer: String,
    /// Ours against the peer's, or a dash.
    pub ratio: String,
    /// What is to be reached.
    pub bar: String,
    /// Whether it was.
    pub met: bool,
}

impl Report {
    /// Adds a circumstance of the run.
    pub fn note(&mut self, name: &str, value: &str) {
        let note = (name.to_owned(), value.to_owned());
        if !self.notes.contains(&note) {
            self.notes.push(note);
        }
    }

    /// The latest value of a circumstance.
    pub fn noted(&self, name: &str) -> Option<&str> {
        let latest = self.notes.iter().rev().find(|(known, _)| known == name);
        latest.map(|(_, value)| value.as_str())
    }

    /// Adds a bar.
    pub fn bar(&mut self, bar: Bar) {
        self.bars.push(bar);
    }

    /// The bars with this number.
    pub fn bars(&self, id: &str) -> impl Iterator<Item = &Bar> {
        self.bars.iter().filter(move |bar| bar.id == id)
    }

    /// Adds a table of its own.
    pub fn table(&mut self, title: &str, about: &str, head: &[&str], rows: Vec<Vec<String>>) {
        let head = head.iter().map(|name| (*name).to_owned()).collect();
        self.tables.push(Table {
            title: title.to_owned(),
            about: about.to_owned(),
            rows: std::iter::once(head).chain(rows).collect(),
        });
    }

    /// Adds a figure that no bar asks for.
    pub fn fact(&mut self, name: &str, value: &str) {
        self.facts.push((name.to_owned(), value.to_owned()));
    }

    /// The report that a file of the repository holds, as [`to_markdown`](Self::to_markdown) wrote it.
    pub fn from_markdown(text: &str) -> Self {
        let mut report = Self::default();
        let (front, rest) = text.split_once("\n## ").unwrap_or((text, ""));
        for line in front.lines() {
            if let Some((name, value)) = line
                .strip_prefix("- ")
                .and_then(|note| note.split_once(": "))
            {
                report.note(name, value);
            }
        }
        for section in rest.split("\n## ").filter(|section| !section.is_empty()) {
            let (title, content) = section.split_once('\n').unwrap_or((section, ""));
            let is_row = |line: &&str| line.starts_with("| ") && !line.starts_with("| --- |");
            let rows = content.lines().filter(is_row).map(cells);
            match title {
                "Bars" => report.bars.extend(rows.skip(1).filter_map(|row| {
                    let [id, work, ours, peer, ratio, bar, met] = row.try_into().ok()?;
                    let met = met == "yes";
                    Some(Bar {
                        id,
                        work,
                        ours,
                        peer,
                        ratio,
                        bar,
                        met,
                    })
                })),
                "Other figures" => report.facts.extend(rows.skip(1).filter_map(|row| {
                    let [name, value] = row.try_into().ok()?;
                    Some((name, value))
                })),
                _ => report.tables.push(Table {
                    title: title.to_owned(),
                    about: content
                        .lines()
                        .find(|line| !line.is_empty() && !line.starts_with('|'))
                        .unwrap_or_default()
                        .to_owned(),
                    rows: rows.collect(),
                }),
            }
        }
        report
    }

    /// Puts what was measured anew in the place of what was measured before.
    pub fn renew(&mut self, newer: Self) {
        // What a bar is about; what follows in brackets may be a figure.
        let about = |bar: &Bar| {
            let (work, _) = bar.work.split_once(" (").unwrap_or((&bar.work, ""));
            (bar.id.clone(), work.to_owned())
        };
        for bar in newer.bars {
            replace(&mut self.bars, bar, |old, new| about(old) == about(new));
        }
        for fact in newer.facts {
            replace(&mut self.facts, fact, |(old, _), (new, _)| old == new);
        }
        for table in newer.tables {
            replace(&mut self.tables, table, |old, new| old.title == new.title);
        }
        for (name, value) in newer.notes {
            if !self.notes.iter().any(|(known, _)| *known == name) {
                self.note(&name, &value);
            }
        }
    }

    /// Puts what was measured anew into a file that holds a report, and says there which parts these are, and when that was.
    ///
    /// # Errors
    /// When the file cannot be read or written.
    pub fn renew_file(self, file: &Path, parts: &str, date: &str) -> io::Result<()> {
        let mut whole = Self::from_markdown(&fs::read_to_string(file)?);
        whole.renew(self);
        whole.note("Measured again", &format!("{parts} on {date}"));
        fs::write(file, whole.to_markdown())
    }

    /// Adds all that another report says.
    pub fn append(&mut self, other: Self) {
        for (name, value) in &other.notes {
            self.note(name, value);
        }
        self.bars.extend(other.bars);
        self.facts.extend(other.facts);
        self.tables.extend(other.tables);
    }

    /// The report for a terminal: what there is of it.
    pub fn to_text(&self) -> String {
        let mut text = String::new();
        let own = self.tables.iter().map(|table| table.rows.clone());
        for table in [self.bars_table(), self.facts_table()]
            .into_iter()
            .chain(own)
        {
            // Only a head.
            if table.len() == 1 {
                continue;
            }
            let columns = table[0].len();
            let width = |column: usize| {
                table
                    .iter()
                    .map(|row| row[column].chars().count())
                    .max()
                    .unwrap_or(0)
            };
            let widths: Vec<usize> = (0..columns).map(width).collect();
            for row in &table {
                let cells = row
                    .iter()
                    .zip(&widths)
                    .map(|(cell, width)| format!("{cell:<width$}"));
                let line = cells.collect::<Vec<_>>().join("  ");
                let _ = writeln!(text, "{}", line.trim_end());
            }
            text.push('\n');
        }
        text
    }

    /// The report as a file of the repository.
    pub fn to_markdown(&self) -> String {
        let mut text = String::from(
            "# Results\n\nWritten by `cargo xtask bench`; do not edit. Times are medians of rounds in which we and \
             the peer take turns, with the range of the rounds in brackets: on a shared machine the ratio counts.\n\n",
        );
        for (name, value) in &self.notes {
            let _ = writeln!(text, "- {name}: {value}");
        }
        let mut tables = vec![
            ("Bars", "", self.bars_table()),
            ("Other figures", "", self.facts_table()),
        ];
        for table in &self.tables {
            tables.push((&table.title, &table.about, table.rows.clone()));
        }
        for (title, about, table) in tables {
            let _ = write!(text, "\n## {title}\n\n");
            if !about.is_empty() {
                let _ = write!(text, "{about}\n\n");
            }
            for (number, row) in table.iter().enumerate() {
                let _ = writeln!(text, "| {} |", row.join(" | "));
                if number == 0 {
                    let _ = writeln!(text, "|{}", " --- |".repeat(row.len()));
                }
            }
        }
        text
    }

    fn bars_table(&self) -> Vec<Vec<String>> {
        let head = ["#", "work", "ours", "peer", "ratio", "bar", "met"]
            .map(str::to_owned)
            .to_vec();
        let row = |bar: &Bar| {
            let met = if bar.met { "yes" } else { "no" };
            let texts = [
                &bar.id, &bar.work, &bar.ours, &bar.peer, &bar.ratio, &bar.bar, met,
            ];
            texts.map(str::to_owned).to_vec()
        };
        std::iter::once(head)
            .chain(self.bars.iter().map(row))
            .collect()
    }

    fn facts_table(&self) -> Vec<Vec<String>> {
        let head = vec!["what".to_owned(), "figure".to_owned()];
        let rows = self
            .facts
            .iter()
            .map(|(name, value)| vec![name.clone(), value.clone()]);
        std::iter::once(head).chain(rows).collect()
    }
}

/// Puts an item in the place of the one that it follows, or last.
fn replace<T>(list: &mut Vec<T>, item: T, follows: impl Fn(&T, &T) -> bool) {
    match list.iter().position(|old| follows(old, &item)) {
        Some(at) => list[at] = item,
        None => list.push(item),
    }
}

/// The cells of a row of a table.
fn cells(line: &str) -> Vec<String> {
    let inner = line.trim().trim_start_matches("| ").trim_end_matches(" |");
    inner.split(" | ").map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bar(id: &str, work: &str, ours: &str) -> Bar {
        Bar {
            id: id.into(),
            work: work.into(),
            ours: ours.into(),
            peer: "-".into(),
            ratio: "-".into(),
            bar: "-".into(),
            met: true,
        }
    }

    #[test]
    fn a_part_that_is_measured_anew_takes_its_old_place() {
        let mut whole = Report::default();
        whole.note("Date", "2026-01-01");
        whole.bar(bar("S9", "natively (2 files)", "1"));
        whole.bar(bar("S9", "in the browser", "2"));
        whole.bar(bar("S14", "drawing", "145 ms"));
        whole.fact("engine", "1 byte");
        whole.table(
            "Answers",
            "In milliseconds.",
            &["what", "time"],
            vec![vec!["a digit".into(), "35 ms".into()]],
        );
        let text = whole.to_markdown();
        let mut read = Report::from_markdown(&text);
        assert_eq!(read.to_markdown(), text);

        let mut newer = Report::default();
        newer.note("Date", "2026-02-02");
        newer.bar(bar("S9", "natively (3 files)", "4"));
        newer.bar(bar("S11", "data sets", "5"));
        newer.table(
            "Answers",
            "In milliseconds.",
            &["what", "time"],
            vec![vec!["a digit".into(), "20 ms".into()]],
        );
        read.renew(newer);
        let text = read.to_markdown();
        let order: Vec<usize> = [
            "2026-01-01",
            "| S9 | natively (3 files) | 4 |",
            "| S9 | in the browser | 2 |",
            "| S14 |",
            "| S11 |",
            "| engine |",
            "| a digit | 20 ms |",
        ]
        .iter()
        .map(|part| {
            text.find(part)
                .unwrap_or_else(|| panic!("no {part} in {text}"))
        })
        .collect();
        assert!(order.is_sorted(), "{text}");
        assert!(
            !text.contains("2 files") && !text.contains("35 ms"),
            "{text}"
        );
    }

    #[test]
    fn a_bar_that_is_missed_says_so() {
        let mut report = Report::default();
        report.note("Machine", "2 cores");
        report.bar(Bar {
            id: "S1".into(),
            work: "work".into(),
            ours: "9/s".into(),
            peer: "1/s".into(),
            ratio: "9 x".into(),
            bar: "at least 10 x".into(),
            met: false,
        });
        let markdown = report.to_markdown();
        assert!(markdown.contains("- Machine: 2 cores\n"), "{markdown}");
        assert!(
            markdown.contains("| S1 | work | 9/s | 1/s | 9 x | at least 10 x | no |\n"),
            "{markdown}"
        );
        assert!(
            report
                .to_text()
                .contains("S1  work  9/s   1/s   9 x    at least 10 x  no\n"),
            "{}",
            report.to_text()
        );
    }
}
