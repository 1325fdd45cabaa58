//! Chromium, asked for more than WebDriver offers by its DevTools protocol.

use std::path::Path;

use fantoccini::Client;
use serde_json::{Value, json};
use tokio::process::Command;

use crate::browser::{LogEntry, Scheme, Window};
use crate::command::Command as Extra;
use crate::environment;
use crate::launch::{Driver, announced, text, timeouts};

/// Starts chromedriver on a port of its choice.
pub(crate) async fn driver() -> Result<Driver, String> {
    let mut command = Command::new(environment::chromedriver());
    let (process, port) = announced(command.arg("--port=0"), |line| {
        let (_, port) = line.split_once("started successfully on port ")?;
        port.trim_end_matches('.').parse().ok()
    })
    .await?;
    Ok(Driver::new(process, port, None))
}

/// A browser without a screen, with a profile and a folder for downloads of its own.
pub(crate) fn capabilities(window: &Window, folder: &Path) -> Value {
    let arguments = [
        "--headless".into(),
        // Containers and root have no sandbox to offer, and only our own pages are opened.
        "--no-sandbox".into(),
        "--disable-dev-shm-usage".into(),
        "--disable-gpu".into(),
        "--disable-quic".into(),
        "--no-first-run".into(),
        "--disable-background-networking".into(),
        "--disable-component-update".into(),
        "--disable-sync".into(),
        // Nothing but this machine can be reached: a page that asks for more fails and says so.
        "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1".into(),
        format!("--window-size={},{}", window.width, window.height),
        format!("--user-data-dir={}", text(folder.join("profile"))),
    ];
    let mut logs = json!({ "browser": "ALL" });
    if window.record_requests {
        logs["performance"] = "ALL".into();
    }
    json!({
        "browserName": "chrome",
        "timeouts": timeouts(),
        "goog:loggingPrefs": logs,
        "goog:chromeOptions": {
            "binary": environment::chromium(),
            "args": arguments,
            "prefs": {
                "download.default_directory": text(folder.join("downloads")),
                "download.prompt_for_download": false,
                "profile.default_content_setting_values.automatic_downloads": 1,
            },
        },
    })
}

/// What Chromium can be told.
#[derive(Debug)]
pub(crate) struct Chromium {
    pub(crate) client: Client,
}

impl Chromium {
    /// Runs a command of the Chrome DevTools Protocol.
    pub(crate) async fn devtools(&self, command: &'static str, parameters: Value) -> Value {
        let answer = self.client.issue_cmd(Extra::DevTools(command, parameters));
        answer
            .await
            .unwrap_or_else(|error| panic!("{command}: {error}"))
    }

    pub(crate) async fn before_pages(&self, script: &str) {
        let source = json!({ "source": script });
        self.devtools("Page.addScriptToEvaluateOnNewDocument", source)
            .await;
    }

    pub(crate) async fn apply(&self, window: &Window) {
        let size = json!({ "width": window.width, "height": window.height, "deviceScaleFactor": 1, "mobile": false });
        self.devtools("Emulation.setDeviceMetricsOverride", size)
            .await;
        let scheme = match window.scheme {
            Scheme::Light => "light",
            Scheme::Dark => "dark",
        };
        let motion = if window.calm {
            "reduce"
        } else {
            "no-preference"
        };
        let features = json!([
            { "name": "prefers-color-scheme", "value": scheme },
            { "name": "prefers-reduced-motion", "value": motion },
        ]);
        self.devtools(
            "Emulation.setEmulatedMedia",
            json!({ "features": features }),
        )
        .await;
    }

    pub(crate) async fn network(&self, there: bool) {
        self.devtools("Network.enable", json!({})).await;
        let conditions = json!({ "offline": !there, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1 });
        self.devtools("Network.emulateNetworkConditions", conditions)
            .await;
    }

    pub(crate) async fn allow_clipboard(&self, origin: &str) {
        let permissions = json!({ "origin": origin, "permissions": ["clipboardReadWrite", "clipboardSanitizedWrite"] });
        self.devtools("Browser.grantPermissions", permissions).await;
    }

    pub(crate) async fn stop_service_workers(&self) {
        self.devtools("ServiceWorker.enable", json!({})).await;
        self.devtools("ServiceWorker.stopAllWorkers", json!({}))
            .await;
    }

    pub(crate) async fn console(&self) -> Vec<LogEntry> {
        let text = |entry: &Value, key: &str| entry[key].as_str().unwrap_or_default().to_owned();
        let entry = |entry: &Value| LogEntry {
            level: text(entry, "level"),
            source: text(entry, "source"),
            message: text(entry, "message"),
        };
        self.log("browser").await.iter().map(entry).collect()
    }

    pub(crate) async fn addresses(&self) -> Vec<String> {
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

    async fn log(&self, kind: &'static str) -> Vec<Value> {
        let answer = self.client.issue_cmd(Extra::Log(kind)).await;
        match answer.unwrap_or_else(|error| panic!("the {kind} log: {error}")) {
            Value::Array(entries) => entries,
            other => panic!("the {kind} log is {other}"),
        }
    }
}
