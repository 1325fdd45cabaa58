//! Other sizes, as OpenCV's `resize` makes them.
