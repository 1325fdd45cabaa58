//! Image logs.

use super::{choice, json, sentence};
use digitlab::Result;
use digitlab::frames::{
    Colormap, FrameFormat, FrameRequest, ImageInfo, ImportLimits, Intake, IntakeRequest, Library,
    MemoryStore, Method, TileRequest,
};
use pollster::block_on;
use serde_json::{Value, json};

/// Little, so that a search comes far.
const LIMITS: ImportLimits = ImportLimits {
    columns: 4_096,
    row_bytes: 1 << 16,
    rows: 5_000,
    text_bytes: 1 << 20,
    expansion: 300,
};

/// The first two bytes say how the file is imported and in pieces of which size.
pub(crate) fn import(bytes: &[u8]) {
    let (options, bytes) = choice(bytes);
    let (piece, file) = choice(bytes);
    let widths = [None, Some(2), Some(150), Some(33)];
    let methods = Method::ALL.map(Method::name);
    let values = ["refuse", "clip", "rescale", "clip"];
    let request = json!({
        "name": "log",
        "width": widths[usize::from(options & 3)],
        "method": methods[usize::from(options >> 2 & 7) % methods.len()],
        "policy": if options & 32 == 0 { "drop" } else { "fail" },
        "values": values[usize::from(options >> 6)],
    });
    let library = Library::new(MemoryStore::default());
    match block_on(taken(&library, &request, file, usize::from(piece) + 1)) {
        Ok(image) => block_on(looked_at(&library, &image)),
        Err(error) => sentence(&error),
    }
}

async fn taken(
    library: &Library<MemoryStore>,
    request: &Value,
    file: &[u8],
    piece: usize,
) -> Result<ImageInfo> {
    let mut request = IntakeRequest::from_json(request)?;
    request.options.limits = LIMITS;
    let store = library.store();
    let mut intake = Intake::begin(store, "a search", request).await?;
    for piece in file.chunks(piece) {
        intake.push(store, piece.to_vec()).await?;
    }
    intake
        .finish(store, "2020-01-02T12:34:56.000Z", || 1.0)
        .await
}

/// All of it in each format, but for pictures that are large.
async fn looked_at(library: &Library<MemoryStore>, image: &ImageInfo) {
    let tile = json!({"level": image.levels - 1, "index": 0});
    let tile = TileRequest::from_json(&tile).expect("a tile");
    let tile = library.tile(image.id, &tile).await.expect("there is one");
    assert_eq!(tile.rgba.len(), 4 * tile.pixels.len());
    for (format, name, _) in FrameFormat::ALL {
        if format.is_picture() && image.width > 200 {
            continue;
        }
        let request = FrameRequest::from_json(&json!({"format": name})).expect("a request");
        rendered(library, image.id, request).await;
    }
}

async fn rendered(library: &Library<MemoryStore>, id: u32, request: FrameRequest) {
    match library.render(id, request).await {
        Ok(mut rendering) => loop {
            match rendering.next_part(library.store()).await {
                Ok(Some(_)) => {}
                Ok(None) => return,
                Err(error) => return sentence(&error),
            }
        },
        Err(error) => sentence(&error),
    }
}

thread_local! {
    /// A log of a few rows.
    static LOG: (Library<MemoryStore>, u32) = {
        let library = Library::new(MemoryStore::default());
        let rows = (0..40).map(|row| format!("{}.5,{},{},3\n", 900 + row, row * 5, 255 - row));
        let file = ["depth,a,b,c\n".to_owned()].into_iter().chain(rows).collect::<String>();
        let image = block_on(taken(&library, &json!({"name": "log", "width": null}), file.as_bytes(), 100));
        let id = image.expect("a log").id;
        (library, id)
    };
}

/// A request as JSON, read as each of those that there are.
pub(crate) fn request(bytes: &[u8]) {
    let Some(value) = json(bytes) else { return };
    if let Err(error) = Colormap::from_json(&value) {
        sentence(&error);
    }
    if let Err(error) = IntakeRequest::from_json(&value) {
        sentence(&error);
    }
    LOG.with(|(library, id)| {
        match TileRequest::from_json(&value) {
            Ok(request) => {
                if let Err(error) = block_on(library.tile(*id, &request)) {
                    sentence(&error);
                }
            }
            Err(error) => sentence(&error),
        }
        match FrameRequest::from_json(&value) {
            // Large pictures take long, and say nothing new.
            Ok(request)
                if request
                    .width
                    .max(request.height)
                    .is_some_and(|side| side > 300) => {}
            Ok(request) => block_on(rendered(library, *id, request)),
            Err(error) => sentence(&error),
        }
    });
}
