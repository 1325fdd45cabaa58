//! Random fields and their blur.

use crate::random::Stream;
use std::sync::OnceLock;

/// The number of layers of the ziggurat.
const LAYERS: usize = 256;

/// Where the lowest layer ends and the tail begins, and each layer's area, for the
/// density exp(-x^2 / 2) in 256 layers.
const TAIL: f64 = 3.654_152_885_361_009;
const AREA: f64 = 0.004_928_673_233_974_655;

/// The ziggurat of Marsaglia and Tsang, 2000, for normal numbers: layers of equal area
/// that cover the density.
struct Ziggurat {
    /// The layers' right ends, from the widest; one more, 0, is at the top.
    ends: [f64; LAYERS + 1],
    /// The density at these.
    density: [f64; LAYERS + 1],
}

fn density(x: f64) -> f64 {
    libm::exp(-0.5 * x * x)
}

fn ziggurat() -> &'static Ziggurat {
    static TABLE: OnceLock<Ziggurat> = OnceLock::new();
    TABLE.get_or_init(|| {
        let mut ends = [0.0; LAYERS + 1];
        // The lowest layer has the tail's area, too: as if it were so much wider.
        ends[0] = AREA / density(TAIL);
        ends[1] = TAIL;
        for layer in 2..LAYERS {
            let below: f64 = ends[layer - 1];
            ends[layer] = (-2.0 * libm::log(AREA / below + density(below))).sqrt();
        }
        Ziggurat {
            ends,
            density: ends.map(density),
        }
    })
}

/// Fills a field with standard normal numbers, which are the same on every platform.
pub(super) fn fill_normal(stream: &mut Stream, field: &mut [f32]) {
    let table = ziggurat();
    for number in field {
        *number = normal(table, stream) as f32;
    }
}

#[inline]
fn normal(table: &Ziggurat, stream: &mut Stream) -> f64 {
    loop {
        let bits = stream.bits();
        let layer = (bits & 0xff) as usize;
        // 24 bits with a sign: from -1 to 1, in the middle between multiples of 2^-23.
        let share = (f64::from(bits as i32 >> 8) + 0.5) * (1.0 / f64::from(1 << 23));
        let x = share * table.ends[layer];
        if x.abs() < table.ends[layer + 1] {
            return x;
        }
        if layer == 0 {
            return tail(stream).copysign(x);
        }
        let [low, high] = [table.density[layer], table.density[layer + 1]];
        if low + (high - low) * stream.unit() < density(x) {
            return x;
        }
    }
}

/// A normal number beyond the ziggurat: Marsaglia, 1964.
fn tail(stream: &mut Stream) -> f64 {
    loop {
        // From above 0, so that the logarithm is finite.
        let [x, y] = [1.0 - stream.unit(), 1.0 - stream.unit()].map(libm::log);
        let x = x / TAIL;
        if -2.0 * y > x * x {
            return TAIL - x;
        }
    }
}

/// Fills a field with uniform numbers from -1 to 1.
pub(super) fn fill_uniform(stream: &mut Stream, field: &mut [f32]) {
    for number in field {
        *number = (f64::from(stream.bits() as i32 >> 8) + 0.5) as f32 * (1.0 / (1 << 23) as f32);
    }
}

/// How many numbers are blurred at a time: as many as the registers hold.
const BLOCK: usize = 16;

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
    let mixed = is_short(height, kernel).then(|| mixture(height, kernel, |to, from| (to, from)));
    let around = if mixed.is_some() { 0 } else { kernel.len() - 1 };
    let mut strip = vec![0.0_f32; (height + 2 * around) * BLOCK];
    for left in (0..width).step_by(BLOCK) {
        let count = BLOCK.min(width - left);
        for (y, line) in strip.chunks_exact_mut(BLOCK).enumerate() {
            let row = y.saturating_sub(around).min(height - 1);
            line[..count].copy_from_slice(&plane[row * width + left..][..count]);
        }
        for (y, row) in plane.chunks_exact_mut(width).enumerate() {
            let sums = match &mixed {
                Some(mixed) => {
                    let weights = &mixed.weights[y * mixed.stride..][..height];
                    let lines = strip.as_chunks::<BLOCK>().0;
                    let mut sums = [0.0; BLOCK];
                    for (weight, line) in weights.iter().zip(lines) {
                        add(&mut sums, *weight, line);
                    }
                    sums
                }
                None => weighted(kernel, |step| {
                    let middle = y + around;
                    [
                        &strip[(middle - step) * BLOCK..],
                        &strip[(middle + step) * BLOCK..],
                    ]
                }),
            };
            row[left..left + count].copy_from_slice(&sums[..count]);
        }
    }
}

