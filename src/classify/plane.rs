//! A picture of one real number per pixel, and what all stages do with it.

use crate::raster::{Raster, from_unit};

/// One number per pixel, row by row.
#[derive(Clone, Debug, PartialEq)]
pub struct Plane {
    width: usize,
    height: usize,
    values: Vec<f32>,
}

impl Plane {
    /// A plane of the given values.
    ///
    /// # Panics
    /// When there is not one value per pixel, or none at all.
    pub fn new(width: usize, height: usize, values: Vec<f32>) -> Self {
        assert!(!values.is_empty(), "a plane has pixels");
        assert_eq!(width * height, values.len(), "a value per pixel");
        Self {
            width,
            height,
            values,
        }
    }

    /// A plane with the value of each place.
    pub fn of(width: usize, height: usize, mut value: impl FnMut(usize, usize) -> f32) -> Self {
        let places = (0..height).flat_map(|y| (0..width).map(move |x| (x, y)));
        let values = places.map(|(x, y)| value(x, y)).collect();
        Self::new(width, height, values)
    }

    /// Columns.
    pub fn width(&self) -> usize {
        self.width
    }

    /// Rows.
    pub fn height(&self) -> usize {
        self.height
    }

    /// The values.
    pub fn values(&self) -> &[f32] {
        &self.values
    }

    /// The values, to change.
    pub fn values_mut(&mut self) -> &mut [f32] {
        &mut self.values
    }

    /// One row's values.
    pub fn row(&self, y: usize) -> &[f32] {
        &self.values[y * self.width..][..self.width]
    }

    /// The value at a place.
    pub fn at(&self, x: usize, y: usize) -> f32 {
        self.values[y * self.width + x]
    }

    /// The plane with every value replaced.
    #[must_use]
    pub fn map(mut self, f: impl Fn(f32) -> f32) -> Self {
        self.values.iter_mut().for_each(|value| *value = f(*value));
        self
    }

    /// Rows as columns.
    #[must_use]
    pub fn transposed(&self) -> Self {
        let mut values = vec![0.0; self.values.len()];
        transpose(&self.values, self.width, &mut values);
        Self::new(self.height, self.width, values)
    }

    /// The plane with every square of `part` x `part` pixels as one, its mean.
    #[must_use]
    pub fn shrunk(&self, part: usize) -> Self {
        let (width, height) = (self.width.div_ceil(part), self.height.div_ceil(part));
        let mut values = vec![0.0_f32; width * height];
        for (rows, sums) in self
            .values
            .chunks(part * self.width)
            .zip(values.chunks_exact_mut(width))
        {
            for row in rows.chunks_exact(self.width) {
                for (sum, part) in sums.iter_mut().zip(row.chunks(part)) {
                    *sum += part.iter().sum::<f32>();
                }
            }
            let high = rows.len() / self.width;
            for (x, sum) in sums.iter_mut().enumerate() {
                let wide = part.min(self.width - x * part);
                *sum /= (high * wide) as f32;
            }
        }
        Self::new(width, height, values)
    }

    /// The mean over windows of `2 * radius + 1` pixels in both directions; at the
    /// border, over the part of the window that lies inside.
    #[must_use]
    pub fn blurred(&self, radius: usize) -> Self {
        let mut result = self.clone();
        result.blur_rows(radius);
        result.blur_columns(radius);
        result
    }

    fn blur_rows(&mut self, radius: usize) {
        let width = self.width;
        let mut sums = vec![0.0_f64; width + 1];
        for row in self.values.chunks_exact_mut(width) {
            for (x, &value) in row.iter().enumerate() {
                sums[x + 1] = sums[x] + f64::from(value);
            }
            for (x, value) in row.iter_mut().enumerate() {
                let (from, to) = (x.saturating_sub(radius), (x + radius + 1).min(width));
                *value = ((sums[to] - sums[from]) / (to - from) as f64) as f32;
            }
        }
    }

