//! Zip files for JavaScript.

use super::Result;
use super::error::to_js;
use crate::archive;
use wasm_bindgen::prelude::*;

/// A zip file on its way: every call gives the bytes that come next.
#[wasm_bindgen]
#[derive(Default)]
pub struct Archive {
    archive: archive::Archive,
}

#[wasm_bindgen]
impl Archive {
    /// An empty one.
    #[wasm_bindgen(constructor)]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a file.
    pub fn add(&mut self, name: &str, content: &[u8]) -> Result<Vec<u8>> {
        self.archive.add(name, content).map_err(to_js)
    }

    /// The end of the zip file.
    pub fn finish(self) -> Result<Vec<u8>> {
        self.archive.finish().map_err(to_js)
    }
}
