//! The engine as JavaScript sees it. It translates and does nothing else.

// wasm-bindgen's macros write the unsafe code that crossing the border takes.
#![allow(unsafe_code)]

#[cfg(feature = "files")]
pub mod archive;
// The modules of the site: `engine`, which the first picture needs, `dataset`, `files`, `frames`, `reader`,
// `routes` and `trainer`.
#[cfg(feature = "engine")]
pub mod augment;
#[cfg(feature = "engine")]
pub mod companions;
#[cfg(feature = "dataset")]
pub mod dataset;
#[cfg(feature = "engine")]
pub mod encode;
#[cfg(feature = "engine")]
pub mod engine;
// The routes answer errors as HTTP does.
#[cfg(any(
    feature = "dataset",
    feature = "engine",
    feature = "files",
    feature = "frames",
    feature = "reader",
    feature = "trainer"
))]
mod error;
#[cfg(feature = "frames")]
pub mod frames;
#[cfg(any(feature = "frames", feature = "routes"))]
mod frames_store;
mod object;
#[cfg(feature = "engine")]
pub mod own_bucket;
#[cfg(feature = "files")]
pub mod picture;
#[cfg(feature = "reader")]
pub mod reader;
#[cfg(feature = "routes")]
pub mod routes;
#[cfg(feature = "trainer")]
pub mod trainer;
#[cfg(feature = "trainer")]
pub mod training;
#[cfg(feature = "files")]
pub mod yaml;

use std::cell::RefCell;
use wasm_bindgen::prelude::*;

type Result<T> = std::result::Result<T, JsValue>;

thread_local! {
    static LAST_PANIC: RefCell<String> = const { RefCell::new(String::new()) };
}

/// Runs when the module starts: a panic is logged, and kept for the worker to report.
#[wasm_bindgen(start)]
pub fn start() {
    std::panic::set_hook(Box::new(|info| {
        console_error_panic_hook::hook(info);
        LAST_PANIC.set(info.to_string());
    }));
}

/// What the last panic said; empty if there was none. The instance that panicked can
/// still answer this, and should be asked nothing else.
#[wasm_bindgen(js_name = lastPanic)]
pub fn last_panic() -> String {
    LAST_PANIC.with_borrow(Clone::clone)
}

/// Panics on purpose, so that the page's handling of it can be tested.
#[wasm_bindgen(js_name = panicOnPurpose)]
pub fn panic_on_purpose() {
    panic!("on purpose, as was asked");
}

/// The version of this build.
#[wasm_bindgen]
pub fn version() -> String {
    env!("CARGO_PKG_VERSION").into()
}
