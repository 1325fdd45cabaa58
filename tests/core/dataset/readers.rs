//! Every format, read back by the libraries that trainers use and compared, item by item, with images that are generated
//! one by one. `DIGITLAB_READERS` names a Python that has the packages of `tests/readers/requirements.txt`.

use super::support::{plan, written};
use crate::support::{generate, mnist, root};
use digitlab::Result;
use digitlab::dataset::{Item, Notes, Plan, Subset};
use digitlab::mnist::Pool;
use digitlab::raster::{Raster, Shape};
use digitlab::sequence::{Request, Sequence};
use serde::Deserialize;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::process::Command;

/// What a reader told of an item.
#[derive(Debug, Deserialize)]
struct Told {
    reader: String,
    subset: String,
    index: Option<u64>,
    label: String,
    width: usize,
    height: usize,
    sha256: String,
    boxes: Option<Vec<[f64; 4]>>,
}

/// A folder that is gone in the end.
struct Scratch(PathBuf);

impl Scratch {
    fn new(name: &str) -> Self {
        let folder =
            std::env::temp_dir().join(format!("digitlab-readers-{}-{name}", std::process::id()));
        fs::create_dir_all(&folder).expect("a folder");
        Self(folder)
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // The system clears its temporary folder anyway.
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// The Python with the readers, unless there is none.
fn python() -> Option<PathBuf> {
    let python = std::env::var_os("DIGITLAB_READERS").map(PathBuf::from);
    if python.is_none() {
        println!("Left out: DIGITLAB_READERS names no Python with the packages of tests/readers/.");
    }
    python
}

/// What the readers of a kind of files print of those in a folder.
fn read(python: &Path, kind: &str, folder: &Path, scratch: &Path) -> String {
    let output = Command::new(python)
        .arg(root().join("tests/readers/read.py"))
        .arg(kind)
        .args([folder, scratch])
        .output()
        .expect("DIGITLAB_READERS is a Python");
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{kind}: {told}");
    String::from_utf8(output.stdout).expect("text")
}

/// Makes the files of a data set in a folder.
fn make(recipe: &Value, folder: &Path) {
    for (name, content) in written(recipe, "0/1") {
        let path = folder.join(name);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(path, content).expect("room");
    }
}

/// Item `index`, generated on its own from the fields of the recipe that a request has, too.
fn single(plan: &Plan, fields: &Value, index: u64, pool: &mut Pool) -> (Subset, Sequence) {
    let recipe = plan.recipe();
    let subset = recipe.subsets().of(recipe.seed(), index);
    let number = recipe.numbers().of(recipe.seed(), index);
    let number: String = number
        .iter()
        .map(|digit| char::from(b'0' + digit))
        .collect();
    let mut request = fields.as_object().expect("an object").clone();
    for other in [
        "name",
        "count",
        "numbers",
        "subsets",
        "format",
        "boxes",
        "items_per_file",
    ] {
        request.remove(other);
    }
    if request.get("split") == Some(&json!("matching")) {
        let split = if subset == Subset::Test {
            "test"
        } else {
            "train"
        };
        request.insert("split".into(), split.into());
    }
    request.insert("number".into(), number.into());
    request.insert("index".into(), index.into());
    let request = Request::from_json(&Value::Object(request), 0).expect("a request");
    (subset, generate(&request, pool).expect("an image"))
}

/// Makes a data set and compares what each of its readers tells with the items.
///
/// `readers` are the kinds of files to be read, with the readers of each; boxes may differ by `tolerance` pixels.
fn check(name: &str, fields: &Value, readers: &[(&str, &[&str])], tolerance: f64) {
    let Some(python) = python() else { return };
    let plan = plan(fields, "0/1");
    let mut pool = mnist();
    let scratch = Scratch::new(name);
    let folder = scratch.0.join("made");
    fs::create_dir(&folder).expect("a folder");

    let mut expected: BTreeMap<&str, Vec<(u64, Sequence)>> = BTreeMap::new();
    for index in 0..plan.recipe().count() {
        let (subset, made) = single(&plan, fields, index, &mut pool);
        expected
            .entry(subset.name())
            .or_default()
            .push((index, made));
    }
    make(fields, &folder);

    for (kind, names) in readers {
        let place = scratch.0.join(format!("read-{kind}"));
        fs::create_dir(&place).expect("a folder");
        let mut told: BTreeMap<(String, String), Vec<Told>> = BTreeMap::new();
        for line in read(&python, kind, &folder, &place).lines() {
            let line: Told = serde_json::from_str(line).expect("an item");
            told.entry((line.reader.clone(), line.subset.clone()))
                .or_default()
                .push(line);
        }
        for reader in *names {
            for (subset, items) in &expected {
                let told = told
                    .remove(&((*reader).to_owned(), (*subset).to_owned()))
                    .unwrap_or_else(|| panic!("{name}: {reader} found nothing to {subset}"));
                assert_eq!(told.len(), items.len(), "{name}: {reader}, {subset}");
                for (told, (index, made)) in told.iter().zip(items) {
                    let case = format!("{name}: {reader}, {subset}, item {index}");
                    equals(&case, told, *index, made, tolerance);
                }
            }
        }
        assert!(
            told.is_empty(),
            "{name}: more than expected: {:?}",
            told.keys()
        );
    }
}

fn equals(case: &str, told: &Told, index: u64, made: &Sequence, tolerance: f64) {
    assert_eq!(told.label, made.label, "{case}");
    assert!(told.index.is_none_or(|told| told == index), "{case}");
    let size = (made.image.width(), made.image.height());
    assert_eq!((told.width, told.height), size, "{case}");
    let hash = Sha256::digest(made.image.data());
    let hash: String = hash.iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(told.sha256, hash, "{case}");
    let Some(boxes) = &told.boxes else { return };
    assert_eq!(boxes.len(), made.digits.len(), "{case}");
    for (told, digit) in boxes.iter().zip(&made.digits) {
        let expected = [digit.x, 0.0, digit.width, 28.0];
        for (told, expected) in told.iter().zip(expected) {
            assert!((told - expected).abs() <= tolerance, "{case}: {boxes:?}");
        }
    }
}

/// Numbers of several lengths in pictures of several widths, with all subsets, in several files.
fn varied(format: &str, boxes: &str) -> Value {
    json!({
        "count": 250,
        "numbers": { "random": [1, 6] },
        "fit": "natural",
        "spacing_max": 9,
        "seed": "11",
        "subsets": { "train": 3, "validation": 1, "test": 1 },
        "format": format,
        "boxes": boxes,
        "items_per_file": 100,
    })
}

/// Numbers of several lengths in pictures of one width.
fn even(format: &str, width: u32, fit: &str) -> Value {
    let mut recipe = varied(format, "none");
    recipe["image_width"] = width.into();
    recipe["fit"] = fit.into();
    recipe
}

#[test]
fn zip_files_are_read() {
    let recipe = varied("png-zip", "none");
    check("zip", &recipe, &[("png-zip", &["pillow"])], 0.0);
}

#[test]
fn folders_and_coco_are_read() {
    let readers: [(&str, &[&str]); 2] = [("png-folder", &["pillow"]), ("coco", &["pycocotools"])];
    let recipe = varied("png-folder", "coco");
    check("coco", &recipe, &readers, 0.0);
}

#[test]
fn yolo_is_read() {
    // It has six digits behind the point of a part of the width.
    let mut recipe = varied("png-folder", "yolo");
    recipe["items_per_file"] = 250.into();
    check("yolo", &recipe, &[("yolo", &["yolo"])], 0.001);
}

#[test]
fn web_datasets_are_read() {
    let mut recipe = varied("webdataset", "none");
    recipe["augment"] = true.into();
    recipe["split"] = "matching".into();
    check(
        "webdataset",
        &recipe,
        &[("webdataset", &["webdataset"])],
        0.0,
    );
}

#[test]
fn parquet_is_read() {
    let recipe = varied("parquet", "none");
    check(
        "parquet",
        &recipe,
        &[("parquet", &["pyarrow", "datasets"])],
        0.0,
    );
}

#[test]
fn archives_of_arrays_are_read() {
    let mut recipe = even("npz", 90, "stretch");
    check("npz-parts", &recipe, &[("npz", &["numpy"])], 0.0);
    // Several blocks in one file.
    recipe["count"] = 2300.into();
    recipe["items_per_file"] = 5000.into();
    check("npz", &recipe, &[("npz", &["numpy"])], 0.0);
}

#[test]
fn arrays_are_read() {
    let recipe = even("npy", 300, "pad");
    check("npy-parts", &recipe, &[("npy", &["numpy"])], 0.0);
    let mut whole = recipe;
    whole["items_per_file"] = 250.into();
    check("npy", &whole, &[("npy", &["numpy"])], 0.0);
}

#[test]
fn idx_files_are_read() {
    let recipe = even("idx", 120, "stretch");
    check("idx", &recipe, &[("idx", &["idx"])], 0.0);
    let mut single = even("idx", 28, "stretch");
    single["numbers"] = json!({ "random": 1 });
    single["items_per_file"] = 1000.into();
    check("idx-single", &single, &[("idx", &["idx"])], 0.0);
}

/// The notes of equal blocks, and of a shorter one at the end.
struct Repeated {
    notes: [Vec<u8>; 2],
    times: u64,
}

impl Notes for Repeated {
    fn each(&mut self, each: &mut dyn FnMut(&[u8]) -> Result<()>) -> Result<()> {
        (0..self.times).try_for_each(|_| each(&self.notes[0]))?;
        each(&self.notes[1])
    }
}

#[test]
fn archives_beyond_four_gigabytes_are_read() {
    let Some(python) = python() else { return };
    let recipe = json!({
        "count": 16_000,
        "numbers": { "list": ["042", "7"] },
        "image_width": 10_000,
        "seed": "1",
        "format": "npz",
    });
    let plan = plan(&recipe, "0/1");
    let part = plan.part(0).expect("the part");
    let file = plan.files(&part).remove(0);
    let scratch = Scratch::new("npz-large");
    let mut written = File::create(scratch.0.join(&file.name)).expect("a file");
    let head = plan.format().head(&plan, &part, &file).expect("a head");
    written.write_all(&head).expect("room");

    // Black pictures are a hole in the file. All blocks but the last tell what the first does.
    let blocks = plan.block_count(&part);
    let mut hole = 0;
    let notes = [0, blocks - 1].map(|number| {
        let indices = plan.block(&part, number).expect("a block");
        let item = |index: u64| {
            let request = plan.recipe().request(index);
            let shape = Shape {
                width: 10_000,
                height: 28,
                channels: 1,
            };
            Item {
                index,
                subset: Subset::Train,
                image: Raster::black(shape).expect("a picture"),
                label: request.label(),
                digits: Vec::new(),
            }
        };
        let items: Vec<Item> = indices.map(item).collect();
        let block = plan.format().block(&plan, &part, &items).expect("a block");
        let piece = block.pieces.into_iter().next().expect("a piece");
        hole += piece.body.len() as u64 * if number == 0 { blocks - 1 } else { 1 };
        piece.notes
    });
    assert!(hole > 1 << 32);
    let length = head.len() as u64 + hole;
    written.seek(SeekFrom::Start(length)).expect("a hole");
    let mut notes = Repeated {
        notes,
        times: blocks - 1,
    };
    plan.format()
        .end(&plan, &part, &file, length, &mut notes, &mut |bytes| {
            written.write_all(bytes).expect("room");
            Ok(())
        })
        .expect("an end");
    drop(written);

    let told = read(&python, "npz-large", &scratch.0, &scratch.0);
    let told: Value = serde_json::from_str(&told).expect("a line");
    assert_eq!(told["images"], json!([16_000, 28, 10_000]));
    assert_eq!(told["read"], 16_000_u64 * 28 * 10_000);
    assert_eq!(told["index"], json!([0, 15_999]));
}
