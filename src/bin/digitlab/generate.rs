//! `digitlab generate`.

use crate::arguments::Generate;
use crate::bucket::Bucket;
use crate::fields::{put, put_look};
use crate::moment::{fresh_seed, micros_of_day, milliseconds_since};
use crate::output::{Formats, Target, say, say_json};
use anyhow::Result;
use digitlab::Error;
use digitlab::npy;
use digitlab::raster::{codec, to_unit};
use digitlab::sequence::{self, Generator, Request, Sequence, answer};
use serde_json::{Map, Value};
use std::time::Instant;

/// Files of sequences.
enum Files {}

impl Formats for Files {
    const ENDINGS: &'static [&'static str] = &["png", "npy", "json"];
}

/// Makes the images that the options ask for.
pub(crate) fn run(options: &Generate) -> Result<()> {
    let target = Target::of::<Files>(&options.output, &options.series)?;
    let seed = match options.series.seed {
        Some(seed) => seed,
        None => fresh_seed()?,
    };
    let mut request = Request::from_json(&request(options)?, seed)?;
    let mut bucket = Bucket::open(options.source.bucket.as_deref())?;
    let mut generator = Generator::default();
    let first = request.index();
    let mut last_micros = None;
    for index in (first..).take(options.series.count as usize) {
        let start = Instant::now();
        request.set_index(index);
        let made = generate(&mut generator, &request, &mut bucket)?;
        // Each image has an id of its own, however fast they are made.
        let micros = last_micros.map_or(0, |last| last + 1).max(micros_of_day());
        last_micros = Some(micros);
        let task_id = sequence::task_id(micros);
        let labels = answer::labels(&request, &made, &task_id);
        let ending = target.ending::<Files>();
        let file = target.write(
            &format!("{task_id}.{ending}"),
            &content(&made, &labels, &ending)?,
        )?;
        let elapsed = milliseconds_since(start);
        let Some(file) = file else { continue };
        let file = file.display().to_string();
        if options.output.json {
            let mut told = labels;
            told.insert("file".into(), file.into());
            told.insert("width".into(), made.image.width().into());
            told.insert("height".into(), made.image.height().into());
            told.insert("milliseconds".into(), elapsed.into());
            say_json(&Value::Object(told))?;
        } else {
            say(&format!(
                "{task_id}  {elapsed:.1} ms  {file}  {} x {} pixels, seed {seed}, index {index}",
                made.image.width(),
                made.image.height(),
                seed = request.seed(),
            ))?;
        }
    }
    Ok(())
}

/// The sequence, after the shards that it lacks have been read.
fn generate(generator: &mut Generator, request: &Request, bucket: &mut Bucket) -> Result<Sequence> {
    loop {
        match generator.generate(request, &bucket.pool) {
            Err(Error::ShardsNotLoaded { files }) => bucket.load(&files)?,
            made => return Ok(made?),
        }
    }
}

/// The request as programs write it, so that it is read and refused by the same rules.
fn request(options: &Generate) -> Result<Value> {
    let mut request = Map::new();
    request.insert("number".into(), options.number.clone().into());
    request.insert("index".into(), options.series.index.into());
    put_look(&mut request, &options.look)?;
    put(&mut request, "split", options.split.as_deref());
    Ok(Value::Object(request))
}

fn content(made: &Sequence, labels: &Map<String, Value>, ending: &str) -> Result<Vec<u8>> {
    let image = &made.image;
    let numbers = || -> Vec<f32> { image.data().iter().copied().map(to_unit).collect() };
    Ok(match ending {
        "npy" => npy::write_f32(image.height(), image.width(), &numbers()),
        "json" => answer::to_text(labels, &numbers(), image.width()).into_bytes(),
        _ => codec::to_png(image)?,
    })
}
