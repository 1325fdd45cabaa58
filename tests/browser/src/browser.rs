//! A headless Chromium of its own for each test, driven through WebDriver.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use fantoccini::actions::{InputSource, KeyAction, KeyActions, MouseActions, PointerAction};
use fantoccini::elements::Element;
use fantoccini::{Client, ClientBuilder, Locator};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::process::Child;

use crate::DEADLINE;
use crate::command::Command;
use crate::launch::{Session, capabilities, remove, start_driver};

/// Which colour scheme the system asks for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Scheme {
    /// Dark on light.
    #[default]
    Light,
    /// Light on dark.
    Dark,
}

/// What the browser's window is like.
#[derive(Clone, Debug)]
pub struct Window {
    /// Width of the page in CSS pixels.
    pub width: u32,
    /// Height of the page in CSS pixels.
    pub height: u32,
    /// The system's colour scheme.
    pub scheme: Scheme,
    /// Whether every request of the page is recorded for [`Browser::addresses`].
    pub record_requests: bool,
}

impl Default for Window {
    fn default() -> Self {
        Self {
            width: 1280,
            height: 900,
            scheme: Scheme::Light,
            record_requests: false,
        }
    }
}

/// Something the browser reported about a page: an error, a warning, a message.
#[derive(Clone, Debug)]
pub struct LogEntry {
    /// `SEVERE`, `WARNING`, `INFO`, or `DEBUG`.
    pub level: String,
    /// Who reports: `javascript`, `network`, `security`, `console-api`, ...
    pub source: String,
    /// The text, with the address it is about.
    pub message: String,
}

/// A browser with an empty profile; it ends when dropped.
#[derive(Debug)]
pub struct Browser {
    client: Client,
    session: Session,
    driver: Child,
    // Removed last, after the processes that write to it.
    folder: TempDir,
}

impl Browser {
    /// Starts the browser and its driver.
    pub async fn start(window: &Window) -> Self {
        let folder = TempDir::with_prefix("digitlab-browser-").expect("a temporary folder");
        let (driver, port) = start_driver().await;
        let mut builder = ClientBuilder::new(HttpConnector::new());
        let Value::Object(capabilities) = capabilities(window, folder.path()) else {
            unreachable!("it is an object")
        };
        builder.capabilities(capabilities);
        let client = builder.connect(&format!("http://127.0.0.1:{port}")).await;
        let client = client.expect("chromedriver starts the browser");
        let id = client
            .session_id()
            .await
            .ok()
            .flatten()
            .expect("a session has a name");
        let browser = Self {
            client,
            session: Session { port, id: Some(id) },
            driver,
            folder,
        };
        browser.apply(window).await;
        browser
    }

    /// The WebDriver session, for what this type has no short form for.
    pub fn client(&self) -> &Client {
        &self.client
    }

    /// Makes the open page look as in such a window.
    pub async fn apply(&self, window: &Window) {
        let scheme = match window.scheme {
            Scheme::Light => "light",
            Scheme::Dark => "dark",
        };
        let size = json!({ "width": window.width, "height": window.height, "deviceScaleFactor": 1, "mobile": false });
        self.devtools("Emulation.setDeviceMetricsOverride", size)
            .await;
        let features = json!([{ "name": "prefers-color-scheme", "value": scheme }]);
        self.devtools(
            "Emulation.setEmulatedMedia",
            json!({ "features": features }),
        )
        .await;
    }

    /// Runs a command of the Chrome DevTools Protocol.
    pub async fn devtools(&self, command: &'static str, parameters: Value) -> Value {
        let answer = self
            .client
            .issue_cmd(Command::DevTools(command, parameters))
            .await;
        answer.unwrap_or_else(|error| panic!("{command}: {error}"))
    }

    /// Opens an address and waits until it has loaded.
    pub async fn open(&self, address: &str) {
        self.client
            .goto(address)
            .await
            .unwrap_or_else(|error| panic!("opening {address}: {error}"));
    }

    /// Loads the page again.
    pub async fn reload(&self) {
        self.client.refresh().await.expect("the page reloads");
    }

    /// The address shown, with its fragment.
    pub async fn address(&self) -> String {
        self.client
            .current_url()
            .await
            .expect("an address")
            .to_string()
    }

