//! What can be done with the images of a store.

use super::encode::{Table, encode, to_csv, to_f32};
use super::frame::{Canvas, Levels, object, shown, within};
use super::image::checked_name;
use super::store::{INDEX, ROWS, Store, lost};
use super::{CHUNK_ROWS, FrameFormat, FrameRequest, ImageInfo, Paint, RowChunk, Scale, Window};
use crate::error::{Error, Result};
use serde_json::Value;
use std::ops::Range;

/// How many chunks are read at once.
const AT_ONCE: u32 = 16;

/// The images of a store.
#[derive(Clone, Debug, Default)]
pub struct Library<S> {
    store: S,
}

/// Rows of a window.
#[derive(Clone, Debug, PartialEq)]
pub struct Rows {
    /// The depths, and the pixels of row after row.
    pub chunk: RowChunk,
    /// Pixels in a row.
    pub width: usize,
}

/// A part of an image for a viewer: a chunk of one of its levels, in colours.
#[derive(Clone, Debug, PartialEq)]
pub struct Tile {
    /// Columns.
    pub width: usize,
    /// Rows, at most 256.
    pub height: usize,
    /// Red, green, blue and alpha of each pixel.
    pub rgba: Vec<u8>,
    /// Which row of the level is the first.
    pub first_row: usize,
    /// The depth of each row; above the lowest level, the mean of the depths that it stands for.
    pub depths: Vec<f32>,
    /// The values of the pixels before they were coloured.
    pub pixels: Vec<f32>,
}

/// A tile that is asked for.
#[derive(Clone, Debug, PartialEq)]
pub struct TileRequest {
    /// 0: the rows themselves; each further level has a fourth of the rows of the one before.
    pub level: u32,
    /// Which chunk of 256 rows.
    pub index: u32,
    /// In which colours; the own scale is that of the whole image.
    pub paint: Paint,
}

impl TileRequest {
    /// Reads a request.
    ///
    /// # Errors
    /// [`Error::InvalidParameter`], [`Error::MissingParameter`] and [`Error::UnknownParameter`] for what is not allowed.
    pub fn from_json(value: &Value) -> Result<Self> {
        let object = object(value, &["level", "index", "colormap", "reverse", "scale"])?;
        let number = |field: &str| match object.get(field) {
            None | Some(Value::Null) => Err(Error::MissingParameter {
                field: field.into(),
                allowed: "a whole number from 0 up".into(),
            }),
            Some(value) => match value.as_u64().and_then(|number| u32::try_from(number).ok()) {
                Some(number) => Ok(number),
                None => Err(Error::invalid(
                    field,
                    shown(value),
                    "whole numbers from 0 up",
                )),
            },
        };
        Ok(Self {
            level: number("level")?,
            index: number("index")?,
            paint: Paint::from_json(object)?,
        })
    }
}

impl<S: Store> Library<S> {
    /// The images of this store.
    pub fn new(store: S) -> Self {
        Self { store }
    }

    /// Where they are kept.
    pub fn store(&self) -> &S {
        &self.store
    }

    /// All images, by their ids in ascending order.
    ///
    /// # Errors
    /// Those of the store, as for all that follow.
    pub async fn list(&self) -> Result<Vec<ImageInfo>> {
        self.store.images().await
    }

    /// An image.
    ///
    /// # Errors
    /// [`Error::UnknownImage`] when there is none of this number.
    pub async fn get(&self, id: u32) -> Result<ImageInfo> {
        match self.store.image(id).await? {
            Some(image) => Ok(image),
            None => Err(self.unknown(id).await),
        }
    }

    async fn unknown(&self, id: u32) -> Error {
        match self.store.images().await {
            Ok(images) => Error::UnknownImage {
                id: id.to_string(),
                ids: images.iter().map(|image| image.id).collect(),
            },
            Err(error) => error,
        }
    }

    /// Gives an image another name.
    ///
    /// # Errors
    /// [`Error::UnknownImage`], and [`Error::InvalidParameter`] for names that are empty, too long, or of many lines.
    pub async fn rename(&self, id: u32, name: &str) -> Result<ImageInfo> {
        let name = checked_name(name)?;
        let image = ImageInfo {
            name,
            ..self.get(id).await?
        };
        if self.store.describe(&image).await? {
            Ok(image)
        } else {
            Err(self.unknown(id).await)
        }
    }

