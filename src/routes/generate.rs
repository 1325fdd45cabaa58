//! `generate`: sequences.

use super::answer::Answer;
use super::http::{Body, Request};
use super::services::Services;
use super::told::GenerateRefusal;
use super::{Answered, Routes, limited};
use crate::Error;
use crate::error::shorten;
use crate::raster::to_unit;
use crate::sequence::{self, answer};
use serde_json::{Map, Value};

impl Routes {
    /// Makes the sequence that the body asks for.
    pub(super) async fn generate<B: Body>(
        &self,
        request: Request<B>,
        services: &impl Services,
    ) -> Answered {
        let kind = super::body::Kind::of(&request);
        if !kind.is_ok_and(|kind| kind.is_json()) {
            let text = "Request content type should be application/json.";
            return Err(Answer::text(400, text));
        }
        let (_, body) = limited(request)?;
        let bytes = body.all().await?;
        let given: Value = serde_json::from_slice(&bytes).map_err(|error| {
            let text = String::from_utf8_lossy(&bytes);
            let status = format!("The request's body is not JSON: {error}.");
            refusal(400, None, shorten(&text).into(), status)
        })?;
        let request = match sequence::Request::from_json(&given, services.seed()) {
            Ok(request) => request,
            Err(error) => return Err(self.refused(given, error, services)),
        };
        let made = match self.bucket.generate(&request, services).await {
            Ok(made) => made,
            Err(failure) => {
                return Err(refusal(failure.status(), None, given, failure.message));
            }
        };
        let mut labels = answer::labels(&request, &made, &self.task_id(services));
        echo(given, &mut labels);
        let pixels: Vec<f32> = made.image.data().iter().copied().map(to_unit).collect();
        let text = answer::to_text(&labels, &pixels, made.image.width());
        Ok(Answer::of(200, "application/json", text.into_bytes()))
    }

    fn refused(&self, given: Value, error: Error, services: &impl Services) -> Answer {
        let null = given
            .as_object()
            .is_some_and(|object| object.values().any(Value::is_null));
        match error {
            Error::MissingParameter { .. } => {
                refusal(400, None, given, "Request JSON incomplete".into())
            }
            _ if null => {
                let task_id = Some(self.task_id(services));
                refusal(400, task_id, given, "Empty feature(s)".into())
            }
            error => refusal(400, None, given, error.to_string()),
        }
    }
}

fn refusal(status: u16, task_id: Option<String>, request_body: Value, why: String) -> Answer {
    let told = GenerateRefusal {
        task_id,
        request_body,
        status: why,
    };
    Answer::json(status, &told)
}

/// Puts what was given in its own form in the place of how it was understood, but for the seed, which many JSON readers
/// would round, and for what the answer says more of.
fn echo(given: Value, labels: &mut Map<String, Value>) {
    const ANSWERED: [&str; 2] = ["seed", "digits"];
    if let Value::Object(given) = given {
        for (name, value) in given {
            if !ANSWERED.contains(&name.as_str()) {
                labels.insert(name, value);
            }
        }
    }
}
