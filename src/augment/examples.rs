//! Options that make a transform's effect visible, where its defaults barely show.

use serde_json::{Map, Value};

/// Names and options as JSON text. What is not here shows with its defaults. The ranges
/// keep away from the values that change nothing, so that every variant shows something.
const EXAMPLES: &[(&str, &str)] = &[
    (
        "Affine",
        r#"{"scale":[0.8,0.9],"rotate":[10,25],"shear":[5,15]}"#,
    ),
    (
        "ShiftScaleRotate",
        r#"{"shift_limit":[0.05,0.1],"scale_limit":[-0.25,-0.1],"rotate_limit":[10,30]}"#,
    ),
    ("Rotate", r#"{"limit":[15,45]}"#),
    ("SafeRotate", r#"{"limit":[15,45]}"#),
    ("Perspective", r#"{"scale":[0.1,0.15]}"#),
    ("Resize", r#"{"height":128,"width":256}"#),
    ("RandomScale", r#"{"scale_limit":[-0.6,-0.4]}"#),
    (
        "PadIfNeeded",
        r#"{"pad_height_divisor":150,"pad_width_divisor":130,"fill":128}"#,
    ),
    (
        "CenterCrop",
        r#"{"height":160,"width":160,"pad_if_needed":true}"#,
    ),
    (
        "RandomCrop",
        r#"{"height":160,"width":160,"pad_if_needed":true}"#,
    ),
    (
        "RandomResizedCrop",
        r#"{"size":[256,256],"scale":[0.2,0.5]}"#,
    ),
    ("CropAndPad", r#"{"percent":[-0.2,-0.1]}"#),
    ("Morphological", r#"{"scale":[3,5]}"#),
    ("OpticalDistortion", r#"{"distort_limit":[0.4,0.6]}"#),
    ("ElasticTransform", r#"{"alpha":400,"sigma":8}"#),
    ("PiecewiseAffine", r#"{"scale":[0.05,0.08]}"#),
    ("Blur", r#"{"blur_limit":[7,11]}"#),
    ("MedianBlur", r#"{"blur_limit":[7,11]}"#),
    ("GaussianBlur", r#"{"sigma_limit":[2,4]}"#),
    ("MotionBlur", r#"{"blur_limit":[11,17]}"#),
    ("Defocus", r#"{"radius":[4,6]}"#),
    ("ZoomBlur", r#"{"max_factor":[1.15,1.25]}"#),
    ("GaussNoise", r#"{"std_range":[0.1,0.2]}"#),
    (
        "ISONoise",
        r#"{"color_shift":[0.05,0.1],"intensity":[0.4,0.8]}"#,
    ),
    (
        "MultiplicativeNoise",
        r#"{"multiplier":[0.6,1.4],"per_channel":true,"elementwise":true}"#,
    ),
    ("SaltAndPepper", r#"{"amount":[0.05,0.1]}"#),
    (
        "RandomBrightnessContrast",
        r#"{"brightness_limit":[0.15,0.3],"contrast_limit":[0.2,0.4]}"#,
    ),
    ("RandomGamma", r#"{"gamma_limit":[180,220]}"#),
    ("RandomToneCurve", r#"{"scale":0.4}"#),
    ("CLAHE", r#"{"clip_limit":[4,6]}"#),
    ("AutoContrast", r#"{"cutoff":5}"#),
    ("Posterize", r#"{"num_bits":[2,2]}"#),
    (
        "HueSaturationValue",
        r#"{"hue_shift_limit":[20,60],"sat_shift_limit":[20,50],"val_shift_limit":[5,20]}"#,
    ),
    (
        "ColorJitter",
        r#"{"brightness":[1.05,1.2],"saturation":[1.3,1.7],"hue":[-0.3,-0.1]}"#,
    ),
    (
        "RGBShift",
        r#"{"r_shift_limit":[20,50],"g_shift_limit":[-50,-20]}"#,
    ),
    ("Emboss", r#"{"alpha":[0.5,0.8],"strength":[0.7,1.5]}"#),
    ("Sharpen", r#"{"alpha":[0.5,0.8]}"#),
    (
        "UnsharpMask",
        r#"{"blur_limit":[7,11],"alpha":[0.6,0.9],"threshold":2}"#,
    ),
    ("ImageCompression", r#"{"quality_range":[8,15]}"#),
    ("CoarseDropout", r#"{"num_holes_range":[3,6]}"#),
    ("PixelDropout", r#"{"dropout_prob":0.1}"#),
    (
        "RandomShadow",
        r#"{"num_shadows_limit":[2,3],"shadow_roi":[0,0.2,1,1]}"#,
    ),
];

/// The options that show what a transform does; none where its defaults show it.
pub fn example(name: &str) -> Map<String, Value> {
    let found = EXAMPLES.iter().find(|(known, _)| *known == name);
    found.map_or_else(Map::new, |(_, options)| {
        serde_json::from_str(options).expect("the table holds JSON")
    })
}

#[cfg(test)]
mod tests {
    use super::super::{Pipeline, definition, definitions};
    use super::*;
    use crate::random::{Purpose, Stream};
    use crate::raster::{Raster, Shape};
    use serde_json::json;

    /// Colours in waves, with edges: neither a flat picture nor noise.
    fn picture() -> Raster {
        let shape = Shape {
            width: 97,
            height: 83,
            channels: 3,
        };
        let level = |x: usize, y: usize, channel: usize| {
            let wave = (x * (3 + channel) + y * 2) % 160;
            let edge = if (x / 12 + y / 9).is_multiple_of(2) {
                20
            } else {
                70
            };
            (wave + edge) as u8
        };
        let data = (0..shape.len())
            .map(|at| level(at / 3 % shape.width, at / 3 / shape.width, at % 3))
            .collect();
        Raster::new(shape, data).expect("a picture")
    }

    #[test]
    fn every_example_changes_a_picture() {
        let plain = picture();
        let mut failures = Vec::new();
        for definition in definitions().filter(|definition| definition.name != "NoOp") {
            let mut step = example(definition.name);
            step.insert("transform".into(), definition.name.into());
            step.insert("p".into(), 1.into());
            let pipeline = Pipeline::from_json(&json!([step])).expect("allowed options");
            let visible = |index| {
                let mut stream = Stream::new(7, index, Purpose::Augment);
                let (made, record) = pipeline
                    .run(plain.clone(), &mut stream)
                    .expect("it takes colours");
                assert_eq!(record.len(), 1);
                if made.shape() != plain.shape() {
                    return true;
                }
                let pairs = made.data().iter().zip(plain.data());
                let sum: u64 = pairs.map(|(a, b)| u64::from(a.abs_diff(*b))).sum();
                sum as f64 / plain.data().len() as f64 >= 1.0
            };
            let shown = (0..24).filter(|&index| visible(index)).count();
            // A quarter turn may be none, and a shuffle may leave the order.
            let least = match definition.name {
                "RandomRotate90" | "ChannelShuffle" => 12,
                _ => 24,
            };
            if shown < least {
                failures.push(format!("{}: {shown} of 24", definition.name));
            }
        }
        assert!(failures.is_empty(), "{failures:#?}");
    }

    #[test]
    fn examples_are_of_transforms_that_exist_once_each() {
        for (at, (name, options)) in EXAMPLES.iter().enumerate() {
            assert!(definition(name).is_some(), "{name}");
            assert!(
                EXAMPLES[at + 1..].iter().all(|(other, _)| other != name),
                "{name}"
            );
            let options: Value = serde_json::from_str(options).expect("JSON");
            assert!(
                options
                    .as_object()
                    .is_some_and(|options| !options.is_empty()),
                "{name}"
            );
        }
        assert_eq!(example("Posterize")["num_bits"], json!([2, 2]));
        assert!(example("NoOp").is_empty());
    }
}