    /// Deletes an image with all its rows.
    ///
    /// # Errors
    /// [`Error::UnknownImage`].
    pub async fn delete(&self, id: u32) -> Result<()> {
        self.get(id).await?;
        self.store.delete(id).await
    }

    /// The rows of a window.
    ///
    /// # Errors
    /// [`Error::UnknownImage`], and [`Error::NoRows`] when no row lies within.
    pub async fn rows(&self, id: u32, window: Window) -> Result<Rows> {
        let image = self.get(id).await?;
        let mut reading = Reading::begin(&self.store, &image, window).await?;
        let mut all = RowChunk {
            depths: Vec::with_capacity(reading.rows),
            pixels: Vec::with_capacity(reading.rows * image.width),
        };
        while let Some(chunk) = reading.next(&self.store).await? {
            all.depths.extend_from_slice(&chunk.depths);
            all.pixels.extend_from_slice(&chunk.pixels);
        }
        Ok(Rows {
            chunk: all,
            width: image.width,
        })
    }

    /// A part of an image for a viewer. It reads one chunk, whatever the image's size.
    ///
    /// # Errors
    /// [`Error::UnknownImage`], and [`Error::InvalidParameter`] for levels and chunks that the image does not have.
    pub async fn tile(&self, id: u32, request: &TileRequest) -> Result<Tile> {
        let image = self.get(id).await?;
        let TileRequest { level, index, .. } = *request;
        if level >= image.levels {
            return Err(Error::invalid(
                "level",
                level,
                format!("whole numbers from 0 to {}", image.levels - 1),
            ));
        }
        let chunks = image.chunks_of(level);
        if index >= chunks {
            return Err(Error::invalid(
                "index",
                index,
                format!("whole numbers from 0 to {} on level {level}", chunks - 1),
            ));
        }
        let mut read = self.store.read(id, level, index..index + 1).await?;
        let chunk = read.pop().ok_or_else(|| lost(id, level, index))?;
        let levels = Levels::new(request.paint.scale, image.value_min, image.value_max);
        let table = request.paint.colormap.table();
        let colours = table.map(|[red, green, blue]| [red, green, blue, 255]);
        let mut rgba = Vec::with_capacity(4 * chunk.pixels.len());
        for &value in &chunk.pixels {
            rgba.extend_from_slice(&colours[usize::from(levels.of(value))]);
        }
        Ok(Tile {
            width: image.width,
            height: chunk.len(),
            rgba,
            first_row: index as usize * CHUNK_ROWS,
            depths: chunk.depths,
            pixels: chunk.pixels,
        })
    }

    /// Begins to write a frame as a file.
    ///
    /// # Errors
    /// [`Error::UnknownImage`], [`Error::NoRows`], and [`Error::LimitExceeded`] for a picture that would be too large.
    pub async fn render(&self, id: u32, request: FrameRequest) -> Result<Rendering> {
        let image = self.get(id).await?;
        let reading = Reading::begin(&self.store, &image, request.window).await?;
        let canvas = match request.format.is_picture() {
            true => Some(Canvas::new(
                [image.width, reading.rows],
                request.width,
                request.height,
            )?),
            false => None,
        };
        Ok(Rendering {
            request,
            image,
            reading,
            canvas,
            begun: false,
        })
    }
}

/// A frame on its way into a file.
#[derive(Debug)]
pub struct Rendering {
    request: FrameRequest,
    image: ImageInfo,
    reading: Reading,
    canvas: Option<Canvas>,
    begun: bool,
}

impl Rendering {
    /// How many rows of the image it shows.
    pub fn rows(&self) -> usize {
        self.reading.rows
    }

