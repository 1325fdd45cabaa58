//! Pipelines, records and boxes. What is understood is run on a small picture with companions.

use super::{choice, json, sentence};
use digitlab::augment::{
    BoxFormat, BoxRules, Boxes, Companions, Pipeline, import, read_record, replay_with, to_yaml,
};
use digitlab::random::{Purpose, Stream};
use digitlab::raster::{Raster, Shape};
use serde_json::Value;

const SHAPE: Shape = Shape {
    width: 14,
    height: 11,
    channels: 3,
};

fn picture(shape: Shape) -> Raster {
    let data = (0..shape.width * shape.height * shape.channels).map(|at| (at * 37 % 251) as u8);
    Raster::new(shape, data.collect()).expect("a picture")
}

fn companions(shape: Shape) -> Companions {
    let boxes = [[1.0, 2.0, 9.0, 7.5], [0.0, 0.0, 4.0, 4.0]];
    Companions {
        mask: Some(picture(Shape {
            channels: 1,
            ..shape
        })),
        boxes: Some(
            Boxes::new(BoxFormat::PascalVoc, &boxes, shape, BoxRules::default()).expect("boxes"),
        ),
    }
}

/// JSON or YAML, in our form or in Albumentations'.
pub(crate) fn pipeline(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return;
    };
    let pipeline = match import(text) {
        Ok(imported) => imported.pipeline,
        Err(error) => return sentence(&error),
    };
    let written = pipeline.to_json();
    let again = Pipeline::from_json(&written).expect("what was written is read");
    assert_eq!(again.to_json(), written);
    if let Ok(yaml) = to_yaml(&written) {
        let again = import(&yaml).expect("what was written as YAML is read");
        assert_eq!(again.pipeline.to_json(), written);
    }
    if !is_small(&written) {
        return;
    }
    for channels in [1, 3] {
        let shape = Shape { channels, ..SHAPE };
        let mut stream = Stream::new(7, channels as u64, Purpose::Augment);
        let made = pipeline.run_with(picture(shape), companions(shape), &mut stream);
        let (made, went_along, applied) = match made {
            Ok(made) => made,
            Err(error) => {
                sentence(&error);
                continue;
            }
        };
        let record: Vec<Value> = applied.iter().map(|step| step.to_json()).collect();
        let record = read_record(&record.into()).expect("the record of what ran is read");
        let (same, along) =
            replay_with(&record, picture(shape), companions(shape)).expect("it runs again");
        assert!(
            same == made,
            "the record of {written} makes another picture"
        );
        assert!(
            along == went_along,
            "the record of {written} makes other companions"
        );
    }
}

/// The record of steps that ran.
pub(crate) fn record(bytes: &[u8]) {
    let Some(value) = json(bytes) else { return };
    let record = match read_record(&value) {
        Ok(record) => record,
        Err(error) => return sentence(&error),
    };
    let written: Vec<Value> = record.iter().map(|step| step.to_json()).collect();
    if record.len() > 8 || !is_small(&value) {
        return;
    }
    read_record(&written.into()).expect("what was written is read");
    for channels in [1, 3] {
        let shape = Shape { channels, ..SHAPE };
        if let Err(error) = replay_with(&record, picture(shape), companions(shape)) {
            sentence(&error);
        }
    }
}

/// Numbers of eight bytes: area, visibility, and the boxes; the first byte says of which kind.
pub(crate) fn boxes(bytes: &[u8]) {
    let (kind, bytes) = choice(bytes);
    let numbers: Vec<f64> = bytes
        .as_chunks::<8>()
        .0
        .iter()
        .map(|eight| f64::from_le_bytes(*eight))
        .collect();
    let [min_area, min_visibility, list @ ..] = numbers.as_slice() else {
        return;
    };
    let rules = BoxRules {
        min_area: *min_area,
        min_visibility: *min_visibility,
        clip: kind & 4 != 0,
    };
    let format = BoxFormat::ALL[usize::from(kind & 3)];
    match Boxes::new(format, list.as_chunks().0, SHAPE, rules) {
        Ok(boxes) => {
            for boxed in boxes.list() {
                let [left, top, right, bottom] = boxed.ends;
                assert!(
                    0.0 <= left && left < right && right <= SHAPE.width as f64,
                    "{boxed:?}"
                );
                assert!(
                    0.0 <= top && top < bottom && bottom <= SHAPE.height as f64,
                    "{boxed:?}"
                );
            }
            assert!(boxes.written().flatten().all(f64::is_finite));
        }
        Err(error) => sentence(&error),
    }
}

/// Whether it asks for little work: no large pictures, few steps. That a large picture takes long is no news.
fn is_small(value: &Value) -> bool {
    const GROWS: [&str; 6] = ["height", "width", "size", "pad", "px", "scale"];
    fn steps(value: &Value) -> usize {
        match value {
            Value::Array(list) => list.iter().map(steps).sum(),
            Value::Object(object) => {
                usize::from(object.contains_key("transform"))
                    + object.values().map(steps).sum::<usize>()
            }
            _ => 0,
        }
    }
    fn within(value: &Value, most: f64) -> bool {
        match value {
            Value::Number(number) => number.as_f64().is_some_and(|number| number.abs() <= most),
            Value::Array(list) => list.iter().all(|item| within(item, most)),
            Value::Object(object) => object.iter().all(|(name, item)| {
                let grows = GROWS.iter().any(|part| name.contains(part));
                within(item, if grows { most.min(48.0) } else { most })
            }),
            _ => true,
        }
    }
    steps(value) <= 8 && within(value, 1e4)
}
