//! How the browser and its driver are started, and ended.

use std::fs;
use std::io::{self, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::path::Path;
use std::process::Stdio;
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};

use crate::browser::Window;
use crate::{DEADLINE, environment};

/// How often chromedriver is started: on a busy machine two may choose the same port, and one of them gives up.
const STARTS: usize = 3;

/// Starts chromedriver on a port of its choice, and says which.
pub(crate) async fn start_driver() -> (Child, u16) {
    for _ in 1..STARTS {
        if let Some(started) = try_driver().await {
            return started;
        }
    }
    try_driver().await.unwrap_or_else(|| {
        let executable = environment::chromedriver();
        panic!(
            "{} ended {STARTS} times before it named its port",
            executable.display()
        )
    })
}

/// Nothing when it ends without naming its port.
async fn try_driver() -> Option<(Child, u16)> {
    let executable = environment::chromedriver();
    let mut driver = Command::new(&executable)
        .arg("--port=0")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .unwrap_or_else(|error| panic!("{} does not start: {error}", executable.display()));
    let mut lines = BufReader::new(driver.stdout.take().expect("its output was asked for")).lines();
    let port = async {
        while let Ok(Some(line)) = lines.next_line().await {
            if let Some((_, port)) = line.split_once("started successfully on port ") {
                let port = port.trim_end_matches('.').parse();
                return Some(port.expect("a port is a number"));
            }
        }
        None
    };
    let port = tokio::time::timeout(DEADLINE, port)
        .await
        .expect("chromedriver names its port")?;
    // A full pipe would stop it.
    tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
    Some((driver, port))
}

/// What is asked of the driver: a browser without a screen, with a profile and a folder for downloads of its own.
pub(crate) fn capabilities(window: &Window, folder: &Path) -> Value {
    let path = |name: &str| {
        folder
            .join(name)
            .to_str()
            .expect("the temporary folder has an ordinary name")
            .to_owned()
    };
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
        format!("--user-data-dir={}", path("profile")),
    ];
    let mut logs = json!({ "browser": "ALL" });
    if window.record_requests {
        logs["performance"] = "ALL".into();
    }
    json!({
        "browserName": "chrome",
        "timeouts": { "script": 120_000, "pageLoad": 60_000 },
        "goog:loggingPrefs": logs,
        "goog:chromeOptions": {
            "binary": environment::chromium(),
            "args": arguments,
            "prefs": {
                "download.default_directory": path("downloads"),
                "download.prompt_for_download": false,
                "profile.default_content_setting_values.automatic_downloads": 1,
            },
        },
    })
}

/// A session of the driver, which is a browser that runs.
#[derive(Debug)]
pub(crate) struct Session {
    pub(crate) port: u16,
    /// Its name while it runs.
    pub(crate) id: Option<String>,
}

impl Session {
    /// Ends the browser, if it still runs. A driver that is killed leaves its browser behind; so the driver is asked,
    /// without the help of a runtime, which may be going down with a panic.
    pub(crate) fn end(&mut self) {
        if let Some(id) = self.id.take() {
            // A driver that does not answer has gone, and its browser with it or not: there is nobody left to ask.
            let _ = self.ask_to_end(&id);
        }
    }

    fn ask_to_end(&self, id: &str) -> io::Result<()> {
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, self.port));
        let mut line = TcpStream::connect_timeout(&address, PATIENCE)?;
        line.set_read_timeout(Some(PATIENCE))?;
        write!(
            line,
            "DELETE /session/{id} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n"
        )?;
        line.read_to_end(&mut Vec::new()).map(drop)
    }
}

/// Removes a folder that a process on its way out may still write to.
pub(crate) fn remove(folder: &Path) {
    let end = Instant::now() + PATIENCE;
    while fs::remove_dir_all(folder).is_err() && folder.exists() && Instant::now() < end {
        thread::sleep(Duration::from_millis(20));
    }
}

/// How long the end of a browser may take.
const PATIENCE: Duration = Duration::from_secs(10);
