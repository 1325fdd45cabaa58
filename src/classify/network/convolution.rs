//! The 3 x 3 convolution, which is where the time goes.
//!
//! Weights lie as `[window row][window column][channel in][channel out]`. The three pixels of
//! a window's row lie side by side, so that a row of the window is one product of `3 *
//! channels` numbers. The sums of a few pixels and a few vectors of channels stay in
//! registers; everything else streams past them.

use super::{LANES, Plane, load, store};
use wide::f32x16;

/// How many pixels of a row are worked on at once: it divides 28, 14 and 7.
const TILE: usize = 7;

/// How many rows are worked on at once for the gradient of weights: what they hold stays in
/// the innermost cache.
const STRIP: usize = 7;

/// Weights in the order in which they are used.
#[derive(Clone, Debug)]
pub(crate) struct Kernel {
    /// Channels in and out.
    channels: [usize; 2],
    /// `[block of channels out][window row][window column][channel in][channel of the block]`
    weights: Vec<f32>,
}

/// How many vectors of channels out are worked on at once.
fn vectors(channels: usize) -> usize {
    let vectors = channels / LANES;
    match vectors {
        _ if vectors.is_multiple_of(2) => 2,
        _ if vectors.is_multiple_of(3) => 3,
        _ => 1,
    }
}

impl Kernel {
    /// The kernel that leads from one layer to the next.
    pub(crate) fn forward(weights: &[f32], [from, to]: [usize; 2]) -> Self {
        assert_eq!(weights.len(), 9 * from * to, "a weight per connection");
        let block = vectors(to) * LANES;
        let mut packed = Vec::with_capacity(weights.len());
        for start in (0..to).step_by(block) {
            for row in weights.chunks_exact(to) {
                packed.extend_from_slice(&row[start..][..block]);
            }
        }
        Self {
            channels: [from, to],
            weights: packed,
        }
    }

    /// The kernel that leads gradients back: the same weights, mirrored.
    pub(crate) fn backward(weights: &[f32], [from, to]: [usize; 2]) -> Self {
        let mut mirrored = Vec::with_capacity(weights.len());
        for window in weights.chunks_exact(from * to).rev() {
            for channel in 0..to {
                mirrored.extend(window.chunks_exact(to).map(|row| row[channel]));
            }
        }
        Self::forward(&mirrored, [to, from])
    }

    /// Convolves one picture. The border of `output` is left alone.
    pub(crate) fn apply(&self, side: usize, input: &[f32], output: &mut [f32]) {
        let [from, to] = self.channels.map(|channels| Plane { side, channels });
        assert_eq!([input.len(), output.len()], [from.len(), to.len()]);
        assert!(side.is_multiple_of(TILE), "whole tiles");
        match vectors(to.channels) {
            3 => self.blocks::<3>(from, to, input, output),
            2 => self.blocks::<2>(from, to, input, output),
            _ => self.blocks::<1>(from, to, input, output),
        }
    }

    fn blocks<const V: usize>(&self, from: Plane, to: Plane, input: &[f32], output: &mut [f32]) {
        let length = 9 * from.channels * V * LANES;
        for (block, weights) in self.weights.chunks_exact(length).enumerate() {
            for y in 0..from.side {
                let window = &input[y * from.stride()..][..3 * from.stride()];
                let row = &mut output[to.row(y)];
                for x in (0..from.side).step_by(TILE) {
                    let sums = tile::<V>(from, &window[x * from.channels..], weights);
                    for (pixel, sums) in row[x * to.channels..].chunks_mut(to.channels).zip(sums) {
                        for (sum, to) in sums
                            .iter()
                            .zip(pixel[block * V * LANES..].chunks_mut(LANES))
                        {
                            store(to, *sum);
                        }
                    }
                }
            }
        }
    }
}

/// The sums of a few pixels of a row; `window` begins at the window of the first of them.
#[inline(always)]
fn tile<const V: usize>(from: Plane, window: &[f32], weights: &[f32]) -> [[f32x16; V]; TILE] {
    let length = 3 * from.channels;
    let mut sums = [[f32x16::ZERO; V]; TILE];
    for (row, weights) in weights.chunks_exact(length * V * LANES).enumerate() {
        let row = &window[row * from.stride()..];
        let pixels: [&[f32]; TILE] =
            std::array::from_fn(|pixel| &row[pixel * from.channels..][..length]);
        for (at, weights) in weights.chunks_exact(V * LANES).enumerate() {
            let weights: [f32x16; V] = std::array::from_fn(|v| load(&weights[v * LANES..]));
            for (sums, pixel) in sums.iter_mut().zip(&pixels) {
                let value = f32x16::splat(pixel[at]);
                for (sum, weight) in sums.iter_mut().zip(weights) {
                    *sum = value.mul_add(weight, *sum);
                }
            }
        }
    }
    sums
}

/// Adds to `gradient` what one picture says about the weights, from what went in and the
/// gradient of what came out.
pub(crate) fn weight_gradient(
    side: usize,
    [from, to]: [usize; 2],
    input: &[f32],
    output_gradient: &[f32],
    gradient: &mut [f32],
) {
    let [from, to] = [from, to].map(|channels| Plane { side, channels });
    assert_eq!([input.len(), output_gradient.len()], [from.len(), to.len()]);
    assert_eq!(gradient.len(), 9 * from.channels * to.channels);
    match (from.channels, vectors(to.channels)) {
        (1, _) => strips::<3, 1>(from, to, input, output_gradient, gradient),
        (_, 3) => strips::<8, 3>(from, to, input, output_gradient, gradient),
        (_, 2) => strips::<8, 2>(from, to, input, output_gradient, gradient),
        _ => strips::<8, 1>(from, to, input, output_gradient, gradient),
    }
}

