//! `image`: image logs and their frames.

use super::Answered;
use super::answer::Answer;
use super::body::Kind;
use super::failure::{Failure, INVALID_BODY};
use super::http::{Body, Content, FrameFile, Request, Response};
use super::multipart::{Form, Part};
use super::parameter::Wrong;
use super::services::Services;
use super::told::{FrameRefusal, WrongParameter, WrongParameters};
use crate::Error;
use crate::error::shorten;
use crate::frames::{FrameRequest, ImageInfo, Intake, IntakeRequest, Store};
use serde_json::{Map, Value};

/// The stored images.
pub(super) async fn images(services: &impl Services) -> Answered {
    let library = services.library().await.map_err(refusal)?;
    let images = library.list().await.map_err(refused)?;
    Ok(Answer::json(200, &images))
}

/// A frame as a file.
pub(super) async fn frame<S: Services>(
    id: &str,
    query: Map<String, Value>,
    services: &S,
) -> Result<Response<S::Store>, Answer> {
    let unknown = |id: &str| told(404, format!("Image with id {id} not found"), None);
    let digits = id.strip_prefix('-').unwrap_or(id);
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(wrong_parameter(
            "path",
            Wrong {
                name: "id".into(),
                value: Some(shorten(id)),
                allowed: "whole numbers".into(),
                unknown: false,
            },
        ));
    }
    let Ok(number) = id.parse::<u32>() else {
        return Err(unknown(&shorten(id)));
    };
    let request = FrameRequest::from_json(&Value::Object(query)).map_err(wrong_request)?;
    let format = request.format;
    let library = services.library().await.map_err(refusal)?;
    let rendering = library.render(number, request).await;
    let mut rendering = rendering.map_err(|error| match error {
        Error::UnknownImage { .. } => unknown(&number.to_string()),
        error => refused(error),
    })?;
    let first = rendering
        .next_part(library.store())
        .await
        .map_err(refused)?;
    let (name, media_type) = format.names();
    let mut headers = vec![("content-type", media_type.into())];
    let content = if format.is_picture() {
        // It came as a whole.
        Content::Bytes(first.unwrap_or_default())
    } else {
        let file = format!("attachment; filename=\"image-{number}.{name}\"");
        headers.push(("content-disposition", file));
        Content::Frame(Box::new(FrameFile {
            first,
            rendering,
            library,
        }))
    };
    Ok(Response {
        status: 200,
        headers,
        content,
    })
}

/// Imports the table that is sent, piece by piece.
pub(super) async fn import<B: Body>(
    request: Request<B>,
    query: Map<String, Value>,
    services: &impl Services,
) -> Answered {
    let kind = Kind::of(&request).map_err(refusal)?;
    let mut source = match &kind {
        Kind::Multipart(boundary) => {
            let mut form = Form::new(boundary, request.body);
            let part = file_of(&mut form).await.map_err(refusal)?;
            Source::Form(Box::new((form, part)))
        }
        kind if kind.may_be_table() => Source::Whole(request.body),
        kind => {
            let allowed = "multipart/form-data, text/csv, application/gzip";
            return Err(refusal(kind.refused(allowed)));
        }
    };
    let image = take(&mut source, query, services).await?;
    Ok(Answer::json(201, &image).with("location", format!("image/{}", image.id)))
}

/// Where the bytes of a table come from.
enum Source<B> {
    Whole(B),
    Form(Box<(Form<B>, Part)>),
}

impl<B: Body> Body for Source<B> {
    async fn next(&mut self) -> Result<Option<Vec<u8>>, Failure> {
        match self {
            Self::Whole(body) => body.next().await,
            Self::Form(parts) => parts.0.chunk(&mut parts.1).await,
        }
    }
}

impl<B> Source<B> {
    /// The name of the file, if there is one.
    fn name(&self) -> Option<&str> {
        match self {
            Self::Whole(_) => None,
            Self::Form(parts) => parts.1.file_name(),
        }
    }
}

/// The part that is the file; what stands before it is passed over.
async fn file_of<B: Body>(form: &mut Form<B>) -> Result<Part, Failure> {
    while let Some(mut part) = form.next().await? {
        if part.name() == "file" {
            return Ok(part);
        }
        while form.chunk(&mut part).await?.is_some() {}
    }
    Err(Failure::new(
        INVALID_BODY,
        "The form has no file: give one in the field file.",
    ))
}

async fn take(
    source: &mut Source<impl Body>,
    mut query: Map<String, Value>,
    services: &impl Services,
) -> Result<ImageInfo, Answer> {
    if !query.contains_key("name") {
        let name = source.name().unwrap_or("upload.csv");
        query.insert("name".into(), name.into());
    }
    let request = IntakeRequest::from_json(&Value::Object(query)).map_err(wrong_request)?;
    let library = services.library().await.map_err(refusal)?;
    let store = library.store();
    let (owner, lock) = services.begin_import().await.map_err(refusal)?;
    let started = services.now().milliseconds;
    let mut intake = Intake::begin(store, &owner, request)
        .await
        .map_err(refused)?;
    let id = intake.id();
    let done = match pour(source, &mut intake, store).await {
        Err(failure) => Err(failure),
        Ok(()) => {
            let elapsed = || services.now().milliseconds - started;
            let image = intake.finish(store, &services.now().iso, elapsed).await;
            image.map_err(Failure::from)
        }
    };
    if done.is_err() {
        // Should this fail, too, the page finds the draft without a lock and deletes it.
        drop(store.delete(id).await);
    }
    drop(lock);
    done.map_err(refusal)
}

async fn pour(
    source: &mut impl Body,
    intake: &mut Intake,
    store: &impl Store,
) -> Result<(), Failure> {
    while let Some(piece) = source.next().await? {
        intake.push(store, piece).await?;
    }
    Ok(())
}

/// The answer for a parameter that is not as it must be.
pub(super) fn wrong_parameter(place: &str, wrong: Wrong) -> Answer {
    let (name, input) = (wrong.name.clone(), wrong.value.clone());
    let error = wrong.into_error();
    let told = WrongParameters {
        detail: vec![WrongParameter {
            kind: error.code().into(),
            loc: [place.into(), name],
            msg: error.to_string(),
            input,
        }],
    };
    Answer::json(422, &told)
}

/// The same for what the core finds wrong.
fn wrong_request(error: Error) -> Answer {
    let detail = error.detail();
    let told = WrongParameters {
        detail: vec![WrongParameter {
            kind: error.code().into(),
            loc: ["query".into(), detail.field.unwrap_or_default()],
            msg: error.to_string(),
            input: detail.value,
        }],
    };
    Answer::json(422, &told)
}

fn refused(error: Error) -> Answer {
    match &error {
        Error::NoRows {
            depth_min,
            depth_max,
            ..
        } => {
            let [min, max] = [depth_min, depth_max].map(|depth| depth.parse().unwrap_or_default());
            let detail = "No image data found after applying filters";
            told(400, detail.into(), Some([min, max]))
        }
        _ => refusal(error.into()),
    }
}

fn refusal(failure: Failure) -> Answer {
    told(failure.status(), failure.message, None)
}

fn told(status: u16, detail: String, available: Option<[f64; 2]>) -> Answer {
    Answer::json(status, &FrameRefusal { detail, available })
}
