//! `augment`: changed pictures.

use super::answer::{Answer, escaped};
use super::body::Kind;
use super::failure::{Failure, INVALID_BODY};
use super::http::{Body, Request};
use super::multipart::Form;
use super::services::Services;
use super::{Answered, limited};
use crate::Error;
use crate::augment::{Applied, Pipeline, import_json, pipeline_of, preset, surprise};
use crate::random::{Purpose, Stream};
use crate::raster::Raster;
use crate::raster::codec::{Limits, decode, to_png};
use serde_json::{Map, Value};

/// Runs a pipeline on the picture that was sent, or one transform that the seed chooses.
pub(super) async fn sent<B: Body>(
    request: Request<B>,
    query: &Map<String, Value>,
    services: &impl Services,
) -> Answered {
    let (kind, body) = limited(request)?;
    let (file, pipeline) = match &kind {
        Kind::Multipart(boundary) => from_form(Form::new(boundary, body)).await?,
        kind if kind.may_be_picture() => (body.all().await?, None),
        kind => return Err(kind.refused("multipart/form-data, image/*").into()),
    };
    answer(&file, pipeline.as_ref(), query, services)
}

/// Runs one transform that the seed chooses on the picture behind an address.
pub(super) async fn fetched(query: &Map<String, Value>, services: &impl Services) -> Answered {
    let url = query["url"].as_str().unwrap_or_default();
    let file = services.fetch_picture(url).await.map_err(|failure| {
        // Whoever is behind the address is to blame, unless the address is.
        let status = match failure.status() {
            503 => 502,
            status => status,
        };
        Answer::json(status, &failure)
    })?;
    answer(&file, None, query, services)
}

async fn from_form(mut form: Form<impl Body>) -> Result<(Vec<u8>, Option<Pipeline>), Failure> {
    let (mut file, mut pipeline) = (None, None);
    while let Some(part) = form.next().await? {
        match part.name() {
            "file" => file = Some(form.all(part).await?),
            "pipeline" => pipeline = Some(read_pipeline(&form.all(part).await?)?),
            _ => {}
        }
    }
    let file = file.ok_or_else(|| {
        Failure::new(
            INVALID_BODY,
            "The form has no picture: give one in the field file.",
        )
    })?;
    Ok((file, pipeline))
}

/// The name of a preset, our JSON, or Albumentations'.
fn read_pipeline(bytes: &[u8]) -> Result<Pipeline, Error> {
    let text = String::from_utf8_lossy(bytes);
    let name = text.trim();
    if preset(name).is_some() {
        return pipeline_of(&name.into());
    }
    let json: Value =
        serde_json::from_str(name).map_err(|error| Error::invalid("pipeline", error, "JSON"))?;
    match json {
        Value::String(_) => pipeline_of(&json),
        json => import_json(&json).map(|imported| imported.pipeline),
    }
}

fn answer(
    file: &[u8],
    pipeline: Option<&Pipeline>,
    query: &Map<String, Value>,
    services: &impl Services,
) -> Answered {
    let picture: Raster = decode(file, &Limits::default())?.picture;
    let seed = query.get("seed").and_then(Value::as_u64);
    let seed = seed.unwrap_or_else(|| services.seed());
    let (made, applied) = match pipeline {
        Some(pipeline) => pipeline.run(picture, &mut Stream::new(seed, 0, Purpose::Augment))?,
        None => surprise(&picture, seed)?,
    };
    let applied = Value::from_iter(applied.iter().map(Applied::to_json));
    Ok(Answer::of(200, "image/png", to_png(&made)?)
        .with("x-applied", escaped(&applied.to_string()))
        .with("x-seed", seed.to_string()))
}
