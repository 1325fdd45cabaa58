//! Same recipe, same bytes: with any number of makers in any order, whole or in shards, made again from its recipe.

use super::support::{Dice, blocks, formats, plan, recipe, written};
use digitlab::dataset::{Assembler, Block, Job, MemoryStorage, Recipe};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// A recipe of several parts for each format.
fn recipes() -> Vec<Value> {
    let mut recipes: Vec<Value> = formats()
        .into_iter()
        .map(|format| recipe(json!({"format": format, "items_per_file": 9})))
        .collect();
    for format in ["png-zip", "png-folder"] {
        for boxes in ["coco", "yolo"] {
            recipes.push(recipe(
                json!({"format": format, "boxes": boxes, "items_per_file": 17}),
            ));
        }
    }
    recipes
}

/// Writes blocks that arrive in an order by chance, as they do from so many makers.
fn shuffled(
    recipe: &Value,
    blocks: &[(Job, Block)],
    makers: usize,
    dice: &mut Dice,
) -> BTreeMap<String, Vec<u8>> {
    let mut storage = MemoryStorage::default();
    let mut assembler = Assembler::open(plan(recipe, "0/1"), &mut storage).expect("a beginning");
    let mut being_made: Vec<Job> = Vec::new();
    loop {
        while being_made.len() < makers {
            let Some(job) = assembler.next_job() else {
                break;
            };
            being_made.push(job);
        }
        if being_made.is_empty() {
            break;
        }
        let job = being_made.swap_remove(dice.below(being_made.len()));
        let (_, block) = blocks
            .iter()
            .find(|(made, _)| *made == job)
            .expect("a block");
        // As it comes from another worker.
        let block = Block::from_bytes(&block.to_bytes()).expect("its bytes");
        assembler
            .add(job.part, job.block, block, &mut storage)
            .expect("room");
    }
    assert_eq!(assembler.items_done(), 40);
    assembler.finish(&mut storage).expect("all blocks");
    storage.files
}

#[test]
fn blocks_may_arrive_in_any_order() {
    let mut dice = Dice(5);
    for recipe in recipes() {
        let expected = written(&recipe, "0/1");
        let blocks = blocks(&recipe, "0/1");
        for makers in [2, 3, 40] {
            assert_eq!(
                shuffled(&recipe, &blocks, makers, &mut dice),
                expected,
                "{recipe}"
            );
        }
    }
}

#[test]
fn shards_are_the_parts_of_the_whole() {
    for recipe in recipes() {
        let mut whole = written(&recipe, "0/1");
        let told: Value =
            serde_json::from_slice(&whole.remove("recipe.json").expect("a recipe")).expect("JSON");
        let mut union = BTreeMap::new();
        let mut listed = Vec::new();
        for shard in 0..7 {
            for (name, file) in written(&recipe, &format!("{shard}/7")) {
                if name == format!("recipe-shard-{shard}-of-7.json") {
                    let part: Value = serde_json::from_slice(&file).expect("JSON");
                    assert_eq!(part["shard"], format!("{shard}/7"));
                    assert_eq!(part["sha256"], told["sha256"]);
                    listed.extend(part["files"].as_array().expect("files").clone());
                    continue;
                }
                let before = union.insert(name.clone(), file);
                assert!(before.is_none(), "{name} is in two shards");
            }
        }
        assert_eq!(union, whole, "{recipe}");
        // Folders are told of by each shard for itself; files are the same.
        let files = |list: &[Value]| {
            let files = list
                .iter()
                .filter(|file| !file["name"].as_str().expect("a name").ends_with('/'));
            let mut files: Vec<String> = files.map(Value::to_string).collect();
            files.sort();
            files
        };
        assert_eq!(
            files(&listed),
            files(told["files"].as_array().expect("files"))
        );
    }
}

#[test]
fn a_recipe_file_makes_the_same_again_and_tells_of_every_file() {
    for recipe in recipes() {
        let made = written(&recipe, "0/1");
        let told: Value = serde_json::from_slice(&made["recipe.json"]).expect("JSON");
        assert_eq!(written(&told, "0/1"), made);
        // So does what stands in it under recipe.
        assert_eq!(written(&told["recipe"], "0/1"), made);
        let files = told["files"].as_array().expect("files");
        for (name, content) in made.iter().filter(|(name, _)| *name != "recipe.json") {
            let Some(file) = files.iter().find(|file| file["name"] == **name) else {
                let folder = name.rsplit_once('/').expect("a folder").0;
                assert!(
                    files
                        .iter()
                        .any(|file| file["name"] == format!("{folder}/")),
                    "{name}"
                );
                continue;
            };
            assert_eq!(file["bytes"], content.len());
            assert_eq!(file["sha256"], digitlab::mnist::bucket::sha256(content));
        }
        for folder in files.iter().filter(|file| {
            file["name"]
                .as_str()
                .is_some_and(|name| name.ends_with('/'))
        }) {
            let start = folder["name"].as_str().expect("a name");
            let inside = made.iter().filter(|(name, _)| name.starts_with(start));
            let inside: Vec<u8> = inside.flat_map(|(_, content)| content.clone()).collect();
            assert_eq!(folder["bytes"], inside.len());
            assert_eq!(folder["sha256"], digitlab::mnist::bucket::sha256(&inside));
        }
        assert_eq!(Recipe::from_json(&told, 0).expect("a recipe").shard(), None);
    }
}