    /// The next bytes of the file; `None` when that was all.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn next_part(&mut self, store: &impl Store) -> Result<Option<Vec<u8>>> {
        match self.canvas.take() {
            Some(canvas) => self.picture(store, canvas).await.map(Some),
            None if self.request.format.is_picture() => Ok(None),
            None => self.table(store).await,
        }
    }

    /// A picture comes in one part.
    async fn picture(&mut self, store: &impl Store, mut canvas: Canvas) -> Result<Vec<u8>> {
        let scale = self.request.paint.scale;
        let [mut min, mut max] = [self.image.value_min, self.image.value_max];
        if scale == Scale::Own && self.reading.rows < self.image.height {
            [min, max] = [f32::INFINITY, f32::NEG_INFINITY];
            let mut first = self.reading.clone();
            while let Some(chunk) = first.next(store).await? {
                for &value in &chunk.pixels {
                    min = min.min(value);
                    max = max.max(value);
                }
            }
        }
        let levels = Levels::new(scale, min, max);
        while let Some(chunk) = self.reading.next(store).await? {
            canvas.add(&chunk, levels);
        }
        let table: &Table = self.request.paint.colormap.table();
        encode(
            &canvas.levels,
            canvas.width,
            canvas.height,
            table,
            self.request.format,
        )
    }

    async fn table(&mut self, store: &impl Store) -> Result<Option<Vec<u8>>> {
        let mut part = Vec::new();
        let csv = self.request.format == FrameFormat::Csv;
        if csv && !self.begun {
            part.extend_from_slice(b"depth");
            for column in 1..=self.image.width {
                part.extend_from_slice(format!(",col{column}").as_bytes());
            }
            part.push(b'\n');
        }
        self.begun = true;
        for _ in 0..AT_ONCE {
            match self.reading.next(store).await? {
                Some(chunk) if csv => to_csv(&chunk, &mut part),
                Some(chunk) => to_f32(&chunk, &mut part),
                None => break,
            }
        }
        Ok((!part.is_empty()).then_some(part))
    }
}

/// The chunks of a window, one after the other.
#[derive(Clone, Debug)]
struct Reading {
    id: u32,
    window: Window,
    /// How many rows lie within.
    rows: usize,
    chunks: Range<u32>,
    /// Read already, the next one last.
    ready: Vec<RowChunk>,
}

impl Reading {
    async fn begin(store: &impl Store, image: &ImageInfo, window: Window) -> Result<Self> {
        let index = store.read(image.id, INDEX, 0..1).await?;
        let firsts = &index
            .first()
            .ok_or_else(|| lost(image.id, INDEX, 0))?
            .depths;
        // The chunk before the first one that begins within may end within.
        let start = window.depth_min.map_or(0, |min| {
            firsts
                .partition_point(|&first| first <= min)
                .saturating_sub(1)
        });
        let end = window.depth_max.map_or(firsts.len(), |max| {
            firsts.partition_point(|&first| first <= max)
        });
        let mut reading = Self {
            id: image.id,
            window,
            rows: 0,
            chunks: start as u32..end.max(start) as u32,
            ready: Vec::new(),
        };
        reading.rows = reading.count(store, image).await?;
        if reading.rows == 0 {
            return Err(window.empty(image));
        }
        Ok(reading)
    }

    /// How many rows lie within: only the chunks at both ends may lie in part.
    async fn count(&self, store: &impl Store, image: &ImageInfo) -> Result<usize> {
        let Range { start, end } = self.chunks;
        if start == end {
            return Ok(0);
        }
        let whole = |number: u32| (image.height - number as usize * CHUNK_ROWS).min(CHUNK_ROWS);
        let mut rows = (start..end).map(whole).sum::<usize>();
        let mut ends = vec![];
        if self.window.depth_min.is_some() {
            ends.push(start);
        }
        if self.window.depth_max.is_some() && !ends.contains(&(end - 1)) {
            ends.push(end - 1);
        }
        for number in ends {
            let read = store.read(self.id, ROWS, number..number + 1).await?;
            let chunk = read.first().ok_or_else(|| lost(self.id, ROWS, number))?;
            rows -= chunk
                .depths
                .iter()
                .filter(|&&depth| !self.window.holds(depth))
                .count();
        }
        Ok(rows)
    }

    async fn next(&mut self, store: &impl Store) -> Result<Option<RowChunk>> {
        loop {
            if let Some(chunk) = self.ready.pop() {
                let chunk = within(chunk, &self.window);
                if chunk.is_empty() {
                    continue;
                }
                return Ok(Some(chunk));
            }
            let Range { start, end } = self.chunks;
            if start == end {
                return Ok(None);
            }
            let until = end.min(start + AT_ONCE);
            self.ready = store.read(self.id, ROWS, start..until).await?;
            if self.ready.len() != (until - start) as usize {
                return Err(lost(self.id, ROWS, start));
            }
            self.ready.reverse();
            self.chunks.start = until;
        }
    }
}
