//! The HTTP routes for a service worker.

use super::Result;
use super::frames_store::IdbStore;
use super::object::to_object;
use crate::classify::CLASSES;
use crate::frames::Library;
use crate::raster::Raster;
use crate::routes::{
    Body, Content, Failure, FrameFile, Moment, Recognized, Record, Request, Response, Routes,
    Services, claims, open_api,
};
use futures_util::{StreamExt, stream};
use js_sys::{Array, Function, Object, Promise, Reflect, Uint8Array};
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use wasm_streams::ReadableStream;
use wasm_streams::readable::IntoStream;

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = r#"
/** A request below the site's base path. */
export interface RouteRequest {
  method: string;
  /** Below the base, without a slash before it, percent-encoded as in the address. */
  path: string;
  /** What follows the question mark, without it. */
  query: string;
  headers: [string, string][];
  body: ReadableStream<Uint8Array> | null;
}

export interface RouteAnswer {
  status: number;
  headers: [string, string][];
  body: Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array> | null;
}

export interface RoutePicture {
  width: number;
  height: number;
  /** 1 grey, 3 RGB, 4 RGBA. */
  channels: number;
  data: Uint8Array<ArrayBuffer>;
}

export interface RouteRecognized {
  digit: number;
  probabilities: ArrayLike<number>;
  model: string;
  elapsed: number;
  /** The 784 levels that the model saw, if they are known. */
  seen?: Uint8Array | null;
}

/** As the record log takes it. */
export interface RouteRecord {
  name: string;
  kind: "digit";
  result: string;
  probability: number;
  model: string;
  elapsed: number;
  from: string;
  thumbnail: RoutePicture;
  seen: Uint8Array<ArrayBuffer> | null;
}

/** What the routes cannot do alone. Its functions throw objects `{ code, message, detail }`. */
export interface RouteHost {
  /** `time` in milliseconds since 1970, `microsOfDay` since midnight here. */
  now(): { time: number, microsOfDay: number };
  /** An unsigned 64-bit number. */
  seed(): bigint;
  /** A file of the bucket. `damaged`: the one given before is not what the manifest says; fetch it anew, past every cache. */
  bucketFile(name: string, damaged: boolean): Promise<Uint8Array>;
  /** A file of the bucket was found to be right and may be kept. */
  confirmBucketFile(name: string): void;
  fetchPicture(url: string): Promise<Uint8Array>;
  classify(picture: RoutePicture): Promise<RouteRecognized>;
  record(record: RouteRecord): Promise<void>;
  records(format: "json" | "csv"): Promise<Blob>;
  /** The name of an import whose lock (`digitlab-frames-import-<owner>`) is held until `release` is called. */
  beginImport(): Promise<{ owner: string, release: () => void }>;
}

/**
 * Answers a request. Every failure is an answer; the promise is rejected, with `{ code: "crashed", message, detail }`,
 * only when the module has panicked: the next call then begins with a fresh one.
 */
export function handle(request: RouteRequest, host: RouteHost): Promise<RouteAnswer>;
"#;

#[wasm_bindgen]
extern "C" {
    /// What the page's side of a route can do.
    pub type RouteHost;
    #[wasm_bindgen(method, catch)]
    fn now(this: &RouteHost) -> Result<JsValue>;
    #[wasm_bindgen(method, catch)]
    fn seed(this: &RouteHost) -> Result<JsValue>;
    #[wasm_bindgen(method, catch, js_name = bucketFile)]
    async fn bucket_file(this: &RouteHost, name: &str, damaged: bool) -> Result<JsValue>;
    #[wasm_bindgen(method, catch, js_name = confirmBucketFile)]
    fn confirm_bucket_file(this: &RouteHost, name: &str) -> Result<()>;
    #[wasm_bindgen(method, catch, js_name = fetchPicture)]
    async fn fetch_picture(this: &RouteHost, url: &str) -> Result<JsValue>;
    #[wasm_bindgen(method, catch)]
    async fn classify(this: &RouteHost, picture: &JsValue) -> Result<JsValue>;
    #[wasm_bindgen(method, catch)]
    async fn record(this: &RouteHost, record: &JsValue) -> Result<JsValue>;
    #[wasm_bindgen(method, catch)]
    async fn records(this: &RouteHost, format: &str) -> Result<JsValue>;
    #[wasm_bindgen(method, catch, js_name = beginImport)]
    async fn begin_import(this: &RouteHost) -> Result<JsValue>;
}

