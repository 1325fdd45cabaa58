//! A browser of its own for each test, without a screen, driven through WebDriver.

use std::iter;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use fantoccini::actions::{InputSource, KeyAction, KeyActions, MouseActions, PointerAction};
use fantoccini::elements::Element;
use fantoccini::error::{CmdError, ErrorStatus};
use fantoccini::{Client, Locator};
use serde_json::Value;
use tempfile::TempDir;

use crate::DEADLINE;
use crate::engine::Engine;
use crate::engine::chromium::Chromium;
use crate::engine::firefox::Firefox;
use crate::engine::webkit::WebKit;
use crate::launch::{Driver, PATIENCE, Session, remove, start};

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
    /// Whether the system asks for less motion.
    pub calm: bool,
    /// Whether every request of the page is recorded for [`Browser::addresses`].
    pub record_requests: bool,
    /// Whether the site may keep itself for use without the network, by its service worker. Otherwise that is switched
    /// off as a person would, since files that are kept hide what a test does to those of the server.
    pub offline: bool,
}

impl Default for Window {
    fn default() -> Self {
        Self {
            width: 1280,
            height: 900,
            scheme: Scheme::Light,
            calm: false,
            record_requests: false,
            offline: false,
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
    powers: Powers,
    session: Session,
    driver: Driver,
    // Removed last, after the processes that write to it.
    folder: TempDir,
}

/// What an engine can be told beyond WebDriver.
#[derive(Debug)]
enum Powers {
    Chromium(Chromium),
    Firefox(Box<Firefox>),
    WebKit(WebKit),
}

impl Browser {
    /// Starts the browser and its driver.
    pub async fn start(window: &Window) -> Self {
        let folder = TempDir::with_prefix("digitlab-browser-").expect("a temporary folder");
        let engine = Engine::current();
        let running = start(engine, window, folder.path()).await;
        let client = running.client;
        let powers = match engine {
            Engine::Chromium => Powers::Chromium(Chromium {
                client: client.clone(),
            }),
            Engine::Firefox => {
                Powers::Firefox(Box::new(Firefox::new(client.clone(), window).await))
            }
            Engine::WebKit => Powers::WebKit(WebKit::new(client.clone(), window)),
        };
        let browser = Self {
            client,
            powers,
            session: running.session,
            driver: running.driver,
            folder,
        };
        browser.apply(window).await;
        if !window.offline {
            browser.before_pages(SWITCHED_OFF).await;
        }
        browser
    }

    /// Which browser it is.
    pub fn engine(&self) -> Engine {
        match self.powers {
            Powers::Chromium(_) => Engine::Chromium,
            Powers::Firefox(_) => Engine::Firefox,
            Powers::WebKit(_) => Engine::WebKit,
        }
    }

    /// Runs a script in every page that is opened from now on in this tab, before the page's own. In WebKit that takes
    /// a page of a [`Site`](crate::Site), and not one that a service worker answers.
    pub async fn before_pages(&self, script: &str) {
        match &self.powers {
            Powers::Chromium(chromium) => chromium.before_pages(script).await,
            Powers::Firefox(firefox) => firefox.before_pages(script).await,
            Powers::WebKit(webkit) => webkit.before_pages(script),
        }
    }

    /// The WebDriver session, for what this type has no short form for.
    pub fn client(&self) -> &Client {
        &self.client
    }

    /// Makes the open page look as in such a window.
    ///
    /// # Panics
    /// In WebKit when the system's wishes are others than at the start.
    pub async fn apply(&self, window: &Window) {
        match &self.powers {
            Powers::Chromium(chromium) => chromium.apply(window).await,
            Powers::Firefox(firefox) => firefox.apply(window).await,
            Powers::WebKit(webkit) => webkit.apply(window).await,
        }
    }

    /// Runs a command of the Chrome DevTools Protocol.
    ///
    /// # Panics
    /// In other browsers: see [`Visit::only`](crate::Visit::only).
    pub async fn devtools(&self, command: &'static str, parameters: Value) -> Value {
        match &self.powers {
            Powers::Chromium(chromium) => chromium.devtools(command, parameters).await,
            _ => panic!("{} does not know {command}", self.engine()),
        }
    }

    /// Takes the network away from this machine as the browser sees it, or gives it back. Firefox reaches the machine
    /// itself all the same, and WebKit everything: there only the open page is told.
    pub async fn network(&self, there: bool) {
        match &self.powers {
            Powers::Chromium(chromium) => chromium.network(there).await,
            Powers::Firefox(firefox) => firefox.network(there).await,
            Powers::WebKit(_) => {
                let told = "Object.defineProperty(navigator, 'onLine', { value: arguments[0], configurable: true });";
                self.run(told, vec![there.into()]).await;
            }
        }
    }

    /// Stops all service workers, as the browser does when they are not needed for a while. WebKit cannot be told, and
    /// there they go on.
    pub async fn stop_service_workers(&self) {
        match &self.powers {
            Powers::Chromium(chromium) => chromium.stop_service_workers().await,
            Powers::Firefox(firefox) => firefox.stop_service_workers().await,
            Powers::WebKit(_) => {}
        }
    }

    /// Opens an address and waits until it has loaded.
    pub async fn open(&self, address: &str) {
        if let Powers::WebKit(webkit) = &self.powers {
            webkit.opening(address).await;
        }
        self.client
            .goto(address)
            .await
            .unwrap_or_else(|error| panic!("opening {address}: {error}"));
        if let Powers::Firefox(firefox) = &self.powers {
            firefox.look_at().await;
            // The page that was there can undo it, when it writes its own address at the same moment.
            if place(address).is_some() && place(&self.address().await) != place(address) {
                let again = self.client.goto(address).await;
                again.unwrap_or_else(|error| panic!("opening {address} again: {error}"));
            }
        }
    }

    /// Loads the page again.
    pub async fn reload(&self) {
        match &self.powers {
            Powers::Firefox(firefox) => return firefox.reload().await,
            Powers::WebKit(webkit) => webkit.leaving().await,
            Powers::Chromium(_) => {}
        }
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
        let answer = self.try_run(body, arguments).await;
        answer.unwrap_or_else(|error| panic!("{error}\nin the script\n{body}"))
    }

    async fn try_run(&self, body: &str, arguments: Vec<Value>) -> Result<Value, String> {
        match &self.powers {
            Powers::Firefox(firefox) => firefox.run(body, &arguments).await,
            _ => self
                .client
                .execute(body, arguments)
                .await
                .map_err(|error| error.to_string()),
        }
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
            let answer = match self.try_run(&script, vec![]).await {
                Ok(answer) => answer,
                // WebKit's driver loses an answer while one page takes the place of another.
                Err(error) if error.contains("Could not parse script result") => Value::Null,
                Err(error) => panic!("{error}\nin the script\n{script}"),
            };
            if answer[0] == true {
                return answer[1].clone();
            }
            if Instant::now() > end {
                let address = self.address().await;
                panic!(
                    "waited in vain: {what}\n{expression}\nis {} at {address}",
                    answer[1]
                );
            }
            tokio::time::sleep(Duration::from_millis(15)).await;
        }
    }

    /// The element that a CSS selector finds.
    pub async fn find(&self, selector: &str) -> Element {
        let end = Instant::now() + DEADLINE;
        let webkit = matches!(self.powers, Powers::WebKit(_));
        loop {
            match self.client.find(Locator::Css(selector)).await {
                // WebKit's driver answers with an empty error while one page takes the place of another.
                Err(error) if webkit && !error.is_no_such_element() && Instant::now() < end => {
                    tokio::time::sleep(Duration::from_millis(15)).await;
                }
                found => return found.unwrap_or_else(|error| panic!("{selector}: {error}")),
            }
        }
    }

    /// Clicks an element, as the mouse does: it must be in view and not covered. Like a person it waits until the
    /// element can be seen.
    pub async fn click(&self, selector: &str) {
        let end = Instant::now() + DEADLINE;
        let webkit = matches!(self.powers, Powers::WebKit(_));
        // What is covered at the edge of the window may not be in its middle.
        for block in iter::once("nearest").chain(iter::repeat("center")) {
            if webkit {
                // Its driver does not find the way through every area that scrolls, and clicks beside what still moves.
                self.find(selector).await;
                self.run(TO_REST, vec![selector.into(), block.into()]).await;
            }
            match self.find(selector).await.click().await {
                Err(error)
                    if (error.is_element_not_interactable() || webkit && intercepted(&error))
                        && Instant::now() < end =>
                {
                    tokio::time::sleep(Duration::from_millis(15)).await;
                }
                clicked => {
                    return clicked
                        .unwrap_or_else(|error| panic!("clicking {selector}: {error:?}"));
                }
            }
        }
    }

    /// The text of an element that a person sees.
    pub async fn text(&self, selector: &str) -> String {
        let element = self.find(selector).await;
        if matches!(self.powers, Powers::WebKit(_)) {
            // WebKit's driver says of some texts in plain view that there are none.
            let seen = "const text = (arguments[0].innerText ?? arguments[0].textContent).trim();
                const kept = getComputedStyle(arguments[0]).whiteSpace.startsWith('pre');
                return kept ? text : text.replace(/\\n+/g, '\\n');";
            let text = self.run(seen, vec![serde_json::json!(element)]).await;
            return text.as_str().unwrap_or_default().to_owned();
        }
        element
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
            .unwrap_or_else(|error| panic!("clicking {selector}: {error:?}"));
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
        match &self.powers {
            Powers::Chromium(chromium) => chromium.allow_clipboard(origin).await,
            Powers::Firefox(firefox) => firefox.allow_clipboard().await,
            Powers::WebKit(_) => {}
        }
    }

    /// What the browser reported since it was last asked. WebKit reports what happens in its pages, not in their workers.
    pub async fn console(&self) -> Vec<LogEntry> {
        match &self.powers {
            Powers::Chromium(chromium) => chromium.console().await,
            Powers::Firefox(firefox) => firefox.console(),
            Powers::WebKit(webkit) => webkit.console().await,
        }
    }

    /// The addresses that pages asked for since this was last called; needs [`Window::record_requests`].
    pub async fn addresses(&self) -> Vec<String> {
        match &self.powers {
            Powers::Chromium(chromium) => chromium.addresses().await,
            Powers::Firefox(firefox) => firefox.addresses(),
            Powers::WebKit(webkit) => webkit.addresses().await,
        }
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
        let closing = tokio::time::timeout(PATIENCE, self.client.clone().close());
        if matches!(closing.await, Ok(Ok(()))) {
            self.session.id = None;
        }
    }

    fn downloads(&self) -> PathBuf {
        self.folder.path().join("downloads")
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        self.session.end();
        self.driver.kill();
        remove(self.folder.path());
    }
}

/// What the switch of the page does; pages that have no storage have no service worker either.
const SWITCHED_OFF: &str = "try { localStorage.setItem('digitlab.offline', 'off'); } catch {}";

/// The control key of WebDriver's key codes.
const CONTROL: char = '\u{e009}';

fn finished_download(folder: &Path) -> Option<PathBuf> {
    let files = std::fs::read_dir(folder).ok()?;
    let paths = files.filter_map(|file| Some(file.ok()?.path()));
    // Browsers hold the name with an empty file, write to one of another name, and put that in its place when it is
    // whole.
    let unfinished = |path: &PathBuf| {
        let extension = path.extension().unwrap_or_default();
        ["crdownload", "part", "wkdownload"]
            .iter()
            .any(|known| extension == *known)
    };
    paths
        .filter(|path| !unfinished(path))
        .filter(|path| path.metadata().is_ok_and(|file| file.len() > 0))
        .find(|path| {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            !name.starts_with('.')
        })
}

/// The place of the page that an address names, without what is asked of it.
fn place(address: &str) -> Option<&str> {
    let (_, place) = address.split_once("#/")?;
    place.split('?').next()
}

/// Brings an element to where it can be clicked, and waits until it rests there. It may be made anew meanwhile.
const TO_REST: &str = "
    const element = () => document.querySelector(arguments[0]);
    const place = () => element()?.getBoundingClientRect() ?? new DOMRect();
    element()?.scrollIntoView({ block: arguments[1], behavior: 'instant' });
    // A tab behind another one has no frames.
    for (let [times, still, before] = [0, 0, '']; times < 60 && still < 3; times += 1) {
      await new Promise((resolve) => setTimeout(resolve, 16));
      const now = JSON.stringify(place());
      [still, before] = now === before ? [still + 1, before] : [0, now];
    }";

/// Whether something else lies where the click would go.
fn intercepted(error: &CmdError) -> bool {
    matches!(error, CmdError::Standard(told) if told.error == ErrorStatus::ElementClickIntercepted)
}
