//! Data as JavaScript gets it.

use serde::Serialize;
use wasm_bindgen::JsValue;

/// Data as plain objects, as `JSON.parse` would make them.
pub(super) fn to_object(data: &impl Serialize) -> JsValue {
    data.serialize(&serde_wasm_bindgen::Serializer::json_compatible())
        .expect("only text, numbers, lists and maps with text keys")
}
