//! Makes the image log that people may try the Frames page on, with the note on its
//! licence, or a longer one for tests.
//!
//! `cargo xtask sample-log` runs this with the folder of the sample, and `--check` if it
//! is only to be compared; or with `--times`, a number and a file.

#[path = "../made_folder.rs"]
mod made_folder;

use anyhow::{Context, Result, bail, ensure};
use digitlab::frames::SyntheticLog;
use made_folder::{Files, compare, write};
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;
use std::{env, ffi::OsStr};

/// What makes the sample.
const COMMAND: &str = "cargo xtask sample-log";
const FILE: &str = "borehole.csv.gz";
const NOTE: &str = "LICENCE.txt";
const MOST_BYTES: usize = 1_000_000;

fn main() {
    if let Err(error) = run() {
        eprintln!("xtask: {error:#}");
        std::process::exit(1);
    }
}

fn run() -> Result<()> {
    let arguments: Vec<_> = env::args_os().skip(1).collect();
    let arguments: Vec<&OsStr> = arguments.iter().map(AsRef::as_ref).collect();
    match arguments.as_slice() {
        [folder] => write(Path::new(folder), &make()?, "a sample"),
        [folder, check] if *check == "--check" => compare(Path::new(folder), &make()?, COMMAND),
        [times, number, file] if *times == "--times" => {
            let number = number.to_str().and_then(|number| number.parse().ok());
            write_long(Path::new(file), number.context("--times needs a number")?)
        }
        _ => bail!("usage: xtask-sample-log <folder> [--check] | --times <number> <file>"),
    }
}

/// All files of the folder.
fn make() -> Result<Files> {
    let log = SyntheticLog::new(1).write_gzip(Vec::new())?;
    ensure!(
        log.len() <= MOST_BYTES,
        "the sample has {} bytes; at most {MOST_BYTES} are allowed",
        log.len()
    );
    let note = "borehole.csv.gz was made by `cargo xtask sample-log`. It shows no real borehole: layers,\n\
                fractures, vugs and breakouts were computed.\n\n\
                borehole (Synthetic borehole image): MIT OR Apache-2.0, Digitlab\n";
    Ok(Files::from([
        (FILE.to_owned(), log),
        (NOTE.to_owned(), note.into()),
    ]))
}

/// Writes a log of many times the length, compressed if its name ends so.
fn write_long(path: &Path, times: u64) -> Result<()> {
    let log = SyntheticLog::new(times);
    let file = File::create(path).with_context(|| format!("cannot write {}", path.display()))?;
    let mut out = BufWriter::new(file);
    if path.extension().is_some_and(|extension| extension == "gz") {
        out = log.write_gzip(out)?;
    } else {
        log.write_csv(&mut out)?;
    }
    out.flush()?;
    println!("Wrote {} rows to {}", log.rows(), path.display());
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_committed_sample_is_what_is_made() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../www/samples/log");
        compare(&folder, &make().unwrap(), COMMAND).unwrap();
    }
}
