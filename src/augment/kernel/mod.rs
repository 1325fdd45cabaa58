//! What several transforms are made of: loops over pixels, without any randomness.

pub(super) mod border;
pub(super) mod colour;
pub(super) mod filter;
pub(super) mod frame;
pub(super) mod interpolation;
pub(super) mod mirror;
pub(super) mod morphology;
pub(super) mod random_field;
pub(super) mod remap;
pub(super) mod resize;
pub(super) mod rows;
pub(super) mod sample;
pub(super) mod table;

/// `a * b + c`, rounded once, as processors with a fused operation do it.
#[inline(always)]
pub(crate) fn fused(a: f32, b: f32, c: f32) -> f32 {
    (f64::from(a) * f64::from(b) + f64::from(c)) as f32
}
