//! The core against its promises, natively.
//!
//! - `support`: the site's bucket, and the comparison of pictures
//! - the other modules: a subject each

mod bucket;
mod fields;
mod golden;
mod idx;
mod refusals;
mod resample;
mod sequences;
mod support;