thread_local! {
    static ROUTES: Rc<Routes> = Rc::default();
    static LIBRARY: RefCell<Option<Rc<Library<IdbStore>>>> = const { RefCell::new(None) };
    /// How to reject the answers that somebody waits for, should this module panic.
    static WAITING: RefCell<BTreeMap<u32, Function>> = const { RefCell::new(BTreeMap::new()) };
    static LAST: Cell<u32> = const { Cell::new(0) };
}

/// The OpenAPI document, as JSON text.
#[wasm_bindgen(js_name = openApi)]
pub fn open_api_text() -> String {
    open_api().to_string()
}

/// Whether a path below the site's base belongs to a route.
#[wasm_bindgen(js_name = claims)]
pub fn claims_path(path: &str) -> bool {
    claims(path)
}

/// Begins again with a fresh module before the next call, as after a panic: for what only the host can see, such as a
/// stack that overflowed. What was being answered never is.
#[wasm_bindgen]
pub fn restart() {
    wasm_bindgen::handler::schedule_reinit();
}

/// Answers a request; its types are in the declarations.
#[wasm_bindgen(skip_typescript)]
pub fn handle(request: Object, host: RouteHost) -> Promise {
    hook();
    let id = LAST.get().wrapping_add(1);
    LAST.set(id);
    let mut parts = Some((request, host));
    Promise::new(&mut |resolve: Function, reject: Function| {
        let Some((request, host)) = parts.take() else {
            return;
        };
        WAITING.with_borrow_mut(|waiting| waiting.insert(id, reject.clone()));
        spawn_local(async move {
            let answered = answer(&request, host).await;
            WAITING.with_borrow_mut(|waiting| waiting.remove(&id));
            // The functions of a promise do not throw.
            drop(match answered {
                Ok(answer) => resolve.call1(&JsValue::NULL, &answer),
                Err(error) => reject.call1(&JsValue::NULL, &error),
            });
        });
    })
}

/// When the module panics, nobody waits in vain, and the next call finds a fresh one.
fn hook() {
    thread_local! {
        static HOOKED: Cell<bool> = const { Cell::new(false) };
    }
    if HOOKED.replace(true) {
        return;
    }
    let before = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |info| {
        before(info);
        wasm_bindgen::handler::schedule_reinit();
        let message = format!("The routes have crashed: {info}.");
        let error = to_object(&Failure::new("crashed", message));
        let waiting = WAITING.try_with(|waiting| {
            waiting
                .try_borrow_mut()
                .map(|mut all| std::mem::take(&mut *all))
        });
        if let Ok(Ok(waiting)) = waiting {
            for reject in waiting.values() {
                drop(reject.call1(&JsValue::NULL, &error));
            }
        }
    }));
}

/// Answers a request. It fails only when the request is none.
async fn answer(request: &Object, host: RouteHost) -> Result<JsValue> {
    let text = |name: &str| Ok::<_, JsValue>(get(request, name)?.as_string().unwrap_or_default());
    let body = get(request, "body")?;
    let request = Request {
        method: text("method")?,
        path: text("path")?,
        query: text("query")?,
        headers: pairs(&get(request, "headers")?)?,
        body: Sent(match body.dyn_into::<web_sys::ReadableStream>() {
            Ok(body) => {
                let stream = ReadableStream::from_raw(body).try_into_stream();
                Some(stream.map_err(|(error, _)| JsValue::from(error))?)
            }
            Err(_) => None,
        }),
    };
    let host = Host(host);
    let routes = ROUTES.with(Rc::clone);
    let Response {
        status,
        headers,
        content,
    } = routes.handle(request, &host).await;
    let headers: Array = headers
        .iter()
        .map(|(name, value)| Array::of2(&(*name).into(), &value.into()))
        .collect();
    let body = match content {
        Content::Empty => JsValue::NULL,
        Content::Bytes(bytes) => Uint8Array::from(bytes.as_slice()).into(),
        Content::Frame(file) => streamed(file),
    };
    object(&[
        ("status", status.into()),
        ("headers", headers.into()),
        ("body", body),
    ])
}

