//! Images in a store: imported whole or not at all, and read in windows.

use digitlab::frames::{
    CHUNK_ROWS, Intake, IntakeRequest, Library, MemoryStore, Paint, Store, TileRequest, Window,
};
use serde_json::json;

use super::support::{all_rows, csv, import, library_of, now, rows, sample, window};

#[test]
fn the_sample_has_5000_rows_from_9000_to_9500() {
    let store = MemoryStore::default();
    let image = import(&store, &sample(), json!({ "name": " sample.csv " })).expect("the sample");
    assert_eq!((image.id, image.name.as_str()), (1, "sample.csv"));
    assert_eq!(
        (image.width, image.height, image.resampling.from),
        (150, 5460, 200)
    );
    assert_eq!((image.depth_min, image.depth_max), (9000.1, 9546.0));
    assert_eq!(
        (image.report.rows_kept, image.report.dropped.empty),
        (5460, 1)
    );
    assert_eq!(
        (image.report.elapsed, image.created.as_str()),
        (Some(1.5), "2026-01-02T03:04:05.678Z")
    );
    let library = Library::new(store);
    // Both ends are in: 9000.1 is the first row, and 9500 the five thousandth.
    let rows = now(library.rows(image.id, window(9000.0, 9500.0))).expect("rows");
    assert_eq!((rows.chunk.len(), rows.width), (5000, 150));
    assert_eq!(
        (rows.chunk.depths[0], rows.chunk.depths[4999]),
        (9000.1, 9500.0)
    );
    let text = serde_json::to_string(&now(library.get(1)).expect("there")).expect("JSON");
    assert!(text.contains("\"depth_min\":9000.1,"), "{text}");
}

#[test]
fn a_window_holds_what_a_filter_would_keep() {
    let rows = rows(2 * CHUNK_ROWS + 37, -10.0, 0.1, 3);
    let (library, image) = library_of(&rows);
    let depths: Vec<f32> = rows.iter().map(|(depth, _)| *depth).collect();
    let mut ends = vec![None, Some(0.0), Some(-10.05), Some(1e9), Some(-1e9)];
    for at in [
        0,
        1,
        99,
        CHUNK_ROWS - 1,
        CHUNK_ROWS,
        2 * CHUNK_ROWS,
        depths.len() - 1,
    ] {
        ends.extend([Some(depths[at]), Some(depths[at] + 0.03)]);
    }
    for &min in &ends {
        for &max in &ends {
            let window = window(min, max);
            let kept: Vec<_> = rows
                .iter()
                .filter(|(depth, _)| window.holds(*depth))
                .collect();
            match now(library.rows(image.id, window)) {
                Ok(found) => {
                    let expected: Vec<f32> = kept.iter().map(|(depth, _)| *depth).collect();
                    assert_eq!(found.chunk.depths, expected, "{window:?}");
                    let expected: Vec<f32> =
                        kept.iter().flat_map(|(_, pixels)| pixels.clone()).collect();
                    assert_eq!(found.chunk.pixels, expected, "{window:?}");
                }
                Err(error) => {
                    assert!(kept.is_empty(), "{window:?}: {error}");
                    assert_eq!(error.code(), "no_rows");
                }
            }
        }
    }
}

#[test]
fn a_window_reads_only_its_chunks() {
    let (library, image) = library_of(&rows(100 * CHUNK_ROWS, 0.0, 1.0, 2));
    let before = library.store().chunks_read();
    let found = now(library.rows(image.id, window(10_000.0, 10_100.0))).expect("rows");
    assert_eq!(found.chunk.len(), 101);
    let read = library.store().chunks_read() - before;
    // The index, the ends to count, and the one or two chunks themselves.
    assert!(read <= 5, "{read}");
    let before = library.store().chunks_read();
    let request = TileRequest::from_json(&json!({ "level": 1, "index": 3 })).expect("a request");
    now(library.tile(image.id, &request)).expect("a tile");
    assert_eq!(library.store().chunks_read() - before, 1);
}

#[test]
fn what_is_not_there_is_refused_with_what_is() {
    let (library, image) = library_of(&rows(10, 9000.1, 0.5, 2));
    let error = now(library.rows(image.id, window(9500.0, 9400.0))).expect_err("min above max");
    assert_eq!(
        error.to_string(),
        "The image has no rows from 9500 to 9400; its depths go from 9000.1 to 9004.6."
    );
    let error = now(library.rows(image.id, window(None, 0.0))).expect_err("nothing at zero");
    assert_eq!(
        error.to_string(),
        "The image has no rows up to 0; its depths go from 9000.1 to 9004.6."
    );
    import(
        library.store(),
        csv(&rows(3, 0.0, 1.0, 2)).as_bytes(),
        json!({ "name": "two" }),
    )
    .expect("rows");
    let error = now(library.get(7)).expect_err("no such image");
    assert_eq!(
        (error.code(), error.to_string().as_str()),
        ("unknown_image", "There is no image 7; there is 1, 2.")
    );
    for failure in [
        now(library.rename(7, "x")).map(drop),
        now(library.delete(7)),
        now(library.rows(7, Window::ALL)).map(drop),
    ] {
        assert_eq!(failure.expect_err("no such image").code(), "unknown_image");
    }
    let error = now(Library::new(MemoryStore::default()).get(1))
        .expect_err("nothing at all")
        .to_string();
    assert_eq!(error, "There is no image 1; there is none yet.");
}

