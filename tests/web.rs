//! The engine's interface as JavaScript sees it, in a real browser.

#![cfg(target_arch = "wasm32")]

#[path = "golden/augment.rs"]
mod augment;

use digitlab::mnist::Pool;
use digitlab::raster::to_unit;
use digitlab::sequence::{FIELDS, Generator, Request};
use digitlab::web::encode::{to_json, to_npy, to_png, to_unit as unit_of};
use digitlab::web::engine::{Engine, fields};
use digitlab::web::own_bucket::{NamedFile, OwnBucket};
use js_sys::{Array, Float32Array, JSON, Reflect, Uint8Array};
use serde_json::{Value, json};
use wasm_bindgen::JsValue;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

/// An IDX data set: picture k shows the digit k % 10 as a bar of k % 20 + 3 columns.
fn idx(count: usize) -> Vec<NamedFile> {
    let be_count = (count as u32).to_be_bytes();
    let mut images = [&[0, 0, 8, 3], &be_count[..], &[0, 0, 0, 28, 0, 0, 0, 28]].concat();
    for k in 0..count {
        let row: [u8; 28] = std::array::from_fn(|x| {
            if (4..k % 20 + 7).contains(&x) {
                100 + (k + x) as u8 % 100
            } else {
                0
            }
        });
        images.extend(row.repeat(28));
    }
    let mut labels = [&[0, 0, 8, 1], &be_count[..]].concat();
    labels.extend((0..count).map(|k| (k % 10) as u8));
    vec![
        NamedFile::new("images".into(), images),
        NamedFile::new("labels".into(), labels),
    ]
}

fn shards(own: &mut OwnBucket) -> Vec<(String, Vec<u8>)> {
    std::iter::from_fn(|| own.take())
        .map(|file| (file.name(), file.bytes().to_vec()))
        .collect()
}

/// A JavaScript value as JSON, as any program would see it.
fn plain(value: &JsValue) -> Value {
    let text = JSON::stringify(value).expect("plain data");
    serde_json::from_str(&String::from(text)).expect("JSON")
}

fn refusal<T>(result: Result<T, JsValue>) -> Value {
    plain(&result.err().expect("a refusal"))
}

const REQUEST: &str = r#"{ "number": "0123456789", "image_width": 300 }"#;

#[wasm_bindgen_test]
fn an_engine_asks_for_shards_and_then_makes_the_cores_pixels() {
    let mut own = OwnBucket::new("Bars", idx(600)).expect("a data set");
    let manifest = own.manifest();
    let mut engine = Engine::new(&manifest).expect("an engine");
    let counts = &plain(&engine.info())["counts"];
    assert_eq!(counts["all"], json!(vec![60; 10]));
    assert_eq!(counts["test"], json!(vec![0; 10]));

    let missing = refusal(engine.generate(REQUEST, 5, 3, 0.0, None));
    assert_eq!(missing["code"], "shards_not_loaded");
    assert_eq!(missing["detail"]["files"].as_array().unwrap().len(), 10);

    let mut pool = Pool::new(digitlab::mnist::Manifest::parse(&manifest).unwrap());
    for (name, bytes) in shards(&mut own) {
        engine.load_shard(&name, &bytes).expect("a good shard");
        pool.load(&name, &bytes).expect("a good shard");
    }
    let batch = engine
        .generate(REQUEST, 5, 3, 1_000_000.0, None)
        .expect("images");
    assert_eq!(batch.task_ids(), "000001000000000001000001000001000002");
    assert_eq!(batch.widths().to_vec(), [300; 3]);
    let levels = batch.levels().to_vec();
    let digits = batch.digits().to_vec();
    for (room, used) in [(25_199, false), (25_200, true), (30_000, true)] {
        let memory = Uint8Array::new_with_length(room);
        let again = engine.generate(REQUEST, 5, 3, 0.0, Some(memory.clone()));
        let again = again.expect("images").levels();
        assert_eq!(again.to_vec(), levels);
        assert_eq!(again.buffer() == memory.buffer(), used, "{room} bytes");
    }
    let mut request = Request::from_json(&serde_json::from_str(REQUEST).unwrap(), 5).unwrap();
    assert_eq!(
        serde_json::from_str::<Value>(&batch.request()).unwrap(),
        Value::Object(request.to_json())
    );
    let mut generator = Generator::default();
    for k in 0..3 {
        request.set_index(k);
        let sequence = generator.generate(&request, &pool).unwrap();
        let k = k as usize;
        assert_eq!(levels[k * 8400..][..8400], sequence.image.data()[..]);
        for (at, digit) in sequence.digits.iter().enumerate() {
            let numbers = &digits[(k * 10 + at) * 5..][..5];
            let expected = [
                f64::from(digit.digit),
                0.0,
                f64::from(digit.index),
                digit.x,
                digit.width,
            ];
            assert_eq!(numbers, expected);
        }
        assert_eq!(
            batch.natural_widths().to_vec()[k] as usize,
            sequence.natural_width
        );
    }
}

