//! How a browser and its driver are started, and ended.

use std::ffi::OsStr;
use std::fs;
use std::io::{self, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::process::Stdio;
use std::thread;
use std::time::{Duration, Instant};

use fantoccini::{Client, ClientBuilder};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::Value;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};

use crate::DEADLINE;
use crate::browser::Window;
use crate::engine::{Engine, chromium, firefox, webkit};

/// How often a browser is started: on a busy machine two drivers may choose the same port, or a browser takes longer to
/// come than its driver has patience.
const STARTS: usize = 4;

/// A driver that listens, with what it needs beside it.
#[derive(Debug)]
pub(crate) struct Driver {
    pub(crate) port: u16,
    process: Child,
    // Ended after the driver, which draws on it.
    _display: Option<Child>,
}

impl Driver {
    pub(crate) fn new(process: Child, port: u16, display: Option<Child>) -> Self {
        Self {
            port,
            process,
            _display: display,
        }
    }

    /// Ends it, not the browser that it has started.
    pub(crate) fn kill(&mut self) {
        // One that has ended by itself is as good.
        let _ = self.process.start_kill();
    }
}

/// A browser that runs.
#[derive(Debug)]
pub(crate) struct Running {
    pub(crate) client: Client,
    pub(crate) session: Session,
    pub(crate) driver: Driver,
}

/// Starts a driver, and by it a browser whose files lie in `folder`.
///
/// # Panics
/// When that fails again and again, with the reason it failed for last.
pub(crate) async fn start(engine: Engine, window: &Window, folder: &Path) -> Running {
    let mut last = String::new();
    for _ in 0..STARTS {
        match try_start(engine, window, folder).await {
            Ok(running) => return running,
            Err(reason) => last = reason,
        }
        remove(folder);
    }
    panic!("{engine} did not start {STARTS} times: {last}");
}

async fn try_start(engine: Engine, window: &Window, folder: &Path) -> Result<Running, String> {
    for name in ["profile", "downloads"] {
        fs::create_dir_all(folder.join(name)).expect("the temporary folder is writable");
    }
    let driver = match engine {
        Engine::Chromium => chromium::driver().await,
        Engine::Firefox => firefox::driver(window, folder).await,
        Engine::WebKit => webkit::driver(window, folder).await,
    }?;
    let capabilities = match engine {
        Engine::Chromium => chromium::capabilities(window, folder),
        Engine::Firefox => firefox::capabilities(window, folder),
        Engine::WebKit => webkit::capabilities(window),
    };
    let Value::Object(capabilities) = capabilities else {
        unreachable!("it is an object")
    };
    let mut builder = ClientBuilder::new(HttpConnector::new());
    builder.capabilities(capabilities);
    let address = format!("http://127.0.0.1:{}", driver.port);
    let client = tokio::time::timeout(2 * DEADLINE, builder.connect(&address)).await;
    let client = client
        .map_err(|_| "the driver does not start the browser".to_owned())?
        .map_err(|error| format!("the driver does not start the browser: {error}"))?;
    let id = client.session_id().await.ok().flatten();
    let session = Session {
        port: driver.port,
        id: Some(id.ok_or("the session has no name")?),
    };
    Ok(Running {
        client,
        session,
        driver,
    })
}

/// Starts a program and reads what it prints until `found` finds something in a line of it.
///
/// # Panics
/// When the program does not start at all.
pub(crate) async fn announced<T>(
    command: &mut Command,
    found: impl Fn(&str) -> Option<T>,
) -> Result<(Child, T), String> {
    let name = command.as_std().get_program().to_owned();
    let mut process = spawn(command.stdout(Stdio::piped()));
    let output = process.stdout.take().expect("its output was asked for");
    let mut lines = BufReader::new(output).lines();
    let search = async {
        while let Ok(Some(line)) = lines.next_line().await {
            if let Some(found) = found(&line) {
                return Some(found);
            }
        }
        None
    };
    let answer = tokio::time::timeout(DEADLINE, search).await;
    let ended = |what| format!("{} {what}", Path::new(&name).display());
    let answer = answer
        .map_err(|_| ended("does not say where it listens"))?
        .ok_or_else(|| ended("ended at once"))?;
    // A full pipe would stop it.
    tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
    Ok((process, answer))
}

/// Starts a program that ends when it is dropped.
///
/// # Panics
/// When it does not start.
pub(crate) fn spawn(command: &mut Command) -> Child {
    let started = command
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn();
    started.unwrap_or_else(|error| {
        let name = command.as_std().get_program();
        panic!("{} does not start: {error}", Path::new(name).display())
    })
}

/// A port that was free a moment ago, for a driver that cannot choose one itself.
pub(crate) fn free_port() -> u16 {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
    listener
        .local_addr()
        .expect("a bound socket has an address")
        .port()
}

/// Waits until somebody listens on a port.
pub(crate) async fn listens(process: &mut Child, port: u16) -> Result<(), String> {
    let end = Instant::now() + DEADLINE;
    while Instant::now() < end {
        if tokio::net::TcpStream::connect((Ipv4Addr::LOCALHOST, port))
            .await
            .is_ok()
        {
            return Ok(());
        }
        if let Ok(Some(status)) = process.try_wait() {
            return Err(format!("the driver ended at once ({status})"));
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    Err("the driver does not listen".into())
}

/// A path as text, for a program that wants it so.
pub(crate) fn text(path: impl AsRef<OsStr>) -> String {
    path.as_ref()
        .to_str()
        .expect("the temporary folder has an ordinary name")
        .to_owned()
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
pub(crate) const PATIENCE: Duration = Duration::from_secs(10);

/// The times that a driver is told to wait, in milliseconds.
pub(crate) fn timeouts() -> Value {
    serde_json::json!({ "script": SCRIPT.as_millis() as u64, "pageLoad": 120_000 })
}

/// How long a script of a test may run.
pub(crate) const SCRIPT: Duration = Duration::from_secs(300);
