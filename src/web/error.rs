//! Errors as JavaScript gets them: plain objects `{ code, message, detail }`.

use super::object::to_object;
use crate::Error;
use serde::Serialize;
use wasm_bindgen::JsValue;

#[derive(Serialize)]
struct Plain {
    code: &'static str,
    message: String,
    detail: crate::error::Detail,
}

/// An error as a plain object.
pub(super) fn to_js(error: Error) -> JsValue {
    to_object(&Plain {
        code: error.code(),
        message: error.to_string(),
        detail: error.detail(),
    })
}