/// A depth and the pixels of that depth.
type Row = (f32, Vec<f32>);

#[test]
fn levels_are_means_and_tiles_show_them() {
    let rows = rows(5 * 1024 + 3, 0.0, 1.0, 3);
    let (library, image) = library_of(&rows);
    assert_eq!(image.levels, 4);
    for level in 0..image.levels {
        let step = 4_usize.pow(level);
        let mut at = 0;
        for index in 0..image.chunks_of(level) {
            let request = TileRequest {
                level,
                index,
                paint: Paint::default(),
            };
            let tile = now(library.tile(image.id, &request)).expect("a tile");
            assert_eq!((tile.first_row, tile.width), (at, 3));
            for row in 0..tile.height {
                let group = &rows[(at + row) * step..rows.len().min((at + row + 1) * step)];
                let mean = |value: &dyn Fn(&Row) -> f32| {
                    (group.iter().map(|row| f64::from(value(row))).sum::<f64>()
                        / group.len() as f64) as f32
                };
                assert!(
                    (tile.depths[row] - mean(&|row| row.0)).abs() < 1e-3,
                    "level {level}, row {}",
                    at + row
                );
                for column in 0..3 {
                    let found = tile.pixels[row * 3 + column];
                    assert!(
                        (found - mean(&|row| row.1[column])).abs() < 1e-3,
                        "level {level}, row {}",
                        at + row
                    );
                    let colour = Paint::default().colormap.table()[usize::from(found as u8)];
                    assert_eq!(tile.rgba[(row * 3 + column) * 4..][..3], colour);
                }
            }
            at += tile.height;
        }
        assert_eq!(at, image.rows_of(level));
    }
    for (request, part) in [
        (
            json!({ "level": 4, "index": 0 }),
            "level is 4; allowed: whole numbers from 0 to 3.",
        ),
        (
            json!({ "level": 1, "index": 6 }),
            "index is 6; allowed: whole numbers from 0 to 5 on level 1.",
        ),
    ] {
        let request = TileRequest::from_json(&request).expect("a request");
        assert_eq!(
            now(library.tile(image.id, &request))
                .expect_err(part)
                .to_string(),
            part
        );
    }
    assert_eq!(
        TileRequest::from_json(&json!({ "level": 1 }))
            .expect_err("no index")
            .code(),
        "missing_parameter"
    );
}

#[test]
fn the_order_of_the_file_does_not_matter() {
    let sorted = rows(1500, 100.0, 0.5, 4);
    let (library, image) = library_of(&sorted);
    let expected = all_rows(&library, image.id);
    let mut descending = sorted.clone();
    descending.reverse();
    let mut shuffled = sorted.clone();
    let mut state = 7_u64;
    for at in (1..shuffled.len()).rev() {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        shuffled.swap(at, (state >> 33) as usize % (at + 1));
    }
    let mut doubled = sorted.clone();
    doubled.splice(
        700..700,
        sorted[..300]
            .iter()
            .map(|(depth, pixels)| (*depth, pixels.iter().map(|pixel| 255.0 - pixel).collect())),
    );
    for (name, rows, equal) in [
        ("descending", descending, 0),
        ("shuffled", shuffled, 0),
        ("doubled", doubled, 300),
    ] {
        let (library, other) = library_of(&rows);
        assert!(all_rows(&library, other.id) == expected, "{name}");
        assert_eq!(
            (other.height, other.levels, other.bytes),
            (image.height, image.levels, image.bytes),
            "{name}"
        );
        assert_eq!(
            (other.value_min, other.value_max),
            (image.value_min, image.value_max),
            "{name}"
        );
        assert!(!other.report.depths.in_order, "{name}");
        assert_eq!(other.report.dropped.equal_depth, equal, "{name}");
        assert_eq!(library.store().chunks(), {
            let levels: u32 = (0..other.levels).map(|level| other.chunks_of(level)).sum();
            levels as usize + 1
        });
    }
}