fn blur_rows(plane: &mut [f32], width: usize, kernel: &[f32]) {
    if is_short(width, kernel) {
        let mixed = mixture(width, kernel, |to, from| (from, to));
        let mut line = vec![0.0; width];
        for row in plane.chunks_exact_mut(width) {
            line.copy_from_slice(row);
            for (block, row) in row.chunks_mut(BLOCK).enumerate() {
                let mut sums = [0.0; BLOCK];
                for (&number, weights) in line.iter().zip(mixed.weights.chunks_exact(mixed.stride))
                {
                    add(&mut sums, number, &weights.as_chunks().0[block]);
                }
                row.copy_from_slice(&sums[..row.len()]);
            }
        }
        return;
    }
    let radius = kernel.len() - 1;
    let mut line = vec![0.0_f32; (width + 2 * radius).next_multiple_of(BLOCK) + BLOCK];
    for row in plane.chunks_exact_mut(width) {
        line[..radius].fill(row[0]);
        line[radius..radius + width].copy_from_slice(row);
        line[radius + width..].fill(row[width - 1]);
        for (block, row) in row.chunks_mut(BLOCK).enumerate() {
            let middle = block * BLOCK + radius;
            let sums = weighted(kernel, |step| {
                [&line[middle - step..], &line[middle + step..]]
            });
            row.copy_from_slice(&sums[..row.len()]);
        }
    }
}

/// Whether a line is so short that most of a kernel is outside, where all is the same.
fn is_short(length: usize, kernel: &[f32]) -> bool {
    2 * length < 3 * (kernel.len() - 1)
}

/// How much of each number of a line is in each blurred one.
struct Mixture {
    weights: Vec<f32>,
    /// From one row of weights to the next: a whole number of blocks.
    stride: usize,
}

/// The mixture of a line; `at` says in which row and column a weight is, from its place
/// after and before.
fn mixture(length: usize, kernel: &[f32], at: impl Fn(usize, usize) -> (usize, usize)) -> Mixture {
    // The sums of a kernel's ends, which are all at the edge.
    let mut ends = vec![0.0_f64; kernel.len().max(length) + 1];
    for step in (0..kernel.len()).rev() {
        ends[step] = ends[step + 1] + f64::from(kernel[step]);
    }
    let stride = length.next_multiple_of(BLOCK);
    let mut weights = vec![0.0; stride * length];
    for to in 0..length {
        for from in 0..length {
            let step = to.abs_diff(from);
            let mut weight = f64::from(kernel.get(step).copied().unwrap_or(0.0));
            // What is beyond an edge is as the edge.
            if from == 0 {
                weight += ends[to + 1];
            }
            if from == length - 1 {
                weight += ends[length - to];
            }
            let (row, column) = at(to, from);
            weights[row * stride + column] = weight as f32;
        }
    }
    Mixture { weights, stride }
}

#[inline(always)]
fn add(sums: &mut [f32; BLOCK], factor: f32, numbers: &[f32; BLOCK]) {
    for (sum, number) in sums.iter_mut().zip(numbers) {
        *sum += factor * number;
    }
}

/// The weighted sums of neighbours, a block at a time; `at` gives those that are so many
/// steps before and after.
#[inline(always)]
fn weighted<'a>(kernel: &[f32], at: impl Fn(usize) -> [&'a [f32]; 2]) -> [f32; BLOCK] {
    let block = |numbers: &'a [f32]| -> &'a [f32; BLOCK] {
        numbers.first_chunk().expect("a block, as lines are padded")
    };
    let mut sums = block(at(0)[0]).map(|number| number * kernel[0]);
    for (step, &weight) in kernel.iter().enumerate().skip(1) {
        let [before, after] = at(step).map(block);
        for ((sum, before), after) in sums.iter_mut().zip(before).zip(after) {
            *sum += (before + after) * weight;
        }
    }
    sums
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ziggurat_closes_at_the_top() {
        let table = ziggurat();
        let last = table.ends[LAYERS - 1];
        let area = last * (1.0 - density(last));
        assert!((area - AREA).abs() < 1e-9, "{area}");
        assert!(table.ends.windows(2).all(|pair| pair[0] > pair[1]));
    }

    #[test]
    fn normal_numbers_have_the_moments_and_tails_of_the_normal_distribution() {
        let mut field = vec![0.0; 1_000_000];
        fill_normal(&mut Stream::of_field(9), &mut field);
        let moment = |power: i32| {
            field.iter().map(|&x| f64::from(x).powi(power)).sum::<f64>() / field.len() as f64
        };
        // Five standard errors each.
        assert!(moment(1).abs() < 0.005, "{}", moment(1));
        assert!((moment(2) - 1.0).abs() < 0.0071, "{}", moment(2));
        assert!(moment(3).abs() < 0.02, "{}", moment(3));
        assert!((moment(4) - 3.0).abs() < 0.05, "{}", moment(4));
        let beyond = |limit: f32| field.iter().filter(|x| x.abs() > limit).count();
        assert!((316_000..318_700).contains(&beyond(1.0)), "{}", beyond(1.0));
        assert!((2500..2900).contains(&beyond(3.0)), "{}", beyond(3.0));
        assert!((200..320).contains(&beyond(3.654)), "{}", beyond(3.654));
        assert!((30..100).contains(&beyond(4.0)), "{}", beyond(4.0));
    }

    #[test]
    fn uniform_numbers_fill_their_range() {
        let mut field = vec![0.0; 100_000];
        fill_uniform(&mut Stream::of_field(9), &mut field);
        assert!(field.iter().all(|x| x.abs() <= 1.0));
        let mean = field.iter().sum::<f32>() / 1e5;
        let square = field.iter().map(|x| x * x).sum::<f32>() / 1e5;
        assert!(mean.abs() < 0.01 && (square - 1.0 / 3.0).abs() < 0.006);
    }

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
