//! What is still seen of boxes when pixels are taken away.

use super::holes::Hole as Area;
use crate::raster::Shape;

/// For each area of pixels, how many of them are still seen, and the smallest area around
/// those; nothing if there are none. `hide` says of each pixel of a row whether it is taken
/// away; it is asked row by row, so that many areas take little more time than one.
pub(super) fn look(
    areas: &[Area],
    shape: Shape,
    hide: &mut dyn FnMut(usize, &mut [bool]),
) -> Vec<Option<(usize, Area)>> {
    let width = shape.width;
    let mut hidden = vec![false; width];
    // Before each column: how many pixels are seen, and where the last of them ends.
    let mut counts = vec![0_usize; width + 1];
    let mut ends = vec![0_usize; width + 1];
    // From each column on: where the first pixel is that is seen.
    let mut starts = vec![width; width + 1];
    let mut seen: Vec<Option<(usize, Area)>> = vec![None; areas.len()];
    for y in 0..shape.height {
        hide(y, &mut hidden);
        for (x, &hidden) in hidden.iter().enumerate() {
            counts[x + 1] = counts[x] + usize::from(!hidden);
            ends[x + 1] = if hidden { ends[x] } else { x + 1 };
        }
        for (x, &hidden) in hidden.iter().enumerate().rev() {
            starts[x] = if hidden { starts[x + 1] } else { x };
        }
        for (&[left, top, right, bottom], seen) in areas.iter().zip(&mut seen) {
            if y < top || bottom <= y || right <= left {
                continue;
            }
            let pixels = counts[right] - counts[left];
            if pixels == 0 {
                continue;
            }
            let row = [starts[left], y, ends[right], y + 1];
            let (sum, area) = seen.get_or_insert((0, row));
            *sum += pixels;
            *area = [area[0].min(row[0]), area[1], area[2].max(row[2]), row[3]];
        }
    }
    seen
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_hidden_makes_areas_smaller() {
        let shape = Shape {
            width: 6,
            height: 4,
            channels: 1,
        };
        let picture = ["..##..", "..##..", "######", "...#.."];
        let areas = [
            [0, 0, 6, 4],
            [2, 0, 4, 3],
            [1, 1, 5, 3],
            [3, 2, 6, 4],
            [2, 1, 2, 2],
        ];
        let seen = look(&areas, shape, &mut |y, hidden| {
            for (hidden, pixel) in hidden.iter_mut().zip(picture[y].bytes()) {
                *hidden = pixel == b'#';
            }
        });
        let expected = [
            Some((13, [0, 0, 6, 4])),
            None,
            Some((2, [1, 1, 5, 2])),
            Some((2, [4, 3, 6, 4])),
            None,
        ];
        assert_eq!(seen, expected);
    }
}
