//! Recognition, from pictures to digits and numbers.
//!
//! - `pen`, `canvas` and `scenes` make pictures, `stand_in` is a simple model
//! - the other modules: a subject each

mod canvas;
mod fidelity;
mod handwriting;
mod numbers;
mod pen;
mod pictures;
mod scenes;
mod stand_in;
