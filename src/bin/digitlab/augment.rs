//! `digitlab augment`.

use crate::arguments::Augment;
use crate::moment::{fresh_seed, milliseconds_since};
use crate::output::{Formats, Target, say, say_json};
use anyhow::{Context, Result, bail};
use digitlab::augment::{Applied, import, pipeline_of, preset};
use digitlab::random::{Purpose, Stream};
use digitlab::raster::Raster;
use digitlab::raster::codec::{self, Limits};
use serde_json::{Value, json};
use std::fs;
use std::io::{self, Read};
use std::path::Path;
use std::time::Instant;

/// Files of pictures.
enum Files {}

impl Formats for Files {
    const ENDINGS: &'static [&'static str] = &["png", "jpg", "jpeg", "webp"];
}

/// Changes the picture that the options name.
pub(crate) fn run(options: &Augment) -> Result<()> {
    let target = Target::of::<Files>(&options.output, &options.series)?;
    let pipeline = pipeline_of(&pipeline_json(&options.pipeline)?)?;
    let picture = picture(&options.picture)?;
    let seed = match options.series.seed {
        Some(seed) => seed,
        None => fresh_seed()?,
    };
    let ending = target.ending::<Files>();
    let format = codec::Format::of(if ending == "jpg" { "jpeg" } else { &ending }, None)?;
    let name = match options.picture.file_stem() {
        Some(stem) if options.picture.as_os_str() != "-" => stem.to_string_lossy().into_owned(),
        _ => "picture".into(),
    };
    for index in (options.series.index..).take(options.series.count as usize) {
        let start = Instant::now();
        let mut stream = Stream::new(seed, index, Purpose::Augment);
        let (made, record) = pipeline.run(picture.clone(), &mut stream)?;
        let content = codec::encode(&made, format)?;
        let file = target.write(&format!("{name}-seed{seed}-{index}.{ending}"), &content)?;
        let elapsed = milliseconds_since(start);
        let Some(file) = file else { continue };
        let file = file.display().to_string();
        if options.output.json {
            say_json(&json!({
                "file": file,
                "width": made.width(),
                "height": made.height(),
                "channels": made.channels(),
                "seed": seed.to_string(),
                "index": index,
                "record": record.iter().map(Applied::to_json).collect::<Vec<_>>(),
                "milliseconds": elapsed,
            }))?;
        } else {
            let steps: Vec<&str> = record.iter().map(Applied::transform).collect();
            let steps = if steps.is_empty() {
                "unchanged".into()
            } else {
                steps.join(", ")
            };
            say(&format!(
                "{file}  {elapsed:.1} ms  {} x {} pixels, seed {seed}, index {index}: {steps}",
                made.width(),
                made.height(),
            ))?;
        }
    }
    Ok(())
}

/// The picture in a file, or on stdin.
pub(crate) fn picture(path: &Path) -> Result<Raster> {
    let limits = Limits {
        bytes: Limits::MOST_BYTES,
        ..Limits::default()
    };
    let bytes = if path.as_os_str() == "-" {
        let mut bytes = Vec::new();
        io::stdin()
            .lock()
            .take(limits.bytes as u64 + 1)
            .read_to_end(&mut bytes)
            .context("stdin cannot be read")?;
        bytes
    } else {
        fs::read(path).with_context(|| format!("{} cannot be read", path.display()))?
    };
    let decoded = codec::decode(&bytes, &limits).with_context(|| path.display().to_string())?;
    Ok(decoded.picture)
}

/// A pipeline as our JSON: the name of a preset, or what a file holds.
pub(crate) fn pipeline_json(given: &str) -> Result<Value> {
    if preset(given).is_some() {
        return Ok(given.into());
    }
    let path = Path::new(given);
    if !path.exists() {
        // Says which presets there are.
        let Err(error) = pipeline_of(&given.into()) else {
            bail!("{given} is a preset");
        };
        return Err(error).with_context(|| format!("there is no file {given}, and"));
    }
    let text = fs::read_to_string(path).with_context(|| format!("{given} cannot be read"))?;
    let imported = import(&text).with_context(|| given.to_owned())?;
    for note in &imported.notes {
        eprintln!("digitlab: {given}: {note}");
    }
    Ok(imported.pipeline.to_json())
}
