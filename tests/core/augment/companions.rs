//! Masks and boxes that go along with a picture: against Albumentations 2.0.8's Compose
//! (`cargo xtask references`), and against laws of their own.

use super::laws::{noise, options};
use crate::support::{read_png, root, write_comparison};
use digitlab::augment::{
    Applied, BoxFormat, BoxRules, Boxes, Companions, Pipeline, definitions, read_record,
    replay_with,
};
use digitlab::random::{Purpose, Stream};
use digitlab::raster::{Raster, Shape};
use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::fs;

/// By how many pixels a box's ends may differ: the reference keeps boxes in single
/// precision.
const CLOSE: f64 = 1e-3;

#[derive(Deserialize)]
struct Case {
    transform: String,
    name: String,
    size: [usize; 3],
    options: Value,
    drawn: Value,
    boxes: Vec<[f64; 4]>,
    rules: Rules,
    /// Left, top, right, bottom, and the place in the list that was given.
    expected: Vec<[f64; 5]>,
    /// Which share of the mask's values may differ.
    #[serde(default)]
    share: f64,
}

#[derive(Deserialize)]
#[serde(default)]
#[derive(Default)]
struct Rules {
    min_area: f64,
    min_visibility: f64,
}

impl Case {
    /// What is wrong with it, if anything is.
    fn fault(&self) -> Option<String> {
        let folder = root().join("tests/reference/companions");
        let [width, height, channels] = self.size;
        let given = read_png(&folder.join(format!("{width}x{height}x{channels}.png")));
        let file = format!("{}-{}", self.transform, self.name);
        let expected = read_png(&folder.join(format!("{file}.png")));
        let rules = BoxRules {
            min_area: self.rules.min_area,
            min_visibility: self.rules.min_visibility,
            clip: false,
        };
        let shape = Shape {
            width,
            height,
            channels: 3,
        };
        let companions = Companions {
            mask: Some(given),
            boxes: Some(boxes(&self.boxes, shape, rules)),
        };
        let picture = Raster::black(shape).expect("a picture");
        let step =
            json!({ "transform": self.transform, "options": self.options, "drawn": self.drawn });
        let made =
            Applied::from_json(&step).and_then(|step| replay_with(&[step], picture, companions));
        let (mask, boxes) = match made {
            Ok((_, companions)) => (companions.mask?, companions.boxes?),
            Err(error) => return Some(error.to_string()),
        };
        if mask.shape() != expected.shape() {
            return Some(format!(
                "{:?} expected, {:?} made",
                expected.shape(),
                mask.shape()
            ));
        }
        let values = mask.data().iter().zip(expected.data());
        let different = values.filter(|(a, b)| a != b).count();
        if different > (self.share * expected.data().len() as f64) as usize {
            let path = write_comparison(&format!("mask-{file}"), &expected, &mask);
            return Some(format!("{different} values differ, see {}", path.display()));
        }
        let found: Vec<[f64; 5]> = boxes
            .list()
            .iter()
            .map(|boxed| {
                let [left, top, right, bottom] = boxed.ends;
                [left, top, right, bottom, boxed.from as f64]
            })
            .collect();
        let close =
            |(a, b): (&[f64; 5], &[f64; 5])| a.iter().zip(b).all(|(a, b)| (a - b).abs() <= CLOSE);
        let same =
            found.len() == self.expected.len() && found.iter().zip(&self.expected).all(close);
        (!same).then(|| format!("boxes\n  {:?} expected,\n  {found:?} made", self.expected))
    }
}

fn boxes(list: &[[f64; 4]], shape: Shape, rules: BoxRules) -> Boxes {
    Boxes::new(BoxFormat::PascalVoc, list, shape, rules).expect("boxes")
}

fn cases() -> Vec<Case> {
    let path = root().join("tests/reference/companions/cases.json");
    let text = fs::read_to_string(path).expect("references");
    serde_json::from_str(&text).expect("cases")
}

#[test]
fn masks_and_boxes_agree_with_albumentations() {
    let cases = cases();
    let faults: Vec<String> = cases
        .iter()
        .filter_map(|case| {
            Some(format!(
                "{} {}: {}",
                case.transform,
                case.name,
                case.fault()?
            ))
        })
        .collect();
    assert!(
        faults.is_empty(),
        "{} of {} cases fail:\n{}",
        faults.len(),
        cases.len(),
        faults.join("\n")
    );
}

