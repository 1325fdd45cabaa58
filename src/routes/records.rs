//! `digitRecognition/records`: the record log.

use super::Answered;
use super::answer::Answer;
use super::services::Services;
use serde_json::{Map, Value};

/// All records, as JSON or CSV.
pub(super) async fn records(query: &Map<String, Value>, services: &impl Services) -> Answered {
    let format = query
        .get("format")
        .and_then(Value::as_str)
        .unwrap_or("json");
    let bytes = services.records(format).await?;
    Ok(match format {
        "csv" => Answer::of(200, "text/csv; charset=utf-8", bytes).with(
            "content-disposition",
            "attachment; filename=\"records.csv\"",
        ),
        _ => Answer::of(200, "application/json", bytes),
    })
}
