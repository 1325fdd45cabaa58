//! Drives the built site in a real browser, as a person and as a program does.
//!
//! A [`Site`] serves the files of `dist/` from this machine and misbehaves on request; a [`Browser`] is one without a
//! screen and with an empty profile of its own, of the [`Engine`] that is asked for; a [`Visit`] runs one test in it, looks for errors the page reported, and
//! takes a picture of the page when the test fails. Nothing here waits for a time: everything waits for a condition and
//! gives up at a deadline.
//!
//! `cargo xtask test` builds the site and sets the environment that [`environment`] reads.

mod browser;
mod command;
mod engine;
pub mod environment;
mod fault;
pub mod idx;
pub mod lab;
mod launch;
mod log;
mod media_type;
pub mod npy;
mod picture;
mod prelude;
mod site;
mod stated;
mod visit;

pub use browser::{Browser, LogEntry, Scheme, Window};
pub use engine::Engine;
pub use fault::Fault;
pub use lab::{Failure, LAB_PAGE, Lab};
pub use log::Request;
pub use picture::{Picture, assert_same_picture};
pub use site::{Site, SiteBuilder};
pub use stated::stated_headers;
pub use visit::Visit;

/// How long a condition may take before a test gives up on it. Generous, because machines that run tests are often
/// busy; a test that passes never waits this long.
pub const DEADLINE: std::time::Duration = std::time::Duration::from_secs(30);
