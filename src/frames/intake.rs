//! An import, from bytes to a published image.

use super::frame::{object, shown};
use super::image::{Resampling, checked_name};
use super::pyramid::{Made, Pyramid};
use super::store::{INDEX, ROWS, Staged, Store, lost};
use super::{
    CHUNK_ROWS, ImageInfo, ImportOptions, Imported, Importer, Mapping, Method, OutOfRange, Policy,
    RowChunk,
};
use crate::error::{Error, Result};
use serde_json::Value;
use std::ops::Range;

/// An import that is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IntakeRequest {
    /// What the image is called.
    pub name: String,
    /// How the file is read.
    pub options: ImportOptions,
}

impl IntakeRequest {
    const FIELDS: [&'static str; 5] = ["name", "width", "method", "policy", "values"];

    /// Reads a request. Whatever is left out has its default: 150 columns by the nearest ones, rows with something
    /// wrong are dropped, values outside 0 to 255 are refused. A width of null is the file's own.
    ///
    /// # Errors
    /// [`Error::InvalidParameter`] and [`Error::UnknownParameter`] for what is not allowed.
    pub fn from_json(value: &Value) -> Result<Self> {
        let object = object(value, &Self::FIELDS)?;
        let name = match object.get("name") {
            None => return Err(missing_name()),
            Some(Value::String(name)) => checked_name(name)?,
            Some(value) => return Err(Error::invalid("name", shown(value), "text")),
        };
        let mut options = ImportOptions {
            name: name.clone(),
            ..ImportOptions::default()
        };
        match object.get("width") {
            None => {}
            Some(Value::Null) => options.width = None,
            Some(value) => {
                let width = value
                    .as_u64()
                    .filter(|width| (2..=super::MOST_WIDTH as u64).contains(width));
                let allowed = || {
                    format!(
                        "whole numbers from 2 to {} (columns), or null for the file's own",
                        super::MOST_WIDTH
                    )
                };
                options.width = Some(
                    width.ok_or_else(|| Error::invalid("width", shown(value), allowed()))? as usize,
                );
            }
        }
        if let Some(value) = object.get("method") {
            options.method = Method::of(value.as_str().unwrap_or(&shown(value)))?;
        }
        if let Some(value) = object.get("policy") {
            options.policy = match value.as_str() {
                Some("drop") => Policy::Drop,
                Some("fail") => Policy::Fail,
                _ => return Err(Error::invalid("policy", shown(value), "drop, fail")),
            };
        }
        if let Some(value) = object.get("values") {
            options.values = match value.as_str() {
                Some("refuse") => OutOfRange::Refuse,
                Some("clip") => OutOfRange::Clip,
                Some("rescale") => OutOfRange::Rescale,
                _ => {
                    return Err(Error::invalid(
                        "values",
                        shown(value),
                        "refuse, clip, rescale",
                    ));
                }
            };
        }
        Ok(Self { name, options })
    }
}

fn missing_name() -> Error {
    Error::MissingParameter {
        field: "name".into(),
        allowed: "a name for the image".into(),
    }
}

/// An import that runs: rows are written to a draft while the bytes arrive, and what was written is gone unless
/// [`finish`](Self::finish) succeeds.
///
/// After any failure, and when it is cancelled, [`abandon`](Self::abandon) it.
#[derive(Debug)]
pub struct Intake {
    id: u32,
    name: String,
    method: Method,
    importer: Importer,
    writer: Writer,
}

impl Intake {
    /// Begins an import. `owner` says whose it is, should nobody finish it.
    ///
    /// # Errors
    /// Those of the importer's options, and of the store.
    pub async fn begin(store: &impl Store, owner: &str, request: IntakeRequest) -> Result<Self> {
        let method = request.options.method;
        let importer = Importer::new(request.options)?;
        let id = store.begin(owner).await?;
        Ok(Self {
            id,
            name: request.name,
            method,
            importer,
            writer: Writer::new(id),
        })
    }

    /// The number that the image will have.
    pub fn id(&self) -> u32 {
        self.id
    }

    /// Rows that have been read.
    pub fn rows_read(&self) -> u64 {
        self.importer.rows_read()
    }

    /// Takes the next bytes of the file.
    ///
    /// # Errors
    /// Those of the importer and of the store.
    pub async fn push(&mut self, store: &impl Store, piece: Vec<u8>) -> Result<()> {
        self.importer.push(piece);
        self.take(store).await
    }

    async fn take(&mut self, store: &impl Store) -> Result<()> {
        while let Some(chunk) = self.importer.next_chunk()? {
            self.writer.write(store, &chunk).await?;
        }
        Ok(())
    }

