//! Batch normalisation over a group of pictures, with negative values cut off after it.

use crate::classify::network::{LANES, Plane, load, store};
use wide::f32x16;

/// Keeps a channel that never changes from being divided by zero.
pub(super) const EPSILON: f32 = 1e-3;

/// The parameters of one normalisation: a number per channel each.
#[derive(Clone, Copy)]
pub(super) struct Parameters<'a> {
    pub(super) scale: &'a [f32],
    pub(super) shift: &'a [f32],
}

/// Calls `each` with the vectors of one block of channels, pixel by pixel.
#[inline(always)]
fn pixels(plane: Plane, count: usize, start: usize, mut each: impl FnMut(usize)) {
    for picture in 0..count {
        for row in plane.rows() {
            let row = picture * plane.len() + row.start;
            for x in 0..plane.side {
                each(row + x * plane.channels + start);
            }
        }
    }
}

/// Normalises `count` pictures and writes down the mean and the variance of each channel.
pub(super) fn forward(
    plane: Plane,
    count: usize,
    parameters: Parameters,
    input: &[f32],
    output: &mut [f32],
    statistics: &mut [f32],
) {
    let share = f32x16::splat(1.0 / (count * plane.side * plane.side) as f32);
    let (means, variances) = statistics.split_at_mut(plane.channels);
    for start in (0..plane.channels).step_by(LANES) {
        let mut sum = f32x16::ZERO;
        pixels(plane, count, start, |at| sum += load(&input[at..]));
        let mean = sum * share;
        let mut sum = f32x16::ZERO;
        pixels(plane, count, start, |at| {
            let apart = load(&input[at..]) - mean;
            sum = apart.mul_add(apart, sum);
        });
        let variance = sum * share;
        store(&mut means[start..], mean);
        store(&mut variances[start..], variance);
        let factor = load(&parameters.scale[start..]) * inverse_deviation(variance);
        let offset = load(&parameters.shift[start..]) - mean * factor;
        pixels(plane, count, start, |at| {
            let value = load(&input[at..]).mul_add(factor, offset);
            store(&mut output[at..], value.fast_max(f32x16::ZERO));
        });
    }
}

/// What a group of pictures brought to a normalisation.
#[derive(Clone, Copy)]
pub(super) struct Passed<'a> {
    pub(super) input: &'a [f32],
    pub(super) output: &'a [f32],
    pub(super) statistics: &'a [f32],
}

/// Sets the gradient of what went in, and adds to those of scale and shift.
pub(super) fn backward(
    plane: Plane,
    count: usize,
    parameters: Parameters,
    passed: Passed,
    output_gradient: &[f32],
    input_gradient: &mut [f32],
    [scale_gradient, shift_gradient]: [&mut [f32]; 2],
) {
    let share = f32x16::splat(1.0 / (count * plane.side * plane.side) as f32);
    let (means, variances) = passed.statistics.split_at(plane.channels);
    for start in (0..plane.channels).step_by(LANES) {
        let mean = load(&means[start..]);
        let inverse = inverse_deviation(load(&variances[start..]));
        // What was cut off has no part in the gradient.
        let error = |at: usize| {
            let passes = load(&passed.output[at..]).simd_gt(f32x16::ZERO);
            load(&output_gradient[at..]) & passes
        };
        let normal = |at: usize| (load(&passed.input[at..]) - mean) * inverse;
        let [mut errors, mut products] = [f32x16::ZERO; 2];
        pixels(plane, count, start, |at| {
            let error = error(at);
            errors += error;
            products = error.mul_add(normal(at), products);
        });
        let factor = load(&parameters.scale[start..]) * inverse;
        let [mean_error, mean_product] = [errors * share, products * share];
        pixels(plane, count, start, |at| {
            let error = error(at) - mean_error - normal(at) * mean_product;
            store(&mut input_gradient[at..], error * factor);
        });
        for (gradient, sum) in [
            (&mut *scale_gradient, products),
            (&mut *shift_gradient, errors),
        ] {
            let total = load(&gradient[start..]) + sum;
            store(&mut gradient[start..], total);
        }
    }
}

