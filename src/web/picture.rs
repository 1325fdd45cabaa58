//! Picture files, read and written.

use super::Result;
use super::error::to_js;
use super::object::to_object;
use crate::raster::codec::{self, Format, Found, Limits};
use crate::raster::{Raster, Shape};
use js_sys::Uint8Array;
use wasm_bindgen::prelude::*;

/// A picture and what was found in its file.
#[wasm_bindgen]
pub struct DecodedPicture {
    shape: Shape,
    data: Uint8Array,
    found: Found,
}

#[wasm_bindgen]
impl DecodedPicture {
    /// Columns.
    #[wasm_bindgen(getter)]
    pub fn width(&self) -> usize {
        self.shape.width
    }

    /// Rows.
    #[wasm_bindgen(getter)]
    pub fn height(&self) -> usize {
        self.shape.height
    }

    /// Values per pixel: 1 grey, 3 RGB, 4 RGBA.
    #[wasm_bindgen(getter)]
    pub fn channels(&self) -> usize {
        self.shape.channels
    }

    /// The values, row by row.
    #[wasm_bindgen(getter)]
    pub fn data(&self) -> Uint8Array {
        self.data.clone()
    }

    /// What was found: `{ format, width, height, bits, colours, orientation, frames, notes }`.
    #[wasm_bindgen(getter)]
    pub fn found(&self) -> JsValue {
        to_object(&self.found)
    }
}

/// Reads a picture file. Without limits those of the core hold.
#[wasm_bindgen(js_name = decodePicture)]
pub fn decode_picture(
    bytes: &[u8],
    limit_bytes: Option<f64>,
    limit_pixels: Option<f64>,
) -> Result<DecodedPicture> {
    let mut limits = Limits::default();
    // What is no size becomes one that the core refuses.
    let size = |number: f64| {
        if number.fract() == 0.0 {
            number as usize
        } else {
            0
        }
    };
    if let Some(bytes) = limit_bytes {
        limits.bytes = size(bytes);
    }
    if let Some(pixels) = limit_pixels {
        limits.pixels = size(pixels);
    }
    let decoded = codec::decode(bytes, &limits).map_err(to_js)?;
    Ok(DecodedPicture {
        shape: decoded.picture.shape(),
        data: decoded.picture.data().into(),
        found: decoded.found,
    })
}

/// Writes a picture as a file: `png`, `jpeg` with a quality from 1 to 100, or `webp`.
#[wasm_bindgen(js_name = encodePicture)]
pub fn encode_picture(
    data: Vec<u8>,
    width: usize,
    height: usize,
    channels: usize,
    format: &str,
    quality: Option<f64>,
) -> Result<Vec<u8>> {
    let shape = Shape {
        width,
        height,
        channels,
    };
    Format::of(format, quality)
        .and_then(|format| codec::encode(&Raster::new(shape, data)?, format))
        .map_err(to_js)
}
