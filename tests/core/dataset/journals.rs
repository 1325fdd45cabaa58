//! Journals of something else, and journals that somebody made up.

use super::support::{Dice, Disk, blocks, plan, recipe, written};
use digitlab::dataset::Assembler;
use flate2::Crc;
use serde_json::{Value, json};

/// What somebody may do to the lines of a journal.
type Change<'a> = &'a dyn Fn(&mut Vec<Value>);

/// Two of three blocks are written, of two parts.
fn begun(recipe: &Value) -> Disk {
    let mut disk = Disk::default();
    let mut assembler = Assembler::open(plan(recipe, "0/1"), &mut disk).expect("a beginning");
    for (job, block) in blocks(recipe, "0/1").into_iter().take(2) {
        assembler.next_job();
        assembler
            .add(job.part, job.block, block, &mut disk)
            .expect("room");
    }
    assembler.checkpoint(&mut disk).expect("room");
    disk
}

fn small() -> Value {
    recipe(
        json!({"count": 2300, "items_per_file": 1000, "image_width": 1, "numbers": {"random": 1}}),
    )
}

fn refused(disk: &mut Disk, recipe: &Value) -> Option<String> {
    let error = Assembler::open(plan(recipe, "0/1"), disk).err()?;
    Some(error.to_string())
}

#[test]
fn the_journal_of_another_recipe_is_refused() {
    let recipe = small();
    let mut disk = begun(&recipe);
    assert_eq!(refused(&mut disk, &recipe), None);
    let mut other = recipe.clone();
    other["seed"] = json!("12");
    let sentence = refused(&mut disk, &other).expect("another recipe");
    let start = "name is digits; allowed: names without an unfinished data set of another recipe;";
    assert!(sentence.starts_with(start), "{sentence}");
    assert!(sentence.contains("digits.journal"), "{sentence}");
    // Under another name there is room for it, and a shard has a journal of its own.
    other["name"] = json!("others");
    assert_eq!(refused(&mut disk, &other), None);
    Assembler::open(plan(&recipe, "1/2"), &mut disk).expect("a shard beside it");
    // It still goes on.
    assert_eq!(refused(&mut disk, &recipe), None);
}

#[test]
fn the_journal_of_another_version_is_refused() {
    let recipe = small();
    let mut disk = begun(&recipe);
    let journal = String::from_utf8(disk.partial("digits.journal").clone()).expect("text");
    let (first, rest) = journal.split_once('\n').expect("lines");
    let mut line: Value = serde_json::from_str(&first[9..]).expect("JSON");
    line["digitlab"] = json!("0.0.1");
    *disk.partial("digits.journal") = format!("{}{rest}", signed(&line.to_string())).into();
    let sentence = refused(&mut disk, &recipe).expect("another version");
    assert!(
        sentence.contains("another version of Digitlab"),
        "{sentence}"
    );
}

fn crc(text: &str) -> u32 {
    let mut crc = Crc::new();
    crc.update(text.as_bytes());
    crc.sum()
}

/// A line as the journal has it.
fn signed(text: &str) -> String {
    format!("{:08x} {text}\n", crc(text))
}

#[test]
fn a_journal_that_ends_anywhere_is_gone_on_from() {
    let recipe = small();
    let expected = written(&recipe, "0/1");
    let whole = begun(&recipe);
    let length = whole.clone().partial("digits.journal").len();
    let blocks = blocks(&recipe, "0/1");
    for cut in (0..length).step_by(7) {
        let mut disk = whole.clone();
        disk.partial("digits.journal").truncate(cut);
        let mut assembler = Assembler::open(plan(&recipe, "0/1"), &mut disk).expect("what is left");
        while let Some(job) = assembler.next_job() {
            let (_, block) = blocks
                .iter()
                .find(|(made, _)| *made == job)
                .expect("a block");
            assembler
                .add(job.part, job.block, block.clone(), &mut disk)
                .expect("room");
        }
        assembler.finish(&mut disk).expect("all blocks");
        assert_eq!(disk.files(), expected, "{cut}");
    }
}

