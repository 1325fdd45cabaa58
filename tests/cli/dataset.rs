//! Whole data sets by the command line: the same bytes whoever makes them, at once or in pieces.

use crate::support::{digitlab, folder, picture, refused, said};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

/// All files below a folder by their path in it.
fn tree(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut files = BTreeMap::new();
    let mut left = vec![folder.to_owned()];
    while let Some(next) = left.pop() {
        for entry in fs::read_dir(&next).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                left.push(path);
                continue;
            }
            let name = path.strip_prefix(folder).expect("it lies there");
            let name = name.to_str().expect("a plain name").replace('\\', "/");
            files.insert(name, fs::read(&path).expect("a file"));
        }
    }
    files
}

/// The files that hold items, without those that only tell of them.
fn data(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut files = tree(folder);
    files.retain(|name, _| !(name.starts_with("recipe") && name.ends_with(".json")));
    files
}

/// Says which files differ, rather than all their bytes.
fn assert_same(one: &BTreeMap<String, Vec<u8>>, other: &BTreeMap<String, Vec<u8>>, what: &str) {
    let names = |files: &BTreeMap<String, Vec<u8>>| files.keys().cloned().collect::<Vec<_>>();
    assert_eq!(names(one), names(other), "{what}");
    let different: Vec<_> = one
        .keys()
        .filter(|name| one[*name] != other[*name])
        .collect();
    assert!(different.is_empty(), "{what}: {different:?} differ");
}

fn words(line: &str) -> Vec<&str> {
    line.split(' ').collect()
}

fn make(folder: &Path, line: &str) -> String {
    said(folder, &words(line))
}

