//! Rows that are not in the order of their depths.

use super::{Memory, as_is, chunks, import, now};
use digitlab::frames::{Imported, Staging};

/// A file of many rows; a row's second pixel says which of the file it is, modulo 251.
fn file(depths: impl Iterator<Item = u64>, columns: usize) -> Vec<u8> {
    let mut text = String::from("depth");
    (0..columns).for_each(|column| text.push_str(&format!(",c{column}")));
    text.push('\n');
    let filler = ",77".repeat(columns - 2);
    for (row, depth) in depths.enumerate() {
        let pixels = format!(",{},{}{filler}\n", depth % 256, row % 251);
        text.push_str(&format!("{}.{}{pixels}", depth / 10, depth % 10));
    }
    text.into()
}

/// All numbers below a count, in an order that looks random.
fn shuffled(count: u64) -> impl Iterator<Item = u64> {
    (0..count).map(move |at| (at * 7_919 + 13) % count)
}

#[test]
fn a_shuffled_file_is_sorted() {
    // Enough for several runs.
    for count in [2, 3, 257, 30_000] {
        let image = import(&file(shuffled(count), 200), &as_is()).unwrap();
        assert_eq!(image.depths.len() as u64, count);
        for (at, depth) in image.depths.iter().enumerate() {
            assert_eq!((depth * 10.0).round() as usize, at);
            assert_eq!(
                image.row(at)[0] as usize,
                at % 256,
                "the row goes with its depth"
            );
        }
        let depths = image.report.depths;
        assert!(!depths.in_order);
        assert!((depths.step.unwrap() - 0.1).abs() < 1e-4, "{depths:?}");
        let notes = image.report.notes;
        assert!(notes[0].contains("sorted"), "{notes:?}");
    }
}

#[test]
fn a_file_from_below_to_above_is_sorted() {
    let image = import(&file((0..3_000).rev(), 3), &as_is()).unwrap();
    assert_eq!(image.depths.len(), 3_000);
    assert_eq!(
        image.report.notes,
        ["The depths ran from the deepest to the shallowest; the rows were sorted."]
    );
}

#[test]
fn of_equal_depths_the_first_of_the_file_stays() {
    // Each depth three times, far apart: within a run, and in different runs.
    for count in [10, 4_000, 20_000] {
        let depths = shuffled(count)
            .chain(shuffled(count))
            .chain(shuffled(count));
        let image = import(&file(depths, 200), &as_is()).unwrap();
        assert_eq!(image.depths.len() as u64, count);
        let first: Vec<u64> = {
            let mut rows = vec![0; count as usize];
            shuffled(count)
                .enumerate()
                .for_each(|(row, depth)| rows[depth as usize] = row as u64);
            rows
        };
        for (at, row) in first.iter().enumerate() {
            assert_eq!(image.row(at)[1] as u64, row % 251, "{count}: depth {at}");
        }
        assert_eq!(image.report.dropped.equal_depth, 2 * count);
        assert_eq!(image.report.problem_count, 2 * count);
    }
    let near = import(b"depth,a,b\n1,1,1\n1,2,2\n1.0,3,3\n2,4,4\n", &as_is()).unwrap();
    assert_eq!(near.pixels, [1.0, 1.0, 4.0, 4.0]);
    assert!(near.report.depths.in_order, "nothing had to be sorted");
    assert_eq!(
        near.report.problems[0].message,
        "Line 3, column 1 (depth) holds 1 once more; the first row of this depth was kept."
    );
}

#[test]
fn negative_depths_and_zeros_are_in_order() {
    let image = import(
        b"depth,a,b\n2,1,1\n-1,2,2\n0,3,3\n-0.0,4,4\n-3,5,5\n",
        &as_is(),
    )
    .unwrap();
    assert_eq!(image.depths, [-3.0, -1.0, 0.0, 2.0]);
    assert_eq!(image.row(2), [3.0, 3.0]);
}

#[test]
fn many_runs_of_wide_rows_are_merged_in_several_passes() {
    // A chunk has 4 MiB, so only four runs are open at once.
    let file = file(shuffled(6_000), 4_096);
    let (chunks, imported) = chunks(file.chunks(1 << 16), &as_is());
    let Imported {
        merge, mut report, ..
    } = imported.unwrap();
    let written = chunks.len();
    let mut memory = Memory::default();
    for (number, chunk) in chunks.into_iter().enumerate() {
        now(memory.write(number as u32, chunk)).unwrap();
    }
    let numbers = now(merge.expect("a merge").run(&mut memory, &mut report)).unwrap();
    let depths: Vec<f32> = numbers
        .flat_map(|number| memory.chunks[&number].depths.clone())
        .collect();
    assert_eq!(depths.len(), 6_000);
    assert!(depths.is_sorted_by(|a, b| a < b));
    assert!(memory.most <= written + 2, "{} of {written}", memory.most);
}