    /// Publishes the image when all bytes were pushed. `created` and `elapsed` (milliseconds) come from whoever has a
    /// clock.
    ///
    /// # Errors
    /// Those of the importer and of the store; nothing is published then.
    pub async fn finish(
        mut self,
        store: &impl Store,
        created: &str,
        elapsed: impl Fn() -> f64,
    ) -> Result<ImageInfo> {
        self.importer.end();
        self.take(store).await?;
        let Imported {
            merge,
            mapping,
            mut report,
            width,
        } = self.importer.finish()?;
        let id = self.id;
        let merged = match merge {
            Some(merge) => Some(merge.run(&mut Staged { store, id }, &mut report).await?),
            None => None,
        };
        let writer = match merged {
            None if mapping.is_identity() && self.writer.even => self.writer,
            range => rewrite(store, self.writer, range, &mapping).await?,
        };
        let written = writer.finish(store).await?;
        report.elapsed = Some(elapsed());
        let image = ImageInfo {
            id,
            name: self.name,
            width,
            height: written.rows,
            depth_min: report.depths.min,
            depth_max: report.depths.max,
            value_min: written.min,
            value_max: written.max,
            resampling: Resampling {
                from: report.layout.pixel_columns,
                method: self.method,
            },
            report,
            created: created.into(),
            levels: written.levels,
            bytes: written.bytes,
        };
        store.publish(&image).await?;
        Ok(image)
    }

    /// Takes back all that was written.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn abandon(self, store: &impl Store) -> Result<()> {
        store.delete(self.id).await
    }
}

/// Writes rows again where their values change, or chunks that are not full. A chunk comes to lie where one was read
/// before, or at its own place, since rows never become more.
async fn rewrite(
    store: &impl Store,
    old: Writer,
    range: Option<Range<u32>>,
    mapping: &Mapping,
) -> Result<Writer> {
    let id = old.id;
    for level in 1..=old.pyramid_levels() {
        store.remove(id, level, 0..u32::MAX).await?;
    }
    let range = range.unwrap_or(0..old.number);
    let mut writer = Writer::new(id);
    let mut full = RowChunk::default();
    for number in range.clone() {
        let mut read = store.read(id, ROWS, number..number + 1).await?;
        let mut chunk = read.pop().ok_or_else(|| lost(id, ROWS, number))?;
        mapping.apply(&mut chunk.pixels);
        if full.is_empty() && chunk.is_full() {
            writer.write(store, &chunk).await?;
            continue;
        }
        for at in 0..chunk.len() {
            full.push(chunk.depths[at], chunk.row(at));
            if full.is_full() {
                writer.write(store, &full).await?;
                full = RowChunk::with_room(chunk.width());
            }
        }
    }
    if !full.is_empty() {
        writer.write(store, &full).await?;
    }
    store.remove(id, ROWS, writer.number..u32::MAX).await?;
    Ok(writer)
}

/// Writes chunks of rows, and all that is made of them.
#[derive(Debug)]
struct Writer {
    id: u32,
    number: u32,
    rows: usize,
    /// Whether all chunks before the last one are full.
    even: bool,
    last_full: bool,
    index: Vec<f32>,
    pyramid: Option<Pyramid>,
    made: Vec<Made>,
    min: f32,
    max: f32,
    bytes: u64,
    highest: u32,
}

struct Written {
    rows: usize,
    levels: u32,
    min: f32,
    max: f32,
    bytes: u64,
}

impl Writer {
    fn new(id: u32) -> Self {
        Self {
            id,
            number: 0,
            rows: 0,
            even: true,
            last_full: true,
            index: Vec::new(),
            pyramid: None,
            made: Vec::new(),
            min: f32::INFINITY,
            max: f32::NEG_INFINITY,
            bytes: 0,
            highest: 0,
        }
    }

    fn pyramid_levels(&self) -> u32 {
        self.highest
    }

    async fn write(&mut self, store: &impl Store, chunk: &RowChunk) -> Result<()> {
        self.even &= self.last_full;
        self.last_full = chunk.len() == CHUNK_ROWS;
        self.index.extend(chunk.depths.first());
        for &pixel in &chunk.pixels {
            self.min = self.min.min(pixel);
            self.max = self.max.max(pixel);
        }
        self.pyramid
            .get_or_insert_with(|| Pyramid::new(chunk.width()))
            .add(chunk, &mut self.made);
        self.keep(store, ROWS, self.number, chunk).await?;
        self.number += 1;
        self.rows += chunk.len();
        self.keep_made(store).await
    }

    async fn keep_made(&mut self, store: &impl Store) -> Result<()> {
        for made in std::mem::take(&mut self.made) {
            self.highest = self.highest.max(made.level);
            self.keep(store, made.level, made.number, &made.chunk)
                .await?;
        }
        Ok(())
    }

    async fn keep(
        &mut self,
        store: &impl Store,
        level: u32,
        number: u32,
        chunk: &RowChunk,
    ) -> Result<()> {
        self.bytes += 4 * (chunk.depths.len() + chunk.pixels.len()) as u64;
        store.write(self.id, level, number, chunk).await
    }

    async fn finish(mut self, store: &impl Store) -> Result<Written> {
        let levels = match self.pyramid.take() {
            Some(pyramid) => pyramid.finish(&mut self.made),
            None => 1,
        };
        self.keep_made(store).await?;
        let index = RowChunk {
            depths: std::mem::take(&mut self.index),
            pixels: Vec::new(),
        };
        self.keep(store, INDEX, 0, &index).await?;
        Ok(Written {
            rows: self.rows,
            levels,
            min: self.min,
            max: self.max,
            bytes: self.bytes,
        })
    }
}
