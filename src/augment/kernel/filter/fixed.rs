//! OpenCV's Gaussian blur of 8 bits, which is the same on all of its platforms: weights
//! of 8 bits after the point, and rounding once, at the end.

use super::rows::{Padding, copy, each_row};
use crate::augment::kernel::border::Border;
use crate::raster::Raster;

/// How many values a Gaussian of 8-bit pictures covers when no size is asked for: three
/// standard deviations to both sides.
pub(crate) fn gaussian_size(sigma: f64) -> usize {
    (sigma * 6.0 + 1.0).round_ties_even() as usize | 1
}

/// Replaces each value by the weighted mean of the `size` x `size` values around it, with
/// the mirror image outside (the edge once). `size` is odd; without a `sigma` above 0, it
/// is made from the size.
pub(crate) fn gaussian_blur(picture: &mut Raster, size: usize, sigma: f64) {
    let weights = weights(&super::gaussian_taps(size, sigma));
    let radius = size / 2;
    let channels = picture.channels();
    let padding = Padding::new(picture.shape(), radius, Border::Reflect101);
    let stride = padding.stride;
    let mut padded = vec![0_u8; padding.length()];
    let mut sums = vec![0_u32; stride];
    each_row(
        picture,
        [radius; 2],
        Border::Reflect101,
        stride,
        |row, blurred: &mut [u16]| {
            copy(row, &mut padded[padding.margin..]);
            padding.fill(&mut padded);
            blurred.fill(0);
            // The sum of the weights is 256, which keeps sums of levels below 2^16.
            for (tap, weight) in weights.iter().enumerate() {
                let levels = &padded[tap * channels..][..stride];
                for (sum, level) in blurred.iter_mut().zip(levels) {
                    *sum += u16::from(*level) * weight;
                }
            }
        },
        |window, out| {
            sums.fill(1 << 15);
            for (tap, weight) in weights.iter().enumerate() {
                let weight = u32::from(*weight);
                for (sum, blurred) in sums.iter_mut().zip(window.row(tap)) {
                    *sum += u32::from(*blurred) * weight;
                }
            }
            for (level, sum) in out.iter_mut().zip(&sums) {
                *level = (sum >> 16) as u8;
            }
        },
    );
}

/// Weights as multiples of 1/256. What rounding takes away or adds is handed on towards
/// the middle, where it makes the sum 256.
fn weights(taps: &[f64]) -> Vec<u16> {
    let half = taps.len() / 2;
    let mut weights = vec![0_u16; taps.len()];
    let mut error = 0.0;
    let mut sum = 0;
    for at in 0..half {
        let exact = taps[at] * 256.0 + error;
        let weight = exact.round_ties_even();
        error = exact - weight;
        weights[at] = weight as u16;
        weights[taps.len() - 1 - at] = weight as u16;
        sum += 2 * weight as u16;
    }
    weights[half] = 256_u16.saturating_sub(sum);
    weights
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::augment::kernel::filter::gaussian_taps;

    #[test]
    fn weights_are_opencvs() {
        assert_eq!(weights(&gaussian_taps(5, 0.0)), [16, 64, 96, 64, 16]);
        assert_eq!(weights(&gaussian_taps(1, 0.0)), [256]);
        for size in [3, 7, 31, 101] {
            for sigma in [0.0, 0.1, 0.7, 5.0, 40.0] {
                let sum: u16 = weights(&gaussian_taps(size, sigma)).iter().sum();
                assert_eq!(sum, 256, "{size} {sigma}");
            }
        }
    }

    #[test]
    fn a_blurred_point_is_its_weights() {
        let mut picture = Raster::grey(5, 1, vec![0, 0, 255, 0, 0]);
        gaussian_blur(&mut picture, 3, 0.0);
        assert_eq!(picture.data(), [0, 64, 128, 64, 0]);
    }
}
