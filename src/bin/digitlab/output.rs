//! Where results go, and what is said of them.

use crate::arguments::{Output, Series};
use anyhow::{Context, Result, bail};
use serde_json::Value;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// Formats by the ending of a file's name.
pub(crate) trait Formats {
    /// The endings there are; the first is what folders are filled with.
    const ENDINGS: &'static [&'static str];
}

/// Where the images of a series go.
#[derive(Debug)]
pub(crate) enum Target {
    /// All bytes of the one image to stdout.
    Stdout,
    /// The one image into this file.
    File(PathBuf),
    /// Each image into a file of its own, named when it is made.
    Folder(PathBuf),
}

impl Target {
    /// What the options ask for.
    pub(crate) fn of<F: Formats>(output: &Output, series: &Series) -> Result<Self> {
        let Some(out) = &output.out else {
            return Ok(Self::Folder(PathBuf::new()));
        };
        let target = if out.as_os_str() == "-" {
            Self::Stdout
        } else if !out.is_dir() && ending(out).is_some_and(|ending| F::ENDINGS.contains(&&*ending))
        {
            Self::File(out.clone())
        } else {
            Self::Folder(out.clone())
        };
        match &target {
            Self::Stdout | Self::File(_) if series.count > 1 => bail!(
                "--out is {}, which holds one image, and --count is {}; name a folder",
                out.display(),
                series.count
            ),
            Self::Stdout if output.json => bail!(
                "--out - writes the image to stdout, where --json writes, too; name a file or a folder"
            ),
            Self::Folder(folder) if !folder.is_dir() && ending(folder).is_some() => bail!(
                "--out is {}, whose ending is no format; allowed: {}, or a folder",
                out.display(),
                F::ENDINGS.join(", ")
            ),
            Self::Folder(folder) => fs::create_dir_all(folder)
                .with_context(|| format!("the folder {} cannot be made", folder.display()))?,
            _ => {}
        }
        Ok(target)
    }

    /// The ending of the file that is written next.
    pub(crate) fn ending<F: Formats>(&self) -> String {
        let own = match self {
            Self::File(file) => ending(file),
            _ => None,
        };
        own.unwrap_or_else(|| F::ENDINGS[0].to_owned())
    }

    /// Writes one image; `name` is what a file in a folder is called. Answers with the file's name.
    pub(crate) fn write(&self, name: &str, content: &[u8]) -> Result<Option<PathBuf>> {
        let file = match self {
            Self::Stdout => {
                let mut stdout = io::stdout().lock();
                stdout
                    .write_all(content)
                    .and_then(|()| stdout.flush())
                    .context("stdout cannot be written")?;
                return Ok(None);
            }
            Self::File(file) => file.clone(),
            Self::Folder(folder) => folder.join(name),
        };
        fs::write(&file, content)
            .with_context(|| format!("{} cannot be written", file.display()))?;
        Ok(Some(file))
    }
}

/// Says something of a result on stdout; when that is closed, nobody listens any more.
pub(crate) fn say(text: &str) -> Result<()> {
    match writeln!(io::stdout(), "{text}") {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => std::process::exit(0),
        other => other.context("stdout cannot be written"),
    }
}

/// Says it as a line of JSON.
pub(crate) fn say_json(value: &Value) -> Result<()> {
    say(&value.to_string())
}

fn ending(path: &Path) -> Option<String> {
    Some(path.extension()?.to_str()?.to_ascii_lowercase())
}
