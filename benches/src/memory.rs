//! How much memory a page and its workers use while they work, looked at every few moments.
//!
//! Two views of it. From within, by the DevTools protocol: the JavaScript heap of the page and of each worker, and the
//! WebAssembly memories and buffers beside it; that is what the site's own code asked for. From outside, by Linux: the
//! proportional set size of the browser's renderer processes, which has the engine itself, its compiled code and all that
//! the browser keeps for a page in it, with pages of memory that processes share counted in proportion.

use std::collections::BTreeMap;
use std::fs;
use std::net::TcpStream;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use digitlab_browser::Browser;
use serde_json::{Value, json};
use tungstenite::{Message, WebSocket};

/// How often memory is looked at.
const PERIOD: Duration = Duration::from_millis(200);
/// How long the browser is listened to at a time.
const LISTEN: Duration = Duration::from_millis(20);

/// Run in each worker before its script: remembers its WebAssembly memories.
const REMEMBER: &str = "(() => {
  const kept = (self.keptMemories = []);
  const keep = (made) => {
    for (const value of Object.values((made.instance ?? made).exports)) {
      if (value instanceof WebAssembly.Memory) kept.push(value);
    }
    return made;
  };
  for (const name of ['instantiate', 'instantiateStreaming']) {
    const original = WebAssembly[name];
    WebAssembly[name] = (...args) => original.apply(WebAssembly, args).then(keep);
  }
  WebAssembly.Instance = new Proxy(WebAssembly.Instance, {
    construct: (target, args) => keep(Reflect.construct(target, args)),
  });
})()";
/// How many bytes they have.
const MEMORIES: &str =
    "(self.keptMemories ?? []).reduce((sum, memory) => sum + memory.buffer.byteLength, 0)";

/// The most that was seen, in bytes.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Peaks {
    /// JavaScript heaps together.
    pub(crate) heap: f64,
    /// WebAssembly memories together.
    pub(crate) wasm: f64,
    /// Buffers outside the heaps together.
    pub(crate) buffers: f64,
    /// All these at one moment.
    pub(crate) together: f64,
    /// How many workers there were at a time.
    pub(crate) workers: usize,
    /// The renderer processes' proportional set size; none where the system does not tell.
    pub(crate) resident: Option<f64>,
    /// The same at the beginning.
    pub(crate) resident_before: Option<f64>,
    /// How often memory was looked at.
    pub(crate) looks: usize,
}

/// Somebody who looks.
#[derive(Debug)]
pub(crate) struct Watch {
    end: Sender<()>,
    thread: JoinHandle<Peaks>,
}

impl Watch {
    /// Begins to watch the page that is open. Workers that run already are not seen from within.
    pub(crate) async fn start(browser: &Browser) -> Self {
        let capabilities = browser.client().capabilities();
        let address = capabilities
            .and_then(|all| all.get("goog:chromeOptions")?.get("debuggerAddress"))
            .and_then(Value::as_str)
            .expect("chromedriver tells where the browser can be asked")
            .replace("localhost", "127.0.0.1");
        let page = browser.client().window().await;
        let page: String = page.expect("a page is open").into();
        let stream = TcpStream::connect(&address).expect("the browser listens");
        let url = format!("ws://{address}/devtools/page/{page}");
        let (mut socket, _) = tungstenite::client(url, stream).expect("the browser answers");
        socket
            .get_mut()
            .set_read_timeout(Some(LISTEN))
            .expect("a socket has a timeout");
        let renderers = Renderers::of(browser);
        let (end, ended) = channel();
        let (ready, is_ready) = channel();
        let thread = thread::spawn(move || {
            let mut inside = Inside::new(socket);
            inside.attach(None);
            // Its answer says that workers will be stopped at their start.
            inside.listen_until(|inside| inside.attached);
            let _ = ready.send(());
            look(&mut inside, &renderers, &ended)
        });
        is_ready.recv().expect("the browser answers");
        Self { end, thread }
    }

