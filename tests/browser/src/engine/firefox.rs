//! Firefox, asked for more than WebDriver offers by WebDriver BiDi and by scripts in the browser's own context.

use std::path::Path;

use fantoccini::Client;
use serde_json::{Value, json};
use tokio::process::Command;

use super::bidi::Bidi;
use crate::browser::{LogEntry, Scheme, Window};
use crate::command::Command as Extra;
use crate::environment;
use crate::launch::{Driver, announced, text, timeouts};

/// Starts geckodriver on a port of its choice.
pub(crate) async fn driver(window: &Window, folder: &Path) -> Result<Driver, String> {
    let mut command = Command::new(environment::geckodriver());
    command
        .args(["--port=0", "--websocket-port=0", "--allow-system-access"])
        .arg("--profile-root")
        .arg(folder.join("profile"))
        .env("MOZ_HEADLESS_WIDTH", window.width.max(1280).to_string())
        .env("MOZ_HEADLESS_HEIGHT", (window.height + 200).to_string());
    let (process, port) = announced(&mut command, |line| {
        let (_, address) = line.split_once("Listening on 127.0.0.1:")?;
        address.trim().parse().ok()
    })
    .await?;
    Ok(Driver::new(process, port, None))
}

/// A browser without a screen, with a profile and a folder for downloads of its own.
pub(crate) fn capabilities(window: &Window, folder: &Path) -> Value {
    json!({
        "browserName": "firefox",
        "webSocketUrl": true,
        "timeouts": timeouts(),
        "moz:firefoxOptions": {
            "binary": environment::firefox(),
            "args": ["-headless"],
            "prefs": {
                "browser.download.dir": text(folder.join("downloads")),
                "browser.download.folderList": 2,
                "browser.download.alwaysOpenPanel": false,
                "browser.download.always_ask_before_handling_new_types": false,
                "dom.max_script_run_time": 0,
                "layout.css.devPixelsPerPx": "1.0",
                SCHEME: scheme(window),
                MOTION: u8::from(window.calm),
                // Nothing but this machine can be reached: a page that asks for more fails and says so.
                "network.dns.disabled": true,
            },
        },
    })
}

/// What Firefox says of that which Chromium reports in these words.
pub(crate) fn in_its_words(chromium: &str) -> &'static [&'static str] {
    const WORDS: [(&str, &[&str]); 6] = [
        (
            "net::ERR",
            &[
                "CORS request did not succeed",
                "A ServiceWorker intercepted the request",
            ],
        ),
        ("CORS policy", &["Cross-Origin Request Blocked"]),
        ("Content Security Policy", &["Content-Security-Policy"]),
        (
            "inline style",
            &["Content-Security-Policy", "XML Parsing Error"],
        ),
        ("/mnist/", &["Failed to read data from the ReadableStream"]),
        ("/models/", &["Failed to read data from the ReadableStream"]),
    ];
    let known = WORDS.iter().find(|(words, _)| chromium.contains(words));
    known.map_or(&[], |(_, its)| its)
}

const SCHEME: &str = "layout.css.prefers-color-scheme.content-override";
const MOTION: &str = "ui.prefersReducedMotion";

fn scheme(window: &Window) -> u8 {
    match window.scheme {
        Scheme::Dark => 0,
        Scheme::Light => 1,
    }
}

/// What Firefox can be told.
#[derive(Debug)]
pub(crate) struct Firefox {
    client: Client,
    bidi: Bidi,
}

impl Firefox {
    pub(crate) async fn new(client: Client, window: &Window) -> Self {
        let address = client
            .capabilities()
            .and_then(|capabilities| capabilities.get("webSocketUrl"))
            .and_then(Value::as_str)
            .expect("a session with BiDi names its address");
        let bidi = Bidi::connect(address).unwrap_or_else(|error| panic!("{error}"));
        let firefox = Self { bidi, client };
        let mut events = vec!["log.entryAdded"];
        if window.record_requests {
            events.push("network.beforeRequestSent");
        }
        firefox
            .ask("session.subscribe", json!({ "events": events }))
            .await;
        firefox
    }

    async fn ask(&self, method: &str, params: Value) -> Value {
        self.bidi
            .ask(method, params)
            .await
            .unwrap_or_else(|error| panic!("{error}"))
    }

    async fn context(&self) -> String {
        String::from(self.client.window().await.expect("a tab"))
    }

