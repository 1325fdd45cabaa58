//! What a request sends: of which type it is, and how much of it is taken.

use super::failure::{Failure, INVALID_BODY, TOO_LARGE, WRONG_TYPE};
use super::http::{Body, Request};
use crate::error::shorten;
use mime::Mime;

/// The most bytes of a body, but for image logs.
pub const MOST_BYTES: usize = 16 << 20;

/// What a body says that it is.
#[derive(Clone, Debug)]
pub(super) enum Kind {
    /// A form, with what stands between its parts.
    Multipart(String),
    /// Something else.
    Other(Mime),
    /// It does not say.
    Unsaid,
}

impl Kind {
    /// What the request's content type says.
    ///
    /// # Errors
    /// A form that does not say what stands between its parts, and types that are none.
    pub(super) fn of<B>(request: &Request<B>) -> Result<Self, Failure> {
        let Some(text) = request
            .header("content-type")
            .filter(|text| !text.is_empty())
        else {
            return Ok(Self::Unsaid);
        };
        let wrong = || {
            let message = format!(
                "content-type is {}; allowed: a media type such as image/png.",
                shorten(text)
            );
            Failure::new(WRONG_TYPE, message)
        };
        let media_type: Mime = text.parse().map_err(|_| wrong())?;
        if media_type.type_() != mime::MULTIPART {
            return Ok(Self::Other(media_type));
        }
        // The longest that the standard allows.
        const LONGEST: usize = 70;
        match multer::parse_boundary(text) {
            Ok(boundary) if (1..=LONGEST).contains(&boundary.len()) => {
                Ok(Self::Multipart(boundary))
            }
            Ok(boundary) => Err(Failure::new(
                INVALID_BODY,
                format!(
                    "The boundary in content-type has {} characters; allowed: 1 to {LONGEST}.",
                    boundary.len()
                ),
            )),
            Err(multer::Error::NoBoundary) => Err(Failure::new(
                INVALID_BODY,
                "content-type names no boundary; give the one that stands between the parts of the body.",
            )),
            Err(_) => Err(wrong()),
        }
    }

    /// Whether it says that it is JSON.
    pub(super) fn is_json(&self) -> bool {
        matches!(self, Self::Other(media_type) if media_type.essence_str() == "application/json")
    }

    /// Whether it may be a picture, which its content then tells.
    pub(super) fn may_be_picture(&self) -> bool {
        match self {
            Self::Multipart(_) => false,
            Self::Unsaid => true,
            Self::Other(media_type) => {
                media_type.type_() == mime::IMAGE || *media_type == mime::APPLICATION_OCTET_STREAM
            }
        }
    }

    /// Whether it may be the table of an image log.
    pub(super) fn may_be_table(&self) -> bool {
        match self {
            Self::Multipart(_) => false,
            Self::Unsaid => true,
            Self::Other(media_type) => [
                "text/csv",
                "text/plain",
                "text/tab-separated-values",
                "application/gzip",
                "application/x-gzip",
                "application/vnd.ms-excel",
                "application/octet-stream",
            ]
            .contains(&media_type.essence_str()),
        }
    }

    /// The failure of a body whose type is not taken.
    pub(super) fn refused(&self, allowed: &str) -> Failure {
        let given = match self {
            Self::Multipart(_) => "multipart/form-data".into(),
            Self::Other(media_type) => shorten(media_type.as_ref()),
            Self::Unsaid => "missing".into(),
        };
        Failure::new(
            WRONG_TYPE,
            format!("content-type is {given}; allowed: {allowed}."),
        )
    }
}

/// A body of which so many bytes are taken.
#[derive(Debug)]
pub(super) struct Limited<B> {
    body: B,
    left: usize,
}

impl<B: Body> Limited<B> {
    /// Takes as much as is usual.
    ///
    /// # Errors
    /// A body that says that it is longer.
    pub(super) fn new(body: B, length: Option<&str>) -> Result<Self, Failure> {
        match length.and_then(|length| length.parse::<u64>().ok()) {
            Some(length) if length > MOST_BYTES as u64 => Err(too_large()),
            _ => Ok(Self {
                body,
                left: MOST_BYTES,
            }),
        }
    }

    /// All of it.
    pub(super) async fn all(mut self) -> Result<Vec<u8>, Failure> {
        let mut all = Vec::new();
        while let Some(piece) = self.next().await? {
            if all.is_empty() {
                all = piece;
            } else {
                all.extend_from_slice(&piece);
            }
        }
        Ok(all)
    }
}

impl<B: Body> Body for Limited<B> {
    async fn next(&mut self) -> Result<Option<Vec<u8>>, Failure> {
        let piece = self.body.next().await?;
        if let Some(piece) = &piece {
            self.left = self.left.checked_sub(piece.len()).ok_or_else(too_large)?;
        }
        Ok(piece)
    }
}

fn too_large() -> Failure {
    Failure::new(
        TOO_LARGE,
        format!("The request's body has more than {MOST_BYTES} bytes; the limit is 16 MiB."),
    )
}
