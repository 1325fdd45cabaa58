//! Imports into a store in memory.

use std::fmt::Write;
use std::future::Future;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use digitlab::Result;
use digitlab::frames::{
    ImageInfo, Intake, IntakeRequest, Library, MemoryStore, RowChunk, Store, SyntheticLog, Window,
};
use serde_json::{Value, json};

/// What a future gives that waits for nothing.
pub(super) fn now<T>(future: impl Future<Output = T>) -> T {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(value) => value,
        Poll::Pending => panic!("a store in memory waits for nothing"),
    }
}

/// Imports a file in pieces; what fails is abandoned, as a careful caller does.
pub(super) fn import(store: &MemoryStore, file: &[u8], request: Value) -> Result<ImageInfo> {
    now(async {
        let mut intake =
            Intake::begin(store, "a test", IntakeRequest::from_json(&request)?).await?;
        let id = intake.id();
        for piece in file.chunks(10_007) {
            if let Err(error) = intake.push(store, piece.to_vec()).await {
                intake.abandon(store).await?;
                return Err(error);
            }
        }
        let finished = intake
            .finish(store, "2026-01-02T03:04:05.678Z", || 1.5)
            .await;
        if finished.is_err() {
            store.delete(id).await?;
        }
        finished
    })
}

/// A library with one image of these rows, whose width is the file's.
pub(super) fn library_of(rows: &[(f32, Vec<f32>)]) -> (Library<MemoryStore>, ImageInfo) {
    let store = MemoryStore::default();
    let image = import(
        &store,
        csv(rows).as_bytes(),
        json!({ "name": "rows", "width": null }),
    )
    .expect("good rows");
    (Library::new(store), image)
}

pub(super) fn csv(rows: &[(f32, Vec<f32>)]) -> String {
    let mut text = String::from("depth");
    for column in 1..=rows[0].1.len() {
        write!(text, ",col{column}").unwrap();
    }
    text.push('\n');
    for (depth, pixels) in rows {
        write!(text, "{depth}").unwrap();
        for pixel in pixels {
            write!(text, ",{pixel}").unwrap();
        }
        text.push('\n');
    }
    text
}

/// So many rows at these distances, of values that repeat nowhere near.
pub(super) fn rows(count: usize, first: f32, step: f32, width: usize) -> Vec<(f32, Vec<f32>)> {
    (0..count)
        .map(|at| {
            let pixels = (0..width)
                .map(|column| ((at * 7 + column * 31) % 256) as f32)
                .collect();
            (
                (f64::from(first) + at as f64 * f64::from(step)) as f32,
                pixels,
            )
        })
        .collect()
}

/// The built-in sample.
pub(super) fn sample() -> Vec<u8> {
    let mut file = Vec::new();
    SyntheticLog::new(1).write_csv(&mut file).expect("memory");
    file
}

pub(super) fn window(
    depth_min: impl Into<Option<f32>>,
    depth_max: impl Into<Option<f32>>,
) -> Window {
    Window {
        depth_min: depth_min.into(),
        depth_max: depth_max.into(),
    }
}

pub(super) fn all_rows(library: &Library<MemoryStore>, id: u32) -> RowChunk {
    now(library.rows(id, Window::ALL)).expect("rows").chunk
}
