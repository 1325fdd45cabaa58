//! The core against its promises, natively.
//!
//! - `support`: the site's bucket, and the comparison of pictures
//! - the other modules: a subject each

#![cfg(not(target_arch = "wasm32"))]

mod architecture;
mod augment;
mod bucket;
mod classify;
mod codec;
mod dataset;
mod documents;
mod fields;
mod frames;
mod frames_library;
mod golden;
mod idx;
mod refusals;
mod resample;
mod routes;
mod sequences;
mod support;