/// A mask of each class's number, and boxes anywhere.
fn companions(shape: Shape, stream: &mut Stream) -> Companions {
    let mask_shape = Shape {
        channels: [1, 3, 4][stream.below(3) as usize],
        ..shape
    };
    let values = (0..mask_shape.len()).map(|_| 10 + 7 * stream.below(9) as u8);
    let mask = Raster::new(mask_shape, values.collect()).expect("a mask");
    let mut ends = |side: usize| {
        let mut ends = [0.0; 2].map(|_: f64| stream.unit() * side as f64);
        ends.sort_by(f64::total_cmp);
        [ends[0], ends[1].max(ends[0] + 0.01).min(side as f64)]
    };
    let list: Vec<[f64; 4]> = (0..5)
        .map(|_| {
            let ([left, right], [top, bottom]) = (ends(shape.width), ends(shape.height));
            [left, top, right, bottom]
        })
        .filter(|[left, top, right, bottom]| left < right && top < bottom)
        .collect();
    let rules = BoxRules {
        min_area: [0.0, 3.0][stream.below(2) as usize],
        min_visibility: [0.0, 0.3][stream.below(2) as usize],
        clip: false,
    };
    Companions {
        mask: Some(mask),
        boxes: Some(boxes(&list, shape, rules)),
    }
}

/// Whatever is allowed: the picture is the one without companions, the mask has its size
/// and no new values but 0, boxes are inside, and the record does the same again.
#[test]
fn companions_keep_to_the_picture_and_records_replay_them() {
    for definition in definitions() {
        let mut stream = Stream::new(21, 0, Purpose::Augment);
        let (mut ran, mut moved) = (0, false);
        for round in 0..60 {
            let options = options(definition, &mut stream);
            let mut step = json!({ "transform": definition.name, "p": 1 });
            for (name, value) in options {
                step[name] = value;
            }
            let Ok(pipeline) = Pipeline::from_json(&json!([step])) else {
                continue;
            };
            let mut side = || 1 + stream.below(if round % 4 == 0 { 70 } else { 9 }) as usize;
            let shape = Shape {
                width: side(),
                height: side(),
                channels: [1, 3, 4][stream.below(3) as usize],
            };
            let picture = noise(shape, &mut stream);
            let given = companions(shape, &mut stream);
            let fresh = || Stream::new(22, round, Purpose::Augment);
            let alone = pipeline.run(picture.clone(), &mut fresh());
            let along = pipeline.run_with(picture.clone(), given.clone(), &mut fresh());
            let name = format!("{} {step} {shape:?}", definition.name);
            let (made, after, applied) = match (along, &alone) {
                (Ok(made), _) => made,
                // Mirror images of boxes may be too many.
                (Err(error), Ok(_)) if error.code() == "limit_exceeded" => continue,
                (Err(error), Ok(_)) => panic!("{name}: {error}"),
                (Err(_), Err(_)) => continue,
            };
            ran += 1;
            assert!(alone.is_ok_and(|(alone, _)| alone == made), "{name}");
            let (mask, before) = (
                after.mask.as_ref().expect("a mask"),
                given.mask.as_ref().expect("a mask"),
            );
            assert_eq!(
                [mask.width(), mask.height(), mask.channels()],
                [made.width(), made.height(), before.channels()],
                "{name}"
            );
            let known: BTreeSet<u8> = before.data().iter().copied().chain([0]).collect();
            assert!(
                mask.data().iter().all(|value| known.contains(value)),
                "{name}"
            );
            let boxes = after.boxes.as_ref().expect("boxes");
            for boxed in boxes.list() {
                let [left, top, right, bottom] = boxed.ends;
                assert!(
                    0.0 <= left && left < right && right <= made.width() as f64,
                    "{name}: {boxed:?}"
                );
                assert!(
                    0.0 <= top && top < bottom && bottom <= made.height() as f64,
                    "{name}: {boxed:?}"
                );
                assert!(boxed.from < 5, "{name}: {boxed:?}");
            }
            moved |= mask != before || boxes.list() != given.boxes.as_ref().expect("boxes").list();
            let text = Value::from_iter(applied.iter().map(Applied::to_json)).to_string();
            let record =
                read_record(&serde_json::from_str(&text).expect("JSON")).expect("a record");
            let again = replay_with(&record, picture, given).expect("the same");
            assert_eq!(again, (made, after), "{name}");
        }
        assert!(ran >= 5, "{}: ran {ran} times", definition.name);
        // What moves nothing has no references here, but for two that stand for all.
        let follows = cases().iter().any(|case| {
            case.transform == definition.name && !["InvertImg", "Blur"].contains(&definition.name)
        });
        // A box that is too small is dropped in any case.
        if follows {
            assert!(moved, "{} moves nothing", definition.name);
        }
    }
}

