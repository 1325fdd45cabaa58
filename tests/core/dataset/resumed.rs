//! What is there survives a crash at any moment, and a storage that is full.

use super::support::{Dice, Disk, blocks, formats, plan, recipe, written};
use digitlab::dataset::{Assembler, Block, Job};
use digitlab::{Error, Result};
use serde_json::{Value, json};

/// Narrow pictures in small parts, so that blocks are many: a block has a thousand of them.
fn recipes() -> Vec<Value> {
    let base = |format: &str| {
        recipe(json!({
            "format": format, "count": 3500, "items_per_file": 2200, "image_width": 1, "numbers": {"random": 1},
        }))
    };
    let mut recipes: Vec<Value> = formats().into_iter().map(base).collect();
    let mut coco = base("png-zip");
    coco["boxes"] = json!("coco");
    recipes.push(coco);
    let mut yolo = base("png-folder");
    // Each picture is an operation of the storage.
    (yolo["boxes"], yolo["count"]) = (json!("yolo"), json!(1100));
    recipes.push(yolo);
    recipes
}

/// Opens what is there and makes the rest, with checkpoints by chance.
fn make(
    recipe: &Value,
    blocks: &[(Job, Block)],
    disk: &mut Disk,
    dice: &mut Dice,
) -> Result<String> {
    let mut assembler = Assembler::open(plan(recipe, "0/1"), disk)?;
    while let Some(job) = assembler.next_job() {
        let (_, block) = blocks
            .iter()
            .find(|(made, _)| *made == job)
            .expect("a block");
        assembler.add(job.part, job.block, block.clone(), disk)?;
        if dice.below(2) == 0 {
            assembler.checkpoint(disk)?;
        }
    }
    assembler.finish(disk)
}

/// How many operations of the storage a data set takes.
fn operations(recipe: &Value, blocks: &[(Job, Block)]) -> usize {
    let mut disk = Disk::default();
    make(recipe, blocks, &mut disk, &mut Dice(1)).expect("a storage that works");
    assert_eq!(disk.files(), written(recipe, "0/1"), "{recipe}");
    disk.operations
}

#[test]
fn a_crash_at_any_moment_is_gone_on_from() {
    let mut dice = Dice(3);
    for recipe in recipes() {
        let expected = written(&recipe, "0/1");
        let blocks = blocks(&recipe, "0/1");
        let operations = operations(&recipe, &blocks);
        // Every moment, or, where they are thousands, some of them by chance.
        let moments: Vec<usize> = match operations {
            0..=150 => (0..operations).collect(),
            _ => (0..60).map(|_| dice.below(operations)).collect(),
        };
        for moment in moments {
            let mut disk = Disk::with_budget(moment);
            let mut crashes = 0;
            while make(&recipe, &blocks, &mut disk, &mut dice).is_err() {
                crashes += 1;
                disk.crash(&mut dice);
                // Some have a second accident on the way.
                if crashes < 3 {
                    disk.budget = Some(dice.below(2 * operations));
                }
            }
            assert_eq!(disk.files(), expected, "{recipe} at {moment}");
        }
    }
}

#[test]
fn a_checkpoint_keeps_what_was_made() {
    for recipe in recipes() {
        let blocks = blocks(&recipe, "0/1");
        for (done, _) in blocks.iter().enumerate().skip(1) {
            let mut disk = Disk::default();
            let mut assembler =
                Assembler::open(plan(&recipe, "0/1"), &mut disk).expect("a beginning");
            for (job, block) in &blocks[..done] {
                assembler.next_job();
                assembler
                    .add(job.part, job.block, block.clone(), &mut disk)
                    .expect("room");
            }
            assembler.checkpoint(&mut disk).expect("room");
            let (items, bytes) = (assembler.items_done(), assembler.bytes_done());
            drop(assembler);
            disk.crash(&mut Dice(1));
            let mut again = Assembler::open(plan(&recipe, "0/1"), &mut disk).expect("a journal");
            assert_eq!(
                (again.items_done(), again.bytes_done()),
                (items, bytes),
                "{recipe}"
            );
            assert_eq!(again.next_job().as_ref(), Some(&blocks[done].0));
        }
    }
}

#[test]
fn a_full_storage_is_told_of_and_gone_on_from_when_there_is_room() {
    let mut dice = Dice(9);
    for recipe in recipes() {
        let expected = written(&recipe, "0/1");
        let blocks = blocks(&recipe, "0/1");
        let size: usize = expected.values().map(Vec::len).sum();
        for _ in 0..10 {
            let mut disk = Disk::with_room(dice.below(size));
            let error = make(&recipe, &blocks, &mut disk, &mut dice).expect_err("no room");
            assert_eq!(error, Error::StorageFull);
            disk.room = None;
            make(&recipe, &blocks, &mut disk, &mut dice).expect("room");
            assert_eq!(disk.files(), expected, "{recipe}");
        }
    }
}

#[test]
fn after_a_failure_nothing_more_is_written() {
    let recipe = recipe(json!({"items_per_file": 20}));
    let blocks = blocks(&recipe, "0/1");
    let mut disk = Disk::default();
    let mut assembler = Assembler::open(plan(&recipe, "0/1"), &mut disk).expect("a beginning");
    assembler.next_job();
    assembler.next_job();
    disk.room = Some(100);
    let (job, block) = &blocks[0];
    let error = assembler.add(job.part, job.block, block.clone(), &mut disk);
    assert_eq!(error, Err(Error::StorageFull));
    disk.room = None;
    let (job, block) = &blocks[1];
    for error in [
        assembler
            .add(job.part, job.block, block.clone(), &mut disk)
            .expect_err("too late"),
        assembler.checkpoint(&mut disk).expect_err("too late"),
        assembler.finish(&mut disk).expect_err("too late"),
    ] {
        assert!(
            error.to_string().contains("open the data set again"),
            "{error}"
        );
    }
}

#[test]
fn files_that_were_taken_away_are_made_again() {
    let recipe = recipe(json!({"format": "png-zip", "count": 3500, "image_width": 1}));
    let expected = written(&recipe, "0/1");
    let blocks = blocks(&recipe, "0/1");
    for (lost, kept) in [
        ("digits.zip", 0),
        ("digits.zip", 5000),
        ("digits.notes-0", 10),
    ] {
        let mut disk = Disk::default();
        let mut assembler = Assembler::open(plan(&recipe, "0/1"), &mut disk).expect("a beginning");
        for (job, block) in &blocks[..2] {
            assembler.next_job();
            assembler
                .add(job.part, job.block, block.clone(), &mut disk)
                .expect("room");
        }
        assembler.checkpoint(&mut disk).expect("room");
        disk.partial(lost).truncate(kept);
        let again = Assembler::open(plan(&recipe, "0/1"), &mut disk).expect("a journal");
        assert_eq!(again.items_done(), 0, "{lost}");
        make(&recipe, &blocks, &mut disk, &mut Dice(2)).expect("room");
        assert_eq!(disk.files(), expected);
    }
}
