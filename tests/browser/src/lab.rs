//! Calls the ES module from a page.

use std::fmt;
use std::fs;
use std::path::Path;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use crate::browser::Browser;

/// The path of a page that does nothing of its own accord, under the site's own content security policy.
pub const LAB_PAGE: &str = "blank-page-of-the-tests.html";

/// Small functions for scripts: bytes as text, so that they fit into WebDriver's JSON.
const TOOLS: &str = include_str!("lab.js");

/// What a script threw.
#[derive(Clone, Debug, PartialEq)]
pub struct Failure {
    /// The error's `name`.
    pub name: String,
    /// The error's `code`, empty when it has none.
    pub code: String,
    /// The sentence for people.
    pub message: String,
    /// The error's `detail`, null when it has none.
    pub detail: Value,
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} [{}]: {} {}",
            self.name, self.code, self.message, self.detail
        )
    }
}

impl Failure {
    /// Reads an error that a script has put into words with `tools.failure`.
    pub fn from_json(value: &Value) -> Self {
        let text = |key: &str| value[key].as_str().unwrap_or_default().to_owned();
        Self {
            name: text("name"),
            code: text("code"),
            message: text("message"),
            detail: value["detail"].clone(),
        }
    }
}

/// The ES module as a page sees it that does nothing else.
#[derive(Debug)]
pub struct Lab<'a> {
    browser: &'a Browser,
    module: String,
}

impl Browser {
    /// The ES module at an address, for the page that is open.
    pub fn lab(&self, module: &str) -> Lab<'_> {
        Lab {
            browser: self,
            module: module.to_owned(),
        }
    }
}

impl Lab<'_> {
    /// Runs the body of an async function in the page, with `Digitlab` and `DigitlabError` of the module, with `args`,
    /// and with the functions of `lab.js` as `tools`.
    ///
    /// # Errors
    /// What the script threw.
    pub async fn run(&self, body: &str, args: Value) -> Result<Value, Failure> {
        let script = format!(
            "const [address, args] = arguments;
            const tools = {TOOLS};
            return (async () => {{
              try {{
                const {{ Digitlab, DigitlabError }} = await import(address);
                const value = await (async () => {{ {body} }})();
                return {{ value: value ?? null }};
              }} catch (error) {{
                return {{ failure: tools.failure(error) }};
              }}
            }})();"
        );
        let answer = self
            .browser
            .run(&script, vec![json!(self.module), args])
            .await;
        match &answer["failure"] {
            Value::Null => Ok(answer["value"].clone()),
            failure => Err(Failure::from_json(failure)),
        }
    }

    /// The same for a script that must not throw.
    ///
    /// # Panics
    /// When it does.
    pub async fn get(&self, body: &str, args: Value) -> Value {
        match self.run(body, args).await {
            Ok(value) => value,
            Err(failure) => panic!("{failure}\nin the script\n{body}"),
        }
    }
}

/// The bytes behind a base64 text of a script.
///
/// # Panics
/// When the value is anything else.
pub fn bytes(value: &Value) -> Vec<u8> {
    STANDARD
        .decode(
            value
                .as_str()
                .unwrap_or_else(|| panic!("{value} is no text")),
        )
        .expect("base64")
}

/// Bytes as a value that `tools.blob` of a script understands.
pub fn blob(bytes: &[u8]) -> Value {
    Value::String(STANDARD.encode(bytes))
}

/// The floats behind a base64 text of a script.
///
/// # Panics
/// When the value is anything else.
pub fn floats(value: &Value) -> Vec<f32> {
    let bytes = bytes(value);
    let (values, rest) = bytes.as_chunks::<4>();
    assert!(rest.is_empty(), "{} bytes are no floats", bytes.len());
    values
        .iter()
        .map(|value| f32::from_le_bytes(*value))
        .collect()
}

/// The policy is taken from the built page, so that the module is tested under the one it ships with.
pub(crate) fn lab_page(site: &Path) -> String {
    let index = fs::read_to_string(site.join("index.html")).expect("the built page");
    let policy = index
        .match_indices("<meta")
        .filter_map(|(start, _)| index[start..].split_inclusive('>').next())
        .find(|tag| tag.contains("Content-Security-Policy"))
        .expect("the built page states a content security policy");
    page(policy)
}

/// A page that does nothing, with one more tag in its head.
pub fn page(tag: &str) -> String {
    format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">{tag}<link rel=\"icon\" href=\"data:,\">\
         <title>Blank</title></head><body></body></html>"
    )
}