/// Records may come from anybody: what is absurd is refused or leaves boxes inside.
#[test]
fn foreign_records_never_panic_with_companions() {
    let mut stream = Stream::new(26, 0, Purpose::Augment);
    let shape = Shape {
        width: 9,
        height: 7,
        channels: 3,
    };
    for definition in definitions() {
        for mirrored in [false, true] {
            let mut chosen = json!({});
            if mirrored
                && definition
                    .fields
                    .iter()
                    .any(|field| field.name == "border_mode")
            {
                chosen["border_mode"] = json!("reflect");
            }
            let Ok(transform) = definition.build(chosen.as_object().expect("options")) else {
                continue;
            };
            let drawn = transform.draw(shape, &mut stream).to_json();
            for (name, value) in drawn.as_object().expect("an object") {
                for absurd in [f64::MAX, -1e300, -1.0, 0.5, 0.0, 1e-300] {
                    let mut step =
                        json!({ "transform": definition.name, "options": chosen, "drawn": drawn });
                    step["drawn"][name] = match value {
                        Value::Array(list) => json!(vec![absurd; list.len()]),
                        _ => json!(absurd),
                    };
                    let step = Applied::from_json(&step).expect("a step");
                    let given = companions(shape, &mut stream);
                    let picture = noise(shape, &mut stream);
                    let Ok((made, after)) = replay_with(&[step], picture, given) else {
                        continue;
                    };
                    for boxed in after.boxes.expect("boxes").list() {
                        let [left, top, right, bottom] = boxed.ends;
                        assert!(
                            0.0 <= left && left < right && right <= made.width() as f64,
                            "{}: {boxed:?}",
                            definition.name
                        );
                        assert!(
                            0.0 <= top && top < bottom && bottom <= made.height() as f64,
                            "{}: {boxed:?}",
                            definition.name
                        );
                    }
                }
            }
        }
    }
}

/// Every transform whose mask or boxes change has references, and the two lists here are
/// complete.
#[test]
fn what_moves_pixels_has_references() {
    let with: BTreeSet<String> = cases().into_iter().map(|case| case.transform).collect();
    for definition in definitions() {
        let name = definition.name;
        let moves = matches!(
            format!("{:?}", definition.family).as_str(),
            "Geometry" | "Distortion"
        ) || ["CoarseDropout", "GridDropout", "PixelDropout"].contains(&name);
        assert!(
            !moves || with.contains(name),
            "{name} is compared with nothing"
        );
    }
}

#[test]
fn what_undoes_itself_gives_companions_back() {
    let mut stream = Stream::new(23, 0, Purpose::Augment);
    for side in [1, 2, 7, 28, 41] {
        let shape = Shape {
            width: side,
            height: side + 3,
            channels: 1,
        };
        let picture = noise(shape, &mut stream);
        let ends = |at: usize| [at as f64, 0.0, side as f64, at as f64 + 3.0];
        let list: Vec<_> = (0..side).map(ends).collect();
        let given = Companions {
            boxes: Some(boxes(&list, shape, BoxRules::default())),
            ..companions(shape, &mut stream)
        };
        for name in ["HorizontalFlip", "VerticalFlip", "Transpose"] {
            let steps = json!([{ "transform": name, "p": 1 }, { "transform": name, "p": 1 }]);
            let pipeline = Pipeline::from_json(&steps).expect("a pipeline");
            let made = pipeline.run_with(picture.clone(), given.clone(), &mut stream);
            let (made, after, _) = made.expect("a picture");
            assert!(made == picture && after == given, "{name} twice");
        }
    }
}

