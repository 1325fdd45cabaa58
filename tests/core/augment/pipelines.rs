//! Pipelines: who runs how often, what is refused, records, and what other tools read.

use digitlab::Error;
use digitlab::augment::{PRESETS, Pipeline, definitions, import, read_record, replay, schema};
use digitlab::random::{Purpose, Stream};
use digitlab::raster::{Raster, Shape};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

fn pipeline(json: Value) -> Pipeline {
    Pipeline::from_json(&json).unwrap_or_else(|error| panic!("{error}"))
}

fn refusal(json: Value) -> Error {
    Pipeline::from_json(&json).expect_err("to be refused")
}

fn picture(channels: usize) -> Raster {
    let shape = Shape {
        width: 28,
        height: 28,
        channels,
    };
    let data = (0..shape.len()).map(|k| (k * 7919 % 251) as u8).collect();
    Raster::new(shape, data).expect("a picture")
}

/// How often each path ran in 4,000 runs.
fn shares(json: Value) -> BTreeMap<String, f64> {
    const RUNS: usize = 4_000;
    let pipeline = pipeline(json);
    let shape = Shape {
        width: 1,
        height: 1,
        channels: 1,
    };
    let mut counts = BTreeMap::new();
    for index in 0..RUNS {
        let mut stream = Stream::new(5, index as u64, Purpose::Augment);
        let dot = Raster::black(shape).expect("a picture");
        let (_, applied) = pipeline.run(dot, &mut stream).expect("steps that run");
        for step in applied {
            *counts.entry(format!("{:?}", step.path)).or_insert(0.0) += 1.0 / RUNS as f64;
        }
    }
    counts
}

#[track_caller]
fn near(found: Option<&f64>, expected: f64) {
    // Four standard deviations of a share of 4,000 are at most 0.032.
    let found = found.copied().unwrap_or_default();
    assert!((found - expected).abs() < 0.032, "{found} of {expected}");
}

#[test]
fn groups_choose_as_albumentations_groups_do() {
    let step = |p: f64| json!({ "transform": "NoOp", "p": p });

    let found = shares(json!({ "p": 0.5, "transforms": [step(0.4), step(1.0), step(0.0)] }));
    near(found.get("[0]"), 0.2);
    near(found.get("[1]"), 0.5);
    assert_eq!(found.get("[2]"), None);

    // Probabilities are weights, and the chosen one always runs.
    let members = [step(0.1), step(0.3), step(0.0)];
    let found = shares(json!([{ "transform": "OneOf", "p": 0.8, "transforms": members }]));
    near(found.get("[0, 0]"), 0.2);
    near(found.get("[0, 1]"), 0.6);
    assert_eq!(found.get("[0, 2]"), None);

    // Two of three, each as likely, and then by their own probability.
    let members = [step(1.0), step(0.5), step(0.0)];
    let some = json!({ "transform": "SomeOf", "n": 2, "p": 1, "transforms": members });
    let found = shares(json!([some]));
    near(found.get("[0, 0]"), 2.0 / 3.0);
    near(found.get("[0, 1]"), 1.0 / 3.0);
    let some = json!({ "transform": "SomeOf", "n": 6, "replace": true, "transforms": members });
    near(
        shares(json!([some]))
            .get("[0, 0]")
            .map(|mean| mean / 6.0)
            .as_ref(),
        1.0 / 3.0,
    );

    // A sequence within a choice runs whole.
    let sequence =
        json!({ "transform": "Sequential", "p": 0.2, "transforms": [step(1.0), step(0.5)] });
    let found =
        shares(json!([{ "transform": "OneOf", "p": 1, "transforms": [sequence, step(0.6)] }]));
    near(found.get("[0, 0, 0]"), 0.25);
    near(found.get("[0, 0, 1]"), 0.125);
    near(found.get("[0, 1]"), 0.75);
}

#[test]
fn defaults_are_filled_in_and_read_again() {
    for definition in definitions() {
        let Ok(options) = definition.understood(&Map::new()) else {
            continue;
        };
        if definition.build(&options).is_err() {
            continue;
        }
        let short = pipeline(json!([{ "transform": definition.name }])).to_json();
        assert_eq!(short["transforms"][0]["p"], definition.p);
        let again = pipeline(short.clone()).to_json();
        assert_eq!(short, again);
        assert_eq!(short.to_string(), again.to_string(), "in the same order");
    }
}

