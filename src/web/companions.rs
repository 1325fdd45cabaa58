//! What goes along with a picture, for JavaScript.

use super::Result;
use super::augment::{Augmented, Picture};
use super::error::to_js;
use crate::augment::{BoxFormat, BoxRules, Boxes};
use crate::raster::{Raster, Shape};
use js_sys::{Float64Array, Uint8Array};
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
impl Picture {
    /// Takes in a mask of the same size, which follows the picture's geometry.
    #[wasm_bindgen(js_name = attachMask)]
    pub fn attach_mask(
        &mut self,
        width: usize,
        height: usize,
        channels: usize,
        data: Vec<u8>,
    ) -> Result<()> {
        let shape = Shape {
            width,
            height,
            channels,
        };
        self.companions.mask = Some(Raster::new(shape, data).map_err(|e| to_js(e.within("mask")))?);
        self.companions.check(self.raster.shape()).map_err(to_js)
    }

    /// Takes in boxes, four numbers each, which follow the picture's geometry.
    #[wasm_bindgen(js_name = attachBoxes)]
    pub fn attach_boxes(
        &mut self,
        format: &str,
        numbers: &[f64],
        min_area: f64,
        min_visibility: f64,
        clip: bool,
    ) -> Result<()> {
        let rules = BoxRules {
            min_area,
            min_visibility,
            clip,
        };
        let shape = self.raster.shape();
        let boxes = BoxFormat::named(format)
            .and_then(|format| Boxes::new(format, numbers.as_chunks().0, shape, rules))
            .map_err(to_js)?;
        self.companions.boxes = Some(boxes);
        Ok(())
    }
}

#[wasm_bindgen]
impl Augmented {
    /// The values of the mask, which is as wide and high as the picture.
    #[wasm_bindgen(getter)]
    pub fn mask(&self) -> Option<Uint8Array> {
        let mask = self.companions.mask.as_ref()?;
        Some(mask.data().into())
    }

    /// How many values the mask has per pixel.
    #[wasm_bindgen(getter, js_name = maskChannels)]
    pub fn mask_channels(&self) -> usize {
        self.companions.mask.as_ref().map_or(0, Raster::channels)
    }

    /// The boxes that are left, in the format in which they came: four numbers each.
    #[wasm_bindgen(getter)]
    pub fn boxes(&self) -> Option<Float64Array> {
        let boxes = self.companions.boxes.as_ref()?;
        let numbers: Vec<f64> = boxes.written().flatten().collect();
        Some(numbers.as_slice().into())
    }

    /// For each of them, its place in the list that was given.
    #[wasm_bindgen(getter, js_name = boxesFrom)]
    pub fn boxes_from(&self) -> Vec<u32> {
        let list = self.companions.boxes.iter().flat_map(|boxes| boxes.list());
        list.map(|boxed| boxed.from as u32).collect()
    }
}