    /// Ends watching and tells.
    pub(crate) fn end(self) -> Peaks {
        let _ = self.end.send(());
        self.thread.join().expect("nobody stumbled while looking")
    }
}

fn look(inside: &mut Inside, renderers: &Renderers, ended: &Receiver<()>) -> Peaks {
    let mut peaks = Peaks {
        resident_before: renderers.resident(),
        ..Peaks::default()
    };
    loop {
        inside.ask();
        let until = Instant::now() + PERIOD;
        while Instant::now() < until {
            inside.listen();
        }
        let sum = |part: fn(&Usage) -> f64| inside.usage.values().map(part).sum::<f64>();
        let [heap, wasm, buffers] = [
            sum(|usage| usage.heap),
            sum(|usage| usage.wasm),
            sum(|usage| usage.buffers),
        ];
        peaks.heap = peaks.heap.max(heap);
        peaks.wasm = peaks.wasm.max(wasm);
        peaks.buffers = peaks.buffers.max(buffers);
        peaks.together = peaks.together.max(heap + wasm + buffers);
        peaks.workers = peaks.workers.max(inside.usage.len() - 1);
        peaks.resident = match (peaks.resident, renderers.resident()) {
            (Some(most), Some(now)) => Some(f64::max(most, now)),
            (most, now) => most.or(now),
        };
        peaks.looks += 1;
        if ended.try_recv().is_ok() {
            return peaks;
        }
    }
}

/// What one global scope uses.
#[derive(Debug, Default)]
struct Usage {
    heap: f64,
    wasm: f64,
    buffers: f64,
}

/// What a question was about.
#[derive(Debug)]
enum Question {
    Attach,
    Heap,
    Memories,
}

/// The page and its workers, through the DevTools protocol.
struct Inside {
    socket: WebSocket<TcpStream>,
    last: u64,
    asked: BTreeMap<u64, (Question, Option<String>)>,
    /// By session; the page has none.
    usage: BTreeMap<Option<String>, Usage>,
    attached: bool,
}

impl Inside {
    fn new(socket: WebSocket<TcpStream>) -> Self {
        Self {
            socket,
            last: 0,
            asked: BTreeMap::new(),
            usage: BTreeMap::from([(None, Usage::default())]),
            attached: false,
        }
    }

    /// Workers that are started from here on wait until they were told to run.
    fn attach(&mut self, session: Option<String>) {
        let options =
            json!({ "autoAttach": true, "waitForDebuggerOnStart": true, "flatten": true });
        let id = self.send("Target.setAutoAttach", options, session.as_deref());
        self.asked.insert(id, (Question::Attach, session));
    }

    fn ask(&mut self) {
        let sessions: Vec<_> = self.usage.keys().cloned().collect();
        for session in sessions {
            let busy = |(_, of): &(Question, Option<String>)| *of == session;
            // One that has not answered yet is in the middle of its work.
            if self.asked.values().any(busy) {
                continue;
            }
            let id = self.send("Runtime.getHeapUsage", json!({}), session.as_deref());
            self.asked.insert(id, (Question::Heap, session.clone()));
            let id = self.evaluate(MEMORIES, session.as_deref());
            self.asked.insert(id, (Question::Memories, session));
        }
    }

    fn evaluate(&mut self, expression: &str, session: Option<&str>) -> u64 {
        let asked = json!({ "expression": expression, "returnByValue": true });
        self.send("Runtime.evaluate", asked, session)
    }

    fn send(&mut self, method: &str, params: Value, session: Option<&str>) -> u64 {
        self.last += 1;
        let mut message = json!({ "id": self.last, "method": method, "params": params });
        if let Some(session) = session {
            message["sessionId"] = session.into();
        }
        // A browser that went says so when it is read from.
        let _ = self.socket.send(Message::text(message.to_string()));
        self.last
    }

    fn listen_until(&mut self, done: impl Fn(&Self) -> bool) {
        let end = Instant::now() + Duration::from_secs(30);
        while !done(self) {
            assert!(Instant::now() < end, "the browser does not answer");
            self.listen();
        }
    }