#[test]
fn refusals_name_place_value_and_what_is_allowed() {
    let within = |step: Value| json!([{ "transform": "NoOp" }, { "transform": "OneOf", "transforms": [step] }]);
    let place = "transforms[1].OneOf.transforms[0]";
    let cases = [
        (json!(7), "invalid_parameter", "pipeline".to_owned()),
        (json!("seed"), "invalid_parameter", "pipeline".into()),
        (json!({}), "missing_parameter", "transforms".into()),
        (
            json!({ "transforms": {} }),
            "invalid_parameter",
            "transforms".into(),
        ),
        (
            json!({ "transforms": [], "q": 1 }),
            "unknown_parameter",
            "q".into(),
        ),
        (
            json!({ "transform": "OneOf", "transforms": [] }),
            "invalid_parameter",
            "transform of the whole pipeline".into(),
        ),
        (
            within(json!(null)),
            "invalid_parameter",
            format!("{place}.step"),
        ),
        (
            within(json!({})),
            "missing_parameter",
            format!("{place}.transform"),
        ),
        (
            within(json!({ "transform": "Rotat" })),
            "invalid_parameter",
            format!("{place}.transform"),
        ),
        (
            within(json!({ "transform": "NoOp", "p": 1.5 })),
            "invalid_parameter",
            format!("{place}.NoOp.p"),
        ),
        (
            within(json!({ "transform": "NoOp", "p": "1" })),
            "invalid_parameter",
            format!("{place}.NoOp.p"),
        ),
        (
            within(json!({ "transform": "NoOp", "limit": 3 })),
            "unknown_parameter",
            format!("{place}.NoOp.limit"),
        ),
        (
            within(json!({ "transform": "NoOp", "p": 0 })),
            "invalid_parameter",
            "transforms[1].OneOf.transforms".into(),
        ),
        (
            within(json!({ "transform": "SomeOf", "transforms": [], "n": 0 })),
            "invalid_parameter",
            format!("{place}.SomeOf.n"),
        ),
    ];
    for (json, code, field) in cases {
        let error = refusal(json.clone());
        assert_eq!(
            (error.code(), error.detail().field),
            (code, Some(field)),
            "{json}: {error}"
        );
    }
}

#[test]
fn endless_pipelines_are_refused() {
    let mut deep = json!([]);
    for _ in 0..40 {
        deep = json!([{ "transform": "Sequential", "transforms": deep }]);
    }
    assert_eq!(refusal(deep).code(), "limit_exceeded");

    let mut wide = json!({ "transform": "NoOp" });
    for _ in 0..6 {
        let members = [wide];
        wide = json!({ "transform": "SomeOf", "n": 1000, "replace": true, "transforms": members });
    }
    assert_eq!(refusal(json!([wide])).code(), "limit_exceeded");

    let many = vec![json!({ "transform": "NoOp" }); 1_001];
    assert_eq!(refusal(json!(many)).code(), "limit_exceeded");
}

#[test]
fn records_replay_to_the_same_pixels() {
    for preset in PRESETS {
        let pipeline = preset.pipeline();
        let mut steps = 0;
        for index in 0..60 {
            let picture = picture(if preset.name == "greyscale" { 3 } else { 1 });
            let mut stream = Stream::new(3, index, Purpose::Augment);
            let (made, applied) = pipeline
                .run(picture.clone(), &mut stream)
                .expect("steps that run");
            steps += applied.len();
            let text = Value::from_iter(applied.iter().map(|step| step.to_json())).to_string();
            let record =
                read_record(&serde_json::from_str(&text).expect("JSON")).expect("a record");
            assert_eq!(record, applied);
            assert!(
                replay(&record, picture).expect("the same steps") == made,
                "{}: {text}",
                preset.name
            );
        }
        assert!(steps > 0, "{} does nothing", preset.name);
    }
}

#[test]
fn foreign_records_are_refused() {
    for (json, field) in [
        (json!({}), "record"),
        (json!([7]), "record[0].step"),
        (json!([{}]), "record[0].transform"),
        (
            json!([{ "transform": "NoOp", "drawn": [] }]),
            "record[0].NoOp.drawn",
        ),
        (
            json!([{ "transform": "NoOp", "drawn": { "x": true } }]),
            "record[0].NoOp.x",
        ),
        (
            json!([{ "transform": "NoOp", "options": 3 }]),
            "record[0].options",
        ),
        (
            json!([{ "transform": "NoOp", "options": { "x": 3 } }]),
            "record[0].NoOp.x",
        ),
        (
            json!([{ "transform": "NoOp", "path": [-1] }]),
            "record[0].path",
        ),
        (
            json!([{ "transform": "NoOp", "what": 1 }]),
            "record[0].what",
        ),
    ] {
        let error = read_record(&json).expect_err("to be refused");
        assert_eq!(
            error.detail().field.as_deref(),
            Some(field),
            "{json}: {error}"
        );
    }
}

