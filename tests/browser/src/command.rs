//! The commands of chromedriver that the WebDriver standard does not have.

use fantoccini::wd::WebDriverCompatibleCommand;
use hyper::Method;
use serde_json::{Value, json};
use url::{ParseError, Url};

/// One command of Chromium's own or of its driver's.
#[derive(Debug)]
pub(crate) enum Command {
    /// A command of the Chrome DevTools Protocol with its parameters.
    DevTools(&'static str, Value),
    /// The entries of a log since they were last asked for.
    Log(&'static str),
}

impl WebDriverCompatibleCommand for Command {
    fn endpoint(&self, base_url: &Url, session_id: Option<&str>) -> Result<Url, ParseError> {
        let session = session_id.unwrap_or_default();
        let end = match self {
            Self::DevTools(..) => "goog/cdp/execute",
            Self::Log(_) => "se/log",
        };
        base_url.join(&format!("session/{session}/{end}"))
    }

    fn method_and_body(&self, _: &Url) -> (Method, Option<String>) {
        let body = match self {
            Self::DevTools(name, parameters) => json!({ "cmd": name, "params": parameters }),
            Self::Log(kind) => json!({ "type": kind }),
        };
        (Method::POST, Some(body.to_string()))
    }
}
