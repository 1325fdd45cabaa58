//! What the handlers are handed from outside.

use super::failure::Failure;
use crate::classify::CLASSES;
use crate::frames::{Library, Store};
use crate::raster::Raster;
use std::rc::Rc;

/// A moment, as whoever has a clock tells it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Moment {
    /// Microseconds since midnight, where the person is.
    pub micros_of_day: u64,
    /// ISO 8601 with milliseconds, in UTC.
    pub iso: String,
    /// Milliseconds since some fixed moment, to tell how long something took.
    pub milliseconds: f64,
}

/// What a model says of a picture.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Recognized {
    /// The digit.
    pub digit: u8,
    /// How probable each digit is.
    pub probabilities: [f64; CLASSES],
    /// The model's name.
    pub model: String,
    /// How long it took, in milliseconds.
    pub elapsed: f64,
    /// The 28 x 28 levels that the model saw; empty when that is not known.
    pub seen: Vec<u8>,
}

/// An answer, for the record log.
#[derive(Clone, Copy, Debug)]
pub struct Record<'a> {
    /// The file's name.
    pub name: &'a str,
    /// The route that answered.
    pub from: &'static str,
    /// What was answered.
    pub recognized: &'a Recognized,
    /// What was looked at.
    pub picture: &'a Raster,
}

/// All that the handlers need and the core does not have: a clock, seeds, files, a model, a log, a store.
#[allow(async_fn_in_trait)] // Nothing of this is sent to other threads.
pub trait Services {
    /// Where images are kept.
    type Store: Store;
    /// Whoever holds it is alive; see [`begin_import`](Self::begin_import).
    type Lock;

    /// The time.
    fn now(&self) -> Moment;
    /// A seed that nobody gave.
    fn seed(&self) -> u64;
    /// A file of the MNIST bucket: `manifest.json` or a shard as it is stored. `damaged` says that the one that was given
    /// before is not what the manifest says, so that it is to be fetched anew, past every cache.
    async fn bucket_file(&self, name: &str, damaged: bool) -> Result<Vec<u8>, Failure>;
    /// Says that a file of the bucket was found to be right, so that it may be kept.
    fn confirm_bucket_file(&self, name: &str);
    /// The picture file behind an address.
    async fn fetch_picture(&self, url: &str) -> Result<Vec<u8>, Failure>;
    /// Which digit a picture shows.
    async fn classify(&self, picture: &Raster) -> Result<Recognized, Failure>;
    /// Keeps an answer in the record log.
    async fn record(&self, record: Record<'_>) -> Result<(), Failure>;
    /// The record log as a file: `json` or `csv`.
    async fn records(&self, format: &str) -> Result<Vec<u8>, Failure>;
    /// The name under which an import runs, and a lock that says that somebody still works on it.
    async fn begin_import(&self) -> Result<(String, Self::Lock), Failure>;
    /// The stored images.
    async fn library(&self) -> Result<Rc<Library<Self::Store>>, Failure>;
}
