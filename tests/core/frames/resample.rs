//! The resampling of rows against scikit-image, Pillow and OpenCV
//! (`tests/reference/frames_resample.py`).

use crate::support::{read_png, root};
use digitlab::frames::{Method, Resampler};
use std::fs;

/// In the order of the references, of which the area is only there for fewer columns.
const METHODS: [Method; 8] = [
    Method::Nearest,
    Method::Linear,
    Method::Quadratic,
    Method::Cubic,
    Method::Quartic,
    Method::Quintic,
    Method::Lanczos3,
    Method::Area,
];
/// In levels. The references are stored to 0.002 of a level.
const TOLERANCE: f32 = 0.01;

#[test]
fn is_as_scikit_image_pillow_and_opencv_do_it() {
    let folder = root().join("tests/reference/frames_resample");
    let mut cases = 0;
    let mut failed = Vec::new();
    for entry in fs::read_dir(&folder).expect("references") {
        let path = entry.expect("a file").path();
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        let Some((from, to)) = name.split_once("-to-") else {
            continue;
        };
        let source = read_png(&folder.join(format!("{from}.png")));
        let [from, to]: [usize; 2] = [from, to].map(|width| width.parse().unwrap());
        let expected = image::open(&path).unwrap().into_luma16();
        let rows = source.height();
        let methods = expected.height() as usize / rows;
        assert_eq!(methods, if to < from { 8 } else { 7 }, "{name}");
        let [low, high] = [15.0, 237.0];
        for (number, &method) in METHODS[..methods].iter().enumerate() {
            let mut resampler = Resampler::new(from, to, method).unwrap();
            let mut out = vec![0.0; to];
            let mut worst: f32 = 0.0;
            for y in 0..rows {
                let row: Vec<f32> = source.data()[y * from..][..from]
                    .iter()
                    .map(|&level| f32::from(level))
                    .collect();
                resampler.apply(&row, &mut out);
                for (x, value) in out.iter().enumerate() {
                    let stored = expected.get_pixel(x as u32, (number * rows + y) as u32).0[0];
                    let difference = value.clamp(low, high) - f32::from(stored) / 257.0;
                    worst = worst.max(difference.abs());
                }
            }
            cases += 1;
            if worst > TOLERANCE {
                failed.push(format!("{name} {method:?}: {worst}"));
            }
        }
    }
    assert!(cases >= 300, "only {cases} references");
    assert!(failed.is_empty(), "{failed:#?}");
}
