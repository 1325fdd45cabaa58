//! The blur of fields that move pixels.

use wide::f32x4;

/// How many numbers are blurred at a time: as many as the registers hold.
const BLOCK: usize = 16;

/// A block of numbers that are added to.
type Sums = [f32x4; BLOCK / 4];

/// The weights of a Gaussian from its middle outwards; there are `2 * radius + 1`.
pub(super) fn gaussian(sigma: f64, radius: usize) -> Vec<f32> {
    let weight = |at: usize| libm::exp(-((at * at) as f64) / (2.0 * sigma * sigma));
    let half: Vec<f64> = (0..=radius).map(weight).collect();
    let sum = half[0] + 2.0 * half[1..].iter().sum::<f64>();
    half.into_iter().map(|w| (w / sum) as f32).collect()
}

/// Blurs a plane in both directions with a symmetric kernel, given from its middle
/// outwards. What is outside is as the edge.
pub(super) fn blur(plane: &mut [f32], width: usize, kernel: &[f32]) {
    let height = plane.len() / width;
    blur_rows(plane, width, kernel);
    // Columns are blurred in strips that lie in one piece: rows of a picture would fall
    // into the same lines of the cache.
    let mixed = is_short(height, kernel).then(|| Mixture::new(height, kernel));
    let around = if mixed.is_some() { 0 } else { kernel.len() - 1 };
    let gather = |plane: &[f32], strip: &mut [[f32; BLOCK]], left| {
        for (y, line) in strip.iter_mut().enumerate() {
            let row = y.saturating_sub(around).min(height - 1);
            *line = load(&plane[row * width..][..width], left);
        }
    };
    let [mut strip, mut next] = [(); 2].map(|()| vec![[0.0_f32; BLOCK]; height + 2 * around]);
    let mut lefts = lefts(width).peekable();
    gather(plane, &mut strip, 0);
    while let Some(left) = lefts.next() {
        // The last strip begins within the one before, and needs its columns as they are.
        if let Some(&left) = lefts.peek() {
            gather(plane, &mut next, left);
        }
        for (y, row) in plane.chunks_exact_mut(width).enumerate() {
            let sums = match &mixed {
                Some(mixed) => {
                    let mut sums = [f32x4::ZERO; BLOCK / 4];
                    for (weight, line) in mixed.weights(y).iter().zip(&strip) {
                        add(&mut sums, *weight, line);
                    }
                    add(&mut sums, mixed.first[y], &strip[0]);
                    add(&mut sums, mixed.last[y], &strip[height - 1]);
                    sums
                }
                None => weighted(kernel, |step| {
                    let middle = y + around;
                    [&strip[middle - step], &strip[middle + step]]
                }),
            };
            store(sums, &mut row[left..]);
        }
        std::mem::swap(&mut strip, &mut next);
    }
}

fn blur_rows(plane: &mut [f32], width: usize, kernel: &[f32]) {
    if is_short(width, kernel) {
        let mixed = Mixture::new(width, kernel);
        let mut line = vec![0.0; width];
        for row in plane.chunks_exact_mut(width) {
            line.copy_from_slice(row);
            for left in lefts(width) {
                let mut sums = [f32x4::ZERO; BLOCK / 4];
                for (from, &number) in line.iter().enumerate() {
                    add(&mut sums, number, block(mixed.weights(from), left));
                }
                add(&mut sums, line[0], block(&mixed.first, left));
                add(&mut sums, line[width - 1], block(&mixed.last, left));
                store(sums, &mut row[left..]);
            }
        }
        return;
    }
    let radius = kernel.len() - 1;
    let mut line = vec![0.0_f32; width + 2 * radius + BLOCK];
    for row in plane.chunks_exact_mut(width) {
        line[..radius].fill(row[0]);
        line[radius..radius + width].copy_from_slice(row);
        line[radius + width..].fill(row[width - 1]);
        for left in lefts(width) {
            let middle = left + radius;
            let sums = weighted(kernel, |step| {
                [block(&line, middle - step), block(&line, middle + step)]
            });
            store(sums, &mut row[left..]);
        }
    }
}

/// Where the blocks of a row begin. The last one ends with the row, and so may begin
/// within the one before.
fn lefts(width: usize) -> impl Iterator<Item = usize> {
    let last = width.saturating_sub(BLOCK);
    (0..width).step_by(BLOCK).map(move |left| left.min(last))
}

/// Whether a line is so short that most of a kernel is outside, where all is the same.
fn is_short(length: usize, kernel: &[f32]) -> bool {
    2 * length < 3 * (kernel.len() - 1)
}

/// How much of each number of a short line is in each blurred one.
struct Mixture {
    /// The kernel on both sides of its middle, as far as a line is long, then nothing.
    mirrored: Vec<f32>,
    /// How many numbers the line has.
    length: usize,
    /// How much of the first number comes to each from outside, where all is as it is.
    first: Vec<f32>,
    /// The same of the last number.
    last: Vec<f32>,
}

