//! Frames as files, read back.

use digitlab::frames::{Colormap, FrameFormat, FrameRequest, Library, MemoryStore, encode};
use digitlab::raster::codec::{Limits, decode};
use serde_json::{Value, json};

use super::support::{all_rows, import, library_of, now, rows, sample, window};

fn render(library: &Library<MemoryStore>, id: u32, request: Value) -> digitlab::Result<Vec<u8>> {
    now(async {
        let request = FrameRequest::from_json(&request)?;
        let mut rendering = library.render(id, request).await?;
        let mut file = Vec::new();
        while let Some(part) = rendering.next_part(library.store()).await? {
            file.extend(part);
        }
        Ok(file)
    })
}

fn decoded(file: &[u8]) -> (usize, usize, Vec<u8>) {
    let decoded = decode(file, &Limits::default()).expect("a picture");
    let picture = decoded.picture;
    assert_eq!(picture.channels(), 3);
    (picture.width(), picture.height(), picture.into_data())
}

fn coloured(map: &Colormap, values: &[f32]) -> Vec<u8> {
    values
        .iter()
        .flat_map(|&value| map.table()[usize::from(value as u8)])
        .collect()
}

/// How far a channel of a JPEG file may be from what was drawn: coefficients are rounded to whole numbers, in the file and
/// by whoever reads it. Usual encoders come as close and no closer.
const MOST: u8 = 5;

/// The largest difference of a channel.
fn difference(a: &[u8], b: &[u8]) -> u8 {
    assert_eq!(a.len(), b.len());
    a.iter()
        .zip(b)
        .map(|(a, b)| a.abs_diff(*b))
        .max()
        .unwrap_or(0)
}

#[test]
fn png_has_exactly_the_colours_of_the_map() {
    let store = MemoryStore::default();
    let image = import(&store, &sample(), json!({ "name": "sample.csv" })).expect("the sample");
    let library = Library::new(store);
    let pixels = all_rows(&library, image.id).pixels;
    for (name, reverse) in [("depth", false), ("viridis", true)] {
        let request = json!({ "format": "png", "colormap": name, "reverse": reverse });
        let (width, height, data) = decoded(&render(&library, image.id, request).expect(name));
        assert_eq!((width, height), (150, 5460));
        let map = Colormap::named(name).expect(name);
        let map = if reverse { map.reversed() } else { map };
        assert!(data == coloured(&map, &pixels), "{name}");
    }
}

#[test]
fn jpeg_is_close_to_the_colours_of_the_map() {
    let store = MemoryStore::default();
    let image = import(&store, &sample(), json!({ "name": "sample.csv" })).expect("the sample");
    let library = Library::new(store);
    let pixels = all_rows(&library, image.id).pixels;
    let (width, height, data) = decoded(&render(&library, image.id, json!({})).expect("a frame"));
    assert_eq!((width, height), (150, 5460));
    let most = difference(&data, &coloured(&Colormap::default(), &pixels));
    assert!(most <= MOST, "{most}");
}

#[test]
fn jpeg_is_close_at_every_size_and_with_the_hardest_edges() {
    let maps = [
        Colormap::default(),
        Colormap::through(&["black", "white"]).unwrap(),
        Colormap::through(&["#f0f", "lime", "blue", "yellow"]).unwrap(),
    ];
    let mut state = 1_u32;
    for (width, height) in [(1, 1), (2, 3), (7, 8), (8, 7), (9, 17), (16, 16), (33, 65)] {
        for map in &maps {
            for extreme in [false, true] {
                let levels: Vec<u8> = (0..width * height)
                    .map(|_| {
                        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                        let level = (state >> 24) as u8;
                        if extreme {
                            if level > 127 { 255 } else { 0 }
                        } else {
                            level
                        }
                    })
                    .collect();
                let file = encode(&levels, width, height, map.table(), FrameFormat::Jpeg)
                    .expect("a picture");
                let (found_width, found_height, data) = decoded(&file);
                assert_eq!((found_width, found_height), (width, height));
                let values: Vec<f32> = levels.iter().map(|&level| f32::from(level)).collect();
                let most = difference(&data, &coloured(map, &values));
                assert!(most <= MOST, "{width} x {height}: {most}");
            }
        }
    }
}

#[test]
fn rows_come_as_numbers_and_as_the_table_they_could_have_been() {
    let rows = rows(700, -3.5, 0.25, 5);
    let (library, image) = library_of(&rows);
    let all = all_rows(&library, image.id);
    let file = render(&library, image.id, json!({ "format": "f32" })).expect("numbers");
    let numbers: Vec<f32> = file
        .as_chunks::<4>()
        .0
        .iter()
        .map(|bytes| f32::from_le_bytes(*bytes))
        .collect();
    assert!(numbers == all.pixels);

    let table = render(&library, image.id, json!({ "format": "csv" })).expect("a table");
    assert!(table.starts_with(b"depth,col1,col2,col3,col4,col5\n-3.5,0,31,62,93,124\n-3.25,7,"));
    let again = MemoryStore::default();
    let copy = import(&again, &table, json!({ "name": "copy", "width": null })).expect("a table");
    assert!(all_rows(&Library::new(again), copy.id) == all);

    let part = render(
        &library,
        image.id,
        json!({ "format": "csv", "depth_min": 0, "depth_max": 0 }),
    )
    .expect("one row");
    assert_eq!(
        part,
        b"depth,col1,col2,col3,col4,col5\n0,98,129,160,191,222\n"
    );
}

