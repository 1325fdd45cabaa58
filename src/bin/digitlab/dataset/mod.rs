//! `digitlab dataset`.

mod folder;
mod progress;
mod recipe;
mod storage;

use crate::arguments::Dataset;
use crate::bucket::Bucket;
use crate::moment::fresh_seed;
use crate::output::{say, say_json};
use anyhow::{Context, Error, Result, anyhow, bail};
use digitlab::dataset::{Assembler, Block, Job, Maker, Plan, Shard};
use folder::{Folder, recipe_file};
use progress::{Manner, Progress, thousands};
use recipe::Asked;
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex, RwLock};
use std::thread;
use std::time::{Duration, Instant};
use storage::FolderStorage;

/// How programs end that were interrupted.
const INTERRUPTED: u8 = 130;

/// How long is waited for a block before the clock and the keyboard are looked at.
const TICK: Duration = Duration::from_millis(100);

/// Blocks on their way for each worker: one that it makes, and one that waits for it.
const BLOCKS_PER_WORKER: u64 = 2;

/// Makes the data set that the options ask for, or the rest of it.
pub(crate) fn run(options: &Dataset) -> Result<ExitCode> {
    let start = Instant::now();
    let asked = Asked::of(options)?;
    let drawn = fresh_seed()?;
    let mut recipe = asked.recipe(drawn)?;
    let shard = match (&options.shard, recipe.shard()) {
        (Some(given), _) => Shard::parse(given)?,
        (None, own) => own.unwrap_or(Shard::WHOLE),
    };
    if !(asked.has_seed() || shard.is_whole()) {
        bail!(
            "seed is missing; with --shard, give whole numbers from 0 to 18446744073709551615, \
             so that all shards are of the same data set."
        );
    }
    let bucket = Bucket::open(options.source.bucket.as_deref())?;
    let path = match &options.out {
        Some(folder) => folder.clone(),
        None => PathBuf::from(recipe.name()),
    };
    // What the recipe or the shard has wrong is said before a folder is made.
    Plan::new(recipe.clone(), &bucket.manifest, shard)?;
    let mut folder = Folder::take(&path, &recipe, shard)?;
    // A command without a seed goes on with the one that was drawn for it.
    if let Some(seed) = folder.seed().filter(|_| !asked.has_seed()) {
        recipe = asked.recipe(seed)?;
    }
    let plan = Plan::new(recipe, &bucket.manifest, shard)?;
    let teller = Teller {
        manner: Manner::of(options.json, options.quiet),
        json: options.json,
        folder: &path,
    };
    if let Some(told) = folder.check(&plan)? {
        teller.already(&plan, &told)?;
        return Ok(ExitCode::SUCCESS);
    }
    folder.keep(&plan)?;

    let mut storage = FolderStorage::new(&path);
    let workers = match options.workers {
        Some(workers) => workers.into(),
        None => thread::available_parallelism().map_or(1, usize::from),
    };
    // One for those who make, one for the one who writes.
    let making = Plan::new(plan.recipe().clone(), &bucket.manifest, shard)?;
    let mut assembler = Assembler::open(plan, &mut storage)?;
    let stop = stop_by_keyboard()?;
    teller.begin(
        assembler.plan(),
        assembler.items_done(),
        workers,
        folder.begun(),
    )?;
    let mut progress = Progress::new(teller.manner, assembler.items_done(), assembler.items());
    let before = assembler.items_done();
    let crew = Crew {
        plan: &making,
        bucket: &RwLock::new(bucket),
        workers,
        stop: &stop,
    };
    let whole = crew.make(&mut assembler, &mut storage, &mut progress);
    progress.end();
    let (done, total) = (assembler.items_done(), assembler.items());
    let again = format!(
        "{} of {} items are made; the same command goes on with the others.",
        thousands(done),
        thousands(total)
    );
    let whole = match whole {
        // What cannot be made now cannot be made later.
        Err(error) if done == 0 && !folder.begun() => {
            drop(assembler);
            storage.undo();
            let _ = folder.finish();
            return Err(error);
        }
        whole => whole.map_err(|error| anyhow!("{error:#} {again}"))?,
    };
    if !whole {
        eprintln!("digitlab: stopped: {again}");
        return Ok(INTERRUPTED.into());
    }
    let text = assembler.finish(&mut storage);
    let text = text.map_err(|error| anyhow!("{error} {again}"))?;
    folder.finish()?;
    let told = serde_json::from_str(&text).context("the core speaks JSON")?;
    teller.end(assembler.plan(), &told, done - before, start.elapsed())?;
    Ok(ExitCode::SUCCESS)
}

/// Says when the keyboard, or the system, asks for an end; asked twice, it ends at once.
fn stop_by_keyboard() -> Result<Arc<AtomicBool>> {
    let stop = Arc::new(AtomicBool::new(false));
    let heard = Arc::clone(&stop);
    ctrlc::set_handler(move || {
        if heard.swap(true, Ordering::Relaxed) {
            std::process::exit(INTERRUPTED.into());
        }
    })
    .context("the system does not tell of Ctrl-C")?;
    Ok(stop)
}

/// Those who make blocks.
struct Crew<'a> {
    plan: &'a Plan,
    bucket: &'a RwLock<Bucket>,
    workers: usize,
    stop: &'a AtomicBool,
}

/// A block on its way to a worker, and back.
type Made = (u64, Job, Result<Block>);

