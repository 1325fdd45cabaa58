//! The HTTP routes: functions from a request to its answer.
//!
//! - [`Routes::handle`]: answers a request; it never fails, since every failure is an answer
//! - [`Services`]: all that the core does not have, and whoever hosts the routes hands in
//! - [`Request`], [`Body`], [`Response`], [`Content`]: what goes in and comes out
//! - [`claims`]: whether a path belongs to a route
//! - [`open_api`]: the OpenAPI document, made from the tables that the handlers use
//!
//! Nothing here knows a server: a service worker hosts the routes in the browser, and tests host them natively.

mod answer;
mod augment;
mod body;
mod bucket;
mod classify;
mod failure;
mod frames;
mod generate;
mod http;
mod multipart;
mod openapi;
mod parameter;
mod records;
mod services;
mod table;
mod told;

pub use body::MOST_BYTES;
pub use failure::Failure;
pub use http::{Body, Content, FrameFile, Request, Response};
pub use openapi::open_api;
pub use services::{Moment, Recognized, Record, Services};

use answer::Answer;
use body::Limited;
use bucket::Bucket;
use parameter::{Wrong, read_query};
use serde_json::{Map, Value};
use std::cell::Cell;
use table::{Action, Operation};

/// Whether a path below the site's base belongs to a route.
pub fn claims(path: &str) -> bool {
    table::find(path).is_some()
}

/// The routes, and what they keep between requests. Any number of requests may be answered at once.
#[derive(Debug, Default)]
pub struct Routes {
    bucket: Bucket,
    /// When the latest task began, in microseconds of the day.
    latest: Cell<Option<u64>>,
}

impl Routes {
    /// Answers a request.
    pub async fn handle<B: Body, S: Services>(
        &self,
        request: Request<B>,
        services: &S,
    ) -> Response<S::Store> {
        let head = request.method == "HEAD";
        let mut response = self.answer(request, services).await;
        response.headers.push(("cache-control", "no-store".into()));
        response
            .headers
            .push(("x-content-type-options", "nosniff".into()));
        if let Content::Bytes(bytes) = &response.content {
            let length = bytes.len().to_string();
            response.headers.push(("content-length", length));
        }
        if head {
            response.content = Content::Empty;
        }
        response
    }

    async fn answer<B: Body, S: Services>(
        &self,
        request: Request<B>,
        services: &S,
    ) -> Response<S::Store> {
        let Some((route, id)) = table::find(&request.path) else {
            let message = "There is no such route; openapi.json lists those there are.";
            let failure = Failure::new("unknown_route", message);
            return Answer::json(404, &failure).into();
        };
        if request.method == "OPTIONS" {
            return Answer::empty(204).with("allow", route.allow()).into();
        }
        let Some(operation) = route.operation(&request.method) else {
            let allow = route.allow();
            let message = format!(
                "method is {}; allowed: {allow}.",
                crate::error::shorten(&request.method)
            );
            let failure = Failure::new("method_not_allowed", message);
            return Answer::json(405, &failure).with("allow", allow).into();
        };
        let query = query_of(operation, &request.query);
        let query = match query {
            Ok(query) => query,
            Err(wrong) => return refused_query(operation, wrong).into(),
        };
        let answered = match operation.action {
            Action::Health => Ok(health()),
            Action::OpenApi => Ok(Answer::json(200, &open_api())),
            Action::Generate => self.generate(request, services).await,
            Action::Augment => augment::sent(request, &query, services).await,
            Action::AugmentUrl => augment::fetched(&query, services).await,
            Action::Classify => classify::classify(request, services).await,
            Action::Recognize => classify::recognize(request, route.path, services).await,
            Action::Records => records::records(&query, services).await,
            Action::Images => frames::images(services).await,
            Action::Import => frames::import(request, query, services).await,
            Action::Frame => {
                return match frames::frame(&id, query, services).await {
                    Ok(response) => response,
                    Err(refusal) => refusal.into(),
                };
            }
        };
        let (Ok(answer) | Err(answer)) = answered;
        answer.into()
    }

    /// A task id that no other task has had lately, however many begin at once.
    fn task_id(&self, services: &impl Services) -> String {
        const SECOND: u64 = 1_000_000;
        let now = services.now().micros_of_day;
        let micros = match self.latest.get() {
            // Midnight, and clocks that are set, are further away.
            Some(latest) if latest >= now && latest - now < SECOND => latest + 1,
            _ => now,
        };
        self.latest.set(Some(micros));
        crate::sequence::task_id(micros)
    }
}

/// A handler's answer, good or bad.
type Answered = Result<Answer, Answer>;

/// The parameters in the address. Those of operations without any are nobody's concern.
fn query_of(operation: &Operation, query: &str) -> Result<Map<String, Value>, Wrong> {
    match operation.query {
        [] => Ok(Map::new()),
        parameters => read_query(query, parameters),
    }
}

fn refused_query(operation: &Operation, wrong: Wrong) -> Answer {
    match operation.action {
        Action::Frame | Action::Import => frames::wrong_parameter("query", wrong),
        _ => wrong.into_error().into(),
    }
}

fn health() -> Answer {
    let health = told::Health {
        status: "Running",
        message: "OK",
        version: env!("CARGO_PKG_VERSION"),
    };
    Answer::json(200, &health)
}

/// What kind of body a request has, and the body, of which no more than usual is taken.
fn limited<B: Body>(request: Request<B>) -> Result<(body::Kind, Limited<B>), Failure> {
    let kind = body::Kind::of(&request)?;
    let length = request.header("content-length").map(str::to_owned);
    Ok((kind, Limited::new(request.body, length.as_deref())?))
}
