//! The command line.

use crate::{
    bench, browsers::Engine, bucket, check, config, fuzz, headers, help, lighthouse, sample_log,
    samples, serve, site, test, train, trust,
};
use anyhow::{Result, bail};
use lexopt::{
    Arg::{Long, Short, Value},
    Parser, ValueExt,
};
use std::path::PathBuf;

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
    /// Measure.
    Bench(bench::Options),
    /// Make the bucket.
    Bucket(bucket::Options),
    /// Build the site.
    Build(site::Options),
    /// Find mistakes without running anything.
    Check(check::Options),
    /// Finish what Trunk has staged.
    Finish,
    /// Search for bytes that a parser does not take well.
    Fuzz(fuzz::Options),
    /// Write what nginx is told.
    Headers(headers::Options),
    /// Run Lighthouse on the built site.
    Lighthouse(lighthouse::Options),
    /// Make the reference files of the tests.
    References,
    /// Make the sample of an image log.
    SampleLog(sample_log::Options),
    /// Draw the sample pictures.
    Samples(samples::Options),
    /// Serve the site.
    Serve(serve::Options),
    /// Run the tests.
    Test(test::Options),
    /// Train the models.
    Train(train::Options),
    /// Measure what can be trusted.
    Trust(trust::Options),
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
        "bench" => (bench(&mut parser)?, help::BENCH),
        "bucket" => (bucket(&mut parser)?, help::BUCKET),
        "build" => (build(&mut parser)?, help::BUILD),
        "check" => (check(&mut parser)?, help::CHECK),
        "finish" => (plain(&mut parser, Command::Finish)?, help::FINISH),
        "fuzz" => (fuzz(&mut parser)?, help::FUZZ),
        "headers" => (headers(&mut parser)?, help::HEADERS),
        "lighthouse" => (lighthouse(&mut parser)?, help::LIGHTHOUSE),
        "references" => (plain(&mut parser, Command::References)?, help::REFERENCES),
        "sample-log" => (sample_log(&mut parser)?, help::SAMPLE_LOG),
        "samples" => (samples(&mut parser)?, help::SAMPLES),
        "serve" => (serve(&mut parser)?, help::SERVE),
        "test" => (test(&mut parser)?, help::TEST),
        "train" => (train(&mut parser)?, help::TRAIN),
        "trust" => (trust(&mut parser)?, help::TRUST),
        _ => bail!("there is no command {name:?}; `cargo xtask --help` lists them"),
    };
    Ok(command.map_or(Parsed::Help(help), Parsed::Run))
}

fn bench(parser: &mut Parser) -> Result<Option<Command>> {
    let mut options = bench::Options::default();
    while let Some(argument) = parser.next()? {
        match argument {
            Short('h') | Long("help") => return Ok(None),
            Long("only") => options.only = Some(parser.value()?.string()?),
            _ => return Err(argument.unexpected().into()),
        }
    }
    Ok(Some(Command::Bench(options)))
}

fn bucket(parser: &mut Parser) -> Result<Option<Command>> {
    let mut options = bucket::Options::default();
    while let Some(argument) = parser.next()? {
        match argument {
            Short('h') | Long("help") => return Ok(None),
            Long("check") => options.check = true,
            _ => return Err(argument.unexpected().into()),
        }
    }
    Ok(Some(Command::Bucket(options)))
}

fn build(parser: &mut Parser) -> Result<Option<Command>> {
    let mut options = site::Options::default();
    while let Some(argument) = parser.next()? {
        match argument {
            Short('h') | Long("help") => return Ok(None),
            Long("debug") => options.debug = true,
            Long("bucket") => options.bucket = Some(config::folder(&parser.value()?.string()?)?),
            _ => return Err(argument.unexpected().into()),
        }
    }
    Ok(Some(Command::Build(options)))
}

fn check(parser: &mut Parser) -> Result<Option<Command>> {
    let mut options = check::Options::default();
    while let Some(argument) = parser.next()? {
        match argument {
            Short('h') | Long("help") => return Ok(None),
            Long("release") => options.release = true,
            _ => return Err(argument.unexpected().into()),
        }
    }
    Ok(Some(Command::Check(options)))
}

fn fuzz(parser: &mut Parser) -> Result<Option<Command>> {
    let mut options = fuzz::Options::default();
    while let Some(argument) = parser.next()? {
        match argument {
            Short('h') | Long("help") => return Ok(None),
            Long("seconds") => options.seconds = parser.value()?.parse()?,
            Value(target) => options.targets.push(target.string()?),
            _ => return Err(argument.unexpected().into()),
        }
    }
    Ok(Some(Command::Fuzz(options)))
}

fn headers(parser: &mut Parser) -> Result<Option<Command>> {
    let mut options = headers::Options::default();
    while let Some(argument) = parser.next()? {
        match argument {
            Short('h') | Long("help") => return Ok(None),
            Long("check") => options.check = true,
            _ => return Err(argument.unexpected().into()),
        }
    }
    Ok(Some(Command::Headers(options)))
}

