//! Digitlab on the command line: what the page does, without a browser.
//!
//! The same request with the same seed gives the same pixels as the page.

mod arguments;
mod augment;
mod bucket;
mod dataset;
mod fields;
mod frame;
mod generate;
mod moment;
mod output;
mod recognize;

use arguments::{Arguments, Work};
use clap::Parser;
use std::process::ExitCode;

/// How the program ends when something was refused or failed.
const FAILED: u8 = 2;

fn main() -> ExitCode {
    let Arguments { work } = Arguments::parse_from(arguments::modern(std::env::args_os()));
    let done = match work {
        Work::Generate(options) => generate::run(&options),
        Work::Dataset(options) => return dataset::run(&options).unwrap_or_else(failed),
        Work::Augment(options) => augment::run(&options),
        Work::Classify(options) => recognize::classify(&options),
        Work::Read(options) => recognize::read(&options),
        Work::Frame(options) => frame::run(&options),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => failed(error),
    }
}

fn failed(error: anyhow::Error) -> ExitCode {
    eprintln!("digitlab: {error:#}");
    FAILED.into()
}
