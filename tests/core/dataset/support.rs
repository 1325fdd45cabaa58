//! What tests of data sets need.

use crate::support::{mnist, root};
use digitlab::dataset::recipe::FIELDS;
use digitlab::dataset::{
    Assembler, Block, Job, Maker, MemoryStorage, Plan, Recipe, Shard, Storage,
};
use digitlab::mnist::Pool;
use digitlab::parameter::Kind;
use digitlab::{Error, Result};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fs;

/// Every format that there is.
pub(super) fn formats() -> Vec<&'static str> {
    let format = FIELDS.iter().find(|field| field.name == "format");
    match format.expect("a field").kind {
        Kind::Choice { values, .. } => values.to_vec(),
        other => panic!("{other:?}"),
    }
}

/// A recipe of 40 numbers for all subsets, with changes.
pub(super) fn recipe(changes: Value) -> Value {
    let mut json = json!({
        "count": 40,
        "numbers": {"random": [1, 4]},
        "image_width": 84,
        "seed": "11",
        "subsets": {"train": 7, "validation": 1, "test": 2},
    });
    for (name, value) in changes.as_object().expect("changes") {
        json[name] = value.clone();
    }
    json
}

/// A plan for a recipe on the site's bucket.
pub(super) fn plan(recipe: &Value, shard: &str) -> Plan {
    let manifest = fs::read_to_string(root().join("www/mnist/manifest.json")).expect("a bucket");
    let recipe = Recipe::from_json(recipe, 0).unwrap_or_else(|error| panic!("{recipe}: {error}"));
    let shard = Shard::parse(shard).expect("a shard");
    Plan::new(recipe, &manifest, shard).expect("a plan")
}

/// Makes blocks, loading from the site's bucket the shards that they need.
pub(super) struct Kitchen {
    pub(super) maker: Maker,
    pub(super) pool: Pool,
}

impl Kitchen {
    pub(super) fn new() -> Self {
        Self {
            maker: Maker::default(),
            pool: mnist(),
        }
    }

    pub(super) fn make(&mut self, plan: &Plan, job: &Job) -> Result<Block> {
        let part = plan.part(job.part)?;
        match self
            .maker
            .make(plan, &part, job.indices.clone(), &self.pool)
        {
            Err(Error::ShardsNotLoaded { files }) => {
                for file in files {
                    let stored = fs::read(root().join("www/mnist").join(&file)).expect("a shard");
                    self.pool.load(&file, &stored)?;
                }
                // Every shard that the block lacks was named at once.
                self.maker
                    .make(plan, &part, job.indices.clone(), &self.pool)
            }
            made => made,
        }
    }
}

/// All blocks of a plan, in order.
pub(super) fn blocks(recipe: &Value, shard: &str) -> Vec<(Job, Block)> {
    let plan = plan(recipe, shard);
    let mut kitchen = Kitchen::new();
    let mut jobs = Vec::new();
    for part in plan.parts() {
        for (block, indices) in (0..).zip(plan.blocks(&part)) {
            let part = part.number;
            let job = Job {
                part,
                block,
                indices,
            };
            let made = kitchen.make(&plan, &job).expect("a block");
            jobs.push((job, made));
        }
    }
    jobs
}

/// Writes a data set to memory, one block after the other.
pub(super) fn written(recipe: &Value, shard: &str) -> BTreeMap<String, Vec<u8>> {
    let mut storage = MemoryStorage::default();
    let mut assembler = Assembler::open(plan(recipe, shard), &mut storage).expect("a beginning");
    let blocks = blocks(recipe, shard);
    for (job, block) in blocks {
        assert_eq!(assembler.next_job(), Some(job.clone()));
        let (whole, _) = assembler.parts_done();
        assembler
            .add(job.part, job.block, block, &mut storage)
            .expect("room");
        let ended = assembler.parts_done().0 > whole;
        assert_eq!(assembler.closes(job.part, job.block), ended, "{job:?}");
    }
    assert_eq!(assembler.next_job(), None);
    assembler.finish(&mut storage).expect("all blocks");
    storage.files
}

/// Numbers that look random, from a seed.
pub(super) struct Dice(pub(super) u64);

impl Dice {
    pub(super) fn below(&mut self, bound: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) as usize) % bound
    }
}

/// A storage as a computer has it: files that are not whole yet have other places than those that are, a write may fail,
/// and a crash takes away what was not synced, or only a part of it.
#[derive(Clone, Default)]
pub(super) struct Disk {
    now: Files,
    durable: Files,
    /// How many operations succeed before all fail, if that is limited.
    pub(super) budget: Option<usize>,
    /// How many bytes fit, if that is limited.
    pub(super) room: Option<usize>,
    pub(super) operations: usize,
}

