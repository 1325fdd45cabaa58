//! The command line.

use crate::{help, serve, site};
use anyhow::{Result, bail};
use lexopt::{
    Arg::{Long, Short, Value},
    Parser, ValueExt,
};

/// What the command line asks for.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Parsed {
    /// To be told how a command is used.
    Help(&'static str),
    /// To run a command.
    Run(Command),
}

/// A command with its options.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Command {
    /// Build the site.
    Build(site::Options),
    /// Serve the site.
    Serve(serve::Options),
    /// Optimise what Trunk has staged.
    Optimise,
}

/// Reads the command line.
pub(crate) fn parse(mut parser: Parser) -> Result<Parsed> {
    let name = match parser.next()? {
        None => bail!("which command? `cargo xtask --help` lists them"),
        Some(Short('h') | Long("help")) => return Ok(Parsed::Help(help::ALL)),
        Some(Value(name)) => name.string()?,
        Some(other) => return Err(other.unexpected().into()),
    };
    let (command, help) = match name.as_str() {
        "help" => return Ok(Parsed::Help(help::ALL)),
        "build" => (build(&mut parser)?, help::BUILD),
        "serve" => (serve(&mut parser)?, help::SERVE),
        "optimise" => (plain(&mut parser, Command::Optimise)?, help::OPTIMISE),
        _ => bail!("there is no command {name:?}; `cargo xtask --help` lists them"),
    };
    Ok(command.map_or(Parsed::Help(help), Parsed::Run))
}

fn build(parser: &mut Parser) -> Result<Option<Command>> {
    let mut options = site::Options::default();
    while let Some(argument) = parser.next()? {
        match argument {
            Short('h') | Long("help") => return Ok(None),
            Long("debug") => options.debug = true,
            _ => return Err(argument.unexpected().into()),
        }
    }
    Ok(Some(Command::Build(options)))
}

fn serve(parser: &mut Parser) -> Result<Option<Command>> {
    let mut options = serve::Options::default();
    while let Some(argument) = parser.next()? {
        match argument {
            Short('h') | Long("help") => return Ok(None),
            Long("address") => options.address = parser.value()?.parse()?,
            Short('p') | Long("port") => options.port = parser.value()?.parse()?,
            Long("debug") => options.debug = true,
            _ => return Err(argument.unexpected().into()),
        }
    }
    Ok(Some(Command::Serve(options)))
}

fn plain(parser: &mut Parser, command: Command) -> Result<Option<Command>> {
    match parser.next()? {
        None => Ok(Some(command)),
        Some(Short('h') | Long("help")) => Ok(None),
        Some(argument) => Err(argument.unexpected().into()),
    }
}
