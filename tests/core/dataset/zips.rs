//! Zip files, read back by others' readers.

use super::support::{blocks, plan, recipe, written};
use digitlab::Result;
use digitlab::dataset::{Notes, PartFile};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{Cursor, Read, Seek, SeekFrom, Write};
use std::path::PathBuf;
use std::process::Command;
use zip::ZipArchive;

/// What is in a zip file, by the reader that the crate has.
fn unzipped(bytes: &[u8]) -> BTreeMap<String, Vec<u8>> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).expect("a zip file");
    (0..archive.len())
        .map(|at| {
            let mut file = archive.by_index(at).expect("an entry");
            let mut content = Vec::new();
            file.read_to_end(&mut content).expect("its content");
            let name = file.name().expect("text").into_owned();
            (name, content)
        })
        .collect()
}

#[test]
fn a_zip_file_holds_what_the_folder_has() {
    for boxes in ["none", "coco", "yolo"] {
        let of = |format: &str| recipe(json!({"format": format, "boxes": boxes}));
        let mut inside = unzipped(&written(&of("png-zip"), "0/1")["digits.zip"]);
        let told: Value =
            serde_json::from_slice(&inside.remove("recipe.json").expect("a recipe")).expect("JSON");
        assert_eq!(told["sha256"], plan(&of("png-zip"), "0/1").sha256());
        assert_eq!(told.get("files"), None);
        let mut folder = written(&of("png-folder"), "0/1");
        folder.remove("recipe.json");
        assert_eq!(inside, folder, "{boxes}");
    }
}

/// A file that is removed in the end.
struct Temporary(PathBuf);

impl Temporary {
    fn new(name: &str) -> (Self, File) {
        let path = std::env::temp_dir().join(format!("digitlab-{name}-{}.zip", std::process::id()));
        let file = File::create(&path).expect("a file");
        (Self(path), file)
    }

    /// What a Python script says of it; none where there is no Python.
    fn ask(&self, script: &str) -> Option<String> {
        let output = Command::new("python3")
            .arg("-c")
            .arg(script)
            .arg(&self.0)
            .output()
            .ok()?;
        assert!(output.status.success(), "{output:?}");
        Some(String::from_utf8_lossy(&output.stdout).trim().to_owned())
    }
}

impl Drop for Temporary {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.0);
    }
}

#[test]
fn python_reads_a_zip_file() {
    let files = written(&recipe(json!({"boxes": "yolo"})), "0/1");
    let (temporary, mut file) = Temporary::new("python");
    file.write_all(&files["digits.zip"]).expect("room");
    drop(file);
    let script = "import sys, zipfile\nz = zipfile.ZipFile(sys.argv[1])\nprint(z.testzip(), len(z.namelist()))";
    if let Some(found) = temporary.ask(script) {
        // Pictures and lines, three tables, data.yaml, recipe.json.
        assert_eq!(found, "None 85");
    }
}

/// The notes of blocks, some of which are in memory.
struct Given(Vec<Vec<u8>>);

impl Notes for Given {
    fn each(&mut self, each: &mut dyn FnMut(&[u8]) -> Result<()>) -> Result<()> {
        self.0.iter().try_for_each(|notes| each(notes))
    }
}

