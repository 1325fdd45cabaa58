//! A static server for the built site, on this machine only, that keeps a log and goes wrong when asked to.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::io;
use std::net::Ipv4Addr;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use futures_util::StreamExt;
use futures_util::stream;
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt, Full, StreamBody};
use hyper::body::{Bytes, Frame, Incoming};
use hyper::header::{self, HeaderName, HeaderValue};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Method, Response, StatusCode};
use hyper_util::rt::TokioIo;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::environment;
use crate::fault::{Fault, Rule};
use crate::lab::{LAB_PAGE, lab_page};
use crate::log::{Log, Request};
use crate::media_type::media_type;
use crate::prelude;
use crate::stated::stated_headers;

type Body = UnsyncBoxBody<Bytes, io::Error>;

/// How a [`Site`] is to serve.
#[derive(Debug)]
pub struct SiteBuilder {
    folder: Option<PathBuf>,
    base: String,
    extra: BTreeMap<String, Vec<u8>>,
    cors: bool,
    cacheable: bool,
    headers: Vec<(HeaderName, HeaderValue)>,
}

/// A running server; it stops when dropped.
#[derive(Debug)]
pub struct Site {
    shared: Arc<Shared>,
    accepting: JoinHandle<()>,
    released: watch::Sender<bool>,
}

#[derive(Debug)]
struct Shared {
    origin: String,
    folder: Option<PathBuf>,
    base: String,
    extra: BTreeMap<String, Vec<u8>>,
    cors: bool,
    cacheable: bool,
    headers: Vec<(HeaderName, HeaderValue)>,
    rules: Mutex<Vec<Rule>>,
    log: Mutex<Log>,
    released: watch::Receiver<bool>,
}

impl SiteBuilder {
    /// Serves below this path, such as `/some/sub/path/`; everything else is missing.
    pub fn below(mut self, base: &str) -> Self {
        assert!(
            base.starts_with('/') && base.ends_with('/'),
            "{base} does not start and end with a slash"
        );
        self.base = base.to_owned();
        self
    }

    /// Serves these bytes at a path of its own, over any file of that name.
    pub fn with(mut self, path: &str, bytes: impl Into<Vec<u8>>) -> Self {
        self.extra.insert(path.to_owned(), bytes.into());
        self
    }

    /// Lets pages of other origins read the files.
    pub fn with_cors(mut self) -> Self {
        self.cors = true;
        self
    }

    /// Lets the browser keep the files for a while, as ordinary hosts do. Otherwise it may not, because what it keeps
    /// by itself would hide what the site keeps.
    pub fn cacheable(mut self) -> Self {
        self.cacheable = true;
        self
    }

    /// Sends this header with everything, as a host may be set up to.
    pub fn with_header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        let value = HeaderValue::try_from(value.into()).expect("a value that fits into a header");
        self.headers.push((HeaderName::from_static(name), value));
        self
    }

    /// States with every file what the built site asks its host to.
    pub fn as_hosted(mut self) -> Self {
        let folder = self.folder.as_ref().expect("the built site");
        self.headers = stated_headers(folder)
            .iter()
            .map(|(name, value)| {
                let name = HeaderName::from_bytes(name.as_bytes()).expect("a name");
                (name, HeaderValue::from_str(value).expect("a value"))
            })
            .collect();
        self
    }

    /// Starts the server on a free port.
    pub async fn start(self) -> Site {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
            .await
            .expect("a free port on this machine");
        let address = listener
            .local_addr()
            .expect("a bound socket has an address");
        let (released, receiver) = watch::channel(false);
        let shared = Arc::new(Shared {
            origin: format!("http://{address}"),
            folder: self.folder,
            base: self.base,
            extra: self.extra,
            cors: self.cors,
            cacheable: self.cacheable,
            headers: self.headers,
            rules: Mutex::default(),
            log: Mutex::default(),
            released: receiver,
        });
        let accepting = tokio::spawn(accept(listener, Arc::clone(&shared)));
        Site {
            shared,
            accepting,
            released,
        }
    }
}

impl Site {
    /// The built site, and beside it [`LAB_PAGE`], which does nothing of its own accord.
    pub fn built() -> SiteBuilder {
        let folder = environment::site();
        let page = lab_page(&folder);
        Self::of(Some(folder)).with(LAB_PAGE, page)
    }

    /// A site of nothing but the files given with [`SiteBuilder::with`].
    pub fn empty() -> SiteBuilder {
        Self::of(None)
    }

    fn of(folder: Option<PathBuf>) -> SiteBuilder {
        SiteBuilder {
            folder,
            base: "/".into(),
            extra: BTreeMap::new(),
            cors: false,
            cacheable: false,
            headers: Vec::new(),
        }
    }

