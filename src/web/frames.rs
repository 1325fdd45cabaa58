//! Depth frames: images in the browser's storage, and what is made of them.

use super::Result;
use super::error::to_js;
use super::frames_store::IdbStore;
use super::object::to_object;
use crate::Error;
use crate::frames::{
    COLORMAPS, Colormap, FrameRequest, Importer, Intake, IntakeRequest, Library, Rendering, Rows,
    Store, Tile, TileRequest, Window,
};
use js_sys::{Float32Array, Uint8Array};
use serde::Serialize;
use serde_json::{Value, json};
use std::rc::Rc;
use wasm_bindgen::prelude::*;

/// A request as JSON text.
fn parsed(text: &str) -> Result<Value> {
    serde_json::from_str(text).map_err(|error| to_js(Error::invalid("request", error, "JSON")))
}

/// Through text, since a depth of 9000.1 shall not become 9000.099609375 on its way.
fn described(data: &impl Serialize) -> Result<JsValue> {
    let text = serde_json::to_string(data).map_err(|error| JsError::new(&error.to_string()))?;
    js_sys::JSON::parse(&text)
}

/// The stored images.
#[wasm_bindgen]
pub struct Frames {
    library: Rc<Library<IdbStore>>,
}

/// Opens the storage of images.
#[wasm_bindgen(js_name = openFrames)]
pub async fn open_frames() -> Result<Frames> {
    let store = IdbStore::open().await.map_err(to_js)?;
    Ok(Frames {
        library: Rc::new(Library::new(store)),
    })
}

#[wasm_bindgen]
impl Frames {
    /// Whether the connection to the storage is gone, so that it is to be opened anew.
    #[wasm_bindgen(getter, js_name = isClosed)]
    pub fn is_closed(&self) -> bool {
        self.library.store().is_closed()
    }

    /// Lets go of the storage, as soon as what was begun has ended; what is asked for from now on fails.
    pub async fn close(&self) {
        self.library.store().close().await;
    }

    /// The descriptions of all images.
    pub async fn list(&self) -> Result<JsValue> {
        described(&self.library.list().await.map_err(to_js)?)
    }

    /// The description of an image.
    pub async fn get(&self, id: u32) -> Result<JsValue> {
        described(&self.library.get(id).await.map_err(to_js)?)
    }

    /// Gives an image another name.
    pub async fn rename(&self, id: u32, name: String) -> Result<JsValue> {
        described(&self.library.rename(id, &name).await.map_err(to_js)?)
    }

    /// Deletes an image.
    pub async fn delete(&self, id: u32) -> Result<()> {
        self.library.delete(id).await.map_err(to_js)
    }

    /// The rows of a window: `{ depth_min, depth_max }`.
    pub async fn rows(&self, id: u32, window: String) -> Result<FrameRows> {
        let window = parsed(&window)?;
        let window = window
            .as_object()
            .map(Window::from_json)
            .transpose()
            .map_err(to_js)?;
        let rows = self.library.rows(id, window.unwrap_or_default()).await;
        rows.map(|rows| FrameRows { rows }).map_err(to_js)
    }

    /// A part of an image for a viewer.
    pub async fn tile(&self, id: u32, request: String) -> Result<FrameTile> {
        let request = TileRequest::from_json(&parsed(&request)?).map_err(to_js)?;
        let tile = self.library.tile(id, &request).await;
        tile.map(|tile| FrameTile { tile }).map_err(to_js)
    }

    /// Begins to write a frame as a file.
    pub async fn render(&self, id: u32, request: String) -> Result<FrameRendering> {
        let request = FrameRequest::from_json(&parsed(&request)?).map_err(to_js)?;
        let media_type = request.format.names().1;
        let rendering = self.library.render(id, request).await.map_err(to_js)?;
        Ok(FrameRendering {
            rendering,
            media_type,
            library: Rc::clone(&self.library),
        })
    }

    /// Begins an import. `owner` says whose it is, should nobody finish it.
    pub async fn begin(&self, owner: String, request: String) -> Result<FrameImport> {
        let request = IntakeRequest::from_json(&parsed(&request)?).map_err(to_js)?;
        let intake = Intake::begin(self.library.store(), &owner, request)
            .await
            .map_err(to_js)?;
        Ok(FrameImport {
            intake: Some(intake),
            started: js_sys::Date::now(),
            library: Rc::clone(&self.library),
        })
    }

    /// The imports that nobody has finished: `[{ id, owner }]`.
    pub async fn drafts(&self) -> Result<JsValue> {
        let drafts = self.library.store().drafts().await.map_err(to_js)?;
        let drafts: Vec<Value> = drafts
            .iter()
            .map(|draft| json!({ "id": draft.id, "owner": draft.owner }))
            .collect();
        Ok(to_object(&drafts))
    }

    /// Deletes what an import that nobody will finish has left.
    pub async fn discard(&self, id: u32) -> Result<()> {
        self.library.store().delete(id).await.map_err(to_js)
    }
}

/// Rows of an image.
#[wasm_bindgen]
pub struct FrameRows {
    rows: Rows,
}

#[wasm_bindgen]
impl FrameRows {
    /// Pixels in a row.
    #[wasm_bindgen(getter)]
    pub fn width(&self) -> usize {
        self.rows.width
    }