fn sample_log(parser: &mut Parser) -> Result<Option<Command>> {
    let mut options = sample_log::Options::default();
    let (mut file, mut times) = (None, None);
    while let Some(argument) = parser.next()? {
        match argument {
            Short('h') | Long("help") => return Ok(None),
            Long("check") => options.check = true,
            Long("times") => times = Some(parser.value()?.parse()?),
            Long("to") => file = Some(PathBuf::from(parser.value()?)),
            _ => return Err(argument.unexpected().into()),
        }
    }
    options.long = match (file, times) {
        (Some(_), _) if options.check => bail!("--check compares the sample, not the file of --to"),
        (Some(file), times) => Some((file, times.unwrap_or(1))),
        (None, Some(_)) => bail!("--times needs --to: a longer log is not the sample"),
        (None, None) => None,
    };
    Ok(Some(Command::SampleLog(options)))
}

fn lighthouse(parser: &mut Parser) -> Result<Option<Command>> {
    let mut options = lighthouse::Options::default();
    while let Some(argument) = parser.next()? {
        match argument {
            Short('h') | Long("help") => return Ok(None),
            Long("site") => options.site = Some(parser.value()?.into()),
            Long("place") => options.place = Some(parser.value()?.string()?),
            Long("device") => {
                let device = parser.value()?.string()?;
                if !lighthouse::DEVICES.contains(&device.as_str()) {
                    bail!(
                        "there is no device {device:?}, only {}",
                        lighthouse::DEVICES.join(" and ")
                    );
                }
                options.device = Some(device);
            }
            _ => return Err(argument.unexpected().into()),
        }
    }
    Ok(Some(Command::Lighthouse(options)))
}

fn samples(parser: &mut Parser) -> Result<Option<Command>> {
    let mut options = samples::Options::default();
    while let Some(argument) = parser.next()? {
        match argument {
            Short('h') | Long("help") => return Ok(None),
            Long("check") => options.check = true,
            _ => return Err(argument.unexpected().into()),
        }
    }
    Ok(Some(Command::Samples(options)))
}

fn serve(parser: &mut Parser) -> Result<Option<Command>> {
    let mut options = serve::Options::default();
    while let Some(argument) = parser.next()? {
        match argument {
            Short('h') | Long("help") => return Ok(None),
            Long("address") => options.address = parser.value()?.parse()?,
            Short('p') | Long("port") => options.port = parser.value()?.parse()?,
            Long("debug") => options.site.debug = true,
            Long("bucket") => {
                options.site.bucket = Some(config::folder(&parser.value()?.string()?)?)
            }
            _ => return Err(argument.unexpected().into()),
        }
    }
    Ok(Some(Command::Serve(options)))
}

fn test(parser: &mut Parser) -> Result<Option<Command>> {
    let mut options = test::Options::default();
    while let Some(argument) = parser.next()? {
        match argument {
            Short('h') | Long("help") => return Ok(None),
            Long("native") => options.native = true,
            Long("wasm") => options.wasm = true,
            Long("browser") => options.browser = true,
            Long("again") => options.again = true,
            Long("installable") => options.installable = true,
            Long("engines") => options.engines = Engine::list(&parser.value()?.string()?)?,
            Value(filter) => options.filters.push(filter.string()?),
            _ => return Err(argument.unexpected().into()),
        }
    }
    Ok(Some(Command::Test(options)))
}

fn train(parser: &mut Parser) -> Result<Option<Command>> {
    let mut options = train::Options::default();
    while let Some(argument) = parser.next()? {
        match argument {
            Short('h') | Long("help") => return Ok(None),
            Long("smoke") => options.smoke = true,
            Long("model") => {
                let name = parser.value()?.string()?;
                if !train::MODELS.contains(&name.as_str()) {
                    bail!(
                        "there is no model {name:?}, only {}",
                        train::MODELS.join(" and ")
                    );
                }
                options.model = Some(name);
            }
            _ => return Err(argument.unexpected().into()),
        }
    }
    Ok(Some(Command::Train(options)))
}

fn plain(parser: &mut Parser, command: Command) -> Result<Option<Command>> {
    match parser.next()? {
        None => Ok(Some(command)),
        Some(Short('h') | Long("help")) => Ok(None),
        Some(argument) => Err(argument.unexpected().into()),
    }
}