#[test]
fn values_are_mapped_before_they_are_stored() {
    let mut wild = rows(600, 0.0, 1.0, 4);
    wild[300].1 = vec![-100.0, 0.0, 255.0, 410.0];
    let text = csv(&wild);
    let refused = import(
        &MemoryStore::default(),
        text.as_bytes(),
        json!({ "name": "wild", "width": null }),
    );
    assert_eq!(refused.expect_err("outside").code(), "invalid_file");
    for (values, expected) in [
        ("clip", [0.0, 0.0, 255.0, 255.0]),
        ("rescale", [0.0, 50.0, 177.5, 255.0]),
    ] {
        let store = MemoryStore::default();
        let image = import(
            &store,
            text.as_bytes(),
            json!({ "name": "wild", "width": null, "values": values }),
        )
        .expect(values);
        assert_eq!((image.value_min, image.value_max), (0.0, 255.0));
        let library = Library::new(store);
        let row = now(library.rows(image.id, window(300.0, 300.0)))
            .expect("a row")
            .chunk
            .pixels;
        for (found, expected) in row.iter().zip(expected) {
            assert!((found - expected).abs() < 1e-3, "{values}: {row:?}");
        }
        let request =
            TileRequest::from_json(&json!({ "level": 1, "index": 0 })).expect("a request");
        let tile = now(library.tile(image.id, &request)).expect("a tile");
        let all = all_rows(&library, image.id);
        let mean = (all.pixels[0] + all.pixels[4] + all.pixels[8] + all.pixels[12]) / 4.0;
        assert!((tile.pixels[0] - mean).abs() < 1e-3);
    }
}

#[test]
fn what_fails_leaves_nothing() {
    let good = csv(&rows(2000, 0.0, 1.0, 8));
    let mut bad = good.clone();
    bad.push_str("2000,1,2,3,4,oops,6,7,8\n");
    let store = MemoryStore::default();
    let error = import(
        &store,
        bad.as_bytes(),
        json!({ "name": "bad.csv", "policy": "fail" }),
    )
    .expect_err("a bad row");
    assert_eq!(error.code(), "invalid_file");
    assert!(error.to_string().contains("2002"), "{error}");
    assert_eq!(
        (
            store.chunks(),
            now(store.drafts()).unwrap().len(),
            now(store.images()).unwrap().len()
        ),
        (0, 0, 0)
    );

    let small = MemoryStore::with_room(10_000);
    let error =
        import(&small, good.as_bytes(), json!({ "name": "large.csv" })).expect_err("no room");
    assert_eq!(error.code(), "storage_full");
    assert_eq!((small.chunks(), now(small.drafts()).unwrap().len()), (0, 0));

    for request in [
        json!({ "name": "" }),
        json!({ "name": "x", "width": 1 }),
        json!({ "name": "x", "width": 4097 }),
        json!({ "name": "x", "method": "bicubic" }),
        json!({ "name": "x", "policy": "ignore" }),
        json!({ "name": "x", "values": "wrap" }),
    ] {
        let error = import(&store, good.as_bytes(), request.clone()).expect_err("a bad request");
        assert_eq!(error.code(), "invalid_parameter", "{request}");
        assert!(error.to_string().contains("allowed: "), "{error}");
    }
    assert!(now(store.drafts()).unwrap().is_empty());
}

#[test]
fn a_draft_is_nobodys_image() {
    let store = MemoryStore::default();
    let request = IntakeRequest::from_json(&json!({ "name": "draft" })).unwrap();
    let mut intake = now(Intake::begin(&store, "tab one", request)).expect("a draft");
    now(intake.push(&store, csv(&rows(20_000, 0.0, 1.0, 4)).into_bytes())).expect("rows");
    assert!(store.chunks() > 0 && now(store.images()).unwrap().is_empty());
    assert_eq!(now(store.drafts()).unwrap()[0].owner, "tab one");
    // Another import meanwhile takes the next number.
    let other = import(
        &store,
        csv(&rows(3, 0.0, 1.0, 4)).as_bytes(),
        json!({ "name": "other" }),
    )
    .expect("rows");
    assert_eq!((intake.id(), other.id), (1, 2));
    // Somebody takes the draft for abandoned.
    now(store.delete(1)).unwrap();
    let error = now(intake.finish(&store, "", || 0.0)).expect_err("the draft is gone");
    assert_eq!(error.code(), "storage");
    let ids: Vec<u32> = now(store.images())
        .unwrap()
        .iter()
        .map(|image| image.id)
        .collect();
    assert_eq!(ids, [2]);
}

#[test]
fn images_are_renamed_and_deleted() {
    let (library, image) = library_of(&rows(300, 0.0, 1.0, 2));
    assert_eq!(
        now(library.rename(image.id, " new name "))
            .expect("renamed")
            .name,
        "new name"
    );
    assert_eq!(now(library.get(image.id)).expect("there").name, "new name");
    assert_eq!(
        now(library.rename(image.id, " "))
            .expect_err("no name")
            .code(),
        "invalid_parameter"
    );
    now(library.delete(image.id)).expect("deleted");
    assert_eq!(
        (library.store().chunks(), now(library.list()).unwrap().len()),
        (0, 0)
    );
}