    /// The address of a path of the site; the empty path is the page.
    pub fn url(&self, path: &str) -> String {
        format!("{}{}{path}", self.origin(), self.shared.base)
    }

    /// Scheme, host and port.
    pub fn origin(&self) -> String {
        self.shared.origin.clone()
    }

    /// From now on, requests for the path end so. A pattern may end in `*`. Later rules come before earlier ones.
    pub fn fault(&self, pattern: &str, fault: Fault) {
        lock(&self.shared.rules).push(Rule::new(pattern, fault, None));
    }

    /// The same for the next so many requests only.
    pub fn fault_times(&self, pattern: &str, fault: Fault, times: u32) {
        lock(&self.shared.rules).push(Rule::new(pattern, fault, Some(times)));
    }

    /// From now on everything is served as it should be.
    pub fn heal(&self) {
        lock(&self.shared.rules).clear();
    }

    /// Lets every held answer go out, and heals.
    pub fn release(&self) {
        self.heal();
        self.released.send_replace(true);
    }

    /// All requests so far, in order of arrival.
    pub fn log(&self) -> Vec<Request> {
        lock(&self.shared.log).entries().to_vec()
    }

    /// The paths of all requests so far that start with `start`, in order of arrival.
    pub fn requested(&self, start: &str) -> Vec<String> {
        self.log()
            .into_iter()
            .map(|request| request.path)
            .filter(|path| path.starts_with(start))
            .collect()
    }

    /// Forgets the requests so far.
    pub fn clear_log(&self) {
        lock(&self.shared.log).clear();
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        self.accepting.abort();
        prelude::forget(&self.shared.origin);
    }
}

async fn accept(listener: TcpListener, shared: Arc<Shared>) {
    // Dropping the set, when this task is aborted, ends the connections too.
    let mut connections = tokio::task::JoinSet::new();
    loop {
        while connections.try_join_next().is_some() {}
        let Ok((stream, _)) = listener.accept().await else {
            continue;
        };
        let shared = Arc::clone(&shared);
        connections.spawn(async move {
            let service = service_fn(move |request| answer(Arc::clone(&shared), request));
            // An error here is a line that broke, by the browser's wish or by a fault's.
            let _ = http1::Builder::new()
                .serve_connection(TokioIo::new(stream), service)
                .await;
        });
    }
}

/// A line that breaks before the answer is an error of the service, upon which hyper closes the connection.
async fn answer(
    shared: Arc<Shared>,
    request: hyper::Request<Incoming>,
) -> Result<Response<Body>, io::Error> {
    let prelude = prelude::of(&shared.origin);
    if let (prelude::PATH, Some(script)) = (request.uri().path(), &prelude) {
        return Ok(prelude_response(script));
    }
    // Whoever asks for the bytes of a page gets those.
    let to_show = prelude.is_some()
        && request
            .headers()
            .get("sec-fetch-dest")
            .is_some_and(|dest| dest == "document" || dest == "iframe");
    let path = shared.path_of(request.uri().path());
    let entry = shared.note(
        request.method(),
        path.as_deref().unwrap_or(request.uri().path()),
    );
    let fault = path.as_deref().and_then(|path| shared.fault_for(path));
    let mut response = match fault {
        Some(Fault::Held) => {
            let mut released = shared.released.clone();
            // The sender goes with the site, and then nobody waits for the answer.
            let _ = released.wait_for(|released| *released).await;
            shared.file(path.as_deref(), None, entry, to_show)
        }
        Some(Fault::Dropped) => return Err(io::Error::other("dropped")),
        fault => shared.file(path.as_deref(), fault.as_ref(), entry, to_show),
    };
    let headers = response.headers_mut();
    let caching = if shared.cacheable {
        "max-age=600"
    } else {
        "no-store"
    };
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(caching));
    if shared.cors {
        headers.insert(
            header::ACCESS_CONTROL_ALLOW_ORIGIN,
            HeaderValue::from_static("*"),
        );
    }
    for (name, value) in &shared.headers {
        headers.insert(name, value.clone());
    }
    if let Some(entry) = lock(&shared.log).entry(entry) {
        entry.status = response.status().as_u16();
    }
    Ok(response)
}

impl Shared {
    /// The path below the base, or none when it lies elsewhere.
    fn path_of(&self, path: &str) -> Option<String> {
        let path = path.strip_prefix(&self.base)?;
        if path.split('/').any(|part| part == "..") {
            return None;
        }
        Some(if path.is_empty() {
            "index.html".into()
        } else {
            path.to_owned()
        })
    }

    fn fault_for(&self, path: &str) -> Option<Fault> {
        let mut rules = lock(&self.rules);
        rules
            .iter_mut()
            .rev()
            .find_map(|rule| (rule.matches(path) && rule.take()).then(|| rule.fault.clone()))
    }

