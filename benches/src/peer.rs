//! A peer in Python: a process that is asked for rounds, so that its start and its loading are not measured.

use std::ffi::OsStr;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use digitlab_browser::environment;
use serde_json::Value;

/// A running peer; it ends when dropped.
#[derive(Debug)]
pub(crate) struct Peer {
    script: &'static str,
    process: Child,
    questions: ChildStdin,
    answers: BufReader<ChildStdout>,
    /// The versions it runs with.
    pub(crate) versions: Value,
}

impl Peer {
    /// Starts a script of `benches/peers/`, and waits until it has loaded what it needs.
    pub(crate) fn start(python: &Path, script: &'static str, arguments: &[&OsStr]) -> Self {
        let mut process = Command::new(python)
            .arg(
                environment::workspace()
                    .join("benches")
                    .join("peers")
                    .join(script),
            )
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap_or_else(|error| panic!("{}: {error}", python.display()));
        let questions = process.stdin.take().expect("its input was asked for");
        let answers = BufReader::new(process.stdout.take().expect("its output was asked for"));
        let mut peer = Self {
            script,
            process,
            questions,
            answers,
            versions: Value::Null,
        };
        peer.versions = peer.answer();
        peer
    }

    /// Asks for one round and waits for its answer.
    pub(crate) fn ask(&mut self, question: &str) -> Value {
        writeln!(self.questions, "{question}")
            .unwrap_or_else(|error| panic!("{}: {error}", self.script));
        self.answer()
    }

    fn answer(&mut self) -> Value {
        let mut line = String::new();
        let read = self.answers.read_line(&mut line);
        match read.map_err(|error| error.to_string()).and_then(|_| {
            serde_json::from_str(&line).map_err(|error| format!("{error} in \"{}\"", line.trim()))
        }) {
            Ok(answer) => answer,
            Err(error) => panic!("{} ended early: {error}", self.script),
        }
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