    /// Runs the body of a function in the page, with `arguments`, and returns what it returns; a promise is awaited.
    pub async fn run(&self, body: &str, arguments: Vec<Value>) -> Value {
        self.client
            .execute(body, arguments)
            .await
            .unwrap_or_else(|error| panic!("{error}\nin the script\n{body}"))
    }

    /// The value of an expression in the page.
    pub async fn value(&self, expression: &str) -> Value {
        self.run(&format!("return ({expression});"), vec![]).await
    }

    /// Waits until an expression of the page is true in the sense of JavaScript, and returns it; a promise is awaited.
    ///
    /// # Panics
    /// At the deadline, saying what was expected and what the expression was instead.
    pub async fn until(&self, what: &str, expression: &str) -> Value {
        let end = Instant::now() + DEADLINE;
        let script = format!(
            "return Promise.resolve({expression}).then((value) => [Boolean(value), value]);"
        );
        loop {
            let answer = self.run(&script, vec![]).await;
            if answer[0] == true {
                return answer[1].clone();
            }
            assert!(
                Instant::now() < end,
                "waited in vain: {what}\n{expression}\nis {}",
                answer[1]
            );
            tokio::time::sleep(Duration::from_millis(15)).await;
        }
    }

    /// The element that a CSS selector finds.
    pub async fn find(&self, selector: &str) -> Element {
        self.client
            .find(Locator::Css(selector))
            .await
            .unwrap_or_else(|error| panic!("{selector}: {error}"))
    }

    /// Clicks an element, as the mouse does: it must be in view and not covered.
    pub async fn click(&self, selector: &str) {
        self.find(selector)
            .await
            .click()
            .await
            .unwrap_or_else(|error| panic!("clicking {selector}: {error}"));
    }

    /// The text of an element that a person sees.
    pub async fn text(&self, selector: &str) -> String {
        self.find(selector)
            .await
            .text()
            .await
            .unwrap_or_else(|error| panic!("{selector}: {error}"))
    }

    /// What stands in a field.
    pub async fn field(&self, selector: &str) -> String {
        let value = self.find(selector).await.prop("value").await;
        value
            .unwrap_or_else(|error| panic!("{selector}: {error}"))
            .unwrap_or_default()
    }

    /// An attribute of an element, if it is there.
    pub async fn attribute(&self, selector: &str, name: &str) -> Option<String> {
        self.find(selector)
            .await
            .attr(name)
            .await
            .unwrap_or_else(|error| panic!("{selector}: {error}"))
    }

    /// Replaces what stands in a field by typing, as a person does.
    pub async fn fill(&self, selector: &str, text: &str) {
        self.find(selector)
            .await
            .click()
            .await
            .unwrap_or_else(|error| panic!("clicking {selector}: {error}"));
        self.keys_with(CONTROL, "a").await;
        self.keys(if text.is_empty() { "\u{e017}" } else { text })
            .await;
    }

    /// Points the mouse at an element.
    pub async fn hover(&self, selector: &str) {
        let element = self.find(selector).await;
        let actions = MouseActions::new("mouse".into()).then(PointerAction::MoveToElement {
            element,
            duration: None,
            x: 0.0,
            y: 0.0,
        });
        self.client
            .perform_actions(actions)
            .await
            .unwrap_or_else(|error| panic!("pointing at {selector}: {error}"));
    }

    /// Gives a file to an `<input type="file">`.
    pub async fn attach(&self, selector: &str, name: &str, bytes: &[u8]) {
        let path = self.folder.path().join(name);
        std::fs::write(&path, bytes).expect("the temporary folder is writable");
        let path = path
            .to_str()
            .expect("the temporary folder has an ordinary name");
        self.find(selector)
            .await
            .send_keys(path)
            .await
            .unwrap_or_else(|error| panic!("{selector}: {error}"));
    }

    /// Presses keys one after another, wherever the focus is.
    pub async fn keys(&self, keys: &str) {
        let mut actions = KeyActions::new("keyboard".into());
        for value in keys.chars() {
            actions = actions
                .then(KeyAction::Down { value })
                .then(KeyAction::Up { value });
        }
        self.client
            .perform_actions(actions)
            .await
            .expect("keys can be pressed");
    }

