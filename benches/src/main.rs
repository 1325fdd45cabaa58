//! Measures the project against its bars.

fn main() {}
