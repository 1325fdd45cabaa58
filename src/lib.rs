//! Digitlab: a lab for image data that runs entirely in the browser.
//!
//! This crate is its engine: it makes labelled pictures of numbers in real handwriting, changes
//! pictures as training pipelines do, reads digits, and draws image logs. The site is this crate
//! compiled to WebAssembly, the program `digitlab` is the same natively.
//!
//! It is pure at its core: it knows no browser, no clock, no storage and no global source of
//! randomness. Time, seeds and files are handed in, so the same request with the same seed gives
//! the same pixels natively and in every browser.
//!
//! # A number in handwriting
//!
//! Digits come from a *bucket*: a manifest, and shards of one digit each that are loaded when they
//! are needed. The site's bucket is MNIST, in `www/mnist/`; here is one of a single digit.
//!
//! ```
//! use digitlab::Error;
//! use digitlab::mnist::idx::{Images, Labels};
//! use digitlab::mnist::manifest::Licence;
//! use digitlab::mnist::{Pool, Source, Split, bucket};
//! use digitlab::sequence::{Generator, Request};
//! use serde_json::json;
//!
//! // An IDX file with one picture: a stroke, three columns wide. And its label: 1.
//! let stroke = (0..28 * 28).map(|at| if (12..15).contains(&(at % 28)) { 255 } else { 0 });
//! let images: Vec<u8> = [0, 0, 8, 3, 0, 0, 0, 1, 0, 0, 0, 28, 0, 0, 0, 28].into_iter().chain(stroke).collect();
//! let labels = [0, 0, 8, 1, 0, 0, 0, 1, 1];
//! let source = Source {
//!     name: "strokes".into(),
//!     source: "drawn here".into(),
//!     licence: Licence { name: "CC0 1.0".into(), url: String::new(), attribution: String::new() },
//!     splits: [(Split::Train, (Images::parse("images", &images)?, Labels::parse("labels", &labels)?))].into(),
//! };
//! let (manifest, files) = bucket::build(&source)?;
//! let mut pool = Pool::new(manifest);
//!
//! let request = Request::from_json(&json!({ "number": "11", "fit": "natural", "seed": 7 }), 0)?;
//! let mut generator = Generator::default();
//! // What is not loaded yet is named, so that nothing else has to be.
//! let Err(Error::ShardsNotLoaded { files: missing }) = generator.generate(&request, &pool) else { panic!() };
//! for file in missing {
//!     let (_, bytes) = files.iter().find(|(name, _)| *name == file).expect("a shard of the bucket");
//!     pool.load(&file, bytes)?;
//! }
//! let made = generator.generate(&request, &pool)?;
//! assert_eq!(made.image.height(), 28);
//! // A margin, a stroke, a gap of 5 to 10 columns, a stroke, a margin.
//! assert!((4 + 3 + 5 + 3 + 4..=4 + 3 + 10 + 3 + 4).contains(&made.image.width()));
//! assert_eq!(made.image, generator.generate(&request, &pool)?.image);
//! # Ok::<(), digitlab::Error>(())
//! ```
//!
//! # A picture, augmented
//!
//! A pipeline has the names, parameters and meaning of Albumentations. What was drawn is recorded,
//! and a record replays to the same pixels.
//!
//! ```
//! use digitlab::augment::{Pipeline, replay};
//! use digitlab::random::{Purpose, Stream};
//! use digitlab::raster::Raster;
//! use serde_json::json;
//!
//! let picture = Raster::grey(32, 24, (0..32 * 24).map(|at| (at % 251) as u8).collect());
//! let pipeline = Pipeline::from_json(&json!([
//!     { "transform": "Rotate", "limit": [-20, 20], "p": 1 },
//!     { "transform": "GaussNoise", "p": 0.5 },
//! ]))?;
//! let (seed, index) = (7, 3);
//! let mut stream = Stream::new(seed, index, Purpose::Augment);
//! let (changed, record) = pipeline.run(picture.clone(), &mut stream)?;
//! assert_eq!(record[0].transform(), "Rotate");
//! assert_eq!(replay(&record, picture)?, changed);
//! # Ok::<(), digitlab::Error>(())
//! ```
//!
//! # The modules
//!
//! | module | what it is about |
//! | --- | --- |
//! | [`sequence`] | a request for a number becomes a labelled picture of handwriting |
//! | [`augment`] | transforms with Albumentations' names, and pipelines of them |
//! | [`classify`] | from a picture to the digit that a model sees, whole numbers, networks, teaching and training |
//! | [`frames`] | image logs from CSV files: rows of pixels by depth |
//! | `dataset` | data sets of millions of labelled pictures |
//! | `routes` | the HTTP routes, as functions from a request to its answer |
//! | [`mnist`] | IDX files, the bucket of shards, the pool that samples are drawn from |
//! | [`raster`] | the picture type, and picture files |
//! | [`parameter`] | the tables that describe the fields of requests |
//! | [`random`] | random streams that give the same values everywhere, for ever |
//! | [`npy`], [`archive`] | NumPy's array file; zip files, written as a stream |
//! | [`error`] | the one error type, with stable codes |
//! | `simd` | vector instructions, in one place |
//!
//! The module `web`, compiled for `wasm32` only, translates between all this and JavaScript, and
//! does nothing else. How the parts fit together stands in `docs/architecture.md`.
//!
//! # Features
//!
//! `engine`, `files`, `frames` and `routes` are on unless switched off. Each of the seven wasm
//! modules of the site is a binary with one feature.
//!
//! | feature | what it brings |
//! | --- | --- |
//! | `engine` | in wasm, what the first picture needs: sequences and augmentation |
//! | `files` | in wasm, picture files, zip files and YAML |
//! | `frames` | in wasm, the store of image logs in IndexedDB |
//! | `routes` | the module `routes`, and in wasm what the service worker needs of it |
//! | `reader` | `classify::model`: ONNX models, run by tract |
//! | `train` | `classify::onnx`: networks written as ONNX files |
//! | `trainer` | `train`, and in wasm teaching and training |
//! | `dataset` | the module `dataset` |
//! | `cli` | the program `digitlab`, natively |

pub mod archive;
pub mod augment;
pub mod classify;
#[cfg(feature = "dataset")]
pub mod dataset;
pub mod error;
pub mod frames;
pub mod mnist;
pub mod npy;
pub mod parameter;
pub mod random;
pub mod raster;
#[cfg(feature = "routes")]
pub mod routes;
pub mod sequence;
mod simd;
#[cfg(target_arch = "wasm32")]
pub mod web;

pub use error::{Error, Result};
