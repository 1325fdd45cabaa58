//! Filters: each pixel from its neighbourhood. They work row by row, in place: what is
//! read again later is kept in a ring of rows.

mod boxes;
mod convolve;
mod fixed;
mod median;
mod rows;
mod separable;

pub(crate) use boxes::box_blur;
pub(crate) use convolve::{convolve, convolve_3x3};
pub(crate) use fixed::{gaussian_blur, gaussian_size};
pub(crate) use median::median_blur;
pub(crate) use separable::{gaussian_taps, separate, separate_plane};
