//! What several transforms are made of: loops over pixels, without any randomness.

pub(super) mod border;
pub(super) mod colour;
pub(super) mod filter;
pub(super) mod remap;
pub(super) mod resize;
pub(super) mod table;