fn inverse_deviation(variance: f32x16) -> f32x16 {
    f32x16::ONE / (variance + f32x16::splat(EPSILON)).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::classify::network::differences::{agree, numbers, plane, product};

    const PLANE: Plane = Plane {
        side: 7,
        channels: 16,
    };
    const COUNT: usize = 3;

    fn pictures(seed: u64) -> Vec<f32> {
        (0..COUNT as u64)
            .flat_map(|at| plane(PLANE, seed + at))
            .collect()
    }

    fn run(scale: &[f32], shift: &[f32], input: &[f32]) -> (Vec<f32>, Vec<f32>) {
        let mut output = vec![0.0; input.len()];
        let mut statistics = vec![0.0; 2 * PLANE.channels];
        forward(
            PLANE,
            COUNT,
            Parameters { scale, shift },
            input,
            &mut output,
            &mut statistics,
        );
        (output, statistics)
    }

    #[test]
    fn channels_get_the_mean_and_the_spread_that_are_asked_for() {
        let input: Vec<f32> = pictures(1).iter().map(|value| 5.0 * value + 2.0).collect();
        // Nothing is cut off so far above zero.
        let (output, statistics) = run(&[0.5; 16], &[10.0; 16], &input);
        let (again, seen) = run(&[1.0; 16], &[10.0; 16], &output);
        assert!(again.iter().all(|value| *value >= 0.0));
        for channel in 0..16 {
            assert!((statistics[channel] - 2.0).abs() < 1.5);
            assert!((seen[channel] - 10.0).abs() < 1e-3, "{seen:?}");
            assert!((seen[16 + channel] - 0.25).abs() < 1e-2, "{seen:?}");
        }
    }

    #[test]
    fn gradients_are_those_of_differences() {
        let input = pictures(2);
        let [scale, shift] = [numbers(16, 9), numbers(16, 10)];
        let errors = pictures(20);
        let (output, statistics) = run(&scale, &shift, &input);
        let mut gradients = [vec![0.0; input.len()], vec![0.0; 16], vec![0.0; 16]];
        let [input_gradient, scales, shifts] = &mut gradients;
        backward(
            PLANE,
            COUNT,
            Parameters {
                scale: &scale,
                shift: &shift,
            },
            Passed {
                input: &input,
                output: &output,
                statistics: &statistics,
            },
            &errors,
            input_gradient,
            [scales, shifts],
        );
        let loss = |scale: &[f32], shift: &[f32], input: &[f32]| {
            product(&run(scale, shift, input).0, &errors)
        };
        let [input_gradient, scales, shifts] = &gradients;
        // Where a step takes a value across zero there is no derivative, so the channels with a
        // value near to it are left out.
        let near = |channel: usize| {
            let [mean, variance] = [statistics[channel], statistics[16 + channel]];
            let places = places().filter(|place| place % 16 == channel);
            places
                .map(|at| (input[at] - mean) / (variance + EPSILON).sqrt())
                .any(|value| (value * scale[channel] + shift[channel]).abs() < 6e-3)
        };
        let clear: Vec<usize> = (0..16).filter(|channel| !near(*channel)).collect();
        assert!(clear.len() >= 3, "{clear:?}");
        agree("scale", &scale, scales, clear.clone(), 1e-3, |scale| {
            loss(scale, &shift, &input)
        });
        agree("shift", &shift, shifts, clear.clone(), 1e-3, |shift| {
            loss(&scale, shift, &input)
        });
        let places = places().filter(|at| clear.contains(&(at % 16))).step_by(13);
        agree("value", &input, input_gradient, places, 4e-3, |input| {
            loss(&scale, &shift, input)
        });
    }

    /// Where all values lie; they and the planes begin at multiples of 16.
    fn places() -> impl Iterator<Item = usize> {
        (0..COUNT).flat_map(|at| {
            let rows = PLANE.rows().flatten();
            rows.map(move |place| at * PLANE.len() + place)
        })
    }
}