/// A file that is made while it is read, each part when it is asked for.
fn streamed(file: Box<FrameFile<IdbStore>>) -> JsValue {
    let parts = stream::unfold(Some(file), |file| async move {
        let mut file: Box<FrameFile<IdbStore>> = file?;
        match file.next().await {
            Ok(Some(part)) => {
                let part = JsValue::from(Uint8Array::from(part.as_slice()));
                Some((Ok(part), Some(file)))
            }
            Ok(None) => None,
            Err(failure) => Some((Err(to_object(&failure)), None)),
        }
    });
    ReadableStream::from_stream(parts).into_raw().into()
}

/// The body of a request.
struct Sent(Option<IntoStream<'static>>);

impl Body for Sent {
    async fn next(&mut self) -> std::result::Result<Option<Vec<u8>>, Failure> {
        let Some(body) = &mut self.0 else {
            return Ok(None);
        };
        match body.next().await {
            None => Ok(None),
            Some(Ok(piece)) => match piece.dyn_into::<Uint8Array>() {
                Ok(piece) => Ok(Some(piece.to_vec())),
                Err(_) => Err(Failure::broken_off("it is not made of bytes")),
            },
            Some(Err(error)) => Err(Failure::broken_off(&text_of(&error))),
        }
    }
}

/// What the page's side of the routes can do.
struct Host(RouteHost);

/// An import's lock: let go of when it is dropped.
struct Lock(JsValue);

impl Drop for Lock {
    fn drop(&mut self) {
        if let Some(release) = self.0.dyn_ref::<Function>() {
            // A lock that cannot be let go of ends with the worker.
            drop(release.call0(&JsValue::NULL));
        }
    }
}

impl Services for Host {
    type Store = IdbStore;
    type Lock = Lock;

    fn now(&self) -> Moment {
        let now = self.0.now().unwrap_or_default();
        let number = |name: &str| get(&now, name).ok().and_then(|value| value.as_f64());
        let time = number("time").unwrap_or_else(js_sys::Date::now);
        Moment {
            micros_of_day: number("microsOfDay").unwrap_or_default() as u64,
            iso: js_sys::Date::new(&time.into()).to_iso_string().into(),
            milliseconds: time,
        }
    }

    fn seed(&self) -> u64 {
        let seed = self.0.seed().unwrap_or_default();
        u64::try_from(seed).unwrap_or_default()
    }

    async fn bucket_file(
        &self,
        name: &str,
        damaged: bool,
    ) -> std::result::Result<Vec<u8>, Failure> {
        bytes(self.0.bucket_file(name, damaged).await)
    }

    fn confirm_bucket_file(&self, name: &str) {
        // Whether it is kept is the host's concern.
        drop(self.0.confirm_bucket_file(name));
    }

    async fn fetch_picture(&self, url: &str) -> std::result::Result<Vec<u8>, Failure> {
        bytes(self.0.fetch_picture(url).await)
    }

    async fn classify(&self, picture: &Raster) -> std::result::Result<Recognized, Failure> {
        let picture = picture_of(picture).map_err(|error| failure(&error))?;
        let found = self
            .0
            .classify(&picture)
            .await
            .map_err(|error| failure(&error))?;
        recognized(&found).map_err(|error| failure(&error))
    }

    async fn record(&self, record: Record<'_>) -> std::result::Result<(), Failure> {
        let record = record_of(&record).map_err(|error| failure(&error))?;
        self.0
            .record(&record)
            .await
            .map_err(|error| failure(&error))?;
        Ok(())
    }

    async fn records(&self, format: &str) -> std::result::Result<Vec<u8>, Failure> {
        let blob = self
            .0
            .records(format)
            .await
            .map_err(|error| failure(&error))?;
        let blob: web_sys::Blob = blob.dyn_into().map_err(|other| failure(&other))?;
        let buffer = JsFuture::from(blob.array_buffer()).await;
        Ok(Uint8Array::new(&buffer.map_err(|error| failure(&error))?).to_vec())
    }

    async fn begin_import(&self) -> std::result::Result<(String, Lock), Failure> {
        let begun = self
            .0
            .begin_import()
            .await
            .map_err(|error| failure(&error))?;
        let part = |name: &str| get(&begun, name).map_err(|error| failure(&error));
        let owner = part("owner")?.as_string().unwrap_or_default();
        Ok((owner, Lock(part("release")?)))
    }

    async fn library(&self) -> std::result::Result<Rc<Library<IdbStore>>, Failure> {
        let known = LIBRARY.with_borrow(Clone::clone);
        if let Some(library) = known.filter(|library| !library.store().is_closed()) {
            return Ok(library);
        }
        let library = Rc::new(Library::new(IdbStore::open().await?));
        LIBRARY.set(Some(Rc::clone(&library)));
        Ok(library)
    }
}

fn bytes(given: Result<JsValue>) -> std::result::Result<Vec<u8>, Failure> {
    let given = given.map_err(|error| failure(&error))?;
    let array: Uint8Array = given.dyn_into().map_err(|other| failure(&other))?;
    Ok(array.to_vec())
}

fn picture_of(picture: &Raster) -> Result<JsValue> {
    object(&[
        ("width", picture.width().into()),
        ("height", picture.height().into()),
        ("channels", picture.channels().into()),
        ("data", Uint8Array::from(picture.data()).into()),
    ])
}

fn record_of(record: &Record<'_>) -> Result<JsValue> {
    let found = record.recognized;
    let digit = usize::from(found.digit);
    let probability = found.probabilities.get(digit).copied().unwrap_or_default();
    let seen = match found.seen.as_slice() {
        [] => JsValue::NULL,
        seen => Uint8Array::from(seen).into(),
    };
    object(&[
        ("name", record.name.into()),
        ("kind", "digit".into()),
        ("result", found.digit.to_string().into()),
        ("probability", probability.into()),
        ("model", found.model.as_str().into()),
        ("elapsed", found.elapsed.into()),
        ("from", record.from.into()),
        ("thumbnail", picture_of(record.picture)?),
        ("seen", seen),
    ])
}

fn recognized(found: &JsValue) -> Result<Recognized> {
    let mut probabilities = [0.0; CLASSES];
    let given = Array::from(&get(found, "probabilities")?);
    for (probability, given) in probabilities.iter_mut().zip(given.iter()) {
        *probability = given.as_f64().unwrap_or_default();
    }
    let seen = get(found, "seen")?.dyn_into::<Uint8Array>();
    Ok(Recognized {
        digit: get(found, "digit")?.as_f64().unwrap_or_default() as u8,
        probabilities,
        model: get(found, "model")?.as_string().unwrap_or_default(),
        elapsed: get(found, "elapsed")?.as_f64().unwrap_or_default(),
        seen: seen.map(|seen| seen.to_vec()).unwrap_or_default(),
    })
}

/// What a host has thrown: `{ code, message, detail }`, or anything at all.
fn failure(thrown: &JsValue) -> Failure {
    let part = |name: &str| get(thrown, name).ok();
    let text = |name: &str| part(name).and_then(|value| value.as_string());
    let detail = part("detail").and_then(|detail| serde_wasm_bindgen::from_value(detail).ok());
    Failure {
        code: text("code").unwrap_or_else(|| "failed".into()),
        message: text("message").unwrap_or_else(|| text_of(thrown)),
        detail: detail.unwrap_or_default(),
    }
}

/// Anything as text.
fn text_of(value: &JsValue) -> String {
    let text = js_sys::global();
    let text = get(&text, "String")
        .ok()
        .and_then(|name| name.dyn_into::<Function>().ok());
    let text = text.and_then(|name| name.call1(&JsValue::NULL, value).ok());
    text.and_then(|text| text.as_string()).unwrap_or_default()
}

fn get(object: &JsValue, name: &str) -> Result<JsValue> {
    Reflect::get(object, &name.into())
}

fn object(parts: &[(&str, JsValue)]) -> Result<JsValue> {
    let object = Object::new();
    for (name, value) in parts {
        Reflect::set(&object, &(*name).into(), value)?;
    }
    Ok(object.into())
}

/// Names and values of headers.
fn pairs(list: &JsValue) -> Result<Vec<(String, String)>> {
    let text = |value: JsValue| value.as_string().unwrap_or_default();
    let pair = |pair: JsValue| {
        let pair = Array::from(&pair);
        (text(pair.get(0)), text(pair.get(1)))
    };
    Ok(Array::from(list).iter().map(pair).collect())
}