    /// Runs a script in the page's own world: that of WebDriver has another, whose arrays and errors are not the
    /// page's, and that cannot load modules.
    pub(crate) async fn run(&self, body: &str, arguments: &[Value]) -> Result<Value, String> {
        let given = Value::from(arguments.to_vec()).to_string();
        let function = format!(
            "async (given) => {{
              const body = async function () {{ {body}\n }};
              const value = await body.apply(window, JSON.parse(given));
              return JSON.stringify(value) ?? 'null';
            }}"
        );
        let params = json!({
            "functionDeclaration": function,
            "awaitPromise": true,
            "target": { "context": self.context().await },
            "arguments": [{ "type": "string", "value": given }],
        });
        let answer = self.bidi.ask("script.callFunction", params).await?;
        if let Some(text) = answer["result"]["value"].as_str() {
            Ok(serde_json::from_str(text).expect("what JSON.stringify made"))
        } else {
            Err(answer["exceptionDetails"]["text"].to_string())
        }
    }

    /// Runs a script in the world of the browser itself.
    async fn inside(&self, body: &str, arguments: Vec<Value>) -> Value {
        let context = async |name| {
            let answer = self.client.issue_cmd(Extra::Context(name)).await;
            answer.expect("geckodriver was started with system access");
        };
        context("chrome").await;
        let answer = self.client.execute(body, arguments).await;
        context("content").await;
        answer.unwrap_or_else(|error| panic!("{error}\nin the script\n{body}"))
    }

    pub(crate) async fn before_pages(&self, script: &str) {
        let function = format!("() => {{ {script}\n }}");
        self.ask(
            "script.addPreloadScript",
            json!({ "functionDeclaration": function }),
        )
        .await;
    }

    pub(crate) async fn apply(&self, window: &Window) {
        let size = json!({ "width": window.width, "height": window.height });
        let params = json!({ "context": self.context().await, "viewport": size });
        self.ask("browsingContext.setViewport", params).await;
        let set = "const [scheme, motion] = arguments;
            Services.prefs.setIntPref(scheme[0], scheme[1]);
            Services.prefs.setIntPref(motion[0], motion[1]);";
        let motion = json!([MOTION, u8::from(window.calm)]);
        self.inside(set, vec![json!([SCHEME, scheme(window)]), motion])
            .await;
    }

    /// Gives the page the focus: a new window leaves it to the field for addresses.
    pub(crate) async fn look_at(&self) {
        let params = json!({ "context": self.context().await });
        self.ask("browsingContext.activate", params).await;
    }

    /// As a person does: WebDriver's own way goes past service workers.
    pub(crate) async fn reload(&self) {
        let params = json!({ "context": self.context().await, "wait": "complete" });
        self.ask("browsingContext.reload", params).await;
    }

    pub(crate) async fn network(&self, there: bool) {
        let set = "Services.io.manageOfflineStatus = false; Services.io.offline = arguments[0];";
        self.inside(set, vec![(!there).into()]).await;
    }

    pub(crate) async fn allow_clipboard(&self) {
        let set = "Services.prefs.setBoolPref('dom.events.testing.asyncClipboard', true);";
        self.inside(set, vec![]).await;
    }

    pub(crate) async fn stop_service_workers(&self) {
        let stop = "
            const manager = Cc['@mozilla.org/serviceworkers/manager;1'].getService(Ci.nsIServiceWorkerManager);
            const all = manager.getAllRegistrations();
            const stopped = [];
            for (let at = 0; at < all.length; at += 1) {
              const { activeWorker } = all.queryElementAt(at, Ci.nsIServiceWorkerRegistrationInfo);
              if (activeWorker) stopped.push(activeWorker.terminateWorker());
            }
            return Promise.all(stopped).then(() => null);";
        self.inside(stop, vec![]).await;
    }

    pub(crate) fn console(&self) -> Vec<LogEntry> {
        let entry = |entry: Value| {
            let level = match entry["level"].as_str() {
                Some("error") => "SEVERE",
                Some("warn") => "WARNING",
                Some("debug") => "DEBUG",
                _ => "INFO",
            };
            let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
            LogEntry {
                level: level.into(),
                source: text(&entry["type"]),
                message: format!(
                    "{} {}",
                    text(&entry["text"]),
                    text(&entry["stackTrace"]["callFrames"][0]["url"])
                ),
            }
        };
        let entries = self.bidi.take("log.entryAdded");
        entries.into_iter().map(entry).collect()
    }

    pub(crate) fn addresses(&self) -> Vec<String> {
        let requests = self.bidi.take("network.beforeRequestSent");
        let address = |event: &Value| event["request"]["url"].as_str().map(str::to_owned);
        requests.iter().filter_map(address).collect()
    }
}
