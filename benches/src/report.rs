//! What was measured, as a table for people.

use std::fmt::Write;

/// All that one run measured.
#[derive(Debug, Default)]
pub(crate) struct Report {
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
pub(crate) struct Bar {
    /// Its number in the list of bars.
    pub(crate) id: &'static str,
    /// The work that is measured.
    pub(crate) work: String,
    /// Our figure with its unit.
    pub(crate) ours: String,
    /// The peer's figure, or a dash where there is no peer.
    pub(crate) peer: String,
    /// Ours against the peer's, or a dash.
    pub(crate) ratio: String,
    /// What is to be reached.
    pub(crate) bar: String,
    /// Whether it was.
    pub(crate) met: bool,
}

impl Report {
    /// Adds a circumstance of the run.
    pub(crate) fn note(&mut self, name: &str, value: &str) {
        let note = (name.to_owned(), value.to_owned());
        if !self.notes.contains(&note) {
            self.notes.push(note);
        }
    }

    /// Adds a bar.
    pub(crate) fn bar(&mut self, bar: Bar) {
        self.bars.push(bar);
    }

    /// Adds a table of its own.
    pub(crate) fn table(
        &mut self,
        title: &str,
        about: &str,
        head: &[&str],
        rows: Vec<Vec<String>>,
    ) {
        let head = head.iter().map(|name| (*name).to_owned()).collect();
        self.tables.push(Table {
            title: title.to_owned(),
            about: about.to_owned(),
            rows: std::iter::once(head).chain(rows).collect(),
        });
    }

    /// Adds a figure that no bar asks for.
    pub(crate) fn fact(&mut self, name: &str, value: &str) {
        self.facts.push((name.to_owned(), value.to_owned()));
    }

    /// The report for a terminal.
    pub(crate) fn to_text(&self) -> String {
        let mut text = String::new();
        let own = self.tables.iter().map(|table| table.rows.clone());
        for table in [self.bars_table(), self.facts_table()]
            .into_iter()
            .chain(own)
        {
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
    pub(crate) fn to_markdown(&self) -> String {
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
                bar.id, &bar.work, &bar.ours, &bar.peer, &bar.ratio, &bar.bar, met,
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bar_that_is_missed_says_so() {
        let mut report = Report::default();
        report.note("Machine", "2 cores");
        report.bar(Bar {
            id: "S1",
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
