//! Filters: each pixel from its neighbourhood.
