//! Pipelines that Albumentations saved are read, and what we export runs in it.

use crate::support::{read_png, root};
use digitlab::augment::{PRESETS, Pipeline, definitions, import};
use digitlab::random::{Purpose, Stream};
use digitlab::raster::codec;
use serde_json::{Map, Value, json};
use std::fs;
use std::process::Command;

/// What `A.to_dict` gave and we give back, without what concerns masks, boxes and points.
fn without_masks(mut value: Value) -> Value {
    match &mut value {
        Value::Object(object) => {
            let internal: &[&str] = match object.get("__class_fullname__").and_then(Value::as_str) {
                Some("PadIfNeeded") => &["padding"],
                Some("RGBShift") => &[
                    "approximation",
                    "noise_params",
                    "noise_type",
                    "spatial_mode",
                ],
                Some("SafeRotate") => &[
                    "balanced_scale",
                    "fit_output",
                    "keep_ratio",
                    "rotate",
                    "scale",
                    "shear",
                    "translate_percent",
                    "translate_px",
                ],
                _ => &[],
            };
            object.retain(|key, _| !internal.contains(&key.as_str()));
            object.retain(|key, _| {
                !(key.contains("mask")
                    || key == "rotate_method"
                    || key == "keypoint_remapping_method")
            });
            for inside in object.values_mut() {
                *inside = without_masks(inside.take());
            }
        }
        Value::Array(list) => {
            for inside in list {
                *inside = without_masks(inside.take());
            }
        }
        Value::Number(number) => value = json!(number.as_f64()),
        _ => {}
    }
    value
}

/// Both axes alike are one value to us.
fn with_one_axis(value: Value) -> Value {
    match value {
        Value::Object(object) => match (object.len(), object.get("x"), object.get("y")) {
            (2, Some(x), Some(y)) if x == y => x.clone(),
            _ => Value::Object(
                object
                    .into_iter()
                    .map(|(key, value)| (key, with_one_axis(value)))
                    .collect(),
            ),
        },
        Value::Array(list) => list.into_iter().map(with_one_axis).collect(),
        other => other,
    }
}

