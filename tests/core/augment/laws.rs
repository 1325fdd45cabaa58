//! What holds for every transform, whatever its parameters.

use digitlab::augment::{Definition, Drawn, definitions};
use digitlab::parameter::{Kind, Lists};
use digitlab::random::{Purpose, Stream};
use digitlab::raster::{Raster, Shape};
use serde_json::{Map, Value, json};

/// A picture of noise.
pub(super) fn noise(shape: Shape, stream: &mut Stream) -> Raster {
    let data = (0..shape.len()).map(|_| stream.bits() as u8).collect();
    Raster::new(shape, data).expect("a picture")
}

/// A range within limits.
fn range([min, max]: [f64; 2], whole: bool, stream: &mut Stream) -> [f64; 2] {
    let mut ends = [0; 2].map(|_| stream.between([min, max.min(min + 500.0)]));
    if whole {
        ends = ends.map(f64::round);
    }
    ends.sort_by(f64::total_cmp);
    ends
}

/// Options drawn from all that the fields allow, within what a test has time for.
pub(super) fn options(definition: &Definition, stream: &mut Stream) -> Map<String, Value> {
    let mut options = Map::new();
    for field in definition.fields {
        let value = match field.kind {
            Kind::Number {
                min, max, default, ..
            } => match default {
                None if stream.chance(0.3) => Value::Null,
                _ => json!(stream.between([min, max.min(min + 500.0)])),
            },
            Kind::Range {
                min, max, whole, ..
            } => json!(range([min, max], whole, stream)),
            Kind::Axes {
                min, max, whole, ..
            } => {
                let mut range = || json!(range([min, max], whole, stream));
                let (x, y) = (range(), range());
                match stream.below(4) {
                    0 => json!({ "x": x }),
                    1 => json!({ "y": y[0] }),
                    2 => json!({ "x": x, "y": y }),
                    _ => x,
                }
            }
            Kind::Ranges {
                min,
                max,
                whole,
                lists,
                ..
            } => {
                let mut range = || json!(range([min, max], whole, stream));
                let ranges = [range(), range(), range(), range()];
                let lows = ranges.each_ref().map(|range| range[0].clone());
                match (lists, stream.below(4)) {
                    (_, 0) => json!(ranges[0]),
                    (Lists::Channels, _) => json!(ranges[1..]),
                    (Lists::Sides, 1) => json!(ranges),
                    (Lists::Sides, 2) => json!(ranges.map(|range| json!([range[0]]))),
                    _ => json!(lows),
                }
            }
            Kind::Fill { .. } => match stream.below(2) {
                0 => json!(stream.below(256)),
                _ => json!([1, 2, 3, 4].map(|_| stream.below(256))),
            },
            Kind::Paint {
                values, nullable, ..
            } => match stream.below(4) {
                0 if nullable => Value::Null,
                0 | 1 if !values.is_empty() => {
                    json!(values[stream.below(values.len() as u32) as usize])
                }
                2 => json!(stream.below(256)),
                _ => json!([1, 2, 3, 4].map(|_| stream.below(256))),
            },
            Kind::Rgb { .. } => json!([0; 3].map(|_| stream.below(256))),
            Kind::Pair { min, max, .. } => {
                json!([0; 2].map(|_| min + u64::from(stream.below((max - min).min(60) as u32 + 1))))
            }
            Kind::Choices { names, values, .. } => names
                .iter()
                .map(|name| {
                    let word = values[stream.below(values.len() as u32) as usize];
                    ((*name).to_owned(), json!(word))
                })
                .collect(),
            Kind::Integer { min, max, .. } => {
                json!(min + u64::from(stream.below((max - min).min(60) as u32 + 1)))
            }
            Kind::Choice { values, .. } => {
                json!(values[stream.below(values.len() as u32) as usize])
            }
            Kind::Region { .. } => {
                let mut ends = || {
                    let mut ends = [stream.unit(), stream.unit()];
                    ends.sort_by(f64::total_cmp);
                    ends
                };
                let ([left, right], [top, bottom]) = (ends(), ends());
                json!([left, top, right, bottom])
            }
            Kind::Boolean { .. } => json!(stream.chance(0.5)),
            _ => continue,
        };
        // Left out as often as not, or less often where something is needed.
        let needed = matches!(
            field.kind,
            Kind::Integer { default: None, .. } | Kind::Pair { default: None, .. }
        );
        if stream.chance(if needed { 0.75 } else { 0.5 }) {
            options.insert(field.name.into(), value);
        }
    }
    options
}

