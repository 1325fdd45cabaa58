//! What a fuzzer starts from: small files of each kind, most of them from the folders of other tests.

use crate::digits::{BUCKET, files};
use crate::root;
use crate::targets::dataset::lines;
use crate::targets::model::learner;
use digitlab::augment::{PRESETS, Pipeline, definitions, example};
use digitlab::classify::network::Architecture;
use digitlab::classify::onnx;
use digitlab::classify::training::Network;
use digitlab::dataset::{Block, Entry, Piece};
use digitlab::random::{Purpose, Stream};
use digitlab::raster::{Raster, Shape};
use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;

/// The largest file that is a seed.
const LARGEST: u64 = 80_000;

/// The most words of a dictionary, and the longest.
const MOST_WORDS: usize = 600;
const LONGEST_WORD: usize = 30;

/// The seeds of a target.
pub fn of(target: &str) -> Vec<Vec<u8>> {
    match target {
        "architecture" => texts(&[
            "16-pool-32-average-10",
            "16-16-pool-16-pool-flatten-10",
            "64-flatten-10",
        ]),
        "block" => vec![Block::of_files(2).to_bytes(), block().to_bytes()],
        "boxes" => boxes(),
        "frame" => jsons(&[
            json!({"level": 1, "index": 0, "colormap": "depth", "scale": "own", "reverse": true}),
            json!({"depth_min": 901, "depth_max": 930.5, "format": "csv"}),
            json!({"format": "png", "width": 20, "height": 30, "colormap": ["#fff", "#102030", "#000000"]}),
            json!({"format": "jpeg", "colormap": "viridis", "scale": "fixed"}),
            json!({"name": "log", "width": null, "method": "lanczos3", "policy": "fail", "values": "rescale"}),
        ]),
        "idx" => idx(),
        "image-log" => image_logs(),
        "journal" => journals(),
        "manifest" => vec![BUCKET.manifest.clone().into_bytes()],
        "model" => folder("tests/reference/own_models", "onnx"),
        "numbers" => texts(&["1\n22\n333\n", "\u{feff}007\r\n\r\n 42 \n"]),
        "picture" => [
            folder("tests/reference/pictures", ""),
            smallest("tests/handwriting", 6),
        ]
        .concat(),
        "pipeline" => pipelines(),
        "reading" => readings(),
        "recipe" => recipes(),
        "record" => records(),
        "request" => jsons(&[
            json!({"number": "0123456789", "image_width": 300, "fit": "pad", "seed": "77", "index": 4}),
            json!({"number": 42, "augment": true, "ink": "dark", "split": "test", "margin": 3, "tight": true}),
            json!({"number": "5", "spacing_min": 0, "spacing_max": 9, "fit": "natural", "augment": true, "pipeline": "handwriting"}),
            json!({"number": "88", "pipeline": [{"transform": "Rotate", "p": 1}], "augment": true, "image_width": 56}),
        ]),
        "routes" => routes(),
        "shard" => shards(),
        "taught-model" => taught(),
        "training" => vec![learner().save(), vec![0; 32]],
        other => panic!("there is no target {other}"),
    }
}

/// The words of texts, as a dictionary of libFuzzer.
pub fn words(seeds: &[Vec<u8>]) -> String {
    let mut words = BTreeSet::new();
    for seed in seeds {
        let Ok(text) = std::str::from_utf8(seed) else {
            continue;
        };
        let is_part = |letter: char| letter.is_ascii_alphanumeric() || "_-./".contains(letter);
        words.extend(
            text.split(|letter| !is_part(letter))
                .filter(|word| (2..=LONGEST_WORD).contains(&word.len())),
        );
    }
    // A list without a line is taken for a missing one.
    let mut list = String::from("# The words of the seeds.\n");
    for word in words.into_iter().take(MOST_WORDS) {
        let _ = writeln!(list, "\"{word}\"");
    }
    list
}

fn texts(texts: &[&str]) -> Vec<Vec<u8>> {
    texts.iter().map(|text| text.as_bytes().to_vec()).collect()
}

fn jsons(values: &[Value]) -> Vec<Vec<u8>> {
    values
        .iter()
        .map(|value| value.to_string().into_bytes())
        .collect()
}

