//! Pixels as files.

use super::Result;
use super::error::to_js;
use crate::error::Error;
use crate::npy;
use crate::raster::{self, Raster, codec, from_unit};
use crate::sequence::answer;
use js_sys::Float32Array;
use std::cell::RefCell;
use wasm_bindgen::prelude::*;

/// How many numbers are handed over at a time: few enough to stay in the cache, and
/// enough for an image of most widths.
const HANDFUL: usize = 1 << 13;

thread_local! {
    /// Kept, because clearing it would take as long as filling it.
    static NUMBERS: RefCell<Vec<f32>> = RefCell::new(vec![0.0; HANDFUL]);
}

/// Writes grey levels as numbers 0..=1 to the start of `numbers`, which has room for
/// them all.
#[wasm_bindgen(js_name = toUnit)]
pub fn to_unit(levels: &[u8], numbers: &Float32Array) {
    NUMBERS.with_borrow_mut(|handful| {
        for (levels, start) in levels.chunks(HANDFUL).zip((0..).step_by(HANDFUL)) {
            let handful = &mut handful[..levels.len()];
            for (number, &level) in handful.iter_mut().zip(levels) {
                *number = raster::to_unit(level);
            }
            numbers
                .subarray(start, start + levels.len() as u32)
                .copy_from(handful);
        }
    });
}

/// A PNG file of grey pixels 0..=1.
#[wasm_bindgen(js_name = toPng)]
pub fn to_png(pixels: &[f32], width: usize) -> Result<Vec<u8>> {
    let levels = checked(pixels, width)?
        .iter()
        .copied()
        .map(from_unit)
        .collect();
    codec::to_png(&Raster::grey(width, pixels.len() / width, levels)).map_err(to_js)
}

/// A NumPy file of 32-bit floats.
#[wasm_bindgen(js_name = toNpy)]
pub fn to_npy(pixels: &[f32], width: usize) -> Result<Vec<u8>> {
    let pixels = checked(pixels, width)?;
    Ok(npy::write_f32(pixels.len() / width, width, pixels))
}

/// JSON text of labels (themselves JSON text of an object) and pixels.
#[wasm_bindgen(js_name = toJson)]
pub fn to_json(labels: &str, pixels: &[f32], width: usize) -> Result<String> {
    let labels = serde_json::from_str(labels)
        .map_err(|error| to_js(Error::invalid("labels", error, "a JSON object")))?;
    Ok(answer::to_text(&labels, checked(pixels, width)?, width))
}

fn checked(pixels: &[f32], width: usize) -> Result<&[f32]> {
    if pixels.is_empty() || width == 0 || !pixels.len().is_multiple_of(width) {
        return Err(to_js(Error::invalid(
            "width",
            width,
            format!(
                "a divisor of the number of pixels, which is {}",
                pixels.len()
            ),
        )));
    }
    Ok(pixels)
}