/// The same, `R` numbers of a window's row and `V` vectors of channels at a time.
fn strips<const R: usize, const V: usize>(
    from: Plane,
    to: Plane,
    input: &[f32],
    output_gradient: &[f32],
    gradient: &mut [f32],
) {
    let length = 3 * from.channels;
    assert!(length.is_multiple_of(R) && from.side.is_multiple_of(STRIP));
    for top in (0..from.side).step_by(STRIP) {
        for (row, gradient) in gradient.chunks_exact_mut(length * to.channels).enumerate() {
            for (part, gradient) in gradient.chunks_exact_mut(R * to.channels).enumerate() {
                for start in (0..to.channels).step_by(V * LANES) {
                    let mut sums = [[f32x16::ZERO; V]; R];
                    for y in top..top + STRIP {
                        let input = &input[(y + row) * from.stride() + part * R..];
                        let output = &output_gradient[to.row(y)];
                        for (x, pixel) in output.chunks_exact(to.channels).enumerate() {
                            let pixel = &pixel[start..][..V * LANES];
                            let errors: [f32x16; V] =
                                std::array::from_fn(|v| load(&pixel[v * LANES..]));
                            let values: &[f32; R] = input[x * from.channels..]
                                .first_chunk()
                                .expect("a whole part");
                            for (sums, value) in sums.iter_mut().zip(values) {
                                let value = f32x16::splat(*value);
                                for (sum, error) in sums.iter_mut().zip(errors) {
                                    *sum = value.mul_add(error, *sum);
                                }
                            }
                        }
                    }
                    for (gradient, sums) in gradient.chunks_exact_mut(to.channels).zip(sums) {
                        for (v, sum) in sums.into_iter().enumerate() {
                            let gradient = &mut gradient[start + v * LANES..];
                            let total = load(gradient) + sum;
                            store(gradient, total);
                        }
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::differences::{agree, numbers, plane, product};
    use super::*;

    /// Channels in and out, and the side: every number of vectors, several tiles and strips.
    const SHAPES: [([usize; 2], usize); 5] = [
        ([1, 16], 28),
        ([16, 16], 14),
        ([16, 32], 7),
        ([32, 48], 7),
        ([48, 16], 7),
    ];

    fn applied(kernel: &Kernel, side: usize, input: &[f32], to: usize) -> Vec<f32> {
        let mut output = vec![0.0; Plane { side, channels: to }.len()];
        kernel.apply(side, input, &mut output);
        output
    }

    #[test]
    fn a_window_is_summed_up() {
        for (channels @ [from, to], side) in SHAPES {
            let [from, to] = [from, to].map(|channels| Plane { side, channels });
            let input = plane(from, 1);
            let weights = numbers(9 * from.channels * to.channels, 2);
            let output = applied(
                &Kernel::forward(&weights, channels),
                side,
                &input,
                to.channels,
            );
            for (y, x, channel) in [(0, 0, 3), (2, 5, to.channels - 1), (side - 1, side - 1, 0)] {
                let mut expected = 0.0;
                for (window, weights) in weights
                    .chunks_exact(from.channels * to.channels)
                    .enumerate()
                {
                    let start = (y + window / 3) * from.stride() + (x + window % 3) * from.channels;
                    for (value, weights) in
                        input[start..].iter().zip(weights.chunks_exact(to.channels))
                    {
                        expected += value * weights[channel];
                    }
                }
                let found = output[to.row(y).start + x * to.channels + channel];
                assert!(
                    (found - expected).abs() < 1e-3,
                    "{channels:?} at {y} {x}: {found}, {expected}"
                );
            }
            let ends = [0, to.stride() - 1, output.len() - 1];
            assert!(ends.iter().all(|at| output[*at] == 0.0), "the border stays");
        }
    }

    #[test]
    fn gradients_are_those_of_differences() {
        for (channels @ [from, to], side) in SHAPES {
            let [from, to] = [from, to].map(|channels| Plane { side, channels });
            let input = plane(from, 3);
            let weights = numbers(9 * from.channels * to.channels, 4);
            let errors = plane(to, 5);
            let loss = |weights: &[f32], input: &[f32]| {
                let kernel = Kernel::forward(weights, channels);
                product(&applied(&kernel, side, input, to.channels), &errors)
            };
            let mut gradient = vec![0.0; weights.len()];
            weight_gradient(side, channels, &input, &errors, &mut gradient);
            let places = (0..weights.len()).step_by(weights.len() / 40);
            agree("weight", &weights, &gradient, places, 0.5, |weights| {
                loss(weights, &input)
            });
            if from.channels > 1 {
                let backward = Kernel::backward(&weights, channels);
                let gradient = applied(&backward, side, &errors, from.channels);
                let places = from.rows().flat_map(|row| row.step_by(61));
                agree("value", &input, &gradient, places, 0.5, |input| {
                    loss(&weights, input)
                });
            }
        }
    }
}
