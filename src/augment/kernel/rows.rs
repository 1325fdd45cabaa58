//! Separable work row by row: each row of the picture is made ready once, and each row
//! of the result comes from a few neighbouring ones.

use std::array;

/// For each of `starts`, the rows from there on: `across` makes a row of the picture
/// ready when it is needed for the first time, and `down` takes the `N` rows of a row
/// of the result. Rows beyond the first and last are those.
///
/// `starts` should grow; where it does not, rows are made anew.
pub(crate) fn by_rows<T: Copy + Default, const N: usize>(
    height: usize,
    length: usize,
    starts: &[isize],
    mut across: impl FnMut(usize, &mut [T]),
    mut down: impl FnMut(usize, [&[T]; N]),
) {
    let mut ring = vec![T::default(); N * length];
    let mut held = [usize::MAX; N];
    for (at, &start) in starts.iter().enumerate() {
        let rows: [usize; N] = array::from_fn(|k| {
            let row = start.saturating_add(k as isize);
            row.clamp(0, height as isize - 1) as usize
        });
        for row in rows {
            // Neighbours have different places.
            let place = row % N;
            if held[place] != row {
                held[place] = row;
                across(row, &mut ring[place * length..][..length]);
            }
        }
        down(at, rows.map(|row| &ring[(row % N) * length..][..length]));
    }
}
