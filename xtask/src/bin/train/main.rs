//! Trains the models that the site carries, and measures them.
//!
//! `cargo xtask train` runs this with the root of the repository, `--smoke` if it is only to be
//! seen whether training works, and `--model <name>` if only that one is to be trained.

mod card;
mod machine;
mod recipes;
mod table;

use anyhow::{Context, Result, bail};
use card::{Card, Cards, Measured};
use digitlab::classify::network::Classifier;
use digitlab::classify::onnx;
use digitlab::classify::training::{Digits, evaluate, train};
use digitlab::mnist::{Manifest, Pool, Split, manifest};
use recipes::{Recipe, VALIDATION};
use std::{
    env, fs,
    path::{Path, PathBuf},
    time::Instant,
};

fn main() {
    if let Err(error) = run() {
        eprintln!("xtask: {error:#}");
        std::process::exit(1);
    }
}

/// The command line.
struct Arguments {
    root: PathBuf,
    smoke: bool,
    model: Option<String>,
}

impl Arguments {
    fn read() -> Result<Self> {
        let mut arguments = env::args().skip(1);
        let root = arguments.next().context("which repository?")?.into();
        let (mut smoke, mut model) = (false, None);
        while let Some(argument) = arguments.next() {
            match argument.as_str() {
                "--smoke" => smoke = true,
                "--model" => model = Some(arguments.next().context("which model?")?),
                _ => bail!("usage: xtask-train <repository> [--smoke] [--model <name>]"),
            }
        }
        Ok(Self { root, smoke, model })
    }

    /// Where the models go. A smoke run touches no model that was trained in earnest.
    fn folder(&self) -> PathBuf {
        match self.smoke {
            true => env::temp_dir().join(format!("digitlab-train-{}", std::process::id())),
            false => self.root.join("models"),
        }
    }
}

fn run() -> Result<()> {
    let arguments = Arguments::read()?;
    let folder = arguments.folder();
    let done = train_all(&arguments, &folder);
    if arguments.smoke && folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    done
}

fn train_all(arguments: &Arguments, folder: &Path) -> Result<()> {
    fs::create_dir_all(folder).with_context(|| format!("cannot create {}", folder.display()))?;
    let pool = bucket(&arguments.root.join("www/mnist"))?;
    let data = Data::of(&pool, arguments.smoke)?;
    let mut cards = Cards::open(folder)?;
    let wanted = |recipe: &Recipe| {
        arguments
            .model
            .as_deref()
            .is_none_or(|name| name == recipe.name)
    };
    for recipe in recipes::all(arguments.smoke)?
        .iter()
        .filter(|recipe| wanted(recipe))
    {
        let card = train_one(recipe, &data, folder, &pool)?;
        if arguments.smoke && card.test_accuracy() < recipes::SMOKE_ACCURACY {
            bail!(
                "{} answers {:.1} % of the test pictures right after the smoke training; at least {:.0} % are expected",
                recipe.name,
                100.0 * card.test_accuracy(),
                100.0 * recipes::SMOKE_ACCURACY
            );
        }
        cards.put(card);
        cards.save(folder)?;
    }
    Ok(())
}

/// The pictures of a run.
struct Data {
    training: Digits,
    validation: Digits,
    test: Digits,
}

impl Data {
    fn of(pool: &Pool, smoke: bool) -> Result<Self> {
        let [training, validation] = Digits::from_pool(pool, Split::Train)?.split_last(VALIDATION);
        let test = Digits::from_pool(pool, Split::Test)?;
        Ok(match smoke {
            false => Self {
                training,
                validation,
                test,
            },
            true => Self {
                training: training.first(6_000),
                validation: validation.first(500),
                test: test.first(1_000),
            },
        })
    }
}

/// Trains one model, prints how it goes, writes its file and returns what is to be known of it.
fn train_one(recipe: &Recipe, data: &Data, folder: &Path, pool: &Pool) -> Result<Card> {
    let settings = &recipe.settings;
    let architecture = &settings.architecture;
    println!(
        "\n{}: {architecture}, {} parameters, {:.1} million multiplications",
        recipe.name,
        architecture.parameters(),
        architecture.multiplications() as f64 / 1e6
    );
    let teacher = recipe
        .teacher
        .map(|name| teacher(folder, name))
        .transpose()?;
    let started = Instant::now();
    table::head();
    let mut before = started;
    let trained = train(
        settings,
        &data.training,
        &data.validation,
        teacher.as_ref(),
        &mut |epoch| {
            table::row(
                epoch,
                data.training.len() as f64 / before.elapsed().as_secs_f64(),
            );
            before = Instant::now();
        },
    )?;
    let seconds = started.elapsed().as_secs_f64();
    // The file is measured, not what was in memory.
    let bytes = onnx::write(recipe.name, &trained.classifier);
    let path = folder.join(format!("{}.onnx", recipe.name));
    fs::write(&path, &bytes).with_context(|| format!("cannot write {}", path.display()))?;
    let classifier = onnx::read(&path.display().to_string(), &fs::read(&path)?)?;
    let figures = |digits| evaluate(&classifier, digits, settings.threads);
    let measured = Measured {
        recipe,
        bytes: &bytes,
        epoch: trained.epoch.number,
        training: data.training.len(),
        validation: figures(&data.validation),
        test: figures(&data.test),
        seconds,
        data: pool.manifest(),
    };
    table::classes(&measured.validation, &measured.test);
    Ok(measured.card())
}

/// The model that another one learns from.
fn teacher(folder: &Path, name: &str) -> Result<Classifier> {
    let path = folder.join(format!("{name}.onnx"));
    let bytes = fs::read(&path).with_context(|| {
        format!(
            "cannot read {}, from which this model learns; train {name} first",
            path.display()
        )
    })?;
    Ok(onnx::read(&path.display().to_string(), &bytes)?)
}

/// The site's bucket, with all its shards.
fn bucket(folder: &Path) -> Result<Pool> {
    let read = |name: &str| {
        let path = folder.join(name);
        fs::read(&path).with_context(|| {
            format!(
                "cannot read {}; `cargo xtask bucket` makes it",
                path.display()
            )
        })
    };
    let mut pool = Pool::new(Manifest::parse(&String::from_utf8(read(manifest::FILE)?)?)?);
    let entries = pool
        .manifest()
        .splits
        .values()
        .flat_map(|part| part.digits.iter().flatten());
    let files: Vec<String> = entries.map(|entry| entry.file.clone()).collect();
    for file in files {
        pool.load(&file, &read(&file)?)?;
    }
    Ok(pool)
}
