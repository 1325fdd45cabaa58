//! WebKitGTK, which offers nothing beyond WebDriver: what is to run before a page comes with the page, from the server.

use std::fs;
use std::path::Path;
use std::process::Stdio;
use std::sync::{Mutex, PoisonError};

use fantoccini::Client;
use serde_json::{Value, json};
use tokio::process::Command;
use url::Url;

use crate::browser::{LogEntry, Scheme, Window};
use crate::launch::{Driver, announced, free_port, listens, spawn, text, timeouts};
use crate::{environment, prelude};

/// The sides of the display. Its pointer rests in the middle.
const DISPLAY: (i32, i32) = (3200, 2400);

/// The height of the browser's own bar, with the style below.
const BAR: u32 = 21;

/// The browser's own bar would keep the window from being narrow.
const STYLE: &str = "* { min-width: 0; min-height: 0; padding: 0; margin: 0; border: none; }";

/// What Safari has and WebKitGTK turns off: files of a site's own, and how much it may store.
const FEATURES: &str = "--features=+StorageAPI,+StorageAPIEstimate,+FileSystem,+FileSystemWritableStream,+AccessHandle";

/// Starts a display without a screen, and WebKitWebDriver, whose browser will draw on it.
pub(crate) async fn driver(window: &Window, folder: &Path) -> Result<Driver, String> {
    let home = folder.join("profile");
    let settings = home.join("gtk-3.0");
    let write = |path: &Path, text: &str| fs::write(path, text).expect("the folder is writable");
    fs::create_dir_all(&settings).expect("the folder is writable");
    write(&settings.join("gtk.css"), STYLE);
    let animations = format!(
        "[Settings]\ngtk-enable-animations={}\n",
        u8::from(!window.calm)
    );
    write(&settings.join("settings.ini"), &animations);
    let downloads = format!("XDG_DOWNLOAD_DIR={:?}\n", text(folder.join("downloads")));
    write(&home.join("user-dirs.dirs"), &downloads);

    let mut command = Command::new(environment::xvfb());
    let (width, height) = DISPLAY;
    command
        .args(["-displayfd", "1", "-nolisten", "tcp", "-screen", "0"])
        .arg(format!("{width}x{height}x24"));
    let (display, number) = announced(&mut command, |line| line.trim().parse::<u32>().ok()).await?;
    let port = free_port();
    let mut command = Command::new(environment::webkit_driver());
    command
        .arg(format!("--port={port}"))
        .stdout(Stdio::null())
        .env("DISPLAY", format!(":{number}"))
        .env("HOME", &home)
        .env("XDG_CONFIG_HOME", &home)
        .env("XDG_CACHE_HOME", home.join("cache"))
        .env("XDG_DATA_HOME", home.join("data"))
        .env("GDK_BACKEND", "x11")
        .env_remove("WAYLAND_DISPLAY")
        // Containers and root have no sandbox to offer, and only our own pages are opened.
        .env("WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS", "1");
    let mut process = spawn(&mut command);
    listens(&mut process, port).await?;
    Ok(Driver::new(process, port, Some(display)))
}

/// The small browser that comes with WebKitGTK.
pub(crate) fn capabilities(window: &Window) -> Value {
    let mut arguments = vec![
        "--automation",
        // As a person's click would allow it.
        "--javascript-can-access-clipboard=true",
        FEATURES,
    ];
    if window.scheme == Scheme::Dark {
        arguments.push("--dark-mode");
    }
    json!({
        "browserName": "MiniBrowser",
        "timeouts": timeouts(),
        "webkitgtk:browserOptions": { "binary": environment::webkit(), "args": arguments },
    })
}

/// What WebKit can be told.
#[derive(Debug)]
pub(crate) struct WebKit {
    client: Client,
    scripts: Mutex<String>,
    scheme: Scheme,
    calm: bool,
    kept: Mutex<Vec<LogEntry>>,
}

impl WebKit {
    pub(crate) fn new(client: Client, window: &Window) -> Self {
        Self {
            client,
            scripts: Mutex::new(include_str!("webkit.js").into()),
            scheme: window.scheme,
            calm: window.calm,
            kept: Mutex::default(),
        }
    }

    /// Tells the server of a page what to send with it, and takes in what the page before has reported.
    pub(crate) async fn opening(&self, address: &str) {
        self.leaving().await;
        if let Ok(address) = Url::parse(address) {
            let scripts = self.scripts.lock().unwrap_or_else(PoisonError::into_inner);
            prelude::send(&address.origin().ascii_serialization(), &scripts);
        }
    }

    /// Takes in what the page has reported, before another takes its place.
    pub(crate) async fn leaving(&self) {
        let reported = self.reported().await;
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.extend(reported);
    }

    pub(crate) fn before_pages(&self, script: &str) {
        let mut scripts = self.scripts.lock().unwrap_or_else(PoisonError::into_inner);
        scripts.push_str(&format!("{{ {script}\n }}\n"));
    }

    pub(crate) async fn apply(&self, window: &Window) {
        assert!(
            window.scheme == self.scheme && window.calm == self.calm,
            "WebKit takes the system's wishes only when it starts"
        );
        // Without a window manager, the window under the pointer has the focus: its bar, so that nothing of the page is
        // pointed at.
        let (width, height) = (window.width, window.height + BAR);
        let left = DISPLAY.0 / 2 - width as i32 / 2;
        let top = DISPLAY.1 / 2 - BAR as i32 / 2;
        let moved = self
            .client
            .set_window_rect(left as u32, top as u32, width, height);
        moved.await.expect("the window can be moved");
    }

    pub(crate) async fn console(&self) -> Vec<LogEntry> {
        self.leaving().await;
        std::mem::take(&mut self.kept.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// What the page's own timeline knows of.
    pub(crate) async fn addresses(&self) -> Vec<String> {
        let script = "
            const all = performance.getEntries().filter(({ entryType }) => ['navigation', 'resource'].includes(entryType));
            performance.clearResourceTimings();
            return all.map(({ name }) => name);";
        let names = self.client.execute(script, vec![]).await;
        serde_json::from_value(names.expect("a page")).expect("a list of addresses")
    }

    async fn reported(&self) -> Vec<LogEntry> {
        let script = "return window[Symbol.for('digitlab.reports')]?.splice(0) ?? [];";
        // A page that has just gone has nothing to report any more.
        let reports = self
            .client
            .execute(script, vec![])
            .await
            .unwrap_or_default();
        let text = |entry: &Value, key: &str| entry[key].as_str().unwrap_or_default().to_owned();
        let entry = |entry: &Value| LogEntry {
            level: text(entry, "level"),
            source: text(entry, "source"),
            message: text(entry, "message"),
        };
        reports
            .as_array()
            .map(|entries| entries.iter().map(entry).collect())
            .unwrap_or_default()
    }
}