    fn blur_columns(&mut self, radius: usize) {
        let (width, height) = (self.width, self.height);
        let source = self.values.clone();
        let mut sums = vec![0.0_f64; width];
        let add = |sums: &mut [f64], y: usize, sign: f64| {
            for (sum, &value) in sums.iter_mut().zip(&source[y * width..][..width]) {
                *sum += sign * f64::from(value);
            }
        };
        (0..radius.min(height)).for_each(|y| add(&mut sums, y, 1.0));
        for y in 0..height {
            if y + radius < height {
                add(&mut sums, y + radius, 1.0);
            }
            if y > radius {
                add(&mut sums, y - radius - 1, -1.0);
            }
            let count = (y + radius + 1).min(height) - y.saturating_sub(radius);
            let scale = 1.0 / count as f64;
            for (value, &sum) in self.values[y * width..][..width].iter_mut().zip(&sums) {
                *value = (sum * scale) as f32;
            }
        }
    }

    /// The largest value of windows of `2 * radius + 1` pixels in both directions.
    #[must_use]
    pub fn largest(&self, radius: usize) -> Self {
        let mut rows = self.clone();
        rows.largest_in_rows(radius);
        let mut columns = rows.transposed();
        columns.largest_in_rows(radius);
        columns.transposed()
    }

    /// The smallest value of windows of `2 * radius + 1` pixels in both directions.
    #[must_use]
    pub fn smallest(&self, radius: usize) -> Self {
        self.clone().map(|v| -v).largest(radius).map(|v| -v)
    }

    /// Van Herk, "A fast algorithm for local minimum and maximum filters", 1992: the
    /// window is covered by the end of one block and the start of the next.
    fn largest_in_rows(&mut self, radius: usize) {
        let width = self.width;
        let block = 2 * radius + 1;
        let padded = (width + 2 * radius).div_ceil(block) * block;
        let mut line = vec![f32::NEG_INFINITY; padded];
        let (mut ahead, mut behind) = (line.clone(), line.clone());
        for row in self.values.chunks_exact_mut(width) {
            line[radius..][..width].copy_from_slice(row);
            for start in (0..padded).step_by(block) {
                let end = start + block;
                let mut best = f32::NEG_INFINITY;
                for (value, kept) in line[start..end].iter().zip(&mut ahead[start..end]) {
                    best = best.max(*value);
                    *kept = best;
                }
                best = f32::NEG_INFINITY;
                for (value, kept) in line[start..end].iter().zip(&mut behind[start..end]).rev() {
                    best = best.max(*value);
                    *kept = best;
                }
            }
            for (x, value) in row.iter_mut().enumerate() {
                *value = behind[x].max(ahead[x + 2 * radius]);
            }
        }
    }

    /// The plane in another size, every pixel the mean of the area that it covers; where
    /// it covers less than a pixel, it lies on the line between the nearest two.
    #[must_use]
    pub fn resized(&self, width: usize, height: usize) -> Self {
        let narrow = resize_rows(self, width);
        resize_rows(&narrow.transposed(), height).transposed()
    }

    /// A part of the plane.
    ///
    /// # Panics
    /// When the part is empty or reaches outside.
    #[must_use]
    pub fn part(&self, area: Area) -> Self {
        let mut values = Vec::with_capacity(area.width() * area.height());
        for y in area.top..area.bottom {
            values.extend_from_slice(&self.row(y)[area.left..area.right]);
        }
        Self::new(area.width(), area.height(), values)
    }

    /// As a grey picture: 0 is black, 1 is white.
    pub fn to_raster(&self) -> Raster {
        let levels = self.values.iter().map(|&value| from_unit(value)).collect();
        Raster::grey(self.width, self.height, levels)
    }
}

/// Rows as columns, in small squares, so that memory is read and written nearby.
pub(super) fn transpose<T: Copy>(source: &[T], width: usize, target: &mut [T]) {
    const SQUARE: usize = 16;
    let height = source.len() / width;
    for top in (0..height).step_by(SQUARE) {
        for left in (0..width).step_by(SQUARE) {
            for x in left..(left + SQUARE).min(width) {
                for y in top..(top + SQUARE).min(height) {
                    target[x * height + y] = source[y * width + x];
                }
            }
        }
    }
}

