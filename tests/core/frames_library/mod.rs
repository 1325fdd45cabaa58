//! Images in a store, and what is made of them.

mod colormaps;
mod pictures;
mod store;
mod support;
