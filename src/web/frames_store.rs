//! Images in the browser's IndexedDB.
//!
//! The database `digitlab-frames` has three stores: `images` (descriptions, by id), `drafts` (who imports, by id), and
//! `rows` (chunks `{ depths, pixels }`, by `[image, level, number]`).

use crate::error::{Error, Result};
use crate::frames::{Draft, ImageInfo, RowChunk, Store};
use idb::event::VersionChangeEvent;
use idb::{
    Database, DatabaseEvent, Event, Factory, KeyRange, ObjectStore, ObjectStoreParams, Query,
    Transaction, TransactionMode,
};
use js_sys::{Array, Float32Array, Function, JSON, Object, Promise, Reflect};
use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::ops::Range;
use std::rc::Rc;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

const NAME: &str = "digitlab-frames";
const VERSION: u32 = 1;
const IMAGES: &str = "images";
const DRAFTS: &str = "drafts";
const ROWS: &str = "rows";

/// How many chunks may be on their way into the database: while they are written, the next ones are made.
const MOST_PENDING: usize = 16;

/// A connection to the database.
#[derive(Debug)]
pub(super) struct IdbStore {
    database: Database,
    /// Whether the connection is gone: another version of the site has asked for the database, somebody deleted it, or
    /// the browser took it away.
    closed: Rc<Cell<bool>>,
    pending: RefCell<VecDeque<(u32, Pending)>>,
}

/// A transaction that has been given all its work.
#[derive(Debug)]
struct Pending {
    end: Promise,
    /// Owns the listeners.
    _transaction: Transaction,
}

impl Pending {
    /// Begins to listen at once, so that no end is missed.
    fn new(mut transaction: Transaction, probe: Transaction) -> Self {
        let mut probe = Some(probe);
        let end = Promise::new(&mut |resolve: Function, _: Function| {
            let Some(probe) = probe.take() else { return };
            let complete = resolve.clone();
            transaction.on_complete(move |_| drop(complete.call0(&JsValue::NULL)));
            // Never rejected: until somebody waits, the browser would report it as an error that nobody has seen.
            transaction.on_abort(move |_| {
                let reason = probe.error().map_or_else(
                    || "the browser has ended what was being written".into(),
                    JsValue::from,
                );
                drop(resolve.call1(&JsValue::NULL, &reason));
            });
        });
        Self {
            end,
            _transaction: transaction,
        }
    }

    async fn wait(self) -> Result<()> {
        match JsFuture::from(self.end.clone()).await {
            Ok(end) if end.is_undefined() => Ok(()),
            Ok(reason) | Err(reason) => Err(storage(text_of(&reason))),
        }
    }
}

/// What the browser says, with the name of the error.
fn text_of(reason: &JsValue) -> String {
    let object: &Object = reason.unchecked_ref();
    String::from(object.to_string())
}

fn storage(reason: String) -> Error {
    if reason.contains("QuotaExceeded") {
        return Error::StorageFull;
    }
    let known = REASONS.iter().find(|(name, _)| reason.contains(name));
    let reason = known.map_or(reason.trim_end_matches('.'), |(_, sentence)| sentence);
    Error::Storage {
        reason: reason.into(),
    }
}

/// What the errors of browsers mean to people, by their names.
const REASONS: [(&str, &str); 3] = [
    (
        "VersionError",
        "a newer version of this site has taken it over; reload this page",
    ),
    (
        "SecurityError",
        "this browser closes it (IndexedDB) to this page, as some do in private windows or when cookies are blocked; \
         allow this site to store data, or use an ordinary window",
    ),
    (
        "InvalidStateError",
        "the browser closed it while it was used; try again",
    ),
];

fn failed(error: idb::Error) -> Error {
    match error {
        idb::Error::DomException(reason) => storage(text_of(&reason)),
        // Some browsers leave it out where they keep nothing.
        idb::Error::IndexedDbNotFound(_) => storage("SecurityError".into()),
        error => storage(error.to_string()),
    }
}

