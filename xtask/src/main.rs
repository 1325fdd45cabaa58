//! Every developer command of Digitlab: `cargo xtask --help` lists them.

mod bench;
mod browsers;
mod bucket;
mod cache;
mod cargo;
mod check;
mod compress;
mod config;
mod documents;
mod files;
mod finish;
mod fuzz;
mod headers;
mod help;
mod libtest;
mod lighthouse;
mod nginx;
mod node;
mod options;
mod parts;
mod precache;
mod process;
mod python;
mod recipes;
mod references;
mod sample_log;
mod samples;
mod scratch;
mod second_try;
mod serve;
mod site;
mod supply;
mod test;
mod tools;
mod train;
mod trust;
mod wasm_opt;
mod workspace;

use anyhow::Result;
use options::{Command, Parsed};
use workspace::Workspace;

fn main() {
    if let Err(error) = run() {
        eprintln!("xtask: {error:#}");
        std::process::exit(1);
    }
}

fn run() -> Result<()> {
    let workspace = Workspace::find();
    let command = match options::parse(lexopt::Parser::from_env())? {
        Parsed::Help(text) => {
            print!("{text}");
            return Ok(());
        }
        Parsed::Run(command) => command,
    };
    match command {
        Command::Bench(options) => bench::bench(&workspace, &options),
        Command::Bucket(options) => bucket::bucket(&workspace, &options),
        Command::Build(options) => site::build(&workspace, &options),
        Command::Check(options) => check::check(&workspace, &options),
        Command::Finish => finish::finish(&workspace),
        Command::Fuzz(options) => fuzz::fuzz(&workspace, &options),
        Command::Headers(options) => headers::nginx(&workspace, &options),
        Command::Lighthouse(options) => lighthouse::lighthouse(&workspace, &options),
        Command::References => references::references(&workspace),
        Command::SampleLog(options) => sample_log::sample_log(&workspace, &options),
        Command::Samples(options) => samples::samples(&workspace, &options),
        Command::Serve(options) => serve::serve(&workspace, &options),
        Command::Test(options) => test::test(&workspace, &options),
        Command::Train(options) => train::train(&workspace, &options),
        Command::Trust(options) => trust::trust(&workspace, &options),
    }
}