#[test]
fn fractions_survive_a_table() {
    let store = MemoryStore::default();
    let image = import(
        &store,
        &sample(),
        json!({ "name": "sample.csv", "method": "cubic" }),
    )
    .expect("the sample");
    let library = Library::new(store);
    let table = render(&library, image.id, json!({ "format": "csv" })).expect("a table");
    let again = MemoryStore::default();
    let copy = import(&again, &table, json!({ "name": "copy", "width": 150 })).expect("a table");
    assert!(all_rows(&Library::new(again), copy.id) == all_rows(&library, image.id));
}

#[test]
fn the_own_scale_is_that_of_what_is_shown() {
    let rows: Vec<(f32, Vec<f32>)> = vec![
        (0.0, vec![10.0, 20.0]),
        (1.0, vec![30.0, 60.0]),
        (2.0, vec![90.0, 110.0]),
    ];
    let (library, image) = library_of(&rows);
    assert_eq!((image.value_min, image.value_max), (10.0, 110.0));
    let grey = |request: Value| {
        let (.., data) = decoded(&render(&library, image.id, request).expect("a frame"));
        data.as_chunks::<3>()
            .0
            .iter()
            .map(|colour| colour[0])
            .collect::<Vec<u8>>()
    };
    let own = json!({ "format": "png", "colormap": "gray", "scale": "own" });
    assert_eq!(grey(own.clone()), [0, 25, 51, 127, 204, 255]);
    let mut part = own;
    part["depth_max"] = json!(1);
    assert_eq!(grey(part), [0, 51, 102, 255]);
}

#[test]
fn frames_are_scaled_when_asked() {
    let (library, image) = library_of(&rows(600, 0.0, 1.0, 4));
    let (width, height, data) = decoded(
        &render(
            &library,
            image.id,
            json!({ "format": "png", "colormap": "gray", "height": 300, "width": 2 }),
        )
        .expect("a frame"),
    );
    assert_eq!((width, height), (2, 300));
    let all = all_rows(&library, image.id).pixels;
    let mean = (all[0] + all[1] + all[4] + all[5]) / 4.0;
    assert_eq!(data[0], mean as u8);
}

#[test]
fn requests_that_cannot_be_met_are_refused_by_name() {
    let (library, image) = library_of(&rows(10, 0.0, 1.0, 2));
    for (request, code, part) in [
        (
            json!({ "format": "gif" }),
            "invalid_parameter",
            "format is \"gif\"; allowed: jpeg, png, f32, csv.",
        ),
        (
            json!({ "depth_min": "deep" }),
            "invalid_parameter",
            "depth_min is \"deep\"; allowed: a finite number",
        ),
        (
            json!({ "depth_max": 1e300 }),
            "invalid_parameter",
            "depth_max is 1e",
        ),
        (
            json!({ "scale": "auto" }),
            "invalid_parameter",
            "scale is \"auto\"; allowed: fixed, own.",
        ),
        (
            json!({ "reverse": 1 }),
            "invalid_parameter",
            "reverse is 1; allowed: true, false.",
        ),
        (
            json!({ "height": 0 }),
            "invalid_parameter",
            "height is 0; allowed: whole numbers from 1 to 65535 (pixels).",
        ),
        (
            json!({ "format": "csv", "height": 5 }),
            "invalid_parameter",
            "height is 5; allowed: nothing with csv",
        ),
        (
            json!({ "depth": 5 }),
            "unknown_parameter",
            "depth is not a known field",
        ),
        (json!([]), "invalid_parameter", "request is []"),
        (
            json!({ "width": 65535, "height": 65535 }),
            "limit_exceeded",
            "65535 x 65535 pixels",
        ),
    ] {
        let error = render(&library, image.id, request).expect_err(part);
        assert_eq!(error.code(), code, "{error}");
        assert!(error.to_string().contains(part), "{error}");
    }
    let high = rows(70_000, 0.0, 1.0, 2);
    let (library, image) = library_of(&high);
    let error = render(&library, image.id, json!({}))
        .expect_err("too high")
        .to_string();
    assert!(
        error.contains("2 x 70000 pixels; the limit is 65535 rows; ask for fewer depths"),
        "{error}"
    );
    let file = render(&library, image.id, json!({ "height": 1000 })).expect("put together");
    assert_eq!(decoded(&file).1, 1000);
    let part = window(5.0, 9.0);
    assert_eq!(
        now(library.rows(image.id, part))
            .expect("rows")
            .chunk
            .depths,
        [5.0, 6.0, 7.0, 8.0, 9.0]
    );
}