#[test]
fn every_picture_of_a_series_is_made_alone() {
    let pipeline = pipeline(json!([{ "transform": "HorizontalFlip", "p": 0.5 }]));
    let made = |index: u64| {
        let mut stream = Stream::new(9, index, Purpose::Augment);
        pipeline
            .run(picture(3), &mut stream)
            .expect("steps that run")
            .0
    };
    let forth: Vec<_> = (0..20).map(made).collect();
    let mut back: Vec<_> = (0..20).rev().map(made).collect();
    back.reverse();
    assert!(forth == back);
    assert!(
        forth.iter().any(|made| made != &forth[0]),
        "not all flipped alike"
    );
}

#[test]
fn what_is_exported_is_imported_again() {
    for preset in PRESETS {
        let pipeline = preset.pipeline();
        let json = pipeline
            .to_albumentations()
            .expect("known to Albumentations")
            .to_string();
        let yaml = pipeline
            .to_albumentations_yaml()
            .expect("known to Albumentations");
        for text in [json, yaml, pipeline.to_json().to_string()] {
            let imported = import(&text).unwrap_or_else(|error| panic!("{error}\n{text}"));
            assert!(imported.pipeline == pipeline, "{}\n{text}", preset.name);
            assert_eq!(imported.notes, [""; 0]);
        }
    }
}

#[test]
fn imports_drop_nothing_in_silence() {
    let text = r#"
__version__: 1.4.20
transform:
  __class_fullname__: Compose
  p: 1.0
  bbox_params: {format: coco}
  transforms:
  - __class_fullname__: albumentations.augmentations.geometric.HorizontalFlip
    p: 0.25
    fill_mask: 3
"#;
    let imported = import(text).expect("a pipeline");
    assert_eq!(
        imported.pipeline.to_json(),
        json!({ "p": 1.0, "transforms": [{ "transform": "HorizontalFlip", "p": 0.25 }] })
    );
    assert_eq!(imported.notes.len(), 3, "{:?}", imported.notes);
    for (note, word) in imported
        .notes
        .iter()
        .zip(["1.4.20", "bbox_params", "fill_mask"])
    {
        assert!(note.contains(word), "{note}");
    }

    let unknown = |text: &str| import(text).expect_err("to be refused").to_string();
    let node = |inside: &str| {
        format!(
            r#"{{"__class_fullname__": "Compose", "transforms": [{{"__class_fullname__": {inside}}}]}}"#
        )
    };
    assert!(unknown(&node(r#""Mosaic""#)).contains("Mosaic"));
    assert!(unknown(&node(r#""NoOp", "speed": 3"#)).contains("NoOp.speed"));
}

#[test]
fn hostile_text_is_refused() {
    let bomb = (0..9).fold(String::from("a: &a [x]\n"), |text, k| {
        let names = ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j"];
        let alias = format!("*{}", names[k]);
        text + &format!(
            "{}: &{} [{}]\n",
            names[k + 1],
            names[k + 1],
            vec![alias; 20].join(", ")
        )
    });
    let nested = "[".repeat(100_000);
    let long = format!("{{\"transforms\": [{}]}}", "7,".repeat(50_000) + "7");
    for text in [
        "",
        "{",
        "[1, 2",
        "a: [",
        "\u{0}",
        "%",
        "--- !!python/object:os.system {}",
        &bomb,
        &nested,
        &long,
    ] {
        let error = import(text).expect_err("to be refused");
        assert!(error.to_string().len() < 500, "{error}");
    }
}

#[test]
fn code_for_python_reads_well() {
    let steps = json!({ "p": 0.5, "transforms": [
        { "transform": "NoOp", "p": 1 },
        { "transform": "SomeOf", "n": 2, "transforms": [{ "transform": "HorizontalFlip" }] },
    ]});
    let expected = "# albumentations==2.0.8\nimport albumentations as A\n\npipeline = A.Compose([\n    A.NoOp(p=1.0),\n    A.SomeOf([\n        A.HorizontalFlip(p=0.5),\n    ], n=2, replace=False, p=1.0),\n], p=0.5)\n";
    assert_eq!(
        pipeline(steps)
            .to_python()
            .expect("known to Albumentations"),
        expected
    );
}

#[test]
fn the_schema_names_every_transform() {
    let schema = schema();
    for definition in definitions() {
        let entry = &schema["$defs"][definition.name];
        assert_eq!(entry["properties"]["transform"]["const"], definition.name);
        for field in definition.fields {
            assert!(
                entry["properties"][field.name].is_object(),
                "{}",
                field.name
            );
        }
    }
}