impl Disk {
    /// One on which so many operations succeed, and then none.
    pub(super) fn with_budget(operations: usize) -> Self {
        Self {
            budget: Some(operations),
            ..Self::default()
        }
    }

    /// One that has room for so many bytes.
    pub(super) fn with_room(bytes: usize) -> Self {
        Self {
            room: Some(bytes),
            ..Self::default()
        }
    }
}

#[derive(Clone, Default)]
struct Files {
    partial: BTreeMap<String, Vec<u8>>,
    placed: BTreeMap<String, Vec<u8>>,
}

impl Files {
    fn bytes(&self) -> usize {
        let files = self.partial.values().chain(self.placed.values());
        files.map(Vec::len).sum()
    }
}

impl Disk {
    /// Everything that is there.
    pub(super) fn files(&self) -> BTreeMap<String, Vec<u8>> {
        let mut files = self.now.placed.clone();
        files.extend(self.now.partial.clone());
        files
    }

    /// A file that is not whole, to be damaged.
    pub(super) fn partial(&mut self, name: &str) -> &mut Vec<u8> {
        self.now.partial.entry(name.to_owned()).or_default()
    }

    /// Loses what was not synced, or keeps some of what was appended to files.
    pub(super) fn crash(&mut self, dice: &mut Dice) {
        for (name, durable) in &mut self.durable.partial {
            let now = self
                .now
                .partial
                .get(name)
                .filter(|now| now.starts_with(durable));
            if let Some(now) = now {
                let kept = durable.len() + dice.below(now.len() - durable.len() + 1);
                *durable = now[..kept].to_vec();
            }
        }
        // A file may be at its place although nothing was synced since.
        if dice.below(2) == 0 {
            for (name, file) in &self.now.placed {
                if self.durable.partial.remove(name).is_some() {
                    self.durable.placed.insert(name.clone(), file.clone());
                }
            }
        }
        self.now = self.durable.clone();
        self.budget = None;
    }

    fn step(&mut self) -> Result<()> {
        self.operations += 1;
        match &mut self.budget {
            Some(0) => Err(Error::Storage {
                reason: "the plug was pulled".into(),
            }),
            Some(left) => {
                *left -= 1;
                Ok(())
            }
            None => Ok(()),
        }
    }

    /// How many of so many bytes still fit.
    fn fitting(&self, bytes: usize) -> usize {
        match self.room {
            Some(room) => bytes.min(room.saturating_sub(self.now.bytes())),
            None => bytes,
        }
    }
}

impl Storage for Disk {
    fn length(&mut self, name: &str) -> Result<u64> {
        self.step()?;
        Ok(self
            .now
            .partial
            .get(name)
            .map_or(0, |file| file.len() as u64))
    }

    fn append(&mut self, name: &str, bytes: &[u8]) -> Result<()> {
        let plug = self.step();
        let fitting = self.fitting(bytes.len());
        // What fails has often written a part.
        let written = if plug.is_err() {
            bytes.len() / 2
        } else {
            fitting
        };
        let file = self.now.partial.entry(name.to_owned()).or_default();
        file.extend_from_slice(&bytes[..written]);
        plug?;
        match fitting == bytes.len() {
            true => Ok(()),
            false => Err(Error::StorageFull),
        }
    }

    fn truncate(&mut self, name: &str, length: u64) -> Result<()> {
        self.step()?;
        let file = self.now.partial.get_mut(name).expect("a file to cut");
        assert!(length <= file.len() as u64, "{name}");
        file.truncate(length as usize);
        Ok(())
    }

    fn read(&mut self, name: &str, at: u64, into: &mut [u8]) -> Result<usize> {
        self.step()?;
        let file = self.now.partial.get(name).expect("a file to read");
        let rest = file.get(at as usize..).unwrap_or_default();
        // Less than was asked for, now and then.
        let length = rest.len().min(into.len()).min(1000);
        into[..length].copy_from_slice(&rest[..length]);
        Ok(length)
    }

    fn entry(&mut self, name: &str, content: &[u8]) -> Result<()> {
        self.step()?;
        if self.fitting(content.len()) < content.len() {
            return Err(Error::StorageFull);
        }
        self.now.placed.insert(name.to_owned(), content.to_owned());
        Ok(())
    }

    fn done(&mut self, name: &str) -> Result<()> {
        self.step()?;
        match self.now.partial.remove(name) {
            Some(file) => {
                self.now.placed.insert(name.to_owned(), file);
            }
            None => assert!(self.now.placed.contains_key(name), "{name} is nowhere"),
        }
        Ok(())
    }

    fn remove(&mut self, name: &str) -> Result<()> {
        self.step()?;
        self.now.partial.remove(name);
        Ok(())
    }

    fn sync(&mut self) -> Result<()> {
        self.step()?;
        self.durable = self.now.clone();
        Ok(())
    }
}
