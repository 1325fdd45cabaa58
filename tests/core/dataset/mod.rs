//! Data sets: the same bytes however they are made.
//!
//! - `support`: plans, blocks, and a storage that forgets what was not synced
//! - `readers`: every format, read back by the libraries that trainers use
//! - the other modules: a subject each

mod bytes;
mod items;
mod journals;
mod readers;
mod resumed;
mod support;
mod trees;
mod zips;
