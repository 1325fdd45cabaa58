//! Filled polygons, pixel by pixel as OpenCV fills them.

/// A pixel: column and row.
pub(super) type Point = [i32; 2];

/// Which pixels are painted.
pub(super) struct Mask {
    pub(super) width: usize,
    pub(super) painted: Vec<bool>,
}

impl Mask {
    /// Nothing is painted yet.
    pub(super) fn new(width: usize, height: usize) -> Self {
        Self {
            width,
            painted: vec![false; width * height],
        }
    }

    /// The pixels, row by row.
    pub(super) fn painted(&self) -> &[bool] {
        &self.painted
    }

    /// A line between two pixels, both included: Bresenham's, from left to right.
    fn line(&mut self, from: Point, to: Point) {
        let [from, to] = if to[0] < from[0] {
            [to, from]
        } else {
            [from, to]
        };
        let (right, down) = (to[0] - from[0], to[1] - from[1]);
        let steep = down.abs() > right;
        let (long, short) = if steep {
            (down.abs(), right)
        } else {
            (right, down.abs())
        };
        let [mut x, mut y] = from;
        let mut error = long - 2 * short;
        for _ in 0..=long {
            self.painted[y as usize * self.width + x as usize] = true;
            let both = error < 0;
            error += if both { 2 * long } else { 0 } - 2 * short;
            x += i32::from(!steep || both);
            y += if steep || both { down.signum() } else { 0 };
        }
    }

    /// A polygon whose corners lie within the picture: what an odd number of its sides
    /// lies left of, and the sides themselves.
    pub(super) fn polygon(&mut self, corners: &[Point]) {
        let mut sides = Vec::with_capacity(corners.len());
        let before = corners.iter().cycle().skip(corners.len().saturating_sub(1));
        for (&from, &to) in before.zip(corners) {
            self.line(from, to);
            if from[1] != to[1] {
                let [upper, lower] = if from[1] < to[1] {
                    [from, to]
                } else {
                    [to, from]
                };
                // In units of 2^-16.
                let wide = i64::from(to[0] - from[0]) << 16;
                sides.push((upper, lower[1], wide / i64::from(to[1] - from[1])));
            }
        }
        let mut crossings = Vec::with_capacity(sides.len());
        for (y, row) in (0..).zip(self.painted.chunks_exact_mut(self.width)) {
            crossings.clear();
            crossings.extend(
                sides
                    .iter()
                    .filter(|(upper, end, _)| (upper[1]..*end).contains(&y))
                    .map(|(upper, _, slope)| {
                        (i64::from(upper[0]) << 16) + i64::from(y - upper[1]) * slope
                    }),
            );
            crossings.sort_unstable();
            for [left, right] in crossings.as_chunks::<2>().0 {
                let (start, end) = ((left + 0xFFFF) >> 16, (right >> 16) + 1);
                if start < end {
                    row[start as usize..end as usize].fill(true);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn triangles_have_their_sides() {
        let mut mask = Mask::new(5, 4);
        mask.polygon(&[[0, 0], [4, 0], [0, 3]]);
        let rows: Vec<String> = mask
            .painted()
            .chunks(5)
            .map(|row| row.iter().map(|&on| if on { '#' } else { '.' }).collect())
            .collect();
        assert_eq!(rows, ["#####", "####.", "###..", "#...."]);
    }
}
