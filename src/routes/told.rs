//! The JSON that routes answer with, and its schemas.

use super::services::Recognized;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

/// That the routes answer.
#[derive(Clone, Copy, Debug, Serialize, JsonSchema)]
pub(super) struct Health {
    /// `Running`.
    #[serde(rename = "Status")]
    pub(super) status: &'static str,
    /// `OK`.
    pub(super) message: &'static str,
    /// The version of Digitlab.
    pub(super) version: &'static str,
}

/// Why no sequence was made.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub(super) struct GenerateRefusal {
    /// The task id, when a feature was null.
    #[serde(rename = "TaskId", skip_serializing_if = "Option::is_none")]
    pub(super) task_id: Option<String>,
    /// The request as it came; as text when it is not JSON.
    #[serde(rename = "requestBody")]
    pub(super) request_body: Value,
    /// `Request JSON incomplete`, `Empty feature(s)`, or a sentence on what is wrong.
    pub(super) status: String,
}

/// Which digit a picture shows.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub(super) struct Classification<'a> {
    /// The digit.
    pub(super) classification: String,
    /// How probable each of the digits 0 to 9 is.
    pub(super) probabilities: &'a [f64],
    /// The model that answered.
    pub(super) model: &'a str,
}

impl<'a> From<&'a Recognized> for Classification<'a> {
    fn from(recognized: &'a Recognized) -> Self {
        Self {
            classification: recognized.digit.to_string(),
            probabilities: &recognized.probabilities,
            model: &recognized.model,
        }
    }
}

/// Why there is no image or frame.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub(super) struct FrameRefusal {
    /// What is wrong.
    pub(super) detail: String,
    /// The smallest and the largest depth of the image, when none lies within the range.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) available: Option<[f64; 2]>,
}

/// Which parameters are not as they must be.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub(super) struct WrongParameters {
    /// What is wrong with each.
    pub(super) detail: Vec<WrongParameter>,
}

/// A parameter that is not as it must be.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub(super) struct WrongParameter {
    /// The stable name of the kind of failure.
    #[serde(rename = "type")]
    pub(super) kind: String,
    /// Where it stands: `path` or `query`, and its name.
    pub(super) loc: [String; 2],
    /// A sentence for people.
    pub(super) msg: String,
    /// What was given.
    pub(super) input: Option<String>,
}
