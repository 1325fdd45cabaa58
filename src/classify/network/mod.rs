//! Small convolutional networks for pictures of 28 x 28.
//!
//! Values lie pixel by pixel with their channels together (NHWC), in [`Plane`]s with a
//! border of zeros, so that a 3 x 3 window needs no case for the edge. Every layer works
//! on one picture after the other, which keeps all that it touches in the cache.

pub mod architecture;
mod classifier;
pub(crate) mod convolution;
pub(crate) mod dense;
mod plane;
pub(crate) mod pooling;
pub(crate) mod softmax;

pub use architecture::{Architecture, Head, Stage};
pub(crate) use classifier::largest;
pub use classifier::{Answer, Classifier, Convolution, Dense, Scratch};
pub use plane::Plane;
pub use softmax::softmax;

use wide::f32x16;

/// Numbers in a vector. Channels come in multiples of it.
pub(crate) const LANES: usize = 16;

/// The vector at the start of a slice.
#[inline(always)]
pub(crate) fn load(values: &[f32]) -> f32x16 {
    f32x16::new(*values.first_chunk().expect("a whole vector"))
}

/// Writes a vector at the start of a slice.
#[inline(always)]
pub(crate) fn store(values: &mut [f32], vector: f32x16) {
    *values.first_chunk_mut().expect("a whole vector") = vector.to_array();
}

/// What the tests of gradients share.
#[cfg(test)]
pub(crate) mod differences {
    use super::Plane;
    use crate::random::{Purpose, Stream};

    /// Normal numbers.
    pub(crate) fn numbers(count: usize, seed: u64) -> Vec<f32> {
        let mut stream = Stream::new(seed, 0, Purpose::Training);
        (0..count).map(|_| stream.normal() as f32).collect()
    }

    /// Normal numbers within a border of zeros.
    pub(crate) fn plane(plane: Plane, seed: u64) -> Vec<f32> {
        let mut values = vec![0.0; plane.len()];
        plane.fill(&mut values, numbers(plane.inner(), seed));
        values
    }

    /// The sum of products, in which each result has its own weight.
    pub(crate) fn product(a: &[f32], b: &[f32]) -> f64 {
        a.iter()
            .zip(b)
            .map(|(a, b)| f64::from(*a) * f64::from(*b))
            .sum()
    }

    /// Compares a gradient with the differences of `loss` around `at`, for some of the
    /// `places`.
    pub(crate) fn agree(
        name: &str,
        at: &[f32],
        gradient: &[f32],
        places: impl IntoIterator<Item = usize>,
        step: f32,
        mut loss: impl FnMut(&[f32]) -> f64,
    ) {
        for place in places {
            let mut around = [step, -step].map(|step| {
                let mut moved = at.to_vec();
                moved[place] += step;
                loss(&moved)
            });
            around[0] -= around[1];
            let expected = around[0] / f64::from(2.0 * step);
            let found = f64::from(gradient[place]);
            assert!(
                (found - expected).abs() < 2e-2 * (1.0 + expected.abs()),
                "{name} {place}: {found} and not {expected}"
            );
        }
    }
}
