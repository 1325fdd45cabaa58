//! What the routes need, natively: the site's bucket, the shipped model, everything else in memory.

use crate::support::root;
use digitlab::classify;
use digitlab::classify::model::Model;
use digitlab::frames::{Library, MemoryStore};
use digitlab::raster::Raster;
use digitlab::routes::{
    Body, Content, Failure, Moment, Recognized, Record, Request, Response, Routes, Services,
};
use serde_json::{Value, json};
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::fs;
use std::rc::Rc;
use std::task::Poll;

/// A host that counts what it is asked for, and fails where it is told to.
#[derive(Default)]
pub(crate) struct Host {
    library: Rc<Library<MemoryStore>>,
    model: RefCell<Option<Model>>,
    pub(crate) records: RefCell<Vec<Value>>,
    /// How often each file of the bucket was asked for.
    pub(crate) asked: RefCell<BTreeMap<String, usize>>,
    /// Which files are given with a bit turned, and whether for good.
    pub(crate) damaged: RefCell<BTreeMap<String, bool>>,
    /// What is out of order: `bucket`, `model`, `log`, `store`.
    pub(crate) broken: RefCell<Vec<&'static str>>,
    /// How many imports somebody works on.
    pub(crate) locks: Rc<Cell<usize>>,
    seeds: Cell<u64>,
    time: Cell<u64>,
}

/// One import that somebody works on.
pub(crate) struct Lock(Rc<Cell<usize>>);

impl Drop for Lock {
    fn drop(&mut self) {
        self.0.set(self.0.get() - 1);
    }
}

impl Host {
    /// A host with room for so many numbers of images.
    pub(crate) fn with_room(numbers: usize) -> Self {
        Self {
            library: Rc::new(Library::new(MemoryStore::with_room(numbers))),
            ..Self::default()
        }
    }

    /// The stored images.
    pub(crate) fn store(&self) -> &MemoryStore {
        self.library.store()
    }

    fn check(&self, what: &'static str) -> Result<(), Failure> {
        if self.broken.borrow().contains(&what) {
            let message = format!("The {what} is out of order.");
            return Err(Failure::new("network", message));
        }
        Ok(())
    }
}

/// Lets others go first, once.
async fn others_first() {
    let mut first = true;
    std::future::poll_fn(|context| {
        if std::mem::take(&mut first) {
            context.waker().wake_by_ref();
            return Poll::Pending;
        }
        Poll::Ready(())
    })
    .await;
}

impl Services for Host {
    type Store = MemoryStore;
    type Lock = Lock;

    fn now(&self) -> Moment {
        // A clock of whole milliseconds, as browsers have.
        self.time.set(self.time.get() + 1);
        let milliseconds = self.time.get() / 50;
        Moment {
            micros_of_day: 45_296_000_000 + 1000 * milliseconds,
            iso: format!("2020-01-02T12:34:56.{:03}Z", milliseconds % 1000),
            milliseconds: milliseconds as f64,
        }
    }

    fn seed(&self) -> u64 {
        self.seeds.set(self.seeds.get() + 1);
        u64::MAX - self.seeds.get()
    }

    async fn bucket_file(&self, name: &str, again: bool) -> Result<Vec<u8>, Failure> {
        *self.asked.borrow_mut().entry(name.into()).or_default() += 1;
        others_first().await;
        self.check("bucket")?;
        let path = root().join("www/mnist").join(name);
        let mut bytes = fs::read(path).expect("a file of the bucket");
        let damaged = self.damaged.borrow().get(name).copied();
        if damaged.is_some_and(|for_good| for_good || !again) {
            let middle = bytes.len() / 2;
            bytes[middle] ^= 1;
        }
        Ok(bytes)
    }

    fn confirm_bucket_file(&self, _: &str) {}

    async fn fetch_picture(&self, url: &str) -> Result<Vec<u8>, Failure> {
        if url.is_empty() || url.starts_with("file:") {
            let message = format!("url is \"{url}\"; allowed: http and https addresses.");
            return Err(Failure::new("invalid_parameter", message));
        }
        fs::read(root().join("www").join(url))
            .map_err(|error| Failure::new("not_found", error.to_string()))
    }

    async fn classify(&self, picture: &Raster) -> Result<Recognized, Failure> {
        self.check("model")?;
        let seen = classify::see(picture)?;
        others_first().await;
        let mut model = self.model.borrow_mut();
        if model.is_none() {
            let file = fs::read(root().join("models/default.onnx")).expect("the model");
            *model = Some(Model::load("default", &file)?);
        }
        let model = model.as_mut().expect("just loaded");
        let probabilities = model.probabilities(&seen.digit)?;
        let largest = (0..10).max_by(|&a, &b| probabilities[a].total_cmp(&probabilities[b]));
        Ok(Recognized {
            digit: largest.expect("ten classes") as u8,
            probabilities: probabilities.map(f64::from),
            model: "default".into(),
            elapsed: 1.0,
            seen: Vec::new(),
        })
    }

    async fn record(&self, record: Record<'_>) -> Result<(), Failure> {
        self.check("log")?;
        let mut records = self.records.borrow_mut();
        let id = records.len() + 1;
        records.push(json!({
            "id": id,
            "name": record.name,
            "from": record.from,
            "result": record.recognized.digit.to_string(),
            "width": record.picture.width(),
        }));
        Ok(())
    }

    async fn records(&self, format: &str) -> Result<Vec<u8>, Failure> {
        self.check("log")?;
        let records = self.records.borrow();
        Ok(match format {
            "csv" => {
                let line = |record: &Value| format!("{},{}\r\n", record["id"], record["name"]);
                records.iter().map(line).collect::<String>().into_bytes()
            }
            _ => Value::from(records.clone()).to_string().into_bytes(),
        })
    }

    async fn begin_import(&self) -> Result<(String, Lock), Failure> {
        self.locks.set(self.locks.get() + 1);
        Ok(("a test".into(), Lock(Rc::clone(&self.locks))))
    }

    async fn library(&self) -> Result<Rc<Library<MemoryStore>>, Failure> {
        self.check("store")?;
        Ok(Rc::clone(&self.library))
    }
}

/// An answer with all that it sends.
#[derive(Clone, Debug)]
pub(crate) struct Whole {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(&'static str, String)>,
    pub(crate) bytes: Vec<u8>,
}

impl Whole {
    /// A header's value.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(known, _)| *known == name);
        found.map(|(_, value)| value.as_str())
    }

    /// The body as JSON.
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.bytes).unwrap_or(Value::Null)
    }

    /// The body as text.
    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.bytes).into_owned()
    }
}

/// Sends a request and waits for all of the answer.
pub(crate) async fn answered<B: Body>(routes: &Routes, host: &Host, request: Request<B>) -> Whole {
    let Response {
        status,
        headers,
        content,
    } = routes.handle(request, host).await;
    let mut bytes = Vec::new();
    match content {
        Content::Empty => {}
        Content::Bytes(all) => bytes = all,
        Content::Frame(mut file) => {
            while let Some(part) = file.next().await.expect("a part") {
                bytes.extend_from_slice(&part);
            }
        }
    }
    Whole {
        status,
        headers,
        bytes,
    }
}
