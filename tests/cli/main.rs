//! The command line, run as a person runs it.
#![cfg(not(target_arch = "wasm32"))]

mod dataset;
mod documents;
mod ray;
mod support;

use digitlab::Error;
use digitlab::mnist::{Manifest, Pool};
use digitlab::raster::Raster;
use digitlab::sequence::{Generator, Request};
use serde_json::{Value, json};
use std::fs;
use std::path::Path;
use support::{digitlab, folder, picture, refused, said, shipped};

/// What the core makes, as the page's engine calls it.
fn generated(request: &Value) -> Raster {
    let bucket = Path::new(env!("CARGO_MANIFEST_DIR")).join("www/mnist");
    let text = fs::read_to_string(bucket.join("manifest.json")).expect("a manifest");
    let mut pool = Pool::new(Manifest::parse(&text).expect("a good manifest"));
    let request = Request::from_json(request, 0).expect("a good request");
    let mut generator = Generator::default();
    loop {
        match generator.generate(&request, &pool) {
            Err(Error::ShardsNotLoaded { files }) => {
                for file in files {
                    let stored = fs::read(bucket.join(&file)).expect("a shard");
                    pool.load(&file, &stored).expect("a good shard");
                }
            }
            made => return made.expect("a sequence").image,
        }
    }
}

#[test]
fn short_flags_of_old_make_a_picture_named_by_its_task_id() {
    let folder = folder("named");
    let line = [
        "generate", "-n", "042", "-a", "1", "-smin", "5", "-smax", "10", "-w", "90",
    ];
    let said = said(&folder, &line);
    let task_id = said.split_whitespace().next().expect("the task id");
    assert!(
        task_id.len() == 12 && task_id.bytes().all(|b| b.is_ascii_digit()),
        "{said}"
    );
    assert!(said.contains(" ms "), "{said}");
    let picture = picture(&folder.join(format!("{task_id}.png")));
    assert_eq!(
        (picture.width(), picture.height(), picture.channels()),
        (90, 28, 1)
    );
}

#[test]
fn a_seed_gives_the_pixels_that_the_core_gives_to_the_page() {
    let folder = folder("seed");
    let cases = [
        (
            "generate -n 042 -w 84 --seed 7 -o a.png",
            json!({ "number": "042", "image_width": 84, "seed": 7 }),
        ),
        (
            "generate -n 31415 --fit natural --seed 18446744073709551615 --index 9 --ink black-on-white -o a.png",
            json!({ "number": "31415", "fit": "natural", "seed": "18446744073709551615", "index": 9, "ink": "black-on-white" }),
        ),
        (
            "generate -n 7 -a true --pipeline strong -w 28 --split test --margin 0 --tight false --seed 3 -o a.png",
            json!({ "number": "7", "augment": true, "pipeline": "strong", "image_width": 28, "split": "test", "margin": 0, "tight": false, "seed": 3 }),
        ),
    ];
    for (line, request) in cases {
        said(&folder, &line.split(' ').collect::<Vec<_>>());
        assert_eq!(
            picture(&folder.join("a.png")),
            generated(&request),
            "{line}"
        );
    }
}

#[test]
fn series_are_told_as_json_lines_and_continue_at_an_index() {
    let folder = folder("series");
    let told = |line: &str| -> Vec<Value> {
        let said = said(&folder, &line.split(' ').collect::<Vec<_>>());
        said.lines()
            .map(|line| serde_json::from_str(line).expect("JSON"))
            .collect()
    };
    let all = told("generate -n 05 -w 60 --seed 5 --count 4 -o images --json");
    let rest = told("generate -n 05 -w 60 --seed 5 --index 2 --count 2 -o images --json");
    assert_eq!(all.len(), 4);
    for (k, image) in all.iter().enumerate() {
        assert_eq!(image["index"], k);
        assert_eq!(image["label"], "05");
        assert_eq!(image["seed"], "5");
        assert_eq!(image["digits"].as_array().map(Vec::len), Some(2));
        assert_eq!(image["width"], 60);
    }
    for (one, other) in all[2..].iter().zip(&rest) {
        let file = |image: &Value| picture(&folder.join(image["file"].as_str().expect("a name")));
        assert_eq!(file(one), file(other));
        assert_eq!(one["digits"], other["digits"]);
        assert_ne!(one["taskId"], other["taskId"]);
    }
}