/// The files of a folder that are small enough, in the order of their names.
fn folder(path: &str, ending: &str) -> Vec<Vec<u8>> {
    let entries = fs::read_dir(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"));
    let mut files: Vec<_> = entries
        .map(|entry| entry.expect("an entry").path())
        .collect();
    files.retain(|file| {
        let small = file
            .metadata()
            .is_ok_and(|file| file.is_file() && file.len() <= LARGEST);
        small
            && file
                .extension()
                .is_some_and(|found| found != "json" && (ending.is_empty() || found == ending))
    });
    files.sort();
    files
        .iter()
        .map(|file| fs::read(file).expect("a file"))
        .collect()
}

fn smallest(path: &str, count: usize) -> Vec<Vec<u8>> {
    let mut files = folder(path, "");
    files.sort_by_key(Vec::len);
    files.truncate(count);
    files
}

fn after(first: &[u8], rest: &[u8]) -> Vec<u8> {
    [first, rest].concat()
}

fn packed(bytes: &[u8]) -> Vec<u8> {
    let mut packed = GzEncoder::new(Vec::new(), Compression::fast());
    packed.write_all(bytes).expect("memory takes everything");
    packed.finish().expect("memory takes everything")
}

fn idx() -> Vec<Vec<u8>> {
    let [pictures, labels] = files();
    vec![
        after(&[0], &pictures),
        after(&[0], &packed(&pictures)),
        after(&[1], &labels),
        after(&[1], &packed(&labels)),
    ]
}

fn shards() -> Vec<Vec<u8>> {
    let file = BUCKET.files.values().next().expect("a shard");
    vec![after(&[1], file), after(&[0x81], file), after(&[2], file)]
}

fn block() -> Block {
    let piece = Piece {
        body: b"body".to_vec(),
        notes: b"notes".to_vec(),
    };
    let entry = Entry {
        name: "train/0.png".into(),
        content: b"content".to_vec(),
    };
    Block {
        pieces: vec![piece.clone(), piece],
        entries: vec![entry],
        items: 3,
    }
}

fn boxes() -> Vec<Vec<u8>> {
    let bytes = |numbers: &[f64]| {
        numbers
            .iter()
            .flat_map(|number| number.to_le_bytes())
            .collect::<Vec<_>>()
    };
    vec![
        after(&[0], &bytes(&[0.0, 0.0, 1.0, 2.0, 9.0, 7.5])),
        after(
            &[2],
            &bytes(&[1.0, 0.5, 0.5, 0.5, 0.2, 0.2, 0.1, 0.9, 0.1, 0.1]),
        ),
        after(&[5], &bytes(&[0.0, 0.0, -3.0, 2.0, 99.0, 7.5])),
    ]
}

fn image_logs() -> Vec<Vec<u8>> {
    let files = folder("tests/core/frames/bad", "");
    let good = b"depth,col1,col2,col3\n9000.1,15,186,237\n9000.2,16,187,236\n9000.3,17.5,0,255\n";
    let others = [
        good.to_vec(),
        packed(good),
        b"sep=;\r\ndepth;a;b\r\n1,5;2;3\r\n\"2,5\";4;5\r\n".to_vec(),
        b"b\tdepth\tc\n1e2\t-3.25\t.5\n7\t+2\t9\n\n".to_vec(),
    ];
    let options = [[0, 20], [0x46, 255], [0x8d, 3], [0xb3, 100]];
    let all = files.into_iter().chain(others).enumerate();
    all.map(|(at, file)| after(&options[at % options.len()], &file))
        .collect()
}

fn journals() -> Vec<Vec<u8>> {
    let others = [
        json!({"whole": 0, "files": [{"name": "a", "bytes": 3, "sha256": "0", "items": 2}], "folders": {}}),
        json!({"placed": 0}),
    ];
    let others = others.map(|line| line.to_string()).join("\n");
    vec![
        after(&[0], &lines()),
        after(&[0x86], &lines()),
        after(&[0], others.as_bytes()),
        after(&[1], b"00000000 {}"),
    ]
}

fn pipelines() -> Vec<Vec<u8>> {
    let text = |path: &str| fs::read(root().join(path)).expect("a pipeline");
    let mut all = vec![
        text("tests/reference/exchange/nested.json"),
        text("tests/reference/exchange/nested.yaml"),
    ];
    let saved: Value =
        serde_json::from_slice(&text("tests/reference/exchange/saved.json")).expect("JSON");
    all.extend(
        saved
            .as_object()
            .into_iter()
            .flatten()
            .map(|(_, saved)| saved.to_string().into_bytes()),
    );
    for definition in definitions() {
        all.push(
            json!([{"transform": definition.name, "p": 1}])
                .to_string()
                .into_bytes(),
        );
        let mut step = example(definition.name);
        step.insert("transform".into(), definition.name.into());
        all.push(json!([step]).to_string().into_bytes());
    }
    all.extend(
        PRESETS
            .iter()
            .map(|preset| preset.pipeline().to_json().to_string().into_bytes()),
    );
    all
}

fn records() -> Vec<Vec<u8>> {
    let shape = Shape {
        width: 14,
        height: 11,
        channels: 3,
    };
    let mut all = Vec::new();
    for (at, definition) in definitions().enumerate() {
        let Ok(pipeline) = Pipeline::from_json(&json!([{"transform": definition.name, "p": 1}]))
        else {
            continue;
        };
        let picture = Raster::new(shape, vec![100; 14 * 11 * 3]).expect("a picture");
        let mut stream = Stream::new(1, at as u64, Purpose::Augment);
        if let Ok((_, applied)) = pipeline.run(picture, &mut stream) {
            let record: Vec<Value> = applied.iter().map(|step| step.to_json()).collect();
            all.push(Value::from(record).to_string().into_bytes());
        }
    }
    all
}

fn readings() -> Vec<Vec<u8>> {
    let [pictures, _] = files();
    let noise: Vec<u8> = (0..3_000_u32)
        .map(|at| (at.wrapping_mul(2_654_435_761) >> 24) as u8)
        .collect();
    vec![
        after(&[0, 27], &pictures[16..][..784 * 3]),
        after(&[1, 30], &noise),
        after(&[2, 19], &noise),
        after(&[48, 99], &noise),
    ]
}

fn recipes() -> Vec<Vec<u8>> {
    let numbers = [
        json!({"random": [1, 4]}),
        json!({"random": {"3": 2, "7": 1}}),
        json!({"range": [5, 900], "digits": 5}),
        json!({"list": ["1", "22", "333"]}),
        json!({"pattern": "12[3-5]x"}),
        json!({"phone": "uk-mobile"}),
        json!({"phone": "us"}),
        json!({"file": {"name": "a.txt", "sha256": "0".repeat(64), "lines": 3}}),
    ];
    let formats = [
        "png-zip",
        "png-folder",
        "webdataset",
        "npz",
        "idx",
        "parquet",
        "npy",
    ];
    let each = numbers.iter().enumerate();
    let mut all: Vec<Value> = each.map(|(at, numbers)| {
        json!({"count": 40 + at * 3_000, "numbers": numbers, "image_width": 84, "seed": "11", "format": formats[at % formats.len()],
            "subsets": {"train": 7, "validation": 1, "test": 2}, "order": "shuffled"})
    }).collect();
    all.push(json!({"name": "n", "count": 3, "numbers": {"random": 2}, "boxes": "yolo", "items_per_file": 2, "split": "matching", "fit": "pad",
        "image_width": 99, "augment": true, "pipeline": [{"transform": "Rotate"}], "ink": "dark"}));
    jsons(&all)
}

fn taught() -> Vec<Vec<u8>> {
    let layers = ["16-pool-pool-average-10", "16-16-pool-16-pool-flatten-10"];
    layers
        .iter()
        .map(|layers| {
            let network = Network::new(&Architecture::parse(layers).expect("layers"));
            let weights = network.begin(&mut Stream::new(1, 0, Purpose::Training));
            onnx::write("seed", &network.fold(&weights).expect("a network"))
        })
        .collect()
}

/// The table of requests, but for the large ones.
fn routes() -> Vec<Vec<u8>> {
    const BOUNDARY: &str = "edge";
    fn body(given: &Value) -> Vec<u8> {
        if let Some(text) = given["text"].as_str() {
            return text.into();
        }
        if let Some(file) = given["file"].as_str() {
            return fs::read(root().join(file)).unwrap_or_default();
        }
        if let Some(parts) = given["form"].as_array() {
            let mut form = Vec::new();
            for part in parts {
                let name = part["name"].as_str().unwrap_or_default();
                form.extend(
                    format!("--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{name}\"")
                        .bytes(),
                );
                if let Some(file) = part["filename"].as_str() {
                    form.extend(format!("; filename=\"{file}\"").bytes());
                }
                form.extend(b"\r\n\r\n");
                form.extend(body(part));
                form.extend(b"\r\n");
            }
            form.extend(format!("--{BOUNDARY}--\r\n").bytes());
            return form;
        }
        given
            .get("json")
            .map(|json| json.to_string().into_bytes())
            .unwrap_or_default()
    }
    let table = fs::read(root().join("tests/routes/table.json")).expect("the table");
    let table: Vec<Value> = serde_json::from_slice(&table).expect("JSON");
    let request = |case: &Value| {
        let request = &case["request"];
        let text = |name: &str| request[name].as_str().unwrap_or_default();
        let given = request.get("body").unwrap_or(&Value::Null);
        let mut head = format!("{} {}?{}\n", text("method"), text("path"), text("query"));
        if given.get("form").is_some() {
            let _ = writeln!(
                head,
                "content-type: multipart/form-data; boundary={BOUNDARY}"
            );
        }
        for (name, value) in request["headers"].as_object().into_iter().flatten() {
            let _ = writeln!(head, "{name}: {}", value.as_str().unwrap_or_default());
        }
        head.push('\n');
        let body = body(given);
        (body.len() <= 4_000).then(|| [b"\x08", head.as_bytes(), &body].concat())
    };
    table.iter().filter_map(request).collect()
}