#[test]
fn a_zip_file_may_be_larger_than_four_gibibytes() {
    // A first block of five pictures with a GiB each, which is a hole in the file, then a real one.
    const HOLES: u64 = 5;
    let recipe = recipe(json!({"subsets": {"train": 1}}));
    let plan = plan(&recipe, "0/1");
    let (_, block) = blocks(&recipe, "0/1").remove(0);
    let mut known = Vec::new();
    for index in 1000..1000 + HOLES {
        known.push(0);
        known.extend(index.to_le_bytes());
        known.extend(7_u32.to_le_bytes());
        known.extend((1_u32 << 30).to_le_bytes());
    }
    let mut notes = (known.len() as u64).to_le_bytes().to_vec();
    notes.extend(known);
    // Table, pictures and boxes: none.
    notes.extend([0; 24]);
    let header = 30 + "train/images/000000000.png".len() as u64;
    let hole = HOLES * ((1 << 30) + header);
    let piece = &block.pieces[0];
    let part = plan.part(0).expect("a part");
    let file: PartFile = plan.files(&part).remove(0);
    let (temporary, mut written) = Temporary::new("large");
    written.seek(SeekFrom::Start(hole)).expect("a hole");
    written.write_all(&piece.body).expect("room");
    let mut notes = Given(vec![notes, piece.notes.clone()]);
    let length = hole + piece.body.len() as u64;
    let end = plan
        .format()
        .end(&plan, &part, &file, length, &mut notes, &mut |bytes| {
            written.write_all(bytes).expect("room");
            Ok(())
        });
    end.expect("an end");
    drop(written);

    let mut archive =
        ZipArchive::new(File::open(&temporary.0).expect("a file")).expect("a zip file");
    assert_eq!(archive.len() as u64, HOLES + 40 + 2);
    let mut table = String::new();
    let mut entry = archive.by_name("train/labels.csv").expect("a table");
    entry.read_to_string(&mut table).expect("text");
    assert_eq!(table.lines().count(), 41);
    drop(entry);
    let mut entry = archive.by_index(HOLES as usize + 39).expect("a picture");
    assert_eq!(entry.name().expect("text"), "train/images/000000039.png");
    let mut picture = Vec::new();
    entry
        .read_to_end(&mut picture)
        .expect("its content, whose CRC is checked");
    assert!(picture.starts_with(b"\x89PNG"));
    let script = "import sys, zipfile\nz = zipfile.ZipFile(sys.argv[1])\nlast = z.infolist()[-3]\n\
                  print(len(z.infolist()), last.filename, last.header_offset > 5 << 30, len(z.read(last)))";
    if let Some(found) = temporary.ask(script) {
        assert_eq!(
            found,
            format!("47 train/images/000000039.png True {}", picture.len())
        );
    }
}

#[test]
fn a_zip_file_may_have_more_files_than_sixteen_bits_count() {
    let recipe = recipe(json!({
        "count": 66_000, "image_width": 1, "numbers": {"random": 1}, "subsets": {"train": 1},
    }));
    let files = written(&recipe, "0/1");
    let bytes = &files["digits.zip"];
    let mut archive = ZipArchive::new(Cursor::new(bytes)).expect("a zip file");
    assert_eq!(archive.len(), 66_002);
    let mut content = Vec::new();
    let mut last = archive
        .by_name("train/images/000065999.png")
        .expect("the last");
    last.read_to_end(&mut content).expect("its content");
    let (temporary, mut file) = Temporary::new("many");
    file.write_all(bytes).expect("room");
    drop(file);
    let script = "import sys, zipfile\nz = zipfile.ZipFile(sys.argv[1])\n\
                  print(len(z.namelist()), len(z.read('train/images/000065999.png')))";
    if let Some(found) = temporary.ask(script) {
        assert_eq!(found, format!("66002 {}", content.len()));
    }
}

/// The same notes again and again, which together are more than what may be held.
struct Endless {
    notes: Vec<u8>,
    blocks: usize,
    passes: usize,
}

impl Notes for Endless {
    fn each(&mut self, each: &mut dyn FnMut(&[u8]) -> Result<()>) -> Result<()> {
        self.passes += 1;
        (0..self.blocks).try_for_each(|_| each(&self.notes))
    }
}

#[test]
fn an_end_is_written_in_pieces_as_small_as_notes() {
    let recipe = recipe(json!({"boxes": "coco"}));
    let plan = plan(&recipe, "0/1");
    let (_, block) = blocks(&recipe, "0/1").remove(0);
    let notes = block.pieces[0].notes.clone();
    let part = plan.part(0).expect("a part");
    let file = plan.files(&part).remove(0);
    let (size, blocks) = (notes.len(), 5_000);
    let mut notes = Endless {
        notes,
        blocks,
        passes: 0,
    };
    let (mut largest, mut all) = (0, 0);
    let body = (block.pieces[0].body.len() * blocks) as u64;
    let end = plan
        .format()
        .end(&plan, &part, &file, body, &mut notes, &mut |bytes| {
            largest = largest.max(bytes.len());
            all += bytes.len();
            Ok(())
        });
    end.expect("an end");
    assert!(all > 50_000_000, "{all}");
    assert!(largest <= size, "{largest} of {size}");
    assert!(notes.passes > 1);
}