#[test]
fn arrays_and_answers_are_written_by_the_ending() {
    let folder = folder("endings");
    said(
        &folder,
        &[
            "generate", "-n", "1", "-w", "28", "--seed", "1", "-o", "a.npy",
        ],
    );
    said(
        &folder,
        &[
            "generate", "-n", "1", "-w", "28", "--seed", "1", "-o", "a.json",
        ],
    );
    let array = fs::read(folder.join("a.npy")).expect("an array");
    assert!(array.starts_with(b"\x93NUMPY"));
    let answer = fs::read_to_string(folder.join("a.json")).expect("an answer");
    let answer: Value = serde_json::from_str(&answer).expect("JSON");
    assert_eq!(answer["generatedImage"].as_array().map(Vec::len), Some(28));
    let to_stdout = digitlab(
        &folder,
        &["generate", "-n", "1", "-w", "28", "--seed", "1", "-o", "-"],
    );
    assert!(to_stdout.stdout.starts_with(b"\x89PNG"));
}

#[test]
fn pictures_are_augmented_and_the_record_is_told() {
    let folder = folder("augment");
    said(
        &folder,
        &[
            "generate",
            "-n",
            "8",
            "-w",
            "40",
            "--seed",
            "2",
            "-o",
            "eight.png",
        ],
    );
    let steps = json!([{ "transform": "HorizontalFlip", "p": 1 }]);
    fs::write(folder.join("flip.json"), steps.to_string()).expect("a file");
    let line = "augment eight.png --pipeline flip.json --seed 4 -o flipped.png --json";
    let told: Value =
        serde_json::from_str(&said(&folder, &line.split(' ').collect::<Vec<_>>())).expect("JSON");
    assert_eq!(told["record"][0]["transform"], "HorizontalFlip");
    let (plain, flipped) = (
        picture(&folder.join("eight.png")),
        picture(&folder.join("flipped.png")),
    );
    for y in 0..plain.height() {
        let mut row = flipped.row(y).to_vec();
        row.reverse();
        assert_eq!(plain.row(y), row);
    }
    let said = said(
        &folder,
        &[
            "augment",
            "eight.png",
            "--seed",
            "4",
            "--count",
            "3",
            "-o",
            "many",
        ],
    );
    assert_eq!(said.lines().count(), 3);
    assert_eq!(
        fs::read_dir(folder.join("many")).expect("a folder").count(),
        3
    );
}

#[test]
fn digits_and_numbers_are_read_by_the_shipped_models() {
    let folder = folder("read");
    let made = "generate -n 3141 --fit natural --split test --seed 11 -o number.png";
    said(&folder, &made.split(' ').collect::<Vec<_>>());
    let told = said(&folder, &["read", "number.png", "--json"]);
    let told: Value = serde_json::from_str(&told).expect("JSON");
    assert_eq!(told["text"], "3141", "{told}");
    assert_eq!(told["digits"].as_array().map(Vec::len), Some(4));
    for model in ["default", "tiny", &shipped("models/tiny.onnx")] {
        let pen = shipped("tests/handwriting/pen-07-0.jpg");
        let told = said(&folder, &["classify", &pen, "--model", model, "--json"]);
        let told: Value = serde_json::from_str(&told).expect("JSON");
        assert!(told["probability"].as_f64() > Some(0.5), "{model}: {told}");
        let plain = said(&folder, &["classify", &pen, "--model", model]);
        assert!(
            plain.starts_with(told["label"].as_str().expect("a digit")),
            "{plain}"
        );
    }
}