    /// The depth of each row.
    #[wasm_bindgen(getter)]
    pub fn depths(&self) -> Float32Array {
        self.rows.chunk.depths.as_slice().into()
    }

    /// The pixels, row by row.
    #[wasm_bindgen(getter)]
    pub fn pixels(&self) -> Float32Array {
        self.rows.chunk.pixels.as_slice().into()
    }
}

/// A part of an image for a viewer.
#[wasm_bindgen]
pub struct FrameTile {
    tile: Tile,
}

#[wasm_bindgen]
impl FrameTile {
    /// Columns.
    #[wasm_bindgen(getter)]
    pub fn width(&self) -> usize {
        self.tile.width
    }

    /// Rows.
    #[wasm_bindgen(getter)]
    pub fn height(&self) -> usize {
        self.tile.height
    }

    /// Red, green, blue and alpha of each pixel.
    #[wasm_bindgen(getter)]
    pub fn data(&self) -> Uint8Array {
        self.tile.rgba.as_slice().into()
    }

    /// Which row of the level is the first.
    #[wasm_bindgen(getter, js_name = firstRow)]
    pub fn first_row(&self) -> usize {
        self.tile.first_row
    }

    /// The depth of each row.
    #[wasm_bindgen(getter)]
    pub fn depths(&self) -> Float32Array {
        self.tile.depths.as_slice().into()
    }

    /// The values before they were coloured.
    #[wasm_bindgen(getter)]
    pub fn pixels(&self) -> Float32Array {
        self.tile.pixels.as_slice().into()
    }
}

/// A frame on its way into a file.
#[wasm_bindgen]
pub struct FrameRendering {
    rendering: Rendering,
    media_type: &'static str,
    library: Rc<Library<IdbStore>>,
}

#[wasm_bindgen]
impl FrameRendering {
    /// The media type of the file.
    #[wasm_bindgen(getter, js_name = mediaType)]
    pub fn media_type(&self) -> String {
        self.media_type.into()
    }

    /// The next bytes of the file; undefined when that was all.
    pub async fn next(&mut self) -> Result<Option<Uint8Array>> {
        let part = self
            .rendering
            .next_part(self.library.store())
            .await
            .map_err(to_js)?;
        Ok(part.as_deref().map(Uint8Array::from))
    }
}

/// An import that runs.
#[wasm_bindgen]
pub struct FrameImport {
    intake: Option<Intake>,
    started: f64,
    library: Rc<Library<IdbStore>>,
}

#[wasm_bindgen]
impl FrameImport {
    /// Takes the next bytes of the file, and answers how many rows have been read.
    pub async fn push(&mut self, piece: Vec<u8>) -> Result<f64> {
        let Some(intake) = &mut self.intake else {
            return Err(over());
        };
        intake
            .push(self.library.store(), piece)
            .await
            .map_err(to_js)?;
        Ok(intake.rows_read() as f64)
    }

    /// Publishes the image when all bytes were pushed; answers its description.
    pub async fn finish(&mut self, created: String) -> Result<JsValue> {
        let intake = self.intake.take().ok_or_else(over)?;
        let started = self.started;
        let elapsed = || js_sys::Date::now() - started;
        let image = intake.finish(self.library.store(), &created, elapsed).await;
        described(&image.map_err(to_js)?)
    }
}

fn over() -> JsValue {
    to_js(Error::Storage {
        reason: "this import is over".into(),
    })
}

/// Reads a file as an import does, and stores nothing.
#[wasm_bindgen]
pub struct FrameInspection {
    importer: Importer,
    rows: usize,
}

#[wasm_bindgen]
impl FrameInspection {
    /// Begins with the request of an import.
    #[wasm_bindgen(constructor)]
    pub fn new(request: &str) -> Result<Self> {
        let request = IntakeRequest::from_json(&parsed(request)?).map_err(to_js)?;
        let importer = Importer::new(request.options).map_err(to_js)?;
        Ok(Self { importer, rows: 0 })
    }

    /// Takes the next bytes of the file.
    pub fn push(&mut self, piece: Vec<u8>) -> Result<()> {
        self.importer.push(piece);
        self.take()
    }

    fn take(&mut self) -> Result<()> {
        while let Some(chunk) = self.importer.next_chunk().map_err(to_js)? {
            self.rows += chunk.len();
        }
        Ok(())
    }

    /// Says that there are no more bytes; answers how many rows an image of it would have.
    pub fn end(&mut self) -> Result<usize> {
        self.importer.end();
        self.take()?;
        Ok(self.rows)
    }
}

/// The colour maps that have names: `[{ name, title }]`.
#[wasm_bindgen]
pub fn colormaps() -> JsValue {
    let maps: Vec<Value> = COLORMAPS
        .iter()
        .map(|(name, title)| json!({ "name": name, "title": title }))
        .collect();
    to_object(&maps)
}

/// Red, green and blue of each level: of a map's name, or of a list of colours, as JSON text.
#[wasm_bindgen(js_name = colorTable)]
pub fn color_table(colormap: &str, reverse: bool) -> Result<Vec<u8>> {
    let map = Colormap::from_json(&parsed(colormap)?).map_err(to_js)?;
    let map = if reverse { map.reversed() } else { map };
    Ok(map.table().as_flattened().to_vec())
}