#[wasm_bindgen_test]
fn refusals_are_plain_objects_with_code_message_and_detail() {
    let own = OwnBucket::new("Bars", idx(20)).expect("a data set");
    let mut engine = Engine::new(&own.manifest()).expect("an engine");
    let error = refusal(engine.generate(r#"{ "number": "4x" }"#, 0, 1, 0.0, None));
    assert_eq!(error["code"], "invalid_parameter");
    assert_eq!(error["detail"]["field"], "number");
    assert_eq!(error["detail"]["value"], "the text \"4x\"");
    assert!(
        error["message"]
            .as_str()
            .unwrap()
            .starts_with("number is the text \"4x\"; allowed: ")
    );

    for broken in ["", "{", "[1", "nul", "{\"number\":\"1\"} x"] {
        let error = refusal(engine.generate(broken, 0, 1, 0.0, None));
        assert_eq!(error["detail"]["field"], "request", "{broken}");
    }
    assert_eq!(refusal(Engine::new("{}"))["code"], "invalid_file");
    assert_eq!(
        refusal(engine.load_shard("x", &[]))["code"],
        "invalid_parameter"
    );
    let damaged = refusal(engine.load_shard("train-3-00.gz", &[1, 2, 3]));
    assert_eq!(damaged["code"], "bucket_corrupt");
    assert_eq!(damaged["detail"]["file"], "train-3-00.gz");

    let mut swapped = idx(20);
    swapped.reverse();
    let error = refusal(OwnBucket::new("Bars", swapped));
    assert_eq!(error["code"], "invalid_file");
    assert!(
        error["message"]
            .as_str()
            .unwrap()
            .contains("a file of labels, not of images")
    );
}

#[wasm_bindgen_test]
fn the_fields_come_over_as_they_are() {
    let list = Array::from(&fields());
    assert_eq!(list.length() as usize, FIELDS.len());
    for (value, field) in list.iter().zip(FIELDS) {
        let over = plain(&value);
        assert_eq!(over, serde_json::to_value(field).unwrap());
        assert_eq!(over["name"], field.name);
    }
    let width = list.get(4);
    assert_eq!(Reflect::get(&width, &"max".into()).unwrap(), 16_384.0);
}

#[wasm_bindgen_test]
fn fixed_seeds_augment_as_pinned() {
    let changed = augment::changed();
    assert!(changed.is_empty(), "these are not as pinned: {changed:?}");
}

#[wasm_bindgen_test]
fn levels_become_numbers() {
    for length in [0_u32, 1, 784, 50_000] {
        let levels: Vec<u8> = (0..length).map(|k| (k % 256) as u8).collect();
        let numbers = Float32Array::new_with_length(length + 2);
        unit_of(&levels, &numbers);
        let mut expected: Vec<f32> = levels.iter().map(|&level| to_unit(level)).collect();
        expected.extend([0.0; 2]);
        assert_eq!(numbers.to_vec(), expected);
    }
}

#[wasm_bindgen_test]
fn files_hold_the_pixels() {
    let pixels: Vec<f32> = (0..56).map(|level| level as f32 / 255.0).collect();
    let png = to_png(&pixels, 2).expect("a PNG");
    let decoded = image::load_from_memory(&png)
        .expect("a picture")
        .into_luma8();
    assert_eq!(decoded.dimensions(), (2, 28));
    assert!(decoded.into_raw().into_iter().eq(0..56));

    let npy = to_npy(&pixels, 2).expect("an array");
    assert_eq!(npy.len(), 128 + 4 * 56);

    let text = to_json(r#"{ "label": "1" }"#, &pixels, 2).expect("JSON");
    let json: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(json["label"], "1");
    assert_eq!(json["generatedImage"].as_array().unwrap().len(), 28);
    // As short as a 32-bit float needs.
    assert!(text.contains("[0.0,0.003921569]"), "{text}");

    for width in [0, 3, 57] {
        let error = refusal(to_png(&pixels, width));
        assert_eq!(error["detail"]["field"], "width");
    }
    assert!(to_npy(&[], 1).is_err());
    assert!(to_json("[]", &pixels, 2).is_err());
}