/// Which pixels of a line make up the pixels of a line of another length, and with
/// which weights.
#[derive(Clone, Debug)]
pub(super) struct Weights {
    /// The first source pixel of each pixel, and its weights.
    pub(super) taps: Vec<(usize, Vec<f32>)>,
}

impl Weights {
    /// `count` pixels, each `step` source pixels wide, the first of which starts at
    /// `start`. Weights beyond the `length` source pixels are left out, so that what lies
    /// outside counts as 0, unless `extend` says that the outermost pixels go on there.
    pub(super) fn new(length: usize, start: f64, step: f64, count: usize, extend: bool) -> Self {
        // Half the base of a triangle, where pixels are enlarged.
        let enlarges = step < 1.0;
        let taps = (0..count).map(|k| {
            let [low, high] = [start + k as f64 * step, start + (k + 1) as f64 * step];
            let [first, last] = if enlarges {
                let centre = (low + high) / 2.0 - 0.5;
                [centre.floor(), centre.floor() + 1.0]
            } else {
                [low.floor(), high.ceil() - 1.0]
            };
            let mut weights: Vec<(i64, f64)> = Vec::new();
            for at in first as i64..=last as i64 {
                let place = at as f64;
                let weight = if enlarges {
                    1.0 - ((low + high) / 2.0 - 0.5 - place).abs()
                } else {
                    (high.min(place + 1.0) - low.max(place)) / step
                };
                let inside = at.clamp(0, length as i64 - 1);
                if inside == at || extend {
                    weights.push((inside, weight));
                }
            }
            let first = weights.first().map_or(0, |&(at, _)| at as usize);
            let end = weights.last().map_or(0, |&(at, _)| at as usize + 1);
            let mut dense = vec![0.0_f32; end.saturating_sub(first)];
            for (at, weight) in weights {
                dense[at as usize - first] += weight as f32;
            }
            (first, dense)
        });
        Self {
            taps: taps.collect(),
        }
    }
}

fn resize_rows(plane: &Plane, width: usize) -> Plane {
    if plane.width == width {
        return plane.clone();
    }
    let step = plane.width as f64 / width as f64;
    let weights = Weights::new(plane.width, 0.0, step, width, true);
    let mut values = Vec::with_capacity(width * plane.height);
    for row in plane.values.chunks_exact(plane.width) {
        values.extend(weights.taps.iter().map(|(first, weights)| {
            let inside = &row[*first..][..weights.len()];
            inside.iter().zip(weights).map(|(v, w)| v * w).sum::<f32>()
        }));
    }
    Plane::new(width, plane.height, values)
}

/// A rectangle of pixels: from `left` and `top`, up to but without `right` and `bottom`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Area {
    /// The first column.
    pub left: usize,
    /// The first row.
    pub top: usize,
    /// The column after the last.
    pub right: usize,
    /// The row after the last.
    pub bottom: usize,
}

impl Area {
    /// Columns.
    pub fn width(self) -> usize {
        self.right - self.left
    }

    /// Rows.
    pub fn height(self) -> usize {
        self.bottom - self.top
    }

    /// The longer of width and height.
    pub fn longer(self) -> usize {
        self.width().max(self.height())
    }

    /// The smallest area that holds both.
    #[must_use]
    pub fn with(self, other: Self) -> Self {
        Self {
            left: self.left.min(other.left),
            top: self.top.min(other.top),
            right: self.right.max(other.right),
            bottom: self.bottom.max(other.bottom),
        }
    }

    /// The area grown by `by` on each side, within `width` and `height`.
    #[must_use]
    pub fn grown(self, by: usize, width: usize, height: usize) -> Self {
        Self {
            left: self.left.saturating_sub(by),
            top: self.top.saturating_sub(by),
            right: (self.right + by).min(width),
            bottom: (self.bottom + by).min(height),
        }
    }

