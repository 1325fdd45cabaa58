//! What was found once is right from then on, and so is what a search starts from.

use digitlab_fuzz::{TARGETS, seeds};
use std::fs;

/// One test for all, since each of them counts what its thread holds.
#[test]
fn every_case_that_was_found_is_taken_in() {
    for target in TARGETS {
        let Ok(entries) = fs::read_dir(target.found()) else {
            continue;
        };
        let mut files: Vec<_> = entries
            .map(|entry| entry.expect("an entry").path())
            .collect();
        files.sort();
        for file in files {
            println!("{} of {}", file.display(), target.name);
            target.run(&fs::read(&file).expect("a case"));
        }
    }
}

#[test]
fn every_target_takes_its_seeds() {
    for target in TARGETS {
        let seeds = seeds::of(target.name);
        assert!(!seeds.is_empty(), "{} starts from nothing", target.name);
        for (at, seed) in seeds.iter().enumerate() {
            println!("seed {at} of {}", target.name);
            target.run(seed);
        }
    }
}

#[test]
fn every_folder_of_cases_has_its_target() {
    let Ok(entries) = fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/found")) else {
        return;
    };
    for entry in entries {
        let name = entry.expect("an entry").file_name();
        let known = name.to_str().and_then(digitlab_fuzz::find).is_some();
        assert!(known, "{name:?} is no target");
    }
}