fn key(id: u32) -> JsValue {
    JsValue::from(id)
}

fn row_key(id: u32, level: u32, number: u32) -> JsValue {
    Array::of3(&id.into(), &level.into(), &number.into()).into()
}

/// The chunks of a range of numbers; `None` when it is empty, which IndexedDB would refuse.
fn row_range(id: u32, level: u32, numbers: &Range<u32>) -> Result<Option<KeyRange>> {
    if numbers.is_empty() {
        return Ok(None);
    }
    let [first, end] = [numbers.start, numbers.end].map(|number| row_key(id, level, number));
    KeyRange::bound(&first, &end, Some(false), Some(true))
        .map(Some)
        .map_err(failed)
}

impl IdbStore {
    /// Opens the database, and makes it when it is not there.
    pub(super) async fn open() -> Result<Self> {
        let factory = Factory::new().map_err(failed)?;
        let mut request = factory.open(NAME, Some(VERSION)).map_err(failed)?;
        request.on_upgrade_needed(|event: VersionChangeEvent| {
            // What fails here fails the opening.
            let Ok(database) = event.target().and_then(|request| request.database()) else {
                return;
            };
            for store in [IMAGES, DRAFTS, ROWS] {
                drop(database.create_object_store(store, ObjectStoreParams::new()));
            }
        });
        let mut database = request.await.map_err(failed)?;
        let closed = Rc::<Cell<bool>>::default();
        let close = Rc::clone(&closed);
        database.on_close(move |_| close.set(true));
        let close = Rc::clone(&closed);
        database.on_version_change(move |event: web_sys::Event| {
            close.set(true);
            // Whoever wants another version is not kept waiting.
            if let Ok(database) = event.database() {
                database.close();
            }
        });
        Ok(Self {
            database,
            closed,
            pending: RefCell::default(),
        })
    }

    /// Whether the connection is gone, so that another one is to be opened.
    pub(super) fn is_closed(&self) -> bool {
        self.closed.get()
    }

    fn transaction(&self, stores: &[&str], mode: TransactionMode) -> Result<Transaction> {
        if self.closed.get() {
            let reason =
                "it was taken over by another tab, or deleted, while it was used; try again";
            return Err(storage(reason.into()));
        }
        self.database.transaction(stores, mode).map_err(failed)
    }

    /// Stores to read from.
    fn reading(&self, store: &str) -> Result<ObjectStore> {
        self.transaction(&[store], TransactionMode::ReadOnly)?
            .object_store(store)
            .map_err(failed)
    }

    /// Ends a transaction that has been given all its work.
    fn commit(&self, transaction: Transaction, store: &ObjectStore) -> Result<Pending> {
        let transaction = transaction.commit().map_err(failed)?;
        Ok(Pending::new(transaction, store.transaction()))
    }

    /// Waits until at most so many chunks of an image are on their way.
    async fn settle(&self, id: u32, most: usize) -> Result<()> {
        while let Some(first) = self.first_pending(id, most) {
            first.wait().await?;
        }
        Ok(())
    }

    /// The first chunk of an image that is on its way, when there are more than so many. Other images are no concern of
    /// whoever writes this one.
    fn first_pending(&self, id: u32, most: usize) -> Option<Pending> {
        let mut pending = self.pending.borrow_mut();
        if pending.iter().filter(|(of, _)| *of == id).count() <= most {
            return None;
        }
        let at = pending.iter().position(|(of, _)| *of == id)?;
        pending.remove(at).map(|(_, first)| first)
    }
}

/// How a worker lets go of it, which those of routes never do.
#[cfg(feature = "frames")]
impl IdbStore {
    /// Waits for every transaction before it: it writes to all stores, so that it begins when they have ended.
    async fn barrier(&self) -> Result<()> {
        let stores = [IMAGES, DRAFTS, ROWS];
        let transaction = self
            .database
            .transaction(&stores, TransactionMode::ReadWrite)
            .map_err(failed)?;
        let store = transaction.object_store(IMAGES).map_err(failed)?;
        self.commit(transaction, &store)?.wait().await
    }

