//! Every developer command of Digitlab: `cargo xtask --help` lists them.

mod bench;
mod bucket;
mod cache;
mod cargo;
mod check;
mod chromium;
mod config;
mod finish;
mod help;
mod node;
mod options;
mod parts;
mod process;
mod python;
mod references;
mod samples;
mod scratch;
mod serve;
mod site;
mod test;
mod tools;
mod train;
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
        Command::Check => check::check(&workspace),
        Command::Finish => finish::finish(&workspace),
        Command::References => references::references(&workspace),
        Command::Samples(options) => samples::samples(&workspace, &options),
        Command::Serve(options) => serve::serve(&workspace, &options),
        Command::Test(options) => test::test(&workspace, &options),
        Command::Train(options) => train::train(&workspace, &options),
    }
}
