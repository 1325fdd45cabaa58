//! The commands of drivers that the WebDriver standard does not have.

use fantoccini::wd::WebDriverCompatibleCommand;
use hyper::Method;
use serde_json::{Value, json};
use url::{ParseError, Url};

/// One command of a browser's own or of its driver's.
#[derive(Debug)]
pub(crate) enum Command {
    /// A command of the Chrome DevTools Protocol with its parameters.
    DevTools(&'static str, Value),
    /// The entries of a log since they were last asked for.
    Log(&'static str),
    /// Whether scripts run in Firefox' pages, `content`, or in the browser itself, `chrome`.
    Context(&'static str),
}

impl WebDriverCompatibleCommand for Command {
    fn endpoint(&self, base_url: &Url, session_id: Option<&str>) -> Result<Url, ParseError> {
        let session = session_id.unwrap_or_default();
        let end = match self {
            Self::DevTools(..) => "goog/cdp/execute",
            Self::Log(_) => "se/log",
            Self::Context(_) => "moz/context",
        };
        base_url.join(&format!("session/{session}/{end}"))
    }

    fn method_and_body(&self, _: &Url) -> (Method, Option<String>) {
        let body = match self {
            Self::DevTools(name, parameters) => json!({ "cmd": name, "params": parameters }),
            Self::Log(kind) => json!({ "type": kind }),
            Self::Context(name) => json!({ "context": name }),
        };
        (Method::POST, Some(body.to_string()))
    }
}
