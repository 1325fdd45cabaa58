//! `mnist/classify` and `digitRecognition`: which digit a picture shows.

use super::answer::{Answer, escaped};
use super::body::Kind;
use super::failure::{Failure, INVALID_BODY};
use super::http::{Body, Request};
use super::multipart::Form;
use super::services::{Recognized, Record, Services};
use super::told::Classification;
use super::{Answered, limited};
use crate::Error;
use crate::error::shorten;
use crate::mnist::SIDE;
use crate::parameter::describe;
use crate::raster::codec::{Limits, decode};
use crate::raster::{Raster, from_unit};
use serde_json::Value;

/// The endings that names of picture files have.
const ENDINGS: [&str; 8] = ["png", "jpg", "jpeg", "gif", "webp", "bmp", "tif", "tiff"];

/// The name of what came without one.
const UNNAMED: &str = "picture";

/// Answers in JSON. Whatever is wrong with the picture, there is no digit to be found, which is a 404.
pub(super) async fn classify<B: Body>(request: Request<B>, services: &impl Services) -> Answered {
    let (name, picture) = given(request).await.map_err(not_found)?;
    let recognized = services.classify(&picture).await.map_err(not_found)?;
    let answer = Answer::json(200, &Classification::from(&recognized));
    Ok(recorded(
        answer,
        &name,
        "mnist/classify",
        &recognized,
        &picture,
        services,
    )
    .await)
}

fn not_found(failure: Failure) -> Answer {
    let status = match failure.status() {
        status @ (413 | 500..) => status,
        _ => 404,
    };
    Answer::json(status, &failure)
}

async fn given<B: Body>(request: Request<B>) -> Result<(String, Raster), Failure> {
    let (kind, body) = limited(request)?;
    if kind.is_json() {
        let bytes = body.all().await?;
        let json: Value = serde_json::from_slice(&bytes)
            .map_err(|error| Error::invalid("picture", error, "JSON"))?;
        return Ok((UNNAMED.into(), digit(&json)?));
    }
    let (name, file) = match &kind {
        Kind::Multipart(boundary) => {
            let form = Form::new(boundary, body);
            let (name, file) = file_of(form, &["image", "file"]).await?;
            (name.filter(|name| !name.is_empty()), file)
        }
        kind if kind.may_be_picture() => (None, body.all().await?),
        kind => {
            return Err(kind.refused("application/json, multipart/form-data, image/*"));
        }
    };
    let picture = decode(&file, &Limits::default())?.picture;
    Ok((name.unwrap_or_else(|| UNNAMED.into()), picture))
}

/// Answers in a sentence.
pub(super) async fn recognize<B: Body>(
    request: Request<B>,
    route: &'static str,
    services: &impl Services,
) -> Answered {
    let in_words = |failure: Failure| {
        let status = match failure.status() {
            415 => 400,
            status => status,
        };
        Answer::text(status, format!("{}\n", failure.message))
    };
    let (name, picture) = uploaded(request).await.map_err(in_words)?;
    let recognized = services.classify(&picture).await.map_err(in_words)?;
    let text = format!("The digit is recognized as : {}.\n", recognized.digit);
    let answer = Answer::text(200, text);
    Ok(recorded(answer, &name, route, &recognized, &picture, services).await)
}

async fn uploaded<B: Body>(request: Request<B>) -> Result<(String, Raster), Failure> {
    let (kind, body) = limited(request)?;
    let Kind::Multipart(boundary) = &kind else {
        return Err(kind.refused("multipart/form-data"));
    };
    let (name, file) = file_of(Form::new(boundary, body), &["file"]).await?;
    let name = name.unwrap_or_default();
    let ending = name
        .rsplit_once('.')
        .map(|(_, ending)| ending.to_ascii_lowercase());
    if !ending.is_some_and(|ending| ENDINGS.contains(&ending.as_str())) {
        let name = format!("\"{}\"", shorten(&name).escape_debug());
        let allowed = format!("the name of a file that ends with {}", ENDINGS.join(", "));
        return Err(Error::invalid("the file's name", name, allowed).into());
    }
    let picture = decode(&file, &Limits::default())?.picture;
    Ok((name, picture))
}

/// The name and the bytes of a form's file, in the first field that has one of these names.
async fn file_of(
    mut form: Form<impl Body>,
    fields: &[&str],
) -> Result<(Option<String>, Vec<u8>), Failure> {
    let mut found = None;
    while let Some(part) = form.next().await? {
        if found.is_none() && fields.contains(&part.name()) {
            let name = part.file_name().map(str::to_owned);
            found = Some((name, form.all(part).await?));
        }
    }
    found.ok_or_else(|| {
        Failure::new(
            INVALID_BODY,
            format!(
                "The form has no file: give one in the field {}.",
                fields.join(" or ")
            ),
        )
    })
}

/// The same answer, after it was recorded. When the log fails, the answer stands, and a header tells.
async fn recorded(
    answer: Answer,
    name: &str,
    from: &'static str,
    recognized: &Recognized,
    picture: &Raster,
    services: &impl Services,
) -> Answer {
    let record = Record {
        name,
        from,
        recognized,
        picture,
    };
    match services.record(record).await {
        Ok(()) => answer,
        Err(failure) => answer.with("x-warning", escaped(&failure.message)),
    }
}

/// A digit as numbers: 28 rows of 28, each perhaps in a list of its own, or all 784 in one row.
fn digit(json: &Value) -> Result<Raster, Error> {
    const PIXELS: usize = SIDE * SIDE;
    let shape = |found: String| {
        let allowed = "28 lists of 28 numbers from 0 to 1, or one list of 784";
        Error::invalid("picture", found, allowed)
    };
    let rows = json.as_array().ok_or_else(|| shape(describe(json)))?;
    let mut levels = Vec::with_capacity(PIXELS);
    match rows.len() {
        PIXELS => {
            for (at, value) in rows.iter().enumerate() {
                levels.push(level(value, at)?);
            }
        }
        SIDE => {
            for (y, row) in rows.iter().enumerate() {
                let values = row.as_array().filter(|row| row.len() == SIDE);
                let values = values
                    .ok_or_else(|| shape(format!("a list whose row {y} is {}", describe(row))))?;
                for (x, value) in values.iter().enumerate() {
                    levels.push(level(value, y * SIDE + x)?);
                }
            }
        }
        _ => return Err(shape(describe(json))),
    }
    Ok(Raster::grey(SIDE, SIDE, levels))
}

/// The level of a number, which may be alone in a list.
fn level(value: &Value, at: usize) -> Result<u8, Error> {
    let inner = match value.as_array().map(Vec::as_slice) {
        Some([one]) => one,
        _ => value,
    };
    match inner.as_f64() {
        Some(number) if (0.0..=1.0).contains(&number) => Ok(from_unit(number as f32)),
        _ => Err(Error::invalid(
            &format!("picture[{}][{}]", at / SIDE, at % SIDE),
            describe(value),
            "numbers from 0 to 1",
        )),
    }
}
