//! Data sets of many pictures.

use super::{choice, json, sentence};
use crate::digits::{BUCKET, pool};
use digitlab::dataset::numbers::FileOfNumbers;
use digitlab::dataset::{Assembler, Block, Maker, MemoryStorage, Plan, Recipe, Shard};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// Items that are looked at.
const LOOKED_AT: u64 = 5;

/// A recipe as JSON; what follows from it is asked for.
pub(crate) fn recipe(bytes: &[u8]) {
    let Some(value) = json(bytes) else { return };
    let recipe = match Recipe::from_json(&value, 9) {
        Ok(recipe) => recipe,
        Err(error) => return sentence(&error),
    };
    let written = recipe.to_json();
    let again =
        Recipe::from_json(&Value::Object(written.clone()), 10).expect("what was written is read");
    assert_eq!(again.to_json(), written);
    let shard = recipe.shard().unwrap_or(Shard::WHOLE);
    let plan = match Plan::new(recipe, &BUCKET.manifest, shard) {
        Ok(plan) => plan,
        Err(error) => return sentence(&error),
    };
    let _ = (plan.estimate(), plan.items(), plan.part_count());
    for part in plan.parts().take(3) {
        for file in plan.files(&part) {
            is_plain(&file.name);
        }
        for index in part.indices.clone().take(LOOKED_AT as usize) {
            let _ = plan.recipe().request(index);
        }
    }
    let last = plan.recipe().count() - 1;
    assert!(
        !plan
            .recipe()
            .numbers()
            .of(plan.recipe().seed(), last)
            .is_empty()
    );
}

/// A name of a file stays below the folder that it is written to.
fn is_plain(name: &str) {
    let parts = name.split('/');
    let plain = |part: &str| {
        !part.is_empty() && part != "." && part != ".." && !part.contains(['\\', '\0', ':'])
    };
    assert!({ parts }.all(plain), "{name:?}");
}

/// A text with a number per line.
pub(crate) fn numbers(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return;
    };
    let file = match FileOfNumbers::of("numbers.txt", text) {
        Ok(file) => file,
        Err(error) => return sentence(&error),
    };
    let recipe = json!({"count": LOOKED_AT, "numbers": {"file": file.to_json()}, "fit": "natural"});
    let recipe = Recipe::from_json(&recipe, 1).and_then(|recipe| recipe.with_file(text));
    let recipe = recipe.expect("a recipe of the file");
    for index in 0..LOOKED_AT {
        let digits = recipe.numbers().of(1, index);
        assert!(!digits.is_empty() && digits.iter().all(|&digit| digit < 10));
    }
}

/// What workers hand to each other.
pub(crate) fn block(bytes: &[u8]) {
    match Block::from_bytes(bytes) {
        Ok(block) => assert_eq!(
            Block::from_bytes(&block.to_bytes()).expect("what was written is read"),
            block
        ),
        Err(error) => sentence(&error),
    }
}

/// The recipe whose journal it is.
fn small_plan() -> Plan {
    let recipe = json!({
        "count": 2300, "items_per_file": 1000, "image_width": 1, "numbers": {"random": 1}, "seed": "11",
        "format": "npz", "subsets": {"train": 3, "test": 1},
    });
    let recipe = Recipe::from_json(&recipe, 0).expect("a recipe");
    Plan::new(recipe, &BUCKET.manifest, Shard::WHOLE).expect("a plan")
}

/// The files of a data set that has just begun.
static BEGUN: LazyLock<BTreeMap<String, Vec<u8>>> = LazyLock::new(|| {
    let mut storage = MemoryStorage::default();
    Assembler::open(small_plan(), &mut storage).expect("a beginning");
    storage.files
});

/// The lines after the first of a journal of two blocks, without their checksums.
pub(crate) fn lines() -> Vec<u8> {
    let mut storage = MemoryStorage::default();
    let mut assembler = Assembler::open(small_plan(), &mut storage).expect("a beginning");
    let (mut maker, pool) = (Maker::default(), pool());
    for _ in 0..2 {
        let job = assembler.next_job().expect("there is more to do");
        let part = assembler.plan().part(job.part).expect("a part");
        let block = maker
            .make(assembler.plan(), &part, job.indices.clone(), &pool)
            .expect("a block");
        assembler
            .add(job.part, job.block, block, &mut storage)
            .expect("room");
        assembler.checkpoint(&mut storage).expect("room");
    }
    let (_, journal) = { storage.files.iter() }
        .find(|(name, _)| name.ends_with(".journal"))
        .expect("a journal");
    let lines = journal.split(|&byte| byte == b'\n').skip(1);
    let lines = lines.filter_map(|line| line.get(9..));
    lines.collect::<Vec<_>>().join(&b'\n')
}

/// What follows the first line of a journal. The first byte says whether it is taken as it is or, since nobody guesses
/// a checksum, with that of each line set right; and how long the unfinished files are.
pub(crate) fn journal(bytes: &[u8]) {
    let (kind, text) = choice(bytes);
    let mut storage = MemoryStorage {
        files: BEGUN.clone(),
        ..MemoryStorage::default()
    };
    let name = { storage.files.keys() }
        .find(|name| name.ends_with(".journal"))
        .expect("a journal")
        .clone();
    let journal = storage.files.get_mut(&name).expect("a journal");
    for line in text.split(|&byte| byte == b'\n') {
        if kind & 1 == 0 {
            journal.extend(format!("{:08x} ", crc32fast::hash(line)).bytes());
        }
        journal.extend_from_slice(line);
        journal.push(b'\n');
    }
    let plan = small_plan();
    if kind & 2 != 0 {
        for part in plan.parts() {
            for file in plan.files(&part) {
                storage
                    .files
                    .insert(file.name, vec![0; usize::from(kind) * 8]);
            }
        }
    }
    match Assembler::open(plan, &mut storage) {
        Ok(mut assembler) => {
            assert!(assembler.items_done() <= assembler.items());
            let _ = (assembler.parts_done(), assembler.bytes_done());
            let _ = assembler.next_job();
            if let Err(error) = assembler.checkpoint(&mut storage) {
                sentence(&error);
            }
        }
        Err(error) => sentence(&error),
    }
}
