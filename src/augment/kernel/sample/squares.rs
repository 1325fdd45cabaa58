//! The weights of squares of pixels, for each fraction of a place.

use crate::augment::kernel::interpolation::{cubic, lanczos};
use std::sync::OnceLock;

/// The weights of all 32 x 32 fractions, rows first, in 1/32768, from those of one
/// direction. What rounding leaves over goes to the largest or is taken from the
/// smallest of the four after the middle, so that each square's sum is exact.
fn squares<const N: usize>(line: impl Fn(f32) -> [f32; N]) -> Vec<i32> {
    let lines: Vec<[f32; N]> = (0_u8..32).map(|at| line(f32::from(at) / 32.0)).collect();
    let mut squares = Vec::with_capacity(1024 * N * N);
    for down in &lines {
        for across in &lines {
            let begin = squares.len();
            for down in down {
                for across in across {
                    let weight = (down * across * 32768.0).round_ties_even() as i32;
                    squares.push(weight.clamp(-32_768, 32_767));
                }
            }
            let square = &mut squares[begin..];
            let excess = square.iter().sum::<i32>() - 32_768;
            let middle = N / 2;
            let [mut least, mut most] = [middle * N + middle; 2];
            for row in middle..middle + 2 {
                for column in middle..middle + 2 {
                    let at = row * N + column;
                    if square[at] < square[least] {
                        least = at;
                    } else if square[at] > square[most] {
                        most = at;
                    }
                }
            }
            square[if excess < 0 { most } else { least }] -= excess;
        }
    }
    squares
}

/// The weights of cubic interpolation.
pub(super) fn cubic_weights() -> &'static [i32] {
    static WEIGHTS: OnceLock<Vec<i32>> = OnceLock::new();
    WEIGHTS.get_or_init(|| squares(cubic))
}

/// The weights of Lanczos interpolation.
pub(super) fn lanczos_weights() -> &'static [i32] {
    static WEIGHTS: OnceLock<Vec<i32>> = OnceLock::new();
    WEIGHTS.get_or_init(|| squares(lanczos))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weights_sum_to_one() {
        for (size, weights) in [(4, cubic_weights()), (8, lanczos_weights())] {
            assert_eq!(weights.len(), 1024 * size * size);
            for square in weights.chunks(size * size) {
                assert_eq!(square.iter().sum::<i32>(), 32_768);
            }
        }
    }
}
