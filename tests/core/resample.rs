//! The width resampling against the real Pillow (`tests/reference/resample.py`).

use crate::support::{difference, read_png, root};
use digitlab::mnist::{Column, SIDE};
use digitlab::raster::Raster;
use digitlab::sequence::resample_columns;
use std::fs;

fn resample(picture: &Raster, width: usize) -> Raster {
    let columns: Vec<Column> = (0..picture.width())
        .map(|x| {
            let mut column = Column::default();
            for (y, level) in column[..SIDE].iter_mut().enumerate() {
                *level = picture.data()[y * picture.width() + x];
            }
            column
        })
        .collect();
    Raster::grey(width, SIDE, resample_columns(&columns, width))
}

#[test]
fn equals_pillow_to_the_bit() {
    let folder = root().join("tests/reference/resample");
    let mut cases = 0;
    let mut failed = Vec::new();
    for entry in fs::read_dir(&folder).expect("reference pictures") {
        let path = entry.expect("a file").path();
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        let Some((from, _)) = name.split_once("-to-") else {
            continue;
        };
        let expected = read_png(&path);
        let source = read_png(&folder.join(format!("{from}.png")));
        let actual = resample(&source, expected.width());
        if difference(&format!("resample-{name}"), &expected, &actual, 0) > 0 {
            failed.push(name);
        }
        cases += 1;
    }
    assert!(cases >= 20, "only {cases} reference pictures");
    assert!(failed.is_empty(), "not as Pillow: {failed:?}");
}