impl Crew<'_> {
    /// Makes all blocks that the assembler asks for; says whether it came to an end.
    fn make(
        &self,
        assembler: &mut Assembler,
        storage: &mut FolderStorage,
        progress: &mut Progress,
    ) -> Result<bool> {
        let (give, take) = channel::<(u64, Job)>();
        let take = Mutex::new(take);
        thread::scope(|scope| {
            // Ends with this closure, and then workers go home.
            let give = give;
            let (hand_in, made) = channel::<Made>();
            for _ in 0..self.workers {
                let hand_in = hand_in.clone();
                let take = &take;
                scope.spawn(move || self.work(take, &hand_in));
            }
            let (mut given, mut written) = (0, 0);
            // Blocks that came before one that was given out earlier: the assembler keeps them.
            let mut early = BTreeSet::new();
            loop {
                while given - written < BLOCKS_PER_WORKER * self.workers as u64 {
                    let Some(job) = assembler.next_job() else {
                        break;
                    };
                    // Nobody takes it when all workers stumbled: then none hands in either.
                    let _ = give.send((given, job));
                    given += 1;
                }
                if given == written {
                    return Ok(true);
                }
                if self.stop.load(Ordering::Relaxed) {
                    assembler.checkpoint(storage)?;
                    return Ok(false);
                }
                match made.recv_timeout(TICK) {
                    Ok((number, job, block)) => {
                        assembler.add(job.part, job.block, block?, storage)?;
                        early.insert(number);
                        while early.remove(&written) {
                            written += 1;
                        }
                    }
                    Err(RecvTimeoutError::Timeout) => {}
                    Err(RecvTimeoutError::Disconnected) => bail!("the workers are gone"),
                }
                progress.at(assembler.items_done(), assembler.bytes_done())?;
            }
        })
    }

    fn work(&self, take: &Mutex<Receiver<(u64, Job)>>, hand_in: &Sender<Made>) {
        let mut maker = Maker::default();
        loop {
            let taken = take.lock().expect("nobody stumbles while taking").recv();
            let Ok((number, job)) = taken else {
                return;
            };
            let block = self.block(&mut maker, &job);
            if hand_in.send((number, job, block)).is_err() {
                return;
            }
        }
    }

    /// The block, after the shards of the bucket that it lacks have been read.
    fn block(&self, maker: &mut Maker, job: &Job) -> Result<Block> {
        let part = self.plan.part(job.part)?;
        loop {
            let bucket = self.bucket.read().expect("nobody stumbles over the bucket");
            match maker.make(self.plan, &part, job.indices.clone(), &bucket.pool) {
                Err(digitlab::Error::ShardsNotLoaded { files }) => {
                    drop(bucket);
                    let mut bucket = self
                        .bucket
                        .write()
                        .expect("nobody stumbles over the bucket");
                    bucket.load(&files)?;
                }
                made => return made.map_err(Error::from),
            }
        }
    }
}

/// Who says what happens.
struct Teller<'a> {
    manner: Manner,
    json: bool,
    folder: &'a Path,
}

impl Teller<'_> {
    fn begin(&self, plan: &Plan, done: u64, workers: usize, again: bool) -> Result<()> {
        let recipe = plan.recipe();
        match self.manner {
            Manner::Quiet => {}
            Manner::Json => say_json(&json!({
                "event": "begin",
                "folder": self.folder.display().to_string(),
                "recipe": recipe.to_json(),
                "shard": plan.shard().to_string(),
                "done": done,
                "total": plan.items(),
                "workers": workers,
            }))?,
            Manner::Line | Manner::Log => {
                let items = thousands(plan.items());
                let folder = self.folder.display();
                if again {
                    eprintln!(
                        "Going on in {folder}: {} of {items} items are there",
                        thousands(done)
                    );
                } else {
                    eprintln!(
                        "Making {items} items into {folder}, seed {}, by {workers} at a time",
                        recipe.seed()
                    );
                }
            }
        }
        Ok(())
    }

    fn end(&self, plan: &Plan, told: &Map<String, Value>, made: u64, time: Duration) -> Result<()> {
        let seconds = time.as_secs_f64();
        let rate = made as f64 / seconds;
        if self.json {
            return self.result(plan, told, seconds, false);
        }
        for file in told["files"].as_array().into_iter().flatten() {
            let number = |name: &str| thousands(file[name].as_u64().unwrap_or_default());
            let name = self.folder.join(file["name"].as_str().unwrap_or_default());
            say(&format!(
                "{}  {} items, {} bytes",
                name.display(),
                number("items"),
                number("bytes")
            ))?;
        }
        say(&format!(
            "{}  {} items in {seconds:.1} s, {} /s, seed {}",
            self.folder.join(recipe_file(plan.shard())).display(),
            thousands(made),
            thousands(rate as u64),
            plan.recipe().seed()
        ))
    }

    /// Says that nothing is to be done.
    fn already(&self, plan: &Plan, told: &Map<String, Value>) -> Result<()> {
        if self.json {
            return self.result(plan, told, 0.0, true);
        }
        say(&format!(
            "{}  whole already, {} items, seed {}",
            self.folder.join(recipe_file(plan.shard())).display(),
            thousands(plan.items()),
            plan.recipe().seed()
        ))
    }

    fn result(
        &self,
        plan: &Plan,
        told: &Map<String, Value>,
        seconds: f64,
        already: bool,
    ) -> Result<()> {
        let mut result = Map::new();
        result.insert("event".into(), "done".into());
        result.insert("folder".into(), self.folder.display().to_string().into());
        result.insert("items".into(), plan.items().into());
        result.insert("already".into(), already.into());
        result.insert("seconds".into(), seconds.into());
        result.extend(told.clone());
        say_json(&Value::Object(result))
    }
}
