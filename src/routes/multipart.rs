//! Forms: bodies of several parts, read as they arrive.

use super::failure::{Failure, INVALID_BODY};
use super::http::Body;
use multer::bytes::Bytes;
use multer::{Field, Multipart};
use std::pin::pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, Waker};

/// The most parts of a form.
const MOST_PARTS: usize = 100;

/// The most bytes between the contents of two parts.
const LONGEST_HEADERS: usize = 64 << 10;

/// A form, and the body that it comes from.
///
/// The parser wants bytes that may be sent between threads, which those of a browser may not. So it never waits by
/// itself: when it has no more bytes, it is handed the next ones and asked again.
pub(super) struct Form<B> {
    body: B,
    parser: Multipart<'static>,
    inlet: Arc<Mutex<Inlet>>,
    parts: usize,
}

/// What lies ready for the parser.
#[derive(Debug, Default)]
struct Inlet {
    piece: Option<Bytes>,
    ended: bool,
}

/// A part of a form.
pub(super) struct Part(Field<'static>);

impl Part {
    /// The name of its field.
    pub(super) fn name(&self) -> &str {
        self.0.name().unwrap_or_default()
    }

    /// The name of its file, if it is one.
    pub(super) fn file_name(&self) -> Option<&str> {
        self.0.file_name()
    }
}

impl<B: Body> Form<B> {
    /// A form whose parts stand between boundaries.
    pub(super) fn new(boundary: &str, body: B) -> Self {
        let inlet = Arc::<Mutex<Inlet>>::default();
        let outlet = Arc::clone(&inlet);
        let stream = futures_util::stream::poll_fn(move |_| {
            let mut inlet = outlet.lock().unwrap_or_else(PoisonError::into_inner);
            match inlet.piece.take() {
                Some(piece) => Poll::Ready(Some(Ok::<_, std::convert::Infallible>(piece))),
                None if inlet.ended => Poll::Ready(None),
                None => Poll::Pending,
            }
        });
        Self {
            body,
            parser: Multipart::new(stream, boundary),
            inlet,
            parts: 0,
        }
    }

    /// The next part; `None` when that was all. The part before must be gone.
    pub(super) async fn next(&mut self) -> Result<Option<Part>, Failure> {
        let mut fed = 0;
        loop {
            let mut context = Context::from_waker(Waker::noop());
            if let Poll::Ready(part) = self.parser.poll_next_field(&mut context) {
                let part = part.map_err(broken)?;
                self.parts += usize::from(part.is_some());
                if self.parts > MOST_PARTS {
                    let message =
                        format!("The form has more than {MOST_PARTS} parts, which is the limit.");
                    return Err(Failure::new(INVALID_BODY, message));
                }
                return Ok(part.map(Part));
            }
            if fed > LONGEST_HEADERS {
                let message = "The form cannot be read: the headers of a part are too long, or its boundary is missing.";
                return Err(Failure::new(INVALID_BODY, message));
            }
            fed += feed(&mut self.body, &self.inlet).await?;
        }
    }

    /// The next bytes of a part; `None` when that was all.
    pub(super) async fn chunk(&mut self, part: &mut Part) -> Result<Option<Vec<u8>>, Failure> {
        loop {
            let mut context = Context::from_waker(Waker::noop());
            if let Poll::Ready(chunk) = pin!(part.0.chunk()).poll(&mut context) {
                return Ok(chunk.map_err(broken)?.map(Into::into));
            }
            feed(&mut self.body, &self.inlet).await?;
        }
    }

    /// All bytes of a part.
    pub(super) async fn all(&mut self, mut part: Part) -> Result<Vec<u8>, Failure> {
        let mut all = Vec::new();
        while let Some(chunk) = self.chunk(&mut part).await? {
            if all.is_empty() {
                all = chunk;
            } else {
                all.extend_from_slice(&chunk);
            }
        }
        Ok(all)
    }
}

/// Lays the next bytes ready, and says how many.
async fn feed(body: &mut impl Body, inlet: &Mutex<Inlet>) -> Result<usize, Failure> {
    let lock = || inlet.lock().unwrap_or_else(PoisonError::into_inner);
    if lock().ended {
        return Err(broken(multer::Error::IncompleteStream));
    }
    let piece = body.next().await?;
    let mut inlet = lock();
    match piece {
        Some(piece) => {
            let length = piece.len();
            inlet.piece = Some(piece.into());
            Ok(length)
        }
        None => {
            inlet.ended = true;
            Ok(0)
        }
    }
}

fn broken(error: multer::Error) -> Failure {
    Failure::new(INVALID_BODY, format!("The form cannot be read: {error}."))
}
