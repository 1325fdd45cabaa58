//! The lightest or darkest pixel of a neighbourhood.

use crate::error::Result;
use crate::raster::Raster;
use std::ops::Range;

/// A neighbourhood: the columns of each of its rows. All of them contain column
/// `columns / 2`, where it is anchored, as it is at row `rows.len() / 2`.
#[derive(Debug)]
pub(crate) struct Element {
    columns: usize,
    rows: Vec<Range<usize>>,
}

impl Element {
    /// How far it reaches to the left, up, right and down from its anchor, whose row is
    /// the widest.
    pub(crate) fn reach(&self) -> [usize; 4] {
        let [across, down] = [self.columns / 2, self.rows.len() / 2];
        let columns = &self.rows[down];
        let [right, below] = [columns.end - 1 - across, self.rows.len() - 1 - down];
        [across - columns.start, down, right, below]
    }
}

/// OpenCV's ellipse: each row is as wide as the ellipse about the anchor, rounded. For
/// even sizes the last column and row that would make it symmetric are missing.
pub(crate) fn ellipse(width: usize, height: usize) -> Element {
    let [down, across] = [height / 2, width / 2];
    let rows = (0..height).map(|row| {
        let reach = if (width, height) == (1, 1) || down == 0 {
            0
        } else {
            let [r, c] = [down as f64, across as f64];
            let away = row as f64 - r;
            let inverse = 1.0 / (r * r);
            (c * ((r * r - away * away) * inverse).sqrt()).round_ties_even() as usize
        };
        across.saturating_sub(reach)..(across + reach + 1).min(width)
    });
    Element {
        columns: width,
        rows: rows.collect(),
    }
}

/// The largest (`LIGHT`) or smallest values within the element at each pixel. What lies
/// outside of the picture does not count.
///
/// # Errors
/// None for a picture; the result is of the same size.
#[inline(never)]
pub(crate) fn apply<const LIGHT: bool>(picture: &Raster, element: &Element) -> Result<Raster> {
    let neutral = if LIGHT { 0 } else { 255 };
    let shape = picture.shape();
    let (stride, channels) = (shape.stride(), shape.channels);
    let mut result = Raster::new(shape, vec![neutral; shape.len()])?;
    let anchor = element.columns / 2;
    let below = element.rows.len() / 2;
    // Rows of equal width share their work: narrow ones first, each widened to the next.
    let mut order: Vec<usize> = (0..element.rows.len()).collect();
    order.sort_by_key(|&row| element.rows[row].len());
    let mut padded = vec![neutral; stride + (element.columns - 1) * channels];
    let mut best = vec![neutral; stride];
    let data = result.data_mut();
    for y in 0..shape.height {
        let row = picture.row(y);
        padded[anchor * channels..][..stride].copy_from_slice(row);
        best.copy_from_slice(row);
        let mut done = anchor..anchor + 1;
        for &at in &order {
            let columns = &element.rows[at];
            for column in (columns.start..done.start).chain(done.end..columns.end) {
                combine::<LIGHT>(&mut best, &padded[column * channels..]);
            }
            done = done.start.min(columns.start)..done.end.max(columns.end);
            // This row is the neighbour, in row `at` of the element, of another one.
            if let Some(into) = (y + below).checked_sub(at).filter(|&y| y < shape.height) {
                combine::<LIGHT>(&mut data[into * stride..][..stride], &best);
            }
        }
    }
    Ok(result)
}

/// Keeps the better value of both.
#[inline]
fn combine<const LIGHT: bool>(into: &mut [u8], values: &[u8]) {
    for (kept, &value) in into.iter_mut().zip(values) {
        *kept = if LIGHT {
            (*kept).max(value)
        } else {
            (*kept).min(value)
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ellipses_are_opencvs() {
        let rows = |width, height| -> Vec<_> {
            let rows = ellipse(width, height).rows;
            rows.into_iter().map(|row| (row.start, row.end)).collect()
        };
        assert_eq!(rows(1, 1), [(0, 1)]);
        assert_eq!(rows(2, 3), [(1, 2), (0, 2), (1, 2)]);
        assert_eq!(rows(4, 4), [(2, 3), (0, 4), (0, 4), (0, 4)]);
        assert_eq!(rows(5, 5), [(2, 3), (0, 5), (0, 5), (0, 5), (2, 3)]);
    }

    #[test]
    fn a_point_becomes_the_element() {
        let mut data = vec![0; 25];
        data[12] = 9;
        let picture = Raster::grey(5, 5, data);
        let made = apply::<true>(&picture, &ellipse(3, 3)).expect("a picture");
        let lit: Vec<_> = (0..25).filter(|&at| made.data()[at] == 9).collect();
        assert_eq!(lit, [7, 11, 12, 13, 17]);
    }
}
