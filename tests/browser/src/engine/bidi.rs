//! A line to a browser that speaks WebDriver BiDi.

use std::collections::HashMap;
use std::net::{Shutdown, TcpStream};
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;

use serde_json::{Value, json};
use tokio::sync::oneshot;
use tungstenite::protocol::Role;
use tungstenite::{Message, WebSocket};

use crate::launch::SCRIPT;

/// The line, and what came by it. It ends when dropped.
#[derive(Debug)]
pub(crate) struct Bidi {
    number: AtomicU64,
    // Two ends of one connection: a thread waits at the other.
    out: Mutex<WebSocket<TcpStream>>,
    shared: Arc<Mutex<Shared>>,
}

#[derive(Debug, Default)]
struct Shared {
    waiting: HashMap<u64, oneshot::Sender<Value>>,
    events: Vec<Value>,
    broken: bool,
}

impl Bidi {
    /// Connects to the address that a new session names.
    pub(crate) fn connect(address: &str) -> Result<Self, String> {
        let broken = |error: &dyn std::error::Error| format!("{address}: {error}");
        let host = address.trim_start_matches("ws://");
        let host = host.split('/').next().unwrap_or_default();
        let stream = TcpStream::connect(host).map_err(|error| broken(&error))?;
        stream.set_nodelay(true).map_err(|error| broken(&error))?;
        let other = stream.try_clone().map_err(|error| broken(&error))?;
        let (line, _) = tungstenite::client(address, stream).map_err(|error| broken(&error))?;
        let shared = Arc::new(Mutex::new(Shared::default()));
        let receiving = Arc::clone(&shared);
        thread::spawn(move || receive(line, &receiving));
        Ok(Self {
            number: AtomicU64::new(1),
            out: Mutex::new(WebSocket::from_raw_socket(other, Role::Client, None)),
            shared,
        })
    }

    /// Runs a command and returns its result, or the browser's complaint.
    pub(crate) async fn ask(&self, method: &str, params: Value) -> Result<Value, String> {
        let number = self.number.fetch_add(1, Relaxed);
        let (answer, answered) = oneshot::channel();
        {
            let mut shared = lock(&self.shared);
            if shared.broken {
                return Err(format!("{method}: the line to the browser is broken"));
            }
            shared.waiting.insert(number, answer);
        }
        let question = json!({ "id": number, "method": method, "params": params }).to_string();
        self.out
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .send(Message::text(question))
            .map_err(|error| format!("{method}: {error}"))?;
        let mut answer = tokio::time::timeout(SCRIPT, answered)
            .await
            .map_err(|_| format!("{method}: no answer in {} s", SCRIPT.as_secs()))?
            .map_err(|_| format!("{method}: the line to the browser broke"))?;
        if answer["type"] == "success" {
            Ok(answer["result"].take())
        } else {
            Err(format!(
                "{method}: {} {}",
                answer["error"], answer["message"]
            ))
        }
    }

    /// The events of a kind that came since they were last taken: their parameters.
    pub(crate) fn take(&self, method: &str) -> Vec<Value> {
        let mut shared = lock(&self.shared);
        let all = std::mem::take(&mut shared.events);
        let (mut taken, left): (Vec<_>, _) =
            all.into_iter().partition(|event| event["method"] == method);
        shared.events = left;
        taken
            .iter_mut()
            .map(|event| event["params"].take())
            .collect()
    }
}

impl Drop for Bidi {
    fn drop(&mut self) {
        let out = self.out.get_mut().unwrap_or_else(PoisonError::into_inner);
        // A line that is broken already is as good.
        let _ = out.get_ref().shutdown(Shutdown::Both);
    }
}

/// Hands on what comes until the line breaks.
fn receive(mut line: WebSocket<TcpStream>, shared: &Mutex<Shared>) {
    while let Ok(message) = line.read() {
        let Message::Text(text) = message else {
            continue;
        };
        let message: Value = serde_json::from_str(&text).expect("BiDi speaks JSON");
        let mut shared = lock(shared);
        match message["id"].as_u64() {
            Some(number) => {
                if let Some(waiting) = shared.waiting.remove(&number) {
                    // Whoever asked may have given up.
                    let _ = waiting.send(message);
                }
            }
            None => shared.events.push(message),
        }
    }
    let mut shared = lock(shared);
    shared.broken = true;
    // So that nobody waits in vain.
    shared.waiting.clear();
}

/// What it holds is whole at all times.
fn lock(mutex: &Mutex<Shared>) -> MutexGuard<'_, Shared> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