impl Mixture {
    fn new(length: usize, kernel: &[f32]) -> Self {
        let padded = length.next_multiple_of(BLOCK);
        let mut mirrored = vec![0.0; length + padded];
        for (step, &weight) in kernel.iter().take(length).enumerate() {
            mirrored[length - 1 - step] = weight;
            mirrored[length - 1 + step] = weight;
        }
        // The sums of the kernel's ends.
        let mut ends = vec![0.0_f64; kernel.len().max(length) + 1];
        for step in (0..kernel.len()).rev() {
            ends[step] = ends[step + 1] + f64::from(kernel[step]);
        }
        let mut first = vec![0.0; padded];
        for (to, weight) in first[..length].iter_mut().enumerate() {
            *weight = ends[to + 1] as f32;
        }
        let mut last = first.clone();
        last[..length].reverse();
        Self {
            mirrored,
            length,
            first,
            last,
        }
    }

    /// What each number of the line has in the blurred one at `at`; and just so, what the
    /// number at `at` has in each blurred one.
    fn weights(&self, at: usize) -> &[f32] {
        &self.mirrored[self.length - 1 - at..]
    }
}

/// The block that begins at `left`; lines are padded so that there is one.
#[inline(always)]
fn block(numbers: &[f32], left: usize) -> &[f32; BLOCK] {
    numbers[left..].first_chunk().expect("lines are padded")
}

/// The block of a row that begins at `left`, or as much of it as there is.
#[inline(always)]
fn load(row: &[f32], left: usize) -> [f32; BLOCK] {
    match row[left..].first_chunk() {
        Some(block) => *block,
        None => {
            let mut block = [0.0; BLOCK];
            block[..row.len()].copy_from_slice(row);
            block
        }
    }
}

/// Writes a block at the start of a row, or as much of it as there is room for.
#[inline(always)]
fn store(sums: Sums, row: &mut [f32]) {
    let numbers: [f32; BLOCK] = bytemuck::cast(sums);
    match row.first_chunk_mut() {
        Some(row) => *row = numbers,
        None => row.copy_from_slice(&numbers[..row.len()]),
    }
}

#[inline(always)]
fn vectors(block: &[f32; BLOCK]) -> Sums {
    let fours = block.as_chunks::<4>().0;
    std::array::from_fn(|at| f32x4::new(fours[at]))
}

#[inline(always)]
fn add(sums: &mut Sums, factor: f32, numbers: &[f32; BLOCK]) {
    let factor = f32x4::splat(factor);
    for (sum, numbers) in sums.iter_mut().zip(vectors(numbers)) {
        *sum += factor * numbers;
    }
}

/// The weighted sums of neighbours, a block at a time; `at` gives those that are so many
/// steps before and after.
#[inline(always)]
fn weighted<'a>(kernel: &[f32], at: impl Fn(usize) -> [&'a [f32; BLOCK]; 2]) -> Sums {
    let mut sums = vectors(at(0)[0]).map(|numbers| numbers * f32x4::splat(kernel[0]));
    for (step, &weight) in kernel.iter().enumerate().skip(1) {
        let [before, after] = at(step).map(vectors);
        let weight = f32x4::splat(weight);
        for (sum, (before, after)) in sums.iter_mut().zip(before.into_iter().zip(after)) {
            *sum += (before + after) * weight;
        }
    }
    sums
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blurs_are_the_sums_over_both_directions() {
        // Long lines, short ones, and both.
        for [width, height] in [[19, 25], [19, 5], [5, 19], [8, 3], [1, 1], [1, 40]] {
            compare(width, height, &gaussian(1.5, 6));
        }
    }

    fn compare(width: usize, height: usize, kernel: &[f32]) {
        let plane: Vec<f32> = (0..width * height)
            .map(|at| (at * at % 17) as f32)
            .collect();
        let mut blurred = plane.clone();
        blur(&mut blurred, width, kernel);
        let reach = kernel.len() as isize - 1;
        for (at, &blurred) in blurred.iter().enumerate() {
            let [x, y] = [(at % width) as isize, (at / width) as isize];
            let mut sum = 0.0;
            for dy in -reach..=reach {
                for dx in -reach..=reach {
                    let row = (y + dy).clamp(0, height as isize - 1) as usize;
                    let column = (x + dx).clamp(0, width as isize - 1) as usize;
                    let weight = kernel[dx.unsigned_abs()] * kernel[dy.unsigned_abs()];
                    sum += weight * plane[row * width + column];
                }
            }
            assert!((sum - blurred).abs() < 1e-4, "{sum} {blurred}");
        }
    }
}