    /// Begins nothing more, waits until what was begun has ended, however that went, and lets go of the database.
    pub(super) async fn close(&self) {
        if !self.closed.replace(true) {
            drop(self.barrier().await);
        }
        self.database.close();
    }
}

fn from_js(value: &JsValue) -> Result<ImageInfo> {
    let text = JSON::stringify(value).map_err(|error| storage(text_of(&error)))?;
    serde_json::from_str(&String::from(text)).map_err(|error| {
        storage(format!(
            "the description of an image cannot be read ({error})"
        ))
    })
}

fn to_js(image: &ImageInfo) -> Result<JsValue> {
    let text = serde_json::to_string(image).map_err(|error| storage(error.to_string()))?;
    JSON::parse(&text).map_err(|error| storage(text_of(&error)))
}

fn chunk_to_js(chunk: &RowChunk) -> Result<JsValue> {
    let object = Object::new();
    for (name, numbers) in [("depths", &chunk.depths), ("pixels", &chunk.pixels)] {
        Reflect::set(
            &object,
            &name.into(),
            &Float32Array::from(numbers.as_slice()),
        )
        .map_err(|error| storage(text_of(&error)))?;
    }
    Ok(object.into())
}

fn chunk_from_js(value: &JsValue) -> Result<RowChunk> {
    let numbers = |name: &str| {
        let array = Reflect::get(value, &name.into()).ok();
        let array = array.and_then(|array| array.dyn_into::<Float32Array>().ok());
        array
            .map(|array| array.to_vec())
            .ok_or_else(|| storage(format!("a chunk of rows has no {name}")))
    };
    Ok(RowChunk {
        depths: numbers("depths")?,
        pixels: numbers("pixels")?,
    })
}

impl Store for IdbStore {
    async fn images(&self) -> Result<Vec<ImageInfo>> {
        let request = self.reading(IMAGES)?.get_all(None, None).map_err(failed)?;
        let values = request.await.map_err(failed)?;
        values.iter().map(from_js).collect()
    }

    async fn image(&self, id: u32) -> Result<Option<ImageInfo>> {
        let request = self.reading(IMAGES)?.get(key(id)).map_err(failed)?;
        let value = request.await.map_err(failed)?;
        value.as_ref().map(from_js).transpose()
    }

    async fn begin(&self, owner: &str) -> Result<u32> {
        let transaction = self.transaction(&[IMAGES, DRAFTS], TransactionMode::ReadWrite)?;
        let drafts = transaction.object_store(DRAFTS).map_err(failed)?;
        let images = transaction.object_store(IMAGES).map_err(failed)?;
        let mut last = 0;
        for store in [&images, &drafts] {
            let keys = store.get_all_keys(None, None).map_err(failed)?;
            for key in keys.await.map_err(failed)? {
                last = last.max(key.as_f64().unwrap_or(0.0) as u32);
            }
        }
        let id = last + 1;
        // Its failure is the transaction's.
        drop(drafts.add(&owner.into(), Some(&key(id))).map_err(failed)?);
        self.commit(transaction, &drafts)?.wait().await?;
        Ok(id)
    }

    async fn drafts(&self) -> Result<Vec<Draft>> {
        let store = self.reading(DRAFTS)?;
        let keys = store.get_all_keys(None, None).map_err(failed)?;
        let owners = store.get_all(None, None).map_err(failed)?;
        let (keys, owners) = (keys.await.map_err(failed)?, owners.await.map_err(failed)?);
        let draft = |(key, owner): (&JsValue, &JsValue)| Draft {
            id: key.as_f64().unwrap_or(0.0) as u32,
            owner: owner.as_string().unwrap_or_default(),
        };
        Ok(keys.iter().zip(&owners).map(draft).collect())
    }

