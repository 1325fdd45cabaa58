//! The example of data sets on Ray, where there is a Python with it.

use crate::support::{folder, shipped};
use serde_json::json;
use std::fs;
use std::process::Command;

#[test]
fn shards_made_on_ray_are_the_single_run() {
    // `cargo xtask test` sets it where there is Python.
    let Some(python) = std::env::var_os("DIGITLAB_RAY") else {
        println!("DIGITLAB_RAY is not set: the example on Ray is left out");
        return;
    };
    let folder = folder("dataset-ray");
    let recipe = json!({
        "count": 5_000, "numbers": { "random": [1, 6] }, "image_width": 168, "seed": "7", "split": "matching",
        "subsets": { "train": 8, "validation": 1, "test": 1 }, "format": "webdataset", "items_per_file": 500,
    });
    fs::write(folder.join("recipe.json"), recipe.to_string()).expect("a file");
    let run = || {
        let output = Command::new(&python)
            .arg(shipped("docs/dataset_on_ray.py"))
            .args([env!("CARGO_BIN_EXE_digitlab"), "recipe.json", "4", "out"])
            .current_dir(&folder)
            .env("DIGITLAB_BUCKET", shipped("www/mnist"))
            .env_remove("RAY_ADDRESS")
            .output()
            .expect("Python runs");
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        let error = String::from_utf8_lossy(&output.stderr).into_owned();
        (output.status.success(), said, error)
    };
    let (good, said, error) = run();
    assert!(good, "{said}{error}");
    for part in [
        "4 shards, 5000 items",
        "30 tar files",
        "the union of the shards is the single run",
    ] {
        assert!(said.contains(part), "{part} is missing: {said}");
    }
    // Its check notices what is not right.
    let shards = folder.join("out/shards");
    let file = shards.join("train-00003.tar");
    let mut bytes = fs::read(&file).expect("a shard's file");
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::write(&file, bytes).expect("a file");
    let (good, said, error) = run();
    assert!(!good && error.contains("train-00003.tar"), "{said}{error}");
}