/// A box drawn into the mask stays around it.
#[test]
fn boxes_and_masks_go_together() {
    let shape = Shape {
        width: 60,
        height: 44,
        channels: 1,
    };
    let [left, top, right, bottom] = [13, 9, 41, 30];
    let mut mask = Raster::black(shape).expect("a mask");
    for y in top..bottom {
        mask.data_mut()[y * 60..][left..right].fill(3);
    }
    let ends = [left, top, right, bottom].map(|end| end as f64);
    let given = Companions {
        mask: Some(mask),
        boxes: Some(boxes(&[ends], shape, BoxRules::default())),
    };
    // What a box around turned corners has too much is not part of this.
    for steps in [
        json!([{ "transform": "HorizontalFlip", "p": 1 }, { "transform": "CenterCrop", "height": 30, "width": 40 }]),
        json!([{ "transform": "Affine", "translate_px": [5, 9], "scale": [0.6, 1.3], "p": 1 }]),
        json!([{ "transform": "RandomRotate90" }, { "transform": "Resize", "height": 90, "width": 33 }]),
        json!([{ "transform": "CropAndPad", "percent": [-0.1, 0.1] }]),
        json!([{ "transform": "RandomResizedCrop", "size": [40, 50], "scale": [0.6, 0.9] }]),
        json!([{ "transform": "OpticalDistortion", "distort_limit": [0.2, 0.2], "p": 1 }]),
        json!([{ "transform": "GridDistortion", "p": 1 }]),
        json!([{ "transform": "ElasticTransform", "alpha": 40, "sigma": 5, "p": 1 }]),
        json!([{ "transform": "Morphological", "scale": [5, 7], "p": 1 }]),
    ] {
        let pipeline = Pipeline::from_json(&steps).expect("a pipeline");
        for index in 0..20 {
            let picture = Raster::black(shape).expect("a picture");
            let mut stream = Stream::new(24, index, Purpose::Augment);
            let (_, after, _) = pipeline
                .run_with(picture, given.clone(), &mut stream)
                .expect("a picture");
            let mask = after.mask.expect("a mask");
            let seen = |x: usize, y: usize| mask.row(y)[x] == 3;
            let [width, height] = [mask.width(), mask.height()];
            let columns: Vec<usize> = (0..width)
                .filter(|&x| (0..height).any(|y| seen(x, y)))
                .collect();
            let rows: Vec<usize> = (0..height)
                .filter(|&y| (0..width).any(|x| seen(x, y)))
                .collect();
            let around = [
                columns[0],
                rows[0],
                columns[columns.len() - 1] + 1,
                rows[rows.len() - 1] + 1,
            ];
            let found = after.boxes.expect("boxes").list()[0].ends;
            for (found, expected) in found.iter().zip(around) {
                assert!(
                    (found - expected as f64).abs() <= 1.5,
                    "{steps} {index}: {found:?} {around:?}"
                );
            }
        }
    }
}

#[test]
fn companions_of_another_size_are_refused() {
    let shape = |width| Shape {
        width,
        height: 4,
        channels: 1,
    };
    let picture = Raster::black(shape(5)).expect("a picture");
    let pipeline = Pipeline::from_json(&json!([])).expect("a pipeline");
    let mut stream = Stream::new(25, 0, Purpose::Augment);
    let mask = Companions {
        mask: Some(Raster::black(shape(6)).expect("a mask")),
        boxes: None,
    };
    let boxes = Companions {
        mask: None,
        boxes: Some(boxes(
            &[[0.0, 0.0, 1.0, 1.0]],
            shape(4),
            BoxRules::default(),
        )),
    };
    for (name, companions) in [("mask", mask), ("boxes", boxes)] {
        let error =
            replay_with(&[], picture.clone(), companions.clone()).expect_err("another size");
        assert_eq!(error.detail().field.as_deref(), Some(name), "{error}");
        assert!(
            pipeline
                .run_with(picture.clone(), companions, &mut stream)
                .is_err()
        );
    }
}
