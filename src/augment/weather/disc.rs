//! Filled circles, pixel by pixel as OpenCV fills them.

use super::polygon::{Mask, Point};
use std::ops::Range;

/// A filled circle of a radius in pixels.
#[derive(Clone, Debug)]
pub(super) struct Disc {
    /// How far each row reaches to both sides, from the middle one outwards.
    reach: Vec<i32>,
}

impl Disc {
    /// The midpoint algorithm: of an eighth of the circle, each step gives a row near the
    /// middle, and one near the end.
    pub(super) fn new(radius: i32) -> Self {
        let mut reach = vec![0; radius as usize + 1];
        let (mut x, mut y) = (radius, 0);
        let (mut error, mut plus, mut minus) = (0, 1, 2 * radius - 1);
        while x >= y {
            reach[y as usize] = reach[y as usize].max(x);
            reach[x as usize] = reach[x as usize].max(y);
            y += 1;
            error += plus;
            plus += 2;
            if error > 0 {
                error -= minus;
                x -= 1;
                minus -= 2;
            }
        }
        Self { reach }
    }

    /// The parts of rows that it covers about a centre, within a picture of `size`.
    pub(super) fn rows(
        &self,
        [x, y]: Point,
        [width, height]: [usize; 2],
    ) -> impl Iterator<Item = (usize, Range<usize>)> {
        let radius = self.reach.len() as i32 - 1;
        let top = (y - radius).max(0);
        let bottom = (y + radius).min(height as i32 - 1);
        (top..=bottom).filter_map(move |row| {
            let reach = self.reach[(row - y).unsigned_abs() as usize];
            let left = (x - reach).max(0);
            let right = (x + reach).min(width as i32 - 1);
            (left <= right).then(|| (row as usize, left as usize..right as usize + 1))
        })
    }
}

impl Mask {
    /// A filled circle about a pixel, which may lie outside.
    pub(super) fn disc(&mut self, disc: &Disc, centre: Point) {
        let size = [self.width, self.painted.len() / self.width];
        for (y, row) in disc.rows(centre, size) {
            self.painted[y * size[0]..][row].fill(true);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_circles_are_opencvs() {
        let picture = |radius| {
            let mut mask = Mask::new(7, 5);
            mask.disc(&Disc::new(radius), [2, 2]);
            let rows = mask.painted().chunks(7);
            let text = |row: &[bool]| row.iter().map(|&on| if on { '#' } else { '.' }).collect();
            rows.map(text).collect::<Vec<String>>()
        };
        assert_eq!(
            picture(1),
            [".......", "..#....", ".###...", "..#....", "......."]
        );
        assert_eq!(
            picture(2),
            ["..#....", ".###...", "#####..", ".###...", "..#...."]
        );
    }
}
