//! A user's own IDX files as a bucket.

use super::Result;
use super::error::to_js;
use crate::mnist::idx::{Images, Labels};
use crate::mnist::manifest::Licence;
use crate::mnist::{Source, Split, bucket};
use std::collections::BTreeMap;
use wasm_bindgen::prelude::*;

/// A file by its name and content.
#[wasm_bindgen]
pub struct NamedFile {
    name: String,
    bytes: Vec<u8>,
}

#[wasm_bindgen]
impl NamedFile {
    /// Takes a file in.
    #[wasm_bindgen(constructor)]
    pub fn new(name: String, bytes: Vec<u8>) -> Self {
        Self { name, bytes }
    }

    /// Its name.
    #[wasm_bindgen(getter)]
    pub fn name(&self) -> String {
        self.name.clone()
    }

    /// A copy of its content.
    #[wasm_bindgen(getter)]
    pub fn bytes(&self) -> js_sys::Uint8Array {
        self.bytes.as_slice().into()
    }
}

/// A user's own data set, cut into shards like a bucket.
#[wasm_bindgen]
pub struct OwnBucket {
    manifest: String,
    shards: Vec<bucket::File>,
}

#[wasm_bindgen]
impl OwnBucket {
    /// Reads IDX files, plain or gzipped: the training images, their labels, and, if
    /// there is a test split, its images and labels. Names are for messages.
    #[wasm_bindgen(constructor)]
    pub fn new(name: &str, files: Vec<NamedFile>) -> Result<Self> {
        let mut splits = BTreeMap::new();
        for (split, pair) in Split::ALL.into_iter().zip(files.chunks_exact(2)) {
            let images = Images::parse(&pair[0].name, &pair[0].bytes).map_err(to_js)?;
            let labels = Labels::parse(&pair[1].name, &pair[1].bytes).map_err(to_js)?;
            splits.insert(split, (images, labels));
        }
        let source = Source {
            name: name.into(),
            source: "IDX files chosen on this machine".into(),
            licence: Licence::default(),
            splits,
        };
        let (manifest, shards) = bucket::build(&source).map_err(to_js)?;
        Ok(Self {
            manifest: manifest.to_text(),
            shards,
        })
    }

    /// The manifest, as JSON text.
    #[wasm_bindgen(getter)]
    pub fn manifest(&self) -> String {
        self.manifest.clone()
    }

    /// Hands a shard over, and with it its memory; nothing when all are taken.
    pub fn take(&mut self) -> Option<NamedFile> {
        let (name, bytes) = self.shards.pop()?;
        Some(NamedFile { name, bytes })
    }
}