#[test]
fn what_albumentations_saves_is_read_without_loss() {
    let folder = root().join("tests/reference/exchange");
    let text = fs::read_to_string(folder.join("saved.json")).expect("the saved pipelines");
    let saved: Map<String, Value> = serde_json::from_str(&text).expect("JSON");
    let mut faults = Vec::new();
    for (name, theirs) in &saved {
        match import(&theirs.to_string()).and_then(|read| read.pipeline.to_albumentations()) {
            Err(error) => faults.push(format!("{name}: {error}")),
            Ok(ours) => {
                let (theirs, ours) = (without_masks(theirs.clone()), without_masks(ours));
                let theirs = with_one_axis(theirs);
                let ours = with_one_axis(ours);
                if ours != theirs {
                    faults.push(format!("{name}:\n  theirs {theirs}\n  ours   {ours}"));
                }
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    assert!(saved.len() > definitions().count(), "{} saved", saved.len());
}

#[test]
fn what_is_not_offered_is_named_with_the_reason() {
    let theirs = json!({ "transform": {
        "__class_fullname__": "Compose", "p": 1.0,
        "transforms": [{ "__class_fullname__": "ImageCompression", "compression_type": "webp", "p": 1.0 }],
    } });
    let error = import(&theirs.to_string()).expect_err("a refusal");
    assert_eq!(error.code(), "unsupported");
    let text = error.to_string();
    for part in [
        "ImageCompression.compression_type",
        "webp",
        "jpeg, as lossy WebP cannot",
    ] {
        assert!(text.contains(part), "{text}");
    }
}

#[test]
fn both_files_of_a_nested_pipeline_say_the_same() {
    let folder = root().join("tests/reference/exchange");
    let [json, yaml] = ["json", "yaml"].map(|form| {
        let text = fs::read_to_string(folder.join(format!("nested.{form}"))).expect("a file");
        import(&text).unwrap_or_else(|error| panic!("{form}: {error}"))
    });
    assert!(json.pipeline == yaml.pipeline);
    assert_eq!(json.notes, [""; 0]);
    let steps = json.pipeline.to_json();
    assert_eq!(steps["p"], 0.8);
    assert_eq!(steps["transforms"][1]["n"], 2);
    assert_eq!(
        steps["transforms"][0]["transforms"][1]["transforms"][0]["transform"],
        "MedianBlur"
    );
}

/// Steps without randomness, whose result must be the same picture.
fn fixed() -> Pipeline {
    let steps = json!([
        { "transform": "Rotate", "p": 1, "limit": [25, 25] },
        { "transform": "Blur", "p": 1, "blur_limit": [3, 3] },
        { "transform": "RandomBrightnessContrast", "p": 1, "brightness_limit": [0.1, 0.1], "contrast_limit": [0.2, 0.2] },
        { "transform": "HorizontalFlip", "p": 1 },
    ]);
    Pipeline::from_json(&steps).expect("a pipeline")
}

#[test]
#[ignore = "needs Python with Albumentations; `cargo xtask references` runs it"]
fn exports_run_in_albumentations() {
    let python = std::env::var("DIGITLAB_PYTHON").expect("DIGITLAB_PYTHON names a Python");
    let folder = root().join("target/exports");
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).expect("a folder");
    let mut pipelines = vec![("fixed".to_owned(), fixed())];
    for preset in PRESETS {
        pipelines.push((format!("preset-{}", preset.name), preset.pipeline()));
    }
    for definition in definitions() {
        let steps = json!([{ "transform": definition.name }]);
        // Some have no defaults; the presets and the saved ones stand for them.
        if let Ok(pipeline) = Pipeline::from_json(&steps) {
            pipelines.push((definition.name.to_owned(), pipeline));
        }
    }
    for (at, steps) in [
        json!([{ "transform": "Affine", "scale": { "x": [0.8, 1.2], "y": 0.5 }, "shear": { "x": [-5, 5] }, "translate_px": { "y": [-3, 4] } }]),
        json!([{ "transform": "Affine", "translate_percent": { "x": 0.1, "y": [0, 0.25] }, "fill": [9] }]),
        json!([{ "transform": "CropAndPad", "px": [1, -2, 3, -4], "interpolation": "nearest_exact" }]),
        json!([{ "transform": "CropAndPad", "px": 3, "fill": [9] }]),
        json!([{ "transform": "CropAndPad", "px": [[1, 3], [4, 4], [0, 9], [-2, 2]], "fill": [20, 200, 7] }]),
        json!([{ "transform": "CropAndPad", "percent": [[0.1, 0.3, 0.2], [-0.4], [0], [-0.2, 0.2, 0.25]] }]),
        json!([{ "transform": "Downscale", "interpolation_pair": { "upscale": "linear_exact" } }]),
        json!([{ "transform": "Posterize", "num_bits": [[1, 3], 2, [4, 7]] }]),
        json!([{ "transform": "RandomRain", "drop_color": [1, 20, 255], "drop_length": 9 }]),
    ]
    .iter()
    .enumerate()
    {
        let pipeline = Pipeline::from_json(steps).expect("a pipeline");
        pipelines.push((format!("other-{at}"), pipeline));
    }
    for (name, pipeline) in &pipelines {
        let write = |form: &str, text: String| {
            fs::write(folder.join(format!("{name}.{form}")), text).expect("a file");
        };
        write("py", pipeline.to_python().expect("code"));
        write(
            "json",
            pipeline.to_albumentations().expect("JSON").to_string(),
        );
        write("yaml", pipeline.to_albumentations_yaml().expect("YAML"));
    }
    let picture = read_png(&root().join("tests/reference/augment/pictures/40x33x3.png"));
    fs::write(
        folder.join("fixed.png"),
        codec::to_png(&picture).expect("a PNG"),
    )
    .expect("a file");

    let run = Command::new(python)
        .arg(root().join("tests/reference/support/run_exports.py"))
        .arg(&folder)
        .output()
        .expect("Python runs");
    assert!(
        run.status.success(),
        "{}",
        String::from_utf8_lossy(&run.stderr)
    );
    assert_eq!(
        String::from_utf8_lossy(&run.stdout).trim(),
        pipelines.len().to_string()
    );

    let theirs = read_png(&folder.join("fixed-made.png"));
    let mut stream = Stream::new(1, 0, Purpose::Augment);
    let (ours, _) = fixed().run(picture, &mut stream).expect("steps that run");
    assert!(ours == theirs, "the same steps make another picture");
}