#[test]
fn a_window_of_depths_is_drawn_and_told() {
    let folder = folder("frame");
    let mut log = String::from("depth,a,b,c,d\n");
    for row in 0..100 {
        log += &format!("{}.5,{row},{},128,255\n", 1000 + row, 100 - row);
    }
    log += ",,,,\n";
    fs::write(folder.join("log.csv"), log).expect("a file");
    let line = "frame log.csv --depth-min 1010 --depth-max 1020 -w 8 --colormap black,white -o window.png --json";
    let told = said(&folder, &line.split(' ').collect::<Vec<_>>());
    let told: Value = serde_json::from_str(&told).expect("JSON");
    assert_eq!(told["rows"], 10);
    assert_eq!(told["image"]["height"], 100);
    assert_eq!(told["image"]["report"]["dropped"]["empty"], 1);
    let window = picture(&folder.join("window.png"));
    assert_eq!((window.width(), window.height()), (8, 10));
    let line = "frame log.csv --depth-min 1010 --depth-max 1020 -w 0 -o window.csv";
    said(&folder, &line.split(' ').collect::<Vec<_>>());
    let table = fs::read_to_string(folder.join("window.csv")).expect("a table");
    assert_eq!(table.lines().count(), 11);
    assert!(
        table
            .lines()
            .nth(1)
            .is_some_and(|row| row.starts_with("1010.5,10,90,128,255")),
        "{table}"
    );
    said(&folder, &["frame", "log.csv"]);
    assert!(folder.join("log.jpg").is_file());
}

#[test]
fn what_is_wrong_is_said_with_its_field_and_what_is_allowed() {
    let folder = folder("refused");
    fs::write(folder.join("broken.png"), b"\x89PNG\r\n\x1a\nno").expect("a file");
    fs::write(folder.join("log.csv"), "depth,a,b\n1,2,3\n").expect("a file");
    let blank = Raster::grey(40, 40, vec![255; 1600]);
    let blank = digitlab::raster::codec::to_png(&blank).expect("a picture");
    fs::write(folder.join("blank.png"), blank).expect("a file");
    fs::write(folder.join("bad.json"), r#"[{ "transform": "Blurr" }]"#).expect("a file");
    let cases: [(&str, &[&str]); 24] = [
        ("generate -w 90", &["--number"]),
        ("generate -n 04x -w 90", &["number", "04x"]),
        ("generate -n 042", &["image_width"]),
        ("generate -n 042 -w 0", &["image_width", "0", "16384"]),
        ("generate -n 042 -w ninety", &["image_width", "ninety"]),
        ("generate -n 042 -w 90 -smin 11", &["spacing_min", "11"]),
        ("generate -n 042 -w 90 -smin -1", &["spacing_min", "-1"]),
        (
            "generate -n 042 -w 90 --fit squeeze",
            &["fit", "squeeze", "natural"],
        ),
        ("generate -n 042 -w 90 -a maybe", &["augment", "maybe"]),
        ("generate -n 042 -w 90 --seed -1", &["--seed", "-1"]),
        (
            "generate -n 042 -w 90 --count 2 -o one.png",
            &["--count", "one.png"],
        ),
        (
            "generate -n 042 -w 90 -o one.gif",
            &["one.gif", "png, npy, json"],
        ),
        (
            "generate -n 042 -w 90 --bucket nowhere",
            &["nowhere", "manifest"],
        ),
        ("augment missing.png", &["missing.png"]),
        ("augment broken.png", &["broken.png"]),
        (
            "augment broken.png --pipeline bad.json",
            &["bad.json", "Blurr"],
        ),
        (
            "augment broken.png --pipeline gentle",
            &["gentle", "visible"],
        ),
        (
            "classify broken.png --model huge",
            &["--model", "huge", "default, tiny"],
        ),
        ("classify broken.png --model bad.json", &["bad.json"]),
        ("read blank.png", &["blank.png", "ink"]),
        ("frame missing.csv", &["missing.csv"]),
        ("frame log.csv --depth-min 7 -o a.png", &["7", "1"]),
        (
            "frame log.csv --method smooth -o a.png",
            &["method", "smooth", "lanczos3"],
        ),
        ("frame log.csv -o a.gif", &["a.gif", "jpg"]),
    ];
    let mut wrong = Vec::new();
    for (line, expected) in cases {
        let said = refused(&folder, &line.split(' ').collect::<Vec<_>>());
        if !expected.iter().all(|part| said.contains(part)) {
            wrong.push(format!("{line}: {said}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn help_teaches_by_examples() {
    let folder = folder("help");
    assert!(said(&folder, &["help", "generate"]).contains("-smin 5 -smax 10"));
    assert!(said(&folder, &["augment", "--help"]).contains("--pipeline steps.json"));
}