    /// Presses keys while another is held down.
    pub async fn keys_with(&self, held: char, keys: &str) {
        let mut actions = KeyActions::new("keyboard".into()).then(KeyAction::Down { value: held });
        for value in keys.chars() {
            actions = actions
                .then(KeyAction::Down { value })
                .then(KeyAction::Up { value });
        }
        actions = actions.then(KeyAction::Up { value: held });
        self.client
            .perform_actions(actions)
            .await
            .expect("keys can be pressed");
    }

    /// Waits for a finished download and takes it away: its name and its bytes.
    pub async fn download(&self) -> (String, Vec<u8>) {
        let end = Instant::now() + DEADLINE;
        loop {
            if let Some(path) = finished_download(&self.downloads()) {
                let bytes = std::fs::read(&path).expect("a download is readable");
                std::fs::remove_file(&path).expect("a download can be removed");
                return (
                    path.file_name()
                        .unwrap_or_default()
                        .to_string_lossy()
                        .into_owned(),
                    bytes,
                );
            }
            assert!(Instant::now() < end, "no download came");
            tokio::time::sleep(Duration::from_millis(15)).await;
        }
    }

    /// Lets pages of an origin read and write the clipboard without asking.
    pub async fn allow_clipboard(&self, origin: &str) {
        let permissions = json!({ "origin": origin, "permissions": ["clipboardReadWrite", "clipboardSanitizedWrite"] });
        self.devtools("Browser.grantPermissions", permissions).await;
    }

    /// What the browser reported since it was last asked.
    pub async fn console(&self) -> Vec<LogEntry> {
        let entries = self.log("browser").await;
        let text = |entry: &Value, key: &str| entry[key].as_str().unwrap_or_default().to_owned();
        let entry = |entry: &Value| LogEntry {
            level: text(entry, "level"),
            source: text(entry, "source"),
            message: text(entry, "message"),
        };
        entries.iter().map(entry).collect()
    }

    /// The addresses that pages asked for since this was last called; needs [`Window::record_requests`].
    pub async fn addresses(&self) -> Vec<String> {
        let entries = self.log("performance").await;
        let address = |entry: &Value| {
            let message: Value = serde_json::from_str(entry["message"].as_str()?).ok()?;
            let message = &message["message"];
            (message["method"] == "Network.requestWillBeSent").then(|| {
                message["params"]["request"]["url"]
                    .as_str()
                    .map(str::to_owned)
            })?
        };
        entries.iter().filter_map(address).collect()
    }

    /// A picture of the page, as PNG.
    pub async fn screenshot(&self) -> Option<Vec<u8>> {
        self.client.screenshot().await.ok()
    }

    /// The folder of its profile and its downloads.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// The version of the browser.
    pub fn version(&self) -> String {
        let version = self
            .client
            .capabilities()
            .and_then(|capabilities| capabilities.get("browserVersion"));
        version
            .and_then(Value::as_str)
            .unwrap_or("unknown")
            .to_owned()
    }

    /// Ends the browser and its driver; dropping it ends them as well, but keeps the thread waiting.
    pub async fn close(mut self) {
        if self.client.clone().close().await.is_ok() {
            self.session.id = None;
        }
    }

    async fn log(&self, kind: &'static str) -> Vec<Value> {
        let answer = self.client.issue_cmd(Command::Log(kind)).await;
        match answer.unwrap_or_else(|error| panic!("the {kind} log: {error}")) {
            Value::Array(entries) => entries,
            other => panic!("the {kind} log is {other}"),
        }
    }

    fn downloads(&self) -> PathBuf {
        self.folder.path().join("downloads")
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        self.session.end();
        // By now nothing is left to be said to it, and it holds nothing that matters.
        let _ = self.driver.start_kill();
        remove(self.folder.path());
    }
}

/// The control key of WebDriver's key codes.
const CONTROL: char = '\u{e009}';

fn finished_download(folder: &Path) -> Option<PathBuf> {
    let files = std::fs::read_dir(folder).ok()?;
    let paths = files.filter_map(|file| Some(file.ok()?.path()));
    // Chromium holds the name with an empty file, writes to one of another name, and puts that in its place when it
    // is whole.
    paths
        .filter(|path| {
            path.extension()
                .is_none_or(|extension| extension != "crdownload")
        })
        .filter(|path| path.metadata().is_ok_and(|file| file.len() > 0))
        .find(|path| {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            !name.starts_with('.')
        })
}