fn json_of(file: &Path) -> Value {
    let text =
        fs::read_to_string(file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    serde_json::from_str(&text).expect("JSON")
}

const FORMATS: [&str; 7] = [
    "png-zip",
    "png-folder",
    "webdataset",
    "parquet",
    "npz",
    "npy",
    "idx",
];

/// Wide pictures, so that even a few items are several blocks; several parts; every subset.
const MIXED: &str = "dataset --numbers random:1-6 --count 300 -w 1500 --seed 7 --items-per-file 120 \
     --subsets train=8,validation=1,test=1 --split matching";

#[test]
fn every_format_has_the_same_bytes_from_one_worker_and_from_many() {
    let folder = folder("dataset-workers");
    for format in FORMATS {
        make(
            &folder,
            &format!("{MIXED} --format {format} --workers 1 -o {format}-1"),
        );
        make(
            &folder,
            &format!("{MIXED} --format {format} --workers 4 -o {format}-4"),
        );
        let one = tree(&folder.join(format!("{format}-1")));
        assert_same(&one, &tree(&folder.join(format!("{format}-4"))), format);
        let told = json_of(&folder.join(format!("{format}-1/recipe.json")));
        let files = told["files"].as_array().expect("a list");
        assert!(files.len() > 2, "{format}: {told}");
        for file in files {
            let (Some(name), Some(sha256)) = (file["name"].as_str(), file["sha256"].as_str())
            else {
                continue;
            };
            // A folder's name ends with a slash, and its bytes are those of its files in the order of their names.
            let own = |path: &str| path == name || name.ends_with('/') && path.starts_with(name);
            let files = one.iter().filter(|(path, _)| own(path));
            let content: Vec<u8> = files.flat_map(|(_, content)| content).copied().collect();
            let found: String = Sha256::digest(&content)
                .iter()
                .map(|byte| format!("{byte:02x}"))
                .collect();
            assert_eq!(found, sha256, "{format}: {name}");
            assert_eq!(file["bytes"], content.len(), "{format}: {name}");
        }
        // Nothing of the work is left behind.
        let left: Vec<_> = one
            .keys()
            .filter(|name| {
                ["partial", "journal", "notes", "unfinished"]
                    .iter()
                    .any(|word| name.contains(word))
            })
            .collect();
        assert!(left.is_empty(), "{format}: {left:?}");
    }
}

#[test]
fn all_shards_together_are_the_whole() {
    let folder = folder("dataset-shards");
    for format in FORMATS {
        make(
            &folder,
            &format!("{MIXED} --format {format} -o {format}-whole"),
        );
        // The second before the first: no shard needs another.
        for shard in [1, 0, 2] {
            let line = format!("{MIXED} --format {format} --shard {shard}/3 -o {format}-shards");
            make(&folder, &line);
        }
        let whole = data(&folder.join(format!("{format}-whole")));
        let shards = folder.join(format!("{format}-shards"));
        assert_same(&whole, &data(&shards), format);
        let sum: u64 = (0..3)
            .map(|shard| json_of(&shards.join(format!("recipe-shard-{shard}-of-3.json"))))
            .flat_map(|told| told["files"].as_array().cloned().unwrap_or_default())
            .filter_map(|file| file["bytes"].as_u64())
            .sum();
        let listed: u64 = json_of(&folder.join(format!("{format}-whole/recipe.json")))["files"]
            .as_array()
            .expect("a list")
            .iter()
            .filter_map(|file| file["bytes"].as_u64())
            .sum();
        assert_eq!(sum, listed, "{format}");
    }
}

#[test]
fn an_item_is_what_generate_makes_of_its_number_seed_and_index() {
    let folder = folder("dataset-items");
    make(
        &folder,
        "dataset --numbers random:1-6 --count 40 --fit natural -a --pipeline strong --ink black-on-white --seed 11 \
         --subsets train=1,test=1 --split matching --format png-folder --boxes yolo -o made",
    );
    let mut seen = 0;
    for (subset, split) in [("train", "train"), ("test", "test")] {
        let labels =
            fs::read_to_string(folder.join(format!("made/{subset}/labels.csv"))).expect("labels");
        let mut rows = labels.lines();
        assert_eq!(rows.next(), Some("file,index,label,width,height,boxes"));
        for row in rows {
            let cells: Vec<&str> = row.split(',').collect();
            let (file, index, label) = (cells[0], cells[1], cells[2]);
            let single = format!(
                "generate -n {label} --index {index} --fit natural -a --pipeline strong --ink black-on-white --seed 11 \
                 --split {split} -o single.png"
            );
            make(&folder, &single);
            let path = [folder.join("made"), folder.join("made").join(subset)]
                .map(|start| start.join(file))
                .into_iter()
                .find(|path| path.is_file())
                .unwrap_or_else(|| panic!("no file {file}"));
            let single = picture(&folder.join("single.png"));
            assert!(picture(&path) == single, "{row}");
            assert_eq!(cells[3], single.width().to_string(), "{row}");
            assert_eq!(cells[5].split(';').count(), label.len(), "{row}");
            seen += 1;
        }
    }
    assert_eq!(seen, 40);
}

#[test]
fn its_recipe_makes_it_again_without_another_word() {
    let folder = folder("dataset-again");
    // Without a seed: one is drawn, and kept.
    make(
        &folder,
        "dataset --numbers phone:us --count 200 --fit natural --format webdataset -o first",
    );
    make(&folder, "dataset --recipe first/recipe.json -o second");
    assert_same(
        &tree(&folder.join("first")),
        &tree(&folder.join("second")),
        "again",
    );
    // From stdin, and a bare recipe.
    let recipe = json_of(&folder.join("first/recipe.json"))["recipe"].to_string();
    let mut child = Command::new(env!("CARGO_BIN_EXE_digitlab"))
        .args(words("dataset --recipe - -o third --quiet"))
        .current_dir(&folder)
        .env_remove("DIGITLAB_BUCKET")
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .expect("the program runs");
    let mut stdin = child.stdin.take().expect("it was asked for");
    stdin
        .write_all(recipe.as_bytes())
        .expect("the program listens");
    drop(stdin);
    assert!(child.wait().expect("it ends").success());
    assert_same(
        &tree(&folder.join("first")),
        &tree(&folder.join("third")),
        "a bare recipe",
    );
    // The same command once more finds all there.
    let told = make(
        &folder,
        "dataset --numbers phone:us --count 200 --fit natural --format webdataset -o first",
    );
    assert!(told.contains("whole already"), "{told}");
    // The recipe of a shard makes that shard.
    make(
        &folder,
        "dataset --numbers range:0-99 --count 100 -w 60 --seed 1 --items-per-file 10 --shard 1/4 -o shard",
    );
    make(
        &folder,
        "dataset --recipe shard/recipe-shard-1-of-4.json -o shard-again",
    );
    let shard = tree(&folder.join("shard"));
    assert!(shard.len() == 4, "{:?}", shard.keys());
    assert_same(&shard, &tree(&folder.join("shard-again")), "a shard");
}

#[test]
fn numbers_come_from_a_file_beside_the_recipe() {
    let folder = folder("dataset-file");
    fs::create_dir(folder.join("lists")).expect("a folder");
    fs::write(folder.join("lists/numbers.txt"), "042\r\n\r\n7\n31415\n").expect("a file");
    let line = "dataset --numbers file:lists/numbers.txt --count 7 -w 150 --seed 3 --format png-folder -o made";
    make(&folder, line);
    let labels = fs::read_to_string(folder.join("made/train/labels.csv")).expect("labels");
    let labels: Vec<_> = labels
        .lines()
        .skip(1)
        .filter_map(|row| row.split(',').nth(2))
        .collect();
    assert_eq!(labels, ["042", "7", "31415", "042", "7", "31415", "042"]);
    let lacking = refused(
        &folder,
        &words("dataset --recipe made/recipe.json -o again"),
    );
    assert!(
        lacking.contains("numbers.txt") && lacking.contains("--numbers-file"),
        "{lacking}"
    );
    make(
        &folder,
        "dataset --recipe made/recipe.json --numbers-file lists/numbers.txt -o again",
    );
    assert_same(
        &tree(&folder.join("made")),
        &tree(&folder.join("again")),
        "again",
    );
    // Beside the recipe it is found by its name; another file of that name is noticed.
    fs::copy(
        folder.join("made/recipe.json"),
        folder.join("lists/recipe.json"),
    )
    .expect("a copy");
    make(&folder, "dataset --recipe lists/recipe.json -o third");
    fs::write(folder.join("lists/numbers.txt"), "043\n").expect("a file");
    let other = refused(
        &folder,
        &words("dataset --recipe lists/recipe.json -o fourth"),
    );
    assert!(
        other.contains("numbers.txt") && other.contains("SHA-256"),
        "{other}"
    );
}

#[test]
fn lines_of_json_tell_of_beginning_and_end() {
    let folder = folder("dataset-json");
    let line = "dataset --numbers list:042,7 --count 30 -w 90 --format npz -o made --json";
    let lines = make(&folder, line);
    let lines: Vec<Value> = lines
        .lines()
        .map(|line| serde_json::from_str(line).expect("JSON"))
        .collect();
    assert_eq!(lines[0]["event"], "begin");
    assert_eq!(lines[0]["total"], 30);
    let seed = &lines[0]["recipe"]["seed"];
    let last = lines.last().expect("a line");
    assert_eq!(last["event"], "done");
    assert_eq!(last["items"], 30);
    assert_eq!(&last["recipe"]["seed"], seed);
    assert_eq!(last["files"][0]["name"], "train.npz");
    assert!(last["seconds"].as_f64() > Some(0.0), "{last}");
    let quiet = make(&folder, &format!("{line} --quiet"));
    let quiet: Value = serde_json::from_str(&quiet).expect("one line");
    assert_eq!(quiet["already"], true);
}

#[test]
fn another_recipe_does_not_touch_what_lies_in_the_folder() {
    let folder = folder("dataset-other");
    make(
        &folder,
        "dataset --numbers random:6 --count 20 -w 168 --seed 1 --format webdataset -o made",
    );
    let before = tree(&folder.join("made"));
    let cases: [(&str, &[&str]); 4] = [
        (
            "--numbers random:6 --count 20 -w 168 --seed 2 --format webdataset",
            &["seed", "\"1\"", "\"2\""],
        ),
        (
            "--numbers random:6 --count 21 -w 168 --format webdataset",
            &["count", "20", "21"],
        ),
        (
            "--numbers random:6 --count 20 -w 168 --seed 1 --format npz",
            &["format", "webdataset", "npz"],
        ),
        (
            "--numbers random:6 --count 20 -w 168 --seed 2 --format webdataset --shard 0/2",
            &["seed"],
        ),
    ];
    for (options, expected) in cases {
        let said = refused(&folder, &words(&format!("dataset {options} -o made")));
        assert!(
            expected.iter().all(|part| said.contains(part)),
            "{options}: {said}"
        );
        assert!(said.contains("--out"), "{said}");
    }
    // A file of somebody else's.
    fs::remove_file(folder.join("made/recipe.json")).expect("a file");
    let said = refused(
        &folder,
        &words("dataset --numbers random:6 --count 20 -w 168 --seed 1 --format webdataset -o made"),
    );
    assert!(
        said.contains("train.tar") && said.contains("written over"),
        "{said}"
    );
    fs::write(folder.join("made/recipe.json"), &before["recipe.json"]).expect("a file");
    assert_same(&before, &tree(&folder.join("made")), "untouched");
    // A file that was cut off is noticed.
    fs::write(folder.join("made/train.tar"), &before["train.tar"][..100]).expect("a file");
    let said = refused(&folder, &words("dataset --recipe made/recipe.json -o made"));
    assert!(
        said.contains("train.tar") && said.contains("damaged"),
        "{said}"
    );
}

#[test]
fn what_is_wrong_with_a_recipe_is_said_before_a_folder_is_made() {
    let folder = folder("dataset-refused");
    fs::write(folder.join("letters.txt"), "12\nab\n").expect("a file");
    fs::write(
        folder.join("recipe.json"),
        json!({ "count": 1 }).to_string(),
    )
    .expect("a file");
    fs::write(folder.join("broken.json"), "{").expect("a file");
    let cases: [(&str, &[&str]); 22] = [
        ("--count 10 -w 90", &["numbers"]),
        ("--numbers random:6 -w 168", &["count"]),
        (
            "--numbers random:6 --count 0 -w 168",
            &["count", "0", "10000000"],
        ),
        ("--numbers random:6 --count many -w 168", &["count", "many"]),
        ("--numbers random:6 --count 9", &["image_width"]),
        (
            "--numbers dice:6 --count 9 -w 168",
            &["--numbers", "dice:6", "random:6", "file:"],
        ),
        ("--numbers random:six --count 9 -w 168", &["random", "six"]),
        (
            "--numbers random:0 --count 9 -w 168",
            &["random", "0", "256"],
        ),
        ("--numbers range:9-1 --count 9 -w 168", &["range", "9", "1"]),
        ("--numbers pattern:0[ --count 9 -w 168", &["pattern", "0["]),
        (
            "--numbers phone:mars --count 9 -w 168",
            &["phone", "mars", "us"],
        ),
        (
            "--numbers file:letters.txt --count 9 -w 168",
            &["letters.txt", "ab", "2"],
        ),
        (
            "--numbers random:6 --order shuffled --count 9 -w 168",
            &["order", "shuffled"],
        ),
        (
            "--numbers random:6 --count 9 -w 168 --subsets train",
            &["--subsets", "train"],
        ),
        (
            "--numbers random:6 --count 9 -w 168 --subsets train=0",
            &["subsets"],
        ),
        (
            "--numbers random:6 --count 9 -w 168 --format csv",
            &["format", "csv", "webdataset"],
        ),
        (
            "--numbers random:6 --count 9 -w 168 --format npz --boxes coco",
            &["boxes", "coco", "npz"],
        ),
        (
            "--numbers random:6 --count 9 --fit natural --format npz",
            &["fit", "natural", "npz"],
        ),
        (
            "--numbers random:6 --count 9 -w 168 --seed 1 --shard 3/3",
            &["shard", "3/3"],
        ),
        (
            "--numbers random:6 --count 9 -w 168 --shard 0/3",
            &["--shard", "seed"],
        ),
        ("--recipe recipe.json --count 9", &["--count", "--recipe"]),
        ("--recipe broken.json", &["broken.json", "JSON"]),
    ];
    let mut wrong = Vec::new();
    for (line, expected) in cases {
        let said = refused(&folder, &words(&format!("dataset {line} -o made")));
        if !expected.iter().all(|part| said.contains(part)) {
            wrong.push(format!("{line}: {said}"));
        }
        if folder.join("made").exists() {
            wrong.push(format!("{line}: a folder was made"));
            fs::remove_dir_all(folder.join("made")).expect("its own folder");
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_width_that_turns_out_too_small_leaves_nothing_behind() {
    let folder = folder("dataset-narrow");
    let line = "dataset --numbers random:6 --count 50 --fit pad -w 30 --seed 1";
    let said = refused(&folder, &words(&format!("{line} -o made")));
    assert!(
        said.contains("image_width") && said.contains("30"),
        "{said}"
    );
    let left = tree(&folder.join("made"));
    assert!(left.is_empty(), "{:?}", left.keys());
}

#[cfg(unix)]
mod interrupted {
    use super::*;
    use std::time::{Duration, Instant};

    const PARTS: usize = 12;
    const LINE: &str =
        "dataset --numbers random:6 --count 24000 -w 168 --format webdataset --items-per-file 2000";

    /// Starts a run in the background.
    fn start(folder: &Path, out: &str) -> std::process::Child {
        Command::new(env!("CARGO_BIN_EXE_digitlab"))
            .args(words(&format!("{LINE} -o {out} --workers 2")))
            .current_dir(folder)
            .env_remove("DIGITLAB_BUCKET")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program runs")
    }

    /// Waits until a part is whole, and sends a signal.
    fn signal_after(child: &mut std::process::Child, file: &Path, signal: &str) {
        let end = Instant::now() + Duration::from_secs(120);
        while !file.exists() {
            assert!(Instant::now() < end, "{} does not come", file.display());
            assert!(
                child.try_wait().expect("a child").is_none(),
                "it ended too early"
            );
            std::thread::sleep(Duration::from_millis(2));
        }
        let id = child.id().to_string();
        let sent = Command::new("kill")
            .args([signal, &id])
            .status()
            .expect("kill runs");
        assert!(sent.success());
    }

    fn part(number: usize) -> String {
        format!("train-{number:05}.tar")
    }

    #[test]
    fn a_killed_run_goes_on_with_the_seed_that_was_drawn() {
        let folder = folder("dataset-killed");
        let made = folder.join("made");
        for number in [1, 4] {
            let mut child = start(&folder, "made");
            signal_after(&mut child, &made.join(part(number)), "-KILL");
            assert_eq!(child.wait().expect("it ends").code(), None);
            assert!(!made.join("recipe.json").exists());
            assert!(!made.join(part(PARTS - 1)).exists());
        }
        let rest = digitlab(&folder, &words(&format!("{LINE} -o made")));
        let said = String::from_utf8_lossy(&rest.stderr);
        assert!(rest.status.success(), "{said}");
        assert!(said.contains("Going on"), "{said}");
        make(
            &folder,
            "dataset --recipe made/recipe.json -o again --quiet",
        );
        assert_same(&tree(&folder.join("again")), &tree(&made), "killed twice");
    }

    #[test]
    fn ctrl_c_says_how_to_go_on() {
        let folder = folder("dataset-stopped");
        let made = folder.join("made");
        let mut child = start(&folder, "made");
        signal_after(&mut child, &made.join(part(0)), "-INT");
        let output = child.wait_with_output().expect("it ends");
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(130), "{said}");
        assert!(said.contains("the same command goes on"), "{said}");
        make(&folder, &format!("{LINE} -o made --quiet"));
        make(
            &folder,
            "dataset --recipe made/recipe.json -o again --quiet",
        );
        assert_same(&tree(&folder.join("again")), &tree(&made), "stopped");
    }

    #[test]
    fn two_runs_do_not_write_into_one_folder() {
        let folder = folder("dataset-two");
        let mut child = start(&folder, "made");
        let mark = folder.join("made/digits.unfinished");
        let end = Instant::now() + Duration::from_secs(60);
        while !mark.exists() || fs::metadata(&mark).is_ok_and(|mark| mark.len() == 0) {
            assert!(Instant::now() < end, "it does not begin");
            std::thread::sleep(Duration::from_millis(2));
        }
        let said = refused(&folder, &words(&format!("{LINE} -o made")));
        assert!(said.contains("another run"), "{said}");
        child.kill().expect("it runs");
        child.wait().expect("it ends");
    }

    #[test]
    fn a_disk_that_takes_no_more_is_explained_and_the_run_goes_on_later() {
        let folder = folder("dataset-full");
        // Files of 10 MiB at most: about a third of it has room.
        let limited = format!(
            "trap '' XFSZ; ulimit -f 20000; exec '{}' {LINE} --seed 5 --items-per-file 24000 -o made",
            env!("CARGO_BIN_EXE_digitlab")
        )
        .replace("--items-per-file 2000 ", "");
        let output = Command::new("sh")
            .args(["-c", &limited])
            .current_dir(&folder)
            .env_remove("DIGITLAB_BUCKET")
            .output()
            .expect("a shell");
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{said}");
        assert!(said.contains("too large"), "{said}");
        assert!(said.contains("the same command goes on"), "{said}");
        let line = limited
            .split_once("dataset")
            .map(|(_, rest)| rest)
            .expect("the line");
        make(&folder, &format!("dataset{line} --quiet"));
        make(
            &folder,
            "dataset --recipe made/recipe.json -o again --quiet",
        );
        assert_same(
            &tree(&folder.join("again")),
            &tree(&folder.join("made")),
            "full",
        );
    }
}