#[test]
fn a_shard_without_parts_is_an_empty_one() {
    let files = written(&recipe(json!({"items_per_file": 20})), "5/6");
    assert_eq!(
        files.keys().collect::<Vec<_>>(),
        ["recipe-shard-5-of-6.json"]
    );
    let told: Value = serde_json::from_slice(&files["recipe-shard-5-of-6.json"]).expect("JSON");
    assert_eq!(told["files"], json!([]));
    let again = Recipe::from_json(&told, 0).expect("a recipe");
    assert_eq!(
        again.shard().map(|shard| shard.to_string()).as_deref(),
        Some("5/6")
    );
}

#[test]
fn blocks_that_were_not_handed_out_are_refused() {
    let recipe = recipe(json!({"items_per_file": 10}));
    let blocks = blocks(&recipe, "0/1");
    let (_, block) = blocks[1].clone();
    let mut storage = MemoryStorage::default();
    let mut assembler = Assembler::open(plan(&recipe, "0/1"), &mut storage).expect("a beginning");
    let refused = |assembler: &mut Assembler, storage: &mut MemoryStorage, part, number| {
        let error = assembler
            .add(part, number, block.clone(), storage)
            .expect_err("refused");
        assert!(
            error.to_string().contains("blocks that were handed out"),
            "{error}"
        );
    };
    for (part, number) in [(0, 0), (1, 0), (9, 0), (u64::MAX, u64::MAX)] {
        refused(&mut assembler, &mut storage, part, number);
    }
    assembler.next_job();
    assembler.next_job();
    for (part, number) in [(0, 1), (2, 0)] {
        refused(&mut assembler, &mut storage, part, number);
    }
    assembler
        .add(1, 0, block.clone(), &mut storage)
        .expect("handed out");
    refused(&mut assembler, &mut storage, 1, 0);
    assert_eq!(assembler.items_done(), 0);
    let error = assembler
        .finish(&mut storage)
        .expect_err("blocks are missing");
    assert!(error.to_string().contains("0 of 40"), "{error}");
    assembler
        .add(0, 0, blocks[0].1.clone(), &mut storage)
        .expect("handed out");
    assert_eq!(assembler.items_done(), 20);
    refused(&mut assembler, &mut storage, 0, 0);
}

#[test]
fn blocks_of_something_else_are_refused() {
    let recipe = recipe(json!({"format": "png-folder"}));
    let (_, good) = blocks(&recipe, "0/1").remove(0);
    let mut storage = MemoryStorage::default();
    let mut assembler = Assembler::open(plan(&recipe, "0/1"), &mut storage).expect("a beginning");
    assembler.next_job();
    let mut fewer = good.clone();
    fewer.items = 39;
    let mut more = good.clone();
    more.pieces.resize_with(9, Default::default);
    let mut refused = vec![
        (fewer, "it has 39 items instead of 40"),
        (more, "it has 9 pieces for 3 files"),
    ];
    for name in [
        "../x",
        "/etc/passwd",
        "a/../b",
        "a//b",
        "a",
        "",
        "a/.b",
        "a/b\0",
        "a\\b/c",
        "é/b",
    ] {
        let mut elsewhere = good.clone();
        elsewhere.entries[0].name = name.into();
        refused.push((elsewhere, "is no path of a file"));
    }
    for (block, reason) in refused {
        let error = assembler.add(0, 0, block, &mut storage).expect_err(reason);
        assert!(error.to_string().contains(reason), "{error}");
    }
    // None of these has touched anything.
    assembler.add(0, 0, good, &mut storage).expect("a good one");
    assembler.finish(&mut storage).expect("all blocks");
    assert_eq!(storage.files, written(&recipe, "0/1"));
}

#[test]
fn the_size_is_estimated_within_a_third() {
    for changes in [
        json!({}),
        json!({"image_width": 168, "numbers": {"random": 6}}),
        json!({"fit": "natural", "numbers": {"random": [1, 12]}}),
        json!({"fit": "pad", "image_width": 400, "numbers": {"random": 6}}),
    ] {
        for format in formats() {
            for boxes in ["none", "coco", "yolo"] {
                let arrays = ["npz", "npy", "idx"].contains(&format);
                let mut recipe = recipe(changes.clone());
                if (boxes != "none" && !format.starts_with("png"))
                    || (arrays && recipe["fit"] == "natural")
                {
                    continue;
                }
                recipe["format"] = json!(format);
                recipe["boxes"] = json!(boxes);
                recipe["count"] = json!(400);
                let size: usize = written(&recipe, "0/1").values().map(Vec::len).sum();
                let estimate = plan(&recipe, "0/1").estimate() as f64 / size as f64;
                assert!(
                    (0.67..1.5).contains(&estimate),
                    "{estimate} of {size}: {recipe}"
                );
            }
        }
    }
}