    /// Takes in a message, if one comes soon.
    fn listen(&mut self) {
        let text = match self.socket.read() {
            Ok(Message::Text(text)) => text,
            Ok(_) => return,
            Err(tungstenite::Error::Io(_)) => return,
            Err(error) => panic!("the browser went: {error}"),
        };
        let message: Value = serde_json::from_str(&text).expect("the browser speaks JSON");
        let number = |value: &Value| value.as_f64().unwrap_or_default();
        match message["method"].as_str() {
            Some("Target.attachedToTarget") => {
                let session = message["params"]["sessionId"].as_str().map(str::to_owned);
                self.evaluate(REMEMBER, session.as_deref());
                self.attach(session.clone());
                self.send(
                    "Runtime.runIfWaitingForDebugger",
                    json!({}),
                    session.as_deref(),
                );
                self.usage.insert(session, Usage::default());
            }
            Some("Target.detachedFromTarget") => {
                let session = message["params"]["sessionId"].as_str().map(str::to_owned);
                self.asked.retain(|_, (_, of)| *of != session);
                self.usage.remove(&session);
            }
            _ => {}
        }
        let asked = message["id"].as_u64().and_then(|id| self.asked.remove(&id));
        let Some((question, session)) = asked else {
            return;
        };
        let result = &message["result"];
        let usage = self.usage.entry(session).or_default();
        match question {
            Question::Attach => self.attached = true,
            Question::Heap => {
                usage.heap = number(&result["usedSize"]);
                usage.buffers = number(&result["backingStorageSize"]);
            }
            Question::Memories => usage.wasm = number(&result["result"]["value"]),
        }
    }
}

/// The processes in which a browser runs its pages and their workers.
#[derive(Debug)]
struct Renderers {
    /// What the command line of the browser's first process has.
    profile: String,
}

impl Renderers {
    fn of(browser: &Browser) -> Self {
        Self {
            profile: format!(
                "--user-data-dir={}",
                browser.folder().join("profile").display()
            ),
        }
    }

    /// Their proportional set size, if the system tells it.
    fn resident(&self) -> Option<f64> {
        let pids = |entry: fs::DirEntry| entry.file_name().to_str()?.parse::<u32>().ok();
        let pids: Vec<u32> = fs::read_dir("/proc")
            .ok()?
            .flatten()
            .filter_map(pids)
            .collect();
        let parents: BTreeMap<u32, u32> = pids
            .iter()
            .filter_map(|pid| Some((*pid, parent(*pid)?)))
            .collect();
        // Some processes have spaces between the arguments instead of zeros.
        let has = |pid: u32, what: &str| {
            let line = fs::read(format!("/proc/{pid}/cmdline")).unwrap_or_default();
            String::from_utf8_lossy(&line).contains(what)
        };
        // Its children may be told the folder, too, but only the first has no type.
        let first = pids
            .iter()
            .find(|pid| has(**pid, &self.profile) && !has(**pid, "--type="))?;
        let below_first = |mut pid: u32| {
            while let Some(parent) = parents.get(&pid) {
                if parent == first {
                    return true;
                }
                pid = *parent;
            }
            false
        };
        let renderers = pids
            .iter()
            .filter(|pid| has(**pid, "--type=renderer") && below_first(**pid));
        let sizes: Vec<f64> = renderers.filter_map(|pid| proportional(*pid)).collect();
        (!sizes.is_empty()).then(|| sizes.iter().sum())
    }
}

fn parent(pid: u32) -> Option<u32> {
    let status = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    // The name before it may have spaces and brackets in it.
    let (_, rest) = status.rsplit_once(") ")?;
    rest.split(' ').nth(1)?.parse().ok()
}

fn proportional(pid: u32) -> Option<f64> {
    let text = fs::read_to_string(format!("/proc/{pid}/smaps_rollup")).ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix("Pss:"))?;
    let kilobytes: f64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kilobytes * 1024.0)
}
