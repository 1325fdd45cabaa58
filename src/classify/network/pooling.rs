//! Layers without weights: the largest of each 2 x 2 pixels, and the mean of all.

use super::{LANES, Plane, load, store};
use wide::f32x16;

/// Where the four pixels of each pixel of the result lie, and where that one lies.
fn quads(from: Plane) -> impl Iterator<Item = ([usize; 4], usize)> {
    let to = Plane {
        side: from.side / 2,
        ..from
    };
    (0..to.side).flat_map(move |y| {
        let [upper, lower, row] = [from.row(2 * y), from.row(2 * y + 1), to.row(y)];
        (0..to.side).map(move |x| {
            let [left, right] = [2 * x, 2 * x + 1].map(|x| x * from.channels);
            let taps = [
                upper.start + left,
                upper.start + right,
                lower.start + left,
                lower.start + right,
            ];
            (taps, row.start + x * from.channels)
        })
    })
}

/// The largest of each 2 x 2 pixels.
pub(crate) fn pool(from: Plane, input: &[f32], output: &mut [f32]) {
    for (taps, at) in quads(from) {
        for start in (0..from.channels).step_by(LANES) {
            let [a, b, c, d] = taps.map(|tap| load(&input[tap + start..]));
            store(
                &mut output[at + start..],
                a.fast_max(b).fast_max(c.fast_max(d)),
            );
        }
    }
}

/// Leads the gradient of each result back to the first pixel that it was taken from.
pub(crate) fn pool_backward(
    from: Plane,
    input: &[f32],
    output: &[f32],
    output_gradient: &[f32],
    gradient: &mut [f32],
) {
    for (taps, at) in quads(from) {
        for start in (0..from.channels).step_by(LANES) {
            let largest = load(&output[at + start..]);
            let mut left = load(&output_gradient[at + start..]);
            for tap in taps {
                let chosen = load(&input[tap + start..]).simd_eq(largest);
                store(
                    &mut gradient[tap + start..],
                    chosen.bitselect(left, f32x16::ZERO),
                );
                left = chosen.bitselect(f32x16::ZERO, left);
            }
        }
    }
}

/// The mean of each channel.
pub(crate) fn average(from: Plane, input: &[f32], output: &mut [f32]) {
    let share = f32x16::splat(1.0 / (from.side * from.side) as f32);
    for start in (0..from.channels).step_by(LANES) {
        let mut sum = f32x16::ZERO;
        for row in from.rows() {
            for pixel in input[row].chunks_exact(from.channels) {
                sum += load(&pixel[start..]);
            }
        }
        store(&mut output[start..], sum * share);
    }
}

/// Spreads the gradient of each mean over all pixels.
pub(crate) fn average_backward(from: Plane, output_gradient: &[f32], gradient: &mut [f32]) {
    let share = f32x16::splat(1.0 / (from.side * from.side) as f32);
    for row in from.rows() {
        for pixel in gradient[row].chunks_exact_mut(from.channels) {
            for start in (0..from.channels).step_by(LANES) {
                store(&mut pixel[start..], load(&output_gradient[start..]) * share);
            }
        }
    }
}

/// The values of all pixels without the border.
pub(crate) fn flatten(from: Plane, input: &[f32], output: &mut [f32]) {
    let length = from.side * from.channels;
    for (row, to) in from.rows().zip(output.chunks_exact_mut(length)) {
        to.copy_from_slice(&input[row]);
    }
}

/// Puts gradients back where [`flatten`] took values from.
pub(crate) fn flatten_backward(from: Plane, output_gradient: &[f32], gradient: &mut [f32]) {
    let length = from.side * from.channels;
    for (row, errors) in from.rows().zip(output_gradient.chunks_exact(length)) {
        gradient[row].copy_from_slice(errors);
    }
}

#[cfg(test)]
mod tests {
    use super::super::differences::{agree, numbers, plane, product};
    use super::*;

    const FROM: Plane = Plane {
        side: 14,
        channels: 32,
    };
    const TO: Plane = Plane {
        side: 7,
        channels: 32,
    };

    #[test]
    fn the_largest_of_four_gets_the_gradient() {
        // Whole numbers, so that a difference never changes which is the largest.
        let input: Vec<f32> = plane(FROM, 1)
            .iter()
            .map(|value| (value * 4.0).round())
            .collect();
        let errors = plane(TO, 2);
        let pooled = |input: &[f32]| {
            let mut output = vec![0.0; TO.len()];
            pool(FROM, input, &mut output);
            output
        };
        let mut gradient = vec![0.0; FROM.len()];
        pool_backward(FROM, &input, &pooled(&input), &errors, &mut gradient);
        // Where several are the largest, it has no derivative.
        let alone = |at: &usize| {
            let count = |at: usize| {
                let (taps, _) = quads(FROM)
                    .find(|(taps, _)| taps.iter().any(|tap| (*tap..tap + 32).contains(&at)))
                    .expect("every pixel is in one");
                let channel = (at - FROM.channels) % 32;
                let values = taps.map(|tap| input[tap + channel]);
                let largest = values.into_iter().fold(f32::MIN, f32::max);
                values.into_iter().filter(|value| *value == largest).count()
            };
            count(*at) == 1
        };
        let places: Vec<_> = FROM
            .rows()
            .flat_map(|row| row.step_by(7))
            .filter(alone)
            .collect();
        assert!(places.len() > 100, "{}", places.len());
        agree("pooled", &input, &gradient, places, 0.25, |input| {
            product(&pooled(input), &errors)
        });
        assert!((gradient.iter().sum::<f32>() - errors.iter().sum::<f32>()).abs() < 1e-2);
    }

    #[test]
    fn equals_share_no_gradient() {
        let from = Plane {
            side: 14,
            channels: 16,
        };
        let input = vec![1.0; from.len()];
        let to = Plane { side: 7, ..from };
        let mut output = vec![0.0; to.len()];
        pool(from, &input, &mut output);
        let mut gradient = vec![0.0; from.len()];
        pool_backward(from, &input, &output, &vec![2.0; to.len()], &mut gradient);
        let row = &gradient[from.row(0)];
        assert_eq!([row[0], row[16], row[32], row[48]], [2.0, 0.0, 2.0, 0.0]);
        assert!(gradient[from.row(1)].iter().all(|value| *value == 0.0));
    }

    #[test]
    fn means_and_flat_pixels_have_the_gradients_of_differences() {
        let input = plane(TO, 3);
        let places: Vec<_> = TO.rows().flat_map(|row| row.step_by(11)).collect();
        let errors = numbers(TO.channels, 4);
        let mut gradient = vec![0.0; TO.len()];
        average_backward(TO, &errors, &mut gradient);
        agree("mean", &input, &gradient, places.clone(), 0.5, |input| {
            let mut output = vec![0.0; TO.channels];
            average(TO, input, &mut output);
            product(&output, &errors)
        });
        let errors = numbers(TO.inner(), 5);
        flatten_backward(TO, &errors, &mut gradient);
        agree("flat", &input, &gradient, places, 0.5, |input| {
            let mut output = vec![0.0; TO.inner()];
            flatten(TO, input, &mut output);
            product(&output, &errors)
        });
    }
}