    async fn write(&self, id: u32, level: u32, number: u32, chunk: &RowChunk) -> Result<()> {
        self.settle(id, MOST_PENDING).await?;
        let transaction = self.transaction(&[ROWS], TransactionMode::ReadWrite)?;
        let rows = transaction.object_store(ROWS).map_err(failed)?;
        drop(
            rows.put(&chunk_to_js(chunk)?, Some(&row_key(id, level, number)))
                .map_err(failed)?,
        );
        let pending = self.commit(transaction, &rows)?;
        self.pending.borrow_mut().push_back((id, pending));
        Ok(())
    }

    async fn read(&self, id: u32, level: u32, numbers: Range<u32>) -> Result<Vec<RowChunk>> {
        let Some(range) = row_range(id, level, &numbers)? else {
            return Ok(Vec::new());
        };
        let request = self
            .reading(ROWS)?
            .get_all(Some(Query::KeyRange(range)), None)
            .map_err(failed)?;
        let values = request.await.map_err(failed)?;
        values.iter().map(chunk_from_js).collect()
    }

    async fn remove(&self, id: u32, level: u32, numbers: Range<u32>) -> Result<()> {
        let Some(range) = row_range(id, level, &numbers)? else {
            return Ok(());
        };
        let transaction = self.transaction(&[ROWS], TransactionMode::ReadWrite)?;
        let rows = transaction.object_store(ROWS).map_err(failed)?;
        drop(rows.delete(range).map_err(failed)?);
        self.commit(transaction, &rows)?.wait().await
    }

    async fn publish(&self, image: &ImageInfo) -> Result<()> {
        self.settle(image.id, 0).await?;
        let transaction = self.transaction(&[IMAGES, DRAFTS], TransactionMode::ReadWrite)?;
        let images = transaction.object_store(IMAGES).map_err(failed)?;
        let drafts = transaction.object_store(DRAFTS).map_err(failed)?;
        let draft = drafts.get_key(key(image.id)).map_err(failed)?;
        if draft.await.map_err(failed)?.is_none() {
            return Err(storage(format!(
                "the import of image {} was given up by another tab",
                image.id
            )));
        }
        drop(
            images
                .put(&to_js(image)?, Some(&key(image.id)))
                .map_err(failed)?,
        );
        drop(drafts.delete(key(image.id)).map_err(failed)?);
        self.commit(transaction, &images)?.wait().await
    }

    async fn describe(&self, image: &ImageInfo) -> Result<bool> {
        let transaction = self.transaction(&[IMAGES], TransactionMode::ReadWrite)?;
        let images = transaction.object_store(IMAGES).map_err(failed)?;
        let found = images.get_key(key(image.id)).map_err(failed)?;
        let known = found.await.map_err(failed)?.is_some();
        if known {
            drop(
                images
                    .put(&to_js(image)?, Some(&key(image.id)))
                    .map_err(failed)?,
            );
        }
        self.commit(transaction, &images)?.wait().await?;
        Ok(known)
    }

    async fn delete(&self, id: u32) -> Result<()> {
        // What of it was still being written, and whether that went well, is of no interest.
        while let Some(pending) = self.first_pending(id, 0) {
            drop(pending.wait().await);
        }
        let transaction = self.transaction(&[IMAGES, DRAFTS, ROWS], TransactionMode::ReadWrite)?;
        let rows = transaction.object_store(ROWS).map_err(failed)?;
        for store in [IMAGES, DRAFTS] {
            let store = transaction.object_store(store).map_err(failed)?;
            drop(store.delete(key(id)).map_err(failed)?);
        }
        // An array comes after every number.
        let all = KeyRange::bound(
            &Array::of1(&id.into()),
            &Array::of2(&id.into(), &Array::new()),
            None,
            None,
        );
        drop(rows.delete(all.map_err(failed)?).map_err(failed)?);
        self.commit(transaction, &rows)?.wait().await
    }
}
