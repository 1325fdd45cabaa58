//! Folders of pictures: their tables and boxes.

use super::support::{Kitchen, plan, recipe, written};
use digitlab::dataset::{Item, Job, Plan};
use image::ImageReader;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::io::Cursor;

fn items(plan: &Plan) -> Vec<Item> {
    let mut kitchen = Kitchen::new();
    let indices = 0..plan.recipe().count();
    let job = Job {
        part: 0,
        block: 0,
        indices: indices.clone(),
    };
    kitchen.make(plan, &job).expect("a block");
    kitchen
        .maker
        .items(plan, indices, &kitchen.pool)
        .expect("items")
        .to_vec()
}

fn text<'a>(files: &'a BTreeMap<String, Vec<u8>>, name: &str) -> &'a str {
    std::str::from_utf8(files.get(name).unwrap_or_else(|| panic!("{name}"))).expect("text")
}

#[test]
fn every_picture_is_there_with_its_label() {
    let recipe = recipe(json!({"format": "png-folder", "fit": "natural"}));
    let files = written(&recipe, "0/1");
    let items = items(&plan(&recipe, "0/1"));
    assert_eq!(
        files.keys().filter(|name| name.ends_with(".png")).count(),
        40
    );
    for item in &items {
        let file = &files[&format!("{}/images/{:09}.png", item.subset.name(), item.index)];
        let read = ImageReader::new(Cursor::new(file))
            .with_guessed_format()
            .expect("a picture");
        let read = read.decode().expect("a PNG").into_luma8();
        assert_eq!(read.as_raw(), item.image.data());
        assert_eq!(read.width() as usize, item.image.width());
    }
    for subset in ["train", "validation", "test"] {
        let mut lines = text(&files, &format!("{subset}/labels.csv")).lines();
        assert_eq!(lines.next(), Some("file,index,label,width,height,boxes"));
        let of_subset: Vec<_> = items
            .iter()
            .filter(|item| item.subset.name() == subset)
            .collect();
        assert!(!of_subset.is_empty());
        for item in of_subset {
            let fields: Vec<&str> = lines.next().expect("a line").split(',').collect();
            let boxes: Vec<String> = item
                .digits
                .iter()
                .map(|digit| format!("{} 0 {} 28", digit.x, digit.width))
                .collect();
            let expected = [
                format!("images/{:09}.png", item.index),
                item.index.to_string(),
                item.label.clone(),
                item.image.width().to_string(),
                "28".into(),
                boxes.join(";"),
            ];
            assert_eq!(fields, expected);
        }
        assert_eq!(lines.next(), None);
    }
}

#[test]
fn boxes_are_written_as_coco_has_them() {
    let recipe = recipe(json!({"format": "png-folder", "boxes": "coco", "items_per_file": 25}));
    let files = written(&recipe, "0/1");
    let items = items(&plan(&recipe, "0/1"));
    let mut ids = Vec::new();
    let mut images = 0;
    for subset in ["train", "validation", "test"] {
        for part in 0..2 {
            let name = format!("{subset}/annotations-{part:05}.json");
            let json: Value = serde_json::from_str(text(&files, &name)).expect("JSON");
            assert_eq!(json["categories"].as_array().map(Vec::len), Some(10));
            assert_eq!(json["categories"][7]["id"], 7);
            assert_eq!(json["categories"][7]["name"], "7");
            let annotations = json["annotations"].as_array().expect("a list");
            for image in json["images"].as_array().expect("a list") {
                images += 1;
                let index = image["id"].as_u64().expect("an id");
                let item = &items[index as usize];
                assert_eq!(item.subset.name(), subset);
                assert_eq!(index / 25, part);
                assert_eq!(image["file_name"], format!("images/{index:09}.png"));
                assert_eq!(
                    (image["width"].as_u64(), image["height"].as_u64()),
                    (Some(84), Some(28))
                );
                let of_image: Vec<&Value> = annotations
                    .iter()
                    .filter(|row| row["image_id"] == index)
                    .collect();
                assert_eq!(of_image.len(), item.digits.len());
                for ((at, row), digit) in (0..).zip(of_image).zip(&item.digits) {
                    assert_eq!(row["id"], index * 256 + at + 1);
                    assert_eq!(row["category_id"], digit.digit);
                    let [x, y, width, height] = [0, 1, 2, 3].map(|at| row["bbox"][at].as_f64());
                    assert_eq!((x, y), (Some(digit.x), Some(0.0)));
                    assert_eq!((width, height), (Some(digit.width), Some(28.0)));
                    assert_eq!(row["area"].as_f64(), Some(digit.width * 28.0));
                    assert_eq!(row["iscrowd"], 0);
                }
            }
            ids.extend(annotations.iter().map(|row| row["id"].as_u64()));
        }
    }
    assert_eq!(images, 40);
    let count = ids.len();
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), count);
}

#[test]
fn boxes_are_written_as_yolo_has_them() {
    let recipe = recipe(json!({"format": "png-folder", "boxes": "yolo"}));
    let files = written(&recipe, "0/1");
    for item in items(&plan(&recipe, "0/1")) {
        let lines = text(
            &files,
            &format!("{}/labels/{:09}.txt", item.subset.name(), item.index),
        );
        assert_eq!(lines.lines().count(), item.digits.len());
        for (line, digit) in lines.lines().zip(&item.digits) {
            let numbers: Vec<f64> = line
                .split(' ')
                .map(|number| number.parse().expect("a number"))
                .collect();
            let [class, x, y, width, height] = numbers[..] else {
                panic!("{line}");
            };
            assert_eq!((class, y, height), (f64::from(digit.digit), 0.5, 1.0));
            assert!(
                (x * 84.0 - digit.x - digit.width / 2.0).abs() < 1e-3,
                "{line}"
            );
            assert!((width * 84.0 - digit.width).abs() < 1e-3, "{line}");
            assert!(0.0 < x && x < 1.0 && 0.0 < width && width < 1.0);
        }
    }
    let data = text(&files, "data.yaml");
    assert!(
        data.contains("\ntrain: train/images\nval: validation/images\ntest: test/images\nnc: 10\n"),
        "{data}"
    );
}

#[test]
fn a_subset_without_items_still_has_its_files() {
    let recipe = recipe(json!({
        "format": "png-folder", "boxes": "coco", "count": 1, "subsets": {"train": 1, "validation": 1, "test": 1},
    }));
    let files = written(&recipe, "0/1");
    assert_eq!(files.len(), 8, "{:?}", files.keys());
    let mut images = 0;
    for subset in ["train", "validation", "test"] {
        let coco: Value = serde_json::from_str(text(&files, &format!("{subset}/annotations.json")))
            .expect("JSON");
        images += coco["images"].as_array().expect("a list").len();
        assert!(text(&files, &format!("{subset}/labels.csv")).starts_with("file,index,label"));
    }
    assert_eq!(images, 1);
}
