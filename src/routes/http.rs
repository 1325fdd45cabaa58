//! Requests and their answers, as the handlers see them.

use super::failure::Failure;
use crate::frames::{Library, Rendering, Store};
use std::collections::VecDeque;
use std::fmt;
use std::rc::Rc;

/// A request. Names of headers may be in any case.
#[derive(Clone, Debug, Default)]
pub struct Request<B> {
    /// The method, in capitals.
    pub method: String,
    /// The path below the site's base, without a slash before it, percent-encoded as it came.
    pub path: String,
    /// What follows the question mark, as it came.
    pub query: String,
    /// Names and values.
    pub headers: Vec<(String, String)>,
    /// What was sent.
    pub body: B,
}

impl<B> Request<B> {
    /// The value of a header; `name` is in small letters.
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        let same = |(given, _): &&(String, String)| given.eq_ignore_ascii_case(name);
        self.headers
            .iter()
            .find(same)
            .map(|(_, value)| value.trim())
    }
}

/// The bytes that a request sends, in pieces of any size.
#[allow(async_fn_in_trait)] // Nothing of this is sent to other threads.
pub trait Body {
    /// The next bytes; `None` when that was all.
    async fn next(&mut self) -> Result<Option<Vec<u8>>, Failure>;
}

/// A body in memory, piece by piece.
impl Body for VecDeque<Vec<u8>> {
    async fn next(&mut self) -> Result<Option<Vec<u8>>, Failure> {
        Ok(self.pop_front())
    }
}

/// An answer.
#[derive(Debug)]
pub struct Response<S> {
    /// The status code.
    pub status: u16,
    /// Names in small letters, and values: visible ASCII characters and spaces.
    pub headers: Vec<(&'static str, String)>,
    /// What is sent.
    pub content: Content<S>,
}

/// What an answer sends.
pub enum Content<S> {
    /// No body at all.
    Empty,
    /// All of it.
    Bytes(Vec<u8>),
    /// A file that is made while it is sent: whoever sends it asks for [`FrameFile::next`].
    Frame(Box<FrameFile<S>>),
}

impl<S> fmt::Debug for Content<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("Empty"),
            Self::Bytes(bytes) => write!(f, "Bytes({})", bytes.len()),
            Self::Frame(_) => f.write_str("Frame"),
        }
    }
}

/// A frame on its way into a file.
pub struct FrameFile<S> {
    /// Made already, so that its failures have a status.
    pub(super) first: Option<Vec<u8>>,
    pub(super) rendering: Rendering,
    pub(super) library: Rc<Library<S>>,
}

impl<S: Store> FrameFile<S> {
    /// The next bytes; `None` when that was all.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn next(&mut self) -> Result<Option<Vec<u8>>, Failure> {
        match self.first.take() {
            Some(first) => Ok(Some(first)),
            None => Ok(self.rendering.next_part(self.library.store()).await?),
        }
    }
}
