//! YAML, read and written as JSON.

use super::Result;
use super::error::to_js;
use crate::augment::{from_yaml, to_yaml};
use crate::error::Error;
use wasm_bindgen::prelude::*;

/// YAML text as JSON text.
#[wasm_bindgen(js_name = yamlToJson)]
pub fn yaml_to_json(text: &str) -> Result<String> {
    from_yaml(text).map(|json| json.to_string()).map_err(to_js)
}

/// JSON text as YAML text.
#[wasm_bindgen(js_name = jsonToYaml)]
pub fn json_to_yaml(text: &str) -> Result<String> {
    serde_json::from_str(text)
        .map_err(|error| Error::invalid("json", error, "JSON"))
        .and_then(|json| to_yaml(&json))
        .map_err(to_js)
}
