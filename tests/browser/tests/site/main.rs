//! The built site in a real browser: its ES module, its page, and what it does when things go wrong.
//!
//! One program for all of it, so that it is linked once and tests of all subjects run side by side.

mod address;
mod api;
mod augment;
mod augment_builder;
mod augment_detail;
mod augment_exchange;
mod augment_export;
mod augment_parts;
mod augment_sources;
mod augment_wall;
mod augmented;
mod axe;
mod bucket;
mod cache;
mod classify;
mod companions;
mod controls;
mod dataset_lab;
mod dataset_page;
mod documents;
mod drawings;
mod effect;
mod engines;
mod faults;
mod faults_clock;
mod faults_network;
mod faults_service_worker;
mod faults_storage;
mod faults_tabs;
mod faults_workers;
mod files;
mod frames_lab;
mod frames_page;
mod harness;
mod hosting;
mod install;
mod keyboard;
mod look;
mod module;
mod native;
mod nginx;
mod offline;
mod own_data;
mod own_models;
mod page;
mod picture_addresses;
mod pictures;
mod places;
mod recognition;
mod records;
mod refusals;
mod robustness;
mod routes;
mod routes_table;
mod saliency;
mod same_pixels;
mod security;
mod series;
mod service_worker;
mod sheet;
mod source;
mod stage;
mod storage;
mod teach;
mod train;
mod trouble;
mod workers;
mod zoom;

/// What tests of many places use.
mod support {
    use digitlab_browser::Browser;
    use serde_json::json;

    // The table of routes, which the native tests share, looks for it here.
    pub(crate) use digitlab_browser::environment::workspace as root;

    /// Waits until an element has this text somewhere in it.
    pub(crate) async fn says(browser: &Browser, selector: &str, text: &str) {
        let there = format!(
            "document.querySelector({})?.textContent.includes({})",
            json!(selector),
            json!(text)
        );
        browser
            .until(&format!("{selector} says {text}"), &there)
            .await;
    }
}
