//! Every developer command of Digitlab: `cargo xtask --help` lists them.

mod cache;
mod cargo;
mod help;
mod node;
mod options;
mod process;
mod serve;
mod site;
mod tools;
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
    match options::parse(lexopt::Parser::from_env())? {
        Parsed::Help(text) => print!("{text}"),
        Parsed::Run(Command::Build(options)) => site::build(&workspace, &options)?,
        Parsed::Run(Command::Serve(options)) => serve::serve(&workspace, &options)?,
        Parsed::Run(Command::Optimise) => wasm_opt::optimise_staged(&workspace)?,
    }
    Ok(())
}