#[test]
fn a_journal_that_was_made_up_is_refused() {
    let recipe = small();
    let good = begun(&recipe);
    let text = String::from_utf8(good.clone().partial("digits.journal").clone()).expect("text");
    let lines: Vec<Value> = text
        .lines()
        .map(|line| serde_json::from_str(&line[9..]).expect("JSON"))
        .collect();
    let with = |change: &dyn Fn(&mut Vec<Value>)| {
        let mut lines = lines.clone();
        change(&mut lines);
        let text: String = lines.iter().map(|line| signed(&line.to_string())).collect();
        let mut disk = good.clone();
        *disk.partial("digits.journal") = text.into();
        refused(&mut disk, &recipe)
    };
    assert_eq!(with(&|_| {}), None);
    let whole = lines
        .iter()
        .position(|line| line.get("whole").is_some())
        .expect("a part");
    let placed = whole + 1;
    let changes: [Change; 9] = [
        &|lines| lines[whole]["whole"] = json!(1),
        &|lines| lines[whole]["whole"] = json!("0"),
        &|lines| lines[whole]["files"] = json!([1]),
        &|lines| lines[placed]["placed"] = json!(2),
        &|lines| lines.push(json!({"placed": 0})),
        &|lines| lines.push(json!({})),
        &|lines| lines.push(json!([1, 2])),
        &|lines| lines.push(json!({"part": 2, "blocks": 1, "files": [], "folders": {}})),
        &|lines| {
            let record = lines[whole].clone();
            for part in 1..9 {
                lines.push(record.clone());
                lines.last_mut().expect("a line")["whole"] = json!(part);
            }
        },
    ];
    for change in changes {
        let sentence = with(change).expect("refused");
        let expected = "digits.journal cannot be read: it is damaged; delete the unfinished data set and make it again.";
        assert_eq!(sentence, expected);
    }
}

#[test]
fn any_bytes_are_taken_or_refused() {
    let recipe = small();
    let good = begun(&recipe);
    let mut dice = Dice(21);
    for _ in 0..300 {
        let mut disk = good.clone();
        let journal = disk.partial("digits.journal");
        for _ in 0..=dice.below(4) {
            let at = dice.below(journal.len());
            journal[at] = dice.below(256) as u8;
        }
        // It may go on from an earlier record, or be refused; it must not panic or read what is not there.
        if let Ok(assembler) = Assembler::open(plan(&recipe, "0/1"), &mut disk) {
            assert!(assembler.items_done() <= 2000);
        }
    }
    for foreign in [
        vec![b'x'; 40 << 20],
        b"My diary.\nToday I wrote much.\n".to_vec(),
    ] {
        let mut disk = good.clone();
        *disk.partial("digits.journal") = foreign;
        let sentence = refused(&mut disk, &recipe).expect("not ours");
        assert!(sentence.contains("it is damaged"), "{sentence}");
    }
}

#[test]
fn notes_that_are_damaged_are_told_of() {
    let recipe = recipe(json!({"count": 2300, "image_width": 1, "numbers": {"random": 1}}));
    let good = begun(&recipe);
    let blocks = blocks(&recipe, "0/1");
    let length = good.clone().partial("digits.notes-0").len();
    let mut dice = Dice(4);
    for at in [0, 7, 8, 15, 16]
        .into_iter()
        .chain((0..40).map(|_| dice.below(length)))
    {
        let mut disk = good.clone();
        disk.partial("digits.notes-0")[at] ^= 0x80;
        let mut assembler = Assembler::open(plan(&recipe, "0/1"), &mut disk).expect("a journal");
        assembler.next_job();
        let (job, block) = &blocks[2];
        // Numbers in them cannot be checked; lengths are.
        if let Err(error) = assembler.add(job.part, job.block, block.clone(), &mut disk) {
            assert!(error.to_string().contains("damaged"), "{error}");
        } else {
            assert!(at > 15, "{at}");
        }
    }
}