fn trust(parser: &mut Parser) -> Result<Option<Command>> {
    let mut options = trust::Options::default();
    while let Some(argument) = parser.next()? {
        match argument {
            Short('h') | Long("help") => return Ok(None),
            Long("engines") => options.engines = Engine::list(&parser.value()?.string()?)?,
            Value(bar) => options.bars.push(bar.string()?),
            _ => return Err(argument.unexpected().into()),
        }
    }
    Ok(Some(Command::Trust(options)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::Ipv4Addr;

    fn parsed(line: &str) -> Result<Parsed> {
        parse(Parser::from_args(line.split_whitespace()))
    }

    #[test]
    fn command_lines_are_understood() {
        let debug = site::Options {
            debug: true,
            bucket: None,
        };
        let elsewhere = site::Options {
            debug: false,
            bucket: Some("https://example.org/".to_owned()),
        };
        let everywhere = serve::Options {
            address: Ipv4Addr::UNSPECIFIED.into(),
            port: 9,
            site: debug.clone(),
        };
        let filtered = test::Options {
            wasm: true,
            filters: vec!["seed".to_owned()],
            ..Default::default()
        };
        let elsewhere_tested = test::Options {
            browser: true,
            installable: true,
            engines: vec![Engine::Firefox, Engine::WebKit],
            ..Default::default()
        };
        let smoke = train::Options {
            smoke: true,
            model: Some("tiny".to_owned()),
        };
        let cases = [
            ("check", Command::Check(check::Options::default())),
            ("bench", Command::Bench(bench::Options::default())),
            (
                "bench --only recognition",
                Command::Bench(bench::Options {
                    only: Some("recognition".to_owned()),
                }),
            ),
            ("references", Command::References),
            ("fuzz", Command::Fuzz(fuzz::Options::default())),
            (
                "fuzz idx model --seconds 5",
                Command::Fuzz(fuzz::Options {
                    targets: vec!["idx".to_owned(), "model".to_owned()],
                    seconds: 5,
                }),
            ),
            ("finish", Command::Finish),
            ("build", Command::Build(site::Options::default())),
            ("build --debug", Command::Build(debug)),
            (
                "build --bucket https://example.org/",
                Command::Build(elsewhere),
            ),
            ("bucket", Command::Bucket(bucket::Options { check: false })),
            (
                "bucket --check",
                Command::Bucket(bucket::Options { check: true }),
            ),
            (
                "headers --check",
                Command::Headers(headers::Options { check: true }),
            ),
            (
                "sample-log --times 100 --to long.csv",
                Command::SampleLog(sample_log::Options {
                    check: false,
                    long: Some(("long.csv".into(), 100)),
                }),
            ),
            (
                "samples --check",
                Command::Samples(samples::Options { check: true }),
            ),
            (
                "lighthouse --site dist --device mobile --place storage",
                Command::Lighthouse(lighthouse::Options {
                    site: Some("dist".into()),
                    device: Some("mobile".to_owned()),
                    place: Some("storage".to_owned()),
                }),
            ),
            ("serve", Command::Serve(serve::Options::default())),
            (
                "serve --port=9 --address 0.0.0.0 --debug",
                Command::Serve(everywhere),
            ),
            ("test", Command::Test(test::Options::default())),
            ("test --wasm seed", Command::Test(filtered)),
            (
                "test --browser --installable --engines firefox,webkit",
                Command::Test(elsewhere_tested),
            ),
            ("train", Command::Train(train::Options::default())),
            ("trust", Command::Trust(trust::Options::default())),
            (
                "trust T1 T5 --engines webkit",
                Command::Trust(trust::Options {
                    bars: vec!["T1".to_owned(), "T5".to_owned()],
                    engines: vec![Engine::WebKit],
                }),
            ),
            ("train --smoke --model tiny", Command::Train(smoke)),
        ];
        for (line, expected) in cases {
            assert_eq!(parsed(line).unwrap(), Parsed::Run(expected), "{line}");
        }
    }

    #[test]
    fn help_is_given_for_everything() {
        assert_eq!(parsed("--help").unwrap(), Parsed::Help(help::ALL));
        assert_eq!(parsed("help").unwrap(), Parsed::Help(help::ALL));
        let commands = [
            "bench",
            "bucket",
            "build",
            "check",
            "finish",
            "fuzz",
            "lighthouse",
            "references",
            "sample-log",
            "headers",
            "samples",
            "serve",
            "test",
            "train",
        ];
        for command in commands {
            let Parsed::Help(text) = parsed(&format!("{command} --help")).unwrap() else {
                panic!("{command} --help runs the command");
            };
            assert!(
                text.starts_with(&format!("Usage: cargo xtask {command}")),
                "{text}"
            );
            // Trunk is the one to call that one.
            if command != "finish" {
                assert!(
                    help::ALL.contains(&format!("\n  {command} ")),
                    "{command} is not listed"
                );
            }
        }
    }

    #[test]
    fn what_makes_no_sense_is_refused() {
        let cases = [
            ("", "which command?"),
            ("paint", "no command \"paint\""),
            ("--fast", "--fast"),
            ("check twice", "twice"),
            ("serve --port none", "none"),
            ("fuzz --seconds long", "long"),
            ("serve --port 65536", "65536"),
            ("serve --address here", "here"),
            ("build --check", "--check"),
            (
                "test --engines lynx",
                "allowed: chromium, firefox and webkit",
            ),
            ("samples --debug", "--debug"),
            ("sample-log --times 3", "--to"),
            ("train --model huge", "default and tiny"),
            ("lighthouse --device watch", "mobile and desktop"),
            ("build --bucket=", "empty"),
            ("serve --bucket=https://example.org/?a", "folder"),
        ];
        for (line, expected) in cases {
            let error = format!("{:#}", parsed(line).unwrap_err());
            assert!(error.contains(expected), "{line:?}: {error}");
        }
    }
}
