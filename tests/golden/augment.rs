//! What every transform makes of a picture with fixed seeds, compared with what is pinned
//! in `augment.json`: natively, and in a browser. New cases may be added; a case that is
//! there must never change.

use digitlab::augment::{PRESETS, definitions, pipeline_of};
use digitlab::mnist::bucket::sha256;
use digitlab::random::{Purpose, Stream};
use digitlab::raster::Shape;
use serde_json::{Value, json};

mod picture;

use picture::picture;

/// The cases that there must be: each transform on each kind of picture, and the presets.
fn wanted() -> Vec<Value> {
    let steps = definitions().map(|definition| match definition.name {
        "Resize" => json!([{ "transform": "Resize", "height": 21, "width": 40, "p": 1 }]),
        name @ ("CenterCrop" | "RandomCrop") => {
            json!([{ "transform": name, "height": 9, "width": 12, "p": 1 }])
        }
        "RandomResizedCrop" => {
            json!([{ "transform": "RandomResizedCrop", "size": [20, 24], "p": 1 }])
        }
        "CropAndPad" => json!([{ "transform": "CropAndPad", "px": [-3, 4], "p": 1 }]),
        name => json!([{ "transform": name, "p": 1 }]),
    });
    let others = [
        json!([{ "transform": "Affine", "scale": { "x": [0.7, 1.3], "y": 0.9 }, "shear": { "y": [-9, 9] }, "translate_px": { "x": [-5, 5], "y": [0, 3] }, "p": 1 }]),
        json!([{ "transform": "CropAndPad", "px": [[1, 3], [-4, -1], [0, 9], [-2, 2]], "fill": [20, 200, 7], "interpolation": "linear_exact", "p": 1 }]),
        json!([{ "transform": "CropAndPad", "percent": [[0.1, 0.3, 0.2], [-0.4], [0], [0.2, -0.2, 0.25]], "interpolation": "nearest_exact", "p": 1 }]),
        json!([{ "transform": "Posterize", "num_bits": [[1, 3], [2, 7], [4, 6]], "p": 1 }]),
        json!([{ "transform": "RandomRain", "drop_width": 3, "drop_color": [90, 120, 255], "blur_value": 4, "rain_type": "torrential", "p": 1 }]),
        json!([{ "transform": "ToGray", "method": "pca", "p": 1 }]),
    ];
    let presets = PRESETS.iter().map(|preset| json!(preset.name));
    let mut cases = Vec::new();
    for pipeline in steps.chain(others).chain(presets) {
        for [width, height, channels] in [[28, 28, 1], [45, 31, 3], [17, 40, 4]] {
            cases.push(json!({ "pipeline": pipeline, "picture": [width, height, channels] }));
        }
    }
    cases
}

/// The cases that are not as pinned, as they are now.
pub(crate) fn changed() -> Vec<Value> {
    let pinned: Vec<Value> =
        serde_json::from_str(include_str!("augment.json")).expect("a list of cases");
    let actual = |case: &Value| -> Value {
        let size = |at: usize| case["picture"][at].as_u64().expect("a size") as usize;
        let pipeline = pipeline_of(&case["pipeline"]).expect("an allowed pipeline");
        let mut hashes = Vec::new();
        for index in 0..3 {
            let mut stream = Stream::new(42, index, Purpose::Augment);
            let picture = picture(size(0), size(1), size(2));
            hashes.push(match pipeline.run(picture, &mut stream) {
                Ok((made, _)) => {
                    let Shape {
                        width,
                        height,
                        channels,
                    } = made.shape();
                    let hash = sha256(made.data());
                    format!("{width}x{height}x{channels} {}", &hash[..32])
                }
                Err(error) => error.code().to_owned(),
            });
        }
        json!({ "pipeline": case["pipeline"], "picture": case["picture"], "made": hashes })
    };
    let is_pinned = |case: &Value| {
        pinned.iter().any(|pinned| {
            pinned["pipeline"] == case["pipeline"] && pinned["picture"] == case["picture"]
        })
    };
    let missing = wanted().into_iter().filter(|case| !is_pinned(case));
    pinned
        .iter()
        .filter(|case| actual(case) != **case)
        .cloned()
        .chain(missing)
        .map(|case| actual(&case))
        .collect()
}
