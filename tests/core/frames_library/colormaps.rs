//! Colour maps against those of Matplotlib.

use digitlab::frames::{COLORMAPS, Colormap};
use serde_json::{Value, json};

fn reference() -> Value {
    serde_json::from_str(include_str!("../../reference/frames_colormaps/tables.json"))
        .expect("JSON")
}

fn digits(map: &Colormap) -> String {
    map.table()
        .as_flattened()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

#[test]
fn every_map_is_the_reference_at_all_levels() {
    let reference = reference();
    let different: Vec<&str> = COLORMAPS
        .iter()
        .map(|(name, _)| *name)
        .filter(|name| {
            reference["tables"][name] != digits(&Colormap::named(name).expect(name)).as_str()
        })
        .collect();
    assert!(different.is_empty(), "{different:?}");
    assert_eq!(
        reference["tables"].as_object().map(serde_json::Map::len),
        Some(COLORMAPS.len())
    );
}

#[test]
fn every_name_of_css_is_its_colour() {
    let reference = reference();
    let names = reference["names"].as_object().expect("names");
    assert_eq!(names.len(), 148);
    for (name, value) in names {
        let map = Colormap::through(&[name]).expect(name);
        let [red, green, blue] = map.table()[255];
        assert_eq!(*value, format!("{red:02x}{green:02x}{blue:02x}"), "{name}");
    }
}

#[test]
fn what_is_no_map_is_named() {
    for (value, part) in [
        (
            json!("Viridis"),
            "colormap is \"Viridis\"; allowed: depth, gray, viridis",
        ),
        (json!([]), "colormap is a list of 0 colours"),
        (json!(vec!["red"; 17]), "colormap is a list of 17 colours"),
        (json!(["red", "#12"]), "colormap[1] is \"#12\""),
        (json!(["red", 7]), "colormap[1] is 7"),
        (json!(7), "colormap is 7"),
    ] {
        let error = Colormap::from_json(&value).expect_err(part);
        assert_eq!(error.code(), "invalid_parameter");
        assert!(error.to_string().contains(part), "{error}");
    }
}
