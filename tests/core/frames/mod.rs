//! Image logs.
//!
//! - `bad`: the broken files of the folder `bad/`, each with what is said of it
//! - `cuts`: laws that hold for any bytes in any pieces
//! - `import`: good files of every form
//! - `resample`: against scikit-image, Pillow and OpenCV
//! - `sample`: the log that the site ships
//! - `sorting`: rows that are not in the order of their depths

mod bad;
mod cuts;
mod import;
mod resample;
mod sample;
mod sorting;

use digitlab::frames::{ImportOptions, Imported, Importer, Report, RowChunk, Staging};
use digitlab::{Error, Result};
use std::collections::BTreeMap;
use std::future::Future;
use std::io::Write;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

/// All of an image.
#[derive(Clone, Debug, PartialEq)]
struct Image {
    depths: Vec<f32>,
    pixels: Vec<f32>,
    width: usize,
    report: Report,
}

impl Image {
    fn row(&self, at: usize) -> &[f32] {
        &self.pixels[at * self.width..][..self.width]
    }
}

/// Chunks by number, in memory.
#[derive(Default)]
struct Memory {
    chunks: BTreeMap<u32, RowChunk>,
    /// The most chunks that were there at once.
    most: usize,
}

impl Staging for Memory {
    async fn read(&mut self, number: u32) -> Result<RowChunk> {
        Ok(self.chunks[&number].clone())
    }

    async fn write(&mut self, number: u32, chunk: RowChunk) -> Result<()> {
        assert!(
            self.chunks.insert(number, chunk).is_none(),
            "{number} is in use"
        );
        self.most = self.most.max(self.chunks.len());
        Ok(())
    }

    async fn remove(&mut self, number: u32) -> Result<()> {
        self.chunks.remove(&number).expect("a chunk that is there");
        Ok(())
    }
}

/// Runs what never waits.
fn now<T>(future: impl Future<Output = T>) -> T {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(done) => done,
        Poll::Pending => unreachable!("memory never waits"),
    }
}

/// Options that keep the columns as they are.
fn as_is() -> ImportOptions {
    ImportOptions {
        width: None,
        ..ImportOptions::default()
    }
}

/// The chunks that pieces of a file become, and what the end says.
fn chunks<'a>(
    pieces: impl IntoIterator<Item = &'a [u8]>,
    options: &ImportOptions,
) -> (Vec<RowChunk>, Result<Imported>) {
    let mut importer = Importer::new(options.clone()).expect("good options");
    let mut chunks = Vec::new();
    let mut take = |importer: &mut Importer| -> Result<()> {
        while let Some(chunk) = importer.next_chunk()? {
            chunks.push(chunk);
        }
        Ok(())
    };
    for piece in pieces {
        importer.push(piece.to_vec());
        if let Err(error) = take(&mut importer) {
            return (chunks, Err(error));
        }
    }
    importer.end();
    if let Err(error) = take(&mut importer) {
        return (chunks, Err(error));
    }
    (chunks, importer.finish())
}

/// Imports a file in one piece, merged and mapped.
fn import(file: &[u8], options: &ImportOptions) -> Result<Image> {
    let (chunks, imported) = chunks([file], options);
    let Imported {
        merge,
        mapping,
        mut report,
        width,
    } = imported?;
    let mut memory = Memory::default();
    let mut numbers = 0..chunks.len() as u32;
    for (number, chunk) in chunks.into_iter().enumerate() {
        now(memory.write(number as u32, chunk))?;
    }
    if let Some(merge) = merge {
        numbers = now(merge.run(&mut memory, &mut report))?;
    }
    assert_eq!(memory.chunks.len(), numbers.len(), "others are removed");
    let mut image = Image {
        depths: Vec::new(),
        pixels: Vec::new(),
        width,
        report,
    };
    for number in numbers {
        let chunk = &memory.chunks[&number];
        image.depths.extend(&chunk.depths);
        image.pixels.extend(&chunk.pixels);
    }
    mapping.apply(&mut image.pixels);
    assert_eq!(image.report.rows_kept, image.depths.len() as u64);
    assert_eq!(image.pixels.len(), image.depths.len() * width);
    assert!(image.depths.is_sorted_by(|a, b| a < b), "depths increase");
    let dropped = image.report.dropped;
    let rows = image.report.rows_read;
    assert_eq!(rows, image.report.rows_kept + dropped.total());
    Ok(image)
}

/// What is said of a file that is refused.
fn refusal(file: &[u8], options: &ImportOptions) -> Error {
    import(file, options).expect_err("a file that is refused")
}

/// One member of a gzip file.
fn gzip(text: &[u8]) -> Vec<u8> {
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    packed.write_all(text).unwrap();
    packed.finish().unwrap()
}
