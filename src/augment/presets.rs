//! Ready-made pipelines.

use super::Pipeline;
use crate::error::{Error, Result};
use crate::parameter::describe;
use serde::Serialize;
use serde_json::{Value, json};

/// A ready-made pipeline.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Preset {
    /// Its name in requests.
    pub name: &'static str,
    /// One sentence on what it does.
    pub help: &'static str,
    #[serde(skip)]
    json: fn() -> Value,
}

impl Preset {
    /// The pipeline.
    pub fn pipeline(&self) -> Pipeline {
        Pipeline::from_json(&(self.json)()).expect("presets are good")
    }
}

/// A pipeline by the name of a preset, or by its steps.
///
/// # Errors
/// [`Error::InvalidParameter`] for an unknown name, and
/// those of [`Pipeline::from_json`].
pub fn pipeline_of(json: &Value) -> Result<Pipeline> {
    let Some(name) = json.as_str() else {
        return Pipeline::from_json(json);
    };
    preset(name).map(Preset::pipeline).ok_or_else(|| {
        let names: Vec<&str> = PRESETS.iter().map(|preset| preset.name).collect();
        let allowed = format!("{}, or a list of transforms", names.join(", "));
        Error::invalid("pipeline", describe(json), allowed)
    })
}

/// The preset of a name.
pub fn preset(name: &str) -> Option<&'static Preset> {
    PRESETS.iter().find(|preset| preset.name == name)
}

/// All presets: first those for digits, from mild to strong, then single steps.
pub static PRESETS: &[Preset] = &[
    Preset {
        name: "seed",
        help: "Half of the digits are changed, most of them mildly.",
        json: seed,
    },
    Preset {
        name: "visible",
        help: "Every digit is turned, bent or thickened so that one sees it, and stays easy to read.",
        json: visible,
    },
    Preset {
        name: "strong",
        help: "Every digit is changed in several ways, up to what a person can still read.",
        json: strong,
    },
    Preset {
        name: "rotate",
        help: "Turns by 0 to 365 degrees, counter-clockwise, with the nearest pixel, on the same canvas.",
        json: || json!([{ "transform": "Rotate", "p": 1, "limit": [0, 365], "interpolation": "nearest" }]),
    },
    Preset {
        name: "fliplr",
        help: "Mirrors left and right.",
        json: || json!([{ "transform": "HorizontalFlip", "p": 1 }]),
    },
    Preset {
        name: "greyscale",
        help: "Takes the colour away.",
        json: || json!([{ "transform": "ToGray", "p": 1 }]),
    },
    Preset {
        name: "zoom",
        help: "Enlarges the middle by up to a half; the size stays.",
        json: || json!([{ "transform": "Affine", "p": 1, "scale": [1, 1.5], "keep_ratio": true }]),
    },
    Preset {
        name: "do_nothing",
        help: "Leaves the picture as it is.",
        json: || json!([{ "transform": "NoOp", "p": 1 }]),
    },
];

/// The digit pipeline of the original system. Two things are told differently here: its
/// noise, of a variance up to 0.005, by the standard deviation; and the affine jitter of
/// 5 pixels that its elastic transform had, by an affine step of about that size.
fn seed() -> Value {
    json!({ "p": 0.5, "transforms": [
        { "transform": "GaussNoise", "p": 0.1, "std_range": [0, 0.07] },
        { "transform": "OneOf", "p": 0.2, "transforms": [
            { "transform": "MedianBlur", "p": 0.5, "blur_limit": [3, 3] },
            { "transform": "Blur", "p": 1, "blur_limit": [3, 3] },
        ]},
        { "transform": "ShiftScaleRotate", "p": 0.2, "shift_limit": [-0.1, 0.1], "scale_limit": [-0.4, 0.4], "rotate_limit": [-45, 45] },
        { "transform": "OneOf", "p": 0.2, "transforms": [
            { "transform": "GridDistortion", "p": 0.5, "num_steps": 3, "distort_limit": [-0.3, 0.3] },
            { "transform": "Sequential", "p": 1, "transforms": [
                { "transform": "Affine", "p": 1, "scale": [0.8, 1.2], "rotate": [-12, 12], "shear": [-12, 12], "translate_percent": [-0.08, 0.08] },
                { "transform": "ElasticTransform", "p": 1, "alpha": 1, "sigma": 200 },
            ]},
            { "transform": "OpticalDistortion", "p": 1, "distort_limit": [-0.1, 0.1] },
        ]},
        { "transform": "OneOf", "p": 0.2, "transforms": [
            { "transform": "Emboss", "p": 0.5, "alpha": [0.01, 0.05], "strength": [0.1, 0.4] },
            { "transform": "RandomBrightnessContrast", "p": 0.5, "brightness_limit": [-0.4, 0.4], "contrast_limit": [-0.4, 0.4] },
        ]},
    ]})
}

fn visible() -> Value {
    json!([
        { "transform": "Affine", "p": 0.8, "scale": [0.85, 1.15], "rotate": [-15, 15], "shear": [-12, 12] },
        { "transform": "OneOf", "p": 0.6, "transforms": [
            { "transform": "GridDistortion", "p": 1, "num_steps": 3, "distort_limit": [-0.25, 0.25] },
            { "transform": "ElasticTransform", "p": 1, "alpha": 12, "sigma": 4 },
        ]},
        { "transform": "OneOf", "p": 0.4, "transforms": [
            { "transform": "Morphological", "p": 1, "scale": [2, 2], "operation": "dilation" },
            { "transform": "Morphological", "p": 0.6, "scale": [2, 2], "operation": "erosion" },
            { "transform": "Blur", "p": 1, "blur_limit": [3, 3] },
        ]},
        { "transform": "GaussNoise", "p": 0.3, "std_range": [0.02, 0.08] },
    ])
}

fn strong() -> Value {
    json!([
        { "transform": "Affine", "p": 1, "scale": [0.7, 1.2], "rotate": [-25, 25], "shear": [-20, 20], "translate_percent": [-0.08, 0.08] },
        { "transform": "OneOf", "p": 0.9, "transforms": [
            { "transform": "GridDistortion", "p": 1, "num_steps": 4, "distort_limit": [-0.4, 0.4] },
            { "transform": "ElasticTransform", "p": 1, "alpha": 24, "sigma": 4 },
        ]},
        { "transform": "OneOf", "p": 0.7, "transforms": [
            { "transform": "Morphological", "p": 1, "scale": [2, 3], "operation": "dilation" },
            { "transform": "Morphological", "p": 0.5, "scale": [2, 2], "operation": "erosion" },
            { "transform": "Blur", "p": 1, "blur_limit": [3, 5] },
            { "transform": "MotionBlur", "p": 1, "blur_limit": [3, 5] },
        ]},
        { "transform": "RandomBrightnessContrast", "p": 0.5, "brightness_limit": [-0.15, 0.1], "contrast_limit": [-0.2, 0.2] },
        { "transform": "GaussNoise", "p": 0.7, "std_range": [0.04, 0.16] },
        { "transform": "CoarseDropout", "p": 0.2, "num_holes_range": [1, 3], "hole_height_range": [0.1, 0.2], "hole_width_range": [0.1, 0.2] },
    ])
}