    /// How many columns both have in common.
    pub fn shared_columns(self, other: Self) -> usize {
        (self.right.min(other.right)).saturating_sub(self.left.max(other.left))
    }

    /// How many rows both have in common.
    pub fn shared_rows(self, other: Self) -> usize {
        (self.bottom.min(other.bottom)).saturating_sub(self.top.max(other.top))
    }

    /// How many columns lie between both.
    pub fn columns_between(self, other: Self) -> usize {
        (self.left.max(other.left)).saturating_sub(self.right.min(other.right))
    }

    /// How many rows lie between both.
    pub fn rows_between(self, other: Self) -> usize {
        (self.top.max(other.top)).saturating_sub(self.bottom.min(other.bottom))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scattered(width: usize, height: usize) -> Plane {
        Plane::of(width, height, |x, y| ((x * 37 + y * 101) % 17) as f32)
    }

    /// Every value of the window around a place, by the definition.
    fn window(plane: &Plane, x: usize, y: usize, radius: usize) -> Vec<f32> {
        let rows = y.saturating_sub(radius)..(y + radius + 1).min(plane.height());
        rows.flat_map(|y| {
            let columns = x.saturating_sub(radius)..(x + radius + 1).min(plane.width());
            columns.map(move |x| plane.at(x, y)).collect::<Vec<_>>()
        })
        .collect()
    }

    #[test]
    fn windows_are_as_defined() {
        for (width, height, radius) in [(13, 9, 2), (9, 13, 4), (3, 2, 5), (1, 1, 1), (7, 1, 0)] {
            let plane = scattered(width, height);
            let (mean, largest, smallest) = (
                plane.blurred(radius),
                plane.largest(radius),
                plane.smallest(radius),
            );
            for y in 0..height {
                for x in 0..width {
                    let window = window(&plane, x, y, radius);
                    let sum: f32 = window.iter().sum();
                    assert!((mean.at(x, y) - sum / window.len() as f32).abs() < 1e-4);
                    let most = window.iter().copied().fold(f32::MIN, f32::max);
                    let least = window.iter().copied().fold(f32::MAX, f32::min);
                    assert_eq!([largest.at(x, y), smallest.at(x, y)], [most, least]);
                }
            }
        }
    }

    #[test]
    fn resizing_keeps_the_mean_and_constants() {
        let plane = scattered(24, 12);
        let mean = |plane: &Plane| plane.values().iter().sum::<f32>() / plane.values().len() as f32;
        for (width, height) in [(12, 6), (7, 5), (24, 12), (1, 1)] {
            let resized = plane.resized(width, height);
            assert!((mean(&resized) - mean(&plane)).abs() < 1e-4);
        }
        for (width, height) in [(5, 30), (48, 3), (31, 13)] {
            let constant = Plane::of(24, 12, |_, _| 0.25).resized(width, height);
            assert!(constant.values().iter().all(|v| (v - 0.25).abs() < 1e-6));
        }
    }

    #[test]
    fn shrinking_takes_means_and_transposing_turns() {
        let plane = scattered(37, 21);
        let turned = plane.transposed();
        assert!((0..37).all(|x| (0..21).all(|y| turned.at(y, x) == plane.at(x, y))));
        let shrunk = plane.shrunk(4);
        assert_eq!((shrunk.width(), shrunk.height()), (10, 6));
        let mean = |x: usize, y: usize| {
            let area = Area {
                left: 4 * x,
                top: 4 * y,
                right: (4 * x + 4).min(37),
                bottom: (4 * y + 4).min(21),
            };
            let part = plane.part(area);
            part.values().iter().sum::<f32>() / part.values().len() as f32
        };
        assert!((0..10).all(|x| (0..6).all(|y| (shrunk.at(x, y) - mean(x, y)).abs() < 1e-4)));
    }

    #[test]
    fn halving_means_the_mean_of_four() {
        let plane = Plane::new(4, 2, vec![0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0]);
        assert_eq!(plane.resized(2, 1).values(), [2.5, 4.5]);
    }
}