    fn note(&self, method: &Method, path: &str) -> usize {
        lock(&self.log).push(Request {
            method: method.to_string(),
            path: path.to_owned(),
            status: 0,
            bytes: 0,
        })
    }

    fn file(
        self: &Arc<Self>,
        path: Option<&str>,
        fault: Option<&Fault>,
        entry: usize,
        to_show: bool,
    ) -> Response<Body> {
        if let Some(Fault::Status(status)) = fault {
            return text(StatusCode::from_u16(*status).expect("a status of three digits"));
        }
        if let Some(Fault::Redirect(to)) = fault {
            let mut response = text(StatusCode::FOUND);
            let to = HeaderValue::from_str(to).expect("an address that fits into a header");
            response.headers_mut().insert(header::LOCATION, to);
            return response;
        }
        let Some((path, mut bytes)) = path.and_then(|path| Some((path, self.read(path)?))) else {
            return text(StatusCode::NOT_FOUND);
        };
        let stated = match fault {
            Some(Fault::Typed(other)) => other,
            _ => media_type(path),
        };
        let mut response = Response::builder().header(header::CONTENT_TYPE, stated);
        let mut sent = usize::MAX;
        let mut pace = None;
        match fault {
            Some(Fault::Truncated { keep }) => bytes.truncate(*keep),
            Some(Fault::Cut { keep } | Fault::Stalled { keep }) => sent = *keep,
            Some(Fault::Corrupted { at }) => bytes[*at] ^= 0xff,
            Some(Fault::Replaced(other)) => bytes.clone_from(other),
            Some(Fault::Encoded(encoding)) => {
                response = response.header(header::CONTENT_ENCODING, *encoding)
            }
            Some(Fault::Slow { piece, pause }) => pace = Some((*piece, *pause)),
            Some(
                Fault::Status(_)
                | Fault::Redirect(_)
                | Fault::Typed(_)
                | Fault::Unsized
                | Fault::Dropped
                | Fault::Held,
            )
            | None => {}
        }
        if to_show && stated.starts_with("text/html") {
            bytes = prelude::insert(&bytes);
        }
        if !matches!(fault, Some(Fault::Unsized)) {
            response = response.header(header::CONTENT_LENGTH, bytes.len());
        }
        let broken = sent < bytes.len();
        let mut stalled =
            matches!(fault, Some(Fault::Stalled { .. })).then(|| self.released.clone());
        let piece = pace.map_or(64 * 1024, |(piece, _)| piece);
        let mut pieces: Vec<io::Result<Bytes>> = bytes[..sent.min(bytes.len())]
            .chunks(piece)
            .map(|piece| Ok(Bytes::copy_from_slice(piece)))
            .collect();
        if broken {
            pieces.push(Err(io::Error::other("cut")));
        }
        let shared = Arc::clone(self);
        let frames = stream::iter(pieces).then(move |piece| {
            let shared = Arc::clone(&shared);
            let stalled = if piece.is_err() { stalled.take() } else { None };
            async move {
                if let Some((_, pause)) = pace {
                    tokio::time::sleep(pause).await;
                }
                if let Some(mut released) = stalled {
                    // As for an answer that is held.
                    let _ = released.wait_for(|released| *released).await;
                } else if piece.is_err() {
                    // A line that breaks at once would take with it what was just sent.
                    tokio::time::sleep(Duration::from_millis(50)).await;
                }
                let piece = piece?;
                if let Some(entry) = lock(&shared.log).entry(entry) {
                    entry.bytes += piece.len() as u64;
                }
                Ok(Frame::data(piece))
            }
        });
        response
            .body(StreamBody::new(frames).boxed_unsync())
            .expect("only valid headers were set")
    }

    fn read(&self, path: &str) -> Option<Vec<u8>> {
        if let Some(bytes) = self.extra.get(path) {
            return Some(bytes.clone());
        }
        std::fs::read(self.folder.as_ref()?.join(path)).ok()
    }
}

fn prelude_response(script: &str) -> Response<Body> {
    let body =
        Full::new(Bytes::from(script.to_owned())).map_err(|never: Infallible| match never {});
    Response::builder()
        .header(header::CONTENT_TYPE, "text/javascript; charset=utf-8")
        .header(header::CACHE_CONTROL, "no-store")
        .body(body.boxed_unsync())
        .expect("only valid headers were set")
}

fn text(status: StatusCode) -> Response<Body> {
    let text =
        Full::new(Bytes::from(status.to_string())).map_err(|never: Infallible| match never {});
    Response::builder()
        .status(status)
        .header(header::CONTENT_TYPE, "text/plain; charset=utf-8")
        .body(text.boxed_unsync())
        .expect("only valid headers were set")
}

/// The data is plain values: a test that panicked with the lock held has left nothing half done.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex
        .lock()
        .unwrap_or_else(std::sync::PoisonError::into_inner)
}
