//! The built site in a real browser: its ES module, its page, and what it does when things go wrong.
//!
//! One program for all of it, so that it is linked once and tests of all subjects run side by side.

mod address;
mod augment;
mod augment_builder;
mod augment_detail;
mod augment_export;
mod augment_sources;
mod augment_wall;
mod augmented;
mod bucket;
mod cache;
mod classify;
mod companions;
mod controls;
mod files;
mod frames_page;
mod harness;
mod look;
mod module;
mod native;
mod own_data;
mod page;
mod pictures;
mod readme;
mod recognition;
mod records;
mod refusals;
mod series;
mod sheet;
mod source;
mod stage;
mod trouble;
mod workers;