/// Whatever is allowed: no panic, a picture comes out, the same record gives the same
/// pixels, and the record survives being written and read.
#[test]
fn allowed_options_never_panic_and_records_replay() {
    for definition in definitions() {
        let mut stream = Stream::new(11, 0, Purpose::Augment);
        let mut built = 0;
        for round in 0..120 {
            let options = options(definition, &mut stream);
            // Some options do not go together, which is refused with a sentence.
            let Ok(transform) = definition.build(&options) else {
                continue;
            };
            built += 1;
            let side = |stream: &mut Stream| {
                1 + stream.below(if round % 4 == 0 { 70 } else { 9 }) as usize
            };
            let shape = Shape {
                width: side(&mut stream),
                height: side(&mut stream),
                channels: [1, 3, 4][stream.below(3) as usize],
            };
            let picture = noise(shape, &mut stream);
            let drawn = transform.draw(shape, &mut stream);
            let text = drawn.to_json().to_string();
            let read = Drawn::from_json(&serde_json::from_str(&text).expect("JSON"));
            assert_eq!(read.as_ref(), Ok(&drawn), "{}: {text}", definition.name);
            let first = transform.apply(picture.clone(), &drawn);
            let again = transform.apply(picture, &read.expect("a record"));
            assert!(first == again, "{} {options:?} {shape:?}", definition.name);
            if let Err(error) = first {
                assert!(
                    matches!(
                        error.code(),
                        "unsupported" | "limit_exceeded" | "invalid_parameter"
                    ),
                    "{} {options:?} {shape:?}: {error}",
                    definition.name
                );
            }
        }
        assert!(
            built >= 10,
            "{}: {built} of 120 could be built",
            definition.name
        );
    }
}

/// Records may come from anybody.
#[test]
fn foreign_records_are_refused_and_never_panic() {
    let records = [
        json!({}),
        json!({ "angle": 1e308, "scale": 0, "x": -1e300, "y": 1e300 }),
        json!({ "seed": "18446744073709551615", "k": 0, "sigma": -1 }),
    ];
    for definition in definitions() {
        let mut stream = Stream::new(12, 0, Purpose::Augment);
        let Ok(transform) = definition.build(&Map::new()) else {
            continue;
        };
        for channels in [1, 3, 4] {
            let shape = Shape {
                width: 9,
                height: 7,
                channels,
            };
            let picture = noise(shape, &mut stream);
            for record in &records {
                let _ = transform.apply(
                    picture.clone(),
                    &Drawn::from_json(record).expect("a record"),
                );
            }
            // What it drew itself, with every number made absurd.
            let drawn = transform.draw(shape, &mut stream).to_json();
            for (name, value) in drawn.as_object().expect("an object") {
                for absurd in [
                    json!(f64::MAX),
                    json!(-1),
                    json!(0.5),
                    json!([]),
                    json!([1e300, -1e300]),
                ] {
                    let mut record = drawn.clone();
                    record[name] = match value {
                        Value::Array(list) if !absurd.is_array() => {
                            Value::Array(vec![absurd; list.len()])
                        }
                        _ => absurd,
                    };
                    let _ = transform.apply(
                        picture.clone(),
                        &Drawn::from_json(&record).expect("a record"),
                    );
                }
            }
        }
    }
}

