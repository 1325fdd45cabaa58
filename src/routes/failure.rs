//! What goes wrong while a request is answered.

use crate::Error;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Value, json};
use std::fmt;

/// A body that breaks off, or is not of the form that its type says.
pub(super) const INVALID_BODY: &str = "invalid_body";
/// A body that is larger than what is taken.
pub(super) const TOO_LARGE: &str = "body_too_large";
/// A body of a type that the route does not take.
pub(super) const WRONG_TYPE: &str = "unsupported_type";
/// A mistake of our own.
const CRASHED: &str = "crashed";

/// Why a request was not answered as it was meant to: an [`Error`] of the core, or what a host's service says.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Failure {
    /// The stable name of the kind of failure.
    pub code: String,
    /// A sentence for people.
    pub message: String,
    /// The same as data: field, value, what is allowed.
    pub detail: Value,
}

impl Failure {
    /// A failure of a kind, in a sentence.
    pub fn new(code: &str, message: impl Into<String>) -> Self {
        Self {
            code: code.into(),
            message: message.into(),
            detail: json!({}),
        }
    }

    /// A body that ends before its end, and why.
    pub fn broken_off(reason: &str) -> Self {
        Self::new(
            INVALID_BODY,
            format!("The request's body has broken off: {reason}."),
        )
    }

    /// The status of an answer that tells it: whoever asked is to blame, or somebody behind us, or we are.
    pub fn status(&self) -> u16 {
        match self.code.as_str() {
            "invalid_parameter" | "missing_parameter" | "unknown_parameter" | "unsupported"
            | "limit_exceeded" | "invalid_file" | "no_samples" | "no_ink" | "no_rows"
            | INVALID_BODY => 400,
            "unknown_image" => 404,
            TOO_LARGE => 413,
            WRONG_TYPE => 415,
            "storage_full" => 507,
            CRASHED => 500,
            // The bucket, the models, the storage: later it may go well.
            _ => 503,
        }
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self {
            code: error.code().into(),
            message: error.to_string(),
            detail: serde_json::to_value(error.detail()).unwrap_or_default(),
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Failure {}