#[test]
fn definitions_are_complete() {
    for definition in definitions() {
        assert!(definition.help.ends_with('.'), "{}", definition.name);
        for field in definition.fields {
            assert!(
                field.help.ends_with('.'),
                "{}.{}",
                definition.name,
                field.name
            );
            assert!(
                !field.label.is_empty(),
                "{}.{}",
                definition.name,
                field.name
            );
        }
        assert!((0.0..=1.0).contains(&definition.p), "{}", definition.name);
    }
    let names: std::collections::BTreeSet<_> = definitions().map(|d| d.name).collect();
    assert_eq!(names.len(), definitions().count(), "a name twice");
}

/// What a step makes of a picture.
fn made(picture: &Raster, name: &str, options: Value, seed: u64) -> Raster {
    let options = options.as_object().expect("options").clone();
    let transform = digitlab::augment::definition(name)
        .unwrap_or_else(|| panic!("no {name}"))
        .build(&options)
        .unwrap_or_else(|error| panic!("{error}"));
    let mut stream = Stream::new(seed, 0, Purpose::Augment);
    let drawn = transform.draw(picture.shape(), &mut stream);
    transform
        .apply(picture.clone(), &drawn)
        .unwrap_or_else(|error| panic!("{error}"))
}

/// Pictures of all kinds of sizes.
fn pictures() -> Vec<Raster> {
    let mut stream = Stream::new(13, 0, Purpose::Augment);
    let mut pictures = Vec::new();
    for (width, height) in [(1, 1), (1, 8), (9, 1), (2, 2), (7, 5), (16, 17), (33, 28)] {
        for channels in [1, 3, 4] {
            let shape = Shape {
                width,
                height,
                channels,
            };
            pictures.push(noise(shape, &mut stream));
        }
    }
    pictures
}

#[test]
fn what_undoes_itself_gives_the_picture_back() {
    for picture in pictures() {
        for name in ["HorizontalFlip", "VerticalFlip", "Transpose", "InvertImg"] {
            let once = made(&picture, name, json!({}), 0);
            assert!(made(&once, name, json!({}), 0) == picture, "{name} twice");
        }
        let still = [
            ("Rotate", json!({ "limit": [0, 0] })),
            ("Affine", json!({})),
            (
                "ShiftScaleRotate",
                json!({ "shift_limit": [0, 0], "scale_limit": [0, 0], "rotate_limit": [0, 0] }),
            ),
            ("RandomGamma", json!({ "gamma_limit": [100, 100] })),
            ("NoOp", json!({})),
        ];
        for (name, options) in still {
            let found = made(&picture, name, options, 0);
            let most = found.data().iter().zip(picture.data());
            let most = most.map(|(a, b)| a.abs_diff(*b)).max();
            // The reference's gamma of 1 darkens some levels by one.
            let allowed = if name == "RandomGamma" { 1 } else { 0 };
            assert!(
                most <= Some(allowed),
                "{name}: {most:?} {:?}",
                picture.shape()
            );
        }
    }
}

#[test]
fn constant_pictures_stay_constant_under_blur() {
    let blurs = [
        "Blur",
        "MedianBlur",
        "GaussianBlur",
        "MotionBlur",
        "Defocus",
        "ZoomBlur",
        "GlassBlur",
        "UnsharpMask",
    ];
    for picture in pictures() {
        for level in [0, 1, 100, 254, 255] {
            let flat = Raster::new(picture.shape(), vec![level; picture.data().len()]);
            let flat = flat.expect("a picture");
            for name in blurs {
                for seed in 0..4 {
                    let found = made(&flat, name, json!({}), seed);
                    assert!(found == flat, "{name} of {level}, {:?}", picture.shape());
                }
            }
        }
    }
}

#[test]
fn probability_0_leaves_pictures_alone() {
    for definition in definitions() {
        let steps = json!([{ "transform": definition.name, "p": 0 }]);
        let Ok(pipeline) = digitlab::augment::Pipeline::from_json(&steps) else {
            continue;
        };
        for picture in pictures().into_iter().take(6) {
            let mut stream = Stream::new(1, 0, Purpose::Augment);
            let (found, applied) = pipeline.run(picture.clone(), &mut stream).expect("no step");
            assert!(
                found == picture && applied.is_empty(),
                "{}",
                definition.name
            );
        }
    }
}
